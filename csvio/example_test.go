package csvio_test

import (
	"bytes"
	"fmt"
	"os"
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/csvio"
)

// A file is read row by row; a row at fault says what is wrong with it and costs no other row.
func ExampleDecoder() {
	const file = `First name,Surname,Mobile,E-mail
Ann,Lee,+852 9123 4567,ann@example.com
Bob,Ray,12345,bob.example.com
,,'+85291234568,
`
	sc := csvio.NewScanner(strings.NewReader(file), csvio.ScannerOptions{})
	sc.Scan()
	m, err := csvio.MapHeader(sc.Record().Strings(nil), nil, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	d := csvio.NewDecoder(m, nil, csvio.DecodeOptions{})
	for sc.Scan() {
		row := d.Decode(sc.Record())
		for _, f := range row.Faults {
			fmt.Printf("row %d, line %d, %s: %s\n", f.Row, f.Line, f.Column, f.Code)
		}
		if !row.Rejected() {
			d.FillLastName(row)
			fmt.Println(row.Contact.FullName(), row.Contact.Phones[0].Phone)
		}
	}
	// Output:
	// Ann Lee +85291234567
	// row 3, line 3, Mobile: phone_no_country_code
	// row 3, line 3, E-mail: email_no_at
	// customer +85291234568
}

// What each column of a file means is told before anything is read.
func ExampleMapHeader() {
	m, err := csvio.MapHeader([]string{"id", "Given Name", "LAST-NAME", "Mobile 2", "Kunde seit", "Shoe size"}, nil,
		map[string]string{"Shoe size": "-"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range m.Columns {
		fmt.Printf("%-10s %-9s %s\n", c.Header, c.Status, c.Field+c.Reason)
	}
	// Output:
	// id         protected the library keeps this itself; no file can set it
	// Given Name mapped    first_name
	// LAST-NAME  mapped    last_name
	// Mobile 2   mapped    phones.mobile
	// Kunde seit unknown   no field has this header
	// Shoe size  ignored   left out by the given mapping
}

// Columns that belong together are read together: a date in three columns, one of several addresses.
func ExampleMapping() {
	const file = "Last Name,Birth Year,Birth Month,Birth Day,Home City,Work City\nLee,1970,11,15,Kowloon,\n"
	sc := csvio.NewScanner(strings.NewReader(file), csvio.ScannerOptions{})
	sc.Scan()
	m, err := csvio.MapHeader(sc.Record().Strings(nil), nil, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	sc.Scan()
	c := csvio.NewDecoder(m, nil, csvio.DecodeOptions{}).Decode(sc.Record()).Contact
	fmt.Println(c.Birthdate, c.Address.City)
	fmt.Println(m.Columns[4].Reason)
	// Output:
	// 1970-11-15 Kowloon
	// a contact has one address; this one is read in rows that leave the better ones blank
}

// A mapping can be kept and used for the next file of the same make.
func ExampleMapping_Profile() {
	header := []string{"Nachname", "Handy", "Intern"}
	m, _ := csvio.MapHeader(header, nil, map[string]string{"Nachname": "last_name", "Handy": "Mobile", "Intern": "-"})
	profile := m.Profile()
	fmt.Println(profile)
	again, _ := csvio.MapHeader(header, nil, profile)
	fmt.Println(again.Has("phones.mobile"))
	// Output:
	// map[Handy:phones.mobile Intern:- Nachname:last_name]
	// true
}

// Contacts are written with as many columns as they need.
func ExampleEncoder() {
	list := []*contacts.Contact{
		{FirstName: "Ann", LastName: "Lee", Phones: []contacts.ContactPhone{
			{Kind: contacts.MobilePhone, Phone: contacts.MustParsePhone("+85291234567")},
			{Kind: contacts.MobilePhone, Phone: contacts.MustParsePhone("+85291234568"), Primary: true},
		}},
		{LastName: "=HYPERLINK(1)", Company: "Initech, Inc."},
	}
	var shape csvio.Shape
	for _, c := range list {
		shape.Add(c.Normalize())
	}
	w := csvio.NewWriter(os.Stdout, csvio.WriterOptions{Guard: true})
	e, err := csvio.NewEncoder(w, nil, &shape, csvio.EncodeOptions{Columns: []string{"last_name", "phones.mobile", "company"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	e.WriteHeader()
	for _, c := range list {
		e.Write(c)
	}
	w.Flush()
	// Output:
	// Last name,Mobile,Mobile 2,Company,Primary Phone
	// Lee,'+85291234568,'+85291234567,,'+85291234568
	// '=HYPERLINK(1),,,"Initech, Inc.",
}

// Refused rows come back as they were, with the reason beside them.
func ExampleErrorLog() {
	const file = "Last name;Email\nLee;ann@example\nRay;bob@example.com\n"
	sc := csvio.NewScanner(strings.NewReader(file), csvio.ScannerOptions{})
	sc.Scan()
	log := csvio.NewErrorLog(os.Stdout, sc.Record(), csvio.ErrorLogOptions{BOM: sc.Evidence().BOM})
	m, _ := csvio.MapHeader(sc.Record().Strings(nil), nil, nil)
	d := csvio.NewDecoder(m, nil, csvio.DecodeOptions{})
	for sc.Scan() {
		if row := d.Decode(sc.Record()); row.Rejected() {
			log.Write(sc.Record(), row.Faults)
		}
	}
	log.Flush()
	fmt.Println(log.Rows(), "record that failed to import")
	// Output:
	// Last name;Email;_row;_code;_column;_reason
	// Lee;ann@example;2;email_bad_domain;Email;Email: this is no email address (the part behind the @ must be a domain name such as example.com)
	// 1 record that failed to import
}

// The template has the custom fields of the workspace.
func ExampleWriteTemplate() {
	s, _ := contacts.NewSchema([]contacts.CustomField{{Key: "vip", Name: "VIP", Kind: contacts.YesNoField}}, nil)
	var b bytes.Buffer
	csvio.WriteTemplate(&b, s)
	header := strings.Split(strings.TrimSpace(b.String()), ",")
	fmt.Println(len(header), header[:4], header[len(header)-1])
	// Output: 33 [First name Last name Mobile Work] VIP
}

// The guidelines come from the same table as the template and the checks.
func ExampleWriteGuidelines() {
	var b bytes.Buffer
	csvio.WriteGuidelines(&b, nil)
	for _, line := range strings.Split(b.String(), "\n")[5:10] {
		fmt.Println(line)
	}
	// Output:
	// Last name (mandatory)
	//     The last name. It is mandatory; an import fills in "customer" where it is missing.
	//     Also read: Family Name, Surname, Last name (Mandatory).
	// Mobile
	//     A phone number as +[country code][area code][number], without spaces, brackets or hyphens (e.g. +85212345678), 8 to 20 digits.
}

// A title above the header and a total below the rows are no contacts.
func ExampleReadHeader() {
	const file = `Contacts of ACME
exported on 2 January

First name,Last name
Ann,Lee
Total: 1
`
	sc := csvio.NewScanner(strings.NewReader(file), csvio.ScannerOptions{})
	head, err := csvio.ReadHeader(sc, nil, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(head.Mapping.Warnings[0])
	d := csvio.NewDecoder(head.Mapping, nil, csvio.DecodeOptions{})
	for sc.Scan() {
		if row := d.Decode(sc.Record()); row.Rejected() {
			fmt.Println(row.Err())
		} else {
			fmt.Println(row.Row, row.Contact.FullName())
		}
	}
	// Output:
	// csvio: header: preamble: lines 1 to 2 above the header: not read
	// 1 Ann Lee
	// csvio: row 2, line 6: footer
}

// The guide's own case: a job title with a comma and without quotes has shifted the row. What would mend it is proposed, and
// applied only by whoever accepts it.
func ExampleDoctor() {
	const file = `Last name,Mobile,Job Title,Email,Birthdate
Lee,+85291234567,Head of Marketing, Asia Division,ann@example.com,12/14/1980
`
	sc := csvio.NewScanner(strings.NewReader(file), csvio.ScannerOptions{})
	head, err := csvio.ReadHeader(sc, nil, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	decoder := csvio.NewDecoder(head.Mapping, nil, csvio.DecodeOptions{})
	doctor := csvio.NewDoctor(head.Mapping, nil, csvio.DecodeOptions{})
	sc.Scan()
	fmt.Println(decoder.Decode(sc.Record()).Err())
	for _, p := range doctor.Propose(sc.Record()) {
		fmt.Printf("%.2f %q\n%s\n", p.Confidence, p.Cells, p.Explanation)
		var mended csvio.Record
		csvio.Repair(sc.Record(), &p, &mended)
		fmt.Println(decoder.Decode(&mended).Contact.JobTitle)
	}
	// Output:
	// csvio: row 1, line 2, cell 6: too_many_cells
	// 0.85 ["Lee" "+85291234567" "Head of Marketing, Asia Division" "ann@example.com" "12/14/1980"]
	// a text in the column Job Title has a delimiter and is not in quotes: joined, the row fits the header, and 2 of its cells behind it confirm the place
	// Head of Marketing, Asia Division
}
