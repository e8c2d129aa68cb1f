package main

import (
	"context"
	"strconv"

	"github.com/extcontacts/extcontacts"
)

func verifyCommand() *command {
	return &command{name: "verify", does: "Checks the whole book: keys, search, the chain of the log; exit code 1 where something differs", run: runVerify}
}

// verifyReport is the report of verify in JSON.
type verifyReport struct {
	Contacts    int                      `json:"contacts"` // in every state
	Live        int                      `json:"live"`
	Acts        int                      `json:"acts"`
	Entries     int                      `json:"entries"` // of the log
	Differences []extcontacts.Difference `json:"differences"`
}

func runVerify(ctx context.Context, c *call) error {
	rep, err := c.session.Verify(ctx)
	if err != nil {
		return err
	}
	if c.json {
		err = c.line(verifyReport{rep.Contacts, rep.Live, rep.Acts, rep.Entries, append([]extcontacts.Difference{}, rep.Differences...)})
	} else {
		c.printf("%s (%s live), %s, %s in the log: ", counted(rep.Contacts, "contact"), grouped(rep.Live), counted(rep.Acts, "act"), counted(rep.Entries, "entry"))
		if len(rep.Differences) == 0 {
			c.printf("all is as it should be.\n")
		} else {
			c.printf("%s.\n", counted(len(rep.Differences), "difference"))
		}
		t := newTable(c.stdout, "DIFFERENCE", "ID", "LOG ENTRY", "PATH")
		for _, d := range rep.Differences {
			seq := ""
			if d.Seq > 0 {
				seq = strconv.FormatInt(d.Seq, 10)
			}
			t.row(d.Code, string(d.ID), seq, d.Path)
		}
		err = t.end()
	}
	if err == nil && len(rep.Differences) > 0 {
		err = errSilent
	}
	return err
}
