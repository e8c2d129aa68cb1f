package mysql

import "testing"

func TestErasure(t *testing.T) { t.Parallel(); database.Erasure(t) }
