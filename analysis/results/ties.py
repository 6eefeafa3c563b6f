"""Ties: differences that common draws cannot tell from nothing. Model README, section 7."""

from collections.abc import Mapping

import numpy as np

from analysis.inputs.draws import SCRAMBLES

ERRORS = 2.0  # standard errors of a mean difference below which it counts as none
ROUNDING = 1e-9  # relative difference that arithmetic alone can make


def by_scramble(values: np.ndarray) -> np.ndarray:
    """Return the means of the eight scrambles, (8,), from all draws, (draws,), or from these means."""
    return values.reshape(SCRAMBLES, -1).mean(axis=1)


def tied(first: np.ndarray, second: np.ndarray) -> bool:
    """Whether the mean difference of two measures lies within two of its standard errors."""
    first, second = by_scramble(first), by_scramble(second)
    difference = first - second
    error = difference.std(ddof=1) / np.sqrt(SCRAMBLES)
    rounding = ROUNDING * max(abs(first.mean()), abs(second.mean()))
    return bool(abs(difference.mean()) <= max(ERRORS * error, rounding))


def best(values: Mapping[str, np.ndarray], highest: bool = True) -> list[str]:
    """Return the name with the best mean, and after it all that tie with it, best first."""
    means = {name: float(np.mean(each)) for name, each in values.items()}
    order = sorted(means, key=means.get, reverse=highest)
    return [name for name in order if tied(values[name], values[order[0]])]
