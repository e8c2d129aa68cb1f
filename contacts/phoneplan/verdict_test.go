package phoneplan_test

import (
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"github.com/nyaruka/phonenumbers"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/contacts/phoneplan"
)

// verdict is what phonenumbers says of an international number: "" if it is valid and written as E.164 has it.
func verdict(s string) string {
	n, err := phonenumbers.Parse(s, "")
	switch {
	case err != nil, !phonenumbers.IsPossibleNumber(n):
		return "phone_not_possible"
	case !phonenumbers.IsValidNumber(n), phonenumbers.Format(n, phonenumbers.E164) != s:
		return "phone_not_valid"
	}
	return ""
}

// exampleNumbers are the example numbers of the metadata, of every region and type.
func exampleNumbers() []string {
	var all []string
	add := func(n *phonenumbers.PhoneNumber) {
		if n != nil {
			all = append(all, phonenumbers.Format(n, phonenumbers.E164))
		}
	}
	for region := range phonenumbers.GetSupportedRegions() {
		add(phonenumbers.GetExampleNumber(region))
		for t := phonenumbers.FIXED_LINE; t <= phonenumbers.VOICEMAIL; t++ {
			add(phonenumbers.GetExampleNumberForType(region, t))
		}
	}
	for code := range phonenumbers.GetSupportedGlobalNetworkCallingCodes() {
		add(phonenumbers.GetExampleNumberForNonGeoEntity(code))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// TestVerdicts: with the plan check on, a number is refused if and only if phonenumbers does not call it valid: the example numbers of
// every country, and numbers made of them by changing, dropping, doubling and adding digits. 10,000 of these; EXTCONTACTS_LONG=1
// makes it 1,000,000. Numbers of fewer than 8 digits are refused before the plan is asked, as the contact format demands.
func TestVerdicts(t *testing.T) {
	examples := exampleNumbers()
	if len(examples) < 1000 {
		t.Fatalf("%d example numbers", len(examples))
	}
	mutated := 10_000
	switch {
	case os.Getenv("EXTCONTACTS_LONG") != "":
		mutated = 1_000_000
	case testing.Short():
		mutated = 2_000
	}
	strict := contacts.ParseOptions{Plan: phoneplan.New(), StrictPhones: true}
	counts := map[string]int{}
	check := func(s string) {
		want := verdict(s)
		if p, err := contacts.ParsePhone(s); err == nil {
			if got := strict.Plan.Check(p); got != want {
				t.Errorf("Check(%q) = %q, phonenumbers says %q", s, got, want)
			}
		}
		p, err := strict.ParsePhone(s)
		got := code(err)
		switch {
		case got == "phone_too_short" && len(s) < 1+8, got == "phone_too_long" && len(s) > 1+20, got == "phone_bad_country_code":
			counts[got]++
			return // refused by the accepting rule
		case got != want || err == nil && p.Number() != s:
			t.Errorf("%q: %q %q, phonenumbers says %q", s, p, got, want)
		}
		counts[want]++
	}
	for _, s := range examples {
		check(s)
		if want := verdict(s); want != "" {
			t.Errorf("%s, an example, is %s", s, want)
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range mutated {
		check(mutate(r, examples[r.IntN(len(examples))]))
	}
	t.Log(len(examples), "examples,", mutated, "mutated,", counts)
	if counts[""] < len(examples)/2 || counts["phone_not_valid"] == 0 || counts["phone_not_possible"] == 0 {
		t.Error("the numbers are all of one sort")
	}
}

// mutate changes one to three digits of an E.164 number.
func mutate(r *rand.Rand, s string) string {
	b := []byte(s)
	for range 1 + r.IntN(3) {
		i := 1 + r.IntN(len(b)-1)
		digit := byte('0' + r.IntN(10))
		switch r.IntN(6) {
		case 0, 1, 2:
			b[i] = digit
		case 3:
			b = slices.Insert(b, i, digit)
		case 4:
			if len(b) > 4 {
				b = slices.Delete(b, i, i+1)
			}
		case 5:
			j := 1 + r.IntN(len(b)-1)
			b[i], b[j] = b[j], b[i]
		}
	}
	return string(b)
}
