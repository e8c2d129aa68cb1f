// Command webhook sends the events of a contact book to a URL: signed, in
// order, each until it is taken. The place it has reached is kept in a file, so
// that it goes on where it stopped; what it was about to note when it died is
// sent again.
//
//	WEBHOOK_SECRET=… webhook -db contacts.db -url https://example.com/hook -token place.txt
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"path/filepath"
	"time"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store/sqlite"
)

func main() {
	db := flag.String("db", "contacts.db", "the contact book")
	workspace := flag.String("workspace", "default", "the workspace in it")
	url := flag.String("url", "", "where the events go")
	place := flag.String("token", "webhook.token", "the file that keeps the place reached")
	once := flag.Bool("once", false, "stop at the end instead of waiting for more")
	flag.Parse()
	secret := []byte(os.Getenv("WEBHOOK_SECRET"))
	if *url == "" || len(secret) < 16 {
		log.Fatal("webhook needs -url, and in WEBHOOK_SECRET a secret of 16 bytes or more")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	st, err := sqlite.Open(ctx, *db)
	if err != nil {
		log.Fatal(err)
	}
	defer st.Close()
	book, err := extcontacts.Open(ctx, st, extcontacts.Options{Workspace: *workspace})
	if err != nil {
		log.Fatal(err)
	}
	err = deliver(ctx, book.As(contacts.Actor{ID: "webhook"}), newSender(*url, secret), *place, *once)
	if err != nil && !errors.Is(err, context.Canceled) {
		log.Fatal(err)
	}
}

// deliver sends what happened behind the place in the file, and keeps the place
// behind each page that was taken.
func deliver(ctx context.Context, s *extcontacts.Session, to *sender, place string, once bool) error {
	token, err := os.ReadFile(place)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	send := func(page extcontacts.EventPage) error {
		for _, e := range page.Events {
			if err := to.send(ctx, e); err != nil {
				return fmt.Errorf("event %s: %w", e.ID, err)
			}
		}
		return keep(place, page.Next)
	}
	if once {
		for next := string(token); ; {
			page, err := s.Events(ctx, next, 0)
			if err != nil {
				return err
			}
			if err := send(page); err != nil || !page.More {
				return err
			}
			next = page.Next
		}
	}
	for page, err := range s.FollowEvents(ctx, string(token), time.Second) {
		if err != nil {
			return err
		}
		if err := send(page); err != nil {
			return err
		}
	}
	return nil
}

// keep writes the file as a whole or not at all.
func keep(name, text string) error {
	tmp, err := os.CreateTemp(filepath.Dir(name), ".token-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	if _, err = tmp.WriteString(text); err == nil {
		err = tmp.Sync()
	}
	if closed := tmp.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	return os.Rename(tmp.Name(), name)
}
