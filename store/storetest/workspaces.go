package storetest

import (
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// in returns the kit for another workspace of the same case.
func (k *kit) in(ws string) *kit {
	o := *k
	o.ws, o.acts = ws, 0
	return &o
}

// methods are all the calls of a store, with arguments that are in order.
func methods(s store.Store) map[string]func(k *kit, ws string) error {
	return map[string]func(k *kit, ws string) error{
		"Contacts": func(k *kit, ws string) error { _, err := s.Contacts(k.ctx, ws, "a"); return err },
		"Lookup":   func(k *kit, ws string) error { _, err := s.Lookup(k.ctx, ws, phone("+1")); return err },
		"Scan": func(k *kit, ws string) (last error) {
			for c, err := range s.Scan(k.ctx, ws, "") {
				if last != nil {
					k.Error("Scan went on after an error")
				}
				if last = err; err != nil && c != nil {
					k.Error("Scan yielded a contact with an error")
				}
			}
			return last
		},
		"Log":  func(k *kit, ws string) error { _, err := s.Log(k.ctx, ws, store.LogQuery{}); return err },
		"Acts": func(k *kit, ws string) error { _, err := s.Acts(k.ctx, ws, store.ActQuery{}); return err },
		"Activities": func(k *kit, ws string) error {
			_, err := s.Activities(k.ctx, ws, store.ActivityQuery{Contacts: ids{"a"}})
			return err
		},
		"Records": func(k *kit, ws string) error { _, err := s.Records(k.ctx, ws, "label"); return err },
		"Apply": func(k *kit, ws string) error {
			_, err := s.Apply(k.ctx, ws, &store.Batch{Act: contacts.Act{ID: "act-m", Kind: contacts.ActEdit, At: clock(1)}, Part: 1})
			return err
		},
	}
}

func workspaceCases() group {
	g := group{"Workspaces", []testCase{
		{"contacts stay inside", "nothing crosses a workspace: the same id is another contact", func(k *kit) {
			x, y := k.in(k.ws+"x"), k.in(k.ws+"y")
			x.add(person("a", "X"))
			k.equal("y", y.contacts("a"), []*contacts.Contact{nil})
			y.add(person("a", "Y"), person("b", "Y"))
			k.equal("x", x.contacts("a", "b"), []*contacts.Contact{person("a", "X"), nil})
			k.equal("scan", x.scan(""), ids{"a"})
		}},
		{"keys stay inside", "a key is held in its own workspace alone, uniqueness too", func(k *kit) {
			x, y := k.in(k.ws+"x"), k.in(k.ws+"y")
			unique := []contacts.KeyKind{contacts.PhoneKey}
			x.apply(&store.Batch{Put: []store.Put{put("a", phone("+1"))}, Unique: unique})
			k.equal("y", y.lookup(phone("+1")), [][]contacts.ID{nil})
			y.apply(&store.Batch{Put: []store.Put{put("b", phone("+1"))}, Unique: unique})
			k.equal("x", x.lookup(phone("+1")), [][]contacts.ID{{"a"}})
		}},
		{"the log stays inside", "each workspace counts its own entries", func(k *kit) {
			x, y := k.in(k.ws+"x"), k.in(k.ws+"y")
			x.apply(&store.Batch{})
			k.equal("seq", x.apply(&store.Batch{}).Seq, int64(2))
			k.equal("seq", y.apply(&store.Batch{Seq: 1, Changes: []contacts.Change{{Contact: "a"}}}).Seq, int64(1))
			k.equal("x", x.seqs(store.LogQuery{}), []int64{1, 2})
			k.equal("contact", x.seqs(store.LogQuery{Contact: "a"}), []int64(nil))
		}},
		{"acts stay inside", "an act of one workspace neither replays nor is undone in another", func(k *kit) {
			x, y := k.in(k.ws+"x"), k.in(k.ws+"y")
			act := x.act()
			x.apply(&store.Batch{Act: act})
			k.equal("y", len(y.actsOf(store.ActQuery{IDs: ids{act.ID}})), 0)
			y.acts = 1
			y.refused(&store.Batch{Act: contacts.Act{Undoes: act.ID}}, store.ErrNotFound)
			k.equal("answer", y.apply(&store.Batch{Act: act}), store.Result{Seq: 1})
			y.undo(act.ID)
			k.equal("x", x.actsOf(store.ActQuery{})[0].UndoneBy, contacts.ID(""))
		}},
		{"activities stay inside", "the same id is another activity", func(k *kit) {
			x, y := k.in(k.ws+"x"), k.in(k.ws+"y")
			x.record(call("v", "a", 1))
			y.record(call("v", "b", 2))
			k.equal("x", x.timeline(store.ActivityQuery{Contacts: ids{"a", "b"}}), ids{"v"})
			k.equal("x", x.activities(store.ActivityQuery{IDs: ids{"v"}}), []contacts.Activity{call("v", "a", 1)})
			k.equal("y", y.activities(store.ActivityQuery{IDs: ids{"v"}}), []contacts.Activity{call("v", "b", 2)})
		}},
		{"records stay inside", "the same name is another record", func(k *kit) {
			x, y := k.in(k.ws+"x"), k.in(k.ws+"y")
			x.write(rec("label", "a", 0, "X"))
			y.write(rec("label", "a", 0, "Y"))
			y.write(store.RecordPut{Kind: "label", Key: "a", Base: 1})
			k.equal("x", string(x.records("label")[0].Body), "X")
		}},
		{"names by bytes", "names of workspaces are compared byte by byte", func(k *kit) {
			for _, s := range hostile {
				k.in(k.ws + s).add(person("a", "<"+s+">"))
			}
			for _, s := range hostile {
				k.equal(s, k.in(k.ws + s).contacts("a")[0].LastName, "<"+s+">")
			}
		}},
		{"bare names", "a name is any text of 1 to 255 bytes", func(k *kit) {
			for i, ws := range []string{" ", "%", "'", "a", "A", "a ", strings.Repeat("w", store.MaxWorkspace-1) + "1", strings.Repeat("w", store.MaxWorkspace-1) + "2"} {
				k.in(ws).add(person(number("bare", i), "x"))
				k.equal(ws, k.in(ws).scan(""), ids{number("bare", i)})
			}
		}},
		{"a prefix is another name", "names that begin alike are apart", func(k *kit) {
			k.in(k.ws + "ab").add(person("c", "1"))
			k.in(k.ws + "a").add(person("bc", "2"))
			k.equal("ab", k.in(k.ws+"ab").scan(""), ids{"c"})
			k.equal("a", k.in(k.ws+"a").scan(""), ids{"bc"})
		}},
	}}
	for _, name := range methodNames {
		g.cases = append(g.cases, testCase{name + " refuses malformed names", "an empty or malformed workspace is ErrInvalid", func(k *kit) {
			for _, ws := range malformed(store.MaxWorkspace) {
				k.is(methods(k.s)[name](k, ws), store.ErrInvalid)
			}
		}})
	}
	return g
}

var methodNames = []string{"Contacts", "Lookup", "Scan", "Log", "Acts", "Activities", "Records", "Apply"}
