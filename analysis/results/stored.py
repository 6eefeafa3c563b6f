"""results.json read back: checked like any other input, since a result folder may come from anywhere.

A folder that is missing, damaged or of another version is an InputError that names it.
"""

import json
import os
import pathlib
from collections.abc import Iterable, Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from analysis import __version__
from analysis.inputs.errors import InputError, shown, unknown
from analysis.inputs.estimates import Estimate
from analysis.inputs.settings import SETTINGS, Settings
from analysis.inputs.tables import Tables
from analysis.model.costs import CATEGORIES
from analysis.model.options import PORTFOLIOS
from analysis.model.revenue import STREAMS
from analysis.results.metrics import INDEPENDENT, METRICS, OF_CASE, OF_PORTFOLIO, Metric
from analysis.results.results import LEVELS, PERCENTILES, SCHEMA

FILE = "results.json"
HUGE = 1e300
AGAIN = "build the case again"
Number = Annotated[float, Field(gt=-HUGE, lt=HUGE)]
Month = Annotated[str, Field(pattern="^[0-9]{4}-[0-9]{2}$")]


class _Entry(BaseModel):
    """Nothing else may stand in an object, and nothing is converted."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


def _entry(name: str, doc: str, **fields: object) -> type[_Entry]:
    return create_model(name, __base__=_Entry, __doc__=doc, **fields)


_RANKS = ("central", *(f"p{percent}" for percent in PERCENTILES))
_ERRORS = tuple(f"p{percent}_se" for percent in PERCENTILES)
_KEPT = {"unit": (str, ...)}
_Distribution = _entry(
    "Distribution",
    "Central path, percentiles of the draws, their standard errors; null for never or beyond the horizon.",
    **_KEPT | {key: (Number | None, ...) for key in _RANKS + _ERRORS},
)
_Single = _entry(
    "Single",
    "One number from all draws and its standard error; null when the horizon is too short to know.",
    **_KEPT | {key: (Number | None, ...) for key in ("value", "se")},
)
_Months = _entry(
    "Months", "Calendar months, null for never.", **_KEPT | {key: (Month | None, ...) for key in _RANKS}
)
_Input = _entry(
    "Input",
    "An estimate: 5th, 50th and 95th percentile, all equal when it is certain, and where it was set.",
    **{key: (Number, ...) for key in ("low", "central", "high")}
    | {key: (str, ...) for key in ("unit", "origin")},
)


def _kind(metric: Metric) -> type[_Entry]:
    if metric.measure:
        return _Distribution
    return _Single if metric.statistic else _Months


def _of_metrics(name: str, metrics: Iterable[str]) -> type[_Entry]:
    doc = "Metric to summary; definitions: analysis/model/README.md."
    fields = {each: (_kind(METRICS[each]), Field(description=METRICS[each].label)) for each in metrics}
    return _entry(name, doc, **fields)


def _path(name: str, levels: tuple[int, ...]) -> type[_Entry]:
    doc = "One value a month, usd_m: central path and percentiles of the draws."
    return _entry(
        name, doc, **{key: (list[Number], ...) for key in (*(f"p{level}" for level in levels), "central")}
    )


def _paths() -> type[_Entry]:
    whole, part = _path("Path", LEVELS), _path("PartOfPath", (50,))
    names = {f"{name}_usd_m": whole for name in ("spend", "revenue", "cash", "debt")}
    names |= {f"revenue_{name}_usd_m": part for name in STREAMS}
    names |= {f"spend_{name}_usd_m": part for name in (*CATEGORIES, "interest")}
    return _entry("Paths", "Path to its months.", **{name: (kind, ...) for name, kind in names.items()})


def _portfolios() -> type[_Entry]:
    of_one = _of_metrics("PortfolioMetrics", OF_PORTFOLIO)
    fields = {name.replace("+", "_and_"): (of_one, Field(alias=name)) for name in PORTFOLIOS}
    return _entry("Portfolios", "Mix of options to its metrics.", **fields)


Stored = _entry(
    "Results",
    "The results of one case. Money is in millions of US dollars; names carry their unit.",
    schema_=(Literal[SCHEMA], Field(alias="schema")),
    scenario=(str, ...),
    version=(str, ...),
    **{name: (int if name in ("horizon_months", "seed", "draws") else str,
        Field(description=text)) for name, text in SETTINGS.items()},
    inputs=(dict[str, _Input], ...),
    metrics=(_of_metrics("Metrics", OF_CASE), ...),
    independent=(_of_metrics("IndependentMetrics", INDEPENDENT),
        Field(description="With inputs that do not depend on each other.")),
    portfolios=(_portfolios(), ...),
    paths=(_paths(), ...),
)  # fmt: skip


def schema_json() -> str:
    """Return the JSON Schema of results.json as text that ends with a line feed."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"} | Stored.model_json_schema(
        by_alias=True
    )
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def read_results(path: pathlib.Path, name: str = "") -> dict:
    """Return a results.json; one that is missing, damaged or of another version is an InputError.

    `name`: what the folder is called in the message, by default its own name.
    """
    name = name or path.parent.name or path.name
    where = f"{name}/{FILE}"
    try:
        content = json.loads(path.read_bytes().decode("utf-8"), parse_constant=_no_constant)
    except FileNotFoundError:
        problem = f"no {FILE} there; build the case first" if path.parent.is_dir() else "no such folder"
        raise InputError(f"{name}: {problem}") from None
    except NotADirectoryError:
        raise InputError(f"{name}: a result folder is expected; this is a file") from None
    except OSError as problem:
        raise InputError(f"{where}: not readable ({problem.strerror})") from None
    except (ValueError, RecursionError):
        raise InputError(f"{where}: damaged (not complete JSON text); {AGAIN}") from None
    _check_version(content, where)
    try:
        Stored.model_validate(content)
        _check_months(content)
    except ValidationError as problem:
        raise InputError(f"{where}: damaged ({_said(problem)}); {AGAIN}") from None
    except InputError as problem:
        raise InputError(f"{where}: damaged ({problem}); {AGAIN}") from None
    return content


def _check_version(content: object, where: str) -> None:
    """Another version, or another schema of this version's number, is told before anything that it lacks."""
    version = content.get("version") if isinstance(content, dict) else None
    if not isinstance(version, str):
        raise InputError(f"{where}: damaged (version is missing); {AGAIN}")
    if version != __version__:
        raise InputError(f"{where}: made by version {shown(version)}, this is {__version__}; {AGAIN}")
    if content.get("schema") != SCHEMA:
        given = shown(content.get("schema", "none"))
        raise InputError(f"{where}: schema {given}, this version reads {SCHEMA}; {AGAIN}")


def _check_months(content: Mapping) -> None:
    horizon = settings(content).horizon_months
    for name, path in content["paths"].items():
        for key, values in path.items():
            if len(values) != horizon:
                raise InputError(f"paths, {name}, {key}: {horizon} months expected, {len(values)} given")


def _said(problem: ValidationError) -> str:
    """Return what is wrong first, as one line: where, what, and what was given."""
    first = problem.errors(include_url=False)[0]
    where = shown(", ".join(str(part) for part in first["loc"]) or "the content", 120)
    if first["type"] == "missing":
        return f"{where} is missing"
    if first["type"] == "extra_forbidden":
        return f"{where} is not expected"
    message = shown(first["msg"][0].lower() + first["msg"][1:], 80).strip("'")
    given = "" if isinstance(first["input"], dict | list) else f"; given {shown(first['input'])}"
    return f"{where}: {message}{given}"


def _no_constant(text: str) -> float:
    raise ValueError(text)


def read_folders(folders: Iterable[pathlib.Path], tables: Tables) -> dict[str, dict]:
    """Return name -> results of several result folders; the same folder twice is an InputError.

    A name is a folder's own, with as much of its path as tells it from the others.
    """
    folders = [_place(folder) for folder in folders]
    results: dict[str, dict] = {}
    for folder, name in zip(folders, names(folders), strict=True):
        if folders.count(folder) > 1:
            raise InputError(f"{folder.name}: given twice; a result folder is compared with others")
        results[name] = read_results(folder / FILE, name)
        _check_inputs(f"{name}/{FILE}", results[name], tables)
    return results


def _check_inputs(where: str, result: Mapping, tables: Tables) -> None:
    if result["scenario"] not in tables.scenarios:
        raise InputError(f"{where}: {unknown('scenario', result['scenario'], tables.scenarios)}")
    if list(result["inputs"]) != list(tables.assumptions.index):
        raise InputError(f"{where}: made with another list of assumptions; {AGAIN}")
    try:
        estimates(result, tables)
    except InputError as problem:
        raise InputError(f"{where}: damaged ({problem}); {AGAIN}") from None


def _place(folder: pathlib.Path) -> pathlib.Path:
    """Return a folder's path within the working folder, or its absolute path elsewhere; links are not
    followed.
    """
    path, here = pathlib.Path(os.path.abspath(folder)), pathlib.Path.cwd()
    return path.relative_to(here) if path != here and path.is_relative_to(here) else path


def names(folders: list[pathlib.Path]) -> list[str]:
    """Return what tells folders apart: the shortest ends of their paths that differ."""
    found = [1] * len(folders)
    for _ in range(max((len(folder.parts) for folder in folders), default=0)):
        ends = [_end(folder, length) for folder, length in zip(folders, found, strict=True)]
        found = [length + (ends.count(end) > 1) for length, end in zip(found, ends, strict=True)]
    return [_end(folder, length) for folder, length in zip(folders, found, strict=True)]


def _end(folder: pathlib.Path, length: int) -> str:
    text = "/".join(part for part in folder.parts[-length:] if part != folder.anchor)
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def settings(result: Mapping) -> Settings:
    """Return the settings of a result."""
    return Settings(**{name: result[name] for name in SETTINGS})


def estimates(result: Mapping, tables: Tables) -> tuple[Estimate, ...]:
    """Return the inputs of a result, in the order of the assumptions table."""
    found = []
    for row in tables.assumptions.itertuples(index=False):
        given = result["inputs"][row.name]
        ends = (given["low"], given["central"], given["high"])
        found.append(
            Estimate(
                row.name, *map(float, ends), row.unit, row.domain, row.minimum, row.maximum, given["origin"]
            )
        )
    return tuple(found)


def title_of(case: str, result: Mapping, tables: Tables) -> str:
    """Return a case's title: its scenario's, with its folder's name when it differs from it."""
    title = tables.scenarios[result["scenario"]].title
    return title if case == result["scenario"] else f"{title} ({case})"
