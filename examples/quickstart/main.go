// Command quickstart is the shortest real program on package extcontacts: a
// contact book in one SQLite file, from a CSV file with faults in it to an
// export that imports back. Run it from the root of the repository:
//
//	go run ./examples/quickstart
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"strings"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/examples/data"
	"github.com/extcontacts/extcontacts/store/memstore"
	"github.com/extcontacts/extcontacts/store/sqlite"
)

func main() {
	dir, err := os.MkdirTemp("", "quickstart")
	if err == nil {
		err = run(context.Background(), os.Stdout, filepath.Join(dir, "contacts.db"))
	}
	if err = errors.Join(err, os.RemoveAll(dir)); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, out io.Writer, path string) error {
	// A store, a book in it, and a session: who does it all.
	st, err := sqlite.Open(ctx, path)
	if err != nil {
		return err
	}
	defer st.Close()
	book, err := extcontacts.Open(ctx, st, extcontacts.Options{Workspace: "acme"})
	if err != nil {
		return err
	}
	s := book.As(contacts.Actor{ID: "agent-7"})

	// Import a file. Good rows go in, bad ones into the error log, with the reason.
	var rejected, file, again bytes.Buffer
	report, err := s.Import(ctx, strings.NewReader(data.Contacts), extcontacts.ImportOptions{Source: "contacts.csv", ErrorLog: &rejected})
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "Imported %d of %d rows. %s\n", report.Created, report.Rows, report.Message())
	fmt.Fprintf(out, "\nThe error log has the rows as they were, and why:\n%s", rejected.String())

	// Mend the two cells and import the log itself.
	mended := strings.NewReplacer("+8521234,", "+85212345678,", "31/12/1985", "12/31/1985").Replace(rejected.String())
	report, err = s.Import(ctx, strings.NewReader(mended), extcontacts.ImportOptions{Source: "mended.csv"})
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "\nThe mended log: %d created, %d rejected.\n", report.Created, report.Rejected)

	// Search: free words and conditions together.
	const query = `label:VIP country=HK`
	fmt.Fprintf(out, "\nSearch %s:\n", query)
	for c, err := range s.Search(ctx, query) {
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "  %s, %s\n", c.FullName(), c.Company)
	}

	// Merge the most certain duplicates: look at the plan, carry it out, take it back.
	for pair, err := range s.Duplicates(ctx, "", extcontacts.DuplicateOptions{Min: 0.9}) {
		if err != nil {
			return err
		}
		plan, err := s.PlanMerge(ctx, pair.A, []contacts.ID{pair.B})
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "\n%s and %s may be one person: %s %s, score %.2f.\n",
			plan.Survivor.FullName(), plan.Others[0].FullName(), pair.Reasons[0].Key, pair.Reasons[0].How, pair.Score)
		act, err := s.Merge(ctx, plan)
		if err != nil {
			return err
		}
		back, err := s.PlanUndo(ctx, act.ID)
		if err != nil {
			return err
		}
		if _, err := s.Undo(ctx, back); err != nil {
			return err
		}
		fmt.Fprintf(out, "Merged %d into the other. Undone: %d changes taken back.\n", act.Counts.Merged, len(back.Restored))
		break
	}

	// Export, and import the export into an empty book in memory: nothing is lost.
	n, err := s.Export(ctx, &file, extcontacts.ExportOptions{})
	if err != nil {
		return err
	}
	second, err := extcontacts.Open(ctx, memstore.New(), extcontacts.Options{Workspace: "copy"})
	if err != nil {
		return err
	}
	copied := second.As(contacts.Actor{ID: "agent-7"})
	if report, err = copied.Import(ctx, bytes.NewReader(file.Bytes()), extcontacts.ImportOptions{}); err != nil {
		return err
	}
	if _, err := copied.Export(ctx, &again, extcontacts.ExportOptions{}); err != nil {
		return err
	}
	fmt.Fprintf(out, "\nExported %d contacts; %d came back, equal: %t.\n", n, report.Created, bytes.Equal(file.Bytes(), again.Bytes()))
	return nil
}
