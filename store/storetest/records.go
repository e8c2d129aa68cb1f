package storetest

import (
	"github.com/extcontacts/extcontacts/store"
)

func rec(kind, key string, base int64, body string) store.RecordPut {
	return store.RecordPut{Kind: kind, Key: key, Base: base, Body: []byte(body)}
}

func (k *kit) write(list ...store.RecordPut) {
	k.Helper()
	k.apply(&store.Batch{Records: list})
}

func recordCases() group {
	rows := func(list ...store.Record) []store.Record { return list }
	return group{"Records", []testCase{
		{"as given", "a record comes back with its body, at revision 1", func(k *kit) {
			k.write(rec("label", "x", 0, "body"))
			k.equal("records", k.records("label", "x"), rows(store.Record{Kind: "label", Key: "x", Rev: 1, Body: []byte("body")}))
		}},
		{"any bytes", "a body is bytes: NUL and invalid UTF-8 too", func(k *kit) {
			body := make([]byte, 70000)
			for i := range body {
				body[i] = byte(i * 31)
			}
			k.write(store.RecordPut{Kind: "label", Key: "x", Body: body})
			k.equal("body", k.records("label")[0].Body, body)
		}},
		{"an empty body", "an empty body that is not nil is a record", func(k *kit) {
			k.write(store.RecordPut{Kind: "label", Key: "x", Body: []byte{}})
			got := k.records("label", "x")
			k.equal("records", len(got), 1)
			k.equal("body", len(got[0].Body), 0)
		}},
		{"ascending keys", "records come in ascending order of key, by bytes", func(k *kit) {
			for _, key := range []string{"é", "b", "a ", "B", "10", "a", "2", "\U0001F600", "ﬀ"} {
				k.write(rec("label", key, 0, key))
			}
			var got []string
			for _, r := range k.records("label") {
				got = append(got, r.Key)
			}
			k.equal("keys", got, []string{"10", "2", "B", "a", "a ", "b", "é", "ﬀ", "\U0001F600"})
		}},
		{"by keys", "with keys: those records, each once, in ascending order, leaving out the unknown", func(k *kit) {
			k.write(rec("label", "a", 0, "1"), rec("label", "b", 0, "2"), rec("label", "c", 0, "3"))
			var got []string
			for _, r := range k.records("label", "c", "nobody", "a", "c") {
				got = append(got, r.Key)
			}
			k.equal("keys", got, []string{"a", "c"})
		}},
		{"nothing there", "no records is an empty answer", func(k *kit) {
			k.equal("all", len(k.records("label")), 0)
			k.equal("one", len(k.records("label", "x")), 0)
		}},
		{"kinds are apart", "a record is its kind and its key", func(k *kit) {
			k.write(rec("label", "x", 0, "1"), rec("field", "x", 0, "2"), rec("labe", "lx", 0, "3"))
			k.equal("label", k.records("label"), rows(store.Record{Kind: "label", Key: "x", Rev: 1, Body: []byte("1")}))
			k.equal("field", k.records("field"), rows(store.Record{Kind: "field", Key: "x", Rev: 1, Body: []byte("2")}))
			k.equal("Label", len(k.records("Label")), 0)
		}},
		{"kinds and keys by bytes", "names are compared byte by byte", func(k *kit) {
			var list []store.RecordPut
			for _, s := range hostile {
				list = append(list, rec(s, "x", 0, s), rec("mark", s, 0, s))
			}
			k.write(list...)
			k.equal("marks", len(k.records("mark")), len(hostile))
			for _, s := range hostile {
				k.equal("kind", k.records(s), rows(store.Record{Kind: s, Key: "x", Rev: 1, Body: []byte(s)}))
				k.equal("key", k.records("mark", s), rows(store.Record{Kind: "mark", Key: s, Rev: 1, Body: []byte(s)}))
			}
		}},
		{"revisions", "each write adds one to the revision", func(k *kit) {
			k.write(rec("label", "x", 0, "1"))
			k.write(rec("label", "x", 1, "2"))
			k.write(rec("label", "x", 2, "2"))
			k.equal("records", k.records("label"), rows(store.Record{Kind: "label", Key: "x", Rev: 3, Body: []byte("2")}))
		}},
		{"a stale write", "a record at another revision than Base is a conflict that names it", func(k *kit) {
			k.write(rec("label", "x", 0, "1"), rec("label", "y", 0, "1"))
			k.write(rec("label", "x", 1, "2"))
			for _, base := range []int64{0, 1, 3} {
				e := k.conflict(&store.Batch{Records: []store.RecordPut{rec("label", "y", 1, "2"), rec("label", "x", base, "3")}})
				k.equal("records", e.Records, []string{"label/x"})
			}
		}},
		{"Base of a missing record", "a record that is not there has no revision", func(k *kit) {
			k.conflict(&store.Batch{Records: []store.RecordPut{rec("label", "x", 1, "1")}})
		}},
		{"AnyRev", "AnyRev: any revision will do, or none", func(k *kit) {
			k.write(rec("label", "x", store.AnyRev, "1"))
			k.write(rec("label", "x", store.AnyRev, "2"))
			k.equal("records", k.records("label"), rows(store.Record{Kind: "label", Key: "x", Rev: 2, Body: []byte("2")}))
		}},
		{"delete", "a nil Body deletes", func(k *kit) {
			k.write(rec("label", "x", 0, "1"), rec("label", "y", 0, "1"))
			k.write(store.RecordPut{Kind: "label", Key: "x", Base: 1})
			k.equal("one", len(k.records("label", "x")), 0)
			k.equal("all", k.records("label"), rows(store.Record{Kind: "label", Key: "y", Rev: 1, Body: []byte("1")}))
		}},
		{"delete at a stale revision", "a delete has the same condition as a write", func(k *kit) {
			k.write(rec("label", "x", 0, "1"))
			k.conflict(&store.Batch{Records: []store.RecordPut{{Kind: "label", Key: "x", Base: 2}}})
			k.conflict(&store.Batch{Records: []store.RecordPut{{Kind: "label", Key: "x", Base: 0}}})
			k.conflict(&store.Batch{Records: []store.RecordPut{{Kind: "label", Key: "y", Base: 1}}})
		}},
		{"delete what is not there", "deleting nothing is no error where Base allows it", func(k *kit) {
			k.write(store.RecordPut{Kind: "label", Key: "x", Base: store.AnyRev}, store.RecordPut{Kind: "label", Key: "y", Base: 0})
			k.equal("records", len(k.records("label")), 0)
		}},
		{"create after delete", "a deleted record does not exist: Base 0 creates it anew, at revision 1", func(k *kit) {
			k.write(rec("label", "x", 0, "1"))
			k.write(rec("label", "x", 1, "2"))
			k.write(store.RecordPut{Kind: "label", Key: "x", Base: 2})
			k.write(rec("label", "x", 0, "3"))
			k.equal("records", k.records("label"), rows(store.Record{Kind: "label", Key: "x", Rev: 1, Body: []byte("3")}))
		}},
		{"no shared memory", "a store never shares memory with its callers", func(k *kit) {
			body := []byte("body")
			k.write(store.RecordPut{Kind: "label", Key: "x", Body: body})
			body[0] = 'X'
			got := k.records("label")
			k.equal("in", got[0].Body, []byte("body"))
			got[0].Body[0] = 'X'
			_ = append(got[0].Body[:1], "changed"...)
			k.equal("out", k.records("label")[0].Body, []byte("body"))
		}},
		{"many", "the number of records of a kind is not limited", func(k *kit) {
			var list []store.RecordPut
			for i := range 1500 {
				list = append(list, rec("mark", string(number("m", i)), 0, "1"))
			}
			k.write(list...)
			k.equal("records", len(k.records("mark")), 1500)
		}},
		{"malformed names", "an empty or malformed kind or key is ErrInvalid", func(k *kit) {
			for _, s := range malformed(store.MaxRecordKey) {
				_, err := k.s.Records(k.ctx, k.ws, "label", "good", s)
				k.is(err, store.ErrInvalid)
				_, err = k.s.Records(k.ctx, k.ws, s)
				k.is(err, store.ErrInvalid)
			}
		}},
	}}
}
