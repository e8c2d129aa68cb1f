package csvio

import "strings"

// The names of what a column can mean besides a field of the schema.
const (
	primaryPhone = "primary_phone"
	primaryEmail = "primary_email"
	fullName     = "full_name"
	phoneByLabel = "phone_by_label" // Google: another column tells the kind
	emailByLabel = "email_by_label"
	kindOf       = "kind_of" // that other column
	typedOf      = "typed_of"
	streetLine   = "address.street_line" // Outlook: "Business Street 2"
	birthDay     = "birth_day"           // Thunderbird: a date in three columns
	birthMonth   = "birth_month"
	birthYear    = "birth_year"
)

// ownColumns are the columns that an error log adds.
var ownColumns = [...]string{"_row", "_code", "_column", "_reason"}

// knownHeaders are headers of other programs' exports that are no aliases in the rule table because they depend on
// the company they keep, folded, and what they mean.
var knownHeaders = [...]struct{ header, field string }{
	{"primaryphone", primaryPhone}, {"primaryemail", primaryEmail}, {"first", "first_name"}, {"last", "last_name"},
	{"name", fullName}, {"fullname", fullName}, {"displayname", fullName}, {"contactname", fullName},
	{"phonemobile", "phones.mobile"}, {"phonework", "phones.work"}, {"phonehome", "phones.home"}, {"phoneother", "phones.other"},
	{"phonecell", "phones.mobile"}, {"homemobile", "phones.mobile"}, {"workmobile", "phones.mobile"}, {"iphone", "phones.mobile"},
	{"phoneiphone", "phones.mobile"}, {"tel", "phones.mobile"}, {"carphone", "phones.other"}, {"phonemain", "phones.other"},
	{"emailhome", "emails.personal"}, {"emailpersonal", "emails.personal"}, {"emailwork", "emails.work"}, {"emailother", "emails.other"},
	{"secondaryemail", "emails.other"},
	{"organizationtitle", "job_title"}, {"organizationdepartment", "team"},
	{"stateregion", "address.state"}, {"address1", "address.street"}, {"addressline1", "address.street"}, {"street1", "address.street"},
	{"categories", "labels"}, {"groupmembership", "labels"},
}

// addressParts are the parts of an address in other programs' exports, after a word or number that says which address.
var addressParts = [...]struct{ part, field string }{
	{"street", "address.street"}, {"address", "address.street"}, {"city", "address.city"},
	{"state", "address.state"}, {"region", "address.state"}, {"province", "address.state"},
	{"postalcode", "address.zip_code"}, {"zipcode", "address.zip_code"}, {"zip", "address.zip_code"},
	{"country", "address.country"}, {"countryregion", "address.country"},
}

// addressWords are the words before an address part, and which address they mean, the better first: a contact has one.
var addressWords = [...]struct {
	word    string
	address int
}{{"business", 0}, {"work", 0}, {"home", 1}, {"other", 2}}

// birthParts are the headers of the parts of a birth date, folded. "Birthday" is one only beside a month.
var birthParts = [...]struct{ header, field string }{
	{"birthday", birthDay}, {"birthmonth", birthMonth}, {"birthyear", birthYear},
}

// protectedHeaders are columns that look like the library's own bookkeeping, folded. A field of the schema goes first,
// so that "State" is that of the address.
var protectedHeaders = [...]string{
	"id", "contactid", "uuid", "rev", "revision", "version", "state", "recordstate", "mergedinto", "workspace", "workspaceid",
	"tenant", "tenantid", "account", "accountid", "owner", "ownerid", "ownername", "ownerdepartment", "contactowner", "sharedwith",
	"slavecontacts", "createdat", "updatedat", "deletedat", "createdate", "createddate", "lastmodifieddate", "updateddate",
	"createdon", "updatedon", "createdby", "updatedby", "verified", "verifiedat", "verifiedby", "actor", "policy",
}

func isProtected(key string) bool {
	for _, p := range protectedHeaders {
		if p == key {
			return true
		}
	}
	return false
}

// The dialects that MapHeader tells apart.
const (
	dialectGoogle   = "google"
	dialectOutlook  = "outlook"
	dialectHubSpot  = "hubspot"
	dialectChatwoot = "chatwoot"
)

// knownDialect tells which program has written a header, by the folded headers; "" if unknown.
func knownDialect(keys []string) string {
	have := func(all ...string) bool {
		for _, want := range all {
			found := false
			for _, k := range keys {
				found = found || k == want
			}
			if !found {
				return false
			}
		}
		return true
	}
	switch {
	case have("phone1value"), have("email1value"), have("givennameyomi"), have("phoneticfirstname", "namesuffix"):
		return dialectGoogle
	case have("emailaddress", "businessphone"), have("emailaddress", "email2address"), have("emailaddress", "businessstreet"):
		return dialectOutlook
	case have("recordid", "lifecyclestage"), have("recordid", "contactowner"):
		return dialectHubSpot
	case have("identifier", "name", "phonenumber"):
		return dialectChatwoot
	}
	return ""
}

// dialectMeaning is what a folded header means in the exports of one program only. ok is false if the program has no
// say; a field of "" is a column that has no place here, for the reason.
func dialectMeaning(dialect, key string) (field, reason string, ok bool) {
	switch {
	case dialect == dialectHubSpot && key == "recordid":
		return externalPrefix + dialectHubSpot, "", true
	case dialect == dialectChatwoot && key == "identifier":
		return externalPrefix + dialectChatwoot, "", true
	case dialect == dialectOutlook && key == "title":
		return "", "a form of address (Mr, Dr), not a job title", true
	case dialect == dialectGoogle:
		return googleMeaning(key)
	}
	return "", "", false
}

// googleMeaning reads the "Phone 1 - Value" columns of Google Contacts, of the form since 2024 and the one before.
func googleMeaning(key string) (field, reason string, ok bool) {
	base, number, tail, ok := cutNumber(key)
	if !ok {
		return "", "", false
	}
	switch {
	case base == "phone" && tail == "value":
		return phoneByLabel, "", true
	case base == "email" && tail == "value":
		return emailByLabel, "", true
	case (base == "phone" || base == "email") && (tail == "label" || tail == "type"):
		return kindOf, "", true
	case base == "organization" && number == "1":
		switch tail {
		case "name":
			return "company", "", true
		case "title":
			return "job_title", "", true
		case "department":
			return "team", "", true
		}
	}
	return "", "", false
}

// addressMeaning reads "Business Street", "Home City", "Address 1 - Region": the field, and which address it is of,
// the better with the lower number.
func addressMeaning(key string) (field string, address int, ok bool) {
	for _, w := range addressWords {
		if part, found := strings.CutPrefix(key, w.word); found {
			return addressPart(part, w.address)
		}
	}
	if base, number, tail, found := cutNumber(key); found && base == "address" && len(number) == 1 {
		return addressPart(tail, int(number[0]-'0'))
	}
	return "", 0, false
}

// streetLineMeaning reads "Address 2", "Address Line 2", "Home Address 2", "Business Street 3": a further line of the street, and
// which address it is of, 0 for the one without further description.
func streetLineMeaning(key string) (address int, ok bool) {
	base, number, tail, found := cutNumber(key)
	if !found || tail != "" || number != "2" && number != "3" {
		return 0, false
	}
	switch base {
	case "address", "addressline", "street", "streetaddress", "streetline":
		return 0, true
	}
	field, address, ok := addressMeaning(base)
	return address + 1, ok && field == "address.street"
}

func addressPart(part string, address int) (string, int, bool) {
	for _, p := range addressParts {
		if p.part == part {
			return p.field, address, true
		}
	}
	return "", 0, false
}
