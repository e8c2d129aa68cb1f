package extcontacts

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"slices"
	"time"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// TimelineOptions select a part of a contact's timeline. The zero value is the
// newest page of everything.
type TimelineOptions struct {
	// Kinds, Statuses, Channels and Agents select activities that have one of
	// the values; empty means all.
	Kinds    []contacts.ActivityKind
	Statuses []contacts.EnquiryStatus
	Channels []string
	Agents   []contacts.ID
	// From and Until bound the time, both inclusive; zero means no bound.
	From, Until time.Time
	// Oldest puts the oldest first.
	Oldest bool
	// Cursor is the Next of the page before; empty means the first page.
	Cursor string
	// Limit is the number at most; zero means [store.DefaultLimit], more than
	// [store.MaxSearchLimit] is refused.
	Limit int
}

// TimelinePage is a part of a timeline.
type TimelinePage struct {
	Activities []contacts.Activity `json:"activities"`
	// Next is the cursor of the next page, empty at the end.
	Next string `json:"next,omitzero"`
}

// Activities returns what happened with a contact and with everybody who was
// merged into it, the newest first: Enquiry History, Engagement and Journey in
// one. A merge moves nothing: undoing it parts the timelines again.
//
// Paging is by position: what is recorded meanwhile shifts nothing. A cursor
// that is not one of this order in this workspace is refused with the code
// cursor_invalid.
func (s *Session) Activities(ctx context.Context, id contacts.ID, o TimelineOptions) (TimelinePage, error) {
	page := TimelinePage{Activities: []contacts.Activity{}}
	c, err := s.resolve(ctx, id)
	if err != nil {
		return page, err
	}
	if err := s.may(contacts.RightTimeline, c); err != nil {
		return page, err
	}
	if o.Limit == 0 {
		o.Limit = store.DefaultLimit
	}
	if o.Limit < 0 || o.Limit > store.MaxSearchLimit {
		return page, &contacts.FieldError{Path: "limit", Code: "limit_invalid", Hint: "1 to 10000"}
	}
	line, err := s.family(ctx, c.ID)
	if err != nil {
		return page, err
	}
	q := store.ActivityQuery{Contacts: line, Kinds: o.Kinds, Limit: o.Limit + 1, Oldest: o.Oldest}
	switch {
	case o.Cursor != "":
		if q.BeforeAt, q.BeforeID, err = s.timelinePlace(o.Cursor, o.Oldest); err != nil {
			return page, err
		}
	case o.Oldest && !o.From.IsZero():
		q.BeforeAt = contacts.Micros(o.From).Add(-time.Microsecond)
		q.BeforeID = lastID
	case !o.Oldest && !o.Until.IsZero():
		q.BeforeAt = contacts.Micros(o.Until).Add(time.Microsecond)
	}
	for {
		list, err := s.st().Activities(ctx, s.ws(), q)
		if err != nil {
			return page, err
		}
		for i := range list {
			a := &list[i]
			if o.past(a) {
				return page, nil
			}
			if !o.wants(a) {
				continue
			}
			if len(page.Activities) == o.Limit {
				last := page.Activities[o.Limit-1]
				page.Next = s.timelineCursor(last.At, last.ID, o.Oldest)
				return page, nil
			}
			page.Activities = append(page.Activities, s.maskActivity(*a))
		}
		if len(list) < q.Limit {
			return page, nil
		}
		q.BeforeAt, q.BeforeID = list[len(list)-1].At, list[len(list)-1].ID
	}
}

// lastID is greater than the id of any activity.
const lastID = contacts.ID("\U0010FFFF")

// past reports whether nothing behind the activity can be wanted.
func (o *TimelineOptions) past(a *contacts.Activity) bool {
	if o.Oldest {
		return !o.Until.IsZero() && a.At.After(o.Until)
	}
	return !o.From.IsZero() && a.At.Before(contacts.Micros(o.From))
}

func (o *TimelineOptions) wants(a *contacts.Activity) bool {
	shared := func(agents []contacts.ID) bool {
		return slices.ContainsFunc(agents, func(id contacts.ID) bool { return slices.Contains(a.Agents, id) })
	}
	return (len(o.Statuses) == 0 || slices.Contains(o.Statuses, a.Status)) &&
		(len(o.Channels) == 0 || slices.Contains(o.Channels, a.Channel)) &&
		(len(o.Agents) == 0 || shared(o.Agents)) &&
		(o.From.IsZero() || !a.At.Before(contacts.Micros(o.From))) && (o.Until.IsZero() || !a.At.After(o.Until))
}

func compareActivity(a, b *contacts.Activity) int {
	return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID))
}

// timelineCursor writes a place in a timeline: four bytes that tell the
// workspace and the order, the time, the id.
func (s *Session) timelineCursor(at time.Time, id contacts.ID, oldest bool) string {
	b := s.timelineMark(oldest)
	b = binary.BigEndian.AppendUint64(b, uint64(at.UnixMicro()))
	return base64.RawURLEncoding.EncodeToString(append(b, id...))
}

func (s *Session) timelinePlace(cursor string, oldest bool) (time.Time, contacts.ID, error) {
	b, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	mark := s.timelineMark(oldest)
	if err != nil || len(b) < 13 || len(b) > 12+store.MaxID || string(b[:4]) != string(mark) || store.CheckIDs(contacts.ID(b[12:])) != nil {
		return time.Time{}, "", &contacts.FieldError{Path: "cursor", Code: "cursor_invalid", Hint: "a cursor of this order in this workspace"}
	}
	at := time.UnixMicro(int64(binary.BigEndian.Uint64(b[4:]))).UTC()
	if at.IsZero() {
		return time.Time{}, "", &contacts.FieldError{Path: "cursor", Code: "cursor_invalid", Hint: "a cursor of this order in this workspace"}
	}
	return at, contacts.ID(b[12:]), nil
}

func (s *Session) timelineMark(oldest bool) []byte {
	order := "newest"
	if oldest {
		order = "oldest"
	}
	h := sha256.Sum256([]byte("timeline " + order + " " + s.ws()))
	return h[:4:4]
}
