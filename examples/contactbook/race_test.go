//go:build race

package main

// raced tells that the race detector makes SQLite many times slower.
const raced = true
