package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/internal/gen"
	"github.com/extcontacts/extcontacts/search"
)

// person makes the i-th contact of the generator.
func generated(i int) *contacts.Contact {
	c := &contacts.Contact{ID: contacts.ID(fmt.Sprintf("018f2a3b-0000-7000-8000-%012d", i))}
	row, header := gen.Person(1, i), gen.Header()
	var o contacts.ParseOptions
	k := 0
	for f := range (*contacts.Schema)(nil).Fields() {
		for k < len(header) && header[k] != f.Column {
			k++
		}
		if k == len(header) {
			break
		}
		if err := f.Set(c, row.Cells[k], &o); err != nil {
			panic(f.Name + ": " + err.Error())
		}
		k++
	}
	return c.Normalize()
}

// The kinds of questions that engines are asked.
const (
	oneLetter     = "prefix of 1"
	twoLetters    = "prefix of 2"
	prefixKind    = "prefix of 3-4"
	wordKind      = "word"
	typoKind      = "one typo"
	substringKind = "substring"
	phoneKind     = "phone fragment"
	labelKind     = "label and prefix"
	twoWordsKind  = "two words"
)

// engineKinds are those with a figure to reach, allKinds all there are.
var (
	engineKinds = []string{oneLetter, twoLetters, prefixKind, wordKind, typoKind, substringKind, phoneKind, labelKind}
	allKinds    = append(engineKinds[:len(engineKinds):len(engineKinds)], twoWordsKind)
)

// target is how many times faster than the best of the others p50 and p99 must be.
var target = map[string][2]float64{oneLetter: {100, 40}, twoLetters: {100, 40}, prefixKind: {100, 40}, wordKind: {50, 40}, typoKind: {5, 5}, substringKind: {100, 40}, phoneKind: {300, 40}, labelKind: {100, 40}, twoWordsKind: {1, 1}}

// asked is one question: the text, and the label or the other word beside it.
type asked struct{ kind, text, label string }

// engine is one way to search.
type engine interface {
	name() string
	// ask prepares a question and returns what answers it with the number of
	// hits; nil where the engine has no such questions.
	ask(q asked) func() (int, error)
	close()
}

// anyEngine is an engine that finds some twenty faster than the best twenty.
type anyEngine interface {
	askAny(q asked) func() (int, error)
}

// anyTwenty is what that takes, for information: it answers another question.
func anyTwenty(e engine, list []asked, limit time.Duration) (string, error) {
	any, ok := e.(anyEngine)
	if !ok || len(list) == 0 || any.askAny(list[0]) == nil {
		return "", nil
	}
	l, _, err := measureKind(unranked{e, any}, list, limit)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("  any twenty there %s/%s", short(l.at(0.5)), short(l.at(0.99))), nil
}

type unranked struct {
	engine
	any anyEngine
}

func (e unranked) ask(q asked) func() (int, error) { return e.any.askAny(q) }

// askedKinds are the kinds that BENCH_KINDS names, with commas between them; all
// where it names none.
func askedKinds() []string {
	names := os.Getenv("BENCH_KINDS")
	if names == "" {
		return allKinds
	}
	return slices.DeleteFunc(slices.Clone(allKinds), func(k string) bool { return !slices.Contains(strings.Split(names, ","), k) })
}

// ownIndex is search.Index.
type ownIndex struct{ x *search.Index }

func (e *ownIndex) name() string { return "search.Index" }
func (e *ownIndex) close()       {}

// ownQuery is a question in the query language. Only what is asked for counts:
// a word is whole, a prefix literal.
func ownQuery(q asked) string {
	switch q.kind {
	case wordKind:
		return `"` + q.text + `"`
	case typoKind, phoneKind:
		return q.text
	case twoWordsKind:
		return `"` + q.text + `" "` + q.label + `"`
	case substringKind:
		return "*" + q.text + "*"
	case labelKind:
		return `label:` + q.label + ` ` + q.text + "*"
	}
	return q.text + "*"
}

func (e *ownIndex) ask(q asked) func() (int, error) {
	parsed, err := search.Parse(ownQuery(q), search.Options{})
	if err != nil {
		return func() (int, error) { return 0, err }
	}
	var hits []search.Hit
	return func() (int, error) {
		var ok bool
		if hits, ok = e.x.Top(hits[:0], parsed, nil, 20); !ok {
			return 0, fmt.Errorf("%s is not ranked", parsed)
		}
		return len(hits), nil
	}
}

// engineQuestions draws the same questions for all.
func engineQuestions(list []*contacts.Contact, each int) map[string][]asked {
	r := rand.New(rand.NewPCG(7, 7))
	out := map[string][]asked{}
	for _, kind := range allKinds {
		for range 200 * each {
			if len(out[kind]) == each {
				break
			}
			c := list[r.IntN(len(list))]
			w := latinWord(r, c)
			q := asked{kind: kind}
			switch kind {
			case oneLetter:
				q.text = cut(w, 1)
			case twoLetters:
				q.text = cut(w, 2)
			case prefixKind:
				q.text = cut(w, 3+r.IntN(2))
			case wordKind:
				q.text = w
			case typoKind:
				if len(w) >= 4 && len(w) < 8 {
					q.text = mistype(r, w)
				}
			case substringKind:
				if len(w) >= 6 {
					q.text = w[1:5]
				}
			case phoneKind:
				if len(c.Phones) > 0 {
					d := strings.TrimPrefix(c.Phones[0].Phone.Number(), "+")
					if n := 5 + r.IntN(2); len(d) > n+2 {
						at := 2 + r.IntN(len(d)-n-2)
						if q.text = d[at : at+n]; q.text[0] == '0' {
							q.text = ""
						}
					}
				}
			case twoWordsKind:
				if other := latinWord(r, c); w != "" && other != "" && other != w {
					q.text, q.label = w, other
				}
			case labelKind:
				if len(c.Labels) > 0 {
					q.text, q.label = cut(w, 2), strings.Fields(strings.ToLower(c.Labels[0]))[0]
				}
			}
			if q.text != "" {
				out[kind] = append(out[kind], q)
			}
		}
	}
	return out
}

// latinWord is a word of ASCII letters, which every engine folds alike.
func latinWord(r *rand.Rand, c *contacts.Contact) string {
	w := plainWord(r, c)
	if len(w) != utf8.RuneCountInString(w) || len(w) < 3 {
		return ""
	}
	return w
}

func mistype(r *rand.Rand, w string) string {
	b := []byte(w)
	i := 1 + r.IntN(len(b)-2)
	switch r.IntN(3) {
	case 0:
		b[i] = 'a' + byte(r.IntN(26))
	case 1:
		b = slices.Delete(b, i, i+1)
	default:
		b = slices.Insert(b, i, 'a'+byte(r.IntN(26)))
	}
	if len(b) < 4 {
		return ""
	}
	return string(b)
}

// measureKind asks all questions once, or as many as there is time for.
func measureKind(e engine, list []asked, limit time.Duration) (latencies, bool, error) {
	var l latencies
	until := time.Now().Add(limit)
	for i, q := range list {
		run := e.ask(q)
		if run == nil {
			return l, false, nil
		}
		if i >= leastQueries && time.Now().After(until) {
			break
		}
		if _, err := run(); err != nil { // warm
			return l, false, fmt.Errorf("%s, %s: %w", e.name(), q.kind, err)
		}
		began := time.Now()
		n, err := run()
		l.times = append(l.times, time.Since(began))
		if l.hits += n; err != nil {
			return l, false, err
		}
	}
	slices.Sort(l.times)
	return l, true, nil
}

// engines compares search.Index with bleve, FTS5 and PostgreSQL.
func engines(e *env) error {
	ctx := context.Background()
	list := make([]*contacts.Contact, e.rows)
	for i := range list {
		list[i] = generated(i)
	}
	build := func() (*search.Index, error) {
		return search.BuildIndex(func(yield func(*contacts.Contact, error) bool) {
			for _, c := range list {
				if !yield(c, nil) {
					return
				}
			}
		})
	}
	before := heap()
	x, err := build()
	if err != nil {
		return err
	}
	ownHeap := heap() - before
	ours, err := here(func() error { _, err := build(); return err })()
	if err != nil {
		return err
	}
	e.printf("  search.Index: built in %s CPU, %.1f MB, %d bytes a contact\n", short(ours.cpu), float64(ownHeap)/1e6, ownHeap/int64(len(list)))
	if err := snapshotTime(e, x); err != nil {
		return err
	}
	all := []engine{&ownIndex{x}}
	defer func() {
		for _, en := range all {
			en.close()
		}
	}()
	if os.Getenv("BENCH_ONLY") == "" {
		before = heap()
		var b engine
		theirs, err := here(func() (err error) { b, err = newBleve(list); return err })()
		if err != nil {
			return err
		}
		bleveHeap := heap() - before
		all = append(all, b)
		ratio, size := float64(theirs.cpu)/float64(ours.cpu), float64(ownHeap)/float64(bleveHeap)
		e.printf("  bleve, in memory: built in %s CPU, %.1f MB: ours takes %.1fx less CPU (target 8x: %s) and %.2fx the heap (target 1x: %s)\n", short(theirs.cpu),
			float64(bleveHeap)/1e6, ratio, verdict(ratio >= 8), size, verdict(size <= 1))
		fts, err := here(func() (err error) { b, err = newFTS5(ctx, e.dir, list); return err })()
		if err != nil {
			return err
		}
		all = append(all, b)
		e.printf("  FTS5, words and trigrams: built in %s CPU\n", short(fts.cpu))
		if pg, err := newPostgres(ctx, list); err != nil {
			e.printf("  PostgreSQL is not there: %v\n", err)
		} else {
			all = append(all, pg)
		}
	}
	questions := engineQuestions(list, queriesPerKind)
	for _, kind := range askedKinds() {
		var own latencies
		var best50, best99 time.Duration
		line := fmt.Sprintf("    %-17s", kind)
		for i, en := range all {
			l, ok, err := measureKind(en, questions[kind], askingTime)
			if err != nil {
				return err
			}
			if !ok {
				line += fmt.Sprintf("  %s -", en.name())
				continue
			}
			p50, p99 := l.at(0.5), l.at(0.99)
			line += fmt.Sprintf("  %s %s/%s (%.1f hits)", en.name(), short(p50), short(p99), float64(l.hits)/float64(len(l.times)))
			any, err := anyTwenty(en, questions[kind], askingTime)
			if err != nil {
				return err
			}
			line += any
			if i == 0 {
				own = l
				continue
			}
			if best50 == 0 || p50 < best50 {
				best50 = p50
			}
			if best99 == 0 || p99 < best99 {
				best99 = p99
			}
		}
		e.printf("%s\n", line)
		if best50 > 0 {
			a, b := float64(best50)/float64(own.at(0.5)), float64(best99)/float64(own.at(0.99))
			e.printf("      p50 %.0fx (target %.0fx: %s), p99 %.0fx (target %.0fx: %s)\n", a, target[kind][0], verdict(a >= target[kind][0]), b, target[kind][1], verdict(b >= target[kind][1]))
		}
		if e.rows >= 1_000_000 && kind != twoWordsKind {
			e.printf("      p99 under 1 ms: %s\n", verdict(own.at(0.99) < time.Millisecond))
		}
	}
	return besideUpdates(e, x, list, questions)
}

// snapshotTime writes the index to a file and reads it.
func snapshotTime(e *env, x *search.Index) error {
	f, err := os.CreateTemp(e.dir, "index")
	if err != nil {
		return err
	}
	defer f.Close()
	n, err := x.WriteTo(f)
	if err != nil {
		return err
	}
	var times []time.Duration
	for range 3 {
		if _, err := f.Seek(0, 0); err != nil {
			return err
		}
		runtime.GC()
		began := time.Now()
		if _, err := search.ReadIndex(f); err != nil {
			return err
		}
		times = append(times, time.Since(began))
	}
	slices.Sort(times)
	e.printf("  snapshot: %.1f MB, read in %s\n", float64(n)/1e6, short(times[1]))
	return nil
}

// besideUpdates measures while a thousand contacts a second are replaced.
func besideUpdates(e *env, x *search.Index, list []*contacts.Contact, questions map[string][]asked) error {
	own := &ownIndex{x}
	mixed := []asked{}
	for _, kind := range engineKinds {
		mixed = append(mixed, questions[kind]...)
	}
	rand.New(rand.NewPCG(1, 1)).Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
	// Where other programs want the cores, too, the wall says how long a query
	// waited for one; the time of its thread says what it did.
	measure := func() (wall, thread latencies, err error) {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		for range 5 {
			for _, q := range mixed {
				run := own.ask(q)
				for range 2 { // the first one warms
					began, at := time.Now(), threadTime()
					if _, err = run(); err != nil {
						return wall, thread, err
					}
					wall.times, thread.times = append(wall.times, time.Since(began)), append(thread.times, threadTime()-at)
				}
				n := len(wall.times) - 2
				wall.times, thread.times = append(wall.times[:n], wall.times[n+1]), append(thread.times[:n], thread.times[n+1])
			}
		}
		slices.Sort(wall.times)
		slices.Sort(thread.times)
		return wall, thread, nil
	}
	quiet, quietThread, err := measure()
	if err != nil {
		return err
	}
	stop, puts := make(chan struct{}), 0
	var wg sync.WaitGroup
	wg.Go(func() {
		tick := time.NewTicker(time.Millisecond)
		defer tick.Stop()
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			case <-tick.C:
				x.Put(list[i*7919%len(list)])
				puts++
			}
		}
	})
	began := time.Now()
	busy, busyThread, err := measure()
	close(stop)
	wg.Wait()
	if err != nil {
		return err
	}
	rate := float64(puts) / time.Since(began).Seconds()
	after, afterThread, err := measure()
	if err != nil {
		return err
	}
	e.printf("  beside %.0f updates a second: p50 %s to %s, p99 %s to %s (target: at most double: %s); afterwards p50 %s, p99 %s\n", rate,
		short(quiet.at(0.5)), short(busy.at(0.5)), short(quiet.at(0.99)), short(busy.at(0.99)), verdict(busy.at(0.99) <= 2*quiet.at(0.99)),
		short(after.at(0.5)), short(after.at(0.99)))
	e.printf("    in time of the thread p99 %s to %s (at most double: %s), afterwards %s\n", short(quietThread.at(0.99)), short(busyThread.at(0.99)),
		verdict(busyThread.at(0.99) <= 2*quietThread.at(0.99)), short(afterThread.at(0.99)))
	return nil
}

// texts are the fields of a contact that are searched, as one text each.
func texts(c *contacts.Contact) (name, company, email, label, phone string) {
	var emails, phones []string
	for _, m := range c.Emails {
		emails = append(emails, m.Email.Address())
	}
	for _, p := range c.Phones {
		phones = append(phones, strings.TrimPrefix(p.Phone.Number(), "+"))
	}
	return c.FullName(), c.Company, strings.Join(emails, " "), strings.Join(c.Labels, " "), strings.Join(phones, " ")
}
