package tables

import (
	"strings"
	"testing"
)

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"Korea, Republic of": "korea republic of", "Korea (the Republic of)": "korea republic of", "KOREA - REPUBLIC  OF": "korea republic of",
		"Trinidad & Tobago": "trinidad and tobago", "Trinidad&Tobago": "trinidad and tobago", "The Gambia": "gambia", "Bahamas, The": "bahamas", "Thebes": "thebes",
		"U.S.A.": "usa", "Côte d’Ivoire": "cote divoire", "Co\u0302te d'Ivoire": "cote divoire", "TÜRKİYE": "turkiye", "Færøerne": "faeroerne", "Straße": "strasse",
		"Ｈｏｎｇ　Ｋｏｎｇ": "hong kong", "香港": "香港", "ไทย": "ไทย", "भारत": "भारत", "Việt Nam": "viet nam", "": "", "the": "", "(.)": "", " & ": "and",
		strings.Repeat("a", MaxName): strings.Repeat("a", MaxName), strings.Repeat("a", MaxName+1): "",
	} {
		if got := string(Fold(nil, in)); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
		if got := string(Fold([]byte("x"), in)); got != "x"+want {
			t.Errorf("Fold behind a byte: %q", got)
		}
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"Korea (the Republic of)", "the & the", "Côte d’Ivoire", "\xff\u0307", "A'\u0300"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := Fold(nil, s)
		if twice := Fold(nil, string(once)); len(once) <= MaxName && string(twice) != string(once) {
			t.Fatalf("%q folds to %q, which folds to %q", s, once, twice)
		}
	})
}
