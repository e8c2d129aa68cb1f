package storetest

import (
	"errors"
	"fmt"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/search"
	"github.com/extcontacts/extcontacts/store"
)

func snapshotCases() group {
	return group{"Snapshot", []testCase{
		{"one moment", "a snapshot shows the workspace as it was at one moment, whatever is written meanwhile", testSnapshot},
		{"errors", "the error of a snapshot is that of the function, and the store goes on", testSnapshotErrors},
	}}
}

// view reads what a snapshot shows.
func (k *kit) view(v store.Store) (ids []contacts.ID, texts []string) {
	k.Helper()
	for c, err := range v.Scan(k.ctx, k.ws, "") {
		k.ok(err)
		ids = append(ids, c.ID)
		texts = append(texts, encode(c))
	}
	return ids, texts
}

func testSnapshot(k *kit) {
	s, ok := k.s.(store.Snapshotter)
	if !ok || s.Snapshot(k.ctx, k.ws, func(store.Store) error { return nil }) == errors.ErrUnsupported {
		k.Skip("the store gives no snapshots, which is an optional capability")
	}
	const n = 1200 // more than a page of any of our stores
	var list []*contacts.Contact
	for i := range n {
		list = append(list, person(contacts.ID(fmt.Sprintf("s-%05d", i)), fmt.Sprintf("Name%d", i)))
	}
	k.add(list...)
	q, err := search.Parse("Name1199", search.Options{})
	k.ok(err)
	k.ok(store.Snapshot(k.ctx, k.s, k.ws, func(v store.Store) error {
		ids, texts := k.view(v)
		k.equal("contacts at first", len(ids), n)
		// While the view is read others write: to its end, its middle, before it.
		read := 0
		for c, err := range v.Scan(k.ctx, k.ws, "") {
			k.ok(err)
			if read == 3 {
				k.apply(&store.Batch{Put: []store.Put{
					update(list[n-1], func(c *contacts.Contact) { c.LastName = "Changed" }),
					create(person("s-00000x", "New")), create(person("z", "Last")),
				}})
			}
			k.equal("contact", encode(c), texts[read])
			read++
		}
		k.equal("contacts read", read, n)
		again, err := v.Contacts(k.ctx, k.ws, list[n-1].ID, "z", list[0].ID)
		k.ok(err)
		k.equal("changed contact", encode(again[0]), texts[n-1])
		if again[1] != nil {
			k.Error("the snapshot shows a contact that came after it")
		}
		found := 0
		for c, err := range store.Matches(k.ctx, v, k.ws, q, nil) {
			k.ok(err)
			k.equal("match", c.ID, list[n-1].ID)
			found++
		}
		k.equal("matches by the old name", found, 1)
		return nil
	}))
	now := k.contacts(list[n-1].ID, "z")
	k.equal("afterwards", now[0].LastName, "Changed")
	if now[1] == nil {
		k.Error("what was written meanwhile is lost")
	}
}

func testSnapshotErrors(k *kit) {
	k.add(person("a", "Ann"))
	stop := errors.New("stop")
	for range 10 { // more than there are connections
		k.is(store.Snapshot(k.ctx, k.s, k.ws, func(v store.Store) error {
			for _, err := range v.Scan(k.ctx, k.ws, "") {
				k.ok(err)
				return stop
			}
			return nil
		}), stop)
	}
	k.ok(store.Snapshot(k.ctx, k.s, k.ws+" empty", func(v store.Store) error {
		for range v.Scan(k.ctx, k.ws+" empty", "") {
			k.Error("a contact of nowhere")
		}
		return nil
	}))
	k.equal("contacts", len(k.scan("")), 1)
}
