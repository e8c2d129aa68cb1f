package booktest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/policy"
	"github.com/extcontacts/extcontacts/store"
)

// The actors of the matrix: their roles, the state of the enquiry they work
// in, whose the contact is, and in which workspace it lies.
var (
	matrixRoles    = []string{"", "viewer", "agent", "manager", "admin", "keeper", "masked", "guest"}
	matrixStatuses = []contacts.EnquiryStatus{"", contacts.EnquiryOpen, contacts.EnquiryHandling, contacts.EnquiryMissed, contacts.EnquiryClosed}
	matrixOwners   = []string{"own", "shared", "other", "nobody"}
)

func matrixPolicy() contacts.Policy {
	keeper := slices.DeleteFunc(policy.Admin(), func(r contacts.Right) bool {
		return r == contacts.RightDelete || r == contacts.RightErase || r == contacts.RightPurge
	})
	return policy.All{
		contacts.DefaultPolicy{},
		policy.Roles{"viewer": policy.Viewer(), "agent": policy.Agent(), "manager": policy.Manager(), "admin": policy.Admin(),
			"keeper": keeper, "masked": policy.Admin(), "guest": {contacts.RightView}},
		policy.Owned{Managers: []string{"admin", "keeper"}},
		policy.Masks{"masked": contacts.MaskPhones | contacts.MaskEmails | contacts.MaskSocials},
	}
}

// recordKinds are the kinds of records that a book keeps.
var recordKinds = []string{"schema", "distinct", "import", "enquiry", "asof", "suppressed", "secret", "query"}

// What stands in the target of the matrix and nowhere else.
const (
	canaryName  = "Canarybird"
	canaryPhone = "91234567"
	canaryEmail = "canary@"
)

// world is what the calls of the matrix work on.
type world struct {
	ctx    context.Context
	st     store.Store
	ws     string
	home   *extcontacts.Book // where the actors are
	ids    int
	clock  time.Time
	target *contacts.Contact // in the home workspace or in the foreign one
	friend *contacts.Contact // everybody's, with nothing to hide
	edit   contacts.ID       // an act that changed the target
	visit  contacts.ID       // an open enquiry of the target
	before string
}

// cell is one call: a method by an actor on a target.
type cell struct {
	*world
	s      *extcontacts.Session
	admin  *extcontacts.Session
	actor  contacts.Actor
	id     contacts.ID // the target's, or that of nobody
	act    contacts.ID
	visit  contacts.ID
	absent bool
}

// matrixRow says how a method is called and what it asks for.
type matrixRow struct {
	// needs are the rights: "RIGHT" on the target, "friend:RIGHT" on the friend,
	// "ws:RIGHT" on the workspace; "unmasked" for who must see every field.
	needs []string
	// filters says that the target is left out of the answer, or of what is
	// done, where a right is missing, rather than that the call fails.
	filters []string
	// prepare brings the world into the state that the call wants, as somebody
	// who may do everything.
	prepare func(c *cell) error
	// always prepares where the target is in another workspace, too.
	always bool
	call   func(c *cell) (any, error)
}

// Matrix calls every method of a Session as every kind of actor and compares
// what it answers with what the policy says, called by itself: a denied call
// changes nothing, names its rule where the target may be seen, and looks like
// one about a contact that does not exist where not. every thins the cells out:
// 1 takes all of them. It returns the number of cells.
func Matrix(t *testing.T, open func(t *testing.T) store.Store, every int) int {
	rows := matrixRows()
	session := reflect.TypeFor[*extcontacts.Session]()
	for i := range session.NumMethod() {
		if _, ok := rows[session.Method(i).Name]; !ok {
			t.Errorf("method Session.%s has no row in the matrix of rights", session.Method(i).Name)
		}
	}
	book := reflect.TypeFor[*extcontacts.Book]()
	for i := range book.NumMethod() {
		if name := book.Method(i).Name; name != "As" {
			t.Errorf("method Book.%s has no row in the matrix of rights", name)
		}
	}
	names := make([]string, 0, len(rows))
	for name := range rows {
		if _, ok := session.MethodByName(strings.TrimRight(name, "0123456789")); !ok {
			t.Errorf("the matrix has a row %s, which is no method", name)
		}
		names = append(names, name)
	}
	slices.Sort(names)
	n, cells := 0, 0
	for _, owner := range matrixOwners {
		for _, foreign := range []bool{false, true} {
			var w *world
			st := open(t)
			round := 0
			for _, name := range names {
				for _, role := range matrixRoles {
					for _, status := range matrixStatuses {
						if n++; n%every != 0 {
							continue
						}
						if w == nil {
							round++
							w = newWorld(t, st, owner, foreign, round)
						}
						cells++
						if !w.try(t, name, rows[name], role, status) {
							w = nil
						}
						if t.Failed() {
							t.Fatalf("%s as %q in enquiry %q, contact of %s, foreign %t", name, role, status, owner, foreign)
						}
					}
				}
			}
			if err := st.Close(); err != nil {
				t.Error(err)
			}
		}
	}
	return cells
}

// newWorld makes fresh workspaces of a store.
func newWorld(t *testing.T, st store.Store, owner string, foreign bool, round int) *world {
	t.Helper()
	w := &world{ctx: t.Context(), st: st, ws: fmt.Sprintf("home %d", round), clock: time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)}
	o := extcontacts.Options{Workspace: w.ws, Policy: matrixPolicy(), Now: func() time.Time { w.clock = w.clock.Add(time.Second); return w.clock },
		NewID: func() contacts.ID { w.ids++; return contacts.ID(fmt.Sprintf("w%d", w.ids)) }}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	var err error
	w.home, err = extcontacts.Open(w.ctx, st, o)
	must(err)
	where := w.home
	if foreign {
		o.Workspace = "foreign " + w.ws
		where, err = extcontacts.Open(w.ctx, st, o)
		must(err)
	}
	friend := person("Frieda Friend")
	friend.Company = "Open Ltd"
	w.friend, err = w.home.As(contacts.Actor{ID: "root", Roles: []string{"admin"}}).Create(w.ctx, friend)
	must(err)
	s := where.As(contacts.Actor{ID: "root", Roles: []string{"admin"}})
	c := person("Target "+canaryName, "+852"+canaryPhone, canaryEmail+"example.com")
	c.Socials = []contacts.Social{{Channel: contacts.WhatsApp, Handle: "+852" + canaryPhone}, {Channel: contacts.LINE, Handle: "line" + canaryPhone}}
	switch owner {
	case "own":
		c.Owner = "actor"
	case "shared":
		c.Owner, c.SharedWith = "somebody", []contacts.ID{"actor"}
	case "other":
		c.Owner = "somebody"
	}
	w.target, err = s.Create(w.ctx, c)
	must(err)
	w.target, err = s.Edit(w.ctx, w.target.ID, 0, func(c *contacts.Contact) error { c.Team = "Canarybird team"; return nil })
	must(err)
	acts, err := s.Acts(w.ctx, 0, 1)
	must(err)
	w.edit = acts[0].ID
	a, err := s.RecordActivity(w.ctx, w.target.ID, contacts.Activity{Kind: contacts.Enquiry, Status: contacts.EnquiryOpen, Ref: "enq-1", Text: canaryName + " wrote from +852 " + canaryPhone})
	must(err)
	w.visit = a.ID
	w.before = w.dump(t)
	return w
}

// dump is everything a workspace holds.
func (w *world) dump(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	put := func(v any, err error) {
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s\n", jsonOf(v))
	}
	for _, ws := range []string{w.ws, "foreign " + w.ws} {
		put(w.st.Log(w.ctx, ws, store.LogQuery{Newest: true, Limit: 1}))
		for c, err := range w.st.Scan(w.ctx, ws, "") {
			put(c, err)
			put(w.st.Activities(w.ctx, ws, store.ActivityQuery{Contacts: []contacts.ID{c.ID}}))
		}
		put(w.st.Acts(w.ctx, ws, store.ActQuery{}))
		for _, kind := range recordKinds {
			put(w.st.Records(w.ctx, ws, kind))
		}
	}
	return b.String()
}

func jsonOf(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprintf("%+v", v)
	}
	return string(b)
}

// try makes one call and judges it. It is false where the world was changed.
func (w *world) try(t *testing.T, name string, row matrixRow, role string, status contacts.EnquiryStatus) bool {
	actor := contacts.Actor{ID: "actor", Roles: []string{role}}
	if status != "" {
		actor.Enquiry = &contacts.EnquiryContext{Contact: w.target.ID, Status: status}
	}
	c := &cell{world: w, s: w.home.As(actor), admin: w.home.As(contacts.Actor{ID: "root", Roles: []string{"admin"}}),
		actor: actor, id: w.target.ID, act: w.edit, visit: w.visit}
	before, here := w.before, w.here(t)
	if row.prepare != nil && (here || row.always) {
		if err := row.prepare(c); err != nil {
			t.Errorf("%s: prepare: %v", name, err)
			return false
		}
		before = w.dump(t)
		cs, err := w.st.Contacts(w.ctx, w.ws, w.target.ID)
		if err != nil || here && cs[0] == nil {
			t.Errorf("%s: %v", name, err)
			return false
		}
		if here {
			w.target = cs[0]
		}
	}
	want := w.verdict(actor, row.needs, here)
	out, err := row.call(c)
	said := jsonOf(out) + text(err)
	same := w.dump(t) == before
	switch {
	case want.denied && err == nil:
		t.Errorf("%s: allowed, the policy says %+v", name, want)
	case want.denied && !same:
		t.Errorf("%s: denied with %v, and something was written", name, err)
	case want.denied && !want.explains(err):
		t.Errorf("%s: refused with %v, by the policy it is %+v", name, err, want)
	case !want.denied && err != nil:
		t.Errorf("%s: allowed by the policy, and it says %v", name, err)
	}
	if want.hidden && errors.Is(err, extcontacts.ErrNotFound) {
		if none := w.absent(row, c); text(none) != text(err) {
			t.Errorf("%s: hidden says %q, absent says %q", name, text(err), text(none))
		}
	}
	seen := here && matrixPolicy().Decide(actor, contacts.RightView, w.target).Allowed
	if said := strings.ReplaceAll(said, "line"+canaryPhone, "line "+canaryPhone); !seen && (strings.Contains(said, canaryName) || strings.Contains(said, canaryPhone) || strings.Contains(said, canaryEmail)) {
		t.Errorf("%s: the target may not be seen, and the answer holds it: %s", name, said)
	}
	if role == "masked" && (strings.Contains(said, canaryPhone) || strings.Contains(said, canaryEmail)) {
		t.Errorf("%s: the values are masked, and the answer holds them: %s", name, said)
	}
	if len(row.filters) > 0 && w.verdict(actor, row.filters, here).denied && here {
		now, err := w.st.Contacts(w.ctx, w.ws, w.target.ID)
		if err != nil || jsonOf(now[0]) != jsonOf(w.target) {
			t.Errorf("%s: the target was changed without %v (%v)", name, row.filters, err)
		}
	}
	return same && before == w.before
}

// here reports whether the target is in the workspace of the actors.
func (w *world) here(t *testing.T) bool {
	cs, err := w.st.Contacts(w.ctx, w.ws, w.target.ID)
	if err != nil {
		t.Fatal(err)
	}
	return cs[0] != nil
}

// absent makes the call about a contact, an act and an activity that nobody has.
func (w *world) absent(row matrixRow, c *cell) error {
	d := *c
	d.id, d.act, d.visit, d.absent = "nobody", "nothing", "nowhere", true
	_, err := row.call(&d)
	return err
}

// verdict is what the policy says, asked directly.
type verdict struct {
	denied, hidden bool
	rules          []string
}

func (w *world) verdict(a contacts.Actor, needs []string, here bool) verdict {
	var v verdict
	p := matrixPolicy()
	masked := p.(contacts.Masker).Mask(a) != 0
	refuse := func(rule string) { v.denied, v.rules = true, append(v.rules, rule) }
	for _, need := range needs {
		var on *contacts.Contact
		right := need
		switch {
		case need == "unmasked":
			if masked {
				refuse("masked_fields")
			}
			continue
		case strings.HasPrefix(need, "ws:"):
			right = need[len("ws:"):]
		case strings.HasPrefix(need, "friend:"):
			right, on = need[len("friend:"):], w.friend
		default:
			on = w.target
			if !here || !p.Decide(a, contacts.RightView, on).Allowed {
				v.denied = true
				v.hidden = true
				continue
			}
		}
		if d := p.Decide(a, contacts.Right(right), on); !d.Allowed {
			refuse(d.Rule)
		}
	}
	return v
}

// explains reports whether err is a refusal for one of the reasons.
func (v verdict) explains(err error) bool {
	var f *extcontacts.ForbiddenError
	if errors.As(err, &f) {
		return slices.Contains(v.rules, f.Rule)
	}
	return v.hidden && errors.Is(err, extcontacts.ErrNotFound)
}

func text(err error) string {
	if err == nil {
		return ""
	}
	var f *contacts.FieldError
	if errors.As(err, &f) {
		return err.Error() + f.Value
	}
	return err.Error()
}
