"""Values that several processes of one build need: the first that needs one computes it, the others read it.

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

_folder: pathlib.Path | None = None


def use(folder: pathlib.Path | None) -> None:
    """Share values through `folder` from now on (None: no longer); nobody else may write there."""
    global _folder
    _folder = folder


def get(key: str, compute: Callable[[], object]) -> object:
    """Return compute(), or what another process got by it. `key`: says all that the value depends on."""
    if not _folder:
        return compute()
    path = _folder / hashlib.sha256(key.encode()).hexdigest()
    with contextlib.suppress(FileNotFoundError):
        return pickle.loads(path.read_bytes())
    value = compute()
    with contextlib.suppress(OSError):  # a full disk: the others compute it too
        handle, part = tempfile.mkstemp(dir=_folder)
        with os.fdopen(handle, "wb") as file:
            pickle.dump(value, file)
        os.replace(part, path)
    return value
