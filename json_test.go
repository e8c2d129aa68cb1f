package extcontacts_test

import (
	"encoding/json"
	"regexp"
	"testing"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/csvio"
	"github.com/extcontacts/extcontacts/merge"
	"github.com/extcontacts/extcontacts/search"
	"github.com/extcontacts/extcontacts/store"
)

// TestJSONNames: what a service hands on as JSON has names in one style.
func TestJSONNames(t *testing.T) {
	ann := &contacts.Contact{FirstName: "Ann"}
	found := extcontacts.Found{Contact: ann, Key: contacts.Key{Kind: contacts.PhoneKey, Value: "+85291234567"}}
	change := contacts.Change{Path: "company", New: "Acme", Seal: "secret"}
	pairs := []merge.Pair{{Reasons: []merge.Reason{{}}}}
	for _, v := range []any{
		extcontacts.Page{Hits: []store.Hit{{Contact: ann, Match: search.Match{Reasons: []search.Reason{{Text: "x"}}}}}, Next: "x"},
		extcontacts.LogPage{Entries: []extcontacts.LogEntry{{Change: change}}, Next: 1},
		extcontacts.LookupResult{Found: []extcontacts.Found{found}, Suggestions: pairs},
		extcontacts.Handled{Contact: ann, Found: []extcontacts.Found{found}, Suggestions: pairs},
		extcontacts.ImportReport{
			Mapping: &csvio.Mapping{}, Dates: []csvio.DateColumn{{}}, Preamble: []csvio.Preamble{{}}, Repaired: []csvio.Proposal{{}},
			Rejections: []extcontacts.Rejection{{Faults: []*csvio.Fault{{}}}}, Flagged: []extcontacts.FlaggedRow{{}}, Resumed: 1,
		},
		extcontacts.AutoMerge{Plans: []*merge.Plan{{}}, Stopped: []extcontacts.StoppedMerge{{}}},
		extcontacts.UndoPlan{UndoPlan: merge.UndoPlan{Restored: []contacts.Change{change}, Kept: []merge.Kept{{}}}, Records: []contacts.Change{change}},
		extcontacts.EventPage{Events: []extcontacts.Event{{}}},
		extcontacts.TimelinePage{Activities: []contacts.Activity{{}}},
		extcontacts.FieldPlan{}, extcontacts.BulkReport{}, extcontacts.ErasedReport{}, extcontacts.PersonFile{}, extcontacts.VerifyReport{},
	} {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`"([^"]*)":`).FindAllSubmatch(b, -1) {
			if !regexp.MustCompile(`^[a-z_0-9]+$`).Match(m[1]) {
				t.Errorf("%T has %s", v, m[1])
			}
		}
		if regexp.MustCompile("secret").Match(b) {
			t.Errorf("%T tells the seal of a change", v)
		}
	}
}
