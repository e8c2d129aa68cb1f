package gen

import (
	"strconv"
	"strings"
)

// reach draws phones, addresses of mail and social identifiers.
func (g *generator) reach(s *random, p *person) {
	c := &countries[p.country]
	if s.percent(88) {
		p.phones[serialMobile] = c.mobileNumber(g.Seed, p.city, serial(p.unit, serialMobile))
	}
	if p.company.name != "" && s.percent(64) {
		p.phones[serialWork] = c.fixedNumber(g.Seed, p.city, serial(p.unit, serialWork))
		if s.chance(g.Related) {
			p.phones[serialWork] = p.company.switchboard
		}
	}
	if s.percent(9) {
		p.phones[serialOther] = c.mobileNumber(g.Seed, p.city, serial(p.unit, serialOther))
	}
	for i, n := range p.phones {
		if n != "" {
			p.cells[colMobile+i] = typed(s, c.calling, n)
		}
	}

	work := p.company.name != "" && s.percent(75)
	if work {
		p.cells[colEmail] = g.workMail(s, p)
		if s.chance(g.Related) {
			p.cells[colEmail] = "info@" + p.company.domain
		}
	} else if s.percent(62) {
		p.cells[colEmail] = g.freeMail(s, p)
	}
	if s.percent(24) {
		p.cells[colPersonal] = g.freeMail(s, p)
	}
	if s.percent(4) {
		p.cells[colOtherEmail] = g.freeMail(s, p)
	}
	g.social(s, p)
}

// workMail makes an address at the company.
func (g *generator) workMail(s *random, p *person) string {
	local := local(s, p)
	if s.percent(30) {
		local += strconv.Itoa(2 + s.below(98))
	}
	return local + "@" + p.company.domain
}

// freeMail makes an address at a provider, where names are taken: it carries a
// number.
func (g *generator) freeMail(s *random, p *person) string {
	return local(s, p) + strconv.Itoa(10+s.below(9990)) + "@" + s.pick(freemail)
}

// local makes the part of an address before the @ out of the name.
func local(s *random, p *person) string {
	given, family := slug(p.givenLatin), slug(p.familyLatin)
	if i := strings.IndexByte(p.givenLatin, ' '); i > 0 && s.percent(50) {
		given = slug(p.givenLatin[:i])
	}
	switch {
	case given == "" || family == "":
		return given + family + "x"
	case s.percent(50):
		return given + "." + family
	case s.percent(50):
		return given[:1] + family
	case s.percent(50):
		return given + "_" + family
	case s.percent(50):
		return family + "." + given
	}
	return given + family[:1]
}

// social draws the identifiers of the other channels.
func (g *generator) social(s *random, p *person) {
	c := &countries[p.country]
	handle := func() string { return local(s, p) + strconv.Itoa(s.below(1000)) }
	chinese := p.culture == hans || p.culture == hant || p.culture == hongKong
	if p.phones[serialMobile] != "" && s.percent(24) {
		p.cells[colWhatsApp] = c.calling + p.phones[serialMobile]
	}
	if s.percent(7) {
		p.cells[colFacebook] = handle()
	}
	if chinese && s.percent(40) || s.percent(1) {
		p.cells[colWeChat] = "wxid_" + strings.ToLower(s.fill("@#@##@#@"))
	}
	if (p.culture == japanese || p.culture == thai || p.culture == hant) && s.percent(40) {
		p.cells[colLINE] = handle()
	}
	if s.percent(4) {
		p.cells[colTwitter] = "@" + strings.ReplaceAll(handle(), ".", "_")
	}
	if p.company.name != "" && s.percent(20) {
		p.cells[colLinkedIn] = strings.ReplaceAll(local(s, p), ".", "-") + s.fill("-##@#")
	}
	if s.percent(2) {
		p.cells[colWoztellWhatsApp] = c.calling + nationalNumber(g.Seed, []string{"9#########"}, serial(p.unit, serialOther))
		if p.phones[serialMobile] != "" {
			p.cells[colWoztellWhatsApp] = c.calling + p.phones[serialMobile]
		}
	}
	if s.percent(2) {
		p.cells[colWoztellFacebook] = s.fill("%###############")
	}
	if s.percent(2) {
		p.cells[colWoztellInstagram] = handle()
	}
}

// about draws the rest: birthdate, language, and what the owner of the list
// noted.
func (g *generator) about(s *random, p *person) {
	if s.percent(38) {
		p.cells[colBirth] = birthdate(s)
	}
	if s.percent(74) {
		p.cells[colLanguage] = cultures[p.culture].lang
		if p.culture != english && cultures[p.culture].lang == "en" || s.percent(5) {
			p.cells[colLanguage] = countries[p.country].lang
		}
	}
	if s.percent(86) {
		p.cells[colType] = s.pick(types)
	}
	if s.percent(28) {
		p.cells[colGroup] = s.pick(groups)
	}
	if s.percent(64) {
		p.cells[colLevel] = s.pick(levels)
	}
	if s.percent(38) {
		list := s.pick(labels)
		for s.percent(25) {
			if l := s.pick(labels); !strings.Contains(list, l) {
				list += "; " + l
			}
		}
		p.cells[colLabel] = list
	}
}

// birthdate returns a day between 1940 and 2006 as MM/DD/YYYY.
func birthdate(s *random) string {
	const days = "\x1f\x1c\x1f\x1e\x1f\x1e\x1f\x1f\x1e\x1f\x1e\x1f"
	month := s.below(12)
	return two(month+1) + "/" + two(1+s.below(int(days[month]))) + "/" + strconv.Itoa(1940+s.below(67))
}

// two writes a number in two digits.
func two(n int) string { return string([]byte{byte('0' + n/10), byte('0' + n%10)}) }
