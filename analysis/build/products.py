"""Jobs that make what no notebook makes: results.json, workbook, index; and the check before a build."""

import contextlib
import json
import pathlib
from collections.abc import Iterator

from analysis import excel
from analysis.build.jobs import Outcome
from analysis.build.requests import CaseRequest
from analysis.inputs import tables
from analysis.inputs.errors import InputError
from analysis.inputs.parameters import BASE, SETTINGS, resolve
from analysis.inputs.place import NOTEBOOKS
from analysis.pages import PAGES
from analysis.results import results as made
from analysis.results import states, stored
from analysis.results.metrics import METRICS
from analysis.show import notebook as notebooks
from analysis.show import quantity

HEADLINES = ("runway_months", "cash_out_probability_12m", "funding_need_usd_m", "break_even_probability")


def run_before(scenario: str, values: dict, page: str = "") -> None:
    """Run the base and what a page shows of a case (without: all), for all that is forked hereafter."""
    with contextlib.suppress(Exception):  # said by the job itself
        data = tables.load()
        case = resolve(data, scenario, values)
        made.run_before(case, resolve(data, BASE), PAGES[page].parts if page else made.PARTS)
        if page and PAGES[page].all_scenarios:
            states.states(made.of(case), data)


def results(case: CaseRequest) -> Outcome:
    """Make a case's results.json and workbook; say what its changes have moved."""
    data = tables.load()
    result = made.of(resolve(data, *case.case))
    files = {
        stored.FILE: made.to_json(made.as_dict(result)),
        f"{case.folder}.xlsx": excel.write(result, data),
    }
    said = []
    if case.values.keys() - {"draws", "seed"}:
        own, title = made.of(resolve(data, case.scenario)), data.scenario(case.scenario).title
        now, before = (headlines(each.metrics, each.settings.horizon_months) for each in (result, own))
        lines = list(moved(now, before, title))
        first = f"{case.folder} against {title}:" if lines else f"{case.folder}: headlines as in {title}"
        said = [first, *lines]
    return Outcome(files, said=said)


def headlines(metrics: dict, horizon: int) -> dict[str, str]:
    """Return headline -> its value in words. `horizon`: how many months were modelled."""
    said = {}
    for name in HEADLINES:
        value = quantity.from_summary(name, metrics[name])
        beyond = value.never and METRICS[name].unit == "months"
        said[name] = f"not within {horizon} months" if beyond else str(value)
    return said


def moved(now: dict[str, str], before: dict[str, str], where: str) -> Iterator[str]:
    """Give a line for each headline that is another than `where` it stood before."""
    for name in HEADLINES:
        if now[name] != before[name]:
            yield f"  {METRICS[name].label}: {now[name]}, in {where} {before[name]}"


def index(out: str, shown: list[str], not_shown: dict[str, str], meta: dict) -> Outcome:
    """Make the index of the cases in `out` that are of now, its data, and the schema of all results."""
    folder, built, reasons = pathlib.Path(out), {}, dict(not_shown)
    for case in shown:
        try:
            built[case] = _of_now(folder / case / stored.FILE)
        except InputError as problem:
            reasons[case] = str(problem)
    if not built:
        raise InputError("; ".join(reasons.values()))
    page, given = PAGES["index"], (meta["pages"], meta["failed"], reasons, meta["comparison"])
    measures = page.module("measures").Measures(built, tables.load(), *given)
    files = page.module("render").render(measures)
    files["results.schema.json"] = stored.schema_json()
    return Outcome(files)


def _of_now(path: pathlib.Path) -> dict:
    """Return a results.json; an InputError where its scenario and changes give other inputs now."""
    case, data = path.parent.name, tables.load()
    content = stored.read_folders([path.parent], data)[case]
    inputs = stored.estimates(content, data)
    ends = {each.name: (each.low, each.central, each.high) for each in inputs if each.origin == "override"}
    given = {name: values if len(set(values)) > 1 else values[0] for name, values in ends.items()}
    now = resolve(data, content["scenario"], given | {name: content[name] for name in SETTINGS})
    for each, before in zip(now.estimates, inputs, strict=True):
        if each != before:
            raise InputError(f"{case}: made with another {each.name} than now; build it again")
    return content


def check(cases: list[tuple[str, dict]], names: list[str]) -> None:
    """Raise InputError for a case that is impossible, or a notebook that would not take its parameters."""
    for scenario, values in cases:
        resolve(tables.load(), scenario, values)
    for problem in filter(None, map(check_notebook, names)):
        raise InputError(problem)


def check_notebook(stem: str) -> str:
    """Return what would keep a notebook from taking its parameters, or ""."""
    path = NOTEBOOKS / PAGES[stem].notebook
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return notebooks.check_parameters_cell(content, PAGES[stem], tables.load())
    except FileNotFoundError:
        return f"{path.name}: the notebook is missing in {path.parent}"
    except (OSError, ValueError, KeyError, TypeError) as problem:
        return f"{path.name}: not readable as a notebook ({type(problem).__name__})"
