// Package data holds the example file of the project: 300 contacts of several
// scripts and countries, with duplicates, and two rows that an import rejects.
// Nobody in it exists.
package data

import _ "embed"

// Contacts is the file contacts.csv.
//
//go:embed contacts.csv
var Contacts string
