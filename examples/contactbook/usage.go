package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
)

// need says what book a command works on.
type need uint8

const (
	existing need = iota // one that is there
	creating             // made where there is none
	either               // an empty one stands in where there is none
	noBook
)

// command is one command of the program.
type command struct {
	name     string
	operands string
	does     string
	more     string // further lines of its usage text
	flags    []flagDef
	min, max int  // operands; max -1 means any number
	query    bool // the operands are a query, which may begin with a minus
	needs    need
	rehearse bool // tried on an empty book in memory before a file is made
	weighs   bool // weighs suspected duplicates, for which --model is
	// before runs ahead of the opening of the book; what it returns is called
	// at the end. fresh tells that there is no book yet.
	before func(ctx context.Context, c *call, fresh bool) (done func(), err error)
	run    func(ctx context.Context, c *call) error
}

// commands are all commands, in the order of the usage text.
func commands() []*command {
	return []*command{
		templateCommand(), importCommand(), checkCommand(), exportCommand(),
		listCommand(), searchCommand(), countCommand(), showCommand(), lookupCommand(),
		addCommand(), setCommand(), deleteCommand(), restoreCommand(), eraseCommand(),
		duplicatesCommand(), dedupeCommand(), mergeCommand(), distinctCommand(),
		actsCommand(), logCommand(), undoCommand(), originsCommand(), eventsCommand(),
		enquiryCommand(), enquiriesCommand(), closeCommand(), timelineCommand(), proveCommand(),
		bulkCommand(), ownCommand(), purgeCommand(), retainCommand(), personCommand(), optOutCommand(), queriesCommand(),
		activityCommand(), schemaCommand(), labelCommand(), fieldCommand(), verifyCommand(), copyCommand(),
	}
}

func findCommand(name string) (*command, error) {
	var names []string
	for _, c := range commands() {
		if c.name == name {
			return c, nil
		}
		names = append(names, c.name)
	}
	if best := nearest(name, names); best != "" {
		return nil, usagef("unknown command %s; did you mean %s?", excerpt(name), best)
	}
	return nil, usagef("unknown command %s; contactbook help lists all", excerpt(name))
}

// heeds refuses a global flag that the command would not go by. Those that name
// the book and the form of the answer may always stand there.
func (c *command) heeds(global flags) error {
	if global.has("model") && !c.weighs {
		return usagef("--model says nothing to %s: duplicates, lookup, enquiry and merge --auto go by it", c.name)
	}
	for _, name := range []string{"role", "zone"} {
		if global.has(name) && c.needs == noBook {
			return usagef("--%s says nothing to %s, which needs no contact book", name, c.name)
		}
	}
	return nil
}

// count checks the number of operands.
func (c *command) count(operands []string) error {
	switch n := len(operands); {
	case n < c.min:
		return usagef("%s needs %s: contactbook %s %s", c.name, c.operands, c.name, c.operands)
	case c.max >= 0 && n > c.max && c.max == 0:
		hint := ""
		if slices.ContainsFunc(c.flags, func(d flagDef) bool { return d.name == outFlag.name }) {
			hint = "; to write a file: -o FILE"
		}
		return usagef("%s takes no operand, not %s%s", c.name, excerpt(operands[0]), hint)
	case c.max >= 0 && n > c.max:
		return usagef("%s has one operand too many: %s", c.name, excerpt(operands[c.max]))
	}
	return nil
}

// usage prints the usage text of one command.
func (c *command) usage(w io.Writer) error {
	line := "usage: contactbook [GLOBAL FLAGS] " + c.name
	if len(c.flags) > 0 {
		line += " [FLAGS]"
	}
	if c.operands != "" {
		line += " " + c.operands
	}
	fmt.Fprintf(w, "%s\n\n%s.\n", line, c.does)
	if c.more != "" {
		fmt.Fprintf(w, "\n%s\n", strings.TrimSpace(c.more))
	}
	if len(c.flags) > 0 {
		fmt.Fprint(w, "\nFlags:\n")
	}
	return printFlags(w, c.flags)
}

func printFlags(w io.Writer, defs []flagDef) error {
	s := sheet{wide: 22}
	for _, d := range defs {
		name := "  " + dashed(d.name)
		if d.arg != "" {
			name += " " + d.arg
		}
		s.line(name, d.help)
	}
	_, err := io.WriteString(w, s.b.String())
	return err
}

// printUsage prints the usage text of the program.
func printUsage(w io.Writer) error {
	fmt.Fprint(w, "contactbook keeps a contact book of people outside your organisation.\n\n",
		"usage: contactbook [GLOBAL FLAGS] COMMAND [FLAGS] [OPERANDS]\n\nCommands:\n")
	s := sheet{wide: 34}
	for _, c := range commands() {
		s.line(strings.TrimRight("  "+c.name+" "+c.operands, " "), c.does)
	}
	fmt.Fprint(w, s.b.String(), "\ncontactbook help COMMAND says more, of the query language: contactbook help search\n\nGlobal flags:\n")
	if err := printFlags(w, globalFlags); err != nil {
		return err
	}
	_, err := fmt.Fprint(w, "\nExit code: 0 all done; 1 failed, nothing half-done; 2 wrong usage; 3 done, but some rows were rejected.\n"+
		"Under --json an error is one sentence on standard error, too; there is nothing on standard output then.\n")
	return err
}

func help(w io.Writer, args []string) error {
	if len(args) == 0 {
		return printUsage(w)
	}
	c, err := findCommand(args[0])
	if err != nil {
		return err
	}
	return c.usage(w)
}
