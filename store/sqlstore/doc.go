// Package sqlstore is everything the SQL stores share: a [store.Store] over
// database/sql. It imports no driver; what differs between the engines is
// data, a [Dialect].
//
// A host does not use this package: it opens a store with the package of its
// database, such as store/sqlite. An author of a store for another database
// fills in a Dialect, writes the migrations and calls [New].
//
// # Tables
//
// The workspace leads every key. Times are UTC microseconds, texts compare
// byte by byte. Nothing depends on triggers, foreign keys, now(), RETURNING or
// ON CONFLICT.
//
//	ec_head        one row a workspace: the last Seq of its log, its hash, and
//	               the number of contacts created
//	ec_contacts    a contact: its id, revision, state, search text, body
//	ec_keys        identity keys, many a row: the nodes of a tree and of runs
//	ec_log         the change log: one row for each batch applied
//	ec_touched     which entries changed a contact after the one that created it
//	ec_acts        acts
//	ec_activities  activities
//	ec_records     small documents
//	ec_index       blocks of the text index, where there is one; see [TextIndex]
//
// A batch first locks the head of its workspace. So batches of one workspace
// are serial on every engine, at any isolation level, and Seq has no gaps.
//
// A key is kept as the first 128 bits of a SHA-256 and the id of its holder:
// neither a collation nor the limit of an engine on the length of an indexed
// text can change which keys are equal. Entries stand together in nodes of a
// tree, some fifty in one: a batch of 4,000 contacts writes some thousand rows
// instead of twelve thousand, or 256 where the engine has runs ([Dialect.Runs]),
// whose keys go into the tree later.
//
// # Errors
//
// Errors of the driver come out as *[store.Error], whose text names the
// operation alone; the context's own errors come out as they are. A
// transaction that the engine gave up (deadlock, busy, serialization failure)
// is run again as a whole, a bounded number of times. Where the answer to a
// COMMIT was lost, the log says whether the batch arrived.
package sqlstore
