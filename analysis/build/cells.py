"""The cells of a notebook, run by IPython in a process forked from the job's: an engine for papermill.

A Jupyter kernel would import everything anew; here libraries, data and the result are in memory already.
"""

import io
import multiprocessing
import sys
import tempfile
from multiprocessing.connection import Connection

import nbformat
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.history import HistoryManager
from IPython.core.interactiveshell import InteractiveShell
from matplotlib import pyplot
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.engines import papermill_engines

from analysis.build.safe_names import SafeEngine
from analysis.build.serving import end_with_parent

ENGINE = "burn-report"  # the entry point in pyproject.toml; papermill's own, where a platform cannot fork
FORKING = "burn-report-fork"
_outputs: list[dict] = []  # of the cell that runs, in the process that runs it


class ForkEngine(SafeEngine):
    """Runs the notebook's cells one after the other up to the first that fails."""

    @classmethod
    def run_cells(cls, nb_man, kernel_name: str, execution_timeout: int, **_) -> None:
        """Raises DeadKernelError and CellTimeoutError, as papermill's own engine does."""
        fork = multiprocessing.get_context("fork")
        line, theirs = fork.Pipe()
        process = fork.Process(target=_serve_cells, args=(theirs, line), daemon=True)
        process.start()
        theirs.close()
        try:
            for index, cell in enumerate(nb_man.nb.cells):
                nb_man.cell_start(cell, index)
                if cell.cell_type == "code" and cell.source.strip():
                    cell.outputs, cell.execution_count = _ask(line, cell.source, execution_timeout)
                nb_man.cell_complete(cell, cell_index=index)
                if any(output.output_type == "error" for output in cell.get("outputs", [])):
                    break
        finally:
            process.kill()
            process.join()


def _ask(line: Connection, source: str, timeout: int) -> tuple[list[nbformat.NotebookNode], int]:
    try:
        line.send(source)
        answered = line.poll(timeout)
        outputs, count = line.recv() if answered else ([], 0)
    except (EOFError, OSError) as problem:
        raise DeadKernelError("the process that ran the cell ended") from problem
    if not answered:
        raise CellTimeoutError("a cell took too long")
    return [nbformat.from_dict(output) for output in outputs], count


def _serve_cells(line: Connection, theirs: Connection) -> None:
    theirs.close()
    end_with_parent()
    shell = Shell.instance(ipython_dir=tempfile.gettempdir())  # a user's start-up files change no report
    shell.enable_matplotlib("inline")  # so that an analyst's own drawing is shown, as everywhere
    pyplot.uninstall_repl_displayhook()  # else it is drawn once more before that
    sys.stdout, sys.stderr = _Stream("stdout"), _Stream("stderr")
    while True:
        source = line.recv()
        _outputs.clear()
        shell.run_cell(source, store_history=True)
        line.send((_outputs, shell.execution_count - 1))


class _Publisher(DisplayPublisher):
    def publish(self, data: dict, metadata: dict | None = None, **_) -> None:
        _outputs.append({"output_type": "display_data", "data": data, "metadata": metadata or {}})

    def clear_output(self, wait: bool = False) -> None:
        _outputs.clear()


class _Hook(DisplayHook):
    def write_output_prompt(self) -> None:
        """No prompt: the notebook's output has the number."""

    def write_format_data(self, format_dict: dict, md_dict: dict | None = None) -> None:
        shown = {"data": format_dict, "metadata": md_dict or {}, "execution_count": self.prompt_count}
        _outputs.append({"output_type": "execute_result"} | shown)


class _Stream(io.TextIOBase):
    def __init__(self, name: str) -> None:
        self.name = name

    def write(self, text: str) -> int:
        if not text:
            return 0
        if not _outputs or _outputs[-1].get("name") != self.name:
            _outputs.append({"output_type": "stream", "name": self.name, "text": ""})
        _outputs[-1]["text"] += text
        return len(text)


class Shell(InteractiveShell):
    """IPython's shell that collects what a cell shows."""

    display_pub_class = _Publisher
    displayhook_class = _Hook

    def init_history(self) -> None:
        """Keep nothing of what is entered."""
        self.history_manager = HistoryManager(shell=self, parent=self, enabled=False)

    def enable_gui(self, gui: str | None = None) -> None:
        """No windows."""

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
        _outputs.append(
            {"output_type": "error", "ename": etype.__name__, "evalue": str(evalue), "traceback": stb}
        )


papermill_engines.register(ENGINE, SafeEngine)
papermill_engines.register(FORKING, ForkEngine)
