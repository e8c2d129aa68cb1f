package booktest

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
)

const hardHeader = "First name,Last name,Mobile,Work,Email,Personal Email,WhatsApp,Company,Contact Label,VAT,External ID: crm,External ID: erp\n"

// hardRow is a row that may well be about the person of another row, spelled
// otherwise, clear what that one set or want a value that is taken.
func hardRow(r *rand.Rand) string {
	cells := [][]string{
		{"Ann", "ann", "Bob", "", "--"},
		{"Lee", "LEE", "Ray", "", "customer", "--"},
		{"", "", "+85291234561", "+85291234562", "--"},
		{"", "", "", "+85291234561", "+85291234563", "--"},
		{"", "", "a@x.com", "A@x.com", "b@x.com", "--"},
		{"", "", "", "a@x.com", "--"},
		{"", "", "", "+85291234561", "--"},
		{"", "Acme", "ACME", "Beta", "--"},
		{"", "", "VIP", "vip", `"VIP;new"`, "New", "--"},
		{"", "", "", "1", "2", "--"},
		{"", "", "", "1", "2", "--"},
		{"", "", "", "", "1", "--"},
	}
	row := make([]string, len(cells))
	for i, choices := range cells {
		if r.IntN(3) > 0 {
			row[i] = choices[r.IntN(len(choices))]
		}
	}
	return strings.Join(row, ",") + "\n"
}

// A file does the same in batches of any size, and a dry run tells it.
func testImportRowByRow(k *kit) {
	seeds := 60
	if testing.Short() {
		seeds = 10
	}
	for seed := range uint64(seeds) {
		r := rand.New(rand.NewPCG(seed, 0))
		var book extcontacts.Options
		if r.IntN(3) == 0 {
			book.Unique = []contacts.KeyKind{contacts.PhoneKey, contacts.EmailKey}
		}
		o := extcontacts.ImportOptions{Mode: []extcontacts.ImportMode{extcontacts.Upsert, extcontacts.Upsert, extcontacts.CreateOnly, extcontacts.UpdateOnly}[r.IntN(4)]}
		switch r.IntN(4) {
		case 0:
			o.Match = []contacts.KeyKind{contacts.PhoneKey}
		case 1:
			o.Match = []contacts.KeyKind{contacts.ExternalKey("crm"), contacts.EmailKey}
		}
		var before, rows []string
		for range r.IntN(4) {
			before = append(before, hardRow(r))
		}
		for range 1 + r.IntN(6) {
			rows = append(rows, hardRow(r))
		}
		run := func(name string, o extcontacts.ImportOptions, files ...string) (sum contacts.Counts, end []string) {
			book.Workspace = fmt.Sprintf("%d %s", seed, name)
			s := k.open(book).As(contacts.Actor{ID: "agent-1"})
			_, err := s.SetField(k.ctx, contacts.CustomField{Key: "vat", Name: "VAT", Kind: contacts.TextField, Unique: true})
			k.must(err)
			_, err = s.Import(k.ctx, strings.NewReader(hardHeader+strings.Join(before, "")), extcontacts.ImportOptions{})
			k.must(err)
			for _, file := range files {
				rep, err := s.Import(k.ctx, strings.NewReader(hardHeader+file), o)
				k.must(err)
				sum.Rows += rep.Rows
				sum.Created += rep.Created
				sum.Updated += rep.Updated
				sum.Unchanged += rep.Unchanged
				sum.Skipped += rep.Skipped
				sum.Rejected += rep.Rejected
			}
			ver, err := s.Verify(k.ctx)
			k.must(err)
			if len(ver.Differences) > 0 {
				k.Errorf("%s: verify: %+v", book.Workspace, ver.Differences)
			}
			return sum, k.values(s)
		}
		file := strings.Join(rows, "")
		o.BatchRows = 1
		want, end := run("one by one", o, file)
		for _, size := range []int{2, 100} {
			o.BatchRows, o.DryRun = size, false
			got, have := run(fmt.Sprint("batches of ", size), o, file)
			o.DryRun = true
			dry, _ := run(fmt.Sprint("dry batches of ", size), o, file)
			if got != want || dry != want || !slices.Equal(have, end) {
				k.Fatalf("seed %d, batches of %d, %+v after\n%sthe file\n%s does %+v, dry %+v, one by one %+v\n%s\none by one\n%s",
					seed, size, o, strings.Join(before, ""), file, got, dry, want, strings.Join(have, "\n"), strings.Join(end, "\n"))
			}
		}
	}
}

// values are the live contacts without ids, revisions and times.
func (k *kit) values(s *extcontacts.Session) []string {
	k.Helper()
	var out []string
	for c, err := range s.Search(k.ctx, "") {
		k.must(err)
		d := c.Clone()
		d.ID, d.Rev, d.CreatedAt, d.UpdatedAt = "", 0, k.clock, k.clock
		b, err := json.Marshal(d)
		k.must(err)
		out = append(out, string(b))
	}
	slices.Sort(out)
	return out
}

// A label has one spelling, that of the first row that brings it in; a row
// that may not is refused, and neither it nor a value that somebody unseen has
// stops the file.
func testImportLabelsAndHidden(k *kit) {
	k.book = k.open(extcontacts.Options{Policy: importers{}})
	k.s = k.as("agent-1")
	hidden := person("Eve Poe")
	hidden.Group, hidden.ExternalIDs = "secret", map[string]string{"crm": "1"}
	hidden = k.create(hidden)
	rep := k.importCSV("Last name,Contact Label\nLee,vip;VIP\nRay,Vip\n", extcontacts.ImportOptions{})
	k.counts(rep, 2, 0, 0, 0, 0)
	for c, err := range k.s.Search(k.ctx, "label:vip") {
		k.must(err)
		if len(c.Labels) != 1 || c.Labels[0] != "VIP" && c.Labels[0] != "vip" {
			k.Errorf("labels %q", c.Labels)
		}
	}
	k.s = k.as("guest")
	rep = k.importCSV("Last name,External ID: crm,Contact Label\nOne,1,\nTwo,2,ViP\nThree,3,unheard of\n", extcontacts.ImportOptions{})
	k.counts(rep, 1, 0, 0, 0, 2)
	if got, want := faults(rep), []string{"row 1: external:crm value_taken", "row 3: labels label_unknown"}; !slices.Equal(got, want) {
		k.Errorf("faults %q, want %q", got, want)
	}
	if hint := rep.Rejections[0].Faults[0].Hint; strings.Contains(hint, string(hidden.ID)) {
		k.Errorf("the hint %q names whom the guest may not view", hint)
	}
	k.s = k.as("agent-1")
}

// importers lets the guest import, but neither see secrets nor make labels.
type importers struct{}

func (importers) Decide(a contacts.Actor, r contacts.Right, c *contacts.Contact) contacts.Decision {
	if a.ID == "guest" && (r == contacts.RightSchema || c != nil && c.Group == "secret") {
		return contacts.Refuse("not_for_guests")
	}
	return contacts.Allow()
}

// A batch that has to begin anew reads its rows as they were in the file.
func testImportAnew(k *kit) {
	st := &meanwhile{Store: k.st}
	k.st = st
	k.book = k.open(extcontacts.Options{})
	k.s = k.as("agent-1")
	for _, f := range []contacts.CustomField{{Key: "tier", Name: "Tier", Kind: contacts.TextField, Default: "Silver"}, {Key: "note", Name: "Note", Kind: contacts.TextField}} {
		_, err := k.s.SetField(k.ctx, f)
		k.must(err)
	}
	var ann *contacts.Contact
	st.act = func() {
		c := person("Ann Lee", "+85291234567")
		c.Custom = map[string]contacts.Value{"tier": contacts.MakeValue(contacts.TextField, "Gold")}
		ann = k.create(c)
	}
	rep := k.importCSV("First name,Last name,Mobile,Note\nAnn,Lee,+85291234567,x\n", extcontacts.ImportOptions{})
	k.counts(rep, 0, 1, 0, 0, 0)
	if got := k.get(ann.ID).Custom["tier"].Text(); got != "Gold" {
		k.Errorf("a default overwrote the value: %s", got)
	}
}
