package extcontacts

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/csvio"
)

// ImportMode says what an import may do with a row.
type ImportMode uint8

// The modes of an import.
const (
	// Upsert changes the contact that the row matches and creates one where
	// there is none.
	Upsert ImportMode = iota
	// CreateOnly rejects a row that matches a contact, naming it.
	CreateOnly
	// UpdateOnly skips a row that matches no contact.
	UpdateOnly
)

// ParseImportMode reads create, update or upsert.
func ParseImportMode(s string) (ImportMode, error) {
	switch s {
	case "upsert", "":
		return Upsert, nil
	case "create":
		return CreateOnly, nil
	case "update":
		return UpdateOnly, nil
	}
	return 0, &CodeError{"import_mode_unknown", "the mode of an import is create, update or upsert"}
}

// String is the mode's name.
func (m ImportMode) String() string {
	return [...]string{"upsert", "create", "update"}[min(m, UpdateOnly)]
}

// ImportOptions are the settings of an import. The zero value imports a file
// in the format of the template: matching people are updated, others created.
type ImportOptions struct {
	Mode ImportMode
	// Match are the kinds of identity keys by which a row finds the contact it
	// is about, in order: the first kind that finds one decides. With none
	// given, a row is about the contact that shares an external id with it, or
	// else a phone, email or WhatsApp number and does not have another name: a
	// shared switchboard does not make two people one. A row that shares a key
	// only with people of other names is a new person. A row without any
	// identifier is about the contact without one that has the same name and
	// company, if it overwrites nothing there.
	Match []contacts.KeyKind
	// Lists says how the values of a row join the lists of the contact it is
	// about: its phones, emails, socials and labels.
	Lists ListRules
	// Source is kept with the act: the file's name.
	Source string
	// ErrorLog gets the rejected rows as a file that imports back once it is
	// mended: the original header and cells untouched, and the columns _row,
	// _code, _column and _reason. Mapping, Dates and Clear, where they are
	// given, are kept in it, and count when it comes back. Nothing is written where no row is rejected.
	ErrorLog io.Writer
	// DryRun finds out all that the import would do and writes nothing.
	DryRun bool
	// Dialect declares how the file is written; what is zero is detected.
	Dialect csvio.Dialect
	// Mapping gives headers their field, by name ("phones.work"); "-" ignores
	// a column. Other headers are matched by name and alias.
	Mapping map[string]string
	// Dates is the format of dates in the file; zero means that of
	// [Options.Parse], which is MM/DD/YYYY unless the book says otherwise.
	Dates contacts.DateFormat
	// LastName is filled in for new contacts that lack one; empty means
	// "customer". With RejectNoLastName such rows are rejected instead.
	LastName         string
	RejectNoLastName bool
	// Clear is the cell that empties a field; empty means "--". A blank cell
	// leaves the field as it is.
	Clear string
	// Repair mends damaged rows where the doctor of package csvio is at least
	// that sure, from 0.5 to 1; what it did is in the report. Zero mends
	// nothing.
	Repair float64
	// Resume continues an import of the same Source by the same actor that was
	// interrupted, from the row after its last commit and as the same act. Without one to
	// continue it begins anew. Where it is going on elsewhere, one of both
	// stops with the code import_elsewhere, and the other completes it.
	Resume bool
	// BatchRows is the number of rows of one transaction. Zero means that it
	// begins with 500 and doubles up to 6,000: large transactions write each
	// page of the store's indexes fewer times.
	BatchRows int
	// Each, where it is set, is told of every row what became of it, in the
	// order of the file: once its batch is written or, in a dry run, decided.
	// An error that it returns stops the import behind that batch and comes
	// back from Import: the further rows of the batch are written and not told.
	// An import that goes on does not tell again of the rows that were done
	// before.
	Each func(RowResult) error
	// Observer, where it is set, is told after each batch how far the import
	// is. Size is the size of the file in bytes, for the time left; zero means
	// that it is not known.
	Observer Observer
	Size     int64
}

// ImportReport is the result of an import. Rows = Created + Updated +
// Unchanged + Skipped + Rejected, every row of the file in exactly one.
type ImportReport struct {
	contacts.Counts
	// Act is the act of the import; empty where nothing was written.
	Act contacts.ID `json:"act"`
	// Filled counts the new contacts whose last name was filled in.
	Filled int `json:"filled"`
	// ByName counts the rows without any identifier (no phone, email, WhatsApp
	// number or external id) that were about a contact, or an earlier row's, of
	// the same name and company: by nothing else were they joined. An import
	// that goes on counts its own rows.
	ByName int `json:"by_name"`
	// Mapping says which column went where and which were not understood.
	Mapping *csvio.Mapping `json:"mapping"`
	// Dialect is how the file was read, Evidence what speaks for it: where the
	// text is not valid UTF-8, which encoding it may be in.
	Dialect  csvio.Dialect  `json:"dialect"`
	Evidence csvio.Evidence `json:"evidence"`
	// Dates says of each column with dates whether they tell their format.
	Dates []csvio.DateColumn `json:"dates,omitempty"`
	// Preamble are the lines above the header, which were passed over.
	Preamble []csvio.Preamble `json:"preamble,omitempty"`
	// Repaired are the first repairs that were made, up to [MaxRejections].
	Repaired []csvio.Proposal `json:"repaired,omitempty"`
	// Rejections are the first rejected rows, up to [MaxRejections]; the error
	// log has them all.
	Rejections []Rejection `json:"rejections,omitempty"`
	// Flagged are the first rows that brought an identifier of somebody who was
	// erased, under [FlagErased], up to [MaxRejections].
	Flagged []FlaggedRow `json:"flagged,omitempty"`
	// Resumed is the number of rows that an interrupted run had done already.
	Resumed int `json:"resumed,omitzero"`
}

// FlaggedRow is an imported row with an identifier of somebody who was erased.
type FlaggedRow struct {
	Row  int              `json:"row"`
	Line int              `json:"line"`
	Key  contacts.KeyKind `json:"key"`
}

// MaxRejections bounds the rejected rows that a report lists.
const MaxRejections = 1000

// Rejection is a row that was not imported and all that is wrong with it.
type Rejection struct {
	Row    int            `json:"row"`  // of the file's data rows, from 1
	Line   int            `json:"line"` // on which the row begins, from 1
	Faults []*csvio.Fault `json:"faults"`
	// Conflicts are the contacts that the row collides with, as far as the
	// actor may view them.
	Conflicts []contacts.ID `json:"conflicts,omitempty"`
	// Proposals are repairs that would make the row right, the best first;
	// only a dry run looks for them.
	Proposals []csvio.Proposal `json:"proposals,omitempty"`
}

// Message is the sentence that tells a person how many rows failed; empty
// where none did.
func (r *ImportReport) Message() string {
	switch r.Rejected {
	case 0:
		return ""
	case 1:
		return "There is 1 record that failed to import. Download the file with the error log. Please follow the Contact Format Guidelines to fix the record and try again."
	}
	return fmt.Sprintf("There are %d records that failed to import. Download the file with the error log. Please follow the Contact Format Guidelines to fix the records and try again.", r.Rejected)
}

// Import reads contacts from CSV. Rows that are right go in, rows that are
// not are told with every fault and written to the error log; a bad row never
// stops the file.
//
// Rows of one file are taken in order, each as if the rows before had been
// imported already: a person who occurs twice is created once, and a later row
// may add to what an earlier one said of the person. A row that says something
// else is rejected with the code contradicts_row, naming the earlier one. So
// the same file again changes nothing, as long as its rows name their people
// and are not matched by keys that they lack.
//
// Rows go in batches, each one transaction that also holds the progress. An
// import that stops in the middle, by an error or by the end of the process,
// leaves whole batches behind: the report says what was done, and importing
// the file again, with or without Resume, completes it. The report is nil where
// nothing was begun: a file without a header that can be read, options that do
// not fit it, a refusal of the policy.
//
// The whole import is one act, which [Session.Undo] takes back.
//
// Errors: *[csvio.HeaderError], *[csvio.FileError] and, for a damaged header,
// *[csvio.RowError], before anything is written; [ForbiddenError]; those of the reader and of the store.
func (s *Session) Import(ctx context.Context, r io.Reader, o ImportOptions) (*ImportReport, error) {
	if err := s.may(contacts.RightImport, nil); err != nil {
		return nil, err
	}
	im, err := s.newImporter(ctx, r, o)
	if err != nil {
		return nil, err
	}
	err = im.run(ctx)
	if im.log != nil { // what was rejected stays told where the import stops
		if flushed := im.log.Flush(); err == nil {
			err = flushed
		}
	}
	im.report.Counts, im.report.Evidence, im.report.Dates = im.counts, im.scan.Evidence(), im.decoder.Dates()
	return im.report, err
}

// Check finds out what an import would meet and do, and writes nothing: it is
// Import with DryRun.
func (s *Session) Check(ctx context.Context, r io.Reader, o ImportOptions) (*ImportReport, error) {
	o.DryRun = true
	return s.Import(ctx, r, o)
}

// importer is one running import.
type importer struct {
	s       *Session
	o       ImportOptions
	parse   contacts.ParseOptions
	scan    *csvio.Scanner
	mapping *csvio.Mapping
	decoder *csvio.Decoder
	schema  *cachedSchema
	// otherFields says that its fields are not those by which rows are read.
	otherFields bool
	erased      erasedKeys
	seed        maphash.Seed // of the hashes of keys
	act         contacts.Act
	at          stand           // with the batch that is being written
	flight      *flight         // that batch
	counts      contacts.Counts // of what was written
	report      *ImportReport
	doctor      *csvio.Doctor
	fixed       csvio.Record // a record that was mended
	proposed    int          // rows for which repairs were looked for
	log         *csvio.ErrorLog
	watch       *watch
	read        *countingReader
	ended       bool              // the file was read to its end
	headers     map[string]string // of the fields, made by columnOf
	resume      *progress
	sum         rowSum
	claims      claims       // what the rows written so far were about
	fresh       *newKeys     // in a workspace that was empty when the import began
	kept        map[int]bool // the parts with a record of their rejections
}

func (s *Session) newImporter(ctx context.Context, r io.Reader, o ImportOptions) (*importer, error) {
	if o.LastName == "" {
		o.LastName = "customer"
	}
	o.Match = slices.Clone(o.Match)
	schema, err := s.book.loadSchema(ctx)
	if err != nil {
		return nil, err
	}
	im := &importer{s: s, schema: schema, seed: maphash.MakeSeed(), watch: newWatch(o.Observer, s.book.o.Now), read: &countingReader{r: r}, report: &ImportReport{}}
	if im.erased, err = s.erasedKeys(ctx); err != nil {
		return nil, err
	}
	im.scan = csvio.NewScanner(im.read, csvio.ScannerOptions{Dialect: o.Dialect})
	head, err := csvio.ReadHeader(im.scan, schema.schema, o.Mapping)
	if err != nil {
		return nil, err
	}
	im.mapping = head.Mapping
	kept := o.remember(im.mapping.Settings)
	im.o, im.parse = o, s.book.o.Parse
	if o.Dates != 0 {
		im.parse.Dates = o.Dates
	}
	for _, column := range im.mapping.Columns {
		if s.mask.HidesField(column.Field) {
			return nil, &ForbiddenError{contacts.RightImport, ruleMasked}
		}
	}
	for _, kind := range o.Match {
		if err := im.canMatch(kind); err != nil {
			return nil, err
		}
	}
	im.report.Mapping, im.report.Dialect, im.report.Preamble = im.mapping, im.scan.Dialect(), head.Preamble
	decode := csvio.DecodeOptions{Parse: im.parse, Clear: o.Clear, LastName: o.LastName, RequireLastName: o.RejectNoLastName}
	im.decoder = csvio.NewDecoder(im.mapping, schema.schema, decode)
	if o.DryRun || o.Repair > 0 {
		im.doctor = csvio.NewDoctor(im.mapping, schema.schema, decode)
	}
	if o.ErrorLog != nil {
		im.log = csvio.NewErrorLog(o.ErrorLog, &head.Record, csvio.ErrorLogOptions{BOM: im.scan.Evidence().BOM, Settings: kept})
	}
	im.act = s.act(contacts.ActImport, o.Source)
	if o.Resume && !o.DryRun {
		if err := im.findProgress(ctx); err != nil {
			return nil, err
		}
	}
	return im, nil
}

// remember completes the options that say how the file is to be read by what
// an error log kept of its source, and returns all that the next one is to
// keep.
func (o *ImportOptions) remember(kept csvio.Settings) csvio.Settings {
	if o.Dates == 0 {
		o.Dates = kept.Dates
	}
	if o.Clear == "" {
		o.Clear = kept.Clear
	}
	columns := maps.Clone(o.Mapping)
	for header, field := range kept.Columns {
		if _, given := columns[header]; !given {
			if columns == nil {
				columns = map[string]string{}
			}
			columns[header] = field
		}
	}
	now := csvio.Settings{Columns: columns, Dates: o.Dates, Clear: o.Clear}
	if o.Clear == "" {
		o.Clear = csvio.DefaultClear
	}
	return now
}

// canMatch refuses a match key that no row of the file could have.
func (im *importer) canMatch(kind contacts.KeyKind) error {
	ok := false
	k := contacts.Key{Kind: kind}
	column := func(prefix, primary string) bool {
		return slices.ContainsFunc(im.mapping.Columns, func(c csvio.Column) bool { return c.Field == primary || strings.HasPrefix(c.Field, prefix) })
	}
	switch {
	case kind == contacts.NameKey:
		ok = true
	case kind == contacts.PhoneKey:
		ok = column("phones.", "primary_phone")
	case kind == contacts.EmailKey:
		ok = column("emails.", "primary_email")
	case kind == contacts.WhatsAppKey:
		ok = im.mapping.Has("socials.whatsapp")
	case k.IsExternal():
		ok = im.mapping.Has("external_ids." + kind.Source())
	case k.IsCustom():
		ok = slices.Contains(im.schema.schema.UniqueFields(), kind.Source()) && im.mapping.Has("custom."+kind.Source())
	}
	if !ok {
		return &CodeError{"match_key_unknown", fmt.Sprintf("rows cannot be matched by %s: no column of the file holds it, or it is no unique field", kind)}
	}
	return nil
}

// errStopped tells that the reader or the scanner gave up in the middle.
var errStopped = errors.New("extcontacts: the file could not be read to its end")

// The sizes of batches where the options name none.
const (
	firstBatch = 500
	lastBatch  = 6_000
)

// observe tells the observer how far the import is.
func (im *importer) observe(bytes int64) {
	im.watch.tell(im.counts.Rows, func(p *Progress) { p.Bytes, p.Size, p.Counts = bytes, im.o.Size, im.counts })
}

// done is how many bytes of the file are dealt with. The scanner reads ahead: a
// small file is in its memory when the first row is not yet written.
func (im *importer) done() int64 {
	if im.ended {
		return im.read.n
	}
	return im.scan.Record().Offset()
}

// countingReader counts what is read.
type countingReader struct {
	r io.Reader
	n int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

func (im *importer) run(ctx context.Context) (err error) {
	defer func() {
		if _, landed := im.land(ctx); err == nil {
			err = landed
		}
	}()
	if err := im.skipDone(ctx); err != nil {
		return err
	}
	im.watch.phase(PhaseImport, 0)
	b, next := newBatch(im), newBatch(im)
	size := im.o.BatchRows
	if size <= 0 {
		// One that goes on takes up the sizes where they were, so that its log is
		// that of an import that was left alone.
		size = firstBatch
		for done := im.counts.Rows; done >= size; size = min(2*size, lastBatch) {
			done -= size
		}
	}
	b.makeRoom(size)
	for im.scan.Scan() {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := im.landIfDone(ctx); err != nil {
			return err
		}
		if err := b.add(im.scan.Record()); err != nil {
			return err
		}
		if len(b.rows) >= size {
			if err := b.commit(ctx, false); err != nil {
				return err
			}
			if im.flight != nil { // b is being written, in the memory that it has
				b, next = next, b
			}
			b.reset()
			if im.o.BatchRows <= 0 {
				size = min(2*size, lastBatch)
			}
			b.makeRoom(size)
		}
	}
	im.ended = true
	failed := im.scan.Err()
	if err := b.commit(ctx, failed == nil); err != nil {
		return err
	}
	if _, err := im.land(ctx); err != nil {
		return err
	}
	if failed != nil {
		return fmt.Errorf("%w after row %d: %w", errStopped, im.counts.Rows, failed)
	}
	return nil
}
