package gen

import (
	"strings"
	"unicode/utf8"
)

// accented lists the letters of this package's words that are folded, each
// group after what it becomes.
var accented = [...]struct{ plain, letters string }{
	{"a", "àáâãäåāăąạảấầẩẫậắằẳẵặ"}, {"e", "èéêëēęěẹẻẽếềểễệ"}, {"i", "ìíîïīįıịỉĩ"}, {"o", "òóôõöøőọỏốồổỗộơớờởỡợ"},
	{"u", "ùúûüūůűụủũưứừửữự"}, {"y", "ýÿỳỵỷỹ"}, {"c", "çćč"}, {"d", "đďð"}, {"g", "ğ"}, {"l", "ł"}, {"n", "ñńň"}, {"r", "řŕ"},
	{"s", "śšşș"}, {"t", "ťţț"}, {"z", "źżž"}, {"ss", "ß"}, {"ae", "æ"}, {"oe", "œ"}, {"o", "ό"},
}

// foldRune returns a letter without its marks, in lower case; "" when it has
// no such form.
func foldRune(r rune) string {
	if r < utf8.RuneSelf {
		return strings.ToLower(string(r))
	}
	if r == 'İ' {
		return "i"
	}
	l := strings.ToLower(string(r))
	for i := range accented {
		if strings.Contains(accented[i].letters, l) {
			return accented[i].plain
		}
	}
	return ""
}

// slug returns the letters and digits of a word, folded: what stands in an
// address.
func slug(word string) string {
	var b strings.Builder
	for _, r := range word {
		for _, c := range []byte(foldRune(r)) {
			if 'a' <= c && c <= 'z' || '0' <= c && c <= '9' {
				b.WriteByte(c)
			}
		}
	}
	return b.String()
}

// unaccented returns a name without marks, its capitals kept; letters without
// a folded form stay.
func unaccented(name string) string {
	var b strings.Builder
	for _, r := range name {
		f := foldRune(r)
		switch {
		case r < utf8.RuneSelf || f == "":
			b.WriteRune(r)
		case strings.ToLower(string(r)) != string(r):
			b.WriteString(strings.ToUpper(f[:1]) + f[1:])
		default:
			b.WriteString(f)
		}
	}
	return b.String()
}

// mistype returns a word with one slip of the finger: a letter doubled, left
// out, replaced by its neighbour or swapped with the next. The first letter
// stays, and words shorter than three letters come back as they are.
func mistype(s *random, word string) string {
	r := []rune(word)
	if len(r) < 3 {
		return word
	}
	i := 1 + s.below(len(r)-1)
	switch s.below(4) {
	case 0:
		r = append(r[:i], r[i-1:]...)
		r[i] = r[i-1]
	case 1:
		r = append(r[:i], r[i+1:]...)
	case 2:
		if r[i] < utf8.RuneSelf {
			r[i] = rune(neighbour(byte(r[i])))
		} else {
			r = append(r[:i], r[i+1:]...)
		}
	default:
		if i+1 < len(r) {
			r[i], r[i+1] = r[i+1], r[i]
		} else if i > 1 {
			r[i-1], r[i] = r[i], r[i-1]
		}
	}
	return string(r)
}

// neighbour returns the key to the right of a letter.
func neighbour(c byte) byte {
	const keys = "qwertyuiopasdfghjklzxcvbnm"
	if i := strings.IndexByte(keys, c); i >= 0 && i+1 < len(keys) {
		return keys[i+1]
	}
	return 'e'
}

// nickname returns the short form of a given name, or the name itself.
func nickname(given string) string {
	for i := range nicknames {
		if nicknames[i][0] == given {
			return nicknames[i][1]
		}
	}
	return given
}
