"""The one registry of what is measured: name, unit, words, formatter, and what a figure mainly rests on.

A measure has one value a draw: inf for "never", nan for a month beyond the horizon. A number is computed from all draws
of another measure. Definitions: model README, sections 4, 5, 7 and 8.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analysis.model import costs, revenue
from analysis.model.options import Trajectory

MONTHS = {"start": 0, "12m": 12, "36m": 36}  # of the coverage ratio and the gap
TAIL = 0.05


@dataclass(frozen=True)
class Metric:
    """`label`: for readers; `formatter`: a function of show.numbers; `rests_on`: the inputs that mainly drive it.

    Either `measure` gives one value a draw, or `statistic` one number from all draws of the measure `of`; that is not
    known when the horizon is shorter than `needs_months`. `of` alone: the calendar month of that measure.
    """

    name: str
    unit: str
    label: str
    formatter: str
    rests_on: tuple[str, ...]
    measure: Callable[[Trajectory], np.ndarray] | None = None
    of: str = ""
    statistic: Callable[[np.ndarray], float] | None = None
    needs_months: int = 0
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


def share(path: Trajectory, category: str) -> np.ndarray:
    """Return a category's share of spending in month 0, (draws,)."""
    return costs.shares(path.model.categories, path.model.spending_start)[category]


def share_of(hits: np.ndarray) -> float:
    """Return the share of draws in which something happens."""
    return float(np.mean(hits))


def mean(values: np.ndarray) -> float:
    """Return the mean of `values`."""
    return float(np.mean(values))


def burn_multiple(path: Trajectory) -> np.ndarray:
    """Return the net burn of twelve months over the yearly revenue gained in them, (draws,); inf without a gain."""
    gained = at_month(path.revenue, 12) - path.revenue[:, 0]
    burned = sum(path.net_burn[:, month] for month in range(min(12, path.net_burn.shape[1])))
    return np.where(gained <= 0, np.inf, burned / np.where(gained <= 0, 1.0, 12 * gained))


_MONTH = "usd_m_per_month"
_BURN = ("monthly_burn_usd_m",)
_PARTS = (*_BURN, "gpus_added_per_month", "gpu_all_in_usd")
_MONEY = ("opening_cash_usd_m", "committed_equity_usd_m", "committed_debt_usd_m")
_REVENUE = (
    "revenue_start_usd_m",
    "growth_subscriptions_per_month",
    "growth_endurance",
    "time_to_market_months",
)
_SPENDING = ("growth_compute_per_year", "growth_unidentified_per_year", "spend_growth_endurance")
_LIMITS = ("revenue_cap_usd_m_per_month", "serving_cost_ratio")
_VALUE = (
    "exit_multiple_floor",
    "exit_multiple_per_growth",
    "discount_rate_per_year",
    "hardware_recovery_share",
)
_PRICE = ("valuation_usd_m", "revenue_start_usd_m", *_VALUE[:3])
_DRIVERS = {
    "hardware_purchases": ("gpus_added_per_month", "gpu_all_in_usd"),
    "power": ("gpus_installed", "gpu_power_kw", "pue", "electricity_usd_per_kwh"),
    "maintenance": ("hardware_stock_usd_m", "maintenance_share_per_year"),
    "cloud_rental": ("cloud_gpu_hours_m_per_month", "cloud_usd_per_gpu_hour"),
    "talent": ("headcount", "cash_cost_per_head_usd_k_per_year"),
    "annotation": ("annotators", "annotator_hours_per_month", "annotator_usd_per_hour"),
    "data_licences": ("data_licences_usd_m_per_year",),
    "data_preparation": ("data_preparation_usd_m_per_year",),
    "compliance": ("compliance_share_of_spend", "fines_usd_m_per_year"),
}
_LINE_LABELS = {
    "hardware_purchases": "Accelerators bought",
    "power": "Electric power",
    "maintenance": "Upkeep of hardware",
    "cloud_rental": "Rented accelerators",
    "talent": "Employees",
    "annotation": "Annotators",
    "data_licences": "Data licences",
    "data_preparation": "Preparing data",
    "compliance": "Privacy and compliance",
}
_CATEGORY_LABELS = {
    "compute": "computing power",
    "talent": "employees",
    "data": "data",
    "compliance": "privacy and compliance",
    "unidentified": "what no part explains",
}


def _of_costs() -> list[Metric]:
    found = [
        Metric(
            name,
            _MONTH,
            label,
            "money_a_month",
            _DRIVERS[name],
            lambda path, name=name: path.model.lines[name],
        )
        for name, label in _LINE_LABELS.items()
    ]
    for name, lines in costs.CATEGORY_LINES.items():
        rests_on = tuple(driver for line in lines for driver in _DRIVERS[line])[:4] or _PARTS
        label = f"Share of spending: {_CATEGORY_LABELS[name]}"
        found.append(
            Metric(
                f"share_{name}",
                "share",
                label,
                "percent",
                rests_on,
                lambda path, name=name: share(path, name),
            )
        )
    return [
        *found,
        Metric(
            "bottom_up_total_usd_m_per_month", _MONTH, "Spending that the parts add up to", "money_a_month", _PARTS[1:],
            lambda path: sum(path.model.lines.values()),
        ),
        Metric(
            "unexplained_usd_m_per_month", _MONTH, "The claim less its parts", "money_a_month", _PARTS,
            lambda path: path.model.spending_start - sum(path.model.lines.values()),
        ),
    ]  # fmt: skip


def _of_months() -> list[Metric]:
    found = []
    for name, month in MONTHS.items():
        when = f"after {month} months" if month else "at the start"
        rests_on = (*_BURN, *_REVENUE) if month else (*_BURN, "revenue_start_usd_m")
        found += [
            Metric(
                f"coverage_ratio_{name}", "ratio", f"Part of spending that revenue covers, {when}", "percent", rests_on,
                lambda path, month=month: coverage(path, month),
            ),
            Metric(
                f"gap_{name}_usd_m_per_month", _MONTH, f"Spending less revenue, {when}", "money_a_month", rests_on,
                lambda path, month=month: at_month(path.net_burn, month),
            ),
        ]  # fmt: skip
    return found


def _of_cash() -> list[Metric]:
    runway, even = "runway_months", "break_even_month"
    lasts, lasting = (*_BURN, *_MONEY, _SPENDING[0]), (*_REVENUE[1:3], *_LIMITS, _SPENDING[0])
    chance = "Chance that cash runs out within"
    return [
        Metric(runway, "months", "Months until cash runs out", "months", lasts, lambda path: path.runway_months),
        Metric("cash_out_month", "calendar_month", "Month in which cash runs out", "month", lasts, of=runway),
        Metric(
            "cash_out_probability_12m", "share", f"{chance} 12 months", "chance", lasts,
            of=runway, statistic=lambda months: share_of(months < 12), needs_months=12,
        ),
        Metric(
            "cash_out_probability_24m", "share", f"{chance} 24 months", "chance", lasts,
            of=runway, statistic=lambda months: share_of(months < 24), needs_months=24,
        ),
        Metric(
            "cash_out_probability_horizon", "share", f"{chance} the horizon", "chance", lasts,
            of=runway, statistic=lambda months: share_of(np.isfinite(months)),
        ),
        Metric(
            even, "month", "Months until revenue lastingly covers spending", "months", lasting,
            lambda path: path.operations.break_even_month,
        ),
        Metric(
            "break_even_probability", "share", "Chance that revenue comes to cover spending", "chance", lasting,
            of=even, statistic=lambda month: share_of(np.isfinite(month)),
        ),
        Metric(
            "funding_need_usd_m", "usd_m", "Money missing beyond what is in hand and being placed", "money",
            (*_BURN, *_SPENDING, *_REVENUE[1:3]), lambda path: path.operations.funding_need,
        ),
    ]  # fmt: skip


def _of_growth() -> list[Metric]:
    needed = (*_BURN, "revenue_start_usd_m", *_SPENDING, "serving_cost_ratio")
    return [
        Metric(
            "required_growth_per_month", "per_month", "Growth of revenue that closes the gap by the target month", "growth",
            needed, lambda path: path.model.required_growth,
        ),
        Metric(
            "required_multiple", "ratio", "Revenue needed in the target month over that of month 0", "multiple",
            needed, lambda path: path.model.required_multiple,
        ),
        Metric(
            "burn_multiple_12m", "ratio", "Dollars burnt for each dollar of yearly revenue gained", "dollars",
            (*_BURN, *_REVENUE), burn_multiple,
        ),
        Metric(
            "revenue_ceiling_usd_m_per_month", _MONTH, "Revenue that is approached in the end", "money_a_month",
            (*_REVENUE[:3], "revenue_cap_usd_m_per_month"), lambda path: revenue.ceiling(path.model.inputs),
        ),
        Metric(
            "implied_growth_per_month", "per_month", "Growth of revenue that the price implies", "growth",
            _PRICE, lambda path: path.model.implied_growth,
        ),
        Metric(
            "implied_multiple", "ratio", "Revenue at the horizon that the price implies over that of month 0", "multiple",
            _PRICE, lambda path: path.model.implied_multiple,
        ),
    ]  # fmt: skip


def _of_value() -> list[Metric]:
    value, rests_on = "value_usd_m", (*_VALUE, *_REVENUE[1:3], *_BURN)
    label = "Shareholders' value after debt"
    return [
        Metric(value, "usd_m", label, "money", rests_on, lambda path: path.value),
        Metric("value_mean_usd_m", "usd_m", f"{label}, mean", "money", rests_on, of=value, statistic=mean),
        Metric(
            "value_tail_mean_usd_m", "usd_m", f"{label}, mean of the worst 5%", "money", rests_on, of=value, statistic=tail_mean
        ),
        Metric(
            "wiped_out_probability", "share", "Chance that shareholders are left with nothing", "chance", rests_on,
            of=value, statistic=lambda values: share_of(values == 0),
        ),
        Metric(
            "ownership_retained", "share", "Part of the company that today's shareholders keep", "percent",
            ("valuation_usd_m", "committed_equity_usd_m", "valuation_step_per_round", "round_size_usd_m"),
            lambda path: path.ownership,
        ),
    ]  # fmt: skip


_CASE = (*_of_costs(), *_of_months(), *_of_cash(), *_of_growth())
METRICS: dict[str, Metric] = {metric.name: metric for metric in (*_CASE, *_of_value())}
OF_CASE = tuple(metric.name for metric in _CASE)
OF_PORTFOLIO = (
    *(metric.name for metric in _of_value()), "runway_months", "cash_out_probability_horizon", "break_even_month",
    "break_even_probability", "funding_need_usd_m",
)  # fmt: skip
INDEPENDENT = ("runway_months", "cash_out_probability_12m", "break_even_probability", "funding_need_usd_m")


def measures(path: Trajectory, names: tuple[str, ...]) -> dict[str, np.ndarray]:
    """Return measure -> (draws,) for those of `names` that have one value a draw, and those that the others are of."""
    needed = dict.fromkeys(METRICS[name].of or name for name in names)
    return {name: METRICS[name].measure(path) for name in needed}
