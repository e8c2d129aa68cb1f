package memstore

import (
	"sync"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// space is one workspace.
type space struct {
	name string

	// apply is held by the one batch that is being checked and written. Its
	// holder may read everything below without mu, since nobody else writes.
	apply sync.Mutex
	// mu guards everything below; it is held for writing only while a batch
	// that cannot fail any more is put in.
	mu sync.RWMutex

	contacts table
	keys     keyTable
	log      changeLog
	acts     actTable
	timeline timeline
	records  map[string]map[string]record // kind -> key

	search searcher // has a lock of its own
}

type record struct {
	rev  int64
	body []byte // never altered
}

func newSpace(name string) *space {
	return &space{
		name:     name,
		contacts: table{byID: make(map[contacts.ID]uint32)},
		keys:     newKeyTable(),
		log:      changeLog{later: make(map[contacts.ID][]int64)},
		acts:     actTable{byID: make(map[contacts.ID]*actRow)},
		timeline: timeline{byID: make(map[contacts.ID]*contacts.Activity), of: make(map[contacts.ID][]*contacts.Activity)},
		records:  make(map[string]map[string]record),
	}
}

// table holds the contacts. A contact never leaves it, so its place, once
// given, is its for ever.
type table struct {
	pages [][]row
	byID  map[contacts.ID]uint32
	order order
}

const pageSize = 1024

// row is one contact.
type row struct {
	id    contacts.ID
	data  string // as contacts.AppendEncoded writes it; never altered
	rev   int64
	first int64 // the first log entry with changes of the contact, 0 if none
}

func (t *table) at(place uint32) *row { return &t.pages[place/pageSize][place%pageSize] }

func (t *table) find(id contacts.ID) *row {
	if place, ok := t.byID[id]; ok {
		return t.at(place)
	}
	return nil
}

// rev is the revision of a contact, 0 where there is none.
func (t *table) rev(id contacts.ID) int64 {
	if r := t.find(id); r != nil {
		return r.rev
	}
	return 0
}

// put writes a contact and returns its place.
func (t *table) put(id contacts.ID, rev int64, data string) uint32 {
	if place, ok := t.byID[id]; ok {
		r := t.at(place)
		r.rev, r.data = rev, data
		return place
	}
	place := uint32(len(t.byID))
	if place%pageSize == 0 {
		t.pages = append(t.pages, make([]row, 0, pageSize))
	}
	last := len(t.pages) - 1
	t.pages[last] = append(t.pages[last], row{id: id, data: data, rev: rev})
	t.byID[id] = place
	t.order.insert(place, t)
	return place
}

// decode reads a contact's stored form. Only damaged memory makes it fail.
func decode(id contacts.ID, data string) (*contacts.Contact, error) {
	c, err := contacts.Decode(id, []byte(data))
	if err != nil {
		return nil, &store.Error{Op: "decode contact", Err: err}
	}
	return c, nil
}
