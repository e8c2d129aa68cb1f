package csvio

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/extcontacts/extcontacts/contacts"
)

func mapOf(tb testing.TB, header string, s *contacts.Schema, given map[string]string) *Mapping {
	tb.Helper()
	m, err := MapHeader(strings.Split(header, "|"), s, given)
	if err != nil {
		tb.Fatalf("%q: %v", header, err)
	}
	return m
}

// describe writes a mapping as "field" for what is mapped and "(status)" for the rest.
func describe(m *Mapping) string {
	var out []string
	for _, c := range m.Columns {
		switch {
		case c.Status != Mapped:
			out = append(out, "("+string(c.Status)+")")
		case c.Field == "":
			out = append(out, "+")
		default:
			out = append(out, c.Field)
		}
	}
	return strings.Join(out, "|")
}

func TestMapHeader(t *testing.T) {
	for _, tc := range []struct{ name, header, want string }{
		{"case, space, punctuation", "\ufeffFIRST_name| last-NAME |e.mail|Ｍｏｂｉｌｅ|zip\u00a0code|Job\u200bTitle",
			"first_name|last_name|emails.work|phones.mobile|address.zip_code|job_title"},
		{"aliases of the guide", "Surname|Title|Department|Messenger|Business Phone|Birthday|Region",
			"last_name|job_title|team|socials.facebook|phones.work|birthdate|address.state"},
		{"numbered", "Last name|Mobile|Mobile 2|mobile_3|Email 3|Home Phone 2|E-mail 2 Address|WhatsApp 2|Company 2",
			"last_name|phones.mobile|phones.mobile|phones.mobile|emails.work|phones.home|emails.work|socials.whatsapp|(unknown)"},
		{"paths", "last_name|phones.work 2|address.city|external_ids.crm", "last_name|phones.work|address.city|external_ids.crm"},
		{"external ids", "Last name|External ID: CRM|external id:erp", "last_name|external_ids.CRM|external_ids.erp"},
		{"exact before alias", "Title|Last name|Job Title", "(duplicate)|last_name|job_title"},
		{"first of two", "Last name|Company|Company Name", "last_name|company|(duplicate)"},
		{"own columns", "Last name|_row|_code|_column|_reason", "last_name|(ignored)|(ignored)|(ignored)|(ignored)"},
		{"blank", "Last name||  ", "last_name|(unknown)|(unknown)"},
		{"guarded", "'=x|Last name", "(unknown)|last_name"},
		{"primary", "Last name|Mobile|Primary Phone|Primary Email", "last_name|phones.mobile|primary_phone|primary_email"},
		{"whole name", "Name|Phone", "last_name|phones.mobile"},
		{"whole name beside others", "Name|First name|Last name", "(unknown)|first_name|last_name"},
		{"one address of several", "Last name|Home Street|Home City|Business Street|Business City",
			"last_name|address.street|address.city|address.street|address.city"},
		{"business and work are one address", "Last name|Business Street|Work City|Work Street|Business City|Other City",
			"last_name|address.street|address.city|(duplicate)|(duplicate)|address.city"},
		{"a country for all addresses", "Last name|Home Street|Work Street|Home Country|Country",
			"last_name|address.street|address.street|(duplicate)|address.country"},
		{"lines of a street", "Last name|Address|Address 2|Address Line 3|Street 4", "last_name|address.street|address.street|address.street|(unknown)"},
		{"lines of streets", "Last name|Home Street|Home Street 2|Business Street|Business Street 2|Business Street 3|Home Address 2",
			"last_name|address.street|address.street|address.street|address.street|address.street|address.street"},
		{"a date in three columns", "Last name|Birth Year|Birth Month|Birth Day", "last_name|birthdate|birthdate|birthdate"},
		{"a date without year", "Last name|birthmonth|birthday", "last_name|birthdate|birthdate"},
		{"half a date", "Last name|Birth Year|Birth Month", "last_name|(unknown)|(unknown)"},
		{"half a date, without the month", "Last name|Birth Year|Birthday", "last_name|(unknown)|birthdate"},
		{"a date and its parts", "Last name|Date of birth|Birth Day|Birth Month|Birth Year", "last_name|birthdate|(unknown)|(unknown)|(unknown)"},
		{"two days", "Last name|Birth Day|Birthday|Birth Month", "last_name|birthdate|(duplicate)|birthdate"},
		{"honorific of Outlook", "First Name|Title|E-mail Address|Business Phone", "first_name|(unknown)|emails.work|phones.work"},
		{"plain address first", "Last name|Home Street|Address|City", "last_name|(unknown)|address.street|address.city"},
		{"typed texts", "Last name|Mobile|Mobile (as typed)|Work (as typed)", "last_name|phones.mobile|+|(unknown)"},
		{"Google labels", "Last Name|Phone 1 - Label|Phone 1 - Value|E-mail 1 - Value|E-mail 2 - Type",
			"last_name|+|phones.mobile|emails.work|(unknown)"},
		{"Chatwoot", "id|name|identifier|email|phone_number", "(protected)|last_name|external_ids.chatwoot|emails.work|phones.mobile"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := describe(mapOf(t, tc.header, nil, nil)); got != tc.want {
				t.Errorf("\ngot  %s\nwant %s", got, tc.want)
			}
		})
	}
}

func TestMapHeaderErrors(t *testing.T) {
	for _, tc := range []struct {
		name, header string
		given        map[string]string
		code, hint   string
	}{
		{"empty", "", nil, CodeEmptyFile, ""},
		{"blank cells", " |\u00a0|\ufeff", nil, CodeEmptyFile, ""},
		{"no header row", "Ann|Lee|+85291234567", nil, CodeNoKnownColumn, "phone number"},
		{"a row with a word of the table", "Ann|Home|ann@example.com", nil, CodeNoKnownColumn, "email address"},
		{"wrong delimiter", "Last name;First name;Mobile", nil, CodeNoKnownColumn, "delimiter"},
		{"another table", "sku|price", nil, CodeNoKnownColumn, ""},
		{"unknown field", "Last name|x", map[string]string{"x": "mobil"}, CodeUnknownField, "did you mean Mobile?"},
		{"internal field", "Last name|x", map[string]string{"x": "owner_id"}, CodeUnknownField, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := MapHeader(strings.Split(tc.header, "|"), nil, tc.given)
			var e *HeaderError
			if !errors.As(err, &e) || e.Code != tc.code || !strings.Contains(e.Hint, tc.hint) || !errors.Is(err, contacts.ErrInvalid) {
				t.Fatalf("%v", err)
			}
			if strings.Contains(err.Error(), "Ann") {
				t.Errorf("a person's data in %q", err)
			}
		})
	}
	if _, err := MapHeader(nil, nil, nil); err == nil {
		t.Error("no header at all is accepted")
	}
}

func TestMapHeaderGiven(t *testing.T) {
	given := map[string]string{"Titel": "job_title", "handy": "Mobile", "Email": "-", "Fehlt": "company", "kunde": "external_ids.erp"}
	m := mapOf(t, "Titel|Last name|Handy|Email|Kunde|Title", nil, given)
	if got, want := describe(m), "job_title|last_name|phones.mobile|(ignored)|external_ids.erp|(duplicate)"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	codes := map[string]int{}
	for _, w := range m.Warnings {
		codes[w.Code]++
	}
	if codes[CodeHeaderNotFound] != 1 || codes[CodeDuplicateColumn] != 1 {
		t.Errorf("warnings %v", codes)
	}
	again := mapOf(t, "Titel|Last name|Handy|Email|Kunde|Title", nil, m.Profile())
	if describe(again) != describe(m) {
		t.Errorf("the profile gives %s", describe(again))
	}
	if m := mapOf(t, "Company|City", nil, nil); len(m.Warnings) != 1 || m.Warnings[0].Code != CodeNoIdentity {
		t.Errorf("nobody can be told from anybody, and nobody says so: %v", m.Warnings)
	}
}

func TestMapHeaderCustom(t *testing.T) {
	s, err := contacts.NewSchema([]contacts.CustomField{
		{Key: "department", Name: "Department", Kind: contacts.TextField},
		{Key: "vip", Name: "VIP?", Kind: contacts.YesNoField, Aliases: []string{"very important"}},
		{Key: "mail", Name: "Email", Kind: contacts.TextField},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	m := mapOf(t, "Last name|department|VIP|Email|custom.mail", s, nil)
	if got, want := describe(m), "last_name|custom.department|custom.vip|emails.work|custom.mail"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if m := mapOf(t, "Last name|Very-Important", s, nil); !m.Has("custom.vip") {
		t.Error("aliases of custom fields are not read")
	}
}

// Headers that a real export had once, of which the phone number ended up as a custom attribute.
func TestIncidentI03(t *testing.T) {
	m := mapOf(t, "\ufeffID| Name |identifier|E-Mail|Phone_Number|Favourite", nil, nil)
	if got, want := describe(m), "(protected)|last_name|external_ids.chatwoot|emails.work|phones.mobile|(unknown)"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// An attribute that is called like an internal field never reaches it.
func TestIncidentI45(t *testing.T) {
	header := "Last name|id|rev|merged_into|workspace|tenant_id|owner|Owner ID|created_at|Updated At|deleted_at|createdBy|Contact owner|verified"
	m := mapOf(t, header, nil, nil)
	for _, c := range m.Columns[1:] {
		if c.Status != Protected || c.Reason == "" || c.Field != "" {
			t.Errorf("%q is %s", c.Header, c.Status)
		}
	}
	c := decodeRows(t, strings.ReplaceAll(header, "|", ",")+"\nLee"+strings.Repeat(",x", 13), nil, DecodeOptions{})[0].Contact
	if !c.Equal(&contacts.Contact{LastName: "Lee"}) || c.ID != "" || c.Rev != 0 || !c.CreatedAt.IsZero() {
		t.Errorf("%+v", c)
	}
	if _, err := MapHeader([]string{"Last name", "x"}, nil, map[string]string{"x": "id"}); err == nil {
		t.Error("a given mapping reaches the id")
	}
}

// Headers of real exports, where the collection is at hand.
func TestRealHeaders(t *testing.T) {
	const dir = "../../shared/data/csv-exports"
	for file, want := range map[string][]string{
		"headers/google_contacts_2024_header.csv":   {"google", "first_name", "last_name", "company", "job_title", "team", "birthdate", "labels", "emails.work", "phones.mobile", "address.street", "address.city", "address.state", "address.zip_code", "address.country"},
		"headers/google_contacts_legacy_header.csv": {"google", "first_name", "last_name", "birthdate", "language", "labels", "phones.mobile"},
		"headers/hubspot_contacts_header.csv":       {"hubspot", "first_name", "last_name", "emails.work", "phones.mobile", "external_ids.hubspot", "type"},
		"headers/outlook_header_partial.csv":        {"outlook", "first_name", "last_name", "job_title", "team", "company", "emails.work", "phones.work", "phones.home", "phones.mobile", "primary_phone", "address.street", "address.city", "birthdate"},
		"roundcube/Csv2vcard/all.csv":               {"", "first_name", "last_name", "emails.personal", "emails.work", "emails.other", "phones.home", "phones.work", "address.street"},
		"roundcube/Csv2vcard/email.csv":             {"", "primary_email"},
		"roundcube/Csv2vcard/gmail.csv":             {"google", "first_name", "last_name", "company", "job_title", "team", "emails.work", "phones.mobile", "address.street"},
		"roundcube/Csv2vcard/outlook.csv":           {"outlook", "emails.work"},
		"roundcube/Csv2vcard/tb_plain.csv":          {"", "first_name", "last_name", "primary_email", "phones.work", "phones.home", "phones.mobile", "company", "birthdate", "address.street", "address.zip_code"},
	} {
		f, err := os.Open(filepath.Join(dir, file))
		if err != nil {
			t.Skip("no collection of real exports here")
		}
		defer f.Close()
		sc := NewScanner(f, ScannerOptions{})
		sc.Scan()
		m, err := MapHeader(sc.Record().Strings(nil), nil, nil)
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		if m.Dialect != want[0] {
			t.Errorf("%s: dialect %q", file, m.Dialect)
		}
		for _, field := range want[1:] {
			if !m.Has(field) {
				t.Errorf("%s: no column for %s", file, field)
			}
		}
		d := NewDecoder(m, nil, DecodeOptions{Parse: contacts.ParseOptions{Dates: contacts.DateDMY}})
		for sc.Scan() {
			row := d.Decode(sc.Record())
			switch c := row.Contact; {
			case strings.HasSuffix(file, "tb_plain.csv") && (c.Birthdate.String() != "1970-11-15" || c.Address.City != "Wcity" || c.Address.ZipCode != "33-333"),
				strings.HasSuffix(file, "all.csv") && (c.Birthdate.String() != "1991-01-20" || c.Address.Street != "Work Street" || c.Address.City != "Work City"):
				t.Errorf("%s: %v, %+v", file, c.Birthdate, c.Address)
			}
			if row.Contact == nil && !row.Blank && row.Err() == nil {
				t.Errorf("%s: row %d came to nothing", file, row.Row)
			}
		}
	}
}

func FuzzMapHeader(f *testing.F) {
	f.Add("First name|Last name|Phone 1 - Value|Phone 1 - Label", "Last name", "company")
	f.Add("id|_row|Mobile 2 (as typed)|Mobile 2|External ID: x", "x", "-")
	f.Add("Address 1 - Street|Organization 1 - Name|Home Zip", "Home Zip", "address.zip_code")
	s := hostileSchema(f)
	f.Fuzz(func(t *testing.T, header, from, to string) {
		cells := strings.Split(header, "|")
		for _, given := range []map[string]string{nil, {from: to}} {
			m, err := MapHeader(cells, s, given)
			if err != nil {
				if !errors.Is(err, contacts.ErrInvalid) {
					t.Fatal(err)
				}
				continue
			}
			if len(m.Columns) != len(cells) || len(m.specs) != len(cells) {
				t.Fatal("columns are missing")
			}
			single := map[string]bool{}
			for i, c := range m.Columns {
				if c.Header != cells[i] || c.Status == "" || c.Status != Mapped && c.Reason == "" {
					t.Fatalf("column %d: %+v", i, c)
				}
				if c.Status != Mapped || c.Field == "" || m.specs[i].list != noList {
					continue
				}
				if single[c.Field] {
					t.Fatalf("two columns for %s", c.Field)
				}
				single[c.Field] = true
			}
			again, err := MapHeader(cells, s, m.Profile())
			if err != nil && given == nil {
				t.Fatalf("the profile is refused: %v", err)
			}
			if given == nil && again.Dialect != m.Dialect {
				t.Fatal("the profile changes the dialect")
			}
		}
	})
}

// A date in three columns is one date; each row has the best address that it fills in.
func TestColumnsTogether(t *testing.T) {
	const head = "Last name,Birth Year,Birth Month,Birth Day,Home Street,Home City,Business Street,Business City\n"
	for _, tc := range []struct{ row, date, street, city, codes string }{
		{"a,1970,11,15,h,hc,b,bc", "1970-11-15", "b", "bc", ""},
		{"a,,2,29,h,hc,,", "--02-29", "h", "hc", ""},
		{"a,1971,02,29,h,,,bc", "", "", "bc", "date_impossible"},
		{"a,70,2,3", "", "", "", "date_two_digit_year"},
		{"a,1970", "", "", "", "date_bad_format"},
		{"a,1970,11", "", "", "", "date_bad_format"},
		{"a,,11,", "", "", "", "date_bad_format"},
		{"a,197,11,15", "", "", "", "date_bad_format"},
		{"a,1970,Nov,15", "", "", "", "date_bad_format"},
		{"a,,,11/15/1970", "1970-11-15", "", "", ""},
		{"a,,,15", "", "", "", "date_serial"},
		{"a,--,--,--", "", "", "", ""},
		{"a,--,1,2", "", "", "", "date_bad_format"},
		{"a", "", "", "", ""},
	} {
		row := decodeRows(t, head+tc.row+"\n", nil, DecodeOptions{})[0]
		c := row.Contact
		if c.Birthdate.String() != tc.date || c.Address.Street != tc.street || c.Address.City != tc.city || codesOf(row.Faults) != tc.codes {
			t.Errorf("%s: %v, %+v, %s", tc.row, c.Birthdate, c.Address, codesOf(row.Faults))
		}
		if row.Clear.Has("birthdate") != (tc.row == "a,--,--,--") {
			t.Errorf("%s: clear %v", tc.row, row.Clear)
		}
	}
	for row, street := range map[string]string{
		"a,h1,h2,b1,b2,b3": "b1\nb2\nb3", "a,h1,h2,,,": "h1\nh2", "a,h1,h2,,,b3": "b3", "a,,,b1,,b3": "b1\nb3", "a,,,--,b2,": "b2", "a,,,--,--,": "",
	} {
		r := decodeRows(t, "Last name,Home Street,Home Street 2,Business Street,Business Street 2,Business Street 3\n"+row+"\n", nil, DecodeOptions{})[0]
		if r.Contact.Address.Street != street || r.Rejected() || r.Clear.Has("address.street") != strings.Contains(row, "--") {
			t.Errorf("%s: %q, %v", row, r.Contact.Address.Street, r.Clear)
		}
	}
	m := mapOf(t, "Last name|Birth Year|Birth Month|Birth Day|Home City|Business City", nil, nil)
	again, err := MapHeader([]string{"Last name", "Birth Year", "Birth Month", "Birth Day", "Home City", "Business City"}, nil, m.Profile())
	if err != nil || describe(again) != describe(m) {
		t.Errorf("%v with its profile is %v, %v", describe(m), describe(again), err)
	}
}
