package booktest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// Canary makes n calls of any method by any kind of actor, with ids, acts,
// activities, queries and tokens of another workspace among their arguments,
// and looks whether anything of that workspace shows in an answer or an error,
// or was changed.
func Canary(t *testing.T, open func(t *testing.T) store.Store, n int) {
	rows := matrixRows()
	names := make([]string, 0, len(rows))
	for name, row := range rows {
		if row.prepare == nil && name != "FollowEvents" && name != "Import2" { // that waits, and that brings the names in
			names = append(names, name)
		}
	}
	slices.Sort(names)
	r := rand.New(rand.NewPCG(7, 11))
	pick := func(list ...contacts.ID) contacts.ID { return list[r.IntN(len(list))] }
	var w *world
	var st store.Store
	foreign := ""
	for i := range n {
		if i%500 == 0 {
			if st != nil {
				if now := w.foreignDump(t); now != foreign {
					t.Fatal("the other workspace was changed")
				}
				if err := st.Close(); err != nil {
					t.Fatal(err)
				}
			}
			st = open(t)
			w = newWorld(t, st, matrixOwners[r.IntN(len(matrixOwners))], true, i)
			foreign = w.foreignDump(t)
		}
		actor := contacts.Actor{ID: "actor", Roles: []string{matrixRoles[r.IntN(len(matrixRoles))]}}
		if r.IntN(3) == 0 {
			actor.Enquiry = &contacts.EnquiryContext{Contact: w.target.ID, Status: matrixStatuses[1+r.IntN(4)]}
		}
		c := &cell{world: w, s: w.home.As(actor), admin: w.home.As(contacts.Actor{ID: "root", Roles: []string{"admin"}}), actor: actor}
		c.id, c.act, c.visit = pick(w.target.ID, w.target.ID, w.friend.ID, "nobody"), pick(w.edit, w.edit, "nothing"), pick(w.visit, "nowhere")
		name := names[r.IntN(len(names))]
		var out any
		var err error
		if r.IntN(4) == 0 {
			name = "Search"
			query := fmt.Sprintf([]string{"%s", "id=%s", "team:%s", "email:%s OR x", "-name:%s", "act:%s", "last_activity:* %s"}[r.IntN(7)],
				[]string{canaryName, string(w.target.ID), canaryPhone, canaryEmail + "example.com", string(w.edit)}[r.IntN(5)])
			out, err = all(c.s.List(w.ctx, extcontacts.External, query))
		} else {
			out, err = rows[name].call(c)
		}
		if name == "Merge" { // its answer may repeat what the caller gave
			out = nil
		}
		said := jsonOf(out) + text(err)
		if strings.Contains(said, canaryName) || strings.Contains(said, canaryEmail) && !strings.Contains(name, "Create") && !strings.Contains(name, "Opt") && !strings.Contains(name, "Import") {
			t.Fatalf("call %d, %s as %+v: the other workspace shows: %s", i, name, actor, said)
		}
	}
}

// foreignDump is all that the other workspace holds.
func (w *world) foreignDump(t *testing.T) string {
	t.Helper()
	other := *w
	other.ws = "foreign " + w.ws
	return other.dump(t)
}
