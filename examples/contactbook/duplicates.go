package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/merge"
)

func duplicatesCommand() *command {
	return &command{name: "duplicates", operands: "[QUERY]", does: "Lists pairs that may be the same person, the most certain first, and clusters of them", max: -1, query: true, weighs: true,
		flags: []flagDef{
			{name: "min", arg: "S", help: "the least score, 0 to 1"},
			{name: "explain", help: "say why, for people (JSON always does)"},
			{name: "learn", arg: "FILE", help: "learn from these contacts how duplicates differ, and write that for --model"},
		}, run: runDuplicates}
}

// readModel reads what duplicates --learn wrote.
func readModel(name string) (*merge.Model, error) {
	body, err := os.ReadFile(name)
	if err != nil {
		return nil, failf("%s cannot be read: %s", quote(name), cause(err))
	}
	m := &merge.Model{}
	if err := json.Unmarshal(body, m); err != nil {
		return nil, failf("%s is no model that duplicates --learn wrote", quote(name))
	}
	return m, nil
}

// learnModel learns a model and writes it.
func (c *call) learnModel(ctx context.Context, query, name string) error {
	m, err := c.session.LearnModel(ctx, query)
	if err != nil {
		return searchError(query, err)
	}
	body, err := json.Marshal(m)
	if err != nil {
		return err
	}
	if err := c.toFile(name, func(w io.Writer) error { _, err := w.Write(append(body, '\n')); return err }); err != nil {
		return err
	}
	if name != "-" && name != "/dev/stdout" {
		c.note("Wrote %s; --model %s goes by it.", quote(name), quote(name))
	}
	return nil
}

// pairJSON is a suspected pair in JSON.
type pairJSON struct {
	A       contacts.ID    `json:"a"`
	B       contacts.ID    `json:"b"`
	Score   float64        `json:"score"`
	Verdict merge.Verdict  `json:"verdict"`
	Cluster int            `json:"cluster"` // zero: the two are not in one
	Reasons []merge.Reason `json:"reasons"`
}

// score is the value of a flag that takes a number between 0 and 1.
func (f flags) score(name string) (float64, error) {
	s := f.text(name)
	if s == "" {
		return 0, nil
	}
	x, err := strconv.ParseFloat(s, 64)
	if err != nil || !(x >= 0 && x <= 1) {
		return 0, usagef("--%s takes a score between 0 and 1, not %s", name, quote(s))
	}
	return x, nil
}

func runDuplicates(ctx context.Context, c *call) error {
	least, err := c.flags.score("min")
	if err != nil {
		return err
	}
	query := strings.Join(c.args, " ")
	if err := c.misread(ctx, query, "to look into a file: contactbook dedupe %s"); err != nil {
		return err
	}
	if name := c.flags.text("learn"); name != "" {
		if c.flags.has("min") || c.flags.has("explain") {
			return usagef("--learn lists no pairs: --min and --explain do not go with it")
		}
		if c.model != nil {
			return usagef("--learn makes a model of its own: --model does not go with it")
		}
		return c.learnModel(ctx, query, name)
	}
	found, err := c.session.FindDuplicates(ctx, query, extcontacts.DuplicateOptions{Min: least})
	if err != nil {
		return searchError(query, err)
	}
	pairs, clusters := slices.Collect(found.Pairs()), found.Clusters()
	if least > 0 {
		clusters = found.ClustersAbove(least)
	}
	of := clusterNumbers(clusters)
	if c.json {
		for _, p := range pairs {
			if err := c.line(pairJSON{p.A, p.B, p.Score, p.Verdict, of.pair(p), append([]merge.Reason{}, p.Reasons...)}); err != nil {
				return err
			}
		}
		return nil
	}
	names := map[contacts.ID]string{}
	name := func(id contacts.ID) string {
		if names[id] == "" {
			names[id] = string(id)
			if d, err := c.session.Get(ctx, id); err == nil {
				names[id] = d.FullName()
			}
		}
		return names[id]
	}
	head := []string{"SCORE", "VERDICT", "CLUSTER", "A", "NAME", "B", "NAME"}
	if c.flags.has("explain") {
		head = append(head, "WHY")
	}
	t := newTable(c.stdout, head...)
	for _, p := range pairs {
		cluster := ""
		if n := of.pair(p); n > 0 {
			cluster = strconv.Itoa(n)
		}
		cells := []string{percent(p.Score), p.Verdict.String(), cluster, string(p.A), name(p.A), string(p.B), name(p.B)}
		if c.flags.has("explain") {
			cells = append(cells, pairReasons(p))
		}
		t.row(cells...)
	}
	if err := t.end(); err != nil {
		return err
	}
	c.note("%s, %s.", counted(len(pairs), "pair"), counted(len(clusters), "cluster"))
	return nil
}

// clusterOf is the number of the cluster that each contact is in.
type clusterOf map[contacts.ID]int

// pair is the number of the cluster that both are in, or zero.
func (of clusterOf) pair(p merge.Pair) int {
	if of[p.A] != of[p.B] {
		return 0
	}
	return of[p.A]
}

// clusterNumbers numbers clusters from 1, in their order.
func clusterNumbers(clusters [][]contacts.ID) clusterOf {
	of := clusterOf{}
	for i, members := range clusters {
		for _, id := range members {
			of[id] = i + 1
		}
	}
	return of
}

// pairReasons is why two are suspected, in one line, without what says next to
// nothing.
func pairReasons(p merge.Pair) string {
	var parts []string
	for _, r := range p.Reasons {
		if math.Abs(r.Weight) >= 0.5 {
			parts = append(parts, fmt.Sprintf("%+.0f %s", r.Weight, r.Says))
		}
	}
	return strings.Join(parts, "; ")
}

func distinctCommand() *command {
	return &command{name: "distinct", operands: "ID ID", does: "Says that two contacts are not the same person; undo takes it back", min: 2, max: 2,
		run: func(ctx context.Context, c *call) error {
			act, err := c.session.Distinct(ctx, contacts.ID(c.args[0]), contacts.ID(c.args[1]))
			return c.actDone(ctx, act, err, "marked as different people", 2)
		}}
}

func mergeCommand() *command {
	return &command{name: "merge", operands: "SURVIVOR OTHER...", does: "Merges contacts into the first, or with --auto whatever is certain; undo takes it back", max: -1, weighs: true,
		more: `
The survivor keeps its values, blanks are filled from the others in their
order, and lists are united. With --auto the operands are a query, all clusters
that are certain enough are merged in one act, and those against which facts
speak are left to people. A model made of the book ("duplicates --learn FILE",
then --model FILE) tells namesakes apart better than the one that is built in.`,
		flags: []flagDef{
			{name: "auto", help: "merge the clusters of duplicates among what the query matches"},
			{name: "above", arg: "S", help: "with --auto: the confidence that a cluster must have, 0.98 unless told"},
			{name: "take", arg: "FIELD=ID", help: "take this field from this contact; may be given more than once", many: true},
			{name: "dry-run", help: "only say what would be done"},
		}, run: runMerge}
}

type mergeReport struct {
	Act      contacts.ID   `json:"act"`
	Survivor contacts.ID   `json:"survivor"`
	Merged   []contacts.ID `json:"merged"`
	Fields   []takenJSON   `json:"fields"`
}

type takenJSON struct {
	Path  string      `json:"path"`
	Value string      `json:"value"`
	From  contacts.ID `json:"from"`
}

func runMerge(ctx context.Context, c *call) error {
	if c.flags.has("auto") {
		return runAutoMerge(ctx, c)
	}
	if c.flags.has("above") {
		return usagef("--above goes with --auto")
	}
	if c.model != nil {
		return usagef("--model goes with --auto")
	}
	if len(c.args) < 2 {
		return usagef("merge takes a survivor and the contacts that are merged into it")
	}
	if err := c.mergeable(ctx); err != nil {
		return err
	}
	rules, err := c.takes(ctx)
	if err != nil {
		return err
	}
	plan, err := c.session.PlanMerge(ctx, contacts.ID(c.args[0]), ids(c.args[1:]), rules...)
	if err != nil {
		return planError(err)
	}
	rep := mergeReport{Survivor: plan.Survivor.ID, Merged: []contacts.ID{}, Fields: []takenJSON{}}
	for _, o := range plan.Others {
		rep.Merged = append(rep.Merged, o.ID)
	}
	for _, f := range plan.Fields {
		rep.Fields = append(rep.Fields, takenJSON{f.Path, f.Value, f.From})
	}
	if !c.flags.has("dry-run") {
		act, err := c.session.Merge(ctx, plan)
		if err != nil {
			return err
		}
		rep.Act = act.ID
	}
	if c.json {
		if err := c.line(rep); err != nil {
			return err
		}
		c.printClashes(plan.Clashes)
		return nil
	}
	verb := "Merged"
	if rep.Act.IsZero() {
		verb = "Would merge"
	}
	c.printf("%s %s into %s", verb, counted(len(rep.Merged), "contact"), rep.Survivor)
	if !rep.Act.IsZero() {
		c.printf(", act %s", rep.Act)
	}
	c.printf(".\n")
	t := newTable(c.stdout, "FIELD", "VALUE", "FROM", "LEFT BEHIND")
	for _, f := range plan.Fields {
		left := make([]string, len(f.Left))
		for i, l := range f.Left {
			left[i] = l.Value
		}
		t.row(f.Path, f.Value, string(f.From), strings.Join(left, " | "))
	}
	if err := t.end(); err != nil {
		return err
	}
	c.printClashes(plan.Clashes)
	return nil
}

// mergeable says in words of the command line why the contacts cannot be
// merged.
func (c *call) mergeable(ctx context.Context) error {
	named := map[contacts.ID]contacts.ID{} // by what was typed
	for i, id := range ids(c.args) {
		d, err := c.session.Get(ctx, id)
		if err != nil {
			return noSuch("contact", id, err)
		}
		before, twice := named[d.ID]
		switch {
		case d.State == contacts.Erased:
			return failf("contact %s was erased: nothing is left to be merged", d.ID)
		case d.State != contacts.Live:
			return failf("contact %s is %s: restore it first", d.ID, d.State)
		case !twice:
			named[d.ID] = id
		case before == id && i > 0 && c.args[0] == c.args[i]:
			return failf("contact %s cannot be merged with itself", d.ID)
		case before == id:
			return failf("contact %s is given twice", d.ID)
		case id != d.ID:
			return failf("contact %s was merged into %s already", quote(string(id)), d.ID)
		default:
			return failf("contact %s was merged into %s already", quote(string(before)), d.ID)
		}
	}
	return nil
}

// planError names what was typed rather than its place in the plan.
func planError(err error) error {
	f, ok := err.(*contacts.FieldError)
	if !ok {
		return err
	}
	list, path, _ := strings.Cut(f.Path, "].")
	switch {
	case strings.HasPrefix(list, "rules["):
		return failf("--take %s: %s", path, words(f.Code, f.Hint))
	case strings.HasPrefix(f.Path, "others["):
		return failf("%s", words(f.Code, f.Hint))
	}
	return err
}

// takes reads the --take flags.
func (c *call) takes(ctx context.Context) ([]merge.Rule, error) {
	var rules []merge.Rule
	if len(c.flags["take"]) == 0 {
		return nil, nil
	}
	schema, err := c.session.Schema(ctx)
	if err != nil {
		return nil, err
	}
	for _, take := range c.flags["take"] {
		i := strings.LastIndex(take, "=")
		if i < 0 {
			return nil, usagef("--take is FIELD=ID, not %s", quote(take))
		}
		path, from := take[:i], take[i+1:]
		known := false
		for _, id := range c.args {
			known = known || id == from
		}
		if !known {
			return nil, usagef("--take %s: %s is none of the contacts that are merged", path, quote(from))
		}
		if path != "address" {
			f, primary, err := findField(schema, path, "taken")
			switch {
			case err != nil:
				return nil, err
			case f == nil:
				path = "primary_" + primary
			case strings.HasPrefix(f.Name, "address."):
				return nil, usagef("--take: an address is taken as a whole: --take address=ID")
			case f.IsList() || f.Kind == contacts.LabelsField:
				return nil, usagef("--take: %s has several values, which are united anyway", path)
			default:
				path = f.Name
			}
		}
		d, err := c.session.Get(ctx, contacts.ID(from))
		if err != nil {
			return nil, noSuch("contact", contacts.ID(from), err)
		}
		rules = append(rules, merge.Take(path, d.ID))
	}
	return rules, nil
}
