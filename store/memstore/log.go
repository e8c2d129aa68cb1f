package memstore

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// changeLog holds the entries; that of Seq n is entries[n-1].
type changeLog struct {
	entries []entry // only ever appended to
	// later has, for each contact, its entries but the first, which is in the
	// contact's row. A contact that was only created costs nothing here.
	later map[contacts.ID][]int64
}

// entry is an entry of the log with its changes encoded.
type entry struct {
	act    contacts.ID
	part   int
	at     time.Time
	body   []byte
	actSum [32]byte
	hash   [32]byte
}

// append adds an entry and enters it with each contact that it changes.
func (l *changeLog) append(e entry, changes []contacts.Change, t *table) {
	l.entries = append(l.entries, e)
	seq := int64(len(l.entries))
	for i := range changes {
		id := changes[i].Contact
		if id == "" || i > 0 && id == changes[i-1].Contact {
			continue
		}
		if r := t.find(id); r != nil && (r.first == 0 && len(l.later[id]) == 0 || r.first == seq) {
			r.first = seq
			continue
		}
		if list := l.later[id]; len(list) == 0 || list[len(list)-1] != seq {
			l.later[id] = append(list, seq)
		}
	}
}

// of returns the entries with changes of a contact.
func (l *changeLog) of(id contacts.ID, t *table) []int64 {
	var seqs []int64
	if r := t.find(id); r != nil && r.first != 0 {
		seqs = append(seqs, r.first)
	}
	return append(seqs, l.later[id]...)
}

// numbered is an entry with its place.
type numbered struct {
	seq int64
	entry
}

// Log implements [store.Store].
func (s *Store) Log(ctx context.Context, workspace string, q store.LogQuery) ([]contacts.Entry, error) {
	sp, err := s.begin(ctx, workspace)
	if err != nil {
		return nil, err
	}
	if err := q.Check(); err != nil {
		return nil, err
	}
	if sp == nil {
		return nil, nil
	}
	found := sp.selectEntries(q)
	out := make([]contacts.Entry, len(found))
	for i, n := range found {
		var changes []contacts.Change
		if q.Contact != "" {
			changes, err = store.DecodeChangesOf(n.body, q.Contact)
		} else {
			changes, err = store.DecodeChanges(n.body)
		}
		if err != nil {
			return nil, err
		}
		out[i] = contacts.Entry{Seq: n.seq, Act: n.act, Part: n.part, At: n.at, Changes: changes, ActSum: n.actSum, Hash: n.hash}
	}
	return out, nil
}

// selectEntries finds the entries of a query; they are decoded without a lock.
func (sp *space) selectEntries(q store.LogQuery) []numbered {
	sp.mu.RLock()
	defer sp.mu.RUnlock()
	limit := cmp.Or(q.Limit, store.DefaultLimit)
	low, high := q.After+1, int64(len(sp.log.entries)) // both inclusive
	if q.Before > 0 {
		high = min(high, q.Before-1)
	}
	var out []numbered
	take := func(seq int64) bool {
		e := &sp.log.entries[seq-1]
		if q.Act == "" || e.act == q.Act {
			out = append(out, numbered{seq, *e})
		}
		return len(out) < limit
	}
	if q.Contact == "" && q.Act == "" {
		if q.Newest {
			for seq := high; seq >= low && take(seq); seq-- {
			}
		} else {
			for seq := low; seq <= high && take(seq); seq++ {
			}
		}
		return out
	}
	var seqs []int64
	if q.Contact != "" {
		seqs = sp.log.of(q.Contact, &sp.contacts)
	} else {
		seqs = sp.acts.entries(q.Act)
	}
	if q.Newest {
		slices.Reverse(seqs)
	}
	for _, seq := range seqs {
		if seq >= low && seq <= high && !take(seq) {
			break
		}
	}
	return out
}
