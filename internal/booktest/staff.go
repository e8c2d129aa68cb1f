package booktest

import (
	"context"
	"iter"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/policy"
)

// colleagues is a host's directory.
type colleagues []*contacts.Contact

func (d colleagues) Staff(_ context.Context, workspace string) iter.Seq2[*contacts.Contact, error] {
	return func(yield func(*contacts.Contact, error) bool) {
		for _, c := range d {
			if workspace == "acme" && !yield(c, nil) {
				return
			}
		}
	}
}

func testStaff(k *kit) {
	zoe, ann := person("Zoe Staff", "+85291234567"), person("Ann Staff")
	zoe.ID, ann.ID = "s1", "s2"
	k.book = k.open(extcontacts.Options{Staff: colleagues{zoe, ann},
		Policy: policy.All{policy.Roles{"agent": policy.Agent(), "guest": {contacts.RightView}}, policy.Masks{"trainee": contacts.MaskPhones}}})
	agent := k.book.As(contacts.Actor{ID: "a", Roles: []string{"agent"}})
	_, err := agent.Create(k.ctx, person("Bob Client"))
	k.must(err)
	names := func(s *extcontacts.Session, c extcontacts.Category, query string) string {
		k.Helper()
		text := ""
		for c, err := range s.List(k.ctx, c, query) {
			k.must(err)
			text += c.FirstName + " "
		}
		return text
	}
	for _, want := range []struct {
		category     extcontacts.Category
		query, names string
	}{
		{extcontacts.External, "", "Bob "}, {extcontacts.Staff, "", "Ann Zoe "}, {extcontacts.Staff, "zoe", "Zoe "},
		{extcontacts.Staff, "phone:91234567", "Zoe "}, {extcontacts.Staff, "bob", ""}, {extcontacts.External, "zoe", ""},
	} {
		if got := names(agent, want.category, want.query); got != want.names {
			k.Errorf("%s %q: %q, want %q", want.category, want.query, got, want.names)
		}
	}
	_, err = agent.Get(k.ctx, "s1")
	k.wantErr(err, extcontacts.ErrNotFound)
	trainee := k.book.As(contacts.Actor{ID: "t", Roles: []string{"agent", "trainee"}})
	if got := names(trainee, extcontacts.Staff, "91234567"); got != "" {
		k.Errorf("a masked number finds %q", got)
	}
	_, err = all(k.book.As(contacts.Actor{ID: "g", Roles: []string{"guest"}}).List(k.ctx, extcontacts.Staff, ""))
	k.wantErr(err, extcontacts.ErrForbidden)
	_, err = all(agent.List(k.ctx, "martians", ""))
	k.wantCode(err, "category_unknown")
	k.book = k.open(extcontacts.Options{})
	k.s = k.as("agent-1")
	if got := names(k.s, extcontacts.Staff, ""); got != "" {
		k.Errorf("without a directory there is %q", got)
	}
}
