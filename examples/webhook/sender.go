package main

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/extcontacts/extcontacts"
)

// sender delivers events to one address, in order, until each is taken.
type sender struct {
	url    string
	secret []byte
	client *http.Client
	now    func() time.Time
	// first and longest are the pauses before the second and the last tries;
	// attempts is how many there are for one event.
	first, longest time.Duration
	attempts       int
}

func newSender(url string, secret []byte) *sender {
	return &sender{url: url, secret: secret, client: &http.Client{Timeout: 10 * time.Second}, now: time.Now,
		first: 500 * time.Millisecond, longest: 5 * time.Minute, attempts: 12}
}

// errRefused is an answer that will not become another by asking again.
var errRefused = errors.New("the receiver refuses the event")

// send delivers one event. What fails on the way, and 408, 429 and 5xx, is
// tried again; the receiver knows by the event's id what it has had already.
func (s *sender) send(ctx context.Context, e extcontacts.Event) error {
	body, err := json.Marshal(e)
	if err != nil {
		return err
	}
	pause := s.first
	for attempt := 1; ; attempt++ {
		err := s.post(ctx, e.ID, body)
		if err == nil || errors.Is(err, errRefused) || ctx.Err() != nil || attempt >= s.attempts {
			return err
		}
		t := time.NewTimer(pause)
		select {
		case <-t.C:
		case <-ctx.Done():
			t.Stop()
			return ctx.Err()
		}
		pause = min(2*pause, s.longest)
	}
}

func (s *sender) post(ctx context.Context, id string, body []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	at := strconv.FormatInt(s.now().Unix(), 10)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", id)
	req.Header.Set(signatureHeader, "t="+at+",v1="+sign(s.secret, at, body))
	res, err := s.client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 64<<10)) // so that the connection is used again
	switch code := res.StatusCode; {
	case code/100 == 2:
		return nil
	case code == http.StatusRequestTimeout || code == http.StatusTooManyRequests || code/100 == 5:
		return fmt.Errorf("the receiver answers %s", res.Status)
	}
	return fmt.Errorf("%w: %s", errRefused, res.Status)
}

const signatureHeader = "X-Extcontacts-Signature"

// sign is the HMAC-SHA256 over the time and the body, in hex.
func sign(secret []byte, at string, body []byte) string {
	h := hmac.New(sha256.New, secret)
	h.Write([]byte(at + "."))
	h.Write(body)
	return hex.EncodeToString(h.Sum(nil))
}

// maxAge is how old a signature may be: an older one is a replay.
const maxAge = 5 * time.Minute

// verify is what a receiver does with the header before it reads the body.
func verify(secret []byte, header string, body []byte, now time.Time) bool {
	t, v, ok := strings.Cut(header, ",v1=")
	at, stamped := strings.CutPrefix(t, "t=")
	sec, err := strconv.ParseInt(at, 10, 64)
	if !ok || !stamped || err != nil || now.Sub(time.Unix(sec, 0)).Abs() > maxAge {
		return false
	}
	return hmac.Equal([]byte(v), []byte(sign(secret, at, body)))
}
