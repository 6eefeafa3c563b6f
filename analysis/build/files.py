"""Files that are whole or not there, and a private folder for as long as a command runs."""

import contextlib
import os
import pathlib
import secrets
import shutil
import tempfile
from collections.abc import Iterator

STATE = ".burn-report"  # hidden in every output folder: what was built from what, notebooks that ran, a log
PART = ".part-"
RUN = "burn-"
LOCK = "in-use"


def write(path: pathlib.Path, content: str | bytes) -> None:
    """Write a file (text as UTF-8), never a part of it; no permissions are set, which some shares refuse."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.parent / f"{PART}{secrets.token_hex(8)}"
    try:
        with part.open("xb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def sweep(folder: pathlib.Path) -> None:
    """Remove what a killed build left behind in `folder` and one level below."""
    for stray in [*folder.glob(f"{PART}*"), *folder.glob(f"*/{PART}*")]:
        shutil.rmtree(stray) if stray.is_dir() else stray.unlink(missing_ok=True)


@contextlib.contextmanager
def private_folder() -> Iterator[pathlib.Path]:
    """Give a private folder that goes with the command; remove those of killed ones."""
    for left in pathlib.Path(tempfile.gettempdir()).glob(f"{RUN}*/{LOCK}"):
        with contextlib.suppress(OSError), left.open("w") as file:
            if lock(file, wait=False) is True:
                shutil.rmtree(left.parent, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=RUN, ignore_cleanup_errors=True) as name:
        folder = pathlib.Path(name)
        with (folder / LOCK).open("w") as file:
            lock(file, wait=False)
            yield folder


def lock(file, wait: bool) -> bool | None:
    """Lock an open file for this process; return False when another has it, None where none can be locked."""
    try:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    except (ImportError, OSError):  # Windows, and some network shares, know no such locks
        return None
    return True
