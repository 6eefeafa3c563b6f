"""From notebooks to pages.

build plans (requests, folders, fingerprints) and keeps what jobs return (files). A job (jobs) is a function
of worker (pages: papermill, cells, export) or products (results, workbook, index, check), in a process that a
server has forked (processes, serving). sweeping (blocks on Dask: engines), compare and checking are commands.
"""
