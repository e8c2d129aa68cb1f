package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"
	"time"
	_ "time/tzdata" // for systems without time zones

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/contacts/phoneplan"
	"github.com/extcontacts/extcontacts/merge"
	"github.com/extcontacts/extcontacts/store"
)

// The contact book where --db names none, and the workspace where --workspace
// does.
const (
	defaultDB        = "contacts.db"
	defaultWorkspace = "default"
)

var globalFlags = []flagDef{
	{name: "db", arg: "URL", help: "the contact book: memory:, a file name or sqlite:FILE (default " + defaultDB + ")"},
	{name: "workspace", arg: "NAME", help: "the workspace in it (default default)"},
	{name: "actor", arg: "ID", help: "who acts (default cli)"},
	{name: "role", arg: "R", help: "act as a viewer, agent, manager or admin with their rights; agent,masked sees no phones, emails and social ids; without one everything is allowed", many: true},
	{name: "region", arg: "CC", help: "the country whose phone numbers may be typed without a country code"},
	{name: "zone", arg: "NAME", help: "the time zone of days in queries, such as Asia/Hong_Kong (default UTC)"},
	{name: "model", arg: "FILE", help: "weigh suspected duplicates by a model that duplicates --learn wrote: in duplicates, lookup, enquiry and merge --auto"},
	{name: "json", help: "print JSON: one object, for lists one a line; template and export write CSV all the same"},
	{name: "help", help: "print this text"},
	{name: "h", help: "the same"},
}

// app is one run of the program.
type app struct {
	stdin     io.Reader
	stdout    io.Writer
	stderr    io.Writer
	db        string
	named     bool // by --db
	workspace string
	actor     string
	json      bool
	roles     []string
	parse     contacts.ParseOptions
	zone      *time.Location
	model     *merge.Model
}

// call is one command being carried out.
type call struct {
	*app
	cmd     *command
	flags   flags
	args    []string
	session *extcontacts.Session
	store   store.Store
}

// run carries out a command line and returns the exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	out := bufio.NewWriter(stdout)
	err := dispatch(ctx, args, stdin, out, stderr)
	if flushErr := out.Flush(); err == nil {
		err = flushErr
	}
	return report(stderr, err)
}

func dispatch(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) error {
	global, rest, err := parseFlags(globalFlags, args, true, false)
	if err != nil {
		return err
	}
	a := &app{stdin: stdin, stdout: stdout, stderr: stderr, db: defaultDB, named: len(global["db"]) > 0, workspace: defaultWorkspace, actor: "cli", json: global.has("json"), roles: listed(global["role"])}
	for name, dst := range map[string]*string{"db": &a.db, "workspace": &a.workspace, "actor": &a.actor} {
		if len(global[name]) == 0 {
			continue
		}
		if *dst = global.text(name); *dst == "" {
			return usagef("--%s must not be empty", name)
		}
	}
	if region := global.text("region"); region != "" {
		country, err := contacts.ParseCountry(region)
		if err != nil {
			return usagef("--region is a country, such as HK, not %s", quote(region))
		}
		a.parse = contacts.ParseOptions{Plan: phoneplan.New(), Region: country.Code()}
	}
	if zone := global.text("zone"); zone != "" {
		if a.zone, err = time.LoadLocation(zone); err != nil {
			return usagef("--zone is the name of a time zone, such as Asia/Hong_Kong, not %s", quote(zone))
		}
	}
	switch {
	case global.has("help") || global.has("h"):
		return printUsage(stdout)
	case len(rest) == 0:
		return usagef("no command given; contactbook help lists them")
	case rest[0] == "help":
		return help(stdout, rest[1:])
	}
	cmd, err := findCommand(rest[0])
	if err != nil {
		return err
	}
	given, operands, err := parseFlags(append(cmd.flags, flagDef{name: "help"}, flagDef{name: "h"}), rest[1:], false, cmd.query)
	if err != nil {
		return fmt.Errorf("%s: %w", cmd.name, err)
	}
	if given.has("help") || given.has("h") {
		return cmd.usage(stdout)
	}
	if err := cmd.count(operands); err != nil {
		return err
	}
	if err := cmd.heeds(global); err != nil {
		return err
	}
	if name := global.text("model"); name != "" {
		if a.model, err = readModel(name); err != nil {
			return err
		}
	}
	return a.execute(ctx, cmd, given, operands)
}

// execute opens what the command needs and runs it.
func (a *app) execute(ctx context.Context, cmd *command, given flags, operands []string) (err error) {
	c := &call{app: a, cmd: cmd, flags: given, args: operands}
	if cmd.needs == noBook {
		return cmd.run(ctx, c)
	}
	file, err := a.location()
	if err != nil {
		return err
	}
	missing := file != "" && isMissing(file)
	switch {
	case missing && cmd.needs == existing:
		return failf("there is no contact book %s; import and add make one, --db names another", quote(file))
	case missing && (cmd.needs == either || given.has("dry-run")):
		if a.named {
			fmt.Fprintf(a.stderr, "There is no contact book %s yet; an empty one stands in for it.\n", quote(file))
		}
		file = ""
	case missing && cmd.rehearse:
		// What would be refused must not leave a file behind.
		if err := a.onStore(ctx, memoryStore(), &call{app: a.silent(), cmd: cmd, flags: given, args: operands}); err != nil {
			return err
		}
	}
	if cmd.before != nil {
		done, err := cmd.before(ctx, c, missing)
		if err != nil {
			return err
		}
		defer done()
	}
	st, err := a.open(ctx, file)
	if err != nil {
		return err
	}
	return a.onStore(ctx, st, c)
}

// onStore runs a command on a store and closes it.
func (a *app) onStore(ctx context.Context, st store.Store, c *call) (err error) {
	defer func() {
		if closeErr := st.Close(); err == nil {
			err = closeErr
		}
	}()
	rule, err := policyOf(a.roles)
	if err != nil {
		return err
	}
	o := extcontacts.Options{Workspace: a.workspace, Parse: a.parse, Location: a.zone, Policy: rule, Owned: rule != nil, Model: a.model}
	if name := c.flags.text("index"); name != "" {
		if o.Index, err = c.openIndex(ctx, st, name); err != nil {
			return err
		}
		defer func() {
			if err == nil {
				err = saveIndex(o.Index, name)
			}
		}()
	}
	book, err := extcontacts.Open(ctx, st, o)
	if err != nil {
		return err
	}
	c.store = st
	c.session = book.As(contacts.Actor{ID: contacts.ID(a.actor), Roles: a.roles})
	if err := c.cmd.run(ctx, c); err != nil || a.workspace == defaultWorkspace || c.cmd.needs != existing {
		return err
	}
	if entries, err := st.Log(ctx, a.workspace, store.LogQuery{Limit: 1}); err == nil && len(entries) == 0 {
		c.note("Nothing was ever written to the workspace %s.", quote(a.workspace)) // its name may be mistyped
	}
	return nil
}

// silent is the app with its output thrown away.
func (a *app) silent() *app {
	b := *a
	b.stdin, b.stdout, b.stderr = strings.NewReader(""), io.Discard, io.Discard
	return &b
}

// line prints one object of a list, or a report, as JSON.
func (c *call) line(v any) error {
	b, err := jsonLine(v)
	if err != nil {
		return err
	}
	_, err = c.stdout.Write(b)
	return err
}

// printf writes to standard output. Texts from outside go through plain.
func (c *call) printf(format string, args ...any) { fmt.Fprintf(c.stdout, format, args...) }

// note writes a message to standard error, behind what was printed so far.
func (c *call) note(format string, args ...any) {
	if out, ok := c.stdout.(interface{ Flush() error }); ok {
		_ = out.Flush() // the error comes back at the end
	}
	fmt.Fprintf(c.stderr, format+"\n", args...)
}
