package memstore

import (
	"slices"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// erase destroys the values of the logged changes and of the activities of
// these contacts. It is called before the entry of the batch is written. A
// reader that is under way keeps what it has seen.
func (sp *space) erase(batch *store.Batch) error {
	if len(batch.Erase)+len(batch.EraseText) == 0 {
		return nil
	}
	type rewritten struct {
		seq  int64
		body []byte
	}
	var bodies []rewritten
	seqs := map[int64]bool{}
	for _, id := range batch.Erased() {
		for _, seq := range sp.log.of(id, &sp.contacts) {
			seqs[seq] = true
		}
	}
	for seq := range seqs {
		changes, err := store.DecodeChanges(sp.log.entries[seq-1].body)
		if err != nil {
			return err
		}
		for i := range changes {
			if batch.Erases(&changes[i]) {
				store.EraseChange(&changes[i])
			}
		}
		bodies = append(bodies, rewritten{seq, slices.Clip(store.AppendChanges(nil, changes))})
	}
	sp.mu.Lock()
	defer sp.mu.Unlock()
	for _, b := range bodies {
		sp.log.entries[b.seq-1].body = b.body
	}
	for _, id := range batch.Erase {
		for _, a := range slices.Clone(sp.timeline.of[id]) {
			sp.timeline.put(&contacts.Activity{ID: a.ID, Contact: a.Contact, Kind: a.Kind, At: a.At, Status: a.Status})
		}
	}
	return nil
}
