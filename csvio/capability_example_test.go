package csvio_test

import (
	"fmt"
	"os"
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/contacts/phoneplan"
	"github.com/extcontacts/extcontacts/csvio"
)

// A program that is done with each contact soon gives its memory back.
func ExampleDecoder_Recycle() {
	sc := csvio.NewScanner(strings.NewReader("Name,Mobile\nLee,+85212345678\nRay,+85287654321\n"), csvio.ScannerOptions{})
	h, _ := csvio.ReadHeader(sc, nil, nil)
	d := csvio.NewDecoder(h.Mapping, nil, csvio.DecodeOptions{})
	for sc.Scan() {
		row := d.Decode(sc.Record())
		fmt.Println(row.Contact.LastName, row.Contact.Phones[0].Phone)
		d.Recycle(row.Contact)
	}
	// Output:
	// Lee +85212345678
	// Ray +85287654321
}

// A row with bytes that are no text is refused with their offset in the file, the rows around it are read.
func ExampleRowError() {
	file := "Name,City\nLee,K\xf6ln\nRay,Bonn\n"
	sc := csvio.NewScanner(strings.NewReader(file), csvio.ScannerOptions{})
	for sc.Scan() {
		rec := sc.Record()
		if e := rec.Fault(); e != nil {
			fmt.Printf("row %d: %s at byte %d, perhaps the file is in %v\n", e.Row, e.Code, e.Offset, sc.Evidence().Suggest)
			continue
		}
		fmt.Println(rec.Strings(nil))
	}
	// Output:
	// [Name City]
	// row 2: invalid_utf8 at byte 15, perhaps the file is in windows-1252
	// [Ray Bonn]
}

// Proposals of enough confidence are accepted for the caller who asks for it.
func ExampleDoctor_Mend() {
	file := "Last name,Mobile,Work,Birthdate,Country\n" +
		"Lee,85291234567,,33232,HK\n" + // the plus is lost, and a spreadsheet's number of a day
		"Ray,8.52912E+10,,,HK\n" // the digits are lost
	o := csvio.DecodeOptions{Parse: contacts.ParseOptions{Plan: phoneplan.New()}}
	sc := csvio.NewScanner(strings.NewReader(file), csvio.ScannerOptions{})
	h, _ := csvio.ReadHeader(sc, nil, nil)
	doctor := csvio.NewDoctor(h.Mapping, nil, o)
	var mended csvio.Record
	for sc.Scan() {
		used, ok := doctor.Mend(sc.Record(), 0.7, &mended)
		if !ok {
			for _, p := range doctor.Propose(sc.Record()) {
				fmt.Printf("%s: %s\n", p.Column, p.Explanation)
			}
			continue
		}
		for _, p := range used {
			fmt.Printf("%s, %.2f: %s\n", p.Column, p.Confidence, p.Code)
		}
		fmt.Println(mended.Strings(nil))
	}
	// Output:
	// Mobile, 0.95: phone_no_country_code
	// Birthdate, 0.75: date_serial
	// [Lee +85291234567  12/25/1990 HK]
	// Mobile: a spreadsheet has made the number a rounded one in scientific notation: its digits are lost and must come from the source
}

// A file for people who open it in a spreadsheet has a byte order mark, CRLF and guarded formulas; reading takes all of that off.
func ExampleWriterOptions() {
	w := csvio.NewWriter(os.Stdout, csvio.WriterOptions{Guard: true})
	e, _ := csvio.NewEncoder(w, nil, nil, csvio.EncodeOptions{Columns: []string{"last_name", "phones.mobile"}})
	e.WriteHeader()
	e.Write((&contacts.Contact{LastName: "=SUM(A1)", Phones: []contacts.ContactPhone{
		{Kind: contacts.MobilePhone, Phone: contacts.MustParsePhone("+85212345678")}}}).Normalize())
	w.Flush()
	// Output:
	// Last name,Mobile
	// '=SUM(A1),'+85212345678
}
