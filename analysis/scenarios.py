"""Scenario files: a possible world each, as overrides of assumptions by name, checked against the tables."""

import pathlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from analysis import estimates
from analysis.errors import InputError, shown, unknown
from analysis.reading import read_yaml
from analysis.schemas import BASES

SCENARIO_KEYS = ("title", "world", "claims", "weight", "overrides")
OVERRIDE_KEYS = ("estimate", "basis", "claims", "evidence", "why")
MOST_WEIGHT = 1e6


@dataclass(frozen=True)
class Override:
    """One assumption as a scenario sets it. `estimate`: a number, or (low, central, high)."""

    estimate: float | tuple[float, float, float]
    basis: str
    claims: tuple[str, ...]
    evidence: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class Scenario:
    """A possible world: what would have to be true, and the assumptions that it changes."""

    name: str
    title: str
    world: str
    claims: tuple[str, ...]
    weight: float
    overrides: dict[str, Override]


def read_scenarios(folder: pathlib.Path, frames: Mapping[str, pd.DataFrame]) -> dict[str, Scenario]:
    """Return name -> scenario, one per *.yaml file in `folder`. `frames`: the tables that scenarios refer to."""
    files = sorted(path for path in folder.glob("*") if path.suffix in (".yaml", ".yml"))
    if not files:
        raise InputError(f"{folder.parent.name}/{folder.name}: no scenario file (*.yaml) found")
    for path in files:
        if not re.fullmatch(r"[a-z][a-z0-9_]*\.yaml", path.name):
            raise InputError(f"{path.name}: a scenario file is named in lower case, digits and _, ending in .yaml")
    return {path.stem: _scenario(path, frames) for path in files}


def _scenario(path: pathlib.Path, frames: Mapping[str, pd.DataFrame]) -> Scenario:
    content = read_yaml(path)
    _check_keys(f"{path.name}", content, SCENARIO_KEYS)
    weight = content["weight"]
    if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 <= weight <= MOST_WEIGHT:
        raise InputError(f"{path.name}, weight: a number from 0 to {MOST_WEIGHT:,.0f} is expected; given {shown(weight)}")
    for key in ("title", "world"):
        if not isinstance(content[key], str) or not content[key].strip():
            raise InputError(f"{path.name}, {key}: text is expected; given {shown(content[key])}")
    overrides = content["overrides"]
    if not isinstance(overrides, dict):
        raise InputError(
            f"{path.name}, overrides: a mapping of assumptions is expected ({{}} for none); given {shown(overrides)}"
        )
    names = list(frames["assumptions"]["name"])
    for name in overrides:
        if name not in names:
            raise InputError(f"{path.name}, overrides: {unknown('assumption', name, names)}")
    return Scenario(
        name=path.stem,
        title=content["title"].strip(),
        world=" ".join(content["world"].split()),
        claims=_references(f"{path.name}, claims", content["claims"], frames["claims"]["id"]),
        weight=float(weight),
        overrides={name: _override(path.name, name, entry, frames) for name, entry in overrides.items()},
    )


def _override(file: str, name: str, entry: object, frames: Mapping[str, pd.DataFrame]) -> Override:
    where = f"{file}, {name}"
    if not isinstance(entry, dict):
        raise InputError(f"{where}: estimate, basis, claims, evidence and why are expected; given {shown(entry)}")
    _check_keys(where, entry, OVERRIDE_KEYS)
    if entry["basis"] not in BASES:
        raise InputError(f"{where}, basis: {unknown('basis', entry['basis'], BASES)}")
    if not isinstance(entry["why"], str) or not entry["why"].strip():
        raise InputError(f"{where}, why: one sentence is expected; given {shown(entry['why'])}")
    return Override(
        estimate=_estimate(file, name, entry["estimate"], frames["assumptions"]),
        basis=entry["basis"],
        claims=_references(f"{where}, claims", entry["claims"], frames["claims"]["id"]),
        evidence=_references(f"{where}, evidence", entry["evidence"], frames["evidence"]["id"]),
        why=entry["why"].strip(),
    )


def _estimate(file: str, name: str, given: object, assumptions: pd.DataFrame) -> float | tuple[float, float, float]:
    row = assumptions.loc[assumptions["name"] == name].iloc[0]
    try:
        values = estimates.parse(name, given)
        estimate = estimates.Estimate(name, *values, row["unit"], row["domain"], row["minimum"], row["maximum"])
    except InputError as error:
        raise InputError(f"{file}, estimate: {error}") from None
    return estimate.central if estimate.certain else values


def _check_keys(where: str, mapping: dict, keys: tuple[str, ...]) -> None:
    for key in mapping:
        if key not in keys:
            raise InputError(f"{where}: {unknown('key', key, keys)}")
    for key in keys:
        if key not in mapping:
            raise InputError(f"{where}: the key {key!r} is missing; needed are {', '.join(keys)}")


def _references(where: str, given: object, known: pd.Series) -> tuple[str, ...]:
    if not isinstance(given, list):
        raise InputError(f"{where}: a list of ids is expected; given {shown(given)}")
    names = set(known)
    for reference in given:
        if not isinstance(reference, str) or reference not in names:
            raise InputError(f"{where}: {unknown('id', reference, sorted(names))}")
    return tuple(given)
