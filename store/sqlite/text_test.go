package sqlite

import "testing"

func TestText(t *testing.T) { t.Parallel(); database.Text(t) }
