package contacts

import (
	"fmt"
	"iter"
	"time"
)

// Activity is something that happened between the organisation and a contact.
// It stays on the contact it was recorded on for ever; a merge moves nothing,
// the survivor's timeline reads through the pointers of those merged into it.
type Activity struct {
	ID      ID           `json:"id"`
	Contact ID           `json:"contact"`
	Kind    ActivityKind `json:"kind"`
	At      time.Time    `json:"at"`
	// Status is the state of an enquiry; empty for other kinds.
	Status EnquiryStatus `json:"status,omitzero"`
	// Ref is the host's own id of the activity. Recording an activity with a
	// Ref that the contact already has updates that one.
	Ref string `json:"ref,omitzero"`
	// Channel is what it came through, such as "phone", "whatsapp", "web".
	Channel string `json:"channel,omitzero"`
	// Agents are the staff who took part.
	Agents []ID `json:"agents,omitempty"`
	// Destination is the endpoint an enquiry was assigned to.
	Destination string `json:"destination,omitzero"`
	// URL is the page visited, or where the transcript can be read.
	URL string `json:"url,omitzero"`
	// Text is a short note or title.
	Text string `json:"text,omitzero"`
}

// ActivityKind says what happened.
type ActivityKind string

// The kinds of activities: enquiries make up the Enquiry History, outbound
// calls and messages the Engagement, page visits the Journey.
const (
	Enquiry   ActivityKind = "enquiry"
	Call      ActivityKind = "call"
	SMS       ActivityKind = "sms"
	PageVisit ActivityKind = "page_visit"
)

// EnquiryStatus is where an enquiry stands.
type EnquiryStatus string

// The states of an enquiry.
const (
	EnquiryOpen     EnquiryStatus = "open"
	EnquiryHandling EnquiryStatus = "handling"
	EnquiryMissed   EnquiryStatus = "missed"
	EnquiryClosed   EnquiryStatus = "closed"
)

// Validate checks the kind and, for an enquiry, its status, and that the texts
// are texts: up to 255 characters, URL and Text up to [MaxText]. The error is a
// *[FieldError] with the code activity_kind_unknown, enquiry_status_unknown,
// enquiry_status_misplaced, required, too_many_values or one of the text codes.
func (a *Activity) Validate() error {
	switch a.Kind {
	case Enquiry:
		switch a.Status {
		case EnquiryOpen, EnquiryHandling, EnquiryMissed, EnquiryClosed:
		default:
			return &FieldError{Path: "status", Code: "enquiry_status_unknown", Hint: "one of open, handling, missed, closed"}
		}
	case Call, SMS, PageVisit:
		if a.Status != "" {
			return &FieldError{Path: "status", Code: "enquiry_status_misplaced", Hint: "only an enquiry has a status"}
		}
	default:
		return &FieldError{Path: "kind", Code: "activity_kind_unknown", Hint: "one of enquiry, call, sms, page_visit"}
	}
	if a.At.IsZero() {
		return &FieldError{Path: "at", Code: "required"}
	}
	for path, text := range a.texts() {
		limit := 255
		if path == "text" || path == "url" {
			limit = MaxText
		}
		if err := checkText(text, limit); err != nil {
			return fault(path, text, err)
		}
	}
	if len(a.Agents) > MaxValues {
		return &FieldError{Path: "agents", Code: "too_many_values", Hint: fmt.Sprintf("at most %d", MaxValues)}
	}
	return nil
}

// texts yields the texts of the activity in a fixed order.
func (a *Activity) texts() iter.Seq2[string, string] {
	return func(yield func(path, text string) bool) {
		ok := yield("ref", a.Ref) && yield("channel", a.Channel) && yield("destination", a.Destination) && yield("url", a.URL) && yield("text", a.Text)
		for i := 0; ok && i < len(a.Agents); i++ {
			ok = yield("agents", string(a.Agents[i]))
		}
	}
}
