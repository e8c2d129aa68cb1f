package gen

import "strings"

// Codes of the planted faults, as they stand in the truth file.
const (
	// BadPhone is a phone with too few digits, letters, or no plus.
	BadPhone = "bad_phone"
	// BadEmail is an address of mail without its @, with two, or with a space.
	BadEmail = "bad_email"
	// BadCountry is a country that is none: "N/A", "Atlantis".
	BadCountry = "bad_country"
	// BadDate is a birthdate that is no MM/DD/YYYY.
	BadDate = "bad_date"
	// BadType is a type outside the list.
	BadType = "bad_type"
	// ShiftedRow is a row with one cell too many, because a comma in the job
	// title is not quoted: every cell after it stands one column too far right.
	ShiftedRow = "shifted_row"
	// DamagedNumber is a phone that a spreadsheet turned into 8.52912E+10.
	DamagedNumber = "damaged_number"
	// MissingLastName is an empty last name; the guide has it filled in, so
	// this is not a rejection.
	MissingLastName = "missing_last_name"
	// InvalidUTF8 is a name with a byte that is no UTF-8. It is planted only
	// when [Options].InvalidUTF8 asks for it.
	InvalidUTF8 = "invalid_utf8"
)

var faults = [...]string{BadPhone, BadEmail, BadCountry, BadDate, BadType, ShiftedRow, DamagedNumber, MissingLastName, InvalidUTF8}

// plant puts a fault into the row.
func plant(s *random, row *Row, fault string) {
	c := row.Cells
	row.Fault = fault
	switch fault {
	case BadPhone:
		c[colMobile] = s.any([]string{"+8521234", "12345", "n/a", "+85291234567890123456789", "call office", "+852 9123 456A"})
	case BadEmail:
		at := c[colEmail]
		if at == "" {
			at = "someone@mail.example"
		}
		switch s.below(4) {
		case 0:
			at = strings.ReplaceAll(at, "@", "")
		case 1:
			at = strings.ReplaceAll(at, "@", "@@")
		case 2:
			at = strings.ReplaceAll(at, "@", " @ ")
		default:
			at, _, _ = strings.Cut(at, "@")
			at += "@"
		}
		c[colEmail] = at
	case BadCountry:
		c[colCountry] = s.any([]string{"N/A", "none", "Atlantis", "XX", "US123", "and"})
	case BadDate:
		c[colBirth] = s.any([]string{"31/12/1985", "1985-12-31", "02/30/1990", "13/01/1970", "12/31/85", "Dec 31 1985", "00/00/0000"})
	case BadType:
		c[colType] = s.any([]string{"Client", "Friend", "Unknown", "Cust0mer"})
	case ShiftedRow:
		title := s.any(titlesWithComma)
		before, after, _ := strings.Cut(title, ",")
		row.Cells = append(append(append(make([]string, 0, columns+1), c[:colTitle]...), before, after), c[colTeam:]...)
	case DamagedNumber:
		c[colMobile] = s.fill("8.52%##E+10")
	case MissingLastName:
		c[colLast] = ""
	case InvalidUTF8:
		c[colLast] = "M\xfcller"
	}
}
