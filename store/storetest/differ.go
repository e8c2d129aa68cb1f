package storetest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/search"
	"github.com/extcontacts/extcontacts/store"
)

// differ draws operations. It knows the revisions that the batches so far
// led to.
type differ struct {
	r       *rand.Rand
	space   string
	act     int
	revs    map[contacts.ID]int64
	past    []*store.Batch
	records map[string]int64 // the revisions of the labels
	batch   *store.Batch     // the last that was drawn
}

// begin goes on with an empty workspace.
func (d *differ) begin(space string) {
	d.space, d.act, d.revs, d.past = space, 0, map[contacts.ID]int64{}, nil
	d.records = map[string]int64{}
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
	switch d.r.IntN(15) {
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
	case 9:
		q := d.activityQuery(limit)
		return fmt.Sprintf("Activities %+v", q), func(k *kit) (string, bool) { return read(k.s.Activities(k.ctx, k.ws, q)) }
	case 10:
		q := d.activityQuery(1 + limit)
		return fmt.Sprintf("pages of Activities %+v", q), func(k *kit) (string, bool) { return read(activityPages(k, q, 4)) }
	case 11:
		q := store.LogQuery{Limit: 1 + limit, Newest: newest}
		if d.r.IntN(2) == 0 {
			q.Contact = id
		}
		return fmt.Sprintf("pages of Log %+v", q), func(k *kit) (string, bool) { return read(logPages(k, q, 4)) }
	case 12:
		text, o := one(d, differQueries), store.SearchOptions{Limit: 1 + limit}
		return fmt.Sprintf("pages of Search %q", text), func(k *kit) (string, bool) { return read(searchPages(k, text, o, 4)) }
	case 13:
		return "the feed", func(k *kit) (string, bool) { return read(feedPages(k, 1+limit, 4)) }
	}
	name := one(d, hostile)
	return "Records", func(k *kit) (string, bool) {
		if newest {
			return read(k.s.Records(k.ctx, k.ws, "label", name, "x"))
		}
		return read(k.s.Records(k.ctx, k.ws, "label"))
	}
}

// activityQuery draws a query of every shape.
func (d *differ) activityQuery(limit int) store.ActivityQuery {
	q := store.ActivityQuery{Contacts: []contacts.ID{d.id(), d.id(), one(d, walkIDs)}, Limit: limit, Oldest: d.r.IntN(2) == 0}
	if d.r.IntN(3) == 0 {
		q.Ref = d.text()
	}
	if d.r.IntN(3) == 0 {
		q.BeforeAt, q.BeforeID = clock(d.r.IntN(4)), d.id()
	}
	if d.r.IntN(3) == 0 {
		q.Kinds = walkKinds[:1]
	}
	if d.r.IntN(5) == 0 {
		q.IDs = []contacts.ID{d.activity(), d.id(), d.activity()}
	}
	return q
}

// activity is the id of an activity that a batch may have recorded.
func (d *differ) activity() contacts.ID {
	return contacts.ID(fmt.Sprintf("v%d-%d", 1+d.r.IntN(d.act+1), d.r.IntN(2)))
}

// differQueries are searches whose answer is neither nothing nor all.
var differQueries = []string{"x", "é", "o'brien -x", "zoë OR x", "phone:91234567", "email:zoe.obrien@example.com", `"müller & söhne"`}

// The pages functions follow cursors for a number of pages, and answer what
// all of them hold.

func activityPages(k *kit, q store.ActivityQuery, pages int) (all []contacts.Activity, err error) {
	for range pages {
		list, err := k.s.Activities(k.ctx, k.ws, q)
		if err != nil {
			return nil, err
		}
		if all = append(all, list...); len(list) < q.Limit || len(q.IDs) > 0 {
			break
		}
		last := list[len(list)-1]
		q.BeforeAt, q.BeforeID = last.At, last.ID
	}
	return all, nil
}

func logPages(k *kit, q store.LogQuery, pages int) (all []contacts.Entry, err error) {
	for range pages {
		list, err := k.s.Log(k.ctx, k.ws, q)
		if err != nil {
			return nil, err
		}
		if all = append(all, list...); len(list) < q.Limit {
			break
		}
		if last := list[len(list)-1].Seq; q.Newest {
			q.Before = last
		} else {
			q.After = last
		}
	}
	return all, nil
}

func searchPages(k *kit, text string, o store.SearchOptions, pages int) (all []store.Hit, err error) {
	q, err := search.Parse(text, search.Options{})
	if err != nil {
		return nil, err
	}
	for range pages {
		page, err := store.Search(k.ctx, k.s, k.ws, q, o)
		if err != nil {
			return nil, err
		}
		all = append(all, page.Hits...)
		if o.Cursor = page.Next; o.Cursor == "" {
			break
		}
	}
	return all, nil
}

func feedPages(k *kit, limit, pages int) (string, error) {
	var b strings.Builder
	token := ""
	for range pages {
		page, err := store.Changes(k.ctx, k.s, k.ws, token, limit)
		if err != nil {
			return "", err
		}
		token, page.Next = page.Next, ""
		if b.WriteString(readable(page)); !page.More {
			break
		}
	}
	return b.String(), nil
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
		if p.Base == 0 || d.r.IntN(8) == 0 {
			b.Changes = append(b.Changes, contacts.Change{Contact: id, Path: contacts.PathCreated})
		}
	}
	if d.r.IntN(4) == 0 {
		b.Unique = []contacts.KeyKind{contacts.PhoneKey}
	}
	switch d.r.IntN(12) {
	case 0:
		d.merge(b, seen)
	case 1:
		d.erase(b, seen)
	}
	if d.r.IntN(8) == 0 {
		id := d.id()
		b.Expect = append(b.Expect, store.Expect{ID: id, Rev: d.base(id)})
	}
	for range d.r.IntN(4) {
		c := set(d.id(), one(d, walkPaths), d.text(), d.text())
		b.Changes = append(b.Changes, c)
	}
	for i := range d.r.IntN(3) {
		on := walkIDs[(d.act+i)%len(walkIDs)]
		id := contacts.ID(fmt.Sprintf("v%d-%d", d.act, i))
		if d.r.IntN(8) == 0 && i == 0 { // again, mostly of another contact, which is refused
			id = d.activity()
		}
		b.Activities = append(b.Activities, contacts.Activity{ID: id, Contact: on, Kind: one(d, walkKinds),
			At: clock(d.r.IntN(4)), Ref: d.text(), Text: d.text()})
	}
	if d.r.IntN(3) == 0 {
		r := store.RecordPut{Kind: "label", Key: one(d, hostile), Base: store.AnyRev}
		if d.r.IntN(2) == 0 {
			r.Base = d.records[r.Key]
		}
		if d.r.IntN(20) == 0 {
			r.Base++
		}
		if d.r.IntN(3) > 0 {
			r.Body = []byte(d.text())
		}
		b.Records = append(b.Records, r)
	}
	if d.r.IntN(50) == 0 && len(b.Changes) > 0 { // refused by all
		b.Changes[0].New = strings.Repeat("\x00", 1+d.r.IntN(2))
	}
	return b
}

// merge makes a contact a pointer to another, which gets its keys.
func (d *differ) merge(b *store.Batch, seen map[contacts.ID]bool) {
	from, into := d.id(), d.id()
	if from == into || seen[from] || seen[into] || d.revs[from] == 0 || d.revs[into] == 0 {
		return
	}
	seen[from], seen[into] = true, true
	b.Act.Kind = contacts.ActMerge
	key := one(d, walkKeys)
	c := person(from, d.text())
	c.Rev, c.State, c.MergedInto = d.revs[from]+1, contacts.Merged, into
	b.Put = append(b.Put, store.Put{Contact: c.Normalize(), Base: d.revs[from], Drop: []contacts.Key{key}})
	c = everything(into)
	c.Rev, c.LastName = d.revs[into]+1, d.text()
	b.Put = append(b.Put, store.Put{Contact: c.Normalize(), Base: d.revs[into], Add: []contacts.Key{key}})
	moved := set(into, "phones", "", d.text())
	moved.From = from
	b.Changes = append(b.Changes, moved, set(from, "merged_into", "", string(into)))
}

// erase destroys what is known of a contact, and a text of another.
func (d *differ) erase(b *store.Batch, seen map[contacts.ID]bool) {
	id := d.id()
	if b.Erase = []contacts.ID{id}; d.r.IntN(2) == 0 {
		b.EraseText = []store.EraseText{{Contact: d.id(), Text: one(d, walkTexts[1:])}}
	}
	if seen[id] || d.revs[id] == 0 {
		return
	}
	seen[id] = true
	b.Act.Kind = contacts.ActErase
	c := &contacts.Contact{ID: id, Rev: d.revs[id] + 1, State: contacts.Erased, CreatedAt: clock(0), UpdatedAt: clock(1)}
	b.Put = append(b.Put, store.Put{Contact: c, Base: d.revs[id], Drop: walkKeys})
	b.Changes = append(b.Changes, set(id, "state", "live", "erased"))
}

// keep notes the revisions that the last batch led to.
func (d *differ) keep() {
	if len(d.past) < 100 {
		d.past = append(d.past, d.batch)
	}
	for i := range d.batch.Put {
		d.revs[d.batch.Put[i].Contact.ID] = d.batch.Put[i].Contact.Rev
	}
	for _, r := range d.batch.Records {
		if d.records[r.Key]++; r.Body == nil {
			delete(d.records, r.Key)
		}
	}
}

// size is how many things a batch changes.
func size(b *store.Batch) int64 {
	n := len(b.Put) + len(b.Changes) + len(b.Activities) + len(b.Records) + len(b.Erase) + len(b.EraseText)
	for i := range b.Put {
		n += len(b.Put[i].Add) + len(b.Put[i].Drop)
	}
	return int64(n)
}
