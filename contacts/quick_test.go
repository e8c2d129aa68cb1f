package contacts

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestSpacedPhone: the quick way reads what the scan reads.
func TestSpacedPhone(t *testing.T) {
	read := 0
	rapid.Check(t, func(t *rapid.T) {
		s := "+" + rapid.StringOfN(rapid.SampledFrom([]rune("0123456789  -.")), 1, 26, -1).Draw(t, "s")
		quick, ok := spacedPhone(s)
		if !ok {
			return
		}
		read++
		var sc phoneScan
		if err := sc.scan(unwrapPhone(s)); err != nil {
			t.Fatalf("%q: %v", s, err)
		}
		if err := sc.check(); err != nil {
			t.Fatalf("%q: %v", s, err)
		}
		if want := makePhone(sc.buf[:sc.n], s); quick != want || quick != MakePhone(want.Number(), s) || quick.Raw() != s {
			t.Fatalf("%q is %q %q, not %q %q", s, quick.Number(), quick.Raw(), want.Number(), want.Raw())
		}
	})
	if read == 0 {
		t.Error("no number was read")
	}
}

// TestIsPrintable: eight bytes at a time is the same as one at a time.
func TestIsPrintable(t *testing.T) {
	for n := range 30 {
		text := strings.Repeat("~", n)
		if !isPrintable(text) {
			t.Errorf("%d printable bytes are refused", n)
		}
		for i := range n {
			for _, c := range []byte{0, '\n', 0x1f, 0x7f, 0x80, 0xff} {
				if bad := text[:i] + string([]byte{c}) + text[i+1:]; isPrintable(bad) {
					t.Errorf("%q is accepted", bad)
				}
			}
			if good := text[:i] + " " + text[i+1:]; !isPrintable(good) {
				t.Errorf("%q is refused", good)
			}
		}
	}
}

// TestFirst: the first value is that of Get.
func TestFirst(t *testing.T) {
	c := (&Contact{FirstName: "Ann", LastName: "Lee", Level: Primary, Type: Lead, Birthdate: MustParseDate("1990-02-03"), Language: MustParseLanguage("en"),
		Address: Address{City: "x", Country: MustParseCountry("HK")}, Labels: []string{"a", "b"}, Custom: map[string]Value{"k": MakeValue(TextField, "v")},
		Phones: []ContactPhone{{Kind: WorkPhone, Phone: MustParsePhone("+852 9123-4567")}, {Kind: WorkPhone, Phone: MustParsePhone("+85291234568")},
			{Kind: HomePhone, Phone: MakePhone("+85291234569", "91234569")}, {Kind: OtherPhone, Phone: MustParsePhone("0085291234560")}},
		Emails:  []ContactEmail{{Kind: WorkEmail, Email: MustParseEmail("A@x.example")}},
		Socials: []Social{{Channel: LINE, Handle: "ann"}}, ExternalIDs: map[string]string{"crm": "7"}}).Normalize()
	s, err := NewSchema([]CustomField{{Key: "k", Name: "K", Kind: TextField}, {Key: "none", Name: "N", Kind: DateField}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	fields := []*Field{NewExternalIDField("crm"), NewExternalIDField("none")}
	for f := range s.Fields() {
		fields = append(fields, f)
	}
	for _, c := range []*Contact{c, {}} {
		for _, f := range fields {
			want := f.Get(nil, c, DateDMY)
			got, n := f.First(c, DateDMY)
			if n != len(want) || n > 0 && got != want[0] || n == 0 && got != "" {
				t.Errorf("%s: %q, %d of %q", f.Name, got, n, want)
			}
		}
	}
}

// TestIsSpacedForm: what is taken for a form of the number is read as it.
func TestIsSpacedForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := "+" + rapid.StringMatching(`[1-9][0-9]{7,14}`).Draw(t, "number")
		b := []byte{}
		for i := range len(number) {
			b = append(b, number[i])
			b = append(b, rapid.SampledFrom([]string{"", "", "", " ", "-", ".", "x", "+", "("}).Draw(t, "sep")...)
		}
		if s := string(b); isSpacedForm(s, number) {
			if p, err := ParsePhone(s); err != nil || p.Number() != number {
				t.Fatalf("%q is %v, %v, not %s", s, p, err, number)
			}
		}
	})
	if !isSpacedForm("+852 9123-45.67", "+85291234567") || isSpacedForm("+852 9123 456", "+85291234567") || isSpacedForm("+852 9123 45678", "+85291234567") || isSpacedForm("", "") {
		t.Error("forms")
	}
}
