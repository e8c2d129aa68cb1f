package csvio

import (
	"iter"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"

	"github.com/extcontacts/extcontacts/contacts"
)

// Encoding is the character encoding of a CSV file.
type Encoding uint8

// The encodings that can be read. EncodingAuto is the zero value: a byte order mark decides, then the
// pattern of UTF-16 text without one, and otherwise it is UTF-8. An encoding behind UTF16BE is used only where it is
// declared, never by a guess: rows of an undeclared file that are no UTF-8 are refused with [CodeInvalidUTF8], and
// [Evidence] tells it beforehand.
//
// What the names stand for is as in the WHATWG Encoding Standard, which follows the programs that write such files:
// "latin1" is Windows-1252, "gb2312" and "gbk" are GB18030, "euc-kr" is the larger code page 949.
const (
	EncodingAuto Encoding = iota
	UTF8
	UTF16LE
	UTF16BE
	Windows1252
	Windows1250
	Windows1251
	Windows1253
	Windows1254
	Windows1255
	Windows1256
	Windows1257
	Windows1258
	Windows874
	ISO8859Part2
	ISO8859Part3
	ISO8859Part4
	ISO8859Part5
	ISO8859Part6
	ISO8859Part7
	ISO8859Part8
	ISO8859Part10
	ISO8859Part13
	ISO8859Part14
	ISO8859Part15
	ISO8859Part16
	KOI8R
	KOI8U
	Macintosh
	MacCyrillic
	IBM437
	IBM850
	IBM852
	IBM855
	IBM858
	IBM866
	Big5
	GB18030
	ShiftJIS
	EUCJP
	ISO2022JP
	EUCKR
	encodings // how many there are
)

// encodingNames are the names of each encoding, the one that String returns first. The names that differ from it in
// punctuation and case only are not listed.
var encodingNames = [encodings]string{
	EncodingAuto:  "auto",
	UTF8:          "utf-8 unicode-1-1-utf-8 x-unicode20utf8 65001",
	UTF16LE:       "utf-16le utf-16 ucs-2 unicode iso-10646-ucs-2 csunicode unicodefeff",
	UTF16BE:       "utf-16be unicodefffe",
	Windows1252:   "windows-1252 cp1252 x-cp1252 latin1 l1 iso-8859-1 iso-ir-100 csisolatin1 cp819 ibm819 ascii us-ascii ansi ansi_x3.4-1968",
	Windows1250:   "windows-1250 cp1250 x-cp1250",
	Windows1251:   "windows-1251 cp1251 x-cp1251",
	Windows1253:   "windows-1253 cp1253 x-cp1253",
	Windows1254:   "windows-1254 cp1254 x-cp1254 latin5 l5 iso-8859-9 iso-ir-148 csisolatin5",
	Windows1255:   "windows-1255 cp1255 x-cp1255",
	Windows1256:   "windows-1256 cp1256 x-cp1256",
	Windows1257:   "windows-1257 cp1257 x-cp1257",
	Windows1258:   "windows-1258 cp1258 x-cp1258",
	Windows874:    "windows-874 cp874 dos-874 tis-620 iso-8859-11",
	ISO8859Part2:  "iso-8859-2 latin2 l2 iso-ir-101 csisolatin2",
	ISO8859Part3:  "iso-8859-3 latin3 l3 iso-ir-109 csisolatin3",
	ISO8859Part4:  "iso-8859-4 latin4 l4 iso-ir-110 csisolatin4",
	ISO8859Part5:  "iso-8859-5 cyrillic iso-ir-144 csisolatincyrillic",
	ISO8859Part6:  "iso-8859-6 arabic asmo-708 ecma-114 iso-ir-127 csisolatinarabic",
	ISO8859Part7:  "iso-8859-7 greek greek8 elot_928 ecma-118 iso-ir-126 csisolatingreek sun_eu_greek",
	ISO8859Part8:  "iso-8859-8 hebrew visual logical iso-8859-8-i iso-8859-8-e csiso88598i iso-ir-138 csisolatinhebrew",
	ISO8859Part10: "iso-8859-10 latin6 l6 iso-ir-157 csisolatin6",
	ISO8859Part13: "iso-8859-13 latin7",
	ISO8859Part14: "iso-8859-14 latin8",
	ISO8859Part15: "iso-8859-15 latin9 l9 csisolatin9",
	ISO8859Part16: "iso-8859-16 latin10",
	KOI8R:         "koi8-r koi8 koi cskoi8r",
	KOI8U:         "koi8-u koi8-ru",
	Macintosh:     "macintosh mac x-mac-roman macroman csmacintosh",
	MacCyrillic:   "x-mac-cyrillic maccyrillic x-mac-ukrainian",
	IBM437:        "ibm437 cp437 437",
	IBM850:        "ibm850 cp850 850",
	IBM852:        "ibm852 cp852 852",
	IBM855:        "ibm855 cp855 855",
	IBM858:        "ibm858 cp858 ibm00858",
	IBM866:        "ibm866 cp866 866 csibm866",
	Big5:          "big5 big5-hkscs cn-big5 csbig5 x-x-big5 cp950 950",
	GB18030:       "gb18030 gbk gb2312 gb_2312-80 x-gbk chinese csgb2312 iso-ir-58 cp936 936",
	ShiftJIS:      "shift_jis sjis x-sjis ms_kanji ms932 csshiftjis windows-31j cp932 932",
	EUCJP:         "euc-jp x-euc-jp cseucpkdfmtjapanese",
	ISO2022JP:     "iso-2022-jp csiso2022jp",
	EUCKR:         "euc-kr cseuckr korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 iso-ir-149 csksc56011987 windows-949 cp949 949",
}

// ParseEncoding reads the name of an encoding: those of the WHATWG Encoding Standard and of the IANA registry that name one of
// ours, and the numbers of code pages ("cp950"). Case, hyphens and underscores make no difference; "" and "auto" are
// EncodingAuto. The error is a [*contacts.ValueError] with the code encoding_unknown.
func ParseEncoding(name string) (Encoding, error) {
	key := foldEncoding(name)
	if key == "" {
		return EncodingAuto, nil
	}
	for e, names := range encodingNames {
		for n := range strings.SplitSeq(names, " ") {
			if foldEncoding(n) == key {
				return Encoding(e), nil
			}
		}
	}
	return EncodingAuto, &contacts.ValueError{Code: "encoding_unknown",
		Hint: "utf-8, utf-16le, windows-1252, iso-8859-2, koi8-r, big5, gb18030, shift_jis, euc-kr or another of Encodings"}
}

func foldEncoding(name string) string {
	return strings.NewReplacer("-", "", "_", "", ".", "").Replace(strings.ToLower(strings.TrimSpace(name)))
}

// Encodings yields every encoding that can be declared.
func Encodings() iter.Seq[Encoding] {
	return func(yield func(Encoding) bool) {
		for e := UTF8; e < encodings; e++ {
			if !yield(e) {
				return
			}
		}
	}
}

// String returns the usual name of the encoding in lower case, "auto" for EncodingAuto. [ParseEncoding] reads it.
func (e Encoding) String() string {
	if e >= encodings {
		return "unknown"
	}
	name, _, _ := strings.Cut(encodingNames[e], " ")
	return name
}

// MarshalText returns String.
func (e Encoding) MarshalText() ([]byte, error) { return []byte(e.String()), nil }

// UnmarshalText reads what [ParseEncoding] reads.
func (e *Encoding) UnmarshalText(text []byte) error {
	parsed, err := ParseEncoding(string(text))
	if err == nil {
		*e = parsed
	}
	return err
}

// isLegacy reports whether the encoding is none of Unicode's own.
func (e Encoding) isLegacy() bool { return e > UTF16BE && e < encodings }

// coding returns the tables of a legacy encoding, nil for the others.
func (e Encoding) coding() encoding.Encoding {
	switch e {
	case Windows1252:
		return charmap.Windows1252
	case Windows1250:
		return charmap.Windows1250
	case Windows1251:
		return charmap.Windows1251
	case Windows1253:
		return charmap.Windows1253
	case Windows1254:
		return charmap.Windows1254
	case Windows1255:
		return charmap.Windows1255
	case Windows1256:
		return charmap.Windows1256
	case Windows1257:
		return charmap.Windows1257
	case Windows1258:
		return charmap.Windows1258
	case Windows874:
		return charmap.Windows874
	case ISO8859Part2:
		return charmap.ISO8859_2
	case ISO8859Part3:
		return charmap.ISO8859_3
	case ISO8859Part4:
		return charmap.ISO8859_4
	case ISO8859Part5:
		return charmap.ISO8859_5
	case ISO8859Part6:
		return charmap.ISO8859_6
	case ISO8859Part7:
		return charmap.ISO8859_7
	case ISO8859Part8:
		return charmap.ISO8859_8
	case ISO8859Part10:
		return charmap.ISO8859_10
	case ISO8859Part13:
		return charmap.ISO8859_13
	case ISO8859Part14:
		return charmap.ISO8859_14
	case ISO8859Part15:
		return charmap.ISO8859_15
	case ISO8859Part16:
		return charmap.ISO8859_16
	case KOI8R:
		return charmap.KOI8R
	case KOI8U:
		return charmap.KOI8U
	case Macintosh:
		return charmap.Macintosh
	case MacCyrillic:
		return charmap.MacintoshCyrillic
	case IBM437:
		return charmap.CodePage437
	case IBM850:
		return charmap.CodePage850
	case IBM852:
		return charmap.CodePage852
	case IBM855:
		return charmap.CodePage855
	case IBM858:
		return charmap.CodePage858
	case IBM866:
		return charmap.CodePage866
	case Big5:
		return traditionalchinese.Big5
	case GB18030:
		return simplifiedchinese.GB18030
	case ShiftJIS:
		return japanese.ShiftJIS
	case EUCJP:
		return japanese.EUCJP
	case ISO2022JP:
		return japanese.ISO2022JP
	case EUCKR:
		return korean.EUCKR
	}
	return nil
}
