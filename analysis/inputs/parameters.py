"""Scenario and overrides to one frozen, checked case: every estimate and setting that a run depends on."""

import functools
import numbers
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from analysis.inputs import checks, estimates, settings
from analysis.inputs.draws import Correlation, Drawn, normal_scores
from analysis.inputs.errors import unknown
from analysis.inputs.estimates import Estimate
from analysis.inputs.place import BASE
from analysis.inputs.scenarios import Scenario
from analysis.inputs.settings import BURN_BASES, SETTINGS, Settings
from analysis.inputs.tables import Tables

__all__ = ["BASE", "BURN_BASES", "SETTINGS", "Case", "Settings", "change", "command", "resolve"]


@dataclass(frozen=True)
class Case:
    """One run: scenario, settings, estimates, correlations; `changed`: overrides as given, to repeat it."""

    scenario: str
    settings: Settings
    estimates: tuple[Estimate, ...]
    correlations: tuple[Correlation, ...] = ()
    changed: dict[str, str] = field(default_factory=dict, hash=False)

    def __getitem__(self, name: str) -> Estimate:
        if name not in self._by_name:
            raise unknown("assumption", name, self._by_name)
        return self._by_name[name]

    @functools.cached_property
    def _by_name(self) -> dict[str, Estimate]:
        return {estimate.name: estimate for estimate in self.estimates}

    def sample(self, independent: bool = False) -> Drawn:
        """Return every input's draws, each (settings.draws,); `independent`: as if none were correlated."""
        correlations = () if independent else self.correlations
        scores = normal_scores(tuple(self._by_name), self.settings.draws, self.settings.seed, correlations)
        return Drawn((each.name, each.at(row)) for each, row in zip(self.estimates, scores, strict=True))

    def central(self) -> Drawn:
        """Return every input's central value, each of shape (1,)."""
        return Drawn((each.name, np.array([each.central])) for each in self.estimates)


def resolve(tables: Tables, scenario: str, overrides: Mapping[str, object] | None = None) -> Case:
    """Return the case of a scenario with overrides: settings and assumptions by name; None is no override.

    An estimate is a number, (low, central, high), or the text "low,central,high". Overrides win over the
    scenario, the scenario over the tables. InputError: what is wrong, given, allowed, the nearest name.
    """
    world = tables.scenario(scenario)
    usual = Case(
        scenario=scenario,
        settings=Settings(**world.settings),
        estimates=tuple(_estimate(row, world) for row in tables.assumptions.itertuples(index=False)),
        correlations=checks.pairs(tables.correlations),
    )
    given = {name: value for name, value in (overrides or {}).items() if value is not None}
    return change(usual, given) if given else usual


def change(case: Case, overrides: Mapping[str, object]) -> Case:
    """Return `case` with further overrides: what `resolve` returns or raises for all together, far faster."""
    for name in overrides:
        if name not in SETTINGS and name not in case._by_name:
            raise unknown("parameter", name, [*SETTINGS, *case._by_name])
    return replace(
        case,
        settings=replace(case.settings, **settings.parse(overrides)),
        estimates=tuple(
            _overridden(each, overrides[each.name]) if each.name in overrides else each
            for each in case.estimates
        ),
        changed=case.changed | {name: _as_given(value) for name, value in overrides.items()},
    )


def _estimate(row, world: Scenario) -> Estimate:
    if row.name in world.overrides:
        return Estimate.of_row(row, world.overrides[row.name].estimate, "scenario")
    return Estimate.as_in_table(row)


def _overridden(estimate: Estimate, given: object) -> Estimate:
    low, central, high = estimates.parse(estimate.name, given)
    return replace(estimate, low=low, central=central, high=high, origin="override")


def _as_given(value: object) -> str:
    if isinstance(value, list | tuple):
        return ",".join(_as_given(part) for part in value)
    if isinstance(value, numbers.Real) and not isinstance(value, numbers.Integral):
        return repr(float(value)).removesuffix(".0")  # exact: the reproduce line must give the same case
    return str(value)


def command(parts: Sequence[str], given: Mapping[str, str]) -> str:
    """Return `burn-report` and its parts, then settings and inputs as options, quoted for a shell."""
    for name, value in given.items():
        option = [f"--{name}", value] if name in ("draws", "seed") else ["--set", f"{name}={value}"]
        parts = [*parts, *option]
    return shlex.join(["burn-report", *parts])
