package storetest

import (
	"fmt"
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
)

// number makes ids that ascend with n.
func number(prefix string, n int) contacts.ID { return contacts.ID(fmt.Sprintf("%s%06d", prefix, n)) }

// hostile are texts that some engine takes for one another, cuts, folds or
// stumbles over. All are valid; no two are the same.
var hostile = []string{
	"a", "A", "a ", " a", "a  ", "á", "a\u0301", "å", "aa", "ａ", "ª", // case, padding, composition, width
	"straße", "strasse", "STRASSE", "ß", "ss", "ı", "i", "I", "İ", // folding
	"%", "_", "a%", "a_", "100%", "100\\%", "\\", "\\\\", "'", "''", "\"", "`", "a'b", "a\\'b", // SQL
	"; DROP TABLE contacts; --", "$1", "?", ":1", "@p1", "{}", "[]", "null", "NULL", "0", "00", "-1", "1e3",
	"a\tb", "a\nb", "a\r\nb", "a/b", "a|b", "a,b", "a;b", ".", "..", // separators
	"\uffff", "\ufffd", "\ufeff", "\u200d", "\u202e", "\u00a0", "\u3000", "\u0001", "\u007f",
	"\U0001F600", "\U0001F468\u200d\U0001F469\u200d\U0001F467", "\U0010FFFF", "𝒳", "漢字", "کی", "ಕನ್ನಡ",
}

// malformed are texts that no store takes: empty, with NUL, not UTF-8, and
// longer than limit bytes.
func malformed(limit int) []string {
	return append(unstorable(), "", strings.Repeat("x", limit+1), strings.Repeat("é", limit/2+1))
}

// unstorable are texts that no store takes, however short.
func unstorable() []string {
	return []string{"\x00", "a\x00", "\x00a", "\xff", "a\xc3", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xc0\x80"}
}
