package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// importingServers imports a file into PostgreSQL and MariaDB. The anchor is
// what the client of each does with the rows that have the right number of
// cells: psql \copy, and LOAD DATA LOCAL of mysql, into a bare table of texts.
func importingServers(e *env) error {
	ctx := context.Background()
	data, err := realFile(e.rows)
	if err != nil {
		return err
	}
	file, even := filepath.Join(e.dir, "servers.csv"), filepath.Join(e.dir, "even.csv")
	columns, err := evenFile(even, data)
	if err := errors.Join(err, os.WriteFile(file, data, 0o600)); err != nil {
		return err
	}
	bin, err := buildCommand(e.dir)
	if err != nil {
		return err
	}
	return e.eachPlace(ctx, "import", false, func(p *place) error {
		client := map[string]string{"PostgreSQL": "psql", "MariaDB": "mysql"}[p.engine]
		if _, err := exec.LookPath(client); err != nil {
			e.printf("  %s is not installed: no anchor for %s\n", client, p.engine)
			return nil
		}
		ours := func() (cost, error) {
			if err := dropTables(ctx, p); err != nil {
				return cost{}, err
			}
			return process(bin, []string{"--db", p.url, "import", "--errors", file + ".errors.csv", file}, exitRejected)
		}
		anchor := func() (cost, error) {
			if err := dropTables(ctx, p); err != nil {
				return cost{}, err
			}
			if _, err := p.db.ExecContext(ctx, "CREATE TABLE bare ("+strings.Join(columns, " TEXT, ")+" TEXT)"); err != nil {
				return cost{}, err
			}
			return process(client, loadArgs(p, even))
		}
		r, err := compareWall(e.rounds, ours, anchor)
		if err != nil {
			return err
		}
		e.printf("%s", r.line(p.engine, "the wall time"))
		e.printf("  target at most 3x: %s\n", verdict(r.ratio <= 3))
		return nil
	})
}

// loadArgs are the arguments with which an engine's client loads the file.
func loadArgs(p *place, file string) []string {
	if p.engine == "PostgreSQL" {
		return []string{"-q", p.url, "-c", `\copy bare FROM '` + file + `' CSV HEADER`}
	}
	u, err := servers[1].address("")
	if err != nil {
		return nil
	}
	password, _ := u.User.Password()
	args := []string{"--local-infile=1", "-h", u.Hostname(), "-u", u.User.Username(), "-e",
		"LOAD DATA LOCAL INFILE '" + file + "' INTO TABLE bare CHARACTER SET utf8mb4 FIELDS TERMINATED BY ',' ENCLOSED BY '\"' IGNORE 1 LINES"}
	if u.Port() != "" {
		args = append(args, "-P", u.Port())
	}
	if password != "" {
		args = append(args, "--password="+password)
	}
	return append(args, "extcontacts_bench_import")
}

// evenFile writes the rows that have as many cells as the header, and returns
// a name for each column.
func evenFile(file string, data []byte) (columns []string, err error) {
	r := csv.NewReader(bytes.NewReader(data))
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		return nil, err
	}
	for i := range rows[0] {
		columns = append(columns, fmt.Sprint("c", i))
	}
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	for _, row := range rows {
		if len(row) == len(columns) {
			if err := w.Write(row); err != nil {
				return nil, err
			}
		}
	}
	w.Flush()
	return columns, errors.Join(w.Error(), os.WriteFile(file, out.Bytes(), 0o600))
}

// dropTables empties a database, so that every round begins alike.
func dropTables(ctx context.Context, p *place) error {
	schema := map[string]string{"PostgreSQL": "current_schema()", "MariaDB": "DATABASE()"}[p.engine]
	rows, err := p.db.QueryContext(ctx, "SELECT table_name FROM information_schema.tables WHERE table_schema = "+schema)
	if err != nil {
		return err
	}
	defer rows.Close()
	var tables []string
	for rows.Next() {
		var table string
		if err := rows.Scan(&table); err != nil {
			return err
		}
		tables = append(tables, table)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, table := range tables {
		if _, err := p.db.ExecContext(ctx, "DROP TABLE "+table); err != nil {
			return err
		}
	}
	return nil
}
