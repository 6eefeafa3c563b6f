"""What the forkserver does once so that no job has to: import the libraries, read the data, draw and export a first time."""

import contextlib
import gc
import importlib
import pkgutil
import sys

gc.disable()  # while so much is made that stays, looking for waste takes a tenth of the time
# jsonschema would load a grammar of web addresses, a second's work, to check a format that no notebook has
sys.modules.setdefault("rfc3987_syntax", None)
sys.modules.setdefault("debugpy", None)  # nobody attaches a debugger to these kernels

import ipykernel.kernelapp  # noqa: E402, F401
import nbformat  # noqa: E402
import pandas as pd  # noqa: E402

from analysis import charts, findings, inputs, insight  # noqa: E402
from analysis.errors import InputError  # noqa: E402
from analysis.parameters import resolve  # noqa: E402
from analysis.report import export, notebook, worker  # noqa: E402, F401
from analysis.report.figure import drawing  # noqa: E402
from analysis.report.page import BASE  # noqa: E402


def warm() -> None:
    """Import what notebooks do, fill what the libraries keep from a first use, leave it all out of later garbage collections."""
    for package in (charts, findings, insight):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    with contextlib.suppress(InputError):  # said by the check that runs as the first job
        resolve(inputs.load(), BASE).sample()  # its points are those of every case with the same seed
    drawing("warm", lambda figure, frame, _: figure.subplots().plot(frame["x"]), pd.DataFrame({"x": [0, 1]}), False, 100, "")
    page = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("pass"), nbformat.v4.new_markdown_cell("text")])
    export.to_html(export.clean(page, {"title": "warm"}))
    gc.collect()
    gc.freeze()  # pages of memory that no collection touches stay shared between all jobs
    gc.enable()


warm()
