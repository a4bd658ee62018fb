"""`make bench`: how fast, beside programs that do the same work or none. Never a test: machines differ."""
