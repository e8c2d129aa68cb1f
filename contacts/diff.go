package contacts

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
)

// PathValue is one value of a contact: where it stands and its canonical text.
type PathValue struct {
	Path string
	// Elem identifies an element inside a list path: kind and number, channel
	// and handle, the label. It is empty for paths that hold one value.
	Elem string
	Text string
}

// IsListPath reports whether a path holds a set of elements rather than one
// value: phones, emails, socials and labels.
func IsListPath(path string) bool {
	switch path {
	case "phones", "emails", "socials", "labels":
		return true
	}
	return false
}

// Values yields the values of c in a fixed order, as change logs, diffs,
// merges and undo see it. c must be normalised. Elements of phones, emails and
// socials are written as their JSON without the primary mark; which value is
// primary is the value of primary_phone and primary_email.
func (c *Contact) Values() iter.Seq[PathValue] {
	return func(yield func(PathValue) bool) {
		one := func(path, text string) bool { return text == "" || yield(PathValue{Path: path, Text: text}) }
		ok := one("state", c.State.String()) && one("merged_into", string(c.MergedInto)) &&
			one("owner", string(c.Owner)) && one("shared_with", idsText(c.SharedWith)) &&
			one("first_name", c.FirstName) && one("last_name", c.LastName) &&
			one("level", c.Level.String()) && one("type", c.Type.String()) &&
			one("group", c.Group) && one("team", c.Team) && one("company", c.Company) && one("job_title", c.JobTitle) &&
			one("birthdate", c.Birthdate.String()) && one("language", c.Language.Code()) &&
			one("address.street", c.Address.Street) && one("address.city", c.Address.City) &&
			one("address.state", c.Address.State) && one("address.zip_code", c.Address.ZipCode) &&
			one("address.country", c.Address.Country.Code())
		for i := 0; ok && i < len(c.Phones); i++ {
			p := c.Phones[i]
			p.Primary = false
			ok = yield(PathValue{"phones", p.Elem(), elementJSON(p)})
		}
		if ok && len(c.Phones) > 0 {
			ok = one("primary_phone", c.Phones[0].Elem())
		}
		for i := 0; ok && i < len(c.Emails); i++ {
			e := c.Emails[i]
			e.Primary = false
			ok = yield(PathValue{"emails", e.Elem(), elementJSON(e)})
		}
		if ok && len(c.Emails) > 0 {
			ok = one("primary_email", c.Emails[0].Elem())
		}
		for i := 0; ok && i < len(c.Socials); i++ {
			ok = yield(PathValue{"socials", c.Socials[i].Elem(), elementJSON(c.Socials[i])})
		}
		for i := 0; ok && i < len(c.Labels); i++ {
			ok = yield(PathValue{"labels", c.Labels[i], c.Labels[i]})
		}
		for _, k := range sortedKeys(c.Custom) {
			ok = ok && one("custom."+k, customText(c.Custom[k]))
		}
		for _, k := range sortedKeys(c.ExternalIDs) {
			ok = ok && one("external_ids."+k, c.ExternalIDs[k])
		}
	}
}

// idsText is the text of a list of ids that is one value: a JSON array.
func idsText(ids []ID) string {
	if len(ids) == 0 {
		return ""
	}
	b, err := json.Marshal(ids)
	if err != nil { // texts
		panic("contacts: " + err.Error())
	}
	return string(b)
}

// Elem identifies the phone in its list: kind and E.164 number.
func (p *ContactPhone) Elem() string { return p.Kind.String() + " " + p.Phone.Number() }

// Elem identifies the email in its list: kind and folded address.
func (e *ContactEmail) Elem() string { return e.Kind.String() + " " + e.Email.Key() }

// Elem identifies the handle in its list: channel and [Social.Key].
func (s *Social) Elem() string { return s.Channel.String() + " " + s.Key() }

// customText keeps the kind with the text, so that a value can be rebuilt
// without the schema it was written under.
func customText(v Value) string { return v.kind.String() + ":" + v.text }

func parseCustomText(s string) Value {
	kind, text, _ := strings.Cut(s, ":")
	k, err := ParseFieldKind(kind)
	if err != nil {
		return Value{}
	}
	return MakeValue(k, text)
}

func elementJSON(v json.Marshaler) string {
	b, err := v.MarshalJSON()
	if err != nil { // the element types marshal plain structs of texts and times
		panic("contacts: " + err.Error())
	}
	return string(b)
}

// Elem returns the identity of the list element whose text is given, as
// [PathValue.Elem] has it. For a path that is no list it is empty.
func Elem(path, text string) string {
	switch path {
	case "phones":
		var p ContactPhone
		if json.Unmarshal([]byte(text), &p) == nil {
			return p.Elem()
		}
	case "emails":
		var e ContactEmail
		if json.Unmarshal([]byte(text), &e) == nil {
			return e.Elem()
		}
	case "socials":
		var s Social
		if json.Unmarshal([]byte(text), &s) == nil {
			return s.Elem()
		}
	case "labels":
		return text
	}
	return ""
}

// Elem returns the identity of the list element that the change concerns,
// empty for a path that holds one value.
func (c *Change) Elem() string {
	if c.New != "" {
		return Elem(c.Path, c.New)
	}
	return Elem(c.Path, c.Old)
}

// Diff returns the changes that turn the values of one contact into those of
// another, in the order of [Contact.Values], all of them for the contact with
// the id of new. Both must be normalised.
func Diff(old, new *Contact) []Change {
	type place struct{ path, elem string }
	before := map[place]string{}
	for v := range old.Values() {
		before[place{v.Path, v.Elem}] = v.Text
	}
	var out []Change
	seen := make(map[place]bool, len(before))
	for v := range new.Values() {
		at := place{v.Path, v.Elem}
		seen[at] = true
		if was := before[at]; was != v.Text {
			out = append(out, Change{Contact: new.ID, Path: v.Path, Old: was, New: v.Text})
		}
	}
	for v := range old.Values() {
		if !seen[place{v.Path, v.Elem}] {
			out = append(out, Change{Contact: new.ID, Path: v.Path, Old: v.Text})
		}
	}
	return out
}

// Patch brings the value at the path of each change to its New text (absent
// where New is empty) and normalises c. Changes of other contacts do not
// count. Patch(c, Diff(c, d)) makes c equal to d; reversed changes take it
// back. The error wraps [ErrInvalid]: a text that is not canonical.
func Patch(c *Contact, changes ...Change) error {
	primary := make(map[string]string, 2)
	for i := range changes {
		ch := &changes[i]
		if ch.Contact != c.ID || ch.Path == PathCreated {
			continue
		}
		if ch.Path == "primary_phone" || ch.Path == "primary_email" {
			primary[ch.Path] = ch.New
			continue
		}
		if err := c.patch(ch); err != nil {
			return fmt.Errorf("contacts: change of %s: %w", ch.Path, err)
		}
	}
	if elem := primary["primary_phone"]; elem != "" {
		choosePrimary(c.Phones, elem, (*ContactPhone).Elem, func(p *ContactPhone) *bool { return &p.Primary })
	}
	if elem := primary["primary_email"]; elem != "" {
		choosePrimary(c.Emails, elem, (*ContactEmail).Elem, func(e *ContactEmail) *bool { return &e.Primary })
	}
	c.Normalize()
	return nil
}

// choosePrimary makes the named element the primary one. Where the list does
// not hold it, the primary stays what it is.
func choosePrimary[T any](list []T, id string, elem func(*T) string, primary func(*T) *bool) {
	if !slices.ContainsFunc(list, func(t T) bool { return elem(&t) == id }) {
		return
	}
	for i := range list {
		*primary(&list[i]) = elem(&list[i]) == id
	}
}

func (c *Contact) patch(ch *Change) (err error) {
	if p := textOf(c, ch.Path); p != nil {
		*p = ch.New
		return nil
	}
	switch ch.Path {
	case "state":
		c.State, err = ParseState(ch.New)
	case "merged_into":
		c.MergedInto = ID(ch.New)
	case "owner":
		c.Owner = ID(ch.New)
	case "shared_with":
		c.SharedWith = nil
		if ch.New != "" {
			if err = json.Unmarshal([]byte(ch.New), &c.SharedWith); err != nil {
				err = &ValueError{Code: "element_invalid", Hint: "a JSON array of ids"}
			}
		}
	case "level":
		c.Level, err = ParseLevel(ch.New)
	case "type":
		c.Type, err = ParseType(ch.New)
	case "birthdate":
		c.Birthdate = Date{}
		if ch.New != "" {
			c.Birthdate, err = ParseDate(ch.New)
		}
	case "language":
		c.Language = Language{}
		if ch.New != "" {
			c.Language, err = ParseLanguage(ch.New)
		}
	case "address.country":
		c.Address.Country = Country{}
		if ch.New != "" {
			c.Address.Country, err = ParseCountry(ch.New)
		}
	case "phones":
		c.Phones, err = patchList(c.Phones, ch, (*ContactPhone).Elem)
	case "emails":
		c.Emails, err = patchList(c.Emails, ch, (*ContactEmail).Elem)
	case "socials":
		c.Socials, err = patchList(c.Socials, ch, (*Social).Elem)
	case "labels":
		elem := ch.Elem()
		c.Labels = filtered(c.Labels, func(l *string) bool { return *l != elem })
		if ch.New != "" {
			c.Labels = append(c.Labels, ch.New)
		}
	default:
		if key, ok := strings.CutPrefix(ch.Path, "custom."); ok {
			if c.Custom == nil {
				c.Custom = map[string]Value{}
			}
			c.Custom[key] = parseCustomText(ch.New)
			return nil
		}
		if source, ok := strings.CutPrefix(ch.Path, "external_ids."); ok {
			if c.ExternalIDs == nil {
				c.ExternalIDs = map[string]string{}
			}
			c.ExternalIDs[source] = ch.New
			return nil
		}
		err = &ValueError{Code: "path_unknown"}
	}
	return err
}

func patchList[T any](list []T, ch *Change, elem func(*T) string) ([]T, error) {
	id := ch.Elem()
	var primary bool
	out := make([]T, 0, len(list)+1)
	for i := range list {
		if elem(&list[i]) != id {
			out = append(out, list[i])
		} else {
			primary = isPrimary(list[i])
		}
	}
	if ch.New == "" {
		return out, nil
	}
	var v T
	if err := json.Unmarshal([]byte(ch.New), &v); err != nil {
		if !errors.Is(err, ErrInvalid) {
			err = &ValueError{Code: "element_invalid", Hint: "the JSON of an element of " + ch.Path}
		}
		return list, err
	}
	if primary {
		setPrimary(&v)
	}
	return append(out, v), nil
}

func isPrimary(v any) bool {
	switch e := v.(type) {
	case ContactPhone:
		return e.Primary
	case ContactEmail:
		return e.Primary
	}
	return false
}

func setPrimary(v any) {
	switch e := v.(type) {
	case *ContactPhone:
		e.Primary = true
	case *ContactEmail:
		e.Primary = true
	}
}
