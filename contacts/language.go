package contacts

import (
	"iter"
	"strings"

	"github.com/extcontacts/extcontacts/internal/tables"
)

// Language is a language of ISO 639-1, kept as its two-letter code; comparable with ==.
// The zero Language is the absent one.
//
// The list has 184 codes: the 183 in force and bh (Bihari), which the edition of 2002 had and which was withdrawn in 2021.
type Language struct {
	code [2]byte // lower case
}

// languageRow is one generated entry.
type languageRow struct{ code, name string }

// ParseLanguage reads a code of ISO 639-1, two letters of any case. Names, three-letter codes, withdrawn codes and
// tags with a region are refused, with the code to write in the hint where it is known: to read "zh-HK" as "zh" would lose what was meant.
//
// The error is a *ValueError with one of these codes:
//
//	language_empty      nothing but space
//	language_not_639_1  a language, but not in the form of ISO 639-1: "en-US", "English", "eng", "iw"
//	language_unknown    anything else
func ParseLanguage(s string) (Language, error) {
	if len(s) == 2 {
		if i, ok := letterPair(s); ok && languageIndex[i] != 0 {
			return Language{[2]byte{s[0] | 0x20, s[1] | 0x20}}, nil
		}
	}
	if trimmed := strings.TrimSpace(s); len(trimmed) != len(s) {
		return ParseLanguage(trimmed)
	}
	return Language{}, refuseLanguage(s)
}

// MustParseLanguage is ParseLanguage for constants and tests; it panics when s is refused.
func MustParseLanguage(s string) Language { return must(ParseLanguage(s)) }

func refuseLanguage(s string) error {
	if s == "" {
		return invalid("language_empty", "there is no language in the text")
	}
	var buf foldBuffer
	if row := findName(languageKeys[:], languageSlots[:], tables.Fold(buf[:0], s)); row >= 0 {
		return invalid("language_not_639_1", "write the code of ISO 639-1: "+languageRows[row].code)
	}
	if strings.EqualFold(s, "sh") {
		return invalid("language_not_639_1", "Serbo-Croatian is withdrawn; write sr, hr or bs")
	}
	if len(s) > 3 && (s[2] == '-' || s[2] == '_') {
		if l, err := ParseLanguage(s[:2]); err == nil {
			return invalid("language_not_639_1", "write the code of ISO 639-1, without region or script: "+l.Code())
		}
	}
	return invalid("language_unknown", "write a code of ISO 639-1, two letters such as en or zh")
}

// row returns the entry of l; an empty one for the zero Language.
func (l Language) row() languageRow {
	if l.IsZero() {
		return languageRow{}
	}
	return languageRows[languageIndex[int(l.code[0]-'a')*26+int(l.code[1]-'a')]-1]
}

// Languages returns all 184 languages, in the order of their codes.
func Languages() iter.Seq[Language] {
	return func(yield func(Language) bool) {
		for _, row := range languageRows {
			if !yield(Language{[2]byte{row.code[0], row.code[1]}}) {
				return
			}
		}
	}
}

// Code returns the two-letter code, "en", or "" for the zero Language.
func (l Language) Code() string { return l.row().code }

// Name returns the English name, the first where ISO 639 has several: "Spanish", not "Castilian"; "" for the zero Language.
func (l Language) Name() string { return l.row().name }

// IsZero reports whether l is the absent language.
func (l Language) IsZero() bool { return l == Language{} }

// String returns Code.
func (l Language) String() string { return l.Code() }

// MarshalText returns Code.
func (l Language) MarshalText() ([]byte, error) { return []byte(l.Code()), nil }

// UnmarshalText reads what ParseLanguage reads; an empty text gives the zero Language.
func (l *Language) UnmarshalText(text []byte) error { return unmarshalText(l, text, ParseLanguage) }
