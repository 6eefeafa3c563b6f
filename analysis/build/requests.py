"""What a build is asked for: cases, pages and a place, checked before anything runs."""

import contextlib
import os
import pathlib
import re
from dataclasses import dataclass

import yaml

from analysis.inputs import place
from analysis.inputs.errors import InputError, shown, unknown

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
MADE = (".html", ".png", ".json", ".xlsx", ".parquet", ".csv", ".yaml")  # of what lies beside a case's folder
OWN = "out"  # folder, where one stands, of whatever is not a default scenario
MOST_JOBS = 64


@dataclass(frozen=True)
class CaseRequest:
    """A scenario with overrides as given on the command line, and the folder its pages go to."""

    scenario: str
    values: dict[str, str]
    folder: str

    @property
    def case(self) -> tuple[str, dict[str, str]]:
        """Scenario and values."""
        return self.scenario, self.values


@dataclass(frozen=True)
class Request:
    """What `burn-report build` was asked for."""

    cases: list[CaseRequest]
    notebooks: list[str]
    out: pathlib.Path
    jobs: int
    force: bool = False
    timeout: int = 300
    keep_seconds: float = 0.0  # of a server for the next command


def scenario_titles() -> dict[str, str]:
    """Return scenario -> title, the base first; only what stands before the overrides is read: fast."""
    titles = {}
    for path in (place.DATA / "scenarios").glob("[!.]*.yaml"):
        titles[path.stem] = path.stem
        with contextlib.suppress(yaml.YAMLError, UnicodeDecodeError, AttributeError, OSError):
            head = re.split(r"^overrides:", path.read_text(encoding="utf-8-sig"), flags=re.M)[0]
            titles[path.stem] = yaml.load(head, yaml.BaseLoader).get("title") or path.stem
    return {name: titles[name] for name in sorted(titles, key=lambda name: (name != place.BASE, name))}


def changes(settings: list[str], more: dict[str, str | None]) -> dict[str, str]:
    """Return name -> value as given by --set NAME=VALUE and by options of their own (None: not given)."""
    found: dict[str, str] = {}
    for setting in settings:
        name, equals, value = (part.strip() for part in setting.partition("="))
        if not equals or not name or not value:
            raise InputError(f"--set: NAME=VALUE is expected; given {shown(setting)}")
        if name in found:
            raise InputError(f"--set: {name} is given twice")
        found[name] = value
    return found | {name: value for name, value in more.items() if value is not None}


def cases(scenarios: list[str], name: str | None, values: dict[str, str]) -> list[CaseRequest]:
    """Return the cases of a command line: every scenario when it names none, each with the `values`."""
    known = scenario_titles()
    for scenario in scenarios:
        if scenario not in known:
            raise unknown("scenario", scenario, known)
    if name is not None:
        check_name(name, values, list(known))
    chosen = list(dict.fromkeys(scenarios or known))
    differs = values.keys() - {"draws", "seed"}
    folder = name or ("custom" if differs else "")
    own = {scenario: folder if len(chosen) == 1 else f"{folder}-{scenario}" for scenario in chosen}
    return [CaseRequest(scenario, values, own[scenario] if folder else scenario) for scenario in chosen]


def check_name(name: str, values: dict[str, str], known: list[str]) -> None:
    """Refuse a folder name that could leave the output folder, hide, or stand in the way of what is there."""
    if not NAME.fullmatch(name) or name.endswith("."):
        allowed = "letters, digits, '.', '_' and '-' are allowed, 64 at most, a letter or digit first"
        raise InputError(f"--name: {allowed}; given {shown(name)}")
    if name.lower().endswith(MADE):
        raise InputError(f"--name: {name} could be a file of the report; leave the ending out")
    if not values:
        raise InputError("--name: names a case that differs from its scenario; add --set NAME=VALUE")
    if name.lower() in known:
        raise InputError(f"--name: {name} is a scenario; its folder holds the scenario's own pages")


def place_for(out: pathlib.Path | None, values: dict[str, str]) -> pathlib.Path:
    """Return where pages go: as said, else scenarios as they stand to reports/ here, others to ./out."""
    return (out or (pathlib.Path(OWN) if values else place.REPORTS)).absolute()


def check_out(out: pathlib.Path) -> None:
    """Refuse an output folder that is a file or cannot be written; nothing is created here."""
    found = next(path for path in [out, *out.parents] if os.path.lexists(path))  # a dead link, too
    if not found.is_dir():
        raise InputError(f"--out: {shown(str(found))} is not a folder")
    if not os.access(found, os.W_OK | os.X_OK):
        mend = "check its permissions, or choose another --out"
        raise InputError(f"--out: {shown(str(out))} cannot be written to; {mend}")


def cores() -> int:
    """Return how many cores this process may use, also inside a container with a limit."""
    found = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    with contextlib.suppress(OSError, ValueError):
        quota, period = pathlib.Path("/sys/fs/cgroup/cpu.max").read_text().split()
        found = min(found, max(1, round(int(quota) / int(period))))
    return found


def jobs_by_default(cases: int = 1) -> int:
    """Return how many pages are built at a time: of several cases one waits while the server runs a model."""
    return min(cores() + (cases > 1), MOST_JOBS)
