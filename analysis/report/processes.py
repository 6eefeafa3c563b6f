"""One fresh process per job, forked from a server that has the libraries imported, behind concurrent.futures.

A job that dies takes nothing else with it, leaves no memory behind, and ends when the command that asked for it ends.
"""

import contextlib
import ctypes
import multiprocessing
import pathlib
import signal
import sys
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from multiprocessing import forkserver
from multiprocessing.connection import Connection

from analysis import shared

PRELOAD = ["analysis.report.warm"]


class JobDied(RuntimeError):
    """A job's process ended without an answer, for instance because it was killed or ran out of memory."""


def end_with_parent(signum: int) -> None:
    """Ask the kernel to send `signum` to this process when its parent ends (Linux; elsewhere nothing is asked)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signum)  # PR_SET_PDEATHSIG


class FreshProcesses(ThreadPoolExecutor):
    """An executor of at most `workers` jobs at once, each in a process of its own. `preload`: modules it starts with."""

    def __init__(self, workers: int, preload: Iterable[str] = PRELOAD) -> None:
        super().__init__(max_workers=workers)
        method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
        self._context = multiprocessing.get_context(method)
        self._context.set_forkserver_preload(list(preload))
        self._running: set = set()
        self._shared = tempfile.TemporaryDirectory(prefix="burn-")

    def warm_up(self) -> None:
        """Let the server start to import, without waiting for it; the first job starts it otherwise."""
        if self._context.get_start_method() == "forkserver":
            forkserver.ensure_running()

    def submit(self, function: Callable, /, *args) -> Future:
        """Schedule function(*args); both must be importable and picklable."""
        return super().submit(self._in_process, function, args)

    def _in_process(self, function: Callable, args: tuple) -> object:
        receiving, sending = self._context.Pipe(duplex=False)
        process = self._context.Process(target=_answer, args=(sending, pathlib.Path(self._shared.name), function, args))
        process.start()
        self._running.add(process)
        sending.close()
        try:
            succeeded, value = receiving.recv()
        except EOFError:
            process.join()
            raise JobDied(f"the job's process ended without an answer (exit code {process.exitcode})") from None
        finally:
            receiving.close()
            process.join()
            self._running.discard(process)
        if succeeded:
            return value
        raise value

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """As for every executor; without `wait`, running jobs are ended."""
        super().shutdown(wait=False, cancel_futures=cancel_futures)
        for process in [] if wait else list(self._running):
            process.terminate()
        super().shutdown(wait=wait)
        self._shared.cleanup()


def _answer(sending: Connection, folder: pathlib.Path, function: Callable, args: tuple) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that a job that is ended still cleans up
    end_with_parent(signal.SIGTERM)
    shared.use(folder)
    try:
        answer = (True, function(*args))
    except Exception as problem:
        answer = (False, RuntimeError(f"{type(problem).__name__}: {problem}"))
    with contextlib.suppress(OSError):
        sending.send(answer)
