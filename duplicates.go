package extcontacts

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/merge"
	"github.com/extcontacts/extcontacts/store"
)

// DuplicateOptions are the settings of a search for duplicates.
type DuplicateOptions struct {
	// Min is the least score of a pair, 0 to 1; zero means all suspected.
	Min float64
}

// Duplicates yields the pairs of contacts, among those that match the query,
// that are suspected to be one person, the most certain first, each with its
// reasons. Pairs that were said to be distinct are left out.
func (s *Session) Duplicates(ctx context.Context, query string, o DuplicateOptions) iter.Seq2[merge.Pair, error] {
	return func(yield func(merge.Pair, error) bool) {
		found, err := s.FindDuplicates(ctx, query, o)
		if err != nil {
			yield(merge.Pair{}, err)
			return
		}
		for p := range found.Pairs() {
			if !yield(p, nil) {
				return
			}
		}
	}
}

// FindDuplicates is [Session.Duplicates] with the clusters of what is one
// person.
func (s *Session) FindDuplicates(ctx context.Context, query string, o DuplicateOptions) (*merge.Matches, error) {
	marks, err := s.distinctMarks(ctx)
	if err != nil {
		return nil, err
	}
	return merge.Find(s.comparable(ctx, query), merge.FindOptions{Min: o.Min, Distinct: marks.has, Model: s.model()})
}

// LearnModel makes a model for Options.Model of the contacts that match the
// query: how their duplicates differ, how common their names and places are,
// and what of these goes together. It finds more duplicates, and fewer wrong
// ones, than the shipped one. Its JSON form can be kept; it holds values that
// several contacts have, so make it anew after erasures. It takes the book to be
// as large as what it learnt from: learn from all of it, and again when it has
// grown a lot.
//
// Less than 100 contacts are refused with a *[CodeError], contacts_few. Other
// errors are those of [Session.Search].
func (s *Session) LearnModel(ctx context.Context, query string) (*merge.Model, error) {
	marks, err := s.distinctMarks(ctx)
	if err != nil {
		return nil, err
	}
	n := 0
	counted := func(yield func(*contacts.Contact, error) bool) {
		for c, err := range s.comparable(ctx, query) {
			if n++; !yield(c, err) {
				return
			}
		}
	}
	found, err := merge.Find(counted, merge.FindOptions{Distinct: marks.has, Learn: true})
	if err != nil {
		return nil, err
	}
	if n < fewestLearnt {
		return nil, &CodeError{"contacts_few", fmt.Sprintf("a model is learnt from %d contacts at least, here are %d", fewestLearnt, n)}
	}
	return merge.Learn(found), nil
}

// fewestLearnt is how many contacts a model is learnt from: of fewer, the
// shipped one knows more.
const fewestLearnt = 100

// model is what weighs suspected duplicates.
func (s *Session) model() *merge.Model {
	if m := s.book.o.Model; m != nil {
		return m
	}
	return merge.Shipped()
}

// comparable yields what Search does without masked values.
func (s *Session) comparable(ctx context.Context, query string) iter.Seq2[*contacts.Contact, error] {
	return func(yield func(*contacts.Contact, error) bool) {
		for c, err := range s.Search(ctx, query) {
			if !yield(s.mask.Strip(c), err) {
				return
			}
		}
	}
}

// Suggest returns the contacts of the whole book that are suspected to be the
// same person as the given one, by indexed identity keys: verified identifiers
// first, then by score. Two contacts are judged as [Session.Duplicates] judges
// them. Who shares no identifier is found by Duplicates alone.
func (s *Session) Suggest(ctx context.Context, id contacts.ID) ([]merge.Pair, error) {
	c, err := s.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	return s.suggest(ctx, c)
}

func (s *Session) suggest(ctx context.Context, c *contacts.Contact) ([]merge.Pair, error) {
	c = s.mask.Strip(c)
	keys := contacts.Keys(nil, c)
	var asked []contacts.Key
	for _, k := range keys {
		asked = append(asked, k)
		switch k.Kind { // a WhatsApp number is a phone number, too
		case contacts.PhoneKey:
			asked = append(asked, contacts.Key{Kind: contacts.WhatsAppKey, Value: k.Value})
		case contacts.WhatsAppKey:
			asked = append(asked, contacts.Key{Kind: contacts.PhoneKey, Value: k.Value})
		}
	}
	found, err := s.fewHolders(ctx, asked...)
	if err != nil {
		return nil, err
	}
	found = slices.DeleteFunc(found, func(d *contacts.Contact) bool { return d.ID == c.ID })
	if !c.ID.IsZero() { // what is not stored yet has no marks
		ids := make([]contacts.ID, len(found))
		for i, d := range found {
			ids[i] = d.ID
		}
		marks, err := s.marksBetween(ctx, c.ID, ids...)
		if err != nil {
			return nil, err
		}
		found = slices.DeleteFunc(found, func(d *contacts.Contact) bool { return marks.has(c.ID, d.ID) })
	}
	for i := range found {
		found[i] = s.mask.Strip(found[i])
	}
	return s.model().Suggest(c, found), nil
}

// crowd is how many contacts may hold a key that suggestions follow: more stand
// behind a switchboard or a mailbox of an office, and one of them is no suspect
// for its sake.
const crowd = 100

// fewHolders is holders without the keys of a crowd.
func (s *Session) fewHolders(ctx context.Context, keys ...contacts.Key) ([]*contacts.Contact, error) {
	lists, err := s.st().Lookup(ctx, s.ws(), keys...)
	if err != nil {
		return nil, err
	}
	ids := slices.Concat(slices.DeleteFunc(lists, func(ids []contacts.ID) bool { return len(ids) > crowd })...)
	slices.Sort(ids)
	var out []*contacts.Contact
	for part := range slices.Chunk(slices.Compact(ids), chunk) {
		cs, err := s.fetch(ctx, part...)
		if err != nil {
			return nil, err
		}
		out = append(out, s.live(cs)...)
	}
	return out, nil
}

// holders reads the live contacts the actor may view that hold one of the
// keys, each once, by ascending id.
func (s *Session) holders(ctx context.Context, keys ...contacts.Key) ([]*contacts.Contact, error) {
	lists, err := store.Holders(ctx, s.st(), s.ws(), keys...)
	if err != nil {
		return nil, err
	}
	if err := s.followEnquiry(ctx); err != nil {
		return nil, err
	}
	cs := slices.Concat(lists...)
	slices.SortFunc(cs, func(a, b *contacts.Contact) int { return cmp.Compare(a.ID, b.ID) })
	cs = slices.CompactFunc(cs, func(a, b *contacts.Contact) bool { return a.ID == b.ID })
	return s.live(cs), nil
}

// live are those of the contacts that are live and that the actor may view.
func (s *Session) live(cs []*contacts.Contact) (out []*contacts.Contact) {
	for _, c := range cs {
		if c != nil && c.State == contacts.Live && s.visible(c) {
			out = append(out, s.mask.Apply(c))
		}
	}
	return out
}

// Distinct says that two contacts are not the same person: they are suggested
// no more, from either side, and are not merged. Undoing the act takes it back.
func (s *Session) Distinct(ctx context.Context, a, b contacts.ID) (contacts.Act, error) {
	act := s.act(contacts.ActDistinct, "")
	res, err := s.commit(ctx, func(ctx context.Context) (*store.Batch, error) {
		x, err := s.Get(ctx, a)
		if err != nil {
			return nil, err
		}
		y, err := s.Get(ctx, b)
		if err != nil {
			return nil, err
		}
		if x.ID == y.ID {
			return nil, &CodeError{"same_contact", "contact " + string(x.ID) + " cannot be distinct from itself"}
		}
		if err := s.mayMerge(x, []*contacts.Contact{y}); err != nil {
			return nil, err
		}
		marks, err := s.marksBetween(ctx, x.ID, y.ID)
		if err != nil || marks.has(x.ID, y.ID) {
			return nil, err
		}
		key := pairKey(x.ID, y.ID)
		return &store.Batch{
			Act:     act,
			Expect:  []store.Expect{{ID: x.ID, Rev: x.Rev}, {ID: y.ID, Rev: y.Rev}},
			Changes: []contacts.Change{{Path: recordDistinct, New: key}},
			Records: []store.RecordPut{{Kind: recordDistinct, Key: key, Base: store.AnyRev, Body: []byte(act.ID)}},
		}, nil
	})
	return written(act, res, err)
}

// pairKey names a pair of contacts whatever their order: the length of the
// smaller id, and both.
func pairKey(a, b contacts.ID) string {
	return fmt.Sprintf("%d %s %s", len(min(a, b)), min(a, b), max(a, b))
}

// splitPair takes a key of pairKey apart.
func splitPair(key string) (a, b contacts.ID, ok bool) {
	length, rest, _ := strings.Cut(key, " ")
	n, err := strconv.Atoi(length)
	if err != nil || n < 0 || n >= len(rest) || rest[n] != ' ' {
		return "", "", false
	}
	return contacts.ID(rest[:n]), contacts.ID(rest[n+1:]), true
}

// distinct are the pairs said to be two people. Contacts merged since are
// stood for by their survivors, so that a mark survives merges.
type distinct map[string]bool

func (d distinct) has(a, b contacts.ID) bool { return len(d) > 0 && d[pairKey(a, b)] }

func (s *Session) distinctMarks(ctx context.Context) (distinct, error) {
	recs, err := s.st().Records(ctx, s.ws(), recordDistinct)
	if err != nil || len(recs) == 0 {
		return nil, err
	}
	marks := make(distinct, len(recs))
	var ids []contacts.ID
	for _, r := range recs {
		if a, b, ok := splitPair(r.Key); ok {
			ids = append(ids, a, b)
		}
	}
	now, err := s.survivors(ctx, ids)
	if err != nil {
		return nil, err
	}
	for i := 0; i < len(ids); i += 2 {
		if a, b := now[ids[i]], now[ids[i+1]]; a != b {
			marks[pairKey(a, b)] = true
		}
	}
	return marks, nil
}

// survivors maps each id to the contact that answers for it now.
func (s *Session) survivors(ctx context.Context, ids []contacts.ID) (map[contacts.ID]contacts.ID, error) {
	to := make(map[contacts.ID]contacts.ID, len(ids))
	next := slices.Compact(slices.Sorted(slices.Values(ids)))
	for len(next) > 0 {
		var more []contacts.ID
		for part := range slices.Chunk(next, chunk) {
			cs, err := s.st().Contacts(ctx, s.ws(), part...)
			if err != nil {
				return nil, err
			}
			for i, c := range cs {
				if c == nil || c.State != contacts.Merged {
					to[part[i]] = part[i]
					continue
				}
				to[part[i]] = c.MergedInto
				if _, known := to[c.MergedInto]; !known {
					more = append(more, c.MergedInto)
				}
			}
		}
		next = slices.Compact(slices.Sorted(slices.Values(more)))
	}
	for id := range to {
		end := id
		for hops := 0; to[end] != end && hops < len(to); hops++ {
			end = to[end]
		}
		to[id] = end
	}
	return to, nil
}
