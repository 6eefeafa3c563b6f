"""The server: a process that imports everything once and forks one for every job that the command sends.

It ends when the line to the command does; what it has forked ends with it.
"""

import contextlib
import gc
import importlib
import multiprocessing
import os
import pathlib
import pkgutil
import signal
import socket
import sys
import threading
import traceback
from multiprocessing.connection import Connection

from analysis.inputs.errors import InputError

# What seaborn and pandera import for cluster maps, densities, sliders and tests takes longer than they do
NOT_NOW = ("scipy.stats", "scipy.cluster", "ipywidgets")
# A second's work, to check formats of addresses and durations that no notebook has; tests of others
NEVER = ("rfc3987_syntax", "rfc3986_validator", "isoduration", "hypothesis")


class JobFailed(RuntimeError):
    """What a job raised, or why it ended without an answer: one line, and `detail` for the log."""

    def __init__(self, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.detail = detail


def serve(fd: int) -> None:
    """Fork for each request on the line `fd`."""
    line = socket.socket(fileno=fd)
    while fds := socket.recv_fds(line, 1, 1)[1]:
        with Connection(fds[0]) as answer, contextlib.suppress(EOFError, OSError):
            _start(answer)


def prepare() -> None:
    """Import what jobs need, read the data, export a first page; leave it all out of later collections."""
    gc.disable()  # while so much is made that stays, looking for waste takes a tenth of the time
    sys.modules.update(dict.fromkeys(NEVER))
    missing = [name for name in NOT_NOW if name not in sys.modules]
    sys.modules.update(dict.fromkeys(missing))
    import pandera.pandas  # noqa: F401
    import seaborn  # noqa: F401

    for name in missing:  # there for everyone else
        del sys.modules[name]
    from analysis import pages
    from analysis.build import products, worker  # noqa: F401
    from analysis.inputs import tables

    for stem, page in pages.PAGES.items():
        if page.kind != "sweep":
            for module in pkgutil.iter_modules([str(pathlib.Path(pages.__path__[0], stem))]):
                importlib.import_module(f"{pages.__name__}.{stem}.{module.name}")
    worker.warm()
    with contextlib.suppress(InputError):  # said by the check
        tables.load().rows  # noqa: B018
    gc.freeze()  # pages of memory that no collection touches stay shared between all jobs
    gc.enable()
    gc.set_threshold(50_000, 20, 100)  # in a short job, looking for waste seldom pays


def _start(answer: Connection) -> None:
    """Fork a process for the job that is read from `answer`; its case is run before, once for all."""
    function, args = answer.recv()
    for job in args:
        if case := getattr(job, "case", None):
            from analysis.build import products

            products.run_before(*case, getattr(job, "notebook", ""))
    multiprocessing.get_context("fork").Process(target=_work, args=(answer, function, args)).start()
    multiprocessing.active_children()  # forgets those that have ended


def _work(answer: Connection, function, args: tuple) -> None:
    end_with_parent()
    try:
        made = True, function(*args)
    except InputError as problem:
        made = False, problem
    except Exception as problem:
        made = False, JobFailed(f"{type(problem).__name__}: {problem}", traceback.format_exc())
    answer.send(made)


def end_with_parent() -> None:
    """End this process when the one that forked it is gone."""

    def wait() -> None:
        multiprocessing.parent_process().join()
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=wait, daemon=True).start()
