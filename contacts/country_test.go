package contacts_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/extcontacts/extcontacts/contacts"
)

func ExampleParseCountry() {
	for _, s := range []string{"HK", "hkg", "Hong Kong SAR China", "Korea (the Democratic People's Republic of)", "TURKIYE", "España"} {
		c, err := contacts.ParseCountry(s)
		fmt.Println(c.Code(), c.Alpha3(), c.Name(), err)
	}
	_, err := contacts.ParseCountry("Korea")
	fmt.Println(err)
	// Output:
	// HK HKG Hong Kong <nil>
	// HK HKG Hong Kong <nil>
	// HK HKG Hong Kong <nil>
	// KP PRK Korea, Democratic People's Republic of <nil>
	// TR TUR Türkiye <nil>
	// ES ESP Spain <nil>
	// contacts: country_ambiguous: not one country of ISO 3166; write KR or KP
}

// TestCountryForms resolves every code and name of every row of the source, in each of their forms.
func TestCountryForms(t *testing.T) {
	rows := sourceRows(t, "countries.tsv")
	if len(rows) != 249 {
		t.Fatalf("%d rows, ISO 3166-1 has 249", len(rows))
	}
	forms := 0
	for _, row := range rows {
		for _, name := range append(strings.Split(row[4], "|"), row[2], row[3]) {
			if name == "" {
				continue
			}
			all := []string{name, strings.ToUpper(name), strings.ToLower(name), name + " (the)", "The " + name, " " + name + "\u00a0",
				strings.ReplaceAll(name, " and ", " & "), strings.ReplaceAll(name, "'", "’"), strings.ReplaceAll(name, " ", "  "), bracketed(name)}
			if before, after, ok := strings.Cut(name, " of "); ok && !strings.ContainsAny(name, ",(") {
				after = strings.TrimPrefix(strings.TrimPrefix(after, "the "), "The ")
				all = append(all, after+", "+before+" of", after+" (the "+before+" of)", after+" (the "+before+" of the)")
			}
			for _, form := range all {
				if len(form) <= 3 {
					continue // capitals matter to codes, see TestCountryCodes
				}
				forms++
				if c, err := contacts.ParseCountry(form); err != nil || c.Code() != row[0] {
					t.Errorf("ParseCountry(%q) = %q, %v, want %s", form, c, err, row[0])
				}
			}
		}
		c := contacts.MustParseCountry(row[0])
		if c.Alpha3() != row[1] || c.Name() != row[2] {
			t.Errorf("%s has %q, %q, want %q, %q", row[0], c.Alpha3(), c.Name(), row[1], row[2])
		}
	}
	t.Log(forms, "forms")
}

// bracketed turns "Korea, Republic of" into "Korea (the Republic of)".
func bracketed(name string) string {
	if before, after, ok := strings.Cut(name, ", "); ok && strings.HasSuffix(after, " of") {
		return before + " (the " + after + ")"
	}
	return name
}

func TestCountryCodes(t *testing.T) {
	words := []string{"and", "is", "it", "me", "no", "so", "to"}
	count := 0
	for c := range contacts.Countries() {
		count++
		for _, code := range []string{c.Code(), c.Alpha3()} {
			for _, form := range []string{code, " " + code + "\t", strings.ToLower(code), code[:1] + strings.ToLower(code[1:])} {
				got, err := contacts.ParseCountry(form)
				if slices.Contains(words, strings.ToLower(form)) && strings.ToUpper(form) != form {
					if codeOf(t, err) != "country_unknown" {
						t.Errorf("ParseCountry(%q) = %v, %v; it is an English word", form, got, err)
					}
				} else if err != nil || got != c {
					t.Errorf("ParseCountry(%q) = %v, %v, want %v", form, got, err, c)
				}
			}
		}
	}
	if count != 249 {
		t.Errorf("%d countries", count)
	}
	known := 0 // nothing but the 249 is taken in the place of a code, apart from UK
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			if _, err := contacts.ParseCountry(string([]rune{a, b})); err == nil {
				known++
			}
		}
	}
	if known != 250 {
		t.Errorf("%d pairs of capitals are countries, want 249 and UK", known)
	}
}

func TestParseCountry(t *testing.T) {
	tests := []struct{ in, code, fault string }{
		// where cutting at a bracket, or dropping what is not understood, gives another country
		{"Korea (the Democratic People's Republic of)", "KP", ""},
		{"Korea (the Republic of)", "KR", ""},
		{"Congo (the Democratic Republic of the)", "CD", ""},
		{"Congo (the)", "CG", ""},
		{"Guinea (Bissau)", "GW", ""},
		{"Samoa (American)", "AS", ""},
		{"Sudan (South)", "SS", ""},
		{"China (Taiwan)", "TW", ""},
		{"Ireland (Northern)", "", "country_ambiguous"},
		// lists in use
		{"Bolivia (Plurinational State of)", "BO", ""},
		{"Falkland Islands (the) [Malvinas]", "FK", ""},
		{"Virgin Islands (British)", "VG", ""},
		{"Virgin Islands (U.S.)", "VI", ""},
		{"United Kingdom of Great Britain and Northern Ireland (the)", "GB", ""},
		{"Tanzania, the United Republic of", "TZ", ""},
		{"Republic of North Macedonia", "MK", ""},
		{"Congo - Kinshasa", "CD", ""},
		{"Hong Kong SAR China", "HK", ""},
		{"Myanmar (Burma)", "MM", ""},
		{"Bahamas, The", "BS", ""},
		{"Trinidad & Tobago", "TT", ""},
		{"St. Kitts & Nevis", "KN", ""},
		{"Vatican City", "VA", ""},
		{"Czech Republic", "CZ", ""},
		// shorter ones
		{"USA", "US", ""}, {"U.S.A.", "US", ""}, {"U.S.", "US", ""}, {"(us)", "US", ""}, {"UK", "GB", ""}, {"U.K.", "GB", ""}, {"UAE", "AE", ""},
		// accents and scripts
		{"Cote d'Ivoire", "CI", ""}, {"CÔTE D’IVOIRE", "CI", ""}, {"Co\u0302te d'Ivoire", "CI", ""},
		{"Turkiye", "TR", ""}, {"TÜRKİYE", "TR", ""}, {"Curacao", "CW", ""}, {"Reunion", "RE", ""}, {"Aland Islands", "AX", ""},
		{"España", "ES", ""}, {"Espana", "ES", ""}, {"Deutschland", "DE", ""}, {"Österreich", "AT", ""}, {"Suisse", "CH", ""}, {"Schweiz", "CH", ""},
		{"中国", "CN", ""}, {"香港", "HK", ""}, {"日本", "JP", ""}, {"대한민국", "KR", ""}, {"Россия", "RU", ""}, {"مصر", "EG", ""}, {"भारत", "IN", ""},
		{"ＨＫ", "HK", ""}, {"Ｈｏｎｇ　Ｋｏｎｇ", "HK", ""},
		// a code of the standard, whatever else it may look like
		{"NA", "NA", ""}, {"na", "NA", ""},
		// nothing
		{"", "", "country_empty"}, {" \t", "", "country_empty"},
		{"N/A", "", "country_unknown"}, {"n.a.", "", "country_unknown"}, {"N.A", "", "country_unknown"}, {"none", "", "country_unknown"},
		{"-", "", "country_unknown"}, {"&", "", "country_unknown"}, {"the", "", "country_unknown"}, {"?", "", "country_unknown"}, {"null", "", "country_unknown"},
		{"US123", "", "country_unknown"}, {"U1S2", "", "country_unknown"}, {"us (old)", "", "country_unknown"}, {"HK, CN", "", "country_unknown"},
		{"and", "", "country_unknown"}, {"is", "", "country_unknown"}, {"to", "", "country_unknown"}, {"Is", "", "country_unknown"},
		{"international", "", "country_unknown"}, {"unknown", "", "country_unknown"}, {"Europe", "", "country_unknown"}, {"Republic of", "", "country_unknown"},
		{"XX", "", "country_unknown"}, {"XK", "", "country_unknown"}, {"EU", "", "country_unknown"}, {"ZZ", "", "country_unknown"}, {"SU", "", "country_unknown"},
		{"852", "", "country_unknown"}, {"001", "", "country_unknown"}, {"H\x00K", "", "country_unknown"}, {"\xff\xfe", "", "country_unknown"},
		{strings.Repeat("Hong Kong ", 30), "", "country_unknown"},
		// several, or none of its own
		{"Korea", "", "country_ambiguous"}, {"Virgin Islands", "", "country_ambiguous"}, {"Republic of China", "", "country_ambiguous"},
		{"USSR", "", "country_ambiguous"}, {"Serbia and Montenegro", "", "country_ambiguous"}, {"England", "", "country_ambiguous"},
	}
	for _, tt := range tests {
		c, err := contacts.ParseCountry(tt.in)
		if fault := codeOf(t, err); c.Code() != tt.code || fault != tt.fault {
			t.Errorf("ParseCountry(%q) = %q, %q, want %q, %q", tt.in, c, fault, tt.code, tt.fault)
		}
	}
}

// TestCountryGarbage: a name with anything before, behind or inside it is not that name.
func TestCountryGarbage(t *testing.T) {
	var names []string
	for c := range contacts.Countries() {
		names = append(names, c.Name(), c.Code(), c.Alpha3())
	}
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom(names).Draw(t, "name")
		junk := rapid.StringMatching(`[b-z]{2}[0-9]{1,3}`).Draw(t, "junk")
		at := rapid.IntRange(0, len(name)).Draw(t, "at")
		if c, err := contacts.ParseCountry(name[:at] + junk + name[at:]); err == nil {
			t.Fatalf("%q with %q at %d is %v", name, junk, at, c)
		}
	})
}

func TestCountriesStop(t *testing.T) {
	for c := range contacts.Countries() {
		if c.Code() != "AD" {
			t.Errorf("first is %v", c)
		}
		break
	}
}

func FuzzParseCountry(f *testing.F) {
	for _, s := range []string{"HK", "hkg", "Korea, Republic of", "Cote d’Ivoire", "中国", "N/A", "U.S.A.", "ＨＫ", "the & the"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := contacts.ParseCountry(s)
		if err != nil {
			codeOf(t, err)
			noTextIn(t, err, s)
			return
		}
		for _, form := range []string{c.Code(), c.Alpha3(), c.Name(), c.String()} {
			if again, err := contacts.ParseCountry(form); err != nil || again != c {
				t.Fatalf("%q is %v, whose %q is %v, %v", s, c, form, again, err)
			}
		}
	})
}

func BenchmarkParseCountry(b *testing.B) {
	for name, s := range map[string]string{"alpha2": "HK", "alpha3": "HKG", "name": "Hong Kong", "long": "Korea (the Republic of)", "accents": "Côte d’Ivoire", "refused": "n/a"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				contacts.ParseCountry(s)
			}
		})
	}
}
