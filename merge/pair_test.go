package merge_test

import (
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/merge"
)

// with builds a contact from a name and identifiers.
func with(id contacts.ID, first, last string, more ...func(*contacts.Contact)) *contacts.Contact {
	c := &contacts.Contact{ID: id, FirstName: first, LastName: last}
	for _, f := range more {
		f(c)
	}
	return c.Normalize()
}

func tel(n string) func(*contacts.Contact) {
	return func(c *contacts.Contact) { c.Phones = append(c.Phones, phone(contacts.MobilePhone, n)) }
}

func provedTel(n string) func(*contacts.Contact) {
	return func(c *contacts.Contact) {
		p := phone(contacts.MobilePhone, n)
		p.Verified = verified("agent")
		c.Phones = append(c.Phones, p)
	}
}

func mail(a string) func(*contacts.Contact) {
	return func(c *contacts.Contact) { c.Emails = append(c.Emails, email(contacts.WorkEmail, a)) }
}

func whatsApp(n string) func(*contacts.Contact) {
	return func(c *contacts.Contact) {
		c.Socials = append(c.Socials, contacts.Social{Channel: contacts.WhatsApp, Handle: n})
	}
}

func born(d string) func(*contacts.Contact) {
	return func(c *contacts.Contact) { c.Birthdate = contacts.MustParseDate(d) }
}

func firm(s string) func(*contacts.Contact) {
	return func(c *contacts.Contact) { c.Company = s }
}

func crm(id string) func(*contacts.Contact) {
	return func(c *contacts.Contact) { c.ExternalIDs = map[string]string{"crm": id} }
}

func TestCompare(t *testing.T) {
	for _, tt := range []struct {
		name string
		a, b *contacts.Contact
		want string // the verdict and what must be among the reasons, "" for no suspicion
	}{
		{"nothing in common", with("a", "Ann", "Lee"), with("b", "Bob", "Ray"), ""},
		{"empty", with("a", "", ""), with("b", "", ""), ""},
		{"same phone, same name", with("a", "Ann", "Lee", tel(phone1)), with("b", "ANN", "LÉE", tel("+852 9000 0001")), "same: phone equal"},
		{"same phone, no name", with("a", "Ann", "Lee", tel(phone1)), with("b", "", "customer", tel(phone1)), "possible: phone equal"},
		{"same verified phone, no name", with("a", "Ann", "Lee", provedTel(phone1)), with("b", "", "", provedTel(phone1)), "same: identifier verified"},
		{"same phone, other name", with("a", "Ann", "Lee", tel(phone1)), with("b", "Bob", "Ray", tel(phone1)), "related: first_name different"},
		{"a family's verified phone", with("a", "Ann", "Lee", provedTel(phone1)), with("b", "Bob", "Lee", provedTel(phone1)), "related: household shared"},
		{"household", with("a", "Ann", "Lee", tel(phone1)), with("b", "Bob", "Lee", tel(phone1)), "related: household shared"},
		{"married", with("a", "Ann", "Lee", mail("ann@x.example")), with("b", "Ann", "Ray", mail("Ann@X.example")), "same: last_name different"},
		{"phone and WhatsApp", with("a", "Ann", "Lee", tel(phone1), whatsApp(phone1)), with("b", "Lee", "Ann", whatsApp("+852 9000 0001")), "same: last_name swapped"},
		{"role mailbox", with("a", "Ann", "Lee", mail("info@x.example")), with("b", "Bob", "Ray", mail("info@x.example")), "related: email shared"},
		{"initial", with("a", "A.", "Lee", mail("a@x.example")), with("b", "Ann", "Lee", mail("a@x.example")), "same: first_name partly"},
		{"short form", with("a", "Ben", "Lee", mail("a@x.example")), with("b", "Benjamin", "Lee", mail("a@x.example")), "same: first_name variant"},
		{"double name", with("a", "Maria", "Cruz", born("1980-02-03")), with("b", "Maria José", "Cruz", born("1980-02-03")), "same: birthdate equal"},
		{"one field", with("a", "", "Ann Lee", firm("Acme")), with("b", "Ann", "Lee", firm("ACME Ltd.")), "same: company equal"},
		{"same name, other birthday", with("a", "Ann", "Lee", born("1980-02-03")), with("b", "Ann", "Lee", born("1964-07-21")), ""},
		{"same name and birthday", with("a", "Ann", "Lee", born("1980-02-03")), with("b", "Ann", "Lee", born("--02-03")), "possible: birthdate partly"},
		{"father and son", with("a", "Ann", "Lee Sr.", mail("lee@x.example")), with("b", "Ann", "Lee Jr.", mail("lee@x.example")), "related: name_suffix different"},
		{"external id", with("a", "Ann", "Lee", crm("7")), with("b", "", "", crm("7")), "same: external_ids equal"},
		{"two in the same source", with("a", "Ann", "Lee", crm("7")), with("b", "Ann", "Lee", crm("8")), ""},
		{"ideographs", with("a", "大文", "陳", tel(phone1)), with("b", "大文", "陳", tel(phone1)), "same: phone equal"},
	} {
		got := ""
		if p, ok := merge.Compare(tt.a, tt.b); ok {
			got = show(p)
		}
		verdict, reason, _ := strings.Cut(tt.want, ": ")
		if have, _, _ := strings.Cut(got, ": "); have != verdict || !strings.Contains(got, reason) {
			t.Errorf("%s:\n got %s\nwant %s", tt.name, got, tt.want)
		}
		p, ok := merge.Compare(tt.a, tt.b)
		q, ok2 := merge.Compare(tt.b, tt.a)
		p.A, p.B = p.B, p.A
		if d := cmp.Diff(p, q); d != "" || ok != ok2 {
			t.Errorf("%s: the order counts:\n%s", tt.name, d)
		}
	}
}

func show(p merge.Pair) string {
	s := p.Verdict.String() + ":"
	for i, r := range p.Reasons {
		if i > 0 {
			s += ","
		}
		s += fmt.Sprintf(" %s%s %s", r.Key, r.Field, r.How)
	}
	return s
}

func TestSuggestRanksVerifiedFirst(t *testing.T) {
	c := with("c", "Ann", "Lee", provedTel(phone1), mail("ann@x.example"))
	deleted := with("dead", "Ann", "Lee", mail("ann@x.example"))
	deleted.State = contacts.Deleted
	got := merge.Suggest(c, []*contacts.Contact{
		with("mail", "Ann", "Lee", mail("ann@x.example")),
		with("mail2", "Ann", "Lee", mail("ann@x.example")),
		with("phone", "Ann", "Lee", tel(phone1)),
		with("proved", "Annabel", "Ray", provedTel(phone1)),
		with("other", "Bob", "Ray"), c, deleted, nil,
	})
	var ids []contacts.ID
	for _, p := range got {
		ids = append(ids, p.B)
	}
	if want := []contacts.ID{"proved", "mail", "mail2", "phone"}; !slices.Equal(ids, want) {
		t.Errorf("suggested %v, want %v", ids, want)
	}
}

func seqOf[T any](list []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, v := range list {
			if !yield(v, nil) {
				return
			}
		}
	}
}

func collect(t *testing.T, seq iter.Seq2[merge.Pair, error]) []merge.Pair {
	t.Helper()
	var out []merge.Pair
	for p, err := range seq {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, p)
	}
	return out
}

func someBook() []*contacts.Contact {
	first := []string{"Ann", "Bob", "Carla", "Dmitri", "Elena", "Farid", "Grace", "Hugo", "Ines", "Jonas", "Karin", "Liam", "Mona", "Nils", "Olga", "Pavel"}
	last := []string{"Abbott", "Becker", "Castillo", "Duarte", "Eklund", "Fischer", "Gupta", "Hansen", "Ivanov", "Jensen", "Kowalski", "Laurent", "Moreau"}
	r := rand.New(rand.NewPCG(1, 2))
	var cs []*contacts.Contact
	for i := range 200 {
		n := i
		if r.IntN(2) == 0 {
			n = r.IntN(i + 1)
		}
		c := with(contacts.ID(fmt.Sprintf("c%03d", i)), first[n%16], last[n*7%13])
		if r.IntN(2) == 0 {
			tel(fmt.Sprintf("+8529%07d", n*77777%1e7))(c)
		}
		if r.IntN(2) == 0 {
			mail(fmt.Sprintf("box%d@host%d.example", n*131, n%9))(c)
		}
		if r.IntN(3) == 0 {
			born(fmt.Sprintf("19%02d-%02d-%02d", 40+n%50, 1+n%12, 1+n%28))(c)
		}
		cs = append(cs, c.Normalize())
	}
	return cs
}

// Pairs finds what suggestions for everybody find, with the same scores and
// reasons, in the stated order, whatever the order of the contacts.
func TestPairsAgainstAllPairs(t *testing.T) {
	book := someBook()
	var want []merge.Pair
	for _, a := range book {
		for _, p := range merge.Suggest(a, book) {
			if p.A < p.B && p.Verdict >= merge.Possible {
				want = append(want, p)
			}
		}
	}
	slices.SortFunc(want, func(p, q merge.Pair) int {
		if p.Score != q.Score {
			return map[bool]int{true: -1, false: 1}[p.Score > q.Score]
		}
		return slices.Compare([]string{string(p.A), string(p.B)}, []string{string(q.A), string(q.B)})
	})
	rand.Shuffle(len(book), func(i, j int) { book[i], book[j] = book[j], book[i] })
	got := collect(t, merge.Pairs(seqOf(book), merge.FindOptions{}))
	if len(want) < 50 {
		t.Fatalf("%d pairs only", len(want))
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%d pairs, want %d (-want +got):\n%.2000s", len(got), len(want), d)
	}
}

func TestPairsOptions(t *testing.T) {
	a, b, c := with("a", "Ann", "Lee", tel(phone1)), with("b", "Ann", "Lee", tel(phone1)), with("c", "Bob", "Ray", tel(phone1))
	dead := with("d", "Ann", "Lee", tel(phone1))
	dead.State = contacts.Deleted
	book := []*contacts.Contact{b, dead, c, a}
	if got := collect(t, merge.Pairs(seqOf(book), merge.FindOptions{})); len(got) != 1 || got[0].A != "a" || got[0].B != "b" {
		t.Errorf("pairs %v", got)
	}
	if got := collect(t, merge.Pairs(seqOf(book), merge.FindOptions{Min: -1})); len(got) != 3 || got[2].Verdict != merge.Related {
		t.Errorf("with related ones %v", got)
	}
	distinct := func(x, y contacts.ID) bool { return x == "a" && y == "b" || x == "b" && y == "a" }
	if got := collect(t, merge.Pairs(seqOf(book), merge.FindOptions{Distinct: distinct})); len(got) != 0 {
		t.Errorf("distinct ones %v", got)
	}
	failed := errors.New("broken")
	broken := func(yield func(*contacts.Contact, error) bool) {
		_ = yield(a, nil) && yield(b, nil) && yield(nil, failed)
	}
	n := 0
	for _, err := range merge.Pairs(broken, merge.FindOptions{}) {
		if n++; !errors.Is(err, failed) {
			t.Errorf("error %v", err)
		}
	}
	if n != 1 {
		t.Errorf("%d steps", n)
	}
	for range merge.Pairs(seqOf(book), merge.FindOptions{Min: -1}) {
		break // must not panic
	}
}

// Addresses that a company tells its namesakes apart by are two people's.
func TestNumberedMailboxes(t *testing.T) {
	bank := func(c *contacts.Contact) { c.Company = "Big Bank" }
	mail := func(s string) func(*contacts.Contact) {
		return func(c *contacts.Contact) {
			c.Emails = append(c.Emails, contacts.ContactEmail{Email: contacts.MustParseEmail(s)})
		}
	}
	a := with("a", "Wei", "Chen", tel("+85291230001"), mail("wei.chen1@bank.example"), bank)
	b := with("b", "Wei", "Chen", tel("+85291239872"), mail("wei.chen2@bank.example"), bank)
	for _, p := range merge.Suggest(a, []*contacts.Contact{b}) {
		if p.Score >= 0.98 { // what an automatic merge asks for
			t.Errorf("%v %v: %v", p.Verdict, p.Score, p.Reasons)
		}
	}
}

// Pairs may be read in part and again, and nothing of a caller is read any more
// once a search has returned.
func TestPairsInPart(t *testing.T) {
	failed := errors.New("broken")
	var all []merge.Record
	records := func(end error) iter.Seq2[merge.Record, error] {
		return func(yield func(merge.Record, error) bool) {
			all = all[:0]
			for i := range 9000 {
				r := merge.Record{ID: contacts.ID(fmt.Sprint(i)), Values: map[merge.Kind][]string{
					merge.Name: {fmt.Sprintf("Ann%d Lindqvist", i%4500)}, merge.Phone: {fmt.Sprint(91230000 + i%4500)}}}
				if all = append(all, r); !yield(r, nil) {
					return
				}
			}
			if end != nil {
				yield(merge.Record{}, end)
			}
		}
	}
	if _, err := merge.FindRecords(records(failed), merge.FindOptions{}); !errors.Is(err, failed) {
		t.Errorf("error %v", err)
	}
	for _, r := range all {
		r.Values[merge.Name][0] = "" // under the race detector this would tell
	}
	found, err := merge.FindRecords(records(nil), merge.FindOptions{})
	if err != nil {
		t.Fatal(err)
	}
	want := slices.Collect(found.Pairs())
	if len(want) < 4000 {
		t.Fatalf("%d pairs only", len(want))
	}
	for _, n := range []int{1, 63, 64, 65, 200, 3000} {
		var got []merge.Pair
		for p := range found.Pairs() {
			if got = append(got, p); len(got) == n {
				break
			}
		}
		if !reflect.DeepEqual(got, want[:n]) {
			t.Errorf("the first %d are others", n)
		}
	}
}

func TestVerdictText(t *testing.T) {
	for _, v := range []merge.Verdict{0, merge.Related, merge.Possible, merge.Same} {
		b, _ := v.MarshalText()
		var w merge.Verdict
		if err := w.UnmarshalText(b); err != nil || w != v {
			t.Errorf("%s reads back as %s: %v", b, w, err)
		}
	}
	var v merge.Verdict
	if err := v.UnmarshalText([]byte("maybe")); !errors.Is(err, contacts.ErrInvalid) || merge.Verdict(9).String() != "" {
		t.Errorf("error %v", err)
	}
}

func TestLink(t *testing.T) {
	rec := func(id contacts.ID, source string, kv ...string) merge.Record {
		r := merge.Record{ID: id, Source: source, Values: map[merge.Kind][]string{}}
		for i := 0; i < len(kv); i += 2 {
			r.Values[merge.Kind(kv[i])] = append(r.Values[merge.Kind(kv[i])], kv[i+1])
		}
		return r
	}
	records := []merge.Record{
		rec("1", "f", "given", "Ann", "family", "Lee", "phone", "9123 4567", "email", "no address"),
		rec("2", "g", "given", "ann", "family", "lee", "phone", "91234567", "phone", "12"),
		rec("3", "f", "name", "Bob Ray", "date", "1980-02-03", "street", "1 Main St", "city", "Perth", "title", "Mr"),
		rec("4", "f", "name", "Ray, Bob", "date", "1980-02-03", "street", "1 Main St.", "city", "Perth", "title", "MR."),
		rec("5", "g", "name", "Cyd", "identifier", "AB-12"),
		rec("6", "g", "name", "Cyd", "identifier", "ab 12"),
		rec("7", "g", "date", "next year", "text", "a note", "company", "Acme", "region", "WA", "country", "AU", "postcode", "6000"),
		rec("7", "g", "date", "next year", "text", "a note"),
	}
	var got []string
	for _, p := range collect(t, merge.Link(seqOf(records), merge.FindOptions{})) {
		got = append(got, fmt.Sprintf("%s-%s %s", p.A, p.B, p.Verdict))
	}
	want := []string{"1-2 same", "5-6 same", "3-4 same"}
	slices.Sort(got)
	slices.Sort(want)
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if got := collect(t, merge.Link(seqOf(records), merge.FindOptions{Across: true})); len(got) != 1 || got[0].B != "2" {
		t.Errorf("across: %v", got)
	}
	failed := errors.New("broken")
	for _, err := range merge.Link(func(yield func(merge.Record, error) bool) { yield(merge.Record{}, failed) }, merge.FindOptions{}) {
		if !errors.Is(err, failed) {
			t.Errorf("error %v", err)
		}
	}
	for range merge.Link(seqOf(records), merge.FindOptions{}) {
		break
	}
	for _, k := range merge.Kinds() {
		if got, err := merge.ParseKind(string(k)); err != nil || got != k {
			t.Errorf("%s: %v", k, err)
		}
	}
	if _, err := merge.ParseKind("Given"); !errors.Is(err, contacts.ErrInvalid) {
		t.Errorf("error %v", err)
	}
}
