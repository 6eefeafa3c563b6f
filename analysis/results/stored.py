"""results.json read back: checked like any other input, since a result folder may come from anywhere."""

import contextlib
import json
import os
import pathlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from analysis import __version__
from analysis.inputs.errors import InputError, shown, unknown
from analysis.inputs.estimates import Estimate
from analysis.inputs.settings import SETTINGS, WHOLE, Settings
from analysis.inputs.tables import Tables
from analysis.model.options import PORTFOLIOS
from analysis.results.metrics import INDEPENDENT, METRICS, OF_CASE, OF_PORTFOLIO
from analysis.results.results import LEVELS, MEDIAN, PATHS, PERCENTILES, SCHEMA

FILE = "results.json"
HUGE = 1e300
MAKE = "build the case"
Number = Annotated[float, Field(gt=-HUGE, lt=HUGE)]
Month = Annotated[str, Field(pattern="^[0-9]{4}-[0-9]{2}$")]


class _Entry(BaseModel):
    """Nothing else may stand in an object, and nothing is converted."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


def _entry(name: str, doc: str, **kinds: object) -> type[_Entry]:
    needed = {key: (kind, ...) for key, kind in kinds.items()}
    return create_model(name, __base__=_Entry, __doc__=doc, **needed)


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


def _of_metrics(name: str, metrics: Iterable[str]) -> type[_Entry]:
    chosen = {each: METRICS[each] for each in metrics}
    kinds = {
        each: _Distribution if metric.measure else _Single if metric.statistic else _Months
        for each, metric in chosen.items()
    }
    said = {each: Annotated[kind, Field(description=chosen[each].label)] for each, kind in kinds.items()}
    return _entry(name, "Metric to summary; definitions: analysis/model/README.md.", **said)


def _path(name: str, levels: tuple[int, ...]) -> type[_Entry]:
    doc = "One value a month, usd_m: central path and percentiles of the draws."
    return _entry(name, doc, **dict.fromkeys((*(f"p{level}" for level in levels), "central"), list[Number]))


_PATH = {LEVELS: _path("Path", LEVELS), MEDIAN: _path("PartOfPath", MEDIAN)}
_OF_PORTFOLIO = _of_metrics("PortfolioMetrics", OF_PORTFOLIO)
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
    portfolios=_entry(
        "Portfolios", "Mix of options to its metrics.",
        **{name.replace("+", "_and_"): Annotated[_OF_PORTFOLIO, Field(alias=name)] for name in PORTFOLIOS}),
    paths=_entry("Paths", "Path to its months.", **{name: _PATH[levels] for name, levels in PATHS.items()}),
)  # fmt: skip


def schema_json() -> str:
    """Return the JSON Schema of results.json as text that ends with a line feed."""
    draft = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    schema = draft | Stored.model_json_schema(by_alias=True)
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def read_folders(folders: Iterable[pathlib.Path], tables: Tables) -> dict[str, dict]:
    """Return a result folder's name, with as much of its path as tells it from the others -> its results."""
    folders = list(dict.fromkeys(pathlib.Path(os.path.abspath(folder)) for folder in folders))
    results: dict[str, dict] = {}
    for folder, name in zip(folders, names(folders), strict=True):
        where = f"{name}/{FILE}"
        content = read_json(folder / FILE, where, MAKE)
        with reading(where, MAKE):
            Stored.model_validate(content)
            _check(content, tables)
        results[name] = content
    return results


@contextlib.contextmanager
def reading(where: str, make: str) -> Iterator[None]:
    """Turn what goes wrong with the file `where` into an InputError. `make`: how one comes by it."""
    try:
        yield
    except OSError as problem:
        raise InputError(f"{where}: {problem.strerror or 'not readable'}; {make} first") from None
    except (ValueError, KeyError, RecursionError) as problem:
        what = (
            said(problem) if isinstance(problem, ValidationError) else shown(str(problem), 120).strip("'\"")
        )
        raise InputError(f"{where}: damaged ({what}); {make} again") from None


def read_json(path: pathlib.Path, where: str, make: str) -> object:
    """Return what this version wrote; a file of another one is told before anything that it lacks."""
    with reading(where, make):
        content = json.loads(path.read_bytes().decode("utf-8"))
    for key, own in (("version", __version__), ("schema", SCHEMA)):
        if isinstance(content, dict) and content.get(key, own) != own:
            raise InputError(f"{where}: made by {key} {shown(content[key])}, this is {own}; {make} again")
    return content


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


def names(folders: list[pathlib.Path]) -> list[str]:
    """Return what tells folders apart: the shortest ends of their paths that differ."""
    paths = [folder.absolute().parts[1:] for folder in folders]
    found = [1] * len(paths)
    for _ in range(max(map(len, paths), default=0)):
        ends = [path[-length:] for path, length in zip(paths, found, strict=True)]
        found = [length + (ends.count(end) > 1) for length, end in zip(found, ends, strict=True)]
    texts = ("/".join(path[-length:]) for path, length in zip(paths, found, strict=True))
    return ["".join(letter if letter.isprintable() else "?" for letter in text) for text in texts]


def settings(result: Mapping) -> Settings:
    """Return the settings of a result."""
    return Settings(**{name: result[name] for name in SETTINGS})


def estimates(result: Mapping, tables: Tables) -> tuple[Estimate, ...]:
    """Return the inputs of a result, in the order of the assumptions table."""
    found = []
    for row in tables.assumptions.itertuples(index=False):
        given = result["inputs"][row.name]
        values = (float(given[name]) for name in ("low", "central", "high"))
        bounds = row.minimum, row.maximum
        found.append(Estimate(row.name, *values, row.unit, row.domain, *bounds, given["origin"]))
    return tuple(found)


def title_of(case: str, result: Mapping, tables: Tables) -> str:
    """Return a case's title: its scenario's, with its folder's name when it differs from it."""
    title = tables.scenarios[result["scenario"]].title
    return title if case == result["scenario"] else f"{title} ({case})"
