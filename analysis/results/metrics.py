"""The one registry of what is measured. Definitions: model README, sections 4, 5, 7 and 8."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analysis.model import costs, revenue
from analysis.model.options import Trajectory

TAIL = 0.05


@dataclass(frozen=True)
class Metric:
    """A measure, a `statistic` of the measure `of`, or, with `of` alone, the calendar month of that."""

    name: str
    unit: str
    label: str  # for readers
    formatter: str  # a function of show.numbers
    rests_on: tuple[str, ...]  # the inputs that mainly drive it
    measure: Callable[[Trajectory], np.ndarray] | None = None  # (draws,); inf: never, nan: beyond the horizon
    of: str = ""
    statistic: Callable[[np.ndarray], float] | None = None  # one number from all draws
    needs_months: int = 0  # a shorter horizon cannot tell the statistic
    digits: int = 2


def tail_mean(values: np.ndarray) -> float:
    """Return the mean of the worst 5 % of `values`."""
    worst = max(1, round(len(values) * TAIL))
    return float(np.partition(values, worst - 1)[:worst].mean())


def at_month(values: np.ndarray, month: int) -> np.ndarray:
    """Return a month's values, (draws,); nan beyond the horizon."""
    return values[:, month] if month < values.shape[1] else np.full(len(values), np.nan)


def coverage(path: Trajectory, month: int) -> np.ndarray:
    """Return revenue over spending in a month, (draws,); inf where nothing is spent."""
    earned, spent = at_month(path.revenue, month), at_month(path.spend, month)
    return np.where(spent == 0, np.inf, earned / np.where(spent == 0, 1.0, spent))


def burn_multiple(path: Trajectory) -> np.ndarray:
    """Return a year's net burn over the yearly revenue gained in it, (draws,); inf without a gain."""
    gained = at_month(path.revenue, 12) - path.revenue[:, 0]
    burned = sum(path.net_burn[:, month] for month in range(min(12, path.net_burn.shape[1])))
    return np.where(gained <= 0, np.inf, burned / np.where(gained <= 0, 1.0, 12 * gained))


def mean(values: np.ndarray) -> float:
    """Return the mean of `values`, or the share of draws in which something happens."""
    return float(np.mean(values))


def happens(values: np.ndarray) -> float:
    """Return the share of draws that are not "never"."""
    return mean(np.isfinite(values))


_BURN, _START = ("monthly_burn_usd_m",), ("revenue_start_usd_m",)
_MONEY = ("opening_cash_usd_m", "committed_equity_usd_m", "committed_debt_usd_m")
_GROWTH = ("growth_subscriptions_per_month", "growth_endurance")
_REVENUE = (*_START, *_GROWTH, "time_to_market_months")
_SPENDING = ("growth_compute_per_year", "growth_unidentified_per_year", "spend_growth_endurance")
_LASTS, _NEEDED = (*_BURN, *_MONEY, _SPENDING[0]), (*_BURN, *_START, *_SPENDING, "serving_cost_ratio")
_CEILING = (*_GROWTH, "revenue_cap_usd_m_per_month")
_LASTING = (*_CEILING, "serving_cost_ratio", _SPENDING[0])
_MULTIPLE = ("exit_multiple_floor", "exit_multiple_per_growth", "discount_rate_per_year")
_VALUE = (*_MULTIPLE, "hardware_recovery_share", *_GROWTH, *_BURN)
_PRICE = ("valuation_usd_m", *_START, *_MULTIPLE)
_OWNED = ("valuation_usd_m", "committed_equity_usd_m", "valuation_step_per_round", "round_size_usd_m")
_LINES = {  # label, and the inputs that it is made of
    "hardware_purchases": ("Chips bought", "gpus_added_per_month", "gpu_all_in_usd"),
    "power": ("Electric power", "gpus_installed", "gpu_power_kw", "pue", "electricity_usd_per_kwh"),
    "maintenance": ("Upkeep of hardware", "hardware_stock_usd_m", "maintenance_share_per_year"),
    "cloud_rental": ("Chips rented", "cloud_gpu_hours_m_per_month", "cloud_usd_per_gpu_hour"),
    "talent": ("Employees", "headcount", "cash_cost_per_head_usd_k_per_year"),
    "annotation": ("Annotators", "annotators", "annotator_hours_per_month", "annotator_usd_per_hour"),
    "data_licences": ("Data licences", "data_licences_usd_m_per_year"),
    "data_preparation": ("Preparing data", "data_preparation_usd_m_per_year"),
    "compliance": ("Privacy and compliance", "compliance_share_of_spend", "fines_usd_m_per_year"),
}
_PARTS = _LINES["hardware_purchases"][1:]
_CATEGORIES = {
    "compute": "computing power", "talent": "employees", "data": "data",
    "compliance": "privacy and compliance", "unidentified": "what no part explains",
}  # fmt: skip
_MONTHS = (  # of the coverage ratio and the gap
    ("start", 0, "at the start", (*_BURN, *_START)),
    ("12m", 12, "after 12 months", (*_BURN, *_REVENUE)),
    ("36m", 36, "after 36 months", (*_BURN, *_REVENUE)),
)
_OUT, _WORTH = "Chance that cash runs out within", "Shareholders' value after debt"


def _monthly(name: str, label: str, rests_on: tuple[str, ...], measure: Callable) -> Metric:
    return Metric(name, "usd_m_per_month", label, "money_a_month", rests_on, measure)


def _line(name: str, label: str, *drivers: str) -> Metric:
    return _monthly(name, label, drivers, lambda path: path.model.lines[name])


def _share(category: str, label: str) -> Metric:
    drivers = [driver for line in costs.CATEGORY_LINES[category] for driver in _LINES[line][1:]]
    rests_on = tuple(drivers[:4]) or (*_BURN, *_PARTS)
    return Metric(
        f"share_{category}", "share", f"Share of spending: {label}", "percent", rests_on,
        lambda path: costs.shares(path.model.categories, path.model.spending_start)[category],
    )  # fmt: skip


def _coverage(name: str, month: int, when: str, rests_on: tuple[str, ...]) -> Metric:
    name, label = f"coverage_ratio_{name}", f"Part of spending that revenue covers, {when}"
    return Metric(name, "ratio", label, "percent", rests_on, lambda path: coverage(path, month))


def _gap(name: str, month: int, when: str, rests_on: tuple[str, ...]) -> Metric:
    name, label = f"gap_{name}_usd_m_per_month", f"Spending less revenue, {when}"
    return _monthly(name, label, rests_on, lambda path: at_month(path.net_burn, month))


def _chance(name: str, label: str, rests_on: tuple[str, ...], of: str, *more: object) -> Metric:
    return Metric(name, "share", label, "chance", rests_on, None, of, *more)


_OF_CASE = (
    *(_line(name, *words) for name, words in _LINES.items()),
    _monthly("bottom_up_total_usd_m_per_month", "Spending that the parts add up to", _PARTS,
             lambda path: sum(path.model.lines.values())),
    _monthly("unexplained_usd_m_per_month", "The claim less its parts", (*_BURN, *_PARTS),
             lambda path: path.model.spending_start - sum(path.model.lines.values())),
    *(_share(*both) for both in _CATEGORIES.items()),
    *(make(*month) for make in (_coverage, _gap) for month in _MONTHS),
    Metric("runway_months", "months", "Months until cash runs out", "months", _LASTS,
           lambda path: path.runway_months),
    Metric("cash_out_month", "calendar_month", "Month in which cash runs out", "month", _LASTS,
           of="runway_months"),
    _chance("cash_out_probability_12m", f"{_OUT} 12 months", _LASTS, "runway_months",
            lambda months: mean(months < 12), 12),
    _chance("cash_out_probability_24m", f"{_OUT} 24 months", _LASTS, "runway_months",
            lambda months: mean(months < 24), 24),
    _chance("cash_out_probability_horizon", f"{_OUT} the horizon", _LASTS, "runway_months", happens),
    Metric("break_even_month", "month", "Months until revenue lastingly covers spending", "months", _LASTING,
           lambda path: path.operations.break_even_month),
    _chance("break_even_probability", "Chance that revenue comes to cover spending", _LASTING,
            "break_even_month", happens),
    Metric("funding_need_usd_m", "usd_m", "Money missing beyond what is in hand and being placed", "money",
           (*_BURN, *_SPENDING, *_GROWTH), lambda path: path.operations.funding_need),
    Metric("required_growth_per_month", "per_month",
           "Growth of revenue that closes the gap by the target month", "growth", _NEEDED,
           lambda path: path.model.required_growth, digits=3),
    Metric("required_multiple", "ratio", "Revenue needed in the target month over that of month 0",
           "multiple", _NEEDED, lambda path: path.model.required_multiple),
    Metric("burn_multiple_12m", "ratio", "Dollars burnt for each dollar of yearly revenue gained", "dollars",
           (*_BURN, *_REVENUE), burn_multiple),
    _monthly("revenue_ceiling_usd_m_per_month", "Revenue that is approached in the end", (*_START, *_CEILING),
             lambda path: revenue.ceiling(path.model.inputs)),
    Metric("implied_growth_per_month", "per_month", "Growth of revenue that the price implies", "growth",
           _PRICE, lambda path: path.model.implied_growth),
    Metric("implied_multiple", "ratio", "Revenue at the horizon that the price implies over that of month 0",
           "multiple", _PRICE, lambda path: path.model.implied_multiple),
)  # fmt: skip
_OF_PORTFOLIO = (
    Metric("value_usd_m", "usd_m", _WORTH, "money", _VALUE, lambda path: path.value),
    Metric("value_mean_usd_m", "usd_m", f"{_WORTH}, mean", "money", _VALUE, of="value_usd_m", statistic=mean),
    Metric("value_tail_mean_usd_m", "usd_m", f"{_WORTH}, mean of the worst 5%", "money", _VALUE,
           of="value_usd_m", statistic=tail_mean),
    _chance("wiped_out_probability", "Chance that shareholders are left with nothing", _VALUE, "value_usd_m",
            lambda values: mean(values == 0)),
    Metric("ownership_retained", "share", "Part of the company that today's shareholders keep", "percent",
           _OWNED, lambda path: path.ownership),
)  # fmt: skip
METRICS: dict[str, Metric] = {metric.name: metric for metric in (*_OF_CASE, *_OF_PORTFOLIO)}
OF_CASE = tuple(metric.name for metric in _OF_CASE)
OF_PORTFOLIO = (
    *(metric.name for metric in _OF_PORTFOLIO), "runway_months", "cash_out_probability_horizon",
    "break_even_month", "break_even_probability", "funding_need_usd_m",
)  # fmt: skip
INDEPENDENT = ("runway_months", "cash_out_probability_12m", "break_even_probability", "funding_need_usd_m")


def measures(path: Trajectory, names: tuple[str, ...]) -> dict[str, np.ndarray]:
    """Return measure -> (draws,) for `names`: of each itself, or the measure that it is a number of."""
    needed = dict.fromkeys(METRICS[name].of or name for name in names)
    return {name: METRICS[name].measure(path) for name in needed}
