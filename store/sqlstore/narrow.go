package sqlstore

import (
	"context"
	"iter"
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/search"
	"github.com/extcontacts/extcontacts/store"
)

var (
	_ store.Store      = (*Store)(nil)
	_ store.Narrower   = (*Store)(nil)
	_ store.RankReader = (*Store)(nil)
)

// Narrow yields the contacts whose search text has what the query needs; see
// [store.Narrower]. It goes by the text index where there is one and it can
// help, else through all contacts page by page.
func (s *Store) Narrow(ctx context.Context, workspace string, q *search.Query) iter.Seq2[*contacts.Contact, error] {
	return func(yield func(*contacts.Contact, error) bool) {
		needs := q.Needs()
		if len(needs) > 0 && store.CheckWorkspace(workspace) == nil {
			ids, ok, err := s.found(ctx, workspace, q)
			if err != nil {
				yield(nil, err)
				return
			}
			if ok {
				s.yieldFound(ctx, workspace, ids, yield)
				return
			}
		}
		s.scanNarrowed(ctx, workspace, needs)(yield)
	}
}

// scanNarrowed looks through all search texts.
func (s *Store) scanNarrowed(ctx context.Context, workspace string, needs [][]string) iter.Seq2[*contacts.Contact, error] {
	query, args := s.narrowSQL(needs)
	return s.pages(ctx, workspace, "", "search", query, args)
}

// maxNeeds is the number of texts that [Store.Narrow] hands to the engine; a
// query with more narrows less.
const maxNeeds = 256

func (s *Store) narrowSQL(needs [][]string) (string, []any) {
	var where strings.Builder
	var args []any
	for _, list := range needs {
		if len(list) == 0 || len(args)+len(list) > maxNeeds {
			continue
		}
		for i, text := range list {
			if i == 0 {
				where.WriteString(" AND (")
			} else {
				where.WriteString(" OR ")
			}
			where.WriteString(s.d.Contains)
			args = append(args, []byte(text))
		}
		where.WriteByte(')')
	}
	return "SELECT id, body FROM ec_contacts WHERE ws = ? AND id > ?" + where.String() + " ORDER BY id LIMIT ?", args
}
