package storetest

import (
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// hostileCases puts every hostile text into every place that holds text: each
// comes back byte by byte, and none is taken for another.
func hostileCases() group {
	contact := func(edit func(c *contacts.Contact, s string)) func(k *kit) {
		return func(k *kit) {
			b := &store.Batch{}
			var want []*contacts.Contact
			var all ids
			for i, s := range hostile {
				c := everything(number("c", i))
				edit(c, s)
				c.Normalize()
				want, all = append(want, c), append(all, c.ID)
				b.Put = append(b.Put, create(c))
			}
			k.apply(b)
			k.equal("contacts", k.contacts(all...), want)
		}
	}
	const rule = "texts come back byte by byte; case, padding, composition, quotes and wildcards have no meaning to a store"
	return group{"Hostile text", []testCase{
		{"in ids", rule, func(k *kit) {
			b := &store.Batch{}
			var want []*contacts.Contact
			var all ids
			for _, s := range hostile {
				c := person(contacts.ID(s), s)
				want, all = append(want, c), append(all, c.ID)
				b.Put = append(b.Put, create(c))
			}
			k.apply(b)
			k.equal("contacts", k.contacts(all...), want)
			k.equal("scan", k.scan(""), sortedIDs(all))
			for _, id := range all {
				k.apply(&store.Batch{Put: []store.Put{again(id, 2, nil, nil)}})
			}
			k.equal("count", len(k.scan("")), len(all))
		}},
		{"in names", rule, contact(func(c *contacts.Contact, s string) { c.FirstName, c.LastName, c.Company = s, "<"+s+">", s+" "+s })},
		{"in addresses", rule, contact(func(c *contacts.Contact, s string) { c.Address.Street, c.Address.City, c.Address.ZipCode = s, s, s })},
		{"in phones", rule, contact(func(c *contacts.Contact, s string) { c.Phones[0].Phone = contacts.MakePhone("+85291234567", s) })},
		{"in emails", rule, contact(func(c *contacts.Contact, s string) {
			c.Emails[0].Email = contacts.MakeEmail(s+"@X.example", s+"@x.example")
		})},
		{"in socials", rule, contact(func(c *contacts.Contact, s string) { c.Socials[0].Handle = s })},
		{"in labels", rule, contact(func(c *contacts.Contact, s string) { c.Labels = append([]string{s}, hostile...) })},
		{"in custom fields", rule, contact(func(c *contacts.Contact, s string) {
			c.Custom[s], c.Custom["x"] = contacts.MakeValue(contacts.TextField, "1"), contacts.MakeValue(contacts.TextField, s)
		})},
		{"in external ids", rule, contact(func(c *contacts.Contact, s string) { c.ExternalIDs[s], c.ExternalIDs["x"] = "1", s })},
		{"in verifications", rule, contact(func(c *contacts.Contact, s string) {
			c.Phones[0].Verified = contacts.NewVerification(s, clock(1), s)
		})},
		{"in external keys", rule, func(k *kit) {
			b := &store.Batch{}
			for i, s := range hostile {
				b.Put = append(b.Put, put(number("c", i), contacts.Key{Kind: contacts.ExternalKey(s), Value: "1"}, contacts.Key{Kind: "x", Value: s}))
			}
			k.apply(b)
			for i, s := range hostile {
				got := k.lookup(contacts.Key{Kind: contacts.ExternalKey(s), Value: "1"}, contacts.Key{Kind: "x", Value: s})
				k.equal(s, got, [][]contacts.ID{{number("c", i)}, {number("c", i)}})
			}
		}},
		{"in changes", rule, func(k *kit) {
			var changes []contacts.Change
			for _, s := range hostile {
				changes = append(changes, contacts.Change{Contact: contacts.ID(s), Path: "custom." + s, Old: s, New: s + s, From: contacts.ID(s)},
					contacts.Change{Contact: "a", Path: s, New: s})
			}
			k.apply(&store.Batch{Changes: changes})
			k.equal("changes", k.log(store.LogQuery{})[0].Changes, changes)
			for i, s := range hostile {
				if s != "a" {
					k.equal(s, k.log(store.LogQuery{Contact: contacts.ID(s)})[0].Changes, changes[2*i:2*i+1])
				}
			}
		}},
		{"in acts", rule, func(k *kit) {
			for i, s := range hostile {
				act := contacts.Act{ID: contacts.ID(s), Kind: contacts.ActKind(s), Actor: contacts.ID(s), Source: s, At: clock(i)}
				k.apply(&store.Batch{Act: act})
				act.Seq = int64(i + 1)
				k.equal(s, k.actsOf(store.ActQuery{IDs: ids{act.ID}}), []contacts.Act{act})
			}
		}},
		{"in activities", rule, func(k *kit) {
			var list []contacts.Activity
			for i, s := range hostile {
				list = append(list, contacts.Activity{ID: contacts.ID(s), Contact: "a", Kind: contacts.ActivityKind(s), At: clock(1000 - i), Status: contacts.EnquiryStatus(s),
					Ref: s, Channel: s, Agents: ids{contacts.ID(s), "x"}, Destination: s, URL: s, Text: s})
			}
			k.record(list...)
			k.equal("activities", k.activities(store.ActivityQuery{Contacts: ids{"a"}, Limit: 1000}), list)
			for i, s := range hostile {
				q := store.ActivityQuery{Contacts: ids{"a"}, Ref: s, Kinds: []contacts.ActivityKind{contacts.ActivityKind(s)}}
				k.equal(s, k.activities(q), list[i:i+1])
			}
		}},
		{"in an act that is undone", rule, func(k *kit) {
			for i, s := range hostile {
				k.apply(&store.Batch{Act: contacts.Act{ID: contacts.ID(s), Kind: contacts.ActEdit, At: clock(i)}})
			}
			for i, s := range hostile {
				k.undo(contacts.ID(s))
				down := 0
				for _, a := range k.actsOf(store.ActQuery{Limit: 1000}) {
					if a.UndoneBy != "" {
						down++
					}
				}
				k.equal(s, down, i+1)
			}
		}},
	}}
}
