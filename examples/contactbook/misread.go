package main

import (
	"context"
	"path/filepath"
	"strings"
)

// misread refuses a query that finds nobody and has the name of a file in it:
// it was meant as one. says is what to do with a file.
func (c *call) misread(ctx context.Context, query, says string) error {
	for word := range strings.FieldsSeq(query) {
		if !looksLikeFile(word) {
			continue
		}
		if n, err := c.session.Count(ctx, query); err != nil || n > 0 {
			return nil // the command itself says what is wrong
		}
		return usagef("nobody is found by %s, which is read as a query; "+says, excerpt(query), quote(word))
	}
	return nil
}

// looksLikeFile reports whether a word of a query is more likely the name of a
// file: conditions and patterns are none.
func looksLikeFile(word string) bool {
	switch strings.ToLower(filepath.Ext(word)) {
	case ".csv", ".tsv", ".txt":
		return filepath.IsAbs(word) || !strings.ContainsAny(word, `:=<>"*@`)
	}
	return filepath.IsAbs(word) || strings.HasPrefix(word, "./") || strings.HasPrefix(word, "../")
}
