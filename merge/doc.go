// Package merge finds contacts that may be the same person, plans their merge,
// and plans how any act, a merge before all, is taken back.
//
// It is pure: it reads contacts, records and histories and answers with plans
// and scores. It does no I/O, has no clock and knows no store; who carries a
// plan out writes its results and its changes in one transaction.
//
//   - [NewPlan] plans a merge of any number of contacts. The plan shows every
//     value that moves and every choice between differing values before
//     anything is written, and its changes record where each value came from.
//   - [PlanUndo] plans to take back an act of any kind, in any order, whatever
//     happened since: it says what is restored, what is kept because it was
//     edited later, and what clashes. [AsOf] is the contact as it was.
//   - [Find] searches contacts and [FindRecords] the rows of files for
//     duplicates: pairs with a score and the reasons for it, and clusters.
//     [Suggest] and [Compare] judge one contact in the same way.
//
// The survivor of a merge is chosen by the caller; [Propose] has a stated rule
// for who does not want to.
//
// Errors are *[contacts.FieldError] values with a code; they wrap
// [contacts.ErrInvalid] and hold no personal data. Plans do: they are full of
// values. All functions are safe for concurrent use, and the same input always
// gives the same answer.
package merge
