"""One job in one fresh process: run a notebook and export its page, make results.json, or draw the index.

Imported by the forkserver before it forks (warm.py), so that every job starts with the libraries in memory.
"""

import contextlib
import json
import logging
import pathlib
import tempfile
import time
from dataclasses import dataclass

import nbformat
import papermill
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.engines import NBClientEngine, papermill_engines
from papermill.exceptions import PapermillExecutionError

from analysis import inputs, parameters, results
from analysis.errors import InputError
from analysis.insight import decision
from analysis.report import export, files, kernels, site
from analysis.report.jobs import Outcome, PageJob
from analysis.report.pages import COMPARISON, SWEEP
from analysis.stored import read_results

SWEPT = {"title": SWEEP.title, "description": SWEEP.question, "notebook": SWEEP.name}
COMPARED = {"title": COMPARISON.title, "description": COMPARISON.question, "notebook": COMPARISON.name}

ENGINE = "burn-report"

logging.getLogger("papermill").setLevel(logging.CRITICAL)
logging.getLogger("traitlets").setLevel(logging.CRITICAL)


def run_page(job: PageJob) -> Outcome:
    """Run the notebook and export its page. A failing cell makes a readable error page."""
    done = _run(job)
    html = (
        site.error_page(job.meta, job.values, _last_heading(done.notebook), done.error)
        if done.error
        else export.to_html(done.notebook)
    )
    made = {f"{job.notebook}.ipynb": nbformat.writes(done.notebook) + "\n", f"{job.notebook}.html": html}
    return Outcome(made, done.seconds, done.error)


class KeepingEngine(NBClientEngine):
    """papermill's own engine; what has run so far stays at hand when a kernel dies or a cell takes too long."""

    notebook = nbformat.v4.new_notebook()  # of this process, which runs one

    @classmethod
    def execute_managed_notebook(cls, nb_man, kernel_name, **kwargs) -> None:
        """Run the notebook that `nb_man` manages."""
        cls.notebook = nb_man.nb
        super().execute_managed_notebook(nb_man, kernel_name, **kwargs)


papermill_engines.register(ENGINE, KeepingEngine)


@dataclass(frozen=True)
class _Done:
    """A notebook that ran: as it is stored, seconds of work, and what went wrong ("" when nothing did)."""

    notebook: nbformat.NotebookNode
    seconds: float
    error: str


def _run(job: PageJob) -> _Done:
    path = inputs.ROOT / "notebooks" / f"{job.notebook}.ipynb"
    error, started = "", time.perf_counter()
    with kernels.kernel_manager() as manager:
        try:
            papermill.execute_notebook(
                path, None, parameters=job.values, engine_name=ENGINE, km=manager, progress_bar=False,
                execution_timeout=job.timeout, log_output=False,
            )  # fmt: skip
        except (PapermillExecutionError, CellTimeoutError, DeadKernelError, RuntimeError) as problem:
            error = _last_lines(problem)
    executed = KeepingEngine.notebook
    seconds = (
        sum(cell.metadata.get("papermill", {}).get("duration") or 0 for cell in executed.cells) or time.perf_counter() - started
    )
    return _Done(export.clean(executed, job.meta), seconds, error)


def run_results(scenario: str, overrides: dict) -> Outcome:
    """Run the model for a case and make its results.json."""
    started = time.perf_counter()
    run = results.Run(parameters.resolve(inputs.load(), scenario, overrides))
    content = results.as_dict(run)
    content["metrics"]["evpi_usd_m"] = decision.evpi(run)
    content["evppi_usd_m"] = decision.evppi(run)
    return Outcome({"results.json": results.to_json(content)}, time.perf_counter() - started)


def run_index(out: pathlib.Path, cases: list[str]) -> Outcome:
    """Draw the index page from the results in `out`."""
    started = time.perf_counter()
    built, problems = _readable(out, cases)
    return Outcome({"index.html": site.index(out, built, problems)}, time.perf_counter() - started)


def _readable(out: pathlib.Path, cases: list[str]) -> tuple[list[str], list[str]]:
    """Return the cases whose results can be shown, and why the others cannot (an old folder must not stop a new report)."""
    built, problems = [], []
    for case in cases:
        try:
            read_results(out / case / "results.json")
            built.append(case)
        except InputError as problem:
            problems.append(str(problem))
    if not built:
        raise InputError("; ".join(problems))
    return built, problems


def run_comparison(out: pathlib.Path, links: dict[str, str], timeout: int) -> Outcome:
    """Run the comparison notebook over the results of several cases in `out`. `links`: case -> its first page, or ""."""
    built, _ = _readable(out, list(links))
    titles = {name: scenario.title for name, scenario in inputs.load().scenarios.items()}
    others = [{"title": titles.get(case, case), "href": links[case]} for case in built if links[case]]
    # the notebook names folders relative to where it runs, so that no page holds a path of this machine
    with contextlib.chdir(out):
        meta = COMPARED | {"index_href": "index.html", "scenarios": others}
        return run_page(PageJob(COMPARISON.name, {"folders": built}, meta, timeout))


def run_sweep(out: pathlib.Path, timeout: int) -> Outcome:
    """Run the sweep notebook over the table in `out`."""
    with contextlib.chdir(out):  # as above: no path of this machine
        return run_page(PageJob(SWEEP.name, {"folder": "."}, SWEPT, timeout))


def compare(results: dict[str, dict], baseline: str, timeout: int) -> str:
    """Return the page that compares results (name -> content), with `baseline` as the case that others are compared with."""
    with tempfile.TemporaryDirectory(prefix="burn-") as name:
        folder = pathlib.Path(name)
        for case, content in results.items():
            files.write(folder / case / "results.json", json.dumps(content))
        with contextlib.chdir(folder):
            values = {"folders": list(results), "baseline": baseline}
            done = _run(PageJob(COMPARISON.name, values, COMPARED, timeout))
    if done.error:
        raise RuntimeError(done.error)
    return export.to_html(done.notebook)


def check(cases: list[tuple[str, dict]]) -> str:
    """Return why the first impossible case is impossible, or "" when all can be run."""
    try:
        tables = inputs.load()
        for scenario, overrides in cases:
            parameters.resolve(tables, scenario, overrides)
    except InputError as problem:
        return str(problem)
    return ""


def _last_lines(problem: Exception) -> str:
    if isinstance(problem, PapermillExecutionError):
        return f"{problem.ename}: {problem.evalue}"
    if isinstance(problem, CellTimeoutError):
        return "A cell took longer than the time limit (--timeout) and was ended."
    return f"{type(problem).__name__}: {problem}"


def _last_heading(notebook: nbformat.NotebookNode) -> str:
    titles = [out.metadata["burn_heading"]["title"] for cell in notebook.cells for out in cell.get("outputs", [])
              if "burn_heading" in out.get("metadata", {})]  # fmt: skip
    return titles[-1] if titles else "the start of the page"
