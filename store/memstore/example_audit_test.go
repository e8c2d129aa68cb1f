package memstore_test

import (
	"context"
	"fmt"
	"time"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
	"github.com/extcontacts/extcontacts/store/memstore"
)

// An auditor who trusts no program of the host reads the log and checks by its
// hashes that nobody altered an entry, an act, or what a contact was created
// with.
func Example_audit() {
	ctx, st := context.Background(), memstore.New()
	lee := &contacts.Contact{ID: "1", Rev: 1, LastName: "Lee"}
	_, err := st.Apply(ctx, "acme", &store.Batch{
		Act: contacts.Act{ID: "act-1", Kind: contacts.ActCreate, Actor: "agent-7", At: time.Unix(1, 0)}, Part: 1,
		Put:     []store.Put{{Contact: lee}},
		Changes: []contacts.Change{{Contact: lee.ID, Path: contacts.PathCreated}},
	})
	if err != nil {
		panic(err)
	}

	var prev [32]byte
	entries, err := st.Log(ctx, "acme", store.LogQuery{})
	if err != nil {
		panic(err)
	}
	for i := range entries {
		e := &entries[i]
		acts, err := st.Acts(ctx, "acme", store.ActQuery{IDs: []contacts.ID{e.Act}})
		if err != nil {
			panic(err)
		}
		fmt.Println("the chain holds:", store.Chain(prev, "acme", e) == e.Hash)
		fmt.Println("it was", acts[0].Actor+":", store.ActSum(&acts[0]) == e.ActSum)
		acts[0].Actor = "agent-8"
		fmt.Println("it was", acts[0].Actor+":", store.ActSum(&acts[0]) == e.ActSum)

		fmt.Println("created as Lee:", store.IsCreated(e.Changes[0].Seal, lee))
		leeson := lee.Clone()
		leeson.LastName = "Leeson"
		fmt.Println("created as Leeson:", store.IsCreated(e.Changes[0].Seal, leeson))
		prev = e.Hash
	}
	// Output:
	// the chain holds: true
	// it was agent-7: true
	// it was agent-8: false
	// created as Lee: true
	// created as Leeson: false
}
