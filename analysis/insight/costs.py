"""Spending as tables: by category, rebuilt from its parts, and from month to month. All in millions of US dollars a month."""

import functools

import numpy as np
import pandas as pd

from analysis.insight import bands
from analysis.model import growth, revenue
from analysis.model.costs import CATEGORIES, LINES, scaled_shares
from analysis.model.options import World
from analysis.results import Run, percentiles

MARKS = (0, 12, 36)  # months that the table of the path shows
# the inputs that each line item is a product (or sum) of; model README, section 4
DRIVERS = {
    "hardware_purchases": ("gpus_added_per_month", "gpu_all_in_usd"),
    "power": ("gpus_installed", "gpu_power_kw", "pue", "electricity_usd_per_kwh"),
    "maintenance": ("hardware_stock_usd_m", "maintenance_share_per_year"),
    "cloud_rental": ("cloud_gpu_hours_m_per_month", "cloud_usd_per_gpu_hour"),
    "talent": ("headcount", "cash_cost_per_head_usd_k_per_year"),
    "annotation": ("annotators", "annotator_hours_per_month", "annotator_usd_per_hour"),
    "data_licences": ("data_licences_usd_m_per_year",),
    "compliance": ("compliance_share_of_spend", "fines_usd_m_per_year"),
}

Spread = dict[str, float]

# Spreads are asked for by several sentences and tables of one page: the last run's are kept.


def spread(draws: np.ndarray, central: float) -> Spread:
    """Return central, p5 … p95 and their standard errors (p5_se …, nan where a scramble has none); inf is "never".

    `draws`: (draws,).
    """
    return {"central": float(central)} | percentiles(draws, bands.LEVELS)


@functools.lru_cache(maxsize=1)
def category_shares(run: Run) -> dict[str, Spread]:
    """Return category -> share of spending in month 0."""
    draws, central = (scaled_shares(world.x, world.kept_shares) for world in (run.world, run.central_world))
    return {name: spread(draws[name], central[name][0]) for name in CATEGORIES}


@functools.lru_cache(maxsize=1)
def category_amounts(run: Run) -> dict[str, Spread]:
    """Return category -> spending in month 0, usd_m, and `total`."""
    amounts = {name: spread(run.world.base[name][:, 0], run.central_world.base[name][0, 0]) for name in CATEGORIES}
    return amounts | {"total": spread(run.world.burn, run.central_world.burn[0])}


@functools.lru_cache(maxsize=1)
def categories(run: Run) -> pd.DataFrame:
    """Return one row per category, largest first: spending in month 0 with percentiles, and its share."""
    shares = category_shares(run)
    rows = [
        {"category": name} | _amounts(amount) | {f"{key}_share": shares[name][key] for key in ("central", "p5", "p95")}
        for name, amount in category_amounts(run).items()
        if name != "total"
    ]
    return pd.DataFrame(rows).sort_values("central_usd_m", ascending=False, ignore_index=True, kind="stable")


def leading_shares(run: Run, leader: str) -> tuple[np.ndarray, np.ndarray]:
    """Return per draw, (draws,) each: whether `leader` is the largest category, and whether it takes more than half."""
    shares = scaled_shares(run.x, run.case.kept_shares)
    return shares[leader] >= np.max(list(shares.values()), axis=0), shares[leader] > 0.5


def other_reading(run: Run) -> dict[str, float | str]:
    """Return spending in month 0 under the other reading of the claim: `basis`, `total_usd_m`, `difference_usd_m`.

    Net means spending less revenue, so the two readings differ by the revenue of month 0, in every category in proportion.
    """
    revenue, total = float(run.central_world.revenue_start[0]), float(run.central_world.burn[0])
    basis, difference = ("net", revenue) if run.settings.burn_basis == "gross" else ("gross", -revenue)
    return {"basis": basis, "total_usd_m": total + difference, "difference_usd_m": difference}


@functools.lru_cache(maxsize=1)
def line_spreads(run: Run) -> dict[str, Spread]:
    """Return line item -> usd_m in month 0, then `bottom_up_total`, `unexplained` and `claim` (spending in month 0)."""
    lines = {
        name: spread(run.bottom_up[name], run.metrics[name]["central"]) for name in (*LINES, "bottom_up_total", "unexplained")
    }
    return lines | {"claim": spread(run.world.burn, run.central_world.burn[0])}


def bottom_up(run: Run) -> pd.DataFrame:
    """Return the eight line items, largest first, then their total and the claim; `kind`: part, total or claim."""
    spreads = line_spreads(run)
    parts = sorted(LINES, key=lambda name: -spreads[name]["central"])
    kinds = dict.fromkeys(parts, "part") | {"bottom_up_total": "total", "claim": "claim"}
    return pd.DataFrame([{"line": name, "kind": kind} | _amounts(spreads[name]) for name, kind in kinds.items()])


def exceeding(run: Run) -> np.ndarray:
    """Return per draw, (draws,), whether the eight parts come to more than the claim."""
    return run.bottom_up["unexplained"] < 0


def closing_accelerators(run: Run) -> float | None:
    """Return the accelerators added per month at which the parts equal the claim, all else central; None if none would."""
    price = run.case["gpu_all_in_usd"].central
    if price == 0:
        return None
    needed = run.case["gpus_added_per_month"].central + run.metrics["unexplained"]["central"] * 1e6 / price
    return needed if needed > 0 else None


def path(run: Run) -> pd.DataFrame:
    """Return total spending per month with bands, columns as in `bands.fan`."""
    return bands.fan(run.path.spend, run.central_path.spend, run.settings, "usd_m")


@functools.lru_cache(maxsize=1)
def by_month(run: Run) -> dict[str, dict[int, Spread | None]]:
    """Return category (and `total`) -> month 0, 12, 36 -> spending; None for a month beyond the horizon."""
    draws, central = _months(run.world, run), _months(run.central_world, run, central=True)
    horizon = run.settings.horizon_months
    return {
        name: {t: spread(draws[name][:, t], central[name][0, t]) if t < horizon else None for t in MARKS}
        for name in (*CATEGORIES, "total")
    }


@functools.lru_cache(maxsize=1)
def ceiling(run: Run) -> Spread:
    """Return the spending that the fading growth of costs and of revenue approaches; inf where growth never fades."""
    return spread(_ceiling(run.world), _ceiling(run.central_world)[0])


@functools.lru_cache(maxsize=1)
def first_year_growth(run: Run) -> Spread | None:
    """Return spending in month 12 over month 0, less 1; None beyond the horizon or when spending starts at 0."""
    draws, central = run.path.spend, run.central_path.spend
    if draws.shape[1] <= 12 or not draws[:, 0].all() or not central[0, 0]:
        return None
    return spread(draws[:, 12] / draws[:, 0] - 1, central[0, 12] / central[0, 0] - 1)


def _amounts(values: Spread) -> dict[str, float]:
    return {f"{key}_usd_m": values[key] for key in ("central", *(f"p{level}" for level in bands.LEVELS))}


def _months(world: World, run: Run, central: bool = False) -> dict[str, np.ndarray]:
    plain = run.central_path if central else run.path
    return world.base | {"compute": plain.compute, "total": plain.spend}


def _ceiling(world: World) -> np.ndarray:
    x, endurance = world.x, world.x["spend_growth_endurance"]
    base = sum(
        growth.ceiling(world.base[name][:, 0], growth.per_month(x[f"growth_{name}_per_year"]), endurance) for name in CATEGORIES
    )
    serving = x["serving_cost_ratio"]
    gained = revenue.ceiling(x) - world.revenue_start
    return base + serving * np.where(serving == 0, 0.0, gained)  # where serving is free, endless revenue costs nothing
