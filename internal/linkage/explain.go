package linkage

import "fmt"

// Explain says how two records compare, for people who build this.
func (r *Result) Explain(a, b int) string {
	c := newComparer(r.t, r.stats)
	var e Evidence
	var w [Fields]float32
	c.compare(a, b, &e)
	r.Model.bits(&e, &w)
	s := fmt.Sprintf("%.1f prior %.1f", r.Model.score(&w, r.Prior), r.Prior)
	for f := range Fields {
		if e.Level[f] != Missing {
			s += fmt.Sprintf(" %s:%d %.1f(%.1f)", f, e.Level[f], w[f], e.Info[f])
		}
	}
	return s
}
