package extcontacts

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"slices"
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/csvio"
	"github.com/extcontacts/extcontacts/store"
)

// progress is what an unfinished import keeps in the store, written in the
// same transaction as the rows it counts.
type progress struct {
	Source string          `json:"source"`
	Part   int             `json:"part"`
	Counts contacts.Counts `json:"counts"`
	Filled int             `json:"filled"`
	Sum    rowSum          `json:"sum"`
	// Options is the digest of the settings that decide what a row does.
	Options uint32 `json:"options"`
}

// settings is a digest of the options that decide what a row does: an import
// is continued with those it began with.
func (im *importer) settings() uint32 {
	o := im.o
	text := fmt.Sprint(o.Mode, o.Match, o.Lists, o.Dialect, o.Mapping, im.parse.Dates, im.parse.Region, o.LastName, o.RejectNoLastName, o.Clear, o.Repair)
	return crc32.Checksum([]byte(text), castagnoli)
}

// rowSum is a checksum of the rows read (CRC-32C), to notice that a file to be
// continued is another one.
type rowSum uint32

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func (s *rowSum) add(raw []byte) { *s = rowSum(crc32.Update(uint32(*s), castagnoli, raw)) }

// rejectedPart is the key of the record with the rejections of one batch.
func rejectedPart(act contacts.ID, part int) string { return fmt.Sprintf("%s/%08d", act, part) }

// claimsPart is the key of the record with what the rows of one batch were
// about.
func claimsPart(act contacts.ID, part int) string { return rejectedPart(act, part) + " claims" }

// claimsVersion begins such a record: without it one of no claims would be
// none.
const claimsVersion = 1

// keepProgress adds the progress of the import to a batch, with the rejections
// and the claims since the last one; the last batch takes it away.
func (im *importer) keepProgress(b *batch, rejections []Rejection, claimed []byte) error {
	sb, key := b.sb, string(im.act.ID)
	if b.last {
		if b.from.part == 0 {
			return nil // the only batch: nothing was kept
		}
		sb.Records = append(sb.Records, store.RecordPut{Kind: recordImport, Key: key, Base: store.AnyRev})
		for part := range b.from.part {
			sb.Records = append(sb.Records, store.RecordPut{Kind: recordImport, Key: claimsPart(im.act.ID, part+1), Base: store.AnyRev})
			if im.kept[part+1] {
				sb.Records = append(sb.Records, store.RecordPut{Kind: recordImport, Key: rejectedPart(im.act.ID, part+1), Base: store.AnyRev})
			}
		}
		return nil
	}
	add := func(key string, v any) error {
		body, err := json.Marshal(v)
		if err == nil {
			sb.Records = append(sb.Records, store.RecordPut{Kind: recordImport, Key: key, Base: store.AnyRev, Body: body})
		}
		return err
	}
	if len(rejections) > 0 {
		if im.kept == nil {
			im.kept = map[int]bool{}
		}
		im.kept[sb.Part] = true
		if err := add(rejectedPart(im.act.ID, sb.Part), withoutCells(rejections)); err != nil {
			return err
		}
	}
	sb.Records = append(sb.Records, store.RecordPut{Kind: recordImport, Key: claimsPart(im.act.ID, sb.Part), Base: store.AnyRev, Body: append([]byte{claimsVersion}, claimed...)})
	return add(key, progress{Source: im.o.Source, Part: sb.Part, Counts: sb.Act.Counts, Filled: b.to.filled, Sum: b.sum, Options: im.settings()})
}

// withoutCells are the rejections without what stood in the rows: no personal
// data lies about in the progress of an import. The rows are read again.
func withoutCells(list []Rejection) []Rejection {
	out := slices.Clone(list)
	for i := range out {
		out[i].Proposals = nil
		out[i].Faults = slices.Clone(out[i].Faults)
		for j, f := range out[i].Faults {
			bare := *f
			bare.Value = ""
			out[i].Faults[j] = &bare
		}
	}
	return out
}

// findProgress looks for an unfinished import of the same source by the same
// actor, who must not write in the name of another; the latest one where there
// are several.
func (im *importer) findProgress(ctx context.Context) error {
	recs, err := im.s.st().Records(ctx, im.s.ws(), recordImport)
	if err != nil {
		return err
	}
	for i := len(recs) - 1; i >= 0; i-- {
		if strings.Contains(recs[i].Key, "/") {
			continue
		}
		var p progress
		if err := json.Unmarshal(recs[i].Body, &p); err != nil {
			return fmt.Errorf("extcontacts: the progress of an import cannot be read: %w", err)
		}
		if p.Source != im.o.Source {
			continue
		}
		act, err := im.s.findAct(ctx, contacts.ID(recs[i].Key))
		if err != nil {
			return err
		}
		if !act.UndoneBy.IsZero() || act.Actor != im.act.Actor {
			continue
		}
		if p.Options != im.settings() {
			return &CodeError{"options_changed", "the import began with other settings; continue it with those, or undo it"}
		}
		im.resume, im.act = &p, act
		im.report.Act = act.ID
		return nil
	}
	return nil
}

// skipDone reads over the rows that an interrupted run has done, and writes
// those it rejected into the error log again.
func (im *importer) skipDone(ctx context.Context) error {
	p := im.resume
	if p == nil {
		return nil
	}
	again := map[int]Rejection{}
	recs, err := im.s.st().Records(ctx, im.s.ws(), recordImport)
	if err != nil {
		return err
	}
	im.kept = map[int]bool{}
	for _, rec := range recs {
		act, part, ok := strings.Cut(rec.Key, "/")
		if !ok || contacts.ID(act) != im.act.ID {
			continue
		}
		if strings.HasSuffix(part, " claims") {
			if len(rec.Body) == 0 || rec.Body[0] != claimsVersion {
				return errors.New("extcontacts: the progress of an import is of another version of this library")
			}
			if err := im.claims.read(rec.Body[1:]); err != nil {
				return err
			}
			continue
		}
		var n int
		if _, err := fmt.Sscanf(part, "%d", &n); err == nil {
			im.kept[n] = true
		}
		var list []Rejection
		if err := json.Unmarshal(rec.Body, &list); err != nil {
			return fmt.Errorf("extcontacts: the progress of an import cannot be read: %w", err)
		}
		for _, r := range list {
			again[r.Row] = r
		}
	}
	im.watch.phase(PhaseSkip, p.Counts.Rows)
	for row := 1; row <= p.Counts.Rows; row++ {
		if !im.scan.Scan() {
			return errors.Join(&CodeError{"file_changed", "the file is shorter than the one the import began with"}, im.scan.Err())
		}
		rec := im.scan.Record()
		im.sum.add(rec.Raw())
		if rej, ok := again[rec.Row()]; ok {
			if err := im.recall(rec, rej); err != nil {
				return err
			}
		}
		if row%lastBatch == 0 {
			im.watch.tell(row, func(pr *Progress) { pr.Bytes, pr.Size = im.done(), im.o.Size })
			if err := ctx.Err(); err != nil {
				return err
			}
		}
	}
	if im.sum != p.Sum {
		return &CodeError{"file_changed", "the file is not the one the import began with"}
	}
	im.counts, im.report.Filled, im.report.Resumed = p.Counts, p.Filled, p.Counts.Rows
	im.at = stand{part: p.Part, counts: p.Counts, filled: p.Filled}
	return nil
}

// recall writes a row that an interrupted run rejected into the error log
// again.
func (im *importer) recall(rec *csvio.Record, rej Rejection) error {
	for _, read := range im.decoder.Decode(rec).Faults { // what stood in the cells is not kept
		for _, f := range rej.Faults {
			if f.Cell >= 0 && f.Cell == read.Cell && f.Code == read.Code {
				f.Value = read.Value
			}
		}
	}
	if len(im.report.Rejections) < MaxRejections {
		im.report.Rejections = append(im.report.Rejections, rej)
	}
	return im.logRow(rec, rej)
}

// logRow writes a rejected row to the error log.
func (im *importer) logRow(rec *csvio.Record, r Rejection) error {
	if im.log == nil {
		return nil
	}
	return im.log.Write(rec, r.Faults)
}
