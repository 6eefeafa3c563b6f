"""Scenario files: a possible world each, as settings and overrides of assumptions by name, checked against the tables."""

import pathlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Literal

import pandas as pd
import pydantic
from pydantic import Field, StringConstraints

from analysis.inputs import derivations, estimates, months, settings
from analysis.inputs.errors import InputError, shown, unknown
from analysis.inputs.reading import checked, read_yaml
from analysis.inputs.schemas import BASES

MOST_WEIGHT = 1e6
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Line = Annotated[Text, StringConstraints(pattern=r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]+$")]


class _OverrideEntry(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid", strict=True)

    estimate: object
    basis: Literal[BASES]
    claims: list[str] = Field(description="a list of ids")
    evidence: list[str] = Field(description="a list of ids")
    derivation: Text = Field("", description="arithmetic over evidence ids")
    why: Text = Field(description="one sentence")


class _ScenarioFile(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)

    title: Line = Field(description="one line of text")
    world: Text = Field(description="text")
    claims: list[str] = Field(description="a list of ids")
    weight: float = Field(ge=0, le=MOST_WEIGHT, description=f"a number from 0 to {MOST_WEIGHT:,.0f}")
    base: Text | None = Field(None, description="the name of another scenario")
    settings: dict[str, object] = Field({}, description=f"a mapping of {', '.join(settings.OF_A_SCENARIO)}")
    overrides: dict[str, object] = Field(description="a mapping of assumptions ({} for none)")


@dataclass(frozen=True)
class Override:
    """One assumption as a scenario sets it. `estimate`: a number, or (low, central, high); `set_in`: whose file says so."""

    estimate: float | tuple[float, float, float]
    basis: str
    claims: tuple[str, ...]
    evidence: tuple[str, ...]
    derivation: str
    why: str
    set_in: str


@dataclass(frozen=True)
class Scenario:
    """A possible world: what would have to be true, and what it changes, with all that it takes from its base."""

    name: str
    title: str
    world: str
    claims: tuple[str, ...]
    weight: float
    base: str | None
    settings: dict[str, str | int]
    overrides: dict[str, Override]


def read_scenarios(folder: pathlib.Path, frames: Mapping[str, pd.DataFrame]) -> dict[str, Scenario]:
    """Return name -> scenario, one per *.yaml file in `folder`. `frames`: the tables that scenarios refer to."""
    found: dict[str, Scenario] = {}
    for path in _files(folder):
        found[path.stem] = _scenario(path, frames)
    _check_titles(found)
    complete = {name: _with_base(name, found) for name in found}
    for scenario in complete.values():
        _check_start(scenario, frames)
    return complete


def hidden_files(folder: pathlib.Path) -> list[str]:
    """Return the names of what lies in a folder of scenarios and is left alone: hidden files and those of other kinds."""
    return [path.name for path in sorted(folder.glob("*")) if path.name.startswith(".") or not _is_yaml(path)]


def _is_yaml(path: pathlib.Path) -> bool:
    return path.suffix.lower() in (".yaml", ".yml")


def _files(folder: pathlib.Path) -> list[pathlib.Path]:
    files = [path for path in sorted(folder.glob("*")) if _is_yaml(path) and not path.name.startswith(".")]
    if not files:
        raise InputError(f"no scenario file (*.yaml) found in {folder}")
    for path in files:
        if not re.fullmatch(r"[a-z][a-z0-9_]*\.yaml", path.name):
            stem = re.sub(r"[^a-z0-9]+", "_", path.stem.lower()).strip("_")
            right = "scenario_" * (not stem[:1].isalpha()) + stem
            rule = "a scenario file is named in lower case, digits and _, ending in .yaml"
            raise InputError(f"{shown(path.name)}: {rule}: {right}.yaml")
    return files


def _scenario(path: pathlib.Path, frames: Mapping[str, pd.DataFrame]) -> Scenario:
    content = checked(_ScenarioFile, read_yaml(path), path.name)
    names = list(frames["assumptions"]["name"])
    for name in content.overrides:
        if name not in names:
            raise InputError(f"{path.name}, overrides: {unknown('assumption', name, names)}")
    return Scenario(
        name=path.stem,
        title=content.title,
        world=" ".join(content.world.split()),
        claims=_references(f"{path.name}, claims", content.claims, frames["claims"]["id"]),
        weight=content.weight,
        base=content.base,
        settings=_settings(path.name, content.settings),
        overrides={name: _override(path, name, entry, frames) for name, entry in content.overrides.items()},
    )


def _settings(file: str, given: Mapping[str, object]) -> dict[str, str | int]:
    for name in given:
        if name not in settings.OF_A_SCENARIO:
            raise InputError(
                f"{file}, settings: {unknown('setting of a scenario', name, settings.OF_A_SCENARIO)}"
            )
    try:
        chosen = settings.parse(given)
        settings.Settings(**chosen)
    except InputError as error:
        raise InputError(f"{file}, settings: {error}") from None
    return chosen


def _override(path: pathlib.Path, name: str, given: object, frames: Mapping[str, pd.DataFrame]) -> Override:
    where = f"{path.name}, {name}"
    if not isinstance(given, dict):
        raise InputError(
            f"{where}: estimate, basis, claims, evidence and why are expected; given {shown(given)}"
        )
    entry = checked(_OverrideEntry, given, where)
    override = Override(
        estimate=_estimate(path.name, name, entry.estimate, frames["assumptions"]),
        basis=entry.basis,
        claims=_references(f"{where}, claims", entry.claims, frames["claims"]["id"]),
        evidence=_references(f"{where}, evidence", entry.evidence, frames["evidence"]["id"]),
        derivation=entry.derivation,
        why=" ".join(entry.why.split()),
        set_in=path.stem,
    )
    if override.derivation:
        central = override.estimate[1] if isinstance(override.estimate, tuple) else override.estimate
        figures = {row.id: row for row in frames["evidence"].itertuples()}
        try:
            derivations.check(override.derivation, central, override.evidence, figures)
        except InputError as error:
            raise InputError(f"{where}, derivation: {error}") from None
    return override


def _estimate(
    file: str, name: str, given: object, assumptions: pd.DataFrame
) -> float | tuple[float, float, float]:
    row = assumptions.loc[assumptions["name"] == name].iloc[0]
    try:
        values = estimates.parse(name, given)
        estimate = estimates.Estimate(
            name, *values, row["unit"], row["domain"], row["minimum"], row["maximum"]
        )
    except InputError as error:
        raise InputError(f"{file}, estimate: {error}") from None
    return estimate.central if estimate.certain else values


def _references(where: str, given: list[str], known: pd.Series) -> tuple[str, ...]:
    names = set(known)
    for reference in given:
        if reference not in names:
            raise InputError(f"{where}: {unknown('id', reference, sorted(names))}")
    return tuple(given)


def _check_titles(scenarios: Mapping[str, Scenario]) -> None:
    seen: dict[str, str] = {}
    for name, scenario in scenarios.items():
        first = seen.setdefault(" ".join(scenario.title.casefold().split()), name)
        if first != name:
            raise InputError(
                f"{name}.yaml, title: {shown(scenario.title)} is the title of {first}.yaml already"
            )


def _with_base(name: str, scenarios: Mapping[str, Scenario]) -> Scenario:
    """Return a scenario with the settings and overrides of its base, and of the base's base, below its own."""
    line = [name]
    while base := scenarios[line[-1]].base:
        if base not in scenarios:
            raise InputError(f"{line[-1]}.yaml, base: {unknown('scenario', base, scenarios)}")
        if base in line:
            raise InputError(f"{line[-1]}.yaml, base: circular, {' takes '.join([*line, base])}")
        line.append(base)
    chosen, overrides = {}, {}
    for each in reversed(line):
        chosen |= scenarios[each].settings
        overrides |= scenarios[each].overrides
    try:
        settings.Settings(**chosen)
    except InputError as error:
        raise InputError(f"{name}.yaml, settings: {error}") from None
    return replace(scenarios[name], settings=chosen, overrides=overrides)


def _check_start(scenario: Scenario, frames: Mapping[str, pd.DataFrame]) -> None:
    """Month 0 must not lie after the newest figure behind the scenario's inputs: nothing would speak of that month."""
    cited = {each for override in scenario.overrides.values() for each in override.evidence}
    for row in frames["assumptions"].itertuples():
        if row.name not in scenario.overrides:
            cited.update(row.evidence.split())
    evidence = frames["evidence"]
    published = evidence.loc[evidence["id"].isin(cited) & (evidence["published"] != "undated"), "published"]
    newest = max((months.last_day(date).strftime("%Y-%m") for date in published), default="")
    start = settings.Settings(**scenario.settings).start_month
    if newest < start:
        when = (
            f"the newest figure that it rests on is of {newest}" if newest else "it rests on no dated figure"
        )
        raise InputError(
            f"{scenario.name}.yaml, settings: start_month {start} lies after its figures; {when}"
        )
