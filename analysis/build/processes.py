"""One fresh process per job, forked from a server that has the libraries imported, behind concurrent.futures.

A job that dies takes nothing else with it, leaves no memory behind, and ends when the command that asked for
it ends: each end of a line notices when the other is gone. Servers see neither the working folder nor the
user's settings, and use the code of the command that started them (isolation.py). There are two, which import
at the same time: one computes, draws and lends kernels, the other runs notebooks in them and exports pages.
"""

import contextlib
import os
import pathlib
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from multiprocessing.connection import Connection

from analysis.build import files, jobs
from analysis.inputs import place

NUMBERS, PAGES = "analysis.build.preload", "analysis.build.worker"  # what each server imports before it forks
CAN_FORK = hasattr(os, "fork")
SECONDS_TO_END = 10
# The package is named by its file, so that no other of the same name is found, however the module path looks.
START = """
import importlib.util as u, sys
package, fd, module, folder, *more = sys.argv[1:]
sys.path += [entry for entry in more if entry not in sys.path]
spec = u.spec_from_file_location("analysis", package + "/__init__.py", submodule_search_locations=[package])
sys.modules["analysis"] = u.module_from_spec(spec)
spec.loader.exec_module(sys.modules["analysis"])
from analysis.build.serving import serve
serve(int(fd), module, folder)
"""


class JobDied(RuntimeError):
    """A job's process ended without an answer: killed, out of memory, or its server could not start."""

    def __init__(self, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.detail = detail


class Server:
    """A process of its own session that imports `module` and then forks for whoever has the other end of its
    line.
    """

    def __init__(self, module: str, folder: pathlib.Path) -> None:
        self._line, theirs = socket.socketpair()
        self._sending = threading.Lock()
        self.log = folder / f"{module}.log"
        options = ["-I", "-X", "utf8", *(["-B"] if sys.dont_write_bytecode else [])]
        arguments = [str(place.PACKAGE), str(theirs.fileno()), module, str(folder), *sys.path]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, *options, "-c", START, *arguments],
                pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=folder,
                env=os.environ | {"TMPDIR": str(folder)}, start_new_session=True,
            )  # fmt: skip
        theirs.close()

    def fork(self, *lent: int) -> Connection:
        """Return a line to a new process, which also gets the open files `lent`."""
        ours, theirs = socket.socketpair()
        with theirs, self._sending, contextlib.suppress(OSError):  # a dead server: seen when nothing answers
            socket.send_fds(self._line, [b"f"], [theirs.fileno(), *lent])
        return Connection(ours.detach())

    def why_dead(self) -> tuple[str, str]:
        """Return the cause in one line and all that the server said, when it has ended by itself; else ""
        twice.
        """
        with contextlib.suppress(subprocess.TimeoutExpired):
            code = self.process.wait(1)
            said = self.log.read_text(encoding="utf-8", errors="replace")
            lines = [line for line in said.splitlines() if line.strip() and not line[0].isspace()]
            return (lines[-1] if lines else f"exit code {code}"), said
        return "", ""

    def end(self) -> None:
        """End the server and every process that it has forked."""
        with contextlib.suppress(OSError):
            self._line.shutdown(socket.SHUT_RDWR)
        try:
            self.process.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._line.close()


class ForkPerJob(ThreadPoolExecutor):
    """An executor of at most `workers` jobs at once, each in a process of its own."""

    def __init__(self, workers: int) -> None:
        super().__init__(max_workers=workers)
        self._open = contextlib.ExitStack()
        self._folder = self._open.enter_context(files.private_folder())
        self._servers: dict[str, Server] = {}
        self._starting = threading.Lock()

    def start(self, module: str) -> Server:
        """Return the server that has `module`; the first call starts it without waiting for it."""
        with self._starting:
            if module not in self._servers:
                self._servers[module] = Server(module, self._folder)
                self._open.callback(self._servers[module].end)
            return self._servers[module]

    def submit(self, function: Callable, /, *args) -> Future:
        """Schedule function(*args); both must be importable and picklable."""
        return super().submit(self._in_process, function, args)

    def _in_process(self, function: Callable, args: tuple) -> object:
        server = self.start(PAGES if function in jobs.OF_PAGES else NUMBERS)
        with contextlib.ExitStack() as lines:
            lent = []
            if function is jobs.run_page:
                kernel = self.start(NUMBERS).fork()
                lent = [kernel.fileno()]
                lines.enter_context(kernel)
            line = lines.enter_context(server.fork(*lent))
            if lent:
                kernel.close()  # the job has it: when the job ends, so does the kernel
            return _answer(server, line, function, args)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """As for every executor; without `wait`, running jobs are ended."""
        super().shutdown(wait=wait, cancel_futures=cancel_futures)
        self._open.close()
        super().shutdown()


def _answer(server: Server, line: Connection, function: Callable, args: tuple) -> object:
    try:
        line.send((function, args))
        succeeded, value = line.recv()
    except (EOFError, OSError):
        cause, detail = server.why_dead()
        said = "the job's process ended without an answer"
        raise JobDied(f"the job could not be started ({cause})" if cause else said, detail) from None
    if succeeded:
        return value
    raise value


def executor(workers: int) -> Executor:
    """Return an executor for jobs.py: forked processes, or started ones on a platform that cannot fork."""
    if CAN_FORK:
        return ForkPerJob(workers)
    return ProcessPoolExecutor(workers, get_context("spawn"), max_tasks_per_child=1)


def warm_up(pool: Executor) -> None:
    """Let servers start to import, without waiting for them; the first job starts them otherwise."""
    if isinstance(pool, ForkPerJob):
        for module in (NUMBERS, PAGES):
            pool.start(module)
