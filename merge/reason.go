package merge

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/internal/linkage"
)

// Scores from which a pair is possible, and the same.
const (
	scorePossible = 0.5
	scoreSame     = 0.95
)

func probability(bits float32) float64 {
	return math.Round(1e4*linkage.Probability(bits)) / 1e4
}

// pair explains an edge. Its verdict is zero where there is too little to
// suspect anything.
func (m *Matches) pair(e linkage.Edge) Pair {
	j := m.found.Judge(e.A, e.B)
	p := Pair{A: m.ids[e.A], B: m.ids[e.B], Score: probability(j.Bits)}
	p.Reasons = reasons(&j, m.counted())
	keyed := j.Evidence.Level[linkage.Email] == linkage.Equal || j.Evidence.Level[linkage.Phone] == linkage.Equal || (j.Evidence.Level[linkage.Proof] == linkage.Equal || j.Evidence.Level[linkage.Proof] == linkage.Variant)
	switch {
	case p.A == p.B:
	case p.Score >= scoreSame:
		p.Verdict = Same
	case p.Score >= scorePossible:
		p.Verdict = Possible
	case keyed:
		p.Verdict = Related
	}
	return p
}

// counted is how many records the model has counted the values of: by the
// shipped one they were never counted anywhere near.
func (m *Matches) counted() int {
	switch {
	case m.found.Model == linkage.Shipped():
		return 0
	case m.found.Model.Records > 0:
		return m.found.Model.Records
	}
	return len(m.ids)
}

// fieldNames are the fields as reasons name them.
var fieldNames = map[linkage.Field]string{
	linkage.Given: "first_name", linkage.Family: "last_name", linkage.Middle: "middle_name", linkage.Org: "name", linkage.Date: "birthdate",
	linkage.Identifier: "identifier", linkage.Street: "street", linkage.City: "city", linkage.Region: "region", linkage.Postcode: "postcode",
	linkage.Country: "country", linkage.Company: "company", linkage.Title: "job_title", linkage.Text: "text", linkage.Suffix: "name_suffix", linkage.Proof: "proof",
}

// told are the fields in plain words.
var told = map[linkage.Field]string{
	linkage.Given: "first name", linkage.Family: "last name", linkage.Middle: "middle name", linkage.Org: "name", linkage.Email: "email address",
	linkage.Phone: "phone number", linkage.Date: "date", linkage.Identifier: "identifier", linkage.Street: "street", linkage.City: "city",
	linkage.Region: "region", linkage.Postcode: "postcode", linkage.Country: "country", linkage.Company: "company", linkage.Title: "title", linkage.Text: "text",
}

var howNames = map[linkage.Level]string{
	linkage.Equal: "equal", linkage.Variant: "variant", linkage.Typo: "typo", linkage.Partial: "partly", linkage.Loose: "alike", linkage.Differ: "different",
}

// reasons tells what a judgement is made of, the strongest first. The weights
// and the first guess add up to the score. Shares are told as facts as far as
// they can follow from what was counted.
func reasons(j *linkage.Judgement, counted int) []Reason {
	var out []Reason
	for f := range linkage.Fields {
		l := j.Evidence.Level[f]
		w := math.Round(float64(j.Fields[f])*10) / 10
		if l == linkage.Missing || w == 0 && l != linkage.Equal {
			continue
		}
		r := Reason{Field: fieldNames[f], How: howNames[l], Weight: w}
		switch f {
		case linkage.Email, linkage.Phone:
			r.Field = ""
			r.Key = contacts.EmailKey
			if f == linkage.Phone {
				r.Key = contacts.PhoneKey
			}
			if l == linkage.Equal && j.Evidence.Shared[f] {
				r.How = "shared"
			}
		case linkage.Proof:
			switch l {
			case linkage.Equal:
				r.Field = "external_ids"
			case linkage.Variant:
				r.Field, r.How = "identifier", "verified"
			default:
				r.Field = "external_ids"
			}
		}
		if (f == linkage.Given || f == linkage.Family) && j.Evidence.Swapped {
			r.How = "swapped"
		}
		r.Says = says(f, r.How, l, j, counted)
		out = append(out, r)
	}
	slices.SortStableFunc(out, func(a, b Reason) int {
		return cmp.Or(cmp.Compare(math.Abs(b.Weight), math.Abs(a.Weight)), cmp.Compare(a.Key, b.Key), cmp.Compare(a.Field, b.Field))
	})
	if j.Story != linkage.Chance && math.Abs(float64(j.Taken)) >= 0.05 {
		name := storyNames[j.Story]
		out = append(out, Reason{Field: name[0], How: "shared", Weight: math.Round(float64(j.Taken)*10) / 10, Says: name[1]})
	}
	guess := "of any two, about 1 in " + rounded(math.Exp2(-float64(j.Prior))) + " are one and the same"
	if counted == 0 {
		guess = "of any two, 1 in " + rounded(math.Exp2(-float64(j.Prior))) + " is assumed to be one and the same"
	}
	return append(out, Reason{Field: "any_two", How: "prior", Weight: math.Round(float64(j.Prior)*10) / 10, Says: guess})
}

var storyNames = map[linkage.Story][2]string{
	linkage.Household: {"household", "people of one household share a phone, an address and a name: what they share counts for little"},
	linkage.Workplace: {"workplace", "people of one office share a company, a phone and an address: what they share counts for little"},
	linkage.Letterbox: {"mailbox", "a mailbox may be used by several people: the address counts for little"},
}

// says puts a finding into words.
func says(f linkage.Field, how string, l linkage.Level, j *linkage.Judgement, counted int) string {
	name := told[f]
	switch {
	case f == linkage.Proof && l == linkage.Equal:
		return "another system knows them by the same id"
	case f == linkage.Proof && l == linkage.Variant:
		return "it was verified on both sides"
	case f == linkage.Proof:
		return "another system knows them by different ids"
	case f == linkage.Suffix && l == linkage.Differ:
		return "one is Jr and the other Sr, or the like: father and son"
	case f == linkage.Suffix:
		return "both are Jr or Sr"
	case how == "shared":
		return "the same " + name + ", but many have it"
	case how == "swapped":
		if f == linkage.Given {
			return "the first name of one is the last name of the other"
		}
		return "the last name of one is the first name of the other"
	case l == linkage.Equal:
		return "the same " + name + rarity(float64(j.Evidence.Info[f]), counted)
	case l == linkage.Differ:
		return "another " + name
	case l == linkage.Typo:
		return "the " + name + " differs by a slip of the pen" + rarity(float64(j.Evidence.Info[f]), counted)
	}
	switch f {
	case linkage.Given:
		if l == linkage.Partial {
			return "the initial of the first name is the same"
		}
		if l == linkage.Variant {
			return "one first name is a form of the other"
		}
	case linkage.Family:
		if l == linkage.Variant {
			return "one last name is a part of the other"
		}
		if l == linkage.Partial {
			return "the initial of the last name is the same"
		}
	case linkage.Date:
		return "parts of the date are the same"
	case linkage.Email:
		switch l {
		case linkage.Variant:
			return "the same mailbox name at another host"
		case linkage.Partial:
			return "another mailbox at the same host"
		}
	case linkage.Phone:
		if l == linkage.Partial {
			return "another extension of the same number"
		}
	}
	return "the " + name + " is alike in part"
}

// rarity is how many have a value, in words. A share that is less than one of
// those counted is an assumption.
func rarity(bits float64, counted int) string {
	switch share := math.Exp2(bits); {
	case bits < 1:
		return ""
	case share > float64(counted):
		return ", which 1 in " + rounded(share) + " is assumed to have"
	default:
		return ", which about 1 in " + rounded(share) + " has"
	}
}

// rounded is a number with two digits that count.
func rounded(x float64) string {
	if x < 10 {
		return strconv.Itoa(int(math.Round(x)))
	}
	p := math.Pow(10, math.Floor(math.Log10(x))-1)
	n := math.Round(x/p) * p
	switch {
	case n >= 1e9:
		return "a billion or more"
	case n >= 1e6:
		return fmt.Sprintf("%g million", math.Round(n/1e5)/10)
	}
	return strconv.Itoa(int(n))
}
