"""The first cell of every notebook: check its parameters, whoever set them, and open the page."""

from collections.abc import Mapping
from types import FunctionType, MethodType, ModuleType

from analysis import inputs
from analysis.errors import InputError, unknown
from analysis.parameters import SETTINGS, Case, resolve
from analysis.report.page import Page
from analysis.report.pages import PAGES
from analysis.results import Run

# what a fresh kernel already has; anything else in the first cell came from parameters
_KERNEL_NAMES = {"In", "Out", "get_ipython", "exit", "quit", "open"}


def begin(notebook: str, names: Mapping[str, object]) -> Page:
    """Check `names` (a notebook's globals after its parameters cell) and return the page to build.

    Raises InputError for a name that no parameter has and for every value that `burn-report build --set` refuses.
    """
    if notebook not in PAGES:
        raise unknown("notebook", notebook, PAGES)
    tables = inputs.load()
    given = {name: value for name, value in names.items() if not name.startswith("_") and not _is_code(name, value)}
    for name in given:
        if name != "scenario" and name not in SETTINGS and name not in tables.assumptions.index:
            raise unknown("parameter", name, ["scenario", *SETTINGS, *tables.assumptions.index])
    scenario = given.pop("scenario", "as_reported")
    if not isinstance(scenario, str):
        raise InputError(f"scenario: a name is expected; given {scenario!r}")
    return Page(PAGES[notebook], Run(resolve(tables, scenario, given)), tables)


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
