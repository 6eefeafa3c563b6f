"""Cells in a forked process show what they show in a Jupyter kernel, and their end is told."""

import re

import matplotlib as mpl
import nbformat
import papermill
import pytest
from nbclient.exceptions import CellTimeoutError, DeadKernelError

from analysis.build import cells, export
from analysis.build.safe_names import RefusedParameter, SafeEngine

CELLS = (
    "x = None  # a parameter",
    "print('a')\nprint('b', end='')\nprint('c')",
    "import sys\nprint('to stderr', file=sys.stderr)",
    "from IPython.display import HTML, clear_output, display\ndisplay(HTML('<b>shown</b>'), metadata={'k': 1})\nx",
    "print('gone')\nclear_output()\n'a value'",
    "_ + ' again'",
    "1;",
    "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\nplt.figure(figsize=(1, 1));",
    "import pandas as pd\npd.DataFrame({'a': [1, 2]})",
    "import os\nos.path.basename(os.getcwd())",
    "!echo from a shell",
    "%timeit -n1 -r1 -q pass",
    "",
)


def run(engine, *sources, timeout=60, **values):
    """Run cells by papermill and return the notebook as far as it came."""
    made = [nbformat.v4.new_code_cell(source, id=f"cell-{n}") for n, source in enumerate(sources)]
    made[0].metadata.tags = ["parameters"]
    papermill.execute_notebook(
        nbformat.v4.new_notebook(cells=made), None, parameters=values, engine_name=engine, kernel_name="python3",
        language="python", progress_bar=False, log_output=False, execution_timeout=timeout,
    )  # fmt: skip
    return export.clean(SafeEngine.notebook)


@pytest.mark.slow
def test_what_is_shown_is_what_a_kernel_shows():
    with mpl.rc_context(mpl.rcParamsOrig):  # whatever another test has set in this process
        forked, kernel = (run(engine, *CELLS, x="given") for engine in (cells.FORKING, cells.ENGINE))
    for ours, theirs in zip(forked.cells, kernel.cells, strict=True):
        assert ours == theirs


def test_an_error_ends_the_notebook_and_names_its_line():
    with pytest.raises(papermill.PapermillExecutionError, match="boom") as raised:
        run(cells.FORKING, "x = 1", "y = 2\nraise ValueError('boom')", "print('not reached')")
    assert "Cell In[2], line 2" in re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(raised.value.traceback))
    assert [
        len(cell.get("outputs", [])) for cell in SafeEngine.notebook.cells if cell.cell_type == "code"
    ] == [0, 1, 0]


def test_a_refused_input_is_one_line():
    refusing = "from analysis.inputs.errors import InputError\nraise InputError('no such thing')"
    with pytest.raises(RefusedParameter, match="no such thing"):
        run(cells.FORKING, "x = 1", refusing)


def test_a_process_that_dies_or_takes_too_long():
    with pytest.raises(DeadKernelError):
        run(cells.FORKING, "import os\nos._exit(9)")
    with pytest.raises(CellTimeoutError):
        run(cells.FORKING, "import time\ntime.sleep(60)", timeout=1)
