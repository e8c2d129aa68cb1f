package extcontacts

import (
	"time"

	"github.com/extcontacts/extcontacts/contacts"
)

// Observer is told how far a long operation is, from the goroutine that runs
// it: what it does slows the operation down, and an observer that panics ends
// it.
type Observer interface {
	Observe(Progress)
}

// ObserverFunc is a function as an [Observer].
type ObserverFunc func(Progress)

// Observe calls f.
func (f ObserverFunc) Observe(p Progress) { f(p) }

// Phase is a part of a long operation.
type Phase string

// The phases.
const (
	// PhaseSkip: an import that goes on reads over the rows it has done.
	PhaseSkip Phase = "skip"
	// PhaseImport: rows of a file go into the book, or in a dry run are tried.
	PhaseImport Phase = "import"
	// PhaseSurvey: an export finds out which columns its contacts need.
	PhaseSurvey Phase = "survey"
	// PhaseExport: contacts are written to a file.
	PhaseExport Phase = "export"
)

// Progress tells how far an operation is.
type Progress struct {
	Phase Phase
	// Rows are the rows, or contacts, done; Total how many there are, 0 where
	// that is not known.
	Rows, Total int
	// Bytes of the file are dealt with, of Size; Size is 0 where it is not known.
	Bytes, Size int64
	// Counts are what became of the rows of an import.
	Counts contacts.Counts
	// Elapsed is the time since the operation began.
	Elapsed time.Duration

	began progressMark // where the phase began
}

type progressMark struct {
	rows    int
	bytes   int64
	elapsed time.Duration
}

// Rate is the number of rows a second since the phase began, 0 where nothing
// can be said yet.
func (p Progress) Rate() float64 {
	if d := p.Elapsed - p.began.elapsed; d > 0 {
		return float64(p.Rows-p.began.rows) / d.Seconds()
	}
	return 0
}

// Left estimates how long the phase will still take; ok is false where neither
// Total nor Size is known, or nothing is done yet.
func (p Progress) Left() (left time.Duration, ok bool) {
	done, all := float64(p.Rows-p.began.rows), float64(p.Total-p.began.rows)
	if p.Total <= 0 {
		done, all = float64(p.Bytes-p.began.bytes), float64(p.Size-p.began.bytes)
	}
	if all <= 0 || done <= 0 {
		return 0, false
	}
	return time.Duration(float64(p.Elapsed-p.began.elapsed) * max(all-done, 0) / done), true
}

// Fraction is the part of the phase that is done, from 0 to 1; ok is false
// where neither Total nor Size is known.
func (p Progress) Fraction() (part float64, ok bool) {
	switch {
	case p.Total > 0:
		return min(float64(p.Rows)/float64(p.Total), 1), true
	case p.Size > 0:
		return min(float64(p.Bytes)/float64(p.Size), 1), true
	}
	return 0, false
}

// watch tells an observer, which may be nil, how far one operation is.
type watch struct {
	to    Observer
	now   func() time.Time
	start time.Time
	p     Progress
}

func newWatch(o Observer, now func() time.Time) *watch { return &watch{to: o, now: now, start: now()} }

// phase begins a phase.
func (w *watch) phase(ph Phase, total int) {
	if w.to == nil {
		return
	}
	w.p.Phase, w.p.Total, w.p.Elapsed = ph, total, w.now().Sub(w.start)
	if ph == PhaseExport {
		w.p.Rows = 0
	}
	w.p.began = progressMark{w.p.Rows, w.p.Bytes, w.p.Elapsed}
}

// tell tells how far the phase is.
func (w *watch) tell(rows int, set func(*Progress)) {
	if w.to == nil {
		return
	}
	w.p.Rows, w.p.Elapsed = rows, w.now().Sub(w.start)
	if set != nil {
		set(&w.p)
	}
	w.to.Observe(w.p)
}
