package store

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/extcontacts/extcontacts/contacts"
)

func TestPutsNameEachContactOnce(t *testing.T) {
	for _, c := range []struct {
		ids   string
		twice int // the put that repeats a contact, -1 for none
	}{
		{"a b c d", -1},
		{"d c b a", -1},
		{"b d a c e", -1},
		{"a b b", 2},
		{"a b c a", 3},
		{"c a b a", 3},
		{"c a b d b", 4},
		{"c a d d", 3},
		{"c a d e d", 4},
		{"b c a c", 3},
		{"a c b d e b", 5},
	} {
		var puts []Put
		for id := range strings.FieldsSeq(c.ids) {
			puts = append(puts, Put{Contact: &contacts.Contact{ID: contacts.ID(id), LastName: id, State: contacts.Live, Rev: 1}})
		}
		err := checkPuts(puts)
		want := ""
		if c.twice >= 0 {
			want = at(invalid("put: contact comes twice"), c.twice).Error()
		}
		if got := fmt.Sprint(err); (err != nil || want != "") && (got != want || !errors.Is(err, ErrInvalid)) {
			t.Errorf("%s: %v, want %q", c.ids, err, want)
		}
	}
}
