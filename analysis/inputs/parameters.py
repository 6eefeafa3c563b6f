"""Scenario and overrides to one frozen, checked case: every estimate and setting that a run depends on."""

import functools
import numbers
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from analysis.inputs import draws as sampling
from analysis.inputs import estimates, settings
from analysis.inputs.draws import Correlation, Drawn
from analysis.inputs.errors import unknown
from analysis.inputs.estimates import Estimate
from analysis.inputs.place import BASE
from analysis.inputs.settings import BURN_BASES, SETTINGS, Settings
from analysis.inputs.tables import Scenario, Tables

__all__ = ["BASE", "BURN_BASES", "SETTINGS", "Case", "Settings", "change", "explain", "resolve"]


@dataclass(frozen=True)
class Case:
    """One run: a scenario, its settings, every estimate in the order of the table, and how they depend.

    `changed`: what differs from the scenario through overrides, as given (for the reproduce line).
    """

    scenario: str
    settings: Settings
    estimates: tuple[Estimate, ...]
    correlations: tuple[Correlation, ...] = ()
    changed: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Estimate:
        try:
            return self._by_name[name]
        except KeyError:
            raise unknown("assumption", name, self._by_name) from None

    @functools.cached_property
    def _by_name(self) -> dict[str, Estimate]:
        return {estimate.name: estimate for estimate in self.estimates}

    def sample(self, independent: bool = False) -> Drawn:
        """Return every input's draws, each (settings.draws,); `independent`: as if none were correlated."""
        correlations = () if independent else self.correlations
        return sampling.sample(self.estimates, self.settings.draws, self.settings.seed, correlations)

    def central(self) -> Drawn:
        """Return every input's central value, each of shape (1,)."""
        return sampling.central(self.estimates)


def resolve(tables: Tables, scenario: str, overrides: Mapping[str, object] | None = None) -> Case:
    """Return the case of a scenario with overrides: settings and assumptions by name; None is no override.

    An estimate is a number, (low, central, high), or the text "low,central,high". Overrides win over the
    scenario, the scenario over the tables. Raises InputError: what is wrong, given, allowed, the nearest
    name.
    """
    given = {name: value for name, value in (overrides or {}).items() if value is not None}
    world = tables.scenario(scenario)
    _check_names(given, tables.assumptions.index)
    return Case(
        scenario=scenario,
        settings=Settings(**world.settings | settings.parse(given)),
        estimates=tuple(_estimate(row, world, given) for row in tables.assumptions.itertuples(index=False)),
        correlations=tables.correlated,
        changed={name: _as_given(value) for name, value in given.items()},
    )


def change(case: Case, overrides: Mapping[str, object]) -> Case:
    """Return `case` with further overrides: what `resolve` returns or raises for all together, far faster."""
    _check_names(overrides, [estimate.name for estimate in case.estimates])
    chosen = settings.parse(overrides)
    return replace(
        case,
        settings=replace(case.settings, **chosen) if chosen else case.settings,
        estimates=tuple(
            _overridden(estimate, overrides) if estimate.name in overrides else estimate
            for estimate in case.estimates
        ),
        changed=case.changed | {name: _as_given(value) for name, value in overrides.items()},
    )


def explain(tables: Tables, name: str) -> str:
    """Return one line on a parameter: what it is, its unit and what is allowed."""
    if name in SETTINGS:
        return SETTINGS[name]
    if name not in tables.assumptions.index:
        raise unknown("parameter", name, [*SETTINGS, *tables.assumptions.index])
    row = tables.assumptions.loc[name]
    return f"{row['label']}, {row['unit']}, {row['minimum']:g} to {row['maximum']:g}"


def _check_names(given: Mapping[str, object], assumptions) -> None:
    for name in given:
        if name not in SETTINGS and name not in assumptions:
            raise unknown("parameter", name, [*SETTINGS, *assumptions])


def _estimate(row, world: Scenario, given: Mapping[str, object]) -> Estimate:
    values, origin = (row.low, row.central, row.high), "assumptions"
    if pd.isna(row.low):
        values = row.central
    if row.name in world.overrides:
        values, origin = world.overrides[row.name].estimate, "scenario"
    if row.name in given:
        values, origin = given[row.name], "override"
    low, central, high = estimates.parse(row.name, values)
    return Estimate(row.name, low, central, high, row.unit, row.domain, row.minimum, row.maximum, origin)


def _overridden(estimate: Estimate, overrides: Mapping[str, object]) -> Estimate:
    low, central, high = estimates.parse(estimate.name, overrides[estimate.name])
    return replace(estimate, low=low, central=central, high=high, origin="override")


def _as_given(value: object) -> str:
    if isinstance(value, list | tuple):
        return ",".join(_as_given(part) for part in value)
    if isinstance(value, numbers.Real) and not isinstance(value, numbers.Integral):
        return repr(float(value)).removesuffix(".0")  # exact: the reproduce line must give the same case
    return str(value)
