package store

import (
	"context"
	"iter"
	"time"

	"github.com/extcontacts/extcontacts/contacts"
)

// Recency is when something last happened with a contact: the At of the latest
// activity that is recorded on it.
type Recency struct {
	Contact contacts.ID
	At      time.Time
	// Merged says that the contact was merged away: the survivor answers for
	// its activities.
	Merged bool
}

// RecencyReader is an optional capability of a [Store]: to tell when something
// last happened with each contact without reading every activity.
type RecencyReader interface {
	// LastActivities yields each contact that has activities once, in any
	// order. Errors and ranging again are as those of [Store.Scan].
	LastActivities(ctx context.Context, workspace string) iter.Seq2[Recency, error]
}

// LastActivities yields when something last happened with each contact that has
// activities, in any order. A store that is no [RecencyReader] is asked contact
// by contact. An error comes once, last.
func LastActivities(ctx context.Context, st Store, workspace string) iter.Seq2[Recency, error] {
	if r, ok := st.(RecencyReader); ok {
		return r.LastActivities(ctx, workspace)
	}
	return func(yield func(Recency, error) bool) {
		for c, err := range st.Scan(ctx, workspace, "") {
			if err != nil {
				yield(Recency{}, err)
				return
			}
			last, err := st.Activities(ctx, workspace, ActivityQuery{Contacts: []contacts.ID{c.ID}, Limit: 1})
			if err != nil {
				yield(Recency{}, err)
				return
			}
			if len(last) > 0 && !yield(Recency{c.ID, last[0].At, c.State == contacts.Merged}, nil) {
				return
			}
		}
	}
}
