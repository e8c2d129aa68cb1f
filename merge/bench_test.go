package merge_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/merge"
)

func BenchmarkPairs(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	var book []*contacts.Contact
	for i := range 20_000 {
		n := i
		if r.IntN(10) == 0 {
			n = r.IntN(20_000)
		}
		book = append(book, with(contacts.ID(fmt.Sprintf("c%05d", i)), fmt.Sprintf("First%d", n%997), fmt.Sprintf("Last%d", n%1009),
			tel(fmt.Sprintf("+8529%07d", n)), mail(fmt.Sprintf("m%d@x.example", n))))
	}
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		for _, err := range merge.Pairs(seqOf(book), merge.FindOptions{}) {
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
		b.ReportMetric(float64(n), "pairs")
	}
}

// BenchmarkPlanUndo takes back one act of 10,000 merges.
func BenchmarkPlanUndo(b *testing.B) {
	var current []*contacts.Contact
	h := merge.History{Acts: map[contacts.ID]contacts.Act{"m": {ID: "m", Kind: contacts.ActMerge}}}
	for i := range 10_000 {
		to := with(contacts.ID(fmt.Sprintf("a%05d", i)), "Ann", "Lee", tel(fmt.Sprintf("+8529%07d", i)))
		from := with(contacts.ID(fmt.Sprintf("b%05d", i)), "Ann", "Lee", mail(fmt.Sprintf("m%d@x.example", i)))
		p, err := merge.NewPlan(to, []*contacts.Contact{from})
		if err != nil {
			b.Fatal(err)
		}
		h.Add(contacts.Entry{Seq: int64(i + 1), Act: "m", Changes: p.Changes()})
		current = append(current, p.Result)
		current = append(current, p.Merged()...)
	}
	b.ReportAllocs()
	for b.Loop() {
		plan, err := merge.PlanUndo("m", current, h)
		if err != nil || len(plan.Results) != 20_000 {
			b.Fatal(len(plan.Results), err)
		}
	}
}
