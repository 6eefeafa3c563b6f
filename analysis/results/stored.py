"""results.json read back: checked like any other input, since a result folder may come from anywhere.

A folder that is missing, damaged or of another version is an InputError that names it.
"""

import json
import os
import pathlib
from collections.abc import Iterable, Mapping

from analysis import __version__
from analysis.errors import InputError, shown, unknown
from analysis.estimates import Estimate
from analysis.inputs import Tables
from analysis.model.options import PORTFOLIOS
from analysis.parameters import SETTINGS, Settings
from analysis.results import LEVELS, PERCENTILES, UNITS

FILE = "results.json"
HUGE = 1e300
PATHS = ("spend_usd_m", "revenue_usd_m", "cash_usd_m")
_OF_PORTFOLIOS = ("value_usd_m", "value_mean_usd_m", "value_tail_mean_usd_m", "ownership_retained")
_METRICS = [name for name in UNITS if name not in _OF_PORTFOLIOS]
_SPREAD = ("central", *(f"p{percent}{end}" for end in ("", "_se") for percent in PERCENTILES))


class _Damage(Exception):
    """What is wrong with the content."""


def read_results(path: pathlib.Path, name: str = "") -> dict:
    """Return a results.json; one that is missing, damaged or of another version is an InputError.

    `name`: what the folder is called in the message, by default its own name.
    """
    name = name or path.parent.name or path.name
    try:
        content = json.loads(path.read_bytes().decode("utf-8"), parse_constant=_no_constant)
        version = _entry(content, "version", str)
        if version == __version__:
            _check(content)
    except FileNotFoundError:
        where = f"no {FILE} there; build the case first" if path.parent.is_dir() else "no such folder"
        raise InputError(f"{name}: {where}") from None
    except NotADirectoryError:
        raise InputError(f"{name}: a result folder is expected; this is a file") from None
    except OSError as problem:
        raise InputError(f"{name}/{FILE}: not readable ({problem.strerror})") from None
    except (ValueError, RecursionError):
        raise InputError(f"{name}/{FILE}: damaged (not complete JSON text); build the case again") from None
    except _Damage as problem:
        raise InputError(f"{name}/{FILE}: damaged ({problem}); build the case again") from None
    if version != __version__:
        raise InputError(
            f"{name}/{FILE}: made by version {shown(version)}, this is {__version__}; build the case again"
        )
    return content


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
        _check_inputs(name, results[name], tables)
    return results


def _place(folder: pathlib.Path) -> pathlib.Path:
    """Return a folder's path within the working folder, or its absolute path where it is elsewhere; links are not followed."""
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
        Estimate(row.name, *(float(result["inputs"][row.name][end]) for end in ("low", "central", "high")), row.unit, row.domain,
                 row.minimum, row.maximum, result["inputs"][row.name]["origin"])
        for row in tables.assumptions.itertuples(index=False)
    )  # fmt: skip


def title_of(case: str, result: Mapping, tables: Tables) -> str:
    """Return a case's title: its scenario's, with its folder's name when it differs from it."""
    title = tables.scenarios[result["scenario"]].title
    return title if case == result["scenario"] else f"{title} ({case})"


def _check_inputs(name: str, result: Mapping, tables: Tables) -> None:
    if result["scenario"] not in tables.scenarios:
        raise InputError(f"{name}/{FILE}: {unknown('scenario', result['scenario'], tables.scenarios)}")
    if list(result["inputs"]) != list(tables.assumptions.index):
        raise InputError(f"{name}/{FILE}: made with another list of assumptions; build the case again")
    try:
        estimates(result, tables)
    except InputError as problem:
        raise InputError(f"{name}/{FILE}: damaged ({problem}); build the case again") from None


def _check(content: object) -> None:
    _entry(content, "scenario", str)
    try:
        horizon = settings({name: _entry(content, name, str | int) for name in SETTINGS}).horizon_months
    except InputError as problem:
        raise _Damage(problem) from None
    for name, entry in _entry(content, "inputs", dict).items():
        for end in ("low", "central", "high"):
            _number(_entry(entry, end, int | float, name), f"{name}, {end}")
        for key in ("unit", "origin"):
            _entry(entry, key, str, name)
    _summaries(_entry(content, "metrics", dict), _METRICS)
    portfolios = _entry(content, "portfolios", dict)
    if list(portfolios) != list(PORTFOLIOS):
        raise _Damage("portfolios: not the sixteen that there are")
    for name in PORTFOLIOS:
        _summaries(
            _entry(portfolios, name, dict),
            ("value_usd_m", "value_mean_usd_m", "cash_out_probability_horizon"),
        )
    for name in PATHS:
        path = _entry(_entry(content, "paths", dict), name, dict)
        for key in ("central", *(f"p{level}" for level in LEVELS)):
            months = _entry(path, key, list, name)
            if len(months) != horizon:
                raise _Damage(f"{name}, {key}: {horizon} months expected, {len(months)} given")
            for month in months:
                _number(month, f"{name}, {key}")


def _summaries(found: dict, needed: Iterable[str]) -> None:
    for name in needed:
        entry = _entry(found, name, dict)
        for key in ("value", "se") if "value" in entry else _SPREAD:
            if _entry(entry, key, int | float | None, name) is not None:
                _number(entry[key], f"{name}, {key}")


def _entry(mapping: object, key: str, kind, where: str = "") -> object:
    """Return an entry of an object, of the kind that it must have."""
    name = f"{where}, {key}" if where else key
    if not isinstance(mapping, dict):
        raise _Damage(f"{where or 'the content'}: an object with {key} is expected")
    if key not in mapping:
        raise _Damage(f"{name} is missing")
    if not isinstance(mapping[key], kind) or isinstance(mapping[key], bool):
        raise _Damage(f"{name}: {shown(mapping[key])} is not possible")
    return mapping[key]


def _number(value: object, name: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < HUGE:
        raise _Damage(f"{name}: a finite number is expected; given {shown(value)}")


def _no_constant(text: str) -> float:
    raise ValueError(text)
