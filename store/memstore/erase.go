package memstore

import (
	"slices"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// rewritten is an entry with other changes.
type rewritten struct {
	seq  int64
	body []byte
}

// erasures are the entries from which a batch takes the values of its erased
// contacts.
func (sp *space) erasures(batch *store.Batch) ([]rewritten, error) {
	if len(batch.Erase)+len(batch.EraseText) == 0 {
		return nil, nil
	}
	var bodies []rewritten
	seqs := map[int64]bool{}
	for _, id := range batch.Erased() {
		for _, seq := range sp.log.of(id, &sp.contacts) {
			seqs[seq] = true
		}
	}
	for seq := range seqs {
		changes, err := store.DecodeChanges(*sp.log.entry(seq).body.Load())
		if err != nil {
			return nil, err
		}
		for i := range changes {
			if batch.Erases(&changes[i]) {
				store.EraseChange(&changes[i])
			}
		}
		bodies = append(bodies, rewritten{seq, slices.Clip(store.AppendChanges(nil, changes))})
	}
	return bodies, nil
}

// erase destroys the values of the logged changes and of the activities of
// these contacts, before the entry of the batch is written. A reader that is
// under way keeps what it has seen; of the log others find the values gone from
// here on.
func (sp *space) erase(bodies []rewritten, batch *store.Batch, seq int64) {
	for i := range bodies {
		sp.log.entry(bodies[i].seq).body.Store(&bodies[i].body)
	}
	for _, id := range batch.Erase {
		for _, a := range sp.timeline.list(id, seq) {
			sp.timeline.put(&contacts.Activity{ID: a.ID, Contact: a.Contact, Kind: a.Kind, At: a.At, Status: a.Status}, seq, &sp.epoch)
		}
	}
}
