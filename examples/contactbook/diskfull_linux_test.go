package main

import (
	"bytes"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/extcontacts/extcontacts/internal/gen"
)

// An import onto a disk that gets full keeps whole batches and says so in one
// sentence; given room, it goes on to what one with room from the start comes
// to.
func TestImportDiskFull(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.Mkdir("disk", 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", "disk", "tmpfs", 0, "size=2m"); err != nil {
		t.Skip("no small disk can be mounted here: ", err)
	}
	t.Cleanup(func() { // before the directory is removed
		if err := syscall.Unmount("disk", 0); err != nil {
			t.Error(err)
		}
	})
	var file bytes.Buffer
	if err := gen.Write(&file, nil, gen.Options{Rows: 4000, Seed: 13, Duplicates: 0.05, Faults: 0.02, Related: 0.05}); err != nil {
		t.Fatal(err)
	}
	write(t, "c.csv", file.String())
	run := func(code int, db string) result {
		return must(t, code, "--json", "--db", db, "import", "c.csv", "--resume", "--errors", db+".errors")
	}
	want := cameTo(t, "room.db", []byte(run(exitRejected, "room.db").stdout))
	full := run(1, "disk/c.db")
	if !strings.Contains(full.stderr, "the disk is full; ") || !strings.Contains(full.stderr, "--resume") || strings.Count(full.stderr, "\n") != 1 || full.stdout != "" {
		t.Errorf("on the full disk: %q %q", full.stdout, full.stderr)
	}
	must(t, 0, "--db", "disk/c.db", "verify")
	if err := syscall.Mount("tmpfs", "disk", "tmpfs", syscall.MS_REMOUNT, "size=60m"); err != nil {
		t.Fatal(err)
	}
	got := run(exitRejected, "disk/c.db")
	if !strings.Contains(got.stderr, "Went on behind the first ") {
		t.Errorf("it began anew: %s", got.stderr)
	}
	if came := cameTo(t, "disk/c.db", []byte(got.stdout)); came != want {
		t.Error(came.differs(want))
	}
}
