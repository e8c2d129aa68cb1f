package booktest

import (
	"fmt"
	"slices"
	"time"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
)

func testTimeline(k *kit) {
	a, b := k.create(person("Ann Lee")), k.create(person("Anne Lee"))
	var list []contacts.Activity
	for i := range 40 {
		v := contacts.Activity{Contact: a.ID, At: k.clock.Add(time.Duration(i/2) * time.Hour), Ref: fmt.Sprintf("r%d", i), Channel: []string{"phone", "web"}[i%2]}
		switch i % 4 {
		case 0:
			v.Kind, v.Status, v.Destination, v.URL = contacts.Enquiry, contacts.EnquiryClosed, "sales", "https://example.com/transcript"
		case 1:
			v.Kind = contacts.PageVisit
		case 2:
			v.Kind, v.Agents = contacts.Call, []contacts.ID{"agent-9"}
		case 3:
			v.Kind = contacts.SMS
		}
		if i%3 == 0 {
			v.Contact = b.ID
		}
		list = append(list, v)
	}
	got, err := k.s.RecordActivities(k.ctx, list)
	k.must(err)
	head := k.head()
	again, err := k.s.RecordActivities(k.ctx, list)
	k.must(err)
	if k.head() != head || again[7].ID != got[7].ID {
		k.Error("recording the same again wrote something")
	}
	merged := k.merge(a.ID, b.ID)
	if again, err = k.s.RecordActivities(k.ctx, list); err != nil || again[0].ID != got[0].ID || again[0].Contact != b.ID {
		k.Errorf("recorded anew after the merge: %+v (%v)", again[0], err)
	}
	pages := func(id contacts.ID, o extcontacts.TimelineOptions) []contacts.ID {
		var ids []contacts.ID
		for o.Limit = 3; ; {
			page, err := k.s.Activities(k.ctx, id, o)
			k.must(err)
			for _, v := range page.Activities {
				ids = append(ids, v.ID)
			}
			if o.Cursor = page.Next; o.Cursor == "" {
				return ids
			}
			if len(page.Activities) != 3 {
				k.Fatalf("a page of %d that is not the last", len(page.Activities))
			}
		}
	}
	newest, oldest := pages(b.ID, extcontacts.TimelineOptions{}), pages(a.ID, extcontacts.TimelineOptions{Oldest: true})
	slices.Reverse(oldest)
	if len(newest) != 40 || !slices.Equal(newest, oldest) {
		k.Errorf("newest first %v, oldest first reversed %v", newest, oldest)
	}
	for want, o := range map[int]extcontacts.TimelineOptions{
		10: {Kinds: []contacts.ActivityKind{contacts.Enquiry}}, 20: {Channels: []string{"web"}},
		30: {Kinds: []contacts.ActivityKind{contacts.Enquiry, contacts.SMS, contacts.Call}},
		4:  {From: k.clock.Add(-time.Minute + 3*time.Hour), Until: k.clock.Add(-time.Minute + 4*time.Hour), Oldest: true},
		6:  {From: k.clock.Add(-time.Minute + 3*time.Hour), Until: k.clock.Add(-time.Minute + 5*time.Hour)},
	} {
		if n := len(pages(a.ID, o)); n != want {
			k.Errorf("%+v selects %d, want %d", o, n, want)
		}
	}
	if n := len(pages(a.ID, extcontacts.TimelineOptions{Agents: []contacts.ID{"agent-9", "x"}})); n != 10 {
		k.Errorf("of the agent %d", n)
	}
	if n := len(pages(a.ID, extcontacts.TimelineOptions{Statuses: []contacts.EnquiryStatus{contacts.EnquiryOpen}})); n != 0 {
		k.Errorf("%d are open", n)
	}
	page, err := k.s.Activities(k.ctx, a.ID, extcontacts.TimelineOptions{Limit: 1})
	k.must(err)
	for _, bad := range []string{"x", page.Next + "A", page.Next[:8]} {
		_, err := k.s.Activities(k.ctx, a.ID, extcontacts.TimelineOptions{Cursor: bad})
		k.wantCode(err, "cursor_invalid")
	}
	_, err = k.s.Activities(k.ctx, a.ID, extcontacts.TimelineOptions{Cursor: page.Next, Oldest: true})
	k.wantCode(err, "cursor_invalid")
	k.undo(merged.ID)
	if n, m := len(pages(a.ID, extcontacts.TimelineOptions{})), len(pages(b.ID, extcontacts.TimelineOptions{})); n != 26 || m != 14 {
		k.Errorf("after the undo %d and %d", n, m)
	}
	head = k.head()
	_, err = k.s.RecordActivities(k.ctx, []contacts.Activity{{Contact: a.ID, Kind: contacts.Call}, {Contact: "nobody", Kind: contacts.Call}})
	k.wantErr(err, extcontacts.ErrNotFound)
	_, err = k.s.RecordActivities(k.ctx, []contacts.Activity{{Contact: a.ID, Kind: contacts.Call}, {Contact: a.ID, Kind: "dance"}})
	k.wantCode(err, "activity_kind_unknown")
	if k.head() != head {
		k.Error("a part of a refused list was recorded")
	}
}

// The guide: a deleted contact's enquiries stay until they are resolved and
// closed.
func testOpenEnquiries(k *kit) {
	a, b := k.create(person("Ann Lee")), k.create(person("Bob Ray"))
	var ids []contacts.ID
	for i, c := range []*contacts.Contact{a, b, b} {
		v, err := k.s.RecordActivity(k.ctx, c.ID, contacts.Activity{Kind: contacts.Enquiry, Status: contacts.EnquiryHandling, At: k.clock.Add(time.Duration(i) * time.Minute), Ref: fmt.Sprint("e", i), Text: "Canary"})
		k.must(err)
		ids = append(ids, v.ID)
	}
	open := func(want ...contacts.ID) {
		k.Helper()
		list, err := k.s.OpenEnquiries(k.ctx)
		k.must(err)
		var got []contacts.ID
		for _, e := range list {
			got = append(got, e.Activity.ID)
		}
		if !slices.Equal(got, want) {
			k.Errorf("open are %v, want %v", got, want)
		}
	}
	closing := func(v *contacts.Activity) error { v.Status = contacts.EnquiryClosed; return nil }
	open(ids[2], ids[1], ids[0])
	_, err := k.s.Delete(k.ctx, a.ID)
	k.must(err)
	open(ids[2], ids[1], ids[0])
	page, err := k.s.Activities(k.ctx, a.ID, extcontacts.TimelineOptions{})
	if err != nil || len(page.Activities) != 1 {
		k.Errorf("the deleted contact's timeline: %+v (%v)", page, err)
	}
	_, err = k.s.EditActivity(k.ctx, ids[0], closing)
	k.must(err)
	open(ids[2], ids[1])
	_, err = k.s.RecordActivity(k.ctx, b.ID, contacts.Activity{Kind: contacts.Enquiry, Status: contacts.EnquiryClosed, At: k.clock.Add(time.Minute), Ref: "e1"})
	k.must(err)
	open(ids[2])
	_, err = k.s.Erase(k.ctx, b.ID)
	k.must(err)
	open(ids[2])
	v, err := k.s.EditActivity(k.ctx, ids[2], func(v *contacts.Activity) error { v.Text = "Canary"; return closing(v) })
	if err != nil || v.Text != "" || v.Status != contacts.EnquiryClosed {
		k.Errorf("an erased contact's enquiry is closed as %+v (%v)", v, err)
	}
	open()
	_, err = k.s.EditActivity(k.ctx, "nobody", closing)
	k.wantErr(err, extcontacts.ErrNotFound)
}

// The past goes by the log: whatever the clock says, each place in it has one
// answer, and a moment is answered by the latest time that was reached.
func testAsOfExact(k *kit) {
	c := k.create(person("Ann Lee"))
	type version struct {
		seq     int64
		at      time.Time
		contact *contacts.Contact
	}
	var past []version
	for i := range 200 {
		step := time.Duration(i%7-2) * time.Second // now and then the clock goes back
		k.clock = k.clock.Add(step)
		c, err := k.s.Edit(k.ctx, c.ID, 0, func(c *contacts.Contact) error {
			c.Team = fmt.Sprint("team ", i)
			c.Company = fmt.Sprint(i / 10)
			return nil
		})
		k.must(err)
		past = append(past, version{k.head(), k.clock, c})
	}
	latest := c.CreatedAt
	for i, v := range past {
		got, err := k.s.AsOfSeq(k.ctx, c.ID, v.seq)
		k.must(err)
		if !got.Equal(v.contact) || got.Rev != v.contact.Rev || !got.UpdatedAt.Equal(v.contact.UpdatedAt) {
			k.Fatalf("at %d it was %+v, not %+v", v.seq, v.contact, got)
		}
		if v.at.After(latest) {
			latest = v.at
		}
		want := i
		for want+1 < len(past) && !past[want+1].at.After(latest) {
			want++
		}
		if got, err = k.s.AsOf(k.ctx, c.ID, latest); err != nil || !got.Equal(past[want].contact) {
			k.Fatalf("at %v it was %s, not %+v (%v)", latest, past[want].contact.Team, got, err)
		}
	}
	_, err := k.s.AsOfSeq(k.ctx, c.ID, 0)
	k.wantErr(err, extcontacts.ErrNotFound)
	_, err = k.s.Erase(k.ctx, c.ID)
	k.must(err)
	recs, err := k.st.Records(k.ctx, "acme", "asof")
	k.must(err)
	if len(recs) != 0 {
		k.Errorf("%d snapshots of the erased contact", len(recs))
	}
}
