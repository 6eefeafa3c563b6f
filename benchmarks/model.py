"""Time and memory of the model: 8192 draws × 60 months × all mixes of options with their measures, beside a plain sum."""

import resource
import time

import nbformat
import numpy as np
from nbclient import NotebookClient

from analysis.form import state
from analysis.inputs import parameters, place, tables
from analysis.model.options import PORTFOLIOS
from analysis.results import results
from analysis.results.metrics import OF_PORTFOLIO


def best_of(repeats: int, function) -> float:
    """Return the shortest of several runs, in seconds."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return min(times)


def rerun(stem: str = "revenue_gap") -> float:
    """Return the seconds that a notebook takes in a Jupyter kernel that is up, after its first number was changed."""
    book = nbformat.read(place.NOTEBOOKS / f"{stem}.ipynb", 4)
    client = NotebookClient(
        book, kernel_name="python3", resources={"metadata": {"path": str(place.NOTEBOOKS)}}
    )
    with client.setup_kernel():
        for spending in (1100, 1200):
            book.cells[0].source = f'scenario = "as_reported"\nmonthly_burn_usd_m = {spending}'
            started = time.perf_counter()
            for index, cell in enumerate(book.cells):
                client.execute_cell(cell, index)
    return time.perf_counter() - started


def measure() -> list[tuple[str, str, str]]:
    """Return rows: what, measured, must reach."""
    data = tables.load()
    case = parameters.resolve(data, "as_reported")
    sample = case.sample()
    shape = (case.settings.draws, case.settings.horizon_months)
    block = np.ones(shape)
    model = best_of(5, lambda: results.of_portfolios(sample, case.settings, OF_PORTFOLIO))
    least = best_of(5, lambda: [np.cumsum(block, axis=1) for _ in PORTFOLIOS])
    whole = best_of(3, lambda: results.as_dict(results.Result(case)))
    form = state.State(data, "as_reported")
    form.values["monthly_burn_usd_m"] = (1200.0, 1200.0, 1200.0)
    headlines = best_of(3, form.headlines)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        (f"{len(PORTFOLIOS)} mixes, 8192 draws, 60 months, all measures", f"{model:.2f} s", "≤ 0.6 s"),
        ("a plain numpy cumulative sum over the same arrays (floor)", f"{least:.2f} s", "–"),
        ("all of results.json with standard errors", f"{whole:.2f} s", "–"),
        ("headlines of a case in the form", f"{headlines:.2f} s", "≤ 1 s"),
        ("a notebook in a kernel that is up, a number changed, all cells", f"{rerun():.1f} s", "≤ 2 s"),
        ("peak memory of the process", f"{memory:.0f} MB", "≤ 400 MB"),
    ]


if __name__ == "__main__":
    for row in measure():
        print(" | ".join(row))
