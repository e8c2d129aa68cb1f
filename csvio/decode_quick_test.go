package csvio

import (
	"bytes"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/extcontacts/extcontacts/contacts"
)

// TestQuickIsTheSame: the quick way of decoding makes of any file what the general way makes of it, with recycled contacts and
// without, and what it makes is in normal form.
func TestQuickIsTheSame(t *testing.T) {
	header := []string{"First name", "Last name", "Mobile", "Work", "Email", "Contact Label", "Country", "Unknown", "Birthdate", "WhatsApp", "Mobile 2"}
	cell := rapid.SampledFrom([]string{"", "", "", "Ann", " Ann ", "--", "-", "'=1+1", "'", " ", "\u00a0", "\u3000x", "é", "ärger ", "+85291234567", "+852 9123 4567",
		"ann@x.example", "Ann@X.example ", "VIP; b; VIP", "HK", "Hong Kong", "12/14/1980", "First name", `"quoted"`, `"a,b"`, `""`, `" x "`, `"a""b"`, "Total", "7", "bad\x01"})
	quick, general := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		var b strings.Builder
		b.WriteString(strings.Join(header, ",") + "\n")
		for range rapid.IntRange(1, 8).Draw(t, "rows") {
			b.WriteString(strings.Join(rapid.SliceOfN(cell, 1, 12).Draw(t, "row"), ",") + "\n")
		}
		recycle := rapid.Bool().Draw(t, "recycle")
		m, err := MapHeader(header, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		a, c := NewDecoder(m, nil, DecodeOptions{}), NewDecoder(m, nil, DecodeOptions{})
		if !a.quick.on {
			t.Fatal("the quick way is off")
		}
		c.quick.on = false
		probe := NewDecoder(m, nil, DecodeOptions{})
		sc := NewScanner(bytes.NewReader([]byte(b.String())), ScannerOptions{})
		sc.Scan()
		var kept []*contacts.Contact
		var want []*contacts.Contact
		for sc.Scan() {
			x, y := a.Decode(sc.Record()), c.Decode(sc.Record())
			if sc.Record().Fault() == nil && probe.quickRow(sc.Record()) {
				quick++
			} else {
				general++
			}
			if len(x.Faults) != len(y.Faults) || x.Blank != y.Blank || (x.Contact == nil) != (y.Contact == nil) {
				t.Fatalf("%q\n%+v\n%+v", sc.Record().Raw(), x, y)
			}
			for i, f := range x.Faults {
				g := y.Faults[i]
				if f.Code != g.Code || f.Cell != g.Cell || f.Value != g.Value || f.Offset != g.Offset || f.Field != g.Field {
					t.Fatalf("%q: %+v, %+v", sc.Record().Raw(), f, g)
				}
			}
			if x.Contact == nil {
				continue
			}
			for _, f := range m.fields {
				if x.Present.Has(f.Name) != y.Present.Has(f.Name) || x.Clear.Has(f.Name) != y.Clear.Has(f.Name) {
					t.Fatalf("%q: %s", sc.Record().Raw(), f.Name)
				}
			}
			data := contacts.AppendEncoded(nil, x.Contact)
			if !bytes.Equal(data, contacts.AppendEncoded(nil, y.Contact)) || !bytes.Equal(data, contacts.AppendEncoded(nil, x.Contact.Clone().Normalize())) {
				t.Fatalf("%q\n%+v\n%+v", sc.Record().Raw(), x.Contact, y.Contact)
			}
			if recycle {
				a.Recycle(x.Contact)
				continue
			}
			kept, want = append(kept, x.Contact), append(want, y.Contact)
		}
		for i := range kept { // the rows that follow have not touched it
			if !kept[i].Equal(want[i]) {
				t.Fatalf("row %d became %+v", i+1, kept[i])
			}
		}
	})
	if quick == 0 || general == 0 {
		t.Errorf("%d rows went the quick way, %d the general one", quick, general)
	}
}
