package main

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/simple"
	"github.com/blevesearch/bleve/v2/index/scorch"
	bquery "github.com/blevesearch/bleve/v2/search/query"
	"github.com/jackc/pgx/v5"
	_ "modernc.org/sqlite"

	"github.com/extcontacts/extcontacts/contacts"
)

// bleveEngine is bleve's scorch in memory.
type bleveEngine struct{ index bleve.Index }

func newBleve(list []*contacts.Contact) (engine, error) {
	text := bleve.NewTextFieldMapping()
	text.Analyzer, text.Store, text.IncludeTermVectors, text.IncludeInAll, text.DocValues = simple.Name, false, false, false, false
	digits := bleve.NewKeywordFieldMapping()
	digits.Store, digits.IncludeTermVectors, digits.IncludeInAll, digits.DocValues = false, false, false, false
	doc := bleve.NewDocumentStaticMapping()
	for _, f := range []string{"name", "company", "email", "label"} {
		doc.AddFieldMappingsAt(f, text)
	}
	doc.AddFieldMappingsAt("phone", digits)
	m := bleve.NewIndexMapping()
	m.DefaultMapping = doc
	index, err := bleve.NewUsing("", m, scorch.Name, scorch.Name, nil)
	if err != nil {
		return nil, err
	}
	batch := index.NewBatch()
	for _, c := range list {
		name, company, email, label, phone := texts(c)
		err := batch.Index(string(c.ID), map[string]any{"name": name, "company": company, "email": email, "label": label, "phone": strings.Fields(phone)})
		if err != nil {
			return nil, err
		}
		if batch.Size() == 1000 {
			if err := index.Batch(batch); err != nil {
				return nil, err
			}
			batch.Reset()
		}
	}
	return &bleveEngine{index}, index.Batch(batch)
}

func (e *bleveEngine) name() string { return "bleve" }
func (e *bleveEngine) close()       { e.index.Close() }

// fieldBoosts weigh the fields as ours do.
var fieldBoosts = []struct {
	name  string
	boost float64
}{{"name", 5}, {"company", 4}, {"email", 3}, {"label", 1}}

func (e *bleveEngine) ask(q asked) func() (int, error) {
	if q.kind == twoWordsKind {
		return e.search(bleve.NewConjunctionQuery(e.words(asked{kind: wordKind, text: q.text}), e.words(asked{kind: wordKind, text: q.label})))
	}
	whole := e.words(q)
	if q.kind == labelKind {
		l := bleve.NewPrefixQuery(q.label)
		l.SetField("label")
		whole = bleve.NewConjunctionQuery(whole, l)
	}
	return e.search(whole)
}

// words looks for a text in all fields.
func (e *bleveEngine) words(q asked) bquery.Query {
	var parts []bquery.Query
	for _, f := range fieldBoosts {
		switch q.kind {
		case wordKind:
			t := bleve.NewTermQuery(q.text)
			t.SetField(f.name)
			t.SetBoost(f.boost)
			parts = append(parts, t)
		case typoKind:
			t := bleve.NewFuzzyQuery(q.text)
			t.SetFuzziness(1)
			t.SetField(f.name)
			t.SetBoost(f.boost)
			parts = append(parts, t)
		case substringKind:
			t := bleve.NewWildcardQuery("*" + q.text + "*")
			t.SetField(f.name)
			t.SetBoost(f.boost)
			parts = append(parts, t)
		case phoneKind:
		default:
			t := bleve.NewPrefixQuery(q.text)
			t.SetField(f.name)
			t.SetBoost(f.boost)
			parts = append(parts, t)
		}
	}
	if q.kind == phoneKind {
		t := bleve.NewWildcardQuery("*" + q.text + "*")
		t.SetField("phone")
		parts = append(parts, t)
	}
	return bleve.NewDisjunctionQuery(parts...)
}

func (e *bleveEngine) search(whole bquery.Query) func() (int, error) {
	return func() (int, error) {
		res, err := e.index.Search(bleve.NewSearchRequestOptions(whole, 20, 0, false))
		if err != nil {
			return 0, err
		}
		return len(res.Hits), nil
	}
}

// ftsEngine is FTS5, ranked, as one writes it by hand: a table of words and one
// of trigrams.
type ftsEngine struct{ db *sql.DB }

func newFTS5(ctx context.Context, dir string, list []*contacts.Contact) (engine, error) {
	db, err := sql.Open("sqlite", filepath.Join(dir, "fts.db")+"?_pragma=journal_mode(WAL)&_pragma=cache_size(-262144)")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	for _, s := range []string{
		"CREATE VIRTUAL TABLE words USING fts5(name, company, email, label, tokenize='unicode61 remove_diacritics 2', prefix='1 2 3')",
		"CREATE VIRTUAL TABLE parts USING fts5(name, company, email, label, phone, tokenize='trigram')",
	} {
		if _, err := db.ExecContext(ctx, s); err != nil {
			return nil, err
		}
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	words, err := tx.PrepareContext(ctx, "INSERT INTO words (rowid, name, company, email, label) VALUES (?, ?, ?, ?, ?)")
	if err != nil {
		return nil, err
	}
	parts, err := tx.PrepareContext(ctx, "INSERT INTO parts (rowid, name, company, email, label, phone) VALUES (?, ?, ?, ?, ?, ?)")
	if err != nil {
		return nil, err
	}
	for i, c := range list {
		name, company, email, label, phone := texts(c)
		if _, err := words.ExecContext(ctx, i+1, name, company, email, label); err != nil {
			return nil, err
		}
		if _, err := parts.ExecContext(ctx, i+1, name, company, email, label, phone); err != nil {
			return nil, err
		}
	}
	if err := tx.Commit(); err != nil {
		return nil, err
	}
	for _, t := range []string{"words", "parts"} {
		if _, err := db.ExecContext(ctx, "INSERT INTO "+t+"("+t+") VALUES ('optimize')"); err != nil {
			return nil, err
		}
	}
	return &ftsEngine{db}, nil
}

func (e *ftsEngine) name() string { return "FTS5" }
func (e *ftsEngine) close()       { e.db.Close() }

func (e *ftsEngine) ask(q asked) func() (int, error) {
	table, match := "words", ""
	switch q.kind {
	case typoKind:
		return nil
	case wordKind:
		match = `"` + q.text + `"`
	case substringKind:
		table, match = "parts", `{name company email label} : "`+q.text+`"`
	case phoneKind:
		table, match = "parts", `phone : "`+q.text+`"`
	case twoWordsKind:
		match = `"` + q.text + `" AND "` + q.label + `"`
	case labelKind:
		match = `"` + q.text + `"* AND label : "` + q.label + `"*`
	default:
		match = `"` + q.text + `"*`
	}
	rank := "bm25(words, 5, 4, 3, 1)"
	if table == "parts" {
		rank = "bm25(parts, 5, 4, 3, 1, 2)"
	}
	st, err := e.db.Prepare("SELECT rowid FROM " + table + " WHERE " + table + " MATCH ? ORDER BY " + rank + " LIMIT 20")
	return func() (int, error) {
		if err != nil {
			return 0, err
		}
		rows, err := st.Query(match)
		if err != nil {
			return 0, err
		}
		defer rows.Close()
		n := 0
		for rows.Next() {
			var id int64
			if err := rows.Scan(&id); err != nil {
				return 0, err
			}
			n++
		}
		return n, rows.Err()
	}
}

// pgEngine is PostgreSQL with tsvector and pg_trgm, in a database of its own.
type pgEngine struct{ conn, admin *pgx.Conn }

const pgDatabase = "extcontacts_bench_search"

func newPostgres(ctx context.Context, list []*contacts.Contact) (engine, error) {
	dsn := os.Getenv("BENCH_POSTGRES")
	if dsn == "" {
		dsn = "postgres://postgres@127.0.0.1:5432/"
	}
	admin, err := pgx.Connect(ctx, dsn+"postgres")
	if err != nil {
		return nil, err
	}
	for _, s := range []string{"DROP DATABASE IF EXISTS " + pgDatabase, "CREATE DATABASE " + pgDatabase} {
		if _, err := admin.Exec(ctx, s); err != nil {
			return nil, err
		}
	}
	conn, err := pgx.Connect(ctx, dsn+pgDatabase)
	if err != nil {
		return nil, err
	}
	e := &pgEngine{conn, admin}
	for _, s := range []string{"CREATE EXTENSION pg_trgm",
		"CREATE TABLE c (id int PRIMARY KEY, words tsvector, text text, phone text, names text)"} {
		if _, err := conn.Exec(ctx, s); err != nil {
			e.close()
			return nil, err
		}
	}
	if _, err := conn.Exec(ctx, "CREATE TEMP TABLE raw (id int, name text, company text, email text, label text, phone text)"); err != nil {
		e.close()
		return nil, err
	}
	if _, err := conn.CopyFrom(ctx, pgx.Identifier{"raw"}, []string{"id", "name", "company", "email", "label", "phone"}, pgx.CopyFromSlice(len(list), func(i int) ([]any, error) {
		name, company, email, label, phone := texts(list[i])
		return []any{i, name, company, strings.NewReplacer("@", " ", ".", " ").Replace(email), label, phone}, nil
	})); err != nil {
		e.close()
		return nil, err
	}
	for _, s := range []string{
		`INSERT INTO c SELECT id, setweight(to_tsvector('simple', name), 'A') || setweight(to_tsvector('simple', company), 'B') ||
			setweight(to_tsvector('simple', email), 'C') || setweight(to_tsvector('simple', label), 'D'),
			lower(name || ' ' || company || ' ' || email || ' ' || label), phone, lower(name) FROM raw`,
		"CREATE INDEX ON c USING gin (words)", "CREATE INDEX ON c USING gin (text gin_trgm_ops)", "CREATE INDEX ON c USING gin (phone gin_trgm_ops)", "CREATE INDEX ON c USING gin (names gin_trgm_ops)",
		"VACUUM ANALYZE c"} {
		if _, err := conn.Exec(ctx, s); err != nil {
			e.close()
			return nil, fmt.Errorf("%.40s: %w", s, err)
		}
	}
	return e, nil
}

func (e *pgEngine) name() string { return "PostgreSQL" }

func (e *pgEngine) close() {
	ctx := context.Background()
	e.conn.Close(ctx)
	e.admin.Exec(ctx, "DROP DATABASE IF EXISTS "+pgDatabase)
	e.admin.Close(ctx)
}

func (e *pgEngine) ask(q asked) func() (int, error) {
	const ranked = "SELECT id FROM c WHERE words @@ $1::tsquery ORDER BY ts_rank(words, $1::tsquery) DESC LIMIT 20"
	switch q.kind {
	case wordKind:
		return e.query(ranked, "'"+q.text+"'")
	case typoKind:
		return e.query("SELECT id FROM c WHERE $1 <% names ORDER BY word_similarity($1, names) DESC LIMIT 20", q.text)
	case substringKind: // the text begins with the name
		return e.query("SELECT id FROM c WHERE text LIKE $1 ORDER BY strpos(text, $2), id LIMIT 20", "%"+q.text+"%", q.text)
	case phoneKind:
		return e.query("SELECT id FROM c WHERE phone LIKE $1 ORDER BY strpos(phone, $2), id LIMIT 20", "%"+q.text+"%", q.text)
	case twoWordsKind:
		return e.query(ranked, "'"+q.text+"' & '"+q.label+"'")
	case labelKind:
		return e.query(ranked, "'"+q.text+"':* & '"+q.label+"':*D")
	}
	return e.query(ranked, "'"+q.text+"':*")
}

// askAny asks for any twenty, which an engine may find by reading no more than
// these.
func (e *pgEngine) askAny(q asked) func() (int, error) {
	switch q.kind {
	case substringKind:
		return e.query("SELECT id FROM c WHERE text LIKE $1 LIMIT 20", "%"+q.text+"%")
	case phoneKind:
		return e.query("SELECT id FROM c WHERE phone LIKE $1 LIMIT 20", "%"+q.text+"%")
	}
	return nil
}

func (e *pgEngine) query(text string, args ...any) func() (int, error) {
	return func() (int, error) {
		rows, err := e.conn.Query(context.Background(), text, args...)
		if err != nil {
			return 0, err
		}
		defer rows.Close()
		return counted(rows)
	}
}

// counted is how many rows a query answers with.
func counted(rows interface {
	Next() bool
	Err() error
}) (int, error) {
	n := 0
	for rows.Next() {
		n++
	}
	return n, rows.Err()
}
