package storetest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// feed reads the change feed to its end, pages of limit entries.
func (k *kit) feed(token string, limit int) (entries []contacts.Entry, changed map[contacts.ID]*contacts.Contact, next string) {
	k.Helper()
	changed, next = map[contacts.ID]*contacts.Contact{}, token
	for {
		page, err := store.Changes(k.ctx, k.s, k.ws, next, limit)
		if err != nil {
			k.Fatalf("Changes: %v", err)
		}
		if limit > 0 && len(page.Entries) > limit {
			k.Fatalf("%d entries, the limit is %d", len(page.Entries), limit)
		}
		entries = append(entries, page.Entries...)
		for _, c := range page.Contacts {
			changed[c.ID] = c.Contact
		}
		next = page.Next
		if !page.More {
			return entries, changed, next
		}
		if len(page.Entries) == 0 {
			k.Fatal("an empty page says that there is more")
		}
	}
}

func (k *kit) badToken(token, code string) {
	k.Helper()
	_, err := store.Changes(k.ctx, k.s, k.ws, token, 0)
	k.is(err, store.ErrInvalid)
	var f *contacts.FieldError
	if !errors.As(err, &f) || f.Code != code {
		k.Errorf("the token %q: %v, want the code %s", token, err, code)
	}
}

func feedCases() group {
	return group{"Feed", []testCase{
		{"empty workspace", "the feed of a workspace without entries is empty and can be gone on with", func(k *kit) {
			page, err := store.Changes(k.ctx, k.s, k.ws, "", 0)
			k.ok(err)
			k.equal("page", page, store.FeedPage{})
			k.add(person("a", "A"))
			entries, _, _ := k.feed(page.Next, 0)
			k.equal("entries", len(entries), 1)
		}},
		{"every entry once", "whatever the size of the pages, each entry comes once and in order, and the token of the end waits", func(k *kit) {
			for i := range 21 {
				k.add(person(number("c", i), "A"))
			}
			all := k.log(store.LogQuery{Limit: 1000})
			for _, limit := range []int{0, 1, 2, 7, 16, 17, 20, 21, 22} {
				entries, changed, next := k.feed("", limit)
				k.equal("entries", entries, all)
				k.equal("contacts", len(changed), 21)
				rest, _, again := k.feed(next, limit)
				k.equal("rest", len(rest), 0)
				k.equal("token", again, next)
			}
		}},
		{"contacts as they are", "a page has each contact that its entries changed, once, as it is when it is read", func(k *kit) {
			a := person("a", "A")
			k.add(a, person("b", "B"))
			p := update(a, func(c *contacts.Contact) { c.LastName = "AA" })
			k.apply(&store.Batch{Put: []store.Put{p}, Changes: []contacts.Change{set("a", "last_name", "A", "AA")}})
			page, err := store.Changes(k.ctx, k.s, k.ws, "", 1)
			k.ok(err)
			k.equal("contacts", page.Contacts, []store.FeedContact{{ID: "a", Seq: 1, Contact: p.Contact}, {ID: "b", Seq: 1, Contact: person("b", "B")}})
			page, err = store.Changes(k.ctx, k.s, k.ws, page.Next, 1)
			k.ok(err)
			k.equal("contacts", page.Contacts, []store.FeedContact{{ID: "a", Seq: 2, Contact: p.Contact}})
			k.equal("more", page.More, false)
		}},
		{"tombstones", "a contact that was deleted, merged or erased comes with its state", func(k *kit) {
			list := []*contacts.Contact{person("a", "A"), person("b", "B"), person("c", "C")}
			k.add(list...)
			_, _, next := k.feed("", 0)
			states := []contacts.State{contacts.Deleted, contacts.Merged, contacts.Erased}
			b := &store.Batch{Erase: ids{"c"}}
			for i, c := range list {
				b.Put = append(b.Put, update(c, func(c *contacts.Contact) {
					if c.State = states[i]; c.State == contacts.Merged {
						c.MergedInto = "a"
					}
				}))
				b.Changes = append(b.Changes, set(c.ID, "state", "live", states[i].String()))
			}
			k.apply(b)
			_, changed, _ := k.feed(next, 0)
			for i, c := range list {
				k.equal("state", changed[c.ID].State, states[i])
			}
		}},
		{"changes of what is not there", "a contact that an entry names and the store does not have is a tombstone", func(k *kit) {
			k.apply(&store.Batch{Changes: []contacts.Change{set("nobody", "group", "a", "b")}})
			page, err := store.Changes(k.ctx, k.s, k.ws, "", 0)
			k.ok(err)
			k.equal("contacts", page.Contacts, []store.FeedContact{{ID: "nobody", Seq: 1}})
		}},
		{"entries without contacts", "an act that changes no contact has its entries in the feed", func(k *kit) {
			k.apply(&store.Batch{})
			k.write(rec("label", "x", 0, "1"))
			entries, changed, _ := k.feed("", 0)
			k.equal("entries", len(entries), 2)
			k.equal("contacts", len(changed), 0)
		}},
		{"head", "FeedHead stands behind the last entry, and at the beginning where there is none", func(k *kit) {
			head, err := store.FeedHead(k.ctx, k.s, k.ws)
			k.ok(err)
			k.equal("head", head, "")
			k.add(person("a", "A"))
			head, err = store.FeedHead(k.ctx, k.s, k.ws)
			k.ok(err)
			entries, _, next := k.feed(head, 0)
			k.equal("entries", len(entries), 0)
			k.equal("token", next, head)
			k.add(person("b", "B"))
			entries, changed, _ := k.feed(head, 0)
			k.equal("entries", len(entries), 1)
			k.equal("contacts", slices.Collect(maps.Keys(changed)), []contacts.ID{"b"})
		}},
		{"large batches", "pages of thousands of contacts end with an entry, and none is missing", func(k *kit) {
			for part := 1; part <= 5; part++ {
				b := &store.Batch{Act: contacts.Act{ID: "import", Kind: contacts.ActImport, At: clock(0)}, Part: part}
				for i := range 2500 {
					c := person(number(fmt.Sprintf("c%d-", part), i), "A")
					b.Put = append(b.Put, store.Put{Contact: c})
					b.Changes = append(b.Changes, contacts.Change{Contact: c.ID})
				}
				k.apply(b)
			}
			page, err := store.Changes(k.ctx, k.s, k.ws, "", 0)
			k.ok(err)
			k.equal("contacts of the first page", len(page.Contacts), 5000)
			k.equal("more", page.More, true)
			entries, changed, _ := k.feed("", 0)
			k.equal("entries", len(entries), 5)
			k.equal("contacts", len(changed), 12500)
		}},
		{"foreign tokens", "a token of another workspace, or one that was changed, is refused", func(k *kit) {
			k.add(person("a", "A"))
			o := k.in(k.ws + "/other")
			o.add(person("a", "A"))
			_, _, token := k.feed("", 0)
			_, _, other := o.feed("", 0)
			k.badToken(other, "token_invalid")
			for _, bad := range []string{"x", token[1:], token + "A", strings.ToLower(token), "\x00", strings.Repeat("A", 100000), token[:len(token)-2]} {
				k.badToken(bad, "token_invalid")
			}
			for i := range token {
				c := byte('A')
				if token[i] == 'A' {
					c = 'B'
				}
				k.badToken(token[:i]+string(c)+token[i+1:], "token_invalid")
			}
		}},
		{"lost tokens", "a token that stands behind an entry which this log does not have is refused by name", func(k *kit) {
			o := *k
			o.s = k.harness.Open(k)
			defer o.s.Close()
			for range 3 {
				k.apply(&store.Batch{})
				o.apply(&store.Batch{Act: contacts.Act{ID: number("other", k.acts), Kind: contacts.ActEdit, At: clock(k.acts)}})
			}
			_, _, token := k.feed("", 0)
			o.feed("", 0)
			_, err := store.Changes(k.ctx, o.s, k.ws, token, 0)
			var f *contacts.FieldError
			if !errors.As(err, &f) || f.Code != "token_lost" {
				k.Errorf("of another log: %v", err)
			}
			p := *k
			p.s = k.harness.Open(k)
			defer p.s.Close()
			p.badToken(token, "token_lost")
		}},
		{"limit", "a negative limit is ErrInvalid", func(k *kit) {
			_, err := store.Changes(k.ctx, k.s, k.ws, "", -1)
			k.is(err, store.ErrInvalid)
			_, err = store.Changes(k.ctx, k.s, "", "", 0)
			k.is(err, store.ErrInvalid)
		}},
		{"follow", "Follow yields what is there, waits for what comes, and ends with its context", func(k *kit) {
			k.add(person("a", "A"))
			ctx, cancel := context.WithTimeout(k.ctx, 30*time.Second)
			defer cancel()
			var seqs []int64
			for page, err := range store.Follow(ctx, k.s, k.ws, "", time.Millisecond) {
				if err != nil {
					k.is(err, context.Canceled)
					break
				}
				for _, e := range page.Entries {
					seqs = append(seqs, e.Seq)
				}
				if len(seqs) < 5 {
					k.add(person(number("n", len(seqs)), "N"))
				} else {
					cancel()
				}
			}
			k.equal("entries", seqs, []int64{1, 2, 3, 4, 5})
		}},
		{"follow while many write", "who follows sees every entry once, in order, while others write", func(k *kit) {
			const writers, rounds = 4, 10
			ctx, cancel := context.WithTimeout(k.ctx, 60*time.Second)
			defer cancel()
			done := make(chan struct{})
			go func() {
				defer close(done)
				together(writers, func(w int) {
					for i := range rounds {
						if _, err := k.commit(fmt.Sprintf("w%d-%d", w, i), &store.Batch{Put: []store.Put{put(contacts.ID(fmt.Sprintf("c%d-%d", w, i)))}}); err != nil {
							k.Error(err)
						}
					}
				})
			}()
			next := int64(1)
			for page, err := range store.Follow(ctx, k.s, k.ws, "", time.Millisecond) {
				if err != nil {
					k.Fatal(err)
				}
				for _, e := range page.Entries {
					k.equal("seq", e.Seq, next)
					next++
				}
				if next > writers*rounds {
					break
				}
			}
			<-done
		}},
		{"watch", "a Watcher returns for what was written, at the end of its context, and when the store is closed", func(k *kit) {
			o := *k
			o.s = k.harness.Open(k)
			defer o.s.Close()
			w, ok := o.s.(store.Watcher)
			if !ok {
				return // Follow asks again and again
			}
			ctx, cancel := context.WithTimeout(k.ctx, 30*time.Second)
			defer cancel()
			o.add(person("a", "A"))
			k.ok(w.Watch(ctx, k.ws, 0))
			go func() {
				time.Sleep(time.Millisecond)
				_, _ = o.commit("later", &store.Batch{})
			}()
			for len(o.log(store.LogQuery{After: 1})) == 0 {
				k.ok(w.Watch(ctx, k.ws, 1))
			}
			short, stop := context.WithTimeout(ctx, time.Millisecond)
			defer stop()
			for err := error(nil); ; err = w.Watch(short, k.ws, 2) {
				if err != nil {
					k.is(err, context.DeadlineExceeded)
					break
				}
			}
			time.AfterFunc(time.Millisecond, func() { o.s.Close() })
			for err := error(nil); ; err = w.Watch(ctx, k.ws, 2) {
				if err != nil {
					k.is(err, store.ErrClosed)
					break
				}
			}
			k.is(w.Watch(ctx, k.ws, 0), store.ErrClosed)
		}},
	}}
}
