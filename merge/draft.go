package merge

import (
	"slices"
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
)

// addressPath is the path of the whole address, which is one choice.
const addressPath = "address"

func isAddress(path string) bool { return strings.HasPrefix(path, addressPath+".") }

// draft is a result in the making.
type draft struct {
	all    []*contacts.Contact // the survivor, then the others
	values []map[place]string  // of all
	result *contacts.Contact
	from   map[place]contacts.ID // the source of each value that is not the survivor's
}

// newDraft applies the default rule.
func newDraft(p *Plan) *draft {
	d := &draft{
		all:    append([]*contacts.Contact{p.Survivor}, p.Others...),
		result: p.Survivor.Clone(),
		from:   make(map[place]contacts.ID),
	}
	for _, c := range d.all {
		m := make(map[place]string)
		for v := range c.Values() {
			m[place{v.Path, v.Elem}] = v.Text
		}
		d.values = append(d.values, m)
	}
	for i := 1; i < len(d.all); i++ {
		d.fill(i)
		d.unite(d.all[i])
	}
	return d
}

// fill gives the result the values of the i-th contact where it has none.
func (d *draft) fill(i int) {
	have := make(map[string]bool)
	for v := range d.result.Values() {
		have[v.Path] = true
	}
	noAddress := d.result.Address.IsZero()
	for v := range d.all[i].Values() {
		switch {
		case contacts.IsListPath(v.Path) || isPrimary(v.Path): // see unite
		case isAddress(v.Path) && noAddress, !isAddress(v.Path) && !have[v.Path]:
			d.set(i, v.Path)
		}
	}
}

func isPrimary(path string) bool { return path == "primary_phone" || path == "primary_email" }

// set brings the i-th contact's value at a path into the result.
func (d *draft) set(i int, path string) {
	at := place{path: path}
	ch := contacts.Change{Contact: d.result.ID, Path: path, New: d.values[i][at]}
	if err := contacts.Patch(d.result, ch); err != nil {
		panic("merge: " + err.Error()) // Patch reads every text of Values
	}
	d.from[at] = d.all[i].ID
	if i == 0 || ch.New == "" {
		delete(d.from, at)
	}
}

// unite adds the elements of o's lists that the result lacks, and the
// verifications of those that it has unverified.
func (d *draft) unite(o *contacts.Contact) {
	r := d.result
	phones, emails := slices.Clone(o.Phones), slices.Clone(o.Emails)
	if len(r.Phones) > 0 {
		for i := range phones {
			phones[i].Primary = false
		}
	} else if len(phones) > 0 {
		d.from[place{path: "primary_phone"}] = o.ID
	}
	if len(r.Emails) > 0 {
		for i := range emails {
			emails[i].Primary = false
		}
	} else if len(emails) > 0 {
		d.from[place{path: "primary_email"}] = o.ID
	}
	r.Phones = unite(r.Phones, phones, (*contacts.ContactPhone).Elem,
		func(p *contacts.ContactPhone) *contacts.Verification { return &p.Verified }, d.note("phones", o.ID))
	r.Emails = unite(r.Emails, emails, (*contacts.ContactEmail).Elem,
		func(e *contacts.ContactEmail) *contacts.Verification { return &e.Verified }, d.note("emails", o.ID))
	r.Socials = unite(r.Socials, o.Socials, (*contacts.Social).Elem,
		func(s *contacts.Social) *contacts.Verification { return &s.Verified }, d.note("socials", o.ID))
	for _, l := range o.Labels {
		if !slices.Contains(r.Labels, l) {
			r.Labels = append(r.Labels, l)
			d.from[place{"labels", l}] = o.ID
		}
	}
	r.Normalize()
}

// note returns the function that records where an element was taken from.
func (d *draft) note(path string, from contacts.ID) func(elem string) {
	return func(elem string) { d.from[place{path, elem}] = from }
}

func unite[T any](dst, src []T, elem func(*T) string, verified func(*T) *contacts.Verification, taken func(string)) []T {
	for i := range src {
		id := elem(&src[i])
		j := slices.IndexFunc(dst, func(t T) bool { return elem(&t) == id })
		if j < 0 {
			dst = append(dst, src[i])
			taken(id)
		} else if v := verified(&dst[j]); v.IsZero() && !verified(&src[i]).IsZero() {
			*v = *verified(&src[i])
			taken(id)
		}
	}
	return dst
}

// fields are the report of the result: what comes from others, and every
// choice between differing values.
func (d *draft) fields() []Field {
	var out []Field
	address := false
	for v := range d.result.Values() {
		switch {
		case v.Path == "state" || v.Path == "merged_into":
		case contacts.IsListPath(v.Path):
			if from := d.from[place{v.Path, v.Elem}]; from != "" {
				out = append(out, Field{Path: v.Path, Value: v.Elem, From: from})
			}
		case isAddress(v.Path):
			if !address {
				address = true
				out = d.field(out, addressPath, d.from[place{path: v.Path}])
			}
		default:
			out = d.field(out, v.Path, d.from[place{path: v.Path}])
		}
	}
	return out
}

// field appends the report of a path that holds one value.
func (d *draft) field(dst []Field, path string, from contacts.ID) []Field {
	if from == "" {
		from = d.all[0].ID
	}
	f := Field{Path: path, From: from}
	held := d.held(path)
	for _, a := range held {
		if a.From == from {
			f.Value = a.Value
		}
	}
	for _, a := range held {
		known := a.Value == f.Value || slices.ContainsFunc(f.Left, func(l Alternative) bool { return l.Value == a.Value })
		if !known {
			f.Left = append(f.Left, a)
		}
	}
	if from != d.all[0].ID || len(f.Left) > 0 {
		dst = append(dst, f)
	}
	return dst
}

// held lists the values at a path of the contacts that have one.
func (d *draft) held(path string) []Alternative {
	var out []Alternative
	for i, c := range d.all {
		text := d.values[i][place{path: path}]
		switch {
		case path == addressPath:
			text = addressText(c.Address)
		case strings.HasPrefix(path, "custom."):
			_, text, _ = strings.Cut(text, ":") // the kind stands before the value
		}
		if text != "" {
			out = append(out, Alternative{From: c.ID, Value: text})
		}
	}
	return out
}

func addressText(a contacts.Address) string {
	parts := []string{a.Street, a.City, a.State, a.ZipCode, a.Country.Code()}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), ", ")
}
