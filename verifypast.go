package extcontacts

import (
	"slices"
	"time"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// pastOf is what Verify keeps of the log.
type pastOf struct {
	acts  map[contacts.ID]actEntries
	lives map[contacts.ID]lifeOf
	// ends holds what the log says each changed value was at first and is at
	// last: by contact, then by path and element.
	ends map[contacts.ID]map[[2]string]ends
	// blank are the paths, by contact, of which an erasure took values.
	blank map[contacts.ID]map[string]bool
	// blankFrom are those, by contact, whom the values that were taken came from.
	blankFrom map[contacts.ID][]contacts.ID
	erased    map[contacts.ID]bool
}

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
}

type ends struct{ first, last string }

func newPast() pastOf {
	return pastOf{acts: map[contacts.ID]actEntries{}, lives: map[contacts.ID]lifeOf{},
		ends: map[contacts.ID]map[[2]string]ends{}, blank: map[contacts.ID]map[string]bool{},
		blankFrom: map[contacts.ID][]contacts.ID{}, erased: map[contacts.ID]bool{}}
}

// add takes in the next entry.
func (p *pastOf) add(e *contacts.Entry) {
	act, known := p.acts[e.Act]
	if !known {
		act.first, act.at = e.Seq, e.At
	}
	act.sum = e.ActSum
	for i := range e.Changes {
		ch := &e.Changes[i]
		if ch.Contact.IsZero() {
			continue
		}
		life := p.lives[ch.Contact]
		if life.last != e.Seq {
			life.last, life.at = e.Seq, e.At
			life.entries++
		}
		if ch.Path == contacts.PathCreated {
			life.born, life.bornAt, life.seal, life.forgotten = e.Seq, e.At, ch.Seal, store.IsErased(ch)
			act.created++
		}
		p.lives[ch.Contact] = life
		switch {
		case ch.Path == contacts.PathCreated:
		case store.IsErased(ch):
			if p.blank[ch.Contact] == nil {
				p.blank[ch.Contact] = map[string]bool{}
			}
			p.blank[ch.Contact][ch.Path] = true
			p.blankFrom[ch.Contact] = append(p.blankFrom[ch.Contact], ch.From)
		default:
			if ch.Path == "state" {
				p.erased[ch.Contact] = ch.New == contacts.Erased.String()
			}
			if p.ends[ch.Contact] == nil {
				p.ends[ch.Contact] = map[[2]string]ends{}
			}
			place := [2]string{ch.Path, ch.Elem()}
			end, known := p.ends[ch.Contact][place]
			if !known {
				end.first = ch.Old
			}
			end.last = ch.New
			p.ends[ch.Contact][place] = end
		}
	}
	p.acts[e.Act] = act
}

// created takes the changes back that the log has of a contact.
func (p *pastOf) created(c *contacts.Contact) (*contacts.Contact, error) {
	var back []contacts.Change
	for place, end := range p.ends[c.ID] {
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
	if life.born == 0 {
		v.found(Difference{Code: "contact_unlogged", ID: c.ID})
	}
	if life.entries > 0 && (life.entries != c.Rev || !life.at.Equal(c.UpdatedAt)) {
		v.found(Difference{Code: "contact_rev", ID: c.ID, Seq: life.last})
	}
	if life.born > 0 && !(life.bornAt.Equal(c.CreatedAt) && v.asCreated(c, life)) {
		v.found(Difference{Code: "contact_created", ID: c.ID, Seq: life.born})
	}
	takenBy := func(from contacts.ID) bool { return v.past.erased[from] }
	if c.State != contacts.Erased && len(v.past.blank[c.ID]) > 0 && !slices.ContainsFunc(v.past.blankFrom[c.ID], takenBy) {
		v.found(Difference{Code: "log_erased", ID: c.ID, Seq: life.last})
	}
	v.values(c)
}

// asCreated reports whether a contact comes from what was created. Of an erased
// one nothing is left that could; a contact that lost values of its past with
// somebody who was erased cannot be brought back to its beginning.
func (v *verifier) asCreated(c *contacts.Contact, life lifeOf) bool {
	if c.State == contacts.Erased { // whose it was, unless that changed, nothing tells any more
		left := &contacts.Contact{ID: c.ID, Rev: c.Rev, State: c.State, Owner: c.Owner, SharedWith: c.SharedWith, CreatedAt: c.CreatedAt, UpdatedAt: c.UpdatedAt}
		return life.forgotten && string(contacts.AppendEncoded(nil, c)) == string(contacts.AppendEncoded(nil, left))
	}
	if life.forgotten || len(v.past.blank[c.ID]) > 0 {
		return !life.forgotten
	}
	created, err := v.past.created(c)
	return err == nil && store.IsCreated(life.seal, created)
}

// values compares the contact with what the log says its values ended as.
func (v *verifier) values(c *contacts.Contact) {
	ends, blank := v.past.ends[c.ID], v.past.blank[c.ID]
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
	delete(v.past.ends, c.ID)
}
