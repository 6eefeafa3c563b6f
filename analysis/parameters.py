"""Scenario and overrides to one frozen, checked case: every estimate and setting that a run depends on."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from analysis import draws as sampling
from analysis import estimates
from analysis.errors import InputError, shown, unknown
from analysis.estimates import Estimate
from analysis.inputs import Tables

BURN_BASES = ("gross", "net")
SHARES = ("share_compute", "share_talent", "share_data", "share_compliance", "share_other")
SETTINGS = {
    "burn_basis": "gross: the claim is spending; net: it is spending less revenue",
    "start_month": "month 0 of the model, YYYY-MM",
    "horizon_months": "number of months that are modelled, 1 to 240",
    "target_month": "month in which revenue is to equal spending, YYYY-MM",
    "seed": "seed of the draws, a whole number of 0 or more",
    "draws": "number of draws, 8 times a power of two",
}


@dataclass(frozen=True)
class Settings:
    """What is chosen rather than estimated. Months are YYYY-MM; `target_months` counts from the start."""

    burn_basis: str = "gross"
    start_month: str = "2025-06"
    horizon_months: int = 60
    target_month: str = "2027-12"
    seed: int = 20250617
    draws: int = 8192

    def __post_init__(self) -> None:
        if self.burn_basis not in BURN_BASES:
            raise unknown("burn_basis", self.burn_basis, BURN_BASES)
        _whole("horizon_months", self.horizon_months, 1, 240)
        _whole("seed", self.seed, 0, 2**63 - 1)
        sampling.check_draws(_whole("draws", self.draws, 1, 2**20))
        if not 1 <= self.target_months <= 240:
            raise InputError(
                f"target_month: 1 to 240 months after start_month {self.start_month} is expected; given {self.target_month}"
            )

    @property
    def target_months(self) -> int:
        """Months from the start to the target."""
        start, target = (_month(name, getattr(self, name)) for name in ("start_month", "target_month"))
        return (target.year - start.year) * 12 + target.month - start.month

    def month(self, index: int) -> str:
        """Return the calendar month of `index` as YYYY-MM."""
        start = _month("start_month", self.start_month)
        years, months = divmod(start.month - 1 + index, 12)
        return f"{start.year + years:04d}-{months + 1:02d}"


@dataclass(frozen=True)
class Case:
    """One run: a scenario, its settings and every estimate in the order of the assumptions table.

    `kept_shares`: shares of spend that are kept as set; the others are scaled to fill the rest.
    `changed`: what differs from the scenario through overrides, as given (for the reproduce line).
    """

    scenario: str
    settings: Settings
    estimates: tuple[Estimate, ...]
    kept_shares: tuple[str, ...] = ()
    changed: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Estimate:
        by_name = {estimate.name: estimate for estimate in self.estimates}
        if name not in by_name:
            raise unknown("assumption", name, by_name)
        return by_name[name]

    def sample(self) -> dict[str, "sampling.np.ndarray"]:
        """Return every input's draws, each of shape (settings.draws,)."""
        return sampling.sample(self.estimates, self.settings.draws, self.settings.seed)

    def central(self) -> dict[str, "sampling.np.ndarray"]:
        """Return every input's central value, each of shape (1,)."""
        return sampling.central(self.estimates)


def resolve(tables: Tables, scenario: str, overrides: Mapping[str, object] | None = None) -> Case:
    """Return the case of a scenario with overrides: settings and assumptions by name.

    An estimate is a number, (low, central, high), or the text "low,central,high". Raises InputError that names what
    is wrong, what was given, what is allowed and the nearest right name.
    """
    given = {name: value for name, value in (overrides or {}).items() if value is not None}
    world = tables.scenario(scenario)
    for name in given:
        if name not in SETTINGS and name not in tables.assumptions.index:
            raise unknown("parameter", name, [*SETTINGS, *tables.assumptions.index])
    settings = Settings(**{name: _setting(name, given[name]) for name in SETTINGS if name in given})
    case = Case(
        scenario=scenario,
        settings=settings,
        estimates=tuple(_estimate(row, world, given) for row in tables.assumptions.itertuples(index=False)),
        kept_shares=_kept_shares(world.overrides, given),
        changed={name: _as_given(value) for name, value in given.items()},
    )
    _check_shares(case)
    return case


def change(case: Case, overrides: Mapping[str, object]) -> Case:
    """Return `case` with further overrides, equal to `resolve` with all of them together and far faster for many cases.

    Raises what `resolve` raises.
    """
    for name in overrides:
        if name not in SETTINGS and name not in {estimate.name for estimate in case.estimates}:
            raise unknown("parameter", name, [*SETTINGS, *(estimate.name for estimate in case.estimates)])
    settings = {name: _setting(name, overrides[name]) for name in SETTINGS if name in overrides}
    changed = case.changed | {name: _as_given(value) for name, value in overrides.items()}
    user = tuple(name for name in SHARES if name in changed)
    found = Case(
        scenario=case.scenario,
        settings=replace(case.settings, **settings) if settings else case.settings,
        estimates=tuple(_changed(estimate, overrides) for estimate in case.estimates),
        kept_shares=user or case.kept_shares,
        changed=changed,
    )
    if user:
        _check_shares(found)
    return found


def _changed(estimate: Estimate, overrides: Mapping[str, object]) -> Estimate:
    if estimate.name not in overrides:
        return estimate
    low, central, high = estimates.parse(estimate.name, overrides[estimate.name])
    return replace(estimate, low=low, central=central, high=high, origin="override")


def _estimate(row, world, given: Mapping[str, object]) -> Estimate:
    values, origin = (row.low, row.central, row.high), "assumptions"
    if pd.isna(row.low):
        values = row.central
    if row.name in world.overrides:
        values, origin = world.overrides[row.name].estimate, "scenario"
    if row.name in given:
        values, origin = given[row.name], "override"
    low, central, high = estimates.parse(row.name, values)
    return Estimate(row.name, low, central, high, row.unit, row.domain, row.minimum, row.maximum, origin)


def _setting(name: str, value: object) -> object:
    if name in ("horizon_months", "seed", "draws"):
        number = estimates.number(name, value)
        if number != int(number):
            raise InputError(f"{name}: a whole number is expected; given {shown(value)}")
        return int(value) if str(value).strip().lstrip("+-").isdigit() else int(number)  # a float would round a long seed
    if not isinstance(value, str):
        raise InputError(f"{name}: {SETTINGS[name]} is expected; given {shown(value)}")
    return value.strip()


def _whole(name: str, value: int, low: int, high: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise InputError(f"{name}: a whole number from {low} to {high} is expected; given {shown(value)}")
    return value


def _month(name: str, text: str) -> datetime.date:
    try:
        month = datetime.datetime.strptime(text, "%Y-%m").date()
        if len(text) != 7 or not text.isascii() or not 2000 <= month.year <= 2100:
            raise ValueError
    except (TypeError, ValueError):
        raise InputError(f"{name}: a month YYYY-MM between 2000-01 and 2100-12 is expected; given {shown(text)}") from None
    return month


def _kept_shares(scenario_overrides: Mapping, given: Mapping) -> tuple[str, ...]:
    """A user's shares are kept as set; without any, the scenario's own are."""
    user = tuple(name for name in SHARES if name in given)
    return user or tuple(name for name in SHARES if name in scenario_overrides)


def _check_shares(case: Case) -> None:
    kept = sum(case[name].central for name in case.kept_shares)
    free = sum(case[name].central for name in SHARES if name not in case.kept_shares)
    names = ", ".join(f"{name} {case[name].central:g}" for name in case.kept_shares)
    if kept > 1 + 1e-9:
        raise InputError(f"shares of spend: those that are set must not exceed 1 in sum; given {names}, {kept:g} in sum")
    if len(case.kept_shares) == len(SHARES) and abs(kept - 1) > 1e-9:
        raise InputError(f"shares of spend: when all five are set they must sum to 1; given {names}, {kept:g} in sum")
    if free == 0 and kept < 1 - 1e-9:
        raise InputError(
            f"shares of spend: the others are all 0 and cannot fill the rest; given {names or 'none'}, {kept:g} in sum"
        )


def _as_given(value: object) -> str:
    if isinstance(value, list | tuple):
        return ",".join(f"{part:g}" if isinstance(part, float) else str(part) for part in value)
    return str(value)
