package gen

// A Script is a family of writing from which names are drawn.
type Script string

// The scripts names are written in. Latin holds English, the languages of
// Europe, Malay, Filipino and romanised names; Vietnamese, Latin as well, is
// apart because nearly every word of it carries marks.
const (
	Latin      Script = "latin"
	Han        Script = "han"
	Japanese   Script = "japanese"
	Korean     Script = "korean"
	Cyrillic   Script = "cyrillic"
	Greek      Script = "greek"
	Arabic     Script = "arabic"
	Thai       Script = "thai"
	Vietnamese Script = "vietnamese"
	Devanagari Script = "devanagari"
)

// AllScripts returns every script, in the order of the constants.
func AllScripts() []Script {
	return []Script{Latin, Han, Japanese, Korean, Cyrillic, Greek, Arabic, Thai, Vietnamese, Devanagari}
}

// A composition says how a full name is built from the lists.
type composition uint8

const (
	plain       composition = iota
	syllables               // a given name of one or two entries, joined
	twoSyllable             // a given name of two entries, joined
	twoFamilies             // often two family names
	middleName              // now and then a second given name or initial
	gendered                // the family name agrees with the given name
)

// A culture is a source of names.
type culture struct {
	script        Script
	lang          string // ISO 639-1
	given, family []string
	compose       composition
}

// Indexes into cultures.
const (
	english = iota
	spanish
	portuguese
	french
	german
	italian
	dutch
	nordic
	polish
	czech
	hungarian
	romanian
	turkish
	vietnamese
	malay
	filipino
	hongKong
	indian
	african
	hans
	hant
	japanese
	korean
	russian
	ukrainian
	greek
	arabic
	thai
	hindi
)

var cultures = [...]culture{
	english:    {Latin, "en", givenEnglish, familyEnglish, middleName},
	spanish:    {Latin, "es", givenSpanish, familySpanish, twoFamilies},
	portuguese: {Latin, "pt", givenPortuguese, familyPortuguese, twoFamilies},
	french:     {Latin, "fr", givenFrench, familyFrench, plain},
	german:     {Latin, "de", givenGerman, familyGerman, plain},
	italian:    {Latin, "it", givenItalian, familyItalian, plain},
	dutch:      {Latin, "nl", givenDutch, familyDutch, plain},
	nordic:     {Latin, "sv", givenNordic, familyNordic, plain},
	polish:     {Latin, "pl", givenPolish, familyPolish, gendered},
	czech:      {Latin, "cs", givenCzech, familyCzech, plain},
	hungarian:  {Latin, "hu", givenHungarian, familyHungarian, plain},
	romanian:   {Latin, "ro", givenRomanian, familyRomanian, plain},
	turkish:    {Latin, "tr", givenTurkish, familyTurkish, plain},
	vietnamese: {Vietnamese, "vi", givenVietnamese, familyVietnamese, plain},
	malay:      {Latin, "ms", givenMalay, familyMalay, plain},
	filipino:   {Latin, "en", givenFilipino, familyFilipino, middleName},
	hongKong:   {Latin, "en", givenHongKong, familyHongKong, plain},
	indian:     {Latin, "en", givenIndian, familyIndian, middleName},
	african:    {Latin, "en", givenAfrican, familyAfrican, middleName},
	hans:       {Han, "zh", givenHan, familyHan, syllables},
	hant:       {Han, "zh", givenHant, familyHant, twoSyllable},
	japanese:   {Japanese, "ja", givenJapanese, familyJapanese, plain},
	korean:     {Korean, "ko", givenKorean, familyKorean, twoSyllable},
	russian:    {Cyrillic, "ru", givenRussian, familyRussian, gendered},
	ukrainian:  {Cyrillic, "uk", givenUkrainian, familyUkrainian, plain},
	greek:      {Greek, "el", givenGreek, familyGreek, gendered},
	arabic:     {Arabic, "ar", givenArabic, familyArabic, plain},
	thai:       {Thai, "th", givenThai, familyThai, plain},
	hindi:      {Devanagari, "hi", givenHindi, familyHindi, plain},
}
