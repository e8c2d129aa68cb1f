package extcontacts

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// SavedQuery is a query under a name, for everybody in the workspace.
type SavedQuery struct {
	Name  string `json:"name"`
	Query string `json:"query"`
}

// MaxSavedQueries is the number of saved queries a workspace can have.
const MaxSavedQueries = 1000

// recordQuery is the kind of record of a saved query; its key is the name in
// lower case.
const recordQuery = "query"

// SaveQuery keeps a query under a name, in place of the one that has the name
// in any case; an empty query takes it away. It is in the change log and can be
// undone, like all of the schema. Name no person in it: an erasure
// names the queries that do and leaves them, see [ErasedReport].
func (s *Session) SaveQuery(ctx context.Context, q SavedQuery) (contacts.Act, error) {
	act := s.act(contacts.ActSchema, "")
	if _, err := contacts.NewSchema(nil, []contacts.Label{{Name: q.Name}}); err != nil {
		return contacts.Act{}, &contacts.FieldError{Path: "name", Code: "name_invalid", Hint: "a name like that of a label: up to 100 characters without comma, semicolon and space around it"}
	}
	res, err := s.commitNext(ctx, func(ctx context.Context) (*store.Batch, error) {
		if err := s.may(contacts.RightSchema, nil); err != nil {
			return nil, err
		}
		if _, err := s.parse(ctx, q.Query); err != nil {
			return nil, err
		}
		all, err := s.savedQueries(ctx)
		if err != nil {
			return nil, err
		}
		ch := contacts.Change{Path: "query." + labelKey(q.Name)}
		for _, have := range all {
			if labelKey(have.Name) == labelKey(q.Name) {
				ch.Old = jsonText(have)
			}
		}
		if q.Query != "" {
			if ch.Old == "" && len(all) >= MaxSavedQueries {
				return nil, &CodeError{"too_many_queries", fmt.Sprintf("a workspace has %d saved queries at most", MaxSavedQueries)}
			}
			ch.New = jsonText(q)
		}
		if ch.Old == ch.New {
			return nil, nil
		}
		return &store.Batch{Act: act, Changes: []contacts.Change{ch}, Records: []store.RecordPut{queryRecord(ch)}}, nil
	})
	return written(act, res, err)
}

// queryRecord is the record that a change of a saved query leaves.
func queryRecord(ch contacts.Change) store.RecordPut {
	put := store.RecordPut{Kind: recordQuery, Key: strings.TrimPrefix(ch.Path, "query."), Base: store.AnyRev}
	if ch.New != "" {
		put.Body = []byte(ch.New)
	}
	return put
}

// queryStands makes sure that a saved query is what the change left, so that
// taking it back loses no later one.
func (s *Session) queryStands(ctx context.Context, back contacts.Change) error {
	recs, err := s.st().Records(ctx, s.ws(), recordQuery, strings.TrimPrefix(back.Path, "query."))
	if err != nil {
		return err
	}
	have := ""
	if len(recs) > 0 {
		have = string(recs[0].Body)
	}
	if have != back.Old {
		return &CodeError{"schema_changed_since", "the saved query was changed again since; change it back by hand"}
	}
	return nil
}

// SavedQueries returns the saved queries in the order of their names.
func (s *Session) SavedQueries(ctx context.Context) ([]SavedQuery, error) {
	if err := s.may(contacts.RightView, nil); err != nil {
		return nil, err
	}
	return s.savedQueries(ctx)
}

func (s *Session) savedQueries(ctx context.Context) ([]SavedQuery, error) {
	recs, err := s.st().Records(ctx, s.ws(), recordQuery)
	if err != nil {
		return nil, err
	}
	out := make([]SavedQuery, len(recs))
	for i, r := range recs {
		if err := json.Unmarshal(r.Body, &out[i]); err != nil {
			return nil, fmt.Errorf("extcontacts: a saved query cannot be read: %w", err)
		}
	}
	return out, nil
}
