"""Values that several processes of one run need: the first that needs one computes it, the others read it.

The executor that starts the processes gives them a folder for as long as it lives; without one, everything is computed
where it is needed. Two processes that need a value at the same time both compute it.
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
    """Share values through `folder` from now on (None: no longer). Its files are trusted, so nobody else may write there."""
    global _folder
    _folder = folder


def once(name: str, depends_on: object, compute: Callable[[], Value]) -> Value:
    """Return compute(), or what another process got by it. `name` and `depends_on` decide the value."""
    path = _folder and _path(_folder, (name, depends_on))
    if not path:
        return compute()
    with contextlib.suppress(FileNotFoundError):
        return pickle.loads(path.read_bytes())
    value = compute()
    with contextlib.suppress(OSError):  # a full disk: the others compute it too
        _write(path, pickle.dumps(value))
    return value


def _path(folder: pathlib.Path, inputs: object) -> pathlib.Path | None:
    """Return where the value for `inputs` lies; None where another process may mean something else by them."""
    try:
        key = pickle.dumps(inputs)
    except (pickle.PicklingError, AttributeError):  # a function within a function
        return None
    return None if b"__main__" in key else folder / hashlib.sha256(key).hexdigest()  # a function of the notebook itself


def _write(path: pathlib.Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    os.replace(name, path)
