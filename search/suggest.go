package search

import "strings"

// suggest returns the known name nearest to what was typed, as a hint: within
// one typing error for short names, two for longer ones.
func suggest(typed string, names []string) string {
	typed = strings.ToLower(typed)
	limit := 1
	if len(typed) > 5 {
		limit = 2
	}
	best, at := "", limit+1
	for _, name := range names {
		if d := distance(typed, name, at); d < at {
			best, at = name, d
		}
	}
	if best == "" {
		return `no field has this name; put text with a colon into quotes`
	}
	return "did you mean " + best + "?"
}

// distance is the number of inserted, dropped, replaced or swapped bytes that
// turn a into b (optimal string alignment), or limit where it is not less.
func distance(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	before, prev, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(prev[j]+1, row[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, prev, row = prev, row, before
	}
	return min(prev[len(b)], limit)
}
