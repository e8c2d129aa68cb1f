package linkage

import (
	"slices"
	"strings"
)

// roles are the local parts of mailboxes that belong to an office, not to a
// person.
var roles = []string{"accounting", "accounts", "admin", "administration", "billing", "bookings", "careers", "contact", "contacto", "contactus", "customerservice",
	"enquiries", "enquiry", "events", "feedback", "finance", "frontdesk", "general", "hello", "help", "helpdesk", "hr", "info", "inquiries", "inquiry",
	"invoices", "it", "jobs", "kontakt", "legal", "mail", "main", "marketing", "media", "news", "newsletter", "noreply", "office", "orders", "payroll",
	"post", "postmaster", "pr", "press", "purchasing", "reception", "reservations", "root", "sales", "secretary", "service", "services", "shop",
	"support", "team", "tech", "webmaster", "welcome"}

// IsRole reports whether the local part of an address is that of an office.
func IsRole(local string) bool {
	if strings.ContainsAny(local, "-_.") {
		local = strings.Map(func(r rune) rune {
			if r == '-' || r == '_' || r == '.' {
				return -1
			}
			return r
		}, local)
	}
	_, found := slices.BinarySearch(roles, local)
	return found
}
