package csvio

import (
	"iter"
	"math/bits"

	"github.com/extcontacts/extcontacts/contacts"
)

// FieldSet is a set of the fields that a [Mapping] maps to. The zero value is the empty set.
type FieldSet struct {
	fields []*contacts.Field
	bits   []uint64
}

func newFieldSet(fields []*contacts.Field) FieldSet {
	return FieldSet{fields, make([]uint64, (len(fields)+63)/64)}
}

func (s *FieldSet) add(i int) { s.bits[i>>6] |= 1 << (i & 63) }

func (s *FieldSet) clear() { clear(s.bits) }

// IsZero reports whether the set is empty.
func (s FieldSet) IsZero() bool { return s.Len() == 0 }

// Len returns the number of fields.
func (s FieldSet) Len() int {
	n := 0
	for _, w := range s.bits {
		n += bits.OnesCount64(w)
	}
	return n
}

// Has reports whether the field of this name is in the set.
func (s FieldSet) Has(name string) bool {
	for f := range s.All() {
		if f.Name == name {
			return true
		}
	}
	return false
}

// All yields the fields, in the order of the schema, external ids last. The caller must not change them.
func (s FieldSet) All() iter.Seq[*contacts.Field] {
	return func(yield func(*contacts.Field) bool) {
		for i, w := range s.bits {
			for ; w != 0; w &= w - 1 {
				if !yield(s.fields[i<<6+bits.TrailingZeros64(w)]) {
					return
				}
			}
		}
	}
}
