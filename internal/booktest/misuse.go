package booktest

import (
	"context"
	"errors"
	"strings"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
	"github.com/extcontacts/extcontacts/store/memstore"
)

func misuseTests() []bookTest {
	return []bookTest{
		{"Misuse", testMisuse},
		{"EditMaps", testEditMaps},
		{"IndexForeign", testIndexForeign},
		{"SmallFileProgress", testSmallFileProgress},
	}
}

// testMisuse: what a caller forgot is told by a code, and nothing is written.
func testMisuse(k *kit) {
	ann := k.create(person("Ann Lee", "ann@example.com"))
	before := k.all()
	_, err := k.s.Edit(k.ctx, ann.ID, 0, nil)
	k.wantCode(err, "change_missing")
	_, err = k.s.EditMatching(k.ctx, "", nil, extcontacts.BulkOptions{})
	k.wantCode(err, "change_missing")
	_, err = k.s.Undo(k.ctx, nil)
	k.wantCode(err, "plan_incomplete")
	_, err = k.s.Undo(k.ctx, &extcontacts.UndoPlan{})
	k.wantCode(err, "plan_incomplete")
	_, err = k.s.Merge(k.ctx, nil)
	k.wantCode(err, "plan_incomplete")
	_, err = k.s.Log(k.ctx, ann.ID, extcontacts.LogOptions{Limit: -1})
	k.wantCode(err, "limit_invalid")
	_, err = k.s.Recent(k.ctx, ann.ID, -1)
	k.wantCode(err, "limit_invalid")
	_, err = k.s.Acts(k.ctx, 0, -1)
	k.wantCode(err, "limit_invalid")
	_, err = extcontacts.Open(k.ctx, nil, extcontacts.Options{Workspace: "acme"})
	k.wantCode(err, "store_missing")
	_, err = extcontacts.Open(k.ctx, k.st, extcontacts.Options{})
	k.wantCode(err, "workspace_missing")
	_, err = extcontacts.Open(k.ctx, k.st, extcontacts.Options{Workspace: "w", Parse: contacts.ParseOptions{Region: "Atlantis"}})
	k.wantCode(err, "region_unknown")
	_, err = extcontacts.Open(k.ctx, k.st, extcontacts.Options{Workspace: "w", Parse: contacts.ParseOptions{Region: "HK"}})
	k.wantCode(err, "region_without_plan")
	for text, e := range map[string]extcontacts.ConflictError{
		"extcontacts: contact a is at revision 2, not 1":                       {},
		"extcontacts: contact a is at revision 2, not 1: written by x":         {By: []contacts.ID{"x"}},
		"extcontacts: contact a is at revision 2, not 1: company changed by x": {By: []contacts.ID{"x"}, Fields: []string{"company"}},
		"extcontacts: contact a is at revision 2, not 1: a, b changed by x, y": {By: []contacts.ID{"x", "y"}, Fields: []string{"a", "b"}},
	} {
		if e.ID, e.Base, e.Rev = "a", 1, 2; e.Error() != text {
			k.Errorf("the text is %q", e.Error())
		}
	}
	k.same(before)
	if n := k.count(""); n != 1 {
		k.Errorf("%d contacts", n)
	}
}

// testEditMaps: an edit may write to the maps of its copy though the contact
// has none; an error of the callback comes back as it is.
func testEditMaps(k *kit) {
	ann := k.create(person("Ann Lee"))
	c, err := k.s.Edit(k.ctx, ann.ID, 0, func(*contacts.Contact) error { return nil })
	k.must(err)
	if c.Rev != ann.Rev || c.ExternalIDs != nil || c.Custom != nil {
		k.Errorf("an edit of nothing leaves %+v", c)
	}
	c, err = k.s.Edit(k.ctx, ann.ID, 0, func(c *contacts.Contact) error { c.ExternalIDs["crm"] = "C-1"; return nil })
	k.must(err)
	if c.ExternalIDs["crm"] != "C-1" || c.Custom != nil {
		k.Errorf("external ids %v, custom %v", c.ExternalIDs, c.Custom)
	}
	stop := errors.New("stop")
	_, err = k.s.Edit(k.ctx, ann.ID, 0, func(c *contacts.Contact) error { c.Company = "Acme"; return stop })
	if err != stop || k.get(ann.ID).Company != "" {
		k.Errorf("got %v", err)
	}
}

// wrapped is a store in a wrapping of the host, which cannot be compared.
type wrapped struct {
	store.Store
	_ []int
}

// testIndexForeign: a book takes no index of another workspace or store.
func testIndexForeign(k *kit) {
	k.create(person("Ann Lee"))
	index, err := store.OpenIndex(k.ctx, k.st, "acme", store.IndexOptions{})
	k.must(err)
	for range 2 { // with what was written since as well
		_, err = extcontacts.Open(k.ctx, k.st, extcontacts.Options{Workspace: "acme", Index: index})
		k.must(err)
		_, err = extcontacts.Open(k.ctx, wrapped{Store: k.st}, extcontacts.Options{Workspace: "acme", Index: index})
		k.must(err)
		k.create(person("Bob Ray"))
	}
	_, err = extcontacts.Open(k.ctx, k.st, extcontacts.Options{Workspace: "other", Index: index})
	k.wantCode(err, "index_foreign")
	other := memstore.New()
	defer other.Close()
	book, err := extcontacts.Open(k.ctx, other, extcontacts.Options{Workspace: "acme"})
	k.must(err)
	_, err = book.As(contacts.Actor{ID: "a"}).Create(k.ctx, person("Zoe Poe"))
	k.must(err)
	_, err = extcontacts.Open(k.ctx, other, extcontacts.Options{Workspace: "acme", Index: index})
	k.wantCode(err, "index_foreign")
	ended, end := context.WithCancel(k.ctx)
	end()
	_, err = extcontacts.Open(ended, wrapped{Store: k.st}, extcontacts.Options{Workspace: "acme", Index: index})
	k.wantErr(err, context.Canceled)
}

// testSmallFileProgress: a file that is read at once is not done at once.
func testSmallFileProgress(k *kit) {
	for _, encode := range []func(string) string{
		func(s string) string { return s },
		func(s string) string { return "\xff\xfe" + strings.Join(strings.Split(s, ""), "\x00") + "\x00" }, // UTF-16
	} {
		file := encode(plainFile(100))
		last := 0.0
		_, err := k.s.Import(k.ctx, strings.NewReader(file), extcontacts.ImportOptions{
			BatchRows: 10, Size: int64(len(file)),
			Observer: extcontacts.ObserverFunc(func(p extcontacts.Progress) {
				part, ok := p.Fraction()
				if rows := float64(p.Rows) / 100; !ok || part < last || rows < 1 && (part > rows || part < rows-0.05) {
					k.Errorf("%v of the file after %d of 100 rows", part, p.Rows)
				}
				last = part
			}),
		})
		k.must(err)
		if last != 1 {
			k.Errorf("ends at %v", last)
		}
	}
}
