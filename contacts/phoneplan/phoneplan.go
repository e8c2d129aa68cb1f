// Package phoneplan gives national phone numbers a meaning and doubts impossible ones, over the metadata of Google's
// libphonenumber as github.com/nyaruka/phonenumbers carries it.
//
// It is apart from package contacts for its price: importing it adds about 17 ms and 2.5 MB to the start of
// a program and 8 MB to its size, used or not, and one look-up takes about 10 µs where contacts.ParsePhone takes less than 0.1.
// An import of international numbers needs none of it.
//
//	plan := phoneplan.New()
//	p, err := plan.Parse("2345 6789", "HK") // +85223456789, Raw "2345 6789"
//
// The plan never overrules the rules of contacts.ParsePhone: what that refuses for any reason but a missing country
// code is refused here. It is safe for use by several goroutines. Errors are *contacts.ValueError and never hold the text.
package phoneplan

import (
	"errors"
	"strings"

	"github.com/nyaruka/phonenumbers"

	"github.com/extcontacts/extcontacts/contacts"
)

// Plan is the numbering plan of all countries. The zero Plan is ready to use.
type Plan struct{}

var _ contacts.PhonePlan = Plan{}

// New returns the plan.
func New() contacts.PhonePlan { return Plan{} }

// Parse reads s as contacts.ParsePhone does and, when it has no country code, as a number dialled inside region, an
// alpha-2 code such as "HK" of any case. The trunk prefix and the international prefix of the region ("011" in the US)
// are understood. Number is the international form, Raw is s.
//
// Besides the codes of contacts.ParsePhone the *contacts.ValueError has these:
//
//	phone_unknown_region  region is not the code of a region with a numbering plan
//	phone_not_possible    no number of the region has this length; a country code is not guessed for it
func (Plan) Parse(s, region string) (p contacts.Phone, err error) {
	p, err = contacts.ParsePhone(s)
	var refused *contacts.ValueError
	if err == nil || !errors.As(err, &refused) || refused.Code != "phone_no_country_code" {
		return p, err
	}
	if region == "" {
		return p, err
	}
	region = strings.ToUpper(region)
	if !phonenumbers.GetSupportedRegions()[region] {
		return p, &contacts.ValueError{Code: "phone_unknown_region", Hint: "the default region is an ISO 3166-1 alpha-2 code such as HK"}
	}
	number, ok := national(s, region)
	if !ok {
		return p, &contacts.ValueError{Code: "phone_not_possible", Hint: "no number of the default region has this length"}
	}
	if p, err = contacts.ParsePhone(number); err != nil {
		return p, err // the length rule holds for national numbers, too
	}
	return contacts.MakePhone(p.Number(), s), nil
}

// Check returns "" for a number of the plan, "phone_not_possible" when no number of that country has this length, and
// "phone_not_valid" when the length is right and the digits belong to nobody. New ranges are opened every month:
// take both for warnings. The zero Phone passes.
func (Plan) Check(p contacts.Phone) (code string) {
	if p.IsZero() {
		return ""
	}
	defer func() {
		if recover() != nil {
			code = "phone_not_possible"
		}
	}()
	n, err := phonenumbers.Parse(p.Number(), "")
	switch {
	case err != nil || !phonenumbers.IsPossibleNumber(n):
		return "phone_not_possible"
	case !phonenumbers.IsValidNumber(n), phonenumbers.Format(n, phonenumbers.E164) != p.Number():
		return "phone_not_valid" // also a national trunk prefix behind the country code
	}
	return ""
}

// national returns the E.164 form of a number of region. The length of s is bounded: contacts.ParsePhone has seen it.
// A panic of the parser, which had one on malformed input before, is a refusal.
func national(s, region string) (number string, ok bool) {
	defer func() {
		if recover() != nil {
			number, ok = "", false
		}
	}()
	n, err := phonenumbers.Parse(s, region)
	if err != nil {
		return "", false
	}
	// A subscriber number without its area code is possible only locally and is no number for the world,
	// unless it is one of the few that are valid so, such as Canada's 310-1234.
	if phonenumbers.IsPossibleNumberWithReason(n) != phonenumbers.IS_POSSIBLE && !phonenumbers.IsValidNumber(n) {
		return "", false
	}
	return phonenumbers.Format(n, phonenumbers.E164), true
}
