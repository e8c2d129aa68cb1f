package store

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"
	"reflect"
	"sync"
	"time"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/search"
)

// Index is a [search.Index] of one workspace, kept in this process and current
// with any store by its change feed (see [Changes]): a host with a database
// searches in microseconds, and reads from it only the contacts of the page.
//
// Every search reads first what was written since the last one, by this
// process or others, so that a write is found at once; [IndexOptions.MaxAge]
// saves the question. An Index is safe for concurrent use. It costs about 200
// bytes a contact.
type Index struct {
	st        Store
	workspace string
	maxAge    time.Duration

	mu     sync.Mutex // held while the feed is read
	x      *search.Index
	token  string
	at     time.Time // when the feed was read
	loaded bool
	saved  string // the token of the snapshot that was read or written last
}

// IndexOptions are the settings of an [Index]; the zero value will do.
type IndexOptions struct {
	// Snapshot is what [Index.Save] wrote, to begin from; nil begins by reading
	// every contact. A snapshot that is damaged, of another version or of
	// another store is not used: see [Index.Loaded].
	Snapshot io.Reader
	// MaxAge is how long the index may lag behind what others wrote. Zero asks
	// the store before each search.
	MaxAge time.Duration
}

// OpenIndex makes the index of a workspace: from a snapshot and what was
// written since, or from all contacts. Errors are those of the store.
func OpenIndex(ctx context.Context, st Store, workspace string, o IndexOptions) (*Index, error) {
	x := &Index{st: st, workspace: workspace, maxAge: o.MaxAge}
	if err := CheckWorkspace(workspace); err != nil {
		return nil, err
	}
	if o.Snapshot != nil {
		x.load(o.Snapshot)
	}
	return x, x.Refresh(ctx)
}

// Check reports with a *[contacts.FieldError] of the code index_foreign that
// the index is of another workspace or another store, so that searching would
// answer with strangers. st may be the store in any wrapping: what counts is
// that its log has the entry up to which the index has read. Two logs that are
// empty cannot be told apart.
func (x *Index) Check(ctx context.Context, st Store, workspace string) error {
	foreign := &contacts.FieldError{Path: "index", Code: "index_foreign", Hint: "the index must be of the same workspace of the same store"}
	if workspace != x.workspace {
		return foreign
	}
	if reflect.TypeOf(st).Comparable() && st == x.st {
		return nil
	}
	x.mu.Lock()
	token := x.token
	x.mu.Unlock()
	_, err := Changes(ctx, st, workspace, token, 1)
	var lost *contacts.FieldError
	if errors.As(err, &lost) {
		return foreign
	}
	return err
}

// Loaded reports whether the index began with the snapshot it was given.
func (x *Index) Loaded() bool { return x.loaded }

// Len is the number of contacts in the index, whatever their state.
func (x *Index) Len() int {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.x.Len()
}

// Changed reports whether the index has seen a write since it was loaded or
// saved last: whether [Index.Save] would write anything new.
func (x *Index) Changed() bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.saved == "" || x.saved != x.token
}

// Saved reports whether there is a snapshot of the index: it began with one or
// was saved. Where [Index.Changed] says true, too, that one is out of date: it
// may hold people who were erased since.
func (x *Index) Saved() bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.saved != ""
}

// Refresh reads what was written since. Searching does it by itself.
func (x *Index) Refresh(ctx context.Context) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.refresh(ctx)
}

func (x *Index) refresh(ctx context.Context) error {
	if x.x == nil {
		return x.build(ctx)
	}
	began := time.Now()
	for {
		page, err := Changes(ctx, x.st, x.workspace, x.token, 0)
		var lost *contacts.FieldError
		if errors.As(err, &lost) && (lost.Code == "token_lost" || lost.Code == "token_invalid") {
			x.loaded, x.saved = false, ""
			return x.build(ctx) // the store was restored from a backup, or the snapshot is another's
		}
		if err != nil {
			return err
		}
		put, gone := page.Split()
		x.x.Put(put...)
		if len(gone) > 0 {
			x.x.Remove(gone...)
		}
		if x.token = page.Next; !page.More {
			x.at = began
			return nil
		}
	}
}

func (x *Index) build(ctx context.Context) error {
	token, err := FeedHead(ctx, x.st, x.workspace)
	if err != nil {
		return err
	}
	index, err := search.BuildIndex(x.st.Scan(ctx, x.workspace, ""))
	if err != nil {
		return err
	}
	x.x, x.token = index, token
	return x.refresh(ctx) // what was written while it was made
}

// current returns the index, as fresh as it has to be.
func (x *Index) current(ctx context.Context) (*search.Index, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.maxAge > 0 && time.Since(x.at) < x.maxAge {
		return x.x, nil
	}
	return x.x, x.refresh(ctx)
}

// snapshotHead begins a saved index: magic, length of the token, token.
const snapshotHead = "ECIDX\x00\x00\x01"

// Save writes a snapshot for [IndexOptions.Snapshot]. It holds personal data.
func (x *Index) Save(w io.Writer) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	head := binary.LittleEndian.AppendUint32([]byte(snapshotHead), uint32(len(x.token)))
	if _, err := w.Write(append(head, x.token...)); err != nil {
		return err
	}
	_, err := x.x.WriteTo(w)
	if err == nil {
		x.saved = x.token
	}
	return err
}

func (x *Index) load(r io.Reader) {
	br := bufio.NewReaderSize(r, 1<<16)
	var head [len(snapshotHead) + 4]byte
	if _, err := io.ReadFull(br, head[:]); err != nil || string(head[:len(snapshotHead)]) != snapshotHead {
		return
	}
	n := binary.LittleEndian.Uint32(head[len(snapshotHead):])
	if n > maxCursor {
		return
	}
	token := make([]byte, n)
	if _, err := io.ReadFull(br, token); err != nil {
		return
	}
	index, err := search.ReadIndex(br)
	if err != nil {
		return
	}
	x.x, x.token, x.saved, x.loaded = index, string(token), string(token), true
}

// View is the store, answering queries in the workspace by the index. It has
// no other optional capability of the store: use it for searching.
func (x *Index) View() Store { return &indexed{x.st, x} }

type indexed struct {
	Store
	x *Index
}

var (
	_ Ranker   = (*indexed)(nil)
	_ Narrower = (*indexed)(nil)
)

// Rank asks the index where it is of the workspace.
func (v *indexed) Rank(ctx context.Context, workspace string, q *search.Query, after []byte, k int) ([]search.Hit, bool, error) {
	if workspace != v.x.workspace {
		return nil, false, nil
	}
	x, err := v.x.current(ctx)
	if err != nil {
		return nil, false, fmt.Errorf("index: %w", err)
	}
	hits, ok := x.Top(nil, q, after, k)
	return hits, ok, nil
}

// Narrow does as well.
func (v *indexed) Narrow(ctx context.Context, workspace string, q *search.Query) iter.Seq2[*contacts.Contact, error] {
	return func(yield func(*contacts.Contact, error) bool) {
		if workspace == v.x.workspace && len(q.Needs()) > 0 {
			x, err := v.x.current(ctx)
			if err != nil {
				yield(nil, fmt.Errorf("index: %w", err))
				return
			}
			if seq, ok := x.Candidates(q); ok {
				v.fetch(ctx, workspace, seq, yield)
				return
			}
		}
		candidates(ctx, v.Store, workspace, q)(yield)
	}
}

func (v *indexed) fetch(ctx context.Context, workspace string, seq iter.Seq[contacts.ID], yield func(*contacts.Contact, error) bool) {
	ids := make([]contacts.ID, 0, allChunk)
	flush := func() bool {
		list, err := v.Contacts(ctx, workspace, ids...)
		if err != nil {
			yield(nil, err)
			return false
		}
		for _, c := range list {
			if c != nil && !yield(c, nil) {
				return false
			}
		}
		ids = ids[:0]
		return true
	}
	for id := range seq {
		if ids = append(ids, id); len(ids) == allChunk && !flush() {
			return
		}
	}
	if len(ids) > 0 {
		flush()
	}
}
