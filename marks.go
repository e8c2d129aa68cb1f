package extcontacts

import (
	"context"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// manyMarks is from how many pairs of ids on all marks are read instead of
// those of the pairs.
const manyMarks = 10_000

// marksBetween returns the marks that stand between one of the contacts and
// each of the others, without reading those of the rest of the book. The
// contacts must be live; a mark may have been said of one that was since
// merged into them.
func (s *Session) marksBetween(ctx context.Context, id contacts.ID, others ...contacts.ID) (distinct, error) {
	if len(others) == 0 {
		return nil, nil
	}
	own, theirs := []contacts.ID{id}, append([]contacts.ID(nil), others...)
	root := map[contacts.ID]contacts.ID{id: id}
	for _, o := range others {
		root[o] = o
	}
	next := append([]contacts.ID{id}, others...)
	for len(next) > 0 {
		keys := make([]contacts.Key, len(next))
		for i, id := range next {
			keys[i] = contacts.Key{Kind: contacts.MergedKey, Value: string(id)}
		}
		found, err := s.st().Lookup(ctx, s.ws(), keys...)
		if err != nil {
			return nil, err
		}
		var more []contacts.ID
		for i, members := range found {
			for _, m := range members {
				if _, known := root[m]; known {
					continue
				}
				root[m] = root[next[i]]
				if more = append(more, m); root[m] == id {
					own = append(own, m)
				} else {
					theirs = append(theirs, m)
				}
			}
		}
		next = more
	}
	if len(own)*len(theirs) > manyMarks {
		return s.distinctMarks(ctx)
	}
	names := make([]string, 0, len(own)*len(theirs))
	for _, a := range own {
		for _, b := range theirs {
			if name := pairKey(a, b); a != b && len(name) <= store.MaxRecordKey {
				names = append(names, name)
			}
		}
	}
	if len(names) == 0 {
		return nil, nil
	}
	recs, err := s.st().Records(ctx, s.ws(), recordDistinct, names...)
	if err != nil || len(recs) == 0 {
		return nil, err
	}
	marks := make(distinct, len(recs))
	for _, r := range recs {
		if a, b, ok := splitPair(r.Key); ok {
			marks[pairKey(root[a], root[b])] = true
		}
	}
	return marks, nil
}
