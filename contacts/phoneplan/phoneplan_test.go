package phoneplan_test

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/contacts/phoneplan"
)

func ExampleNew() {
	plan := phoneplan.New()
	p, err := plan.Parse("2345 6789", "HK")
	fmt.Println(p.Number(), "typed as", p.Raw(), err)

	p = contacts.MustParsePhone("+1 555 123 4567")
	fmt.Println(p, plan.Check(p))
	// Output:
	// +85223456789 typed as 2345 6789 <nil>
	// +15551234567 phone_not_valid
}

func code(err error) string {
	var v *contacts.ValueError
	if errors.As(err, &v) && errors.Is(err, contacts.ErrInvalid) {
		return v.Code
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

func TestParse(t *testing.T) {
	plan := phoneplan.New()
	tests := []struct{ in, region, number, code string }{
		{"2345 6789", "HK", "+85223456789", ""},
		{"2345 6789", "hk", "+85223456789", ""},
		{"020 7946 0018", "GB", "+442079460018", ""},
		{"(020) 7946-0018", "GB", "+442079460018", ""},
		{"06 1234 5678", "IT", "+390612345678", ""},
		{"011 852 2345 6789", "US", "+85223456789", ""},
		{"(201) 555-0123", "US", "+12015550123", ""},
		{"85223456789", "HK", "+85223456789", ""}, // the "+" was lost
		{"２３４５６７８９", "HK", "+85223456789", ""},
		// the region is for national numbers only
		{"+442079460018", "HK", "+442079460018", ""},
		{"0044 20 7946 0018", "US", "+442079460018", ""},
		{"2345 6789", "", "", "phone_no_country_code"},
		{"2345 6789", "XX", "", "phone_unknown_region"},
		{"2345 6789", "852", "", "phone_unknown_region"},
		{"555-0123", "US", "", "phone_not_possible"},
		{"1", "HK", "", "phone_not_possible"},
		{"7012", "NU", "", "phone_too_short"}, // +6837012: a real number, and shorter than the rule
		// what ParsePhone refuses stays refused
		{"8.52912E+10", "HK", "", "phone_damaged"},
		{"23456789.0", "HK", "", "phone_damaged"},
		{"2345 6789 / 2345 6780", "HK", "", "phone_two_numbers"},
		{"201 555 0123 x7", "US", "", "phone_extension"},
		{"1-800-FLOWERS", "US", "", "phone_bad_character"},
		{"", "HK", "", "phone_empty"},
		{strings.Repeat("1", 250), "US", "", "phone_too_long"},
	}
	for _, tt := range tests {
		p, err := plan.Parse(tt.in, tt.region)
		if p.Number() != tt.number || code(err) != tt.code {
			t.Errorf("Parse(%q, %q) = %q, %v, want %q, %q", tt.in, tt.region, p, err, tt.number, tt.code)
		}
		if err == nil && p.Raw() != tt.in {
			t.Errorf("Parse(%q).Raw() = %q", tt.in, p.Raw())
		}
	}
}

func TestCheck(t *testing.T) {
	plan := phoneplan.New()
	for number, want := range map[string]string{
		"": "", "+85223456789": "", "+442079460018": "", "+390612345678": "",
		"+8522345678901": "phone_not_possible", "+99912345678": "phone_not_possible", "+12345678901234567890": "phone_not_possible",
		"+15551234567": "phone_not_valid", "+4402079460018": "phone_not_valid",
		"nonsense": "phone_not_possible",
	} {
		if got := plan.Check(contacts.MakePhone(number, "")); got != want {
			t.Errorf("Check(%q) = %q, want %q", number, got, want)
		}
	}
}

// TestOracle holds the plan against a table of numbers of all regions that libphonenumber gave.
func TestOracle(t *testing.T) {
	dir := os.Getenv("EXTCONTACTS_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	f, err := os.Open(filepath.Join(dir, "phones", "oracle.tsv"))
	if err != nil {
		t.Skip("reference data is not here; set EXTCONTACTS_DATA")
	}
	defer f.Close()
	// Numbers on which two releases of the metadata part, and Norfolk Island, where a number is valid once an area
	// code has been put into it.
	newer := map[string]bool{"+816012345679": true, "+252711234569": true, "+67210660": true}
	plan := phoneplan.New()
	counts := map[string]int{}
	for sc := bufio.NewScanner(f); sc.Scan(); {
		c := strings.Split(sc.Text(), "\t")
		if len(c) < 9 || c[0] == "raw" {
			continue
		}
		p, err := plan.Parse(c[0], c[1])
		if err != nil {
			counts[code(err)]++
			if c[7] != "true" {
				continue // we may refuse what is not valid, and name another reason
			}
			switch code(err) {
			case "phone_too_short":
				if len(c[2]) < 1+8 {
					continue
				}
			case "phone_extension":
				if strings.Contains(c[0], "ext") || strings.Contains(c[3], "ext") {
					continue
				}
			}
			t.Errorf("Parse(%q, %q) = %v, want %s", c[0], c[1], err, c[2])
			continue
		}
		counts["ok"]++
		valid := plan.Check(p) == ""
		if c[7] == "true" && !newer[c[0]] && (p.Number() != c[2] || !valid) {
			counts["differs"]++
			t.Errorf("Parse(%q, %q) = %v, valid %t, want %s", c[0], c[1], p, valid, c[2])
		}
		// "00" is "+" for us everywhere; libphonenumber asks how the region dials abroad.
		if c[7] == "false" && valid && !strings.HasPrefix(c[0], "00") {
			t.Errorf("%q in %q, %v, is valid here and not there", c[0], c[1], p)
		}
	}
	t.Log(counts)
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"2345 6789", "tel:2345;phone-context=", "(0) 20 7946", "011 852 2345 6789", "1-800-FLOWERS"} {
		f.Add(s, "HK")
	}
	plan := phoneplan.New()
	f.Fuzz(func(t *testing.T, s, region string) {
		p, err := plan.Parse(s, region)
		if err != nil {
			if !errors.Is(err, contacts.ErrInvalid) {
				t.Fatal(err)
			}
			return
		}
		if p.Raw() != s {
			t.Fatalf("typed %q, kept %q", s, p.Raw())
		}
		if again, err := contacts.ParsePhone(p.Number()); err != nil || again.Number() != p.Number() {
			t.Fatalf("%q became %v, which becomes %v, %v", s, p, again, err)
		}
		plan.Check(p)
	})
}

func BenchmarkParse(b *testing.B) {
	plan := phoneplan.New()
	b.ReportAllocs()
	for b.Loop() {
		plan.Parse("2345 6789", "HK")
	}
}
