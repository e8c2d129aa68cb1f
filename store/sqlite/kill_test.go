package sqlite

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
	"github.com/extcontacts/extcontacts/store/sqlstore/sqlstoretest"
)

const killBatch = 100

// killContacts makes the contacts of a part, the same each time.
func killContacts(part int) []*contacts.Contact {
	return sqlstoretest.Made(rand.New(rand.NewPCG(uint64(part), 9)), part*killBatch, killBatch)
}

// TestMain is the writer of TestKill where it is told so: it applies batches
// from the part after the last one in the log, and prints each that was
// acknowledged.
func TestMain(m *testing.M) {
	path := os.Getenv("EXTCONTACTS_KILL_TEST")
	if path == "" {
		os.Exit(m.Run())
	}
	fmt.Println("error:", writeUntilKilled(path))
	os.Exit(1)
}

func writeUntilKilled(path string) error {
	ctx := context.Background()
	st, err := Open(ctx, path)
	if err != nil {
		return err
	}
	last, err := st.Log(ctx, "w", store.LogQuery{Newest: true, Limit: 1})
	if err != nil {
		return err
	}
	part := 1
	if len(last) > 0 {
		part = last[0].Part + 1
	}
	for ; ; part++ {
		b := sqlstoretest.Creation("act", part, killContacts(part))
		b.Records = []store.RecordPut{{Kind: "progress", Key: "rows", Base: store.AnyRev, Body: fmt.Append(nil, part*killBatch)}}
		if _, err := st.Apply(ctx, "w", b); err != nil {
			return err
		}
		fmt.Println(part)
	}
}

// TestKill kills a writing process again and again. Nothing acknowledged may
// be lost, and no batch may be there in part.
func TestKill(t *testing.T) {
	t.Parallel()
	kills := 50
	if testing.Short() {
		kills = 5
	}
	path := filepath.Join(t.TempDir(), "c.db")
	acked := 0
	for n := 0; n < kills || acked == 0 && n < 10*kills; n++ { // on a busy machine the first may all come too early
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "EXTCONTACTS_KILL_TEST="+path)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		timer := time.AfterFunc(time.Duration(20+rand.IntN(150))*time.Millisecond, func() { cmd.Process.Kill() })
		in := bufio.NewReader(out)
		for {
			line, err := in.ReadString('\n')
			if errors.Is(err, io.EOF) {
				break
			}
			var part int
			if _, err := fmt.Sscan(line, &part); err != nil {
				t.Fatalf("the writer says %q", line)
			}
			acked = max(acked, part)
		}
		timer.Stop()
		_ = cmd.Wait() // it was killed
	}
	st, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	entries, err := st.Log(t.Context(), "w", store.LogQuery{Limit: 1 << 30})
	if err != nil {
		t.Fatal(err)
	}
	if acked == 0 || len(entries) < acked {
		t.Fatalf("%d batches acknowledged, %d in the log", acked, len(entries))
	}
	t.Logf("%d kills, %d batches acknowledged, %d in the log", kills, acked, len(entries))
	var prev [32]byte
	for i := range entries {
		if entries[i].Part != i+1 || store.Chain(prev, "w", &entries[i]) != entries[i].Hash {
			t.Fatalf("entry %d is wrong", i+1)
		}
		prev = entries[i].Hash
	}
	n := 0
	for c, err := range st.Scan(t.Context(), "w", "") {
		if err != nil {
			t.Fatal(err)
		}
		if want := killContacts(n/killBatch + 1)[n%killBatch]; c.ID != want.ID || !c.Equal(want) {
			t.Fatalf("contact %d is not the one that was written", n)
		}
		keys := contacts.Keys(nil, c)
		holders, err := st.Lookup(t.Context(), "w", keys...)
		if err != nil || !slices.Contains(holders[0], c.ID) {
			t.Fatalf("contact %d is not found by its key: %v", n, err)
		}
		n++
	}
	if n != len(entries)*killBatch {
		t.Errorf("%d contacts of %d batches", n, len(entries))
	}
	progress, err := st.Records(t.Context(), "w", "progress")
	if err != nil || len(progress) != 1 || string(progress[0].Body) != fmt.Sprint(n) {
		t.Errorf("progress is %v (%v), want %d", progress, err, n)
	}
}
