package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"time"

	"github.com/extcontacts/extcontacts/store"
)

// migration is one file of [Dialect.Migrations].
type migration struct {
	name       string
	statements []string
}

// migrations reads the files in order; they are part of the program, so a
// fault in them is one of the program.
func migrations(files fs.FS) ([]migration, error) {
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return nil, err
	}
	var out []migration
	for i, name := range names { // Glob sorts
		if !strings.HasPrefix(name, fmt.Sprintf("%04d_", i+1)) {
			return nil, fmt.Errorf("sqlstore: migration %s is not number %d", name, i+1)
		}
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		m := migration{name: strings.TrimSuffix(path.Base(name), ".sql")}
		for s := range strings.SplitSeq(string(text), ";\n") {
			if s = strings.TrimSpace(s); s != "" {
				m.statements = append(m.statements, s)
			}
		}
		out = append(out, m)
	}
	return out, nil
}

// tableNames returns the names of the tables that migrations create.
func tableNames(list []migration) map[string]bool {
	names := map[string]bool{}
	for _, m := range list {
		for _, s := range m.statements {
			if _, rest, ok := strings.Cut(s, "CREATE TABLE IF NOT EXISTS "); ok {
				name, _, _ := strings.Cut(rest, " ")
				names[name] = true
			}
		}
	}
	return names
}

// Version returns the version of the schema of a database, 0 for none. The
// error is [store.ErrSchema] where it is newer than this library's or where
// something else has its tables; see [Dialect.Exclusive].
func Version(ctx context.Context, db *sql.DB, d Dialect) (int, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return 0, mapError(ctx, "read schema", err)
	}
	defer conn.Close()
	list, err := migrations(d.Migrations)
	if err != nil {
		return 0, err
	}
	return version(ctx, conn, &d, list)
}

func version(ctx context.Context, conn *sql.Conn, d *Dialect, list []migration) (int, error) {
	s := &session{conn: conn, d: d, stmts: map[string]*sql.Stmt{}}
	defer func() {
		for _, st := range s.stmts {
			st.Close()
		}
	}()
	ours, others, same := false, 0, tableNames(list)
	err := s.query(ctx, d.Tables, nil, func(scan func(...any) error) error {
		var name string
		if err := scan(&name); err != nil {
			return err
		}
		if name == "extcontacts_schema" {
			ours = true
		} else if d.Exclusive || same[name] {
			others++
		}
		return nil
	})
	if err != nil {
		return 0, mapError(ctx, "read schema", err)
	}
	if !ours {
		if others > 0 {
			return 0, fmt.Errorf("the database holds other tables and none of extcontacts: %w", store.ErrSchema)
		}
		return 0, nil
	}
	var v int
	found, err := s.one(ctx, "SELECT version FROM extcontacts_schema ORDER BY version DESC", nil, &v)
	switch {
	case err != nil:
		return 0, mapError(ctx, "read schema", err)
	case !found:
		return 0, nil
	case v > len(list):
		return v, fmt.Errorf("the database has schema version %d, this library knows up to %d: %w", v, len(list), store.ErrSchema)
	}
	return v, nil
}

// Migrate brings the schema of a database to the newest version. Nothing is
// written before the version was found to be known (see [Version]). Two
// processes that migrate at once converge, as does one that was stopped and
// begins anew.
func Migrate(ctx context.Context, db *sql.DB, d Dialect) error {
	list, err := migrations(d.Migrations)
	if err != nil {
		return err
	}
	start := time.Now()
	for try := 0; ; try++ {
		op, err := brought(ctx, db, &d, list)
		if err == nil {
			return nil
		}
		waited := time.Since(start) > patience && (op != "migrate" || try >= 10)
		if waited || !d.Retryable(err) && (op != "migrate" || !d.Duplicate(err)) { // errLocked has waited enough
			return mapError(ctx, op, err)
		}
		if err := pause(ctx, try); err != nil {
			return err
		}
	}
}

// patience is how long another process that opens the same database may keep
// it from being opened: SQLite does not wait by itself where several make a
// new file at once.
const patience = 5 * time.Second

// brought brings the schema to the newest version, once, and says what it was
// at where that fails.
func brought(ctx context.Context, db *sql.DB, d *Dialect, list []migration) (op string, err error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return "open", err
	}
	defer conn.Close()
	v, err := version(ctx, conn, d, list)
	if err != nil || v == len(list) {
		return "read schema", err
	}
	return "migrate", migrate(ctx, conn, d, list)
}

// errLocked is the answer where another migrator kept the lock for too long.
var errLocked = errors.New("sqlstore: another process is migrating the database")

// migrate applies what is missing in one transaction, as far as the engine has
// such for schema changes.
func migrate(ctx context.Context, conn *sql.Conn, d *Dialect, list []migration) (err error) {
	exec := func(query string, args ...any) {
		if err == nil {
			_, err = conn.ExecContext(ctx, d.rebind(query), args...)
		}
	}
	exec(d.Begin)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_, _ = conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
		}
		if d.Unlock != "" {
			_, _ = conn.ExecContext(context.WithoutCancel(ctx), d.Unlock)
		}
	}()
	if d.Lock != "" {
		locked := 0
		if err := conn.QueryRowContext(ctx, d.Lock).Scan(&locked); err != nil {
			return err
		}
		if locked != 1 {
			return errLocked
		}
	}
	v, err := version(ctx, conn, d, list) // again, under the lock
	if err != nil {
		return err
	}
	for i := v; i < len(list); i++ {
		for _, s := range list[i].statements {
			exec(s)
		}
		exec("INSERT INTO extcontacts_schema (version, name) VALUES (?, ?)", i+1, list[i].name)
	}
	exec("COMMIT")
	return err
}
