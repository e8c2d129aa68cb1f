package booktest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
)

// bookTest is a named test of a whole book.
type bookTest struct {
	name string
	run  func(*kit)
}

// importTests are the tests of import and export that stand in files of their
// own.
func importTests() []bookTest {
	return []bookTest{
		{"ImportListRules", testListRules},
		{"ImportListsTwiceInOneFile", testListsTwice},
		{"ImportPrimaryMark", testPrimaryMark},
	}
}

// lists are the values of a contact's lists, the primary ones starred.
func lists(c *contacts.Contact) string {
	var out []string
	for i := range c.Phones {
		p := &c.Phones[i]
		star := ""
		if p.Primary && len(c.Phones) > 1 {
			star = "*"
		}
		out = append(out, star+p.Elem())
	}
	for i := range c.Emails {
		out = append(out, c.Emails[i].Elem())
	}
	for i := range c.Socials {
		out = append(out, c.Socials[i].Elem())
	}
	slices.Sort(out)
	return strings.Join(append(out, c.Labels...), ", ")
}

// Lists unite, append or replace, each by its own rule; blank leaves, the
// marker clears, and what was verified stays.
func testListRules(k *kit) {
	const header = "External ID: crm,Last name,Mobile,Work,Email,Personal Email,LINE,Contact Label\n"
	const before = header + "1,Lee,+85291234561,+85221234561,a@x.com,,ann,VIP\n"
	const row = header + "1,Lee,+85291234562,+85291234561,,a@x.com,bob,Vip;new\n"
	for i, tt := range []struct {
		rules extcontacts.ListRules
		want  string
	}{
		{extcontacts.ListRules{}, "*mobile +85291234561, line ann, line bob, mobile +85291234562, work +85221234561, work a@x.com, VIP, new"},
		{extcontacts.ListRules{Phones: extcontacts.AppendList, Emails: extcontacts.AppendList, Socials: extcontacts.AppendList, Labels: extcontacts.AppendList},
			"*mobile +85291234561, line ann, line bob, mobile +85291234562, personal a@x.com, work +85221234561, work +85291234561, work a@x.com, VIP, new"},
		// The blank Email cell leaves the work address alone.
		{extcontacts.ListRules{Phones: extcontacts.ReplaceList, Emails: extcontacts.ReplaceList, Socials: extcontacts.ReplaceList, Labels: extcontacts.ReplaceList},
			"*mobile +85291234562, line bob, personal a@x.com, work +85291234561, work a@x.com, VIP, new"},
		{extcontacts.ListRules{Phones: extcontacts.ReplaceList},
			"*mobile +85291234562, line ann, line bob, work +85291234561, work a@x.com, VIP, new"},
	} {
		s := k.open(extcontacts.Options{Workspace: fmt.Sprint("rules ", i)}).As(contacts.Actor{ID: "agent-1"})
		find := func() *contacts.Contact {
			k.Helper()
			var found *contacts.Contact
			for c, err := range s.Search(k.ctx, "") {
				k.must(err)
				if found != nil {
					k.Fatalf("%+v: two contacts", tt.rules)
				}
				found = c
			}
			return found
		}
		run := func(file string, o extcontacts.ImportOptions) *extcontacts.ImportReport {
			k.Helper()
			rep, err := s.Import(k.ctx, strings.NewReader(file), o)
			k.must(err)
			return rep
		}
		run(before, extcontacts.ImportOptions{})
		was := find()
		rep := run(row, extcontacts.ImportOptions{Lists: tt.rules})
		k.counts(rep, 0, 1, 0, 0, 0)
		if got := lists(find()); got != tt.want {
			k.Errorf("%+v\n got %s\nwant %s", tt.rules, got, tt.want)
		}
		k.counts(run(row, extcontacts.ImportOptions{Lists: tt.rules}), 0, 0, 1, 0, 0)
		// The undo of the import gives the lists back.
		plan, err := s.PlanUndo(k.ctx, rep.Act)
		k.must(err)
		_, err = s.Undo(k.ctx, plan)
		k.must(err)
		if d := contacts.Diff(was, find()); len(d) > 0 {
			k.Errorf("%+v: after the undo %+v", tt.rules, d)
		}
		// What was verified is neither replaced nor cleared.
		_, err = s.VerifyIdentifier(k.ctx, was.ID, contacts.Key{Kind: contacts.PhoneKey, Value: "+85291234561"}, "call")
		k.must(err)
		run(row, extcontacts.ImportOptions{Lists: extcontacts.ListRules{Phones: extcontacts.ReplaceList}})
		run(header+"1,Lee,--,--,,,,--\n", extcontacts.ImportOptions{})
		if got, want := lists(find()), "line ann, line bob, mobile +85291234561, work a@x.com"; got != want {
			k.Errorf("after clearing: got %s\nwant %s", got, want)
		}
	}
}

// A file that replaces says one thing about each kind of a list, so that the
// same file again changes nothing.
func testListsTwice(k *kit) {
	file := "First name,Last name,Mobile,Work,Email,Contact Label\n" +
		"Ann,Lee,+85291234561,,a@x.com,VIP\n" +
		"Ann,Lee,,+85221234561,a@x.com,\n" + // another kind: more of the same person
		"Ann,Lee,+85291234562,,a@x.com,\n" + // another mobile number: contradicts row 1
		"Ann,Lee,,,a@x.com,vip\n" + // the same label, spelled otherwise
		"Ann,Lee,,,a@x.com,New\n" // contradicts row 1
	rules := extcontacts.ListRules{Phones: extcontacts.ReplaceList, Emails: extcontacts.ReplaceList, Labels: extcontacts.ReplaceList}
	o := extcontacts.ImportOptions{Lists: rules, BatchRows: 2}
	rep := k.importCSV(file, o)
	k.counts(rep, 1, 1, 1, 0, 2)
	if got, want := faults(rep), []string{"row 3: phones contradicts_row", "row 5: labels contradicts_row"}; !slices.Equal(got, want) {
		k.Errorf("faults %q, want %q", got, want)
	}
	head := k.head()
	o.BatchRows = 0
	k.counts(k.importCSV(file, o), 0, 0, 3, 0, 2)
	if k.head() != head {
		k.Error("the same file again wrote something")
	}
	// Without a rule the rows add to one another.
	k.counts(k.importCSV(file, extcontacts.ImportOptions{}), 0, 2, 3, 0, 0)
}

// A column that marks the primary value is heeded, as any other.
func testPrimaryMark(k *kit) {
	const header = "Last name,Mobile,Mobile 2,Primary Phone,Email,Personal Email,Primary Email\n"
	k.counts(k.importCSV(header+"Lee,+85291234561,+85291234562,+85291234562,a@x.com,b@x.com,b@x.com\n", extcontacts.ImportOptions{}), 1, 0, 0, 0, 0)
	primaries := func() string {
		for c, err := range k.s.Search(k.ctx, "lee") {
			k.must(err)
			return c.Phones[0].Phone.Number() + " " + c.Emails[0].Email.Key()
		}
		return ""
	}
	if got := primaries(); got != "+85291234562 b@x.com" {
		k.Errorf("created with %s", got)
	}
	// Without a mark nothing changes, with another one that is the primary.
	k.counts(k.importCSV("Last name,Mobile\nLee,+85291234561\n", extcontacts.ImportOptions{}), 0, 0, 1, 0, 0)
	turned := header + "Lee,+85291234561,+85291234562,+85291234561,a@x.com,,a@x.com\n"
	k.counts(k.importCSV(turned, extcontacts.ImportOptions{}), 0, 1, 0, 0, 0)
	if got := primaries(); got != "+85291234561 a@x.com" {
		k.Errorf("turned to %s", got)
	}
	k.counts(k.importCSV(turned, extcontacts.ImportOptions{}), 0, 0, 1, 0, 0)
	// Two marks in one file contradict each other.
	both := turned + "Lee,+85291234561,+85291234562,+85291234562,,,\n"
	k.counts(k.importCSV(both, extcontacts.ImportOptions{}), 0, 0, 1, 0, 1)
}
