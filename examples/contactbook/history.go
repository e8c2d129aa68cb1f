package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/merge"
)

// actJSON is one line of acts.
type actJSON struct {
	ID       contacts.ID      `json:"id"`
	Kind     contacts.ActKind `json:"kind"`
	At       time.Time        `json:"at"`
	Actor    contacts.ID      `json:"actor"`
	Source   string           `json:"source"`
	Counts   contacts.Counts  `json:"counts"`
	UndoneBy contacts.ID      `json:"undone_by"`
}

func actLine(a contacts.Act) actJSON {
	return actJSON{a.ID, a.Kind, a.At, a.Actor, a.Source, a.Counts, a.UndoneBy}
}

func actsCommand() *command {
	return &command{name: "acts", does: "Lists what was done, the newest first",
		flags: []flagDef{{name: "limit", arg: "N", help: "print at most N, all with 0"}}, run: runActs}
}

func runActs(ctx context.Context, c *call) error {
	limit, err := c.flags.number("limit")
	if err != nil {
		return err
	}
	t := newTable(c.stdout, "ACT", "KIND", "AT", "ACTOR", "COUNTS", "SOURCE", "UNDONE BY")
	const page = 500
	for before, n := int64(0), 0; limit == 0 || n < limit; {
		acts, err := c.session.Acts(ctx, before, page)
		if err != nil {
			return err
		}
		for _, a := range acts {
			if n++; limit > 0 && n > limit {
				break
			}
			before = a.Seq
			if c.json {
				if err := c.line(actLine(a)); err != nil {
					return err
				}
				continue
			}
			kind := string(a.Kind)
			if !a.Undoes.IsZero() {
				kind += " of " + string(a.Undoes)
			}
			t.row(string(a.ID), kind, moment(a.At), string(a.Actor), countsText(a.Counts), a.Source, string(a.UndoneBy))
		}
		if len(acts) < page {
			break
		}
	}
	return t.end()
}

// countsText says what an act did, what it did not do left out.
func countsText(c contacts.Counts) string {
	var parts []string
	for _, p := range []struct {
		n    int
		what string
	}{{c.Created, "created"}, {c.Updated, "updated"}, {c.Unchanged, "unchanged"}, {c.Skipped, "skipped"}, {c.Rejected, "rejected"},
		{c.Deleted, "deleted"}, {c.Merged, "merged"}, {c.Restored, "restored"}} {
		if p.n > 0 {
			parts = append(parts, grouped(p.n)+" "+p.what)
		}
	}
	return strings.Join(parts, ", ")
}

// logJSON is one line of the change log.
type logJSON struct {
	Act   contacts.ID `json:"act"`
	At    time.Time   `json:"at"`
	Actor contacts.ID `json:"actor"`
	// Via is the kind of act and, behind a colon, what it came through.
	Via  string      `json:"via"`
	Op   string      `json:"op"`
	ID   contacts.ID `json:"id"`
	Path string      `json:"path"`
	Old  string      `json:"old"`
	New  string      `json:"new"`
}

func logCommand() *command {
	return &command{name: "log", operands: "[ID]", does: "Prints the change log of a contact, or of the whole book, the newest first", max: 1,
		flags: []flagDef{{name: "limit", arg: "N", help: "print at most N lines, all with 0"}}, run: runLog}
}

func runLog(ctx context.Context, c *call) error {
	limit, err := c.flags.number("limit")
	if err != nil {
		return err
	}
	var id contacts.ID
	if len(c.args) > 0 {
		if id = contacts.ID(c.args[0]); id.IsZero() {
			return usagef("log needs an id, or none at all for the whole book")
		}
	}
	lines, err := c.readLog(ctx, id, limit, time.Time{})
	if err != nil {
		return noSuch("contact", id, err)
	}
	if !c.json {
		return c.logTable(lines, true)
	}
	for _, l := range lines {
		if err := c.line(l); err != nil {
			return err
		}
	}
	return nil
}

// readLog reads a change log, up to a number of lines and until a time where
// they are not zero.
func (c *call) readLog(ctx context.Context, id contacts.ID, limit int, until time.Time) ([]logJSON, error) {
	lines := []logJSON{}
	for o := (extcontacts.LogOptions{}); ; {
		page, err := c.session.Log(ctx, id, o)
		if err != nil {
			return nil, err
		}
		for _, e := range page.Entries {
			if !until.IsZero() && e.At.After(until) {
				continue
			}
			via := string(e.Kind)
			if e.Source != "" {
				via += ":" + e.Source
			}
			lines = append(lines, logJSON{e.Act, e.At, e.Actor, via, e.Change.Op(), e.Change.Contact, e.Change.Path, e.Change.Old, e.Change.New})
			if len(lines) == limit {
				return lines, nil
			}
		}
		if o.Before = page.Next; o.Before == 0 {
			return lines, nil
		}
	}
}

func (c *call) logTable(lines []logJSON, withID bool) error {
	head := []string{"AT", "ACTOR", "VIA", "OP", "PATH", "OLD", "NEW", "ACT"}
	if withID {
		head = append(head, "ID")
	}
	t := newTable(c.stdout, head...)
	for _, l := range lines {
		cells := []string{moment(l.At), string(l.Actor), l.Via, l.Op, l.Path, elementText(l.Path, l.Old), elementText(l.Path, l.New), string(l.Act)}
		if withID {
			cells = append(cells, string(l.ID))
		}
		t.row(cells...)
	}
	return t.end()
}

// elementText writes an element of a list, which the log holds as JSON, as a
// person reads it.
func elementText(path, text string) string {
	if !contacts.IsListPath(path) || !strings.HasPrefix(text, "{") {
		return text
	}
	var e struct {
		Kind, Number, Address, Channel, Handle string
		Verified                               contacts.Verification
	}
	if err := json.Unmarshal([]byte(text), &e); err != nil {
		return text
	}
	return e.Channel + e.Number + e.Address + strings.TrimRight(" "+e.Handle, " ") + notes(e.Kind, "", false, e.Verified)
}

func undoCommand() *command {
	return &command{name: "undo", operands: "ACT", does: "Takes back an act, imports and merges included; what was edited later is kept", min: 1, max: 1,
		flags: []flagDef{{name: "all", help: "take back what was edited later, too"}, {name: "dry-run", help: "only say what would be done"}}, run: runUndo}
}

type undoReport struct {
	Act      contacts.ID   `json:"act"`
	Undone   contacts.ID   `json:"undone"`
	Restored int           `json:"restored"`
	Kept     []keptJSON    `json:"kept"`
	Clashes  []merge.Clash `json:"clashes"`
}

type keptJSON struct {
	ID   contacts.ID `json:"id"`
	Path string      `json:"path"`
	Why  string      `json:"why"`
}

func runUndo(ctx context.Context, c *call) error {
	id := contacts.ID(c.args[0])
	plan, err := c.session.PlanUndo(ctx, id)
	if err == nil && c.flags.has("all") {
		plan, err = c.session.PlanUndo(ctx, id, slices.DeleteFunc(slices.Clone(plan.Kept), func(k merge.Kept) bool {
			return k.Why != merge.KeptEditedLater || k.Path == "state"
		})...)
	}
	if err != nil {
		return noSuch("act", id, err)
	}
	rep := undoReport{Undone: plan.Act.ID, Restored: len(plan.Restored) + len(plan.Records), Kept: []keptJSON{}, Clashes: append([]merge.Clash{}, plan.Clashes...)}
	for _, k := range plan.Kept {
		rep.Kept = append(rep.Kept, keptJSON{k.ID, k.Path, k.Why})
	}
	if !c.flags.has("dry-run") {
		act, err := c.session.Undo(ctx, plan)
		if err != nil {
			return err
		}
		rep.Act = act.ID
	}
	if c.json {
		return c.line(rep)
	}
	verb := "Undone"
	if rep.Act.IsZero() {
		verb = "Would undo"
	}
	c.printf("%s %s %s: %s taken back on %s", verb, plan.Act.Kind, rep.Undone, counted(rep.Restored, "change"), counted(len(plan.Results), "contact"))
	if !rep.Act.IsZero() {
		c.printf(", act %s", rep.Act)
	}
	c.printf(".\n")
	t := newTable(c.stdout, "KEPT", "PATH", "WHY")
	for _, k := range rep.Kept {
		t.row(string(k.ID), k.Path, strings.ReplaceAll(k.Why, "_", " "))
	}
	if err := t.end(); err != nil {
		return err
	}
	c.printClashes(rep.Clashes)
	return nil
}

// printClashes prints facts that speak against what is done.
func (c *call) printClashes(clashes []merge.Clash) {
	for _, x := range clashes {
		where := fmt.Sprintf("contact %s", x.ID)
		if !x.Other.IsZero() {
			where += fmt.Sprintf(" and %s", x.Other)
		}
		if x.Path != "" {
			where += ", " + x.Path
		}
		c.note("Mind: %s: %s.", plain(where), strings.ReplaceAll(x.Why, "_", " "))
	}
}
