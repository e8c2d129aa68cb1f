package booktest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
)

func testEvents(k *kit) {
	told := func(token string) (lines []string, next string) {
		k.Helper()
		for {
			page, err := k.s.Events(k.ctx, token, 1)
			k.must(err)
			for _, e := range page.Events {
				line := fmt.Sprintf("%s %s", e.ActKind, e.Kind)
				if e.Contact != "" {
					line += " " + k.name(e.Contact)
				}
				if e.Into != "" {
					line += " into " + k.name(e.Into)
				}
				if len(e.Fields) > 0 {
					line += " " + strings.Join(e.Fields, ",")
				}
				lines = append(lines, line)
			}
			if token = page.Next; !page.More {
				return lines, token
			}
		}
	}
	a, b := k.create(person("Ann Lee", "+85291234567")), k.create(person("Bob Ray", "+85291234567"))
	k.edit(a.ID, func(c *contacts.Contact) { c.Team, c.Company = "x", "y" })
	act, err := k.s.Delete(k.ctx, a.ID)
	k.must(err)
	k.undo(act.ID)
	act = k.merge(a.ID, b.ID)
	k.undo(act.ID)
	_, err = k.s.SetOwner(k.ctx, "agent-2", a.ID)
	k.must(err)
	_, err = k.s.SetLabel(k.ctx, contacts.Label{Name: "VIP"})
	k.must(err)
	_, err = k.s.SetField(k.ctx, contacts.CustomField{Key: "tier", Name: "Tier", Kind: contacts.TextField})
	k.must(err)
	k.importCSV("First name,Last name,Contact Label\nCleo,Poe,New\n", extcontacts.ImportOptions{Source: "people.csv"})
	_, err = k.s.RecordActivity(k.ctx, a.ID, contacts.Activity{Kind: contacts.Call})
	k.must(err)
	_, err = k.s.Distinct(k.ctx, a.ID, b.ID)
	k.must(err)
	_, err = k.s.Erase(k.ctx, b.ID)
	k.must(err)
	got, next := told("")
	want := []string{
		"create created Ann", "create created (erased)", "edit edited Ann team,company", "delete deleted Ann", "undo restored Ann",
		"merge merged (erased) into Ann", "undo unmerged (erased)", "own ownership_moved Ann owner",
		"schema labels_changed label.VIP", "schema schema_changed field.tier", "import created Cleo", "import labels_changed label.New", "import imported",
		"activity activity", "distinct distinct Ann", "erase erased (erased)",
	}
	if !slices.Equal(got, want) {
		k.Errorf("events\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if more, again := told(next); len(more) != 0 || again != next {
		k.Errorf("after the end there is %v", more)
	}
	_, err = k.s.Events(k.ctx, "nonsense", 0)
	k.wantCode(err, "token_invalid")

	// Who follows sees what is written meanwhile, and each event once.
	head, err := k.s.EventsHead(k.ctx)
	k.must(err)
	ctx, cancel := context.WithTimeout(k.ctx, 20*time.Second)
	defer cancel()
	seen := make(chan extcontacts.Event, 10)
	done := make(chan error, 1)
	go func() {
		for page, err := range k.s.FollowEvents(ctx, head, time.Millisecond) {
			if err != nil {
				done <- err
				return
			}
			for _, e := range page.Events {
				seen <- e
			}
		}
		done <- nil
	}()
	ids := map[string]bool{}
	for i := range 3 {
		c := k.edit(a.ID, func(c *contacts.Contact) { c.Team = fmt.Sprint("team ", i) })
		e := <-seen
		if e.Contact != c.ID || e.Kind != extcontacts.EventEdited || ids[e.ID] {
			k.Errorf("followed %+v", e)
		}
		ids[e.ID] = true
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		k.Errorf("the end of following: %v", err)
	}

	k.book = k.open(extcontacts.Options{Policy: hidesBob{b.ID}})
	page, err := k.as("guest").Events(k.ctx, "", 0)
	k.must(err)
	for _, e := range page.Events {
		if e.Contact == b.ID || e.Other == b.ID || e.Into == b.ID {
			k.Errorf("the guest is told %+v", e)
		}
	}
	if len(page.Events) == 0 {
		k.Error("the guest is told nothing")
	}
}

// hidesBob hides one contact from guests.
type hidesBob struct{ id contacts.ID }

func (p hidesBob) Decide(a contacts.Actor, _ contacts.Right, c *contacts.Contact) contacts.Decision {
	if a.ID == "guest" && c != nil && c.ID == p.id {
		return contacts.Refuse("hidden")
	}
	return contacts.Allow()
}

// name is the first name of a contact.
func (k *kit) name(id contacts.ID) string {
	k.Helper()
	cs, err := k.st.Contacts(k.ctx, "acme", id)
	k.must(err)
	if cs[0] == nil || cs[0].State == contacts.Erased {
		return "(erased)"
	}
	return cs[0].FirstName
}
