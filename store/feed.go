package store

import (
	"context"
	"encoding/binary"
	"iter"
	"slices"
	"time"

	"github.com/extcontacts/extcontacts/contacts"
)

// FeedPage is a part of the change feed of a workspace; see [Changes].
type FeedPage struct {
	// Entries are the entries of the log, in order, each exactly once in the
	// pages of a feed. An act whose changes are not of contacts, such as a
	// recorded activity or a change of the schema, has its entries, too.
	Entries []contacts.Entry
	// Contacts are the contacts that the entries changed, each once, in
	// ascending order of id, as they are when the page is read: who keeps a
	// copy of the contacts puts these in its place.
	Contacts []FeedContact
	// Next is the token of the next page. It is set on the last page, too,
	// where it waits for what comes.
	Next string
	// More is set where there are entries after this page already.
	More bool
}

// Split parts the contacts of the page in those that the store has, whatever
// their state, and the ids of those it has not: what an index puts in and what
// it takes out.
func (p *FeedPage) Split() (put []*contacts.Contact, gone []contacts.ID) {
	for _, c := range p.Contacts {
		if c.Contact == nil {
			gone = append(gone, c.ID)
		} else {
			put = append(put, c.Contact)
		}
	}
	return put, gone
}

// FeedContact is a contact that changed.
type FeedContact struct {
	ID contacts.ID
	// Seq is the last entry of the page that changed it.
	Seq int64
	// Contact is the contact as it is, nil where the store has none by the
	// id. A copy of the live contacts drops one that is nil or whose State is
	// not [contacts.Live]: it is a tombstone.
	Contact *contacts.Contact
}

// Watcher is an optional capability of a [Store]: to know at once when a
// workspace is written to. [Follow] falls back to asking again and again.
type Watcher interface {
	// Watch waits until the log of the workspace has an entry greater than
	// after and returns nil; it returns at once where it has. It may return nil
	// earlier. Where the context ends it returns the context's error, where
	// the store is closed [ErrClosed].
	Watch(ctx context.Context, workspace string, after int64) error
}

const (
	// feedContacts is how many contacts a page of the feed has, more or less:
	// it ends with the entry by which they are as many.
	feedContacts = 4096
	// feedStep is how many entries are read at once, since each may be that of
	// a batch of thousands of rows.
	feedStep = 16
)

// Changes reads the change feed of a workspace: what was written after the
// place that token stands for, in the order in which it was written, limit
// entries at most (zero means [DefaultLimit]). An empty token begins with the
// first entry; [FeedHead] is the token of the end.
//
// A token may be kept as long as one likes and used from any process and any
// number of times: it names the entry it stands behind. Who handles a page and
// then keeps its Next sees everything at least once, in order. It works on
// every store, by [Store.Log] and [Store.Contacts].
//
// Errors: those of the two; a token that is not one of this workspace is a
// *[contacts.FieldError] with the code token_invalid. Where the entry that a
// token stands behind is not in the log (the store was restored from an older
// backup, or is another one) the code is token_lost: read the contacts anew,
// from a new [FeedHead]. Both wrap [ErrInvalid].
func Changes(ctx context.Context, st Store, workspace, token string, limit int) (FeedPage, error) {
	if limit == 0 {
		limit = DefaultLimit
	}
	if limit < 0 {
		return FeedPage{}, &contacts.FieldError{Path: "limit", Code: "limit_invalid", Hint: "1 or more"}
	}
	if err := CheckWorkspace(workspace); err != nil {
		return FeedPage{}, err
	}
	at, err := decodeFeed(workspace, token)
	if err != nil {
		return FeedPage{}, err
	}
	page := FeedPage{Next: token}
	last := map[contacts.ID]int64{}
	for {
		// One before, to see that it is the one; one more, to see whether the
		// feed goes on.
		q := LogQuery{After: max(0, at.seq-1), Limit: min(feedStep, limit-len(page.Entries)) + 1}
		if at.seq > 0 {
			q.Limit++
		}
		entries, err := st.Log(ctx, workspace, q)
		if err != nil {
			return FeedPage{}, err
		}
		if at.seq > 0 {
			if len(entries) == 0 || entries[0].Seq != at.seq || entries[0].Hash != at.hash {
				return FeedPage{}, &contacts.FieldError{Path: "token", Code: "token_lost", Hint: "the log is not the one that the token was made for; begin anew"}
			}
			entries = entries[1:]
		}
		full := len(entries) == q.Limit || at.seq > 0 && len(entries) == q.Limit-1
		if full {
			entries = entries[:len(entries)-1]
		}
		for i, e := range entries {
			page.Entries = append(page.Entries, e)
			at = feedPlace{e.Seq, e.Hash}
			for j := range e.Changes {
				if id := e.Changes[j].Contact; id != "" {
					last[id] = e.Seq
				}
			}
			if len(last) >= feedContacts {
				full = full || i < len(entries)-1
				break
			}
		}
		if page.More = full; !full || len(page.Entries) >= limit || len(last) >= feedContacts {
			break
		}
	}
	if len(page.Entries) == 0 {
		return page, nil
	}
	page.Next = encodeFeed(workspace, at)
	ids := make([]contacts.ID, 0, len(last))
	for id := range last {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for part := range slices.Chunk(ids, 1000) {
		list, err := st.Contacts(ctx, workspace, part...)
		if err != nil {
			return FeedPage{}, err
		}
		for i, c := range list {
			page.Contacts = append(page.Contacts, FeedContact{part[i], last[part[i]], c})
		}
	}
	return page, nil
}

// FeedHead returns the token of the end of the feed: [Changes] answers from it
// what is written after this call. Who wants the contacts and then their
// changes takes it first and scans after.
func FeedHead(ctx context.Context, st Store, workspace string) (string, error) {
	last, err := st.Log(ctx, workspace, LogQuery{Newest: true, Limit: 1})
	if err != nil || len(last) == 0 {
		return "", err
	}
	return encodeFeed(workspace, feedPlace{last[0].Seq, last[0].Hash}), nil
}

// FeedBehind returns the token that stands behind an entry of the log: what
// [Changes] answers from it was written after that.
func FeedBehind(workspace string, seq int64, hash [32]byte) string {
	if seq == 0 {
		return ""
	}
	return encodeFeed(workspace, feedPlace{seq, hash})
}

// Follow yields the pages of the change feed, waits for new ones and goes on
// until the context ends: pages without entries are left out. A store that is
// no [Watcher] is asked again after each time of poll, zero means a second. The
// error comes once, last; that of a context that ended, too. Ranging again
// begins at token again.
func Follow(ctx context.Context, st Store, workspace, token string, poll time.Duration) iter.Seq2[FeedPage, error] {
	if poll <= 0 {
		poll = time.Second
	}
	return func(yield func(FeedPage, error) bool) {
		for next := token; ; {
			page, err := Changes(ctx, st, workspace, next, 0)
			if err != nil {
				yield(FeedPage{}, err)
				return
			}
			if len(page.Entries) > 0 && !yield(page, nil) {
				return
			}
			next = page.Next
			if page.More {
				continue
			}
			if err := await(ctx, st, workspace, next, poll); err != nil {
				yield(FeedPage{}, err)
				return
			}
		}
	}
}

func await(ctx context.Context, st Store, workspace, token string, poll time.Duration) error {
	if w, ok := st.(Watcher); ok {
		at, err := decodeFeed(workspace, token)
		if err != nil {
			return err
		}
		return w.Watch(ctx, workspace, at.seq)
	}
	t := time.NewTimer(poll)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// feedPlace is the entry that a token stands behind; zero is the beginning.
type feedPlace struct {
	seq  int64
	hash [32]byte
}

func encodeFeed(workspace string, at feedPlace) string {
	b := binary.BigEndian.AppendUint64(nil, uint64(at.seq))
	return encodePosition(append(b, at.hash[:]...), "feed", workspace)
}

func decodeFeed(workspace, token string) (at feedPlace, err error) {
	if token == "" {
		return at, nil
	}
	b, ok := decodePosition(token, "feed", workspace)
	if !ok || len(b) != 8+len(at.hash) || int64(binary.BigEndian.Uint64(b)) <= 0 {
		return at, &contacts.FieldError{Path: "token", Code: "token_invalid", Hint: "the token belongs to another workspace, or was changed"}
	}
	at.seq = int64(binary.BigEndian.Uint64(b))
	copy(at.hash[:], b[8:])
	return at, nil
}
