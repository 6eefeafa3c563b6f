"""What a build hands to its jobs and gets back; light, so that the command itself need not import the libraries.

A job writes nothing: it may run on another machine, and only what the command has received can be moved into place.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class PageJob:
    """A notebook to run for a case. `values`: what papermill hands over; `meta`: what the template shows around the page."""

    notebook: str
    values: dict
    meta: dict
    timeout: int = 300


@dataclass(frozen=True)
class Outcome:
    """What a job made (name of a file -> its text), seconds of work, and what went wrong ("" when nothing did)."""

    files: dict[str, str]
    cell_seconds: float = 0.0
    error: str = ""


def call(name: str, *args) -> object:
    """Run a function of the worker module in this process, which has it imported already when it was forked."""
    from analysis.report import worker

    return getattr(worker, name)(*args)
