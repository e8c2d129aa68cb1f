package search_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/search"
	"pgregory.net/rapid"
)

var now = time.Date(2026, 3, 31, 1, 30, 0, 0, time.UTC)

func schema(t testing.TB) *contacts.Schema {
	s, err := contacts.NewSchema([]contacts.CustomField{
		{Key: "tier", Name: "Tier", Kind: contacts.ChoiceField, Options: []string{"Gold", "Silver"}},
		{Key: "score", Name: "Score", Kind: contacts.NumberField},
		{Key: "renewal", Name: "Renewal", Kind: contacts.DateField},
		{Key: "active", Name: "Active", Kind: contacts.YesNoField},
		{Key: "topics", Name: "Topics", Kind: contacts.ChoicesField, Options: []string{"Tea", "Coffee", "Rice"}},
		{Key: "notes", Name: "Notes", Kind: contacts.TextField},
		{Key: "company", Name: "Second company", Kind: contacts.TextField},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func options(t testing.TB) search.Options { return search.Options{Schema: schema(t), Now: now} }

func parse(t testing.TB, q string) *search.Query {
	t.Helper()
	query, err := search.Parse(q, options(t))
	if err != nil {
		t.Fatalf("Parse(%q): %v", q, err)
	}
	return query
}

// john is a contact with a value in every field.
func john() *contacts.Contact {
	c := &contacts.Contact{
		ID: "c-1", FirstName: "John", LastName: "O’Brien-Müller", Level: contacts.Primary, Type: contacts.Customer,
		Group: "North", Team: "Sales", Company: "Acme Trading (HK) Ltd.", JobTitle: "Head of Purchasing",
		Birthdate: contacts.MustParseDate("1980-12-14"), Language: contacts.MustParseLanguage("en"),
		Address: contacts.Address{Street: "1 Queen's Road", City: "Hong Kong", ZipCode: "90210", Country: contacts.MustParseCountry("HK")},
		Phones: []contacts.ContactPhone{
			{Kind: contacts.MobilePhone, Phone: contacts.MustParsePhone("+852 9123 4567"), Primary: true,
				Verified: contacts.NewVerification("sms", now, "")},
			{Kind: contacts.WorkPhone, Phone: contacts.MustParsePhone("+44 20 7946 0018")}},
		Emails:      []contacts.ContactEmail{{Kind: contacts.WorkEmail, Email: contacts.MustParseEmail("John.OBrien+x@mail.Acme.example"), Primary: true}},
		Socials:     []contacts.Social{{Channel: contacts.LINE, Handle: "johnny_b"}, {Channel: contacts.WhatsApp, Handle: "+85298765432"}},
		Labels:      []string{"VIP", "trade fair"},
		Custom:      map[string]contacts.Value{"tier": contacts.MakeValue(contacts.ChoiceField, "Gold"), "score": contacts.MakeValue(contacts.NumberField, "9.5"), "renewal": contacts.MakeValue(contacts.DateField, "2026-04-02"), "active": contacts.MakeValue(contacts.YesNoField, "yes"), "topics": contacts.MakeValue(contacts.ChoicesField, "Tea; Rice"), "company": contacts.MakeValue(contacts.TextField, "Beta")},
		ExternalIDs: map[string]string{"crm": "A-17"},
		CreatedAt:   now.AddDate(0, 0, -7), UpdatedAt: now.Add(-time.Hour),
	}
	return c.Normalize()
}

func person(first, last string) *contacts.Contact {
	return &contacts.Contact{ID: "p", FirstName: first, LastName: last}
}

var (
	parts = []string{"john", "John", "Jo", "smith", "Smithson", "O'Brien", "obri", "山田", "太郎", "山", "김민수", "Müller", "mull", "acme", "Acme Ltd", "VIP", "ann@example.com", "@example.com",
		"example", "+85291234567", "9123", "91234567", "0912345", "4567", "12", "+852", "AT&T", "ジョン・スミス", "ﬁsh", "q", "-", "*", "\"", "(", "a:b", "in", "AND", "Straße", "٣٤٥", "2024"}
	textFields = []string{"first_name", "last_name", "name", "company", "label", "first_name", "last_name", "name", "company", "label", "email", "city", "job_title", "notes", "address", "social", "line", "tier", "topics"}
)

func drawContact(t *rapid.T, id string) *contacts.Contact {
	word := rapid.SampledFrom(parts[rapid.IntRange(0, len(parts)-5).Draw(t, "vocabulary"):])
	maybe := func(label string) string {
		switch rapid.IntRange(0, 3).Draw(t, label) {
		case 0:
			return ""
		case 1:
			return word.Draw(t, label) + " " + word.Draw(t, label)
		}
		return word.Draw(t, label)
	}
	c := &contacts.Contact{ID: contacts.ID(id), FirstName: maybe("first"), LastName: maybe("last"), Company: maybe("company"), JobTitle: maybe("job")}
	c.Address.City = maybe("city")
	c.State = contacts.State(rapid.SampledFrom([]int{0, 0, 0, 1, 2}).Draw(t, "state"))
	for range rapid.IntRange(0, 2).Draw(t, "labels") {
		c.Labels = append(c.Labels, word.Draw(t, "label"))
	}
	if rapid.Bool().Draw(t, "email") {
		e := rapid.SampledFrom([]string{"ann@example.com", "John.Smith@mail.example.com", "o'brien@Büro.example", "xsmithy@example.com", "山田@例え.jp"}).Draw(t, "address")
		c.Emails = append(c.Emails, contacts.ContactEmail{Kind: contacts.WorkEmail, Email: contacts.MustParseEmail(e)})
	}
	for range rapid.IntRange(0, 2).Draw(t, "phones") {
		n := rapid.SampledFrom([]string{"+85291234567", "+442079460018", "+12125550123", "+85245670912345"}).Draw(t, "phone")
		c.Phones = append(c.Phones, contacts.ContactPhone{Kind: contacts.MobilePhone, Phone: contacts.MustParsePhone(n)})
	}
	c.CreatedAt = now.AddDate(0, 0, -rapid.IntRange(0, 30).Draw(t, "age"))
	return c.Normalize()
}

func drawExpr(t *rapid.T, depth int) search.Expr {
	kind := rapid.IntRange(0, 10).Draw(t, "kind")
	if depth == 0 {
		kind %= 8
	}
	v := rapid.SampledFrom(parts).Draw(t, "value")
	if rapid.IntRange(0, 2).Draw(t, "cut") == 0 { // as one types
		if r := []rune(v); len(r) > 1 {
			v = string(r[:rapid.IntRange(1, len(r)-1).Draw(t, "length")])
		}
	}
	if rapid.IntRange(0, 4).Draw(t, "two") == 0 {
		v += " " + rapid.SampledFrom(parts).Draw(t, "second")
	}
	f := rapid.SampledFrom(textFields).Draw(t, "field")
	switch kind {
	case 0, 1:
		switch rapid.IntRange(0, 9).Draw(t, "wildcard") {
		case 0:
			return search.Prefix(v)
		case 1:
			return search.Substring(v)
		case 2, 3, 4: // mistyped
			if r := []rune(v); len(r) > 3 {
				i := rapid.IntRange(0, len(r)-2).Draw(t, "typo")
				r[i], r[i+1] = r[i+1], r[i]
				if rapid.Bool().Draw(t, "two typos") {
					r = append(r[:i], r[i+1:]...)
				}
				v = string(r)
			}
		case 5:
			v = rapid.SampledFrom([]string{"js", "sj", "j.s.", "am", "oj", "bob"}).Draw(t, "initials")
		}
		return search.Word(v)
	case 2:
		return search.Phrase(v)
	case 3:
		return search.Where(f, rapid.SampledFrom([]search.Op{search.Contains, search.StartsWith, search.Greater, search.Inside}).Draw(t, "op"), v)
	case 4:
		return search.WherePhrase(f, v)
	case 5:
		if f == "email" {
			v = "ann@example.com"
		}
		if rapid.IntRange(0, 3).Draw(t, "set") == 0 {
			return search.IsSet(f)
		}
		return search.Where(f, search.Equal, v)
	case 6:
		return search.Where("phone", rapid.SampledFrom([]search.Op{search.Contains, search.StartsWith, search.Equal, search.Inside}).Draw(t, "op"),
			rapid.SampledFrom([]string{"+852", "912", "91234567", "+44 (0)20", "02079", "+85291234567", "7"}).Draw(t, "digits"))
	case 7:
		if rapid.Bool().Draw(t, "state") {
			return search.Is(contacts.Deleted)
		}
		return search.In(rapid.SampledFrom([]string{"label", "company", "last_name"}).Draw(t, "list"), v, "VIP")
	case 8:
		return search.Not(drawExpr(t, depth-1))
	}
	var list []search.Expr
	for range rapid.IntRange(1, 3).Draw(t, "kids") {
		list = append(list, drawExpr(t, depth-1))
	}
	if kind == 9 {
		return search.And(list...)
	}
	return search.Or(list...)
}

func drawQuery(t *rapid.T, s *contacts.Schema) *search.Query {
	q, err := search.New(drawExpr(t, 3), search.Options{Schema: s, Now: now})
	if err != nil {
		if e := err.(*search.SyntaxError); e.Code == "missing_value" || e.Code == "bad_value" || e.Code == "too_short" {
			t.Skip(err) // a value of nothing but punctuation
		}
		t.Fatal(err)
	}
	return q
}

func id(i int) string { return fmt.Sprintf("c-%04d", i) }
