package linkage

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// strangers is a table of people without duplicates, of so many countries, each
// with names and towns of its own.
func strangers(n, countries int) *Table {
	r := rand.New(rand.NewPCG(1, uint64(countries)))
	t := NewTable()
	word := func(kind byte, country, of int) string {
		return fmt.Sprintf("%c%c%c%s", kind, 'a'+country, 'a'+r.IntN(of), []string{"lora", "mund", "vik", "tesh"}[r.IntN(4)])
	}
	for range n {
		c := r.IntN(countries)
		t.Add(0, Texts{
			KindGiven: {word('g', c, 4)}, KindFamily: {word('f', c, 4)}, KindCity: {word('c', c, 3)},
			KindPhone: {fmt.Sprint(100_000_000 + r.IntN(800_000_000))}, KindDate: {fmt.Sprintf("19%02d-%02d-%02d", 10+r.IntN(80), 1+r.IntN(12), 1+r.IntN(28))},
		}, false)
	}
	return t
}

// Names that go with names and places are told from such that do not.
func TestTies(t *testing.T) {
	for countries, want := range map[int][2]float32{1: {0, 0.3}, 8: {1.5, 3.5}} {
		m := strangers(1500, countries).Run(Options{}).Model
		for k, tie := range ties {
			if tie.b == Region || tie.b == Postcode || tie.b == Country {
				if m.Ties[k] != 0 {
					t.Errorf("%d countries: %v and %v, which nobody has, go together: %v", countries, tie.a, tie.b, m.Ties[k])
				}
				continue
			}
			if got := m.Ties[k]; got < want[0] || got > want[1] {
				t.Errorf("%d countries: the tie of %v and %v is %v, want %v", countries, tie.a, tie.b, got, want)
			}
		}
	}
}

// In a book of several countries, people who share a name and a town are no
// duplicates for that.
func TestNamesakesOfOneTown(t *testing.T) {
	found := strangers(1500, 8).Run(Options{})
	n := 0
	for _, e := range found.Edges {
		if e.Bits > 0 {
			n++
		}
	}
	if n > 15 {
		t.Errorf("%d pairs among 1500 people of whom none is there twice", n)
	}
}

// A likeness that is common among different people says little.
func TestLikenesses(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	tab := NewTable()
	for i := range 1500 {
		tab.Add(0, Texts{
			KindGiven: {fmt.Sprintf("given%c", 'a'+i%20)}, KindFamily: {fmt.Sprintf("family%c", 'a'+i/20%20)},
			KindPostcode: {fmt.Sprintf("AB%d", 1000+r.IntN(99))}, KindPhone: {fmt.Sprint(100_000_000 + r.IntN(800_000_000))}, KindIdentifier: {fmt.Sprint(10_000_000 + r.IntN(80_000_000))}, KindDate: {fmt.Sprintf("19%02d-%02d-%02d", 10+r.IntN(80), 1+r.IntN(12), 1+r.IntN(28))},
		}, false)
	}
	m := tab.Run(Options{}).Model
	if got := m.Alike[Postcode][Typo]; got <= 0 || got > 1 {
		t.Errorf("that two postcodes are alike says up to %v bits, where nearly all are", got)
	}
}
