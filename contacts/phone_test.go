package contacts_test

import (
	"bufio"
	"fmt"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"github.com/extcontacts/extcontacts/contacts"
)

func ExampleParsePhone() {
	for _, s := range []string{"+85212345678", "0044 (0)20 7946-0018", "tel:+1-201-555-0123", "'+852 1234 5678"} {
		p, err := contacts.ParsePhone(s)
		fmt.Println(p.Number(), "typed as", p.Raw(), err)
	}
	_, err := contacts.ParsePhone("8.52912E+10")
	fmt.Println(err)
	// Output:
	// +85212345678 typed as +85212345678 <nil>
	// +442079460018 typed as 0044 (0)20 7946-0018 <nil>
	// +12015550123 typed as tel:+1-201-555-0123 <nil>
	// +85212345678 typed as '+852 1234 5678 <nil>
	// contacts: phone_damaged: damaged by a spreadsheet: format the column as text and enter the number again
}

func TestParsePhone(t *testing.T) {
	tests := []struct{ in, number, code string }{
		// the guide's form and what people make of it
		{"+85212345678", "+85212345678", ""},
		{"+12345678", "+12345678", ""},
		{"+12345678901234567890", "+12345678901234567890", ""},
		{" +852 1234-5678\t", "+85212345678", ""},
		{"+852\u00a01234\u20095678", "+85212345678", ""},
		{"+852–1234—5678", "+85212345678", ""},
		{"+852.1234.5678", "+85212345678", ""},
		{"+1 (201) 555-0123", "+12015550123", ""},
		{"+1 [201] 555 0123", "+12015550123", ""},
		{"(+852) 1234 5678", "+85212345678", ""},
		{"+(852) 12345678", "+85212345678", ""},
		{"+ 852 12345678", "+85212345678", ""},
		// the prefix 00
		{"0085212345678", "+85212345678", ""},
		{"00 852 1234 5678", "+85212345678", ""},
		{"(00852) 1234 5678", "+85212345678", ""},
		// the trunk zero
		{"+44 (0)20 7946 0018", "+442079460018", ""},
		{"+44(0) 20 7946 0018", "+442079460018", ""},
		{"0044 (0) 20 7946 0018", "+442079460018", ""},
		{"+44 (020) 7946 0018", "+442079460018", ""},
		{"+353 (0)1 234 5678", "+35312345678", ""},
		{"+39 (0)6 1234 5678", "+390612345678", ""},
		{"+225 (0)1 23 45 67 89", "+2250123456789", ""},
		{"+44 20 (0)7946 0018", "+442007946001" + "8", ""},
		// slashes
		{"+49 30/1234567", "+49301234567", ""},
		{"+49 6221 / 12345", "+49622112345", ""},
		{"+85212345678/79", "", "phone_two_numbers"},
		// RFC 3966
		{"tel:+1-201-555-0123", "+12015550123", ""},
		{"TEL:+12015550123", "+12015550123", ""},
		{"tel:863-1234;phone-context=+1-914-555", "+19145558631234", ""},
		{"tel:7042;phone-context=example.com", "", "phone_no_country_code"},
		{"tel:+1-201-555-0123;ext=7", "", "phone_extension"},
		{"tel:+1-201-555-0123;postd=22", "", "phone_bad_character"},
		// other scripts and invisible marks
		{"＋８５２－１２３４－５６７８", "+85212345678", ""},
		{"+٨٥٢١٢٣٤٥٦٧٨", "+85212345678", ""},
		{"+८५२१२३४५६७८", "+85212345678", ""},
		{"\u202a+852 1234 5678\u202c", "+85212345678", ""},
		{"\ufeff+852\u200b12345678\u200e", "+85212345678", ""},
		// escapes and damage by spreadsheets
		{"'+85291234567", "+85291234567", ""},
		{`="+85291234567"`, "+85291234567", ""},
		{"8.52912E+10", "", "phone_damaged"},
		{"+8.52912E+10", "", "phone_damaged"},
		{"8,52912E+10", "", "phone_damaged"},
		{"8.5e10", "", "phone_damaged"},
		{"85291234567.0", "", "phone_damaged"},
		{"85291234567,00", "", "phone_damaged"},
		{"=+85291234567", "", "phone_damaged"},
		{"=852-1234-5678", "", "phone_damaged"},
		{"-12838", "", "phone_damaged"},
		{"#NAME?", "", "phone_damaged"},
		{"########", "", "phone_damaged"},
		// no country code
		{"85212345678", "", "phone_no_country_code"},
		{"12345678", "", "phone_no_country_code"},
		{"020 7946 0018", "", "phone_no_country_code"},
		{"0", "", "phone_no_country_code"},
		{"'85212345678", "", "phone_no_country_code"},
		{"+0123456789", "", "phone_bad_country_code"},
		{"+0085212345678", "", "phone_bad_country_code"},
		// two numbers
		{"+852 1234 5678 / +852 8765 4321", "", "phone_two_numbers"},
		{"9123 4567 / 9876 5432", "", "phone_two_numbers"},
		{"+85212345678; +85287654321", "", "phone_two_numbers"},
		{"+85212345678, 87654321", "", "phone_two_numbers"},
		{"+85212345678 or +85287654321", "", "phone_two_numbers"},
		{"+85212345678 +85287654321", "", "phone_two_numbers"},
		{"+85212345678\n+85287654321", "", "phone_two_numbers"},
		{"+85212345678 ::: +85287654321", "", "phone_two_numbers"},
		// extensions
		{"+1 201 555 0123 ext. 7", "", "phone_extension"},
		{"+1 201 555 0123x7", "", "phone_extension"},
		{"+1 201 555 0123 #7", "", "phone_extension"},
		{"+1 201 555 0123;ext=7", "", "phone_extension"},
		{"+1 201 555 0123, Extension: 7", "", "phone_extension"},
		// the rest
		{"", "", "phone_empty"},
		{"  ", "", "phone_empty"},
		{"-", "", "phone_empty"},
		{"+", "", "phone_too_short"},
		{"+8521234", "", "phone_too_short"},
		{"+123456789012345678901", "", "phone_too_long"},
		{"+" + strings.Repeat("1", 64), "", "phone_too_long"},
		{strings.Repeat(" ", 60) + "+85212345678", "", "phone_too_long"},
		{"++85212345678", "", "phone_bad_character"},
		{"+85212345678,", "", "phone_bad_character"},
		{"+85212345678 (work)", "", "phone_bad_character"},
		{"+1-800-FLOWERS", "", "phone_bad_character"},
		{"n/a", "", "phone_bad_character"},
		{"+852\x00123456789", "", "phone_bad_character"},
		{"+852\xff12345678", "", "phone_bad_character"},
		{"+852123\u00bd45678", "", "phone_bad_character"}, // a fraction is no digit
	}
	for _, tt := range tests {
		p, err := contacts.ParsePhone(tt.in)
		if code := codeOf(t, err); p.Number() != tt.number || code != tt.code {
			t.Errorf("ParsePhone(%q) = %q, %q, want %q, %q", tt.in, p, code, tt.number, tt.code)
		}
		if err == nil && p.Raw() != tt.in {
			t.Errorf("ParsePhone(%q).Raw() = %q", tt.in, p.Raw())
		}
		if err != nil && !p.IsZero() {
			t.Errorf("ParsePhone(%q) returns a value with its error", tt.in)
		}
	}
}

// TestDecimalDigits holds the digits of all scripts against their names' order: a block of ten begins at zero.
func TestDecimalDigits(t *testing.T) {
	count := 0
	for r := rune(0x80); r <= unicode.MaxRune; r++ {
		if !unicode.Is(unicode.Nd, r) {
			continue
		}
		want := rune('0' + count%10)
		count++
		p, err := contacts.ParsePhone("+1234567" + string(r))
		if err != nil || p.Number() != "+1234567"+string(want) {
			t.Fatalf("%U: %v, %v, want %c", r, p, err, want)
		}
	}
	if count < 600 {
		t.Errorf("only %d digits", count)
	}
}

// TestPhoneKeepsDigits: what was accepted has every digit of the cell but a prefix 00 and one trunk zero.
func TestPhoneKeepsDigits(t *testing.T) {
	piece := rapid.SampledFrom([]string{
		"+", "00", "0", "(0)", "(", ")", "-", " ", ".", "/", ",", ";", "E+10", ".0", "ext", "x", "=", `"`, "'", "tel:", ";phone-context=+852",
		"852", "1", "44", "39", "12345678", "555", "９", "٣", "\u200f", "é",
	})
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOfN(piece, 1, 9).Draw(t, "pieces"), "")
		p, err := contacts.ParsePhone(s)
		if err != nil {
			return
		}
		in := 0
		for _, r := range s {
			if unicode.Is(unicode.Nd, r) {
				in++
			}
		}
		lost := in - (len(p.Number()) - 1)
		if strings.Contains(s, "00") {
			lost -= 2
		}
		if strings.Contains(s, "(0") || strings.Contains(s, "(\u200f0") {
			lost--
		}
		if lost > 0 {
			t.Fatalf("%q became %q", s, p)
		}
	})
}

// TestPhoneOracle holds the reader against the international numbers that libphonenumber gives as valid examples.
func TestPhoneOracle(t *testing.T) {
	f := referenceData(t, "phones/oracle.tsv")
	checked := 0
	for sc := bufio.NewScanner(f); sc.Scan(); {
		c := strings.Split(sc.Text(), "\t")
		if len(c) < 9 || c[2] == "" || c[7] != "true" || strings.Contains(c[0], "ext") || !strings.HasPrefix(strings.TrimPrefix(c[0], "tel:"), "+") {
			continue
		}
		checked++
		p, err := contacts.ParsePhone(c[0])
		if len(c[2]) < 1+8 {
			if codeOf(t, err) != "phone_too_short" {
				t.Errorf("ParsePhone(%q) = %v, %v, want phone_too_short", c[0], p, err)
			}
			continue
		}
		if c[0] == "+67210660" && err == nil {
			continue // Norfolk Island: libphonenumber adds an area code, which is a plan's business
		}
		if err != nil || p.Number() != c[2] {
			t.Errorf("ParsePhone(%q) = %v, %v, want %v", c[0], p, err, c[2])
		}
	}
	if checked < 1000 {
		t.Errorf("only %d numbers checked", checked)
	}
	t.Log(checked, "valid international numbers")
}

func TestMakePhone(t *testing.T) {
	for _, s := range []string{"+85212345678", "+852 1234 5678"} {
		p := contacts.MustParsePhone(s)
		if q := contacts.MakePhone(p.Number(), p.Raw()); q != p {
			t.Errorf("MakePhone does not rebuild %q", s)
		}
	}
}

func FuzzParsePhone(f *testing.F) {
	for _, s := range []string{"+85212345678", "00852 1234 5678", "tel:+1-201;ext=7", "8.5E+10", "+44 (0)20", "+٨٥٢١٢٣٤٥٦٧٨", `="+1"`, "a / b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := contacts.ParsePhone(s)
		if err != nil {
			codeOf(t, err)
			noTextIn(t, err, s)
			return
		}
		if p.Raw() != s {
			t.Fatalf("typed %q, kept %q", s, p.Raw())
		}
		q, err := contacts.ParsePhone(p.Number())
		if err != nil || q.Number() != p.Number() {
			t.Fatalf("%q became %q, which becomes %q, %v", s, p, q, err)
		}
	})
}

func BenchmarkParsePhone(b *testing.B) {
	for name, s := range map[string]string{"normal": "+85212345678", "typed": "+852 1234-5678", "refused": "8.52912E+10"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				contacts.ParsePhone(s)
			}
		})
	}
}
