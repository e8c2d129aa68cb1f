package extcontacts

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// EventKind says what an [Event] tells.
type EventKind string

// The kinds of events.
const (
	EventCreated  EventKind = "created"
	EventEdited   EventKind = "edited" // values changed; verifications, too
	EventDeleted  EventKind = "deleted"
	EventRestored EventKind = "restored"
	EventMerged   EventKind = "merged"   // the contact was merged away; Into answers for it
	EventUnmerged EventKind = "unmerged" // it stands by itself again
	EventErased   EventKind = "erased"
	EventOwner    EventKind = "ownership_moved"
	EventImported EventKind = "imported" // a batch of an import is done
	EventLabels   EventKind = "labels_changed"
	EventSchema   EventKind = "schema_changed"
	EventDistinct EventKind = "distinct" // two contacts were said to be two people, or no more
	EventActivity EventKind = "activity" // activities were recorded
)

// Event tells that something happened. It names what changed and never says the
// values: who may see them asks for the contact.
type Event struct {
	// ID is the same each time the event is delivered, and no other's.
	ID   string    `json:"id"`
	Kind EventKind `json:"kind"`
	// Contact is whom it happened to; empty where it concerns the workspace.
	Contact contacts.ID `json:"contact,omitzero"`
	// Into is the survivor, for EventMerged; Other the second of two contacts,
	// for EventDistinct.
	Into  contacts.ID `json:"into,omitzero"`
	Other contacts.ID `json:"other,omitzero"`
	// Fields are the paths that changed, each once, in order.
	Fields []string `json:"fields,omitempty"`
	// Act is the act it is a part of, with its kind, its author, its source and
	// its time. Events of one act have one Act.
	Act     contacts.ID      `json:"act"`
	ActKind contacts.ActKind `json:"act_kind"`
	Actor   contacts.ID      `json:"actor"`
	Source  string           `json:"source,omitzero"`
	At      time.Time        `json:"at"`
	// Seq is the entry of the log. The order of events is that of Seq.
	Seq int64 `json:"seq"`
}

// EventPage is a part of the stream of events.
type EventPage struct {
	Events []Event `json:"events"`
	// Next is the token of the next page. It is set on the last page, too,
	// where it waits for what comes.
	Next string `json:"next"`
	// More is set where there is more after this page already.
	More bool `json:"more"`
}

// Events returns what happened after the place that token stands for, in order:
// the events of up to limit commits, all of a commit together (zero means
// [store.DefaultLimit]). An empty token begins with the first commit of the
// workspace, [Session.EventsHead] is the token of now.
//
// Who handles a page and then keeps its Next gets every event at least once and
// in order, whatever fails in between. Events about contacts that the actor may
// not view are left out. It needs the right to the whole log.
//
// Errors: a token that is not one of this workspace has the code token_invalid,
// one whose place the log does not have the code token_lost.
func (s *Session) Events(ctx context.Context, token string, limit int) (EventPage, error) {
	if err := s.may(contacts.RightLog, nil); err != nil {
		return EventPage{}, err
	}
	feed, err := store.Changes(ctx, s.st(), s.ws(), token, limit)
	if err != nil {
		return EventPage{}, err
	}
	return s.eventPage(ctx, feed)
}

// EventsHead returns the token of now: [Session.Events] answers from it what
// happens after this call.
func (s *Session) EventsHead(ctx context.Context) (string, error) {
	if err := s.may(contacts.RightLog, nil); err != nil {
		return "", err
	}
	return store.FeedHead(ctx, s.st(), s.ws())
}

// FollowEvents yields the pages of [Session.Events], waits for new ones and
// goes on until the context ends; poll is how often a store that cannot tell is
// asked, zero means once a second. The error comes once, last. Ranging again
// begins at token again.
func (s *Session) FollowEvents(ctx context.Context, token string, poll time.Duration) iter.Seq2[EventPage, error] {
	return func(yield func(EventPage, error) bool) {
		if err := s.may(contacts.RightLog, nil); err != nil {
			yield(EventPage{}, err)
			return
		}
		for feed, err := range store.Follow(ctx, s.st(), s.ws(), token, poll) {
			var page EventPage
			if err == nil {
				page, err = s.eventPage(ctx, feed)
			}
			if !yield(page, err) || err != nil {
				return
			}
		}
	}
}

func (s *Session) eventPage(ctx context.Context, feed store.FeedPage) (EventPage, error) {
	page := EventPage{Events: []Event{}, Next: feed.Next, More: feed.More}
	acts := map[contacts.ID]contacts.Act{}
	if err := s.loadActs(ctx, acts, feed.Entries); err != nil {
		return page, err
	}
	may := map[contacts.ID]bool{}
	for _, c := range feed.Contacts {
		may[c.ID] = c.Contact != nil && s.visible(c.Contact)
	}
	if err := s.loadVisible(ctx, may, feed.Entries); err != nil {
		return page, err
	}
	for i := range feed.Entries {
		for n, e := range entryEvents(&feed.Entries[i], acts[feed.Entries[i].Act]) {
			if e.Contact != "" && !may[e.Contact] || e.Other != "" && !may[e.Other] {
				continue
			}
			if e.Into != "" && !may[e.Into] {
				e.Into = ""
			}
			e.ID = fmt.Sprintf("%d-%d", e.Seq, n)
			page.Events = append(page.Events, e)
		}
	}
	return page, nil
}

// entryEvents are the events of one commit: of each contact in the order in
// which the commit changed them, then those of the workspace.
func entryEvents(e *contacts.Entry, a contacts.Act) []Event {
	base := Event{Act: e.Act, ActKind: a.Kind, Actor: a.Actor, Source: a.Source, At: e.At, Seq: e.Seq}
	var out, last []Event
	var states []contacts.Change // of the contact at hand
	var fields []string
	var owner []string
	at := contacts.ID("")
	flush := func() {
		if at == "" {
			return
		}
		of := base
		of.Contact = at
		out = append(out, stateEvents(of, states)...)
		if len(fields) > 0 {
			ev := of
			ev.Kind, ev.Fields = EventEdited, fields
			out = append(out, ev)
		}
		if len(owner) > 0 {
			ev := of
			ev.Kind, ev.Fields = EventOwner, owner
			out = append(out, ev)
		}
		states, fields, owner = nil, nil, nil
	}
	once := func(list []string, path string) []string {
		for _, p := range list {
			if p == path {
				return list
			}
		}
		return append(list, path)
	}
	schema := map[EventKind]int{}
	for i := range e.Changes {
		ch := &e.Changes[i]
		if ch.Contact != at {
			flush()
			at = ch.Contact
		}
		switch {
		case ch.IsProvenance():
		case at == "" && ch.Path == recordDistinct:
			ev := base
			ev.Kind = EventDistinct
			ids := concerned(ch)
			ev.Contact, ev.Other = ids[0], ids[1]
			last = append(last, ev)
		case at == "":
			kind := EventSchema
			if strings.HasPrefix(ch.Path, "label.") {
				kind = EventLabels
			}
			if _, seen := schema[kind]; !seen {
				ev := base
				ev.Kind = kind
				schema[kind] = len(last)
				last = append(last, ev)
			}
			ev := &last[schema[kind]]
			ev.Fields = once(ev.Fields, ch.Path)
		case ch.Path == contacts.PathCreated, ch.Path == "state", ch.Path == "merged_into":
			states = append(states, *ch)
		case ch.Path == "owner" || ch.Path == "shared_with":
			owner = once(owner, ch.Path)
		default:
			fields = once(fields, ch.Path)
		}
	}
	flush()
	out = append(out, last...)
	switch a.Kind {
	case contacts.ActImport:
		ev := base
		ev.Kind = EventImported
		out = append(out, ev)
	case contacts.ActActivity:
		ev := base
		ev.Kind = EventActivity
		out = append(out, ev)
	}
	return out
}

// stateEvents are the events of a contact's creation and its steps of state.
func stateEvents(of Event, steps []contacts.Change) []Event {
	var out []Event
	for _, ch := range steps {
		ev := of
		switch {
		case ch.Path == contacts.PathCreated:
			ev.Kind = EventCreated
		case ch.Path == "merged_into":
			continue
		case ch.New == contacts.Erased.String():
			ev.Kind = EventErased
		case ch.New == contacts.Merged.String():
			ev.Kind = EventMerged
			for _, to := range steps {
				if to.Path == "merged_into" {
					ev.Into = contacts.ID(to.New)
				}
			}
		case ch.Old == contacts.Merged.String() && ch.New != contacts.Deleted.String():
			ev.Kind = EventUnmerged
		case ch.New == contacts.Deleted.String():
			ev.Kind = EventDeleted
		default:
			ev.Kind = EventRestored
		}
		out = append(out, ev)
	}
	return out
}
