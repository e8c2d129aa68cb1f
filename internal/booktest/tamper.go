package booktest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// forged is a store whose log somebody altered.
type forged struct {
	store.Store
	entries []contacts.Entry
}

func (f *forged) Log(ctx context.Context, workspace string, q store.LogQuery) ([]contacts.Entry, error) {
	var out []contacts.Entry
	for _, e := range f.entries {
		if e.Seq > q.After && (q.Before == 0 || e.Seq < q.Before) && q.Contact == "" && q.Act == "" {
			out = append(out, e)
		}
	}
	if q.Newest {
		slices.Reverse(out)
	}
	if q.Limit > 0 && len(out) > q.Limit {
		out = out[:q.Limit]
	}
	return out, nil
}

// Tampering verifies a log that was altered in one place, n times over: a field
// of an entry or of a change, the order, an entry left out, put in twice or cut
// off the end. Every one must show.
func Tampering(t *testing.T, st store.Store, n int) {
	k := &kit{T: t, ctx: t.Context(), st: st, clock: time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)}
	k.book = k.open(extcontacts.Options{})
	k.s = k.as("agent-1")
	a, b := k.create(person("Ann Lee", "+85291234567")), k.create(person("Anne Lee", "+85291234567"))
	for i := range 8 {
		k.edit(a.ID, func(c *contacts.Contact) { c.Team = fmt.Sprint("team ", i) })
	}
	k.merge(a.ID, b.ID)
	head, err := k.s.Head(k.ctx)
	k.must(err)
	if again, err := extcontacts.ParseLogHead(head.String()); err != nil || again != head {
		k.Fatalf("head %v reads back as %v (%v)", head, again, err)
	}
	honest, err := st.Log(k.ctx, "acme", store.LogQuery{Limit: 1000})
	k.must(err)
	r := rand.New(rand.NewPCG(1, 2))
	missed := map[string]int{}
	for range n {
		f := &forged{Store: st}
		for _, e := range honest {
			e.Changes = slices.Clone(e.Changes)
			f.entries = append(f.entries, e)
		}
		how := alter(r, f)
		book, err := extcontacts.Open(k.ctx, f, extcontacts.Options{Workspace: "acme"})
		k.must(err)
		rep, err := book.As(contacts.Actor{ID: "auditor"}).Verify(k.ctx, head)
		k.must(err)
		if len(rep.Differences) == 0 {
			missed[how]++
		}
	}
	for how, times := range missed {
		k.Errorf("%s was not noticed %d times", how, times)
	}
	honestBook, err := extcontacts.Open(k.ctx, &forged{Store: st, entries: honest}, extcontacts.Options{Workspace: "acme"})
	k.must(err)
	rep, err := honestBook.As(contacts.Actor{ID: "auditor"}).Verify(k.ctx, head)
	k.must(err)
	if len(rep.Differences) > 0 {
		k.Errorf("the honest log differs: %+v", rep.Differences)
	}
	head.Workspace = "other"
	_, err = k.s.Verify(k.ctx, head)
	k.wantCode(err, "head_invalid")
}

// alter alters the log in one place and says how.
func alter(r *rand.Rand, f *forged) string {
	i := r.IntN(len(f.entries))
	e := &f.entries[i]
	flip := func(s string) string {
		if s == "" {
			return "x"
		}
		b := []byte(s)
		b[r.IntN(len(b))] ^= byte(1 + r.IntN(127))
		return string(b)
	}
	switch how := r.IntN(12); how {
	case 0:
		e.Act = contacts.ID(flip(string(e.Act)))
		return "another act"
	case 1:
		e.Part += 1 + r.IntN(3)
		return "another part"
	case 2:
		e.At = e.At.Add(time.Duration(1+r.IntN(1e6)) * time.Microsecond)
		return "another time"
	case 3:
		e.Hash[r.IntN(32)] ^= byte(1 + r.IntN(255))
		return "another hash"
	case 4:
		f.entries = slices.Delete(f.entries, i, i+1)
		return "an entry left out"
	case 5:
		f.entries = f.entries[:i]
		return "a cut tail"
	case 6:
		j := r.IntN(len(f.entries) - 1)
		f.entries[j].Changes, f.entries[j+1].Changes = f.entries[j+1].Changes, f.entries[j].Changes
		return "two entries' changes in another order"
	case 7: // all of the hashes made anew
		e.At = e.At.Add(time.Microsecond)
		var prev [32]byte
		for i := range f.entries {
			f.entries[i].Hash = store.Chain(prev, "acme", &f.entries[i])
			prev = f.entries[i].Hash
		}
		return "a chain made anew"
	}
	ch := &e.Changes[r.IntN(len(e.Changes))]
	switch r.IntN(5) {
	case 0:
		ch.Contact = contacts.ID(flip(string(ch.Contact)))
		return "another contact"
	case 1:
		ch.Path = flip(ch.Path)
		return "another path"
	case 2:
		ch.Old = flip(ch.Old)
		return "another old value"
	case 3:
		ch.New = flip(ch.New)
		return "another new value"
	}
	ch.From = contacts.ID(flip(string(ch.From)))
	return "another source"
}
