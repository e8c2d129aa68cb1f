package store

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/extcontacts/extcontacts/contacts"
)

// Limits, in bytes of UTF-8. They are what the narrowest engine can hold in
// an index, so that every store accepts the same.
const (
	// MaxWorkspace is the length of a workspace's name.
	MaxWorkspace = 255
	// MaxID is the length of an id of a contact, an act, an actor or an
	// activity.
	MaxID = 255
	// MaxName is the length of the kind of a key, a record or an activity.
	MaxName = 255
	// MaxPath is the length of the path of a change: a label of a hundred
	// characters and what stands before it.
	MaxPath = 512
	// MaxRecordKey is the length of the key of a record.
	MaxRecordKey = 1024
)

// The checks below are the argument rules that every store applies before it
// does anything else, so that all of them refuse the same. Every text must be
// valid UTF-8 without NUL: an engine may not be able to keep anything else.
// Their errors wrap [ErrInvalid] and name the argument, never its value.

// CheckWorkspace checks the name of a workspace: 1 to [MaxWorkspace] bytes.
func CheckWorkspace(workspace string) error {
	return checkName("workspace", workspace, MaxWorkspace)
}

// CheckIDs checks ids: each has 1 to [MaxID] bytes.
func CheckIDs(ids ...contacts.ID) error {
	for i, id := range ids {
		if err := checkName("ids", string(id), MaxID); err != nil {
			return at(err, i)
		}
	}
	return nil
}

// CheckKeys checks identity keys: a kind of 1 to [MaxName] bytes and a value
// of any length but 0.
func CheckKeys(keys ...contacts.Key) error {
	for i, k := range keys {
		if err := checkKey(k); err != nil {
			return at(err, i)
		}
	}
	return nil
}

func checkKey(k contacts.Key) error {
	if err := checkName("key kind", string(k.Kind), MaxName); err != nil {
		return err
	}
	return checkName("key value", k.Value, 0)
}

// CheckRecords checks the arguments of [Store.Records]: a kind of 1 to
// [MaxName] bytes and keys of 1 to [MaxRecordKey].
func CheckRecords(kind string, keys ...string) error {
	if err := checkName("record kind", kind, MaxName); err != nil {
		return err
	}
	for i, k := range keys {
		if err := checkName("record key", k, MaxRecordKey); err != nil {
			return at(err, i)
		}
	}
	return nil
}

// Check checks a query of the log: its ids, where given, and that no bound nor
// Limit is negative.
func (q LogQuery) Check() error {
	switch {
	case q.After < 0 || q.Before < 0:
		return invalid("log query: negative bound")
	case q.Limit < 0:
		return invalid("log query: negative limit")
	}
	if err := checkOptional("log query: contact", string(q.Contact), MaxID); err != nil {
		return err
	}
	return checkOptional("log query: act", string(q.Act), MaxID)
}

// Check checks a query of acts: its ids, and that neither Before nor Limit is
// negative.
func (q ActQuery) Check() error {
	switch {
	case q.Before < 0:
		return invalid("act query: negative bound")
	case q.Limit < 0:
		return invalid("act query: negative limit")
	}
	return CheckIDs(q.IDs...)
}

// Check checks a query of activities: its ids and texts, that it names
// contacts or activities, that BeforeID comes with BeforeAt and that Limit is
// not negative.
func (q ActivityQuery) Check() error {
	switch {
	case len(q.Contacts) == 0 && len(q.IDs) == 0:
		return invalid("activity query: neither contacts nor ids")
	case q.BeforeID != "" && q.BeforeAt.IsZero():
		return invalid("activity query: before id without before at")
	case q.Limit < 0:
		return invalid("activity query: negative limit")
	}
	for _, k := range q.Kinds {
		if err := checkName("activity query: kind", string(k), MaxName); err != nil {
			return err
		}
	}
	if err := CheckIDs(q.IDs...); err != nil {
		return err
	}
	if err := CheckIDs(q.Contacts...); err != nil {
		return err
	}
	if err := checkOptional("activity query: before id", string(q.BeforeID), MaxID); err != nil {
		return err
	}
	return checkOptional("activity query: ref", q.Ref, 0)
}

// CheckBatch checks the arguments of [Store.Apply]: the workspace and
// everything about b that can be judged without knowing what is stored.
//
//   - Act: ID, Kind and At are set; it does not undo itself. Part is at least
//     1 and Seq not negative.
//   - Put: the contact is given, Base is not negative, Rev is Base+1, no
//     contact comes twice, no key is both in Add and in Drop.
//   - Expect: Rev is not negative.
//   - Changes: a creation has a Contact and neither Old nor New.
//   - Activities: ID, Contact, Kind and At are set; no ID comes twice.
//   - Records: Base is not less than [AnyRev]; no record comes twice.
//   - Every id, name and key keeps the limits above, every text is valid UTF-8
//     without NUL. Bodies of records are bytes and may hold anything.
func CheckBatch(workspace string, b *Batch) error {
	if err := CheckWorkspace(workspace); err != nil {
		return err
	}
	if b == nil {
		return invalid("batch: missing")
	}
	if b.Part < 1 {
		return invalid("part: less than 1")
	}
	if b.Seq < 0 {
		return invalid("seq: negative")
	}
	if err := checkAct(&b.Act); err != nil {
		return err
	}
	if err := checkPuts(b.Put); err != nil {
		return err
	}
	for i, e := range b.Expect {
		if e.Rev < 0 {
			return at(invalid("expect: negative revision"), i)
		}
		if err := checkName("expect: id", string(e.ID), MaxID); err != nil {
			return at(err, i)
		}
	}
	for i, k := range b.Unique {
		if err := checkName("unique", string(k), MaxName); err != nil {
			return at(err, i)
		}
	}
	for i, t := range b.EraseText {
		if err := checkName("erase text: contact", string(t.Contact), MaxID); err != nil {
			return at(err, i)
		}
		if err := checkName("erase text", t.Text, 0); err != nil {
			return at(err, i)
		}
	}
	for i := range b.Changes {
		if err := checkChange(&b.Changes[i]); err != nil {
			return at(err, i)
		}
	}
	for i, id := range b.Erase {
		if err := checkName("erase", string(id), MaxID); err != nil {
			return at(err, i)
		}
	}
	if err := checkActivities(b.Activities); err != nil {
		return err
	}
	return checkRecordPuts(b.Records)
}

func checkAct(a *contacts.Act) error {
	if a.At.IsZero() {
		return invalid("act at: missing")
	}
	if a.Undoes != "" && a.Undoes == a.ID {
		return invalid("act undoes: itself")
	}
	if err := checkName("act id", string(a.ID), MaxID); err != nil {
		return err
	}
	if err := checkName("act kind", string(a.Kind), MaxName); err != nil {
		return err
	}
	if err := checkOptional("act actor", string(a.Actor), MaxID); err != nil {
		return err
	}
	if err := checkOptional("act undoes", string(a.Undoes), MaxID); err != nil {
		return err
	}
	return checkOptional("act source", a.Source, 0)
}

func checkPuts(puts []Put) error {
	// Most ids ascend, so only those that do not are looked for among the others.
	var ascending []contacts.ID // from the first that does not
	var strays map[contacts.ID]struct{}
	var top contacts.ID
	for i := range puts {
		p := &puts[i]
		switch {
		case p.Contact == nil:
			return at(invalid("put: contact missing"), i)
		case p.Base < 0:
			return at(invalid("put: negative base"), i)
		case p.Contact.Rev != p.Base+1:
			return at(invalid("put: revision is not base + 1"), i)
		}
		if err := checkContact(p.Contact); err != nil {
			return at(err, i)
		}
		switch id := p.Contact.ID; {
		case id > top:
			top = id
			if strays != nil {
				ascending = append(ascending, id)
			}
		default:
			if strays == nil {
				strays = map[contacts.ID]struct{}{}
				ascending = make([]contacts.ID, i, len(puts))
				for j := range ascending {
					ascending[j] = puts[j].Contact.ID
				}
			}
			_, twice := strays[id]
			if !twice {
				_, twice = slices.BinarySearch(ascending, id)
			}
			if twice {
				return at(invalid("put: contact comes twice"), i)
			}
			strays[id] = struct{}{}
		}
		for _, k := range p.Add {
			if err := checkKey(k); err != nil {
				return at(err, i)
			}
		}
		for _, k := range p.Drop {
			if err := checkKey(k); err != nil {
				return at(err, i)
			}
			for _, a := range p.Add {
				if a == k {
					return at(invalid("put: key both added and dropped"), i)
				}
			}
		}
	}
	return nil
}

func checkChange(c *contacts.Change) error {
	if c.Path == contacts.PathCreated && (c.Old != "" || c.New != "") {
		return invalid("change: creation with values")
	}
	if c.Path == contacts.PathCreated && c.Contact == "" {
		return invalid("change: creation without a contact")
	}
	if err := checkOptional("change contact", string(c.Contact), MaxID); err != nil {
		return err
	}
	if err := checkOptional("change path", c.Path, MaxPath); err != nil {
		return err
	}
	if err := checkOptional("change from", string(c.From), MaxID); err != nil {
		return err
	}
	if err := checkOptional("change old", c.Old, 0); err != nil {
		return err
	}
	return checkOptional("change new", c.New, 0)
}

func checkActivities(list []contacts.Activity) error {
	seen := make(map[contacts.ID]struct{}, len(list))
	for i := range list {
		a := &list[i]
		if a.At.IsZero() {
			return at(invalid("activity at: missing"), i)
		}
		if err := checkName("activity id", string(a.ID), MaxID); err != nil {
			return at(err, i)
		}
		if err := checkName("activity contact", string(a.Contact), MaxID); err != nil {
			return at(err, i)
		}
		if err := checkName("activity kind", string(a.Kind), MaxName); err != nil {
			return at(err, i)
		}
		for _, id := range a.Agents {
			if err := checkName("activity agent", string(id), MaxID); err != nil {
				return at(err, i)
			}
		}
		for _, s := range [...]string{string(a.Status), a.Ref, a.Channel, a.Destination, a.URL, a.Text} {
			if err := checkOptional("activity text", s, 0); err != nil {
				return at(err, i)
			}
		}
		if _, twice := seen[a.ID]; twice {
			return at(invalid("activity: comes twice"), i)
		}
		seen[a.ID] = struct{}{}
	}
	return nil
}

func checkRecordPuts(list []RecordPut) error {
	type name struct{ kind, key string }
	seen := make(map[name]struct{}, len(list))
	for i := range list {
		r := &list[i]
		if r.Base < AnyRev {
			return at(invalid("record base: out of range"), i)
		}
		if err := CheckRecords(r.Kind, r.Key); err != nil {
			return at(err, i)
		}
		if _, twice := seen[name{r.Kind, r.Key}]; twice {
			return at(invalid("record: comes twice"), i)
		}
		seen[name{r.Kind, r.Key}] = struct{}{}
	}
	return nil
}

// checkName checks a text that must not be empty; limit 0 means none.
func checkName(what, s string, limit int) error {
	if s == "" {
		return invalid(what + ": empty")
	}
	return checkOptional(what, s, limit)
}

func checkOptional(what, s string, limit int) error {
	switch {
	case limit > 0 && len(s) > limit:
		return invalid(fmt.Sprintf("%s: longer than %d bytes", what, limit))
	case isText(s):
	case strings.IndexByte(s, 0) >= 0:
		return invalid(what + ": holds NUL")
	default:
		return invalid(what + ": not valid UTF-8")
	}
	return nil
}

// isText reports whether a text is valid UTF-8 without NUL.
func isText(s string) bool {
	return isASCII(s) || strings.IndexByte(s, 0) < 0 && utf8.ValidString(s) // most are ASCII
}

// isASCII reports whether a text has ASCII alone, and no NUL.
func isASCII(s string) bool {
	const low, high = 0x0101010101010101, 0x8080808080808080
	for ; len(s) >= 8; s = s[8:] {
		w := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 | uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
		if (w|(w-low))&high != 0 { // a byte above 127, or one below 1
			return false
		}
	}
	for i := range len(s) {
		if s[i]-1 >= 0x7F {
			return false
		}
	}
	return true
}

func invalid(what string) error { return fmt.Errorf("store: %s: %w", what, ErrInvalid) }

// at says which element of a list an error is about.
func at(err error, i int) error { return fmt.Errorf("%w (element %d)", err, i) }
