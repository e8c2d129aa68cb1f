package search_test

import (
	"errors"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/search"
	"pgregory.net/rapid"
)

func TestCanonicalForm(t *testing.T) {
	for q, want := range map[string]string{
		"":                           "",
		"  John   SMITH ":            "john smith",
		"(a (b c))":                  "a b c",
		"a AND b OR c":               "a b OR c",
		"a (b OR c)":                 "a (b OR c)",
		"-a NOT -b":                  "NOT a b",
		"NOT (a b)":                  "NOT (a b)",
		"Created>=-7days":            "created_at>=-7d",
		`country:"Hong Kong"`:        "country=HK",
		"type!=customer":             "NOT type=Customer",
		"label in (VIP)":             "label=vip",
		"label in (VIP, Trade Fair)": `label in (vip, "trade fair")`,
		`company:"Acme Ltd"*`:        `company:"acme ltd"*`,
		"phone:(852":                 "",
		`email=A@EXAMPLE.com`:        "email=a@example.com",
		"is:DELETED":                 "is:deleted",
		"10:30":                      "10\\:30",
		`a\:b`:                       `a\:b`,
		"sort:-created a":            "a sort:-created_at",
		"external:crm=A-1":           "external_ids.crm=A-1",
		"birthdate:05/01/2024":       "birthdate=2024-05-01",
		"tier:Gold":                  "custom.tier:gold",
		"score>=007.50":              "custom.score>=7.5",
		"phone:+44(0)20":             "",
		`phone:"+44 (0)20 79"`:       "phone:+442079",
		"smith, & john":              "smith john",
	} {
		query, err := search.Parse(q, options(t))
		if err != nil {
			if want != "" {
				t.Errorf("%s: %v", q, err)
			}
			continue
		}
		if want == "" && q != "" {
			continue
		}
		if query.String() != want {
			t.Errorf("%s: %q, want %q", q, query, want)
		}
	}
}

func TestSyntaxErrors(t *testing.T) {
	deep := strings.Repeat("(", 40) + "a" + strings.Repeat(")", 40)
	for _, tt := range []struct {
		query, code string
		offset      int
		hint        string
	}{
		{"compnay:acme", "unknown_field", 0, "did you mean company?"},
		{"a lable:x", "unknown_field", 2, "did you mean label?"},
		{"tire:Gold", "unknown_field", 0, "did you mean tier?"},
		{"zzzzzz:1", "unknown_field", 0, ""},
		{"sort:compnay", "unknown_field", 5, "did you mean company?"},
		{`a "b`, "unclosed_quote", 2, ""},
		{`company:"b`, "unclosed_quote", 8, ""},
		{"a (b", "unclosed_bracket", 2, ""},
		{"type in (lead", "unclosed_bracket", 0, ""},
		{"a)", "unexpected", 1, ""},
		{"OR a", "unexpected", 0, ""},
		{"a OR", "unexpected", 4, ""},
		{"a OR OR b", "unexpected", 5, ""},
		{"AND a", "unexpected", 0, ""},
		{"a AND", "unexpected", 5, ""},
		{"NOT", "unexpected", 0, ""},
		{"a NOT OR b", "unexpected", 6, ""},
		{"type in ()", "missing_value", 9, ""},
		{"type in (lead,)", "missing_value", 14, ""},
		{"company:", "missing_value", 0, ""},
		{`company:""`, "missing_value", 0, ""},
		{"created>soon", "bad_date", 0, ""},
		{"created>2024-13-01", "bad_date", 0, ""},
		{"country:Atlantis", "bad_value", 0, ""},
		{"type>lead", "bad_operator", 0, ""},
		{"type:lea*", "bad_operator", 0, ""},
		{"score>high", "bad_number", 0, ""},
		{"verified:maybe", "bad_value", 0, ""},
		{"phone:abc", "bad_value", 0, ""},
		{"phone>1", "bad_operator", 0, ""},
		{"email=foo", "bad_value", 0, ""},
		{"(sort:name)", "misplaced_sort", 1, ""},
		{"a\xff", "invalid_utf8", 1, ""},
		{strings.Repeat("a", search.MaxLength+1), "too_long", search.MaxLength, ""},
		{deep, "too_deep", 32, ""},
		{strings.Repeat("NOT ", 40) + "a", "too_deep", 132, ""},
		{strings.Repeat("a ", 251), "too_many_clauses", 500, ""},
		{"id in (" + strings.Repeat("a,", 250) + "a)", "too_many_clauses", 0, ""},
	} {
		_, err := search.Parse(tt.query, options(t))
		e, ok := errors.AsType[*search.SyntaxError](err)
		if !ok {
			t.Errorf("%.40q: %v, want %s", tt.query, err, tt.code)
			continue
		}
		if e.Code != tt.code || e.Offset != tt.offset || tt.hint != "" && e.Hint != tt.hint || e.End < e.Offset || e.End > len(tt.query) {
			t.Errorf("%.40q: %+v", tt.query, e)
		}
		if !errors.Is(err, search.ErrQuery) || !errors.Is(err, contacts.ErrInvalid) {
			t.Errorf("%.40q: not ErrQuery and ErrInvalid", tt.query)
		}
	}
}

func TestErrorsHoldNoQueryText(t *testing.T) {
	const canary = "kanarienvogel"
	for _, q := range []string{canary + ":x", "country:" + canary, "created>" + canary, "email=" + canary, "type:" + canary, "phone:" + canary, "sort:" + canary, "score:" + canary, `"` + canary} {
		_, err := search.Parse(q, options(t))
		if err == nil || strings.Contains(err.Error(), canary) {
			t.Errorf("%s: %v", q, err)
		}
	}
}

func TestRelativeDatesNeedAClock(t *testing.T) {
	if _, err := search.Parse("created>-7d", search.Options{}); err == nil {
		t.Error("a relative date without a clock")
	}
}

func TestTimeZone(t *testing.T) {
	hk := time.FixedZone("HKT", 8*3600)
	q, err := search.Parse("created:today", search.Options{Now: now, Location: hk}) // 09:30 in Hong Kong
	if err != nil {
		t.Fatal(err)
	}
	for at, want := range map[time.Duration]bool{-9*time.Hour - 30*time.Minute: true, -9*time.Hour - 31*time.Minute: false, 14*time.Hour + 29*time.Minute: true, 14*time.Hour + 30*time.Minute: false} {
		if _, ok := q.Match(&contacts.Contact{CreatedAt: now.Add(at)}); ok != want {
			t.Errorf("%v: %v", at, ok)
		}
	}
	q, _ = search.Parse("created:-1m", search.Options{Now: now})
	if _, ok := q.Match(&contacts.Contact{CreatedAt: time.Date(2026, 2, 28, 3, 0, 0, 0, time.UTC)}); !ok {
		t.Error("a month before 31 March is 28 February")
	}
}

func TestFieldsOfAQuery(t *testing.T) {
	q := parse(t, "acme type:lead NOT created>2020 sort:city")
	if got := strings.Join(q.Fields(), " "); got != "city company created_at email label name phone type" {
		t.Error(got)
	}
}

// A query built from code prints as text that reads back as itself, and means
// the same.
func TestPrintParse(t *testing.T) {
	s := schema(t)
	rapid.Check(t, func(t *rapid.T) {
		q := drawQuery(t, s)
		again, err := search.Parse(q.String(), search.Options{Schema: s, Now: now})
		if err != nil {
			t.Fatalf("%s: %v", q, err)
		}
		if again.String() != q.String() {
			t.Fatalf("%s\nreads back as\n%s", q, again)
		}
		c := drawContact(t, "c")
		m, ok := q.Match(c)
		m2, ok2 := again.Match(c)
		if ok != ok2 || m.Score != m2.Score {
			t.Fatalf("%s: %v %v and %v %v", q, m, ok, m2, ok2)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"", "john smith", `"a b"* -c`, "company:acme label in (a, \"b c\") OR NOT (d e)", "created >= -7d sort:-name", `a\:b \in (c)`, "phone:+852 email:@x.com", "((((", "+44 (0)20 7946", "external:crm=1", "*a*b*c*", "山田 ㍿", "a\xff", `company:\*`, "created:last 7 days", "updated:in 2 weeks", "*\"a b\"*", "company:*abc*", "**", "*abc", "j.s.", "source:x act:y", "smtih catherien"} {
		f.Add(s)
	}
	o := search.Options{Schema: schema(f), Now: now}
	c := john()
	f.Fuzz(func(t *testing.T, s string) {
		var q *search.Query
		var err error
		if n := allocated(func() { q, err = search.Parse(s, o) }); n > 4<<20 {
			t.Fatalf("%d bytes allocated for %d bytes", n, len(s))
		}
		if err != nil {
			if !errors.Is(err, search.ErrQuery) {
				t.Fatal(err)
			}
			return
		}
		again, err := search.Parse(q.String(), o)
		if err != nil || again.String() != q.String() {
			t.Fatalf("%q is %q, reads back as %v %v", s, q, again, err)
		}
		m, ok := q.Match(c)
		if m2, ok2 := again.Match(c); ok != ok2 || m.Score != m2.Score {
			t.Fatalf("%q: %v, %q: %v", s, ok, q, ok2)
		}
	})
}

// worst are the texts that, repeated up to the limit, cost the most.
var worst = []string{"(", ")", "\"", "a ", "-", "NOT ", "a OR ", "*a", "1 ", "\\", "a:", "id in (a,", "é", "㍿", "ﷺ", "\u0301", "か\u3099", "a(", "Ω\u0345", "(a) ", "11 a "}

// answer parses a text and asks whatever is asked of a query.
func answer(s string, o search.Options, c *contacts.Contact) {
	if q, err := search.Parse(s, o); err == nil {
		q.Match(c)
		q.Needs()
	}
}

// allocated is how many bytes f allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// The worst texts of 4 KiB are answered or refused with work that grows with
// their length, not its square (fault C3); BenchmarkWorstCases tells the time.
func TestWorstCases(t *testing.T) {
	o, c := options(t), john()
	for _, s := range worst {
		q := strings.Repeat(s, search.MaxLength/len(s))
		answer(q, o, c)
		n := allocated(func() { answer(q, o, c) })
		if testing.Verbose() {
			t.Logf("%q: %d bytes", s, n)
		}
		if n > 4<<20 {
			t.Errorf("%q: %d bytes allocated", s, n)
		}
	}
}

// The time of each of the worst texts, which is to be under 10 ms, and its
// ratio to as much plain text.
func BenchmarkWorstCases(b *testing.B) {
	o, c := options(b), john()
	plain := strings.Repeat("plain text ", search.MaxLength/11)
	for _, s := range worst {
		q := strings.Repeat(s, search.MaxLength/len(s))
		b.Run(strconv.QuoteToASCII(s), func(b *testing.B) {
			var anchor time.Duration
			for b.Loop() {
				answer(q, o, c)
				b.StopTimer()
				start := time.Now()
				answer(plain, o, c)
				anchor += time.Since(start)
				b.StartTimer()
			}
			b.ReportMetric(float64(b.Elapsed())/float64(anchor), "x/plain")
		})
	}
}
