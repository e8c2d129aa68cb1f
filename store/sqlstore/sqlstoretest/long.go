package sqlstoretest

import (
	"os"
	"time"
)

// Long reports whether EXTCONTACTS_LONG is set: the tests then try every
// statement and every call, not a sample of them, and writers write for
// EXTCONTACTS_LONG, a duration, such as 60s.
func Long() bool { return os.Getenv("EXTCONTACTS_LONG") != "" }

// duration is how long writers write.
func duration() time.Duration {
	if d, err := time.ParseDuration(os.Getenv("EXTCONTACTS_LONG")); err == nil {
		return d
	}
	if Long() {
		return time.Minute
	}
	return time.Second
}
