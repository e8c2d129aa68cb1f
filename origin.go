package extcontacts

import (
	"context"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// Origin says where a value of a contact comes from.
type Origin struct {
	// Path and Value are the value as the change log writes it.
	Path  string `json:"path"`
	Value string `json:"value"`
	// Act brought the value, at the place Seq of the log: what it was, who did
	// it, when and through what.
	Act    contacts.ID      `json:"act"`
	Seq    int64            `json:"seq"`
	Kind   contacts.ActKind `json:"kind"`
	Actor  contacts.ID      `json:"actor"`
	At     time.Time        `json:"at"`
	Source string           `json:"source,omitzero"`
	// From is the contact that the value came from in a merge.
	From contacts.ID `json:"from,omitzero"`
}

// Origins tells for each value of a contact which act brought it: its source
// and its author. What the contact was created with comes from the act that
// created it.
func (s *Session) Origins(ctx context.Context, id contacts.ID) ([]Origin, error) {
	c, err := s.resolve(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := s.may(contacts.RightLog, c); err != nil {
		return nil, err
	}
	return s.origins(ctx, c)
}

func (s *Session) origins(ctx context.Context, c *contacts.Contact) ([]Origin, error) {
	steps, entries, err := s.steps(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	acts := map[contacts.ID]contacts.Act{}
	if err := s.loadActs(ctx, acts, entries); err != nil {
		return nil, err
	}
	at := make(map[int64]time.Time, len(entries))
	for _, e := range entries {
		at[e.Seq] = e.At
	}
	type place struct{ path, elem string }
	last := map[place]int{}
	born := -1
	for i, st := range steps {
		switch ch := st.Change; {
		case ch.Path == contacts.PathCreated:
			born = i
		case !ch.IsProvenance():
			last[place{ch.Path, ch.Elem()}] = i
		}
	}
	var out []Origin
	for v := range c.Values() {
		i, ok := last[place{v.Path, v.Elem}]
		if !ok {
			i = born
		}
		if i < 0 {
			continue // a log that was cut off; Verify tells
		}
		a := acts[steps[i].Act]
		ch := s.maskChange(contacts.Change{Path: v.Path, New: v.Text})
		o := Origin{Path: v.Path, Value: ch.New, Act: a.ID, Seq: steps[i].Seq, Kind: a.Kind, Actor: a.Actor, At: at[steps[i].Seq], Source: a.Source}
		if ok {
			o.From = steps[i].Change.From
		}
		out = append(out, o)
	}
	return out, nil
}

// Recent returns the last lines of a contact's change log, n at most, the
// newest first: five is what people are usually shown.
func (s *Session) Recent(ctx context.Context, id contacts.ID, n int) ([]LogEntry, error) {
	if id.IsZero() {
		return nil, ErrNotFound
	}
	if n < 0 {
		return nil, errLimit
	}
	var out []LogEntry
	for o := (LogOptions{Limit: max(n, 1)}); ; {
		page, err := s.Log(ctx, id, o)
		if err != nil {
			return nil, err
		}
		out = append(out, page.Entries...)
		if o.Before = page.Next; o.Before == 0 || len(out) >= n {
			return out[:min(len(out), n)], nil
		}
	}
}

// LogHead is the end of a workspace's log at some moment. Kept where who
// writes the database cannot reach it, it proves what the log was: [Session.Verify]
// notices by it that entries were cut off the end, or all hashes made anew.
type LogHead struct {
	Workspace string
	Seq       int64 // zero: the log was empty
	Hash      [32]byte
}

// String writes the head as one line: sequence number, hash, workspace.
func (h LogHead) String() string {
	return fmt.Sprintf("%d %s %s", h.Seq, hex.EncodeToString(h.Hash[:]), h.Workspace)
}

// ParseLogHead reads what [LogHead.String] writes. The code of a refusal is
// head_invalid.
func ParseLogHead(text string) (LogHead, error) {
	var h LogHead
	var hash string
	_, err := fmt.Sscanf(text, "%d %64s ", &h.Seq, &hash)
	prefix := fmt.Sprintf("%d %s ", h.Seq, hash)
	b, hexErr := hex.DecodeString(hash)
	if err != nil || hexErr != nil || len(b) != 32 || h.Seq < 0 || len(text) <= len(prefix) || text[:len(prefix)] != prefix {
		return LogHead{}, &contacts.FieldError{Path: "head", Code: "head_invalid", Hint: "the line that Head gave: number, hash, workspace"}
	}
	copy(h.Hash[:], b)
	h.Workspace = text[len(prefix):]
	return h, nil
}

// Head returns the end of the log. It needs the right to the whole log.
func (s *Session) Head(ctx context.Context) (LogHead, error) {
	if err := s.may(contacts.RightLog, nil); err != nil {
		return LogHead{}, err
	}
	last, err := s.st().Log(ctx, s.ws(), store.LogQuery{Newest: true, Limit: 1})
	h := LogHead{Workspace: s.ws()}
	if err == nil && len(last) > 0 {
		h.Seq, h.Hash = last[0].Seq, last[0].Hash
	}
	return h, err
}
