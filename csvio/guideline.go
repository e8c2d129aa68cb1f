package csvio

import (
	"bufio"
	"io"
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
)

// WriteGuidelines writes the contact format guidelines of a schema as plain text: what each column of the template takes, and
// what holds for all of them. They come from the rule table, as everything else does that knows about fields.
func WriteGuidelines(w io.Writer, s *contacts.Schema) error {
	b := bufio.NewWriter(w)
	b.WriteString("Contact format guidelines\n\n")
	for f := range s.Fields() {
		b.WriteString(oneLine(f.Column))
		if f.Required {
			b.WriteString(" (mandatory)")
		}
		b.WriteString("\n    " + oneLine(f.Guide) + "\n")
		if f.IsList() {
			b.WriteString("    For more than one: further columns " + oneLine(f.Column) + " 2, " + oneLine(f.Column) + " 3 and so on.\n")
		}
		if len(f.Aliases) > 0 {
			b.WriteString("    Also read: " + oneLine(strings.Join(f.Aliases, ", ")) + ".\n")
		}
	}
	b.WriteString("External ID: SOURCE\n    The contact's id in another system; SOURCE is the name of that system.\n")
	b.WriteString("Primary Phone, Primary Email\n    Which number or address is the primary one; without them the first one is.\n")
	b.WriteString(`
A text with a comma, a double quote or a line break stands in double quotes; a double quote in it is written twice:
    "Head of Marketing, Asia Division"
A blank cell changes nothing. A cell of -- empties the field of a contact that is updated.
An apostrophe before a formula ('+852...) is taken off.
`)
	return b.Flush()
}

// oneLine keeps what schemas say from breaking the layout.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
