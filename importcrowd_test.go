package extcontacts

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
	"github.com/extcontacts/extcontacts/store/memstore"
)

// crowdedFile has rows of few names, places, numbers and addresses, so that most
// keys have many holders, and rows that leave much open.
func crowdedFile(seed uint64, rows int) string {
	r := rand.New(rand.NewPCG(seed, 1))
	pick := func(texts ...string) string { return texts[r.IntN(len(texts))] }
	var b strings.Builder
	b.WriteString("First name,Last name,Work,Email,Company,City,Job Title,Birthdate,Team\n")
	for range rows {
		phone, email := "", ""
		if r.IntN(3) > 0 {
			phone, email = pick("", "+85221234567", "+85221234568"), pick("", "", "office@acme.example", "Office@acme.example", fmt.Sprintf("p%d@acme.example", r.IntN(rows)))
		}
		fmt.Fprintf(&b, "%s,%s,%s,%s,%s,%s,%s,%s,%s\n", pick("", "Ann", "ANN", "Ánn", "Bo", "Cy"), pick("", "Lee", "lee", "Ng", "Ann Lee", "customer"), phone, email,
			pick("", "Acme", "ACME"), pick("", "", "Hong Kong", "hong kong", "Taipei"), pick("", "", "Chef"), pick("", "", "01/02/1990", "01/03/1990"), pick("", "", "Blue", "--"))
	}
	return b.String()
}

// TestImportOfCrowds imports files in which many people share a key, into an
// empty book and into one that has contacts, with and without looking for those
// in a crowd whom a row may be about: both come to the same.
func TestImportOfCrowds(t *testing.T) {
	run := func(many int, seed uint64, lists ListRules) string {
		defer func(old int) { manyHolders = old }(manyHolders)
		manyHolders = many
		st := memstore.New()
		n := 0
		book, err := Open(t.Context(), st, Options{Workspace: "w", NewID: func() contacts.ID { n++; return contacts.ID(fmt.Sprintf("c%06d", n)) }})
		if err != nil {
			t.Fatal(err)
		}
		s := book.As(contacts.Actor{ID: "agent"})
		var out bytes.Buffer
		for i := range uint64(2) {
			rep, err := s.Import(t.Context(), strings.NewReader(crowdedFile(seed+100*i, 300)), ImportOptions{BatchRows: 70, Lists: lists, ErrorLog: &out})
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&out, "%+v by name %d\n", rep.Counts, rep.ByName)
		}
		if _, err := s.Export(t.Context(), &out, ExportOptions{}); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	for seed := range uint64(12) {
		lists := ListRules{}
		if seed%3 == 2 {
			lists.Phones = ReplaceList
		}
		want := run(1<<30, seed, lists)
		for _, many := range []int{0, 1, 8} {
			if d := cmp.Diff(want, run(many, seed, lists)); d != "" {
				t.Fatalf("seed %d, crowds of more than %d: %s", seed, many, d)
			}
		}
	}
}

// BenchmarkImportOfCrowd imports people who share a number: the time of a row
// must not grow with them.
func BenchmarkImportOfCrowd(b *testing.B) {
	for _, rows := range []int{1000, 4000, 16_000} {
		var file strings.Builder
		file.WriteString("First name,Last name,Work\n")
		for i := range rows {
			fmt.Fprintf(&file, "A%d,B%d,+85221234567\n", i, i)
		}
		b.Run(fmt.Sprint(rows), func(b *testing.B) {
			for b.Loop() {
				var st store.Store = memstore.New()
				book, err := Open(b.Context(), st, Options{Workspace: "w"})
				if err != nil {
					b.Fatal(err)
				}
				if _, err := book.As(contacts.Actor{ID: "agent"}).Import(b.Context(), strings.NewReader(file.String()), ImportOptions{}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*rows), "ns/row")
		})
	}
}
