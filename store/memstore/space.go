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

	contacts table // its contacts can be read without mu, see [table]
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
	sp := &space{
		name:     name,
		keys:     newKeyTable(),
		log:      changeLog{later: make(map[contacts.ID][]int64)},
		acts:     actTable{byID: make(map[contacts.ID]*actRow)},
		timeline: timeline{byID: make(map[contacts.ID]*contacts.Activity), of: make(map[contacts.ID][]*contacts.Activity)},
		records:  make(map[string]map[string]record),
	}
	sp.contacts.init()
	return sp
}

// decode reads a contact's stored form. Only damaged memory makes it fail.
func decode(id contacts.ID, data string) (*contacts.Contact, error) {
	c, err := contacts.Decode(id, []byte(data))
	if err != nil {
		return nil, &store.Error{Op: "decode contact", Err: err}
	}
	return c, nil
}
