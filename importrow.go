package extcontacts

import (
	"maps"
	"slices"
	"strconv"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/csvio"
	"github.com/extcontacts/extcontacts/internal/fold"
)

// place decides what becomes of a sound row: it finds the contact that the row
// is about and applies the row to it, or makes a new one.
func (b *batch) place(r *importRow) outcome {
	im := b.im
	r.labels = spelledLabels(r.contact.Labels, im.schema.schema, b.over.spelling)
	found, several := b.match(r)
	switch {
	case len(several) > 0:
		b.collide(r, several...)
		return b.reject(r, "match_ambiguous", "", "the row matches the contacts "+joinIDs(several))
	case found == nil && (im.o.Mode == UpdateOnly || allBlank(r.contact)):
		return skipped // there is nobody to update, or nothing to create
	case found == nil:
		return b.create(r)
	case im.o.Mode == CreateOnly:
		b.collide(r, found.ID)
		return b.reject(r, "contact_exists", "", "contact "+string(found.ID)+" is this person")
	}
	return b.update(r, found)
}

// match finds the contact a row is about, or several that it may be about.
func (b *batch) match(r *importRow) (*contacts.Contact, []contacts.ID) {
	if kinds := b.im.o.Match; len(kinds) > 0 {
		for _, kind := range kinds {
			var ids []contacts.ID
			var found *contacts.Contact
			for i, k := range r.keys {
				if k.Kind != kind {
					continue
				}
				for _, c := range b.visible(b.holders(r, i, b.mayHold(r, i))) {
					if !slices.Contains(ids, c.ID) {
						ids, found = append(ids, c.ID), c
					}
				}
			}
			switch len(ids) {
			case 0:
			case 1:
				return found, nil
			default:
				return nil, ids
			}
		}
		return nil, nil
	}
	var best *contacts.Contact
	var score int
	var shared map[contacts.ID]int
	for i, k := range r.keys {
		for _, c := range b.visible(b.holders(r, i, b.mayBe(r, i))) {
			if k.IsExternal() {
				return c, nil
			}
			if k.Kind == contacts.NameKey {
				if !b.onlyAdds(r, c) {
					continue
				}
			} else if !samePerson(c, r) {
				continue
			}
			if shared == nil {
				shared = map[contacts.ID]int{}
			}
			shared[c.ID]++
			n := shared[c.ID]
			if _, changes := b.applied(r, c); !changes {
				n += 1000 // the row is already there
			}
			if best == nil || n > score || n == score && c.ID < best.ID {
				best, score = c, n
			}
		}
	}
	return best, nil
}

// samePerson reports whether nothing in the names speaks against the row being
// about the contact: each part is equal, or the row leaves it open.
func samePerson(c *contacts.Contact, r *importRow) bool {
	a, d := r.contact, c
	if a.FirstName == "" && a.LastName == "" {
		return true
	}
	if fold.String(a.FullName()) == fold.String(d.FullName()) {
		return true
	}
	same := func(row, have string) bool { return row == "" || fold.String(row) == fold.String(have) }
	return same(a.FirstName, d.FirstName) && same(a.LastName, d.LastName)
}

// onlyAdds reports whether applying the row would overwrite nothing.
func (b *batch) onlyAdds(r *importRow, c *contacts.Contact) bool {
	now, _ := b.applied(r, c)
	for _, ch := range contacts.Diff(c, now) {
		if ch.Old != "" {
			return false
		}
	}
	return true
}

// applied is the contact with the row's values: single values that the row
// has replace those of the contact, blanks leave them, and lists are joined by
// their rules. Fields that the row asks to be cleared are emptied first.
func (b *batch) applied(r *importRow, c *contacts.Contact) (now *contacts.Contact, changes bool) {
	now = c.Clone()
	for _, f := range r.clear {
		f.Clear(now)
	}
	row := r.contact
	over := func(dst *string, s string) {
		if s != "" {
			*dst = s
		}
	}
	over(&now.FirstName, row.FirstName)
	if !r.filled || row.LastName != b.im.o.LastName {
		over(&now.LastName, row.LastName)
	}
	over(&now.Group, row.Group)
	over(&now.Team, row.Team)
	over(&now.Company, row.Company)
	over(&now.JobTitle, row.JobTitle)
	over(&now.Address.Street, row.Address.Street)
	over(&now.Address.City, row.Address.City)
	over(&now.Address.State, row.Address.State)
	over(&now.Address.ZipCode, row.Address.ZipCode)
	if !row.Address.Country.IsZero() {
		now.Address.Country = row.Address.Country
	}
	if !row.Level.IsZero() {
		now.Level = row.Level
	}
	if !row.Type.IsZero() {
		now.Type = row.Type
	}
	if !row.Birthdate.IsZero() {
		now.Birthdate = row.Birthdate
	}
	if !row.Language.IsZero() {
		now.Language = row.Language
	}
	b.joinLists(now, r)
	for k, v := range row.Custom {
		if now.Custom == nil {
			now.Custom = map[string]contacts.Value{}
		}
		now.Custom[k] = v
	}
	for k, v := range row.ExternalIDs {
		if now.ExternalIDs == nil {
			now.ExternalIDs = map[string]string{}
		}
		now.ExternalIDs[k] = v
	}
	now.Normalize()
	return now, !now.Equal(c)
}

// update applies the row to the contact it is about.
func (b *batch) update(r *importRow, c *contacts.Contact) outcome {
	im := b.im
	now, changes := b.applied(r, c)
	if !changes {
		b.claim(r, c.ID)
		return unchanged
	}
	if cl, ok := b.claimed(c.ID); ok {
		if field := cl.settle(c, now); field != "" {
			b.collide(r, c.ID)
			return b.reject(r, "contradicts_row", field, "row "+strconv.Itoa(cl.row())+" of the file says something else of the same contact")
		}
		if now.Equal(c) {
			b.claim(r, c.ID)
			return unchanged
		}
	}
	if err := im.s.may(contacts.RightEdit, c); err != nil {
		return b.refuse(r, err)
	}
	if err := im.s.mayBecome(contacts.RightEdit, now); err != nil {
		return b.refuse(r, err)
	}
	if !b.valid(r, c, now) {
		return rejected
	}
	w := b.over.byID[c.ID]
	if w == nil {
		w = &work{old: c}
	}
	if im.o.Each != nil {
		r.changes = contacts.Diff(c, now)
	}
	w.now, w.keys = now, im.keysOf(now)
	w.hashes = im.hashes(nil, w.keys)
	b.useLabels(r)
	b.put(w)
	b.claim(r, c.ID)
	return updated
}

// create makes a new contact of the row.
func (b *batch) create(r *importRow) outcome {
	im := b.im
	c := b.made.next() // the row's own stays as it was read
	*c = *r.contact
	c.Labels, c.Custom = slices.Clone(r.labels), maps.Clone(r.contact.Custom)
	fill := r.filled && c.LastName == ""
	if fill {
		c.LastName = im.o.LastName
	}
	contacts.ApplyDefaults(c, im.schema.schema)
	c.Owner = im.s.owner("")
	if fill || len(c.Custom) > 0 || !slices.Equal(c.Labels, r.contact.Labels) { // else it is in normal form, as it was read
		c.Normalize()
	}
	if err := im.s.may(contacts.RightCreate, c); err != nil {
		return b.refuse(r, err)
	}
	if !b.valid(r, nil, c) {
		return rejected
	}
	if im.o.Each != nil {
		r.changes = contacts.Diff(&contacts.Contact{}, c)
	}
	c.ID = im.s.newID()
	b.useLabels(r)
	w := b.works.next()
	*w = work{now: c, keys: r.keys, hashes: r.hashes}
	if fill || len(c.Custom) > 0 { // what was filled in may be a key
		w.keys = im.keysOf(c)
		w.hashes = im.hashes(nil, w.keys)
	}
	b.put(w)
	r.about, r.first = c.ID, r.row
	b.claims.add(c.ID, r.row, b.stated(r))
	if fill {
		b.filled++
	}
	return created
}

// claim notes that the row is about the contact.
func (b *batch) claim(r *importRow, id contacts.ID) {
	r.about, r.first = id, r.row
	if cl, ok := b.claimed(id); ok {
		r.first = cl.row()
	}
	b.claims.add(id, r.row, b.stated(r))
}

// claimed is what earlier rows of the file said about the contact.
func (b *batch) claimed(id contacts.ID) (claim, bool) {
	hash := hashID(id)
	c := b.im.claims.get(hash)
	if b.prev != nil {
		c = c.with(b.prev.claims.get(hash))
	}
	c = c.with(b.claims.get(hash))
	return c, c != 0
}

// valid checks the contact that a row leads to, from old or anew, against the
// rules and the unique keys, and notes the faults.
func (b *batch) valid(r *importRow, old, c *contacts.Contact) bool {
	im := b.im
	row := &csvio.Row{Row: r.row, Line: r.line, Contact: c, Filled: r.filled}
	var faults []*csvio.Fault
	switch {
	case old != nil:
		faults = im.decoder.Explain(row, newFaults(old, c, im.schema.schema))
	case im.otherFields:
		faults = im.decoder.Explain(row, contacts.Validate(c, im.schema.schema))
	default: // the row's values were checked when they were read
		faults = im.decoder.Validate(row)
	}
	if len(faults) > 0 {
		r.also = append(r.also, faults...)
		return false
	}
	if code := b.refusedLabels(r); code != "" {
		b.reject(r, code, "labels", "")
		return false
	}
	for i, k := range r.keys {
		if !im.s.book.isUnique(im.schema.schema, k) {
			continue
		}
		for _, other := range b.holders(r, i, b.mayHold(r, i)) {
			if other.ID != c.ID {
				who := "another contact" // whom the actor may not view
				if im.s.visible(other) {
					who = "contact " + string(other.ID)
					b.collide(r, other.ID)
				}
				b.reject(r, "value_taken", string(k.Kind), who+" has this value, which only one may have")
				return false
			}
		}
	}
	return b.admitted(r, old)
}

// admitted looks whether the row brings the contact an identifier of somebody
// who was erased.
func (b *batch) admitted(r *importRow, old *contacts.Contact) bool {
	r.flag = ""
	if len(b.im.erased.hashes) == 0 {
		return true
	}
	brought := r.keys
	if old != nil {
		had := contacts.Keys(nil, old)
		brought = slices.DeleteFunc(slices.Clone(r.keys), func(k contacts.Key) bool { return slices.Contains(had, k) })
	}
	kind, erased := b.im.erased.has(brought)
	if !erased {
		return true
	}
	if b.im.s.book.o.Erased == FlagErased {
		r.flag = kind
		return true
	}
	b.reject(r, "identifier_erased", string(kind), "somebody with this identifier was erased; Readmit lets it in")
	return false
}

// newLabels are the labels of a row that neither the workspace has nor an
// earlier row brought.
func (b *batch) newLabels(r *importRow) []string {
	var fresh []string
	for _, l := range r.labels {
		if _, known := b.im.schema.schema.Label(l); known {
			continue
		}
		if _, known := b.over.spelling[labelKey(l)]; !known && !slices.Contains(fresh, l) {
			fresh = append(fresh, l)
		}
	}
	return fresh
}

// refusedLabels is the code by which a row cannot bring its new labels, empty
// where it can.
func (b *batch) refusedLabels(r *importRow) string {
	fresh := len(b.newLabels(r))
	switch {
	case fresh == 0:
		return ""
	case b.im.s.may(contacts.RightSchema, nil) != nil:
		return "label_unknown"
	case len(b.im.schema.schema.Labels())+len(b.over.labels)+fresh > contacts.MaxLabels:
		return "too_many_labels"
	}
	return ""
}

// useLabels makes the new labels of a row part of the batch.
func (b *batch) useLabels(r *importRow) {
	for _, l := range b.newLabels(r) {
		b.over.labels = append(b.over.labels, l)
		b.over.spelling[labelKey(l)] = l
	}
}

func (b *batch) reject(r *importRow, code, field, hint string) outcome {
	r.also = append(r.also, &csvio.Fault{Row: r.row, Line: r.line, Cell: -1, Offset: -1, Code: code, Field: field, Column: b.im.columnOf(field), Hint: hint})
	return rejected
}

// collide notes which contacts a rejected row collides with; in a dry run
// those that the file itself would bring are not there to be named.
func (b *batch) collide(r *importRow, ids ...contacts.ID) {
	for _, id := range ids {
		if _, stored := b.stored[id]; stored || !b.im.o.DryRun {
			r.collides = append(r.collides, id)
		}
	}
}

// refuse rejects a row that the policy does not allow.
func (b *batch) refuse(r *importRow, err error) outcome {
	if e, ok := err.(*ForbiddenError); ok {
		return b.reject(r, "forbidden", "", "rule "+e.Rule)
	}
	return b.reject(r, "forbidden", "", "")
}
