package extcontacts

import (
	"context"
	"errors"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/merge"
)

// DefaultAbove is the confidence from which contacts are merged by themselves.
const DefaultAbove = 0.98

// AutoMergeOptions are the settings of an automatic merge; the zero value has
// the defaults.
type AutoMergeOptions struct {
	// Above is the confidence that a cluster must have, 0 to 1. Zero means
	// [DefaultAbove].
	Above float64
	// Rules choose values where the contacts differ; see [Session.PlanMerge].
	Rules []merge.Rule
}

// AutoMerge says what an automatic merge will do: exactly that and nothing
// else.
type AutoMerge struct {
	// Plans are the merges, one for each cluster. Clusters may be taken out.
	Plans []*merge.Plan `json:"plans"`
	// Stopped are the clusters that a person must look at.
	Stopped []StoppedMerge `json:"stopped"`
}

// StoppedMerge is a cluster that is not merged automatically.
type StoppedMerge struct {
	IDs []contacts.ID `json:"ids"`
	// Why is a Clash code of package merge, or the code of the error with which
	// the merge would be refused.
	Why string `json:"why"`
}

// PlanAutoMerge works out what merging by itself all clusters of contacts that
// match the query would do; nothing is written. The survivor of each is the one
// that [merge.Propose] names. A cluster is left to people where facts speak
// against it, such as differing verified identifiers or dates of birth, or
// where the merge would be refused.
func (s *Session) PlanAutoMerge(ctx context.Context, query string, o AutoMergeOptions) (*AutoMerge, error) {
	if o.Above == 0 {
		o.Above = DefaultAbove
	}
	if !(o.Above > 0 && o.Above <= 1) {
		return nil, &CodeError{"confidence_invalid", "the confidence is a number above 0, up to 1"}
	}
	if err := s.may(contacts.RightMerge, nil); err != nil {
		return nil, err
	}
	found, err := s.FindDuplicates(ctx, query, DuplicateOptions{})
	if err != nil {
		return nil, err
	}
	auto := &AutoMerge{}
	for _, ids := range found.ClustersAbove(o.Above) {
		plan, err := s.planCluster(ctx, ids, o.Rules)
		if err != nil {
			why, known := code(err)
			if !known {
				return nil, err
			}
			auto.Stopped = append(auto.Stopped, StoppedMerge{ids, why})
			continue
		}
		if len(plan.Clashes) > 0 {
			auto.Stopped = append(auto.Stopped, StoppedMerge{ids, plan.Clashes[0].Why})
			continue
		}
		auto.Plans = append(auto.Plans, plan)
	}
	return auto, nil
}

func (s *Session) planCluster(ctx context.Context, ids []contacts.ID, rules []merge.Rule) (*merge.Plan, error) {
	all := make([]*contacts.Contact, len(ids))
	for i, id := range ids {
		c, err := s.Get(ctx, id)
		if err != nil {
			return nil, err
		}
		all[i] = c
	}
	survivor := merge.Propose(all...)
	if survivor == nil {
		return nil, &contacts.FieldError{Path: "survivor", Code: "not_live"}
	}
	var others []contacts.ID
	for _, c := range all {
		if c.ID != survivor.ID {
			others = append(others, c.ID)
		}
	}
	return s.PlanMerge(ctx, survivor.ID, others, rules...)
}

// code is the code of a refusal, and false for a failure.
func code(err error) (string, bool) {
	var field *contacts.FieldError
	var plain *CodeError
	var forbidden *ForbiddenError
	switch {
	case errors.As(err, &field):
		return field.Code, true
	case errors.As(err, &plain):
		return plain.Code, true
	case errors.As(err, &forbidden):
		return "forbidden", true
	case errors.Is(err, ErrNotFound):
		return "contact_missing", true
	}
	return "", false
}
