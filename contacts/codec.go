package contacts

import (
	"encoding/binary"
	"errors"
	"time"
)

// codecVersion leads every encoded contact. A reader refuses any other. The
// hash chain of the log has digests of this form, see [Change.Seal]: another
// version keeps its writer to check them.
const codecVersion = 2

// Presence bits of the optional parts, in the order they are written.
const (
	hasFirstName = 1 << iota
	hasLastName
	hasGroup
	hasTeam
	hasCompany
	hasJobTitle
	hasStreet
	hasCity
	hasZipCode
	hasAddressState
	hasBirthdate
	hasLanguage
	hasCountry
	hasPhones
	hasEmails
	hasSocials
	hasLabels
	hasCustom
	hasExternalIDs
	hasMergedInto
	hasOwner
	hasSharedWith
)

// AppendEncoded appends the compact binary form in which stores keep a
// contact: everything but its ID, which is the key it stands under. c must be
// normalised. The form is versioned; [Decode] refuses what another version wrote.
func AppendEncoded(dst []byte, c *Contact) []byte {
	texts := [...]string{c.FirstName, c.LastName, c.Group, c.Team, c.Company, c.JobTitle,
		c.Address.Street, c.Address.City, c.Address.ZipCode, c.Address.State}
	var has uint64
	for i, t := range texts {
		if t != "" {
			has |= 1 << i
		}
	}
	flag := func(bit uint64, set bool) {
		if set {
			has |= bit
		}
	}
	flag(hasBirthdate, !c.Birthdate.IsZero())
	flag(hasLanguage, !c.Language.IsZero())
	flag(hasCountry, !c.Address.Country.IsZero())
	flag(hasPhones, len(c.Phones) > 0)
	flag(hasEmails, len(c.Emails) > 0)
	flag(hasSocials, len(c.Socials) > 0)
	flag(hasLabels, len(c.Labels) > 0)
	flag(hasCustom, len(c.Custom) > 0)
	flag(hasExternalIDs, len(c.ExternalIDs) > 0)
	flag(hasMergedInto, c.MergedInto != "")
	flag(hasOwner, c.Owner != "")
	flag(hasSharedWith, len(c.SharedWith) > 0)

	dst = append(dst, codecVersion, byte(c.State), byte(c.Level), byte(c.Type))
	dst = binary.AppendUvarint(dst, uint64(c.Rev))
	dst = appendTime(dst, c.CreatedAt)
	dst = appendTime(dst, c.UpdatedAt)
	dst = binary.AppendUvarint(dst, has)
	for _, t := range texts {
		if t != "" {
			dst = appendString(dst, t)
		}
	}
	if has&hasBirthdate != 0 {
		dst = binary.AppendVarint(dst, int64(c.Birthdate.Year()))
		dst = append(dst, byte(c.Birthdate.Month()), byte(c.Birthdate.Day()))
	}
	if has&hasLanguage != 0 {
		dst = append(dst, c.Language.Code()...)
	}
	if has&hasCountry != 0 {
		dst = append(dst, c.Address.Country.Code()...)
	}
	if has&hasPhones != 0 {
		dst = binary.AppendUvarint(dst, uint64(len(c.Phones)))
		for i := range c.Phones {
			p := &c.Phones[i]
			dst = append(dst, listFlags(byte(p.Kind), p.Primary, p.Verified))
			dst = appendString(dst, string(p.Phone.texts))
			dst = appendVerification(dst, p.Verified)
		}
	}
	if has&hasEmails != 0 {
		dst = binary.AppendUvarint(dst, uint64(len(c.Emails)))
		for i := range c.Emails {
			e := &c.Emails[i]
			dst = append(dst, listFlags(byte(e.Kind), e.Primary, e.Verified))
			dst = appendString(dst, string(e.Email.texts))
			dst = appendVerification(dst, e.Verified)
		}
	}
	if has&hasSocials != 0 {
		dst = binary.AppendUvarint(dst, uint64(len(c.Socials)))
		for i := range c.Socials {
			s := &c.Socials[i]
			dst = append(dst, listFlags(byte(s.Channel), false, s.Verified))
			dst = appendString(dst, s.Handle)
			dst = appendVerification(dst, s.Verified)
		}
	}
	if has&hasLabels != 0 {
		dst = binary.AppendUvarint(dst, uint64(len(c.Labels)))
		for _, l := range c.Labels {
			dst = appendString(dst, l)
		}
	}
	if has&hasCustom != 0 {
		dst = binary.AppendUvarint(dst, uint64(len(c.Custom)))
		for _, k := range sortedKeys(c.Custom) {
			dst = appendString(dst, k)
			dst = append(dst, byte(c.Custom[k].kind))
			dst = appendString(dst, c.Custom[k].text)
		}
	}
	if has&hasExternalIDs != 0 {
		dst = binary.AppendUvarint(dst, uint64(len(c.ExternalIDs)))
		for _, k := range sortedKeys(c.ExternalIDs) {
			dst = appendString(appendString(dst, k), c.ExternalIDs[k])
		}
	}
	if has&hasMergedInto != 0 {
		dst = appendString(dst, string(c.MergedInto))
	}
	if has&hasOwner != 0 {
		dst = appendString(dst, string(c.Owner))
	}
	if has&hasSharedWith != 0 {
		dst = binary.AppendUvarint(dst, uint64(len(c.SharedWith)))
		for _, id := range c.SharedWith {
			dst = appendString(dst, string(id))
		}
	}
	return dst
}

// listFlags packs a kind (up to 63), the primary and the verified mark.
func listFlags(kind byte, primary bool, v Verification) byte {
	if primary {
		kind |= 0x80
	}
	if !v.IsZero() {
		kind |= 0x40
	}
	return kind
}

func appendString(dst []byte, s string) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(s))), s...)
}

// appendTime writes microseconds since 1970; 0 is no time, so that the
// instants from 1970 on are one higher.
func appendTime(dst []byte, t time.Time) []byte {
	if t.IsZero() {
		return binary.AppendVarint(dst, 0)
	}
	us := t.UnixMicro()
	if us >= 0 {
		us++
	}
	return binary.AppendVarint(dst, us)
}

func appendVerification(dst []byte, v Verification) []byte {
	if v.IsZero() {
		return dst
	}
	return append(dst, v.fact...)
}

// ErrEncoding is the error of [Decode] for bytes that are no encoded contact,
// or one of a newer version of the library.
var ErrEncoding = errors.New("contacts: not an encoded contact")

// Decode reads what [AppendEncoded] wrote. The texts of the contact share one
// string; data may be reused afterwards. The error is [ErrEncoding].
func Decode(id ID, data []byte) (*Contact, error) {
	d := decoder{s: string(data)}
	if d.byte() != codecVersion {
		return nil, ErrEncoding
	}
	c := &Contact{ID: id, State: State(d.enum(int(Erased))), Level: Level(d.enum(len(levelNames))), Type: Type(d.enum(len(typeNames)))}
	c.Rev = int64(d.uvarint())
	c.CreatedAt, c.UpdatedAt = d.time(), d.time()
	has := d.uvarint()
	d.bad = d.bad || has >= hasSharedWith<<1
	for i, t := range [...]*string{&c.FirstName, &c.LastName, &c.Group, &c.Team, &c.Company, &c.JobTitle,
		&c.Address.Street, &c.Address.City, &c.Address.ZipCode, &c.Address.State} {
		if has&(1<<i) != 0 {
			*t = d.string()
		}
	}
	if has&hasBirthdate != 0 {
		c.Birthdate = d.date()
	}
	if has&hasLanguage != 0 {
		c.Language = decodeCode(&d, ParseLanguage)
	}
	if has&hasCountry != 0 {
		c.Address.Country = decodeCode(&d, ParseCountry)
	}
	if has&hasPhones != 0 {
		c.Phones = make([]ContactPhone, d.count())
		for i := range c.Phones {
			f := d.byte()
			c.Phones[i] = ContactPhone{Kind: PhoneKind(d.kind(f, len(phoneKindNames))), Primary: f&0x80 != 0, Phone: Phone{d.twoTexts()}, Verified: d.verification(f)}
		}
	}
	if has&hasEmails != 0 {
		c.Emails = make([]ContactEmail, d.count())
		for i := range c.Emails {
			f := d.byte()
			c.Emails[i] = ContactEmail{Kind: EmailKind(d.kind(f, len(emailKindNames))), Primary: f&0x80 != 0, Email: Email{d.twoTexts()}, Verified: d.verification(f)}
		}
	}
	if has&hasSocials != 0 {
		c.Socials = make([]Social, d.count())
		for i := range c.Socials {
			f := d.byte()
			c.Socials[i] = Social{Channel: Channel(d.kind(f, len(channelNames))), Handle: d.string(), Verified: d.verification(f)}
		}
	}
	if has&hasLabels != 0 {
		c.Labels = make([]string, d.count())
		for i := range c.Labels {
			c.Labels[i] = d.string()
		}
	}
	if has&hasCustom != 0 {
		n := d.count()
		c.Custom = make(map[string]Value, n)
		for range n {
			k := d.string()
			c.Custom[k] = Value{kind: FieldKind(d.enum(int(URLField))), text: d.string()}
		}
	}
	if has&hasExternalIDs != 0 {
		n := d.count()
		c.ExternalIDs = make(map[string]string, n)
		for range n {
			k := d.string()
			c.ExternalIDs[k] = d.string()
		}
	}
	if has&hasMergedInto != 0 {
		c.MergedInto = ID(d.string())
	}
	if has&hasOwner != 0 {
		c.Owner = ID(d.string())
	}
	if has&hasSharedWith != 0 {
		c.SharedWith = make([]ID, d.count())
		for i := range c.SharedWith {
			c.SharedWith[i] = ID(d.string())
		}
	}
	if d.bad || d.s != "" {
		return nil, ErrEncoding
	}
	return c, nil
}

// decoder eats a string from the front; after a fault it yields zeros.
type decoder struct {
	s   string
	bad bool
}

func (d *decoder) byte() byte {
	if d.s == "" {
		d.bad = true
		return 0
	}
	b := d.s[0]
	d.s = d.s[1:]
	return b
}

// enum reads a value from 0 to last.
func (d *decoder) enum(last int) byte {
	b := d.byte()
	d.bad = d.bad || int(b) > last
	return b
}

// kind takes the kind, from 0 to last, out of the flags of an element.
func (d *decoder) kind(flags byte, last int) byte {
	d.bad = d.bad || int(flags&0x3f) > last
	return flags & 0x3f
}

func (d *decoder) date() Date {
	y, m, day := d.varint(), d.byte(), d.byte()
	date, err := MakeDate(int(y), int(m), int(day))
	d.bad = d.bad || err != nil
	return date
}

// decodeCode reads the two letters of a language or a country.
func decodeCode[T any](d *decoder, parse func(string) (T, error)) T {
	if len(d.s) < 2 {
		d.bad, d.s = true, ""
	}
	n := min(2, len(d.s))
	v, err := parse(d.s[:n])
	d.bad, d.s = d.bad || err != nil, d.s[n:]
	return v
}

func (d *decoder) uvarint() uint64 {
	var v uint64
	for shift := 0; shift < 64; shift += 7 {
		b := d.byte()
		v |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return v
		}
	}
	d.bad = true
	return 0
}

func (d *decoder) varint() int64 {
	u := d.uvarint()
	return int64(u>>1) ^ -int64(u&1)
}

func (d *decoder) string() string {
	n := d.uvarint()
	if n > uint64(len(d.s)) {
		d.bad, d.s = true, ""
		return ""
	}
	t := d.s[:n]
	d.s = d.s[n:]
	return t
}

// count reads the length of a list; no list is longer than what is left.
func (d *decoder) count() int {
	n := d.uvarint()
	if n > uint64(len(d.s)) {
		d.bad, d.s = true, ""
		return 0
	}
	return int(n)
}

func (d *decoder) time() time.Time {
	us := d.varint()
	if us == 0 {
		return time.Time{}
	}
	if us > 0 {
		us--
	}
	return Micros(time.UnixMicro(us))
}

func (d *decoder) twoTexts() twoTexts {
	t := twoTexts(d.string())
	d.bad = d.bad || !t.sound()
	return t
}

func (d *decoder) verification(flags byte) Verification {
	if flags&0x40 == 0 {
		return Verification{}
	}
	start := d.s
	method, at, by := d.string(), d.time(), d.string()
	v := Verification{start[:len(start)-len(d.s)]}
	d.bad = d.bad || v != NewVerification(method, at, by)
	return v
}
