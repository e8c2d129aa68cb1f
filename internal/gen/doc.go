// Package gen makes contact files for tests, benchmarks and examples: any
// number of rows, names in ten scripts, phones that are valid in more than
// fifty numbering plans, planted duplicates and planted faults, and beside the
// file a second one with the truth about every row.
//
// The same options give the same bytes on every machine. A person is a pure
// function of a seed and an index ([Person]), so a file of any size is written
// in constant memory: a duplicate row computes its person again.
//
//	err := gen.Write(file, truth, gen.Options{Rows: 100_000, Seed: 1, Duplicates: 0.05, Faults: 0.01})
//
// # What it is not
//
// It models files, not populations: frequencies are skewed as in real lists,
// but they are no statistics of any country. Nobody in it exists. All e-mail
// addresses and domains end in names reserved by RFC 2606 (.example,
// example.com, example.org, example.net). Phone numbers are drawn from the
// whole of each plan, because a test of a validator needs that; do not dial
// them.
//
// # Truth
//
// The truth file has the columns row, entity, fault: the number of the data
// row (1 is the first after the header), the person it describes, and the code
// of the planted fault or nothing. Rows with equal entity are duplicates. The
// entity is the number of the first row of that person.
//
// Nothing is shared between calls, so that all functions may be called
// concurrently. The package imports nothing of the project, so that every
// package can test with it.
package gen
