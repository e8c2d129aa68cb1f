package extcontacts

import (
	"context"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// The kinds of records about identifiers that outlive the contacts.
const (
	recordSuppressed = "suppressed" // key: the keyed hash of an identifier
	recordSecret     = "secret"     // key "suppressed": the key of these hashes, where the host gives none
)

// suppression is what is known of an identifier by its hash alone.
type suppression struct {
	// ErasedAt is when the person who had it was erased.
	ErasedAt time.Time `json:"erased_at,omitzero"`
	// OptedOutAt is since when nobody may be written to or called by it, By who
	// noted that.
	OptedOutAt time.Time   `json:"opted_out_at,omitzero"`
	By         contacts.ID `json:"by,omitzero"`
}

// ErasedRule says what an import does with a row that brings an identifier of
// somebody who was erased.
type ErasedRule uint8

// The rules for erased identifiers.
const (
	// RefuseErased rejects the row with the code identifier_erased.
	RefuseErased ErasedRule = iota
	// FlagErased imports the row and tells of it in [ImportReport.Flagged].
	FlagErased
)

// hashKind is the kind under which a key is hashed: a WhatsApp number is a
// phone number. It is empty for keys of which no hash is kept.
func hashKind(k contacts.Key) string {
	switch {
	case k.Value == "":
		return ""
	case k.Kind == contacts.PhoneKey || k.Kind == contacts.WhatsAppKey:
		return "phone"
	case k.Kind == contacts.EmailKey || k.IsExternal():
		return string(k.Kind)
	}
	return ""
}

// hasher makes the keyed hashes of identifiers.
type hasher []byte

func (h hasher) key(k contacts.Key) string {
	m := hmac.New(sha256.New, h)
	fmt.Fprintf(m, "%s\n%s", hashKind(k), k.Value)
	return hex.EncodeToString(m.Sum(nil)[:20])
}

// hasher returns what hashes the identifiers of this workspace. Without a secret
// of the host the key stands in the workspace: b gets the record that makes it;
// where b is nil and there is none yet, the answer is nil: nothing was hashed.
func (s *Session) hasher(ctx context.Context, b *store.Batch) (hasher, error) {
	if secret := s.book.o.Secret; len(secret) > 0 {
		return hkdf.Key(sha256.New, secret, nil, "extcontacts suppressed identifiers of "+s.ws(), 32)
	}
	recs, err := s.st().Records(ctx, s.ws(), recordSecret, recordSuppressed)
	if err != nil {
		return nil, err
	}
	if len(recs) > 0 {
		return recs[0].Body, nil
	}
	if b == nil {
		return nil, nil
	}
	key := make([]byte, 32)
	rand.Read(key) // never fails, see crypto/rand
	b.Records = append(b.Records, store.RecordPut{Kind: recordSecret, Key: recordSuppressed, Base: 0, Body: key})
	return key, nil
}

// vanished collects the identifiers of erased contacts, those they had before,
// too.
type vanished struct {
	keys  map[contacts.Key]bool
	ids   map[contacts.ID]bool
	names map[string]bool // folded, first and last name in both orders
	acts  map[contacts.ID]bool
}

func newVanished() *vanished {
	return &vanished{keys: map[contacts.Key]bool{}, ids: map[contacts.ID]bool{}, names: map[string]bool{}, acts: map[contacts.ID]bool{}}
}

func (v *vanished) add(c *contacts.Contact) {
	v.ids[c.ID] = true
	held := c.Clone()
	held.State = contacts.Live // merged and deleted contacts answer to no key
	for _, k := range contacts.Keys(nil, held) {
		v.addKey(k)
	}
}

func (v *vanished) addKey(k contacts.Key) {
	if hashKind(k) != "" {
		v.keys[contacts.Key{Kind: contacts.KeyKind(hashKind(k)), Value: k.Value}] = true
	}
}

// addText adds the identifier that a text of the change log holds, if any.
func (v *vanished) addText(path, text string) {
	if text == "" {
		return
	}
	c := &contacts.Contact{ID: "x"}
	switch {
	case contacts.IsListPath(path) && path != "labels", len(path) > len("external_ids.") && path[:len("external_ids.")] == "external_ids.":
		if contacts.Patch(c, contacts.Change{Contact: "x", Path: path, New: text}) == nil {
			for _, k := range contacts.Keys(nil, c) {
				v.addKey(k)
			}
		}
	}
}

// suppress keeps the hashes of the identifiers of who is erased.
func (s *Session) suppress(ctx context.Context, b *store.Batch, gone *vanished, rep *ErasedReport) error {
	if len(gone.keys) == 0 {
		return nil
	}
	h, err := s.hasher(ctx, b)
	if err != nil {
		return err
	}
	names := make([]string, 0, len(gone.keys))
	for k := range gone.keys {
		names = append(names, h.key(k))
	}
	slices.Sort(names)
	known, err := s.suppressions(ctx, names)
	if err != nil {
		return err
	}
	for _, name := range names {
		sup := known[name]
		sup.ErasedAt = s.now()
		b.Records = append(b.Records, suppressionRecord(name, sup))
		rep.Suppressed++
	}
	return nil
}

func suppressionRecord(name string, sup suppression) store.RecordPut {
	put := store.RecordPut{Kind: recordSuppressed, Key: name, Base: store.AnyRev}
	if sup != (suppression{}) {
		body, err := json.Marshal(sup)
		if err != nil { // times and an id
			panic("extcontacts: " + err.Error())
		}
		put.Body = body
	}
	return put
}

// suppressions reads what is known of hashes, of all of them where none is
// named.
func (s *Session) suppressions(ctx context.Context, names []string) (map[string]suppression, error) {
	out := map[string]suppression{}
	recs, err := s.st().Records(ctx, s.ws(), recordSuppressed, names...)
	for _, r := range recs {
		var sup suppression
		if err := json.Unmarshal(r.Body, &sup); err != nil {
			return nil, fmt.Errorf("extcontacts: what is kept of an identifier cannot be read: %w", err)
		}
		out[r.Key] = sup
	}
	return out, err
}

// erasedKeys are the identifiers of who was erased, as an import asks for them.
type erasedKeys struct {
	h      hasher
	hashes map[string]bool
}

func (s *Session) erasedKeys(ctx context.Context) (erasedKeys, error) {
	h, err := s.hasher(ctx, nil)
	if err != nil || h == nil {
		return erasedKeys{}, err
	}
	all, err := s.suppressions(ctx, nil)
	e := erasedKeys{h: h, hashes: map[string]bool{}}
	for name, sup := range all {
		if !sup.ErasedAt.IsZero() {
			e.hashes[name] = true
		}
	}
	return e, err
}

// has reports whether one of the keys was somebody's who was erased, and which
// kind of key.
func (e erasedKeys) has(keys []contacts.Key) (contacts.KeyKind, bool) {
	if len(e.hashes) == 0 {
		return "", false
	}
	for _, k := range keys {
		if hashKind(k) != "" && e.hashes[e.h.key(k)] {
			return k.Kind, true
		}
	}
	return "", false
}

// OptOut notes that nobody may be written to or called by an identifier. It is
// kept as a keyed hash and belongs to the identifier, not to a contact: whoever
// has it, gets it by an import or keeps it in a merge, it holds, until
// [Session.OptIn] takes it back. It needs the right to edit in the workspace.
func (s *Session) OptOut(ctx context.Context, key contacts.Key) (contacts.Act, error) {
	return s.setSuppression(ctx, contacts.ActOptOut, contacts.RightEdit, key, func(sup *suppression, act *contacts.Act) {
		if sup.OptedOutAt.IsZero() {
			sup.OptedOutAt, sup.By = act.At, act.Actor
		}
	})
}

// OptIn takes an opt-out back: the person said so.
func (s *Session) OptIn(ctx context.Context, key contacts.Key) (contacts.Act, error) {
	return s.setSuppression(ctx, contacts.ActOptIn, contacts.RightEdit, key, func(sup *suppression, _ *contacts.Act) {
		sup.OptedOutAt, sup.By = time.Time{}, ""
	})
}

// Readmit forgets that an identifier was of somebody who was erased, so that
// imports take it again. It needs the right to erase in the workspace.
func (s *Session) Readmit(ctx context.Context, key contacts.Key) (contacts.Act, error) {
	return s.setSuppression(ctx, contacts.ActReadmit, contacts.RightErase, key, func(sup *suppression, _ *contacts.Act) {
		sup.ErasedAt = time.Time{}
	})
}

func (s *Session) setSuppression(ctx context.Context, kind contacts.ActKind, right contacts.Right, key contacts.Key, change func(*suppression, *contacts.Act)) (contacts.Act, error) {
	act := s.act(kind, "")
	if err := s.may(right, nil); err != nil {
		return contacts.Act{}, err
	}
	key, err := s.identifier(right, key)
	if err != nil {
		return contacts.Act{}, err
	}
	res, err := s.commitNext(ctx, func(ctx context.Context) (*store.Batch, error) {
		b := &store.Batch{Act: act}
		h, err := s.hasher(ctx, b)
		if err != nil {
			return nil, err
		}
		name := h.key(key)
		known, err := s.suppressions(ctx, []string{name})
		if err != nil {
			return nil, err
		}
		sup := known[name]
		change(&sup, &act)
		if sup == known[name] {
			return nil, nil
		}
		b.Records = append(b.Records, suppressionRecord(name, sup))
		return b, nil
	})
	return written(act, res, err)
}

// identifier reads a key of which a hash is kept.
func (s *Session) identifier(right contacts.Right, key contacts.Key) (contacts.Key, error) {
	if err := s.mayMatch(right, key); err != nil {
		return key, err
	}
	key, err := s.key(key)
	if err == nil && hashKind(key) == "" {
		err = &contacts.FieldError{Path: string(key.Kind), Code: "key_kind_unknown", Hint: "phone, email, whatsapp or external:SOURCE"}
	}
	return key, err
}

// OptedOut tells of each identifier whether nobody may be written to or called
// by it.
func (s *Session) OptedOut(ctx context.Context, keys ...contacts.Key) ([]bool, error) {
	if err := s.may(contacts.RightView, nil); err != nil {
		return nil, err
	}
	read := make([]contacts.Key, len(keys))
	for i, k := range keys {
		var err error
		if read[i], err = s.identifier(contacts.RightView, k); err != nil {
			return nil, err
		}
	}
	return s.optedOut(ctx, read)
}

func (s *Session) optedOut(ctx context.Context, keys []contacts.Key) ([]bool, error) {
	out := make([]bool, len(keys))
	h, err := s.hasher(ctx, nil)
	if err != nil || h == nil || len(keys) == 0 {
		return out, err
	}
	names := make([]string, len(keys))
	for i, k := range keys {
		names[i] = h.key(k)
	}
	known, err := s.suppressions(ctx, names)
	for i, name := range names {
		out[i] = !known[name].OptedOutAt.IsZero()
	}
	return out, err
}

// OptOuts returns the identifiers of a contact by which nobody may write to it
// or call it. Of a masked one only the kind is told.
func (s *Session) OptOuts(ctx context.Context, id contacts.ID) ([]contacts.Key, error) {
	c, err := s.resolve(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := s.may(contacts.RightView, c); err != nil {
		return nil, err
	}
	keys := slices.DeleteFunc(contacts.Keys(nil, c), func(k contacts.Key) bool { return hashKind(k) == "" })
	opted, err := s.optedOut(ctx, keys)
	if err != nil {
		return nil, err
	}
	var out []contacts.Key
	for i, k := range keys {
		if !opted[i] {
			continue
		}
		if s.mask.HidesKey(k.Kind) {
			k.Value = contacts.MaskText
		}
		out = append(out, k)
	}
	return out, nil
}
