"""From notebooks to pages.

build plans (requests, folders, fingerprints) and keeps what jobs return (files, log). A job (jobs) is a
function of worker (pages: papermill, cells, export) or of products (results, workbook, index, check). It runs
in a process that a server has forked (processes: the command's side, serving: the server's), or on a Dask
worker (engines). sweeping, compare and checking are commands of their own; isolation runs before any.
"""
