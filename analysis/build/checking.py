"""`burn-report check`: whatever would stop a build or make it say less than it should, each with its mend."""

import importlib.util
import os
import pathlib
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass

from analysis.build import fingerprints, requests
from analysis.build.folders import Folder
from analysis.inputs import place
from analysis.inputs.errors import InputError

ROOM = 200  # MB that a report, its notebooks and its temporary files need
NEEDED = (
    "papermill", "nbconvert", "ipykernel", "matplotlib", "seaborn", "pandas", "scipy", "openpyxl", "jinja2",
)  # fmt: skip
INSTALL = "install with requirements.lock, as make report does"
ORDER = ("error", "warning", "note")


@dataclass(frozen=True)
class Finding:
    """`kind`: error (stops a build), warning (changes what is shown) or note; its `mend`."""

    kind: str
    what: str
    mend: str = ""


def run(out: pathlib.Path | None) -> tuple[list[Finding], str]:
    """Return all findings, errors first, and one line on what is sound. `out`: the folder to look at."""
    out = (out or place.REPORTS).absolute()
    found, sound = [*machine(), *_output(out)], "What the report needs is not there."
    if not any(each.mend == INSTALL for each in found):
        more, sound = _content(out)
        found += more
    return sorted(found, key=lambda each: ORDER.index(each.kind)), sound


def _content(out: pathlib.Path) -> tuple[list[Finding], str]:
    from analysis.inputs import scenarios, tables

    hidden, mend = scenarios.hidden_files(place.DATA / "scenarios"), "a scenario is NAME.yaml in lower case"
    found = [Finding("note", f"data/scenarios/{name} is left alone", mend) for name in hidden]
    try:
        data = tables.load()
    except InputError as problem:
        return [*found, Finding("error", str(problem), f"correct it in {place.DATA}")], "data/ is not sound."
    sound = (
        f"data/ is sound: {len(data.claims)} claims, {len(data.evidence)} published figures from "
        f"{len(data.sources)} sources, {len(data.assumptions)} assumptions, {len(data.scenarios)} scenarios."
    )
    left_out = Folder(requests.Request([], [], out, 1), fingerprints.load(out)).not_shown
    found += [Finding("warning", f"{out / name} is not shown: {why}") for name, why in left_out.items()]
    return [*found, *_scenarios(data), *_notebooks()], sound


def _scenarios(data) -> Iterator[Finding]:
    from analysis.inputs.parameters import resolve

    mend = "correct it in data/scenarios"
    for name in data.scenarios:
        try:
            resolve(data, name)
        except InputError as problem:
            yield Finding("error", f"{name}.yaml: {problem}", mend)
    if place.BASE not in data.scenarios:
        yield Finding("error", f"{place.BASE}.yaml is missing: others are compared with it", mend)
    if not any(scenario.weight > 0 for scenario in data.scenarios.values()):
        yield Finding("error", "no scenario has a weight above 0: options cannot be compared", mend)


def _notebooks() -> Iterator[Finding]:
    from analysis.build import products
    from analysis.pages import PAGES

    for stem, page in PAGES.items():
        if page.kind != "index" and (problem := products.check_notebook(stem)):
            yield Finding("error", problem, f"restore the cell: git checkout -- notebooks/{page.notebook}")


def machine() -> Iterator[Finding]:
    """Find what this machine lacks: packages, templates, fonts, room for temporary files."""
    if not (3, 11) <= sys.version_info[:2] < (3, 14):
        yield Finding("warning", f"Python {sys.version.split()[0]} was not tried", "use 3.11, 3.12 or 3.13")
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    yield from (Finding("error", f"the package {name} is not installed", INSTALL) for name in missing)
    if not missing:
        yield from _parts_of_packages()
    wanted, used = os.environ.get("TMPDIR"), tempfile.gettempdir()
    if wanted and not os.access(wanted, os.W_OK | os.X_OK):
        yield Finding("warning", f"TMPDIR {wanted} cannot be written; {used} is used", "set another TMPDIR")
    yield from _room(pathlib.Path(used), "another TMPDIR")


def _parts_of_packages() -> Iterator[Finding]:
    from jupyter_core.paths import jupyter_path

    if not any(pathlib.Path(each, "nbconvert", "templates", "base").is_dir() for each in jupyter_path()):
        mend = "reinstall nbconvert; its files belong in share/jupyter of the environment"
        yield Finding("error", "nbconvert's templates are not there", mend)
    [matplotlib] = importlib.util.find_spec("matplotlib").submodule_search_locations
    if not pathlib.Path(matplotlib, "mpl-data", "fonts", "ttf", "DejaVuSans.ttf").is_file():
        missing = "matplotlib's own font DejaVu Sans is missing: drawings would differ"
        yield Finding("error", missing, "reinstall matplotlib")


def _output(out: pathlib.Path) -> Iterator[Finding]:
    try:
        requests.check_out(out)
    except InputError as problem:
        yield Finding("error", str(problem), "choose another with --out")
    yield from _room(out, "--out DIR")


def _room(where: pathlib.Path, mend: str) -> Iterator[Finding]:
    there = next(path for path in [where, *where.parents] if path.exists())
    free = shutil.disk_usage(there).free // 2**20
    if free < ROOM:
        what = f"only {free} MB are free in {there}; a report needs {ROOM}"
        yield Finding("error", what, f"make room, or use {mend}")
