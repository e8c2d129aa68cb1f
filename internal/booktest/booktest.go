// Package booktest holds the tests of a whole contact book, written against
// the root package alone, so that every store runs the same: [Run].
package booktest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// Run runs the tests; open returns a new empty store, which the test closes.
func Run(t *testing.T, open func(t *testing.T) store.Store) {
	tests := []bookTest{
		{"Create", testCreate},
		{"CreateInvalid", testCreateInvalid},
		{"Edit", testEdit},
		{"EditConflictNamesWhoAndWhat", testConflict},
		{"VerifiedIsAFact", testVerified},
		{"DeleteRestore", testDeleteRestore},
		{"UniqueOneWinner", testUnique},
		{"Labels", testLabels},
		{"LostLabel", testLostLabel},
		{"CustomFields", testCustomFields},
		{"Import", testImport},
		{"ImportSameFileTwice", testImportTwice},
		{"ImportErrorLogImportsBack", testErrorLog},
		{"ImportModes", testImportModes},
		{"ImportSwitchboard", testSwitchboard},
		{"ImportBlankLeavesMarkerClears", testClear},
		{"ImportUndo", testImportUndo},
		{"ImportConcurrent", testImportConcurrent},
		{"ImportResume", testResume},
		{"ImportStops", testImportStops},
		{"ImportDryRun", testDryRun},
		{"ImportRepair", testRepair},
		{"ImportRowByRow", testImportRowByRow},
		{"ImportLabelsAndHidden", testImportLabelsAndHidden},
		{"ImportBatchAnew", testImportAnew},
		{"ExportRoundTrip", testExport},
		{"SearchAndCount", testSearch},
		{"Lookup", testLookup},
		{"MergeUndo", testMergeUndo},
		{"MergeKeepsActivities", testMergeActivities},
		{"MergeOldIdsAnswer", testOldIDs},
		{"MergeStalePlan", testStalePlan},
		{"UndoKeepsLaterEdits", testUndoLater},
		{"UndoChains", testUndoChains},
		{"UndoOverride", testUndoOverride},
		{"AutoMerge", testAutoMerge},
		{"DuplicateRules", testDuplicateRules},
		{"LearnModel", testLearnModel},
		{"Relations", testRelations},
		{"MergesAtOnce", testMergesAtOnce},
		{"Lives", testLives},
		{"MergeManyOneAct", testMergeMany},
		{"UndoAfterEverythingElse", testUndoLong},
		{"DistinctStays", testDistinctStays},
		{"MarksOfFamilies", testMarksOfFamilies},
		{"Distinct", testDistinct},
		{"DistinctHidden", testDistinctHidden},
		{"HandleEnquiry", testHandleEnquiry},
		{"VerifiedStays", testVerifiedStays},
		{"Events", testEvents},
		{"Bulk", testBulk},
		{"PurgeRetention", testPurgeRetention},
		{"Ownership", testOwnership},
		{"MaskedOracle", testMaskedOracle},
		{"ChangeField", testChangeField},
		{"ManageLabels", testManageLabels},
		{"Staff", testStaff},
		{"AccessIncidents", testAccessIncidents},
		{"LogAndAsOf", testLogAsOf},
		{"AsOfExact", testAsOfExact},
		{"Timeline", testTimeline},
		{"OpenEnquiries", testOpenEnquiries},
		{"PolicyQuietDenial", testPolicy},
		{"EnquiryStatus", testEnquiryStatus},
		{"EnquiryStatusAfterMerge", testEnquiryMerged},
		{"Workspaces", testWorkspaces},
		{"Erase", testErase},
		{"ErasureElsewhere", testErasureElsewhere},
		{"Schema", testSchemaUndo},
		{"SchemaFieldInUse", testFieldInUse},
		{"VerifyMisses", testVerifyMisses},
		{"UndoneTwice", testUndoneTwice},
		{"DecidedOnWhatIsWritten", testDecidedOnWhatIsWritten},
		{"MergePlanEdited", testMergePlanEdited},
	}
	for _, test := range slices.Concat(tests, importTests(), losslessTests(), mendingTests(), incidentTests(), watchedTests(), searchTests(), misuseTests(), meetingTests()) {
		t.Run(test.name, func(t *testing.T) {
			st := open(t)
			t.Cleanup(func() {
				if err := st.Close(); err != nil {
					t.Errorf("Close: %v", err)
				}
			})
			k := &kit{T: t, ctx: t.Context(), st: st, clock: time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)}
			k.book = k.open(extcontacts.Options{})
			k.s = k.as("agent-1")
			test.run(k)
			if !t.Failed() {
				k.verify()
			}
		})
	}
}

// kit is what every test needs.
type kit struct {
	*testing.T
	ctx   context.Context
	st    store.Store
	book  *extcontacts.Book
	s     *extcontacts.Session
	clock time.Time
	ids   atomic.Int64
}

// open opens a book whose clock stands still until the test moves it.
func (k *kit) open(o extcontacts.Options) *extcontacts.Book {
	k.Helper()
	if o.Workspace == "" {
		o.Workspace = "acme"
	}
	o.Now = func() time.Time { return k.clock }
	o.NewID = func() contacts.ID { return contacts.ID(fmt.Sprintf("id-%06d", k.ids.Add(1))) }
	b, err := extcontacts.Open(k.ctx, k.st, o)
	k.must(err)
	return b
}

func (k *kit) as(id contacts.ID) *extcontacts.Session {
	return k.book.As(contacts.Actor{ID: id})
}

func (k *kit) must(err error) {
	k.Helper()
	if err != nil {
		k.Fatal(err)
	}
}

// wantErr checks that err wraps target, and that no canary stands in its text.
func (k *kit) wantErr(err, target error) {
	k.Helper()
	if !errors.Is(err, target) {
		k.Fatalf("got error %v, want %v", err, target)
	}
}

// wantCode checks the code of a typed error.
func (k *kit) wantCode(err error, code string) {
	k.Helper()
	var c *extcontacts.CodeError
	var f *contacts.FieldError
	switch {
	case errors.As(err, &c) && c.Code == code:
	case errors.As(err, &f) && f.Code == code:
	default:
		k.Fatalf("got error %v, want code %s", err, code)
	}
}

// person makes a contact from "First Last", phones (+…) and emails.
func person(name string, identifiers ...string) *contacts.Contact {
	first, last, _ := strings.Cut(name, " ")
	c := &contacts.Contact{FirstName: first, LastName: last}
	for _, id := range identifiers {
		if strings.Contains(id, "@") {
			c.Emails = append(c.Emails, contacts.ContactEmail{Kind: contacts.WorkEmail, Email: contacts.MustParseEmail(id)})
		} else {
			c.Phones = append(c.Phones, contacts.ContactPhone{Kind: contacts.MobilePhone, Phone: contacts.MustParsePhone(id)})
		}
	}
	return c
}

func (k *kit) create(c *contacts.Contact) *contacts.Contact {
	k.Helper()
	stored, err := k.s.Create(k.ctx, c)
	k.must(err)
	return stored
}

func (k *kit) get(id contacts.ID) *contacts.Contact {
	k.Helper()
	c, err := k.s.Get(k.ctx, id)
	k.must(err)
	return c
}

// edit changes a contact and lets a minute pass first.
func (k *kit) edit(id contacts.ID, change func(*contacts.Contact)) *contacts.Contact {
	k.Helper()
	k.clock = k.clock.Add(time.Minute)
	c, err := k.s.Edit(k.ctx, id, 0, func(c *contacts.Contact) error { change(c); return nil })
	k.must(err)
	return c
}

// all is the whole book, in every state: what a test compares before and after.
func (k *kit) all() map[contacts.ID]*contacts.Contact {
	k.Helper()
	m := map[contacts.ID]*contacts.Contact{}
	for c, err := range k.st.Scan(k.ctx, "acme", "") {
		k.must(err)
		m[c.ID] = c
	}
	return m
}

// same checks that every contact of want is the same in values and state.
func (k *kit) same(want map[contacts.ID]*contacts.Contact) {
	k.Helper()
	have := k.all()
	for id, w := range want {
		c := have[id]
		if c == nil {
			k.Errorf("contact %s is gone", id)
			continue
		}
		if diff := contacts.Diff(w, c); len(diff) > 0 {
			k.Errorf("contact %s differs: %+v", id, diff)
		}
	}
}

// undo plans and carries out an undo.
func (k *kit) undo(act contacts.ID) *extcontacts.UndoPlan {
	k.Helper()
	k.clock = k.clock.Add(time.Minute)
	plan, err := k.s.PlanUndo(k.ctx, act)
	k.must(err)
	_, err = k.s.Undo(k.ctx, plan)
	k.must(err)
	return plan
}

func (k *kit) merge(survivor contacts.ID, others ...contacts.ID) contacts.Act {
	k.Helper()
	k.clock = k.clock.Add(time.Minute)
	plan, err := k.s.PlanMerge(k.ctx, survivor, others)
	k.must(err)
	act, err := k.s.Merge(k.ctx, plan)
	k.must(err)
	return act
}

func (k *kit) importCSV(file string, o extcontacts.ImportOptions) *extcontacts.ImportReport {
	k.Helper()
	k.clock = k.clock.Add(time.Minute)
	rep, err := k.s.Import(k.ctx, strings.NewReader(file), o)
	k.must(err)
	if sum := rep.Created + rep.Updated + rep.Unchanged + rep.Skipped + rep.Rejected; sum != rep.Rows {
		k.Errorf("the counts %+v add up to %d, not to %d rows", rep.Counts, sum, rep.Rows)
	}
	return rep
}

func (k *kit) counts(rep *extcontacts.ImportReport, created, updated, unchanged, skipped, rejected int) {
	k.Helper()
	want := contacts.Counts{Rows: created + updated + unchanged + skipped + rejected,
		Created: created, Updated: updated, Unchanged: unchanged, Skipped: skipped, Rejected: rejected}
	if rep.Counts != want {
		k.Fatalf("got counts %+v, want %+v; rejections %v", rep.Counts, want, faults(rep))
	}
}

func faults(rep *extcontacts.ImportReport) []string {
	var out []string
	for _, r := range rep.Rejections {
		for _, f := range r.Faults {
			out = append(out, fmt.Sprintf("row %d: %s %s", r.Row, f.Field, f.Code))
		}
	}
	return out
}

// count is the number of live contacts that match a query.
func (k *kit) count(query string) int {
	k.Helper()
	n, err := k.s.Count(k.ctx, query)
	k.must(err)
	return n
}

// verify checks that the store holds what its contacts and log say.
func (k *kit) verify() {
	k.Helper()
	rep, err := k.s.Verify(k.ctx)
	k.must(err)
	if len(rep.Differences) > 0 {
		k.Errorf("verify: %+v", rep.Differences)
	}
}
