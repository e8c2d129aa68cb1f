package linkage

// Field is one thing that two records are compared by.
type Field uint8

// The fields. Given, Family and Middle hold words of a person's name, Org the
// name of what is not a person.
const (
	Given Field = iota
	Family
	Middle
	Org
	Email
	Phone
	Date
	Identifier
	Street
	City
	Region
	Postcode
	Country
	Company
	Title
	Text
	Suffix // Jr, Sr, III
	Proof  // an identifier that another system gave out (Equal), or that was verified (Variant)
	Fields // how many there are
)

var fieldNames = [Fields]string{"given name", "family name", "middle name", "name", "email", "phone", "date", "identifier", "street",
	"city", "region", "postcode", "country", "company", "title", "text", "suffix", "proof"}

// String is the field's name in plain words.
func (f Field) String() string { return fieldNames[f] }

// Level is the outcome of comparing two records by one field.
type Level uint8

// The levels, from the best to the worst. Missing says nothing: one of the two
// has no value.
const (
	Missing Level = iota
	Equal
	Variant // a nickname, a part of a double name, date parts in another order, one mailbox name at two hosts
	Typo    // a slip of the pen
	Partial // an initial, a part of the words, two parts of a date
	Loose   // some likeness
	Differ
	Levels // how many there are
)

// wordy are the fields that hold a set of words; their first value is the
// whole.
func (f Field) wordy() bool {
	return f == Org || f == Street || f == Company || f == Title || f == Text
}
