package linkage

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
)

func TestWithin(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		most int
		want int
	}{
		{"", "", 1, 0}, {"smith", "smith", 1, 0}, {"smith", "smyth", 1, 1}, {"smith", "smiht", 1, 1}, {"smith", "smth", 1, 1}, {"smith", "smithe", 1, 1},
		{"smith", "jones", 1, 2}, {"smith", "jones", 2, 3}, {"kitten", "sitting", 3, 3}, {"ca", "abc", 3, 3}, {"catherine", "katharine", 2, 2}, {"a", "", 1, 1}, {"", "abc", 2, 3},
	} {
		if got := within(tt.a, tt.b, tt.most); got != tt.want {
			t.Errorf("within(%q, %q, %d) = %d, want %d", tt.a, tt.b, tt.most, got, tt.want)
		}
		if got := within(tt.b, tt.a, tt.most); got != tt.want {
			t.Errorf("within(%q, %q, %d) = %d, want %d", tt.b, tt.a, tt.most, got, tt.want)
		}
	}
}

func TestReadDay(t *testing.T) {
	for _, tt := range []struct {
		texts []string
		want  string
	}{
		{[]string{"1980-02-03"}, "1980-2-3"}, {[]string{"19800203"}, "1980-2-3"}, {[]string{"25/12/1980"}, "1980-12-25"}, {[]string{"12/25/1980"}, "1980-12-25"},
		{[]string{"1980", "2", "3"}, "1980-2-3"}, {[]string{"0000-02-03"}, "0-2-3"}, {[]string{"soon"}, ""}, {[]string{"1980"}, "1980-0-0"}, {nil, ""},
	} {
		days, _ := readDay(tt.texts)
		got := ""
		for _, d := range days {
			y, m, dd := d.parts()
			got += fmt.Sprintf("%d-%d-%d", y, m, dd)
		}
		if got != tt.want {
			t.Errorf("%q: %q, want %q", tt.texts, got, tt.want)
		}
	}
}

func TestNames(t *testing.T) {
	for _, tt := range []struct{ name, given, middle, family, suffix string }{
		{"Ann Lee", "ann", "", "lee", ""}, {"Lee, Ann", "ann", "", "lee", ""}, {"Dr. Ann B. Lee", "ann", "b", "lee", ""}, {"Ann Lee Jr.", "ann", "", "lee", "2"},
		{"Ludwig van Beethoven", "ludwig", "", "vanbeethoven", ""}, {"Ann", "ann", "", "", ""}, {"", "", "", "", ""}, {"Lee, Jr.", "lee", "", "", "2"},
	} {
		var p person
		p.addName(tt.name)
		if got := [4]string{strings.Join(p.given, " "), strings.Join(p.middle, " "), strings.Join(p.family, " "), p.suffix}; got != [4]string{tt.given, tt.middle, tt.family, tt.suffix} {
			t.Errorf("%q: %q", tt.name, got)
		}
	}
}

func TestNumber(t *testing.T) {
	for text, want := range map[string]string{"+61 404 096 608": "404096608", "0404 096 608": "404096608", "0061404096608": "404096608", "+61465141029 x135": "465141029", "12": "", "386-5286": "3865286"} {
		if got := number(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestOffice(t *testing.T) {
	for text, want := range map[string]string{"Acme Ltd.": "acme", "ACME S.A.": "acme", "The Group": "the group", "A B C Travel": "abc travel"} {
		if got := strings.Join(office(text), " "); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// people are rows with slips, deterministic for a seed.
func people(n int, seed uint64) []Texts {
	r := rand.New(rand.NewPCG(seed, 7))
	given := []string{"ann", "robert", "carla", "dmitri", "elena", "farid", "grace", "hugo", "ines", "jonas", "karin", "liam"}
	family := []string{"abbott", "becker", "castillo", "duarte", "eklund", "fischer", "gupta", "hansen", "ivanov", "jensen", "kowalski", "laurent", "moreau"}
	var out []Texts
	for range n {
		e := r.IntN(n/2 + 1)
		row := Texts{KindGiven: {given[e%len(given)]}, KindFamily: {family[e*5%len(family)]}}
		if r.IntN(2) == 0 {
			row[KindEmail] = []string{fmt.Sprintf("%s%d@host%d.example", family[e*5%len(family)], e*31, e%7)}
		}
		if r.IntN(2) == 0 {
			row[KindPhone] = []string{fmt.Sprintf("+8529%07d", e*77777%1e7)}
		}
		if r.IntN(3) == 0 {
			row[KindDate] = []string{fmt.Sprintf("19%02d-%02d-%02d", 40+e%50, 1+e%12, 1+e%28)}
		}
		out = append(out, row)
	}
	return out
}

// The same records give the same result, byte for byte, on any number of cores.
func TestDeterministic(t *testing.T) {
	rows := people(1200, 1)
	run := func() ([]Edge, []uint32, *Model) {
		tab := NewTable()
		for _, m := range rows {
			tab.Add(0, m, false)
		}
		res := tab.Run(Options{Least: -6})
		return res.Edges, res.Clusters(0), res.Model
	}
	edges, groups, model := run()
	if len(edges) < 300 {
		t.Fatalf("%d edges", len(edges))
	}
	for _, procs := range []int{1, 2, 3, 7} {
		was := runtime.GOMAXPROCS(procs)
		e, g, m := run()
		runtime.GOMAXPROCS(was)
		if !reflect.DeepEqual(e, edges) || !reflect.DeepEqual(g, groups) || !reflect.DeepEqual(m, model) {
			t.Fatalf("another result on %d cores", procs)
		}
	}
}

// Texts of any length come back as they were, also where what finds them was
// dropped in between.
func TestValues(t *testing.T) {
	v := newValues()
	want := []string{"a", strings.Repeat("b", slabSize-2), strings.Repeat("c", slabSize-1), strings.Repeat("d", slabSize), strings.Repeat("e", 3*slabSize), ""}
	for i := range 20_000 {
		want = append(want, fmt.Sprint("value ", i))
	}
	for round := range 2 {
		for i, s := range want {
			if id := v.add(s, uint32(round)); int(id) != i+1 || v.text(id) != s || v.size(id) != len(s) {
				t.Fatalf("round %d: %.20q of %d bytes is value %d with %d bytes", round, s, len(s), id, v.size(id))
			}
		}
		v.forget()
	}
	if v.count[1] != 2 || v.count[len(want)] != 2 {
		t.Errorf("the first is counted %d times, the last %d", v.count[1], v.count[len(want)])
	}
}

// The order in which records are added does not count once they are sorted.
func TestReorder(t *testing.T) {
	rows := people(900, 4)
	for i := range rows {
		rows[i][KindName] = []string{"Ann Bo Lee"}
		if i%9 == 0 { // words that come twice
			rows[i][KindName], rows[i][KindGiven], rows[i][KindFamily] = nil, []string{"Ann Yo Yo"}, []string{"Lee Lee"}
		}
		rows[i][KindStreet] = []string{fmt.Sprintf("%d High Street", i%40)}
	}
	tab, other := NewTable(), NewTable()
	for i := range rows {
		tab.Add(0, rows[i], false)
		other.Add(0, rows[len(rows)-1-i], false)
	}
	order := make([]uint32, len(rows))
	for i := range order {
		order[i] = uint32(len(rows) - 1 - i)
	}
	other.Reorder(order)
	a, b := tab.Run(Options{Least: -6}), other.Run(Options{Least: -6})
	if !reflect.DeepEqual(a.Edges, b.Edges) || !reflect.DeepEqual(a.Model, b.Model) || !reflect.DeepEqual(tab.cells, other.cells) || !reflect.DeepEqual(tab.fam, other.fam) || !reflect.DeepEqual(tab.giv, other.giv) || len(a.Edges) == 0 {
		t.Error("another result in another order")
	}
	other.Reorder(order[:10])
	if other.Len() != 10 || len(other.Run(Options{}).Edges) > 45 {
		t.Error("records are left over")
	}
}

// Groups that only weak pairs connect stay apart, whatever their pairs add up to;
// what has no edge is compared where its groups meet.
func TestClusters(t *testing.T) {
	tab := NewTable()
	for _, name := range []string{"Ann Lindqvist", "Ann Lindqvist", "Ann Lindqvist", "Bea Sommerfeld", "Bea Sommerfeld"} {
		tab.Add(0, Texts{KindName: {name}, KindEmail: {strings.ToLower(strings.ReplaceAll(name, " ", ".")) + "@example.com"}}, false)
	}
	res := tab.With(Shipped())
	for name, test := range map[string]struct {
		edges []Edge
		want  []uint32
	}{
		"a chain whose ends are one, too": {[]Edge{{0, 1, 8}, {1, 2, 8}}, []uint32{0, 0, 0, 3, 4}},
		"a bridge between two":            {[]Edge{{0, 1, 8}, {3, 4, 8}, {1, 3, 1}}, []uint32{0, 0, 2, 3, 3}},
		"weak pairs":                      {[]Edge{{0, 1, -1}, {3, 4, -2}}, []uint32{0, 1, 2, 3, 4}},
	} {
		res.Edges = test.edges
		if got := res.Clusters(0); !slices.Equal(got, test.want) {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}

// Records may be added after a search.
func TestAddAfterRun(t *testing.T) {
	rows := people(600, 5)
	tab, other := NewTable(), NewTable()
	for i, row := range rows {
		if i == 250 {
			tab.Run(Options{})
		}
		tab.Add(0, row, false)
		other.Add(0, row, false)
	}
	a, b := tab.Run(Options{Least: -6}), other.Run(Options{Least: -6})
	if !reflect.DeepEqual(a.Edges, b.Edges) || !reflect.DeepEqual(a.Model, b.Model) || len(a.Edges) == 0 {
		t.Error("another result where a search was made before")
	}
}

// A name of two characters is one word, and the second of two first names says
// what it adds: those who share them are not one person for it.
func TestNamesOfOtherScripts(t *testing.T) {
	var p person
	p.addGiven("太郎")
	p.addFamily("佐藤")
	if len(p.given) != 1 || len(p.middle) != 0 || p.given[0] != "太郎" || p.family[0] != "佐藤" {
		t.Errorf("%q", p)
	}
	tab := NewTable()
	for i := range 400 {
		row := Texts{KindGiven: {fmt.Sprintf("Given%d", i)}, KindFamily: {fmt.Sprintf("Family%d", i)}}
		if i%20 == 0 {
			row[KindGiven] = []string{"Mei Yee"}
		}
		tab.Add(0, row, false)
	}
	var e Evidence
	newComparer(tab, tab.With(Prior()).stats).compare(0, 20, &e)
	if e.Level[Middle] != Equal || e.Info[Middle] > 2 {
		t.Errorf("a second first name that goes with the first says %v bits", e.Info[Middle])
	}
}

// Groups never hold two that are known to be apart.
func TestApart(t *testing.T) {
	tab := NewTable()
	for range 6 {
		tab.Add(0, Texts{KindGiven: {"Ann"}, KindFamily: {"Eklund"}, KindEmail: {"ann@host.example"}}, false)
	}
	g := tab.Run(Options{Least: -6, Apart: func(a, b uint32) bool { return a == 0 && b == 5 }}).Clusters(0)
	if g[0] == g[5] || g[1] != g[2] {
		t.Errorf("groups %v", g)
	}
}

// Judging any two records, whatever they hold, never panics, and the order does
// not count.
func FuzzCompare(f *testing.F) {
	f.Add("Ann Lee", "ann@x.example", "1980-02-03", "1 Main St", "ann lee")
	f.Add("Lee, Ann Jr.", "info@x", "19800203", "12-14 High Street", "x\x00y")
	f.Fuzz(func(t *testing.T, name, email, date, street, other string) {
		a := Texts{KindName: {name}, KindEmail: {email}, KindDate: {date}, KindStreet: {street}, KindText: {other}, KindIdentifier: {other}, KindPhone: {date}, KindProof: {other}}
		b := Texts{KindName: {other}, KindEmail: {name}, KindDate: {street, date}, KindStreet: {other}, KindText: {email}, KindIdentifier: {name}, KindPhone: {other}, KindCompany: {street}}
		tab := NewTable()
		tab.Add(0, a, false)
		tab.Add(1, b, true)
		res := tab.With(Prior())
		x, y := res.Judge(0, 1), res.Judge(1, 0)
		if !reflect.DeepEqual(x, y) || x.Bits != x.Bits {
			t.Errorf("%v and %v", x, y)
		}
	})
}
