package extcontacts

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// verifyRoom is how many bytes, more or less, Verify keeps of the log at once:
// that of some 200,000 contacts. Where the log speaks of more, Verify reads it
// again for the rest.
const verifyRoom = 48 << 20

// span is a run of ids: those behind one, up to another where it is cut short.
type span struct {
	after, to contacts.ID
	cut       bool
	done      bool // nothing is left: no id is in it
}

func (s *span) has(id contacts.ID) bool {
	return !s.done && id > s.after && (!s.cut || id <= s.to)
}

// next is the span behind this one.
func (s *span) next() span {
	return span{after: s.to, done: !s.cut}
}

// shorten cuts the span so that the lower half of its ids stays, and takes the
// others out. It ends with an id that a store can be asked for: a damaged log
// may hold others.
func shorten[T any](s *span, ids map[contacts.ID]T) {
	sorted := slices.Sorted(maps.Keys(ids))
	n := (len(sorted) + 1) / 2 // that stay
	for n > 0 && store.CheckIDs(sorted[n-1]) != nil {
		n--
	}
	if n == 0 {
		return // next time, with more of them
	}
	s.to, s.cut = sorted[n-1], true
	for _, id := range sorted[n:] {
		delete(ids, id)
	}
}

// pastOf is what Verify keeps of the log: of the acts and contacts of a span of
// ids each, as many as there is room for.
type pastOf struct {
	room   int  // bytes for acts and for contacts each, by the sizes below
	sizes  int  // of the contacts
	of     span // the contacts
	ofActs span
	acts   map[contacts.ID]actEntries
	lives  map[contacts.ID]*lifeOf
	// erased are the contacts, by the hash of their id, that ended as erased.
	erased map[uint64]struct{}
}

// What is kept takes about so many bytes, texts apart.
const (
	actSize   = 250
	lifeSize  = 300
	placeSize = 250
)

// actEntries sums up the entries of an act.
type actEntries struct {
	first   int64
	at      time.Time // of the first
	sum     [32]byte  // of the last
	created int       // contacts
}

// lifeOf sums up the entries that changed a contact.
type lifeOf struct {
	born, last int64     // zero where no entry created it
	entries    int64     // how many
	bornAt, at time.Time // of the creation and of the last
	seal       string    // of the creation
	forgotten  bool      // the creation was erased
	size       int       // of all that is kept of it
	// ends holds what the log says each changed value was at first and is at
	// last: by path and element.
	ends map[[2]string]ends
	// blank are the paths of which an erasure took values, blankFrom whom these
	// came from.
	blank     map[string]bool
	blankFrom []contacts.ID
}

type ends struct{ first, last string }

func newPast(room int, of, ofActs span) pastOf {
	return pastOf{room: room, of: of, ofActs: ofActs, acts: map[contacts.ID]actEntries{}, lives: map[contacts.ID]*lifeOf{}, erased: map[uint64]struct{}{}}
}

// add takes in the next entry. What is kept of it is copied: its texts hang
// together.
func (p *pastOf) add(e *contacts.Entry) {
	created := 0
	for i := range e.Changes {
		ch := &e.Changes[i]
		if ch.Contact.IsZero() {
			continue
		}
		if ch.Path == contacts.PathCreated {
			created++
		}
		if ch.Path == "state" && !store.IsErased(ch) {
			if ch.New == contacts.Erased.String() {
				p.erased[hashID(ch.Contact)] = struct{}{}
			} else {
				delete(p.erased, hashID(ch.Contact))
			}
		}
		if p.of.has(ch.Contact) {
			p.change(e, ch)
		}
	}
	if !p.ofActs.has(e.Act) {
		return
	}
	act, known := p.acts[e.Act]
	if !known {
		act.first, act.at = e.Seq, e.At
	}
	act.sum = e.ActSum
	act.created += created
	if known {
		p.acts[e.Act] = act
		return
	}
	p.acts[contacts.ID(strings.Clone(string(e.Act)))] = act
	if len(p.acts)*actSize > p.room {
		shorten(&p.ofActs, p.acts)
	}
}

// change takes in a change of a contact of the span.
func (p *pastOf) change(e *contacts.Entry, ch *contacts.Change) {
	life := p.lives[ch.Contact]
	if life == nil {
		life = &lifeOf{size: lifeSize}
		p.lives[contacts.ID(strings.Clone(string(ch.Contact)))] = life
		p.sizes += life.size
	}
	before := life.size
	if life.last != e.Seq {
		life.last, life.at = e.Seq, e.At
		life.entries++
	}
	switch {
	case ch.Path == contacts.PathCreated:
		life.born, life.bornAt, life.seal, life.forgotten = e.Seq, e.At, strings.Clone(ch.Seal), store.IsErased(ch)
	case store.IsErased(ch):
		if life.blank == nil {
			life.blank = map[string]bool{}
		}
		life.blank[strings.Clone(ch.Path)] = true
		life.blankFrom = append(life.blankFrom, contacts.ID(strings.Clone(string(ch.From))))
		life.size += placeSize
	default:
		if life.ends == nil {
			life.ends = map[[2]string]ends{}
			life.size += 2 * placeSize
		}
		place := [2]string{ch.Path, ch.Elem()}
		end, known := life.ends[place]
		if !known {
			place = [2]string{strings.Clone(place[0]), strings.Clone(place[1])}
			end.first = strings.Clone(ch.Old)
			life.size += placeSize + len(place[1]) + len(end.first)
		}
		life.size += len(ch.New) - len(end.last)
		end.last = strings.Clone(ch.New)
		life.ends[place] = end
	}
	p.sizes += life.size - before
	if p.sizes > p.room && len(p.lives) > 1 {
		shorten(&p.of, p.lives)
		p.sizes = 0
		for _, l := range p.lives {
			p.sizes += l.size
		}
	}
}

// created takes the changes back that the log has of a contact.
func (l *lifeOf) created(c *contacts.Contact) (*contacts.Contact, error) {
	var back []contacts.Change
	for place, end := range l.ends {
		if end.first != end.last {
			back = append(back, contacts.Change{Contact: c.ID, Path: place[0], Old: end.last, New: end.first})
		}
	}
	c = c.Clone()
	if len(back) > 0 {
		if err := contacts.Patch(c, back...); err != nil {
			return nil, err
		}
	}
	c.Rev, c.UpdatedAt = 1, c.CreatedAt
	return c, nil
}

// life checks a contact against what the log says of it.
func (v *verifier) life(c *contacts.Contact) {
	life := v.past.lives[c.ID]
	if life == nil {
		life = &lifeOf{}
	}
	if life.born == 0 {
		v.found(Difference{Code: "contact_unlogged", ID: c.ID})
	}
	if life.entries > 0 && (life.entries != c.Rev || !life.at.Equal(c.UpdatedAt)) {
		v.found(Difference{Code: "contact_rev", ID: c.ID, Seq: life.last})
	}
	if life.born > 0 && !(life.bornAt.Equal(c.CreatedAt) && life.asCreated(c)) {
		v.found(Difference{Code: "contact_created", ID: c.ID, Seq: life.born})
	}
	takenBy := func(from contacts.ID) bool { _, erased := v.past.erased[hashID(from)]; return erased }
	if c.State != contacts.Erased && len(life.blank) > 0 && !slices.ContainsFunc(life.blankFrom, takenBy) {
		v.found(Difference{Code: "log_erased", ID: c.ID, Seq: life.last})
	}
	v.values(c, life)
}

// asCreated reports whether a contact comes from what was created. Of an erased
// one nothing is left that could; a contact that lost values of its past with
// somebody who was erased cannot be brought back to its beginning.
func (l *lifeOf) asCreated(c *contacts.Contact) bool {
	if c.State == contacts.Erased { // whose it was, unless that changed, nothing tells any more
		left := &contacts.Contact{ID: c.ID, Rev: c.Rev, State: c.State, Owner: c.Owner, SharedWith: c.SharedWith, CreatedAt: c.CreatedAt, UpdatedAt: c.UpdatedAt}
		return l.forgotten && string(contacts.AppendEncoded(nil, c)) == string(contacts.AppendEncoded(nil, left))
	}
	if l.forgotten || len(l.blank) > 0 {
		return !l.forgotten
	}
	created, err := l.created(c)
	return err == nil && store.IsCreated(l.seal, created)
}

// values compares the contact with what the log says its values ended as.
func (v *verifier) values(c *contacts.Contact, life *lifeOf) {
	ends, blank := life.ends, life.blank
	if len(ends) == 0 {
		return
	}
	if c.State == contacts.Erased { // whom it was merged into is gone with the rest
		delete(ends, [2]string{"merged_into"})
	}
	for at := range c.Values() {
		place := [2]string{at.Path, at.Elem}
		if end, logged := ends[place]; logged {
			if end.last != at.Text && !blank[at.Path] {
				v.found(Difference{Code: "log_value", ID: c.ID, Path: at.Path})
			}
			delete(ends, place)
		}
	}
	for place, end := range ends {
		if end.last != "" && !blank[place[0]] {
			v.found(Difference{Code: "log_value", ID: c.ID, Path: place[0]})
		}
	}
}
