"""What the last run into an output folder did, for whoever looks for the cause of a failure."""

import pathlib
import platform
import sys

from analysis import __version__
from analysis.build.files import STATE
from analysis.show.revision import revision

FILE = f"{STATE}/last-run.log"


class Log:
    """A text file in an output folder's hidden state, written as things happen. Use as a context manager."""

    def __init__(self, out: pathlib.Path) -> None:
        self._file = (out / FILE).open("w", encoding="utf-8", errors="backslashreplace", buffering=1)
        machine = f"Python {platform.python_version()}, {platform.platform()}"
        self.say(f"burn-report {__version__}, {revision()}; {machine}")
        self.say(f"arguments: {sys.argv[1:]}")

    def __enter__(self) -> "Log":
        return self

    def __exit__(self, kind: type | None, problem: BaseException | None, _: object) -> None:
        if problem is not None:
            self.say(f"ended by {kind.__name__}: {problem}")
        self._file.close()

    def say(self, line: str) -> None:
        """Write a line at once."""
        self._file.write(f"{line}\n")

    def step(self, step, outcome, problem: str) -> None:
        """Write what became of a step, with the traceback where there is one."""
        what = f"failed: {problem}" if problem else f"made ({step.reason})"
        self.say(f"{step.name}: {what}, {outcome.seconds:.2f} s of work")
        if outcome.detail:
            self.say(outcome.detail)
