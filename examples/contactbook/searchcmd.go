package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/search"
	"github.com/extcontacts/extcontacts/store"
)

const queryHelp = `
A query is free words and conditions, all of which must hold:

  acme label:VIP country=HK created>=-30d
  smith OR jones          "hong kong"          -type=Lead          email:@example.com
  company:acme*           birthdate<1990       city in (Paris, Lyon)    sort:-updated_at
  created:last 7 days     *dupont*             act:ID  source:FILE      verified:yes

Free words are looked for in names, companies, email addresses and labels,
digits in phone numbers too. They may have a typing error from four letters
on; "quoted" words and word* may not. docs/search.md has the whole language.
Quote the query from the shell.`

var pageFlags = []flagDef{
	{name: "limit", arg: "N", help: "print at most N contacts, all with 0; a cursor for the next ones goes to standard error"},
	{name: "cursor", arg: "C", help: "go on behind an earlier answer"},
}

func listCommand() *command {
	return &command{name: "list", does: "Lists all contacts", flags: pageFlags, run: runSearch}
}

func searchCommand() *command {
	return &command{name: "search", operands: "[QUERY]", does: "Finds contacts, the best match first", more: queryHelp, max: -1, query: true,
		flags: append(pageFlags[:2:2],
			flagDef{name: "explain", help: "say why each contact matched: field, part and rule"},
			flagDef{name: "facets", arg: "FIELDS", help: "count the values of fields among the matches, such as label,country, instead of listing them"},
			flagDef{name: "exact", help: "forgive no typing errors and take no letters for initials"},
			flagDef{name: "nicknames", help: "let bob find Robert"},
			flagDef{name: "index", arg: "FILE", help: "search by an index kept in this file, which follows the contact book"}), run: runSearch}
}

// found is a contact of an answer in JSON, with the reasons where asked for.
type found struct {
	*contacts.Contact
	Match []matchReason `json:"match,omitempty"`
}

type matchReason struct {
	Field string `json:"field"`
	Rule  string `json:"rule"`
	Text  string `json:"text,omitempty"`
	Start int    `json:"start,omitempty"`
	End   int    `json:"end,omitempty"`
}

func runSearch(ctx context.Context, c *call) error {
	limit, err := c.flags.number("limit")
	if err != nil {
		return err
	}
	query := strings.Join(c.args, " ")
	if list := c.flags.text("facets"); list != "" {
		return runFacets(ctx, c, query, strings.Split(list, ","))
	}
	explain := c.flags.has("explain")
	extra := []string{}
	if explain {
		extra = append(extra, "WHY")
	}
	t := c.contactTable(extra...)
	show := func(d *contacts.Contact, why []search.Reason) error {
		switch {
		case c.json:
			return c.line(found{d, reasonsJSON(why)})
		case explain:
			t.row(contactCells(d, reasonsText(why))...)
		default:
			t.row(contactCells(d)...)
		}
		return nil
	}
	n, next := 0, c.flags.text("cursor")
	if limit == 0 && next == "" && !explain && !c.flags.has("exact") && !c.flags.has("nicknames") {
		for d, err := range c.session.Search(ctx, query) {
			if err != nil {
				return searchError(query, err)
			}
			if err := show(d, nil); err != nil {
				return err
			}
			n++
		}
	} else if n, next, err = c.searchPages(ctx, query, limit, next, show); err != nil {
		return err
	}
	if err := t.end(); err != nil {
		return err
	}
	if !c.json {
		c.note("%s.", counted(n, "contact"))
	}
	if next != "" {
		c.note("There are more: --cursor %s", next)
	}
	return nil
}

// searchPages shows up to limit contacts, all where it is zero, behind the
// cursor, and returns how many and the cursor behind them.
func (c *call) searchPages(ctx context.Context, query string, limit int, cursor string, show func(*contacts.Contact, []search.Reason) error) (int, string, error) {
	page := extcontacts.PageOptions{Limit: store.MaxSearchLimit, Cursor: cursor, Explain: c.flags.has("explain"),
		Exact: c.flags.has("exact"), Nicknames: c.flags.has("nicknames")}
	for n := 0; ; {
		if limit > 0 {
			page.Limit = min(store.MaxSearchLimit, limit-n)
		}
		res, err := c.session.SearchPage(ctx, query, page)
		var field *contacts.FieldError
		if errors.As(err, &field) && field.Code == "cursor_invalid" {
			return n, "", usagef("the cursor is not one of this query in this workspace")
		}
		if err != nil {
			return n, "", searchError(query, err)
		}
		for _, hit := range res.Hits {
			if err := show(hit.Contact, hit.Match.Reasons); err != nil {
				return n, "", err
			}
			n++
		}
		if page.Cursor = res.Next; page.Cursor == "" || limit > 0 && n >= limit {
			return n, page.Cursor, nil
		}
	}
}

// searchError shows where in the query the fault is.
func searchError(query string, err error) error {
	e, ok := err.(*search.SyntaxError)
	if ok && e.Code == "too_long" {
		return usagef("the query is %s", words(e.Code, e.Hint))
	}
	if !ok || e.End <= e.Offset || e.End > len(query) {
		return err
	}
	return usagef("the query cannot be understood at %s: %s", excerpt(query[e.Offset:e.End]), words(e.Code, e.Hint))
}

func reasonsJSON(rs []search.Reason) []matchReason {
	out := make([]matchReason, len(rs))
	for i, r := range rs {
		out[i] = matchReason(r)
	}
	return out
}

func reasonsText(rs []search.Reason) string {
	parts := make([]string, len(rs))
	for i, r := range rs {
		parts[i] = r.Field + " " + r.Rule
		if r.Text != "" && r.Start < r.End && r.End <= len(r.Text) {
			parts[i] = r.Field + ` "` + r.Text[r.Start:r.End] + `" ` + r.Rule
		}
	}
	return strings.Join(parts, "; ")
}

// facetReport is the answer of search --facets in JSON.
type facetReport struct {
	Count  int         `json:"count"`
	Facets []facetJSON `json:"facets"`
}

type facetJSON struct {
	Field   string      `json:"field"`
	Values  []valueJSON `json:"values"`
	Without int         `json:"without"`
}

type valueJSON struct {
	Value string `json:"value"`
	Count int    `json:"count"`
}

func runFacets(ctx context.Context, c *call, query string, fields []string) error {
	for i := range fields {
		fields[i] = strings.TrimSpace(fields[i])
	}
	total, facets, err := c.session.Facets(ctx, query, fields...)
	var syntax *search.SyntaxError
	if errors.As(err, &syntax) && syntax.Code == "unknown_field" && syntax.End == 0 {
		return usagef("--facets names no field of contacts: %s", syntax.Hint)
	}
	if err != nil {
		return searchError(query, err)
	}
	if c.json {
		rep := facetReport{Count: total, Facets: []facetJSON{}}
		for _, f := range facets {
			j := facetJSON{Field: f.Field, Values: []valueJSON{}, Without: f.Without}
			for _, v := range f.Values {
				j.Values = append(j.Values, valueJSON(v))
			}
			rep.Facets = append(rep.Facets, j)
		}
		return c.line(rep)
	}
	for _, f := range facets {
		c.printf("%s\n", f.Field)
		for _, v := range f.Values {
			c.printf("%8d  %s\n", v.Count, plain(v.Value))
		}
		if f.Without > 0 {
			c.printf("%8d  (none)\n", f.Without)
		}
	}
	c.note("%s.", counted(total, "contact"))
	return nil
}

// openIndex opens the index in the file that --index names, or makes it.
func (c *call) openIndex(ctx context.Context, st store.Store, name string) (*store.Index, error) {
	var o store.IndexOptions
	if f, err := os.Open(name); err == nil {
		defer f.Close()
		o.Snapshot = f
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return store.OpenIndex(ctx, st, c.workspace, o)
}

// saveIndex writes the index where it has changed, beside the file and then
// over it.
func saveIndex(x *store.Index, name string) error {
	if !x.Changed() {
		return nil
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".index-*")
	if err != nil {
		return err
	}
	err = errors.Join(x.Save(f), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		err = errors.Join(err, os.Remove(f.Name()))
	}
	return err
}
