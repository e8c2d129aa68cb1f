package sqlstore

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"iter"
	"slices"
	"sync"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/search"
	"github.com/extcontacts/extcontacts/store"
)

// TextIndex says what becomes of the index over the texts that queries look
// at: a [search.Stored], whose blocks are rows of ec_index. It belongs to the
// database: once made for a workspace, every store that has the database open
// uses it and keeps it up to date.
//
// What a batch writes is found at once: each search reads from the log what
// was written since the last one. The blocks are written when there is much of
// that, by a search from [Options.TextTail] contacts on and by a batch from
// eight times as many; the one that does so takes a second or two longer. The
// erasure of a contact reads the segment that holds it, of up to 131,072. A host
// that keeps a
// [github.com/extcontacts/extcontacts/store.Index] needs none.
type TextIndex int

const (
	// TextAsIs leaves the database as it is: a new one has no index. It is the
	// default.
	TextAsIs TextIndex = iota
	// TextOn makes the index of each workspace that has none, when the store is
	// opened or the workspace is searched first; its writers wait meanwhile.
	TextOn
	// TextOff drops the indexes of all workspaces when the store is opened.
	TextOff
)

const (
	textTail   = 8192     // see Options.TextTail
	textCache  = 32 << 20 // see Options.TextCache
	writerTail = 8        // times more are pending before a batch writes them
	openTexts  = 256      // workspaces of which the index is kept open
)

// textIndexes are the indexes of a store's workspaces.
type textIndexes struct {
	mode  TextIndex
	tail  int
	cache *search.BlockCache

	mu   sync.Mutex
	open map[string]*textIndex
	last int64 // of the numbers that tell them from each other
}

// textIndex is the index of one workspace as this process knows it.
type textIndex struct {
	space int64

	mu       sync.Mutex // held while the log is read
	x        *search.Stored
	manifest []byte // as it was read or written
	at       place  // up to where the log was read
	noted    int64  // the note that was read last
	pending  int    // contacts written by this process since it looked last; guarded by textIndexes.mu
	full     int    // pending contacts from which on they are to be written
}

// place is a place in the log.
type place struct {
	seq  int64
	hash [32]byte
}

func (x *textIndexes) of(ws string) *textIndex {
	x.mu.Lock()
	defer x.mu.Unlock()
	t := x.open[ws]
	if t == nil {
		if len(x.open) >= openTexts {
			clear(x.open)
		}
		x.last++
		t = &textIndex{space: x.last}
		x.open[ws] = t
	}
	return t
}

// apart is an index that nobody else has.
func (x *textIndexes) apart() *textIndex {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.last++
	return &textIndex{space: x.last}
}

func (x *textIndexes) forget(ws string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	delete(x.open, ws)
}

const (
	indexRows   = "ec_index (ws, block, body)"
	manifestSQL = "SELECT body FROM ec_index WHERE ws = ? AND block = 0"
	notesSQL    = "SELECT block, body FROM ec_index WHERE ws = ? AND block < ? ORDER BY block"
	placeSQL    = "SELECT seq, hash FROM ec_head WHERE ws = ?"
	followSQL   = "SELECT seq, hash, (SELECT MIN(block) FROM ec_index WHERE ws = ?) FROM ec_head WHERE ws = ?"
)

// readPlace reads the end of the log.
func readPlace(ctx context.Context, c *session, ws, lock string) (at place, err error) {
	var hash []byte
	_, err = c.one(ctx, placeSQL+lock, []any{ws}, &at.seq, &hash)
	copy(at.hash[:], hash)
	return at, err
}

// blocksOf reads blocks of a workspace on a connection.
func blocksOf(ctx context.Context, c *session, ws string, numbers []int64) ([][]byte, error) {
	found := make(map[int64][]byte, len(numbers))
	err := lists(len(numbers), func(from, to, size int) error {
		args := []any{ws}
		for _, n := range numbers[from:to] {
			args = append(args, n)
		}
		return c.query(ctx, "SELECT block, body FROM ec_index WHERE ws = ? AND block IN ("+marks(size)+")", fill(args, 1+size), func(scan func(...any) error) error {
			var n int64
			var body []byte
			err := scan(&n, &body)
			found[n] = body
			return err
		})
	})
	out := make([][]byte, len(numbers))
	for i, n := range numbers {
		out[i] = found[n]
	}
	return out, err
}

func (s *Store) blocks(ws string, space int64) search.Blocks {
	read := func(ctx context.Context, numbers []int64) (out [][]byte, err error) {
		err = s.reading(ctx, "read index", func(ctx context.Context, c *session) error {
			out, err = blocksOf(s.inner(ctx), c, ws, numbers)
			return err
		})
		return out, err
	}
	return search.Blocks{Read: read, Cache: s.texts.cache, Space: space}
}

// manifestHead is the length of what stands before the manifest in its row:
// the place up to where the log was read.
const manifestHead = 8 + 32

func splitManifest(body []byte) (at place, manifest []byte, err error) {
	if len(body) < manifestHead {
		return at, nil, search.ErrStored
	}
	at.seq = int64(binary.BigEndian.Uint64(body))
	copy(at.hash[:], body[8:])
	return at, body[manifestHead:], nil
}

func joinManifest(at place, manifest []byte) []byte {
	b := append(binary.BigEndian.AppendUint64(nil, uint64(at.seq)), at.hash[:]...)
	return append(b, manifest...)
}

// text is the index of a workspace with all that was written before the call;
// nil where there is none.
func (s *Store) text(ctx context.Context, ws string) (*search.Stored, error) {
	if s.texts == nil {
		return nil, nil
	}
	t := s.texts.of(ws)
	t.mu.Lock()
	defer t.mu.Unlock()
	for try := 0; ; try++ {
		err := s.followText(ctx, ws, t, true)
		var lost *contacts.FieldError
		if errors.Is(err, search.ErrStored) || errors.As(err, &lost) && lost.Code == "token_lost" {
			// Somebody has written another version, or the index is of no use.
			if t.x = nil; try == 0 {
				continue
			}
			return nil, nil
		}
		return t.x, err
	}
}

// followText opens the index and reads what was written since. With write set it
// makes one, or writes what is pending, where that is due.
func (s *Store) followText(ctx context.Context, ws string, t *textIndex, write bool) error {
	var head place
	var least sql.NullInt64
	var body []byte
	var noted []contacts.ID
	err := s.reading(ctx, "search", func(ctx context.Context, c *session) error {
		var hash []byte
		ctx, noted = s.inner(ctx), nil
		if _, err := c.one(ctx, followSQL, []any{ws, ws}, &head.seq, &hash, &least); err != nil {
			return err
		}
		copy(head.hash[:], hash)
		if t.x != nil && least.Int64 > t.noted || !least.Valid {
			t.x = nil // another version was written, or all was dropped
		}
		if t.x == nil {
			t.noted = 0
			if _, err := c.one(ctx, manifestSQL, []any{ws}, &body); err != nil {
				return err
			}
		}
		if least.Int64 == t.noted {
			return nil
		}
		return c.query(ctx, notesSQL, []any{ws, t.noted}, func(scan func(...any) error) error {
			var n int64
			var ids []byte
			err := scan(&n, &ids)
			noted = append(noted, splitNote(ids)...)
			return err
		})
	})
	if err != nil {
		return err
	}
	if t.x == nil {
		if body == nil && write && s.texts.mode == TextOn && head.seq > 0 {
			if body, err = s.buildText(ctx, ws); err != nil {
				return err
			}
		}
		if body == nil {
			return nil
		}
		if err := s.openText(ctx, ws, t, body); err != nil {
			return err
		}
	}
	if len(noted) > 0 {
		list, err := s.Contacts(ctx, ws, sortedIDs(noted)...)
		if err != nil {
			return err
		}
		list = slices.DeleteFunc(list, func(c *contacts.Contact) bool { return c == nil })
		if err := t.x.Put(ctx, list); err != nil {
			return err
		}
		t.noted = least.Int64
	}
	for t.at != head {
		page, err := store.Changes(ctx, s, ws, store.FeedBehind(ws, t.at.seq, t.at.hash), 0)
		if err != nil {
			return err
		}
		put, gone := page.Split()
		if err := t.x.Put(ctx, put, gone...); err != nil {
			return err
		}
		if n := len(page.Entries); n > 0 {
			t.at = place{page.Entries[n-1].Seq, page.Entries[n-1].Hash}
		}
		if !page.More {
			break
		}
	}
	if write && t.x.Pending() >= t.full {
		if err := s.flushText(ctx, ws, t); err != nil {
			if ctx.Err() != nil || errors.Is(err, search.ErrStored) {
				return err
			}
			t.full = 2 * t.x.Pending() // whoever may write will do it
		} else {
			t.full = s.texts.tail
		}
	}
	return nil
}

func (s *Store) openText(ctx context.Context, ws string, t *textIndex, body []byte) error {
	at, manifest, err := splitManifest(body)
	if err != nil {
		return err
	}
	x, err := search.OpenStored(ctx, manifest, s.blocks(ws, t.space))
	if err != nil {
		return err
	}
	t.x, t.manifest, t.at, t.noted = x, body, at, 0
	t.full = max(s.texts.tail, t.full)
	return nil
}

// wrote counts what a batch has written, and writes the index where it is much.
func (s *Store) wrote(ctx context.Context, ws string, n int) {
	if s.texts == nil || n == 0 {
		return
	}
	t := s.texts.of(ws)
	s.texts.mu.Lock()
	t.pending += n
	due := t.pending >= writerTail*s.texts.tail
	if due {
		t.pending = 0
	}
	s.texts.mu.Unlock()
	if due {
		_, _ = s.text(ctx, ws) // the batch is written: a search will see what is wrong
	}
}

// asking asks the text index, and once more where another process has written
// another version meanwhile.
func (s *Store) asking(ctx context.Context, ws string, f func(x *search.Stored) error) error {
	for try := 0; ; try++ {
		x, err := s.text(ctx, ws)
		if err != nil || x == nil {
			return err
		}
		if err = f(x); !errors.Is(err, search.ErrStored) {
			return err
		}
		if s.texts.forget(ws); try > 0 {
			return nil // it is damaged: Check says so
		}
	}
}

// found are the contacts that the text index narrows a query to; ok is false
// where it cannot, or to no fewer than one in fewPart.
func (s *Store) found(ctx context.Context, ws string, q *search.Query) (ids []contacts.ID, ok bool, err error) {
	err = s.asking(ctx, ws, func(x *search.Stored) (err error) {
		ids, ok, err = x.Candidates(ctx, q, max(scanPage, x.Len()/fewPart))
		return err
	})
	return ids, ok, err
}

// fewPart is the part of a workspace from which on to look through all costs
// less than to read contacts one by one.
const fewPart = 16

// yieldFound yields contacts by their ids.
func (s *Store) yieldFound(ctx context.Context, ws string, ids []contacts.ID, yield func(*contacts.Contact, error) bool) {
	for part := range slices.Chunk(ids, inList) {
		list, err := s.Contacts(ctx, ws, part...)
		if err != nil {
			yield(nil, err)
			return
		}
		for _, c := range list {
			if c != nil && !yield(c, nil) {
				return
			}
		}
	}
}

// readContacts reads contacts for a segment.
func (s *Store) readContacts(ctx context.Context, ws string) search.ReadContacts {
	return func(ids []contacts.ID) iter.Seq2[*contacts.Contact, error] {
		return func(yield func(*contacts.Contact, error) bool) { s.yieldFound(ctx, ws, ids, yield) }
	}
}
