package extcontacts

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/search"
	"github.com/extcontacts/extcontacts/store"
)

// Difference is one place where the store is not what its contacts and its log
// say it must be.
type Difference struct {
	// Code names the kind: contact_missing, contact_unlogged (no creation in
	// the log), contact_created (not what was created), contact_rev (another
	// number of writes than in the log, or another time of the last one),
	// key_missing, key_foreign, merged_into_missing, merge_circle, not_normal,
	// search_missing, log_gap, log_hash, log_cut, log_damaged, log_act,
	// log_value, log_erased (values taken without an erasure), act_entry, act_altered, act_counts, act_undone, or one of
	// [store.Damage].
	Code string `json:"code"`
	// ID is the contact or act concerned, Seq the log entry.
	ID  contacts.ID `json:"id,omitzero"`
	Seq int64       `json:"seq,omitzero"`
	// Path is the field, or the kind of the key.
	Path string `json:"path,omitzero"`
}

// VerifyReport is the result of Verify.
type VerifyReport struct {
	Contacts    int          `json:"contacts"` // in every state
	Live        int          `json:"live"`
	Acts        int          `json:"acts"`
	Entries     int          `json:"entries"`
	Differences []Difference `json:"differences"`
}

// maxDifferences bounds the list of a report: a store that far gone is not
// mended one by one.
const maxDifferences = 1000

// Verify derives identity keys, search answers, the chain of the log and the
// values that the log ends with anew and reports every difference from what
// the store holds, up to 1,000. It needs the right to the whole log. What is
// derived can be mended, see [Session.Repair].
//
// It needs about 50 MB for what it keeps of the log, however large the book
// is: where the log speaks of more than some 200,000 contacts or acts it is
// read again for the further ones. What is written meanwhile may show as
// differences.
//
// heads are ends that the log once had, as [Session.Head] gave them: it must
// still go through each (code log_cut). Without one, entries that were cut off
// the end with all that goes with them cannot be missed.
func (s *Session) Verify(ctx context.Context, heads ...LogHead) (VerifyReport, error) {
	return s.verify(ctx, verifyRoom, heads)
}

func (s *Session) verify(ctx context.Context, room int, heads []LogHead) (VerifyReport, error) {
	rep := VerifyReport{Differences: []Difference{}}
	if err := s.may(contacts.RightLog, nil); err != nil {
		return rep, err
	}
	for _, h := range heads {
		if h.Workspace != s.ws() {
			return rep, &contacts.FieldError{Path: "head", Code: "head_invalid", Hint: "the head is of another workspace"}
		}
	}
	cached, err := s.book.loadSchema(ctx)
	if err != nil {
		return rep, err
	}
	v := verifier{s: s, rep: &rep, unique: cached.schema.UniqueFields(), heads: map[int64][]LogHead{}}
	for _, h := range heads {
		if h.Seq > 0 {
			v.heads[h.Seq] = append(v.heads[h.Seq], h)
		}
	}
	if err := v.derived(ctx); err != nil {
		return rep, err
	}
	for v.past = newPast(room, span{}, span{}); !v.past.of.done || !v.past.ofActs.done; v.past = newPast(room, v.past.of.next(), v.past.ofActs.next()) {
		if err := v.log(ctx); err != nil {
			return rep, err
		}
		if err := v.acts(ctx); err != nil {
			return rep, err
		}
		if err := v.contacts(ctx); err != nil {
			return rep, err
		}
		v.again = true
	}
	return rep, v.search(ctx)
}

type verifier struct {
	s      *Session
	rep    *VerifyReport
	unique []string
	heads  map[int64][]LogHead // not met yet
	past   pastOf
	again  bool  // the log was read before, and for a part of its contacts and acts
	err    error // that ended the reading of the log
	// unreadable are the contacts whose bytes are damaged, ascending.
	unreadable []contacts.ID
}

func (v *verifier) keysOf(c *contacts.Contact) []contacts.Key {
	return contacts.Keys(nil, c, v.unique...)
}

func (v *verifier) found(d Difference) {
	if len(v.rep.Differences) < maxDifferences {
		v.rep.Differences = append(v.rep.Differences, d)
	}
}

// log reads the whole log in order. The first time it checks its chain.
func (v *verifier) log(ctx context.Context) error {
	if v.again {
		for _, e := range v.entries(ctx) {
			if e != nil {
				v.past.add(e)
			}
		}
		return v.err
	}
	var prev [32]byte
	var last int64
	broken := false // the entry before could not be read
	for seq, e := range v.entries(ctx) {
		if seq != last+1 {
			v.found(Difference{Code: "log_gap", Seq: last + 1})
		}
		if e == nil {
			v.found(Difference{Code: "log_damaged", Seq: seq})
			last, broken = seq, true
			continue
		}
		if !broken && store.Chain(prev, v.s.ws(), e) != e.Hash {
			v.found(Difference{Code: "log_hash", Seq: e.Seq, ID: e.Act})
		}
		prev, last, broken = e.Hash, e.Seq, false
		if slices.ContainsFunc(v.heads[e.Seq], func(h LogHead) bool { return h.Hash != e.Hash }) {
			v.found(Difference{Code: "log_cut", Seq: e.Seq})
		}
		delete(v.heads, e.Seq)
		v.past.add(e)
		v.rep.Entries++
	}
	for _, seq := range slices.Sorted(maps.Keys(v.heads)) {
		v.found(Difference{Code: "log_cut", Seq: seq})
	}
	return v.err
}

// acts checks that every act has its first entry where it says and when it
// says, and is what its last entry left; that every entry has its act, and that
// the acts which were undone are marked.
func (v *verifier) acts(ctx context.Context) error {
	if v.past.ofActs.done {
		return nil
	}
	q := store.ActQuery{Limit: chunk}
	var undos []contacts.Act // those that undo another, the newest first
	targets := map[contacts.ID]bool{}
	for {
		acts, err := v.s.st().Acts(ctx, v.s.ws(), q)
		if err != nil {
			return err
		}
		for _, a := range acts {
			if !v.again {
				v.rep.Acts++
				if a.Undoes != "" || a.UndoneBy != "" || targets[a.ID] {
					undos = append(undos, a)
					targets[a.Undoes] = true
				}
			}
			q.Before = a.Seq
			if !v.past.ofActs.has(a.ID) {
				continue
			}
			entries := v.past.acts[a.ID]
			if entries.first != a.Seq || !entries.at.Equal(a.At) {
				v.found(Difference{Code: "act_entry", ID: a.ID, Seq: a.Seq})
			}
			if store.ActSum(&a) != entries.sum {
				v.found(Difference{Code: "act_altered", ID: a.ID, Seq: a.Seq})
			}
			if a.Counts.Created != entries.created {
				v.found(Difference{Code: "act_counts", ID: a.ID, Seq: a.Seq})
			}
			delete(v.past.acts, a.ID)
		}
		if len(acts) < q.Limit {
			break
		}
	}
	left := map[contacts.ID]int64{}
	for id, entries := range v.past.acts {
		left[id] = entries.first
	}
	v.foundAll("log_act", left)
	v.undone(undos)
	return nil
}

// undone works out anew which acts stand: of those that undo another, were
// undone or are named by one that undoes.
func (v *verifier) undone(newest []contacts.Act) {
	byID := map[contacts.ID]contacts.Act{}
	for _, a := range slices.Backward(newest) {
		a.UndoneBy = ""
		if a.Undoes != "" {
			marks, err := store.UndoMarks(&a, func(id contacts.ID) (contacts.Act, bool, error) { b, ok := byID[id]; return b, ok, nil })
			if err != nil {
				v.found(Difference{Code: "act_undone", ID: a.ID, Seq: a.Seq})
			}
			for _, m := range marks {
				b := byID[m.Act]
				b.UndoneBy = m.UndoneBy
				byID[m.Act] = b
			}
		}
		byID[a.ID] = a
	}
	for _, a := range newest {
		if byID[a.ID].UndoneBy != a.UndoneBy {
			v.found(Difference{Code: "act_undone", ID: a.ID, Seq: a.Seq})
		}
	}
}

// foundAll reports what was not met where it must be, in the order of ids.
func (v *verifier) foundAll(code string, left map[contacts.ID]int64) {
	for _, id := range slices.Sorted(maps.Keys(left)) {
		v.found(Difference{Code: code, ID: id, Seq: left[id]})
	}
}

// contacts checks every contact against its keys, its pointers and the log.
func (v *verifier) contacts(ctx context.Context) error {
	if v.past.of.done {
		return nil
	}
	var batch []*contacts.Contact
	for _, id := range v.unreadable {
		delete(v.past.lives, id)
	}
	for c, err := range v.scan(ctx) {
		if err != nil {
			return err
		}
		v.rep.Contacts++
		if c.State == contacts.Live {
			v.rep.Live++
		}
		v.life(c)
		delete(v.past.lives, c.ID)
		if batch = append(batch, c); len(batch) == chunk {
			if err := v.batch(ctx, batch); err != nil {
				return err
			}
			batch = batch[:0]
		}
	}
	if err := v.batch(ctx, batch); err != nil {
		return err
	}
	missing := map[contacts.ID]int64{}
	for id, l := range v.past.lives {
		if l.born > 0 {
			missing[id] = l.born
		}
	}
	v.foundAll("contact_missing", missing)
	return nil
}

func (v *verifier) batch(ctx context.Context, batch []*contacts.Contact) error {
	if len(batch) == 0 {
		return nil
	}
	var keys []contacts.Key
	var of []*contacts.Contact
	for _, c := range batch {
		n := len(keys)
		keys = contacts.Keys(keys, c, v.unique...)
		if store.CheckKeys(keys[n:]...) != nil { // damaged: no store holds such a key
			v.found(Difference{Code: "not_normal", ID: c.ID})
			keys = slices.DeleteFunc(keys, func(k contacts.Key) bool { return store.CheckKeys(k) != nil })
		}
		for range keys[n:] {
			of = append(of, c)
		}
		if !c.Clone().Normalize().Equal(c) {
			v.found(Difference{Code: "not_normal", ID: c.ID})
		}
		if c.State == contacts.Merged {
			if err := v.pointer(ctx, c); err != nil {
				return err
			}
		}
	}
	holders, err := v.s.st().Lookup(ctx, v.s.ws(), keys...)
	if err != nil {
		return err
	}
	var strangers []contacts.ID
	strange := map[contacts.ID][]contacts.Key{}
	for i, ids := range holders {
		if !slices.Contains(ids, of[i].ID) {
			v.found(Difference{Code: "key_missing", ID: of[i].ID, Path: string(keys[i].Kind)})
		}
		for _, id := range ids {
			if id != of[i].ID {
				strangers = append(strangers, id)
				strange[id] = append(strange[id], keys[i])
			}
		}
	}
	strangers = slices.Compact(slices.Sorted(slices.Values(strangers)))
	strangers = slices.DeleteFunc(strangers, func(id contacts.ID) bool {
		if store.CheckIDs(id) == nil {
			return false
		}
		v.found(Difference{Code: "key_foreign", Path: string(strange[id][0].Kind)}) // no contact can have such an id
		return true
	})
	for part := range slices.Chunk(strangers, chunk) {
		cs, err := v.s.st().Contacts(ctx, v.s.ws(), part...)
		if errors.Is(err, contacts.ErrEncoding) {
			continue // Check names both
		}
		if err != nil {
			return err
		}
		for i, c := range cs {
			var own []contacts.Key
			if c != nil {
				own = contacts.Keys(nil, c, v.unique...)
			}
			for _, k := range strange[part[i]] {
				if !slices.Contains(own, k) {
					v.found(Difference{Code: "key_foreign", ID: part[i], Path: string(k.Kind)})
				}
			}
		}
	}
	return nil
}

func (v *verifier) pointer(ctx context.Context, c *contacts.Contact) error {
	if len(v.unreadable) > 0 {
		return nil // which of them it leads to cannot be known
	}
	to, err := v.s.survivors(ctx, []contacts.ID{c.ID})
	if err != nil {
		return err
	}
	end, err := v.s.st().Contacts(ctx, v.s.ws(), to[c.ID])
	if err != nil {
		return err
	}
	switch {
	case end[0] == nil:
		v.found(Difference{Code: "merged_into_missing", ID: c.ID})
	case end[0].State == contacts.Merged:
		v.found(Difference{Code: "merge_circle", ID: c.ID})
	}
	return nil
}

// searchProbes is how many contacts Verify looks for by their names.
const searchProbes = 20

// search compares the answers of the store's own engine with what it holds.
func (v *verifier) search(ctx context.Context) error {
	if len(v.unreadable) > 0 {
		return nil
	}
	probes := map[string]contacts.ID{}
	every := max(1, v.rep.Live/searchProbes)
	n := 0
	for c, err := range v.s.st().Scan(ctx, v.s.ws(), "") {
		if err != nil {
			return err
		}
		if c.State != contacts.Live {
			continue
		}
		if n++; n%every == 0 {
			probes[c.LastName] = c.ID
		}
	}
	for name, id := range probes {
		q, err := search.New(search.Phrase(name), search.Options{})
		if err != nil || len(q.Needs()) == 0 {
			continue // a name without a letter or digit
		}
		hit := false
		for c, err := range store.Matches(ctx, v.s.st(), v.s.ws(), q, nil) {
			if err != nil {
				return err
			}
			if hit = c.ID == id; hit {
				break
			}
		}
		if !hit {
			v.found(Difference{Code: "search_missing", ID: id})
		}
	}
	return nil
}
