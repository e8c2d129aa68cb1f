package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

func showCommand() *command {
	return &command{name: "show", operands: "ID", does: "Shows one contact; the id of one that was merged away shows its survivor", min: 1, max: 1,
		flags: []flagDef{
			{name: "log", help: "with its change log"},
			{name: "activities", help: "with what happened with it"},
			{name: "at", arg: "TIME", help: "as it was then: RFC 3339, or YYYY-MM-DD for the end of that day in UTC"},
		}, run: runShow}
}

// shown is a contact in JSON with what was asked for besides.
type shown struct {
	*contacts.Contact
	Log        *[]logJSON           `json:"log,omitempty"`
	Activities *[]contacts.Activity `json:"activities,omitempty"`
}

func runShow(ctx context.Context, c *call) error {
	id := contacts.ID(c.args[0])
	var at time.Time
	var d *contacts.Contact
	var err error
	if s := c.flags.text("at"); s != "" {
		if at, err = parseTime("at", s, true); err != nil {
			return err
		}
		if d, err = c.session.AsOf(ctx, id, at); err != nil {
			if _, now := c.session.Get(ctx, id); now == nil && errors.Is(err, extcontacts.ErrNotFound) {
				return failf("contact %s did not exist yet at %s UTC", quote(string(id)), moment(at))
			}
		}
	} else {
		d, err = c.session.Get(ctx, id)
	}
	if err != nil {
		return noSuch("contact", id, err)
	}
	if d.ID != id {
		c.note("%s was merged into %s.", plain(string(id)), d.ID)
	}
	out := shown{Contact: d}
	if c.flags.has("log") {
		lines, err := c.readLog(ctx, d.ID, 0, at)
		if err != nil {
			return err
		}
		out.Log = &lines
	}
	if c.flags.has("activities") {
		acts, err := c.readActivities(ctx, d.ID, at)
		if err != nil {
			return err
		}
		out.Activities = &acts
	}
	if c.json {
		return c.line(out)
	}
	schema, err := c.session.Schema(ctx)
	if err != nil {
		return err
	}
	c.printf("%s", contactSheet(d, schema))
	if out.Log != nil {
		c.printf("\nChange log, the newest first:\n")
		if err := c.logTable(*out.Log, false); err != nil {
			return err
		}
	}
	if out.Activities != nil {
		c.printf("\nActivities, the newest first:\n")
		return c.activityTable(*out.Activities)
	}
	return nil
}

// readActivities reads the whole timeline of a contact, until a time where it
// is not zero.
func (c *call) readActivities(ctx context.Context, id contacts.ID, until time.Time) ([]contacts.Activity, error) {
	all := []contacts.Activity{}
	o := extcontacts.TimelineOptions{Limit: store.DefaultLimit}
	for {
		page, err := c.session.Activities(ctx, id, o)
		if err != nil {
			return nil, err
		}
		for _, a := range page.Activities {
			if until.IsZero() || !a.At.After(until) {
				all = append(all, a)
			}
		}
		if o.Cursor = page.Next; o.Cursor == "" {
			return all, nil
		}
	}
}

func (c *call) activityTable(list []contacts.Activity) error {
	t := newTable(c.stdout, "AT", "KIND", "STATUS", "CHANNEL", "REF", "AGENTS", "WHAT")
	for _, a := range list {
		agents := make([]string, len(a.Agents))
		for i, id := range a.Agents {
			agents[i] = string(id)
		}
		what := strings.TrimSpace(a.Text + " " + a.URL)
		if a.Destination != "" {
			what = strings.TrimSpace(what + " -> " + a.Destination)
		}
		t.row(moment(a.At), string(a.Kind), string(a.Status), a.Channel, a.Ref, strings.Join(agents, ", "), what)
	}
	return t.end()
}

func activityCommand() *command {
	return &command{name: "activity", operands: "ID KIND", does: "Records an enquiry, call, sms or page_visit of a contact", min: 2, max: 2,
		flags: []flagDef{
			{name: "status", arg: "S", help: "of an enquiry: open (default), handling, missed, closed"},
			{name: "ref", arg: "R", help: "your own id of it; recording the same again updates it"},
			{name: "channel", arg: "C", help: "such as phone, whatsapp, web"},
			{name: "at", arg: "TIME", help: "RFC 3339 or YYYY-MM-DD; default now"},
			{name: "agent", arg: "A", help: "who took part; may be given more than once", many: true},
			{name: "destination", arg: "D", help: "where an enquiry was assigned to"},
			{name: "url", arg: "U", help: "the page, or where the transcript is"},
			{name: "text", arg: "T", help: "a short note"},
		}, run: runActivity}
}

func runActivity(ctx context.Context, c *call) error {
	id := contacts.ID(c.args[0])
	a := contacts.Activity{
		Kind: contacts.ActivityKind(strings.ReplaceAll(strings.ToLower(c.args[1]), "-", "_")), Status: contacts.EnquiryStatus(c.flags.text("status")),
		Ref: c.flags.text("ref"), Channel: c.flags.text("channel"), Agents: ids(c.flags["agent"]),
		Destination: c.flags.text("destination"), URL: c.flags.text("url"), Text: c.flags.text("text"),
	}
	if a.Kind == contacts.Enquiry && a.Status == "" {
		a.Status = contacts.EnquiryOpen
	}
	if s := c.flags.text("at"); s != "" {
		at, err := parseTime("at", s, false)
		if err != nil {
			return err
		}
		a.At = at
	}
	switch a.Kind {
	case contacts.Enquiry, contacts.Call, contacts.SMS, contacts.PageVisit:
	default:
		return usagef("unknown kind of activity %s: one of enquiry, call, sms, page_visit", quote(c.args[1]))
	}
	a, err := c.session.RecordActivity(ctx, id, a)
	if err != nil {
		return noSuch("contact", id, err)
	}
	if c.json {
		return c.line(a)
	}
	c.printf("Recorded %s of %s, id %s.\n", a.Kind, a.Contact, a.ID)
	return nil
}
