"""Jobs that make a page: run a notebook by papermill and export it, or say on a page why that went wrong."""

import logging
import os
import re

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
    error, detail = _run(job)
    notebook = export.clean(SafeEngine.notebook)
    executed = nbformat.writes(notebook) + "\n"
    if error:
        made = {f"{job.notebook}.html": _page_of_failure(job, notebook, error)}
        return Outcome(made, error, detail, executed)
    return Outcome(_exported(job, notebook), executed=executed)


def export_again(job: PageJob) -> Outcome:
    """Export the page of a notebook that has run, with other surroundings."""
    return Outcome(_exported(job, nbformat.reads(job.executed, 4)), executed=job.executed)


def _exported(job: PageJob, notebook: nbformat.NotebookNode) -> dict[str, str | bytes]:
    picture = export.preview(notebook)
    notebook.metadata["burn_report"] = nbformat.from_dict(job.meta)
    made = {f"{job.notebook}.html": export.to_html(notebook), f"{job.notebook}.png": picture}
    return {name: content for name, content in made.items() if content}


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
    frames = [frame for frame in FRAME.findall(detail) if frame[0].startswith(str(place.PACKAGE))]
    if frames:
        file, line = frames[-1]
        where += f" ({os.path.relpath(file, place.PACKAGE.parent)}, line {line})"
    return f"{where}: "


def _page_of_failure(job: PageJob, notebook: nbformat.NotebookNode, error: str) -> str:
    """Return the page of a notebook that failed: scenario, where, parameters and end of the error."""
    headings = ["", *(heading["title"] for heading in shell.headings(notebook))]
    end = "\n".join(ESCAPES.sub("", error).strip().splitlines()[-LINES:])
    values = {"heading": headings[-1], "error": end, "values": job.values}
    return shell.render(job.meta, template.render("failed.html.j2", meta=job.meta, **values), [])


def warm() -> None:
    """Export a first page, which takes a third of a second once."""
    first = [nbformat.v4.new_code_cell("pass"), nbformat.v4.new_markdown_cell("text")]
    export.to_html(nbformat.v4.new_notebook(cells=first))
