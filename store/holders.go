package store

import (
	"context"
	"slices"

	"github.com/extcontacts/extcontacts/contacts"
)

// HolderReader is an optional capability of a [Store]: to answer who holds a
// key with the contacts themselves, in one go. It is what somebody waits for
// whose phone rings.
type HolderReader interface {
	// Holders returns, for each key in their order, the contacts that hold it,
	// whatever their state, in ascending order of id; nil where nobody does.
	// Who holds the keys is what [Store.Lookup] would say at one moment of the
	// call; each contact is as it was then or later. The number of keys and
	// holders is not limited. A key without kind or value is [ErrInvalid].
	Holders(ctx context.Context, workspace string, keys ...contacts.Key) ([][]*contacts.Contact, error)
}

// Holders returns, for each key in their order, the contacts that hold it; see
// [HolderReader]. A store that is none is asked for the ids, then for the
// contacts.
func Holders(ctx context.Context, st Store, workspace string, keys ...contacts.Key) ([][]*contacts.Contact, error) {
	if r, ok := st.(HolderReader); ok {
		return r.Holders(ctx, workspace, keys...)
	}
	lists, err := st.Lookup(ctx, workspace, keys...)
	if err != nil {
		return nil, err
	}
	const most = 256 // that Contacts answers as they were after one batch
	var all []*contacts.Contact
	for ids := range slices.Chunk(slices.Concat(lists...), most) {
		some, err := st.Contacts(ctx, workspace, ids...)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	out := make([][]*contacts.Contact, len(lists))
	for i, ids := range lists {
		for _, c := range all[:len(ids)] {
			if c != nil { // a store may hide some
				out[i] = append(out[i], c)
			}
		}
		all = all[len(ids):]
	}
	return out, nil
}
