package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/extcontacts/extcontacts/internal/gen"
)

// TestMain is contactbook itself where it is told so, for tests that need a
// process of their own.
func TestMain(m *testing.M) {
	if os.Getenv("EXTCONTACTS_RUN") != "" {
		os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

// process is a command line as a process of its own.
func process(args ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), "EXTCONTACTS_RUN=1")
	return cmd
}

// kills is how many processes TestImportKilled kills: scripts/kill asks for
// more by EXTCONTACTS_KILLS.
func kills(t *testing.T) int {
	if n, err := strconv.Atoi(os.Getenv("EXTCONTACTS_KILLS")); err == nil {
		return n
	}
	if testing.Short() || raced {
		return 2
	}
	return 10
}

// killRows is the size of the file: three batches, or two.
func killRows() int {
	if raced {
		return 800
	}
	return 4000
}

// imported is what an import has come to: the counts of its report, the
// contacts, the rejected rows, and how much the log holds.
type imported struct {
	Rows, Created, Updated, Unchanged, Skipped, Rejected int
	contacts, errors                                     string
	acts, changes                                        int
}

// differs says in what two imports differ.
func (got imported) differs(want imported) string {
	first := func(what, got, want string) string {
		a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
		for i := range min(len(a), len(b)) {
			if a[i] != b[i] {
				return fmt.Sprintf("%s: %d lines, want %d; line %d is\n%s\nwant\n%s\n", what, len(a), len(b), i+1, a[i], b[i])
			}
		}
		if len(a) != len(b) {
			return fmt.Sprintf("%s: %d lines, want %d\n", what, len(a), len(b))
		}
		return ""
	}
	text := first("contacts", got.contacts, want.contacts) + first("errors", got.errors, want.errors)
	got.contacts, got.errors, want.contacts, want.errors = "", "", "", ""
	return text + fmt.Sprintf("%+v\nwant %+v", got, want)
}

// cameTo reads what an import that ended has come to.
func cameTo(t *testing.T, db string, report []byte) (got imported) {
	t.Helper()
	if err := json.Unmarshal(report, &got); err != nil {
		t.Fatalf("the report: %v\n%s", err, report)
	}
	lines := strings.Split(must(t, 0, "--db", db, "export").stdout, "\n")
	slices.Sort(lines[1:])
	got.contacts = strings.Join(lines, "\n")
	if body, err := os.ReadFile(db + ".errors"); err == nil {
		got.errors = string(body)
	}
	acts := objects(t, must(t, 0, "--json", "--db", db, "acts"))
	got.acts = len(acts)
	if n := got.Created + got.Updated; n == 0 && got.acts > 0 {
		// It was killed when all was written and the report was not: the run
		// after it finds everything there. The act knows what was done.
		all := got.Unchanged
		counts, err := json.Marshal(acts[0]["counts"])
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(counts, &got); err != nil {
			t.Fatal(err)
		}
		if all != got.Created+got.Updated+got.Unchanged {
			t.Fatalf("%d rows were unchanged after %s", all, counts)
		}
	}
	got.changes = len(objects(t, must(t, 0, "--json", "--db", db, "log")))
	if r := object(t, must(t, 0, "--json", "--db", db, "verify")); len(r["differences"].([]any)) > 0 {
		t.Fatalf("verify: %v", r)
	}
	return got
}

// An import that is killed at any moment and resumed, as often as it takes,
// comes to what one that is left alone comes to: nothing is lost or doubled.
func TestImportKilled(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	var file bytes.Buffer
	if err := gen.Write(&file, nil, gen.Options{Rows: killRows(), Seed: 11, Duplicates: 0.05, Faults: 0.02, Related: 0.05}); err != nil {
		t.Fatal(err)
	}
	write(t, "c.csv", file.String())
	args := func(db string) []string {
		return []string{"--json", "--db", db, "import", "c.csv", "--resume", "--errors", db + ".errors"}
	}
	begun := time.Now()
	out, err := process(args("whole.db")...).Output()
	if code := exitCode(err); code != exitRejected {
		t.Fatalf("the import that is left alone: exit code %d, %v", code, err)
	}
	alone := time.Since(begun)
	want := cameTo(t, "whole.db", out)
	r := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 0))
	killed, done, resumed, slowest := 0, 0, 0, time.Duration(0)
	for killed < kills(t) {
		db := fmt.Sprintf("k%d.db", done)
		for {
			var report bytes.Buffer
			cmd := process(args(db)...)
			cmd.Stdout = &report
			begun := time.Now()
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			var kill *time.Timer
			if killed < kills(t) {
				kill = time.AfterFunc(time.Duration(r.Int64N(int64(alone*3/4))), func() { _ = cmd.Process.Kill() })
			}
			err := cmd.Wait()
			if kill != nil {
				kill.Stop()
			}
			if code := exitCode(err); code == exitRejected {
				if took := time.Since(begun); resumed > 0 {
					slowest = max(slowest, took)
				}
				if got := cameTo(t, db, report.Bytes()); got != want {
					t.Fatalf("killed %d times: %s", killed, got.differs(want))
				}
				break
			} else if code != -1 {
				t.Fatalf("killed %d times, then exit code %d", killed, code)
			}
			killed++
			resumed++
			if killed%100 == 0 {
				t.Logf("%d kills, %d imports came to their end", killed, done)
			}
		}
		if left, _ := filepath.Glob(".*.part"); len(left) > 0 {
			t.Fatalf("the killed imports leave %v", left)
		}
		// Once more the file changes nothing.
		if r := object(t, must(t, exitRejected, "--json", "--db", db, "import", "c.csv", "--errors", "again")); r["act"] != "" || r["created"] != 0.0 {
			t.Fatalf("the file again: %v", r)
		}
		done++
		old, err := filepath.Glob(db + "*")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range old {
			if err := os.Remove(name); err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Logf("%d kills, %d imports came to their end; one left alone takes %v, the slowest that went on %v", killed, done, alone.Round(time.Millisecond), slowest.Round(time.Millisecond))
}

// exitCode is that of a process that ended, -1 where it was killed.
func exitCode(err error) int {
	if e, ok := err.(*exec.ExitError); ok {
		return e.ExitCode()
	}
	if err != nil {
		return -2
	}
	return 0
}

func byEightRows() int {
	if raced {
		return 150
	}
	return 600
}

// Eight processes that import one file at once come to one result.
func TestImportByEight(t *testing.T) {
	t.Chdir(t.TempDir())
	var file bytes.Buffer
	if err := gen.Write(&file, nil, gen.Options{Rows: byEightRows(), Seed: 12, Duplicates: 0.05, Related: 0.05}); err != nil {
		t.Fatal(err)
	}
	write(t, "c.csv", file.String())
	must(t, 0, "--db", "alone.db", "import", "c.csv")
	const n = 8
	var cmds [n]*exec.Cmd
	var outs, msgs [n]bytes.Buffer
	for i := range cmds {
		cmds[i] = process("--json", "--db", "c.db", "import", "c.csv")
		cmds[i].Stdout, cmds[i].Stderr = &outs[i], &msgs[i]
		if err := cmds[i].Start(); err != nil {
			t.Fatal(err)
		}
	}
	created := 0
	for i, cmd := range cmds {
		if err := cmd.Wait(); err != nil {
			t.Fatalf("process %d: %v\n%s", i, err, msgs[i].String())
		}
		r := object(t, result{stdout: outs[i].String()})
		if sum := r["created"].(float64) + r["updated"].(float64) + r["unchanged"].(float64) + r["skipped"].(float64) + r["rejected"].(float64); sum != r["rows"] || sum != float64(byEightRows()) {
			t.Errorf("process %d: %v", i, r)
		}
		created += int(r["created"].(float64))
	}
	lines := func(db string) string {
		all := strings.Split(must(t, 0, "--db", db, "export").stdout, "\n")
		slices.Sort(all[1:])
		return strings.Join(all, "\n")
	}
	if a, b := lines("alone.db"), lines("c.db"); a != b {
		t.Errorf("eight at once came to something else:\n%s\none to\n%s", b, a)
	}
	if live := object(t, must(t, 0, "--json", "--db", "c.db", "count"))["count"].(float64); int(live) != created {
		t.Errorf("%d created, %v live", created, live)
	}
	must(t, 0, "--db", "c.db", "verify")
}
