package booktest

import (
	"bytes"
	"database/sql/driver"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
	"github.com/extcontacts/extcontacts/store/faultsql"
)

// ImportFaults makes every driver call of an import fail in turn, before and
// after its effect, with the connection kept and taken away. Resumed, the
// import must come to what one without faults comes to. open opens an empty
// store whose driver is wrapped; the test closes it. step is how many calls
// the short form goes on by; the long form tries them all.
func ImportFaults(t *testing.T, step int, open func(t *testing.T, f *faultsql.Faults) store.Store) {
	f := faultsql.New()
	st := open(t, f)
	t.Cleanup(func() {
		f.Arm(nil)
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	k := &kit{T: t, ctx: t.Context(), st: st, clock: time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)}
	step = rounds(5*step, step, 1)
	file := faultsFile()
	want := k.faultedImport(f, "without", file, nil)
	calls := want.calls
	disk := errors.New("disk I/O error")
	tried, stopped := 0, 0
	for name, fault := range map[string]faultsql.Fault{
		"before": faultsql.Before(disk), "after": faultsql.After(disk),
		"lost before": faultsql.Drop(driver.ErrBadConn), "lost after": faultsql.DropAfter(driver.ErrBadConn),
	} {
		// Calls are fewer in later runs, which find their statements prepared.
		for n := 1 + len(name)%step; n <= calls+step; n += step {
			got := k.faultedImport(f, fmt.Sprint(name, n), file, faultsql.At(n, fault))
			if got.fired == nil {
				break
			}
			tried++
			if got.stopped {
				stopped++
			}
			if diff := got.differs(want); diff != "" {
				t.Errorf("%s at call %d, %s %.80q: %s", name, n, got.fired.Op, got.fired.Query, diff)
			}
		}
	}
	if tried < 4*calls/(3*step) || stopped == 0 {
		t.Errorf("%d faults, by which %d imports stopped, of %d calls", tried, stopped, calls)
	}
	t.Logf("%d driver calls; %d faults tried, %d imports stopped and went on", calls, tried, stopped)
}

// faultsFile is a file with rows of every outcome.
func faultsFile() string {
	var b strings.Builder
	b.WriteString("First name,Last name,Mobile,Email,Contact Label\n")
	for i := range 40 {
		switch i % 8 {
		case 3:
			fmt.Fprintf(&b, "P%d,Same,12,p%d@example.com,\n", i, i)
		case 5: // more of an earlier person
			fmt.Fprintf(&b, "P%d,Same,,p%d@example.com,L%d\n", i-1, i-1, i%3)
		default:
			fmt.Fprintf(&b, "P%d,Same,+8529%07d,p%d@example.com,L%d\n", i, i, i, i%3)
		}
	}
	return b.String()
}

// faulted is what an import has come to, with or without a fault on the way.
type faulted struct {
	calls   int // of the driver
	fired   *faultsql.Call
	stopped bool
	counts  contacts.Counts
	values  []string
	log     string // the error log
	acts    int
	entries int
	verify  []extcontacts.Difference
}

func (a faulted) differs(b faulted) string {
	switch {
	case a.counts != b.counts:
		return fmt.Sprintf("counts %+v, want %+v", a.counts, b.counts)
	case !slices.Equal(a.values, b.values):
		return fmt.Sprintf("%d contacts, want %d", len(a.values), len(b.values))
	case a.log != b.log:
		return fmt.Sprintf("error log\n%s\nwant\n%s", a.log, b.log)
	case a.acts != b.acts || a.entries != b.entries:
		return fmt.Sprintf("%d acts of %d entries, want %d of %d", a.acts, a.entries, b.acts, b.entries)
	case len(a.verify) > 0:
		return fmt.Sprintf("verify: %+v", a.verify)
	}
	return ""
}

// faultedImport imports a file into a workspace of its own under a plan of
// faults, and then, without any, until it is done.
func (k *kit) faultedImport(f *faultsql.Faults, name, file string, plan faultsql.Plan) (got faulted) {
	k.Helper()
	s := k.open(extcontacts.Options{Workspace: "faults " + name}).As(contacts.Actor{ID: "agent-1"})
	o := extcontacts.ImportOptions{Source: "f.csv", BatchRows: 15, Resume: true}
	run := func() (*extcontacts.ImportReport, error) {
		var log bytes.Buffer
		o.ErrorLog = &log
		rep, err := s.Import(k.ctx, strings.NewReader(file), o)
		got.log = log.String()
		return rep, err
	}
	f.Arm(plan)
	rep, err := run()
	got.calls = f.Total()
	if calls := f.Fired(); len(calls) > 0 {
		got.fired = &calls[0]
	}
	if plan != nil {
		f.Arm(nil)
	}
	if err != nil {
		if plan == nil {
			k.Fatal(err)
		}
		got.stopped = true
		if rep, err = run(); err != nil {
			k.Fatalf("%s: resumed: %v", name, err)
		}
	}
	acts, err := s.Acts(k.ctx, 0, 100)
	k.must(err)
	got.acts = len(acts)
	if got.counts = rep.Counts; got.stopped && len(acts) > 0 && rep.Created+rep.Updated == 0 {
		got.counts = acts[0].Counts // all had been written when the answer was lost
	}
	page, err := s.Log(k.ctx, "", extcontacts.LogOptions{Limit: 1000})
	k.must(err)
	got.entries = len(page.Entries)
	got.values = k.values(s)
	ver, err := s.Verify(k.ctx)
	k.must(err)
	got.verify = ver.Differences
	return got
}
