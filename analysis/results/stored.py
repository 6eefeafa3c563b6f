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
from analysis.inputs.settings import SETTINGS, WHOLE, Settings
from analysis.inputs.tables import Tables
from analysis.model.costs import CATEGORIES
from analysis.model.options import PORTFOLIOS
from analysis.model.revenue import STREAMS
from analysis.results.metrics import INDEPENDENT, METRICS, OF_CASE, OF_PORTFOLIO
from analysis.results.results import LEVELS, PERCENTILES, SCHEMA

FILE = "results.json"
HUGE = 1e300
AGAIN = "build the case again"
Number = Annotated[float, Field(gt=-HUGE, lt=HUGE)]
Month = Annotated[str, Field(pattern="^[0-9]{4}-[0-9]{2}$")]


class _Entry(BaseModel):
    """Nothing else may stand in an object, and nothing is converted."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


def _entry(name: str, doc: str, **kinds: object) -> type[_Entry]:
    return create_model(
        name, __base__=_Entry, __doc__=doc, **{key: (kind, ...) for key, kind in kinds.items()}
    )


_RANKS = ("central", *(f"p{percent}" for percent in PERCENTILES))
_ERRORS = tuple(f"p{percent}_se" for percent in PERCENTILES)
_Distribution = _entry(
    "Distribution",
    "Central path, percentiles of the draws, their standard errors; null for never or beyond the horizon.",
    unit=str, **dict.fromkeys(_RANKS + _ERRORS, Number | None),
)  # fmt: skip
_Single = _entry(
    "Single", "One number from all draws and its standard error; null when the horizon is too short to know.",
    unit=str, value=Number | None, se=Number | None,
)  # fmt: skip
_Months = _entry(
    "Months", "Calendar months, null for never.", unit=str, **dict.fromkeys(_RANKS, Month | None)
)
_Input = _entry(
    "Input",
    "An estimate: 5th, 50th and 95th percentile, all equal when it is certain, and where it was set.",
    low=Number, central=Number, high=Number, unit=str, origin=str,
)  # fmt: skip


def _of_metric(name: str) -> object:
    metric = METRICS[name]
    kind = _Distribution if metric.measure else _Single if metric.statistic else _Months
    return Annotated[kind, Field(description=metric.label)]


def _of_metrics(name: str, metrics: Iterable[str]) -> type[_Entry]:
    doc = "Metric to summary; definitions: analysis/model/README.md."
    return _entry(name, doc, **{each: _of_metric(each) for each in metrics})


def _path(name: str, levels: tuple[int, ...]) -> type[_Entry]:
    doc = "One value a month, usd_m: central path and percentiles of the draws."
    return _entry(name, doc, **dict.fromkeys((*(f"p{level}" for level in levels), "central"), list[Number]))


def _paths() -> type[_Entry]:
    whole = dict.fromkeys(("spend", "revenue", "cash", "debt"), _path("Path", LEVELS))
    parts = [f"revenue_{name}" for name in STREAMS] + [f"spend_{name}" for name in (*CATEGORIES, "interest")]
    kinds = whole | dict.fromkeys(parts, _path("PartOfPath", (50,)))
    return _entry("Paths", "Path to its months.", **{f"{name}_usd_m": kind for name, kind in kinds.items()})


def _portfolios() -> type[_Entry]:
    of_one = _of_metrics("PortfolioMetrics", OF_PORTFOLIO)
    kinds = {name.replace("+", "_and_"): Annotated[of_one, Field(alias=name)] for name in PORTFOLIOS}
    return _entry("Portfolios", "Mix of options to its metrics.", **kinds)


Stored = _entry(
    "Results",
    "The results of one case. Money is in millions of US dollars; names carry their unit.",
    schema_=Annotated[Literal[SCHEMA], Field(alias="schema")],
    scenario=str,
    version=str,
    **{name: Annotated[int if name in WHOLE else str, Field(description=text)]
       for name, text in SETTINGS.items()},
    inputs=dict[str, _Input],
    metrics=_of_metrics("Metrics", OF_CASE),
    independent=Annotated[_of_metrics("IndependentMetrics", INDEPENDENT),
                          Field(description="With inputs that do not depend on each other.")],
    portfolios=_portfolios(),
    paths=_paths(),
)  # fmt: skip


def schema_json() -> str:
    """Return the JSON Schema of results.json as text that ends with a line feed."""
    draft = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    schema = draft | Stored.model_json_schema(by_alias=True)
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def read_folders(folders: Iterable[pathlib.Path], tables: Tables) -> dict[str, dict]:
    """Return name -> results of several result folders; the same folder twice is an InputError.

    A name is a folder's own, with as much of its path as tells it from the others.
    """
    folders = [_place(folder) for folder in folders]
    results: dict[str, dict] = {}
    for folder, name in zip(folders, names(folders), strict=True):
        if folders.count(folder) > 1:
            raise InputError(f"{folder.name}: given twice; a result folder is compared with others")
        content = _content(folder, name)
        _check_version(content, f"{name}/{FILE}")
        try:
            Stored.model_validate(content)
            _check(content, tables)
        except ValidationError as problem:
            raise _damaged(name, said(problem)) from None
        except InputError as problem:
            raise _damaged(name, str(problem)) from None
        results[name] = content
    return results


def _content(folder: pathlib.Path, name: str) -> object:
    path = folder / FILE
    try:
        return json.loads(path.read_bytes().decode("utf-8"), parse_constant=_no_constant)
    except FileNotFoundError:
        problem = f"no {FILE} there; build the case first" if folder.is_dir() else "no such folder"
        raise InputError(f"{name}: {problem}") from None
    except NotADirectoryError:
        raise InputError(f"{name}: a result folder is expected; this is a file") from None
    except OSError as problem:
        raise InputError(f"{name}/{FILE}: not readable ({problem.strerror})") from None
    except (ValueError, RecursionError):
        raise _damaged(name, "not complete JSON text") from None


def _no_constant(text: str) -> float:
    raise ValueError(text)


def _damaged(name: str, problem: str) -> InputError:
    return InputError(f"{name}/{FILE}: damaged ({problem}); {AGAIN}")


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


def _check(content: Mapping, tables: Tables) -> None:
    """Refuse what has the right shape and is impossible, or of other tables than now."""
    horizon = settings(content).horizon_months
    for name, path in content["paths"].items():
        for key, values in path.items():
            if len(values) != horizon:
                raise InputError(f"paths, {name}, {key}: {horizon} months expected, {len(values)} given")
    if content["scenario"] not in tables.scenarios:
        raise unknown("scenario", content["scenario"], tables.scenarios)
    if list(content["inputs"]) != list(tables.assumptions.index):
        raise InputError("made with another list of assumptions")
    estimates(content, tables)


def said(problem: ValidationError) -> str:
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


def _place(folder: pathlib.Path) -> pathlib.Path:
    """Return a folder's path from the working folder if it lies there, else absolute; links stay."""
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
    return tuple(
        _estimate(row, result["inputs"][row.name]) for row in tables.assumptions.itertuples(index=False)
    )


def _estimate(row, given: Mapping) -> Estimate:
    low, central, high = (float(given[name]) for name in ("low", "central", "high"))
    bounds = row.minimum, row.maximum
    return Estimate(row.name, low, central, high, row.unit, row.domain, *bounds, given["origin"])


def title_of(case: str, result: Mapping, tables: Tables) -> str:
    """Return a case's title: its scenario's, with its folder's name when it differs from it."""
    title = tables.scenarios[result["scenario"]].title
    return title if case == result["scenario"] else f"{title} ({case})"
