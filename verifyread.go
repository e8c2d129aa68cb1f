package extcontacts

import (
	"context"
	"errors"
	"iter"
	"slices"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// derived asks the store about what it alone knows.
func (v *verifier) derived(ctx context.Context) error {
	checker, ok := v.s.st().(store.Checker)
	if !ok {
		return nil
	}
	for d, err := range checker.Check(ctx, v.s.ws(), v.keysOf) {
		if err != nil {
			return err
		}
		if d.Code == "contact_damaged" {
			v.unreadable = append(v.unreadable, d.ID)
		}
		v.found(Difference{Code: d.Code, ID: d.ID, Seq: d.Seq})
	}
	slices.Sort(v.unreadable)
	return nil
}

// entries yields the whole log in order, and for an entry that cannot be read
// its number with nil.
func (v *verifier) entries(ctx context.Context) iter.Seq2[int64, *contacts.Entry] {
	return func(yield func(int64, *contacts.Entry) bool) {
		q := store.LogQuery{Limit: logPart}
		for v.err == nil {
			entries, err := v.s.st().Log(ctx, v.s.ws(), q)
			switch {
			case errors.Is(err, contacts.ErrEncoding) && q.Limit > 1:
				q.Limit = 1 // find out which
				continue
			case errors.Is(err, contacts.ErrEncoding):
				if q.After++; !yield(q.After, nil) || len(v.rep.Differences) >= maxDifferences {
					return
				}
				continue
			case err != nil:
				v.err = err
				return
			}
			for i := range entries {
				if !yield(entries[i].Seq, &entries[i]) {
					return
				}
				q.After = entries[i].Seq
			}
			if len(entries) < q.Limit {
				return
			}
		}
	}
}

// scan yields every contact of the span that can be read, in every state.
func (v *verifier) scan(ctx context.Context) iter.Seq2[*contacts.Contact, error] {
	return func(yield func(*contacts.Contact, error) bool) {
		damaged := slices.Clone(v.unreadable)
		for len(damaged) > 0 && damaged[0] <= v.past.of.after {
			damaged = damaged[1:]
		}
		for after, again := v.past.of.after, true; again; {
			again = false
			for c, err := range v.s.st().Scan(ctx, v.s.ws(), after) {
				if errors.Is(err, contacts.ErrEncoding) && len(damaged) > 0 {
					after, damaged, again = damaged[0], damaged[1:], true
					break
				}
				if err == nil && v.past.of.cut && c.ID > v.past.of.to {
					return
				}
				if err == nil {
					after = c.ID
					if store.CheckIDs(c.ID) != nil { // no contact can have such an id
						v.found(Difference{Code: "contact_damaged"})
						n, _ := slices.BinarySearch(v.unreadable, c.ID)
						v.unreadable = slices.Insert(v.unreadable, n, c.ID)
						continue
					}
				}
				if !yield(c, err) || err != nil {
					return
				}
			}
		}
	}
}
