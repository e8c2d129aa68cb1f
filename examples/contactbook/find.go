package main

import (
	"context"
	"fmt"
	"math"
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/merge"
)

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
	return &command{name: "lookup", operands: "KEY", does: "Says who is calling or writing, with suggestions to merge", min: 1, max: 1, weighs: true, more: `
KEY is a phone number or an email address, or phone:+85212345678,
whatsapp:+85212345678, email:jane@example.com or external:SOURCE:ID.`, run: runLookup}
}

// parseKey reads an identity key as it is typed: KIND:VALUE, or a bare phone
// number or email address.
func parseKey(s string, parse contacts.ParseOptions) (contacts.Key, error) {
	kind, value, ok := strings.Cut(s, ":")
	switch {
	case ok:
	case strings.Contains(s, "@"):
		kind, value = "email", s
	case strings.ContainsAny(s, "0123456789"):
		kind, value = "phone", s
	}
	key := contacts.Key{Value: value}
	if value == "" {
		return key, usagef("a key is written like phone:+85212345678 or email:jane@example.com, not %s", excerpt(s))
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
		c.printf("%s\n", suggestion(p))
	}
	return nil
}

// suggestion is a suspected pair in a sentence.
func suggestion(p merge.Pair) string {
	says := "may be the same person as"
	switch p.Verdict {
	case merge.Same:
		says = "is most likely the same person as"
	case merge.Related:
		says = "has to do with, but is hardly the same person as,"
	}
	return fmt.Sprintf("%s %s %s (%s): %s", p.B, says, p.A, percent(p.Score), pairReasons(p))
}

// percent writes a score. Only what is certain is 100 %: the rest is cut, not
// rounded.
func percent(score float64) string {
	if score >= 1 {
		return "100%"
	}
	return fmt.Sprintf("%.1f%%", math.Floor(score*1000+1e-9)/10)
}
