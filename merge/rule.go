package merge

import (
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
)

// Rule chooses one value of a merge otherwise than the default does. Rules
// compose: they apply in their order, a later one to what an earlier one left.
type Rule struct {
	path string
	from contacts.ID
	pick func([]Alternative) contacts.ID
}

// Take chooses by hand: at the path the result has the value of the given
// contact, the survivor or one of the others, which must have one there. The
// path is one that holds one value: a field such as "company" or "birthdate",
// "address" (the whole of it), "custom.KEY", "external_ids.SOURCE",
// "primary_phone" or "primary_email". Lists are always united, so there is
// nothing to take.
func Take(path string, from contacts.ID) Rule { return Rule{path: path, from: from} }

// Resolve chooses by a function: it is given the values that the contacts hold
// at the path, the survivor's first, then in merge order, and returns the
// contact whose value is taken. It is called where at least one contact has a
// value; the empty ID leaves the choice as it is.
func Resolve(path string, pick func(held []Alternative) contacts.ID) Rule {
	return Rule{path: path, pick: pick}
}

func (r Rule) apply(d *draft) *contacts.FieldError {
	switch {
	case contacts.IsListPath(r.path):
		return refused(r.path, "path_is_list", "lists are united, there is nothing to choose")
	case !choosable(r.path):
		return refused(r.path, "path_unknown", "a field with one value, address, custom.KEY or external_ids.SOURCE")
	}
	held := d.held(r.path)
	from := r.from
	if r.pick != nil {
		if len(held) == 0 {
			return nil
		}
		if from = r.pick(held); from == "" {
			return nil
		}
	}
	i := -1
	for j, c := range d.all {
		if c.ID == from {
			i = j
		}
	}
	if i < 0 {
		return refused(r.path, "from_unknown", "the contact is not part of the merge")
	}
	if !holds(held, from) {
		return refused(r.path, "value_missing", "the contact has no value there")
	}
	if r.path != addressPath {
		d.set(i, r.path)
		return nil
	}
	for _, part := range addressPaths {
		d.set(i, part)
	}
	return nil
}

func holds(held []Alternative, id contacts.ID) bool {
	for _, a := range held {
		if a.From == id {
			return true
		}
	}
	return false
}

var addressPaths = [...]string{"address.street", "address.city", "address.state", "address.zip_code", "address.country"}

// choosable reports whether a path holds one value that a rule may choose.
func choosable(path string) bool {
	switch path {
	case "first_name", "last_name", "level", "type", "group", "team", "company", "job_title",
		"birthdate", "language", addressPath, "primary_phone", "primary_email":
		return true
	}
	for _, prefix := range []string{"custom.", "external_ids."} {
		if key, ok := strings.CutPrefix(path, prefix); ok && key != "" {
			return true
		}
	}
	return false
}
