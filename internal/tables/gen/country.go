package main

import (
	"bytes"
	"fmt"
	"log"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// more are the languages of a country besides the one CLDR thinks likeliest.
var more = map[string]string{
	"AF": "ps fa", "BE": "nl fr de", "CA": "fr", "CH": "de fr it rm", "CN": "zh-Hans zh-Hant", "CY": "el tr", "ES": "ca eu gl", "FI": "fi sv",
	"HK": "zh-Hant zh-Hans", "IE": "ga", "IL": "he ar", "IN": "hi bn ta te mr gu kn ml pa ur", "KE": "sw", "KZ": "kk ru", "LK": "si ta",
	"LU": "lb fr de", "MA": "ar fr", "MO": "zh-Hant zh-Hans pt", "MY": "ms zh-Hans ta", "NO": "nb nn", "PH": "fil", "PK": "ur", "SG": "zh-Hans ms ta",
	"TN": "ar fr", "DZ": "ar fr", "TW": "zh-Hant zh-Hans", "UA": "uk ru", "BY": "be ru", "ZA": "af zu xh", "BA": "bs hr sr", "ME": "sr-Latn sr",
	"RS": "sr sr-Latn", "MK": "mk sq", "XK": "sq", "IQ": "ar", "KR": "ko", "JP": "ja", "NZ": "mi", "GB": "cy gd", "CI": "fr", "CM": "fr",
}

// ambiguous are the names that two countries could claim, with the codes to choose from.
// A name here may not be a key of any country.
var ambiguous = map[string]string{
	"Korea": "KR or KP", "Virgin Islands": "VG or VI", "Republic of China": "CN or TW",
	"Guiana": "GF or GY", "Netherlands Antilles": "BQ, CW or SX", "Yugoslavia": "", "Czechoslovakia": "CZ or SK",
	"Serbia and Montenegro": "RS or ME", "USSR": "", "Soviet Union": "", "England": "GB", "Scotland": "GB", "Wales": "GB",
	"Northern Ireland": "GB", "Ireland (Northern)": "GB",
}

func countries(dir string) *bytes.Buffer {
	rows := readTable(filepath.Join(dir, "countries.tsv"), 5)
	names := keys{}
	english := display.English.Regions()
	for i, row := range rows {
		for _, name := range append([]string{row[2], row[3]}, split(row[4])...) {
			names.add(name, i, true)
			names.add(invert(name), i, false)
			if bare, _, ok := strings.Cut(name, " ("); ok && strings.HasSuffix(name, "part)") {
				names.add(bare, i, true)
			}
		}
		region := language.MustParseRegion(row[0])
		if region.ISO3() != row[1] {
			log.Fatalf("%s: %s here, %s in CLDR", row[0], row[1], region.ISO3())
		}
		names.add(english.Name(region), i, true)
	}
	// Native names come last: where one is another country's English name, English has it.
	for i, row := range rows {
		region := language.MustParseRegion(row[0])
		likely, _ := language.Compose(language.Und, region)
		base, script, _ := likely.Raw()
		if b, conf := likely.Base(); conf != language.No {
			base = b
		}
		if s, conf := likely.Script(); conf != language.No {
			script = s
		}
		tag, _ := language.Compose(base, script)
		for _, t := range append([]language.Tag{tag}, tags(more[row[0]])...) {
			if namer := display.Regions(t); namer != nil {
				names.add(namer.Name(region), i, false)
			}
		}
	}
	b := bytes.NewBufferString(source(dir, "countries.tsv", "region names"))
	fmt.Fprintf(b, "// countryRows are the %d entries of ISO 3166-1 in the order of alpha-2.\nvar countryRows = [...]countryRow{\n", len(rows))
	for _, row := range rows {
		fmt.Fprintf(b, "{%q, %q, %q},\n", row[0], row[1], row[2])
	}
	b.WriteString("}\n\n// countryIndex finds the row of an alpha-2 code: its place plus one.\nvar countryIndex = [26 * 26]uint8{")
	writeInts(b, index(rows))
	b.WriteString("}\n\n// countryAlpha3 are the alpha-3 codes in order, each with its row in the lowest byte.\nvar countryAlpha3 = [...]uint32{")
	byAlpha3 := make([]uint32, len(rows))
	for i, row := range rows {
		byAlpha3[i] = uint32(row[1][0])<<24 | uint32(row[1][1])<<16 | uint32(row[1][2])<<8 | uint32(i)
	}
	slices.Sort(byAlpha3)
	writeInts(b, byAlpha3)
	b.WriteString("}\n\n")
	names.write(b, "country", "countries")
	writeAmbiguous(b, names)
	return b
}

func writeAmbiguous(b *bytes.Buffer, names keys) {
	codes := map[string]string{}
	order := keys{}
	for name, code := range ambiguous {
		order.add(name, len(order), true)
		codes[string(fold(name))] = code
	}
	sorted := make([]string, 0, len(order))
	for key := range order {
		if row, taken := names[key]; taken {
			panic(fmt.Sprintf("%q is ambiguous and the name of row %d", key, row))
		}
		sorted = append(sorted, key)
	}
	slices.Sort(sorted)
	b.WriteString("\n// countryAmbiguous are folded names that mean several countries, a part of one, or one that is no more.\n" +
		"var countryAmbiguous = [...]struct{ key, codes string }{\n")
	for _, key := range sorted {
		fmt.Fprintf(b, "{%q, %q},\n", key, codes[key])
	}
	b.WriteString("}\n")
}

// invert makes "Korea, Republic of" out of "Republic of Korea".
func invert(name string) string {
	before, after, ok := strings.Cut(name, " of ")
	if !ok || strings.Contains(name, ",") || strings.Contains(name, "(") {
		return name
	}
	return strings.TrimPrefix(strings.TrimPrefix(after, "the "), "The ") + ", " + before + " of"
}

func split(aliases string) []string {
	if aliases == "" {
		return nil
	}
	return strings.Split(aliases, "|")
}

func tags(list string) []language.Tag {
	var out []language.Tag
	for _, s := range strings.Fields(list) {
		out = append(out, language.MustParse(s))
	}
	return out
}
