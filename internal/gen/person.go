package gen

import (
	"strconv"
	"strings"
)

// Columns of the template.
const (
	colFirst = iota
	colLast
	colMobile
	colWork
	colHome
	colOther
	colEmail
	colPersonal
	colOtherEmail
	colFacebook
	colWhatsApp
	colWeChat
	colLINE
	colTwitter
	colLinkedIn
	colWoztellWhatsApp
	colWoztellFacebook
	colWoztellInstagram
	colCompany
	colTitle
	colTeam
	colBirth
	colLanguage
	colAddress
	colCity
	colState
	colZip
	colCountry
	colType
	colGroup
	colLevel
	colLabel
	columns
)

// Header returns the column names of the guide's template, in order.
func Header() []string {
	return []string{
		"First name", "Last name", "Mobile", "Work", "Home", "Other Phone", "Email", "Personal Email", "Other Email",
		"Facebook", "WhatsApp", "WeChat", "LINE", "Twitter", "LinkedIn", "WOZTELL (WhatsApp)", "WOZTELL (Facebook)", "WOZTELL (Instagram)",
		"Company", "Job Title", "Team", "Birthdate", "Language", "Address", "City", "State", "ZipCode", "Country",
		"Type", "Group", "Level", "Contact Label",
	}
}

// A person is a row being made, with what its cells were made from.
type person struct {
	cells                   []string
	given, family           string // as written
	givenLatin, familyLatin string
	country                 int
	culture                 int
	city                    *city
	company                 company
	phones                  [4]string // national numbers in the order of the columns
	unit                    int       // the i of the person
}

// A company is a pure function of a country and a number.
type company struct {
	name, domain, switchboard string
}

// Person returns the i-th person of a seed as a row without any fault. It is a
// pure function: every script, no shared lines, and the entity is i+1.
func Person(seed uint64, i int) Row {
	g := newGenerator(Options{Seed: seed})
	return Row{Cells: g.person(i).cells, Entity: i + 1}
}

// person makes the i-th person.
func (g *generator) person(i int) *person {
	home := i
	s := newRandom(g.Seed, forHousehold, i)
	if i > 0 && s.chance(g.Related) {
		home = i - 1
	}
	p := &person{cells: make([]string, columns), unit: i}
	s = newRandom(g.Seed, forPlace, home)
	g.place(&s, p, home)
	s = newRandom(g.Seed, forPerson, i)
	g.name(&s, p)
	g.work(&s, p)
	g.reach(&s, p)
	g.about(&s, p)
	return p
}

// place draws what a household has in common.
func (g *generator) place(s *random, p *person, home int) {
	p.country, p.culture = g.origin(s)
	c, k := &countries[p.country], &cultures[p.culture]
	p.city = &c.cities[s.skewed(len(c.cities))]
	p.family, p.familyLatin = split(s.pick(k.family))
	if k.compose == twoFamilies && s.percent(55) {
		f, l := split(s.pick(k.family))
		p.family, p.familyLatin = p.family+" "+f, p.familyLatin+" "+l
	}
	english, native := split(p.city.name)
	street := s.pick(c.streets)
	p.cells[colCity] = english
	if english != native && foldRune(firstRune(p.family)) == "" && s.percent(45) {
		p.cells[colCity] = native
	}
	p.cells[colAddress] = strings.Replace(street, "#", strconv.Itoa(1+s.skewed(240)), 1)
	p.cells[colState] = p.city.state
	p.cells[colZip] = s.fill(p.city.post)
	switch r := s.below(100); {
	case r < 55:
		p.cells[colCountry] = c.name
	case r < 85:
		p.cells[colCountry] = c.alpha2
	default:
		p.cells[colCountry] = c.alpha3
	}
	if !s.percent(68) {
		p.cells[colAddress], p.cells[colZip] = "", ""
	}
	if !s.percent(86) {
		p.cells[colCity], p.cells[colState] = "", ""
	}
	if !s.percent(92) {
		p.cells[colCountry] = ""
	}
	if s.percent(22) {
		p.phones[serialHome] = c.fixedNumber(g.Seed, p.city, serial(home, serialHome))
	}
}

// split returns a word as written and as romanised: "王|Wang".
func split(word string) (string, string) {
	if a, b, ok := strings.Cut(word, "|"); ok {
		return a, b
	}
	return word, word
}

func firstRune(word string) rune {
	for _, r := range word {
		return r
	}
	return 0
}

// name draws the given name and fits the family name to it.
func (g *generator) name(s *random, p *person) {
	k := &cultures[p.culture]
	p.given, p.givenLatin = split(s.pick(k.given))
	switch k.compose {
	case syllables, twoSyllable:
		if k.compose == twoSyllable || s.percent(65) {
			b, l := split(s.any(k.given))
			p.given, p.givenLatin = p.given+b, p.givenLatin+" "+l
		}
	case middleName:
		if s.percent(8) {
			p.given += " " + s.fill("@") + "."
		}
	case gendered:
		p.family, p.familyLatin = agree(p.given, p.family, p.familyLatin)
	}
	p.cells[colFirst], p.cells[colLast] = p.given, p.family
	switch r := s.below(100); {
	case r < 2:
		p.cells[colFirst], p.cells[colLast] = strings.ToUpper(p.given), strings.ToUpper(p.family)
	case r < 3:
		p.cells[colFirst], p.cells[colLast] = strings.ToLower(p.given), strings.ToLower(p.family)
	case r < 6:
		p.cells[colFirst] = ""
	}
}

// agree returns the family name in the form of the given name's gender.
func agree(given, family, latin string) (string, string) {
	switch {
	case hasSuffix(given, "а", "я"):
		if hasSuffix(family, "в", "н") {
			return family + "а", latin + "a"
		}
	case hasSuffix(given, "α", "η"):
		if base, ok := strings.CutSuffix(family, "ος"); ok {
			return base + "ου", strings.TrimSuffix(latin, "os") + "ou"
		}
	case hasSuffix(given, "a"):
		if base, ok := strings.CutSuffix(family, "ki"); ok {
			return base + "ka", base + "ka"
		}
	}
	return family, latin
}

func hasSuffix(word string, endings ...string) bool {
	for _, e := range endings {
		if strings.HasSuffix(word, e) {
			return true
		}
	}
	return false
}

// companyOf makes the n-th company of a country.
func (g *generator) companyOf(country, culture, n int) company {
	s := newRandom(g.Seed, forCompany, country<<20|n)
	c := &countries[country]
	stem, field := s.pick(companyStems), s.pick(companyFields)
	name := stem + " " + field
	if legal := s.pick(c.legal); strings.HasPrefix(legal, ",") {
		name += legal
	} else if legal != "" {
		name += " " + legal
	}
	if s.percent(50) {
		switch culture {
		case hans:
			name = s.any(companiesHans) + s.any(endingsHans)
		case hant:
			name = s.any(companiesHant) + s.any(endingsHant)
		case japanese:
			name = s.any(companiesJapanese) + s.any(endingsJapanese)
		case korean:
			name = s.any(companiesKorean) + s.any(endingsKorean)
		case russian:
			name = `ООО "` + s.any(companiesRussian) + `"`
		}
	}
	domain := slug(stem)
	if s.percent(60) {
		domain += slug(field)
	}
	domain += "-" + strings.ToLower(c.alpha2) + strconv.Itoa(n)
	return company{
		name:        name,
		domain:      domain + s.any(companyDomains),
		switchboard: c.fixedNumber(g.Seed, &c.cities[0], serial(n, serialSwitchboard)),
	}
}

// work draws the job.
func (g *generator) work(s *random, p *person) {
	if !s.percent(78) {
		return
	}
	p.company = g.companyOf(p.country, p.culture, s.skewed(3000))
	p.cells[colCompany] = p.company.name
	if s.percent(80) {
		p.cells[colTitle] = s.pick(jobTitles)
	}
	if s.percent(40) {
		p.cells[colTeam] = s.pick(teams)
	}
}
