package storetest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// A recorded history is what several clients asked a store for at the same
// time and what it answered. It is linearizable where one order of the
// operations, each at some moment between its call and its answer, explains
// all answers. Clients edit and merge the same few contacts, so that nearly all
// operations meet.

const historyContacts = 3

var historyIDs = [historyContacts]contacts.ID{"a", "b", "c"}

// historyState is a workspace: revision, name and survivor of each contact, and
// the length of the log.
type historyState struct {
	rev  [historyContacts]int64
	name [historyContacts]string
	into [historyContacts]contacts.ID
	head int64
}

// historyCall is what a client asks for: to read all contacts, or to write
// those with a name.
type historyCall struct {
	base  [historyContacts]int64 // the revisions that must hold; -1: any
	put   [historyContacts]string
	into  [historyContacts]contacts.ID
	claim int64
}

// historyAnswer is a state that was read, or whether a write was taken.
type historyAnswer struct {
	state historyState
	taken bool
}

var historyModel = porcupine.Model{
	Init: func() any { return historyState{} },
	Step: func(state, input, output any) (bool, any) {
		s, in, out := state.(historyState), input.(*historyCall), output.(historyAnswer)
		if in == nil {
			head := s.head
			s.head = 0 // contacts are read, not the log
			ok := s == out.state
			s.head = head
			return ok, s
		}
		holds := in.claim == 0 || in.claim == s.head+1
		for i, base := range in.base {
			holds = holds && (base < 0 || base == s.rev[i])
		}
		if !holds || !out.taken {
			return holds == out.taken, s
		}
		s.head++
		for i, name := range in.put {
			if name != "" {
				s.rev[i], s.name[i], s.into[i] = in.base[i]+1, name, in.into[i]
			}
		}
		return true, s
	},
	Equal: func(a, b any) bool { return a == b },
	DescribeOperation: func(input, output any) string {
		if in := input.(*historyCall); in != nil {
			return fmt.Sprintf("write %+v: %v", *in, output.(historyAnswer).taken)
		}
		return fmt.Sprintf("read %+v", output.(historyAnswer).state)
	},
}

// readHistory reads the state of the contacts.
func (k *kit) readHistory() (s historyState, err error) {
	list, err := k.s.Contacts(k.ctx, k.ws, historyIDs[:]...)
	if err != nil {
		return s, err
	}
	for i, c := range list {
		if c != nil {
			s.rev[i], s.name[i], s.into[i] = c.Rev, c.LastName, c.MergedInto
		}
	}
	return s, nil
}

// historyBatch is the batch of a call.
func historyBatch(in *historyCall) *store.Batch {
	b := &store.Batch{Seq: in.claim}
	for i, id := range historyIDs {
		switch {
		case in.put[i] != "":
			c := person(id, in.put[i])
			if c.Rev = in.base[i] + 1; in.into[i] != "" {
				c.State, c.MergedInto = contacts.Merged, in.into[i]
			}
			b.Put = append(b.Put, store.Put{Contact: c.Normalize(), Base: in.base[i]})
		case in.base[i] >= 0:
			b.Expect = append(b.Expect, store.Expect{ID: id, Rev: in.base[i]})
		}
	}
	return b
}

// drawCall draws what a client does with what it saw: edits one contact, or
// merges two, sometimes with a third that must not have changed or with a
// claim of the place in the log.
func drawCall(r *rand.Rand, saw historyState, head int64, name string) *historyCall {
	in := &historyCall{base: [historyContacts]int64{-1, -1, -1}}
	i := r.IntN(historyContacts)
	j := (i + 1 + r.IntN(historyContacts-1)) % historyContacts
	in.base[i], in.put[i] = saw.rev[i], name
	if r.IntN(2) == 0 {
		in.base[j], in.put[j], in.into[j] = saw.rev[j], name, historyIDs[i]
	} else if r.IntN(2) == 0 {
		in.base[j] = saw.rev[j]
	}
	if r.IntN(4) == 0 {
		in.claim = head + 1
	}
	return in
}

// linearizable records a history and looks for an order that explains it.
func (k *kit) linearizable(clients, rounds int, seed uint64) {
	var mu sync.Mutex
	var history []porcupine.Operation
	begin := time.Now()
	record := func(client int, in *historyCall, do func() (historyAnswer, error)) (historyAnswer, bool) {
		called := time.Since(begin).Nanoseconds()
		out, err := do()
		returned := time.Since(begin).Nanoseconds()
		if err != nil {
			k.Error(err)
			return out, false
		}
		mu.Lock()
		defer mu.Unlock()
		history = append(history, porcupine.Operation{ClientId: client, Input: in, Call: called, Output: out, Return: returned})
		return out, true
	}
	together(clients, func(client int) {
		r := rand.New(rand.NewPCG(seed, uint64(client)))
		head := int64(0)
		for n := range rounds {
			saw, ok := record(client, nil, func() (out historyAnswer, err error) {
				out.state, err = k.readHistory()
				return out, err
			})
			if !ok {
				return
			}
			name := fmt.Sprintf("%d-%d", client, n)
			in := drawCall(r, saw.state, head, name)
			_, ok = record(client, in, func() (historyAnswer, error) {
				res, err := k.commit(name, historyBatch(in))
				var conflict *store.ConflictError
				if errors.As(err, &conflict) {
					head = max(head, conflict.Head)
					return historyAnswer{}, nil
				}
				head = max(head, res.Seq)
				return historyAnswer{taken: true}, err
			})
			if !ok {
				return
			}
		}
	})
	switch porcupine.CheckOperationsTimeout(historyModel, history, time.Minute) {
	case porcupine.Illegal:
		for _, op := range history {
			k.Logf("client %d, %d to %d: %s", op.ClientId, op.Call, op.Return, historyModel.DescribeOperation(op.Input, op.Output))
		}
		k.Fatal("no order explains these answers")
	case porcupine.Unknown:
		k.Log("the search for an order took too long and was given up")
	}
	k.verify(k.ws)
}

func historyCases() group {
	g := group{name: "Linearizable"}
	for _, size := range []struct{ clients, rounds int }{{2, 20}, {4, 10}, {8, 6}} {
		g.cases = append(g.cases, testCase{fmt.Sprintf("%d clients", size.clients),
			"what clients are answered at the same time is what they would be answered one after another, overlapping merges included", func(k *kit) {
				histories := 2
				if k.harness.Long {
					histories = 200
				}
				for n := range histories {
					k.in(fmt.Sprintf("%s/%d", k.ws, n)).linearizable(size.clients, size.rounds, uint64(n+1))
				}
			}})
	}
	return g
}
