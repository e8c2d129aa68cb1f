package sqlstore

import (
	"context"
	"errors"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/search"
	"github.com/extcontacts/extcontacts/store"
)

// checkText compares the text index, where there is one, with the contacts.
func (s *Store) checkText(ctx context.Context, ws string, _ store.KeysOf, found func(store.Damage) bool) (bool, error) {
	if s.texts == nil {
		return true, nil
	}
	rows := 0
	err := s.reading(ctx, "check index", func(ctx context.Context, c *session) error {
		_, err := c.one(ctx, "SELECT COUNT(*) FROM ec_index WHERE ws = ? AND block > 0", []any{ws}, &rows)
		return err
	})
	if err != nil {
		return false, err
	}
	t := s.texts.apart()
	err = s.followText(ctx, ws, t, false)
	whole := func(err error) (bool, error) {
		var lost *contacts.FieldError
		if errors.Is(err, search.ErrStored) || errors.As(err, &lost) {
			return found(store.Damage{Code: "search_index"}), nil
		}
		return err == nil, err
	}
	switch {
	case err != nil:
		return whole(err)
	case t.x == nil && rows == 0:
		return true, nil
	case t.x == nil || t.x.Blocks() != rows:
		return found(store.Damage{Code: "search_index"}), nil
	}
	for id, err := range t.x.Check(ctx, s.Scan(ctx, ws, "")) {
		var own *store.Error
		if errors.As(err, &own) && errors.Is(err, contacts.ErrEncoding) { // checkRows names it
			return true, nil
		}
		if err != nil {
			return whole(err)
		}
		if !found(store.Damage{Code: "search_index", ID: id}) {
			return false, nil
		}
	}
	return true, nil
}
