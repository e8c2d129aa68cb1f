package main

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store/memstore"
)

// Events arrive signed and in order; an answer of 500 is tried again, and after
// a refusal the sender goes on with the same event.
func TestDeliver(t *testing.T) {
	secret := []byte("a secret of the test")
	var got []extcontacts.Event
	failures, refuse := 2, false
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || !verify(secret, r.Header.Get(signatureHeader), body, time.Now()) {
			t.Errorf("a body that is not signed: %s", body)
		}
		if verify(secret, r.Header.Get(signatureHeader), append(body, ' '), time.Now()) || verify(secret, r.Header.Get(signatureHeader), body, time.Now().Add(time.Hour)) {
			t.Error("another body or a replay passes")
		}
		switch {
		case failures > 0:
			failures--
			w.WriteHeader(http.StatusInternalServerError)
		case refuse:
			w.WriteHeader(http.StatusForbidden)
		default:
			var e extcontacts.Event
			if err := json.Unmarshal(body, &e); err != nil || e.ID != r.Header.Get("Idempotency-Key") {
				t.Errorf("event %s: %v", body, err)
			}
			if strings.Contains(string(body), "Lee") {
				t.Errorf("an event says a value: %s", body)
			}
			got = append(got, e)
		}
	}))
	defer receiver.Close()
	st := memstore.New()
	defer st.Close()
	book, err := extcontacts.Open(t.Context(), st, extcontacts.Options{Workspace: "acme"})
	if err != nil {
		t.Fatal(err)
	}
	s := book.As(contacts.Actor{ID: "agent-7"})
	c, err := s.Create(t.Context(), &contacts.Contact{LastName: "Lee"})
	if err != nil {
		t.Fatal(err)
	}
	to := newSender(receiver.URL, secret)
	to.first = time.Millisecond
	place := filepath.Join(t.TempDir(), "token")
	run := func() error { return deliver(t.Context(), s, to, place, true) }
	if err := run(); err != nil || len(got) != 1 || got[0].Kind != extcontacts.EventCreated {
		t.Fatalf("first run: %v, %+v", err, got)
	}
	if _, err := s.Delete(t.Context(), c.ID); err != nil {
		t.Fatal(err)
	}
	refuse = true
	if err := run(); !errors.Is(err, errRefused) || len(got) != 1 {
		t.Fatalf("refused: %v, %+v", err, got)
	}
	refuse = false
	if err := run(); err != nil || len(got) != 2 || got[1].Kind != extcontacts.EventDeleted {
		t.Fatalf("again: %v, %+v", err, got)
	}
	if err := run(); err != nil || len(got) != 2 {
		t.Fatalf("nothing new: %v, %+v", err, got)
	}
}
