package main

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/merge"
)

func enquiryCommand() *command {
	return &command{name: "enquiry", operands: "KEY", does: "Takes an incoming enquiry: finds who it is, or makes the contact, and records it", min: 1, max: 1, needs: creating, weighs: true, more: `
KEY is a phone number or an email address, or phone:+85212345678,
whatsapp:+85212345678 or email:jane@example.com.`,
		flags: []flagDef{
			{name: "visitor", arg: "ID", help: "the contact that the visitor is known to be"},
			{name: "create", arg: "FIELD=VALUE", help: "make a contact with these values where nobody is found; may be given more than once", many: true},
			{name: "ref", arg: "R", help: "your own id of the enquiry; the same again updates it"},
			{name: "status", arg: "S", help: "open (default), handling, missed, closed"},
			{name: "channel", arg: "C", help: "such as phone, whatsapp, web"},
			{name: "text", arg: "T", help: "a short note"},
		}, run: runEnquiry}
}

type enquiryReport struct {
	Contact     *contacts.Contact  `json:"contact"`
	Verified    bool               `json:"verified"`
	Created     bool               `json:"created"`
	Found       []contacts.ID      `json:"found"`
	Suggestions []merge.Pair       `json:"suggestions"`
	Enquiry     *contacts.Activity `json:"enquiry"`
}

func runEnquiry(ctx context.Context, c *call) error {
	key, err := parseKey(c.args[0], c.parse)
	if err != nil {
		return err
	}
	in := extcontacts.Incoming{Key: key, Visitor: contacts.ID(c.flags.text("visitor")), Enquiry: contacts.Activity{Ref: c.flags.text("ref"),
		Status: contacts.EnquiryStatus(c.flags.text("status")), Channel: c.flags.text("channel"), Text: c.flags.text("text")}}
	if given := c.flags["create"]; len(given) > 0 {
		schema, err := c.session.Schema(ctx)
		if err != nil {
			return err
		}
		all, err := c.assignments(given, schema)
		if err != nil {
			return err
		}
		in.Create = &contacts.Contact{}
		if err := assign(in.Create, all, c.parse); err != nil {
			return err
		}
	}
	h, err := c.session.HandleEnquiry(ctx, in)
	if err != nil {
		return noSuch("contact", in.Visitor, err)
	}
	rep := enquiryReport{Contact: h.Contact, Verified: h.Verified, Created: h.Created, Found: []contacts.ID{}, Suggestions: append([]merge.Pair{}, h.Suggestions...)}
	for _, f := range h.Found {
		rep.Found = append(rep.Found, f.Contact.ID)
	}
	if !h.Enquiry.ID.IsZero() {
		rep.Enquiry = &h.Enquiry
	}
	if c.json {
		return c.line(rep)
	}
	if h.Contact == nil {
		c.note("Nobody answers to this; --create FIELD=VALUE makes a contact.")
		return nil
	}
	sure := "not verified"
	switch {
	case h.Created:
		sure = "new"
	case h.Verified:
		sure = "verified"
	}
	c.printf("%s (%s, %s): enquiry %s is %s.\n", plain(h.Contact.FullName()), h.Contact.ID, sure, h.Enquiry.ID, h.Enquiry.Status)
	for _, p := range h.Suggestions {
		c.printf("%s\n", suggestion(p))
	}
	return nil
}

func enquiriesCommand() *command {
	return &command{name: "enquiries", does: "Lists the enquiries that are not closed, those of deleted contacts too", run: func(ctx context.Context, c *call) error {
		list, err := c.session.OpenEnquiries(ctx)
		if err != nil {
			return err
		}
		t := newTable(c.stdout, "ENQUIRY", "AT", "STATUS", "CHANNEL", "CONTACT", "NAME", "STATE", "WHAT")
		for _, e := range list {
			if c.json {
				if err := c.line(struct {
					contacts.Activity
					State string `json:"state"`
				}{e.Activity, e.Contact.State.String()}); err != nil {
					return err
				}
				continue
			}
			t.row(string(e.Activity.ID), moment(e.Activity.At), string(e.Activity.Status), e.Activity.Channel, string(e.Contact.ID), e.Contact.FullName(), e.Contact.State.String(), e.Activity.Text)
		}
		return t.end()
	}}
}

func closeCommand() *command {
	return &command{name: "close", operands: "ENQUIRY", does: "Closes an enquiry, or gives it another status", min: 1, max: 1,
		flags: []flagDef{{name: "status", arg: "S", help: "open, handling, missed or closed (default)"}},
		run: func(ctx context.Context, c *call) error {
			status := contacts.EnquiryClosed
			if s := c.flags.text("status"); s != "" {
				status = contacts.EnquiryStatus(s)
			}
			a, err := c.session.EditActivity(ctx, contacts.ID(c.args[0]), func(a *contacts.Activity) error { a.Status = status; return nil })
			if err != nil {
				return noSuch("enquiry", contacts.ID(c.args[0]), err)
			}
			if c.json {
				return c.line(a)
			}
			c.printf("Enquiry %s is %s.\n", a.ID, a.Status)
			return nil
		}}
}

func timelineCommand() *command {
	return &command{name: "timeline", operands: "ID", does: "Lists what happened with a contact: enquiries, calls, messages, page visits", min: 1, max: 1,
		flags: []flagDef{
			{name: "kind", arg: "K", help: "enquiry, call, sms or page_visit; may be given more than once", many: true},
			{name: "status", arg: "S", help: "of enquiries; may be given more than once", many: true},
			{name: "channel", arg: "C", help: "may be given more than once", many: true},
			{name: "from", arg: "TIME", help: "not before"},
			{name: "until", arg: "TIME", help: "not after"},
			{name: "oldest", help: "the oldest first"},
			{name: "limit", arg: "N", help: "print at most N (default 100); a cursor for the next ones goes to standard error"},
			{name: "cursor", arg: "C", help: "go on behind an earlier answer"},
		}, run: runTimeline}
}

func runTimeline(ctx context.Context, c *call) error {
	limit, err := c.flags.number("limit")
	if err != nil {
		return err
	}
	o := extcontacts.TimelineOptions{Channels: c.flags["channel"], Oldest: c.flags.has("oldest"), Limit: limit, Cursor: c.flags.text("cursor")}
	for _, k := range c.flags["kind"] {
		o.Kinds = append(o.Kinds, contacts.ActivityKind(strings.ReplaceAll(k, "-", "_")))
	}
	for _, s := range c.flags["status"] {
		o.Statuses = append(o.Statuses, contacts.EnquiryStatus(s))
	}
	if s := c.flags.text("from"); s != "" {
		if o.From, err = parseTime("from", s, false); err != nil {
			return err
		}
	}
	if s := c.flags.text("until"); s != "" {
		if o.Until, err = parseTime("until", s, true); err != nil {
			return err
		}
	}
	page, err := c.session.Activities(ctx, contacts.ID(c.args[0]), o)
	if err != nil {
		return noSuch("contact", contacts.ID(c.args[0]), err)
	}
	if c.json {
		for _, a := range page.Activities {
			if err := c.line(a); err != nil {
				return err
			}
		}
	} else if err := c.activityTable(page.Activities); err != nil {
		return err
	}
	if page.Next != "" {
		c.note("There are more: --cursor %s", page.Next)
	}
	return nil
}

func proveCommand() *command {
	return &command{name: "prove", operands: "ID KEY", does: "Records that an identifier was proved to be a contact's; from then on it is a fact", min: 2, max: 2,
		flags: []flagDef{{name: "method", arg: "M", help: "how it was proved, such as sms or call (required)"}},
		run: func(ctx context.Context, c *call) error {
			key, err := parseKey(c.args[1], c.parse)
			if err != nil {
				return err
			}
			if !c.flags.has("method") {
				return usagef("prove needs --method: how it was proved, such as sms or call")
			}
			d, err := c.session.VerifyIdentifier(ctx, contacts.ID(c.args[0]), key, c.flags.text("method"))
			if err != nil {
				return noSuch("contact", contacts.ID(c.args[0]), err)
			}
			schema, err := c.session.Schema(ctx)
			if err != nil {
				return err
			}
			return c.showContact(d, schema)
		}}
}

func originsCommand() *command {
	return &command{name: "origins", operands: "ID", does: "Says of each value of a contact who brought it, when and through what", min: 1, max: 1, run: func(ctx context.Context, c *call) error {
		list, err := c.session.Origins(ctx, contacts.ID(c.args[0]))
		if err != nil {
			return noSuch("contact", contacts.ID(c.args[0]), err)
		}
		t := newTable(c.stdout, "PATH", "VALUE", "AT", "ACTOR", "VIA", "FROM", "ACT")
		for _, o := range list {
			if c.json {
				if err := c.line(o); err != nil {
					return err
				}
				continue
			}
			t.row(o.Path, elementText(o.Path, o.Value), moment(o.At), string(o.Actor), strings.TrimSuffix(string(o.Kind)+":"+o.Source, ":"), string(o.From), string(o.Act))
		}
		return t.end()
	}}
}

func eventsCommand() *command {
	return &command{name: "events", does: "Prints what happened as one JSON object a line, in order",
		flags: []flagDef{
			{name: "from", arg: "TOKEN", help: "go on behind an earlier answer; its token goes to standard error"},
			{name: "follow", help: "wait for more"},
		}, run: func(ctx context.Context, c *call) error {
			token := c.flags.text("from")
			show := func(page extcontacts.EventPage) error {
				for _, e := range page.Events {
					b, err := json.Marshal(e)
					if err != nil {
						return err
					}
					c.printf("%s\n", b)
				}
				return nil
			}
			if c.flags.has("follow") {
				for page, err := range c.session.FollowEvents(ctx, token, 0) {
					if err != nil {
						return err
					}
					if err := show(page); err != nil {
						return err
					}
					c.note("Behind these: --from %s", page.Next)
				}
				return nil
			}
			for {
				page, err := c.session.Events(ctx, token, 0)
				if err != nil {
					return err
				}
				if err := show(page); err != nil {
					return err
				}
				if token = page.Next; !page.More {
					c.note("Behind these: --from %s", token)
					return nil
				}
			}
		}}
}
