package booktest

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// copyWorkspace is the workspace that is copied.
const copyWorkspace = "moving house"

// Copy moves a book with a long history from one store to another while it is
// in use, the copy being stopped on the way: in the end both hold the same
// bytes, the copy is verified, and it goes on where the original ended.
func Copy(t *testing.T, from, to store.Store) {
	ctx := t.Context()
	k := &kit{T: t, ctx: ctx, st: from, clock: time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)}
	k.book = k.open(extcontacts.Options{Workspace: copyWorkspace})
	k.s = k.as("agent-1")
	first := history(k, 1)

	// The first run is cut off after its first step, the second goes on.
	stop, cancel := context.WithCancel(ctx)
	_, err := store.Copy(stop, to, from, copyWorkspace, store.CopyOptions{Quick: true, Progress: func(store.CopyReport) { cancel() }})
	if err != nil && !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	rep, err := store.Copy(ctx, to, from, copyWorkspace, store.CopyOptions{Quick: true})
	k.must(err)
	if rep.Complete || rep.Seq == 0 {
		t.Errorf("a quick copy says %+v", rep)
	}
	// The contact that is erased has values in entries that were copied.
	_, err = k.s.Erase(ctx, first)
	k.must(err)

	// Somebody works on while the copy is made.
	var busy sync.WaitGroup
	busy.Go(func() { history(k, 2) })
	for range 3 {
		if _, err := store.Copy(ctx, to, from, copyWorkspace, store.CopyOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	busy.Wait()
	rep, err = store.Copy(ctx, to, from, copyWorkspace, store.CopyOptions{})
	k.must(err)
	if !rep.Complete {
		t.Errorf("nobody writes, and the copy says %+v", rep)
	}
	Same(t, from, to, copyWorkspace)
	again, err := store.Copy(ctx, to, from, copyWorkspace, store.CopyOptions{})
	k.must(err)
	if !again.Complete || again.Mended != 0 || again.Entries+again.Contacts+again.Acts+again.Activities+again.Records != 0 || again.Hash != rep.Hash {
		t.Errorf("a copy of what is the same already: %+v", again)
	}

	// The copy is a book like any other, and no copy any more.
	c := &kit{T: t, ctx: ctx, st: to, clock: k.clock}
	c.ids.Store(k.ids.Load())
	c.book = c.open(extcontacts.Options{Workspace: copyWorkspace})
	c.s = c.as("agent-2")
	c.verify()
	var here, there bytes.Buffer
	_, err = k.s.Export(ctx, &here, extcontacts.ExportOptions{})
	k.must(err)
	_, err = c.s.Export(ctx, &there, extcontacts.ExportOptions{})
	k.must(err)
	if here.String() != there.String() || here.Len() < 1000 {
		t.Errorf("the exports differ: %d and %d bytes", here.Len(), there.Len())
	}
	acts, err := c.s.Acts(ctx, 0, 1000)
	k.must(err)
	undone := 0
	for _, a := range acts {
		if a.Kind == contacts.ActMerge && a.UndoneBy == "" {
			c.undo(a.ID)
			undone++
		}
	}
	if undone == 0 {
		t.Error("no merge to undo")
	}
	c.verify()
	var conflict *store.ConflictError
	if _, err := store.Copy(ctx, to, from, copyWorkspace, store.CopyOptions{}); !errors.As(err, &conflict) || conflict.Head == 0 {
		t.Errorf("a copy over a book with a history of its own: %v", err)
	}
	c.verify()
}

// history does one of everything to a book, and returns a contact with values
// in the log.
func history(k *kit, round int) contacts.ID {
	tel := func(n int) string { return fmt.Sprintf("+8529%d%06d", round, n) }
	var csv strings.Builder
	csv.WriteString("First name,Last name,Mobile,Email,Company\n")
	for i := range 600 {
		fmt.Fprintf(&csv, "Ann,Smith %d,%s,ann%d.%d@example.com,Acme\n", i, tel(i), round, i)
	}
	rep := k.importCSV(csv.String(), extcontacts.ImportOptions{})
	k.importCSV("First name,Last name,Mobile,Job title\nAnn,Smith 1,"+tel(1)+",Boss\nAnn,,bad,\n", extcontacts.ImportOptions{})
	_, err := k.s.SetField(k.ctx, contacts.CustomField{Key: "tier", Name: "Tier", Kind: contacts.TextField, Unique: true})
	k.must(err)
	_, err = k.s.SetLabel(k.ctx, contacts.Label{Name: fmt.Sprint("VIP ", round)})
	k.must(err)
	a := k.create(person(fmt.Sprintf("Zoë Ōta%d", round), tel(900001)))
	b := k.create(person(fmt.Sprintf("Zoe Ota%d", round), tel(900002), fmt.Sprintf("zoe%d@example.com", round)))
	d := k.create(person(fmt.Sprintf("Z. Ota%d", round), tel(900003)))
	k.edit(a.ID, func(c *contacts.Contact) {
		c.Company, c.Custom = "Müller & Söhne", map[string]contacts.Value{"tier": contacts.MakeValue(contacts.TextField, fmt.Sprint("gold", round))}
		c.Labels = []string{fmt.Sprint("VIP ", round)}
		c.ExternalIDs = map[string]string{"crm": fmt.Sprint(round)}
	})
	for i := range 3 {
		k.clock = k.clock.Add(time.Minute)
		_, err := k.s.RecordActivity(k.ctx, b.ID, contacts.Activity{Kind: contacts.Call, Ref: fmt.Sprint(round, "/", i), Text: "said hello"})
		k.must(err)
	}
	_, err = k.s.VerifyIdentifier(k.ctx, b.ID, contacts.Key{Kind: contacts.PhoneKey, Value: tel(900002)}, "sms")
	k.must(err)
	act := k.merge(a.ID, b.ID)
	k.undo(act.ID)
	k.merge(a.ID, d.ID)
	_, err = k.s.Distinct(k.ctx, a.ID, b.ID)
	k.must(err)
	gone := k.create(person(fmt.Sprintf("Del Eted%d", round), tel(900004)))
	_, err = k.s.Delete(k.ctx, gone.ID)
	k.must(err)
	back := k.create(person(fmt.Sprintf("Re Stored%d", round), tel(900005)))
	_, err = k.s.Delete(k.ctx, back.ID)
	k.must(err)
	_, err = k.s.Restore(k.ctx, back.ID)
	k.must(err)
	erased := k.create(person(fmt.Sprintf("Er Ased%d", round), tel(900006)))
	k.edit(erased.ID, func(c *contacts.Contact) { c.LastName = "Secret" })
	_, err = k.s.RecordActivity(k.ctx, erased.ID, contacts.Activity{Kind: contacts.SMS, Text: "secret"})
	k.must(err)
	if round == 1 {
		_, err = k.s.Erase(k.ctx, back.ID)
		k.must(err)
	}
	_ = rep
	return erased.ID
}

// Same checks that two stores hold the same bytes in a workspace: contacts,
// keys, log with seals and hashes, acts, activities, records with revisions.
func Same(t *testing.T, a, b store.Store, workspace string) {
	t.Helper()
	x, y := strings.Split(dump(t, a, workspace), "\n"), strings.Split(dump(t, b, workspace), "\n")
	shown := 0
	for i := range max(len(x), len(y)) {
		var left, right string
		if i < len(x) {
			left = x[i]
		}
		if i < len(y) {
			right = y[i]
		}
		if left != right && shown < 5 {
			t.Errorf("line %d differs:\n%.300s\n%.300s", i+1, left, right)
			shown++
		}
	}
	if len(x) < 20 {
		t.Errorf("only %d lines", len(x))
	}
}

// dump writes all that a workspace holds, a line for each thing.
func dump(t *testing.T, st store.Store, ws string) string {
	t.Helper()
	ctx := t.Context()
	fail := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	var w strings.Builder
	var ids []contacts.ID
	var keys []contacts.Key
	for c, err := range st.Scan(ctx, ws, "") {
		fail(err)
		ids = append(ids, c.ID)
		keys = contacts.Keys(keys, c, "tier")
		fmt.Fprintf(&w, "contact %s %s\n", c.ID, hex.EncodeToString(contacts.AppendEncoded(nil, c)))
	}
	holders, err := st.Lookup(ctx, ws, keys...)
	fail(err)
	for i := range keys {
		fmt.Fprintf(&w, "key %q %q\n", keys[i], holders[i])
	}
	entries, err := st.Log(ctx, ws, store.LogQuery{Limit: 1 << 30})
	fail(err)
	for _, e := range entries {
		fmt.Fprintf(&w, "entry %d %s %d %s %x %x\n", e.Seq, e.Act, e.Part, e.At, store.AppendChanges(nil, e.Changes), e.Hash)
	}
	for _, id := range ids {
		entries, err := st.Log(ctx, ws, store.LogQuery{Contact: id, Limit: 1 << 30})
		fail(err)
		for _, e := range entries {
			fmt.Fprintf(&w, "touched %s %d %q\n", id, e.Seq, e.Changes)
		}
	}
	acts, err := st.Acts(ctx, ws, store.ActQuery{Limit: 1 << 30})
	fail(err)
	for _, a := range acts {
		fmt.Fprintf(&w, "act %+v\n", a)
		parts, err := st.Log(ctx, ws, store.LogQuery{Act: a.ID, Limit: 1 << 30})
		fail(err)
		for _, e := range parts {
			fmt.Fprintf(&w, "part %d %d\n", e.Part, e.Seq)
		}
	}
	list, err := st.Activities(ctx, ws, store.ActivityQuery{Contacts: ids, Limit: 1 << 30})
	fail(err)
	for _, a := range list {
		text, err := json.Marshal(a)
		fail(err)
		fmt.Fprintf(&w, "activity %s\n", text)
	}
	kinds, err := st.(store.KindLister).RecordKinds(ctx, ws)
	fail(err)
	for _, kind := range kinds {
		records, err := st.Records(ctx, ws, kind)
		fail(err)
		for _, r := range records {
			fmt.Fprintf(&w, "record %s %q %d %q\n", kind, r.Key, r.Rev, r.Body)
		}
	}
	return w.String()
}
