package csvio

import (
	"bytes"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/extcontacts/extcontacts/contacts"
)

// hostileSchema has a custom field of every kind, with names that are hard on a header.
func hostileSchema(tb testing.TB) *contacts.Schema {
	tb.Helper()
	s, err := contacts.NewSchema([]contacts.CustomField{
		{Key: "note", Name: "Note, \"long\"\r\nwith lines", Kind: contacts.TextField},
		{Key: "points", Name: "=SUM(A1)", Kind: contacts.NumberField},
		{Key: "since", Name: "since", Kind: contacts.DateField},
		{Key: "ok", Name: "Mobile", Kind: contacts.YesNoField},
		{Key: "size", Name: "Mobile 2", Kind: contacts.ChoiceField, Options: []string{"S", "-M", "'=L"}},
		{Key: "tags", Name: "Primary Phone", Kind: contacts.ChoicesField, Options: []string{"a", "b, c", "=d"}},
		{Key: "site", Name: "External ID: crm", Kind: contacts.URLField},
		{Key: "row", Name: "_row", Kind: contacts.TextField},
		{Key: "owner", Name: "Owner", Kind: contacts.TextField},
		{Key: "star", Name: "★", Kind: contacts.TextField},
		{Key: "star2", Name: "☆", Kind: contacts.TextField},
	}, nil)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// hostileText draws a text that tries to break a cell.
func hostileText() *rapid.Generator[string] {
	piece := rapid.SampledFrom([]string{",", ";", "\t", "|", `"`, `""`, "\n", "\r\n", "\r", "=", "+", "-", "@", "'", "＝", " ", "\u00a0",
		"\u200b", "\ufeff", "é", "漢", "\u202e", "--", "a", "Z", "1", ":::", ": ", "* ", "#", "\\", "\u3000", "𝒳", "Work: ", `="`, `="a"`, `=""`})
	return rapid.Custom(func(t *rapid.T) string {
		return strings.TrimSpace(strings.Join(rapid.SliceOfN(piece, 0, 6).Draw(t, "pieces"), ""))
	})
}

var phoneTexts = []string{"+85291234567", "+852 9123 4567", "0085291234567", "'+85291234567", "tel:+852-9123-4567", "＋８５２９１２３４５６７",
	"+441632960961", "+44 (0)1632 960961", `="+441632960961"`, "+12025550123", " +12025550123 ", "+491701234567"}

// hostileContact draws a valid contact without verifications.
func hostileContact(s *contacts.Schema) *rapid.Generator[*contacts.Contact] {
	return rapid.Custom(func(t *rapid.T) *contacts.Contact {
		text := func(name string) string { return hostileText().Draw(t, name) }
		c := &contacts.Contact{FirstName: text("first"), LastName: "x" + text("last"), Group: text("group"), Team: text("team"),
			Company: text("company"), JobTitle: text("title"),
			Address: contacts.Address{Street: text("street"), City: text("city"), State: text("state")},
			Level:   contacts.Level(rapid.IntRange(0, 3).Draw(t, "level")), Type: contacts.Type(rapid.IntRange(0, 4).Draw(t, "type")),
		}
		if rapid.Bool().Draw(t, "swap") && c.FirstName != "" {
			c.FirstName, c.LastName = c.LastName, c.FirstName
		}
		date := func() contacts.Date {
			y := rapid.SampledFrom([]int{0, 1, 999, 1980, 9999}).Draw(t, "year")
			d, _ := contacts.MakeDate(y, rapid.IntRange(1, 12).Draw(t, "month"), rapid.IntRange(1, 28).Draw(t, "day"))
			return d
		}
		if rapid.Bool().Draw(t, "dated") {
			c.Birthdate = date()
		}
		c.Language = rapid.SampledFrom([]contacts.Language{{}, contacts.MustParseLanguage("zh")}).Draw(t, "language")
		c.Address.Country = rapid.SampledFrom([]contacts.Country{{}, contacts.MustParseCountry("NA"), contacts.MustParseCountry("KP")}).Draw(t, "country")
		for range rapid.IntRange(0, 5).Draw(t, "phones") {
			p := contacts.MustParsePhone(rapid.SampledFrom(phoneTexts).Draw(t, "phone"))
			if rapid.IntRange(0, 4).Draw(t, "national") == 0 {
				p = contacts.MakePhone(p.Number(), rapid.SampledFrom([]string{"", "0", "=", "(0)"}).Draw(t, "prefix")+p.Number()[5:])
			}
			c.Phones = append(c.Phones, contacts.ContactPhone{Kind: contacts.PhoneKind(rapid.IntRange(1, 4).Draw(t, "kind")), Phone: p,
				Primary: rapid.Bool().Draw(t, "primary")})
		}
		for range rapid.IntRange(0, 4).Draw(t, "emails") {
			e := contacts.MustParseEmail(rapid.SampledFrom([]string{"ann@example.com", "Ann@Example.com", "=a+b@example.org", "'+x@example.com",
				`"Work: a,b"@example.com`, "ünï@exämple.de", "-@example.net"}).Draw(t, "email"))
			c.Emails = append(c.Emails, contacts.ContactEmail{Kind: contacts.EmailKind(rapid.IntRange(1, 3).Draw(t, "kind")), Email: e,
				Primary: rapid.Bool().Draw(t, "primary")})
		}
		for range rapid.IntRange(0, 4).Draw(t, "socials") {
			ch := contacts.Channel(rapid.IntRange(1, 9).Draw(t, "channel"))
			handle := text("handle")
			if ch == contacts.WhatsApp {
				handle = rapid.SampledFrom(phoneTexts).Draw(t, "whatsapp")
			}
			if handle != "" {
				c.Socials = append(c.Socials, contacts.Social{Channel: ch, Handle: handle})
			}
		}
		for range rapid.IntRange(0, 3).Draw(t, "labels") {
			if l := strings.TrimSpace(strings.NewReplacer(",", "", ";", "").Replace(text("label"))); l != "" {
				c.Labels = append(c.Labels, l)
			}
		}
		c.Custom = map[string]contacts.Value{}
		for f := range s.Fields() {
			if !strings.HasPrefix(f.Name, "custom.") || rapid.Bool().Draw(t, "custom") {
				continue
			}
			raw := text("value")
			switch f.Kind {
			case contacts.NumberField:
				raw = rapid.SampledFrom([]string{"-1.5", "0", "12345678901234567890"}).Draw(t, "number")
			case contacts.DateField:
				raw = date().String()
			case contacts.YesNoField:
				raw = rapid.SampledFrom([]string{"yes", "no"}).Draw(t, "yes")
			case contacts.ChoiceField:
				raw = rapid.SampledFrom(f.Options).Draw(t, "choice")
			case contacts.ChoicesField:
				raw = strings.Join(rapid.SliceOfDistinct(rapid.SampledFrom(f.Options), rapid.ID).Draw(t, "choices"), ";")
			case contacts.URLField:
				raw = "https://example.com/" + rapid.SampledFrom([]string{"a,b", "?q=%22", ""}).Draw(t, "url")
			}
			v, err := f.ParseValue(raw, contacts.DateYMD)
			if err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
			c.Custom[f.Key()] = v
		}
		c.ExternalIDs = map[string]string{}
		for range rapid.IntRange(0, 3).Draw(t, "ids") {
			source := rapid.SampledFrom([]string{"crm", "CRM", "=a", "a,b", `q"q`, "x: y", "2"}).Draw(t, "source")
			if id := text("id"); id != "" {
				c.ExternalIDs[source] = id
			}
		}
		return c.Normalize()
	})
}

// encodeAll writes a file of the contacts.
func encodeAll(tb interface{ Fatal(...any) }, s *contacts.Schema, list []*contacts.Contact, wo WriterOptions, eo EncodeOptions) []byte {
	var sh Shape
	for _, c := range list {
		sh.Add(c)
	}
	var b bytes.Buffer
	w := NewWriter(&b, wo)
	e, err := NewEncoder(w, s, &sh, eo)
	if err != nil {
		tb.Fatal(err)
	}
	if err := e.WriteHeader(); err != nil {
		tb.Fatal(err)
	}
	for _, c := range list {
		if err := e.Write(c); err != nil {
			tb.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func TestLosslessRoundTrip(t *testing.T) {
	s := hostileSchema(t)
	rapid.Check(t, func(t *rapid.T) {
		var list []*contacts.Contact
		for range rapid.IntRange(1, 3).Draw(t, "contacts") {
			c := hostileContact(s).Draw(t, "contact")
			if es := contacts.Validate(c, s); es == nil {
				list = append(list, c)
			}
		}
		if len(list) == 0 {
			t.Skip("no valid contact")
		}
		wo := WriterOptions{Comma: rapid.SampledFrom([]byte{0, ';', '\t', '|'}).Draw(t, "comma"), CRLF: rapid.Bool().Draw(t, "crlf"),
			BOM: rapid.Bool().Draw(t, "bom"), QuoteAll: rapid.Bool().Draw(t, "quote"), Guard: rapid.Bool().Draw(t, "guard")}
		eo := EncodeOptions{Guard: rapid.Bool().Draw(t, "encoder guard"), Dates: contacts.DateFormat(rapid.IntRange(0, 3).Draw(t, "dates"))}
		file := encodeAll(t, s, list, wo, eo)

		sc := NewScanner(bytes.NewReader(file), ScannerOptions{Dialect: Dialect{Comma: max(wo.Comma, ',')}})
		if wo.Comma == '\t' {
			sc = NewScanner(bytes.NewReader(file), ScannerOptions{Dialect: Dialect{Comma: '\t'}})
		}
		sc.Scan()
		m, err := MapHeader(sc.Record().Strings(nil), s, nil)
		if err != nil {
			t.Fatalf("%v in %q", err, file)
		}
		for i, c := range m.Columns {
			if c.Status != Mapped {
				t.Fatalf("column %d %q is %s (%s)", i, c.Header, c.Status, c.Reason)
			}
		}
		d := NewDecoder(m, s, DecodeOptions{Parse: contacts.ParseOptions{Dates: eo.Dates}})
		for _, want := range list {
			if !sc.Scan() {
				t.Fatal("a row is missing")
			}
			row := d.Decode(sc.Record())
			if len(row.Faults) > 0 {
				t.Fatalf("%v: %s %q in\n%q", row.Faults[0], row.Faults[0].Message(), row.Faults[0].Value, file)
			}
			if got := row.Contact.Normalize(); !got.Equal(want) {
				t.Fatalf("got  %+v\nwant %+v\nfile %q", got, want, file)
			}
			if !row.Clear.IsZero() {
				t.Fatal("a value was taken for the marker that empties a field")
			}
		}
		if sc.Scan() || sc.Err() != nil {
			t.Fatal("more rows than contacts, or", sc.Err())
		}
		again := encodeAll(t, s, list, wo, eo)
		if !bytes.Equal(again, file) {
			t.Fatal("equal contacts give another file")
		}
	})
}
