package sqlite

import "testing"

func TestErasure(t *testing.T) { t.Parallel(); database.Erasure(t) }
