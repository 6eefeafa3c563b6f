"""Jobs that make a page: run a notebook by papermill and export it, or say on a page why that went wrong."""

import logging
import os
import pathlib
import re
import time

import nbformat
import papermill
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.exceptions import PapermillExecutionError

from analysis.build import cells, export, processes
from analysis.build.jobs import Outcome, PageJob
from analysis.build.safe_names import RefusedParameter, SafeEngine
from analysis.inputs import place
from analysis.show import shell, template

for name in ("papermill", "traitlets"):
    logging.getLogger(name).setLevel(logging.CRITICAL)

ESCAPES = re.compile(r"\x1b\[[0-9;]*m")
FRAME = re.compile(r"^File (.+?):(\d+), in ", flags=re.M)
CELL = re.compile(r"^Cell In\[(\d+)\], line (\d+)", flags=re.M)
ADDED = {"injected-parameters", "papermill-error-cell-tag"}  # tags of cells that papermill puts in
LINES = 8  # of an error, on the page that stands in for one that failed


def run_page(job: PageJob) -> Outcome:
    """Run the notebook and export its page. A failing cell makes a readable error page."""
    started = time.perf_counter()
    error, detail = _run(job)
    notebook, seconds = export.clean(SafeEngine.notebook), time.perf_counter() - started
    if not error:
        return _exported(job, notebook, seconds)
    made = {f"{job.notebook}.html": _page_of_failure(job, notebook, error)}
    return Outcome(made, seconds, error, detail, nbformat.writes(notebook) + "\n")


def export_again(job: PageJob) -> Outcome:
    """Export the page of a notebook that has run, with other surroundings."""
    return _exported(job, nbformat.reads(job.executed, 4), 0.0)


def _exported(job: PageJob, notebook: nbformat.NotebookNode, seconds: float) -> Outcome:
    executed = nbformat.writes(notebook) + "\n"
    picture = export.preview(notebook)
    notebook.metadata["burn_report"] = nbformat.from_dict(job.meta)
    made = {f"{job.notebook}.html": export.to_html(notebook)}
    if picture:
        made[f"{job.notebook}.png"] = picture
    return Outcome(made, seconds, executed=executed)


def _run(job: PageJob) -> tuple[str, str]:
    """Run a notebook, which SafeEngine keeps as far as it came; return what went wrong and its traceback."""
    os.environ |= job.variables
    notebook = nbformat.read(place.NOTEBOOKS / f"{job.notebook}.ipynb", 4)
    engine = cells.FORKING if processes.CAN_FORK else cells.ENGINE
    try:
        papermill.execute_notebook(
            notebook, None, parameters=job.values, engine_name=engine,
            cwd=job.folder or str(place.NOTEBOOKS), progress_bar=False, log_output=False,
            execution_timeout=job.timeout, kernel_name="python3", language="python",
        )  # fmt: skip
    except PapermillExecutionError as problem:
        detail = ESCAPES.sub("", "\n".join(problem.traceback))
        return f"{_where(detail)}{problem.ename}: {problem.evalue}", detail
    except RefusedParameter as problem:
        return problem.message, ""
    except CellTimeoutError:
        return f"{_where()}it took longer than the time limit (--timeout) and was ended", ""
    except (DeadKernelError, RuntimeError) as problem:
        return f"{_where()}{type(problem).__name__}: {problem}", ""
    return "", ""


def _where(detail: str = "") -> str:
    """Return in which cell and line the notebook stopped, and line of the project if not the cell's."""
    own = [cell for cell in SafeEngine.notebook.cells if not ADDED & set(cell.metadata.get("tags", []))]
    ran = [n for n, cell in enumerate(own, 1) if cell.metadata.get("papermill", {}).get("start_time")]
    line = CELL.search(detail)
    where = f"cell {max(ran, default=1)}" + (f", line {line[2]}" if line else "")
    frames = [(pathlib.Path(file), line) for file, line in FRAME.findall(detail)]
    inside = [(file, line) for file, line in frames if file.is_relative_to(place.PACKAGE)]
    if inside:
        file, line = inside[-1]
        where += f" ({file.relative_to(place.PACKAGE.parent).as_posix()}, line {line})"
    return f"{where}: "


def _page_of_failure(job: PageJob, notebook: nbformat.NotebookNode, error: str) -> str:
    """Return the page of a notebook that failed: scenario, where, parameters and end of the error."""
    headings = [heading["title"] for heading in export.metadata_of(notebook, "burn_heading")]
    lines = ESCAPES.sub("", error).strip().splitlines()[-LINES:]
    body = template.render(
        "failed.html.j2", meta=job.meta, heading=headings[-1] if headings else "", error="\n".join(lines),
        values=job.values,
    )  # fmt: skip
    return shell.render(job.meta, body, [])


def warm() -> None:
    """Export a first page, which takes a third of a second once."""
    first = [nbformat.v4.new_code_cell("pass"), nbformat.v4.new_markdown_cell("text")]
    export.to_html(nbformat.v4.new_notebook(cells=first))
