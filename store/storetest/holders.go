package storetest

import (
	"crypto/sha256"
	"fmt"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// holders asks with the store's own way and without it, checks that the
// answers are the same, and returns the ids. Every contact must be one of the
// caller's own.
func (k *kit) holders(keys ...contacts.Key) [][]contacts.ID {
	k.Helper()
	var got [2][][]*contacts.Contact
	for i, st := range []store.Store{k.s, plain{k.s}} {
		var err error
		if got[i], err = store.Holders(k.ctx, st, k.ws, keys...); err != nil {
			k.Fatal(err)
		}
	}
	k.equal("with and without HolderReader", got[0], got[1])
	out := make([][]contacts.ID, len(keys))
	seen := map[*contacts.Contact]bool{}
	for _, lists := range got {
		for i, list := range lists {
			out[i] = nil
			for _, c := range list {
				if seen[c] {
					k.Errorf("contact %s is answered twice in one piece", c.ID)
				}
				seen[c] = true
				out[i] = append(out[i], c.ID)
			}
		}
	}
	return out
}

// uuid is an id of the usual form with the 16 bytes given.
func uuid(b []byte) contacts.ID {
	return contacts.ID(fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:16]))
}

func holderCases() group {
	a, b := uuid([]byte("aaaaaaaaaaaaaaaa")), uuid([]byte("bbbbbbbbbbbbbbbb"))
	return group{"Holders", []testCase{
		{"whole contacts", "who holds a key comes as it is in the store", func(k *kit) {
			for _, id := range (ids{a, "c"}) {
				c := everything(id)
				k.add(c)
				for _, key := range contacts.Keys(nil, c) {
					k.holders(key)
				}
				lists, err := store.Holders(k.ctx, k.s, k.ws, contacts.Keys(nil, c)...)
				k.ok(err)
				for _, list := range lists {
					k.equal("holder", list[len(list)-1], c)
				}
			}
		}},
		{"one answer for each key", "the answers stand in the order of the keys, repeated ones too; nobody is nil", func(k *kit) {
			k.apply(&store.Batch{Put: []store.Put{put(a, phone("+1")), put(b, phone("+2"), email("b@x")), put("c", phone("+4"))}})
			k.equal("a few", k.holders(email("b@x"), phone("+1"), phone("+3"), phone("+1")), [][]contacts.ID{{b}, {a}, nil, {a}})
			k.equal("more", k.holders(email("b@x"), phone("+1"), phone("+3"), phone("+2"), phone("+1"), phone("+4"), email("+4")),
				[][]contacts.ID{{b}, {a}, nil, {b}, {a}, {"c"}, nil})
			k.equal("none", k.holders(), [][]contacts.ID{})
			k.equal("nobody", k.holders(phone("+9")), [][]contacts.ID{nil})
		}},
		{"many holders", "the number of holders is not limited; they ascend by id", func(k *kit) {
			batch := &store.Batch{Put: []store.Put{put(b, phone("+1")), put(a, phone("+1"), phone("+2"))}}
			want := ids{a, b}
			for i := range 700 {
				id := number("c", i)
				batch.Put, want = append(batch.Put, put(id, phone("+1"))), append(want, id)
			}
			k.apply(batch)
			k.equal("holders", k.holders(phone("+2"), phone("+1")), [][]contacts.ID{{a}, sortedIDs(want)})
		}},
		{"decided by Add and Drop", "who no longer holds a key is not answered, whatever it contains; others are whatever their state", func(k *kit) {
			k.apply(&store.Batch{Put: []store.Put{put(a, phone("+1")), put(b, phone("+1"))}})
			gone := again(b, 2, nil, nil)
			gone.Contact.State = contacts.Deleted
			k.apply(&store.Batch{Put: []store.Put{again(a, 2, nil, list(phone("+1"))), gone}})
			k.equal("holders", k.holders(phone("+1")), [][]contacts.ID{{b}})
		}},
		{"ids like digests", "an id that looks like the digest of a key leads nowhere else", func(k *kit) {
			batch := &store.Batch{}
			var keys []contacts.Key
			for i := range 40 { // about half of them stand before the key whose digest they are
				key := phone(string(number("+1", i)))
				h := sha256.Sum256([]byte(string(key.Kind) + "\x00" + key.Value))
				keys = append(keys, key)
				batch.Put = append(batch.Put, put(uuid(h[:]), phone(string(number("+2", i)))), put(number("c", i), key))
			}
			k.apply(batch)
			for i, key := range keys {
				k.equal(key.Value, k.holders(key), [][]contacts.ID{{number("c", i)}})
			}
		}},
		{"many contacts", "everybody is found in a large workspace", func(k *kit) {
			batch := &store.Batch{}
			for i := range 3000 {
				h := sha256.Sum256([]byte{byte(i), byte(i >> 8)})
				batch.Put = append(batch.Put, put(uuid(h[:]), phone(string(number("+1", i)))))
			}
			k.apply(batch)
			for i := 0; i < len(batch.Put); i += 149 {
				p := &batch.Put[i]
				k.equal(p.Add[0].Value, k.holders(p.Add[0], email("none")), [][]contacts.ID{{p.Contact.ID}, nil})
			}
		}},
		{"while a key changes hands", "a key that is handed on has one holder at each moment, and he is one who held it", func(k *kit) {
			key := phone("+1")
			k.apply(&store.Batch{Put: []store.Put{put(a, key), put(b)}})
			const rounds = 60
			done := make(chan struct{})
			together(4, func(w int) {
				if w == 0 {
					defer close(done)
					for rev := int64(2); rev < rounds; rev++ {
						from, to := a, b
						if rev%2 == 1 {
							from, to = b, a
						}
						_, err := k.commit(fmt.Sprint("hand", rev), &store.Batch{Put: []store.Put{again(from, rev, nil, list(key)), again(to, rev, list(key), nil)}})
						if err != nil {
							k.Error(err)
							return
						}
					}
					return
				}
				for last := int64(0); ; {
					select {
					case <-done:
						return
					default:
					}
					var st store.Store = plain{k.s}
					if w > 1 {
						st = k.s
					}
					lists, err := store.Holders(k.ctx, st, k.ws, key)
					if err != nil || len(lists[0]) != 1 || lists[0][0].Rev < last {
						k.Errorf("after revision %d: %v, %v", last, lists, err)
						return
					}
					last = lists[0][0].Rev
				}
			})
		}},
		{"bad arguments", "malformed keys and workspaces are ErrInvalid", func(k *kit) {
			for _, st := range []store.Store{k.s, plain{k.s}} {
				_, err := store.Holders(k.ctx, st, k.ws, phone("+1"), contacts.Key{Kind: contacts.PhoneKey})
				k.is(err, store.ErrInvalid)
				_, err = store.Holders(k.ctx, st, "", phone("+1"))
				k.is(err, store.ErrInvalid)
			}
		}},
	}}
}
