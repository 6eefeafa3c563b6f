"""A server that stays for the next command, which need not import everything anew; it ends by itself.

It listens in a folder of the user's own, under a name made of what a process is set to: a command with other
settings starts another. It ends, too, when code, data or packages are not as it has loaded them.
"""

import contextlib
import multiprocessing
import os
import pathlib
import socket
import sys
import tempfile
from multiprocessing import connection

from analysis.build import files, fingerprints, jobs, requests, serving
from analysis.inputs import place

OF_A_SHELL = ("_", "PWD", "OLDPWD", "SHLVL", "COLUMNS", "LINES")  # variables that no job asks for


def call() -> tuple[socket.socket, socket.socket | int]:
    """Return a line to a server, and its process or what a new one is to listen on. Raises OSError."""
    address, line = _address(), socket.socket(socket.AF_UNIX)
    line.settimeout(10)
    with contextlib.suppress(OSError, ValueError):
        line.connect(address)
        process = int(line.recv(20))  # nothing comes from one that has just ended
        line.settimeout(None)
        return line, process
    line, listening = (socket.socket(socket.AF_UNIX) for _ in range(2))
    listening.bind(own := f"{address}.{os.getpid()}")
    listening.listen()
    line.connect(own)
    os.replace(own, address)
    return line, listening


def _address() -> str:
    variables = {name: value for name, value in os.environ.items() if name not in OF_A_SHELL}
    machine = os.uname().nodename, requests.cores(), os.nice(0)
    own = sys.executable, sys.path, sys.dont_write_bytecode, str(place.PACKAGE)
    folder = pathlib.Path(tempfile.gettempdir(), f"burn-report-{os.getuid()}")
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if found.st_uid != os.getuid() or found.st_mode & 0o170077 != 0o40000:
        raise PermissionError(f"{folder} is not a folder of this user alone")
    return str(folder / fingerprints.digest(variables, machine, own))


def loaded() -> str:
    """Return the digest of what a server loads, as it is now: code, words, data, scenarios, packages."""
    fingerprints.shared.cache_clear()
    return fingerprints.digest(fingerprints.shared(), fingerprints.files(place.DATA, "**/*"))


def wait(fd: int, seconds: float, before: str) -> None:
    """Serve who calls on `fd` until nobody has for some time, or something is not as it was `before`."""
    fork, process, rested = multiprocessing.get_context("fork"), None, False
    with socket.socket(fileno=fd) as listening:
        address = pathlib.Path(listening.getsockname()).with_suffix("")
        with contextlib.suppress(TimeoutError):
            while (line := listening.accept()[0]) and (process is None or loaded() == before):
                process = fork.Process(target=_serve, args=(line, listening, process is not None))
                process.start()
                line.close()
                if not rested and process.sentinel in connection.wait([listening, process.sentinel]):
                    jobs.run("products.run_before", place.BASE, {}, "strategic_options")  # at leisure
                    rested = True
                listening.settimeout(seconds)
                multiprocessing.active_children()  # forgets those that have ended
        address.unlink(missing_ok=True)  # before the last one that called hears that nobody serves it


def _serve(line: socket.socket, listening: socket.socket, found: bool) -> None:
    if found:  # who does not end with the server, and is ended as a group
        os.setsid()
        line.sendall(str(os.getpid()).encode())
    tempfile.tempdir = str(pathlib.Path(listening.getsockname()).parents[1])
    listening.close()
    with files.private_folder() as folder:
        os.chdir(folder)
        os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
        serving.serve(line.detach())
    os._exit(0)
