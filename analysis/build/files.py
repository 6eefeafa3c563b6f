"""Files that are whole or not there, and a private folder for as long as a command runs."""

import contextlib
import os
import pathlib
import secrets
import shutil
import tempfile
from collections.abc import Iterator

# hidden folder in every output folder: what was built from what, executed notebooks, a log
STATE = ".burn-report"
PART = ".part-"
RUN = "burn-"
LOCK = "in-use"
LONGEST = 104  # bytes of the path of a socket, also on a Mac
SPARE = 40  # of them that kernels need below the private folder


def write(path: pathlib.Path, content: str | bytes) -> None:
    """Write a file (text as UTF-8) so that readers see the old one or the new one, never a part.

    Permissions are what the user's umask makes of a new file; nothing is changed afterwards, since some file
    systems (network shares, memory sticks) refuse that.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.parent / f"{PART}{secrets.token_hex(8)}"
    data = content.encode() if isinstance(content, str) else content
    try:
        with open(
            os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666), "wb"
        ) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise


def sweep(folder: pathlib.Path) -> None:
    """Remove what a killed build left behind in `folder` and one level below."""
    for stray in [*folder.glob(f"{PART}*"), *folder.glob(f"*/{PART}*")]:
        shutil.rmtree(stray) if stray.is_dir() else stray.unlink(missing_ok=True)


@contextlib.contextmanager
def private_folder() -> Iterator[pathlib.Path]:
    """Give a folder that nobody else can enter and that goes with the command; first remove those of killed
    commands.
    """
    base = temporary_place()
    for left in base.glob(f"{RUN}*/{LOCK}"):
        with contextlib.suppress(OSError), left.open("w") as file:
            if lock(file, wait=False):
                shutil.rmtree(left.parent, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=RUN, dir=base, ignore_cleanup_errors=True) as name:
        folder = pathlib.Path(name)
        with (folder / LOCK).open("w") as file:
            lock(file, wait=False)
            yield folder


def temporary_place() -> pathlib.Path:
    """Return the folder for temporary files; where its name is too long for sockets, a shorter one that can
    be written.
    """
    given = tempfile.gettempdir()
    for place in (given, os.environ.get("XDG_RUNTIME_DIR", ""), "/tmp", "/var/tmp"):
        if place and len(os.fsencode(place)) + SPARE < LONGEST and os.access(place, os.W_OK | os.X_OK):
            return pathlib.Path(place)
    return pathlib.Path(given)


def lock(file, wait: bool) -> bool:
    """Lock an open file for this process; return False when another has it. Where nothing can be locked:
    True.
    """
    try:
        import fcntl
    except ImportError:  # Windows: no second build to fear that we could see
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    except OSError:  # some network shares know no locks
        return True
    return True
