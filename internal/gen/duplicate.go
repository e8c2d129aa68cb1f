package gen

import "strings"

// again turns a person into the same person entered a second time: one to
// three things differ, as they do when two people type the same card years
// apart. row seeds the differences.
func (g *generator) again(p *person, row int) {
	s := newRandom(g.Seed, forDuplicate, row)
	for n := 1 + s.below(3); n > 0; n-- {
		g.differ(&s, p)
	}
	if p.cells[colLast] == "" {
		p.cells[colLast] = p.family
	}
}

// differ applies one difference.
func (g *generator) differ(s *random, p *person) {
	c := p.cells
	switch r := s.below(100); {
	case r < 14: // a slip of the finger
		i := colFirst + s.below(2)
		c[i] = mistype(s, c[i])
	case r < 22: // nickname, or an initial
		if nick := nickname(c[colFirst]); nick != c[colFirst] {
			c[colFirst] = nick
		} else if f := firstRune(c[colFirst]); f != 0 && foldRune(f) != "" {
			c[colFirst] = string(f) + "."
		}
	case r < 26: // first and last name changed places
		if c[colFirst] != "" {
			c[colFirst], c[colLast] = c[colLast], c[colFirst]
		}
	case r < 34: // romanised, or without accents
		if c[colFirst] == p.given && p.given != p.givenLatin {
			c[colFirst], c[colLast] = p.givenLatin, p.familyLatin
		} else {
			c[colFirst], c[colLast] = unaccented(c[colFirst]), unaccented(c[colLast])
		}
	case r < 38: // capitals
		c[colFirst], c[colLast] = strings.ToUpper(c[colFirst]), strings.ToUpper(c[colLast])
	case r < 48: // a phone or an address of mail is not known
		blank(s, c, colMobile, colOtherEmail)
	case r < 53: // a phone in another column
		if from, to := colMobile+s.below(4), colMobile+s.below(4); c[to] == "" {
			c[from], c[to] = "", c[from]
		}
	case r < 65: // phones typed another way
		for i, n := range p.phones {
			if n != "" && c[colMobile+i] != "" {
				c[colMobile+i] = countries[p.country].calling + " " + spaced(n, s.any([]string{" ", "-", ".", " "}))
			}
		}
	case r < 74: // a new job
		for i := colCompany; i <= colTeam; i++ {
			c[i] = ""
		}
		c[colWork], c[colLinkedIn] = "", ""
		if p.company.name != "" && strings.HasSuffix(c[colEmail], p.company.domain) {
			c[colEmail] = ""
		}
		p.company = company{}
		g.work(s, p)
		if p.company.name != "" && c[colEmail] == "" {
			c[colEmail] = g.workMail(s, p)
		}
	case r < 80: // moved house
		q := &person{cells: make([]string, columns)}
		g.place(s, q, p.unit)
		if q.country == p.country {
			copy(c[colAddress:colCountry], q.cells[colAddress:colCountry])
		} else {
			clear(c[colAddress:colCountry])
		}
	case r < 85: // the street is abbreviated
		c[colAddress] = strings.NewReplacer("Street", "St", "Road", "Rd", "Avenue", "Av", "straße", "str.", "strasse", "str.", "Calle", "C/", "rue", "r.").Replace(c[colAddress])
	case r < 90: // the country is written another way
		if c[colCountry] != "" {
			k := &countries[p.country]
			c[colCountry] = s.any([]string{k.name, k.alpha2, k.alpha3})
		}
	case r < 93: // married
		c[colLast], _ = split(s.pick(cultures[p.culture].family))
	case r < 96: // another private address of mail
		c[colPersonal] = g.freeMail(s, p)
	case r < 98: // the last digit of the mobile is wrong
		if n := len(c[colMobile]); n > 0 {
			c[colMobile] = c[colMobile][:n-1] + s.fill("#")
		}
	default: // only the name and one way to reach are known
		clear(c[colCompany:colCountry])
		clear(c[colType:])
	}
}

// blank empties one filled cell of a range, unless it is the only one.
func blank(s *random, cells []string, from, to int) {
	var filled []int
	for i := from; i <= to; i++ {
		if cells[i] != "" {
			filled = append(filled, i)
		}
	}
	if len(filled) > 1 {
		cells[filled[s.below(len(filled))]] = ""
	}
}
