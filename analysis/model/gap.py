"""The revenue gap: the measures of section 5 of the model README on the plain path."""

from collections.abc import Callable, Iterable

import numpy as np

from analysis.model import cash, costs, revenue
from analysis.model.options import Path, World

MONTHS = {"start": 0, "12m": 12, "36m": 36}


def measures(world: World, path: Path, names: Iterable[str] | None = None) -> dict[str, np.ndarray]:
    """Return measure -> (draws,), all or those of `names`: inf for never, nan for a month beyond the horizon."""
    return {name: MEASURES[name](world, path) for name in (MEASURES if names is None else names)}


def required_growth(world: World) -> tuple[np.ndarray, np.ndarray]:
    """Return the constant monthly growth of revenue that closes the gap in the target month, and the multiple of R(0).

    R(T) = (S°(T) − v·R(0))/(1 − v), S° the spending without serving growth; g = (R(T)/R(0))^(1/T) − 1. inf where no
    growth rate does it: no revenue to start from, a serving cost of a dollar per dollar, or no revenue needed.
    """
    x, months = world.x, world.settings.target_months
    base = costs.base_spend(x, world.burn, world.kept_shares, np.array([float(months)]))
    serving, start = x["serving_cost_ratio"], world.revenue_start
    needed = sum(base.values())[:, 0] - serving * start
    possible = (needed > 0) & (serving < 1) & (start > 0)
    multiple = np.where(possible, needed / np.where(possible, (1 - serving) * start, 1.0), np.inf)
    return np.where(possible, multiple ** (1 / months) - 1, np.inf), multiple


def _at(values: np.ndarray, month: int) -> np.ndarray:
    return values[:, month] if month < values.shape[1] else np.full(len(values), np.nan)


def _ratio(top: np.ndarray, bottom: np.ndarray) -> np.ndarray:
    return np.where(bottom == 0, np.inf, top / np.where(bottom == 0, 1.0, bottom))


def _coverage(month: int) -> Callable[[World, Path], np.ndarray]:
    return lambda world, path: _ratio(_at(path.revenue, month), _at(path.spend, month))


def _gap(month: int) -> Callable[[World, Path], np.ndarray]:
    return lambda world, path: _at(path.net_burn, month)


def _burn_multiple(world: World, path: Path) -> np.ndarray:
    gained = _at(path.revenue, 12) - path.revenue[:, 0]
    burned = cash.cumulated(path.net_burn[:, :12])[:, -1]  # to the last digit the same for one draw and for many
    return np.where(gained <= 0, np.inf, burned / np.where(gained <= 0, 1.0, 12 * gained))


MEASURES: dict[str, Callable[[World, Path], np.ndarray]] = {
    **{f"coverage_ratio_{name}": _coverage(month) for name, month in MONTHS.items()},
    **{f"gap_{name}_usd_m_per_month": _gap(month) for name, month in MONTHS.items()},
    "runway_months": lambda world, path: cash.runway_months(world.x["opening_cash_usd_m"], path.cash),
    "break_even_month": lambda world, path: cash.break_even_month(path.net_burn),
    "funding_need_usd_m": lambda world, path: cash.funding_need(world.x["opening_cash_usd_m"], path.net_burn),
    "required_growth_per_month": lambda world, path: required_growth(world)[0],
    "required_multiple": lambda world, path: required_growth(world)[1],
    "burn_multiple_12m": _burn_multiple,
    "revenue_ceiling_usd_m_per_month": lambda world, path: revenue.ceiling(world.x),
}
