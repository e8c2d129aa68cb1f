package sqlstore

import (
	"testing"
	"testing/fstest"
)

func TestRebind(t *testing.T) {
	const query = "SELECT a FROM b WHERE c = ? AND d IN (?,?)"
	if got := (&Dialect{}).rebind(query); got != query {
		t.Errorf("rebind changed %q", got)
	}
	want := "SELECT a FROM b WHERE c = $1 AND d IN ($2,$3)"
	if got := (&Dialect{Placeholder: Dollar}).rebind(query); got != want {
		t.Errorf("rebind = %q, want %q", got, want)
	}
}

// TestBatches checks that every row is in one statement, and that statements
// have few sizes.
func TestBatches(t *testing.T) {
	sizes := map[int]bool{}
	for n := range 300 {
		next := 0
		err := batches(n, insertRows, func(from, to int) error {
			if from != next || to <= from {
				t.Fatalf("batches(%d): %d to %d after %d", n, from, to, next)
			}
			next = to
			sizes[to-from] = true
			return nil
		})
		if err != nil || next != n {
			t.Fatalf("batches(%d) ends at %d: %v", n, next, err)
		}
	}
	if len(sizes) != 6 {
		t.Errorf("%d sizes of statements", len(sizes))
	}
}

func TestLists(t *testing.T) {
	for _, n := range []int{0, 1, 3, 255, 256, 257, 1000} {
		next := 0
		err := lists(n, func(from, to, size int) error {
			if from != next || size < to-from || size >= 2*(to-from) && size > 1 || size > inList || size&(size-1) != 0 {
				t.Fatalf("lists(%d): %d to %d of %d", n, from, to, size)
			}
			next = to
			return nil
		})
		if err != nil || next != n {
			t.Fatalf("lists(%d) ends at %d: %v", n, next, err)
		}
	}
}

func TestMigrations(t *testing.T) {
	files := fstest.MapFS{
		"0001_a.sql": {Data: []byte("-- first\nCREATE TABLE a (x INTEGER);\n\nCREATE TABLE b (\n\ty INTEGER\n);\n")},
		"0002_b.sql": {Data: []byte("ALTER TABLE a ADD z INTEGER;\n")},
	}
	list, err := migrations(files)
	if err != nil || len(list) != 2 || len(list[0].statements) != 2 || list[1].name != "0002_b" {
		t.Errorf("got %+v, %v", list, err)
	}
	delete(files, "0001_a.sql")
	if _, err := migrations(files); err == nil {
		t.Error("a gap was not noticed")
	}
}
