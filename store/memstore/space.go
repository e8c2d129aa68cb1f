package memstore

import (
	"sync"
	"sync/atomic"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// space is one workspace.
type space struct {
	name string

	// apply is held by the one batch that is being checked and written. No
	// read takes it.
	apply sync.Mutex

	epoch    epoch
	contacts table
	keys     atomic.Pointer[keyTable]
	log      changeLog
	acts     actTable
	timeline timeline
	records  records
	search   searcher
}

func newSpace(name string) *space {
	sp := &space{name: name}
	sp.contacts.init()
	sp.keys.Store(newKeyTable())
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
