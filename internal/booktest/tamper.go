package booktest

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// forged is a store of which somebody altered the log, the acts or the
// contacts.
type forged struct {
	store.Store
	entries []contacts.Entry
	acts    []contacts.Act      // the newest first
	people  []*contacts.Contact // by ascending id
}

// forge returns a copy of what a store holds.
func forge(k *kit) *forged {
	f := &forged{Store: k.st}
	var err error
	f.entries, err = k.st.Log(k.ctx, "acme", store.LogQuery{Limit: 1000})
	k.must(err)
	f.acts, err = k.st.Acts(k.ctx, "acme", store.ActQuery{Limit: 1000})
	k.must(err)
	for c, err := range k.st.Scan(k.ctx, "acme", "") {
		k.must(err)
		f.people = append(f.people, c)
	}
	return f
}

func (f *forged) clone() *forged {
	g := &forged{Store: f.Store, entries: slices.Clone(f.entries), acts: slices.Clone(f.acts)}
	for i := range g.entries {
		g.entries[i].Changes = slices.Clone(g.entries[i].Changes)
	}
	for _, c := range f.people {
		g.people = append(g.people, c.Clone())
	}
	return g
}

func (f *forged) Acts(_ context.Context, _ string, q store.ActQuery) ([]contacts.Act, error) {
	var out []contacts.Act
	for _, a := range f.acts {
		if len(q.IDs) == 0 && (q.Before == 0 || a.Seq < q.Before) || slices.Contains(q.IDs, a.ID) {
			out = append(out, a)
		}
	}
	return out, nil
}

func (f *forged) Contacts(_ context.Context, _ string, ids ...contacts.ID) ([]*contacts.Contact, error) {
	out := make([]*contacts.Contact, len(ids))
	for i, id := range ids {
		if at := slices.IndexFunc(f.people, func(c *contacts.Contact) bool { return c.ID == id }); at >= 0 {
			out[i] = f.people[at].Clone()
		}
	}
	return out, nil
}

func (f *forged) Scan(_ context.Context, _ string, after contacts.ID) iter.Seq2[*contacts.Contact, error] {
	return func(yield func(*contacts.Contact, error) bool) {
		for _, c := range f.people {
			if c.ID > after && !yield(c.Clone(), nil) {
				return
			}
		}
	}
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

// Tampering verifies a book that was altered in one place, n times over: a field
// of an entry, of a change or of an act, what a contact was created with or
// holds, the order, an entry left out or cut off the end. Every one must show.
func Tampering(t *testing.T, st store.Store, n int) {
	k := &kit{T: t, ctx: t.Context(), st: st, clock: time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)}
	k.book = k.open(extcontacts.Options{})
	k.s = k.as("agent-1")
	a, b := k.create(person("Ann Lee", "+85291234567")), k.create(person("Anne Lee", "+85291234567"))
	c, d := k.create(person("Bob Ray", "+85297654321")), k.create(person("Cid Poe", "+85293333333"))
	k.edit(d.ID, func(c *contacts.Contact) { c.Company = "Acme" })
	for i := range 8 {
		k.edit(a.ID, func(c *contacts.Contact) { c.Team = fmt.Sprint("team ", i) })
	}
	undone := k.merge(a.ID, b.ID)
	plan, err := k.s.PlanUndo(k.ctx, undone.ID)
	k.must(err)
	_, err = k.s.Undo(k.ctx, plan)
	k.must(err)
	k.merge(a.ID, b.ID)
	_, err = k.s.Erase(k.ctx, c.ID)
	k.must(err)
	head, err := k.s.Head(k.ctx)
	k.must(err)
	if again, err := extcontacts.ParseLogHead(head.String()); err != nil || again != head {
		k.Fatalf("head %v reads back as %v (%v)", head, again, err)
	}
	honest := forge(k)
	r := rand.New(rand.NewPCG(1, 2))
	missed, found := map[string]int{}, map[string]int{}
	for range n {
		f := honest.clone()
		how := alter(r, f)
		book, err := extcontacts.Open(k.ctx, f, extcontacts.Options{Workspace: "acme"})
		k.must(err)
		rep, err := book.As(contacts.Actor{ID: "auditor"}).Verify(k.ctx, head)
		k.must(err)
		if len(rep.Differences) == 0 {
			missed[how]++
		}
		for _, d := range rep.Differences {
			found[d.Code]++
		}
	}
	k.Logf("what showed %d alterations: %v", n, found)
	for how, times := range missed {
		k.Errorf("%s was not noticed %d times", how, times)
	}
	honestBook, err := extcontacts.Open(k.ctx, honest, extcontacts.Options{Workspace: "acme"})
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

// alter alters a book in one place and says how.
func alter(r *rand.Rand, f *forged) string {
	switch r.IntN(5) {
	case 0, 1, 2:
		return alterLog(r, f)
	case 3:
		i := r.IntN(len(f.acts))
		return alterAct(r, &f.acts[i])
	}
	return alterPeople(r, f)
}

// alterAct alters one field of an act.
func alterAct(r *rand.Rand, a *contacts.Act) string {
	switch r.IntN(8) {
	case 0:
		a.ID += "x"
		return "an act's id"
	case 1:
		a.Kind += "x"
		return "an act's kind"
	case 2:
		a.Actor += "x"
		return "an act's actor"
	case 3:
		a.At = a.At.Add(time.Duration(1+r.IntN(1e6)) * time.Microsecond)
		return "an act's time"
	case 4:
		a.Source += "x"
		return "an act's source"
	case 5:
		n := &a.Counts
		counts := [...]*int{&n.Rows, &n.Created, &n.Updated, &n.Unchanged, &n.Skipped, &n.Rejected, &n.Deleted, &n.Merged, &n.Restored}
		*counts[r.IntN(len(counts))] += 1 + r.IntN(3)
		return "an act's counts"
	case 6:
		a.Undoes += "x"
		return "what an act undoes"
	}
	a.UndoneBy += "x"
	return "what undid an act"
}

// alterPeople alters one thing of a contact that its keys say nothing of, or
// puts one in or takes one away.
func alterPeople(r *rand.Rand, f *forged) string {
	i := r.IntN(len(f.people))
	c := f.people[i]
	switch r.IntN(10) {
	case 0:
		c.Company += "x"
		return "a company"
	case 1:
		c.JobTitle = "Head of Forgery"
		return "a job title"
	case 2:
		c.Labels = append(c.Labels, "forged")
		c.Normalize()
		return "a label"
	case 3:
		c.Language = contacts.MustParseLanguage("de")
		return "a language"
	case 4:
		c.Rev++
		return "a revision"
	case 5:
		c.CreatedAt = c.CreatedAt.Add(time.Duration(1+r.IntN(1e6)) * time.Microsecond)
		return "the time of a creation"
	case 6:
		c.UpdatedAt = c.UpdatedAt.Add(time.Duration(1+r.IntN(1e6)) * time.Microsecond)
		return "the time of the last write"
	case 7:
		if c.State == contacts.Erased { // whose a tombstone is, nothing tells
			c.FirstName = "x"
			return "a name of somebody erased"
		}
		c.Owner += "x"
		return "an owner"
	case 8:
		f.people = slices.Delete(f.people, i, i+1)
		return "a contact taken away"
	}
	if c.State == contacts.Erased {
		c.State = contacts.Live
		return "an erased contact made live"
	}
	f.people[i] = &contacts.Contact{ID: c.ID, Rev: c.Rev, State: contacts.Erased, Owner: c.Owner, CreatedAt: c.CreatedAt, UpdatedAt: c.UpdatedAt}
	return "a contact emptied as if erased"
}

// alterLog alters the log in one place and says how.
func alterLog(r *rand.Rand, f *forged) string {
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
	switch how := r.IntN(14); how {
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
	case 7:
		e.ActSum[r.IntN(32)] ^= byte(1 + r.IntN(255))
		return "another sum of the act"
	case 8: // all of the hashes made anew, and the sums
		act := &f.acts[len(f.acts)-1-i%len(f.acts)]
		act.Actor = "somebody else"
		for i := range f.entries {
			if e := &f.entries[i]; e.Act == act.ID {
				e.ActSum = store.ActSum(act)
			}
		}
		var prev [32]byte
		for i := range f.entries {
			f.entries[i].Hash = store.Chain(prev, "acme", &f.entries[i])
			prev = f.entries[i].Hash
		}
		return "a chain made anew"
	}
	ch := &e.Changes[r.IntN(len(e.Changes))]
	switch r.IntN(7) {
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
	case 4:
		ch.Seal = flip(ch.Seal)
		return "another seal"
	case 5:
		if before := *ch; !store.IsErased(ch) {
			if store.EraseChange(ch); *ch != before {
				return "values taken as if erased"
			}
		}
	}
	ch.From = contacts.ID(flip(string(ch.From)))
	return "another source"
}
