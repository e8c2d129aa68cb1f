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
	m.Records = shippedRecords
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
