package store

import (
	"testing"
)

// FuzzFeedToken fuzzes tokens both ways: any text is refused or is one that
// was made for this workspace, and any place comes back from its token.
func FuzzFeedToken(f *testing.F) {
	f.Add("", "acme", int64(1), []byte("hash"))
	f.Add(encodeFeed("acme", feedPlace{seq: 7}), "acme", int64(7), []byte{})
	f.Add(encodeFeed("acme", feedPlace{}), "acme", int64(-1), []byte{1})
	f.Fuzz(func(t *testing.T, token, workspace string, seq int64, hash []byte) {
		if at, err := decodeFeed(workspace, token); err == nil && token != "" {
			if at.seq <= 0 || encodeFeed(workspace, at) != token {
				t.Errorf("%q is read as %+v", token, at)
			}
		}
		place := feedPlace{seq: seq}
		copy(place.hash[:], hash)
		at, err := decodeFeed(workspace, encodeFeed(workspace, place))
		if (err == nil) != (seq > 0) || err == nil && at != place {
			t.Errorf("%+v comes back as %+v, %v", place, at, err)
		}
		if _, err := decodeFeed(workspace+"x", encodeFeed(workspace, place)); err == nil {
			t.Error("a token of another workspace is read")
		}
	})
}
