"""A server that stays for the next command, which need not import everything anew; it ends by itself.

It listens in a folder of the user's own, under a name made of all that it has loaded and was set to: a
command of other code, data, packages or settings looks elsewhere, and starts another.
"""

import contextlib
import multiprocessing
import os
import pathlib
import socket
import sys
import tempfile
from multiprocessing import connection

from analysis.build import files, fingerprints, jobs, serving
from analysis.inputs import place

OF_A_SHELL = ("_", "PWD", "OLDPWD", "SHLVL", "COLUMNS", "LINES")  # variables that no job asks for


def call() -> tuple[socket.socket, socket.socket | None]:
    """Return a line to a server, and what it is to listen on if it has to be started; OSError if none can."""
    address, line = _address(), socket.socket(socket.AF_UNIX)
    with contextlib.suppress(FileNotFoundError, ConnectionRefusedError):
        line.connect(address)
        return line, None
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(own := f"{address}.{os.getpid()}")
    listening.listen()
    os.replace(own, address)
    line.connect(address)
    return line, listening


def _address() -> str:
    variables = {name: value for name, value in os.environ.items() if name not in OF_A_SHELL}
    settings = fingerprints.digest(variables, sys.executable, sys.path, sys.dont_write_bytecode)
    folder = pathlib.Path(tempfile.gettempdir(), f"burn-report-{os.getuid()}")
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if found.st_uid != os.getuid() or oct(found.st_mode) != "0o40700":
        raise PermissionError(f"{folder} is not a folder of this user alone")
    return str(folder / f"{_loaded()}-{settings}")


def _loaded() -> str:
    return fingerprints.digest(fingerprints.shared(), fingerprints.files(place.DATA, "**/*"))


def wait(fd: int, seconds: float) -> None:
    """Serve who calls on `fd` until nobody has for some time, or has by now if what is loaded changed."""
    with socket.socket(fileno=fd) as listening, contextlib.suppress(TimeoutError, BlockingIOError):
        address = pathlib.Path(listening.getsockname()).with_suffix("")
        first = _answer(listening)  # the command that has started this process
        stays = address.name.startswith(_loaded())
        if stays and first.sentinel in connection.wait([listening, first.sentinel]):
            jobs.run("products.run_before", place.BASE, {}, "strategic_options")  # at leisure
        listening.settimeout(seconds if stays else 0)
        while True:
            _answer(listening)
    address.unlink(missing_ok=True)


def _answer(listening: socket.socket) -> multiprocessing.Process:
    line, _ = listening.accept()
    with line:
        process = multiprocessing.get_context("fork").Process(target=_serve, args=(line, listening))
        process.start()
    multiprocessing.active_children()  # forgets those that have ended
    return process


def _serve(line: socket.socket, listening: socket.socket) -> None:
    os.setsid()
    tempfile.tempdir = str(pathlib.Path(listening.getsockname()).parents[1])
    listening.close()
    with files.private_folder() as folder:
        os.chdir(folder)
        os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
        serving.serve(line.detach())
    os._exit(0)
