package linkage

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

//go:embed nicknames.txt
var nicknameText string

// formal maps a short form to the names it stands for, and each of these to
// itself.
var formal = sync.OnceValue(func() map[string][]string {
	m := make(map[string][]string, 2500)
	for line := range strings.Lines(nicknameText) {
		w := strings.Fields(line)
		if len(w) < 2 || w[0] == "#" {
			continue
		}
		for _, n := range w {
			if !slices.Contains(m[n], w[0]) {
				m[n] = append(m[n], w[0])
			}
		}
	}
	return m
})

// nicknames reports whether two given names may be forms of one.
func nicknames(a, b []string) bool {
	for _, x := range a {
		if slices.Contains(b, x) {
			return true
		}
	}
	return false
}
