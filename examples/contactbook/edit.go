package main

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
)

const fieldHelp = `
FIELD is a name as in JSON (first_name, address.city, phones.mobile), a CSV
header (Mobile, "Other Phone", ZipCode), the key of a custom field, or
external_ids.SOURCE. An empty VALUE clears the field. Fields with several
values (phones, emails, socials, labels, multiple choice) also take
FIELD+=VALUE and FIELD-=VALUE; plain = replaces all values of the field.
primary_phone and primary_email say which value comes first. Dates are written
YYYY-MM-DD.`

func addCommand() *command {
	return &command{name: "add", operands: "FIELD=VALUE...", does: "Adds a contact", more: fieldHelp,
		min: 1, max: -1, needs: creating, rehearse: true, run: runAdd}
}

func runAdd(ctx context.Context, c *call) error {
	schema, err := c.session.Schema(ctx)
	if err != nil {
		return err
	}
	all, err := c.assignments(c.args, schema)
	if err != nil {
		return err
	}
	given := &contacts.Contact{}
	if err := assign(given, all, c.parse); err != nil {
		return err
	}
	stored, err := c.session.Create(ctx, given)
	if err != nil {
		return err
	}
	return c.showContact(stored, schema)
}

func setCommand() *command {
	return &command{name: "set", operands: "ID FIELD=VALUE...", does: "Changes a contact", more: fieldHelp,
		flags: []flagDef{{name: "rev", arg: "N", help: "refuse the change if the contact is at another revision"}},
		min:   2, max: -1, run: runSet}
}

func runSet(ctx context.Context, c *call) error {
	rev, err := c.flags.number("rev")
	if err != nil {
		return err
	}
	if rev == 0 && c.flags.text("rev") != "" {
		return usagef("--rev takes the revision of a stored contact: 1 or more")
	}
	schema, err := c.session.Schema(ctx)
	if err != nil {
		return err
	}
	all, err := c.assignments(c.args[1:], schema)
	if err != nil {
		return err
	}
	id := contacts.ID(c.args[0])
	before, err := c.session.Get(ctx, id)
	if err != nil {
		return noSuch("contact", id, err)
	}
	stored, err := c.session.Edit(ctx, id, int64(rev), func(d *contacts.Contact) error { return assign(d, all, c.parse) })
	if err != nil {
		return noSuch("contact", id, err)
	}
	if stored.Rev == before.Rev {
		c.note("Nothing changed.")
	}
	return c.showContact(stored, schema)
}

func deleteCommand() *command {
	return &command{name: "delete", operands: "ID...", does: "Deletes contacts; restore or undo brings them back",
		min: 1, max: -1, run: func(ctx context.Context, c *call) error {
			act, err := c.session.Delete(ctx, ids(c.args)...)
			return c.actDone(ctx, act, err, "deleted", act.Counts.Deleted)
		}}
}

func restoreCommand() *command {
	return &command{name: "restore", operands: "ID...", does: "Brings deleted contacts back",
		min: 1, max: -1, run: func(ctx context.Context, c *call) error {
			act, err := c.session.Restore(ctx, ids(c.args)...)
			return c.actDone(ctx, act, err, "restored", act.Counts.Restored)
		}}
}

func eraseCommand() *command {
	return &command{name: "erase", operands: "ID", does: "Erases a contact's personal data for good, from its history too; this cannot be undone",
		min: 1, max: 1, run: func(ctx context.Context, c *call) error {
			act, rep, err := c.session.EraseReport(ctx, contacts.ID(c.args[0]))
			if err == nil && !c.json && !act.ID.IsZero() {
				c.note("Erased: %s, %s of the log, %s; %s kept as a hash.", counted(len(rep.Contacts), "contact"), counted(rep.Changes, "change"),
					counted(rep.Activities, "activity record"), counted(rep.Suppressed, "identifier"))
			}
			return c.actDone(ctx, act, err, "erased", 1)
		}}
}

func ids(args []string) []contacts.ID {
	out := make([]contacts.ID, len(args))
	for i, a := range args {
		out[i] = contacts.ID(a)
	}
	return out
}

// actDone prints an act that was carried out on n of the contacts named.
// The command names contacts and nothing else.
func (c *call) actDone(ctx context.Context, act contacts.Act, err error, what string, n int) error {
	if err != nil {
		if len(c.args) == 1 {
			return noSuch("contact", contacts.ID(c.args[0]), err)
		}
		if errors.Is(err, extcontacts.ErrNotFound) {
			for _, id := range ids(c.args) {
				if _, gone := c.session.Get(ctx, id); errors.Is(gone, extcontacts.ErrNotFound) {
					return failf("there is no contact %s; nothing was done", quote(string(id)))
				}
			}
		}
		return err
	}
	if c.json {
		return c.line(actLine(act))
	}
	if act.ID.IsZero() || act.Seq == 0 {
		c.printf("Nothing to do.\n")
		return nil
	}
	c.printf("%s %s, act %s.\n", counted(n, "contact"), what, act.ID)
	return nil
}

// counted is "1 contact", "2 contacts", "20,000 contacts".
func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	if stem, ok := strings.CutSuffix(thing, "y"); ok { // entry, activity
		thing = stem + "ie"
	}
	return grouped(n) + " " + thing + "s"
}

// grouped writes a number with commas between thousands.
func grouped(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
