package store

import "github.com/extcontacts/extcontacts/contacts"

// UndoMark is a new value of an act's UndoneBy.
type UndoMark struct {
	Act      contacts.ID
	UndoneBy contacts.ID
}

// UndoMarks works out what the first batch of an act with Undoes set does to
// the UndoneBy of other acts; it is the rule that every store applies. get
// returns a stored act and whether there is one.
//
// The act that is taken back falls. An act that falls, where it was an undo
// itself, lets the act it took back stand again; one that stands again, where
// it is an undo, takes its own back again; and so on down the chain. An act
// can only fall while it stands: otherwise the error is a *[ConflictError]
// with Acts set. It is [ErrNotFound] where the act to take back is unknown.
func UndoMarks(act *contacts.Act, get func(contacts.ID) (contacts.Act, bool, error)) ([]UndoMark, error) {
	var marks []UndoMark
	by := act.ID
	for id, falls := act.Undoes, true; id != ""; falls = !falls {
		a, ok, err := get(id)
		if err != nil {
			return nil, err
		}
		if !ok {
			if len(marks) > 0 {
				break // the log of an older act was cut off; nothing to mark
			}
			return nil, ErrNotFound
		}
		if falls {
			if a.UndoneBy != "" {
				return nil, &ConflictError{Acts: []contacts.ID{id}}
			}
			marks = append(marks, UndoMark{id, by})
		} else {
			marks = append(marks, UndoMark{id, ""})
		}
		by, id = id, a.Undoes
	}
	return marks, nil
}
