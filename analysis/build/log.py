"""What the last run into an output folder did, for whoever looks for the cause of a failure."""

import contextlib
import functools
import pathlib
import platform
import sys
from collections.abc import Callable, Iterator

from analysis import __version__
from analysis.build.files import STATE
from analysis.show.revision import revision

FILE = f"{STATE}/last-run.log"


@contextlib.contextmanager
def opened(out: pathlib.Path) -> Iterator[Callable[[str], None]]:
    """Give a function that writes a line at once, into the output folder's hidden state."""
    with (out / FILE).open("w", encoding="utf-8", errors="backslashreplace", buffering=1) as file:
        say = functools.partial(print, file=file)
        machine = f"Python {platform.python_version()}, {platform.platform()}"
        say(f"burn-report {__version__}, {revision()}; {machine}")
        say(f"arguments: {sys.argv[1:]}")
        try:
            yield say
        except BaseException as problem:
            say(f"ended by {type(problem).__name__}: {problem}")
            raise
