"""The worth to the shareholders of month 0, and what the price implies. README, sections 7 and 8."""

import numpy as np

from analysis.inputs.draws import Inputs

STEPS = 100  # far more than a root ever needs
TOLERANCE = 1e-13
HIGHEST = 50.0  # ln(1 + g) above which no root is looked for


def multiple(inputs: Inputs, growth_per_year: np.ndarray) -> np.ndarray:
    """Return enterprise value per dollar of yearly revenue that grows at this rate, (draws,)."""
    earned = inputs["exit_multiple_per_growth"] * np.maximum(0.0, growth_per_year)
    return np.minimum(inputs["exit_multiple_cap"], inputs["exit_multiple_floor"] + earned)


def growth_over_last_year(now: np.ndarray, before: np.ndarray, month: np.ndarray) -> np.ndarray:
    """Return growth per year up to `month`, (draws,), from `before`: a year ago, or month 0 if later."""
    ratio = np.divide(now, before, out=np.ones_like(now), where=before > 0)
    power = 12 / np.minimum(12, np.maximum(1, month))  # mostly 1, which is the ratio itself
    return np.power(ratio, power, out=ratio, where=power != 1) - 1


def present_value(amount: np.ndarray, rate_per_year: np.ndarray, months: np.ndarray | float) -> np.ndarray:
    """Return today's value of an amount received after `months`: amount · (1 + r)^(−months/12)."""
    return amount * (1 + rate_per_year) ** (-np.asarray(months) / 12)


def kept_after(size: np.ndarray, pre_money: np.ndarray) -> np.ndarray:
    """Return the share that holders keep when `size` is sold at `pre_money`; 1 where nothing is sold."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(size > 0, 1 / (1 + size / pre_money), 1.0)


def implied_growth(inputs: Inputs, horizon: int) -> np.ndarray:
    """Return the constant monthly growth that makes the price of month 0 fair, (draws,); 0 if it is without.

    Root of m(g)·12·R0·(1 + g)^(H−1)·(1 + r)^(−H/12) = valuation, to 1e-10; inf where no growth gives it.
    """
    with np.errstate(all="ignore"):  # no revenue, price, multiple: the excess at both ends says so
        worth = present_value(12 * inputs["revenue_start_usd_m"], inputs["discount_rate_per_year"], horizon)
        wanted = np.log(inputs["valuation_usd_m"]) - np.log(worth)
        low, high = np.zeros_like(wanted), np.full_like(wanted, HIGHEST)
        fair, possible = (_excess(inputs, horizon, wanted, end)[0] >= 0 for end in (low, high))
        found = (low + high) / 2
        for _ in range(STEPS):  # Newton's, where they stay between low and high, else halves
            above, rise = _excess(inputs, horizon, wanted, found)
            low, high = np.where(above < 0, found, low), np.where(above < 0, high, found)
            step = found - above / rise
            last, found = found, np.where((step >= low) & (step <= high), step, (low + high) / 2)
            if np.abs(found - last).max() <= TOLERANCE:
                break
    return np.where(fair, 0.0, np.where(possible, np.expm1(found), np.inf))


def _excess(x: Inputs, horizon: int, wanted: np.ndarray, log_growth: np.ndarray) -> tuple:
    """Return how much the log of the value at this growth exceeds that of the price, and the slope of it."""
    slope = 12 * x["exit_multiple_per_growth"] * np.exp(12 * log_growth)
    uncapped = x["exit_multiple_floor"] + x["exit_multiple_per_growth"] * np.expm1(12 * log_growth)
    applied = np.minimum(uncapped, x["exit_multiple_cap"])
    rise = horizon - 1 + np.where(uncapped < x["exit_multiple_cap"], slope / applied, 0.0)
    return np.log(applied) + (horizon - 1) * log_growth - wanted, rise
