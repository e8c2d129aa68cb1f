package storetest

import (
	"cmp"
	"maps"
	"slices"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// model is the contract of a store in its plainest form, for one workspace:
// every answer is worked out from scratch by walking over lists. It takes only
// batches that pass store.CheckBatch.
type model struct {
	contacts   map[contacts.ID]*contacts.Contact
	holds      map[contacts.ID]map[contacts.Key]bool
	entries    []contacts.Entry
	acts       []contacts.Act
	activities map[contacts.ID]contacts.Activity
	records    map[[2]string]store.Record
}

func newModel() *model {
	return &model{contacts: map[contacts.ID]*contacts.Contact{}, holds: map[contacts.ID]map[contacts.Key]bool{},
		activities: map[contacts.ID]contacts.Activity{}, records: map[[2]string]store.Record{}}
}

func (m *model) rev(id contacts.ID) int64 {
	if c := m.contacts[id]; c != nil {
		return c.Rev
	}
	return 0
}

func (m *model) act(id contacts.ID) *contacts.Act {
	for i := range m.acts {
		if m.acts[i].ID == id {
			return &m.acts[i]
		}
	}
	return nil
}

// apply answers what Apply must: a result, or the sentinel of its error.
func (m *model) apply(b *store.Batch) (store.Result, error) {
	for _, e := range m.entries {
		if e.Act == b.Act.ID && e.Part == b.Part {
			return store.Result{Seq: e.Seq, Replayed: true}, nil
		}
	}
	next := m.clone()
	if err := next.write(m, b); err != nil {
		return store.Result{}, err
	}
	*m = *next
	return store.Result{Seq: int64(len(m.entries))}, nil
}

func (m *model) clone() *model {
	n := *m
	n.contacts, n.activities, n.records = maps.Clone(m.contacts), maps.Clone(m.activities), maps.Clone(m.records)
	n.holds = map[contacts.ID]map[contacts.Key]bool{}
	for id, keys := range m.holds {
		n.holds[id] = maps.Clone(keys)
	}
	n.entries, n.acts = slices.Clone(m.entries), slices.Clone(m.acts)
	return &n
}

// write writes a batch into m, a clone of old, and stops at the first
// condition that does not hold.
func (m *model) write(old *model, b *store.Batch) error {
	seq := int64(len(m.entries)) + 1
	if b.Seq != 0 && b.Seq != seq {
		return store.ErrConflict
	}
	for _, x := range b.Expect {
		if old.rev(x.ID) != x.Rev {
			return store.ErrConflict
		}
	}
	for _, p := range b.Put {
		id := p.Contact.ID
		if old.rev(id) != p.Base {
			return store.ErrConflict
		}
		m.contacts[id] = p.Contact.Clone()
		if m.holds[id] == nil {
			m.holds[id] = map[contacts.Key]bool{}
		}
		for _, key := range p.Drop {
			delete(m.holds[id], key)
		}
		for _, key := range p.Add {
			m.holds[id][key] = true
		}
	}
	for _, p := range b.Put {
		for _, key := range p.Add {
			if slices.Contains(b.Unique, key.Kind) && len(m.lookup(key)) > 1 {
				return store.ErrConflict
			}
		}
	}
	for _, a := range b.Activities {
		if have, ok := m.activities[a.ID]; ok && have.Contact != a.Contact {
			return store.ErrConflict
		}
		m.activities[a.ID] = a
	}
	for _, r := range b.Records {
		name := [2]string{r.Kind, r.Key}
		rev := m.records[name].Rev
		if r.Base != store.AnyRev && r.Base != rev {
			return store.ErrConflict
		}
		if delete(m.records, name); r.Body != nil {
			m.records[name] = store.Record{Kind: r.Kind, Key: r.Key, Rev: rev + 1, Body: r.Body}
		}
	}
	if err := m.note(b, seq); err != nil {
		return err
	}
	m.entries = append(m.entries, contacts.Entry{Seq: seq, Act: b.Act.ID, Part: b.Part, At: b.Act.At, Changes: slices.Clone(b.Changes)})
	return nil
}

// note stores the act and marks those it takes back.
func (m *model) note(b *store.Batch, seq int64) error {
	if a := m.act(b.Act.ID); a != nil {
		a.Counts = b.Act.Counts
		return nil
	}
	if b.Act.Undoes != "" {
		if m.act(b.Act.Undoes) == nil {
			return store.ErrNotFound
		}
		if !m.fall(b.Act.Undoes, b.Act.ID) {
			return store.ErrConflict
		}
	}
	a := b.Act
	a.Seq, a.UndoneBy = seq, ""
	m.acts = append(m.acts, a)
	return nil
}

// fall takes an act back, rise lets it stand again; they go down the chain.
func (m *model) fall(id, by contacts.ID) bool {
	a := m.act(id)
	if a.UndoneBy != "" {
		return false
	}
	a.UndoneBy = by
	return a.Undoes == "" || m.rise(a.Undoes)
}

func (m *model) rise(id contacts.ID) bool {
	a := m.act(id)
	a.UndoneBy = ""
	return a.Undoes == "" || m.fall(a.Undoes, id)
}

func (m *model) lookup(key contacts.Key) []contacts.ID {
	var out []contacts.ID
	for id, keys := range m.holds {
		if keys[key] {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}

func (m *model) scan(after contacts.ID) []*contacts.Contact {
	var out []*contacts.Contact
	for _, id := range slices.Sorted(maps.Keys(m.contacts)) {
		if id > after {
			out = append(out, m.contacts[id])
		}
	}
	return out
}

func (m *model) log(q store.LogQuery) []contacts.Entry {
	var out []contacts.Entry
	for _, e := range m.entries {
		if e.Seq <= q.After || q.Before > 0 && e.Seq >= q.Before || q.Act != "" && e.Act != q.Act {
			continue
		}
		if q.Contact != "" {
			e.Changes = slices.DeleteFunc(slices.Clone(e.Changes), func(c contacts.Change) bool { return c.Contact != q.Contact })
			if len(e.Changes) == 0 {
				continue
			}
		}
		out = append(out, e)
	}
	return page(out, q.Newest, q.Limit)
}

func (m *model) listActs(q store.ActQuery) []contacts.Act {
	var out []contacts.Act
	for _, a := range m.acts {
		if q.Before == 0 || a.Seq < q.Before {
			out = append(out, a)
		}
	}
	return page(out, true, q.Limit)
}

func (m *model) listActivities(q store.ActivityQuery) []contacts.Activity {
	var out []contacts.Activity
	for _, a := range m.activities {
		at := cmp.Or(a.At.Compare(q.BeforeAt), cmp.Compare(a.ID, q.BeforeID))
		if slices.Contains(q.Contacts, a.Contact) && (q.BeforeAt.IsZero() || at < 0) &&
			(q.Ref == "" || a.Ref == q.Ref) && (len(q.Kinds) == 0 || slices.Contains(q.Kinds, a.Kind)) {
			out = append(out, a)
		}
	}
	slices.SortFunc(out, func(a, b contacts.Activity) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	return page(out, true, q.Limit)
}

func (m *model) listRecords(kind string) []store.Record {
	var out []store.Record
	for name, r := range m.records {
		if name[0] == kind {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b store.Record) int { return cmp.Compare(a.Key, b.Key) })
	return out
}

// page turns an ascending list round where wanted and cuts it.
func page[T any](list []T, newest bool, limit int) []T {
	if newest {
		slices.Reverse(list)
	}
	return list[:min(len(list), cmp.Or(limit, store.DefaultLimit))]
}
