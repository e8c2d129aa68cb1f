package storetest

import (
	"bytes"
	"context"
	"io"
	"slices"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/search"
	"github.com/extcontacts/extcontacts/store"
)

// plain hides every optional capability of a store.
type plain struct{ store.Store }

// queries are asked of people as crowd makes them.
var queries = []string{
	"", "zoe", "Zoë", "zo", "obrien", "O'Brien", "muller", "müller söhne", "söhne zoe", "sohn", "9123", "+852 9123 4567", "85291234567", "020 7946",
	"漢字", "漢", "nobody at all", "x", "label:a", "label:été", "-label:a", "country:HK", "zoe country:HK", "zoe OR x", "company:müller", "(zoe OR x) label:a",
	"example.com", "z@example.org", "ᴢᴏᴇ", "ＺＯＥ",
}

func query(k *kit, text string) *search.Query {
	k.Helper()
	q, err := search.Parse(text, search.Options{})
	if err != nil {
		k.Fatalf("%q: %v", text, err)
	}
	return q
}

// crowd writes people that the queries find, some of them in other states.
func crowd(k *kit) {
	k.Helper()
	for i, name := range []string{"O'Brien", "Obrien", "OBRIEN", "Zoe", "漢字", "x", "Müller", "Mueller"} {
		for j := range 4 {
			c := person(number("c", 10*i+j), name)
			if j > 0 {
				c = everything(c.ID)
				c.LastName = name
			}
			if j == 2 {
				c.Phones, c.Labels, c.Company = nil, []string{"VIP"}, "x"
			}
			if j == 3 {
				c.State = contacts.Deleted
			}
			k.add(c.Normalize())
		}
	}
}

// answer reads all pages of an answer, a few hits at a time.
func answer(k *kit, s store.Store, q *search.Query) ids {
	k.Helper()
	var out ids
	for o := (store.SearchOptions{Limit: 5}); ; {
		page, err := store.Search(k.ctx, s, k.ws, q, o)
		if err != nil {
			k.Fatalf("Search(%q): %v", q, err)
		}
		for _, h := range page.Hits {
			out = append(out, h.Contact.ID)
		}
		if o.Cursor = page.Next; o.Cursor == "" {
			return out
		}
	}
}

// sameAnswers compares every query with the answer of the plain store.
func sameAnswers(k *kit) {
	k.Helper()
	for _, text := range queries {
		q := query(k, text)
		k.equal(text, answer(k, k.s, q), answer(k, plain{k.s}, q))
	}
}

func searchCases() group {
	return group{"Search", []testCase{
		{"same answers", "a store that narrows gives the answers of one that looks at everybody", func(k *kit) {
			crowd(k)
			sameAnswers(k)
			if n := len(answer(k, k.s, query(k, "zoe"))); n == 0 {
				k.Error("nobody was found")
			}
		}},
		{"after changes", "an answer sees every Apply that returned before", func(k *kit) {
			crowd(k)
			sameAnswers(k)
			for i, c := range k.contacts("c000001", "c000012", "c000023", "c000031") {
				k.apply(&store.Batch{Put: []store.Put{update(c, func(c *contacts.Contact) {
					c.LastName, c.Company, c.MergedInto = "Renamed", "x", ""
					c.State = []contacts.State{contacts.Live, contacts.Merged, contacts.Live, contacts.Erased}[i]
					if c.State == contacts.Merged {
						c.MergedInto = "c000000"
					}
				})}})
				sameAnswers(k)
			}
			k.add(person("new", "Zoe Renamed"))
			k.equal("renamed", slices.Contains(answer(k, k.s, query(k, "renamed zoe")), "new"), true)
			sameAnswers(k)
		}},
		{"after a refused batch", "what was refused is not found", func(k *kit) {
			crowd(k)
			sameAnswers(k)
			k.conflict(&store.Batch{Put: []store.Put{create(person("late", "Latecomer")), create(person("c000001", "Latecomer"))}})
			k.equal("late", answer(k, k.s, query(k, "latecomer")), ids(nil))
			sameAnswers(k)
		}},
		{"with an index", "an attached index gives the same answers after every kind of write, saved and read again too", func(k *kit) {
			var saved bytes.Buffer
			var x *store.Index
			open := func(r io.Reader) {
				var err error
				x, err = store.OpenIndex(k.ctx, k.s, k.ws, store.IndexOptions{Snapshot: r})
				k.ok(err)
			}
			same := func() {
				k.Helper()
				for _, text := range queries {
					q := query(k, text)
					k.equal(text, answer(k, x.View(), q), answer(k, plain{k.s}, q))
				}
			}
			open(nil)
			same()
			logged := func(c *contacts.Contact, f func(*contacts.Contact)) {
				k.Helper()
				put := create(c)
				if c.Rev > 1 || f != nil {
					put = update(c, f)
				}
				k.apply(&store.Batch{Put: []store.Put{put}, Changes: []contacts.Change{{Contact: c.ID, Path: "company", New: "x"}}})
			}
			for i := range 20 {
				c := everything(ids{number("i", i)}[0])
				c.LastName = []string{"O'Brien", "Zoe", "漢字", "Müller"}[i%4]
				logged(c.Normalize(), nil)
			}
			same()
			k.ok(x.Save(&saved))
			for i, c := range k.contacts(number("i", 1), number("i", 2), number("i", 3)) {
				logged(c, func(c *contacts.Contact) {
					c.LastName, c.State = "Renamed Zoe", []contacts.State{contacts.Live, contacts.Deleted, contacts.Erased}[i]
				})
				same()
			}
			open(bytes.NewReader(saved.Bytes()))
			k.equal("loaded", x.Loaded(), true)
			same()
			k.equal("found", len(answer(k, x.View(), query(k, "renamed"))), 1)
		}},
		{"random questions", "random queries have the answer of Match, page by page, on every store and from the index", random},
		{"nothing there", "an empty workspace has no matches", func(k *kit) { sameAnswers(k) }},
		{"in its own workspace", "nothing crosses a workspace", func(k *kit) {
			crowd(k)
			k.equal("found", answer(k.in(k.ws+"x"), k.s, query(k, "zoe")), ids(nil))
			sameAnswers(k)
			k.equal("found", answer(k.in(k.ws+"x"), k.s, query(k, "zoe")), ids(nil))
		}},
		{"narrowed", "Narrow yields every match, and no contact twice", func(k *kit) {
			n, ok := k.s.(store.Narrower)
			if !ok {
				k.Skip("the store does not narrow")
			}
			crowd(k)
			for _, text := range queries {
				q := query(k, text)
				for range 2 { // it may be ranged over again
					var got ids
					seq := n.Narrow(k.ctx, k.ws, q)
					for c, err := range seq {
						k.ok(err)
						if slices.Contains(got, c.ID) {
							k.Errorf("%q: %q came twice", text, c.ID)
						}
						got = append(got, c.ID)
						k.equal("contact", k.contacts(c.ID)[0], c)
					}
					for c, err := range k.s.Scan(k.ctx, k.ws, "") {
						k.ok(err)
						if _, match := q.Match(c); match && !slices.Contains(got, c.ID) {
							k.Errorf("%q: %q is missing", text, c.ID)
						}
					}
				}
			}
		}},
		{"narrowed with errors", "Narrow has the errors of Scan, once and last", func(k *kit) {
			n, ok := k.s.(store.Narrower)
			if !ok {
				k.Skip("the store does not narrow")
			}
			crowd(k)
			last := func(ctx context.Context, ws string) (last error) {
				for c, err := range n.Narrow(ctx, ws, query(k, "zoe")) {
					if last != nil || (c == nil) != (err != nil) {
						k.Errorf("%v, %v after %v", c != nil, err, last)
					}
					last = err
				}
				return last
			}
			k.ok(last(k.ctx, k.ws))
			ctx, cancel := context.WithCancel(k.ctx)
			cancel()
			k.is(last(ctx, k.ws), context.Canceled)
			k.is(last(k.ctx, ""), store.ErrInvalid)
		}},
		{"while others write", "a match that is not written while the answer is made is in it", func(k *kit) {
			crowd(k)
			want := answer(k, plain{k.s}, query(k, "müller"))
			together(4, func(w int) {
				for i := range 12 {
					if w == 0 {
						page, err := store.Search(k.ctx, k.s, k.ws, query(k, "müller"), store.SearchOptions{Limit: 1000})
						if err != nil {
							k.Error(err)
							return
						}
						var got ids
						for _, h := range page.Hits {
							got = append(got, h.Contact.ID)
						}
						k.equal("answer", got, want)
						continue
					}
					c := person(number([]string{"", "d", "e", "f"}[w], i), "Nobody")
					if _, err := k.commit(string(c.ID), &store.Batch{Put: []store.Put{create(c)}}); err != nil {
						k.Error(err)
						return
					}
				}
			})
		}},
	}}
}
