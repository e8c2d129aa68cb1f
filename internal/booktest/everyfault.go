package booktest

import (
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
	"github.com/extcontacts/extcontacts/store/faultsql"
)

// Faults makes every driver call of every operation that writes fail in turn,
// before and after its effect, with the connection kept and taken away, and
// with errors at which the engine wants the transaction again. The book is then
// as before or as after the operation, never between; after what an answer said;
// and as before where it was an error. A cut connection and what the engine
// gave up are survived. open opens an empty store whose driver is wrapped; the
// test closes it. step is as for [ImportFaults].
func Faults(t *testing.T, step int, givenUp []error, open func(t *testing.T, f *faultsql.Faults) store.Store) {
	f := faultsql.New()
	st := open(t, f)
	t.Cleanup(func() {
		f.Arm(nil)
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	type way struct {
		name     string
		fault    faultsql.Fault
		survived bool
	}
	disk := errors.New("disk I/O error")
	ways := []way{
		{"before", faultsql.Before(disk), false}, {"after", faultsql.After(disk), false},
		{"cut before", faultsql.Drop(driver.ErrBadConn), true}, {"cut after", faultsql.DropAfter(driver.ErrBadConn), true},
	}
	for i, err := range givenUp {
		ways = append(ways, way{fmt.Sprint("given up ", i+1), faultsql.Before(err), true}, way{fmt.Sprint("given up after ", i+1), faultsql.After(err), true})
	}
	step = rounds(8*step, step, 1)
	spaces, tried, failed := 0, 0, 0
	// run prepares a workspace, runs the operation there and reads all of it.
	run := func(t *testing.T, op bookOperation, plan faultsql.Plan) (k *kit, before, after string, calls []faultsql.Call, err error) {
		spaces++
		f.Arm(nil)
		k = &kit{T: t, ctx: t.Context(), st: st, clock: time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)}
		ws := fmt.Sprint("fault ", spaces)
		k.book = k.open(extcontacts.Options{Workspace: ws})
		k.s = k.as("agent-1")
		work := op.prepare(k)
		k.clock = k.clock.Add(time.Minute)
		before = k.whole(ws)
		if plan == nil {
			plan = func(c faultsql.Call) faultsql.Fault { calls = append(calls, c); return nil }
		}
		f.Arm(plan)
		err = work()
		fired := f.Fired()
		f.Arm(nil)
		if calls == nil {
			calls = fired
		}
		return k, before, k.whole(ws), calls, err
	}
	for _, op := range bookOperations() {
		t.Run(op.name, func(t *testing.T) {
			for range 2 { // the second time, statements are prepared and pages are read
				_, before, after, _, err := run(t, op, nil)
				if err != nil || before == after {
					t.Fatalf("without a fault: %v\n%s", err, after)
				}
			}
			_, _, want, calls, _ := run(t, op, nil)
			turn := 0
			for _, way := range ways {
				for n, c := range calls {
					end := c.Op == faultsql.Begin || c.Op == faultsql.Commit
					if turn++; turn%step != 0 && !end {
						continue
					}
					k, before, after, fired, err := run(t, op, faultsql.At(n+1, way.fault))
					if len(fired) == 0 {
						continue // fewer calls this time
					}
					tried++
					at := fmt.Sprintf("%s at call %d, %s %.60q", way.name, n+1, fired[0].Op, fired[0].Query)
					switch {
					case err == nil && after != want:
						t.Errorf("%s: it went well, and the book is\n%s\nwant\n%s", at, after, want)
					case err != nil && way.survived:
						t.Errorf("%s: not survived: %v", at, err)
					case err != nil && after != before:
						t.Errorf("%s: an error (%v), and the book went from\n%s\nto\n%s", at, err, before, after)
					}
					if err != nil {
						failed++
					}
					k.verify()
				}
			}
		})
	}
	t.Logf("%d faults tried, %d operations failed and left no trace", tried, failed)
	if tried < 100 || failed == 0 {
		t.Errorf("%d faults tried, %d operations failed", tried, failed)
	}
}

// bookOperation is something that a session does. prepare makes the book
// that it is done to and returns the work.
type bookOperation struct {
	name    string
	prepare func(k *kit) func() error
}

func bookOperations() []bookOperation {
	type op = bookOperation
	pair := func(k *kit) (a, b *contacts.Contact) {
		return k.create(person("Ann Lee", "+85291234567", "ann@example.com")), k.create(person("Anne Lee", "+85291234567"))
	}
	on := func(name string, work func(k *kit, a, b *contacts.Contact) error) op {
		return op{name, func(k *kit) func() error {
			a, b := pair(k)
			return func() error { return work(k, a, b) }
		}}
	}
	return []op{
		on("Create", func(k *kit, _, _ *contacts.Contact) error {
			c := person("Bob Ray", "+85297654321")
			c.Labels = []string{"VIP"}
			_, err := k.s.Create(k.ctx, c)
			return err
		}),
		on("Edit", func(k *kit, a, _ *contacts.Contact) error {
			_, err := k.s.Edit(k.ctx, a.ID, a.Rev, func(c *contacts.Contact) error {
				c.Team, c.Emails = "Sales", nil
				return nil
			})
			return err
		}),
		on("VerifyIdentifier", func(k *kit, a, _ *contacts.Contact) error {
			_, err := k.s.VerifyIdentifier(k.ctx, a.ID, contacts.Key{Kind: contacts.PhoneKey, Value: "+85291234567"}, "sms")
			return err
		}),
		on("Delete", func(k *kit, a, b *contacts.Contact) error { _, err := k.s.Delete(k.ctx, a.ID, b.ID); return err }),
		{"Restore", func(k *kit) func() error {
			a, b := pair(k)
			_, err := k.s.Delete(k.ctx, a.ID, b.ID)
			k.must(err)
			return func() error { _, err := k.s.Restore(k.ctx, a.ID, b.ID); return err }
		}},
		on("SetOwner", func(k *kit, a, b *contacts.Contact) error {
			_, err := k.s.SetOwner(k.ctx, "agent-2", a.ID, b.ID)
			return err
		}),
		{"Merge", func(k *kit) func() error {
			a, b := pair(k)
			plan, err := k.s.PlanMerge(k.ctx, a.ID, []contacts.ID{b.ID})
			k.must(err)
			return func() error { _, err := k.s.Merge(k.ctx, plan); return err }
		}},
		{"Undo", func(k *kit) func() error {
			a, b := pair(k)
			act := k.merge(a.ID, b.ID)
			plan, err := k.s.PlanUndo(k.ctx, act.ID)
			k.must(err)
			return func() error { _, err := k.s.Undo(k.ctx, plan); return err }
		}},
		on("Distinct", func(k *kit, a, b *contacts.Contact) error { _, err := k.s.Distinct(k.ctx, a.ID, b.ID); return err }),
		{"Erase", func(k *kit) func() error {
			a, b := pair(k)
			_, err := k.s.RecordActivity(k.ctx, b.ID, contacts.Activity{Kind: contacts.Call, Text: "about Ann"})
			k.must(err)
			k.edit(b.ID, func(c *contacts.Contact) { c.Team = "Sales" })
			k.merge(a.ID, b.ID)
			return func() error { _, err := k.s.Erase(k.ctx, a.ID); return err }
		}},
		on("RecordActivity", func(k *kit, a, _ *contacts.Contact) error {
			_, err := k.s.RecordActivity(k.ctx, a.ID, contacts.Activity{Kind: contacts.SMS, Ref: "r", Text: "hello"})
			return err
		}),
		on("SetField", func(k *kit, _, _ *contacts.Contact) error {
			_, err := k.s.SetField(k.ctx, contacts.CustomField{Key: "tier", Name: "Tier", Kind: contacts.TextField})
			return err
		}),
		on("SetLabel", func(k *kit, _, _ *contacts.Contact) error {
			_, err := k.s.SetLabel(k.ctx, contacts.Label{Name: "VIP"})
			return err
		}),
		on("EditMatching", func(k *kit, _, _ *contacts.Contact) error {
			_, err := k.s.EditMatching(k.ctx, "lee", func(c *contacts.Contact) error { c.Company = "Acme"; return nil }, extcontacts.BulkOptions{})
			return err
		}),
		on("OptOut", func(k *kit, _, _ *contacts.Contact) error {
			_, err := k.s.OptOut(k.ctx, contacts.Key{Kind: contacts.PhoneKey, Value: "+85291234567"})
			return err
		}),
	}
}

// whole is all that a workspace holds, as text, but for ids that were
// made for it, which stand in the order of their making.
func (k *kit) whole(ws string) string {
	k.Helper()
	var b strings.Builder
	line := func(v any) {
		text, err := json.Marshal(v)
		k.must(err)
		b.Write(append(text, '\n'))
	}
	var ids []contacts.ID
	var keys []contacts.Key
	for c, err := range k.st.Scan(k.ctx, ws, "") {
		k.must(err)
		ids = append(ids, c.ID)
		keys = contacts.Keys(keys, c)
		line(c)
	}
	holders, err := k.st.Lookup(k.ctx, ws, keys...)
	k.must(err)
	line(holders)
	acts, err := k.st.Acts(k.ctx, ws, store.ActQuery{Limit: 1000})
	k.must(err)
	line(acts)
	entries, err := k.st.Log(k.ctx, ws, store.LogQuery{Limit: 1000})
	k.must(err)
	for _, e := range entries {
		fmt.Fprintf(&b, "%d %s/%d", e.Seq, e.Act, e.Part)
		for _, c := range e.Changes {
			fmt.Fprintf(&b, " %q", []string{string(c.Contact), c.Path, c.Old, c.New, string(c.From)})
		}
		b.WriteByte('\n')
	}
	if len(ids) > 0 {
		activities, err := k.st.Activities(k.ctx, ws, store.ActivityQuery{Contacts: ids, Limit: 1000})
		k.must(err)
		line(activities)
	}
	for _, kind := range []string{"schema", "distinct", "enquiry"} {
		records, err := k.st.Records(k.ctx, ws, kind)
		k.must(err)
		line(records)
	}
	return b.String()
}
