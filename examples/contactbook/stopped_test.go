package main

import (
	"errors"
	"strings"
	"testing"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store/sqlite"
)

// An interrupted import whose file or settings are others by now is not told to
// go on in the same way.
func TestResumeOfAnotherFile(t *testing.T) {
	t.Chdir(t.TempDir())
	const file = "First name,Last name,Email\nAnn,Lee,a@mail.example\nBo,Ng,b@mail.example\nCy,Ho,c@mail.example\n"
	st, err := sqlite.Open(t.Context(), defaultDB, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	book, err := extcontacts.Open(t.Context(), st, extcontacts.Options{Workspace: defaultWorkspace})
	if err != nil {
		t.Fatal(err)
	}
	interrupted := errors.New("interrupted")
	_, err = book.As(contacts.Actor{ID: "cli"}).Import(t.Context(), strings.NewReader(file), extcontacts.ImportOptions{Source: "c.csv", BatchRows: 1,
		Each: func(r extcontacts.RowResult) error {
			if r.Row == 2 {
				return interrupted
			}
			return nil
		}})
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	if !errors.Is(err, interrupted) {
		t.Fatal(err)
	}
	write(t, "c.csv", strings.Replace(file, "Ann", "Anna", 1))
	for _, args := range [][]string{{"import", "c.csv", "--resume"}, {"import", "c.csv", "--resume", "--match", "email"}} {
		r := must(t, 1, args...)
		if !strings.Contains(r.stderr, "nothing was imported") || !strings.Contains(r.stderr, "undo") || strings.Contains(r.stderr, "to go on") {
			t.Errorf("%v: %s", args, r.stderr)
		}
	}
	write(t, "c.csv", file)
	if r := must(t, 0, "import", "c.csv", "--resume"); !strings.Contains(r.stdout, "created      3") {
		t.Errorf("the file itself: %+v", r)
	}
}

// Of an import that goes on twice at once, the one that stops says so.
func TestStoppedElsewhere(t *testing.T) {
	in := &input{name: "c.csv"}
	err := in.stopped(&extcontacts.ImportReport{Act: "a"}, &extcontacts.CodeError{Code: "import_elsewhere", Text: "it is going on elsewhere"})
	if got := sentence(err); !strings.Contains(got, "going on elsewhere") || strings.Contains(got, "--resume") {
		t.Errorf("%q", got)
	}
}
