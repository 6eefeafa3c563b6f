"""`burn-report compare`: result folders in, a page and a line per folder out. Nothing is written unless all can be read."""

import pathlib

from analysis import inputs, stored
from analysis.errors import InputError, shown
from analysis.findings import comparison_figures
from analysis.insight.comparison import compare
from analysis.report import files
from analysis.report.requests import check_place


def run(folders: list[pathlib.Path], out: pathlib.Path, timeout: int) -> list[str]:
    """Write the page that compares `folders` with the first of them and return what differs, a line for each of the others.

    Raises InputError, before anything is written, for a folder or a place that cannot be used.
    """
    check_file(out)
    tables = inputs.load()
    results = stored.read_folders(folders, tables)
    comparison = compare(results, tables, next(iter(results)))
    from analysis.report import worker  # the heaviest part, not needed to refuse bad input

    files.write(out, worker.compare(results, comparison.baseline, timeout))
    return comparison_figures.lines(comparison)


def check_file(out: pathlib.Path) -> None:
    """Refuse a place for the page that is not an HTML file or cannot be written; nothing is created here."""
    if out.suffix != ".html" or out.is_dir():
        raise InputError(f"--out: the name of an HTML file is expected, such as compare.html; given {shown(str(out))}")
    check_place(out.absolute().parent, out, "cannot be there")
