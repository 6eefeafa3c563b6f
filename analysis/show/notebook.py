"""The first cells of every notebook: find what the parameters cell set, check it, open the page."""

import ast
import pathlib
from collections.abc import Iterable, Mapping

from analysis import pages
from analysis.inputs import tables as data
from analysis.inputs.errors import InputError, shown, unknown
from analysis.inputs.parameters import BASE, SETTINGS, resolve
from analysis.inputs.place import REPORTS
from analysis.pages import PageSpec
from analysis.results import stored
from analysis.results.results import of as result_of
from analysis.show import theme
from analysis.show.page import Page

INJECTED = "# Parameters"  # the first line of the cell that papermill puts behind the parameters cell
# kind of page -> its own parameters with their defaults; the first tells the parameters cell from others
OWN = {
    "case": {"scenario": BASE}, "comparison": {"folders": None, "baseline": None}, "sweep": {"folder": "."},
}  # fmt: skip
EXPECTED = {
    "scenario": (str, "a name"), "folder": (str, "the folder of a sweep, as text,"),
    "folders": (list, "a list of result folders such as ['as_reported', 'critics']"),
}  # fmt: skip


def begin(stem: str, given: Mapping[str, object] | None = None) -> Page:
    """Return the page of a notebook, for the parameters that its first cell and papermill have set.

    `given`: the parameters outside of a notebook. Raises InputError, one line in Jupyter, for what is no
    parameter and a value that cannot be. Any number of times in one kernel.
    """
    theme.use()
    known = [name for name, page in pages.PAGES.items() if page.kind in OWN]
    if stem not in known:
        raise unknown("notebook", stem, known)
    spec, tables = pages.PAGES[stem], data.load()
    if given is None:
        given = _parameters(leading=next(iter(OWN[spec.kind])))
    allowed = _allowed(spec, tables)
    values = OWN[spec.kind] | {name: value for name, value in given.items() if value is not None}
    for name, value in given.items():
        kind, expected = EXPECTED.get(name, (object, ""))
        if name not in allowed:
            raise unknown("parameter", name, allowed)
        if value is not None and not isinstance(value, kind):
            raise InputError(f"{name}: {expected} is expected; given {shown(value)}")
    opened = {"case": _of_case, "comparison": _of_comparison, "sweep": _of_sweep}[spec.kind]
    return opened(spec, tables, values)


def _allowed(spec: PageSpec, tables: data.Tables) -> list[str]:
    inputs = [*SETTINGS, *tables.assumptions.index] if spec.kind == "case" else []
    return [*OWN[spec.kind], *inputs]


def _of_case(spec: PageSpec, tables: data.Tables, values: dict[str, object]) -> Page:
    scenario = values.pop("scenario")
    result = result_of(resolve(tables, scenario, values))
    base = result if scenario == BASE and not values else result_of(resolve(tables, BASE))
    measures = spec.module("measures").Measures(result, tables)
    measures.base = base
    return Page(spec, tables, measures, result, base)


def _of_comparison(spec: PageSpec, tables: data.Tables, values: dict[str, object]) -> Page:
    folders, baseline = values["folders"], values["baseline"]
    paths = _every_case(tables) if folders is None else [_result_folder(str(name)) for name in folders]
    results = stored.read_folders(paths, tables)
    baseline = next(iter(results)) if baseline is None else baseline
    if baseline not in list(results):
        raise unknown("baseline", baseline, results)
    return Page(spec, tables, spec.module("measures").Measures(results, tables, baseline))


def _of_sweep(spec: PageSpec, tables: data.Tables, values: dict[str, object]) -> Page:
    from analysis.sweep.store import read  # sweeps load much that no other page needs

    return Page(spec, tables, spec.module("measures").Measures(read(pathlib.Path(values["folder"])), tables))


def _every_case(tables: data.Tables) -> list[pathlib.Path]:
    found = [path.parent for path in REPORTS.glob("*/results.json")]
    if not found:
        raise InputError(f"folders: no case in {REPORTS.name}/; run burn-report build, or name folders")
    return sorted(found, key=lambda path: (path.name != BASE, path.name not in tables.scenarios, path.name))


def _result_folder(name: str) -> pathlib.Path:
    path = pathlib.Path(name)
    return REPORTS / name if path.name == name and not path.exists() else path


def _parameters(leading: str) -> dict[str, object]:
    """Return what the parameters cell that was run last, and papermill's cell after it, have assigned."""
    from IPython import get_ipython

    names = get_ipython().user_ns if get_ipython() else {}
    return {name: names[name] for name in _assigned(names.get("In", []), leading) if name in names}


def _assigned(cells: Iterable[str], leading: str) -> list[str]:
    """Return the names that count, of all cells in the order of their runs; an injected cell adds to them.

    A parameters cell is one that assigns `leading`; where none does, the last one that only assigns.
    """
    found: list[str] = []
    certain = False
    for cell in cells:
        statements = _statements(cell)
        names = [name for statement in statements for name in _targets(statement)]
        if cell.lstrip().startswith(INJECTED):
            found = [*found, *names]
        elif leading in names or (names and not certain and all(map(_targets, statements))):
            found, certain = names, certain or leading in names
    return list(dict.fromkeys(found))


def _statements(cell: str) -> list[ast.stmt]:
    """Return the statements of a cell, up to the line that begins the page: what follows is no parameter."""
    before, begins, _ = cell.partition("begin(")
    try:
        return ast.parse(before.rpartition("\n")[0] if begins else cell).body
    except (SyntaxError, ValueError):  # not Python: a magic, or a cell that failed
        return []


def _targets(statement: ast.stmt) -> list[str]:
    is_assignment = isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None
    names = [node for node in ast.walk(statement) if isinstance(node, ast.Name)] if is_assignment else []
    return [node.id for node in names if isinstance(node.ctx, ast.Store)]


def check_parameters_cell(notebook: Mapping, spec: PageSpec, tables: data.Tables) -> str:
    """Return what is wrong with a notebook's parameters cell, "" when nothing is.

    It is the first code cell and tagged `parameters`; it names what it may, typed, and leaves every value to
    the scenario, so that a number that was saved by mistake never reaches the report.
    """
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    tagged = [cell for cell in code if "parameters" in cell["metadata"].get("tags", [])]
    if len(tagged) != 1 or tagged[0] is not code[0]:
        return f"{spec.notebook}: the first code cell, and no other, has the tag parameters"
    problems = [_problem(each, spec, tables) for each in _statements("".join(code[0]["source"]))]
    found = next(filter(None, problems), "") if problems else "nothing is set in the parameters cell"
    return f"{spec.notebook}: {found}" if found else ""


def _problem(statement: ast.stmt, spec: PageSpec, tables: data.Tables) -> str:
    if not isinstance(statement, ast.AnnAssign) or not _targets(statement):
        found = shown(ast.unparse(statement))
        return f"a typed name such as horizon_months: int = None is expected; found {found}"
    name, text, allowed = statement.target.id, ast.unparse(statement.value), _allowed(spec, tables)
    if name not in allowed:
        return str(unknown("parameter", name, allowed))
    default = repr(OWN[spec.kind].get(name))
    wrong = f"{name} = {shown(text)} was saved in the first cell; {name} = {default} belongs there"
    return "" if text == default else wrong
