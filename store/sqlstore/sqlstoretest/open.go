package sqlstoretest

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/extcontacts/extcontacts/store"
)

// open checks what Open takes and what it refuses.
func (d Database) open(t *testing.T) {
	refused := append([]Refusal{
		{Name: "newer", Want: store.ErrSchema, Text: "version 99", Place: func(t testing.TB) string {
			dsn := d.Place(t)
			d.close(t, dsn)
			d.Script(t, dsn, "INSERT INTO extcontacts_schema (version, name) VALUES (99, '0099_later')")
			return dsn
		}},
		{Name: "foreign", Want: store.ErrSchema, Text: "other tables", Place: func(t testing.TB) string {
			dsn := d.Place(t)
			d.Script(t, dsn, "CREATE TABLE ec_keys (x INTEGER)")
			return dsn
		}},
	}, d.Refused...)
	for _, c := range refused {
		t.Run("refuses "+c.Name, func(t *testing.T) {
			t.Parallel()
			dsn := c.Place(t)
			before := ""
			if c.Want == store.ErrSchema {
				before = d.Scalar(t, dsn, d.Shape)
			}
			st, err := d.Open(t.Context(), dsn, Options{})
			if err == nil {
				st.Close()
				t.Fatal("opened")
			}
			if c.Want != nil && !errorIs(err, c.Want) {
				t.Errorf("error %v is not %v", err, c.Want)
			}
			// one sentence, and the password that stands in each of these DSNs is not in it
			if text := err.Error(); !strings.Contains(text, c.Text) || strings.Contains(text, "\n") || strings.Contains(text, "s3cret") {
				t.Errorf("error is %q, want one line with %q", text, c.Text)
			}
			if c.Want == store.ErrSchema && d.Scalar(t, dsn, d.Shape) != before {
				t.Error("the schema was altered")
			}
		})
	}
	t.Run("beside others", func(t *testing.T) {
		t.Parallel()
		if d.Exclusive {
			return // tables of others are refused, see "foreign"
		}
		dsn := d.Place(t)
		d.Script(t, dsn, "CREATE TABLE ec_orders (x INTEGER)", "CREATE TABLE contacts (x INTEGER)")
		d.close(t, dsn)
	})
	t.Run("at once", func(t *testing.T) {
		t.Parallel()
		dsn := d.Place(t)
		const n = 6
		var wg sync.WaitGroup
		for i := range n {
			wg.Go(func() {
				st, err := d.Open(context.Background(), dsn, Options{Writers: 1})
				if err != nil {
					t.Error(err)
					return
				}
				defer st.Close()
				if _, err := st.Apply(context.Background(), "w", Creation(fmt.Sprint(i), 1, nil)); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if v := d.Scalar(t, dsn, "SELECT COUNT(*) FROM extcontacts_schema"); v != fmt.Sprint(len(d.files(t))) {
			t.Errorf("%s versions", v)
		}
		st := d.must(t, dsn, Options{})
		defer st.Close()
		Chained(t, st, "w", n)
	})
}

// close opens and closes a store, so that the schema is there.
func (d Database) close(t testing.TB, dsn string) {
	t.Helper()
	if err := d.must(t, dsn, Options{}).Close(); err != nil {
		t.Fatal(err)
	}
}
