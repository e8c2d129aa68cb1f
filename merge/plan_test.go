package merge_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/merge"
)

func mustPlan(t *testing.T, survivor *contacts.Contact, others []*contacts.Contact, rules ...merge.Rule) *merge.Plan {
	t.Helper()
	p, err := merge.NewPlan(survivor, others, rules...)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func two() (*contacts.Contact, *contacts.Contact) {
	a := &contacts.Contact{ID: "a", Rev: 3, FirstName: "Ann", LastName: "Lee", Type: contacts.Lead,
		Phones: []contacts.ContactPhone{phone(contacts.MobilePhone, "+85291234567")},
		Labels: []string{"VIP"}, ExternalIDs: map[string]string{"crm": "1"}}
	b := &contacts.Contact{ID: "b", Rev: 7, FirstName: "Anne", LastName: "Lee", Type: contacts.Customer, Company: "Acme",
		Phones:  []contacts.ContactPhone{phone(contacts.MobilePhone, "+852 9123 4567"), phone(contacts.WorkPhone, "+85221234567")},
		Emails:  []contacts.ContactEmail{email(contacts.WorkEmail, "ann@acme.example")},
		Labels:  []string{"VIP", "Newsletter"},
		Address: contacts.Address{City: "Hong Kong"}, ExternalIDs: map[string]string{"crm": "2", "erp": "9"}}
	return a.Normalize(), b.Normalize()
}

// TestDefaultRule: the survivor's value stays where it has one, a blank is
// filled from the first other that has a value, lists are united.
func TestDefaultRule(t *testing.T) {
	a, b := two()
	c := &contacts.Contact{ID: "c", LastName: "Li", Company: "Beta", JobTitle: "CEO",
		Address: contacts.Address{Street: "1 Queen's Road"}}
	p := mustPlan(t, a, []*contacts.Contact{b, c})
	want := a.Clone()
	want.Company, want.JobTitle = "Acme", "CEO"
	want.Address = contacts.Address{City: "Hong Kong"} // never a street of c beside the city of b
	want.Phones = append(want.Phones, phone(contacts.WorkPhone, "+85221234567"))
	want.Emails = b.Emails
	want.Labels = []string{"Newsletter", "VIP"}
	want.ExternalIDs = map[string]string{"crm": "1", "erp": "9"}
	if d := contacts.Diff(want.Normalize(), p.Result); len(d) > 0 {
		t.Errorf("result differs: %v", d)
	}
	fields := []merge.Field{
		{Path: "first_name", Value: "Ann", From: "a", Left: []merge.Alternative{{From: "b", Value: "Anne"}}},
		{Path: "last_name", Value: "Lee", From: "a", Left: []merge.Alternative{{From: "c", Value: "Li"}}},
		{Path: "type", Value: "Lead", From: "a", Left: []merge.Alternative{{From: "b", Value: "Customer"}}},
		{Path: "company", Value: "Acme", From: "b", Left: []merge.Alternative{{From: "c", Value: "Beta"}}},
		{Path: "job_title", Value: "CEO", From: "c"},
		{Path: "address", Value: "Hong Kong", From: "b", Left: []merge.Alternative{{From: "c", Value: "1 Queen's Road"}}},
		{Path: "phones", Value: "work +85221234567", From: "b"},
		{Path: "emails", Value: "work ann@acme.example", From: "b"},
		{Path: "primary_email", Value: "work ann@acme.example", From: "b"},
		{Path: "labels", Value: "Newsletter", From: "b"},
		{Path: "external_ids.crm", Value: "1", From: "a", Left: []merge.Alternative{{From: "b", Value: "2"}}},
		{Path: "external_ids.erp", Value: "9", From: "b"},
	}
	if d := cmp.Diff(fields, p.Fields); d != "" {
		t.Errorf("fields (-want +got):\n%s", d)
	}
	if a.Rev != p.Result.Rev || p.Result.ID != "a" {
		t.Errorf("result is %s at %d", p.Result.ID, p.Result.Rev)
	}
}

func TestChangesSayWhereValuesComeFrom(t *testing.T) {
	a, b := two()
	p := mustPlan(t, a, []*contacts.Contact{b})
	var got []string
	for _, ch := range p.Changes() {
		mark := " "
		if ch.IsProvenance() {
			mark = "="
		}
		got = append(got, fmt.Sprintf("%s%s %s %s from %s", mark, ch.Contact, ch.Path, ch.Elem(), ch.From))
	}
	want := []string{
		" a company  from b",
		" a address.city  from b",
		" a phones work +85221234567 from b",
		" a emails work ann@acme.example from b",
		" a primary_email  from b",
		" a labels Newsletter from b",
		" a external_ids.erp  from b",
		"=a state  from b",
		"=a last_name  from b",
		"=a phones mobile +85291234567 from b",
		"=a primary_phone  from b",
		"=a labels VIP from b",
		" b state  from ",
		" b merged_into  from ",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	result := p.Survivor.Clone()
	if err := contacts.Patch(result, p.Changes()...); err != nil || !result.Equal(p.Result) {
		t.Errorf("the changes do not lead to the result: %v", err)
	}
	m := p.Merged()[0]
	if m.State != contacts.Merged || m.MergedInto != "a" || !m.Equal(b) {
		t.Errorf("merged contact is %+v", m)
	}
}

func TestTake(t *testing.T) {
	a, b := two()
	a.Address = contacts.Address{Street: "2 Old Street", City: "Kowloon"}
	a.Custom = map[string]contacts.Value{"tier": contacts.MakeValue(contacts.TextField, "gold")}
	b.Custom = map[string]contacts.Value{"tier": contacts.MakeValue(contacts.TextField, "silver")}
	p := mustPlan(t, a, []*contacts.Contact{b},
		merge.Take("first_name", "b"), merge.Take("address", "b"), merge.Take("custom.tier", "b"),
		merge.Take("external_ids.crm", "b"), merge.Take("primary_phone", "b"), merge.Take("type", "b"), merge.Take("type", "a"))
	r := p.Result
	if r.FirstName != "Anne" || r.Address != b.Address || r.Custom["tier"].Text() != "silver" || r.ExternalIDs["crm"] != "2" || r.Type != contacts.Lead {
		t.Errorf("result is %+v", r)
	}
	i := slices.IndexFunc(p.Fields, func(f merge.Field) bool { return f.Path == "custom.tier" })
	if d := cmp.Diff(merge.Field{Path: "custom.tier", Value: "silver", From: "b", Left: []merge.Alternative{{From: "a", Value: "gold"}}}, p.Fields[i]); d != "" {
		t.Error(d)
	}
	longest := merge.Resolve("first_name", func(held []merge.Alternative) contacts.ID {
		return slices.MaxFunc(held, func(x, y merge.Alternative) int { return len(x.Value) - len(y.Value) }).From
	})
	keep := merge.Resolve("type", func([]merge.Alternative) contacts.ID { return "" })
	if p := mustPlan(t, a, []*contacts.Contact{b}, longest, keep); p.Result.FirstName != "Anne" || p.Result.Type != contacts.Lead {
		t.Errorf("resolved to %q", p.Result.FirstName)
	}
}

func TestNewPlanRefuses(t *testing.T) {
	a, b := two()
	dead := &contacts.Contact{ID: "d", State: contacts.Deleted}
	many := &contacts.Contact{ID: "m"}
	for i := range contacts.MaxValues {
		many.Labels = append(many.Labels, fmt.Sprintf("label %d", i))
	}
	many.Normalize()
	list := func(cs ...*contacts.Contact) []*contacts.Contact { return cs }
	for _, tt := range []struct {
		name       string
		survivor   *contacts.Contact
		others     []*contacts.Contact
		rules      []merge.Rule
		path, code string
	}{
		{"nobody", nil, list(b), nil, "survivor", "contact_missing"},
		{"nil other", a, list(b, nil), nil, "others[1]", "contact_missing"},
		{"no id", a, list(&contacts.Contact{}), nil, "others[0]", "id_missing"},
		{"no others", a, nil, nil, "others", "others_empty"},
		{"itself", a, list(a), nil, "others[0]", "other_twice"},
		{"twice", a, list(b, b), nil, "others[1]", "other_twice"},
		{"deleted", a, list(b, dead), nil, "others[1]", "not_live"},
		{"deleted survivor", dead, list(b), nil, "survivor", "not_live"},
		{"too many", a, list(many), nil, "labels", "too_many_values"},
		{"unknown path", a, list(b), []merge.Rule{merge.Take("nickname", "b")}, "rules[0].nickname", "path_unknown"},
		{"state", a, list(b), []merge.Rule{merge.Take("state", "b")}, "rules[0].state", "path_unknown"},
		{"part of an address", a, list(b), []merge.Rule{merge.Take("address.city", "b")}, "rules[0].address.city", "path_unknown"},
		{"bare custom", a, list(b), []merge.Rule{merge.Take("custom.", "b")}, "rules[0].custom.", "path_unknown"},
		{"list", a, list(b), []merge.Rule{merge.Take("company", "b"), merge.Take("phones", "b")}, "rules[1].phones", "path_is_list"},
		{"stranger", a, list(b), []merge.Rule{merge.Take("company", "z")}, "rules[0].company", "from_unknown"},
		{"blank", a, list(b), []merge.Rule{merge.Take("company", "a")}, "rules[0].company", "value_missing"},
		{"zero rule", a, list(b), []merge.Rule{{}}, "rules[0].", "path_unknown"},
	} {
		_, err := merge.NewPlan(tt.survivor, tt.others, tt.rules...)
		var fe *contacts.FieldError
		if !errors.As(err, &fe) || !errors.Is(err, contacts.ErrInvalid) || fe.Path != tt.path || fe.Code != tt.code {
			t.Errorf("%s: %v, want %s at %s", tt.name, err, tt.code, tt.path)
		}
	}
}

func TestPlanDoesNotShareMemory(t *testing.T) {
	a, b := two()
	p := mustPlan(t, a, []*contacts.Contact{b})
	a2, b2 := two()
	p.Result.Labels[0], p.Result.ExternalIDs["crm"], p.Others[0].Labels[0] = "X", "X", "X"
	p.Survivor.Phones[0].Kind = contacts.HomePhone
	if len(contacts.Diff(a2, a))+len(contacts.Diff(b2, b)) > 0 {
		t.Error("changing the plan changed the contacts")
	}
}

// TestVerifiedSurvives: a verification is a fact that no merge drops.
func TestVerifiedSurvives(t *testing.T) {
	a, b := two()
	b.Phones[0].Verified = verified("agent-1")
	p := mustPlan(t, a, []*contacts.Contact{b})
	got := p.Result.Phones[0]
	if got.Verified != b.Phones[0].Verified || got.Phone.Raw() != "+85291234567" || !got.Primary {
		t.Errorf("the phone is %+v: the typed text stays the survivor's, the verification comes", got)
	}
	if len(p.Clashes) > 0 {
		t.Errorf("clashes: %v", p.Clashes)
	}
}

func TestClashes(t *testing.T) {
	a, b := two()
	a.Phones[0].Verified = verified("agent-1")
	other := phone(contacts.MobilePhone, "+85298765432")
	other.Verified = verified("agent-2")
	b.Phones = append(b.Phones, other)
	a.Birthdate, b.Birthdate = contacts.MustParseDate("1980-02-03"), contacts.MustParseDate("--02-03")
	c := &contacts.Contact{ID: "c", Birthdate: contacts.MustParseDate("1981-02-03")}
	p := mustPlan(t, a, []*contacts.Contact{b.Normalize(), c})
	want := []merge.Clash{
		{ID: "a", Other: "b", Path: "phones.mobile", Why: merge.ClashVerified},
		{ID: "a", Other: "c", Path: "birthdate", Why: merge.ClashBirthdate},
	}
	if d := cmp.Diff(want, p.Clashes); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	b.Phones[1].Verified = verified("agent-3") // one verified number in common
	shared := phone(contacts.MobilePhone, "+85291234567")
	shared.Verified = verified("agent-3")
	b.Phones = append(b.Phones, shared)
	if p := mustPlan(t, a, []*contacts.Contact{b.Normalize()}); len(p.Clashes) > 0 {
		t.Errorf("clashes in spite of a common verified number: %v", p.Clashes)
	}
}

// Two people with one typed email were merged without a question, and the
// second one's attributes were lost. Here the choice is stated, the merged
// contact keeps what it had, and undo brings everything back.
func TestIncidentI05AutoMergeLosesAttributes(t *testing.T) {
	a := &contacts.Contact{ID: "a", FirstName: "Wei", LastName: "Chan", JobTitle: "Buyer", Birthdate: contacts.MustParseDate("1980-01-01"),
		Emails: []contacts.ContactEmail{email(contacts.WorkEmail, "office@shop.example")}}
	b := &contacts.Contact{ID: "b", FirstName: "Mei", LastName: "Chan", JobTitle: "Owner", Birthdate: contacts.MustParseDate("1955-05-05"),
		Emails: []contacts.ContactEmail{email(contacts.WorkEmail, "office@shop.example")}}
	w := newWorld(a, b)
	before := w.values()
	act, p := w.merge("a", "b")
	if len(p.Clashes) == 0 {
		t.Error("nothing stops an automatic merge of two people")
	}
	left := map[string]string{}
	for _, f := range p.Fields {
		for _, l := range f.Left {
			left[f.Path] = l.Value
		}
	}
	if d := cmp.Diff(map[string]string{"first_name": "Mei", "job_title": "Owner", "birthdate": "1955-05-05"}, left); d != "" {
		t.Errorf("values not taken (-want +got):\n%s", d)
	}
	w.undo(act)
	if d := cmp.Diff(before, w.values()); d != "" {
		t.Errorf("(-before +after undo):\n%s", d)
	}
	if pair, ok := merge.Compare(a, b); !ok || pair.Verdict == merge.Same {
		t.Errorf("suspected as %v", pair)
	}
}

// A role on a contact's link to an account was lost on merge: every attribute
// of every element survives.
func TestIncidentI11AttributesOfElements(t *testing.T) {
	a, b := two()
	b.Phones[1].Verified = verified("agent-1")
	b.Socials = []contacts.Social{{Channel: contacts.LINE, Handle: "ann", Verified: verified("agent-2")}}
	p := mustPlan(t, a, []*contacts.Contact{b.Normalize()})
	if !slices.ContainsFunc(p.Result.Phones, func(x contacts.ContactPhone) bool {
		x.Primary = b.Phones[1].Primary
		return x == b.Phones[1]
	}) || !slices.Equal(p.Result.Socials, b.Socials) {
		t.Errorf("result has %+v %+v", p.Result.Phones, p.Result.Socials)
	}
}

// Companies {1,2} and {3,4} became {1,3,4}: lists are united.
func TestIncidentI13Union(t *testing.T) {
	a := &contacts.Contact{ID: "a", Labels: []string{"1", "2"}}
	b := &contacts.Contact{ID: "b", Labels: []string{"3", "4"}}
	if got := mustPlan(t, a, []*contacts.Contact{b}).Result.Labels; !slices.Equal(got, []string{"1", "2", "3", "4"}) {
		t.Errorf("labels are %v", got)
	}
}

// Audit entries stayed with the id that was merged away. Here the merge is in
// both histories, and each value of the survivor names where it came from.
func TestIncidentI15BothHistories(t *testing.T) {
	a, b := two()
	w := newWorld(a, b)
	w.edit("b", func(c *contacts.Contact) { c.Company = "Acme Ltd" })
	act, _ := w.merge("a", "b")
	h := w.history()
	for _, id := range []contacts.ID{"a", "b"} {
		if steps := h.Steps[id]; steps[len(steps)-1].Act != act {
			t.Errorf("the history of %s does not end with the merge", id)
		}
	}
	i := slices.IndexFunc(h.Steps["a"], func(s merge.Step) bool { return s.Change.Path == "company" })
	if ch := h.Steps["a"][i].Change; ch.New != "Acme Ltd" || ch.From != "b" {
		t.Errorf("company came by %+v", ch)
	}
}

// An anonymous newcomer won over the known contact. Here the survivor is an
// argument, and the proposal has a stated rule.
func TestIncidentI18SurvivorIsExplicit(t *testing.T) {
	known, _ := two()
	known.CreatedAt = verifiedAt
	newcomer := &contacts.Contact{ID: "Z", LastName: "customer", CreatedAt: verifiedAt.AddDate(0, 0, 1)}
	if p := mustPlan(t, newcomer, []*contacts.Contact{known}); p.Result.ID != "Z" {
		t.Errorf("the survivor is %s", p.Result.ID)
	}
	proved := &contacts.Contact{ID: "p", Phones: []contacts.ContactPhone{{Kind: contacts.MobilePhone, Phone: contacts.MustParsePhone("+85291234567"), Verified: verified("x")}}}
	older := newcomer.Clone()
	older.ID, older.CreatedAt = "y", verifiedAt
	twin := older.Clone()
	twin.ID = "x"
	dead := proved.Clone()
	dead.ID, dead.State = "0", contacts.Deleted
	initial, full := known.Clone(), newcomer.Clone()
	initial.ID, initial.FirstName = "i", "A."
	full.ID, full.FirstName = "f", "Anna"
	chinese := full.Clone()
	chinese.FirstName = "伟"
	for _, tt := range []struct {
		want contacts.ID
		of   []*contacts.Contact
	}{
		{"f", []*contacts.Contact{initial, full}},
		{"f", []*contacts.Contact{initial, chinese}},
		{"a", []*contacts.Contact{newcomer, known}},
		{"p", []*contacts.Contact{newcomer, known, proved}},
		{"y", []*contacts.Contact{newcomer, older}},
		{"x", []*contacts.Contact{older, newcomer, twin}},
		{"Z", []*contacts.Contact{dead, nil, newcomer}},
	} {
		slices.Reverse(tt.of)
		if got := merge.Propose(tt.of...); got.ID != tt.want {
			t.Errorf("proposed %s, want %s", got.ID, tt.want)
		}
	}
	if merge.Propose(dead) != nil {
		t.Error("a deleted contact survives")
	}
}
