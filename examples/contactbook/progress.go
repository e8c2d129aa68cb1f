package main

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/extcontacts/extcontacts"
)

// bar tells on standard error how far a long command is: one line drawn again
// and again on a terminal, plain lines now and then elsewhere.
type bar struct {
	w        io.Writer
	terminal bool
	last     time.Duration
	drawn    bool
}

// The times between two drawings of the line, and between two plain lines.
const (
	redraw   = 100 * time.Millisecond
	newLines = 5 * time.Second
)

// bar returns the observer of a command; its end must follow.
func (c *call) bar() *bar {
	f, ok := c.stderr.(*os.File)
	b := &bar{w: c.stderr}
	if ok && os.Getenv("TERM") != "dumb" {
		info, err := f.Stat()
		b.terminal = err == nil && info.Mode()&fs.ModeCharDevice != 0
	}
	return b
}

// Observe implements [extcontacts.Observer].
func (b *bar) Observe(p extcontacts.Progress) {
	every := newLines
	if b.terminal {
		every = redraw
	}
	if p.Elapsed-b.last < every {
		return
	}
	b.last = p.Elapsed
	if b.terminal {
		fmt.Fprintf(b.w, "\r%s\x1b[K", b.line(p, 24))
		b.drawn = true
		return
	}
	fmt.Fprintln(b.w, b.line(p, 0))
}

// line says how far an operation is, with a bar of so many places.
func (b *bar) line(p extcontacts.Progress, wide int) string {
	var parts []string
	if part, ok := p.Fraction(); ok {
		if wide > 0 {
			full := int(part * float64(wide))
			parts = append(parts, "["+strings.Repeat("#", full)+strings.Repeat(".", wide-full)+"]")
		}
		parts = append(parts, fmt.Sprintf("%3.0f %%", 100*part))
	}
	what := "row"
	switch p.Phase {
	case extcontacts.PhaseSkip:
		parts = append(parts, "skipping what is done:")
	case extcontacts.PhaseSurvey:
		what = "contact"
		parts = append(parts, "looking for columns:")
	case extcontacts.PhaseExport:
		what = "contact"
	}
	parts = append(parts, counted(p.Rows, what))
	if rate := p.Rate(); rate >= 1 {
		parts = append(parts, grouped(int(rate))+"/s")
	}
	if p.Counts.Rejected > 0 {
		parts = append(parts, grouped(p.Counts.Rejected)+" rejected")
	}
	if left, ok := p.Left(); ok && left >= time.Second {
		parts = append(parts, left.Round(time.Second).String()+" left")
	}
	return strings.Join(parts, "  ")
}

// end takes the line away.
func (b *bar) end() {
	if b.drawn {
		fmt.Fprint(b.w, "\r\x1b[K")
		b.drawn = false
	}
}
