package linkage

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"
)

//go:embed names.txt
var nameText string

// shippedRecords is the size of the book that the shipped model has in mind.
const shippedRecords = 20_000

// Shipped is the model for records that are compared as they come, not as a
// table: the beliefs of [Prior], and common names. It must not be altered.
var Shipped = sync.OnceValue(func() *Model {
	m := Prior()
	m.Records, m.Pairs, m.Home = shippedRecords, 0.1, 2.5
	for k := range ties {
		m.Ties[k] = goTogether
	}
	m.Alike = likely
	for _, f := range [...]Field{Given, Family} {
		m.Common[f] = map[string]float64{}
	}
	for line := range strings.Lines(nameText) {
		w := strings.Fields(line)
		if len(w) != 3 || w[0] == "#" {
			continue
		}
		n, err := strconv.ParseFloat(w[2], 64)
		if err != nil {
			continue
		}
		if w[0] == "g" {
			m.Common[Given][w[1]] = n / 1e6
		} else {
			m.Common[Family][w[1]] = n / 1e6
		}
	}
	return m
})

// goTogether are the bits by which names are believed to go with names and
// places in a book.
const goTogether = 2

// likely is what likenesses are believed to say at most: about what was learnt
// from generated contacts of many countries (see [Model.likenesses]).
var likely = [Fields][Levels]float32{
	//       equal variant typo partial loose
	Email:    {0, 0, 6.5, 12, 3.5, 6.5},
	Phone:    {0, 0, 20, 20, 14, 9},
	Date:     {0, 0, 20, 9, 8, 3.5},
	Street:   {0, 0, 11, 5, 7, 3},
	City:     {0, 0, 20, 11, 12, 12},
	Region:   {0, 0, 12, 8, 12, 6},
	Postcode: {0, 0, 12, 6, 6, 12},
	Country:  {0, 0, 8, 8, 8, 2.5},
	Company:  {0, 0, 10, 10, 4.5, 4.5},
	Title:    {0, 0, 4, 10, 7, 5},
	Text:     {0, 0, 8, 8, 5, 4},
	Org:      {0, 0, 12, 10, 6, 4},
}

// usual is how common a value of a field is believed to be at least, where a
// model does not know better: contacts of one book are from few places, and of
// few trades.
var usual = [Fields]float64{City: 1. / 40, Region: 1. / 12, Postcode: 1. / 400, Country: 1. / 4, Company: 1. / 2000, Title: 1. / 50, Text: 1. / 100, Street: 1. / 10_000, Org: 1. / 10_000}

// usualWord is the same of one word of a value.
var usualWord = [Fields]float64{Street: 1. / 100, Company: 1. / 100, Title: 1. / 30, Text: 1. / 50, Org: 1. / 100}
