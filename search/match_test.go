package search_test

import (
	"bytes"
	"slices"
	"testing"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/search"
	"pgregory.net/rapid"
)

func TestMatchFields(t *testing.T) {
	c := john()
	for q, want := range map[string]bool{
		"": true, "john": true, "JOHN obrien": true, "brien": true, `"brien"`: false, "brien*": false, "*brie*": true, "*ulle": true, "*mith*": false, `*"rien mull"*`: true, "obrein": true, "acmee": true, "jm": true, "job": false, "jom": true, "j.b": false, "o'b": true, "muller joh": true, "smith": false,
		"acme": true, "hk": true, "vip": true, "fair": true, "john.obrien": true, "acme.example": true, "purchasing": false,
		`"acme trading"`: true, `"acme trad"`: false, `"trading acme"`: false, `"john obrien"`: true, `"muller john"`: true, `"acme tr"*`: true,
		"9123": true, "9123-4567": true, "91234567": true, "23456": true, "+8529123": true, "+9123": false, "(0)20 7946 0018": true,
		"020 7946 0018": true, "+44 20 7946": true, "+44 (0)20 7946 0018": true, `"+44 (0)20 7946"`: true, "0044 20 7946": true, "98765432": true, "0018 acme": true, "(207)-946-0018": true,
		"Smith, John": false, "O’Brien, John": true, "john & obrien": true, "john - acme": true, "*": true, "&": true,
		"first_name:jo": true, "first_name=jo": false, "first_name=JOHN": true, "last_name:muller": true, "last_name:obrien-mul*": false, "last_name:o'b*": true,
		"company:trad": true, "company:rad": false, "company:*rad*": true, `company:*"me tra"*`: true, "name:*uell*": false, "source:crm": true, "source=erp": false, "source in (erp, CRM)": true, "source:*": true, "company:acme*": true, "company:trading*": false, `company="acme trading (hk) ltd."`: true,
		"company!=acme": true, "company>a": true, "company<a": false, "company>=acme": true, "custom.company=beta": true,
		"name:john": true, "name:jo*": true, `name="john o'brien-muller"`: true,
		"level:primary": true, "level=Secondary": false, "type in (lead, customer)": true, "type:Lead": false, "NOT type:Lead": true, "-type:customer": false,
		"group:north": true, "team=sales": true, "job_title:purch": true, "title:head": true,
		"birthdate=1980-12-14": true, "birthdate:1980": true, "birthdate:1980-12": true, "birthdate<1980": false, "birthdate<=1980": true, "birthdate:--12-14": true, "birthdate=12/14/1980": true,
		"language:en": true, "country:HK": true, `country:"Hong Kong"`: true, "country in (Hong Kong, CN)": true, "country!=HK": false,
		"address:queens": true, `address:"hong kong"`: true, "city:hong": true, "street:road": true, "zip_code:902*": true, "state:*": false, "NOT state:*": true,
		"phone:9123": true, "phone:+852*": true, "phone:9123*": false, "phone=+85291234567": true, "phone=85291234567": true, "phone=91234567": false, "phones.work:7946": true, "phones.home:*": false,
		"whatsapp:9876": true, "whatsapp=+85298765432": true, "phone:9876": false, "line:johnny": true, "social:johnny": true, "facebook:*": false,
		"email:@acme.example": true, "email:@mail.acme": true, "email=@acme.example": false, "email=@mail.acme.example": true, "email:john": true,
		"email=john.obrien+x@MAIL.acme.example": true, "emails.personal:*": false, "email:@other.example": false,
		"label:vip": true, "label=vip": true, "label=vi": false, `label="Trade Fair"`: true, "label:fair": true, "label in (x, vip)": true, "-label:vip": false, "tag:vip": true,
		"verified:yes": true, "verified=no": false, "id=c-1": true, "id=C-1": false, "id:c*": true,
		"external_ids.crm=A-17": true, "external:crm=A-17": true, "external:crm": true, "external:erp": false, "external.crm:*": true,
		"created >= -7d": true, "created > -7d": false, "created<today": true, "updated:today": true, `created:"last 8 days"`: true, "created:last 7 days": false, "created:last-8-days": true, "created:this month": true, "created in (last month, this year)": true, "created:last week": true, "created:7 days ago": true, "updated:last 1 hour": true, "updated:last 2 hours": true, "updated<now": true, "renewal:next 3 days": true, "renewal:in 2 days": true, "renewal:next week": false, "renewal:this quarter": false, "renewal:next quarter": true, "updated>=-2h": true, "updated>=-30m": true, "created:2026-03": true, "created:2026-03-24": true, "created<yesterday": true,
		"tier=gold": true, "tier:silver": false, "score>9": true, "score<=9.50": true, "score=10": false, "renewal>today": true, "renewal<=+2d": true, "active:yes": true, "topics:rice": true, "topics=coffee": false, "topics in (coffee, tea)": true, "notes:*": false,
		"is:live": true, "is:deleted": false, "is:*": true, "NOT is:deleted": true,
		"smith OR acme": true, "smith OR (acme nobody)": false, "NOT (smith OR nobody)": true, "john AND NOT smith": true, "NOT NOT john": true,
		"sort:last_name john": true, "john sort:-created_at,id": true,
	} {
		if _, got := parse(t, q).Match(c); got != want {
			t.Errorf("%s: %v, want %v", q, got, want)
		}
	}
}

// People's ways of typing names.
func TestMatchNames(t *testing.T) {
	for _, tt := range []struct {
		first, last, query string
		want               bool
	}{
		{"John", "Smith", "smith john", true},
		{"John", "Smith", "j s", true},
		{"John", "Smith", "jo smi", true},
		{"José", "Núñez", "jose nunez", true},
		{"Jose", "Nunez", "José Núñez", true},
		{"Łukasz", "Żółć", "lukasz zolc", true},
		{"Jürgen", "Groß", "gross", true},
		{"Søren", "Ærø", "soren aero", true},
		{"ＪＯＨＮ", "Smith", "john", true},
		{"太郎", "山田", "山田太郎", true},
		{"太郎", "山田", "山田 太郎", true},
		{"太郎", "山田", "太郎", true},
		{"太郎", "山田", "田太", true},
		{"太郎", "山田", "田山", false},
		{"", "山田太郎", "山田 太郎", true},
		{"민수", "김", "김민수", true},
		{"ﾀﾛｳ", "ﾔﾏﾀﾞ", "ヤマダ", true},
		{"たろう", "がく", "かく", false},
		{"Thị Ánh", "Nguyễn", "nguyen anh", true},
		{"Thị Ánh", "Nguyễn", "Nguyễn Thị Ánh", true},
		{"محمد", "أحمد", "احمد", true},
		{"مُحَمَّد", "", "محمد", true},
		{"Мария", "Фёдорова", "федорова", true},
		{"Γιώργος", "Παπαδόπουλος", "ΓΙΩΡΓΟΣ", true},
		{"สมชาย", "ใจดี", "สมชาย", true},
		{"मोहन", "शर्मा", "मोहन", true},
		{"Jean-Pierre", "d'Arc", "jean-pierre", true},
		{"Jean-Pierre", "d'Arc", "pierre darc", true},
		{"", "50% off_er", "50% off", true},
		{"", "back\\slash", `back\\slash`, true},
	} {
		q := parse(t, tt.query)
		if _, got := q.Match(person(tt.first, tt.last)); got != tt.want {
			t.Errorf("%q finds %q %q: %v, want %v (%s)", tt.query, tt.first, tt.last, got, tt.want, q)
		}
	}
}

func TestStates(t *testing.T) {
	for state, q := range map[contacts.State]string{contacts.Live: "is:live", contacts.Deleted: "is:deleted", contacts.Merged: "is:merged", contacts.Erased: "is:erased"} {
		c := &contacts.Contact{ID: "x", LastName: "a", State: state}
		for query, want := range map[string]bool{"": state == contacts.Live, q: true, "NOT " + q: false, "is:*": true, "a OR is:merged": true, "b is:*": false} {
			if _, got := parse(t, query).Match(c); got != want {
				t.Errorf("%v: %q: %v, want %v", state, query, got, want)
			}
		}
	}
}

func TestRanking(t *testing.T) {
	// the better match first
	list := []*contacts.Contact{
		{ID: "1", LastName: "Lee"},
		{ID: "2", LastName: "X", Company: "Lee"},
		{ID: "3", LastName: "X", Emails: []contacts.ContactEmail{{Email: contacts.MustParseEmail("lee@example.com")}}},
		{ID: "4", LastName: "X", Labels: []string{"lee"}},
		{ID: "5", LastName: "Leeds"},
		{ID: "6", LastName: "X", Company: "Leeds"},
		{ID: "7", LastName: "X", Labels: []string{"leeds"}},
	}
	q := parse(t, "lee")
	for i := 1; i < len(list); i++ {
		am, aok := q.Match(list[i-1])
		bm, bok := q.Match(list[i])
		if !aok || !bok || q.Compare(list[i-1], am, list[i], bm) >= 0 {
			t.Errorf("%s (%d) is not before %s (%d)", list[i-1].ID, am.Score, list[i].ID, bm.Score)
		}
	}
}

// Whatever matches has in its Text what the query needs.
func TestNeedsAreSound(t *testing.T) {
	s := schema(t)
	rapid.Check(t, func(t *rapid.T) {
		list := []*contacts.Contact{drawContact(t, "a"), drawContact(t, "b"), drawContact(t, "c")}
		for range 8 {
			q := drawQuery(t, s)
			for _, c := range list {
				checkNeeds(t, q, c)
			}
		}
	})
}

func checkNeeds(t *rapid.T, q *search.Query, c *contacts.Contact) {
	if _, ok := q.Match(c); !ok {
		return
	}
	text := search.Text(nil, c)
	for _, clause := range q.Needs() {
		if !slices.ContainsFunc(clause, func(s string) bool { return bytes.Contains(text, []byte(s)) }) {
			t.Fatalf("%s matches %q, which has none of %q", q, text, clause)
		}
	}
}

// Explaining finds the same, and every span lies in its text.
func TestExplainAgrees(t *testing.T) {
	s := schema(t)
	rapid.Check(t, func(t *rapid.T) {
		c, q := drawContact(t, "c"), drawQuery(t, s)
		m, ok := q.Match(c)
		e, eok := q.Explain(c)
		if ok != eok || m.Score != e.Score {
			t.Fatalf("%s: %v %v, explained %v %v", q, m, ok, e, eok)
		}
		if !ok {
			return
		}
		for _, r := range e.Reasons {
			if r.Start < 0 || r.End > len(r.Text) || r.Start > r.End || r.Text != "" && r.Start == r.End {
				t.Fatalf("%s: span of %+v", q, r)
			}
		}
		if q.HasText() && m.Score > 0 && len(e.Reasons) == 0 {
			t.Fatalf("%s: score %d without a reason", q, m.Score)
		}
	})
}

func TestExplain(t *testing.T) {
	for _, tt := range []struct{ query, want string }{
		{"obrien", "last_name exact [O’Brien]; email exact [OBrien]; "},
		{"mull", "last_name prefix [Müll]; "},
		{`"acme trading"`, "company phrase [Acme Trading]; "},
		{"9123-4567", "phone digits [91234567]; "},
		{"john 9123 4567", "first_name exact [John]; email exact [John]; phone digits [91234567]; "},
		{"+852", "phone digits [+852]; whatsapp digits [+852]; "},
		{"label:vip -type:lead", "label filter [VIP]; "},
		{"country:hk", "country filter []; "},
		{`"muller john"`, "name phrase [Müller John]; "},
	} {
		m, ok := parse(t, tt.query).Explain(john())
		got := ""
		for _, r := range m.Reasons {
			got += r.Field + " " + r.Rule + " [" + r.Text[r.Start:r.End] + "]; "
		}
		if !ok || got != tt.want {
			t.Errorf("%s: %v %q, want %q", tt.query, ok, got, tt.want)
		}
	}
}

func TestSortKeys(t *testing.T) {
	s := schema(t)
	mk := func(id string, score string, last string) *contacts.Contact {
		return &contacts.Contact{ID: contacts.ID(id), LastName: last, Custom: map[string]contacts.Value{"score": contacts.MakeValue(contacts.NumberField, score)}}
	}
	list := []*contacts.Contact{mk("a", "-12.5", "z"), mk("b", "-12", "y"), mk("c", "-0.5", "x"), mk("d", "0", "w"), mk("e", "0.05", "v"), mk("f", "0.5", "u"), mk("g", "9", "t"), mk("h", "9.01", "s"), mk("i", "10", "r"), mk("j", "", "q")}
	for query, up := range map[string]bool{"sort:score": true, "sort:-score": false, "sort:-last_name": true, "sort:id": true} {
		q, err := search.Parse(query, search.Options{Schema: s})
		if err != nil {
			t.Fatal(err)
		}
		for i := 1; i < len(list); i++ {
			want := -1
			if !up && list[i].ID != "j" { // no value comes last either way
				want = 1
			}
			if got := q.Compare(list[i-1], search.Match{}, list[i], search.Match{}); got != want {
				t.Errorf("%s: %s to %s: %d", query, list[i-1].ID, list[i].ID, got)
			}
		}
	}
}
