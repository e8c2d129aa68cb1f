// Command contactgen writes a file of generated contacts, and the truth about
// it:
//
//	go run ./internal/gen/contactgen -rows 100000 -seed 1 -o contacts.csv -truth truth.csv
//
// The same flags give the same bytes on every machine. See package gen for
// what is planted and how the truth file reads.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/extcontacts/extcontacts/internal/gen"
)

func main() {
	err := run(os.Args[1:], os.Stdout, os.Stderr)
	switch {
	case err == nil || errors.Is(err, flag.ErrHelp):
	case errors.Is(err, errUsage):
		os.Exit(2)
	default:
		fmt.Fprintln(os.Stderr, "contactgen:", err)
		os.Exit(1)
	}
}

// errUsage is an error of the flags, already told to the user.
var errUsage = errors.New("wrong usage")

func run(args []string, stdout, stderr io.Writer) (err error) {
	flags := flag.NewFlagSet("contactgen", flag.ContinueOnError)
	flags.SetOutput(stderr)
	var o gen.Options
	flags.IntVar(&o.Rows, "rows", 1000, "number of data `rows`")
	flags.Uint64Var(&o.Seed, "seed", 1, "`seed` of the file")
	flags.Float64Var(&o.Duplicates, "duplicates", 0.05, "`share` of rows that repeat a person")
	flags.Float64Var(&o.Faults, "faults", 0.01, "`share` of rows with a fault")
	flags.Float64Var(&o.Related, "related", 0, "`share` of people with a line in common")
	flags.BoolVar(&o.InvalidUTF8, "invalid-utf8", false, "plant names that are no UTF-8 as well")
	out := flags.String("o", "-", "`file` to write; - is standard output")
	truth := flags.String("truth", "", "`file` for the truth about each row")
	scripts := flags.String("scripts", "", fmt.Sprintf("comma-separated `list` of %v; empty means all", gen.AllScripts()))
	preset := flags.String("preset", "", "`name` of a fixed file instead: example")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return err
		}
		return errUsage
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if *preset != "" && *preset != "example" {
		return fmt.Errorf("unknown preset %q", *preset)
	}
	for s := range strings.SplitSeq(*scripts, ",") {
		if s = strings.TrimSpace(s); s != "" {
			o.Scripts = append(o.Scripts, gen.Script(s))
		}
	}

	w, facts := stdout, io.Discard
	if *out != "-" {
		f, e := os.Create(*out)
		if e != nil {
			return e
		}
		defer closing(f, &err)
		w = f
	}
	if *truth != "" {
		f, e := os.Create(*truth)
		if e != nil {
			return e
		}
		defer closing(f, &err)
		facts = f
	}
	if *preset == "example" {
		return gen.WriteExample(w, facts)
	}
	return gen.Write(w, facts, o)
}

// closing closes a written file and keeps the first error.
func closing(f *os.File, err *error) {
	if e := f.Close(); *err == nil {
		*err = e
	}
}
