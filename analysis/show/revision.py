"""Which state of the project a page was made from, in the words of its foot."""

import functools
import os
import pathlib
import subprocess

from analysis.inputs import place

SOURCES = ("analysis", "data", "notebooks")  # what decides what a page says
GIVEN = "BURN_REPORT_REVISION"  # a build asks git once, for all its pages
LENGTH = 9  # of a commit's name, whatever a user has set


@functools.lru_cache(maxsize=1)
def revision() -> str:
    """Return "commit 1a2b3c4", the same with what is not committed, or "commit unknown" with the reason."""
    # the last commit that changed SOURCES: a report that is committed later is made again byte for byte
    return os.environ.get(GIVEN) or f"commit {_last_commit(place.ROOT)}"


def _last_commit(root: pathlib.Path) -> str:
    if not place.CHECKOUT:
        return "unknown (installed without a checkout)"
    if not (root / ".git").exists():
        return "unknown (not a git checkout of its own)"
    try:
        commit = _git(root, "rev-list", "-1", "HEAD", "--", *SOURCES)
        shallow = root / _git(root, "rev-parse", "--git-path", "shallow")
        changed = _git(root, "status", "--porcelain", "--untracked-files=all", "--", *SOURCES)
    except FileNotFoundError:
        return "unknown (git is not installed here)"
    except subprocess.CalledProcessError as problem:
        return f"unknown (git says: {' '.join(problem.stderr.split())[:80]})"
    except (OSError, subprocess.SubprocessError) as problem:
        return f"unknown (git did not answer: {type(problem).__name__})"
    # the oldest commit of a shallow clone seems to have changed everything
    if shallow.is_file() and commit in shallow.read_text(encoding="utf-8"):
        return "unknown (a shallow clone does not hold it)"
    return f"{commit[:LENGTH]}, with changes that are not committed" if changed else commit[:LENGTH]


def _git(root: pathlib.Path, *arguments: str) -> str:
    """Return what git says of `root`, whatever repository a hook or a user has named in the environment."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    trusted = ["-c", f"safe.directory={root}", "-c", "core.fsmonitor=false"]
    command = ["git", "--no-optional-locks", *trusted, *arguments]
    options = {"cwd": root, "env": environment | {"LC_ALL": "C"}, "timeout": 10, "check": True}
    return subprocess.run(command, capture_output=True, text=True, errors="replace", **options).stdout.strip()
