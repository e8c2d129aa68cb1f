package policy

import (
	"slices"

	"github.com/extcontacts/extcontacts/contacts"
)

// Roles says which rights each role has. An actor has those of all its roles;
// one without a role that is listed has none.
type Roles map[string][]contacts.Right

// Decide implements [contacts.Policy]. The rules are role_missing, where the
// actor has no listed role, and role_lacks_RIGHT.
func (r Roles) Decide(a contacts.Actor, right contacts.Right, _ *contacts.Contact) contacts.Decision {
	known := false
	for _, role := range a.Roles {
		rights, ok := r[role]
		if slices.Contains(rights, right) {
			return contacts.Allow()
		}
		known = known || ok
	}
	if !known {
		return contacts.Refuse("role_missing")
	}
	return contacts.Refuse("role_lacks_" + string(right))
}

// Viewer are the rights of who only reads: contacts, their
// activities and their history, and the internal contacts.
func Viewer() []contacts.Right {
	return []contacts.Right{contacts.RightView, contacts.RightLog, contacts.RightTimeline, contacts.RightStaff}
}

// Agent are the rights of who works with contacts one by one: those of Viewer,
// and to create, edit, merge, delete and restore contacts, to record
// activities and to verify identifiers.
func Agent() []contacts.Right {
	return append(Viewer(), contacts.RightCreate, contacts.RightEdit, contacts.RightMerge, contacts.RightDelete,
		contacts.RightRestore, contacts.RightActivity, contacts.RightVerify)
}

// Manager are the rights of who works with many contacts at once: those of
// Agent, and to import, export, undo, move ownership and change the schema.
func Manager() []contacts.Right {
	return append(Agent(), contacts.RightImport, contacts.RightExport, contacts.RightUndo, contacts.RightOwn, contacts.RightSchema)
}

// Admin are all rights: those of Manager, and to erase, to purge and to read a
// person's whole file.
func Admin() []contacts.Right { return contacts.AllRights() }
