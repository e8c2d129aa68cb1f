// Package search has the query language of the contact book, the meaning of a
// query, and an index that answers queries in memory.
//
// A query is a text such as
//
//	acme label:VIP country=HK created >= -30d
//
// [Parse] reads it, [Query.Match] says whether a contact matches and how well,
// [Query.SortKey] puts matches in a total order. Every store answers by these
// two, so that all of them give the same contacts in the same order. What a
// store can do to be fast is look at fewer contacts: [Query.Needs] says what
// the [Text] of every match holds, and an [Index] keeps a book's words in
// memory and answers in order. A [Set] asks many queries about one contact.
// The package reads no store and no clock and ranks without corpus statistics.
//
// # Free text
//
// A free word finds contacts that have a word beginning with it in their name,
// company, email addresses or labels, and from four letters on such that have
// a word with one typing error (a letter more, less or another, or two
// neighbours swapped), from eight letters on with two. Two to four letters find
// names with these initials; with [Options.Nicknames] a name finds its other
// forms. [Options.Exact] turns off what is not to the letter, and so does a
// star: word* is a word that begins so, *word* has it anywhere. Case, accents, width and ligatures do
// not count; an apostrophe joins (obrien finds O'Brien); Chinese, Japanese and
// Korean names are found by any part of them, with and without a space between
// the parts. Words may stand in any order and in different fields; all of
// them must be found. A word of three or more digits, whatever stands between
// them, also finds phone and WhatsApp numbers that hold these digits; with +
// or 00 numbers that begin with them; a national number's trunk zero does not
// count. Digits with spaces between them are one number as well.
//
// "Quoted words" are found whole, one after another, in one field.
//
// # Fields
//
//	field:word          has a word that begins so          company:acme
//	field:"two words"   has these whole words in a row     company:"acme trading"
//	field:start*        begins so                          zip_code:90*
//	field:*part*        has it anywhere, 3 letters or more company:*soft*
//	field:*             has a value                        email:*
//	field=value         equals, folded                     city="hong kong"
//	field!=value        does not equal                     type!=Lead
//	field<value         also <= > >=                       birthdate<1990
//	field in (a, b)     equals one of                      country in (HK, "Viet Nam")
//	email:@domain       is an address at the domain        email:@example.com
//
// The fields are those of a contact in JSON: id, first_name, last_name, name
// (both, in any order), level, type, group, team, company, job_title,
// birthdate, language, address (any part of it), street, city, state,
// zip_code, country, phone, email, social (any channel) and the channels by
// name, label, verified (yes or no), created_at, updated_at,
// external_ids.SOURCE, source (any of these systems, or an import from there),
// act (changed by it), phones.KIND, emails.KIND, and custom fields by their
// key (custom.KEY where a built-in field has the name). A field with several
// values matches where one of them does. Countries, languages, types and
// levels are read by the rules of package contacts: country=HK is
// country="Hong Kong".
//
// Only live contacts match, unless the query says is:live, is:deleted,
// is:merged, is:erased or is:*.
//
// Dates are days (2024-05-01), months, years, days of any year (--05-01), or
// relative to now: today, yesterday, tomorrow, -7d, +2w, -3m, -1y, -12h, last 7
// days, next 2 weeks, this month, last quarter, 3 days ago, in 2 weeks, now. A
// day ends when it ends in the time zone of the [Options], a week on Sunday.
//
// # Grammar
//
//	query     = [ or ] ;
//	or        = and { "OR" and } ;
//	and       = not { [ "AND" ] not } ;
//	not       = ( "NOT" | "-" ) not | term ;
//	term      = "(" query ")" | free | condition | sort ;
//	free      = word [ "*" ] | "*" word [ "*" ] | quoted [ "*" ] | "*" quoted [ "*" ] ;
//	condition = field ( ":" value | compare ( word | quoted ) | "in" "(" item { "," item } ")" ) ;
//	value     = "*" | word [ "*" ] | "*" word [ "*" ] | quoted [ "*" ] | "*" quoted [ "*" ] | period ;
//	compare   = "=" | "!=" | "<" | "<=" | ">" | ">=" ;
//	sort      = "sort:" [ "-" ] field { "," [ "-" ] field } ;
//	period    = ( "last" | "past" | "next" ) number unit | ( "this" | "last" | "next" ) unit | number unit "ago" | "in" number unit ;
//	quoted    = '"' { character | "\" character } '"' ;
//	word      = ( character | "\" character ) { character | "\" character } ;   (* no white space, quotes or brackets *)
//
// AND, OR and NOT are written in capitals. A backslash takes the meaning from
// the character behind it, inside quotes and outside. Limits: [MaxLength],
// [MaxDepth], [MaxClauses].
//
// [Query.String] is the canonical form; it reads back as the same query. To
// build a query from what a user chose in a form use [And], [Or], [Not],
// [Word], [Where] and so on with [New]: their values are never read as syntax.
//
// # Errors
//
// A query that cannot be read is refused with a *[SyntaxError] that has the
// code and the place; errors.Is finds [ErrQuery] and contacts.ErrInvalid.
//
// # Concurrency and security
//
// A [Query], a [Set] and an [Index] are safe for concurrent use; the first two
// never change.
// Nothing in the package panics on any input, and no error holds query text or
// personal data. A query sees all fields: who must not see a field must not
// search by it either, see [Query.Fields].
package search
