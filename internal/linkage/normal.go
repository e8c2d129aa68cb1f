package linkage

import (
	"slices"
	"strings"

	"github.com/extcontacts/extcontacts/internal/fold"
)

// Kind is what a value of a record is said to be.
type Kind uint8

// The kinds.
const (
	KindGiven Kind = iota
	KindFamily
	KindName
	KindEmail
	KindPhone
	KindDate
	KindStreet
	KindCity
	KindRegion
	KindPostcode
	KindCountry
	KindCompany
	KindTitle
	KindIdentifier
	KindText
	// KindProof is a source and what it gave out, with a NUL between: two of
	// one source that differ speak against one entity. With nothing after the
	// NUL it is a verified identifier.
	KindProof
	Kinds // how many there are
)

// Texts are the values of a record, by kind; of a kind in the order of their
// columns.
type Texts [Kinds][]string

// person is a name in its parts.
type person struct {
	given, middle, family []string
	suffix                string
}

var (
	honorifics = []string{"dame", "dr", "frau", "herr", "hon", "lady", "lord", "miss", "mister", "mme", "mr", "mrs", "ms", "mx", "prof", "professor", "rev", "sir"}
	suffixes   = map[string]string{"jr": "2", "junior": "2", "sr": "1", "senior": "1", "ii": "2", "iii": "3", "iv": "4", "2nd": "2", "3rd": "3"}
	degrees    = []string{"ba", "bsc", "cpa", "dds", "esq", "ma", "mba", "md", "msc", "phd", "rn"}
	particles  = []string{"al", "bin", "da", "das", "de", "del", "della", "den", "der", "di", "do", "dos", "du", "el", "ibn", "la", "le", "mac", "mc", "san", "st", "van", "von", "zu"}
	// legalForms say how an office is set up, not which it is.
	legalForms = []string{"ab", "ag", "and", "as", "bv", "co", "company", "corp", "corporation", "for", "gmbh", "group", "holdings", "inc", "incorporated",
		"kg", "limited", "llc", "llp", "ltd", "nv", "of", "oy", "plc", "pte", "pty", "sa", "sarl", "se", "spa", "srl", "the"}
	streetWords = map[string]string{"street": "st", "str": "st", "strasse": "st", "avenue": "ave", "av": "ave", "road": "rd", "boulevard": "blvd", "blv": "blvd",
		"drive": "dr", "lane": "ln", "court": "ct", "place": "pl", "square": "sq", "terrace": "tce", "ter": "tce", "terr": "tce", "crescent": "cres", "cr": "cres",
		"circuit": "cct", "close": "cl", "highway": "hwy", "parkway": "pkwy", "parade": "pde", "grove": "gr", "north": "n", "south": "s", "east": "e",
		"west": "w", "northeast": "ne", "northwest": "nw", "southeast": "se", "southwest": "sw", "apartment": "apt", "suite": "ste", "floor": "fl",
		"building": "bldg", "mount": "mt", "saint": "st", "first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th", "fifth": "5th", "sixth": "6th",
		"seventh": "7th", "eighth": "8th", "ninth": "9th", "tenth": "10th"}
)

// nameWords are the folded words of a name. Where words are not set apart by
// spaces within a name, as in Chinese and Japanese, it is one word.
func nameWords(s string) []string {
	if ascii(s) || !strings.ContainsFunc(s, func(r rune) bool { return r >= 0x2e80 }) {
		return wordsOf(nil, s)
	}
	var out []string
	for _, w := range strings.Fields(s) {
		if parts := wordsOf(nil, w); len(parts) > 0 {
			out = append(out, strings.Join(parts, ""))
		}
	}
	return out
}

// wordsOf appends the folded words of a text.
func wordsOf(dst []string, s string) []string {
	var buf [128]byte
	for w := range strings.SplitSeq(string(fold.Words(buf[:0], s)), " ") {
		if w != "" {
			dst = append(dst, w)
		}
	}
	return dst
}

// addGiven reads first names.
func (p *person) addGiven(text string) {
	for _, w := range nameWords(text) {
		switch {
		case slices.Contains(honorifics, w) && len(w) > 1:
		case suffixes[w] != "" && len(p.given) > 0:
			p.suffix = suffixes[w]
		case len(p.given) == 0:
			p.given = append(p.given, w)
		default:
			p.middle = append(p.middle, w)
		}
	}
}

// addFamily reads last names.
func (p *person) addFamily(text string) {
	prefix := ""
	for _, w := range nameWords(text) {
		switch {
		case suffixes[w] != "" && len(p.family) > 0:
			p.suffix = suffixes[w]
		case slices.Contains(degrees, w) && len(p.family) > 0:
		case slices.Contains(particles, w):
			prefix += w
		default:
			p.family = append(p.family, prefix+w)
			prefix = ""
		}
	}
	if prefix != "" {
		p.family = append(p.family, prefix)
	}
}

// addName reads a whole name.
func (p *person) addName(text string) {
	if fam, rest, ok := strings.Cut(text, ","); ok && len(wordsOf(nil, rest)) > 0 && suffixes[strings.Trim(strings.ToLower(strings.TrimSpace(rest)), ".")] == "" {
		p.addFamily(fam)
		p.addGiven(rest)
		return
	}
	all := nameWords(text)
	all = slices.DeleteFunc(all, func(w string) bool { return slices.Contains(honorifics, w) || slices.Contains(degrees, w) })
	if n := len(all); n > 1 && suffixes[all[n-1]] != "" {
		p.suffix = suffixes[all[n-1]]
		all = all[:n-1]
	}
	switch n := len(all); n {
	case 0:
	case 1:
		if len(p.given) == 0 && len(p.family) == 0 {
			p.given = all
		}
	default:
		last := n - 1
		for last > 1 && slices.Contains(particles, all[last-1]) {
			last--
		}
		p.addGiven(strings.Join(all[:last], " "))
		p.addFamily(strings.Join(all[last:], " "))
	}
}

// placed are the words of a street in their usual short forms.
func placed(text string) []string {
	w := wordsOf(nil, text)
	for i := range w {
		if s := streetWords[w[i]]; s != "" {
			w[i] = s
		}
	}
	return w
}

// office are the words of a company's name without its legal form.
func office(text string) []string {
	all := wordsOf(nil, text)
	w := slices.DeleteFunc(slices.Clone(all), func(s string) bool { return slices.Contains(legalForms, s) })
	for i := 0; i+1 < len(w); i++ { // S.A., L.L.C.
		if len(w[i]) == 1 && len(w[i+1]) == 1 {
			j := i
			for j < len(w) && len(w[j]) == 1 {
				j++
			}
			if joined := strings.Join(w[i:j], ""); slices.Contains(legalForms, joined) {
				w = slices.Delete(w, i, j)
			} else {
				w = slices.Replace(w, i, j, joined)
			}
		}
	}
	if len(w) == 0 {
		return all
	}
	return w
}

// number is the last nine digits of a phone number, without its extension;
// empty where it is too short to say something.
func number(text string) string {
	var buf [32]byte
	out := buf[:0]
	for i := range len(text) {
		switch c := text[i]; {
		case c >= '0' && c <= '9':
			out = append(out, c)
		case (c|0x20 == 'x' || c|0x20 == 'e' || c == '#' || c == ';') && len(out) >= 6:
			return lastDigits(out)
		}
	}
	return lastDigits(out)
}

func lastDigits(d []byte) string {
	s := strings.TrimLeft(string(d), "0")
	if len(s) > 9 {
		s = s[len(s)-9:]
	}
	if len(s) < 5 {
		return ""
	}
	return s
}

// day packs a date; zero is none.
type day uint32

func newDay(y, m, d int) day { return day(y<<9 | m<<5 | d) }

// String is the day as YYYYMMDD.
func (d day) String() string {
	y, m, dd := d.parts()
	return string([]byte{byte('0' + y/1000%10), byte('0' + y/100%10), byte('0' + y/10%10), byte('0' + y%10), byte('0' + m/10), byte('0' + m%10), byte('0' + dd/10), byte('0' + dd%10)})
}

func (d day) parts() (y, m, dd int) { return int(d >> 9), int(d >> 5 & 15), int(d & 31) }

// readDay reads the usual ways to write a date, and its three parts when they
// stand in columns of their own.
func readDay(texts []string) (days []day, rest []string) {
	var alone []int
	for _, t := range texts {
		nums := numbersOf(t)
		switch {
		case len(nums) == 3:
			if d := order(nums[0], nums[1], nums[2]); d != 0 {
				days = append(days, d)
				continue
			}
			rest = append(rest, t)
		case len(nums) == 1 && nums[0] >= 1000_00_00:
			days = append(days, newDay(nums[0]/10000, nums[0]/100%100&15, nums[0]%100&31))
		case len(nums) == 1 && nums[0] < 3000:
			alone = append(alone, nums[0])
		case len(nums) > 3:
			if d := order(nums[0], nums[1], nums[2]); d != 0 {
				days = append(days, d)
				continue
			}
			rest = append(rest, t)
		default:
			rest = append(rest, t)
		}
	}
	if len(days) == 0 {
		switch len(alone) {
		case 3:
			if d := order(alone[0], alone[1], alone[2]); d != 0 {
				days = append(days, d)
			}
		case 1, 2:
			for _, y := range alone {
				if y > 31 {
					days = append(days, newDay(y, 0, 0))
				}
			}
		}
	}
	return days, rest
}

func order(a, b, c int) day {
	switch {
	case a == 0 && b >= 1 && b <= 12 && c >= 1 && c <= 31:
		return newDay(0, b, c)
	case a > 31 && b <= 15 && c <= 31:
		return newDay(a, b, c)
	case a > 31 && c <= 15 && b <= 31:
		return newDay(a, c, b)
	case c > 31 && b <= 12 && a <= 31 && a > 12:
		return newDay(c, b, a)
	case c > 31 && a <= 15 && b <= 31:
		return newDay(c, a, b)
	}
	return 0
}

func numbersOf(s string) []int {
	var out []int
	in := false
	for i := range len(s) {
		if c := s[i]; c >= '0' && c <= '9' {
			if !in {
				out = append(out, 0)
				in = true
			}
			if n := &out[len(out)-1]; *n < 1e9 {
				*n = *n*10 + int(c-'0')
			}
		} else {
			in = false
		}
	}
	return out
}

// mailbox takes an address apart.
func mailbox(text string) (local, domain string) {
	s := fold.String(strings.TrimSpace(text))
	local, domain, ok := cutLast(s, '@')
	if !ok {
		return s, ""
	}
	if plain, _, tagged := strings.Cut(local, "+"); tagged && plain != "" {
		local = plain
	}
	return local, domain
}

func cutLast(s string, sep byte) (before, after string, found bool) {
	if i := strings.LastIndexByte(s, sep); i >= 0 {
		return s[:i], s[i+1:], true
	}
	return s, "", false
}
