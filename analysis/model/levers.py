"""What a strategic option changes in the model: levers, neutral unless an option sets them. Model README, section 6."""

import functools
import math
from dataclasses import dataclass, fields

import numpy as np

from analysis.model import value
from analysis.model.costs import Inputs

Lever = np.ndarray | float


@dataclass(frozen=True)
class Rounds:
    """Rounds of new equity that investors grant as long as the company lives. Arrays (draws, rounds); inf: none there."""

    months: np.ndarray
    kept: np.ndarray  # share of the company that holders keep in each
    size: np.ndarray  # (draws,), usd_m

    def placed(self, last_month: np.ndarray) -> np.ndarray:
        """Return which rounds take place, (draws, rounds): those not after `last_month` (draws,)."""
        return np.isfinite(self.months) & (self.months <= last_month[:, None])

    def funding(self, horizon: int, last_month: np.ndarray | None = None) -> np.ndarray:
        """Return proceeds by month, (draws, horizon), usd_m; of all rounds, or of those not after `last_month`."""
        taken = np.isfinite(self.months) if last_month is None else self.placed(last_month)
        proceeds = np.zeros((len(self.size), horizon), order="F")
        for number in range(self.months.shape[1]):
            rows = np.flatnonzero(taken[:, number])
            proceeds[rows, self.months[rows, number].astype(int)] += self.size[rows]
        return proceeds


@dataclass(frozen=True)
class Levers:
    """What a mix of options changes; neutral as it stands. Each a number, (draws,) for growth, or (draws, months)."""

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

    def growth_of(self, stream: str) -> Lever:
        """Return what a stream's growth is multiplied with."""
        return self.growth if stream == "data_services" else self.growth * self.growth_with_x

    def changes(self, *names: str) -> bool:
        """Whether any of these levers is set."""
        return any(not isinstance(getattr(self, name), float) for name in names)


def mixed(parts: list[Levers]) -> Levers:
    """Return the levers of several options together: factors multiply, amounts add, one brings the rounds."""
    found = {}
    for name, neutral in ((field.name, field.default) for field in fields(Levers)):
        given = [getattr(part, name) for part in parts if getattr(part, name) is not neutral]
        if given and neutral is None:
            found[name] = given[-1]
        elif given:
            found[name] = functools.reduce(np.multiply if neutral else np.add, given)
    return Levers(**found)


def raise_capital(x: Inputs, months: np.ndarray) -> Levers:
    """Rounds in months ⌊first + j·interval⌋; the first refusal shuts the window."""
    certain = x["round_success_probability"] >= 1
    with np.errstate(divide="ignore"):
        granted = np.log(1 - x["investor_patience"]) / np.log(
            np.where(certain, 0.5, x["round_success_probability"])
        )
    granted = np.where(certain, np.inf, np.floor(granted))
    most = min(granted.max(), math.ceil(len(months) / x["round_interval_months"].min()) + 1)
    number = np.arange(int(most))
    month = np.floor(x["first_round_month"][:, None] + number * x["round_interval_months"][:, None])
    month = np.where((number < granted[:, None]) & (month < len(months)), month, np.inf)
    with np.errstate(over="ignore"):
        pre_money = x["valuation_usd_m"][:, None] * x["valuation_step_per_round"][:, None] ** (number + 1)
    size = x["round_size_usd_m"]
    return Levers(rounds=Rounds(month, value.kept_after(size[:, None], pre_money), size))


def partner(x: Inputs, months: np.ndarray) -> Levers:
    """From its month on a partner pays, bears compute and takes a share of revenue."""
    lead = x["partner_lead_months"][:, None]
    on, first = np.greater_equal(months, lead, order="F"), np.equal(months, np.ceil(lead), order="F")
    return Levers(
        income=_column(x, "partner_income_usd_m_per_month") * on
        + _column(x, "partner_upfront_usd_m") * first,
        compute_kept=1 - _column(x, "partner_compute_share") * on,
        revenue_kept=1 - _column(x, "partner_revenue_share") * on,
    )


def focus(x: Inputs, months: np.ndarray) -> Levers:
    """All spending is cut step by step, at a cost in month 0 and in growth."""
    one_off = np.multiply(_column(x, "focus_one_off_usd_m"), months == 0, order="F")
    return Levers(
        growth=1 - x["focus_growth_penalty"],
        spend_kept=1 - _column(x, "focus_spend_cut") * _ramp(months, x["focus_ramp_months"]),
        spend_added=one_off,
    )


def integrate_x(x: Inputs, months: np.ndarray) -> Levers:
    """Integration with X: an earlier start, faster growth, and advertising on X; it costs while it lasts."""
    length = x["integration_ramp_months"]
    gained = x["x_ads_usd_m_per_month"] * x["integration_ads_uplift"]
    return Levers(
        growth_with_x=1 + x["integration_growth_uplift"],
        months_saved=x["integration_months_saved"],
        spend_added=_column(x, "integration_cost_usd_m_per_month")
        * np.less(months, length[:, None], order="F"),
        x_advertising=gained[:, None] * _ramp(months, length),
    )


def _column(x: Inputs, name: str) -> np.ndarray:
    return x[name][:, None]


def _ramp(months: np.ndarray, length: np.ndarray) -> np.ndarray:
    return np.minimum(1.0, np.divide(months + 1, length[:, None], order="F"))
