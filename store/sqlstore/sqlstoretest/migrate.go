package sqlstoretest

import (
	"database/sql/driver"
	"errors"
	"io/fs"
	"strings"
	"testing"

	"github.com/extcontacts/extcontacts/store/faultsql"
)

func errorIs(err, target error) bool { return errors.Is(err, target) }

// files are the texts of the migrations in order.
func (d Database) files(t testing.TB) []string {
	t.Helper()
	names, err := fs.Glob(d.Migrations, "*.sql")
	if err != nil || len(names) == 0 {
		t.Fatalf("migrations %v, %v", names, err)
	}
	var out []string
	for _, name := range names {
		text, err := fs.ReadFile(d.Migrations, name)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, string(text))
	}
	return out
}

// statementsOf cuts a migration as [sqlstore.Dialect] says.
func statementsOf(text string) (out []string) {
	for s := range strings.SplitSeq(text, ";\n") {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// migrate checks that a migration which is stopped anywhere is completed by
// the next one, and that it is the same as one that a host runs itself.
func (d Database) migrate(t *testing.T) {
	whole := d.Place(t)
	faults := faultsql.New()
	if st, err := d.Open(t.Context(), whole, Options{Wrap: faults.Connector, Writers: 1}); err != nil {
		t.Fatal(err)
	} else if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	calls := faults.Total()
	want := d.Scalar(t, whole, d.Shape)
	if !strings.Contains(want, "ec_activities_ref") {
		t.Fatalf("the shape of the schema is %q", want)
	}
	same := func(t *testing.T, dsn, what string) {
		t.Helper()
		st, err := d.Open(t.Context(), dsn, Options{})
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		defer st.Close()
		if got := d.Scalar(t, dsn, d.Shape); got != want {
			t.Fatalf("%s: the schema is\n%s\nwant\n%s", what, got, want)
		}
		if _, err := st.Apply(t.Context(), "w", Creation("a", 1, nil)); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	t.Run("by the host", func(t *testing.T) {
		t.Parallel()
		dsn := d.Place(t)
		for i, text := range d.files(t) {
			d.Script(t, dsn, statementsOf(text)...)
			d.Script(t, dsn, "INSERT INTO extcontacts_schema (version, name) VALUES ("+string(rune('1'+i))+", 'by the host')")
		}
		same(t, dsn, "by the host")
	})
	// Each statement may have been committed by itself, as MySQL does with
	// every change of a schema.
	t.Run("stopped", func(t *testing.T) {
		t.Parallel()
		var all []string
		for _, text := range d.files(t) {
			all = append(all, statementsOf(text)...)
		}
		for n := 1; n <= len(all); n += d.stride(len(all)) {
			dsn := d.Place(t)
			d.Script(t, dsn, all[:n]...)
			same(t, dsn, "after "+all[n-1])
		}
	})
	// The connection goes before or after each call of the driver that Open
	// makes on an empty place.
	t.Run("cut off", func(t *testing.T) {
		t.Parallel()
		for n := 1; n <= calls; n += d.stride(calls) {
			for what, fault := range map[string]faultsql.Fault{"before": faultsql.Drop(d.gone()), "after": faultsql.DropAfter(d.gone())} {
				dsn := d.Place(t)
				faults := faultsql.New()
				faults.Arm(faultsql.At(n, fault))
				st, err := d.Open(t.Context(), dsn, Options{Wrap: faults.Connector, Writers: 1})
				if err == nil {
					st.Close()
				}
				fired := faults.Fired()
				if len(fired) == 0 {
					continue // Open is done with fewer calls where others warmed the server
				}
				same(t, dsn, what+" "+string(fired[0].Op)+" "+fired[0].Query)
			}
		}
	})
}

func (d Database) gone() error {
	if d.Gone != nil {
		return d.Gone
	}
	return driver.ErrBadConn
}

// stride is 1 where all is to be tried, see [Long].
func (d Database) stride(n int) int {
	if Long() {
		return 1
	}
	return max(1, n/8)
}
