"""What each strategic option changes, by levers: an option is one function here. README, section 6."""

import functools
import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np

from analysis.inputs.draws import Inputs
from analysis.model import value

Lever = np.ndarray | float


@dataclass(frozen=True)
class Rounds:
    """Rounds of new equity that investors grant as long as the company lives."""

    months: np.ndarray  # when, (draws, rounds); inf for no round
    kept: np.ndarray  # the share that holders keep in it, (draws, rounds)
    proceeds: np.ndarray  # usd_m, (draws, months)

    def placed(self, last_month: np.ndarray) -> np.ndarray:
        """Return which rounds take place, (draws, rounds): those not after `last_month` (draws,)."""
        return np.isfinite(self.months) & (self.months <= last_month[:, None])

    def funding(self, last_month: np.ndarray) -> np.ndarray:
        """Return the proceeds of the rounds not after `last_month` (draws,), (draws, months), usd_m."""
        months = np.arange(self.proceeds.shape[1], dtype=float)
        return self.proceeds * np.less_equal(months, last_month[:, None], order="F")


@dataclass(frozen=True)
class Levers:
    """What a mix of options changes. Each a number, (draws,) of growth and delay, or (draws, months)."""

    growth: Lever = 1.0  # times all growth of revenue
    growth_with_x: Lever = 1.0  # times growth of subscriptions and advertising
    months_saved: Lever = 0.0  # of the delay before revenue grows
    spend_kept: Lever = 1.0  # times every category of spending
    compute_kept: Lever = 1.0  # times spending on compute, serving included
    revenue_kept: Lever = 1.0
    spend_added: Lever = 0.0  # usd_m a month
    income: Lever = 0.0  # usd_m a month that is not revenue
    x_advertising: Lever = 0.0  # usd_m a month that X earns more
    rounds: Rounds | None = None


def mixed(parts: list[Levers]) -> Levers:
    """Return the levers of several options: factors multiply, amounts add; at most one brings rounds."""
    found = {}
    for name, neutral in ((field.name, field.default) for field in fields(Levers)):
        given = [lever for part in parts if (lever := getattr(part, name)) is not neutral]
        if given:
            found[name] = functools.reduce(np.multiply if neutral else np.add, given)
    return Levers(**found)


def raise_capital(x: Inputs, months: np.ndarray) -> Levers:
    """Rounds in months ⌊first + j·interval⌋; the first refusal shuts the window."""
    certain = x["round_success_probability"] >= 1
    with np.errstate(divide="ignore"):
        refusal = np.log(np.where(certain, 0.5, x["round_success_probability"]))
        granted = np.floor(np.log(1 - x["investor_patience"]) / refusal)
    granted = np.where(certain, np.inf, granted)
    most = min(granted.max(), math.ceil(len(months) / x["round_interval_months"].min()) + 1)
    number = np.arange(int(most))
    month = np.floor(_column(x, "first_round_month") + number * _column(x, "round_interval_months"))
    month = np.where((number < granted[:, None]) & (month < len(months)), month, np.inf).copy("F")
    with np.errstate(over="ignore"):
        pre_money = _column(x, "valuation_usd_m") * _column(x, "valuation_step_per_round") ** (number + 1)
    proceeds = np.zeros((len(certain), len(months)), order="F")
    for each in month.T:
        rows = np.flatnonzero(np.isfinite(each))
        proceeds[rows, each[rows].astype(int)] += x["round_size_usd_m"][rows]
    kept = value.kept_after(_column(x, "round_size_usd_m"), pre_money).copy("F")
    return Levers(rounds=Rounds(month, kept, proceeds))


def partner(x: Inputs, months: np.ndarray) -> Levers:
    """From its month on a partner pays, bears compute and takes a share of revenue."""
    lead = _column(x, "partner_lead_months")
    on, first = np.greater_equal(months, lead, order="F"), np.equal(months, np.ceil(lead), order="F")
    monthly, upfront = _column(x, "partner_income_usd_m_per_month"), _column(x, "partner_upfront_usd_m")
    return Levers(
        income=monthly * on + upfront * first,
        compute_kept=1 - _column(x, "partner_compute_share") * on,
        revenue_kept=1 - _column(x, "partner_revenue_share") * on,
    )


def focus(x: Inputs, months: np.ndarray) -> Levers:
    """All spending is cut step by step, at a cost in month 0 and in growth."""
    return Levers(
        growth=1 - x["focus_growth_penalty"],
        spend_kept=1 - _column(x, "focus_spend_cut") * _ramp(months, _column(x, "focus_ramp_months")),
        spend_added=np.multiply(_column(x, "focus_one_off_usd_m"), months == 0, order="F"),
    )


def integrate_x(x: Inputs, months: np.ndarray) -> Levers:
    """An earlier start, faster growth and advertising on X; it costs while it lasts."""
    length = _column(x, "integration_ramp_months")
    gained = _column(x, "x_ads_usd_m_per_month") * _column(x, "integration_ads_uplift")
    lasting = np.less(months, length, order="F")
    return Levers(
        growth_with_x=1 + x["integration_growth_uplift"],
        months_saved=x["integration_months_saved"],
        spend_added=_column(x, "integration_cost_usd_m_per_month") * lasting,
        x_advertising=gained * _ramp(months, length),
    )


def _column(x: Inputs, name: str) -> np.ndarray:
    return x[name][:, None]


def _ramp(months: np.ndarray, length: np.ndarray) -> np.ndarray:
    return np.minimum(1.0, np.divide(months + 1, length, order="F"))


# name -> the option's levers, from the inputs and the months (horizon,)
OPTIONS: dict[str, Callable[[Inputs, np.ndarray], Levers]] = {
    make.__name__: make for make in (raise_capital, partner, focus, integrate_x)
}
STAY = "stay_the_course"
Portfolio = tuple[str, ...]  # names of options in the order of OPTIONS
PORTFOLIOS: dict[str, Portfolio] = {
    "+".join(chosen) or STAY: chosen
    for size in range(len(OPTIONS) + 1)
    for chosen in itertools.combinations(OPTIONS, size)
}
