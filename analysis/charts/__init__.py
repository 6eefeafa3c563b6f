"""Charts: a frame in, axes drawn. No sums, no files; words come from findings."""
