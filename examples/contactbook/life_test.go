package main

import (
	"strings"
	"testing"
)

// The life of a contact, as somebody lives it who types the commands.
func TestLife(t *testing.T) {
	t.Chdir(t.TempDir())
	r := object(t, must(t, 0, "--json", "enquiry", "phone:+85291234567", "--create", "first_name=Ann", "--create", "last_name=Lee", "--channel", "phone", "--ref", "q1"))
	if r["created"] != true || r["verified"] != false {
		t.Fatalf("first call: %v", r)
	}
	id := r["contact"].(map[string]any)["id"].(string)
	visit := r["enquiry"].(map[string]any)["id"].(string)
	must(t, 0, "prove", id, "phone:+85291234567", "--method", "sms")
	if r = object(t, must(t, 0, "--json", "enquiry", "phone:+852 9123 4567", "--ref", "q2", "--status", "closed")); r["verified"] != true || r["created"] != false {
		t.Errorf("second call: %v", r)
	}
	if l := objects(t, must(t, 0, "--json", "enquiries")); len(l) != 1 || l[0]["id"] != visit {
		t.Errorf("open: %v", l)
	}
	must(t, 0, "delete", id)
	if l := objects(t, must(t, 0, "--json", "enquiries")); len(l) != 1 || l[0]["state"] != "deleted" {
		t.Errorf("open after the deletion: %v", l)
	}
	must(t, 1, "purge", id)
	must(t, 0, "close", visit)
	must(t, 0, "restore", id)
	if l := objects(t, must(t, 0, "--json", "timeline", id, "--kind", "enquiry", "--oldest")); len(l) != 2 {
		t.Errorf("timeline: %v", l)
	}
	must(t, 0, "set", id, "company=Acme")
	origins := objects(t, must(t, 0, "--json", "origins", id))
	found := false
	for _, o := range origins {
		found = found || o["path"] == "company" && o["kind"] == "edit" && o["actor"] == "cli"
	}
	if !found {
		t.Errorf("origins: %v", origins)
	}
	must(t, 0, "add", "last_name=Ray", "labels=VIP")
	if m := object(t, must(t, 0, "--json", "bulk", "acme OR ray", "team=blue", "--dry-run")); m["matched"] != 2.0 || m["changed"] != 2.0 {
		t.Errorf("dry run: %v", m)
	}
	m := object(t, must(t, 0, "--json", "bulk", "acme OR ray", "team=blue"))
	must(t, 0, "undo", m["act"].(string))
	if m := object(t, must(t, 0, "--json", "count", "team=blue")); m["count"] != 0.0 {
		t.Errorf("after the undo: %v", m)
	}
	must(t, 0, "label", "VIP", "--rename", "Top")
	if m := object(t, must(t, 0, "--json", "count", "label:top")); m["count"] != 1.0 {
		t.Errorf("renamed label: %v", m)
	}
	must(t, 0, "queries", "ours", "label:top")
	if l := objects(t, must(t, 0, "--json", "queries")); len(l) != 1 || l[0]["query"] != "label:top" {
		t.Errorf("queries: %v", l)
	}
	must(t, 0, "field", "tier", "--kind", "text")
	must(t, 0, "set", id, "tier=gold")
	if r := must(t, 1, "field", "tier", "--kind", "number"); !strings.Contains(r.stdout, id) {
		t.Errorf("a field in the way: %s%s", r.stdout, r.stderr)
	}
	// Roles: a viewer looks, and masked numbers are not even searched.
	must(t, 0, "--role", "viewer", "show", id)
	if r := must(t, 1, "--role", "viewer", "set", id, "team=x"); !strings.Contains(r.stderr, "role_lacks_edit") && !strings.Contains(r.stderr, "role lacks edit") {
		t.Errorf("a viewer edits: %s", r.stderr)
	}
	if r := must(t, 0, "--role", "agent", "--role", "masked", "show", id, "--log"); strings.Contains(r.stdout, "9123") || !strings.Contains(r.stdout, "***") || strings.Contains(r.stdout, "typed") {
		t.Errorf("masked: %s", r.stdout)
	}
	must(t, 1, "--role", "agent,masked", "search", "phone:91234567")
	must(t, 2, "--role", "king", "list")
	must(t, 0, "own", "agent-2", id)
	if r := must(t, 1, "--role", "agent", "--actor", "agent-3", "show", id); !strings.Contains(r.stderr, "there is no contact") {
		t.Errorf("another's contact: %s", r.stderr)
	}
	// Privacy.
	must(t, 0, "optout", "phone:+85291234567")
	if r := must(t, 0, "person", id); !strings.Contains(r.stdout, "Acme") || !strings.Contains(r.stdout, "opt_outs") {
		t.Errorf("person: %s", r.stdout)
	}
	if r := must(t, 0, "erase", id); !strings.Contains(r.stderr, "kept as a hash") {
		t.Errorf("erase: %s", r.stderr)
	}
	if m := object(t, must(t, 0, "--json", "optout", "phone:+85291234567", "--show")); m["opted_out"] != true {
		t.Errorf("opt-out: %v", m)
	}
	write(t, "back.csv", "Last name,Mobile\nLee,+85291234567\n")
	must(t, 3, "import", "back.csv", "--errors", "e.csv")
	must(t, 0, "optout", "phone:+85291234567", "--readmit")
	must(t, 0, "import", "back.csv")
	if m := object(t, must(t, 0, "--json", "retain", "--days", "30", "--dry-run")); m["matched"] != 0.0 {
		t.Errorf("retain: %v", m)
	}
	events := objects(t, must(t, 0, "events"))
	if len(events) < 10 || events[0]["kind"] != "created" {
		t.Errorf("events: %v", events)
	}
	must(t, 0, "verify")
}
