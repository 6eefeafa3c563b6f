"""Growth that fades: next year's log growth is `endurance` times this year's. README, section 3."""

import numpy as np


def faded_at(months: np.ndarray | float, endurance: np.ndarray) -> np.ndarray:
    """Return how many months of undiminished growth `months` of fading growth are worth.

    (1 − exp(−k·months))/k with k = −ln(endurance)/12, endurance per year in (0, 1]; at 1 `months` itself.
    Below 0 the same curve is continued backwards. Shapes broadcast.
    """
    fading = -np.log(endurance) / 12
    steady = fading == 0
    return np.where(steady, months, -np.expm1(-fading * months) / np.where(steady, 1.0, fading))


def faded_months(horizon: int, endurance: np.ndarray, delay: np.ndarray | float = 0.0) -> np.ndarray:
    """Return `faded_at` of max(0, t − delay) for every month t, (draws, horizon), from (draws,)."""
    faded = np.empty((len(endurance), horizon), order="F")
    first, kept = faded_at(1.0, endurance), endurance ** (1 / 12)
    faded[:, 0] = faded_at(-delay, endurance)
    for month in range(1, horizon):  # a sum of positive terms: as exact as the formula and ten times as fast
        np.multiply(faded[:, month - 1], kept, out=faded[:, month])
        faded[:, month] += first
    return np.maximum(faded, 0.0, out=faded)


def factor(log_growth: np.ndarray, faded: np.ndarray) -> np.ndarray:
    """Return how much larger the start has become, exp(ln(1 + g) · faded), (draws, months)."""
    powers = log_growth[:, None] * faded
    return np.exp(powers, out=powers)


def limit(log_growth: np.ndarray, endurance: np.ndarray) -> np.ndarray:
    """Return the factor that growth approaches, exp(ln(1 + g)/k), (draws,); inf or 0 where it never fades."""
    fading = np.abs(np.log(endurance)) / 12  # not −log: never fading is +0, or the limit has the wrong sign
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        return np.where(log_growth == 0, 1.0, np.exp(log_growth / fading))
