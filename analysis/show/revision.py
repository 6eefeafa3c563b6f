"""Which state of the project a page was made from, in the words of its foot."""

import functools
import os
import pathlib
import subprocess

from analysis.inputs import place

SOURCES = ("analysis", "data", "notebooks")  # what decides what a page says
GIVEN = "BURN_REPORT_REVISION"  # a build asks git once, for all its pages
LENGTH = 9  # of a commit's name, whatever a user has set
SECONDS = 10


class _NoAnswer(Exception):
    """Why git could not say; its text stands in the foot."""


@functools.lru_cache(maxsize=1)
def revision() -> str:
    """Return "commit 1a2b3c4", the same with what is not committed, or "commit unknown" with the reason.

    The commit is the last one that changed data, code or notebooks, so that a report which is committed
    afterwards is made again byte for byte.
    """
    given = os.environ.get(GIVEN)
    try:
        return given or f"commit {_last_commit(place.ROOT)}"
    except _NoAnswer as reason:
        return f"commit unknown ({reason})"


def _last_commit(root: pathlib.Path) -> str:
    if not place.CHECKOUT:
        raise _NoAnswer("installed without a checkout")
    top = _git(root, "rev-parse", "--show-toplevel")
    if not top or not pathlib.Path(top).is_dir() or not root.samefile(top):
        raise _NoAnswer("not a git checkout of its own")
    commit = _git(root, "rev-list", "-1", "HEAD", "--", *SOURCES)
    if not commit:
        raise _NoAnswer("nothing is committed")
    if commit in _shallow(root):  # the oldest commit of a shallow clone seems to have changed everything
        raise _NoAnswer("a shallow clone does not hold it")
    changed = _git(root, "status", "--porcelain", "--untracked-files=all", "--", *SOURCES)
    return f"{commit[:LENGTH]}, with changes that are not committed" if changed else commit[:LENGTH]


def _shallow(root: pathlib.Path) -> list[str]:
    path = pathlib.Path(root, _git(root, "rev-parse", "--git-path", "shallow"))
    return path.read_text(encoding="utf-8").split() if path.is_file() else []


def _git(root: pathlib.Path, *arguments: str) -> str:
    """Return what git says of `root`, whatever repository a hook or a user has named in the environment."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    trusted = ["-c", f"safe.directory={root}", "-c", "core.fsmonitor=false"]
    command = ["git", "--no-optional-locks", *trusted, *arguments]
    try:
        done = subprocess.run(
            command, cwd=root, env=environment | {"LC_ALL": "C"}, capture_output=True, timeout=SECONDS
        )
    except FileNotFoundError:
        raise _NoAnswer("git is not installed here") from None
    except (OSError, subprocess.SubprocessError) as problem:
        raise _NoAnswer(f"git did not answer: {type(problem).__name__}") from None
    if done.returncode:
        raise _NoAnswer(_why(done.stderr.decode(errors="replace")))
    return done.stdout.decode(errors="replace").strip()


def _why(said: str) -> str:
    if "not a git repository" in said:
        return "not a git checkout"
    if "dubious ownership" in said:
        return "git does not trust a checkout of another user"
    return f"git says: {' '.join(said.split())[:80]}"
