package extcontacts

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"time"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/merge"
	"github.com/extcontacts/extcontacts/store"
)

// LogEntry is one line of the change log.
type LogEntry struct {
	Seq    int64            `json:"seq"`
	Act    contacts.ID      `json:"act"`
	Kind   contacts.ActKind `json:"kind"`
	At     time.Time        `json:"at"`
	Actor  contacts.ID      `json:"actor"`
	Source string           `json:"source,omitzero"`
	Change contacts.Change  `json:"change"`
}

// LogOptions select a part of a change log.
type LogOptions struct {
	// Before is the Seq of the oldest entry of the page before, exclusive;
	// zero means the newest page.
	Before int64
	// Limit is the number of commits at most; zero means
	// [store.DefaultLimit]. All the changes of one commit stay together.
	Limit int
}

// LogPage is a part of a change log.
type LogPage struct {
	Entries []LogEntry `json:"entries"`
	// Next is the Before of the next page, zero at the end.
	Next int64 `json:"next,omitzero"`
}

// errLimit refuses a page of fewer than no entries.
var errLimit = &contacts.FieldError{Path: "limit", Code: "limit_invalid", Hint: "1 or more, 0 for the default"}

// Log returns the change log of a contact and of everybody who was merged into
// it, the newest first; with an empty id that of the whole workspace. What a
// contact was created with is not repeated in the log: its entry says that it
// was created. A page has no entries only where there are none at all.
func (s *Session) Log(ctx context.Context, id contacts.ID, o LogOptions) (LogPage, error) {
	if o.Limit < 0 {
		return LogPage{}, errLimit
	}
	o.Limit = cmp.Or(o.Limit, store.DefaultLimit)
	for {
		page, err := s.logPage(ctx, id, o)
		if err != nil || len(page.Entries) > 0 || page.Next == 0 {
			return page, err
		}
		o.Before = page.Next // commits without a change that shows
	}
}

// logPage reads one page, which may be empty though there are more.
func (s *Session) logPage(ctx context.Context, id contacts.ID, o LogOptions) (LogPage, error) {
	var entries []contacts.Entry
	if id.IsZero() {
		if err := s.may(contacts.RightLog, nil); err != nil {
			return LogPage{}, err
		}
		es, err := s.st().Log(ctx, s.ws(), store.LogQuery{Before: o.Before, Limit: o.Limit, Newest: true})
		if err != nil {
			return LogPage{}, err
		}
		entries = es
	} else {
		c, err := s.Get(ctx, id)
		if err != nil {
			return LogPage{}, err
		}
		if err := s.may(contacts.RightLog, c); err != nil {
			return LogPage{}, err
		}
		line, err := s.family(ctx, c.ID)
		if err != nil {
			return LogPage{}, err
		}
		if entries, err = s.familyLog(ctx, line, o); err != nil {
			return LogPage{}, err
		}
	}
	var page LogPage
	if len(entries) >= o.Limit && entries[len(entries)-1].Seq > 1 {
		page.Next = entries[len(entries)-1].Seq
	}
	var err error
	page.Entries, err = s.logEntries(ctx, entries, id.IsZero())
	return page, err
}

// familyLog merges the logs of several contacts, the newest entries first.
func (s *Session) familyLog(ctx context.Context, ids []contacts.ID, o LogOptions) ([]contacts.Entry, error) {
	var all []contacts.Entry
	for _, id := range ids {
		es, err := s.st().Log(ctx, s.ws(), store.LogQuery{Contact: id, Before: o.Before, Limit: o.Limit, Newest: true})
		if err != nil {
			return nil, err
		}
		all = append(all, es...)
	}
	slices.SortStableFunc(all, func(a, b contacts.Entry) int { return cmp.Compare(b.Seq, a.Seq) })
	for i := range all { // keep whole commits: several contacts may share the last
		if i >= o.Limit && all[i].Seq != all[i-1].Seq {
			return all[:i], nil
		}
	}
	return all, nil
}

// logEntries joins entries with their acts, one line a change. Of a contact
// that the actor may not view there is no line.
func (s *Session) logEntries(ctx context.Context, entries []contacts.Entry, check bool) ([]LogEntry, error) {
	acts := map[contacts.ID]contacts.Act{}
	if err := s.loadActs(ctx, acts, entries); err != nil {
		return nil, err
	}
	may := map[contacts.ID]bool{}
	if check {
		if err := s.loadVisible(ctx, may, entries); err != nil {
			return nil, err
		}
	}
	var out []LogEntry
	for _, e := range entries {
		a := acts[e.Act]
		for _, ch := range e.Changes {
			if ch.IsProvenance() {
				continue
			}
			hidden := func(id contacts.ID) bool { return !may[id] }
			if check && slices.ContainsFunc(concerned(&ch), hidden) {
				continue
			}
			out = append(out, LogEntry{Seq: e.Seq, Act: e.Act, Kind: a.Kind, At: e.At, Actor: a.Actor, Source: a.Source, Change: s.maskChange(ch)})
		}
	}
	return out, nil
}

// chunk is how many ids one look-up of a longer list asks for.
const chunk = 500

func (s *Session) loadActs(ctx context.Context, into map[contacts.ID]contacts.Act, entries []contacts.Entry) error {
	var ids []contacts.ID
	for _, e := range entries {
		if _, known := into[e.Act]; !known {
			into[e.Act] = contacts.Act{ID: e.Act}
			ids = append(ids, e.Act)
		}
	}
	for part := range slices.Chunk(ids, chunk) {
		acts, err := s.st().Acts(ctx, s.ws(), store.ActQuery{IDs: part})
		if err != nil {
			return err
		}
		for _, a := range acts {
			into[a.ID] = a
		}
	}
	return nil
}

func (s *Session) loadVisible(ctx context.Context, into map[contacts.ID]bool, entries []contacts.Entry) error {
	var ids []contacts.ID
	for _, e := range entries {
		for _, ch := range e.Changes {
			for _, id := range concerned(&ch) {
				if _, known := into[id]; !known {
					into[id] = false
					ids = append(ids, id)
				}
			}
		}
	}
	for part := range slices.Chunk(ids, chunk) {
		visible, err := s.visibleIDs(ctx, part)
		if err != nil {
			return err
		}
		for _, id := range visible {
			into[id] = true
		}
	}
	return nil
}

// concerned are the contacts that a change tells of: none for one of the
// schema, two for a mark of distinct people.
func concerned(ch *contacts.Change) []contacts.ID {
	switch {
	case !ch.Contact.IsZero():
		return []contacts.ID{ch.Contact}
	case ch.Path == recordDistinct:
		a, b, _ := splitPair(ch.Old + ch.New)
		return []contacts.ID{contacts.ID(a), contacts.ID(b)}
	}
	return nil
}

// Acts returns the acts of the workspace, the newest first, those before the
// given Seq where it is not zero: limit at most, zero means
// [store.DefaultLimit].
func (s *Session) Acts(ctx context.Context, before int64, limit int) ([]contacts.Act, error) {
	if err := s.may(contacts.RightLog, nil); err != nil {
		return nil, err
	}
	if limit < 0 {
		return nil, errLimit
	}
	return s.st().Acts(ctx, s.ws(), store.ActQuery{Before: before, Limit: limit})
}

// Act returns one act.
func (s *Session) Act(ctx context.Context, id contacts.ID) (contacts.Act, error) {
	if err := s.may(contacts.RightLog, nil); err != nil {
		return contacts.Act{}, err
	}
	return s.findAct(ctx, id)
}

func (s *Session) findAct(ctx context.Context, id contacts.ID) (contacts.Act, error) {
	if id.IsZero() {
		return contacts.Act{}, ErrNotFound
	}
	acts, err := s.st().Acts(ctx, s.ws(), store.ActQuery{IDs: []contacts.ID{id}})
	if err != nil {
		return contacts.Act{}, err
	}
	if len(acts) == 0 {
		return contacts.Act{}, ErrNotFound
	}
	return acts[0], nil
}

// logPart is how many entries of the log one read of a longer part asks for:
// an entry of an import can hold thousands of changes.
const logPart = 32

// wholeLog yields the entries of the workspace, oldest first.
func (s *Session) wholeLog(ctx context.Context) iter.Seq2[*contacts.Entry, error] {
	return func(yield func(*contacts.Entry, error) bool) {
		q := store.LogQuery{Limit: logPart}
		for {
			entries, err := s.st().Log(ctx, s.ws(), q)
			if err != nil {
				yield(nil, err)
				return
			}
			for i := range entries {
				if !yield(&entries[i], nil) {
					return
				}
				q.After = entries[i].Seq
			}
			if len(entries) < q.Limit {
				return
			}
		}
	}
}

// steps reads the whole history of one contact, oldest first.
func (s *Session) steps(ctx context.Context, id contacts.ID) ([]merge.Step, []contacts.Entry, error) {
	var steps []merge.Step
	var all []contacts.Entry
	q := store.LogQuery{Contact: id, Limit: 1000}
	for {
		entries, err := s.st().Log(ctx, s.ws(), q)
		if err != nil {
			return nil, nil, err
		}
		for _, e := range entries {
			for _, ch := range e.Changes {
				steps = append(steps, merge.Step{Seq: e.Seq, Act: e.Act, Change: ch})
			}
		}
		all = append(all, entries...)
		if len(entries) < q.Limit {
			return steps, all, nil
		}
		q.After = entries[len(entries)-1].Seq
	}
}
