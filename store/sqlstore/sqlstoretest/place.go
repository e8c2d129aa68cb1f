package sqlstoretest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"strings"
	"time"
)

// staleAfter is longer than any test uses a place: long forms take hours.
const staleAfter = 24 * time.Hour

const (
	placePrefix = "extcontacts_"
	placeTime   = "20060102t150405" // no separators: names of schemas need no quotes
)

// PlaceName returns a new name for the database or schema of a test. It tells
// when it was made: a run that is interrupted leaves its places behind, and
// [Sweep] knows by their names that nobody uses them.
func PlaceName() string {
	return placePrefix + time.Now().UTC().Format(placeTime) + "_" + strings.ToLower(rand.Text())
}

// StalePlace reports whether a name is one of [PlaceName], made so long ago
// that no test can be using the place. Any other name is somebody else's.
func StalePlace(name string, now time.Time) bool {
	rest, ok := strings.CutPrefix(name, placePrefix)
	made, random, both := strings.Cut(rest, "_")
	at, err := time.Parse(placeTime, made)
	return ok && both && len(random) == len(rand.Text()) && err == nil && now.Sub(at) > staleAfter
}

// Sweep drops the places that runs which were interrupted left behind. list
// answers the names of all places, drop has %s for the name. Several may sweep
// at once if drop has IF EXISTS.
func Sweep(ctx context.Context, db *sql.DB, list, drop string) error {
	rows, err := db.QueryContext(ctx, list)
	if err != nil {
		return err
	}
	defer rows.Close()
	var stale []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return err
		}
		if StalePlace(name, time.Now()) {
			stale = append(stale, name)
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, name := range stale {
		if _, err := db.ExecContext(ctx, fmt.Sprintf(drop, name)); err != nil {
			return err
		}
	}
	return nil
}
