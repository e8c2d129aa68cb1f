package main

import (
	"context"
	"strconv"

	"github.com/extcontacts/extcontacts"
)

func verifyCommand() *command {
	return &command{name: "verify", does: "Checks the whole book: keys, search, the chain of the log; exit code 1 where something differs", run: runVerify,
		flags: []flagDef{
			{name: "repair", help: "derive keys and search data anew; contacts and log stay as they are"},
			{name: "head", arg: "HEAD", help: "an end that the log had, as an earlier verify printed it; shows entries cut off since", many: true},
		}}
}

// verifyReport is the report of verify in JSON.
type verifyReport struct {
	Contacts    int                      `json:"contacts"` // in every state
	Live        int                      `json:"live"`
	Acts        int                      `json:"acts"`
	Entries     int                      `json:"entries"` // of the log
	Head        string                   `json:"head"`    // the end of the log, to be kept elsewhere
	Differences []extcontacts.Difference `json:"differences"`
}

func runVerify(ctx context.Context, c *call) error {
	var heads []extcontacts.LogHead
	for _, text := range c.flags["head"] {
		h, err := extcontacts.ParseLogHead(text)
		if err != nil {
			return err
		}
		heads = append(heads, h)
	}
	check := c.session.Verify
	if c.flags.has("repair") {
		check = c.session.Repair
	}
	rep, err := check(ctx, heads...)
	if err != nil {
		return err
	}
	head, err := c.session.Head(ctx)
	if err != nil {
		return err
	}
	if c.json {
		err = c.line(verifyReport{rep.Contacts, rep.Live, rep.Acts, rep.Entries, head.String(), append([]extcontacts.Difference{}, rep.Differences...)})
	} else {
		c.printf("%s (%s live), %s, %s in the log: ", counted(rep.Contacts, "contact"), grouped(rep.Live), counted(rep.Acts, "act"), counted(rep.Entries, "entry"))
		if len(rep.Differences) == 0 {
			c.printf("all is as it should be.\n")
		} else {
			c.printf("%s.\n", counted(len(rep.Differences), "difference"))
		}
		if head.Seq > 0 {
			c.printf("The head of the log, to be kept elsewhere: %s\n", quote(head.String()))
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
