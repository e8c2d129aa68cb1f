package booktest

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/merge"
)

// testMergeMany makes many merges one act and takes them back as one: 10,000 in
// the long form. A later edit of one survivor is kept and named.
func testMergeMany(k *kit) {
	n := rounds(10, 40, 10_000)
	var csv strings.Builder
	csv.WriteString("First name,Last name,Mobile,Email,Company,Contact label\n")
	for i := range n {
		fmt.Fprintf(&csv, "Ann,Lee%d,+8529%07d,,,L%d\n", i, 2*i, i%3)
		fmt.Fprintf(&csv, "Anne,Lee%d,+8529%07d,anne%d@example.com,Acme,M%d\n", i, 2*i+1, i, i%3)
	}
	k.importCSV(csv.String(), extcontacts.ImportOptions{})
	byLast := map[string][]contacts.ID{}
	before := k.all()
	for id, c := range before {
		byLast[c.LastName] = append(byLast[c.LastName], id)
	}
	var plans []*merge.Plan
	for _, ids := range byLast {
		plan, err := k.s.PlanMerge(k.ctx, min(ids[0], ids[1]), []contacts.ID{max(ids[0], ids[1])})
		k.must(err)
		plans = append(plans, plan)
	}
	k.clock = k.clock.Add(time.Minute)
	began := time.Now()
	act, err := k.s.MergeAll(k.ctx, plans)
	k.must(err)
	took := time.Since(began)
	if act.Counts.Merged != n || k.count("") != n {
		k.Errorf("%d merged, %d live", act.Counts.Merged, k.count(""))
	}
	edited := plans[n/2].Survivor.ID
	k.edit(edited, func(c *contacts.Contact) { c.Company = "Beta" })
	began = time.Now()
	plan := k.undo(act.ID)
	k.Logf("%d merges in %v, undone in %v", n, took, time.Since(began))
	if len(plan.Kept) != 1 || plan.Kept[0].ID != edited || plan.Kept[0].Path != "company" {
		k.Errorf("kept %+v", plan.Kept)
	}
	before[edited].Company = "Beta"
	k.same(before)
}

// testUndoLong takes merges back after the survivor was deleted and restored,
// exported, imported again and merged once more.
func testUndoLong(k *kit) {
	a, b, c := k.create(person("Ann Lee", "+85291230001")), k.create(person("Anne Lee", "+85291230002", "anne@example.com")), k.create(person("A. Lee", "+85291230003"))
	_, err := k.s.Distinct(k.ctx, b.ID, k.create(person("Bob Ray", "+85297654321")).ID)
	k.must(err)
	before := k.facts()
	one := k.merge(a.ID, b.ID)
	_, err = k.s.Delete(k.ctx, a.ID)
	k.must(err)
	_, err = k.s.Restore(k.ctx, b.ID) // by the old id
	k.must(err)
	two := k.merge(c.ID, a.ID)
	var file bytes.Buffer
	_, err = k.s.Export(k.ctx, &file, extcontacts.ExportOptions{})
	k.must(err)
	k.importCSV(file.String(), extcontacts.ImportOptions{})
	k.undo(one.ID)
	k.undo(two.ID)
	for name, now := range k.facts() {
		if name != "records" && now != before[name] {
			k.Errorf("%s is\n%s\nand was\n%s", name, now, before[name])
		}
	}
}

// testDistinctStays: the mark "not a duplicate" is no value of a contact, so
// that an export and an import into the same book leave it.
func testDistinctStays(k *kit) {
	a, b := k.create(person("Ann Lee", "+85291234567")), k.create(person("Ann Lee", "+85291234567"))
	for i, c := range []*contacts.Contact{a, b} {
		k.edit(c.ID, func(c *contacts.Contact) { c.ExternalIDs = map[string]string{"crm": fmt.Sprint(i)} })
	}
	_, err := k.s.Distinct(k.ctx, a.ID, b.ID)
	k.must(err)
	marks, err := k.st.Records(k.ctx, "acme", "distinct")
	k.must(err)
	for _, mode := range []string{"as it is", "edited", "after the undo of the import"} {
		switch mode {
		case "after the undo of the import":
			acts, err := k.s.Acts(k.ctx, 0, 1)
			k.must(err)
			k.undo(acts[0].ID)
		default:
			var file bytes.Buffer
			_, err = k.s.Export(k.ctx, &file, extcontacts.ExportOptions{})
			k.must(err)
			text := file.String()
			if mode == "edited" {
				text = strings.ReplaceAll(text, "Ann", "Anna")
			}
			rep := k.importCSV(text, extcontacts.ImportOptions{Match: []contacts.KeyKind{contacts.ExternalKey("crm")}})
			if rep.Created > 0 || rep.Rejected > 0 || mode == "edited" && rep.Updated != 2 {
				k.Errorf("%s: the file comes in as %+v: %v", mode, rep.Counts, faults(rep))
			}
		}
		now, err := k.st.Records(k.ctx, "acme", "distinct")
		k.must(err)
		if len(now) != 1 || now[0].Key != marks[0].Key {
			k.Errorf("%s: the marks are %v", mode, now)
		}
		if found, err := k.s.Suggest(k.ctx, a.ID); err != nil || len(found) != 0 {
			k.Errorf("%s: suggested %+v (%v)", mode, found, err)
		}
	}
}
