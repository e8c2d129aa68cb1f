package search_test

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"testing"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/internal/gen"
	"github.com/extcontacts/extcontacts/search"
	"pgregory.net/rapid"
)

// Under any updates the candidates include every match, each once, and nothing
// that was removed.
func TestIndexAgainstScan(t *testing.T) {
	s := schema(t)
	rapid.Check(t, func(t *rapid.T) {
		x := search.NewIndex()
		all := map[contacts.ID]*contacts.Contact{}
		space := rapid.SampledFrom([]int{5, 60, 3000}).Draw(t, "space")
		pool := make([]*contacts.Contact, 12)
		for i := range pool {
			pool[i] = drawContact(t, "pool")
		}
		put := func(i, p int) {
			c := pool[p%len(pool)].Clone()
			c.ID = contacts.ID(id(i))
			all[c.ID] = c
			x.Put(c)
		}
		seed := rapid.SampledFrom([]int{0, 50, 600, 4200}).Draw(t, "bulk")
		for i := range seed { // enough to seal and compact
			put(i*7919%space, i*31)
			if i%5 == 0 {
				gone := contacts.ID(id(i * 13 % space))
				delete(all, gone)
				x.Remove(gone)
			}
		}
		for range rapid.IntRange(1, 20).Draw(t, "steps") {
			i := rapid.IntRange(0, space).Draw(t, "contact")
			if rapid.IntRange(0, 3).Draw(t, "what") == 0 {
				delete(all, contacts.ID(id(i)))
				x.Remove(contacts.ID(id(i)))
			} else {
				put(i, rapid.IntRange(0, 11).Draw(t, "pool"))
			}
			if x.Len() != len(all) {
				t.Fatalf("%d contacts, want %d", x.Len(), len(all))
			}
			q := drawQuery(t, s)
			found, ok := x.Candidates(q)
			if !ok {
				continue
			}
			seen := map[contacts.ID]bool{}
			for id := range found {
				if seen[id] || all[id] == nil {
					t.Fatalf("%s: %s comes twice or is gone", q, id)
				}
				seen[id] = true
			}
			for id, c := range all {
				if _, ok := q.Match(c); ok && !seen[id] {
					t.Fatalf("%s: %s matches and is no candidate", q, id)
				}
			}
		}
	})
}

func TestIndexNarrows(t *testing.T) {
	x := search.NewIndex()
	for i := range 3000 {
		x.Put(&contacts.Contact{ID: contacts.ID(id(i)), LastName: fmt.Sprintf("name%d", i),
			Phones: []contacts.ContactPhone{{Phone: contacts.MustParsePhone(fmt.Sprintf("+8529%07d", i*2731))}}})
	}
	for q, want := range map[string]int{"name1234": 1, "name123": 11, "label:vip": 0, "phone:0002": 40, "+85290002": 40, "name12 OR name13": 222, `phone=+85290002731`: 1} {
		found, ok := x.Candidates(parse(t, q))
		if !ok {
			t.Errorf("%s does not narrow", q)
			continue
		}
		if n := len(slices.Collect(found)); n < want/40 || n > want+64 {
			t.Errorf("%s: %d candidates", q, n)
		}
	}
	for _, q := range []string{"", "NOT a", "city:x", "a OR city:x", "phone:12"} {
		if _, ok := x.Candidates(parse(t, q)); ok {
			t.Errorf("%s narrows", q)
		}
	}
}

// corpus makes the i-th of many realistic contacts, in ten scripts.
func corpus(i int) *contacts.Contact {
	c := &contacts.Contact{ID: contacts.ID(fmt.Sprintf("018f2a3b-%012d", i))}
	row := gen.Person(1, i)
	var o contacts.ParseOptions
	k := 0
	for f := range (*contacts.Schema)(nil).Fields() {
		for gen.Header()[k] != f.Column {
			k++
		}
		if err := f.Set(c, row.Cells[k], &o); err != nil {
			panic(f.Name + ": " + err.Error())
		}
		if k++; k == len(row.Cells) {
			break
		}
	}
	return c.Normalize()
}

func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func buildIndex(n int) *search.Index {
	x := search.NewIndex()
	for i := range n {
		x.Put(corpus(i))
	}
	return x
}

// TestIndexMemory holds the index to its size; the ids are the caller's.
func TestIndexMemory(t *testing.T) {
	n := 20_000
	if s := os.Getenv("INDEX_CONTACTS"); s != "" {
		n, _ = strconv.Atoi(s)
	}
	ids := make([]contacts.ID, n)
	for i := range ids {
		ids[i] = contacts.ID(fmt.Sprintf("018f2a3b-%012d", i))
	}
	before := heap()
	x := search.NewIndex()
	for i := range n {
		c := corpus(i)
		c.ID = ids[i]
		x.Put(c)
	}
	each := (heap() - before) / int64(n)
	t.Logf("%d bytes a contact", each)
	if each > 250 {
		t.Errorf("%d bytes a contact", each)
	}
	runtime.KeepAlive(x)
	runtime.KeepAlive(ids)
}

func BenchmarkIndexPut(b *testing.B) {
	list := make([]*contacts.Contact, 20_000)
	for i := range list {
		list[i] = corpus(i)
	}
	b.ReportAllocs()
	x := search.NewIndex()
	i := 0
	for b.Loop() {
		if i == len(list) {
			x, i = search.NewIndex(), 0
		}
		x.Put(list[i])
		i++
	}
}

func BenchmarkIndexCandidates(b *testing.B) {
	x := buildIndex(100_000)
	for _, text := range []string{"smit", "s", "smithson", "john smi", "91234", "label:vip ma", "email:@example.com", `"trading co"`, "山田"} {
		q := parse(b, text)
		b.Run(text, func(b *testing.B) {
			n := 0
			for b.Loop() {
				found, ok := x.Candidates(q)
				if !ok {
					b.Fatal("not narrowed")
				}
				n = 0
				for range found {
					n++
				}
			}
			b.ReportMetric(float64(n), "candidates")
		})
	}
}

func BenchmarkMatch(b *testing.B) {
	c := john()
	for _, text := range []string{"john", "obrien acme vip", "9123", "label:vip", "country=HK type=Customer", `"acme trading" created>=-30d`} {
		q := parse(b, text)
		b.Run(text, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				q.Match(c)
			}
		})
	}
}

func BenchmarkText(b *testing.B) {
	b.ReportAllocs()
	list := make([]*contacts.Contact, 1000)
	for i := range list {
		list[i] = corpus(i)
	}
	var buf []byte
	i := 0
	for b.Loop() {
		buf = search.Text(buf[:0], list[i%1000])
		i++
	}
}

func BenchmarkParse(b *testing.B) {
	o := options(b)
	b.ReportAllocs()
	for b.Loop() {
		search.Parse(`acme label:VIP country=HK created >= -30d`, o)
	}
}
