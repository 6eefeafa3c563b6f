"""What a build hands to its jobs, which write nothing, and gets back; light, for a quick command."""

import importlib
from dataclasses import dataclass, field


@dataclass(frozen=True)
class PageJob:
    """A notebook to run, or one that has run (`executed`) to export again."""

    notebook: str
    values: dict  # what papermill hands over
    meta: dict  # what the shell shows around the page
    folder: str = ""  # where it runs; without, where the notebooks are
    variables: dict[str, str] = field(default_factory=dict)  # of the process that runs the cells
    timeout: int = 300
    executed: str = ""

    @property
    def case(self) -> tuple[str, dict] | None:
        """Scenario and overrides of a page of a case."""
        values = dict(self.values)
        scenario = values.pop("scenario", None)
        return (scenario, values) if scenario and not self.executed else None


@dataclass(frozen=True)
class Outcome:
    """What a job made: file -> content, error and its traceback, notebook as it ran, lines for the end."""

    files: dict[str, str | bytes]
    error: str = ""
    detail: str = ""
    executed: str = ""
    said: list[str] = field(default_factory=list)


def run(name: str, *args) -> object:
    """Do a job: the function MODULE.NAME of this room, imported only where it runs."""
    module, function = name.split(".")
    return getattr(importlib.import_module(f"analysis.build.{module}"), function)(*args)
