package csvio

import (
	"bytes"
	"runtime"
	"testing"

	"github.com/extcontacts/extcontacts/contacts"
)

// TestRecycleKeepsNoTexts checks that the memory of contacts that were taken
// back does not hold on to the texts of their rows.
func TestRecycleKeepsNoTexts(t *testing.T) {
	file := templateFile(t, 30_000)
	sc := NewScanner(bytes.NewReader(file), ScannerOptions{})
	h, err := ReadHeader(sc, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	d := NewDecoder(h.Mapping, nil, DecodeOptions{})
	inUse := func() int {
		var m runtime.MemStats
		runtime.GC()
		runtime.GC() // what a first one leaves behind
		runtime.ReadMemStats(&m)
		return int(m.HeapAlloc)
	}
	var before int
	var some []*contacts.Contact
	for sc.Scan() {
		some = append(some, d.Decode(sc.Record()).Contact)
		if len(some) == 1000 {
			for _, c := range some {
				d.Recycle(c)
			}
			some = some[:0]
			if before == 0 {
				before = inUse()
			}
		}
	}
	if grown := inUse() - before; grown > len(file)/10 {
		t.Errorf("%d KB more in use after a file of %d KB", grown>>10, len(file)>>10)
	}
	runtime.KeepAlive(d)
	runtime.KeepAlive(file)
}
