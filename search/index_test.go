package search_test

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"testing"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/internal/gen"
	"github.com/extcontacts/extcontacts/search"
	"pgregory.net/rapid"
)

// Under any updates an index answers as Match does: the same contacts in the
// same order, from any position; and its candidates include every match.
func TestIndexAgainstMatch(t *testing.T) {
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
		bulk := rapid.SampledFrom([]int{0, 0, 50, 600, 4200}).Draw(t, "bulk")
		if bulk > 0 && rapid.Bool().Draw(t, "at once") {
			var list []*contacts.Contact
			for i := range bulk {
				c := pool[i*31%len(pool)].Clone()
				c.ID = contacts.ID(id(i * 7919 % space))
				all[c.ID] = c
				list = append(list, c)
			}
			x.Put(list...)
		} else {
			for i := range min(bulk, 1000) {
				put(i*7919%space, i*31)
				if i%5 == 0 {
					gone := contacts.ID(id(i * 13 % space))
					delete(all, gone)
					x.Remove(gone)
				}
			}
		}
		for range rapid.IntRange(1, 20).Draw(t, "steps") {
			i := rapid.IntRange(0, space).Draw(t, "contact")
			switch rapid.IntRange(0, 4).Draw(t, "what") {
			case 0:
				delete(all, contacts.ID(id(i)))
				x.Remove(contacts.ID(id(i)))
			case 1:
				if rapid.IntRange(0, 9).Draw(t, "compact") == 0 {
					x.Compact()
				}
			default:
				put(i, rapid.IntRange(0, 11).Draw(t, "pool"))
			}
			if x.Len() != len(all) {
				t.Fatalf("%d contacts, want %d", x.Len(), len(all))
			}
			checkIndex(t, x, drawQuery(t, s), all)
		}
	})
}

// expect is the answer by the definition, with the positions of the hits.
func expect(q *search.Query, all map[contacts.ID]*contacts.Contact) (hits []search.Hit, keys [][]byte) {
	type place struct {
		key []byte
		hit search.Hit
	}
	var list []place
	for id, c := range all {
		if m, ok := q.Match(c); ok {
			list = append(list, place{q.SortKey(nil, c, m), search.Hit{ID: id, Score: m.Score}})
		}
	}
	slices.SortFunc(list, func(a, b place) int { return bytes.Compare(a.key, b.key) })
	for _, p := range list {
		hits, keys = append(hits, p.hit), append(keys, p.key)
	}
	return hits, keys
}

// fataler is what rapid.T and testing.T have in common.
type fataler interface {
	Fatalf(format string, args ...any)
	Helper()
}

func checkIndex(t fataler, x *search.Index, q *search.Query, all map[contacts.ID]*contacts.Contact) {
	t.Helper()
	want, keys := expect(q, all)
	for _, k := range []int{1, 20, 5000} {
		for from := 0; from <= len(want); from += max(1, len(want)/3) {
			var after []byte
			if from > 0 {
				after = keys[from-1]
			}
			got, ok := x.Top(nil, q, after, k)
			if !ok {
				break
			}
			rest := want[from:]
			if q.Exact() {
				if rest = rest[:min(k, len(rest))]; !slices.Equal(got, rest) {
					t.Fatalf("%s, %d behind %d of %d: %v, want %v", q, k, from, len(want), got, rest)
				}
				continue
			}
			// what does not match may stand between
			if len(got) < k || k == 5000 {
				kept := slices.DeleteFunc(slices.Clone(got), func(h search.Hit) bool { return all[h.ID] == nil || !slices.Contains(rest, h) })
				if !slices.Equal(kept, rest) {
					t.Fatalf("%s, %d behind %d: %v, want %v", q, k, from, kept, rest)
				}
			}
		}
	}
	if n, ok := x.Count(q); ok && n != len(want) {
		t.Fatalf("%s: %d, want %d", q, n, len(want))
	}
	found, ok := x.Candidates(q)
	if !ok {
		return
	}
	seen := map[contacts.ID]bool{}
	for id := range found {
		if seen[id] || all[id] == nil {
			t.Fatalf("%s: %s comes twice or is gone", q, id)
		}
		seen[id] = true
	}
	for _, h := range want {
		if !seen[h.ID] {
			t.Fatalf("%s: %s matches and is no candidate", q, h.ID)
		}
	}
}

func TestIndexNarrows(t *testing.T) {
	var list []*contacts.Contact
	for i := range 3000 {
		list = append(list, &contacts.Contact{ID: contacts.ID(id(i)), LastName: fmt.Sprintf("name%d", i),
			Phones: []contacts.ContactPhone{{Phone: contacts.MustParsePhone(fmt.Sprintf("+8529%07d", i*2731))}}})
	}
	x := search.NewIndex()
	x.Put(list...)
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
	for _, q := range []string{"city:x", "name1 sort:id", "name1 OR (name2 city:x)", "created:2026"} {
		if _, ok := x.Top(nil, parse(t, q), nil, 10); ok {
			t.Errorf("%s is ranked", q)
		}
	}
}

// Readers run beside writers and merges, and what was written before is there.
func TestIndexConcurrently(t *testing.T) {
	x := search.NewIndex()
	var all []*contacts.Contact
	for i := range 300 {
		all = append(all, &contacts.Contact{ID: contacts.ID(id(i)), LastName: fmt.Sprintf("name%03d", i), Company: "Steady"})
	}
	x.Put(all...)
	q := parse(t, "steady")
	var wg sync.WaitGroup
	stop := make(chan struct{})
	for range 3 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if hits, ok := x.Top(nil, q, nil, 1000); !ok || len(hits) != 300 {
					t.Errorf("%d hits, %v", len(hits), ok)
					return
				}
			}
		})
	}
	for i := range 3000 {
		c := *all[i%300]
		c.FirstName = fmt.Sprint("Rev", i)
		x.Put(&c)
		if hits, _ := x.Top(nil, parse(t, fmt.Sprintf(`"rev%d"`, i)), nil, 5); len(hits) != 1 || hits[0].ID != c.ID {
			t.Fatalf("after a Put: %v", hits)
		}
	}
	close(stop)
	wg.Wait()
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
	x, err := search.BuildIndex(func(yield func(*contacts.Contact, error) bool) {
		for i := range n {
			if !yield(corpus(i), nil) {
				return
			}
		}
	})
	if err != nil {
		panic(err)
	}
	return x
}

// Who is replaced or removed while segments merge in the background is so in the
// merged one.
func TestIndexMergedBeside(t *testing.T) {
	x := search.NewIndex()
	all := map[contacts.ID]*contacts.Contact{}
	put := func(list ...*contacts.Contact) {
		for _, c := range list {
			all[c.ID] = c
		}
		x.Put(list...)
	}
	for part := range 6 {
		var list []*contacts.Contact
		for i := range 2000 {
			list = append(list, &contacts.Contact{ID: contacts.ID(id(part*2000 + i)), LastName: fmt.Sprintf("name%d", i%97), Company: "Steady"})
		}
		put(list...)
	}
	for i := 0; i < 12000; i += 7 {
		one := contacts.ID(id(i))
		if i%2 == 0 {
			delete(all, one)
			x.Remove(one)
			continue
		}
		put(&contacts.Contact{ID: one, LastName: fmt.Sprintf("other%d", i%97), Company: "Steady"})
	}
	for range 2 {
		if x.Len() != len(all) {
			t.Fatalf("%d contacts, want %d", x.Len(), len(all))
		}
		for _, q := range []string{"steady", "other96 steady"} {
			checkIndex(t, x, parse(t, q), all)
		}
		x.Compact()
	}
}

// TestIndexMemory holds the index to its size, ids included.
func TestIndexMemory(t *testing.T) {
	n := 20_000
	if s := os.Getenv("INDEX_CONTACTS"); s != "" {
		n, _ = strconv.Atoi(s)
	}
	before := heap()
	x := buildIndex(n)
	each := (heap() - before) / int64(n)
	t.Logf("%d bytes a contact", each)
	if each > 290 { // 174 at a million
		t.Errorf("%d bytes a contact", each)
	}
	runtime.KeepAlive(x)
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

func BenchmarkIndexTop(b *testing.B) {
	x := buildIndex(100_000)
	for _, text := range []string{"smit", "s", "smithson", "john smi", "91234", "label:vip ma", "smtih", "johnsson", `"smith"`, "*mit*", "a", "jo", "email:@example.com", `"trading co"`, "山田"} {
		q := parse(b, text)
		b.Run(text, func(b *testing.B) {
			var hits []search.Hit
			for b.Loop() {
				hits, _ = x.Top(hits[:0], q, nil, 20)
			}
			b.ReportMetric(float64(len(hits)), "hits")
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

// A part of a number is found in one number: not where two numbers of a
// contact hold its halves, which the lists alone cannot tell.
func TestIndexPhoneFragments(t *testing.T) {
	all := map[contacts.ID]*contacts.Contact{}
	x := search.NewIndex()
	numbers := [][]string{{"+85291234567"}, {"+85291234999", "+85298834567"}, {"+85277123499", "+85266234567"}, {"+85212345670"}, {"+85299912345"}}
	for i := range 200 {
		c := &contacts.Contact{ID: contacts.ID(id(i)), LastName: "Smith"}
		for _, n := range numbers[i%len(numbers)] {
			c.Phones = append(c.Phones, contacts.ContactPhone{Kind: contacts.MobilePhone, Phone: contacts.MustParsePhone(n)})
		}
		all[c.ID] = c.Normalize()
		x.Put(c)
	}
	for _, text := range []string{"12345", "234567", "1234567", "91234567", "0085291234567", "+852912345", "+85291234567", "349999", "phone:234567", "smith 234567"} {
		checkIndex(t, x, parse(t, text), all)
	}
}
