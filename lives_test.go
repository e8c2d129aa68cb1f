package extcontacts_test

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/extcontacts/extcontacts/internal/booktest"
	"github.com/extcontacts/extcontacts/store"
	"github.com/extcontacts/extcontacts/store/memstore"
)

// TestLives runs random lives of books against a model. EXTCONTACTS_LIVES says
// how many, from which seed on (COUNT or COUNT@SEED); EXTCONTACTS_LONG=1 makes
// it 1,000,000.
func TestLives(t *testing.T) {
	n, first := 150, uint64(1)
	if os.Getenv("EXTCONTACTS_LONG") != "" {
		n = 1_000_000
	}
	if text := os.Getenv("EXTCONTACTS_LIVES"); text != "" {
		var err error
		if n, first, err = readLives(text); err != nil {
			t.Fatal(err)
		}
	}
	booktest.Lives(t, first, n, func(*testing.T) store.Store { return memstore.New() })
}

func readLives(text string) (n int, first uint64, err error) {
	count, seed, ok := strings.Cut(text, "@")
	if n, err = strconv.Atoi(count); err == nil && ok {
		first, err = strconv.ParseUint(seed, 10, 64)
	}
	return n, first, err
}
