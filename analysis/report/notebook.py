"""The first cell of every notebook: check its parameters, whoever set them, and open the page."""

import pathlib
from collections.abc import Mapping
from types import FunctionType, MethodType, ModuleType

from analysis import inputs, stored
from analysis.errors import InputError, shown, unknown
from analysis.insight.comparison import BASE, compare
from analysis.parameters import SETTINGS, Case, resolve
from analysis.report.comparison import ComparisonPage
from analysis.report.page import Page
from analysis.report.pages import PAGES
from analysis.report.sweep_page import SweepPage
from analysis.results import Run
from analysis.sweep.read import read

REPORTS = inputs.ROOT / "reports"
COMPARISON_PARAMETERS = ("folders", "baseline")
SWEEP_PARAMETERS = {"folder": "."}
# what a fresh kernel already has; anything else in the first cell came from parameters
_KERNEL_NAMES = {"In", "Out", "get_ipython", "exit", "quit", "open"}


def begin(notebook: str, names: Mapping[str, object]) -> Page:
    """Check `names` (a notebook's globals after its parameters cell) and return the page to build.

    Raises InputError for a name that no parameter has and for every value that `burn-report build --set` refuses.
    """
    if notebook not in PAGES:
        raise unknown("notebook", notebook, PAGES)
    tables, given = inputs.load(), _parameters(names)
    for name in given:
        if name != "scenario" and name not in SETTINGS and name not in tables.assumptions.index:
            raise unknown("parameter", name, ["scenario", *SETTINGS, *tables.assumptions.index])
    scenario = given.pop("scenario", "as_reported")
    if not isinstance(scenario, str):
        raise InputError(f"scenario: a name is expected; given {scenario!r}")
    return Page(PAGES[notebook], Run(resolve(tables, scenario, given)), tables)


def begin_comparison(names: Mapping[str, object]) -> ComparisonPage:
    """Check `names` (the comparison's globals after its parameters cell) and return the page to build.

    `folders`: result folders, relative to the working folder, or names of cases in reports/; None takes every case
    there. `baseline`: one of them. Raises InputError for anything else, and for results that cannot be read.
    """
    tables, given = inputs.load(), _parameters(names)
    for name in given:
        if name not in COMPARISON_PARAMETERS:
            raise unknown("parameter", name, COMPARISON_PARAMETERS)
    folders, baseline = (given.get(name) for name in COMPARISON_PARAMETERS)
    if folders is not None and not (isinstance(folders, list | tuple) and all(isinstance(folder, str) for folder in folders)):
        raise InputError(
            f"folders: a list of result folders is expected, such as ['as_reported', 'critics']; given {shown(folders)}"
        )
    if baseline is not None and not isinstance(baseline, str):
        raise InputError(f"baseline: the name of a case is expected; given {shown(baseline)}")
    paths = _every_case(tables) if folders is None else [_folder(folder) for folder in folders]
    return ComparisonPage(compare(stored.read_folders(paths, tables), tables, baseline))


def begin_sweep(names: Mapping[str, object]) -> SweepPage:
    """Check `names` (the sweep notebook's globals after its parameters cell) and return the page to build.

    `folder`: where a sweep lies, relative to the working folder. Raises InputError for anything else, and for a sweep
    that cannot be read.
    """
    given = SWEEP_PARAMETERS | _parameters(names)
    for name in given:
        if name not in SWEEP_PARAMETERS:
            raise unknown("parameter", name, SWEEP_PARAMETERS)
    if not isinstance(given["folder"], str):
        raise InputError(f"folder: the folder of a sweep is expected, as text; given {shown(given['folder'])}")
    return SweepPage(read(pathlib.Path(given["folder"])), inputs.load())


def _every_case(tables: inputs.Tables) -> list[pathlib.Path]:
    found = [path.parent for path in REPORTS.glob(f"*/{stored.FILE}")]
    if not found:
        raise InputError(f"folders: no case in {REPORTS.name}/; run burn-report build first, or name result folders")
    return sorted(found, key=lambda path: (path.name != BASE, path.name not in tables.scenarios, path.name))


def _folder(name: str) -> pathlib.Path:
    path = pathlib.Path(name)
    return REPORTS / name if path.name == name and not path.exists() else path


def _parameters(names: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in names.items() if not name.startswith("_") and not _is_code(name, value)}


def _is_code(name: str, value: object) -> bool:
    return name in _KERNEL_NAMES or isinstance(value, FunctionType | MethodType | ModuleType | type)


def parameters_cell(case: Case, tables: inputs.Tables) -> str:
    """Return the text of the parameters cell: every name with None ("as the scenario has it") and its unit as help."""
    lines = [
        "# Each name is a parameter of this page: None takes the scenario's value, a number makes an input certain,",
        "# [low, central, high] sets its 5th, 50th and 95th percentile.",
    ]
    lines += ['scenario: str = "as_reported"  # a file name in data/scenarios, without .yaml']
    lines += [f"{name} = None  # {text.split(';')[0].replace('=', 'is')}" for name, text in SETTINGS.items()]
    for row in tables.assumptions.itertuples():
        lines.append(f"{row.name} = None  # {row.label} [{row.unit}], a number or [low, central, high]")
    return "\n".join(lines)
