"""What no notebook makes: a case's results.json and workbook, the index; and the check before a build."""

import functools
import importlib.util
import json
import pathlib
import time

from analysis.build.jobs import Outcome
from analysis.inputs import tables
from analysis.inputs.errors import InputError
from analysis.inputs.parameters import SETTINGS, resolve
from analysis.inputs.place import NOTEBOOKS
from analysis.pages import PAGES
from analysis.results import results as made
from analysis.results import stored
from analysis.results.metrics import METRICS
from analysis.results.results import Result
from analysis.show import notebook as notebooks
from analysis.show import quantity

HEADLINES = ("runway_months", "cash_out_probability_12m", "funding_need_usd_m", "break_even_probability")
ERROR_MARK = 'data-report-error="true"'  # in the page of a notebook that failed


@functools.cache
def data() -> tables.Tables:
    """Return the checked tables, loaded once for all jobs of a server."""
    return tables.load()


def results(scenario: str, values: dict, folder: str) -> Outcome:
    """Run the model for a case and make its results.json and workbook; say what its changes have moved."""
    started = time.perf_counter()
    result = Result(resolve(data(), scenario, values))
    files: dict[str, str | bytes] = {stored.FILE: made.to_json(made.as_dict(result))}
    if importlib.util.find_spec("analysis.excel"):
        from analysis import excel

        files[f"{folder}.xlsx"] = excel.write(result, data())
    said = moved(result, folder) if values.keys() - {"draws", "seed"} else []
    return Outcome(files, time.perf_counter() - started, said=said)


def moved(result: Result, folder: str) -> list[str]:
    """Return a line for each headline that is not what the scenario has as it stands."""
    scenario = data().scenario(result.case.scenario)
    own = Result(resolve(data(), scenario.name))
    lines = []
    for name in HEADLINES:
        now, before = (str(quantity.from_metric(each, name)) for each in (result, own))
        if now != before:
            lines.append(f"  {METRICS[name].label}: {now}, in {scenario.title} {before}")
    return (
        [f"{folder} against {scenario.title}:", *lines]
        if lines
        else [f"{folder}: headlines as in {scenario.title}"]
    )


def index(out: str, shown: list[str], not_shown: dict[str, str], meta: dict) -> Outcome:
    """Make the index of the cases in `out`, its data, and the schema of every results.json.

    Cases whose results cannot be read, or are of other inputs than now, are named with the others that are
    not shown.
    """
    started, folder = time.perf_counter(), pathlib.Path(out)
    built, reasons = {}, dict(not_shown)
    for case in shown:
        try:
            built[case] = of_now(folder / case / stored.FILE)
        except InputError as problem:
            reasons[case] = str(problem)
    if not built:
        raise InputError("; ".join(reasons.values()))
    failed = {
        case: [stem for stem in meta["pages"][case] if _failed(folder / case / f"{stem}.html")]
        for case in built
    }
    render = PAGES["index"].module("render").render
    files = render(built, data(), meta["pages"], failed, reasons, meta["comparison"])
    files["results.schema.json"] = stored.schema_json()
    return Outcome(files, time.perf_counter() - started)


def of_now(path: pathlib.Path) -> dict:
    """Return a results.json; one whose inputs are not what its scenario and changes give now is an
    InputError.
    """
    case = path.parent.name
    content = stored.read_folders([path.parent], data())[case]
    changed = {name: each for name, each in content["inputs"].items() if each["origin"] == "override"}
    given = {name: [each["low"], each["central"], each["high"]] for name, each in changed.items()}
    given = {name: value[1] if value[0] == value[2] else value for name, value in given.items()}
    now = resolve(data(), content["scenario"], given | {name: content[name] for name in SETTINGS})
    for each in now.estimates:
        if any(content["inputs"][each.name][end] != getattr(each, end) for end in ("low", "central", "high")):
            raise InputError(f"{case}: made with another {each.name} than now; build it again")
    return content


def _failed(page: pathlib.Path) -> bool:
    return page.exists() and ERROR_MARK in page.read_text(encoding="utf-8", errors="replace")


def check(cases: list[tuple[str, dict]], names: list[str]) -> None:
    """Raise InputError for the first case that is impossible, or notebook that would not take its
    parameters.
    """
    for scenario, values in cases:
        resolve(data(), scenario, values)
    for name in names:
        if problem := check_notebook(name):
            raise InputError(problem)


def check_notebook(stem: str) -> str:
    """Return what would keep a notebook from taking its parameters, or ""."""
    path = NOTEBOOKS / PAGES[stem].notebook
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return notebooks.check_parameters_cell(content, PAGES[stem], data())
    except FileNotFoundError:
        return f"{path.name}: the notebook is missing in {path.parent}"
    except (OSError, ValueError, KeyError, TypeError) as problem:
        return f"{path.name}: not readable as a notebook ({type(problem).__name__})"
