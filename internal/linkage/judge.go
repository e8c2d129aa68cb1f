package linkage

// Story is what else may explain that two records agree.
type Story uint8

// The stories.
const (
	Chance    Story = iota // nothing but chance
	Household              // two people of one household or place
	Workplace              // two people of one office
	Letterbox              // two people who use one mailbox
)

// Judgement is a score and how it comes about: it is the sum of the prior and
// of what the fields say, less what the best other story takes away.
type Judgement struct {
	Evidence Evidence
	Bits     float32
	Prior    float32
	Fields   [Fields]float32
	Story    Story
	Taken    float32 // what the story takes away, zero or less
}

// Judge says how the score of two records comes about.
func (r *Result) Judge(a, b uint32) Judgement {
	c := newComparer(r.t, r.stats)
	j := Judgement{Prior: r.Prior}
	c.compare(int(min(a, b)), int(max(a, b)), &j.Evidence)
	r.Model.bits(&j.Evidence, &j.Fields)
	total, home, work, box := r.Model.stories(&j.Fields, r.Prior)
	j.Bits = total
	for story, bits := range map[Story]float32{Household: home, Workplace: work, Letterbox: box} {
		if bits < j.Bits || bits == j.Bits && j.Story != Chance && story < j.Story {
			j.Bits, j.Story = bits, story
		}
	}
	j.Taken = j.Bits - total
	return j
}
