package storetest

import (
	"strings"
	"sync"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

func phone(number string) contacts.Key { return contacts.Key{Kind: contacts.PhoneKey, Value: number} }
func email(address string) contacts.Key {
	return contacts.Key{Kind: contacts.EmailKey, Value: address}
}

// put is the Put of a new contact with the keys given, whatever it holds.
func put(id contacts.ID, add ...contacts.Key) store.Put {
	return store.Put{Contact: person(id, "x"), Add: add}
}

// again is the Put of the next revision of a contact from put.
func again(id contacts.ID, rev int64, add, drop []contacts.Key) store.Put {
	c := person(id, "x")
	c.Rev = rev
	return store.Put{Contact: c, Base: rev - 1, Add: add, Drop: drop}
}

type ids = []contacts.ID

func keyCases() group {
	return group{"Keys", []testCase{
		{"found by every key", "a contact is found by each of its identity keys", func(k *kit) {
			c := everything("c")
			k.add(c)
			for _, key := range contacts.Keys(nil, c) {
				k.equal(string(key.Kind), k.lookup(key), [][]contacts.ID{{"c"}})
			}
		}},
		{"one answer for each key", "the answers stand in the order of the keys, repeated ones too", func(k *kit) {
			k.apply(&store.Batch{Put: []store.Put{put("a", phone("+1")), put("b", phone("+2"), email("b@x"))}})
			got := k.lookup(email("b@x"), phone("+1"), phone("+3"), phone("+2"), phone("+1"))
			k.equal("answers", got, [][]contacts.ID{{"b"}, {"a"}, nil, {"b"}, {"a"}})
		}},
		{"holders ascend", "the holders of a key come in ascending order of id, by bytes", func(k *kit) {
			for _, id := range (ids{"é", "b", "a ", "B", "a", "10", "2"}) {
				k.apply(&store.Batch{Put: []store.Put{put(id, phone("+1"))}})
			}
			k.equal("holders", k.lookup(phone("+1")), [][]contacts.ID{{"10", "2", "B", "a", "a ", "b", "é"}})
		}},
		{"many holders", "the number of holders of a key is not limited", func(k *kit) {
			b := &store.Batch{}
			for i := range 1500 {
				b.Put = append(b.Put, put(number("c", i), phone("+1")))
			}
			k.apply(b)
			if n := len(k.lookup(phone("+1"))[0]); n != 1500 {
				k.Errorf("%d holders, want 1500", n)
			}
		}},
		{"no keys", "no keys, no answers, no error", func(k *kit) { k.lookup() }},
		{"in an empty workspace", "a key that nobody holds has an empty answer", func(k *kit) {
			k.equal("answers", k.lookup(phone("+1")), [][]contacts.ID{nil})
		}},
		{"many keys", "the number of keys of one call is not limited", func(k *kit) {
			var keys []contacts.Key
			b := &store.Batch{}
			for i := range 2500 {
				key := phone(string(number("+1", i)))
				keys = append(keys, key)
				b.Put = append(b.Put, put(number("c", i), key))
			}
			k.apply(b)
			for i, list := range k.lookup(keys...) {
				if len(list) != 1 || list[0] != number("c", i) {
					k.Fatalf("key %d is held by %v", i, list)
				}
			}
		}},
		{"batches of many sizes", "whatever the sizes of the batches that add and drop keys, each is held by whom it should", manyKeys},
		{"decided by Add and Drop", "Add and Drop decide who holds a key, not what the contact contains", func(k *kit) {
			c := withPhone(person("c", "x"), "+85291234567")
			k.apply(&store.Batch{Put: []store.Put{{Contact: c, Add: []contacts.Key{phone("+1")}}}})
			k.equal("answers", k.lookup(phone("+85291234567"), phone("+1")), [][]contacts.ID{nil, {"c"}})
		}},
		{"a write keeps the other keys", "a write that does not drop a key leaves it", func(k *kit) {
			k.apply(&store.Batch{Put: []store.Put{put("a", phone("+1"), phone("+2"))}})
			k.apply(&store.Batch{Put: []store.Put{again("a", 2, list(phone("+3")), list(phone("+1")))}})
			k.equal("answers", k.lookup(phone("+1"), phone("+2"), phone("+3")), [][]contacts.ID{nil, {"a"}, {"a"}})
		}},
		{"add what is held", "adding a key that the contact holds changes nothing", func(k *kit) {
			k.apply(&store.Batch{Put: []store.Put{put("a", phone("+1"), phone("+1"))}})
			k.apply(&store.Batch{Put: []store.Put{again("a", 2, list(phone("+1")), nil)}})
			k.equal("answers", k.lookup(phone("+1")), [][]contacts.ID{{"a"}})
			k.apply(&store.Batch{Put: []store.Put{again("a", 3, nil, list(phone("+1")))}})
			k.equal("after one drop", k.lookup(phone("+1")), [][]contacts.ID{nil})
		}},
		{"drop what is not held", "dropping a key that the contact does not hold changes nothing", func(k *kit) {
			k.apply(&store.Batch{Put: []store.Put{put("a", phone("+1")), put("b")}})
			k.apply(&store.Batch{Put: []store.Put{again("b", 2, nil, list(phone("+1"), phone("+2")))}})
			k.equal("answers", k.lookup(phone("+1")), [][]contacts.ID{{"a"}})
		}},
		{"drop one of several", "dropping a key takes it from that contact alone", func(k *kit) {
			k.apply(&store.Batch{Put: []store.Put{put("a", phone("+1")), put("b", phone("+1")), put("c", phone("+1"))}})
			k.apply(&store.Batch{Put: []store.Put{again("b", 2, nil, list(phone("+1")))}})
			k.equal("answers", k.lookup(phone("+1")), [][]contacts.ID{{"a", "c"}})
			k.apply(&store.Batch{Put: []store.Put{again("a", 2, nil, list(phone("+1")))}})
			k.equal("answers", k.lookup(phone("+1")), [][]contacts.ID{{"c"}})
		}},
		{"kinds are apart", "a key is its kind and its value", func(k *kit) {
			keys := []contacts.Key{phone("1"), {Kind: contacts.WhatsAppKey, Value: "1"}, {Kind: contacts.ExternalKey("crm"), Value: "1"},
				{Kind: contacts.ExternalKey("CRM"), Value: "1"}, {Kind: contacts.CustomKey("crm"), Value: "1"}, {Kind: "external:cr", Value: "m1"}}
			want := make([][]contacts.ID, len(keys))
			for i, key := range keys {
				id := number("c", i)
				k.apply(&store.Batch{Put: []store.Put{put(id, key)}})
				want[i] = ids{id}
			}
			k.equal("answers", k.lookup(keys...), want)
		}},
		{"values compare by bytes", "values of keys are compared byte by byte", func(k *kit) {
			b := &store.Batch{}
			var keys []contacts.Key
			var want [][]contacts.ID
			for i, s := range hostile {
				id := number("c", i)
				keys, want = append(keys, email(s)), append(want, ids{id})
				b.Put = append(b.Put, put(id, email(s)))
			}
			k.apply(b)
			k.equal("answers", k.lookup(keys...), want)
		}},
		{"long values", "a value has any length, all of it counts", func(k *kit) {
			long := strings.Repeat("長い", 5000)
			k.apply(&store.Batch{Put: []store.Put{put("a", email(long+"a")), put("b", email(long+"b"))}})
			k.equal("answers", k.lookup(email(long+"b"), email(long+"a"), email(long)), [][]contacts.ID{{"b"}, {"a"}, nil})
		}},
		{"malformed keys", "a key without kind or value, or with NUL, is ErrInvalid", func(k *kit) {
			var keys []contacts.Key
			for _, s := range append(unstorable(), "") {
				keys = append(keys, phone(s), contacts.Key{Kind: contacts.KeyKind(s), Value: "1"})
			}
			for _, key := range append(keys, contacts.Key{Kind: contacts.KeyKind(strings.Repeat("k", store.MaxName+1)), Value: "1"}) {
				_, err := k.s.Lookup(k.ctx, k.ws, phone("+1"), key)
				k.is(err, store.ErrInvalid)
			}
		}},
	}}
}

func list(keys ...contacts.Key) []contacts.Key { return keys }

func uniqueCases() group {
	unique := []contacts.KeyKind{contacts.PhoneKey}
	return group{"Unique", []testCase{
		{"a taken key is a conflict", "the conflict names the holder and the kind, and nothing is written", func(k *kit) {
			k.apply(&store.Batch{Put: []store.Put{put("a", phone("+1"))}})
			e := k.conflict(&store.Batch{Put: []store.Put{put("c"), put("b", phone("+1"))}, Unique: unique})
			k.equal("holders", e.IDs, ids{"a"})
			k.equal("kinds", e.Keys, unique)
		}},
		{"only kinds that are named", "kinds that Unique does not name may have many holders", func(k *kit) {
			k.apply(&store.Batch{Put: []store.Put{put("a", email("x"))}})
			k.apply(&store.Batch{Put: []store.Put{put("b", email("x"))}, Unique: unique})
			k.equal("holders", k.lookup(email("x")), [][]contacts.ID{{"a", "b"}})
		}},
		{"only keys that are added", "a key that was shared before and is not added does not count", func(k *kit) {
			k.apply(&store.Batch{Put: []store.Put{put("a", phone("+1")), put("b", phone("+1"))}})
			k.apply(&store.Batch{Put: []store.Put{again("a", 2, list(phone("+2")), nil)}, Unique: unique})
		}},
		{"twice in one batch", "two contacts of one batch cannot both get it", func(k *kit) {
			e := k.conflict(&store.Batch{Put: []store.Put{put("a", phone("+1")), put("b", phone("+1"))}, Unique: unique})
			k.equal("kinds", e.Keys, unique)
		}},
		{"the holder itself", "the contact that holds the key may add it again", func(k *kit) {
			k.apply(&store.Batch{Put: []store.Put{put("a", phone("+1"))}, Unique: unique})
			k.apply(&store.Batch{Put: []store.Put{again("a", 2, list(phone("+1")), nil)}, Unique: unique})
		}},
		{"handed over", "checked after all Adds and Drops: what one drops another may add", func(k *kit) {
			k.apply(&store.Batch{Put: []store.Put{put("a", phone("+1"))}, Unique: unique})
			k.apply(&store.Batch{Unique: unique, Put: []store.Put{put("b", phone("+1")), again("a", 2, nil, list(phone("+1")))}})
			k.equal("holders", k.lookup(phone("+1")), [][]contacts.ID{{"b"}})
		}},
		{"exchanged", "checked after all Adds and Drops: two contacts may swap keys", func(k *kit) {
			k.apply(&store.Batch{Put: []store.Put{put("a", phone("+1")), put("b", phone("+2"))}, Unique: unique})
			k.apply(&store.Batch{Unique: unique, Put: []store.Put{
				again("a", 2, list(phone("+2")), list(phone("+1"))), again("b", 2, list(phone("+1")), list(phone("+2"))),
			}})
			k.equal("holders", k.lookup(phone("+1"), phone("+2")), [][]contacts.ID{{"b"}, {"a"}})
		}},
		{"free again", "a key that was dropped can be taken", func(k *kit) {
			k.apply(&store.Batch{Put: []store.Put{put("a", phone("+1"))}, Unique: unique})
			k.apply(&store.Batch{Put: []store.Put{again("a", 2, nil, list(phone("+1")))}})
			k.apply(&store.Batch{Put: []store.Put{put("b", phone("+1"))}, Unique: unique})
		}},
		{"not freed by a failed batch", "a refused batch leaves its Drops undone too", func(k *kit) {
			k.apply(&store.Batch{Put: []store.Put{put("a", phone("+1"), phone("+2")), put("z", phone("+9"))}})
			k.conflict(&store.Batch{Unique: unique, Put: []store.Put{again("a", 2, list(phone("+9")), list(phone("+1")))}})
			k.conflict(&store.Batch{Unique: unique, Put: []store.Put{put("b", phone("+1"))}})
		}},
		{"by bytes", "uniqueness compares byte by byte: case, padding and accents make another key", func(k *kit) {
			b := &store.Batch{Unique: []contacts.KeyKind{contacts.EmailKey}}
			for i, s := range hostile {
				b.Put = append(b.Put, put(number("c", i), email(s)))
			}
			k.apply(b)
			for i, s := range hostile {
				e := k.conflict(&store.Batch{Unique: b.Unique, Put: []store.Put{put("new", email(s))}})
				k.equal("holder", e.IDs, ids{number("c", i)})
			}
		}},
		{"64 at once, one wins", "of many that create one unique key at the same time exactly one succeeds", func(k *kit) {
			const n = 64
			errs := make([]error, n)
			var wg sync.WaitGroup
			for i := range n {
				wg.Go(func() {
					p := put(number("c", i), phone("+1"))
					_, errs[i] = k.s.Apply(k.ctx, k.ws, &store.Batch{Act: contacts.Act{ID: number("act", i), Kind: contacts.ActCreate, At: clock(i)},
						Part: 1, Unique: unique, Put: []store.Put{p}, Changes: []contacts.Change{{Contact: p.Contact.ID}}})
				})
			}
			wg.Wait()
			won := 0
			for _, err := range errs {
				if err == nil {
					won++
				} else {
					k.is(err, store.ErrConflict)
				}
			}
			k.equal("winners", won, 1)
			k.equal("contacts", len(k.scan("")), 1)
			k.equal("holders", len(k.lookup(phone("+1"))[0]), 1)
			k.equal("entries", len(k.log(store.LogQuery{})), 1)
		}},
	}}
}
