package csvio

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// contactFile makes a contact file as they come: 29 columns of which half are empty, about 205 bytes a row,
// names in several scripts, a quoted cell in some rows. Equal n give equal files.
func contactFile(n int) []byte {
	rnd := rand.New(rand.NewPCG(1, 2))
	pick := func(s string) string { f := strings.Split(s, "|"); return f[rnd.IntN(len(f))] }
	maybe := func(percent int, s string) string {
		if rnd.IntN(100) < percent {
			return s
		}
		return ""
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	header := strings.Split("Last Name|First Name|Level|Type|Group|Team|Company|Job Title|Birthdate|Language|Street|City|State|Zip|Country|"+
		"Mobile|Office|Home|Fax|Email|Email 2|WhatsApp|WeChat|LINE|Facebook|Viber|Telegram|Labels|Notes", "|")
	w.Write(header)
	for i := range n {
		first := pick("Anna|John|Mei Ling|大文|Иван|Zoë|José|Wai Man|Priya|Олена|さくら|Ahmed|Sofia|Thabo")
		last := pick("Chan|Smith|陳|Müller|García|Иванов|Nguyễn|佐藤|Kowalski|Okafor|Lam|Wong|O'Brien")
		phone := fmt.Sprintf("+852%08d", 50000000+rnd.IntN(49999999))
		w.Write([]string{
			last, first, pick("Primary|VIP|Normal"), pick("Customer|Supplier|Others"), pick("Sales|Support|"),
			maybe(40, pick("Asia|Europe|Retail")), maybe(70, pick("Acme Trading Ltd|Globex Corporation|東方貿易有限公司|Initech, Inc.|Umbrella Holdings GmbH|Hooli|Soylent Foods|ООО Ромашка|Wayne Enterprises")),
			maybe(60, pick("Senior Engineer|Head of Marketing, Asia Division|Managing Director|Buyer|Customer Success Manager|Accountant|Nurse|Owner")), maybe(50, "03/14/1985"), pick("en|zh|de|es"),
			maybe(50, fmt.Sprintf("%d/F %d Nathan Road", rnd.IntN(40), rnd.IntN(900))), pick("Hong Kong|London|Kowloon|Berlin"), "", maybe(30, "12345"),
			pick("Hong Kong|United Kingdom|Germany"), phone, maybe(40, phone), "", "",
			fmt.Sprintf("%s.contact%d@mail.example%d.com", pick("anna|john|meiling|ivan|jose|waiman"), i, rnd.IntN(99)), "", maybe(20, phone), "", "",
			maybe(10, "fb.user"), "", "", maybe(40, pick("VIP;Asia|lead|newsletter")),
			maybe(60, pick("met at the autumn fair in Frankfurt|prefers mail to calls and mornings|call back after the 15th of next month|known as \"Bill\"|speaks some Cantonese|long-standing customer since 2009|asks for the printed catalogue")),
		})
	}
	w.Flush()
	return b.Bytes()
}

func scanViews(tb testing.TB, file []byte, o ScannerOptions) (cells, size int) {
	s := NewScanner(bytes.NewReader(file), o)
	for s.Scan() {
		r := s.Record()
		for i := range r.Len() {
			size += len(r.Cell(i))
		}
		cells += r.Len()
		if r.Fault() != nil {
			tb.Fatal(r.Fault())
		}
	}
	if s.Err() != nil {
		tb.Fatal(s.Err())
	}
	return cells, size
}

func scanStrings(tb testing.TB, file []byte) (cells, size int) {
	s := NewScanner(bytes.NewReader(file), ScannerOptions{})
	var row []string
	for s.Scan() {
		row = s.Record().Strings(row[:0])
		for _, c := range row {
			size += len(c)
		}
		cells += len(row)
	}
	return cells, size
}

func scanStdlib(tb testing.TB, file []byte) (cells, size int) {
	r := csv.NewReader(bytes.NewReader(file))
	r.ReuseRecord = true
	for {
		row, err := r.Read()
		if err == io.EOF {
			return cells, size
		}
		if err != nil {
			tb.Fatal(err)
		}
		for _, c := range row {
			size += len(c)
		}
		cells += len(row)
	}
}

func TestContactFileLikeStdlib(t *testing.T) {
	file := contactFile(2000)
	cells, size := scanViews(t, file, ScannerOptions{})
	wantCells, wantSize := scanStdlib(t, file)
	if cells != wantCells || size != wantSize {
		t.Errorf("%d cells of %d bytes, want %d of %d", cells, size, wantCells, wantSize)
	}
	if cells, size = scanStrings(t, file); cells != wantCells || size != wantSize {
		t.Errorf("Strings: %d cells of %d bytes, want %d of %d", cells, size, wantCells, wantSize)
	}
}

const benchRows = 100_000

// ratio runs the library's case and ours in turn and reports how many times as fast ours is ("x-std").
func ratio(b *testing.B, file []byte, std, ours func()) {
	var stdTime, oursTime time.Duration
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	for b.Loop() {
		t0 := time.Now()
		std()
		t1 := time.Now()
		ours()
		stdTime += t1.Sub(t0)
		oursTime += time.Since(t1)
	}
	b.ReportMetric(float64(stdTime)/float64(oursTime), "x-std")
	b.ReportMetric(float64(oursTime.Nanoseconds())/float64(b.N)/benchRows, "ns/row")
	b.ReportMetric(0, "ns/op")
}

func BenchmarkRatio(b *testing.B) {
	file := contactFile(benchRows)
	rows := make([][]string, 0, benchRows)
	b.Run("views", func(b *testing.B) {
		ratio(b, file, func() { scanStdlib(b, file) }, func() { scanViews(b, file, ScannerOptions{}) })
	})
	b.Run("strings", func(b *testing.B) {
		ratio(b, file, func() { scanStdlib(b, file) }, func() { scanStrings(b, file) })
	})
	b.Run("write", func(b *testing.B) {
		rows, _ = csv.NewReader(bytes.NewReader(file)).ReadAll()
		ratio(b, file, func() {
			w := csv.NewWriter(io.Discard)
			for _, row := range rows {
				w.Write(row)
			}
			w.Flush()
		}, func() {
			w := NewWriter(io.Discard, WriterOptions{})
			for _, row := range rows {
				w.WriteRow(row...)
			}
			w.Flush()
		})
	})
}

func BenchmarkScan(b *testing.B) {
	file := contactFile(benchRows)
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	for b.Loop() {
		scanViews(b, file, ScannerOptions{})
	}
}

func BenchmarkStdlib(b *testing.B) {
	file := contactFile(benchRows)
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	for b.Loop() {
		scanStdlib(b, file)
	}
}

// Damage in every row must not make the work grow with more than the size of the file.
func BenchmarkScanDamaged(b *testing.B) {
	for _, line := range []string{"a,\"b\n", "a,\"b\"\"\n", "\"\r", "x\"\"\n", "\"a\n\",\"b\n\"x\n"} {
		file := []byte("a,\"b\n" + strings.Repeat(line, 1<<20/len(line)))
		b.Run(fmt.Sprintf("%q", line), func(b *testing.B) {
			b.SetBytes(int64(len(file)))
			for b.Loop() {
				s := NewScanner(bytes.NewReader(file), ScannerOptions{Dialect: Dialect{Comma: ','}})
				for s.Scan() {
				}
			}
		})
	}
}
