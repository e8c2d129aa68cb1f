package gen

import "math/bits"

// random is splitmix64 (Steele, Lea, Flood 2014). It is written out here
// because the bytes of a generated file must never depend on a library's
// version, and in integers only because floating point may be fused
// differently on another machine.
type random uint64

// Purposes keep the streams of one index apart.
const (
	forPerson = iota + 1
	forPlace
	forRow
	forDuplicate
	forFault
	forCompany
	forHousehold
)

// newRandom starts the stream of one purpose and index.
func newRandom(seed uint64, purpose, i int) random {
	s := random(seed)
	s = random(s.next() ^ uint64(purpose)*0xd1342543de82ef95)
	s = random(s.next() ^ uint64(i))
	s.next()
	return s
}

// next returns 64 random bits.
func (s *random) next() uint64 {
	*s += 0x9e3779b97f4a7c15
	z := uint64(*s)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// below returns a number in [0, n); n must be positive.
func (s *random) below(n int) int {
	hi, _ := bits.Mul64(s.next(), uint64(n))
	return int(hi)
}

// skewed returns a number in [0, n) whose density falls like the square root's
// derivative: the first of a hundred comes ten times in a hundred.
func (s *random) skewed(n int) int {
	u := s.next() >> 32
	u = u * u >> 32
	return int(u * uint64(n) >> 32)
}

// percent reports true p times in a hundred.
func (s *random) percent(p int) bool { return s.below(100) < p }

// chance reports true with probability p; 0 and less is never, 1 and more is
// always.
func (s *random) chance(p float64) bool {
	return float64(s.next()>>11) < p*(1<<53)
}

// pick returns an element, the first ones more often than the last.
func (s *random) pick(list []string) string { return list[s.skewed(len(list))] }

// any returns an element, all equally often.
func (s *random) any(list []string) string { return list[s.below(len(list))] }

// fill replaces in a pattern # by a digit, % by a digit from 1 to 9 and @ by a
// capital letter.
func (s *random) fill(pattern string) string {
	b := []byte(pattern)
	for i, c := range b {
		switch c {
		case '#':
			b[i] = byte('0' + s.below(10))
		case '%':
			b[i] = byte('1' + s.below(9))
		case '@':
			b[i] = "ABCDEFGHJKLMNPRSTUWXYZ"[s.below(22)]
		}
	}
	return string(b)
}
