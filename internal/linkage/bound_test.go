package linkage

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/extcontacts/extcontacts/internal/gen"
)

// generated are records with all kinds of values, of which many are there
// twice, with slips.
func generated(t *testing.T, n int) []Texts {
	kinds := map[string]Kind{"First name": KindGiven, "Last name": KindFamily, "Mobile": KindPhone, "Work": KindPhone, "Home": KindPhone, "Other Phone": KindPhone, "WhatsApp": KindPhone,
		"Email": KindEmail, "Personal Email": KindEmail, "Other Email": KindEmail, "Company": KindCompany, "Job Title": KindTitle, "Birthdate": KindDate, "Address": KindStreet,
		"City": KindCity, "State": KindRegion, "ZipCode": KindPostcode, "Country": KindCountry}
	header := gen.Header()
	r := rand.New(rand.NewPCG(1, 2))
	var list []Texts
	for row := range gen.Rows(gen.Options{Rows: n, Seed: 3, Duplicates: 0.3}) {
		m := Texts{}
		for i, cell := range row.Cells {
			if k, ok := kinds[header[min(i, len(header)-1)]]; ok && cell != "" {
				m[k] = append(m[k], cell)
			}
		}
		if r.IntN(3) == 0 {
			m[KindIdentifier] = []string{fmt.Sprint(1_000_000 + r.IntN(400))}
		}
		if r.IntN(9) == 0 {
			m[KindProof] = []string{"crm\x00" + fmt.Sprint(r.IntN(n/4))}
		}
		if r.IntN(3) == 0 {
			m[KindText] = m[KindTitle]
		}
		if r.IntN(20) == 0 && len(m[KindFamily]) > 0 {
			m[KindFamily] = []string{m[KindFamily][0] + " Jr."}
		}
		list = append(list, m)
		if r.IntN(4) == 0 {
			list = append(list, slipped(m, r))
		}
	}
	return list
}

// slipped is a record with some of its values written otherwise.
func slipped(m Texts, r *rand.Rand) Texts {
	out := Texts{}
	for k := range KindProof + 1 {
		for _, s := range m[k] {
			b := []rune(s)
			if len(b) == 0 {
				continue
			}
			switch i := r.IntN(len(b)); r.IntN(6) {
			case 0:
				b = append(b[:i], b[i+1:]...)
			case 1:
				b[i] = b[r.IntN(len(b))]
			case 2:
				j := r.IntN(len(b))
				b[i], b[j] = b[j], b[i]
			case 3:
				b = append(b, b[i])
			case 4:
				w := strings.Fields(s)
				r.Shuffle(len(w), func(i, j int) { w[i], w[j] = w[j], w[i] })
				b = []rune(strings.Join(w, " "))
			}
			if r.IntN(5) > 0 {
				out[k] = append(out[k], string(b))
			}
		}
	}
	return out
}

// What a field may say at most is no less than what it says.
func TestBounds(t *testing.T) {
	tab := NewTable()
	r := rand.New(rand.NewPCG(3, 4))
	list := generated(t, 250)
	for _, m := range list {
		tab.Add(0, m, false)
	}
	n := len(list)
	for _, m := range list {
		for k := range KindProof {
			if len(m[k]) > 0 {
				var one Texts
				one[k] = m[k][:1]
				for range 4 {
					two := slipped(one, r)
					if r.IntN(2) == 0 {
						two = slipped(two, r)
					}
					for _, m := range [...]Texts{one, two} {
						tab.Add(0, m, false)
						list = append(list, m)
					}
				}
			}
		}
	}
	for name, res := range map[string]*Result{"learnt": tab.Run(Options{}), "shipped": tab.With(Shipped())} {
		c := newComparer(tab, res.stats)
		check := func(a, b int) {
			ra, rb := tab.row(a), tab.row(b)
			both := ra.fields() & rb.fields()
			var e, exact Evidence
			c.names(a, b, &e)
			most := c.bounds(ra, rb, both, &e)
			c.compare(a, b, &exact)
			for f := Org; f < Fields; f++ {
				if f == Country && (most[Given] > 0 || most[Family] > 0) {
					continue // names go with countries
				}
				if got := res.Model.weigh(f, &exact); both>>f&1 == 1 && most[f] < got-1e-4 {
					t.Errorf("%s: the %v of %v and %v says %v bits, and was believed to say %v at most", name, f, list[a], list[b], got, most[f])
				}
			}
		}
		for a := range n {
			for b := range a {
				check(a, b)
			}
		}
		for a := n; a < len(list); a += 2 {
			check(a, a+1)
		}
	}
}

// No pair is given up that would have been found, and what is found is scored
// as [Result.Judge] says.
func TestNothingIsGivenUp(t *testing.T) {
	const least = -6
	tab := NewTable()
	list := generated(t, 300)
	for _, m := range list {
		tab.Add(0, m, false)
	}
	learnt := tab.Run(Options{Least: least})
	shipped := tab.With(Shipped())
	for name, res := range map[string]*Result{"learnt": learnt, "shipped": shipped} {
		c := newComparer(tab, res.stats)
		var e Evidence
		all, found, given := 0, 0, 0
		for a := range uint32(len(list)) {
			for b := a + 1; b < uint32(len(list)); b++ {
				all++
				want := res.Judge(a, b)
				got := c.score(int(a), int(b), res.Prior, least, false, &e)
				switch {
				case want.Bits >= least && got != want.Bits:
					t.Fatalf("%s: %v and %v have %v bits, and were given %v\n%+v", name, list[a], list[b], want.Bits, got, want)
				case want.Bits < least && got >= least:
					t.Fatalf("%s: %v and %v have %v bits, and were given %v", name, list[a], list[b], want.Bits, got)
				}
				if got >= least {
					found++
				}
				if got == never {
					given++
				}
				if got := c.score(int(a), int(b), res.Prior, least, true, &e); want.Evidence.keyed() && (!e.keyed() || got != want.Bits) {
					t.Fatalf("%s: %v and %v share a key and have %v bits, and were given %v", name, list[a], list[b], want.Bits, got)
				}
			}
		}
		if found < len(list)/8 || given < all/2 {
			t.Errorf("%s: of %d pairs %d were found and %d given up: the test is about neither", name, all, found, given)
		}
	}
}
