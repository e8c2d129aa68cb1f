package main

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/policy"
)

// policyOf is the policy for the roles that were given: without any, every
// actor may do everything.
func policyOf(roles []string) (contacts.Policy, error) {
	if len(roles) == 0 {
		return nil, nil
	}
	known := policy.Roles{"viewer": policy.Viewer(), "agent": policy.Agent(), "manager": policy.Manager(), "admin": policy.Admin()}
	for _, r := range roles {
		if _, ok := known[r]; !ok && r != "masked" {
			return nil, usagef("unknown role %s: one of viewer, agent, manager, admin, or one of these with masked, such as agent,masked", quote(r))
		}
	}
	return policy.All{contacts.DefaultPolicy{}, known, policy.Owned{Managers: []string{"manager", "admin"}},
		policy.Masks{"masked": contacts.MaskPhones | contacts.MaskEmails | contacts.MaskSocials}}, nil
}

// listed are the words of values given one by one or with commas between them.
func listed(given []string) (words []string) {
	for _, value := range given {
		words = append(words, strings.Split(value, ",")...)
	}
	return words
}

func ownCommand() *command {
	return &command{name: "own", operands: "OWNER ID...", does: "Moves contacts to another owner; OWNER - means nobody", min: 2, max: -1,
		flags: []flagDef{{name: "share", arg: "A", help: "share them with these instead of moving them: OWNER is left as it is; may be given more than once", many: true}},
		run: func(ctx context.Context, c *call) error {
			owner, of := contacts.ID(c.args[0]), ids(c.args[1:])
			if owner == "-" {
				owner = ""
			}
			var act contacts.Act
			var err error
			if with := c.flags["share"]; len(with) > 0 {
				act, err = c.session.Share(ctx, ids(with), of...)
			} else {
				act, err = c.session.SetOwner(ctx, owner, of...)
			}
			c.args = c.args[1:]
			return c.actDone(ctx, act, err, "moved", act.Counts.Updated)
		}}
}

func purgeCommand() *command {
	return &command{name: "purge", operands: "[ID...]", does: "Ends deleted contacts for good; this cannot be undone", max: -1,
		flags: []flagDef{
			{name: "before", arg: "TIME", help: "all that were deleted before, instead of named ones"},
			{name: "dry-run", help: "only say what would be done, with --before"},
		}, run: func(ctx context.Context, c *call) error {
			s := c.flags.text("before")
			if (s == "") == (len(c.args) == 0) {
				return usagef("purge needs either ids or --before TIME")
			}
			if s == "" {
				act, err := c.session.Purge(ctx, ids(c.args)...)
				return c.actDone(ctx, act, err, "purged", act.Counts.Deleted)
			}
			before, err := parseTime("before", s, false)
			if err != nil {
				return err
			}
			rep, err := c.session.PurgeDeleted(ctx, before, extcontacts.BulkOptions{DryRun: c.flags.has("dry-run")})
			return c.bulkDone(rep, err, "purged")
		}}
}

func retainCommand() *command {
	return &command{name: "retain", operands: "[QUERY]", does: "Deletes the contacts with which nothing happened for long", max: -1, query: true,
		flags: []flagDef{
			{name: "days", arg: "N", help: "for how long nothing may have happened (required)"},
			{name: "erase", help: "erase them instead; this cannot be undone"},
			{name: "dry-run", help: "only say what would be done"},
		}, run: func(ctx context.Context, c *call) error {
			days, err := c.flags.number("days")
			if err != nil {
				return err
			}
			if days == 0 {
				return usagef("retain needs --days N")
			}
			rep, err := c.session.Retain(ctx, extcontacts.RetentionRule{Query: strings.Join(c.args, " "), Inactive: time.Duration(days) * 24 * time.Hour,
				Erase: c.flags.has("erase"), DryRun: c.flags.has("dry-run")})
			if c.flags.has("erase") {
				return c.bulkDone(rep, err, "erased")
			}
			return c.bulkDone(rep, err, "deleted")
		}}
}

func bulkCommand() *command {
	return &command{name: "bulk", operands: "QUERY FIELD=VALUE...", does: "Changes every contact that matches a query, or deletes it; one act, which undo takes back", more: fieldHelp, min: 1, max: -1,
		flags: []flagDef{
			{name: "delete", help: "delete them instead of changing a field"},
			{name: "max", arg: "N", help: "refuse to touch more than N"},
			{name: "dry-run", help: "only say what would be done"},
		}, run: func(ctx context.Context, c *call) error {
			max, err := c.flags.number("max")
			if err != nil {
				return err
			}
			o := extcontacts.BulkOptions{DryRun: c.flags.has("dry-run"), Max: max}
			query, fields := c.args[0], c.args[1:]
			if c.flags.has("delete") != (len(fields) == 0) {
				return usagef("bulk needs either FIELD=VALUE or --delete")
			}
			if c.flags.has("delete") {
				rep, err := c.session.DeleteMatching(ctx, query, o)
				return c.bulkDone(rep, err, "deleted")
			}
			schema, err := c.session.Schema(ctx)
			if err != nil {
				return err
			}
			all, err := c.assignments(fields, schema)
			if err != nil {
				return err
			}
			rep, err := c.session.EditMatching(ctx, query, func(d *contacts.Contact) error { return assign(d, all, c.parse) }, o)
			return c.bulkDone(rep, err, "changed")
		}}
}

// bulkDone prints the report of a change of many contacts.
func (c *call) bulkDone(rep extcontacts.BulkReport, err error, what string) error {
	if err != nil {
		return err
	}
	if c.json {
		return c.line(rep)
	}
	would := ""
	if c.flags.has("dry-run") {
		would = "would be "
	}
	c.printf("%s: %s %s%s, %s unchanged, %s refused", counted(rep.Matched, "contact"), grouped(rep.Changed), would, what, grouped(rep.Unchanged), grouped(rep.Refused))
	if !rep.Act.IsZero() {
		c.printf(", act %s", rep.Act)
	}
	c.printf(".\n")
	t := newTable(c.stdout, "REFUSED", "WHY")
	for _, r := range rep.Refusals {
		t.row(string(r.ID), strings.ReplaceAll(r.Rule+r.Code, "_", " "))
	}
	return t.end()
}

func personCommand() *command {
	return &command{name: "person", operands: "ID", does: "Prints the whole file about one person as JSON: values, sources, history, activities, merges", min: 1, max: 1,
		run: func(ctx context.Context, c *call) error {
			f, err := c.session.Person(ctx, contacts.ID(c.args[0]))
			if err != nil {
				return noSuch("contact", contacts.ID(c.args[0]), err)
			}
			if c.json {
				return c.line(f)
			}
			b, err := json.MarshalIndent(f, "", "  ")
			if err != nil {
				return err
			}
			_, err = c.stdout.Write(append(b, '\n'))
			return err
		}}
}

func optOutCommand() *command {
	return &command{name: "optout", operands: "KEY", does: "Notes that nobody may be written to or called by an identifier, whoever has it", min: 1, max: 1,
		flags: []flagDef{
			{name: "in", help: "take that back"},
			{name: "readmit", help: "let imports take it again after its person was erased"},
			{name: "show", help: "only say whether it is noted"},
		}, run: func(ctx context.Context, c *call) error {
			key, err := parseKey(c.args[0], c.parse)
			if err != nil {
				return err
			}
			set := c.session.OptOut
			switch {
			case c.flags.has("in"):
				set = c.session.OptIn
			case c.flags.has("readmit"):
				set = c.session.Readmit
			}
			if !c.flags.has("show") {
				if _, err := set(ctx, key); err != nil {
					return err
				}
			}
			opted, err := c.session.OptedOut(ctx, key)
			if err != nil {
				return err
			}
			if c.json {
				return c.line(map[string]any{"key": string(key.Kind) + ":" + key.Value, "opted_out": opted[0]})
			}
			if opted[0] {
				c.printf("Nobody may write to or call %s.\n", plain(key.Value))
			} else {
				c.printf("%s is not opted out.\n", plain(key.Value))
			}
			return nil
		}}
}

func queriesCommand() *command {
	return &command{name: "queries", operands: "[NAME [QUERY]]", does: "Lists the saved queries, or saves one; an empty QUERY takes it away", max: 2, needs: creating,
		run: func(ctx context.Context, c *call) error {
			if len(c.args) == 2 {
				if _, err := c.session.SaveQuery(ctx, extcontacts.SavedQuery{Name: c.args[0], Query: c.args[1]}); err != nil {
					return searchError(c.args[1], err)
				}
			}
			list, err := c.session.SavedQueries(ctx)
			if err != nil {
				return err
			}
			t := newTable(c.stdout, "NAME", "QUERY")
			for _, q := range list {
				switch {
				case len(c.args) == 1 && !strings.EqualFold(q.Name, c.args[0]):
				case c.json:
					if err := c.line(q); err != nil {
						return err
					}
				default:
					t.row(q.Name, q.Query)
				}
			}
			return t.end()
		}}
}
