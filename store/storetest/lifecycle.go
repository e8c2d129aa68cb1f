package storetest

import (
	"context"
	"errors"
	"time"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

func lifecycleCases() group {
	g := group{"Lifecycle", []testCase{
		{"close twice", "a second Close does nothing", func(k *kit) {
			s := k.harness.Open(k)
			k.ok(s.Close())
			k.ok(s.Close())
		}},
		{"close after use", "Close releases what the store holds, whatever was done", func(k *kit) {
			o := *k
			o.s = k.harness.Open(k)
			o.add(everything("a"))
			for range o.s.Scan(k.ctx, k.ws, "") {
				break
			}
			k.ok(o.s.Close())
		}},
		{"closed while a scan runs", "a scan that the Close overtakes ends, with ErrClosed or done", func(k *kit) {
			o := *k
			o.s = k.harness.Open(k)
			b := &store.Batch{}
			for i := range 2000 {
				b.Put = append(b.Put, put(number("c", i)))
			}
			o.apply(b)
			n := 0
			for _, err := range o.s.Scan(k.ctx, k.ws, "") {
				if err != nil {
					k.is(err, store.ErrClosed)
					continue
				}
				if n++; n == 1 {
					k.ok(o.s.Close())
				}
			}
		}},
		{"written while a scan runs", "who ranges over a scan may write meanwhile", func(k *kit) {
			k.add(person("a", "A"), person("b", "B"))
			var met ids
			for c, err := range k.s.Scan(k.ctx, k.ws, "") {
				k.ok(err)
				met = append(met, c.ID)
				k.apply(&store.Batch{Put: []store.Put{again(c.ID, 2, nil, nil)}})
			}
			k.equal("contacts", met, ids{"a", "b"})
		}},
		{"cancelled in the middle of a scan", "a context that ends makes a scan end with its error, once and last", func(k *kit) {
			b := &store.Batch{}
			for i := range 2000 {
				b.Put = append(b.Put, put(number("c", i)))
			}
			k.apply(b)
			ctx, cancel := context.WithCancel(k.ctx)
			defer cancel()
			n, last := 0, error(nil)
			for _, err := range k.s.Scan(ctx, k.ws, "") {
				if last != nil {
					k.Fatal("the scan went on after an error")
				}
				if last = err; err == nil {
					if n++; n == 1 {
						cancel()
					}
				}
			}
			k.is(last, context.Canceled)
			if n > 1500 {
				k.Errorf("%d contacts came after the context had ended", n-1)
			}
		}},
		{"a cancelled Apply writes nothing", "a context that ended before Apply leaves no trace", func(k *kit) {
			before := k.dump(k.ws)
			o := *k
			ctx, cancel := context.WithCancel(k.ctx)
			cancel()
			o.ctx = ctx
			_, err := o.try(&store.Batch{Put: []store.Put{put("a")}})
			k.is(err, context.Canceled)
			k.equal("the workspace", k.dump(k.ws), before)
		}},
		{"a deadline", "a deadline that passed is context.DeadlineExceeded", func(k *kit) {
			o := *k
			ctx, cancel := context.WithDeadline(k.ctx, time.Now().Add(-time.Second))
			defer cancel()
			o.ctx = ctx
			for name, call := range methods(k.s) {
				if err := call(&o, k.ws); !errors.Is(err, context.DeadlineExceeded) {
					k.Errorf("%s: %v", name, err)
				}
			}
		}},
		{"two stores are apart", "a new store is empty, whatever another holds", func(k *kit) {
			k.add(person("a", "A"))
			o := *k
			o.s = k.harness.Open(k)
			defer o.s.Close()
			k.equal("contacts", o.contacts("a"), []*contacts.Contact{nil})
		}},
	}}
	for _, name := range methodNames {
		g.cases = append(g.cases,
			testCase{name + " of a closed store", "a closed store answers ErrClosed", func(k *kit) {
				s := k.harness.Open(k)
				k.ok(methods(s)[name](k, k.ws))
				k.ok(s.Close())
				k.is(methods(s)[name](k, k.ws), store.ErrClosed)
			}},
			testCase{name + " with a cancelled context", "a context that ended answers its error", func(k *kit) {
				o := *k
				ctx, cancel := context.WithCancel(k.ctx)
				cancel()
				o.ctx = ctx
				k.is(methods(k.s)[name](&o, k.ws), context.Canceled)
			}})
	}
	return g
}

// reopenCases are for stores that keep what they were given.
func reopenCases() group {
	with := func(fn func(k *kit, reopen func())) func(k *kit) {
		return func(k *kit) {
			k.s = k.harness.Open(k)
			defer func() { k.s.Close() }()
			fn(k, func() { k.s = k.harness.Reopen(k, k.s) })
		}
	}
	return group{"Reopen", []testCase{
		{"everything is there", "what Apply answered for is there after the store was opened again, byte by byte", with(func(k *kit, reopen func()) {
			b := goodBatch(k)
			k.apply(b)
			history(k.in(k.ws + "2"))
			before, before2 := k.dump(k.ws), k.dump(k.ws+"2")
			for range 2 {
				reopen()
				k.equal("the workspace", k.dump(k.ws), before)
				k.equal("the other workspace", k.dump(k.ws+"2"), before2)
			}
		})},
		{"the log goes on", "Seq and chain go on where they were", with(func(k *kit, reopen func()) {
			k.apply(&store.Batch{})
			reopen()
			k.equal("seq", k.apply(&store.Batch{Seq: 2}).Seq, int64(2))
			reopen()
			k.equal("seq", k.apply(&store.Batch{}).Seq, int64(3))
			k.equal("entries", len(k.verify(k.ws)), 3)
		})},
		{"replays are known", "a batch that was applied before is known after, too", with(func(k *kit, reopen func()) {
			b := &store.Batch{Act: k.act(), Part: 4, Put: []store.Put{put("a")}}
			k.apply(b)
			reopen()
			k.equal("answer", k.apply(b), store.Result{Seq: 1, Replayed: true})
		})},
		{"conditions hold", "revisions, unique keys, records and undo marks are still checked", with(func(k *kit, reopen func()) {
			k.apply(&store.Batch{Put: []store.Put{put("a", phone("+1"))}, Records: []store.RecordPut{rec("label", "x", 0, "1")}})
			k.undo("act-001")
			reopen()
			k.conflict(&store.Batch{Put: []store.Put{put("a")}})
			k.conflict(&store.Batch{Put: []store.Put{put("b", phone("+1"))}, Unique: []contacts.KeyKind{contacts.PhoneKey}})
			k.conflict(&store.Batch{Records: []store.RecordPut{rec("label", "x", 0, "2")}})
			k.conflict(&store.Batch{Act: contacts.Act{Undoes: "act-001"}})
		})},
	}}
}
