package contacts

import (
	"iter"
	"strings"
)

// enum is the shared behaviour of the closed lists below: names[v-1] is the
// name of the value v, the zero value is absent.
func enumName[E ~uint8](names []string, v E) string {
	if v == 0 || int(v) > len(names) {
		return ""
	}
	return names[v-1]
}

func enumParse[E ~uint8](names []string, s, code string, alias map[string]E) (E, error) {
	for i, n := range names {
		if n == s {
			return E(i + 1), nil
		}
	}
	t := strings.TrimSpace(s)
	if t == "" {
		return 0, nil
	}
	for i, n := range names {
		if strings.EqualFold(n, t) {
			return E(i + 1), nil
		}
	}
	if v, ok := alias[strings.ToLower(t)]; ok {
		return v, nil
	}
	return 0, &ValueError{Code: code, Hint: "one of " + strings.Join(names, ", ")}
}

func enumAll[E ~uint8](names []string) iter.Seq[E] {
	return func(yield func(E) bool) {
		for i := range names {
			if !yield(E(i + 1)) {
				return
			}
		}
	}
}

// Level is a contact's tier with the business target: the CEO is Primary, the
// CEO's assistant Secondary. The default on entry is Primary.
type Level uint8

// The levels.
const (
	Primary Level = iota + 1
	Secondary
	Tertiary
)

var levelNames = []string{"Primary", "Secondary", "Tertiary"}

// ParseLevel reads a level's name in any case. Empty text is the zero Level;
// anything else is a *[ValueError] with the code level_unknown.
func ParseLevel(s string) (Level, error) {
	return enumParse[Level](levelNames, s, "level_unknown", nil)
}

// Levels yields all levels in order.
func Levels() iter.Seq[Level] { return enumAll[Level](levelNames) }

// String is the level's name, empty for the zero Level.
func (v Level) String() string { return enumName(levelNames, v) }

// IsZero reports whether the level is absent.
func (v Level) IsZero() bool { return v == 0 }

// MarshalText returns the level's name.
func (v Level) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// UnmarshalText reads what [ParseLevel] reads.
func (v *Level) UnmarshalText(b []byte) (err error) { *v, err = ParseLevel(string(b)); return err }

// Type is the commercial standing of a contact. The default on entry is Lead.
type Type uint8

// The types.
const (
	Lead Type = iota + 1
	Customer
	Prospect
	Others
)

var (
	typeNames   = []string{"Lead", "Customer", "Prospect", "Others"}
	typeAliases = map[string]Type{"other": Others, "leads": Lead, "customers": Customer, "prospects": Prospect}
)

// ParseType reads a type's name in any case; Other is read as Others. Empty
// text is the zero Type; anything else is a *[ValueError] with the code
// type_unknown.
func ParseType(s string) (Type, error) {
	return enumParse(typeNames, s, "type_unknown", typeAliases)
}

// Types yields all types in order.
func Types() iter.Seq[Type] { return enumAll[Type](typeNames) }

// String is the type's name, empty for the zero Type.
func (v Type) String() string { return enumName(typeNames, v) }

// IsZero reports whether the type is absent.
func (v Type) IsZero() bool { return v == 0 }

// MarshalText returns the type's name.
func (v Type) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// UnmarshalText reads what [ParseType] reads.
func (v *Type) UnmarshalText(b []byte) (err error) { *v, err = ParseType(string(b)); return err }

// PhoneKind says what a phone number is for.
type PhoneKind uint8

// The kinds of phone numbers.
const (
	MobilePhone PhoneKind = iota + 1
	WorkPhone
	HomePhone
	OtherPhone
)

var (
	phoneKindNames   = []string{"mobile", "work", "home", "other"}
	phoneKindAliases = map[string]PhoneKind{"others": OtherPhone, "cell": MobilePhone, "business": WorkPhone}
)

// ParsePhoneKind reads a kind's name in any case. Empty text is the zero
// PhoneKind; anything else is a *[ValueError] with the code
// phone_kind_unknown.
func ParsePhoneKind(s string) (PhoneKind, error) {
	return enumParse(phoneKindNames, s, "phone_kind_unknown", phoneKindAliases)
}

// PhoneKinds yields all kinds in order.
func PhoneKinds() iter.Seq[PhoneKind] { return enumAll[PhoneKind](phoneKindNames) }

// String is the kind's name, empty for the zero PhoneKind.
func (v PhoneKind) String() string { return enumName(phoneKindNames, v) }

// IsZero reports whether the kind is absent.
func (v PhoneKind) IsZero() bool { return v == 0 }

// MarshalText returns the kind's name.
func (v PhoneKind) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// UnmarshalText reads what [ParsePhoneKind] reads.
func (v *PhoneKind) UnmarshalText(b []byte) (err error) {
	*v, err = ParsePhoneKind(string(b))
	return err
}

// EmailKind says what an email address is for.
type EmailKind uint8

// The kinds of email addresses.
const (
	WorkEmail EmailKind = iota + 1
	PersonalEmail
	OtherEmail
)

var (
	emailKindNames   = []string{"work", "personal", "other"}
	emailKindAliases = map[string]EmailKind{"others": OtherEmail, "home": PersonalEmail, "business": WorkEmail}
)

// ParseEmailKind reads a kind's name in any case. Empty text is the zero
// EmailKind; anything else is a *[ValueError] with the code
// email_kind_unknown.
func ParseEmailKind(s string) (EmailKind, error) {
	return enumParse(emailKindNames, s, "email_kind_unknown", emailKindAliases)
}

// EmailKinds yields all kinds in order.
func EmailKinds() iter.Seq[EmailKind] { return enumAll[EmailKind](emailKindNames) }

// String is the kind's name, empty for the zero EmailKind.
func (v EmailKind) String() string { return enumName(emailKindNames, v) }

// IsZero reports whether the kind is absent.
func (v EmailKind) IsZero() bool { return v == 0 }

// MarshalText returns the kind's name.
func (v EmailKind) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// UnmarshalText reads what [ParseEmailKind] reads.
func (v *EmailKind) UnmarshalText(b []byte) (err error) {
	*v, err = ParseEmailKind(string(b))
	return err
}

// Channel is a social messaging channel.
type Channel uint8

// The channels.
const (
	Facebook Channel = iota + 1
	WhatsApp
	WeChat
	LINE
	Twitter
	LinkedIn
	WoztellWhatsApp
	WoztellFacebook
	WoztellInstagram
)

var (
	channelNames = []string{"facebook", "whatsapp", "wechat", "line", "twitter", "linkedin",
		"woztell_whatsapp", "woztell_facebook", "woztell_instagram"}
	channelAliases = map[string]Channel{"messenger": Facebook, "x": Twitter}
)

// ParseChannel reads a channel's name in any case; Messenger is read as
// facebook. Empty text is the zero Channel; anything else is a *[ValueError]
// with the code channel_unknown.
func ParseChannel(s string) (Channel, error) {
	return enumParse(channelNames, s, "channel_unknown", channelAliases)
}

// Channels yields all channels in order.
func Channels() iter.Seq[Channel] { return enumAll[Channel](channelNames) }

// String is the channel's name, empty for the zero Channel.
func (v Channel) String() string { return enumName(channelNames, v) }

// IsZero reports whether the channel is absent.
func (v Channel) IsZero() bool { return v == 0 }

// MarshalText returns the channel's name.
func (v Channel) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// UnmarshalText reads what [ParseChannel] reads.
func (v *Channel) UnmarshalText(b []byte) (err error) { *v, err = ParseChannel(string(b)); return err }

var stateNames = []string{"live", "deleted", "merged", "erased"}

// ParseState reads a state's name. Empty text is Live; an unknown one is a
// *[ValueError] with the code state_unknown.
func ParseState(s string) (State, error) {
	v, err := enumParse[State](stateNames, s, "state_unknown", nil)
	return max(v, 1) - 1, err
}

// String is the state's name.
func (s State) String() string { return enumName(stateNames, s+1) }

// MarshalText returns the state's name.
func (s State) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what [ParseState] reads.
func (s *State) UnmarshalText(b []byte) (err error) { *s, err = ParseState(string(b)); return err }
