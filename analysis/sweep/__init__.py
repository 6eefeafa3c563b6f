"""Many cases in one table: a sweep file to a checked spec, cases by number, blocks, one Parquet file."""
