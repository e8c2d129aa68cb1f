package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// flagDef is one flag of a command, or a global one.
type flagDef struct {
	name string // without hyphens
	arg  string // what its value is, for the usage text; empty for a switch
	help string
	many bool // may be given more than once
}

// flags are the values of the flags that were given.
type flags map[string][]string

// has reports whether a flag was given; of a switch, whether it is on.
func (f flags) has(name string) bool { return len(f[name]) > 0 && f[name][0] != "false" }

// text is the value of a flag, empty where it was not given.
func (f flags) text(name string) string {
	if len(f[name]) == 0 {
		return ""
	}
	return f[name][0]
}

// number is the value of a flag that takes a number of at least zero.
func (f flags) number(name string) (int, error) {
	s := f.text(name)
	if s == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return 0, usagef("--%s takes a whole number of 0 or more, not %s", name, excerpt(s))
	}
	return n, nil
}

// parseFlags takes the flags out of args; the rest are the operands. Flags may
// stand before and after operands; "--" ends them, and "-" is an operand. With
// stop set the first operand ends them too. A word with one hyphen that is no
// flag is an operand where query is set: a query may begin with a minus.
func parseFlags(defs []flagDef, args []string, stop, query bool) (flags, []string, error) {
	given := flags{}
	var operands []string
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		if arg == "--" {
			return given, append(operands, args...), nil
		}
		if arg == "-" || !strings.HasPrefix(arg, "-") {
			if stop {
				return given, append([]string{arg}, args...), nil
			}
			operands = append(operands, arg)
			continue
		}
		name, value, has := strings.Cut(strings.TrimPrefix(arg[1:], "-"), "=")
		i := slices.IndexFunc(defs, func(d flagDef) bool { return d.name == name })
		if i < 0 {
			if query && !strings.HasPrefix(arg, "--") {
				operands = append(operands, arg)
				continue
			}
			return nil, nil, unknownFlag(defs, name)
		}
		d := defs[i]
		switch {
		case d.arg == "" && !has:
			value = "true"
		case d.arg == "":
			on, err := strconv.ParseBool(value)
			if err != nil {
				return nil, nil, usagef("--%s is a switch: give it no value, or =true or =false", name)
			}
			value = strconv.FormatBool(on)
		case !has && len(args) == 0:
			return nil, nil, usagef("%s needs a value: %s", dashed(name), d.arg)
		case !has:
			value, args = args[0], args[1:]
		}
		if len(given[name]) > 0 && !d.many {
			return nil, nil, usagef("%s is given twice", dashed(name))
		}
		given[name] = append(given[name], value)
	}
	return given, operands, nil
}

func dashed(name string) string {
	if len(name) == 1 {
		return "-" + name
	}
	return "--" + name
}

func unknownFlag(defs []flagDef, name string) error {
	if slices.ContainsFunc(globalFlags, func(d flagDef) bool { return d.name == name }) {
		return usagef("--%s is a global flag: it stands before the command", name)
	}
	names := make([]string, len(defs))
	for i, d := range defs {
		names[i] = d.name
	}
	best := nearest(name, names)
	if best == "" && slices.Contains(names, outFlag.name) && slices.Contains([]string{"out", "output", "outfile"}, name) {
		best = outFlag.name
	}
	if best != "" {
		return usagef("unknown flag %s; did you mean %s?", excerpt(dashed(name)), dashed(best))
	}
	return usagef("unknown flag %s", excerpt(dashed(name)))
}

// nearest is the candidate that is most like the word, empty where none is.
func nearest(word string, candidates []string) string {
	best, least := "", max(1, min(len(word)/2, 3))+1
	for _, c := range candidates {
		if d := distance(strings.ToLower(word), strings.ToLower(c)); d < least {
			best, least = c, d
		}
	}
	if best == "" && len(word) >= 3 {
		for _, c := range candidates {
			if strings.HasPrefix(strings.ToLower(c), strings.ToLower(word)) {
				return c
			}
		}
	}
	return best
}

// distance is the number of letters to insert, drop, replace or swap.
func distance(a, b string) int {
	if len(a) > 64 || len(b) > 64 {
		return 64
	}
	var before []int
	prev, row := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := range len(a) {
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(prev[j]+cost, prev[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, prev, row = prev, row, make([]int, len(b)+1)
	}
	return prev[len(b)]
}

// usageError is a wrong use of the program: exit code 2.
type usageError struct{ text string }

func (e *usageError) Error() string { return e.text }

func usagef(format string, args ...any) error { return &usageError{fmt.Sprintf(format, args...)} }
