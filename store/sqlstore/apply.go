package sqlstore

import (
	"context"
	"errors"
	"math/bits"
	"slices"
	"sync"
	"time"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/search"
	"github.com/extcontacts/extcontacts/store"
)

// prepared is what a batch becomes before its transaction begins, so that
// encoding and hashing are done outside the lock.
type prepared struct {
	puts    []preparedPut
	changes []contacts.Change // sealed
	body    []byte            // the encoded changes
	add     []keyEntry        // sorted, as are those that go
	drop    []keyEntry
	touched []contacts.ID // contacts changed that the batch did not create
	updates int           // puts with a Base
	unnamed []contacts.ID // written contacts of which the changes say nothing
	room    *room         // what the bytes and entries are in
}

type preparedPut struct {
	body, text []byte
}

// room is memory of what a batch becomes, which serves for one after the other.
type room struct {
	puts       []preparedPut
	ends       []int // of the bodies and texts of the puts in text
	text, body []byte
	list, add  []keyEntry
	keys       []byte
}

// rooms are the rooms of batches that were written. A sync.Pool would not do:
// they come back on another goroutine than they are taken by, and what one
// processor put there another does not find.
type rooms struct {
	mu   sync.Mutex
	free []*room
}

// spareRooms is how many rooms are kept: an import has a batch made while
// another is written. A room that is kept has at most roomSize bytes, so that
// one large batch does not hold its memory for good.
const (
	spareRooms = 2
	roomSize   = 16 << 20
)

// size is how many bytes the room takes, but for its smallest lists.
func (r *room) size() int {
	const entry = 32 // bytes of a keyEntry
	return cap(r.text) + cap(r.body) + cap(r.keys) + entry*(cap(r.list)+cap(r.add))
}

func (r *rooms) get() *room {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := len(r.free)
	if n == 0 {
		return new(room)
	}
	room := r.free[n-1]
	r.free = r.free[:n-1]
	return room
}

func (r *rooms) put(room *room) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.free) < spareRooms && room.size() <= roomSize {
		r.free = append(r.free, room)
	}
}

// emptied is a list without values that has room for n: its own memory, or other
// where that is too small.
func emptied[T any](list []T, n int) []T {
	if cap(list) < n {
		return make([]T, 0, n)
	}
	return list[:0]
}

// release gives back the memory of a batch that was written.
func (s *Store) release(p *prepared) {
	s.rooms.put(p.room)
	*p = prepared{}
}

func (s *Store) prepare(b *store.Batch) *prepared {
	r := s.rooms.get()
	p := &prepared{room: r}
	const usual, change = 400, 80 // bytes of a contact, of a creation
	r.text, r.ends = emptied(r.text, usual*len(b.Put)), r.ends[:0]
	adds, drops := 0, 0
	for i := range b.Put {
		c := b.Put[i].Contact
		r.text = contacts.AppendEncoded(r.text, c)
		r.ends = append(r.ends, len(r.text))
		r.text = search.Text(r.text, c)
		r.ends = append(r.ends, len(r.text))
		adds, drops = adds+len(b.Put[i].Add), drops+len(b.Put[i].Drop)
	}
	r.puts = emptied(r.puts, len(b.Put))
	from := 0
	for i := range b.Put {
		middle, end := r.ends[2*i], r.ends[2*i+1]
		r.puts = append(r.puts, preparedPut{r.text[from:middle:middle], r.text[middle:end:end]})
		from = end
	}
	p.puts = r.puts
	p.add = r.keyEntries(adds, func(yield func(contacts.Key, contacts.ID)) {
		for i := range b.Put {
			for _, k := range b.Put[i].Add {
				yield(k, b.Put[i].Contact.ID)
			}
		}
	})
	p.drop = new(room).keyEntries(drops, func(yield func(contacts.Key, contacts.ID)) {
		for i := range b.Put {
			for _, k := range b.Put[i].Drop {
				yield(k, b.Put[i].Contact.ID)
			}
		}
	})
	p.changes = store.Seal(b, func(i int) []byte { return p.puts[i].body })
	r.body = store.AppendChanges(emptied(r.body, change*len(p.changes)), p.changes)
	p.body = r.body
	for i := range b.Put {
		if b.Put[i].Base > 0 {
			p.updates++
		}
	}
	p.touched = touched(b)
	p.unnamed = unnamed(b.Put, b.Changes)
	return p
}

// touched are the contacts of the changes that the batch did not create, each
// once. Changes mostly come in the order of the puts.
func touched(b *store.Batch) (out []contacts.ID) {
	var created map[contacts.ID]bool
	seen := map[contacts.ID]bool{}
	var last contacts.ID
	next := 0
	for i := range b.Changes {
		id := b.Changes[i].Contact
		if id == last || id == "" {
			continue
		}
		last = id
		if next < len(b.Put) && b.Put[next].Contact.ID == id {
			next++
			if b.Put[next-1].Base == 0 {
				continue
			}
		} else if created == nil {
			created = map[contacts.ID]bool{}
			for j := range b.Put {
				if b.Put[j].Base == 0 {
					created[b.Put[j].Contact.ID] = true
				}
			}
		}
		if !created[id] && !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out
}

// transaction is one try to write a batch.
type transaction struct {
	s     *Store
	c     *session
	outer context.Context // looked at between statements
	ws    string
	b     *store.Batch
	p     *prepared

	conflict store.ConflictError // the conditions that do not hold
	wrong    bool                // another batch came first

	seq     int64 // of the entry that the batch makes
	hash    [32]byte
	act     contacts.Act // as the batch leaves it
	known   bool         // the act was there before
	actSum  [32]byte
	size    int64                       // of the workspace: the contacts created
	created []int64                     // the created_seq of each put
	born    []int64                     // the entry that created each put, where it is not seq
	grown   bool                        // the workspace grew past a power of four
	scrub   bool                        // values were erased
	owners  map[contacts.ID]contacts.ID // the contacts of activities that exist
	revs    map[recordName]int64        // the revisions of records that exist
}

// exec runs one statement, unless the caller's context has ended.
func (t *transaction) exec(ctx context.Context, query string, args ...any) error {
	if err := t.outer.Err(); err != nil {
		return err
	}
	return t.c.exec(ctx, query, args...)
}

// Apply writes a batch; see [store.Store].
func (s *Store) Apply(ctx context.Context, workspace string, b *store.Batch) (store.Result, error) {
	if err := store.CheckBatch(workspace, b); err != nil {
		return store.Result{}, err
	}
	p := s.prepare(b)
	res, err := s.commit(ctx, workspace, b, p)
	if err == nil {
		s.release(p)
	}
	return res, err
}

// Prepare implements [store.Preparer]: it encodes the batch. An engine that is
// Local has no server that would work meanwhile: two threads of one process
// only share its caches.
func (s *Store) Prepare(workspace string, b *store.Batch) (func(context.Context) (store.Result, error), error) {
	if s.d.Local {
		return nil, errors.ErrUnsupported
	}
	if err := store.CheckBatch(workspace, b); err != nil {
		return nil, err
	}
	p := s.prepare(b)
	return func(ctx context.Context) (store.Result, error) {
		if p == nil { // it was applied before
			return s.Apply(ctx, workspace, b)
		}
		res, err := s.commit(ctx, workspace, b, p)
		if err == nil {
			s.release(p)
			p = nil
		}
		return res, err
	}, nil
}

// commit writes a batch that is prepared.
func (s *Store) commit(ctx context.Context, workspace string, b *store.Batch, p *prepared) (store.Result, error) {
	if err := s.enter(ctx); err != nil {
		return store.Result{}, err
	}
	defer s.leave()
	res, lost, err := s.transact(ctx, "apply", workspace, b, p, (*transaction).run)
	if lost {
		res.Replayed = false // it was this call that applied it
		if err != nil && ctx.Err() != nil {
			if res, ok := s.arrived(ctx, workspace, b); ok {
				return res, nil
			}
		}
	}
	if err == nil {
		s.wrote(ctx, workspace, len(b.Put))
	}
	return res, err
}

// transact runs a transaction, again and as a whole where the engine gave it
// up or the connection was lost. lost says that the answer to a COMMIT was
// lost on the way: run then finds out whether it arrived.
func (s *Store) transact(ctx context.Context, op, workspace string, b *store.Batch, p *prepared,
	run func(*transaction, context.Context) (store.Result, error)) (res store.Result, lost bool, err error) {
	for try := 0; ; try++ {
		res, committing, err := s.try(ctx, workspace, b, p, run)
		if err == nil {
			return res, lost, nil
		}
		again := s.d.Retryable(err) || s.broken(err) || errors.Is(err, errMoved)
		if committing {
			again = again || !lost && ctx.Err() == nil // look whether it arrived
			lost = true
		}
		if !again || try >= s.retries {
			return store.Result{}, lost, mapError(ctx, op, err)
		}
		if err := pause(ctx, try); err != nil {
			return store.Result{}, lost, err
		}
	}
}

// errMoved is the answer of a try in which a row came into being that was not
// there when the try began to look, and that no condition speaks of.
var errMoved = errors.New("sqlstore: a row came into being meanwhile")

// try runs the transaction once. committing says that the error is that of
// the COMMIT, after which nobody knows.
func (s *Store) try(ctx context.Context, ws string, b *store.Batch, p *prepared,
	run func(*transaction, context.Context) (store.Result, error)) (res store.Result, committing bool, err error) {
	c, err := s.write.get(ctx)
	if err != nil {
		return res, false, err
	}
	broken := false
	defer func() { s.write.put(c, broken || s.broken(err)) }()

	inner := s.inner(ctx)
	end, cancel := s.ending(ctx)
	defer cancel()
	// A transaction that may be open still must not meet the next one: the
	// connection is given up, or where it cannot be, cleared before its next use.
	open := func() {
		if c.open = true; !s.d.Local {
			broken = true
		}
	}
	rollback := func() {
		if c.control(end, "ROLLBACK") != nil {
			open()
		}
	}
	if c.open {
		c.open = false
		_ = c.control(end, "ROLLBACK") // most often there is none
	}
	if err := c.control(ctx, s.d.Begin); err != nil {
		open()
		return res, false, err
	}
	if s.d.Guard != "" {
		if err := c.control(ctx, s.d.Guard); err != nil {
			rollback()
			return res, false, err
		}
	}
	t := &transaction{s: s, c: c, outer: ctx, ws: ws, b: b, p: p}
	res, err = run(t, inner)
	if err != nil || res.Replayed {
		rollback()
		switch {
		case err == nil || !s.d.Duplicate(err):
		case c.open: // nothing more can be asked here
			err = errMoved
		default:
			err = s.explain(inner, t)
		}
		return res, false, err
	}
	if s.d.Unguard != "" {
		if err := c.control(end, s.d.Unguard); err != nil {
			rollback()
			return res, false, errors.Join(errMoved, err)
		}
	}
	if err := c.control(end, "COMMIT"); err != nil {
		rollback() // an engine may leave the transaction open
		return res, true, err
	}
	if t.grown && s.d.Analyze != "" {
		broken = c.control(inner, s.d.Analyze) != nil // a later one will do
	}
	if (t.scrub || len(b.Erase)+len(b.EraseText) > 0) && s.d.Scrub != "" {
		_, _ = c.one(inner, s.d.Scrub, nil) // where it cannot, a later one will
	}
	return res, false, nil
}

// explain finds out which contact was there already, after an INSERT failed.
func (s *Store) explain(ctx context.Context, t *transaction) error {
	if t.seq == 0 { // another batch was the first of the workspace
		return errMoved
	}
	t.conflict = store.ConflictError{}
	if err := t.check(ctx, true); err != nil {
		return err
	}
	return errMoved
}

// check checks every condition of the batch but uniqueness of keys, and
// reports all that do not hold. all includes that what is to be created does
// not exist, which otherwise is looked at only where something else is wrong.
func (t *transaction) check(ctx context.Context, all bool) error {
	head := t.conflict.Head
	if err := errors.Join(t.checkRevs(ctx, all), t.checkActivities(ctx), t.checkRecords(ctx)); err != nil {
		return err
	}
	c := &t.conflict
	if !t.wrong && len(c.IDs) == 0 && len(c.Records) == 0 {
		return nil
	}
	if !all && t.p.updates < len(t.b.Put) {
		t.conflict = store.ConflictError{Head: head}
		return t.check(ctx, true)
	}
	c.IDs = sortedIDs(c.IDs)
	slices.Sort(c.Records)
	return c
}

// run does everything between BEGIN and COMMIT.
func (t *transaction) run(ctx context.Context) (res store.Result, err error) {
	var prev [32]byte
	last, err := t.lockHead(ctx, &prev)
	if err != nil {
		return res, err
	}
	if found, err := t.applied(ctx, &res); err != nil || found {
		return res, err
	}
	t.seq = last + 1
	if t.b.Seq != 0 && t.b.Seq != t.seq {
		t.conflict.Head, t.wrong = last, true
	}
	if err := t.check(ctx, false); err != nil {
		return res, err
	}
	t.grew(last, t.seq)
	size := t.size
	t.size += int64(len(t.b.Put) - t.p.updates)
	t.grew(size, t.size)
	if err := t.readAct(ctx); err != nil {
		return res, err
	}
	entry := contacts.Entry{Seq: t.seq, Act: t.b.Act.ID, Part: t.b.Part, At: contacts.Micros(t.b.Act.At), Changes: t.p.changes, ActSum: store.ActSum(&t.act)}
	t.actSum = entry.ActSum
	t.hash = store.Chain(prev, t.ws, &entry)
	for _, step := range []func(context.Context) error{
		t.writeContacts, t.writeKeys, t.checkUnique, t.writeAct, t.erase, t.writeActivities, t.writeRecords, t.writeLog,
	} {
		if err := t.outer.Err(); err != nil {
			return res, err
		}
		if err := step(ctx); err != nil {
			return res, err
		}
	}
	return store.Result{Seq: t.seq}, t.noteText(ctx, t.p.unnamed)
}

// grew notes that something of the workspace became much more numerous.
func (t *transaction) grew(before, after int64) {
	const few = 1024
	if after >= few && bits.Len64(uint64(before))/2 != bits.Len64(uint64(after))/2 {
		t.grown = true
	}
}

// lockHead makes the batches of a workspace wait for each other and returns
// the Seq and hash of the last one.
func (t *transaction) lockHead(ctx context.Context, hash *[32]byte) (seq int64, err error) {
	var h []byte
	found, err := t.c.one(ctx, "SELECT seq, hash, size FROM ec_head WHERE ws = ?"+t.s.d.ForUpdate, []any{t.ws}, &seq, &h, &t.size)
	if err != nil {
		return 0, err
	}
	if !found {
		return 0, t.exec(ctx, "INSERT INTO ec_head (ws, seq, hash, size) VALUES (?, 0, ?, 0)", t.ws, hash[:])
	}
	copy(hash[:], h)
	return seq, nil
}

// writeLog writes the entry and moves the head on.
func (t *transaction) writeLog(ctx context.Context) error {
	err := t.exec(ctx, "INSERT INTO "+logRows+" VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		t.ws, t.seq, string(t.b.Act.ID), t.b.Part, micros(t.b.Act.At), t.p.body, t.hash[:], t.actSum[:])
	if err != nil {
		return err
	}
	err = t.insert(ctx, touchedRows, len(t.p.touched), func(args []any, i int) []any {
		return append(args, t.ws, string(t.p.touched[i]), t.seq)
	})
	if err != nil {
		return err
	}
	return t.exec(ctx, "UPDATE ec_head SET seq = ?, hash = ?, size = ? WHERE ws = ?", t.seq, t.hash[:], t.size, t.ws)
}

// micros is the form in which times are kept.
func micros(t time.Time) int64 { return t.UnixMicro() }

func fromMicros(us int64) time.Time { return time.UnixMicro(us).UTC() }
