"""From a run to pages: what notebooks call, how notebooks are run, how pages are exported and tied together."""
