package main

import (
	"context"
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"github.com/extcontacts/extcontacts/store"
)

func copyCommand() *command {
	return &command{name: "copy", operands: "TO", min: 1, max: 1,
		does: "Copies the workspace to another contact book, log and all, while this one is in use",
		more: `TO is like the URL of --db. A copy that was stopped goes on where it ended. To move to another
store: copy with --follow while everybody works, stop those who write, copy once more without
it; when that says that both are the same, let everybody work on TO. A book in TO that has a
history of its own is left as it is.`,
		flags: []flagDef{
			{name: "follow", help: "go on copying what is written, until interrupted; without the comparison at the end"},
		}, run: runCopy}
}

// copyReport is the report of copy in JSON.
type copyReport struct {
	Entries    int    `json:"entries"` // written, as the others
	Contacts   int    `json:"contacts"`
	Acts       int    `json:"acts"`
	Activities int    `json:"activities"`
	Records    int    `json:"records"`
	Mended     int    `json:"mended"` // found different by the comparison
	Seq        int64  `json:"seq"`    // the last log entry of both
	Hash       string `json:"hash"`
	Complete   bool   `json:"complete"` // compared byte by byte, and the same
}

// followPause is how long --follow waits before it looks again.
const followPause = time.Second

func runCopy(ctx context.Context, c *call) error {
	to := *c.app
	to.db = c.args[0]
	file, err := to.location()
	switch {
	case err != nil:
		return err
	case strings.HasPrefix(to.db, "memory:"):
		return usagef("a copy in memory is gone at once; name a file or a server")
	case to.db == c.db:
		return usagef("the copy would be the contact book itself") // its URL may hold a password
	}
	dst, err := to.open(ctx, file)
	if err != nil {
		return err
	}
	rep, err := c.copyTo(ctx, dst)
	if closeErr := dst.Close(); err == nil {
		err = closeErr
	}
	var conflict *store.ConflictError
	switch {
	case errors.As(err, &conflict):
		return failf("the other contact book has a history of its own (it parts from this one at log entry %s); nothing was copied over it", grouped(int(conflict.Head)))
	case err != nil:
		return err
	}
	if err := c.showCopy(rep); err != nil {
		return err
	}
	if !rep.Complete && !c.flags.has("follow") {
		return failf("somebody wrote to this contact book while it was compared; the copy is good up to log entry %s: stop those who write and copy again", grouped(int(rep.Seq)))
	}
	return nil
}

// copyTo copies once, or until the context ends.
func (c *call) copyTo(ctx context.Context, dst store.Store) (store.CopyReport, error) {
	if !c.flags.has("follow") {
		return store.Copy(ctx, dst, c.store, c.workspace, store.CopyOptions{})
	}
	c.note("Copying, and following what is written; an interrupt ends it.")
	var all store.CopyReport
	for {
		rep, err := store.Copy(ctx, dst, c.store, c.workspace, store.CopyOptions{Quick: true})
		all.Entries, all.Contacts, all.Acts = all.Entries+rep.Entries, all.Contacts+rep.Contacts, all.Acts+rep.Acts
		all.Activities, all.Records, all.Seq, all.Hash = all.Activities+rep.Activities, all.Records+rep.Records, rep.Seq, rep.Hash
		if ctx.Err() != nil {
			return all, nil
		}
		if err != nil {
			return all, err
		}
		select {
		case <-ctx.Done():
			return all, nil
		case <-time.After(followPause):
		}
	}
}

func (c *call) showCopy(r store.CopyReport) error {
	if c.json {
		return c.line(copyReport{r.Entries, r.Contacts, r.Acts, r.Activities, r.Records, r.Mended, r.Seq, hex.EncodeToString(r.Hash[:]), r.Complete})
	}
	c.printf("%s, %s, %s, %s, %s copied; the log goes to entry %s", counted(r.Entries, "log entry"), counted(r.Contacts, "contact"),
		counted(r.Acts, "act"), counted(r.Activities, "activity"), counted(r.Records, "record"), grouped(int(r.Seq)))
	if r.Complete {
		c.printf(". Both contact books are the same")
	}
	c.printf(".\n")
	return nil
}
