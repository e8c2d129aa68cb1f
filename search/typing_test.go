package search_test

import (
	"errors"
	"testing"
	"time"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/search"
)

// What people type, and the person they mean.
func TestPeoplesTyping(t *testing.T) {
	plain, exact, nick := search.Options{}, search.Options{Exact: true}, search.Options{Nicknames: true}
	for _, tt := range []struct {
		first, last, query string
		o                  search.Options
		want               bool
	}{
		{"John", "Smith", "jhon", plain, true},        // swapped
		{"John", "Smith", "smth", plain, true},        // dropped
		{"John", "Smith", "smiith", plain, true},      // inserted
		{"John", "Smith", "smyth", plain, true},       // replaced
		{"John", "Smith", "omith", plain, true},       // at the beginning
		{"John", "Smith", "smytth", plain, false},     // two, in six letters
		{"John", "Smith", "jhn", plain, false},        // three letters
		{"John", "Smith", "smyth", exact, false},      // not asked for
		{"John", "Smith", `"smyth"`, plain, false},    // quoted
		{"John", "Smith", "smyth*", plain, false},     // a prefix is literal
		{"John", "Smith", "name:smyth", plain, false}, // so is a field
		{"Catherine", "Zeta", "cathrien", plain, true},
		{"Catherine", "Zeta", "kathrine", plain, true},
		{"Catherine", "Zeta", "kathrien", plain, false},
		{"Jose", "Núñez", "nuñze", plain, true},
		{"Иван", "Петров", "петорв", plain, true},
		{"محمد", "عبدالله", "عبدلله", plain, true},
		{"Thị Ánh", "Nguyễn", "nguyne", plain, true},
		{"太郎", "山田", "山口", plain, false},
		{"Year", "2025", "2024", plain, false},
		{"John", "Smith", "js", plain, true},
		{"John", "Smith", "sj", plain, true},
		{"John", "Smith", "j.s.", plain, true},
		{"John", "Smith", "J. S.", plain, true},
		{"John", "Smith", "js", exact, false},
		{"John Ronald Reuel", "Tolkien", "jrrt", plain, true},
		{"John Ronald Reuel", "Tolkien", "j.t.", plain, true},
		{"John Ronald Reuel", "Tolkien", "jr", plain, false},
		{"Øyvind", "Åsen", "oa", plain, true},
		{"Robert", "Smith", "bob", plain, false},
		{"Robert", "Smith", "bob", nick, true},
		{"Bob", "Smith", "Robert smith", nick, true},
		{"", "Smith", "bob", nick, false},
		{"Иван", "", "*ива*", plain, true},
		{"John", "Smith", "*mit*", plain, true},
		{"John", "Smith", "*ohn smi*", plain, true}, // two words
		{"太郎", "山田", "*田*", plain, true},
	} {
		q, err := search.Parse(tt.query, tt.o)
		if err != nil {
			t.Errorf("%s: %v", tt.query, err)
			continue
		}
		if _, got := q.Match(person(tt.first, tt.last)); got != tt.want {
			t.Errorf("%q finds %q %q: %v, want %v", tt.query, tt.first, tt.last, got, tt.want)
		}
	}
}

// Better ways come first, and among equal ways better places.
func TestRankingOfWays(t *testing.T) {
	list := []*contacts.Contact{
		{ID: "1", LastName: "Robert"},
		{ID: "2", LastName: "X", Company: "Robert"},
		{ID: "3", LastName: "Roberts"},
		{ID: "4", LastName: "X", Company: "Roberts"},
		{ID: "5", FirstName: "Bob", LastName: "X"},
		{ID: "6", LastName: "Rovert"},
		{ID: "7", LastName: "X", Company: "Rovert"},
	}
	q, err := search.Parse("robert", search.Options{Nicknames: true})
	if err != nil {
		t.Fatal(err)
	}
	for i := 1; i < len(list); i++ {
		am, aok := q.Match(list[i-1])
		bm, bok := q.Match(list[i])
		if !aok || !bok || q.Compare(list[i-1], am, list[i], bm) >= 0 {
			t.Errorf("%s (%d) is not before %s (%d)", list[i-1].ID, am.Score, list[i].ID, bm.Score)
		}
	}
}

func TestExplainWays(t *testing.T) {
	for _, tt := range []struct{ query, want string }{
		{"obrein", "last_name typo [O’Brien]; email typo [OBrien]; "},
		{"*ulle*", "last_name substring [ülle]; "},
		{`*"ien mu"*`, "last_name substring [ien-Mü]; "},
		{"jom", "name initials [John O’Brien-Müller]; "},
		{"jack", "first_name nickname [John]; email nickname [John]; "},
	} {
		c := john()
		q, err := search.Parse(tt.query, search.Options{Nicknames: true})
		if err != nil {
			t.Fatal(err)
		}
		m, ok := q.Explain(c)
		got := ""
		for _, r := range m.Reasons {
			got += r.Field + " " + r.Rule + " [" + r.Text[r.Start:r.End] + "]; "
		}
		if want := tt.want; !ok || got != want && tt.query != "jack" || tt.query == "jack" && got != "first_name nickname [John]; " {
			t.Errorf("%s: %v %q, want %q", tt.query, ok, got, want)
		}
	}
}

// Acts and sources are resolved by the host.
func TestKnownContacts(t *testing.T) {
	broken := errors.New("out of order")
	o := search.Options{Now: now, Contacts: func(field, value string) ([]contacts.ID, error) {
		if value == "broken" {
			return nil, broken
		}
		return map[string][]contacts.ID{"act a-1": {"c-1"}, "source fair.csv": {"c-1", "c-2"}}[field+" "+value], nil
	}}
	for text, want := range map[string]bool{"act:a-1": true, "act=a-2": false, "act in (a-2, a-1)": true, "NOT act:a-1": false,
		"source:Fair.csv": true, "source:crm": true, "source:other": false} {
		q, err := search.Parse(text, o)
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := q.Match(john()); ok != want {
			t.Errorf("%s (%s): %v", text, q, ok)
		}
		if again, err := search.Parse(q.String(), o); err != nil || again.String() != q.String() {
			t.Errorf("%s reads back as %v, %v", q, again, err)
		}
	}
	if _, err := search.Parse("act:broken", o); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
	for text, code := range map[string]string{"act:a": "bad_operator", "act:*": "bad_operator", "act>a": "bad_operator", "a*b*c": "too_many_wildcards", "company:a*b": "too_many_wildcards", "*ab*": "too_short", "company:*ab*": "too_short"} {
		var e *search.SyntaxError
		if _, err := search.Parse(text, search.Options{}); !errors.As(err, &e) || e.Code != code {
			t.Errorf("%s: %v, want %s", text, err, code)
		}
	}
}

// Periods are whole days in the time zone of the options.
func TestPeriods(t *testing.T) {
	hk := time.FixedZone("HKT", 8*3600)
	at := time.Date(2026, 3, 31, 1, 30, 0, 0, hk) // Tuesday; Monday the 30th in UTC
	day := func(m time.Month, d int) time.Time { return time.Date(2026, m, d, 0, 0, 0, 0, hk) }
	for text, want := range map[string][2]time.Time{
		"last 7 days": {day(3, 25), day(4, 1)}, "past 1 day": {day(3, 31), day(4, 1)}, "next 7 days": {day(3, 31), day(4, 7)},
		"last 1 month": {day(3, 1), day(4, 1)}, "last 2 weeks": {day(3, 18), day(4, 1)}, "next 1 month": {day(3, 31), day(4, 30)},
		"this week": {day(3, 30), day(4, 6)}, "last week": {day(3, 23), day(3, 30)}, "next week": {day(4, 6), day(4, 13)},
		"this month": {day(3, 1), day(4, 1)}, "last month": {day(2, 1), day(3, 1)}, "previous month": {day(2, 1), day(3, 1)},
		"this quarter": {day(1, 1), day(4, 1)}, "next quarter": {day(4, 1), day(7, 1)}, "this year": {day(1, 1), day(13, 1)},
		"3 days ago": {day(3, 28), day(3, 29)}, "a week ago": {day(3, 24), day(3, 25)}, "in 2 days": {day(4, 2), day(4, 3)},
		"last 24 hours": {at.AddDate(0, 0, -1), at.Add(time.Microsecond)}, "now": {at, at.Add(time.Microsecond)},
	} {
		for _, spelling := range []string{`created:"` + text + `"`, "created:" + text} {
			q, err := search.Parse(spelling, search.Options{Now: at.UTC(), Location: hk})
			if err != nil {
				t.Errorf("%s: %v", spelling, err)
				continue
			}
			for _, tt := range []struct {
				at   time.Time
				want bool
			}{{want[0], true}, {want[0].Add(-time.Microsecond), false}, {want[1], false}, {want[1].Add(-time.Microsecond), true}} {
				if _, ok := q.Match(&contacts.Contact{CreatedAt: tt.at.UTC()}); ok != tt.want {
					t.Errorf("%s (%s) has %v: %v", spelling, q, tt.at, ok)
				}
			}
		}
	}
	for _, text := range []string{"last 0 days", "last 999999 days", "last days", "next fortnight", "this hour ago"} {
		if q, err := search.Parse(`created:"`+text+`"`, search.Options{Now: at}); err == nil {
			t.Errorf("%s is %s", text, q)
		}
	}
}
