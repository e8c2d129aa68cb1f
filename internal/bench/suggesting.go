package main

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
)

const (
	suggestAsked = 5000   // contacts that are asked for
	suggestMarks = 10_000 // pairs that were said to be two people
)

// suggesting asks for the suspected duplicates of contacts all over a book and
// gives the times of the answers.
func suggesting(e *env) error {
	data, err := realFile(e.rows)
	if err != nil {
		return err
	}
	return eachBook(e, data, apart, func(ctx context.Context, b *book) error {
		r := rand.New(rand.NewPCG(1, 2))
		var ids []contacts.ID
		every := max(1, e.rows/(suggestAsked+2*suggestMarks))
		n := 0
		for c, err := range b.session.Search(ctx, "") {
			if err != nil {
				return err
			}
			if n++; n%every == 0 {
				ids = append(ids, c.ID)
			}
		}
		r.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
		if err := e.suggest(ctx, b, b.store+", no marks", ids); err != nil {
			return err
		}
		marks := min(suggestMarks, len(ids)/2)
		if b.store != "memory" {
			marks /= 10 // each is a transaction of its own
		}
		for i := range marks {
			if _, err := b.session.Distinct(ctx, ids[2*i], ids[2*i+1]); err != nil && !isConflict(err) {
				return err
			}
		}
		return e.suggest(ctx, b, b.store+", marked", ids)
	})
}

func isConflict(err error) bool { return errors.Is(err, extcontacts.ErrConflict) }

func (e *env) suggest(ctx context.Context, b *book, what string, ids []contacts.ID) error {
	var took, busy []time.Duration
	found := 0
	for _, id := range ids[:min(len(ids), suggestAsked)] {
		began, cpu := time.Now(), cpuTime()
		pairs, err := b.session.Suggest(ctx, id)
		if err != nil {
			return err
		}
		took, busy = append(took, time.Since(began)), append(busy, cpuTime()-cpu)
		found += len(pairs)
	}
	e.printf("  %s: %d asked, %d suspected%s\n", what, len(took), found, load())
	for name, list := range map[string][]time.Duration{"time": took, "CPU time": busy} {
		slices.Sort(list)
		e.printf("    %-10s %s median, %s p99, %s at most\n", name, short(list[len(list)/2]), short(list[len(list)*99/100]), short(list[len(list)-1]))
	}
	return nil
}
