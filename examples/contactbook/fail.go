package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/csvio"
	"github.com/extcontacts/extcontacts/search"
	"github.com/extcontacts/extcontacts/store"
)

// The exit codes.
const (
	exitDone     = 0
	exitFailed   = 1
	exitUsage    = 2
	exitRejected = 3
)

// errRejected tells that all was done but for rejected rows; what is to be
// said about them has been said.
var errRejected = errors.New("some rows were rejected")

// errSilent is a failure about which everything has been said.
var errSilent = errors.New("failed")

// failf is a failure in one sentence.
func failf(format string, args ...any) error { return &failure{fmt.Sprintf(format, args...)} }

type failure struct{ text string }

func (e *failure) Error() string { return e.text }

// report prints an error as one sentence and returns the exit code.
func report(w io.Writer, err error) int {
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errRejected):
		return exitRejected
	case errors.Is(err, errSilent):
		return exitFailed
	}
	fmt.Fprintf(w, "contactbook: %s\n", plain(sentence(err)))
	if isWrongUse(err) {
		return exitUsage
	}
	return exitFailed
}

// isWrongUse reports whether the command line is at fault: what was typed
// cannot be meant for this book or this file.
func isWrongUse(err error) bool {
	var query *search.SyntaxError
	var code *extcontacts.CodeError
	var header *csvio.HeaderError
	return isUsage(err) || errors.As(err, &query) ||
		errors.As(err, &code) && code.Code == "match_key_unknown" ||
		errors.As(err, &header) && header.Code == csvio.CodeUnknownField
}

// sentence is an error for people: typed errors in words, without the names
// of packages.
func sentence(err error) string {
	var (
		text   *failure
		code   *extcontacts.CodeError
		fields contacts.FieldErrors
		field  *contacts.FieldError
		value  *contacts.ValueError
		header *csvio.HeaderError
		file   *csvio.FileError
		query  *search.SyntaxError
		row    *csvio.RowError
		engine *store.Error
		path   *fs.PathError
		topic  *aboutError
		open   *openError
	)
	switch {
	case errors.As(err, &topic):
		return topic.Error()
	case errors.As(err, &open):
		return open.Error()
	case errors.As(err, &text), isUsage(err):
		return err.Error()
	case errors.Is(err, context.Canceled):
		return "interrupted"
	case errors.As(err, &fields):
		parts := make([]string, len(fields))
		for i, f := range fields {
			parts[i] = fieldSentence(f)
		}
		return strings.Join(parts, "; ")
	case errors.As(err, &field):
		return fieldSentence(field)
	case errors.As(err, &value):
		return words(value.Code, value.Hint)
	case errors.As(err, &header):
		return headerSentence(header)
	case errors.As(err, &file):
		if file.Code == csvio.CodeRead {
			return "it cannot be read: " + sentence(file.Err)
		}
		return fileSentence(file)
	case errors.As(err, &row):
		what := (&csvio.Fault{Code: row.Code, Hint: hintFor(row.Code, "")}).Message()
		return fmt.Sprintf("row %s, line %s: %s", grouped(row.Row), grouped(row.Line), what)
	case errors.As(err, &query):
		return fmt.Sprintf("the query cannot be understood at byte %d: %s", query.Offset+1, words(query.Code, query.Hint))
	case errors.As(err, &code):
		return plain(code.Text)
	case errors.Is(err, store.ErrSchema):
		return plain(strings.TrimSuffix(trimPackage(err.Error()), ": "+store.ErrSchema.Error()))
	case strings.HasPrefix(err.Error(), "sqlite: "): // a file that cannot be opened: it says itself why
		return plain(trimPackage(err.Error()))
	case errors.As(err, &engine) && engine.Err != nil:
		if why := engineSentence(engine.Err); why != "" {
			return why
		}
		return "the store failed (" + engine.Op + "): " + plain(engine.Err.Error())
	case errors.As(err, &path):
		return plain(path.Err.Error())
	}
	return plain(trimPackage(err.Error()))
}

// engineSentence is what happens to files of databases in the course of things;
// empty for anything else.
func engineSentence(err error) string {
	var sqlite interface{ Code() int }
	if !errors.As(err, &sqlite) {
		return ""
	}
	switch sqlite.Code() & 0xff { // the rest is detail
	case 8:
		return "the contact book cannot be written: its file or directory is read-only"
	case 5, 6:
		return "another process keeps the contact book locked"
	case 13:
		return "the contact book cannot be written: the disk is full"
	}
	return ""
}

func isUsage(err error) bool {
	var e *usageError
	return errors.As(err, &e)
}

// trimPackage takes the names of packages off the front of a text.
func trimPackage(s string) string {
	for {
		name, rest, ok := strings.Cut(s, ": ")
		switch name {
		case "extcontacts", "contacts", "csvio", "merge", "search", "store", "memstore", "sqlstore", "sqlite":
			if ok {
				s = rest
				continue
			}
		}
		return s
	}
}

// hintFor is the hint of a fault in terms of this command.
func hintFor(code, hint string) string {
	switch code {
	case "phone_no_country_code":
		return "begin with + and the country code (+852…), or name the country with --region"
	case csvio.CodeTooManyColumns:
		return fmt.Sprintf("at most %s; take the row from the original file and shorten it", grouped(csvio.DefaultMaxColumns))
	}
	return hint
}

// words turns a code into words and adds the hint.
func words(code, hint string) string {
	s := contacts.CodeText(code)
	hint = hintFor(code, hint)
	if hint != "" {
		s += " (" + plain(hint) + ")"
	}
	return s
}

func fieldSentence(f *contacts.FieldError) string {
	if f.Path == "" {
		return words(f.Code, f.Hint)
	}
	return plain(f.Path) + ": " + words(f.Code, f.Hint)
}

func headerSentence(e *csvio.HeaderError) string {
	switch e.Code {
	case csvio.CodeEmptyFile:
		return "it is empty: there is no header"
	case csvio.CodeNoKnownColumn:
		return "no column of its header is understood: " + plain(e.Hint) + "; contactbook template writes a header"
	case csvio.CodeUnknownField:
		s := "--map: there is no field " + excerpt(e.Field)
		if e.Hint != "" {
			s += " (" + plain(e.Hint) + ")"
		}
		return s
	}
	switch e.Code {
	case csvio.CodeDuplicateColumn:
		return "column " + quote(e.Header) + " is not read, as another column is read into the same field"
	case csvio.CodePreamble:
		return plain(e.Hint)
	case csvio.CodeNoIdentity:
		return plain(e.Hint)
	}
	if e.Header != "" {
		return "column " + quote(e.Header) + ": " + words(e.Code, e.Hint)
	}
	return words(e.Code, e.Hint)
}

func fileSentence(e *csvio.FileError) string {
	if e.Kind != "" {
		return "it is a " + e.Kind + " file and no CSV text"
	}
	return fmt.Sprintf("it is no CSV text: byte %d cannot stand in one", e.Offset)
}

// about puts in front of an error what it is about, such as a file.
func about(what string, err error) error {
	if err == nil || errors.Is(err, context.Canceled) || isWrongUse(err) {
		return err
	}
	return &aboutError{what, err}
}

type aboutError struct {
	what string
	err  error
}

func (e *aboutError) Error() string { return e.what + ": " + sentence(e.err) }
func (e *aboutError) Unwrap() error { return e.err }

// noSuch turns the store's "not found" into a sentence that names the thing.
func noSuch(kind string, id contacts.ID, err error) error {
	if errors.Is(err, extcontacts.ErrNotFound) {
		return failf("there is no %s %s", kind, quote(string(id)))
	}
	return err
}
