package main

import (
	"io/fs"
	"os"
	"strings"
	"testing"
)

const badRow = "Last name,Email\nLee,lee@mail.example\nRay,nobody\n"

// A link keeps pointing where it did; its target gets the content.
func TestOutFollowsLinks(t *testing.T) {
	filled(t)
	if err := os.Mkdir("d", 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, "d/there.csv", "old")
	for link, to := range map[string]string{"a.csv": "d/there.csv", "b.csv": "a.csv", "c.csv": "d/new.csv", "d/up.csv": "../up.csv"} {
		if err := os.Symlink(to, link); err != nil {
			t.Skip(err)
		}
	}
	write(t, "bad.csv", badRow)
	for link, target := range map[string]string{"b.csv": "d/there.csv", "c.csv": "d/new.csv", "d/up.csv": "up.csv"} {
		must(t, 0, "template", "-o", link)
		must(t, 3, "import", "bad.csv", "--errors", link)
		if info, err := os.Lstat(link); err != nil || info.Mode()&fs.ModeSymlink == 0 {
			t.Errorf("%s is a link no more: %v %v", link, info, err)
		}
		if b, err := os.ReadFile(target); err != nil || !strings.Contains(string(b), "nobody") {
			t.Errorf("%s: %q %v", target, b, err)
		}
	}
	if err := os.Symlink("loop.csv", "loop.csv"); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"template", "-o", "loop.csv"}, {"import", "bad.csv", "--errors", "loop.csv"}} {
		if r := must(t, 1, args...); strings.Count(r.stderr, "\n") != 1 || !strings.Contains(r.stderr, "cannot be written: too many symbolic links") {
			t.Errorf("%v: %s", args, r.stderr)
		}
	}
}

// A file that is there keeps its permissions; a new one is its owner's alone.
func TestOutKeepsMode(t *testing.T) {
	filled(t)
	write(t, "wide.csv", "old")
	if err := os.Chmod("wide.csv", 0o664); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]fs.FileMode{"wide.csv": 0o664, "new.csv": 0o600} {
		must(t, 0, "export", "-o", name)
		info, err := os.Stat(name)
		if err != nil || info.Mode().Perm() != want || info.Size() < 1000 {
			t.Errorf("%s: %v %v", name, info, err)
		}
	}
	write(t, "kept.csv", "old")
	if err := os.Chmod("kept.csv", 0o400); err != nil {
		t.Fatal(err)
	}
	if f, err := os.OpenFile("kept.csv", os.O_WRONLY, 0); err == nil {
		f.Close() // nothing is kept from this user
	} else if r := must(t, 1, "export", "-o", "kept.csv"); !strings.Contains(r.stderr, `"kept.csv" cannot be written: `) {
		t.Errorf("a file that may not be written: %s", r.stderr)
	}
}
