package storetest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// Differential asks all stores for the same n random operations, about a third
// of them batches, and fails at the first answer that is not the same text on
// all: contacts byte by byte, errors by what they name. Only the hashes and
// seals of the log are left out, since seals are random. The stores must be
// empty; they stay open. Two runs with one seed draw the same operations, so
// that stores which agree with one store each agree with each other.
func Differential(t *testing.T, n int, seed uint64, stores map[string]store.Store) {
	t.Helper()
	d := differ{r: rand.New(rand.NewPCG(seed, 1))}
	for i := range n {
		if i%5000 == 0 { // workspaces stay small, so that operations meet
			d.space, d.act, d.revs, d.past = fmt.Sprintf("differential %d", i/5000), 0, map[contacts.ID]int64{}, nil
		}
		what, ask := d.draw()
		first, text, kept := "", "", false
		for name, s := range stores {
			k := &kit{T: &testing.T{}, ctx: t.Context(), s: s, ws: d.space}
			got, applied := ask(k)
			if first == "" {
				first, text, kept = name, got, applied
			} else if got != text {
				t.Fatalf("operation %d, %s: %s answers\n%s\nand %s\n%s", i, what, first, text, name, got)
			}
		}
		if kept {
			d.keep()
		}
	}
}

// differ draws operations. It knows the revisions that the batches so far
// led to.
type differ struct {
	r     *rand.Rand
	space string
	act   int
	revs  map[contacts.ID]int64
	past  []*store.Batch
	batch *store.Batch // the last that was drawn
}

func one[T any](d *differ, list []T) T { return list[d.r.IntN(len(list))] }

// text draws a text that engines are known to take for another.
func (d *differ) text() string {
	if d.r.IntN(3) == 0 {
		return one(d, walkTexts)
	}
	return one(d, hostile)
}

func (d *differ) id() contacts.ID {
	if d.r.IntN(4) == 0 {
		return contacts.ID(one(d, hostile))
	}
	return one(d, walkIDs)
}

// draw returns an operation: its name, and how a store is asked. The answer is
// a text and whether a batch was applied.
func (d *differ) draw() (string, func(k *kit) (string, bool)) {
	read := func(v any, err error) (string, bool) {
		if err != nil {
			return "error: " + describe(err), false
		}
		return readable(v), false
	}
	id, key := d.id(), one(d, walkKeys)
	limit, bound, newest := d.r.IntN(6), int64(d.r.IntN(30)), d.r.IntN(2) == 0
	switch d.r.IntN(12) {
	case 0, 1, 2, 3:
		b := d.newBatch()
		d.batch = b
		return "Apply", func(k *kit) (string, bool) {
			r, err := k.s.Apply(k.ctx, k.ws, b)
			if err != nil {
				return "error: " + describe(err), false
			}
			return fmt.Sprintf("%+v", r), !r.Replayed
		}
	case 4:
		ids := []contacts.ID{id, d.id(), d.id()}
		return "Contacts", func(k *kit) (string, bool) { return read(k.s.Contacts(k.ctx, k.ws, ids...)) }
	case 5:
		keys := []contacts.Key{key, one(d, walkKeys)}
		return "Lookup", func(k *kit) (string, bool) { return read(k.s.Lookup(k.ctx, k.ws, keys...)) }
	case 6:
		return "Scan", func(k *kit) (string, bool) { return read(scanned(k.s.Scan(k.ctx, k.ws, id))) }
	case 7:
		q := store.LogQuery{Limit: limit, After: bound / 2, Before: bound, Newest: newest}
		if d.r.IntN(2) == 0 {
			q.Contact = id
		}
		if d.r.IntN(4) == 0 {
			q.Act = number("act", d.r.IntN(d.act+1))
		}
		return fmt.Sprintf("Log %+v", q), func(k *kit) (string, bool) { return read(k.s.Log(k.ctx, k.ws, q)) }
	case 8:
		q := store.ActQuery{Limit: limit, Before: bound}
		if d.r.IntN(3) == 0 {
			q = store.ActQuery{IDs: []contacts.ID{number("act", d.r.IntN(d.act+1)), id}}
		}
		return "Acts", func(k *kit) (string, bool) { return read(k.s.Acts(k.ctx, k.ws, q)) }
	case 9, 10:
		q := store.ActivityQuery{Contacts: []contacts.ID{id, d.id()}, Limit: limit}
		if d.r.IntN(3) == 0 {
			q.Ref = d.text()
		}
		if d.r.IntN(3) == 0 {
			q.BeforeAt, q.BeforeID = clock(d.r.IntN(4)), id
		}
		return "Activities", func(k *kit) (string, bool) { return read(k.s.Activities(k.ctx, k.ws, q)) }
	}
	name := one(d, hostile)
	return "Records", func(k *kit) (string, bool) {
		if newest {
			return read(k.s.Records(k.ctx, k.ws, "label", name, "x"))
		}
		return read(k.s.Records(k.ctx, k.ws, "label"))
	}
}

// describe is what an error says, without the engine's part.
func describe(err error) string {
	var c *store.ConflictError
	if errors.As(err, &c) {
		return fmt.Sprintf("conflict %q %q %q %d %q", c.IDs, c.Keys, c.Records, c.Head, c.Acts)
	}
	for _, target := range []error{store.ErrInvalid, store.ErrNotFound} {
		if errors.Is(err, target) {
			return err.Error()
		}
	}
	return "unexpected " + err.Error()
}

// base is the revision of a contact, seldom another one.
func (d *differ) base(id contacts.ID) int64 {
	if d.r.IntN(25) == 0 {
		return d.revs[id] + 1
	}
	return d.revs[id]
}

func (d *differ) newBatch() *store.Batch {
	if len(d.past) > 0 && d.r.IntN(30) == 0 {
		return one(d, d.past)
	}
	d.act++
	b := &store.Batch{Act: contacts.Act{ID: number("act", d.act), Kind: contacts.ActEdit, Actor: d.id(), At: clock(d.r.IntN(9)), Source: d.text()}, Part: 1}
	if d.r.IntN(6) == 0 {
		b.Act.Undoes = number("act", 1+d.r.IntN(d.act))
	}
	if b.Act.Undoes == b.Act.ID {
		b.Act.Undoes = ""
	}
	if d.r.IntN(10) == 0 {
		b.Act.ID, b.Part, b.Act.Undoes = number("act", 1+d.r.IntN(d.act)), 2+d.r.IntN(3), ""
	}
	seen := map[contacts.ID]bool{}
	for range d.r.IntN(4) {
		id := d.id()
		if seen[id] {
			continue
		}
		seen[id] = true
		base := d.base(id)
		c := everything(id)
		c.LastName, c.Company, c.Custom, c.Rev = d.text(), d.text(), map[string]contacts.Value{"k": contacts.MakeValue(contacts.TextField, d.text())}, base+1
		if d.r.IntN(5) == 0 {
			c.State, c.MergedInto = contacts.Merged, d.id()
		}
		p := store.Put{Contact: c.Normalize(), Base: base}
		for _, key := range walkKeys {
			switch d.r.IntN(6) {
			case 0, 1:
				p.Add = append(p.Add, key)
			case 2:
				p.Drop = append(p.Drop, key)
			}
		}
		b.Put = append(b.Put, p)
	}
	if d.r.IntN(4) == 0 {
		b.Unique = []contacts.KeyKind{contacts.PhoneKey}
	}
	for range d.r.IntN(4) {
		c := set(d.id(), one(d, walkPaths), d.text(), d.text())
		b.Changes = append(b.Changes, c)
	}
	for i := range d.r.IntN(3) {
		on := walkIDs[(d.act+i)%len(walkIDs)]
		b.Activities = append(b.Activities, contacts.Activity{ID: contacts.ID(fmt.Sprintf("v%d-%d", d.act, i)), Contact: on, Kind: contacts.Call,
			At: clock(d.r.IntN(4)), Ref: d.text(), Text: d.text()})
	}
	if d.r.IntN(3) == 0 {
		r := store.RecordPut{Kind: "label", Key: one(d, hostile), Base: store.AnyRev}
		if d.r.IntN(3) > 0 {
			r.Body = []byte(d.text())
		}
		b.Records = append(b.Records, r)
	}
	if d.r.IntN(40) == 0 {
		b.Erase = []contacts.ID{d.id()}
	}
	if d.r.IntN(50) == 0 && len(b.Changes) > 0 { // refused by all
		b.Changes[0].New = strings.Repeat("\x00", 1+d.r.IntN(2))
	}
	return b
}

// keep notes the revisions that the last batch led to.
func (d *differ) keep() {
	if len(d.past) < 100 {
		d.past = append(d.past, d.batch)
	}
	for i := range d.batch.Put {
		d.revs[d.batch.Put[i].Contact.ID] = d.batch.Put[i].Contact.Rev
	}
}
