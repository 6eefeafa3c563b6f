"""Files that are whole or not there: written beside their place and moved into it."""

import contextlib
import os
import pathlib
import tempfile

PREFIX = ".part-"


def write(path: pathlib.Path, text: str) -> None:
    """Write text as UTF-8 so that readers see the old file or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=PREFIX, dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def sweep(folder: pathlib.Path) -> None:
    """Remove what a killed build left behind in `folder` and one level below."""
    import shutil

    for stray in [*folder.glob(f"{PREFIX}*"), *folder.glob(f"*/{PREFIX}*")]:
        shutil.rmtree(stray) if stray.is_dir() else stray.unlink(missing_ok=True)
