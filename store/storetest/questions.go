package storetest

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/search"
	"github.com/extcontacts/extcontacts/store"
)

// QuestionsEnv is the environment variable with the number of random queries
// that the suite asks of a store, or COUNT@SEED; empty means a few hundred. A
// million is the long form.
const QuestionsEnv = "EXTCONTACTS_QUESTIONS"

// fewQuestions are asked where QuestionsEnv says nothing.
const fewQuestions = 300

func questions(k *kit) (n int, seed uint64) {
	n, seed = fewQuestions, 17
	s := os.Getenv(QuestionsEnv)
	if s == "" {
		return n, seed
	}
	count, from, seeded := strings.Cut(s, "@")
	n, err := strconv.Atoi(count)
	if err == nil && seeded {
		seed, err = strconv.ParseUint(from, 10, 64)
	}
	if err != nil || n < 1 {
		k.Fatalf("%s is %q, neither COUNT nor COUNT@SEED", QuestionsEnv, s)
	}
	return n, seed
}

// vocabulary has words of many scripts, near to each other, and what is
// special to some database.
var vocabulary = strings.Fields(`john jon johnny smith smyth smithson Müller mueller muller O'Brien obrien Łukasz Søren Groß gross
	Catherine Katherine kathrine 山田 太郎 山 김민수 Nguyễn nguyen Ánh محمد أحمد Фёдор Федоров Ελένη acme Acme trading 100% under_score back\slash
	quo"te VIP vip partner new-lead a b J.R. ＷＩＤＥ ﬁsh AT&T 2024 ラーメン`)

// asker draws people and questions about them.
type asker struct{ *rand.Rand }

func (a asker) word() string { return vocabulary[a.IntN(len(vocabulary))] }

func (a asker) words() string {
	switch a.IntN(6) {
	case 0:
		return ""
	case 1:
		return a.word() + " " + a.word()
	}
	return a.word()
}

func (a asker) number() string { return fmt.Sprintf("+852%08d", 91230000+a.IntN(40)*137) }

// person draws a contact with this id.
func (a asker) person(id contacts.ID) *contacts.Contact {
	c := &contacts.Contact{ID: id, Rev: 1, FirstName: a.words(), LastName: a.word(), Company: a.words(), JobTitle: a.words(),
		CreatedAt: time.Date(2026, 1, 1+a.IntN(60), 0, 0, 0, 0, time.UTC)}
	c.UpdatedAt = c.CreatedAt
	if a.IntN(4) == 0 {
		c.State = contacts.Deleted
	}
	if a.IntN(2) == 0 {
		c.Address.Country = contacts.MustParseCountry([]string{"HK", "VN", "PL"}[a.IntN(3)])
	}
	for range a.IntN(3) {
		c.Labels = append(c.Labels, a.word())
		c.Phones = append(c.Phones, contacts.ContactPhone{Kind: contacts.MobilePhone, Phone: contacts.MustParsePhone(a.number())})
	}
	if a.IntN(2) == 0 {
		c.Emails = append(c.Emails, contacts.ContactEmail{Kind: contacts.WorkEmail, Email: contacts.MustParseEmail(
			[]string{"john.smith", "ann", "obrien", "x_y"}[a.IntN(4)] + "@" + []string{"example.com", "mail.example.com", "büro.example"}[a.IntN(3)])})
	}
	return c.Normalize()
}

// expr draws a part of a query.
func (a asker) expr(depth int) search.Expr {
	v := a.word()
	if r := []rune(v); len(r) > 1 {
		switch a.IntN(5) {
		case 0:
			v = string(r[:1+a.IntN(len(r)-1)])
		case 1, 2: // a typing error
			i := a.IntN(len(r) - 1)
			switch a.IntN(4) {
			case 0:
				r[i], r[i+1] = r[i+1], r[i]
			case 1:
				r = slices.Delete(r, i, i+1)
			case 2:
				r = slices.Insert(r, i, 'e')
			default:
				r[i] = 'o'
			}
			v = string(r)
		}
	}
	field := []string{"name", "first_name", "last_name", "company", "label", "email", "job_title"}[a.IntN(7)]
	kind := a.IntN(16)
	if depth == 0 {
		kind %= 11
	}
	switch kind {
	default:
		return search.Word(v)
	case 3:
		return search.Prefix(v)
	case 4:
		return search.Substring(v + v)
	case 5:
		return search.Phrase(v + " " + a.word())
	case 6:
		n := a.number()
		at := 1 + a.IntN(6)
		return search.Word(n[at : at+3+a.IntN(3)])
	case 7:
		return search.Where(field, []search.Op{search.Contains, search.StartsWith, search.Inside, search.Greater}[a.IntN(4)], v)
	case 8:
		return search.Where("phone", []search.Op{search.Contains, search.StartsWith}[a.IntN(2)], a.number()[:4+a.IntN(6)])
	case 9:
		return search.In("country", "HK", "VN")
	case 10:
		return search.Where("is", search.Equal, []string{"live", "deleted"}[a.IntN(2)])
	case 11, 12, 13:
		return search.And(a.expr(depth-1), a.expr(depth-1))
	case 14:
		return search.Or(a.expr(depth-1), a.expr(depth-1))
	case 15:
		return search.Not(a.expr(depth - 1))
	}
}

// query draws a query, and by chance sort keys.
func (a asker) query() (*search.Query, bool) {
	var sorts []search.Sort
	if a.IntN(6) == 0 {
		sorts = append(sorts, search.Sort{Field: []string{"company", "created_at", "label"}[a.IntN(3)], Desc: a.IntN(2) == 0})
	}
	q, err := search.New(a.expr(2), search.Options{Nicknames: a.IntN(3) == 0}, sorts...)
	return q, err == nil // a value of punctuation alone is refused
}

// random asks random queries about random people, a page from a random place
// each, and compares with the definition: Match, and the order of SortKey.
func random(k *kit) {
	const people = 120
	n, seed := questions(k)
	a := asker{rand.New(rand.NewPCG(5, seed))}
	all := map[contacts.ID]*contacts.Contact{}
	index := search.NewIndex()
	revise := func(id contacts.ID) {
		c := a.person(id)
		base := int64(0)
		if old := all[id]; old != nil {
			base = old.Rev
			c.Rev = base + 1
		}
		k.apply(&store.Batch{Put: []store.Put{{Contact: c, Base: base}}, Changes: []contacts.Change{{Contact: id, Path: "company", New: "x"}}})
		all[id] = c
		index.Put(c)
	}
	for i := range people {
		revise(contacts.ID(number("q", i)))
	}
	for i := 0; i < n; {
		if i%50 == 0 {
			revise(contacts.ID(number("q", a.IntN(people))))
		}
		q, ok := a.query()
		if !ok {
			continue
		}
		i++
		type place struct {
			key []byte
			id  contacts.ID
		}
		var want []place
		for id, c := range all {
			if m, ok := q.Match(c); ok {
				want = append(want, place{q.SortKey(nil, c, m), id})
			}
		}
		slices.SortFunc(want, func(x, y place) int { return bytes.Compare(x.key, y.key) })
		expect := make(ids, len(want))
		for j, p := range want {
			expect[j] = p.id
		}
		limit := 1 + a.IntN(people)
		page, err := store.Search(k.ctx, k.s, k.ws, q, store.SearchOptions{Limit: limit})
		k.ok(err)
		got := make(ids, len(page.Hits))
		for j, h := range page.Hits {
			got[j] = h.Contact.ID
		}
		if !slices.Equal(got, expect[:min(limit, len(expect))]) || (page.Next != "") != (len(expect) > limit) {
			k.Fatalf("question %d, %s, %d of %d: %v, want %v", i, q, limit, len(expect), got, expect)
		}
		if page.Next != "" {
			rest, err := store.Search(k.ctx, k.s, k.ws, q, store.SearchOptions{Limit: people, Cursor: page.Next})
			k.ok(err)
			for j, h := range rest.Hits {
				if at := limit + j; at >= len(expect) || h.Contact.ID != expect[at] {
					k.Fatalf("question %d, %s, behind %d of %d: %s at %d", i, q, limit, len(expect), h.Contact.ID, at)
				}
			}
			k.equal("rest", limit+len(rest.Hits), len(expect))
		}
		if hits, ok := index.Top(nil, q, nil, limit); ok && q.Exact() {
			for j, h := range hits {
				if h.ID != expect[j] {
					k.Fatalf("question %d, %s, index: %v, want %v", i, q, hits, expect)
				}
			}
			k.equal("hits of the index", len(hits), min(limit, len(expect)))
		}
	}
}
