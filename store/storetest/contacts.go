package storetest

import (
	"strings"
	"time"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

func contactCases() group {
	return group{"Contacts", []testCase{
		{"comes back as it was", "a contact is stored as it is, every field of it", func(k *kit) {
			want := everything("c")
			k.add(want)
			k.equal("contact", k.contacts("c")[0], want)
		}},
		{"minimal", "a contact needs no more than an id and a revision", func(k *kit) {
			want := &contacts.Contact{ID: "c", Rev: 1}
			k.add(want)
			k.equal("contact", k.contacts("c")[0], want)
		}},
		{"whatever the state", "reads answer contacts whatever their state", func(k *kit) {
			var want []*contacts.Contact
			for i, s := range []contacts.State{contacts.Live, contacts.Deleted, contacts.Merged, contacts.Erased} {
				c := person(contacts.ID("c"+string(rune('0'+i))), "x")
				if c.State = s; s == contacts.Merged {
					c.MergedInto = "c0"
				}
				want = append(want, c)
			}
			k.add(want...)
			k.equal("contacts", k.contacts("c0", "c1", "c2", "c3"), want)
		}},
		{"in the order of ids", "the answer has one place for each id, in their order", func(k *kit) {
			a, b, c := person("a", "A"), person("b", "B"), person("c", "C")
			k.add(a, b, c)
			k.equal("contacts", k.contacts("c", "a", "b", "a"), []*contacts.Contact{c, a, b, a})
		}},
		{"the same id twice gives two copies", "no two answers share memory", func(k *kit) {
			k.add(everything("a"))
			list := k.contacts("a", "a")
			list[0].Labels[0] = "changed"
			k.equal("the other copy", list[1], everything("a"))
		}},
		{"nil where there is none", "a contact that is not there is nil, and no error", func(k *kit) {
			a := person("a", "A")
			k.add(a)
			k.equal("contacts", k.contacts("x", "a", "y"), []*contacts.Contact{nil, a, nil})
		}},
		{"nil in an empty workspace", "a workspace that nothing was written to is empty, not unknown", func(k *kit) {
			k.equal("contacts", k.contacts("x", "y"), []*contacts.Contact{nil, nil})
		}},
		{"no ids", "no ids, no contacts, no error", func(k *kit) {
			k.add(person("a", "A"))
			k.contacts()
		}},
		{"many ids", "the number of ids is not limited", func(k *kit) {
			var ids []contacts.ID
			b := &store.Batch{}
			for i := range 2500 {
				c := person(number("c", i), "x")
				ids = append(ids, c.ID)
				b.Put = append(b.Put, create(c))
			}
			k.apply(b)
			for i, c := range k.contacts(ids...) {
				if c == nil || c.ID != ids[i] {
					k.Fatalf("place %d has %s, want %q", i, encode(c), ids[i])
				}
			}
		}},
		{"does not follow merged contacts", "Contacts does not follow merged contacts", func(k *kit) {
			survivor, gone := person("a", "A"), person("b", "B")
			gone.State, gone.MergedInto = contacts.Merged, "a"
			k.add(survivor, gone)
			k.equal("contact", k.contacts("b")[0], gone)
		}},
		{"an update replaces", "after Apply returned, reads see what it wrote and nothing older", func(k *kit) {
			old := everything("c")
			k.add(old)
			p := update(old, func(c *contacts.Contact) {
				c.LastName, c.Labels, c.Custom, c.Phones = "New", nil, nil, nil
			})
			k.apply(&store.Batch{Put: []store.Put{p}})
			k.equal("contact", k.contacts("c")[0], p.Contact)
		}},
		{"what went in is a copy", "a store never shares memory with its callers", func(k *kit) {
			c := everything("c")
			k.add(c)
			c.LastName, c.Labels[0], c.Phones[0].Primary = "changed", "changed", false
			c.Custom["tier"], c.ExternalIDs["crm"] = contacts.Value{}, "changed"
			k.equal("contact", k.contacts("c")[0], everything("c"))
		}},
		{"what came out is a copy", "a store never shares memory with its callers", func(k *kit) {
			k.add(everything("c"))
			c := k.contacts("c")[0]
			c.LastName, c.Labels[0], c.Emails[0].Primary = "changed", "changed", false
			delete(c.Custom, "tier")
			c.ExternalIDs["new"] = "changed"
			k.equal("contact", k.contacts("c")[0], everything("c"))
		}},
		{"the typed text stays beside the normal form", "what was typed is kept byte by byte", func(k *kit) {
			k.add(everything("c"))
			c := k.contacts("c")[0]
			k.equal("phone", c.Phones[0].Phone.Raw(), "+852 9123-4567")
			k.equal("email", c.Emails[0].Email.Address(), "Zoe.OBrien@Example.com")
		}},
		{"verifications stay", "a verification keeps its method, time and author", func(k *kit) {
			k.add(everything("c"))
			k.equal("verification", k.contacts("c")[0].Phones[0].Verified, contacts.NewVerification("sms", clock(9), "agent-1"))
		}},
		{"times to the microsecond in UTC", "times are UTC, to the microsecond, on every engine", func(k *kit) {
			c := person("c", "x")
			c.CreatedAt = time.Date(1969, 12, 31, 23, 59, 59, 999999000, time.UTC)
			c.UpdatedAt = time.Date(9999, 12, 31, 23, 59, 59, 1000, time.UTC)
			k.add(c)
			got := k.contacts("c")[0]
			if got.CreatedAt != c.CreatedAt || got.UpdatedAt != c.UpdatedAt {
				k.Errorf("got %v and %v, want %v and %v", got.CreatedAt, got.UpdatedAt, c.CreatedAt, c.UpdatedAt)
			}
		}},
		{"large values", "a contact may be as large as its rules allow", func(k *kit) {
			c := everything("c")
			c.Custom["text"] = contacts.MakeValue(contacts.TextField, strings.Repeat("長", contacts.MaxText))
			c.Phones, c.Labels = nil, nil
			for i := range contacts.MaxValues {
				c.Phones = append(c.Phones, contacts.ContactPhone{Kind: contacts.OtherPhone, Phone: contacts.MustParsePhone("+8529" + string(number("", i)))})
				c.Labels = append(c.Labels, string(number("label", i)))
			}
			k.add(c.Normalize())
			k.equal("contact", k.contacts("c")[0], c)
		}},
		{"the longest id", "an id has up to 255 bytes, all of which count", func(k *kit) {
			long := strings.Repeat("x", store.MaxID-1)
			a, b := person(contacts.ID(long+"a"), "A"), person(contacts.ID(long+"b"), "B")
			k.add(a, b)
			k.equal("contacts", k.contacts(b.ID, a.ID), []*contacts.Contact{b, a})
		}},
		{"malformed ids", "a malformed id is ErrInvalid, wherever it stands", func(k *kit) {
			for _, id := range malformed(store.MaxID) {
				_, err := k.s.Contacts(k.ctx, k.ws, "good", contacts.ID(id))
				k.is(err, store.ErrInvalid)
			}
		}},
	}}
}

func scanCases() group {
	return group{"Scan", []testCase{
		{"ascending order of bytes", "ids are ordered byte by byte, never by a collation", func(k *kit) {
			want := []contacts.ID{" ", "-", "10", "2", "A", "B", "_", "a", "a ", "a-", "aa", "b", "z", "\u007f", "é", "ﬀ", "\U0001F600"}
			for i := range want {
				k.add(person(want[(i*7)%len(want)], "x"))
			}
			k.equal("ids", k.scan(""), want)
		}},
		{"after is exclusive", "the scan begins with the first id greater than after", func(k *kit) {
			k.add(person("a", ""), person("b", ""), person("c", ""))
			k.equal("after b", k.scan("b"), []contacts.ID{"c"})
			k.equal("after c", k.scan("c"), []contacts.ID(nil))
		}},
		{"after need not exist", "after is a place in the order, not a contact", func(k *kit) {
			k.add(person("a", ""), person("c", ""))
			k.equal("after b", k.scan("b"), []contacts.ID{"c"})
			k.equal("after 0", k.scan("0"), []contacts.ID{"a", "c"})
		}},
		{"nothing there", "an empty workspace has nothing to yield", func(k *kit) {
			k.equal("ids", k.scan(""), []contacts.ID(nil))
		}},
		{"whole contacts", "Scan yields contacts as Contacts answers them", func(k *kit) {
			k.add(everything("a"), person("b", "B"))
			var got []*contacts.Contact
			for c, err := range k.s.Scan(k.ctx, k.ws, "") {
				k.ok(err)
				got = append(got, c)
			}
			k.equal("contacts", got, k.contacts("a", "b"))
		}},
		{"whatever the state", "Scan yields contacts whatever their state", func(k *kit) {
			a, b := person("a", ""), person("b", "")
			a.State, b.State = contacts.Deleted, contacts.Erased
			k.add(a, b)
			k.equal("ids", k.scan(""), []contacts.ID{"a", "b"})
		}},
		{"thousands", "every contact comes exactly once however many there are", func(k *kit) {
			b := &store.Batch{}
			for i := range 3000 {
				b.Put = append(b.Put, create(person(number("c", (i*1237)%3000), "x")))
			}
			k.apply(b)
			ids := k.scan("")
			if len(ids) != 3000 {
				k.Fatalf("%d contacts, want 3000", len(ids))
			}
			for i, id := range ids {
				if id != number("c", i) {
					k.Fatalf("place %d has %q", i, id)
				}
			}
		}},
		{"may be ranged over again", "each range over the sequence reads anew", func(k *kit) {
			k.add(person("a", ""))
			seq := k.s.Scan(k.ctx, k.ws, "")
			count := func() (n int) {
				for _, err := range seq {
					k.ok(err)
					n++
				}
				return n
			}
			k.equal("first", count(), 1)
			k.add(person("b", ""))
			k.equal("second", count(), 2)
		}},
		{"break", "a caller may stop at any time and go on with the store", func(k *kit) {
			k.add(person("a", ""), person("b", ""))
			for range 50 {
				for range k.s.Scan(k.ctx, k.ws, "") {
					break
				}
			}
			k.add(person("c", ""))
		}},
		{"the loop may read and write", "the store holds nothing back while the caller's loop runs", func(k *kit) {
			const n = 700
			b := &store.Batch{}
			for i := range n {
				b.Put = append(b.Put, create(person(number("c", 2*i), "x")))
			}
			k.apply(b)
			seen := map[contacts.ID]int{}
			for c, err := range k.s.Scan(k.ctx, k.ws, "") {
				k.ok(err)
				if seen[c.ID]++; len(seen)%50 == 0 {
					k.contacts(c.ID)
					k.add(person(number("d", len(seen)), "after all"), person(number("b", len(seen)), "before all"))
				}
			}
			for i := range n {
				if seen[number("c", 2*i)] != 1 {
					k.Fatalf("%q came %d times", number("c", 2*i), seen[number("c", 2*i)])
				}
			}
		}},
		{"pages by after", "a scan can be continued after the last id of a page", func(k *kit) {
			for i := range 30 {
				k.add(person(number("c", i), "x"))
			}
			var got []contacts.ID
			for after := contacts.ID(""); ; {
				n := 0
				for c, err := range k.s.Scan(k.ctx, k.ws, after) {
					k.ok(err)
					got, after = append(got, c.ID), c.ID
					if n++; n == 7 {
						break
					}
				}
				if n < 7 {
					break
				}
			}
			k.equal("pages", got, k.scan(""))
		}},
		{"malformed after", "a malformed argument is ErrInvalid, the only thing yielded", func(k *kit) {
			k.add(person("a", ""))
			for c, err := range k.s.Scan(k.ctx, k.ws, "a\x00") {
				if c != nil {
					k.Error("a contact was yielded")
				}
				k.is(err, store.ErrInvalid)
			}
		}},
	}}
}
