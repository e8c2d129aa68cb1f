// Command contactbook keeps a contact book on the command line. It is an
// example of embedding package extcontacts, and a tool people can use:
//
//	contactbook --db people.db import contacts.csv
//	contactbook --db people.db search 'acme label:VIP'
//
// Run "contactbook help" for all commands. Results go to standard output,
// progress and messages to standard error. The exit code is 0 when all was
// done, 1 when the command failed and nothing is half-done, 2 for wrong usage
// and 3 when it was done but some rows were rejected.
//
// What it shows of embedding: app.go binds a session to an actor and a
// workspace, open.go chooses the store, and each command is one use case of
// the session with its flags and its output. Texts of contacts reach a
// terminal only through package-local escaping (escape.go): a name cannot move
// the cursor or turn the reading direction.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	paceCollector()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second interrupt ends the process at once
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
