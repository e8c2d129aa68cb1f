package csvio

import (
	"slices"
	"strconv"
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
)

const typedKey = "astyped" // what the folded header of a column for typed texts ends with

// spec is what the decoder does with a column.
type spec struct {
	op      op
	list    list
	multi   bool  // a cell may hold several values, " ::: " between them
	address uint8 // which of several addresses the column is of, the better the lower, from 1; 0 where there is one
	field   int   // index in Mapping.fields
	kinds   []int // with opByLabel: the same for each kind
	label   int   // the column that tells the kind, or -1
	typed   int   // the column of the typed text, or -1
}

// standsAlone reports whether the column means its field whatever other columns there are.
func (s *spec) standsAlone() bool { return s.kinds == nil && s.op < opBirthPart && s.address == 0 }

type op uint8

const (
	opSkip op = iota
	opSet
	opByLabel
	opPrimaryPhone
	opPrimaryEmail
	opBirthPart
	opStreetLine
)

// list tells which list of a contact a column adds to.
type list uint8

const (
	noList list = iota
	phoneList
	emailList
	socialList
	labelList
	lists
)

func listOf(f *contacts.Field) list {
	switch f.Kind {
	case contacts.PhoneField:
		return phoneList
	case contacts.EmailField:
		return emailList
	case contacts.SocialField:
		return socialList
	case contacts.LabelsField:
		return labelList
	}
	return noList
}

// addresses judges the columns of several addresses. A contact has one: where there are columns for an address without
// further description, others are not read, and else each row has the best one that it fills in.
func (p *mapper) addresses() {
	best := 0
	plain := false
	for _, f := range p.found {
		if f.status == Mapped && strings.HasPrefix(f.field, "address.") {
			plain = plain || f.address == 0 && f.field != "address.country"
			if f.address > 0 && (best == 0 || f.address < best) {
				best = f.address
			}
		}
	}
	for i, f := range p.found {
		switch {
		case f.address == 0:
		case plain:
			p.found[i] = finding{status: Unknown, reason: "a contact has one address; another one is read"}
		case f.address > best:
			p.found[i].reason = "a contact has one address; this one is read in rows that leave the better ones blank"
		}
	}
}

// oneColumn keeps the clearest column of each field that holds one value.
func (p *mapper) oneColumn() {
	type claim struct {
		field   string
		address int
	}
	// A country without further description is that of any address.
	country := slices.ContainsFunc(p.found, func(f finding) bool {
		return f.status == Mapped && f.field == "address.country" && f.address == 0
	})
	winner := map[claim]int{}
	for i, f := range p.found {
		if f.status != Mapped || f.field == fullName || p.isMulti(f.field) {
			continue
		}
		c := claim{f.field, f.address}
		if country && f.field == "address.country" {
			c.address = 0
		}
		w, taken := winner[c]
		if !taken {
			winner[c] = i
			continue
		}
		if f.rank < p.found[w].rank {
			winner[c] = i
			i, w = w, i
		}
		p.duplicate(i, w)
	}
}

func (p *mapper) duplicate(i, w int) {
	f := &p.found[i]
	p.warns = append(p.warns, &HeaderError{Code: CodeDuplicateColumn, Column: i + 1, Header: p.header[i], Field: f.field,
		Hint: "another column is read into the field; this one is not read"})
	*f = finding{status: Duplicate, field: f.field, how: f.how, reason: "column " + strconv.Itoa(w+1) + " is read into the field"}
}

// birthParts makes one date of the columns for day, month and year, unless there is a column for the whole.
func (p *mapper) birthParts() {
	whole := slices.ContainsFunc(p.found, func(f finding) bool { return f.status == Mapped && f.field == "birthdate" })
	for i, f := range p.found {
		for k, b := range birthParts {
			if f.status == Mapped && f.field == b.field {
				p.parts[k] = i
			}
		}
	}
	reason := ""
	switch {
	case whole:
		reason = "another column has the whole date"
	case p.parts[0] < 0 || p.parts[1] < 0:
		reason = "without a day and a month it is no date"
	}
	for k, i := range p.parts {
		switch {
		case i < 0:
		case reason != "":
			p.found[i], p.parts[k] = finding{status: Unknown, reason: reason}, -1
		default:
			p.found[i].reason = "day, month and year are read together"
		}
	}
}

// wholeName reads a column for the whole name into the last name, where nothing else tells first or last name: how a name
// divides is not for a library to guess.
func (p *mapper) wholeName() {
	named := false
	for _, f := range p.found {
		named = named || f.status == Mapped && (f.field == "first_name" || f.field == "last_name")
	}
	for i := range p.found {
		f := &p.found[i]
		if f.status != Mapped || f.field != fullName {
			continue
		}
		if named {
			*f = finding{status: Unknown, reason: "first and last name have columns of their own"}
			continue
		}
		*f = finding{status: Mapped, field: "last_name", how: ByDialect, reason: "the whole name is kept as the last name"}
		named = true
	}
}

// companions links the columns that belong to others.
func (p *mapper) companions() {
	for i, f := range p.found {
		if f.status != Mapped {
			continue
		}
		switch f.field {
		case kindOf, typedOf:
			j := p.partner(i, f.field)
			if j < 0 {
				p.found[i] = finding{status: Unknown, reason: "the column that it belongs to is missing"}
				continue
			}
			if f.field == kindOf {
				p.link[j] = i
			} else {
				p.typed[j] = i
			}
		}
	}
}

// partner finds the column of values that column i belongs to, or -1.
func (p *mapper) partner(i int, what string) int {
	for j, f := range p.found {
		if f.status != Mapped || i == j {
			continue
		}
		switch {
		case what == typedOf && strings.HasPrefix(f.field, "phones.") && p.keys[j]+typedKey == p.keys[i] && p.typed[j] < 0:
			return j
		case what == kindOf && (f.field == phoneByLabel || f.field == emailByLabel) && p.link[j] < 0:
			base, n, _, _ := cutNumber(p.keys[j])
			if b, k, _, _ := cutNumber(p.keys[i]); b == base && k == n {
				return j
			}
		}
	}
	return -1
}

// mapping makes the result.
func (p *mapper) mapping() *Mapping {
	m := &Mapping{Columns: make([]Column, len(p.found)), Dialect: p.dialect, Settings: p.settings, specs: make([]spec, len(p.found)), codeCol: -1, parts: p.parts}
	used := map[string]bool{}
	identity := false
	for i, f := range p.found {
		c := Column{Header: strings.Clone(p.header[i]), Field: f.field, Status: f.status, How: f.how, Reason: f.reason}
		if f.status == Ignored && strings.EqualFold(p.texts[i], "_code") && f.how == ByExact {
			m.codeCol = i
		}
		if f.status == Mapped {
			switch f.field {
			case phoneByLabel:
				c.Field = "phones.mobile"
				use(used, phoneKinds[:]...)
			case emailByLabel:
				c.Field = "emails.work"
				use(used, emailKinds[:]...)
			case primaryPhone:
				use(used, "phones.mobile")
			case primaryEmail:
				use(used, "emails.work")
			case kindOf, typedOf:
				c.Field = ""
			case streetLine:
				c.Field = "address.street"
				use(used, c.Field)
			case birthDay, birthMonth, birthYear:
				c.Field = "birthdate"
				use(used, c.Field)
			default:
				use(used, f.field)
			}
			identity = identity || isIdentity(c.Field)
		}
		if f.status != Mapped && f.status != Duplicate {
			c.Field = ""
		}
		m.Columns[i] = c
		m.texts = append(m.texts, headerText(c.Header))
	}
	at := map[string]int{}
	for _, f := range p.fields {
		if used[f.Name] {
			at[f.Name] = len(m.fields)
			m.fields = append(m.fields, f)
		}
	}
	for _, f := range p.found {
		if source, ok := strings.CutPrefix(f.field, externalPrefix); ok && f.status == Mapped {
			if _, have := at[f.field]; !have {
				at[f.field] = len(m.fields)
				m.fields = append(m.fields, contacts.NewExternalIDField(strings.Clone(source)))
			}
		}
	}
	for i := range p.found {
		m.specs[i] = p.spec(i, at, m.fields)
		m.several = m.several || m.specs[i].address > 1
	}
	m.Warnings = p.warns
	if !identity {
		m.Warnings = append(m.Warnings, &HeaderError{Code: CodeNoIdentity,
			Hint: "no column holds a name, a phone number, an email address or an id: nobody can be told from anybody"})
	}
	return m
}

func use(used map[string]bool, names ...string) {
	for _, n := range names {
		used[n] = true
	}
}

// The fields of the kinds of phones and emails, by kind less one.
var (
	phoneKinds = [...]string{"phones.mobile", "phones.work", "phones.home", "phones.other"}
	emailKinds = [...]string{"emails.work", "emails.personal", "emails.other"}
)

func (p *mapper) spec(i int, at map[string]int, fields []*contacts.Field) spec {
	f := p.found[i]
	s := spec{label: p.link[i], typed: p.typed[i], address: uint8(f.address)}
	if f.status != Mapped {
		return s
	}
	byKind := func(names []string) []int {
		var kinds []int
		for _, n := range names {
			kinds = append(kinds, at[n])
		}
		return kinds
	}
	switch f.field {
	case kindOf, typedOf:
	case phoneByLabel:
		s.op, s.list, s.multi, s.kinds = opByLabel, phoneList, true, byKind(phoneKinds[:])
	case emailByLabel:
		s.op, s.list, s.multi, s.kinds = opByLabel, emailList, true, byKind(emailKinds[:])
	case birthDay, birthMonth, birthYear:
		s.op, s.field = opBirthPart, at["birthdate"]
	case streetLine:
		s.op, s.field = opStreetLine, at["address.street"]
	case primaryPhone:
		s.op, s.field = opPrimaryPhone, at["phones.mobile"]
	case primaryEmail:
		s.op, s.field = opPrimaryEmail, at["emails.work"]
	default:
		s.op, s.field = opSet, at[f.field]
		s.list = listOf(fields[s.field])
		s.multi = s.list == labelList && p.dialect == dialectGoogle && f.how != ByExact
	}
	return s
}

// isIdentity reports whether a field tells one person from another.
func isIdentity(field string) bool {
	switch field {
	case "first_name", "last_name", primaryPhone, primaryEmail:
		return true
	}
	for _, prefix := range [...]string{"phones.", "emails.", "socials.", externalPrefix} {
		if strings.HasPrefix(field, prefix) {
			return true
		}
	}
	return false
}

// looksLikeData reports whether a cell of the header is a phone number or an email address.
func looksLikeData(header []string) bool {
	for _, h := range header {
		if _, err := contacts.ParsePhone(h); err == nil {
			return true
		}
		if _, err := contacts.ParseEmail(h); err == nil {
			return true
		}
	}
	return false
}

func noKnownColumn(header []string) error {
	e := &HeaderError{Code: CodeNoKnownColumn, Column: 1, Header: header[0], Hint: "the first row of the file must name its columns, as the template does"}
	if len(header) == 1 && strings.ContainsAny(header[0], ",;\t|") {
		e.Hint = "the row was read as a single cell: the file has another delimiter"
	} else if looksLikeData(header) {
		e.Hint = "the first row holds a phone number or an email address, not headers"
	}
	return e
}
