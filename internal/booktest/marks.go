package booktest

import (
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/merge"
)

// testMarksOfFamilies: a mark that was said of contacts which were merged
// since, on either side and several times over, is found from the survivors;
// marks of others are none of theirs.
func testMarksOfFamilies(k *kit) {
	const phone = "+85291234567"
	var left, right []contacts.ID
	for range 4 {
		left = append(left, k.create(person("Ann Lee", phone)).ID)
		right = append(right, k.create(person("Ann Lee", phone)).ID)
		_, err := k.s.Distinct(k.ctx, k.create(person("X Y")).ID, k.create(person("Z Y")).ID)
		k.must(err)
	}
	_, err := k.s.Distinct(k.ctx, left[3], right[3])
	k.must(err)
	suspected := func(want int) {
		k.Helper()
		found, err := k.s.Suggest(k.ctx, left[0])
		k.must(err)
		if len(found) != want {
			k.Errorf("%d suspected, want %d: %+v", len(found), want, found)
		}
	}
	suspected(7)
	var acts []contacts.ID
	for i := 3; i > 0; i-- { // 3 into 2, 2 into 1, 1 into 0
		acts = append(acts, k.merge(left[i-1], left[i]).ID, k.merge(right[i-1], right[i]).ID)
	}
	suspected(0)
	_, err = k.s.PlanMerge(k.ctx, right[0], []contacts.ID{left[0]})
	k.wantCode(err, "marked_distinct")
	// said again of the survivors, it is said already
	act, err := k.s.Distinct(k.ctx, right[2], left[1])
	k.must(err)
	if act.ID != "" {
		k.Error("said twice")
	}
	k.undo(acts[0]) // left[3] is by itself again, and the mark is its
	suspected(2)
	plan, err := k.s.PlanMerge(k.ctx, right[0], []contacts.ID{left[0]})
	k.must(err)
	plans := []*merge.Plan{plan}
	_, err = k.s.MergeAll(k.ctx, plans)
	k.must(err)
	_, err = k.s.PlanMerge(k.ctx, right[0], []contacts.ID{left[3]})
	k.wantCode(err, "marked_distinct")
}
