package contacts_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/language"

	"github.com/extcontacts/extcontacts/contacts"
)

func ExampleParseLanguage() {
	l, err := contacts.ParseLanguage("zh")
	fmt.Println(l, l.Name(), err)
	_, err = contacts.ParseLanguage("English")
	fmt.Println(err)
	// Output:
	// zh Chinese <nil>
	// contacts: language_not_639_1: write the code of ISO 639-1: en
}

// sourceRows reads a source of the generated tables.
func sourceRows(t *testing.T, name string) [][]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "internal", "tables", name))
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]string
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, "#") {
			rows = append(rows, strings.Split(strings.TrimSuffix(line, "\n"), "\t"))
		}
	}
	return rows
}

func TestLanguages(t *testing.T) {
	rows := sourceRows(t, "languages.tsv")
	if len(rows) != 184 {
		t.Fatalf("%d rows, want 183 and bh", len(rows))
	}
	i := 0
	for l := range contacts.Languages() {
		row := rows[i]
		i++
		name, _, _ := strings.Cut(row[1], "; ")
		if l.Code() != row[0] || l.Name() != name {
			t.Errorf("%v is %q, want %v", l, l.Name(), row)
		}
		if base, err := language.ParseBase(row[0]); err != nil || base.String() != row[0] && row[0] != "tl" {
			t.Errorf("%s is %v in BCP 47, %v", row[0], base, err)
		}
		for _, s := range []string{row[0], strings.ToUpper(row[0]), " " + row[0] + "\n"} {
			if got, err := contacts.ParseLanguage(s); err != nil || got != l {
				t.Errorf("ParseLanguage(%q) = %v, %v", s, got, err)
			}
		}
		for full := range strings.SplitSeq(row[1], "; ") {
			if got := hintOf(t, full); !strings.HasSuffix(got, ": "+row[0]) && len(full) > 2 {
				t.Errorf("hint for %q is %q, want %s", full, got, row[0])
			}
		}
	}
	if i != len(rows) {
		t.Errorf("%d languages, want %d", i, len(rows))
	}
	known := 0
	for a := 'a'; a <= 'z'; a++ {
		for b := 'a'; b <= 'z'; b++ {
			if _, err := contacts.ParseLanguage(string([]rune{a, b})); err == nil {
				known++
			}
		}
	}
	if known != len(rows) {
		t.Errorf("%d pairs of letters are languages, want %d", known, len(rows))
	}
	for range contacts.Languages() {
		break // must not panic
	}
}

// hintOf returns the hint with which a text is refused as not ISO 639-1.
func hintOf(t *testing.T, s string) string {
	t.Helper()
	_, err := contacts.ParseLanguage(s)
	if codeOf(t, err) != "language_not_639_1" {
		return ""
	}
	var v *contacts.ValueError
	errors.As(err, &v)
	return v.Hint
}

func TestParseLanguageRefuses(t *testing.T) {
	for in, want := range map[string]string{
		"en-US": ": en", "zh_HK": ": zh", "EN-gb": ": en", "ENGLISH": ": en", "english ": ": en", "Deutsch": ": de", "français": ": fr", "Francais": ": fr",
		"中文": ": zh", "日本語": ": ja", "eng": ": en", "zho": ": zh", "chi": ": zh", "ger": ": de", "deu": ": de", "iw": ": he", "in": ": id", "mo": ": ro", "sh": "sr, hr or bs",
	} {
		if got := hintOf(t, in); got == "" || !strings.HasSuffix(got, want) {
			t.Errorf("hint for %q is %q, want …%q", in, got, want)
		}
	}
	for in, want := range map[string]string{
		"": "language_empty", "  ": "language_empty", "xx": "language_unknown", "Klingon": "language_unknown", "xx-US": "language_unknown",
		"e": "language_unknown", "e\x00": "language_unknown", "ＥＮ": "language_unknown", "en,fr": "language_unknown", "\xff\xff": "language_unknown",
	} {
		l, err := contacts.ParseLanguage(in)
		if got := codeOf(t, err); got != want || !l.IsZero() {
			t.Errorf("ParseLanguage(%q) = %v, %q, want %q", in, l, got, want)
		}
	}
}

func FuzzParseLanguage(f *testing.F) {
	for _, s := range []string{"en", "ZH", "en-US", "English", "日本語", "iw"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		l, err := contacts.ParseLanguage(s)
		if err != nil {
			codeOf(t, err)
			noTextIn(t, err, s)
			return
		}
		if again, err := contacts.ParseLanguage(l.String()); err != nil || again != l || len(strings.TrimSpace(s)) != 2 {
			t.Fatalf("%q is %v, which is %v, %v", s, l, again, err)
		}
	})
}

func BenchmarkParseLanguage(b *testing.B) {
	for name, s := range map[string]string{"code": "en", "refused": "English"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				contacts.ParseLanguage(s)
			}
		})
	}
}
