package sqlstore

import (
	"context"
	"database/sql"
	"slices"
	"strconv"
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

var _ store.HolderReader = (*Store)(nil)

// guessKeys is up to how many keys are looked for together with a contact of
// each.
const guessKeys = 4

// Holders implements [store.HolderReader]. A few keys, as they come with a
// call or a message, are mostly answered by one statement; see
// [Dialect.Holder].
func (s *Store) Holders(ctx context.Context, workspace string, keys ...contacts.Key) ([][]*contacts.Contact, error) {
	if err := store.CheckWorkspace(workspace); err != nil {
		return nil, err
	}
	if err := store.CheckKeys(keys...); err != nil {
		return nil, err
	}
	out := make([][]*contacts.Contact, len(keys))
	if len(keys) == 0 {
		return out, nil
	}
	digests := digestsOf(keys)
	var found map[digest][]contacts.ID
	var have map[contacts.ID]*contacts.Contact
	err := s.reading(ctx, "read holders", func(ctx context.Context, c *session) (err error) {
		have = map[contacts.ID]*contacts.Contact{}
		if len(digests) <= len(s.guesses) {
			found, err = s.readGuessed(s.inner(ctx), c, workspace, digests, have)
		} else {
			found, err = s.holders(s.inner(ctx), ctx, c, workspace, digests, false)
		}
		if err != nil {
			return err
		}
		var missing []contacts.ID
		for _, ids := range found {
			for _, id := range ids {
				if have[id] == nil {
					missing = append(missing, id)
				}
			}
		}
		return byIDs(s.inner(ctx), c, workspace, contactsSQL, sortedIDs(missing), func(scan func(...any) error) error {
			c, err := scanContact(scan)
			if err == nil {
				have[c.ID] = c
			}
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	given := make(map[contacts.ID]bool, len(have))
	for i, d := range digests {
		for _, id := range found[d] {
			c := have[id]
			if c == nil { // a key that has lost its contact is a matter of Verify
				continue
			}
			if given[id] {
				c = c.Clone()
			}
			given[id] = true
			out[i] = append(out[i], c)
		}
	}
	return out, nil
}

// guessSQL asks for the nodes on the paths of n keys, and with each node for
// the contact that [Dialect.Holder] guesses for each key.
func guessSQL(d *Dialect, n int) string {
	var columns, joins strings.Builder
	for i := range n {
		c := "c" + strconv.Itoa(i)
		columns.WriteString(", " + c + ".id, " + c + ".body")
		joins.WriteString(" LEFT JOIN ec_contacts " + c + " ON " + c + ".ws = ? AND " + c + ".id = " + d.Holder)
	}
	if d.Held != nil {
		return "SELECT k.body" + columns.String() + " FROM " + d.Held(n*d.keyPlaces()) + " k" + joins.String() + " WHERE k.body IS NOT NULL"
	}
	among := d.Among
	if among == "" {
		among = " IN (" + marks(n*d.keyPlaces()) + ")"
	}
	query := "SELECT k.body" + columns.String() + " FROM ec_keys k" + joins.String() + " WHERE k.ws = ? AND k.node" + among
	if d.Holds != "" {
		query += " AND (" + d.Holds + strings.Repeat(" OR "+d.Holds, n-1) + ")"
	}
	return query
}

// guessArgs are the parameters of [guessSQL].
func guessArgs(d *Dialect, ws string, digests []digest) []any {
	args := make([]any, 0, (2+d.keyPlaces())*len(digests)+2)
	names := make([]int64, 0, d.keyPlaces()*len(digests))
	for i := range digests {
		for place := range d.keyPlaces() {
			names = append(names, placeOf(digests[i].prefix(), place))
		}
	}
	guesses := func() {
		for i := range digests {
			args = append(args, ws, digests[i][:])
		}
	}
	if d.Held == nil {
		guesses()
		args = append(args, ws)
		if d.Among != "" {
			args = append(args, names)
		} else {
			for _, node := range names {
				args = append(args, node)
			}
		}
		if d.Holds != "" {
			for i := range digests {
				args = append(args, digests[i][:])
			}
		}
		return args
	}
	wanted := make([]byte, 0, guessKeys*len(digest{}))
	for i := range digests {
		wanted = append(wanted, digests[i][:]...)
	}
	args = append(args, wanted)
	for i, node := range names {
		if slices.Contains(names[:i], node) { // on the path of another key: it is read once
			args = append(args, nil)
		} else {
			args = append(args, node)
		}
	}
	args = append(args, ws)
	guesses()
	return args
}

// readGuessed reads the holders of keys, and into have those of their contacts
// that were guessed.
func (s *Store) readGuessed(ctx context.Context, c *session, ws string, digests []digest, have map[contacts.ID]*contacts.Contact) (map[digest][]contacts.ID, error) {
	raw := make([]sql.RawBytes, 1+2*len(digests)) // the node; id and body of each guess
	dst := make([]any, len(raw))
	for i := range raw {
		dst[i] = &raw[i]
	}
	found := map[digest][]contacts.ID{}
	err := c.query(ctx, s.guesses[len(digests)-1], guessArgs(&s.d, ws, digests), func(scan func(...any) error) (err error) {
		if err := scan(dst...); err != nil {
			return err
		}
		for i, d := range digests {
			guess := raw[1+2*i:]
			eachHeld(raw[0], digests[i:i+1], func(_ digest, text []byte) {
				id := holder(text)
				found[d] = append(found[d], id)
				if string(id) == string(guess[0]) && have[id] == nil && err == nil {
					have[id], err = decodeContact(id, guess[1])
				}
			})
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	orderHolders(found)
	return found, nil
}

// Holder returns the id in the first entry of a key in a node, as
// [Dialect.Holder] does where the engine can call Go.
func Holder(body, key []byte) (id contacts.ID, ok bool) {
	if len(key) != len(digest{}) {
		return "", false
	}
	eachHeld(body, []digest{digest(key)}, func(_ digest, text []byte) {
		if !ok {
			id, ok = holder(text), true
		}
	})
	return id, ok
}

// Held returns the entries of keys, whose digests stand one behind the other,
// in a node, as [Dialect.Held] does where the engine can call Go; nil where
// there are none.
func Held(body, keys []byte) (held []byte) {
	var room [guessKeys]digest
	sorted := room[:0]
	for ; len(keys) >= len(digest{}); keys = keys[len(digest{}):] {
		sorted = append(sorted, digest(keys))
	}
	slices.SortFunc(sorted, digest.compare)
	eachHeld(body, sorted, func(_ digest, text []byte) { held = append(held, text...) })
	return held
}
