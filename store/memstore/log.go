package memstore

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// changeLog holds the entries; that of Seq n is the element n-1.
type changeLog struct {
	entries list[*entry]
	// strange has the entries of ids that changes name although there is no such
	// contact; those of a contact are in its row. A contact that was only
	// created costs nothing but that.
	strange sync.Map // contacts.ID -> *list[int64]
}

// entry is an entry of the log with its changes encoded.
type entry struct {
	act    contacts.ID
	part   int
	at     time.Time
	body   atomic.Pointer[[]byte] // another one when values are erased
	actSum [32]byte
	hash   [32]byte
}

func (l *changeLog) entry(seq int64) *entry { return l.entries.all()[seq-1] }

// head is the Seq of the last entry, for the writer.
func (l *changeLog) head() int64 { return int64(len(l.entries.all())) }

// append adds an entry with the encoded changes, and enters it with each
// contact that it changes.
func (l *changeLog) append(e *contacts.Entry, body []byte, hash [32]byte, t *table) {
	n := &entry{act: e.Act, part: e.Part, at: e.At, actSum: e.ActSum, hash: hash}
	n.body.Store(&body)
	l.entries.push(n)
	seq := l.head()
	for i := range e.Changes {
		id := e.Changes[i].Contact
		if id == "" || i > 0 && id == e.Changes[i-1].Contact {
			continue
		}
		of := l.others(id, t)
		if of == nil {
			continue
		}
		if all := of.all(); len(all) == 0 || all[len(all)-1] != seq {
			of.push(seq)
		}
	}
}

// others is the list to which the entry that was just appended belongs, nil
// where it is the first of a contact.
func (l *changeLog) others(id contacts.ID, t *table) *list[int64] {
	if r := t.find(id); r != nil {
		if seq := l.head(); r.first.CompareAndSwap(0, seq) || r.first.Load() == seq {
			return nil
		}
		return &r.later
	}
	strange, _ := l.strange.LoadOrStore(id, &list[int64]{})
	return strange.(*list[int64])
}

// of returns the entries with changes of a contact.
func (l *changeLog) of(id contacts.ID, t *table) []int64 {
	var seqs []int64
	if strange, ok := l.strange.Load(id); ok { // before there was such a contact
		seqs = append(seqs, strange.(*list[int64]).all()...)
	}
	if r := t.find(id); r != nil {
		if first := r.first.Load(); first != 0 {
			seqs = append(seqs, first)
		}
		seqs = append(seqs, r.later.all()...)
	}
	return seqs
}

// numbered is an entry with its place.
type numbered struct {
	seq int64
	*entry
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
	var found []numbered
	sp.epoch.read(func(head int64) { found = sp.selectEntries(q, head) })
	out := make([]contacts.Entry, len(found))
	for i, n := range found {
		var changes []contacts.Change
		if q.Contact != "" {
			changes, err = store.DecodeChangesOf(*n.body.Load(), q.Contact)
		} else {
			changes, err = store.DecodeChanges(*n.body.Load())
		}
		if err != nil {
			return nil, err
		}
		out[i] = contacts.Entry{Seq: n.seq, Act: n.act, Part: n.part, At: n.at, Changes: changes, ActSum: n.actSum, Hash: n.hash}
	}
	return out, nil
}

// selectEntries finds the entries of a query up to the head.
func (sp *space) selectEntries(q store.LogQuery, head int64) []numbered {
	limit := cmp.Or(q.Limit, store.DefaultLimit)
	low, high := q.After+1, head // both inclusive
	if q.Before > 0 {
		high = min(high, q.Before-1)
	}
	var out []numbered
	take := func(seq int64) bool {
		e := sp.log.entry(seq)
		if q.Act == "" || e.act == q.Act {
			out = append(out, numbered{seq, e})
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
