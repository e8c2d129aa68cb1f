package main

import (
	"fmt"
	"runtime"
	"slices"
	"time"
)

// cost is what one run took.
type cost struct{ wall, cpu time.Duration }

// side is one half of a comparison. It measures itself, because the time of
// another process is not ours.
type side func() (cost, error)

// here measures work in this process: its CPU time is that of all threads,
// the garbage collector's included.
func here(work func() error) side {
	return func() (cost, error) {
		runtime.GC() // neither side pays for the garbage of the other
		wall, cpu := time.Now(), cpuTime()
		err := work()
		return cost{time.Since(wall), cpuTime() - cpu}, err
	}
}

// result has the medians of both sides and of the ratios round by round.
type result struct {
	ours, anchor     cost
	ratio, low, high float64 // CPU or wall time of ours divided by that of the anchor
}

// compare runs both sides in turn, the one that begins alternating, after a
// first round that does not count.
func compare(rounds int, ours, anchor side) (result, error) {
	return compareBy(rounds, ours, anchor, func(c cost) time.Duration { return c.cpu })
}

// compareWall compares by the wall, where others work for both sides.
func compareWall(rounds int, ours, anchor side) (result, error) {
	return compareBy(rounds, ours, anchor, func(c cost) time.Duration { return c.wall })
}

func compareBy(rounds int, ours, anchor side, of func(cost) time.Duration) (result, error) {
	var a, b []cost
	for round := range rounds + 1 {
		var x, y cost
		var err error
		if round%2 == 0 {
			if x, err = ours(); err == nil {
				y, err = anchor()
			}
		} else if y, err = anchor(); err == nil {
			x, err = ours()
		}
		if err != nil {
			return result{}, err
		}
		if round > 0 {
			a, b = append(a, x), append(b, y)
		}
	}
	ratios := make([]float64, len(a))
	for i := range a {
		ratios[i] = float64(of(a[i])) / float64(max(of(b[i]), 1))
	}
	slices.Sort(ratios)
	return result{middle(a), middle(b), median(ratios), ratios[0], ratios[len(ratios)-1]}, nil
}

// inverse turns "times as long" into "times as fast".
func (r result) inverse() result {
	r.ratio, r.low, r.high = 1/r.ratio, 1/r.high, 1/r.low
	return r
}

// line is a row of the output: the ratio with its range, and both costs.
func (r result) line(name, unit string) string {
	return fmt.Sprintf("  %-22s %7.2fx %s (%.2f-%.2f)   ours %s CPU %s wall, anchor %s CPU %s wall\n", name, r.ratio, unit, r.low, r.high,
		short(r.ours.cpu), short(r.ours.wall), short(r.anchor.cpu), short(r.anchor.wall))
}

func short(d time.Duration) string {
	switch {
	case d >= 10*time.Second:
		return d.Round(100 * time.Millisecond).String()
	case d >= 10*time.Millisecond:
		return d.Round(100 * time.Microsecond).String()
	}
	return d.Round(10 * time.Nanosecond).String()
}

func median[T int | int64 | float64 | time.Duration](sorted []T) T {
	n := len(sorted)
	if n%2 == 1 {
		return sorted[n/2]
	}
	return (sorted[n/2-1] + sorted[n/2]) / 2
}

// middle is the median of each of the times.
func middle(costs []cost) cost {
	var wall, cpu []time.Duration
	for _, c := range costs {
		wall, cpu = append(wall, c.wall), append(cpu, c.cpu)
	}
	slices.Sort(wall)
	slices.Sort(cpu)
	return cost{median(wall), median(cpu)}
}

// verdict says whether a target is met.
func verdict(met bool) string {
	if met {
		return "met"
	}
	return "NOT met"
}

// allocations counts what work allocates.
func allocations(work func() error) (count, bytes uint64, err error) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	err = work()
	runtime.ReadMemStats(&after)
	return after.Mallocs - before.Mallocs, after.TotalAlloc - before.TotalAlloc, err
}
