package storetest

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// refusal is a batch that cannot be right; spoil makes it from a good one.
type refusal struct {
	name  string
	spoil func(b *store.Batch)
}

// refusals are the rules of store.CheckBatch, one by one.
func refusals() []refusal {
	rs := []refusal{
		{"act without id", func(b *store.Batch) { b.Act.ID = "" }},
		{"act without kind", func(b *store.Batch) { b.Act.Kind = "" }},
		{"act without time", func(b *store.Batch) { b.Act.At = time.Time{} }},
		{"act that undoes itself", func(b *store.Batch) { b.Act.Undoes = b.Act.ID }},
		{"part 0", func(b *store.Batch) { b.Part = 0 }},
		{"negative part", func(b *store.Batch) { b.Part = -1 }},
		{"negative seq", func(b *store.Batch) { b.Seq = -1 }},
		{"put without contact", func(b *store.Batch) { b.Put = append(b.Put, store.Put{}) }},
		{"put without id", func(b *store.Batch) { b.Put = append(b.Put, put("")) }},
		{"negative base", func(b *store.Batch) { b.Put = append(b.Put, again("d", 0, nil, nil)) }},
		{"revision is not base plus 1", func(b *store.Batch) { b.Put[0].Contact.Rev = 3 }},
		{"contact twice", func(b *store.Batch) { b.Put = append(b.Put, put("a"), again("a", 2, nil, nil)) }},
		{"key added and dropped", func(b *store.Batch) { b.Put[0].Drop = list(b.Put[0].Add...) }},
		{"key without kind", func(b *store.Batch) { b.Put[0].Add = list(contacts.Key{Value: "x"}) }},
		{"key without value", func(b *store.Batch) { b.Put[0].Drop = list(phone("")) }},
		{"expect without id", func(b *store.Batch) { b.Expect = []store.Expect{{}} }},
		{"expect of a negative revision", func(b *store.Batch) { b.Expect = []store.Expect{{ID: "x", Rev: -1}} }},
		{"empty unique kind", func(b *store.Batch) { b.Unique = []contacts.KeyKind{""} }},
		{"creation without contact", func(b *store.Batch) { b.Changes[0].Contact = "" }},
		{"creation with values", func(b *store.Batch) { b.Changes[0].New = "x" }},
		{"path too long", func(b *store.Batch) { b.Changes[1].Path = "custom." + strings.Repeat("k", store.MaxPath) }},
		{"activity without id", func(b *store.Batch) { b.Activities[0].ID = "" }},
		{"activity without contact", func(b *store.Batch) { b.Activities[0].Contact = "" }},
		{"activity without kind", func(b *store.Batch) { b.Activities[0].Kind = "" }},
		{"activity without time", func(b *store.Batch) { b.Activities[0].At = time.Time{} }},
		{"activity with an empty agent", func(b *store.Batch) { b.Activities[0].Agents = ids{"x", ""} }},
		{"activity twice", func(b *store.Batch) { b.Activities = append(b.Activities, b.Activities[0]) }},
		{"record without kind", func(b *store.Batch) { b.Records[0].Kind = "" }},
		{"record without key", func(b *store.Batch) { b.Records[0].Key = "" }},
		{"record with a base below AnyRev", func(b *store.Batch) { b.Records[0].Base = -2 }},
		{"record twice", func(b *store.Batch) { b.Records = append(b.Records, b.Records[0]) }},
		{"record key too long", func(b *store.Batch) { b.Records[0].Key = strings.Repeat("k", store.MaxRecordKey+1) }},
	}
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		set := texts[name]
		rs = append(rs, refusal{"NUL in " + name, func(b *store.Batch) { set(b, "a\x00b") }},
			refusal{"invalid UTF-8 in " + name, func(b *store.Batch) { set(b, "a\xffb") }})
	}
	for _, name := range []string{"contact id", "act id", "actor", "undoes", "change contact", "change from", "activity id", "activity contact", "agent", "merged into"} {
		set := texts[name]
		rs = append(rs, refusal{name + " too long", func(b *store.Batch) { set(b, strings.Repeat("x", store.MaxID+1)) }})
	}
	return rs
}

// texts are the places of a batch that hold text.
var texts = map[string]func(b *store.Batch, s string){
	"contact id":  func(b *store.Batch, s string) { b.Put[0].Contact.ID = contacts.ID(s) },
	"merged into": func(b *store.Batch, s string) { b.Put[0].Contact.MergedInto = contacts.ID(s) },
	"first name":  func(b *store.Batch, s string) { b.Put[0].Contact.FirstName = s },
	"street":      func(b *store.Batch, s string) { b.Put[0].Contact.Address.Street = s },
	"phone": func(b *store.Batch, s string) {
		b.Put[0].Contact.Phones[0].Phone = contacts.MakePhone("+85291234567", s)
	},
	"email":  func(b *store.Batch, s string) { b.Put[0].Contact.Emails[0].Email = contacts.MakeEmail(s, "k") },
	"social": func(b *store.Batch, s string) { b.Put[0].Contact.Socials[0].Handle = s },
	"verification": func(b *store.Batch, s string) {
		b.Put[0].Contact.Phones[0].Verified = contacts.NewVerification("sms", clock(9), s)
	},
	"label": func(b *store.Batch, s string) { b.Put[0].Contact.Labels[0] = s },
	"custom key": func(b *store.Batch, s string) {
		b.Put[0].Contact.Custom[s] = contacts.MakeValue(contacts.TextField, "x")
	},
	"custom value": func(b *store.Batch, s string) {
		b.Put[0].Contact.Custom["k"] = contacts.MakeValue(contacts.TextField, s)
	},
	"external source":  func(b *store.Batch, s string) { b.Put[0].Contact.ExternalIDs[s] = "x" },
	"external id":      func(b *store.Batch, s string) { b.Put[0].Contact.ExternalIDs["k"] = s },
	"added key":        func(b *store.Batch, s string) { b.Put[0].Add[0].Value = s },
	"dropped key":      func(b *store.Batch, s string) { b.Put[0].Drop = list(email(s)) },
	"expected id":      func(b *store.Batch, s string) { b.Expect = []store.Expect{{ID: contacts.ID(s)}} },
	"unique kind":      func(b *store.Batch, s string) { b.Unique = []contacts.KeyKind{contacts.KeyKind(s)} },
	"act id":           func(b *store.Batch, s string) { b.Act.ID = contacts.ID(s) },
	"act kind":         func(b *store.Batch, s string) { b.Act.Kind = contacts.ActKind(s) },
	"actor":            func(b *store.Batch, s string) { b.Act.Actor = contacts.ID(s) },
	"source":           func(b *store.Batch, s string) { b.Act.Source = s },
	"undoes":           func(b *store.Batch, s string) { b.Act.Undoes = contacts.ID(s) },
	"change contact":   func(b *store.Batch, s string) { b.Changes[1].Contact = contacts.ID(s) },
	"path":             func(b *store.Batch, s string) { b.Changes[1].Path = s },
	"old":              func(b *store.Batch, s string) { b.Changes[1].Old = s },
	"new":              func(b *store.Batch, s string) { b.Changes[1].New = s },
	"change from":      func(b *store.Batch, s string) { b.Changes[1].From = contacts.ID(s) },
	"activity id":      func(b *store.Batch, s string) { b.Activities[0].ID = contacts.ID(s) },
	"activity contact": func(b *store.Batch, s string) { b.Activities[0].Contact = contacts.ID(s) },
	"activity kind":    func(b *store.Batch, s string) { b.Activities[0].Kind = contacts.ActivityKind(s) },
	"activity text":    func(b *store.Batch, s string) { b.Activities[0].Text = s },
	"activity ref":     func(b *store.Batch, s string) { b.Activities[0].Ref = s },
	"agent":            func(b *store.Batch, s string) { b.Activities[0].Agents = ids{contacts.ID(s)} },
	"record kind":      func(b *store.Batch, s string) { b.Records[0].Kind = s },
	"record key":       func(b *store.Batch, s string) { b.Records[0].Key = s },
}

// goodBatch has something of everything, and is in order.
func goodBatch(k *kit) *store.Batch {
	return &store.Batch{
		Act: k.act(), Part: 1,
		Put:        []store.Put{create(everything("a")), create(person("b", "B"))},
		Expect:     []store.Expect{{ID: "none"}},
		Unique:     []contacts.KeyKind{contacts.PhoneKey},
		Changes:    []contacts.Change{{Contact: "a"}, {Contact: "b", Path: "labels", New: "x"}},
		Activities: []contacts.Activity{{ID: "v", Contact: "a", Kind: contacts.Call, At: clock(1)}},
		Records:    []store.RecordPut{{Kind: "label", Key: "x", Body: []byte("1")}},
	}
}

func refusalCases() group {
	g := group{name: "Refuses"}
	for _, r := range refusals() {
		g.cases = append(g.cases, testCase{r.name, "what cannot be right is ErrInvalid on every store, before anything is written; see store.CheckBatch", func(k *kit) {
			b := goodBatch(k)
			r.spoil(b)
			before := k.dump(k.ws)
			_, err := k.s.Apply(k.ctx, k.ws, b)
			k.is(err, store.ErrInvalid)
			k.equal("the workspace", k.dump(k.ws), before)
		}})
	}
	g.cases = append(g.cases,
		testCase{"no batch", "a nil batch is ErrInvalid", func(k *kit) {
			_, err := k.s.Apply(k.ctx, k.ws, nil)
			k.is(err, store.ErrInvalid)
		}},
		testCase{"nothing in order", "a batch in order is not refused", func(k *kit) { k.apply(goodBatch(k)) }},
		testCase{"no personal data in the error", "an error names the argument, never its value", func(k *kit) {
			for name, set := range texts {
				b := goodBatch(k)
				set(b, "secret\x00")
				if _, err := k.s.Apply(k.ctx, k.ws, b); err == nil || strings.Contains(err.Error(), "secret") {
					k.Errorf("%s: the error is %v", name, err)
				}
			}
		}},
	)
	return g
}
