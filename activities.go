package extcontacts

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// recordEnquiry is the kind of record kept for each enquiry that is not closed:
// key is the activity's id, body that of the contact it was recorded on.
const recordEnquiry = "enquiry"

// RecordActivity records an enquiry, call, message or page visit of a contact
// and returns it as recorded. Where the activity has a Ref that the contact's
// timeline knows, that activity is brought up to date instead: recording the
// same twice changes nothing. A deleted contact's activities can be recorded
// too: its enquiries go on until they are closed.
func (s *Session) RecordActivity(ctx context.Context, id contacts.ID, a contacts.Activity) (contacts.Activity, error) {
	a.Contact = id
	list, err := s.RecordActivities(ctx, []contacts.Activity{a})
	if err != nil {
		var at *ActivityError
		if asActivityError(err, &at) {
			err = at.Err
		}
		return a, err
	}
	return list[0], nil
}

// ActivityError says which activity of a list an error is about.
type ActivityError struct {
	// Index is the activity's place in the list, from 0.
	Index int
	Err   error
}

// Error names the place and the fault.
func (e *ActivityError) Error() string {
	return fmt.Sprintf("extcontacts: activity %d: %v", e.Index, e.Err)
}

// Unwrap returns the fault.
func (e *ActivityError) Unwrap() error { return e.Err }

func asActivityError(err error, target **ActivityError) bool {
	e, ok := err.(*ActivityError)
	*target = e
	return ok
}

// activityBatch is the number of activities that one transaction records.
const activityBatch = 1000

// RecordActivities records many activities, each of the contact that its
// Contact names, as one act; see [Session.RecordActivity]. It returns them as
// recorded. Nothing is written where one of the first 1,000 is refused; of a
// longer list, whole thousands before that are recorded, and recording the list
// again changes nothing about those that have a Ref.
//
// The error is an *[ActivityError] where one activity is at fault.
func (s *Session) RecordActivities(ctx context.Context, list []contacts.Activity) ([]contacts.Activity, error) {
	act := s.act(contacts.ActActivity, "")
	out := slices.Clone(list)
	for i := range out {
		a := &out[i]
		if a.At.IsZero() {
			a.At = act.At
		}
		a.At, a.Agents, a.ID = contacts.Micros(a.At), slices.Clone(a.Agents), ""
		if err := a.Validate(); err != nil {
			return nil, &ActivityError{i, err}
		}
	}
	part, from := 0, 0
	for chunk := range slices.Chunk(out, activityBatch) {
		fresh := make([]contacts.ID, len(chunk))
		for i := range fresh {
			fresh[i] = s.newID()
		}
		_, err := s.commit(ctx, func(ctx context.Context) (*store.Batch, error) {
			b, err := s.placeActivities(ctx, list[from:from+len(chunk)], chunk, fresh)
			if at, ok := err.(*ActivityError); ok {
				at.Index += from
			}
			if b != nil {
				b.Act, b.Part = act, part+1
			}
			return b, err
		})
		if err != nil {
			return nil, err
		}
		part, from = part+1, from+len(chunk)
	}
	for i := range out {
		out[i] = s.maskActivity(out[i])
	}
	return out, nil
}

// placeActivities gives activities their ids and contacts and makes the batch
// that records what is new or changed; nil where nothing is.
func (s *Session) placeActivities(ctx context.Context, given, list []contacts.Activity, fresh []contacts.ID) (*store.Batch, error) {
	found := map[contacts.ID]*contacts.Contact{}
	lines := map[contacts.ID][]contacts.ID{}
	var asked []contacts.ID
	b := &store.Batch{}
	for i := range list {
		a := &list[i]
		c, err := s.resolveOnce(ctx, given[i].Contact, found)
		if err == nil {
			err = s.may(contacts.RightActivity, c)
		}
		if err == nil && c.State == contacts.Erased {
			err = &CodeError{"contact_erased", "contact " + string(c.ID) + " was erased"}
		}
		if err != nil {
			return nil, &ActivityError{i, err}
		}
		a.ID, a.Contact = fresh[i], c.ID
		if a.Ref == "" {
			continue
		}
		if lines[c.ID] == nil {
			if lines[c.ID], err = s.family(ctx, c.ID); err != nil {
				return nil, err
			}
		}
		for _, member := range lines[c.ID] {
			asked = append(asked, activityID(member, a.Ref))
		}
	}
	known := map[contacts.ID]contacts.Activity{}
	for part := range slices.Chunk(asked, chunk) {
		have, err := s.st().Activities(ctx, s.ws(), store.ActivityQuery{IDs: part})
		if err != nil {
			return nil, err
		}
		for _, a := range have {
			known[a.ID] = a
		}
	}
	seen, at := map[contacts.ID]bool{}, map[contacts.ID]int{}
	for i := range list {
		a := &list[i]
		var old contacts.Activity
		if a.Ref != "" {
			a.ID = activityID(a.Contact, a.Ref)
			for _, member := range lines[a.Contact] {
				if have, ok := known[activityID(member, a.Ref)]; ok {
					old, a.ID, a.Contact = have, have.ID, have.Contact
					break
				}
			}
		}
		if old.ID != "" && equalActivity(*a, old) {
			continue
		}
		known[a.ID] = *a
		if before, twice := at[a.ID]; twice {
			b.Activities[before] = *a // the later one of the list stands
		} else {
			at[a.ID] = len(b.Activities)
			b.Activities = append(b.Activities, *a)
		}
		c := found[given[i].Contact]
		if !seen[c.ID] {
			seen[c.ID] = true
			b.Expect = append(b.Expect, store.Expect{ID: c.ID, Rev: c.Rev})
		}
	}
	if len(b.Activities) == 0 {
		return nil, nil
	}
	b.Records = enquiryRecords(b.Activities)
	return b, nil
}

// resolveOnce is resolve with an answer for each id.
func (s *Session) resolveOnce(ctx context.Context, id contacts.ID, found map[contacts.ID]*contacts.Contact) (*contacts.Contact, error) {
	if c := found[id]; c != nil {
		return c, nil
	}
	c, err := s.resolve(ctx, id)
	if err == nil {
		found[id] = c
	}
	return c, err
}

// activityID is the id of an activity with a reference of the host: who records
// the same twice, at once even, writes one activity.
func activityID(contact contacts.ID, ref string) contacts.ID {
	h := sha256.Sum256(fmt.Appendf(nil, "%d %s %s", len(contact), contact, ref))
	return contacts.ID("ref-" + hex.EncodeToString(h[:16]))
}

// enquiryRecords note which enquiries wait to be closed.
func enquiryRecords(list []contacts.Activity) []store.RecordPut {
	var puts []store.RecordPut
	for _, a := range list {
		if a.Kind != contacts.Enquiry {
			continue
		}
		put := store.RecordPut{Kind: recordEnquiry, Key: string(a.ID), Base: store.AnyRev}
		if a.Status != contacts.EnquiryClosed {
			put.Body = []byte(a.Contact)
		}
		puts = append(puts, put)
	}
	return puts
}

func equalActivity(a, b contacts.Activity) bool {
	same := slices.Equal(a.Agents, b.Agents)
	a.Agents, b.Agents = nil, nil
	return same && a.ID == b.ID && a.Contact == b.Contact && a.Kind == b.Kind && a.At.Equal(b.At) && a.Status == b.Status &&
		a.Ref == b.Ref && a.Channel == b.Channel && a.Destination == b.Destination && a.URL == b.URL && a.Text == b.Text
}

// EditActivity changes a recorded activity: change is called with a copy of it
// and alters the copy, perhaps more than once. Its ID, Contact, Kind and Ref
// stay. Of an erased contact's activity, which has no texts any more, only the
// status can change, so that an enquiry can be closed.
func (s *Session) EditActivity(ctx context.Context, id contacts.ID, change func(*contacts.Activity) error) (contacts.Activity, error) {
	act := s.act(contacts.ActActivity, "")
	var stored contacts.Activity
	_, err := s.commitNext(ctx, func(ctx context.Context) (*store.Batch, error) {
		old, c, err := s.activity(ctx, id)
		if err != nil {
			return nil, err
		}
		if err := s.may(contacts.RightActivity, c); err != nil {
			return nil, err
		}
		shown := s.maskActivity(old)
		a := shown
		a.Agents = slices.Clone(a.Agents)
		if err := change(&a); err != nil {
			return nil, err
		}
		for _, text := range [...][3]*string{{&a.Channel, &shown.Channel, &old.Channel}, {&a.Destination, &shown.Destination, &old.Destination},
			{&a.URL, &shown.URL, &old.URL}, {&a.Text, &shown.Text, &old.Text}} {
			if *text[0] == *text[1] { // masked texts stay what they are
				*text[0] = *text[2]
			}
		}
		a.ID, a.Contact, a.Kind, a.Ref = old.ID, old.Contact, old.Kind, old.Ref
		if c.State == contacts.Erased {
			status := a.Status
			a = old
			a.Status = status
		}
		a.At = contacts.Micros(a.At)
		if err := a.Validate(); err != nil {
			return nil, err
		}
		stored = a
		if equalActivity(a, old) {
			return nil, nil
		}
		list := []contacts.Activity{a}
		return &store.Batch{Act: act, Activities: list, Records: enquiryRecords(list), Expect: []store.Expect{{ID: c.ID, Rev: c.Rev}}}, nil
	})
	if err != nil {
		return contacts.Activity{}, err
	}
	return s.maskActivity(stored), nil
}

// activity reads an activity and the contact that answers for it.
func (s *Session) activity(ctx context.Context, id contacts.ID) (contacts.Activity, *contacts.Contact, error) {
	if id.IsZero() {
		return contacts.Activity{}, nil, ErrNotFound
	}
	list, err := s.st().Activities(ctx, s.ws(), store.ActivityQuery{IDs: []contacts.ID{id}})
	if err != nil {
		return contacts.Activity{}, nil, err
	}
	if len(list) == 0 {
		return contacts.Activity{}, nil, ErrNotFound
	}
	c, err := s.resolve(ctx, list[0].Contact)
	return list[0], c, err
}

// Enquiry is an enquiry that is not closed, and whom it is of.
type Enquiry struct {
	contacts.Activity
	// Contact answers for the enquiry: it may have been deleted, and it is the
	// survivor where it was merged.
	Contact *contacts.Contact
}

// OpenEnquiries returns the enquiries of the workspace that are not closed, the
// newest first: those of deleted and erased contacts too, which stay within
// reach until they are resolved. It leaves out those of contacts that the actor
// may not view.
func (s *Session) OpenEnquiries(ctx context.Context) ([]Enquiry, error) {
	if err := s.may(contacts.RightView, nil); err != nil {
		return nil, err
	}
	recs, err := s.st().Records(ctx, s.ws(), recordEnquiry)
	if err != nil {
		return nil, err
	}
	var out []Enquiry
	found := map[contacts.ID]*contacts.Contact{}
	for part := range slices.Chunk(recs, chunk) {
		ids := make([]contacts.ID, len(part))
		for i, r := range part {
			ids[i] = contacts.ID(r.Key)
		}
		list, err := s.st().Activities(ctx, s.ws(), store.ActivityQuery{IDs: ids})
		if err != nil {
			return nil, err
		}
		for _, a := range list {
			c, err := s.resolveOnce(ctx, a.Contact, found)
			if err != nil {
				return nil, err
			}
			if s.may(contacts.RightTimeline, c) == nil {
				out = append(out, Enquiry{s.maskActivity(a), s.mask.Apply(c)})
			}
		}
	}
	slices.SortFunc(out, func(a, b Enquiry) int { return compareActivity(&b.Activity, &a.Activity) })
	return out, nil
}

// family returns a contact and all that were merged into it, directly or
// through others.
func (s *Session) family(ctx context.Context, id contacts.ID) ([]contacts.ID, error) {
	all := []contacts.ID{id}
	for next := all; len(next) > 0; {
		keys := make([]contacts.Key, len(next))
		for i, id := range next {
			keys[i] = contacts.Key{Kind: contacts.MergedKey, Value: string(id)}
		}
		found, err := s.st().Lookup(ctx, s.ws(), keys...)
		if err != nil {
			return nil, err
		}
		next = slices.Concat(found...)
		all = append(all, next...)
	}
	return all, nil
}

// lastActivities tells when something last happened with each contact that
// has activities, or with those who were merged into it.
func (s *Session) lastActivities(ctx context.Context) (map[contacts.ID]time.Time, error) {
	last := map[contacts.ID]time.Time{}
	var merged []contacts.ID
	for r, err := range store.LastActivities(ctx, s.st(), s.ws()) {
		if err != nil {
			return nil, err
		}
		last[r.Contact] = r.At
		if r.Merged {
			merged = append(merged, r.Contact)
		}
	}
	to, err := s.survivors(ctx, merged)
	if err != nil {
		return nil, err
	}
	for _, id := range merged {
		if survivor := to[id]; last[id].After(last[survivor]) {
			last[survivor] = last[id]
		}
	}
	return last, nil
}
