"""One fresh process per job, forked from a server that has the libraries imported, behind concurrent.futures.

A job that dies takes nothing else with it; it ends when the command does. The server sees neither the working
folder nor the user's settings, and uses the code of the command that started it (isolation.py).
"""

import contextlib
import os
import pathlib
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from multiprocessing.connection import Connection

from analysis.build import files, keeping
from analysis.build.serving import JobFailed
from analysis.inputs import place

CAN_FORK = hasattr(os, "fork")
SECONDS_TO_END = 10
# The package is named by its file, so that no other of the same name is found, however the module path looks.
START = """
import importlib.util as u, os, sys
package, fd, seconds, *more = sys.argv[1:]
sys.path += [entry for entry in more if entry not in sys.path]
spec = u.spec_from_file_location("analysis", package + "/__init__.py", submodule_search_locations=[package])
sys.modules["analysis"] = u.module_from_spec(spec)
spec.loader.exec_module(sys.modules["analysis"])
from analysis.build import keeping, serving
before = keeping.loaded() if seconds else ""
serving.prepare()
keeping.wait(int(fd), float(seconds), before) if seconds else serving.serve(int(fd))
os._exit(0)  # nothing is left to be torn down
"""


class ForkPerJob(ThreadPoolExecutor):
    """An executor of at most `workers` jobs at once, each in a process that a server forks (serving.py).

    `keep_seconds`: how long the server stays for the next command (keeping.py).
    """

    def __init__(self, workers: int, keep_seconds: float = 0.0) -> None:
        super().__init__(max_workers=workers)
        self._open, self._line, self._turn = contextlib.ExitStack(), None, threading.Lock()
        self._server, self._keep = None, str(keep_seconds or "")

    def submit(self, function: Callable, /, *args) -> Future:
        """Schedule function(*args); both must be importable and picklable. The first starts the server."""
        if not self._line:
            self._start(self._open.enter_context(files.private_folder()))
        return super().submit(self._run, function, args)

    def _start(self, folder: pathlib.Path) -> None:
        """Find a server that stays, or start one, in a session of its own, without waiting for it."""
        self._log = folder / "server.log"
        try:
            self._line, theirs = keeping.call() if self._keep else socket.socketpair()
        except OSError:
            self._keep, (self._line, theirs) = "", socket.socketpair()
        if isinstance(theirs, int):
            self._group = theirs
            return
        options = ["-I", "-X", "utf8", *(["-B"] if sys.dont_write_bytecode else [])]
        arguments = [str(place.PACKAGE), str(theirs.fileno()), self._keep, *sys.path]
        with theirs, self._log.open("wb") as log:
            self._server = subprocess.Popen(
                [sys.executable, *options, "-c", START, *arguments],
                pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=folder,
                env=os.environ | {"TMPDIR": str(folder)}, start_new_session=True,
            )  # fmt: skip
        self._group = self._server.pid

    def _run(self, function: Callable, args: tuple) -> object:
        """Return function(*args) of a forked process, or raise what it raised."""
        try:
            with self._turn:  # as a rule, what was submitted first is forked first
                ours, theirs = socket.socketpair()
                line = Connection(ours.detach())
                with theirs:
                    socket.send_fds(self._line, [b"f"], [theirs.fileno()])
                line.send((function, args))
            with line:
                succeeded, value = line.recv()
        except (EOFError, OSError):
            raise self._why_dead() from None
        if succeeded:
            return value
        raise value

    def _why_dead(self) -> JobFailed:
        """Return what became of a job without an answer: the server says why when it has ended itself."""
        if not self._ended(1):
            return JobFailed("the job's process ended without an answer")
        said = self._log.read_text(encoding="utf-8", errors="replace").strip() if self._server else ""
        said = said or ("the server is gone" if self._keep else f"exit code {self._server.wait()}")
        return JobFailed(f"the job could not be started ({said.splitlines()[-1]})", said)

    def _ended(self, seconds: float) -> bool:
        """Return whether, within some time, nobody holds the line any more: only its end comes on it."""
        return bool(select.select([self._line], [], [], seconds)[0])

    def __exit__(self, kind: type | None, *_) -> None:
        """Wait for the jobs that run; left by an error, end them."""
        self.shutdown(wait=kind is None, cancel_futures=kind is not None)
        with self._open:
            if self._line:
                self._end()
        self.shutdown()

    def _end(self) -> None:
        """Let the server end with all that it has forked, or make it."""
        with contextlib.suppress(OSError), self._line:
            self._line.shutdown(socket.SHUT_WR)
            if not self._ended(SECONDS_TO_END):
                os.killpg(self._group, signal.SIGKILL)
        if not self._keep:
            self._server.wait()


def executor(workers: int, keep_seconds: float = 0.0) -> Executor:
    """Return an executor of at most `workers` processes on this machine. `keep_seconds`: as above."""
    if CAN_FORK:
        return ForkPerJob(workers, keep_seconds)
    return ProcessPoolExecutor(workers, get_context("spawn"), max_tasks_per_child=1)  # imports anew each time
