package postgres

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/extcontacts/extcontacts/search"
	"github.com/extcontacts/extcontacts/store"
	"github.com/extcontacts/extcontacts/store/sqlstore"
	"github.com/extcontacts/extcontacts/store/sqlstore/sqlstoretest"
)

// withText is the database with the text index.
var withText = func() sqlstoretest.Database {
	d := database
	d.Open = func(ctx context.Context, dsn string, o sqlstoretest.Options) (*sqlstore.Store, error) {
		return Open(ctx, dsn, Options{Wrap: o.Wrap, Text: TextOn})
	}
	return d
}()

func TestTextStore(t *testing.T)   { t.Parallel(); withText.Store(t) }
func TestTextErasure(t *testing.T) { t.Parallel(); withText.Erasure(t) }

// TestTextPlan checks that the index is made for a database with contacts, and
// that searches go by it, in a database of any locale; and that it is dropped.
func TestTextPlan(t *testing.T) {
	t.Parallel()
	for name, place := range map[string]func(testing.TB) string{"usual": schema, "plain C": templated("ENCODING 'UTF8' LOCALE 'C'")} {
		dsn := place(t)
		open := func(x TextIndex) *sqlstore.Store {
			st, err := Open(t.Context(), dsn, Options{Text: x})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { st.Close() })
			return st
		}
		st := open(TextAsIs)
		list := sqlstoretest.Made(rand.New(rand.NewPCG(1, 1)), 0, 3000)
		list[5].LastName, list[6].LastName = "山田 太郎", `Łukasz 100% a_b\c`
		if _, err := st.Apply(t.Context(), "w", sqlstoretest.Creation("a", 1, list)); err != nil {
			t.Fatal(err)
		}
		st = open(TextOn)
		for text, want := range map[string]int{"mustermann*": 2998, `"mustermann-77"`: 1, "musterman-77*": 0, "*山田*": 1, "山田太郎": 1, "lukasz": 1, "100*": 1,
			strings.TrimPrefix(list[9].Phones[0].Phone.Number(), "+")[3:]: 1} {
			q, err := search.Parse(text, search.Options{})
			if err != nil {
				t.Fatal(err)
			}
			n, err := store.Count(t.Context(), st, "w", q, nil)
			if text == "mustermann*" && n < want || text == "100*" && n < 1 || text != "mustermann*" && text != "100*" && n != want || err != nil {
				t.Errorf("%s: %s: %d found, want %d: %v", name, text, n, want, err)
			}
			if want > 100 {
				continue
			}
			query, args, ok := find("c.id, c.body", "w", q.Needs())
			if !ok {
				t.Errorf("%s: %s: the index is of no use for %q", name, text, q.Needs())
				continue
			}
			if plan := explained(t, dsn, query, append(args, 20)); !strings.Contains(plan, "Bitmap Index Scan on ec_contacts_text") {
				t.Errorf("%s: %s\n%s", name, text, plan)
			}
		}
		open(TextOff)
		if n := database.Scalar(t, dsn, textPresent); n != "0" {
			t.Errorf("%s: the index is there still", name)
		}
	}
}

// explained returns the plan of a query on a connection with the settings of
// the store.
func explained(t testing.TB, dsn, query string, args []any) string {
	t.Helper()
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		t.Fatal(err)
	}
	for k, v := range settings {
		config.RuntimeParams[k] = v
	}
	conn, err := pgx.ConnectConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	for n := 1; strings.Contains(query, "?"); n++ {
		query = strings.Replace(query, "?", sqlstore.Dollar(n), 1)
	}
	rows, err := conn.Query(t.Context(), "EXPLAIN "+query, args...)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return strings.Join(plan, "\n")
}

// TestTextForbidden checks what a role hears that may not create the extension.
func TestTextForbidden(t *testing.T) {
	t.Parallel()
	dsn := templated("ENCODING 'UTF8' LOCALE 'C'")(t)
	role := fmt.Sprintf("extcontacts_plain_%d", rand.Uint64())
	database.Script(t, dsn, "CREATE ROLE "+role+" LOGIN", "GRANT ALL ON SCHEMA public TO "+role)
	t.Cleanup(func() { database.Script(t, dsn, "DROP OWNED BY "+role, "DROP ROLE "+role) })
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.User(role)
	_, err = Open(t.Context(), u.String(), Options{Text: TextOn})
	if !errors.Is(err, errors.ErrUnsupported) || !strings.Contains(err.Error(), "text_index_forbidden") {
		t.Errorf("%v", err)
	}
}
