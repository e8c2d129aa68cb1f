package contacts_test

import (
	"encoding/xml"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/extcontacts/extcontacts/contacts"
)

func ExampleParseEmail() {
	e, err := contacts.ParseEmail(" Ann.Lee@Bücher.Example ")
	fmt.Println(e.Address(), e.Key(), e.Domain(), err)

	_, err = contacts.ParseEmail("Ann Lee <ann@example.com>")
	fmt.Println(err)
	// Output:
	// Ann.Lee@Bücher.Example ann.lee@xn--bcher-kva.example xn--bcher-kva.example <nil>
	// contacts: email_display_name: keep the address alone, without name, brackets or comment
}

func TestParseEmail(t *testing.T) {
	label63, label64 := strings.Repeat("a", 63), strings.Repeat("a", 64)
	domain := strings.Join([]string{label63, label63, strings.Repeat("b", 60)}, ".") // 188
	tests := []struct{ in, key, code string }{
		{"ann@example.com", "ann@example.com", ""},
		{"Ann@Example.COM", "ann@example.com", ""},
		{" ann@example.com\u00a0", "ann@example.com", ""},
		{"a.b+c@x.y.com", "a.b+c@x.y.com", ""},
		{"!#$%&'*+/=?^_`{|}~-@x.com", "!#$%&'*+/=?^_`{|}~-@x.com", ""},
		{"1@1a.co", "1@1a.co", ""},
		{"a@c--n.com", "a@c--n.com", ""},
		{"a@1.2.3.4.com", "a@1.2.3.4.com", ""},
		// quoted local parts
		{`"john doe"@x.com`, `"john doe"@x.com`, ""},
		{`"John"@x.com`, "john@x.com", ""},
		{`"a@b"@x.com`, `"a@b"@x.com`, ""},
		{`"a\"b"@x.com`, `"a\"b"@x.com`, ""},
		{`"a\b c"@x.com`, `"ab c"@x.com`, ""},
		{`"<x>"@x.com`, `"<x>"@x.com`, ""},
		{`""@x.com`, "", "email_bad_local"},
		{`"a"b@x.com`, "", "email_bad_local"},
		{`"a@x.com`, "", "email_bad_local"},
		{`"a\"@x.com`, "", "email_bad_local"},
		{"\"a\tb\"@x.com", "", "email_bad_local"},
		// beyond ASCII
		{"JOSÉ@x.com", "josé@x.com", ""},
		{"jose\u0301@x.com", "josé@x.com", ""},
		{"用户@例子.广告", "用户@xn--fsqu00a.xn--4rr70v", ""},
		{"a@münchen.de", "a@xn--mnchen-3ya.de", ""},
		{"a@XN--MNCHEN-3YA.de", "a@xn--mnchen-3ya.de", ""},
		{"a@ＥＸＡＭＰＬＥ.com", "a@example.com", ""},
		{"a@例え。jp", "a@xn--r8jz45g.jp", ""},
		{"a\u200bb@x.com", "", "email_bad_local"},
		{"a\u00a0b@x.com", "", "email_bad_local"},
		{"a\xff@x.com", "", "email_bad_local"},
		{"a\ufffd@x.com", "", "email_bad_local"},
		{"a@x\u200b.com", "", "email_bad_domain"},
		{"a@xn--a.com", "", "email_bad_domain"},
		{"a@é..com", "", "email_bad_domain"},
		{"a@" + strings.Repeat("é", 60) + ".com", "", "email_bad_domain"},
		// something else than an address
		{"", "", "email_empty"},
		{"n/a", "", "email_no_at"},
		{"Ann <ann@x.com>", "", "email_display_name"},
		{"<ann@x.com>", "", "email_display_name"},
		{"ann@x.com (work)", "", "email_display_name"},
		{"mailto:ann@x.com", "", "email_display_name"},
		{"a@x.com; b@y.com", "", "email_two_addresses"},
		{"a@x.com,b@y.com", "", "email_two_addresses"},
		{"a@x.com b@y.com", "", "email_two_addresses"},
		{"a@x.com / b@y.com", "", "email_two_addresses"},
		// local part
		{"@x.com", "", "email_bad_local"},
		{".a@x.com", "", "email_bad_local"},
		{"a.@x.com", "", "email_bad_local"},
		{"bla.bla.@example.com", "", "email_bad_local"},
		{"a..b@x.com", "", "email_bad_local"},
		{"a b@x.com", "", "email_bad_local"},
		{"a,b@x.com", "", "email_bad_local"},
		{"a@b@x.com", "", "email_bad_local"},
		{"a\x00@x.com", "", "email_bad_local"},
		// domain
		{"a@", "", "email_bad_domain"},
		{"a@x", "", "email_bad_domain"},
		{"a@x.", "", "email_bad_domain"},
		{"a@x.com.", "", "email_bad_domain"},
		{"a@.com", "", "email_bad_domain"},
		{"a@x..com", "", "email_bad_domain"},
		{"a@-x.com", "", "email_bad_domain"},
		{"a@x-.com", "", "email_bad_domain"},
		{"a@x_y.com", "", "email_bad_domain"},
		{"a@ x.com", "", "email_bad_domain"},
		{"a@x.com\ny", "", "email_bad_domain"},
		{"a@123.456", "", "email_bad_domain"},
		{"a@[192.0.2.1]", "", "email_literal"},
		{"a@192.0.2.1", "", "email_literal"},
		{"a@[IPv6:2001:db8::1]", "", "email_literal"},
		// lengths
		{strings.Repeat("a", 64) + "@x.com", strings.Repeat("a", 64) + "@x.com", ""},
		{strings.Repeat("a", 65) + "@x.com", "", "email_too_long"},
		{"a@" + label63 + ".com", "a@" + label63 + ".com", ""},
		{"a@" + label64 + ".com", "", "email_bad_domain"},
		{strings.Repeat("a", 64) + "@" + domain + "b", strings.Repeat("a", 64) + "@" + domain + "b", ""},
		{strings.Repeat("a", 64) + "@" + domain + "bb", "", "email_too_long"},
		{strings.Repeat("é", 33) + "@x.com", "", "email_too_long"},
	}
	for _, tt := range tests {
		e, err := contacts.ParseEmail(tt.in)
		if code := codeOf(t, err); e.Key() != tt.key || code != tt.code {
			t.Errorf("ParseEmail(%q) = %q, %q, want %q, %q", tt.in, e.Key(), code, tt.key, tt.code)
		}
		if err == nil && e.Address() != strings.TrimSpace(tt.in) {
			t.Errorf("ParseEmail(%q).Address() = %q", tt.in, e.Address())
		}
		if err == nil && contacts.MakeEmail(e.Address(), e.Key()) != e {
			t.Errorf("MakeEmail does not rebuild %q", tt.in)
		}
	}
}

func TestEmailParts(t *testing.T) {
	e := contacts.MustParseEmail(`"Ann@Home"@Bücher.DE`)
	if e.Local() != `"Ann@Home"` || e.Domain() != "xn--bcher-kva.de" {
		t.Errorf("Local() = %q, Domain() = %q", e.Local(), e.Domain())
	}
}

// TestEmailReference compares with the public test set of isemail.info. Its categories say how far an address is from
// plain mail; ours are two. Where the two part, the difference is of one of the kinds named here.
func TestEmailReference(t *testing.T) {
	var set struct {
		Tests []struct {
			ID        string `xml:"id,attr"`
			Address   string `xml:"address"`
			Category  string `xml:"category"`
			Diagnosis string `xml:"diagnosis"`
		} `xml:"test"`
	}
	if err := xml.NewDecoder(referenceData(t, "isemail/tests.xml")).Decode(&set); err != nil {
		t.Fatal(err)
	}
	controls := func(r rune) rune { // the set writes controls as the pictures U+2400…
		if 0x2400 <= r && r < 0x2420 {
			return r - 0x2400
		}
		return r
	}
	counts := map[string]int{}
	for _, test := range set.Tests {
		s := strings.Map(controls, test.Address)
		want := false
		switch test.Category {
		case "ISEMAIL_VALID_CATEGORY", "ISEMAIL_DNSWARN", "ISEMAIL_RFC5321":
			// Plain, without an answer in the DNS, or with an element that only RFC 5321 has.
			want = true
		}
		reason := ""
		e, err := contacts.ParseEmail(s)
		switch code := codeOf(t, err); {
		case (err == nil) == want:
			counts["same"]++
			continue
		case want && code == "email_literal":
			reason = "we take no address literal"
		case want && !strings.Contains(s[strings.LastIndexByte(s, '@')+1:], "."):
			reason = "we want two labels"
		case want && test.Diagnosis == "ISEMAIL_RFC5321_TLDNUMERIC":
			reason = "we refuse a numeric top label"
		case want && code == "email_bad_local" && strings.Contains(s, `""@`):
			reason = "we refuse the empty quoted string"
		case !want && strings.TrimSpace(s) == e.Address() && s != e.Address():
			reason = "we drop the space around a cell"
		case !want && strings.HasPrefix(s, `"`) && strings.HasPrefix(test.Diagnosis, "ISEMAIL_DEPREC"):
			reason = "quoted pairs of controls"
		default:
			t.Errorf("test %s: %q is %s %s, and we say %v", test.ID, s, test.Category, test.Diagnosis, err)
		}
		counts[reason]++
	}
	t.Log(counts)
}

// TestEmailKey: letter case, composition and needless quotes make no difference, and the key is its own key.
func TestEmailKey(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		local := rapid.StringMatching(`[a-zA-Z0-9éÜßçñ]{1,8}(\.[a-z+_-]{1,8})?`).Draw(t, "local")
		domain := rapid.StringMatching(`[a-z0-9äö]{1,9}\.(com|org|de)`).Draw(t, "domain")
		want, err := contacts.ParseEmail(local + "@" + domain)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range []string{strings.ToLower(local) + "@" + strings.ToUpper(domain), `"` + local + `"@` + domain, want.Key()} {
			e, err := contacts.ParseEmail(s)
			if err != nil || e.Key() != want.Key() {
				t.Fatalf("%q has key %q, %v; %q has %q", s, e.Key(), err, want, want.Key())
			}
		}
	})
}

func FuzzParseEmail(f *testing.F) {
	for _, s := range []string{"ann@example.com", `"a b"@x.com`, "jose\u0301@münchen.de", "a@xn--mnchen-3ya.de", "Ann <a@x.com>", "İ@x.com", "a@ß.de", "ǅ@x.com"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		e, err := contacts.ParseEmail(s)
		if err != nil {
			codeOf(t, err)
			noTextIn(t, err, s)
			return
		}
		if e.Address() != strings.TrimSpace(s) {
			t.Fatalf("typed %q, kept %q", s, e.Address())
		}
		again, err := contacts.ParseEmail(e.String())
		if err != nil || again != e {
			t.Fatalf("%q read again is %v, %v", s, again, err)
		}
		key, err := contacts.ParseEmail(e.Key())
		if err != nil || key.Key() != e.Key() {
			t.Fatalf("%q has key %q, which has key %q, %v", s, e.Key(), key.Key(), err)
		}
		if d := e.Domain(); d == "" || strings.ToLower(d) != d {
			t.Fatalf("%q has domain %q", s, d)
		}
	})
}

func BenchmarkParseEmail(b *testing.B) {
	for name, s := range map[string]string{"lower": "ann.lee@example.com", "upper": "Ann.Lee@Example.com", "idn": "ann@bücher.example", "refused": "ann.example.com"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				contacts.ParseEmail(s)
			}
		})
	}
}
