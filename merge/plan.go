package merge

import (
	"fmt"

	"github.com/extcontacts/extcontacts/contacts"
)

// Plan says what a merge will do: exactly that and nothing else.
type Plan struct {
	// Survivor is the contact that stays, as it is before.
	Survivor *contacts.Contact `json:"survivor"`
	// Others are the contacts merged into it, as they are before, in merge
	// order.
	Others []*contacts.Contact `json:"others"`
	// Result is the survivor as it will be; its Rev is not yet raised.
	Result *contacts.Contact `json:"result"`
	// Fields are the values of the result that come from another contact, and
	// every choice between differing values, in the order of
	// [contacts.Contact.Values].
	Fields []Field `json:"fields"`
	// Clashes are facts that speak against the merge. An automatic merge must
	// stop at them; a person may accept them.
	Clashes []Clash `json:"clashes"`

	held map[place]contacts.ID // where each value of the result was taken from, or who else holds it
}

// Field is one value of the result of a merge.
type Field struct {
	// Path is the field; "address" stands for the whole address.
	Path string `json:"path"`
	// Value is the value as a person reads it: the text, for elements of lists
	// kind and normal form.
	Value string `json:"value"`
	// From is the contact that the value comes from.
	From contacts.ID `json:"from"`
	// Left are the differing values that the result does not have. They stay
	// on the contacts that held them and in the change log.
	Left []Alternative `json:"left,omitempty"`
}

// Alternative is a value and the contact that holds it.
type Alternative struct {
	From  contacts.ID `json:"from"`
	Value string      `json:"value"`
}

// Clash is a fact that speaks against a merge, or a contact that an undo
// cannot bring back.
type Clash struct {
	ID contacts.ID `json:"id"`
	// Other is the second contact concerned, in a merge.
	Other contacts.ID `json:"other,omitzero"`
	Path  string      `json:"path,omitzero"`
	// Why is one of the Clash codes.
	Why string `json:"why"`
}

// The clashes of merges and undos.
const (
	// ClashVerified: both contacts have verified identifiers of one kind or
	// channel and none in common, so they may be two people.
	ClashVerified = "verified_clash"
	// ClashBirthdate: the dates of birth differ.
	ClashBirthdate = "birthdate_differs"
	// ClashErased: the contact's data is gone for good.
	ClashErased = "contact_erased"
	// ClashMissing: the contact was not given, or is not there any more.
	ClashMissing = "contact_missing"
)

// NewPlan plans to merge the others, in their order, into the survivor. The
// contacts are not altered.
//
// The default rule: the survivor's value stays where it has one, a blank is
// filled from the first other that has a value; lists (phones, emails,
// socials, labels) and external ids are united; a verification survives
// always; the primary phone and email stay the survivor's. An address is one
// value: it is filled as a whole, and only where the survivor has none, so
// that two addresses never mix. Rules choose otherwise, in their order.
//
// An error is a *[contacts.FieldError], which wraps [contacts.ErrInvalid], with
// one of the codes contact_missing, id_missing, not_live, others_empty,
// other_twice (the survivor among the others, too), path_unknown,
// path_is_list, from_unknown, value_missing or too_many_values.
func NewPlan(survivor *contacts.Contact, others []*contacts.Contact, rules ...Rule) (*Plan, error) {
	if err := checkContacts(survivor, others); err != nil {
		return nil, err
	}
	p := &Plan{Survivor: survivor.Clone().Normalize(), held: make(map[place]contacts.ID)}
	for _, o := range others {
		p.Others = append(p.Others, o.Clone().Normalize())
	}
	d := newDraft(p)
	for i, r := range rules {
		if err := r.apply(d); err != nil {
			err.Path = fmt.Sprintf("rules[%d].%s", i, err.Path)
			return nil, err
		}
	}
	p.Result = d.result.Normalize()
	if err := checkLimits(p.Result); err != nil {
		return nil, err
	}
	p.Fields = d.fields()
	p.Clashes = clashes(append([]*contacts.Contact{p.Survivor}, p.Others...))
	p.remember(d)
	return p, nil
}

func checkContacts(survivor *contacts.Contact, others []*contacts.Contact) error {
	seen := make(map[contacts.ID]bool, len(others)+1)
	check := func(path string, c *contacts.Contact) error {
		switch {
		case c == nil:
			return refused(path, "contact_missing", "")
		case c.ID == "":
			return refused(path, "id_missing", "")
		case seen[c.ID]:
			return refused(path, "other_twice", "each contact can be merged once, and not with itself")
		case c.State != contacts.Live:
			return refused(path, "not_live", "deleted, merged and erased contacts cannot be merged")
		}
		seen[c.ID] = true
		return nil
	}
	if err := check("survivor", survivor); err != nil {
		return err
	}
	if len(others) == 0 {
		return refused("others", "others_empty", "a merge needs two contacts")
	}
	for i, o := range others {
		if err := check(fmt.Sprintf("others[%d]", i), o); err != nil {
			return err
		}
	}
	return nil
}

func checkLimits(c *contacts.Contact) error {
	for _, l := range []struct {
		path string
		n    int
	}{{"phones", len(c.Phones)}, {"emails", len(c.Emails)}, {"socials", len(c.Socials)}, {"labels", len(c.Labels)}} {
		if l.n > contacts.MaxValues {
			return refused(l.path, "too_many_values", fmt.Sprintf("the merged contact would have %d, at most %d", l.n, contacts.MaxValues))
		}
	}
	return nil
}

// refused makes the error for arguments that cannot be.
func refused(path, code, hint string) *contacts.FieldError {
	return &contacts.FieldError{Path: path, Code: code, Hint: hint}
}

// remember notes for each value of the result who else it comes from.
func (p *Plan) remember(d *draft) {
	for v := range p.Result.Values() {
		at := place{v.Path, v.Elem}
		if id, taken := d.from[at]; taken {
			p.held[at] = id
			continue
		}
		for i, o := range p.Others {
			if isAddress(v.Path) && o.Address != p.Result.Address {
				continue
			}
			if text, ok := d.values[i+1][at]; ok && (v.Elem != "" || text == v.Text) {
				p.held[at] = o.ID
				break
			}
		}
	}
}

// holds reports whether a contact has the value at the place: a caller may have
// changed the result since the plan was made. Of a list the element counts, of
// an address its parts.
func (p *Plan) holds(id contacts.ID, at place, text string) bool {
	for _, o := range p.Others {
		if o.ID != id {
			continue
		}
		for v := range o.Values() {
			if v.Path == at.path && v.Elem == at.elem {
				return at.elem != "" || v.Text == text
			}
		}
	}
	return text == "" // a value that the choice of another contact's blank took away
}

// Changes are the changes of the merge as the log keeps them, those of the
// survivor first. From names the contact that a value came from. A change with
// Old equal to New alters nothing: it records that another contact held the
// value, too, so that undoing what brought it to the survivor does not take it
// away while the merge stands. There is always one at the survivor's state:
// for undo, a contact that others point at is in use.
func (p *Plan) Changes() []contacts.Change {
	var out []contacts.Change
	changed := make(map[place]bool)
	for _, ch := range contacts.Diff(p.Survivor, p.Result) {
		at := place{ch.Path, ch.Elem()}
		changed[at] = true
		if from := p.held[at]; from != "" && p.holds(from, at, ch.New) {
			ch.From = from
		}
		out = append(out, ch)
	}
	for v := range p.Result.Values() {
		at := place{v.Path, v.Elem}
		if from := p.held[at]; from != "" && !changed[at] {
			out = append(out, contacts.Change{Contact: p.Result.ID, Path: v.Path, Old: v.Text, New: v.Text, From: from})
		}
	}
	for i, o := range p.Merged() {
		out = append(out, contacts.Diff(p.Others[i], o)...)
	}
	return out
}

// Merged are the others as they will be: merged into the survivor, with all
// their values. Their Rev is not yet raised.
func (p *Plan) Merged() []*contacts.Contact {
	out := make([]*contacts.Contact, len(p.Others))
	for i, o := range p.Others {
		out[i] = o.Clone()
		out[i].State, out[i].MergedInto = contacts.Merged, p.Survivor.ID
	}
	return out
}
