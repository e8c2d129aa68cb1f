package extcontacts

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
	"github.com/extcontacts/extcontacts/store/memstore"
)

// altered is a store of which somebody altered contacts, acts and the log.
type altered struct {
	store.Store
	log    func(*contacts.Entry)        // alters an entry
	act    func(*contacts.Act)          // alters an act
	person func(*contacts.Contact) bool // alters a contact; false takes it away
}

func (s *altered) Log(ctx context.Context, ws string, q store.LogQuery) ([]contacts.Entry, error) {
	list, err := s.Store.Log(ctx, ws, q)
	for i := range list {
		if list[i].Changes = slices.Clone(list[i].Changes); s.log != nil {
			s.log(&list[i])
		}
	}
	return list, err
}

func (s *altered) Acts(ctx context.Context, ws string, q store.ActQuery) ([]contacts.Act, error) {
	list, err := s.Store.Acts(ctx, ws, q)
	for i := range list {
		if s.act != nil {
			s.act(&list[i])
		}
	}
	return list, err
}

func (s *altered) Scan(ctx context.Context, ws string, after contacts.ID) iter.Seq2[*contacts.Contact, error] {
	return func(yield func(*contacts.Contact, error) bool) {
		for c, err := range s.Store.Scan(ctx, ws, after) {
			if err == nil && s.person != nil && !s.person(c) {
				continue
			}
			if !yield(c, err) {
				return
			}
		}
	}
}

// A book of which the log is kept in parts has the differences that it has
// where it is kept whole.
func TestVerifyParts(t *testing.T) {
	ctx, st := context.Background(), memstore.New()
	defer st.Close()
	book, err := Open(ctx, st, Options{Workspace: "w"})
	if err != nil {
		t.Fatal(err)
	}
	s := book.As(contacts.Actor{ID: "a"})
	var file strings.Builder
	file.WriteString("First name,Last name,Email,City\n")
	for i := range 120 {
		fmt.Fprintf(&file, "Ann%d,Lee,a%d@example.com,\n", i, i)
	}
	if _, err := s.Import(ctx, strings.NewReader(file.String()), ImportOptions{BatchRows: 50}); err != nil {
		t.Fatal(err)
	}
	var ids []contacts.ID
	for c, err := range st.Scan(ctx, "w", "") {
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, c.ID)
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	var acts []contacts.ID
	for i := range 200 {
		id := ids[rnd.IntN(len(ids))]
		switch n := rnd.IntN(20); {
		case n < 14:
			_, err = s.Edit(ctx, id, 0, func(c *contacts.Contact) error { c.Address.City = fmt.Sprint("city", i%7); return nil })
		case n < 16:
			var act contacts.Act
			if act, err = s.Delete(ctx, id); err == nil {
				acts = append(acts, act.ID)
			}
		case n < 18:
			if plan, cannot := s.PlanMerge(ctx, id, ids[rnd.IntN(len(ids)):][:1]); cannot == nil {
				_, err = s.Merge(ctx, plan)
			}
		case n < 19:
			_, err = s.Erase(ctx, id)
		case len(acts) > 0:
			if plan, cannot := s.PlanUndo(ctx, acts[rnd.IntN(len(acts))]); cannot == nil {
				_, err = s.Undo(ctx, plan)
			}
		}
		_ = err // what cannot be done to this contact is not done
	}
	check := func(st store.Store, room int) []Difference {
		t.Helper()
		book, err := Open(ctx, st, Options{Workspace: "w"})
		if err != nil {
			t.Fatal(err)
		}
		rep, err := book.As(contacts.Actor{ID: "a"}).verify(ctx, room, nil)
		if err != nil {
			t.Fatal(err)
		}
		slices.SortFunc(rep.Differences, func(a, b Difference) int {
			return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Seq, b.Seq), cmp.Compare(a.Path, b.Path))
		})
		return append(rep.Differences, Difference{Code: fmt.Sprint(rep.Contacts, rep.Live, rep.Acts, rep.Entries)})
	}
	seen := map[string]bool{}
	for i := range 30 {
		one := func(n int) bool { return rnd.IntN(n) == 0 }
		seed := rnd.Uint64()
		// The same alteration at each reading: it depends on the id alone.
		hit := func(what string, id contacts.ID, n uint64) bool {
			return (hashID(contacts.ID(what)+id)^seed)*0x9e3779b97f4a7c15>>32%n == 0
		}
		x := &altered{Store: st}
		if i > 0 && one(2) {
			x.person = func(c *contacts.Contact) bool {
				if hit("city", c.ID, 20) {
					c.Address.City += "x"
				}
				if hit("rev", c.ID, 20) {
					c.Rev++
				}
				return !hit("gone", c.ID, 20)
			}
		}
		if i > 0 && one(2) {
			x.act = func(a *contacts.Act) {
				if hit("act", a.ID, 20) {
					a.Actor += "x"
				}
				if hit("undone", a.ID, 20) {
					a.UndoneBy = "x"
				}
			}
		}
		if i > 0 && one(2) {
			x.log = func(e *contacts.Entry) {
				if hit("new act", e.Act, 20) {
					e.Act += "x"
				}
				for j := range e.Changes {
					if ch := &e.Changes[j]; hit("new contact", ch.Contact, 30) {
						ch.Contact += "\xff"
					}
				}
			}
		}
		whole := check(x, 1<<30)
		for _, room := range []int{1, 3_000, 20_000}[min(i, 1):] {
			if got := check(x, room); !slices.Equal(got, whole) {
				t.Fatalf("room %d: %d differences\n%v\nwhole, %d\n%v", room, len(got)-1, got, len(whole)-1, whole)
			}
		}
		for _, d := range whole {
			seen[d.Code] = true
		}
		if i == 0 && len(whole) != 1 {
			t.Fatalf("nothing was altered: %v", whole)
		}
	}
	for _, code := range []string{"contact_missing", "contact_unlogged", "contact_rev", "contact_created", "log_value", "log_hash", "log_act", "act_entry", "act_altered", "act_undone"} {
		if !seen[code] {
			t.Errorf("no %s among the differences", code)
		}
	}
}
