package csvio_test

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"strings"
	"testing"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/csvio"
)

func TestProfileRoundTrip(t *testing.T) {
	for _, p := range []*csvio.Profile{
		{Columns: map[string]string{}},
		{Columns: map[string]string{"Tel.": "phones.work", "<Notes> & \"more\"": "-", "é\n": "last_name"}, Dates: contacts.DateDMY,
			Dialect: csvio.Dialect{Comma: '\t', Quote: '\'', Escape: '\\', Encoding: csvio.Big5}},
	} {
		var b bytes.Buffer
		if err := csvio.WriteProfile(&b, p); err != nil {
			t.Fatal(err)
		}
		text := b.String()
		got, err := csvio.ReadProfile(&b)
		if err != nil || !maps.Equal(got.Columns, p.Columns) || got.Dialect != p.Dialect || got.Dates != p.Dates {
			t.Errorf("%+v became %+v, %v\n%s", p, got, err, text)
		}
	}
	if err := csvio.WriteProfile(&bytes.Buffer{}, &csvio.Profile{Dialect: csvio.Dialect{Comma: '"', Quote: '"'}}); !errors.Is(err, csvio.ErrDialect) {
		t.Error(err)
	}
}

func TestReadProfileRefuses(t *testing.T) {
	for _, text := range []string{"", "[]", "{}", `{"version": 2, "columns": {}}`, `{"version": 1}`, `{"version": 1, "columns": {}, "owner": "x"}`,
		`{"version": 1, "columns": {"a": 1}}`, `{"version": 1, "columns": {}} {}`, `{"version": 1, "columns": {}, "delimiter": ",,"}`,
		`{"version": 1, "columns": {}, "delimiter": "é"}`, `{"version": 1, "columns": {}, "delimiter": "\n"}`,
		`{"version": 1, "columns": {}, "encoding": "klingon"}`, `{"version": 1, "columns": {}, "dates": "soon"}`,
		`{"version": 1, "columns": {"x": "` + strings.Repeat("x", 5<<20) + `"}}`} {
		if p, err := csvio.ReadProfile(strings.NewReader(text)); !errors.Is(err, csvio.ErrProfile) || p != nil {
			t.Errorf("%.60s: %v, %v", text, p, err)
		}
	}
	broken := errors.New("broken")
	if _, err := csvio.ReadProfile(failing{broken}); !errors.Is(err, broken) {
		t.Error(err)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func ExampleWriteProfile() {
	sc := csvio.NewScanner(strings.NewReader("Nachname;Tel.;Notiz\nLee;+85212345678;x\n"), csvio.ScannerOptions{})
	h, _ := csvio.ReadHeader(sc, nil, map[string]string{"Nachname": "last_name", "Tel.": "phones.work", "Notiz": "-"})
	csvio.WriteProfile(os.Stdout, csvio.NewProfile(h.Mapping, sc.Dialect(), contacts.DateDMY))
	// Output:
	// {
	//   "version": 1,
	//   "columns": {
	//     "Nachname": "last_name",
	//     "Notiz": "-",
	//     "Tel.": "phones.work"
	//   },
	//   "delimiter": ";",
	//   "quote": "\"",
	//   "encoding": "utf-8",
	//   "dates": "DD/MM/YYYY"
	// }
}

func ExampleReadProfile() {
	p, err := csvio.ReadProfile(strings.NewReader(`{"version": 1, "columns": {"Tel.": "phones.work", "Notiz": "-"}, "dates": "DD.MM.YYYY"}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	sc := csvio.NewScanner(strings.NewReader("Last name,Tel.,Notiz,Birthday\nLee,+85212345678,x,03.04.1990\n"), csvio.ScannerOptions{Dialect: p.Dialect})
	h, _ := csvio.ReadHeader(sc, nil, p.Columns)
	d := csvio.NewDecoder(h.Mapping, nil, csvio.DecodeOptions{Parse: contacts.ParseOptions{Dates: p.Dates}})
	for sc.Scan() {
		c := d.Decode(sc.Record()).Contact
		fmt.Println(c.LastName, c.Phones[0].Kind, c.Phones[0].Phone, c.Birthdate)
	}
	// Output: Lee work +85212345678 1990-04-03
}
