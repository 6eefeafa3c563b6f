"""A job that runs one notebook by papermill in a kernel of its own and exports its page, or a page that says
why not.

Imported by a server before it forks (processes.py), so that every job starts with the libraries in memory.
"""

import gc
import logging
import pathlib
import re
import time
from dataclasses import dataclass

import nbformat
import papermill
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.engines import papermill_engines
from papermill.exceptions import PapermillExecutionError

from analysis.build import export, kernels
from analysis.build.jobs import Outcome, PageJob
from analysis.build.safe_names import RefusedParameter, SafeEngine
from analysis.inputs import place
from analysis.show import shell, template

ENGINE = (
    "burn-report"  # the entry point in pyproject.toml, registered again where the package is not installed
)
papermill_engines.register(ENGINE, SafeEngine)
for name in ("papermill", "traitlets"):
    logging.getLogger(name).setLevel(logging.CRITICAL)

ESCAPES = re.compile(r"\x1b\[[0-9;]*m")
FRAME = re.compile(r"^File (.+?):(\d+), in ", flags=re.M)
CELL = re.compile(r"^Cell In\[(\d+)\], line (\d+)", flags=re.M)
ADDED = {"injected-parameters", "papermill-error-cell-tag"}  # tags of cells that papermill puts in
LINES = 8  # of an error, on the page that stands in for one that failed


@dataclass(frozen=True)
class Done:
    """A notebook that ran: as it is stored, seconds of work, and what went wrong ("" when nothing did)."""

    notebook: nbformat.NotebookNode
    seconds: float
    error: str = ""
    detail: str = ""


def warm() -> None:
    """Export a first page, which takes a third of a second once; leave what is there out of later
    collections.
    """
    cells = [nbformat.v4.new_code_cell("pass"), nbformat.v4.new_markdown_cell("text")]
    export.to_html(nbformat.v4.new_notebook(cells=cells))
    gc.freeze()


def run_page(job: PageJob) -> Outcome:
    """Run the notebook and export its page. A failing cell makes a readable error page."""
    return _exported(job, run_notebook(job))


def export_again(job: PageJob) -> Outcome:
    """Export the page of a notebook that has run, with other surroundings."""
    return _exported(job, Done(nbformat.reads(job.executed, 4), 0.0))


def _exported(job: PageJob, done: Done) -> Outcome:
    executed = nbformat.writes(done.notebook) + "\n"
    if done.error:
        made = {f"{job.notebook}.html": _page_of_failure(job, done)}
        return Outcome(made, done.seconds, done.error, done.detail, executed)
    made: dict[str, str | bytes] = {}
    if picture := export.preview(done.notebook):
        made[f"{job.notebook}.png"] = picture
    done.notebook.metadata["burn_report"] = nbformat.from_dict(job.meta)
    made[f"{job.notebook}.html"] = export.to_html(done.notebook)
    return Outcome(made, done.seconds, executed=executed)


def run_notebook(job: PageJob) -> Done:
    """Run a notebook of the project in a kernel of its own."""
    notebook = nbformat.read(place.NOTEBOOKS / f"{job.notebook}.ipynb", 4)
    error = detail = ""
    started = time.perf_counter()
    with kernels.kernel_manager(pathlib.Path(job.folder or place.NOTEBOOKS), job.variables) as manager:
        try:
            papermill.execute_notebook(
                notebook, None, parameters=job.values, engine_name=ENGINE, km=manager, progress_bar=False,
                execution_timeout=job.timeout, log_output=False, kernel_name="python3", language="python",
            )  # fmt: skip
        except PapermillExecutionError as problem:
            detail = ESCAPES.sub("", "\n".join(problem.traceback))
            error = f"{_where(SafeEngine.notebook, detail)}{problem.ename}: {problem.evalue}"
        except RefusedParameter as problem:
            error = problem.message
        except CellTimeoutError:
            error = (
                f"{_where(SafeEngine.notebook)}it took longer than the time limit (--timeout) and was ended"
            )
        except (DeadKernelError, RuntimeError) as problem:
            error = f"{_where(SafeEngine.notebook)}{type(problem).__name__}: {problem}"
    return Done(export.clean(SafeEngine.notebook), time.perf_counter() - started, error, detail)


def _where(notebook: nbformat.NotebookNode, detail: str = "") -> str:
    """Return in which cell and line a notebook stopped, and in which line of the project when it was not the
    cell's.
    """
    own = [cell for cell in notebook.cells if not ADDED & set(cell.metadata.get("tags", []))]
    ran = [n for n, cell in enumerate(own, 1) if cell.metadata.get("papermill", {}).get("start_time")]
    cell, frames = CELL.search(detail), FRAME.findall(detail)
    number = ran[-1] if ran else 1
    place_in_cell = f"cell {number}" + (f", line {cell[2]}" if cell else "")
    own_frames = [(file, line) for file, line in frames if pathlib.Path(file).is_relative_to(place.PACKAGE)]
    if not own_frames:
        return f"{place_in_cell}: "
    file, line = own_frames[-1]
    return (
        f"{place_in_cell} ({pathlib.Path(file).relative_to(place.PACKAGE.parent).as_posix()}, line {line}): "
    )


def _page_of_failure(job: PageJob, done: Done) -> str:
    """Return the page of a notebook that failed: scenario, where, parameters and the last lines of the
    error.
    """
    headings = [heading["title"] for heading in export.metadata_of(done.notebook, "burn_heading")]
    lines = ESCAPES.sub("", done.error).strip().splitlines()[-LINES:]
    body = template.render(
        "failed.html.j2",
        meta=job.meta,
        heading=headings[-1] if headings else "",
        error="\n".join(lines),
        values=job.values,
    )
    return shell.render(job.meta, body, [])
