package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/extcontacts/extcontacts/store/sqlstore"
)

// TextIndex says what becomes of the index over the search texts, by which
// PostgreSQL finds parts of names, addresses and numbers (a GIN index of the
// extension pg_trgm). It belongs to the database: once made the server keeps
// it up to date, and every store opened later uses it.
//
// It makes searches of large workspaces many times faster and every write
// slower. A host that keeps a
// [github.com/extcontacts/extcontacts/store.SearchIndex] needs none.
type TextIndex int

const (
	// TextAsIs leaves the database as it is: a new one has no index. It is the
	// default.
	TextAsIs TextIndex = iota
	// TextOn makes the index where there is none, in one transaction; writers
	// wait meanwhile. The error wraps [errors.ErrUnsupported] where the server
	// has no pg_trgm, or the role may not create it (it is a trusted
	// extension: CREATE on the database is enough).
	TextOn
	// TextOff drops the index. The extension stays.
	TextOff
)

// indexedText is what the index is over: what is not ASCII stands as octal
// numbers, so that no locale of the database has a say in what a letter is.
const indexedText = "encode(search_text, 'escape')"

const textPresent = "SELECT count(*) FROM pg_catalog.pg_class WHERE relname = 'ec_contacts_text' AND relnamespace = current_schema()::regnamespace"

// settle makes or drops the index as it is told to, and reports whether there
// is one.
func (x TextIndex) settle(ctx context.Context, db *sql.DB, d *sqlstore.Dialect) (present bool, err error) {
	there := 0
	if err := db.QueryRowContext(ctx, textPresent).Scan(&there); err != nil {
		return false, err
	}
	if present = there > 0; x == TextAsIs || present == (x == TextOn) {
		return present, nil
	}
	for try := 0; ; try++ { // another schema's store may make the extension
		err := x.change(ctx, db, d)
		if err == nil || try >= 10 || !d.Retryable(err) && !d.Duplicate(err) && code(err) != "42710" {
			return x == TextOn, err
		}
	}
}

func (x TextIndex) change(ctx context.Context, db *sql.DB, d *sqlstore.Dialect) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after a commit
	locked := 0
	if err := tx.QueryRowContext(ctx, d.Lock).Scan(&locked); err != nil {
		return err
	}
	if x == TextOff {
		_, err = tx.ExecContext(ctx, "DROP INDEX IF EXISTS ec_contacts_text")
	} else {
		err = makeText(ctx, tx)
	}
	if err != nil {
		return err
	}
	return tx.Commit()
}

func makeText(ctx context.Context, tx *sql.Tx) error {
	// One extension serves all schemas of the database: it must not go with
	// one of them.
	public, in := false, ""
	err := tx.QueryRowContext(ctx, "SELECT coalesce(has_schema_privilege(to_regnamespace('public'), 'CREATE'), false)").Scan(&public)
	if err != nil {
		return err
	}
	if public {
		in = " SCHEMA public"
	}
	if _, err := tx.ExecContext(ctx, "CREATE EXTENSION IF NOT EXISTS pg_trgm"+in); err != nil {
		switch code(err) {
		case "42501":
			return fmt.Errorf("text_index_forbidden: the role may not create the extension pg_trgm: %w", errors.Join(errors.ErrUnsupported, err))
		case "0A000", "58P01":
			return fmt.Errorf("text_index_unavailable: the server has no extension pg_trgm: %w", errors.Join(errors.ErrUnsupported, err))
		}
		return err
	}
	schema := "" // it may stand outside search_path
	err = tx.QueryRowContext(ctx, "SELECT n.nspname::text FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace"+
		" WHERE e.extname = 'pg_trgm'").Scan(&schema)
	if err != nil {
		return err
	}
	for _, s := range []string{
		"CREATE INDEX IF NOT EXISTS ec_contacts_text ON ec_contacts USING gin ((" + indexedText + ") " + pgx.Identifier{schema, "gin_trgm_ops"}.Sanitize() + ")",
		"ALTER INDEX ec_contacts_text ALTER COLUMN 1 SET STATISTICS 0", // no query's plan goes by it
	} {
		if _, err := tx.ExecContext(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

func textIndex() *sqlstore.TextIndex { return &sqlstore.TextIndex{Find: find} }

// maxTexts is the number of texts that are asked for.
const maxTexts = 64

// find asks for the contacts by parts of their indexed text. The inner query
// is planned without the limit, under which a walk through the whole workspace
// may look cheap.
func find(columns, workspace string, needs [][]string) (query string, args []any, ok bool) {
	var where strings.Builder
	args = []any{workspace}
	for _, list := range needs {
		if len(args)+len(list) > maxTexts || !long(list) {
			continue
		}
		for i, text := range list {
			if i > 0 {
				where.WriteString(" OR ")
			} else {
				where.WriteString(" AND (")
			}
			where.WriteString(indexedText + " LIKE ?")
			args = append(args, like(text))
		}
		where.WriteByte(')')
	}
	return "WITH c AS MATERIALIZED (SELECT id, body FROM ec_contacts WHERE ws = ?" + where.String() + ") SELECT " + columns + " FROM c LIMIT ?", args, len(args) > 1
}

// long reports whether the index knows every text: three letters, or two of
// which it knows that a word begins or ends with them.
func long(list []string) bool {
	for _, text := range list {
		if len(text) < 3 {
			return false
		}
	}
	return len(list) > 0
}

// like makes the pattern of a part of the indexed text.
func like(text string) string {
	b := []byte{'%'}
	for i := range len(text) {
		switch c := text[i]; {
		case c >= 0x80:
			b = fmt.Appendf(b, `\\%03o`, c)
		case c == '\\': // doubled by encode, and each one escaped
			b = append(b, `\\\\`...)
		case c == '%' || c == '_':
			b = append(b, '\\', c)
		default:
			b = append(b, c)
		}
	}
	return string(append(b, '%'))
}
