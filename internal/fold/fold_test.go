package fold

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestString(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"folded", "john smith", "john smith"},
		{"case", "McDONALD", "mcdonald"},
		{"accents", "José Müller-Ångström", "jose muller-angstrom"},
		{"decomposed", "Jose\u0301", "jose"},
		{"mark behind ascii", "ae\u0301b", "aeb"},
		{"letters without decomposition", "Straße Øre Łódź Đỗ Æsir Þór Ðan Cœur", "strasse ore lodz do aesir thor dan coeur"},
		{"Turkish", "Işık İstanbul", "isik istanbul"},
		{"Vietnamese", "Nguyễn Thị Ánh", "nguyen thi anh"},
		{"width", "ＡＢＣ１２３", "abc123"},
		{"ligature", "oﬃce", "office"},
		{"Greek", "Γιώργος", "γιωργοσ"},
		{"Cyrillic", "Фёдор ЙОГА", "федор иога"},
		{"kana voiced marks stay", "がギぱ", "がギぱ"},
		{"kana decomposed", "か\u3099", "が"},
		{"kana half width", "ｶﾞｷﾞ", "ガギ"},
		{"Hangul", "김민수", "김민수"},
		{"Hangul decomposed", "\u1100\u1175\u11b7", "김"},
		{"Devanagari", "हिन्दी", "हिन्दी"},
		{"Thai", "สมชาย น้ำ", "สมชาย น\u0e49\u0e4d\u0e32"},
		{"Arabic", "مُحَمَّد أحمد", "محمد احمد"},
		{"Persian letters", "علی کریمی", "علي كريمي"},
		{"Hebrew points", "שָׁלוֹם", "שלום"},
		{"digits", "٠١٢ ०१२ ９", "012 012 9"},
		{"apostrophes", "O’Brien O´Neill OʼHara", "o'brien o'neill o'hara"},
		{"spaces", "a\u00a0b\u3000c\td", "a b c d"},
		{"unseen", "a\u200db\u00adc\ufeff", "abc"},
		{"variation selector", "葛\U000E0100城", "葛城"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := String(tt.in)
			if got != tt.want {
				t.Errorf("String(%q) = %q, want %q", tt.in, got, tt.want)
			}
			if again := String(got); again != got {
				t.Errorf("folded again %q", again)
			}
		})
	}
}

func TestWords(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"", ""},
		{" - ", ""},
		{"John  Smith", "john|smith"},
		{"O'Brien, Mary-Jane", "obrien|mary|jane"},
		{"O’Brien’s", "obriens"},
		{"'quoted'", "quoted"},
		{"AT&T 3M", "at|t|3m"},
		{"ann.lee+x@mail.example.com", "ann|lee|x|mail|example|com"},
		{"山田太郎", "山|田|太|郎"},
		{"山田 Taro様", "山|田|taro|様"},
		{"ラーメン", "ラ|ー|メ|ン"},
		{"ｶﾞﾝ", "ガ|ン"},
		{"김민수", "김|민|수"},
		{"हिन्दी भाषा", "हिन्दी|भाषा"},
		{"ジョン・スミス", "ジ|ョ|ン|ス|ミ|ス"},
		{"㈱山", "株|山"},
		{"VIP⭐", "vip|⭐"},
		{"Łódź Ærø", "lodz|aero"},
		{"مُحَمَّد", "محمد"},
	} {
		got := strings.ReplaceAll(strings.TrimSuffix(string(Words(nil, tt.in)), " "), " ", "|")
		if got != tt.want {
			t.Errorf("Words(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestSpans(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"John  O’Brien!", "John|O’Brien"},
		{"José\u0301 山田", "José\u0301|山|田"},
		{"a\u200db c", "a\u200db|c"},
		{"㍿山", "㍿|㍿|㍿|㍿|山"},
		{"\xffab\u200d", "ab"},
	} {
		var got []string
		for sp, w := range Spans(tt.in) {
			if len(w) == 0 {
				t.Errorf("%q: empty word", tt.in)
			}
			got = append(got, strings.TrimRight(tt.in[sp.Start:sp.End], "\u200d"))
		}
		want := strings.Split(tt.want, "|")
		if strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("Spans(%q) = %q, want %q", tt.in, got, want)
		}
	}
}

// Every rune alone: the fast ways agree with the slow one, and folding twice
// is folding once.
func TestEveryRune(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !utf8.ValidRune(r) || r%16 != 0 && unicode.In(r, unicode.Han, unicode.Hangul) || r > 0x1ffff && r%512 != 0 ||
			r > 0x1000 && !unicode.IsGraphic(r) && !ignorable(r) {
			continue
		}
		check(t, string(r))
		check(t, "a"+string(r)+"\u3099b")
	}
}

func check(t *testing.T, s string) {
	t.Helper()
	f := String(s)
	if again := String(f); again != f {
		t.Fatalf("String(%q) = %q (%+q), again %q (%+q)", s, f, f, again, again)
	}
	w := string(Words(nil, s))
	if v := string(Words(nil, f)); v != w {
		t.Fatalf("words of %+q are %+q, of its folding %+q %+q", s, w, f, v)
	}
	n := 0
	for sp, word := range Spans(s) {
		if sp.Start < 0 || sp.End > len(s) || sp.Start >= sp.End || len(word) == 0 {
			t.Fatalf("span %v of %+q", sp, s)
		}
		n++
	}
	if n != strings.Count(w, " ") {
		t.Fatalf("%d spans of %+q, words %q", n, s, w)
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"Jose\u0301", "か\u3099\u0301", "\u1100\u200d\u1175", "O’Brien", "\xff\u0301", "ｶﾞ", "اَّ", "I\u0307", "\u0e33\u0e4d", strings.Repeat("\u3099\u0327", 40)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { check(t, s) })
}

func TestNoAllocation(t *testing.T) {
	if n := testing.AllocsPerRun(100, func() { String("john o'brien") }); n != 0 {
		t.Errorf("%v allocations for a folded text", n)
	}
}

func BenchmarkString(b *testing.B) {
	for _, s := range []string{"John Smith", "José Müller", "Nguyễn Thị Ánh", "山田太郎", "मोहन शर्मा", "محمد"} {
		b.Run(s, func(b *testing.B) {
			b.ReportAllocs()
			var buf []byte
			for b.Loop() {
				buf = Append(buf[:0], s)
			}
		})
	}
}
