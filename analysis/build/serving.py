"""Inside a server: import once, then fork a process for every request until the other end of the line is
gone.
"""

import contextlib
import importlib
import os
import pathlib
import signal
import socket
import sys
import threading
import time
import traceback
from multiprocessing.connection import Connection

from analysis.build import kernels
from analysis.inputs.errors import InputError
from analysis.results import process_cache

SECONDS_TO_CLEAN_UP = 3.0
_line: socket.socket | None = None  # of this server, closed in every process that it forks


class JobFailed(RuntimeError):
    """What a job raised: type and text in one line, and the traceback for the log."""

    def __init__(self, message: str, detail: str = "") -> None:
        super().__init__(message, detail)
        self.detail = detail

    def __str__(self) -> str:
        return self.args[0]


def serve(fd: int, module: str, folder: str) -> None:
    """Import `module`, then fork for each request on the line `fd`. Ends, with all that it forked, when the
    line does.
    """
    global _line
    _line = socket.socket(fileno=fd)
    # jsonschema would load a grammar of web addresses, a second's work, to check a format that no notebook
    # has
    sys.modules.setdefault("rfc3987_syntax", None)
    getattr(importlib.import_module(module), "warm", bool)()
    process_cache.use(pathlib.Path(folder))
    children: set[int] = set()
    while fds := socket.recv_fds(_line, 1, 2)[1]:
        children -= set(_ended(children))
        pid = os.fork()
        if not pid:
            _work(fds)
        children.add(pid)
        for each in fds:
            os.close(each)
    _end(children)


def _ended(children: set[int]) -> list[int]:
    return [pid for pid in children if os.waitpid(pid, os.WNOHANG)[0]]


def _end(children: set[int]) -> None:
    """Ask the processes that still run to end, and make them after a while."""
    for pid in children:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + SECONDS_TO_CLEAN_UP
    while children and time.monotonic() < deadline:
        children -= set(_ended(children))
        time.sleep(0.01)
    for pid in children:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _work(fds: list[int]) -> None:
    """Do what the first of the lines `fds` asks for and end this process. A second line leads to a waiting
    kernel.
    """
    code = 1
    try:
        _line.close()
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that a job that is ended still cleans up
        line = Connection(fds[0])
        kernels.lend(Connection(fds[1]) if len(fds) > 1 else None)
        function, args = line.recv()
        threading.Thread(target=_end_when_alone, args=(fds[0],), daemon=True).start()
        line.send(_outcome(function, args))
        code = 0
    except (EOFError, OSError, SystemExit):
        pass
    finally:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError):
                stream.flush()
        os._exit(code)


def _end_when_alone(fd: int) -> None:
    """Wait until whoever asked is gone, then end this process; nothing else is ever said on the line."""
    with contextlib.suppress(OSError):
        os.read(fd, 1)
    os.kill(os.getpid(), signal.SIGTERM)


def _outcome(function, args: tuple) -> tuple[bool, object]:
    try:
        return True, function(*args)
    except InputError as problem:
        return False, problem
    except Exception as problem:
        detail = traceback.format_exc()
        return False, JobFailed(f"{type(problem).__name__}: {problem}", detail)
