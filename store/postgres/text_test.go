package postgres

import "testing"

func TestText(t *testing.T) { t.Parallel(); database.Text(t) }
