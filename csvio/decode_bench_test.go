package csvio

import (
	"bytes"
	"encoding/csv"
	"io"
	"testing"
	"time"

	"github.com/extcontacts/extcontacts/internal/gen"
)

// templateFile is a file of n valid contacts in the 32 columns of the template, as people have them.
func templateFile(tb testing.TB, n int) []byte {
	var b bytes.Buffer
	if err := gen.Write(&b, io.Discard, gen.Options{Rows: n, Seed: 1}); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// decodeFile decodes, normalises and validates a whole file.
func decodeFile(tb testing.TB, file []byte) int {
	sc := NewScanner(bytes.NewReader(file), ScannerOptions{})
	sc.Scan()
	m, err := MapHeader(sc.Record().Strings(nil), nil, nil)
	if err != nil {
		tb.Fatal(err)
	}
	d := NewDecoder(m, nil, DecodeOptions{})
	n := 0
	for sc.Scan() {
		row := d.Decode(sc.Record())
		if len(row.Faults) > 0 {
			tb.Fatal(row.Faults[0], row.Faults[0].Value)
		}
		d.FillLastName(row)
		if faults := d.Validate(row); faults != nil {
			tb.Fatal(faults[0])
		}
		n++
	}
	if sc.Err() != nil {
		tb.Fatal(sc.Err())
	}
	return n
}

// BenchmarkDecodeValidate compares decoding, normalising and validating with encoding/csv alone, in turn: x-std is how many
// times as long ours takes.
func BenchmarkDecodeValidate(b *testing.B) {
	file := templateFile(b, benchRows)
	var std, ours time.Duration
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	for b.Loop() {
		t0 := time.Now()
		r := csv.NewReader(bytes.NewReader(file))
		r.ReuseRecord = true
		for {
			if _, err := r.Read(); err == io.EOF {
				break
			}
		}
		t1 := time.Now()
		if decodeFile(b, file) != benchRows {
			b.Fatal("rows are missing")
		}
		std += t1.Sub(t0)
		ours += time.Since(t1)
	}
	b.ReportMetric(float64(ours)/float64(std), "x-std")
	b.ReportMetric(float64(ours.Nanoseconds())/float64(b.N)/benchRows, "ns/row")
	b.ReportMetric(0, "ns/op")
}

// TestDecodeAllocations: at most three allocations a row beyond the contact's own lists, which are mostly fewer because of the
// blocks that contacts and lists are cut from.
func TestDecodeAllocations(t *testing.T) {
	file := templateFile(t, 2000)
	sc := NewScanner(bytes.NewReader(file), ScannerOptions{})
	sc.Scan()
	m, err := MapHeader(sc.Record().Strings(nil), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	d := NewDecoder(m, nil, DecodeOptions{})
	lists, rows := 0, 0
	allocs := testing.AllocsPerRun(1, func() {
		for range 900 {
			sc.Scan()
			c := d.Decode(sc.Record()).Contact.Normalize()
			rows++
			for _, n := range []int{len(c.Phones), len(c.Emails), len(c.Socials), len(c.Labels)} {
				if n > 0 {
					lists++
				}
			}
			lists += len(c.Labels) / 2 // grown by append
			for _, p := range c.Phones {
				if p.Phone.Raw() != p.Phone.Number() {
					lists++ // a normal form besides the text
				}
			}
			for _, e := range c.Emails {
				if e.Email.Address() != e.Email.Key() {
					lists++
				}
			}
		}
	})
	if per := (allocs*2 - float64(lists)) / float64(rows); per > 3 {
		t.Errorf("%.2f allocations a row beyond the contact's own lists", per)
	} else {
		t.Logf("%.2f allocations a row beyond the contact's own lists", per)
	}
}
