package main

import (
	"context"
	"database/sql"
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
)

// mariaEngine is MariaDB with a FULLTEXT index, and LIKE for what that has no
// words for.
type mariaEngine struct {
	db    *sql.DB
	stmts map[string]*sql.Stmt
}

func newMaria(ctx context.Context, db *sql.DB, list []*contacts.Contact) (engine, error) {
	const columns = "name, company, email, label"
	if _, err := db.ExecContext(ctx, `CREATE TABLE c (id INT PRIMARY KEY, name TEXT, company TEXT, email TEXT, label TEXT, text TEXT, phone TEXT)
		CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci`); err != nil {
		return nil, err
	}
	const rows = 500
	for from := 0; from < len(list); from += rows {
		part := list[from:min(from+rows, len(list))]
		var args []any
		for i, c := range part {
			name, company, email, label, phone := texts(c)
			args = append(args, from+i, name, company, email, label, strings.ToLower(name+" "+company+" "+email+" "+label), phone)
		}
		query := "INSERT INTO c VALUES " + strings.TrimSuffix(strings.Repeat("(?,?,?,?,?,?,?),", len(part)), ",")
		if _, err := db.ExecContext(ctx, query, args...); err != nil {
			return nil, err
		}
	}
	for _, s := range []string{"ALTER TABLE c ADD FULLTEXT words (" + columns + ")", "ANALYZE TABLE c"} {
		if _, err := db.ExecContext(ctx, s); err != nil {
			return nil, err
		}
	}
	const ranked = "SELECT id FROM c WHERE MATCH (" + columns + ") AGAINST (? IN BOOLEAN MODE) ORDER BY MATCH (" + columns + ") AGAINST (? IN BOOLEAN MODE) DESC LIMIT 20"
	e := &mariaEngine{db, map[string]*sql.Stmt{}}
	for name, query := range map[string]string{
		"":            ranked,
		substringKind: "SELECT id FROM c WHERE text LIKE ? ORDER BY LOCATE(?, text), id LIMIT 20",
		phoneKind:     "SELECT id FROM c WHERE phone LIKE ? ORDER BY LOCATE(?, phone), id LIMIT 20",
	} {
		st, err := db.PrepareContext(ctx, query)
		if err != nil {
			return nil, err
		}
		e.stmts[name] = st
	}
	return e, nil
}

func (e *mariaEngine) name() string { return "FULLTEXT" }

func (e *mariaEngine) close() {
	for _, st := range e.stmts {
		st.Close()
	}
}

func (e *mariaEngine) ask(q asked) func() (int, error) {
	st, first, second := e.stmts[""], "", ""
	switch q.kind {
	case typoKind:
		return nil
	case wordKind:
		first = "+" + q.text
	case substringKind, phoneKind:
		st, first, second = e.stmts[q.kind], "%"+q.text+"%", q.text
	case twoWordsKind:
		first = "+" + q.text + " +" + q.label
	case labelKind:
		first = "+" + q.text + "* +" + q.label + "*"
	default:
		first = "+" + q.text + "*"
	}
	if second == "" {
		second = first
	}
	return func() (int, error) {
		rows, err := st.Query(first, second)
		if err != nil {
			return 0, err
		}
		defer rows.Close()
		return counted(rows)
	}
}
