package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/extcontacts/extcontacts"
)

// exitRejected is the exit code of an import that refused some rows, as a file
// with planted faults has it.
const exitRejected = 3

// process runs a command and measures it whole, from its start to its end.
func process(name string, args []string, okExit ...int) (cost, error) {
	cmd := exec.Command(name, args...)
	began := time.Now()
	out, err := cmd.CombinedOutput()
	c := cost{wall: time.Since(began)}
	if cmd.ProcessState != nil {
		c.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		for _, ok := range okExit {
			if exit.ExitCode() == ok {
				return c, nil
			}
		}
		return c, fmt.Errorf("%s: %w: %s", filepath.Base(name), err, tail(out))
	}
	return c, err
}

func tail(out []byte) []byte { return out[max(0, len(out)-500):] }

// buildCommand builds examples/contactbook into the directory.
func buildCommand(dir string) (string, error) {
	bin := filepath.Join(dir, "contactbook")
	cmd := exec.Command("go", "build", "-o", bin, "./contactbook")
	cmd.Dir = filepath.Join("..", "..", "examples")
	cmd.Env = append(os.Environ(), "GOWORK=off", "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building contactbook (run this in internal/bench): %w: %s", err, tail(out))
	}
	return bin, nil
}

// fresh removes what an earlier round has left of a database, so that every
// round begins without one. Removing is not measured.
func fresh(db string) error {
	for _, suffix := range []string{"", "-wal", "-shm", "-journal", ".errors.csv"} {
		if err := os.Remove(db + suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}

func importing(e *env) error {
	data, err := realFile(e.rows)
	if err != nil {
		return err
	}
	file := filepath.Join(e.dir, "import.csv")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		return err
	}
	bin, err := buildCommand(e.dir)
	if err != nil {
		return err
	}
	book, table := filepath.Join(e.dir, "book.db"), filepath.Join(e.dir, "table.db")
	ours := func() (cost, error) {
		if err := fresh(book); err != nil {
			return cost{}, err
		}
		return process(bin, []string{"--db", book, "import", "--errors", book + ".errors.csv", file}, exitRejected)
	}
	sqlite3, err := exec.LookPath("sqlite3")
	if err != nil {
		e.printf("  sqlite3 is not installed: no anchor, only our own cost\n")
		c, err := ours()
		if err == nil {
			e.printf("  contactbook import: %s CPU, %s wall\n", short(c.cpu), short(c.wall))
		}
		return err
	}
	anchor := func() (cost, error) {
		if err := fresh(table); err != nil {
			return cost{}, err
		}
		// A shifted row has a cell too many, which sqlite3 tells and drops.
		return process(sqlite3, []string{table, ".import --csv " + file + " contacts"}, 1)
	}
	r, err := compare(e.rounds, ours, anchor)
	if err != nil {
		return err
	}
	if out, err := exec.Command(sqlite3, table, "SELECT count(*) FROM contacts").Output(); err != nil || strings.TrimSpace(string(out)) != strconv.Itoa(e.rows) {
		return fmt.Errorf("the bare table has %q rows, not %d: %w", out, e.rows, err)
	}
	e.printf("%s", r.line("whole process", "the CPU time"))
	e.printf("  target at most 3x: %s; %.2f us a row, anchor %.2f; file of the book %s, of the bare table %s, the CSV %.1f MB\n", verdict(r.ratio <= 3),
		perMicro(r.ours.cpu, e.rows), perMicro(r.anchor.cpu, e.rows), megabytes(book), megabytes(table), float64(len(data))/1e6)
	return nil
}

// importFile imports a file into a new SQLite book in this process, to be
// profiled.
func importFile(ctx context.Context, db string, data []byte, rows int) error {
	b, err := openSQLite(ctx, db)
	if err != nil {
		return err
	}
	_, err = b.fill(ctx, bytes.NewReader(data), rows, extcontacts.ImportOptions{})
	return errors.Join(err, b.close())
}

func perMicro(d time.Duration, rows int) float64 {
	return float64(d.Nanoseconds()) / 1000 / float64(rows)
}

func megabytes(file string) string {
	info, err := os.Stat(file)
	if err != nil {
		return "?"
	}
	return fmt.Sprintf("%.1f MB", float64(info.Size())/1e6)
}
