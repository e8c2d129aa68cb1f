package contacts

// Actor is who does something: an agent, an administrator, a program.
type Actor struct {
	ID ID
	// Roles are the host's own names for what the actor is; policies read
	// them, the library does not.
	Roles []string
	// Enquiry is set while the actor works inside an enquiry, where the
	// status of the enquiry decides what may be done to its contact.
	Enquiry *EnquiryContext
}

// EnquiryContext is the enquiry an actor is working in. Once its contact was
// merged away, a policy that is asked about the survivor gets the survivor's id
// as Contact.
type EnquiryContext struct {
	Contact ID
	Status  EnquiryStatus
}

// Right is something an actor may be allowed to do.
type Right string

// The rights. A policy is asked for one of them at a time.
const (
	RightView     Right = "view"
	RightEdit     Right = "edit"
	RightCreate   Right = "create"
	RightDelete   Right = "delete"
	RightRestore  Right = "restore"
	RightErase    Right = "erase"
	RightMerge    Right = "merge"
	RightImport   Right = "import"
	RightExport   Right = "export"
	RightUndo     Right = "undo"
	RightVerify   Right = "verify_identifier"
	RightActivity Right = "activity"
	RightSchema   Right = "schema"
	RightLog      Right = "log"
	RightTimeline Right = "timeline" // to read activities
	RightStaff    Right = "staff"    // to see the internal contacts
	RightOwn      Right = "own"      // to move ownership and to share
	RightPurge    Right = "purge"    // to end what was deleted for good
	RightPerson   Right = "person"   // to read the whole file about one person
)

// AllRights returns every right, in a fixed order.
func AllRights() []Right {
	return []Right{RightView, RightEdit, RightCreate, RightDelete, RightRestore, RightErase, RightMerge, RightImport, RightExport,
		RightUndo, RightVerify, RightActivity, RightTimeline, RightStaff, RightSchema, RightLog, RightOwn, RightPurge, RightPerson}
}

// Policy decides what an actor may do. It must be a pure function of its
// arguments: the same question gets the same answer, and an operation on many
// contacts asks for each of them.
type Policy interface {
	// Decide answers whether the actor has the right on the contact; c is nil
	// where the right concerns the whole workspace. The contact must not be
	// altered or kept.
	Decide(a Actor, r Right, c *Contact) Decision
}

// Decision is the answer of a policy: allowed, or the rule that refused.
type Decision struct {
	Allowed bool
	// Rule names the rule that refused, for the message to the user.
	Rule string
}

// Allow is the decision that allows.
func Allow() Decision { return Decision{Allowed: true} }

// Refuse is the decision that refuses by the named rule.
func Refuse(rule string) Decision { return Decision{Rule: rule} }

// DefaultPolicy is the rule of the contact list: every agent may view, edit,
// delete and merge every contact, whoever created it. Inside an enquiry its
// status decides about the enquiry's contact: it may be edited while the
// enquiry is being handled and only viewed while it is open, missed or closed.
type DefaultPolicy struct{}

// Decide implements [Policy].
func (DefaultPolicy) Decide(a Actor, r Right, c *Contact) Decision {
	if a.Enquiry == nil || c == nil || c.ID != a.Enquiry.Contact {
		return Allow()
	}
	switch r {
	case RightView, RightLog, RightActivity, RightTimeline:
		return Allow()
	}
	if a.Enquiry.Status == EnquiryHandling && (r == RightEdit || r == RightMerge || r == RightVerify) {
		return Allow()
	}
	return Refuse("enquiry_" + string(a.Enquiry.Status))
}
