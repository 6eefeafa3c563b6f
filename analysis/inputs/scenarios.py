"""Scenario files: a possible world each, as settings and overrides of assumptions, checked."""

import pathlib
import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Literal

import pandas as pd
import pydantic
from pydantic import Field, StringConstraints

from analysis.inputs import derivations, months, settings
from analysis.inputs.errors import InputError, shown, unknown, within
from analysis.inputs.estimates import Estimate
from analysis.inputs.reading import checked, read_yaml
from analysis.inputs.schemas import BASES
from analysis.inputs.settings import OF_A_SCENARIO, Settings

Frames = Mapping[str, pd.DataFrame]  # the tables that scenarios refer to, each by id or name

MOST_WEIGHT = 1e6
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Line = Annotated[Text, StringConstraints(pattern=r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]+$")]
Ids = Annotated[tuple[str, ...], Field(strict=False, description="a list of ids")]


class _Entry(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class Override(_Entry):
    """One assumption as a scenario sets it. `estimate`: a number, or (low, central, high)."""

    estimate: object
    basis: Literal[BASES]
    claims: Ids
    evidence: Ids
    derivation: Text = Field("", description="arithmetic over evidence ids")
    why: Text = Field(description="one sentence")


class ScenarioFile(_Entry):
    """What a scenario's file may hold."""

    title: Line = Field(description="one line of text")
    world: Text = Field(description="text")
    claims: Ids
    weight: float = Field(ge=0, le=MOST_WEIGHT, description=f"a number from 0 to {MOST_WEIGHT:,.0f}")
    base: Text | None = Field(None, description="the name of another scenario")
    settings: dict[str, object] = Field({}, description=f"a mapping of {', '.join(OF_A_SCENARIO)}")
    overrides: dict[str, object] = Field(description="a mapping of assumptions ({} for none)")


class Scenario(ScenarioFile):
    """A possible world: what would have to be true and what it changes, with what it takes from its base."""

    name: str
    settings: dict[str, str | int]
    overrides: dict[str, Override]


def read_scenarios(folder: pathlib.Path, frames: Frames) -> dict[str, Scenario]:
    """Return name -> scenario, one per *.yaml file."""
    found = {path.stem: _read(path, frames) for path in _files(folder)}
    _check_titles(found)
    return {name: _complete(name, found, frames) for name in found}


def hidden_files(folder: pathlib.Path) -> list[str]:
    """Return the names of what is left alone in a folder of scenarios: hidden files and other kinds."""
    return [path.name for path in sorted(folder.glob("*")) if not _is_scenario(path)]


def _is_scenario(path: pathlib.Path) -> bool:
    return path.suffix.lower() in (".yaml", ".yml") and not path.name.startswith(".")


def _files(folder: pathlib.Path) -> list[pathlib.Path]:
    files = [path for path in sorted(folder.glob("*")) if _is_scenario(path)]
    if not files:
        raise InputError(f"no scenario file (*.yaml) found in {folder}")
    for path in files:
        if not re.fullmatch(r"[a-z][a-z0-9_]*\.yaml", path.name):
            stem = re.sub(r"[^a-z0-9]+", "_", path.stem.lower()).strip("_")
            right = stem if stem[:1].isalpha() else f"scenario_{stem}"
            rule = "a scenario file is named in lower case, digits and _, ending in .yaml"
            raise InputError(f"{shown(path.name)}: {rule}; here {right}.yaml")
    return files


def _read(path: pathlib.Path, frames: Frames) -> Scenario:
    file = path.name
    content = checked(ScenarioFile, read_yaml(path), file)
    _check_known(f"{file}, claims:", "claim", content.claims, frames["claims"].index)
    _check_known(f"{file}, settings:", "setting of a scenario", content.settings, OF_A_SCENARIO)
    _check_known(f"{file}, overrides:", "assumption", content.overrides, frames["assumptions"].index)
    with within(f"{file}, settings:"):
        chosen = settings.parse(content.settings)
    overrides = {name: _override(file, name, given, frames) for name, given in content.overrides.items()}
    world = " ".join(content.world.split())
    parts = vars(content) | {"world": world, "settings": chosen, "overrides": overrides}
    return Scenario(name=path.stem, **parts)


def _override(file: str, name: str, given: object, frames: Frames) -> Override:
    at = f"{file}, {name}"
    if not isinstance(given, dict):
        raise InputError(f"{at}: {', '.join(Override.model_fields)} are expected; given {shown(given)}")
    entry = checked(Override, given, at)
    _check_known(f"{at}, claims:", "claim", entry.claims, frames["claims"].index)
    _check_known(f"{at}, evidence:", "evidence", entry.evidence, frames["evidence"].index)
    with within(f"{file}, estimate:"):
        estimate = Estimate.of_row(frames["assumptions"].loc[name], entry.estimate, "scenario")
    with within(f"{at}, derivation:"):
        derivations.check(entry.derivation, estimate.central, entry.evidence, frames["evidence"])
    values = estimate.central if estimate.certain else (estimate.low, estimate.central, estimate.high)
    return entry.model_copy(update={"estimate": values, "why": " ".join(entry.why.split())})


def _check_known(at: str, kind: str, given: Iterable[str], allowed: Iterable[str]) -> None:
    for name in given:
        if name not in allowed:
            raise InputError(f"{at} {unknown(kind, name, allowed)}")


def _check_titles(scenarios: Mapping[str, Scenario]) -> None:
    seen: dict[str, str] = {}
    for name, scenario in scenarios.items():
        first = seen.setdefault(" ".join(scenario.title.casefold().split()), name)
        if first != name:
            title = shown(scenario.title)
            raise InputError(f"{name}.yaml, title: {title} is the title of {first}.yaml already")


def _complete(name: str, scenarios: Mapping[str, Scenario], frames: Frames) -> Scenario:
    """Return a scenario with the settings and overrides of its base, and of that one's, below its own."""
    line = [name]
    while base := scenarios[line[-1]].base:
        _check_known(f"{line[-1]}.yaml, base:", "scenario", [base], scenarios)
        if base in line:
            raise InputError(f"{line[-1]}.yaml, base: circular: {' takes '.join([*line, base])}")
        line.append(base)
    chosen, overrides = {}, {}
    for each in reversed(line):
        chosen |= scenarios[each].settings
        overrides |= scenarios[each].overrides
    with within(f"{name}.yaml, settings:"):
        _check_start(Settings(**chosen).start_month, overrides, frames)
    return scenarios[name].model_copy(update={"settings": chosen, "overrides": overrides})


def _check_start(start: str, overrides: Mapping[str, Override], frames: Frames) -> None:
    """Month 0 must not lie after the newest figure behind the scenario: nothing would speak of that month."""
    cited = dict(frames["assumptions"]["evidence"].str.split())
    cited |= {name: override.evidence for name, override in overrides.items()}
    dates = frames["evidence"]["published"]
    published = {dates[each] for ids in cited.values() for each in ids} - {"undated"}
    newest = max((str(months.last_day(date))[:7] for date in published), default="no month")
    if newest < start or not published:
        raise InputError(f"start_month {start} lies after the newest figure that it rests on, of {newest}")
