package sqlite

import (
	"context"
	"database/sql"
	"strings"
	"unicode/utf8"

	"github.com/extcontacts/extcontacts/store/sqlstore"
)

// TextIndex says what becomes of the index over the search texts, by which
// SQLite finds the parts of names, addresses and numbers of three letters and
// more (FTS5 with trigrams). It belongs to the file: once made it is kept up
// to date by every process and used by every search, whatever its options.
//
// It makes searches of large files many times faster and every write slower.
// A host that keeps a [github.com/extcontacts/extcontacts/store.SearchIndex]
// needs none.
type TextIndex int

const (
	// TextAsIs leaves the file as it is: a new one has no index. It is the
	// default.
	TextAsIs TextIndex = iota
	// TextOn makes the index where there is none, in one transaction.
	TextOn
	// TextOff drops it.
	TextOff
)

const (
	contains    = "instr(search_text, ?) > 0"
	textPresent = "SELECT 1 FROM sqlite_schema WHERE name = 'ec_text'"
	textRebuild = "INSERT INTO ec_text (ec_text) VALUES ('rebuild')"
)

// textOn makes the index. It keeps no texts, only the rows of each trigram,
// and forgets at once what is taken out.
var textOn = []string{
	"CREATE VIRTUAL TABLE ec_text USING fts5 (search_text, content='ec_contacts', content_rowid='doc'," +
		" tokenize='trigram case_sensitive 1', detail='none', columnsize=0)",
	"INSERT INTO ec_text (ec_text, rank) VALUES ('secure-delete', 1)",
	textRebuild,
}

// settle makes or drops the index, as it is told to.
func (x TextIndex) settle(ctx context.Context, db *sql.DB) (err error) {
	if x == TextAsIs {
		return nil
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	settled := func() (bool, error) {
		there := 0
		err := conn.QueryRowContext(ctx, "SELECT count(*) FROM ("+textPresent+")").Scan(&there)
		return (there > 0) == (x == TextOn), err
	}
	if ok, err := settled(); ok || err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_, _ = conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
		}
	}()
	statements := []string{"DROP TABLE ec_text"}
	if x == TextOn {
		statements = textOn
	}
	if ok, err := settled(); err != nil {
		return err
	} else if ok { // another process was first
		statements = nil
	}
	for _, s := range append(statements[:len(statements):len(statements)], "COMMIT") {
		if _, err := conn.ExecContext(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

func textIndex() *sqlstore.TextIndex {
	return &sqlstore.TextIndex{
		Present: textPresent,
		Add: "INSERT INTO ec_text (rowid, search_text)" +
			" SELECT doc, search_text FROM ec_contacts WHERE ws = ? AND id IN (",
		Remove: "INSERT INTO ec_text (ec_text, rowid, search_text)" +
			" SELECT 'delete', doc, search_text FROM ec_contacts WHERE ws = ? AND id IN (",
		Rebuild: textRebuild,
		Find:    find,
	}
}

// maxTrigrams is how many trigrams of one text are looked up; maxTexts is the
// number of texts, that of a query's tree being bounded by SQLite.
const (
	maxTrigrams = 8
	maxTexts    = 64
)

// find asks for the rows that have the trigrams, and of these for those that
// have the texts.
func find(columns, workspace string, needs [][]string) (query string, args []any, ok bool) {
	var match, where strings.Builder
	args = []any{nil, workspace}
	for _, list := range needs {
		if len(args)+len(list) > maxTexts || !long(list) {
			continue
		}
		for i, text := range list {
			if i > 0 {
				match.WriteString(" OR ")
				where.WriteString(" OR ")
			} else {
				if match.Len() > 0 {
					match.WriteString(" AND ")
				}
				match.WriteByte('(')
				where.WriteString(" AND (")
			}
			trigrams(&match, text)
			where.WriteString(contains)
			args = append(args, []byte(text))
		}
		match.WriteByte(')')
		where.WriteByte(')')
	}
	args[0] = match.String()
	return "SELECT " + columns + " FROM ec_text t CROSS JOIN ec_contacts c ON c.doc = t.rowid WHERE t.ec_text MATCH ? AND c.ws = ?" +
		strings.ReplaceAll(where.String(), "search_text", "c.search_text") + " LIMIT ?", args, match.Len() > 0
}

// long reports whether every text has a trigram.
func long(list []string) bool {
	for _, text := range list {
		if utf8.RuneCountInString(text) < 3 {
			return false
		}
	}
	return len(list) > 0
}

// trigrams writes the trigrams of a text as an FTS5 expression: those at its
// end where it has too many, since texts often begin alike.
func trigrams(b *strings.Builder, text string) {
	letters := []rune(text)
	b.WriteByte('(')
	for i := max(0, len(letters)-2-maxTrigrams); i+3 <= len(letters); i++ {
		if b.String()[b.Len()-1] != '(' {
			b.WriteString(" AND ")
		}
		b.WriteString(`"` + strings.ReplaceAll(string(letters[i:i+3]), `"`, `""`) + `"`)
	}
	b.WriteByte(')')
}
