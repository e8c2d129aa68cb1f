package booktest

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/internal/gen"
)

func losslessTests() []bookTest {
	return []bookTest{
		{"ExportImportsBackEqual", testLossless},
		{"ImportExportFixpoint", testFixpoint},
	}
}

// rounds is how often a property test draws anew: the long form is asked for
// with EXTCONTACTS_LONG=1.
func rounds(short, normal, long int) int {
	switch {
	case os.Getenv("EXTCONTACTS_LONG") != "":
		return long
	case testing.Short():
		return short
	}
	return normal
}

// hostile are texts that files, spreadsheets and databases are known to break
// on, those of the Big List of Naughty Strings included where it is there.
var hostile = sync.OnceValue(func() []string {
	list := []string{
		"=1+1", "+85291234567", "-2+3", "@SUM(A1)", "\t=1", " =1", "'=1", "''", "'", "--", "'--", "-", "=", "+", "@", "＝1", "\u200b=1", "\u00a0+1",
		`"`, `""`, `","`, `a"b`, `"a"`, "a,b", "a;b", "a|b", "a\tb", "a\nb", "a\r\nb", "a\rb", "\\", `\"`, `a\`, "#", "# x", "sep=;", "sep=,",
		"NULL", "null", "None", "true", "0", "007", "1e5", "8.52E+10", "1/2/2003", "NaN", "undefined", "First name", "_row", "_code", "customer", "Total: 3",
		"O'Neil", "Müller", "陳大文", "田中　太郎", "김철수", "Владимир", "Ἀθηνᾶ", "محمد", "שלום", "ไทย", "हिन्दी", "e\u0301", "\u00e9", "ﬁ", "ı", "ß", "ẞ", "İ", "ς",
		"👩‍💻", "🇭🇰", "\u200d", "\u2028", "\u202e", "\ufeff", "a\u00adb", "\U0001F469\U0001F3FD", "𝕏", "ʻOkina", "x: y", "a ::: b", "* myContacts", "Mobile: +852",
		"; ", "a; b", ";", "<script>alert(1)</script>", "'; DROP TABLE contacts; --", "${jndi:ldap://x}", "%s%n", "{{7*7}}", "../../etc/passwd", strings.Repeat("长", 100),
	}
	if body, err := os.ReadFile(naughtyStrings()); err == nil {
		var more []string
		if json.Unmarshal(body, &more) == nil {
			list = append(list, more...)
		}
	}
	return list
})

// naughtyStrings is where the list lies beside the repository, as seen from
// the directory of any package of it.
func naughtyStrings() string {
	dir := "."
	for range 6 {
		dir += "/.."
		if _, err := os.Stat(dir + "/shared/data/naughty-strings/blns.json"); err == nil {
			break
		}
	}
	return dir + "/shared/data/naughty-strings/blns.json"
}

// losslessFields are the custom fields of the books of these tests, one of
// each kind.
var losslessFields = []contacts.CustomField{
	{Key: "note", Name: "Note", Kind: contacts.TextField},
	{Key: "score", Name: "Score", Kind: contacts.NumberField},
	{Key: "since", Name: "Since", Kind: contacts.DateField},
	{Key: "active", Name: "Active", Kind: contacts.YesNoField},
	{Key: "tier", Name: "Tier", Kind: contacts.ChoiceField, Options: []string{"Gold", "=Silver", "a, b"}},
	{Key: "topics", Name: "Topics", Kind: contacts.ChoicesField, Options: []string{"News", "+Offers", "VIP"}},
	{Key: "site", Name: "Site", Kind: contacts.URLField},
	{Key: "mobile", Name: "Handset", Kind: contacts.TextField}, // its key is the name of a column
}

// drawHostile makes a contact with values of every kind. n keeps its
// identifiers apart from those of others.
func drawHostile(r *rand.Rand, n int) *contacts.Contact {
	text := func() string {
		if r.IntN(3) == 0 {
			return ""
		}
		list := hostile()
		return list[r.IntN(len(list))]
	}
	c := &contacts.Contact{FirstName: text(), LastName: text(), Group: text(), Team: text(), Company: text(), JobTitle: text(),
		Level: contacts.Level(r.IntN(3)), Type: contacts.Type(r.IntN(4)),
		Address: contacts.Address{Street: text(), City: text(), State: text(), ZipCode: fmt.Sprint("0", n)}}
	if c.LastName == "" {
		c.LastName = fmt.Sprint("Person ", n)
	}
	c.Birthdate = []contacts.Date{{}, contacts.MustParseDate("1980-02-29"), contacts.MustParseDate("--02-29"), contacts.MustParseDate("1901-12-03"), contacts.MustParseDate("--03-04")}[r.IntN(5)]
	for kind := range contacts.PhoneKinds() {
		for i := range r.IntN(4) {
			number := fmt.Sprintf("%d%05d%d%d", 8520+int(kind), n, int(kind), i)
			typed := []string{"+" + number, "+" + number[:3] + " " + number[3:], "+" + number[:3] + "-" + number[3:6] + "-" + number[6:], "(+" + number[:3] + ") " + number[3:], "00" + number, "tel:+" + number, "＋" + number}[r.IntN(7)]
			if p, err := contacts.ParsePhone(typed); err == nil {
				c.Phones = append(c.Phones, contacts.ContactPhone{Kind: kind, Phone: p, Primary: r.IntN(3) == 0})
			}
		}
	}
	if len(c.Phones) > 0 && r.IntN(3) == 0 { // the same number under another kind
		c.Phones = append(c.Phones, contacts.ContactPhone{Kind: contacts.OtherPhone, Phone: c.Phones[0].Phone})
	}
	for kind := range contacts.EmailKinds() {
		for i := range r.IntN(3) {
			address := []string{"Ann%d.%d.%d@Example.com", "o'neil%d.%d.%d@example.com", "+x%d.%d.%d@example.co.uk", "=x%d.%d.%d@müller.example", "-%d.%d.%d@例え.テスト"}[r.IntN(5)]
			if e, err := contacts.ParseEmail(fmt.Sprintf(address, n, kind, i)); err == nil {
				c.Emails = append(c.Emails, contacts.ContactEmail{Kind: kind, Email: e, Primary: r.IntN(3) == 0})
			}
		}
	}
	for channel := range contacts.Channels() {
		for i := range r.IntN(3) {
			handle := fmt.Sprintf("%s%d.%d", text(), n, i)
			if channel == contacts.WhatsApp {
				handle = fmt.Sprintf("+8529%06d%d", n, i)
			}
			if r.IntN(3) == 0 {
				c.Socials = append(c.Socials, contacts.Social{Channel: channel, Handle: handle})
			}
		}
	}
	for range r.IntN(4) {
		c.Labels = append(c.Labels, text())
	}
	c.Labels = slices.DeleteFunc(c.Labels, func(l string) bool { return l == "" })
	c.ExternalIDs = map[string]string{"crm": fmt.Sprintf("%s%d", text(), n)}
	if r.IntN(3) == 0 {
		c.ExternalIDs["erp"] = fmt.Sprintf("=%d", n)
	}
	c.Custom = map[string]contacts.Value{}
	for key, v := range map[string]contacts.Value{
		"note": contacts.MakeValue(contacts.TextField, strings.TrimSpace(text())), "score": contacts.MakeValue(contacts.NumberField, "-12.5"),
		"since": contacts.MakeValue(contacts.DateField, "2026-01-02"), "active": contacts.MakeValue(contacts.YesNoField, "no"),
		"tier":   contacts.MakeValue(contacts.ChoiceField, []string{"Gold", "=Silver", "a, b"}[r.IntN(3)]),
		"topics": contacts.MakeValue(contacts.ChoicesField, "+Offers; VIP"), "site": contacts.MakeValue(contacts.URLField, "https://example.com/?a=1&b=%2C"),
		"mobile": contacts.MakeValue(contacts.TextField, strings.TrimSpace(text())),
	} {
		if r.IntN(2) == 0 && !v.IsZero() {
			c.Custom[key] = v
		}
	}
	return c
}

// losslessBook opens a book of its own with the custom fields.
func (k *kit) losslessBook(name string) *extcontacts.Session {
	k.Helper()
	s := k.open(extcontacts.Options{Workspace: name}).As(contacts.Actor{ID: "agent-1"})
	for _, f := range losslessFields {
		_, err := s.SetField(k.ctx, f)
		k.must(err)
	}
	return s
}

// What a book takes in, it gives out and takes in again as equal contacts.
func testLossless(k *kit) {
	made, refused := 0, map[string]int{}
	for seed := range uint64(rounds(2, 8, 200)) {
		r := rand.New(rand.NewPCG(seed, 1))
		a := k.losslessBook(fmt.Sprint("from ", seed))
		for n := range 1 + r.IntN(25) {
			c := drawHostile(r, n)
			for try := 0; ; try++ { // a text that the field refuses is left out: refusing is not losing
				_, err := a.Create(k.ctx, c)
				if err == nil {
					made++
					break
				}
				var es contacts.FieldErrors
				if !errors.As(err, &es) || try > 100 {
					k.Fatalf("seed %d: %v", seed, err)
				}
				for _, e := range es {
					refused[e.Code]++
					dropPath(c, e.Path)
				}
			}
		}
		o := extcontacts.ExportOptions{Excel: r.IntN(2) == 0, Comma: []byte{0, ';', '\t', '|'}[r.IntN(4)], Dates: []contacts.DateFormat{0, contacts.DateMDY, contacts.DateDMY, contacts.DateYMD}[r.IntN(4)]}
		var file bytes.Buffer
		_, err := a.Export(k.ctx, &file, o)
		k.must(err)
		k.guarded(file.String(), o.Comma)
		b := k.losslessBook(fmt.Sprint("to ", seed))
		rep, err := b.Import(k.ctx, bytes.NewReader(file.Bytes()), extcontacts.ImportOptions{Dates: o.Dates})
		k.must(err)
		want, have := k.values(a), k.values(b)
		if rep.Created != rep.Rows || rep.Rows != len(want) || len(want) != len(have) {
			k.Fatalf("seed %d, %+v: %d contacts were exported, %+v, faults %q\n%s", seed, o, len(want), rep.Counts, faults(rep), file.String())
		}
		for i := range want {
			if want[i] != have[i] {
				k.Fatalf("seed %d, %+v: a contact changed on the way\n%s\n%s\n%s", seed, o, want[i], have[i], file.String())
			}
		}
	}
	k.Logf("%d contacts; refused %v", made, refused)
}

// guarded checks that no cell of a file begins a formula, whatever a program
// trims away before it looks.
func (k *kit) guarded(file string, comma byte) {
	k.Helper()
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(file, "\ufeff")))
	if comma != 0 {
		r.Comma = rune(comma)
	}
	rows, err := r.ReadAll()
	k.must(err)
	for _, row := range rows {
		for _, cell := range row {
			t := strings.TrimLeftFunc(cell, func(c rune) bool {
				return c != '\t' && c != '\r' && c != '\n' && (unicode.IsSpace(c) || unicode.IsControl(c) || unicode.Is(unicode.Cf, c))
			})
			if t != "" && strings.ContainsRune("=+-@＝＋－＠\t\r\n", []rune(t)[0]) {
				k.Errorf("a cell begins a formula: %q", cell)
			}
		}
	}
}

// dropPath empties what a fault names.
func dropPath(c *contacts.Contact, path string) {
	list, rest, element := strings.Cut(path, "[")
	i := 0
	if element {
		fmt.Sscanf(rest, "%d]", &i)
	}
	switch family, key, _ := strings.Cut(path, "."); {
	case list == "phones" && element:
		c.Phones = slices.Delete(c.Phones, i, i+1)
	case list == "emails" && element:
		c.Emails = slices.Delete(c.Emails, i, i+1)
	case list == "socials" && element:
		c.Socials = slices.Delete(c.Socials, i, i+1)
	case list == "labels":
		c.Labels = nil
	case list == "socials":
		c.Socials = nil
	case family == "custom":
		delete(c.Custom, key)
	case family == "external_ids":
		delete(c.ExternalIDs, key)
	case path == "last_name":
		c.LastName = "Person"
	default:
		for name, s := range map[string]*string{"first_name": &c.FirstName, "group": &c.Group, "team": &c.Team, "company": &c.Company, "job_title": &c.JobTitle,
			"address.street": &c.Address.Street, "address.city": &c.Address.City, "address.state": &c.Address.State, "address.zip_code": &c.Address.ZipCode} {
			if name == path {
				*s = ""
			}
		}
	}
}

// What a file becomes in a book and out again is a fixpoint: imported and
// exported once more it is the same file, byte for byte.
func testFixpoint(k *kit) {
	for seed := range uint64(rounds(2, 5, 100)) {
		r := rand.New(rand.NewPCG(seed, 2))
		var file strings.Builder
		k.must(gen.Write(&file, nil, gen.Options{Rows: 60, Seed: seed, Duplicates: 0.1, Faults: 0.05, Related: 0.1}))
		source := file.String()
		if r.IntN(2) == 0 { // hostile cells in a plain file
			var b strings.Builder
			w := csv.NewWriter(&b)
			k.must(w.Write([]string{"First name", "Last name", "Mobile", "Company", "Note", "Contact Label", "External ID: crm"}))
			for n := range 60 {
				list := hostile()
				pick := func() string { return list[r.IntN(len(list))] }
				k.must(w.Write([]string{pick(), pick(), fmt.Sprintf("+8529%07d", n), pick(), pick(), pick(), fmt.Sprint(n)}))
			}
			w.Flush()
			source = b.String()
		}
		export := func(name, file string) string {
			s := k.losslessBook(fmt.Sprint("fixpoint ", seed, name))
			rep, err := s.Import(k.ctx, strings.NewReader(file), extcontacts.ImportOptions{})
			k.must(err)
			if name != " source" && rep.Created != rep.Rows {
				k.Fatalf("seed %d%s: %+v, faults %q", seed, name, rep.Counts, faults(rep))
			}
			var out bytes.Buffer
			_, err = s.Export(k.ctx, &out, extcontacts.ExportOptions{})
			k.must(err)
			k.guarded(out.String(), 0)
			return out.String()
		}
		once := export(" source", source)
		twice := export(" again", once)
		if once != twice {
			k.Fatalf("seed %d: the export changed\n%s\n%s", seed, once, twice)
		}
	}
}
