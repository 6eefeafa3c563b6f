"""What a build is asked for: cases, pages and a place, checked before anything runs."""

import contextlib
import os
import pathlib
import re
from dataclasses import dataclass

import yaml

from analysis.errors import InputError, shown, unknown
from analysis.report import keys

SCENARIOS = keys.ROOT / "data" / "scenarios"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True)
class CaseRequest:
    """A scenario with overrides as given on the command line, and the folder its pages go to."""

    scenario: str
    values: dict[str, str]
    folder: str


@dataclass(frozen=True)
class Request:
    """What `burn-report build` was asked for."""

    cases: list[CaseRequest]
    notebooks: list[str]
    out: pathlib.Path
    jobs: int
    force: bool = False
    timeout: int = 300


def scenario_titles() -> dict[str, str]:
    """Return scenario -> title, in the order of the files; a file that cannot be read keeps its name (the check says why)."""
    titles = {}
    for path in sorted(SCENARIOS.glob("*.yaml")):
        with contextlib.suppress(yaml.YAMLError, UnicodeDecodeError, AttributeError, OSError):
            titles[path.stem] = str(yaml.safe_load(path.read_text(encoding="utf-8")).get("title", path.stem))
        titles.setdefault(path.stem, path.stem)
    return {name: titles[name] for name in sorted(titles, key=lambda name: (name != "as_reported", name))}


def cases(scenarios: list[str], settings: list[str], name: str | None, values: dict[str, str]) -> list[CaseRequest]:
    """Return the cases that a command line names. `settings`: NAME=VALUE; `values`: draws and seed when given."""
    known = scenario_titles()
    for scenario in scenarios:
        if scenario not in known:
            raise unknown("scenario", scenario, known)
    changes: dict[str, str] = {}
    for setting in settings:
        key, equals, value = setting.partition("=")
        if not equals or not key.strip() or not value.strip():
            raise InputError(f"--set: NAME=VALUE is expected; given {shown(setting)}")
        if key.strip() in changes:
            raise InputError(f"--set: {key.strip()} is given twice")
        changes[key.strip()] = value.strip()
    if name is not None:
        check_name(name, changes, known)
    chosen = list(dict.fromkeys(scenarios or known))
    folder = name or "custom"
    folders = {s: (folder if len(chosen) == 1 else f"{folder}-{s}") if changes else s for s in chosen}
    return [CaseRequest(scenario, changes | values, folders[scenario]) for scenario in chosen]


def check_name(name: str, changes: dict[str, str], known: dict[str, str]) -> None:
    """Refuse a folder name that could leave the output folder, hide, or overwrite a scenario's own pages."""
    if not NAME.fullmatch(name) or name.endswith("."):
        raise InputError(
            f"--name: letters, digits, '.', '_' and '-' are allowed, 64 at most, a letter or digit first; given {shown(name)}"
        )
    if not changes:
        raise InputError("--name: names a case that differs from its scenario; give a difference with --set NAME=VALUE")
    if name in known:
        raise InputError(f"--name: {name} is a scenario; its folder holds the scenario's own pages")


def check_out(out: pathlib.Path) -> None:
    """Refuse an output folder that is a file or cannot be written; nothing is created here."""
    check_place(out, out, "is not a folder")


def check_place(folder: pathlib.Path, given: pathlib.Path, problem: str) -> None:
    """Refuse, as `given` and with `problem`, a folder that neither is one nor can become one, or that cannot be written."""
    place = folder
    while not place.exists():
        place = place.parent
    if not place.is_dir():
        raise InputError(f"--out: {shown(str(given))} {problem} ({place.name} is a file)")
    if not os.access(place, os.W_OK | os.X_OK):
        raise InputError(f"--out: {shown(str(given))} cannot be written to; check its permissions")


def workers_by_default() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
