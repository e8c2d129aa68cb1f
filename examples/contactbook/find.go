package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/merge"
	"github.com/extcontacts/extcontacts/search"
	"github.com/extcontacts/extcontacts/store"
)

const queryHelp = `
A query is free words and conditions, all of which must hold:

  acme label:VIP country=HK created>=-30d
  smith OR jones          "hong kong"          -type=Lead          email:@example.com
  company:acme*           birthdate<1990       city in (Paris, Lyon)    sort:-updated_at

Free words are looked for in names, companies, email addresses and labels,
digits in phone numbers too. Quote the query from the shell.`

var pageFlags = []flagDef{
	{name: "limit", arg: "N", help: "print at most N contacts, all with 0; a cursor for the next ones goes to standard error"},
	{name: "cursor", arg: "C", help: "go on behind an earlier answer"},
}

func listCommand() *command {
	return &command{name: "list", does: "Lists all contacts", flags: pageFlags, run: runSearch}
}

func searchCommand() *command {
	return &command{name: "search", operands: "[QUERY]", does: "Finds contacts, the best match first", more: queryHelp, max: -1, query: true,
		flags: append(pageFlags[:2:2], flagDef{name: "explain", help: "say why each contact matched"}), run: runSearch}
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
	if limit == 0 && next == "" && !explain {
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
	page := extcontacts.PageOptions{Limit: store.MaxSearchLimit, Cursor: cursor, Explain: c.flags.has("explain")}
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

func countCommand() *command {
	return &command{name: "count", operands: "[QUERY]", does: "Counts the contacts that search would find", more: queryHelp, max: -1, query: true,
		run: func(ctx context.Context, c *call) error {
			query := strings.Join(c.args, " ")
			n, err := c.session.Count(ctx, query)
			if err != nil {
				return searchError(query, err)
			}
			if c.json {
				return c.line(map[string]int{"count": n})
			}
			c.printf("%d\n", n)
			return nil
		}}
}

func lookupCommand() *command {
	return &command{name: "lookup", operands: "KEY", does: "Says who is calling or writing, with suggestions to merge", min: 1, max: 1, more: `
KEY is phone:+85212345678, whatsapp:+85212345678, email:jane@example.com or
external:SOURCE:ID.`, run: runLookup}
}

// parseKey reads the operand of lookup.
func parseKey(s string, parse contacts.ParseOptions) (contacts.Key, error) {
	kind, value, _ := strings.Cut(s, ":")
	key := contacts.Key{Value: value}
	if value == "" {
		return key, usagef("lookup needs a key such as phone:+85212345678, not %s", excerpt(s))
	}
	switch strings.ToLower(kind) {
	case "phone", "whatsapp":
		p, err := parse.ParsePhone(value)
		if err != nil {
			return key, usagef("%s is no phone number: %s", excerpt(value), sentence(err))
		}
		key.Kind, key.Value = contacts.PhoneKey, p.Number()
		if strings.EqualFold(kind, "whatsapp") {
			key.Kind = contacts.WhatsAppKey
		}
	case "email":
		e, err := contacts.ParseEmail(value)
		if err != nil {
			return key, usagef("%s is no email address: %s", excerpt(value), sentence(err))
		}
		key.Kind, key.Value = contacts.EmailKey, e.Key()
	case "external":
		source, id, ok := strings.Cut(value, ":")
		if !ok || source == "" || id == "" {
			return key, usagef("an external id is written external:SOURCE:ID")
		}
		key.Kind, key.Value = contacts.ExternalKey(source), id
	default:
		return key, usagef("unknown kind of key %s; use phone, whatsapp, email or external", excerpt(kind))
	}
	return key, nil
}

type lookupReport struct {
	Contacts    []lookupFound `json:"contacts"`
	Suggestions []merge.Pair  `json:"suggestions"`
}

type lookupFound struct {
	ID       contacts.ID `json:"id"`
	Key      string      `json:"key"`
	Verified bool        `json:"verified"`
}

func runLookup(ctx context.Context, c *call) error {
	key, err := parseKey(c.args[0], c.parse)
	if err != nil {
		return err
	}
	res, err := c.session.Lookup(ctx, key)
	if err != nil {
		return err
	}
	if c.json {
		rep := lookupReport{Contacts: []lookupFound{}, Suggestions: append([]merge.Pair{}, res.Suggestions...)}
		for _, f := range res.Found {
			rep.Contacts = append(rep.Contacts, lookupFound{f.Contact.ID, string(f.Key.Kind) + ":" + f.Key.Value, f.Verified})
		}
		return c.line(rep)
	}
	t := c.contactTable("FOUND BY")
	for _, f := range res.Found {
		by := string(f.Key.Kind)
		if f.Verified {
			by += ", verified"
		}
		t.row(contactCells(f.Contact, by)...)
	}
	if err := t.end(); err != nil {
		return err
	}
	if len(res.Found) == 0 {
		c.note("Nobody answers to this.")
	}
	for _, p := range res.Suggestions {
		c.printf("%s may be the same person as %s (%s, %s): %s\n", p.B, p.A, p.Verdict, percent(p.Score), pairReasons(p))
	}
	return nil
}

// percent writes a score. Only what is certain is 100 %: the rest is cut, not
// rounded.
func percent(score float64) string {
	if score >= 1 {
		return "100%"
	}
	return fmt.Sprintf("%.1f%%", math.Floor(score*1000+1e-9)/10)
}
