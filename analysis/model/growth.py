"""Growth that fades: next year's log growth is `endurance` times this year's, after a delay."""

import numpy as np


def fading_months(months: np.ndarray, endurance: np.ndarray, delay: np.ndarray | float = 0.0) -> np.ndarray:
    """Return months of growth at the initial rate that give the same growth, shape (draws, months).

    (1 − exp(−k·τ))/k with k = −ln(endurance)/12 and τ = max(0, t − delay); endurance 1 gives τ itself.
    `months`: (months,); `endurance`, `delay`: (draws,), per year and in months. Source: model README, section 3.
    """
    elapsed = np.subtract(months, np.broadcast_to(delay, endurance.shape)[:, None], order="F")
    np.maximum(elapsed, 0.0, out=elapsed)
    k = (-np.log(endurance) / 12)[:, None]
    grown = -k * elapsed
    np.expm1(grown, out=grown)
    return np.divide(grown, -k, out=elapsed, where=k > 0)


def grow(start: np.ndarray, growth_per_month: np.ndarray, faded: np.ndarray) -> np.ndarray:
    """Return start · exp(G), shape (draws, months); `faded` as from `fading_months`."""
    path = np.log1p(growth_per_month)[:, None] * faded
    np.exp(path, out=path)  # in place: new arrays of this size cost more than the arithmetic
    path *= start[:, None]
    return path


def ceiling(start: np.ndarray, growth_per_month: np.ndarray, endurance: np.ndarray) -> np.ndarray:
    """Return the level that the path approaches, shape (draws,): start · exp(ln(1 + g)/k), inf if growth never fades."""
    k = np.abs(np.log(endurance)) / 12  # not −log: growth that never fades needs +0, or its ceiling has the wrong sign
    rate = np.log1p(growth_per_month)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        exponent = np.where(rate == 0, 0.0, rate / k)
        return np.where(start == 0, 0.0, start * np.exp(exponent))


def per_month(growth_per_year: np.ndarray) -> np.ndarray:
    """Return the monthly rate that compounds to a yearly one: (1 + g)^12 = 1 + growth_per_year."""
    return np.expm1(np.log1p(growth_per_year) / 12)
