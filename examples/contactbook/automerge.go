package main

import (
	"context"
	"strings"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
)

type autoReport struct {
	Act     contacts.ID                `json:"act"`
	Merged  []mergedJSON               `json:"merged"`
	Stopped []extcontacts.StoppedMerge `json:"stopped"`
}

type mergedJSON struct {
	Survivor contacts.ID   `json:"survivor"`
	Others   []contacts.ID `json:"others"`
}

// runAutoMerge is merge --auto.
func runAutoMerge(ctx context.Context, c *call) error {
	if len(c.flags["take"]) > 0 {
		return usagef("--take chooses for one merge, not with --auto")
	}
	above, err := c.flags.score("above")
	if err != nil {
		return err
	}
	query := strings.Join(c.args, " ")
	if err := c.misread(ctx, query, "to look into a file: contactbook dedupe %s"); err != nil {
		return err
	}
	auto, err := c.session.PlanAutoMerge(ctx, query, extcontacts.AutoMergeOptions{Above: above})
	if err != nil {
		return searchError(query, err)
	}
	rep := autoReport{Merged: []mergedJSON{}, Stopped: append([]extcontacts.StoppedMerge{}, auto.Stopped...)}
	for _, p := range auto.Plans {
		m := mergedJSON{Survivor: p.Survivor.ID}
		for _, o := range p.Others {
			m.Others = append(m.Others, o.ID)
		}
		rep.Merged = append(rep.Merged, m)
	}
	if !c.flags.has("dry-run") && len(auto.Plans) > 0 {
		act, err := c.session.MergeAll(ctx, auto.Plans)
		if err != nil {
			return err
		}
		rep.Act = act.ID
	}
	if c.json {
		return c.line(rep)
	}
	t := newTable(c.stdout, "SURVIVOR", "NAME", "MERGED INTO IT")
	for i, m := range rep.Merged {
		t.row(string(m.Survivor), auto.Plans[i].Result.FullName(), joined(m.Others))
	}
	if err := t.end(); err != nil {
		return err
	}
	if len(rep.Stopped) > 0 {
		c.printf("\n")
	}
	t = newTable(c.stdout, "LEFT TO PEOPLE", "WHY")
	for _, s := range rep.Stopped {
		t.row(joined(s.IDs), strings.ReplaceAll(s.Why, "_", " "))
	}
	if err := t.end(); err != nil {
		return err
	}
	verb := "Merged"
	if c.flags.has("dry-run") {
		verb = "Would merge"
	}
	c.printf("%s %s", verb, counted(len(rep.Merged), "cluster"))
	if !rep.Act.IsZero() {
		c.printf(", act %s", rep.Act)
	}
	c.printf(".\n")
	return nil
}

func joined(ids []contacts.ID) string {
	parts := make([]string, len(ids))
	for i, id := range ids {
		parts[i] = string(id)
	}
	return strings.Join(parts, ", ")
}
