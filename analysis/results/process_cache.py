"""Values that several processes of one build need: the first that needs one computes it, the others read
it.

The executor that starts the processes gives them a folder for as long as it lives; without one, everything is
computed where it is needed. Two processes that need a value at the same time both compute it.
"""

import contextlib
import hashlib
import os
import pathlib
import pickle
import tempfile
from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")
_folder: pathlib.Path | None = None


def use(folder: pathlib.Path | None) -> None:
    """Share values through `folder` from now on (None: no longer). Its files are trusted: nobody else may
    write there.
    """
    global _folder
    _folder = folder


def get(name: str, depends_on: object, compute: Callable[[], Value]) -> Value:
    """Return compute(), or what another process got by it. `name` and `depends_on` decide the value.

    `depends_on` must mean the same in every process; a function within a function, or of a notebook, is not
    shared.
    """
    path = _path(name, depends_on)
    if not path:
        return compute()
    with contextlib.suppress(FileNotFoundError):
        return pickle.loads(path.read_bytes())
    value = compute()
    with contextlib.suppress(OSError):  # a full disk: the others compute it too
        _write(path, pickle.dumps(value))
    return value


def _path(name: str, depends_on: object) -> pathlib.Path | None:
    """Return where the value lies; None without a folder and where another process may mean something
    else.
    """
    if not _folder:
        return None
    try:
        key = pickle.dumps((name, depends_on))
    except (pickle.PicklingError, AttributeError):  # a function within a function
        return None
    return None if b"__main__" in key else _folder / hashlib.sha256(key).hexdigest()


def _write(path: pathlib.Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    os.replace(name, path)
