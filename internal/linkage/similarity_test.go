package linkage

import (
	"math"
	"math/rand/v2"
	"testing"
)

// plainJaro is Jaro-Winkler by its definition.
func plainJaro(s, t string) float64 {
	a, b := []rune(s), []rune(t)
	if len(a) == 0 {
		return 0
	}
	window := max(max(len(a), len(b))/2-1, 0)
	used := make([]bool, len(b))
	var ma, mb []rune
	for i, r := range a {
		for j := range b {
			if !used[j] && b[j] == r && j >= i-window && j <= i+window {
				used[j] = true
				ma = append(ma, r)
				break
			}
		}
	}
	for j, r := range b {
		if used[j] {
			mb = append(mb, r)
		}
	}
	if len(ma) == 0 {
		return 0
	}
	out := 0
	for i := range ma {
		if ma[i] != mb[i] {
			out++
		}
	}
	half := float64(out / 2) // transpositions are of two letters each
	m := float64(len(ma))
	j := (m/float64(len(a)) + m/float64(len(b)) + (m-half)/m) / 3
	if j <= 0.7 {
		return j
	}
	p := 0
	for p < min(len(a), len(b), 4) && a[p] == b[p] {
		p++
	}
	return j + float64(p)*0.1*(1-j)
}

// plainEdits is the distance of optimal string alignment by its definition.
func plainEdits(s, t string) int {
	a, b := []rune(s), []rune(t)
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		for j := range d[i] {
			switch {
			case i == 0:
				d[i][j] = j
			case j == 0:
				d[i][j] = i
			default:
				same := 1
				if a[i-1] == b[j-1] {
					same = 0
				}
				d[i][j] = min(d[i-1][j]+1, d[i][j-1]+1, d[i-1][j-1]+same)
				if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
					d[i][j] = min(d[i][j], d[i-2][j-2]+1)
				}
			}
		}
	}
	return d[len(a)][len(b)]
}

// Likeness goes by code points, in any script, and is that of the definition.
func TestSimilarityOfDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	alphabets := [][]rune{[]rune("abc"), []rune("abcdefghijklmnopqrstuvwxyz .@1"), []rune("абвгдежз"), []rune("李王张刘陈a"), []rune("αβγ😀é")}
	word := func(abc []rune) string {
		out := make([]rune, r.IntN(14))
		for i := range out {
			out[i] = abc[r.IntN(len(abc))]
		}
		return string(out)
	}
	var c Similarity
	for range 60_000 {
		abc := alphabets[r.IntN(len(alphabets))]
		a, b := word(abc), word(abc)
		if got, want := c.JaroWinkler(a, b), plainJaro(a, b); math.Abs(got-want) > 1e-12 {
			t.Fatalf("jaro(%q, %q) = %v, want %v", a, b, got, want)
		}
		most := 1 + r.IntN(3)
		if got, want := within(a, b, most), min(plainEdits(a, b), most+1); got != want {
			t.Fatalf("within(%q, %q, %d) = %d, want %d", a, b, most, got, want)
		}
		v := newValues()
		if p, q := v.add(a, 0), v.add(b, 0); plainJaro(a, b) > 0 && !v.reach(p, q, plainJaro(a, b)) {
			t.Fatalf("reach(%q, %q) is below what is reached", a, b)
		}
	}
	long := "a very long text of more than sixty-four letters, which nothing is like"
	if c.jaro(long, long) != 0 || c.jaro("", "a") != 0 {
		t.Error("texts that cannot be compared are alike")
	}
}
