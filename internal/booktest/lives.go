package booktest

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// Lives runs n random lives of small books, each of some edits, merges, undos,
// imports, deletions and restorations in any order, against a model that knows
// them by what they did to the contacts alone and never reads the log. open
// returns a new empty store, of which every few hundred lives get one.
func Lives(t *testing.T, first uint64, n int, open func(t *testing.T) store.Store) {
	var st store.Store
	acts := 0
	for i := range n {
		if i%500 == 0 {
			if st != nil {
				if err := st.Close(); err != nil {
					t.Fatal(err)
				}
			}
			st = open(t)
		}
		seed := first + uint64(i)
		acts += runLife(t, st, seed)
		if t.Failed() {
			t.Fatalf("life %d", seed)
		}
	}
	if st != nil {
		if err := st.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if acts < 3*n {
		t.Errorf("%d acts in %d lives", acts, n)
	}
	t.Logf("%d lives of %d acts", n, acts)
}

// testLives runs a few of them.
func testLives(k *kit) {
	for seed := range rounds(3, 6, 200) {
		if runLife(k.T, k.st, 1_000_000+uint64(seed)); k.Failed() {
			k.Fatalf("life %d", 1_000_000+seed)
		}
	}
}

// spot is where a value stands.
type spot struct {
	id         contacts.ID
	path, elem string
}

// step is what an act made of a value, or found confirmed by a merge.
type step struct {
	act      int
	old, new string
}

// lifeAct is an act as the model knows it.
type lifeAct struct {
	id     contacts.ID
	undoes int // the act it takes back, -1 for none
	stands bool
	undone bool // by an act that stands
}

// life is a random life of a book.
type life struct {
	*kit
	r          *rand.Rand
	ws         string
	acts       []lifeAct
	steps      map[spot][]step
	creator    map[contacts.ID]int
	touched    map[contacts.ID][]int // the acts that did something to a contact besides creating it
	activities map[contacts.ID]int
	opted      map[contacts.Key]bool
	now        map[contacts.ID]*contacts.Contact
}

func runLife(t *testing.T, st store.Store, seed uint64) int {
	l := &life{kit: &kit{T: t, ctx: t.Context(), st: st, clock: time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)},
		r: rand.New(rand.NewPCG(seed, 6)), ws: fmt.Sprint("life ", seed), steps: map[spot][]step{}, creator: map[contacts.ID]int{},
		touched: map[contacts.ID][]int{}, activities: map[contacts.ID]int{}, opted: map[contacts.Key]bool{}}
	l.book = l.open(extcontacts.Options{Workspace: l.ws})
	l.s = l.as("agent-1")
	l.now = map[contacts.ID]*contacts.Contact{}
	for range 3 + l.r.IntN(1+l.r.IntN(15)) { // short ones most of the time
		l.clock = l.clock.Add(time.Minute)
		l.turn()
		if t.Failed() {
			return 0
		}
	}
	// Undone in any order, all of it leads back to the beginning.
	for _, i := range l.r.Perm(len(l.acts)) {
		if a := l.acts[i]; a.undoes < 0 && a.stands {
			l.undoOf(i)
		}
		if t.Failed() {
			return 0
		}
	}
	for id, c := range l.now {
		if l.standing() == 0 && c.State != contacts.Deleted {
			l.Errorf("everything is undone, and %s is %s", id, c.State)
		}
	}
	ver, err := l.s.Verify(l.ctx)
	l.must(err)
	if len(ver.Differences) > 0 {
		l.Errorf("verify: %+v", ver.Differences)
	}
	return len(l.acts)
}

func (l *life) standing() int {
	n := 0
	for _, a := range l.acts {
		if a.undoes < 0 && a.stands {
			n++
		}
	}
	return n
}

// turn does one random thing.
func (l *life) turn() {
	var live, deleted []contacts.ID
	for _, id := range slices.Sorted(maps.Keys(l.now)) {
		switch l.now[id].State {
		case contacts.Live:
			live = append(live, id)
		case contacts.Deleted:
			deleted = append(deleted, id)
		}
	}
	pick := func(ids []contacts.ID) contacts.ID { return ids[l.r.IntN(len(ids))] }
	n := l.r.IntN(20)
	switch {
	case len(live) < 2 || n < 2:
		if _, err := l.s.Create(l.ctx, l.draw()); !l.taken(err) {
			l.did(l.lastAct(), nil)
		}
	case n < 6:
		id := pick(live)
		_, err := l.s.Edit(l.ctx, id, 0, func(c *contacts.Contact) error { l.alter(c); return nil })
		if !l.taken(err) {
			l.did(l.lastAct(), nil)
		}
	case n < 10:
		l.merge(live)
	case n < 11:
		act, err := l.s.Delete(l.ctx, pick(live))
		l.must(err)
		l.did(act, nil)
	case n < 12 && len(deleted) > 0:
		act, err := l.s.Restore(l.ctx, pick(deleted))
		if !l.taken(err) {
			l.did(act, nil)
		}
	case n < 14:
		var file strings.Builder
		file.WriteString("First name,Last name,Mobile,Email,Company,Contact label\n")
		for range 1 + l.r.IntN(3) {
			fmt.Fprintf(&file, "Ann,Lee%d,+8529000000%d,%s,%s,%s\n", l.r.IntN(3), l.r.IntN(4), l.email(), l.word(), l.word())
		}
		_, err := l.s.Import(l.ctx, strings.NewReader(file.String()), extcontacts.ImportOptions{})
		l.must(err)
		l.did(l.lastAct(), nil)
	case n < 15:
		id := pick(live)
		_, err := l.s.RecordActivity(l.ctx, id, contacts.Activity{Kind: contacts.Call, Text: "call"})
		l.must(err)
		l.activities[id]++
		l.check()
	case n < 16:
		key := contacts.Key{Kind: contacts.PhoneKey, Value: fmt.Sprintf("+8529000000%d", l.r.IntN(4))}
		_, err := l.s.OptOut(l.ctx, key)
		l.must(err)
		l.opted[key] = true
		l.check()
	default:
		var can []int
		for i, a := range l.acts {
			if !a.undone {
				can = append(can, i)
			}
		}
		l.undoOf(can[l.r.IntN(len(can))])
	}
}

func (l *life) word() string {
	return []string{"", "red", "green", "blue"}[l.r.IntN(4)]
}

func (l *life) email() string {
	if l.r.IntN(2) == 0 {
		return ""
	}
	return fmt.Sprintf("a%d@example.com", l.r.IntN(4))
}

func (l *life) draw() *contacts.Contact {
	c := person(fmt.Sprint("Ann Lee", l.r.IntN(3)), fmt.Sprintf("+8529000000%d", l.r.IntN(4)))
	l.alter(c)
	return c
}

// alter changes some of a contact.
func (l *life) alter(c *contacts.Contact) {
	for range 1 + l.r.IntN(3) {
		switch l.r.IntN(7) {
		case 0:
			c.Company = l.word()
		case 1:
			c.Team = l.word()
		case 2:
			c.Address = contacts.Address{Street: l.word(), City: l.word()}
		case 3:
			c.Phones = person("x", fmt.Sprintf("+8529000000%d", l.r.IntN(4))).Phones
		case 4:
			c.Emails = nil
			if e := l.email(); e != "" {
				c.Emails = person("x", e, fmt.Sprintf("a%d@example.com", l.r.IntN(4))).Emails
				if len(c.Emails) > 1 && c.Emails[0].Elem() == c.Emails[1].Elem() {
					c.Emails = c.Emails[:1]
				}
			}
		case 5:
			c.Labels = nil
			if w := l.word(); w != "" {
				c.Labels = []string{w}
			}
		case 6:
			c.ExternalIDs = nil
			if w := l.word(); w != "" {
				c.ExternalIDs = map[string]string{"crm": fmt.Sprint(w, c.ID)}
			}
		}
	}
}

func (l *life) lastAct() contacts.Act {
	acts, err := l.s.Acts(l.ctx, 0, 1)
	l.must(err)
	return acts[0]
}

// taken reports whether an identifier that one contact alone may have is in
// the way, or the contacts are not what they were; nothing was written then.
func (l *life) taken(err error) bool {
	var taken *extcontacts.TakenError
	if !errors.As(err, &taken) {
		l.must(err)
		return false
	}
	l.check()
	return true
}

func (l *life) merge(live []contacts.ID) {
	l.r.Shuffle(len(live), func(i, j int) { live[i], live[j] = live[j], live[i] })
	ids := live[:2+l.r.IntN(min(2, len(live)-1))]
	plan, err := l.s.PlanMerge(l.ctx, ids[0], ids[1:])
	l.must(err)
	act, err := l.s.Merge(l.ctx, plan)
	if l.taken(err) {
		return
	}
	var held []spot // what the survivor had and another, too
	result := values(plan.Result)
	for _, id := range ids[1:] {
		other := values(l.now[id])
		for at, text := range other {
			to := spot{ids[0], at.path, at.elem}
			if strings.HasPrefix(at.path, "address.") && l.now[id].Address != plan.Result.Address {
				continue
			}
			if have, ok := result[to]; ok && (at.elem != "" || have == text) {
				held = append(held, to)
			}
		}
	}
	l.did(act, append(held, spot{ids[0], "state", ""}))
	for _, id := range ids[1:] {
		for at := range values(l.now[id]) {
			if _, ok := values(l.now[ids[0]])[spot{ids[0], at.path, at.elem}]; at.elem != "" && !ok {
				l.Errorf("%s of %s is lost in the merge", at.path, id)
			}
		}
	}
}

func values(c *contacts.Contact) map[spot]string {
	m := map[spot]string{}
	for v := range c.Values() {
		m[spot{c.ID, v.Path, v.Elem}] = v.Text
	}
	return m
}

// read reads the whole book.
func (l *life) read() map[contacts.ID]*contacts.Contact {
	m := map[contacts.ID]*contacts.Contact{}
	for c, err := range l.st.Scan(l.ctx, l.ws, "") {
		l.must(err)
		m[c.ID] = c
	}
	return m
}

// did notes an act by what the book is since, and what it confirmed. Every
// second act is undone at once, and that, too, is undone.
func (l *life) did(act contacts.Act, confirmed []spot) {
	if act.ID == "" || act.Kind == contacts.ActActivity || act.Kind == contacts.ActOptOut || slices.ContainsFunc(l.acts, func(a lifeAct) bool { return a.id == act.ID }) {
		l.check()
		return // nothing was changed
	}
	was, now := l.now, l.read()
	n := len(l.acts)
	l.acts = append(l.acts, lifeAct{id: act.ID, undoes: -1, stands: true})
	for id, c := range now {
		old := was[id]
		if old == nil {
			l.creator[id] = n
			for at, text := range values(c) {
				l.steps[at] = append(l.steps[at], step{-1, text, text}) // what it is without any act
			}
			continue
		}
		before, after := values(old), values(c)
		for at := range maps.Keys(merged(before, after)) {
			if before[at] != after[at] {
				l.steps[at] = append(l.steps[at], step{n, before[at], after[at]})
				l.touch(id, n)
			}
		}
	}
	for _, at := range confirmed {
		if text := values(now[at.id])[at]; values(was[at.id])[at] == text {
			l.steps[at] = append(l.steps[at], step{n, text, text})
		}
		l.touch(at.id, n)
	}
	l.now = now
	l.check()
	if l.r.IntN(2) == 0 {
		return
	}
	l.undoOf(n)
	if l.Failed() || l.acts[n].stands {
		return
	}
	for id, c := range l.now {
		want := was[id]
		if want == nil && c.State == contacts.Deleted {
			continue
		}
		if want == nil || len(contacts.Diff(want, c)) > 0 {
			l.Errorf("act %d (%s) undone at once: %s is not what it was", n, act.Kind, id)
			return
		}
	}
	l.undoOf(len(l.acts) - 1)
	for id, c := range now {
		if d := contacts.Diff(c, l.now[id]); l.acts[n].stands && len(d) > 0 {
			l.Errorf("act %d (%s) undone and done again: %s differs: %v", n, act.Kind, id, d)
			return
		}
	}
}

func merged(a, b map[spot]string) map[spot]string {
	m := maps.Clone(a)
	maps.Copy(m, b)
	return m
}

func (l *life) touch(id contacts.ID, act int) {
	if !slices.Contains(l.touched[id], act) {
		l.touched[id] = append(l.touched[id], act)
	}
}

// undoOf takes back an act, of whatever kind.
func (l *life) undoOf(n int) {
	l.clock = l.clock.Add(time.Minute)
	plan, err := l.s.PlanUndo(l.ctx, l.acts[n].id)
	var code *extcontacts.CodeError
	if errors.As(err, &code) && code.Code == "act_undone" {
		l.acts[n].undone = true // done again by one act, undone by another
		l.check()
		return
	}
	l.must(err)
	act, err := l.s.Undo(l.ctx, plan)
	if l.taken(err) {
		return
	}
	if act.ID != "" {
		target := slices.IndexFunc(l.acts, func(a lifeAct) bool { return a.id == plan.Undoes })
		l.acts = append(l.acts, lifeAct{id: act.ID, undoes: target, stands: true})
		stands := false
		for i := target; i >= 0; i = l.acts[i].undoes { // each flips the one before
			l.acts[i].stands, l.acts[i].undone = stands, !stands
			stands = !stands
		}
	}
	l.now = l.read()
	l.check()
}

// check compares the book with the model.
func (l *life) check() {
	have := l.read()
	for id, c := range have {
		vals := values(c)
		for at, steps := range l.steps {
			if at.id != id || at.path == "merged_into" || strings.HasPrefix(at.path, "primary_") {
				continue
			}
			want := steps[0].old
			for _, s := range steps {
				if s.act < 0 || l.acts[s.act].stands {
					want = s.new
				}
			}
			if at.path == "state" && !l.acts[l.creator[id]].stands && !slices.ContainsFunc(l.touched[id], func(n int) bool { return l.acts[n].stands }) {
				want = contacts.Deleted.String()
			}
			if vals[at] != want {
				l.Errorf("%s %s %s is %q, by the model %q", id, at.path, at.elem, vals[at], want)
				return
			}
		}
		for at := range vals {
			if _, known := l.steps[at]; !known && at.path != "merged_into" && !strings.HasPrefix(at.path, "primary_") {
				l.Errorf("%s %s %s came from nowhere", id, at.path, at.elem)
				return
			}
		}
		if (c.State == contacts.Merged) != (c.MergedInto != "") {
			l.Errorf("%s is %s and points at %q", id, c.State, c.MergedInto)
		}
		end := c
		for hops := 0; end.State == contacts.Merged; hops++ {
			if end = have[end.MergedInto]; end == nil || hops > len(have) {
				l.Errorf("the merges of %s lead nowhere", id)
				return
			}
		}
	}
	// What is on no contact goes with none: activities stay, opt-outs hold.
	for id, n := range l.activities {
		list, err := l.st.Activities(l.ctx, l.ws, store.ActivityQuery{Contacts: []contacts.ID{id}})
		l.must(err)
		if len(list) != n {
			l.Errorf("%s has %d activities, recorded were %d", id, len(list), n)
		}
	}
	if len(l.opted) > 0 && l.r.IntN(4) == 0 {
		keys := slices.Collect(maps.Keys(l.opted))
		out, err := l.s.OptedOut(l.ctx, keys...)
		l.must(err)
		if slices.Contains(out, false) {
			l.Errorf("an opt-out is lost: %v of %v", out, keys)
		}
	}
}
