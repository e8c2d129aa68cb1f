package extcontacts

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/merge"
	"github.com/extcontacts/extcontacts/store"
)

// Options are the settings of a [Book]. The zero value of each field but
// Workspace is its default.
type Options struct {
	// Workspace is the name of the book inside the store. It is required:
	// nothing crosses from one workspace into another.
	Workspace string
	// Policy decides who may do what; nil means [contacts.DefaultPolicy].
	Policy contacts.Policy
	// Owned says that a new contact without an owner belongs to who creates or
	// imports it; see package policy.
	Owned bool
	// Staff is the host's list of internal contacts; see [Session.List].
	Staff Directory
	// Secret keys the hashes that are kept of erased and opted-out identifiers.
	// Keep it away from the database: who has both can find out a phone number
	// by trying all. It must not change as long as the workspace lives; without
	// one a random key stands in the workspace.
	Secret []byte
	// ForgetErased keeps no hashes of the identifiers of erased contacts.
	ForgetErased bool
	// Erased says what an import does with a row that brings an identifier of
	// somebody who was erased.
	Erased ErasedRule
	// Parse says how typed text is read: the default region and numbering plan
	// of phone numbers, the format of dates.
	Parse contacts.ParseOptions
	// Unique are kinds of identity keys of which each value may belong to one
	// live contact only. External ids and unique custom fields always are.
	Unique []contacts.KeyKind
	// Duplicates says what creating and editing contacts does with suspected
	// duplicates. Imports follow their own rules.
	Duplicates DuplicateRule
	// Suspected is called with a contact that was stored although it may be one
	// of others in the book. It may be nil.
	Suspected func(ctx context.Context, c *contacts.Contact, found []merge.Pair)
	// Model weighs what two contacts have in common, in searches for duplicates
	// and suggestions alike. Nil means [merge.Shipped], which is careful;
	// [Session.LearnModel] makes one of the book itself.
	Model *merge.Model
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// NewID makes the ids of contacts, acts and activities; nil means UUIDs of
	// version 7 (RFC 9562), which sort by their time of birth.
	NewID func() contacts.ID
	// Location is the time zone in which relative dates of queries are meant;
	// nil means UTC.
	Location *time.Location
	// Index, where it is not nil, is an index of this workspace of the store:
	// searches go by it, in microseconds instead of milliseconds on SQL. See
	// [store.OpenIndex].
	Index *store.Index
	// Logger gets what a person who runs the program should know, without
	// personal data; nil means silence.
	Logger *slog.Logger
}

// Book is one contact book: a workspace of a store. It is safe for use by many
// goroutines. Closing the store is the caller's.
type Book struct {
	st     store.Store
	o      Options
	schema atomic.Pointer[cachedSchema]
	line   line
}

type cachedSchema struct {
	rev    int64
	schema *contacts.Schema
}

// Open opens the workspace of a store as a book. A workspace needs no other
// preparation: it comes into being with its first write. The error wraps
// [ErrInvalid] where the workspace has no name (code workspace_missing), there
// is no store (store_missing), Options.Parse names a region that is no country
// (region_unknown) or has no numbering plan for it (region_without_plan), or
// Options.Index is of another workspace or store (index_foreign); else it is the
// store's.
func Open(ctx context.Context, st store.Store, o Options) (*Book, error) {
	if o.Workspace == "" {
		return nil, &CodeError{"workspace_missing", "a book needs the name of its workspace"}
	}
	if st == nil {
		return nil, &CodeError{"store_missing", "a book needs a store"}
	}
	if region := o.Parse.Region; region != "" {
		if _, err := contacts.ParseCountry(region); err != nil {
			return nil, &CodeError{"region_unknown", "Parse.Region is the code of a country, such as HK, not " + strconv.Quote(region)}
		}
		if o.Parse.Plan == nil {
			return nil, &CodeError{"region_without_plan", "Parse.Region says nothing without Parse.Plan"}
		}
	}
	if o.Policy == nil {
		o.Policy = contacts.DefaultPolicy{}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.NewID == nil {
		o.NewID = (&idSource{rand: bufio.NewReaderSize(rand.Reader, 4096)}).next
	}
	if o.Location == nil {
		o.Location = time.UTC
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	o.Unique, o.Secret = slices.Clone(o.Unique), slices.Clone(o.Secret)
	b := &Book{st: st, o: o, line: newLine()}
	if o.Index != nil {
		if err := o.Index.Check(ctx, st, o.Workspace); err != nil {
			return nil, err
		}
	}
	if _, err := b.loadSchema(ctx); err != nil {
		return nil, err
	}
	return b, nil
}

// As returns the session of an actor: every operation of a book belongs to
// one. An actor without an ID may do nothing.
func (b *Book) As(a contacts.Actor) *Session {
	a.Roles = slices.Clone(a.Roles)
	s := &Session{book: b, actor: a}
	if a.Enquiry != nil {
		enquiry := *a.Enquiry
		s.actor.Enquiry, s.enquiry = &enquiry, &inEnquiry{}
	}
	if p, ok := b.o.Policy.(contacts.Masker); ok {
		s.mask = p.Mask(s.Actor())
	}
	return s
}

// idSource makes UUIDs of version 7 with one read of the system's randomness
// for many of them.
type idSource struct {
	mu   sync.Mutex
	rand *bufio.Reader
}

func (g *idSource) next() contacts.ID {
	g.mu.Lock()
	defer g.mu.Unlock()
	u, err := uuid.NewV7FromReader(g.rand)
	if err != nil { // crypto/rand never fails
		panic("extcontacts: " + err.Error())
	}
	return contacts.ID(u.String())
}

// The kinds of records the book keeps in its store.
const (
	recordSchema   = "schema"   // one record, key "schema"
	recordDistinct = "distinct" // key "ID ID", ascending
	recordImport   = "import"   // key: the act; the progress of an import
)

// schemaDoc is the stored form of a schema.
type schemaDoc struct {
	Fields []contacts.CustomField `json:"fields,omitempty"`
	Labels []contacts.Label       `json:"labels,omitempty"`
}

// loadSchema reads the schema record, and parses it where it changed.
func (b *Book) loadSchema(ctx context.Context) (*cachedSchema, error) {
	recs, err := b.st.Records(ctx, b.o.Workspace, recordSchema, recordSchema)
	if err != nil {
		return nil, err
	}
	var rev int64
	if len(recs) > 0 {
		rev = recs[0].Rev
	}
	if c := b.schema.Load(); c != nil && c.rev == rev {
		return c, nil
	}
	var doc schemaDoc
	if len(recs) > 0 {
		if err := json.Unmarshal(recs[0].Body, &doc); err != nil {
			return nil, fmt.Errorf("extcontacts: the stored schema cannot be read: %w", err)
		}
	}
	schema, err := contacts.NewSchema(doc.Fields, doc.Labels)
	if err != nil {
		return nil, fmt.Errorf("extcontacts: the stored schema is not valid: %w", err)
	}
	c := &cachedSchema{rev, schema}
	b.schema.Store(c)
	return c, nil
}

// isUnique reports whether one contact alone may hold the key.
func (b *Book) isUnique(s *contacts.Schema, k contacts.Key) bool {
	return k.IsExternal() || slices.Contains(b.o.Unique, k.Kind) || k.IsCustom() && slices.Contains(s.UniqueFields(), k.Kind.Source())
}

// uniqueKinds are the kinds, among those of the keys, that one contact alone
// may hold.
func (b *Book) uniqueKinds(s *contacts.Schema, add []contacts.Key) []contacts.KeyKind {
	var kinds []contacts.KeyKind
	for _, k := range add {
		if b.isUnique(s, k) && !slices.Contains(kinds, k.Kind) {
			kinds = append(kinds, k.Kind)
		}
	}
	return kinds
}
