"""`burn-report check`: whatever would stop a build or make it say less than it should, each with its mend."""

import importlib.util
import os
import pathlib
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from analysis.build import files, fingerprints, requests
from analysis.inputs import place
from analysis.inputs.errors import InputError

ROOM = 200  # MB that a report, its notebooks and its temporary files need
NEEDED = (
    "papermill",
    "nbconvert",
    "ipykernel",
    "matplotlib",
    "seaborn",
    "pandas",
    "scipy",
    "openpyxl",
    "jinja2",
)


@dataclass(frozen=True)
class Finding:
    """`kind`: error (stops a build), warning (changes what is shown) or note; `what` is so and how to `mend`
    it.
    """

    kind: str
    what: str
    mend: str = ""


def run(out: pathlib.Path | None) -> tuple[list[Finding], str]:
    """Return all findings, errors first, and one line on what is sound. `out`: the output folder to look
    at.
    """
    found = [*machine(), *folder(out or place.REPORTS)]
    sound = ""
    if not any(each.kind == "error" and "not installed" in each.what for each in found):
        more, sound = _content(out or place.REPORTS)
        found = [*more, *found]
    order = ("error", "warning", "note")
    return sorted(found, key=lambda each: order.index(each.kind)), sound


# ---- data, scenarios, notebooks ----
def _content(out: pathlib.Path) -> tuple[list[Finding], str]:
    from analysis.build import products
    from analysis.inputs import scenarios

    hidden = [
        Finding(
            "note",
            f"data/scenarios/{name} is left alone",
            "a scenario is NAME.yaml in lower case, not hidden",
        )
        for name in scenarios.hidden_files(place.DATA / "scenarios")
    ]
    try:
        tables = products.data()
    except InputError as problem:
        return [Finding("error", str(problem), f"correct it in {place.DATA}"), *hidden], "data/ is not sound."
    found = [*_scenarios(tables), *_notebooks(), *hidden, *_cases(out)]
    sound = (
        f"data/ is sound: {len(tables.claims)} claims, {len(tables.evidence)} published figures from "
        f"{len(tables.sources)} sources, {len(tables.assumptions)} assumptions, "
        f"{len(tables.scenarios)} scenarios."
    )
    return found, sound


def _scenarios(tables) -> Iterator[Finding]:
    from analysis.inputs.parameters import resolve

    mend = "correct the file in data/scenarios"
    for name in tables.scenarios:
        try:
            resolve(tables, name)
        except InputError as problem:
            yield Finding("error", f"{name}.yaml: {problem}", mend)
    if place.BASE not in tables.scenarios:
        yield Finding(
            "error",
            f"{place.BASE}.yaml is missing: others are compared with it",
            "restore it in data/scenarios",
        )
    if tables.scenarios and not any(scenario.weight > 0 for scenario in tables.scenarios.values()):
        yield Finding(
            "error", "no scenario has a weight above 0: options cannot be compared", "give one in its file"
        )


def _notebooks() -> Iterator[Finding]:
    from analysis.build import products
    from analysis.pages import PAGES

    for stem, page in PAGES.items():
        if page.kind == "index":
            continue
        if problem := products.check_notebook(stem):
            yield Finding("error", problem, f"restore the cell: git checkout -- notebooks/{page.notebook}")


def _cases(out: pathlib.Path) -> Iterator[Finding]:
    from analysis.build.folders import Folder

    request = requests.Request([], [], out, 1)
    for name, reason in Folder(request, fingerprints.load(out)).not_shown.items():
        yield Finding("warning", f"{out / name} is not shown: {reason}")


# ---- this machine ----
def folder(out: pathlib.Path) -> Iterator[Finding]:
    """Find what keeps an output folder from being written."""
    try:
        requests.check_out(out.absolute())
    except InputError as problem:
        yield Finding("error", str(problem), "choose another with --out")
    yield from _room(out, "--out DIR")


def _room(where: pathlib.Path, mend: str) -> Iterator[Finding]:
    import shutil

    there = next(path for path in [where.absolute(), *where.absolute().parents] if path.exists())
    free = shutil.disk_usage(there).free // 2**20
    if free < ROOM:
        yield Finding(
            "error", f"only {free} MB are free in {there}; a report needs {ROOM}", f"make room, or use {mend}"
        )


def machine() -> list[Finding]:
    """Find what this machine lacks: packages, templates, a kernel, fonts, room for temporary files, cores."""
    parts: tuple[Callable[[], Iterator[Finding]], ...] = (_python, _packages, _temporary, _fonts, _cores)
    return [each for part in parts for each in part()]


def _python() -> Iterator[Finding]:
    if not (3, 11) <= sys.version_info[:2] < (3, 14):
        version = ".".join(map(str, sys.version_info[:3]))
        yield Finding("warning", f"Python {version} was not tried", "use 3.11, 3.12 or 3.13")
    if not hasattr(os, "fork"):
        yield Finding("note", "this platform cannot fork: builds work, several times slower")


def _packages() -> Iterator[Finding]:
    for name in NEEDED:
        if importlib.util.find_spec(name) is None:
            yield Finding(
                "error",
                f"the package {name} is not installed",
                "install with requirements.lock, as make report does",
            )
    if importlib.util.find_spec("nbconvert") is None:
        return
    from jupyter_core.paths import jupyter_path

    if not any(pathlib.Path(each, "nbconvert", "templates", "base").is_dir() for each in jupyter_path()):
        mend = "reinstall nbconvert; its files belong in share/jupyter of the environment"
        yield Finding("error", "nbconvert's templates are not there", mend)


def _temporary() -> Iterator[Finding]:
    given, used = tempfile.gettempdir(), files.temporary_place()
    if str(used) != given:
        yield Finding(
            "note", f"TMPDIR {given} is too long for sockets; {used} is used", "set a shorter TMPDIR"
        )
    if len(os.fsencode(used)) + files.SPARE >= files.LONGEST:
        yield Finding(
            "error",
            f"TMPDIR {used} is too long for sockets and nothing shorter can be written",
            "TMPDIR=/tmp",
        )
    wanted = os.environ.get("TMPDIR")
    if wanted and not os.access(wanted, os.W_OK | os.X_OK):
        yield Finding("warning", f"TMPDIR {wanted} cannot be written; {used} is used", "set another TMPDIR")
    yield from _room(used, "another TMPDIR")
    yield from _can_run(used)


def _can_run(folder_: pathlib.Path) -> Iterator[Finding]:
    """Start this Python as servers are started."""
    try:
        subprocess.run(
            [sys.executable, "-I", "-c", "pass"], check=True, timeout=60, cwd=folder_, capture_output=True
        )
    except (OSError, subprocess.SubprocessError) as problem:
        yield Finding("error", f"{sys.executable} cannot be started: {problem}", "make the environment anew")


def _fonts() -> Iterator[Finding]:
    found = importlib.util.find_spec("matplotlib")
    own = (
        pathlib.Path(found.submodule_search_locations[0], "mpl-data", "fonts", "ttf", "DejaVuSans.ttf")
        if found
        else None
    )
    if own and not own.is_file():
        yield Finding(
            "error",
            "matplotlib's own font DejaVu Sans is missing: drawings would differ",
            "reinstall matplotlib",
        )


def _cores() -> Iterator[Finding]:
    cores = requests.cores()
    yield Finding(
        "note",
        f"{cores} core{'s' * (cores != 1)}: {requests.jobs_by_default()} pages are built at the same time",
    )
