"""Which inputs of Sobol points move an answer, by binned conditional means.

Few points in many dimensions are not spread evenly over every pair of inputs, so that an input without influence can
look like one that has it. Inputs are therefore taken in turn: each for what it explains beyond those before it.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from analysis.insight import swept

BINS, PER_BIN = 16, 32  # most bins of an input, and fewest points in one
CHANCE = 0.01  # that any input at all is taken for one that matters although none does
LEAST = 0.02  # share of the variance below which an input is not named: that much another one can lend it
MOST_FITTED = 4096  # points; the first ones of Sobol points are Sobol points themselves
MOST_INPUTS = 10
FEW_INPUTS, MANY_POINTS = 8, 256  # with more inputs than that, so many points are needed (tried with Sobol points)


def bins(sweep) -> int:
    """Return into how many bins of equal count an input's points are put; 0 where they are too few to say anything."""
    return min(BINS, len(sweep.frame) // PER_BIN) if len(sweep.frame) >= fewest(sweep) else 0


def fewest(sweep) -> int:
    """Return how many points tell which input matters; fewer, in many dimensions, lend one input another's influence."""
    return MANY_POINTS if len(sweep.axes) > FEW_INPUTS else 2 * PER_BIN


def bin_of(values: np.ndarray, count: int) -> np.ndarray:
    """Return each point's bin, 0 to count − 1, by rank. `values`: (points,) of one input."""
    ranks = np.empty(len(values), dtype=int)
    ranks[np.argsort(values, kind="stable")] = np.arange(len(values))
    return ranks * count // len(values)


@dataclass(frozen=True)
class Influence:
    """What an input explains of the variance beyond those before it; `clear`: beyond chance, and 2 % or more."""

    axis: object
    share: float
    clear: bool


def influences(sweep, values: np.ndarray) -> list[Influence]:
    """Return the inputs in the order in which they explain most of `values`, (points,); none where points are too few.

    The share is that of the variance less what as many bins of noise would take; an F test, allowing for the number of
    inputs, tells it from chance. Inputs that are not clear come last, with what each would add.
    """
    points = min(len(values), MOST_FITTED)
    count = min(bins(sweep), points // PER_BIN)
    left = values[:points] - values[:points].mean()
    total = float(left @ left)
    if not count or total <= (swept.ROUNDING * np.abs(values).max()) ** 2 * points:
        return [Influence(axis, 0.0, False) for axis in sweep.axes] if count else []
    steps = {axis.name: _steps(sweep.frame[axis.column].to_numpy(dtype=float)[:points], count) for axis in sweep.axes}
    basis, found, waiting = np.full((points, 1), points**-0.5), [], {axis.name: axis for axis in sweep.axes}
    while waiting:
        gains = {name: _gain(steps[name], basis, left) for name in waiting}
        best = max(gains, key=lambda name: gains[name][0])
        explained, columns = gains[best]
        used = basis.shape[1] + columns.shape[1]
        clear = (
            used < points / 2
            and len(found) < MOST_INPUTS
            and _clear(explained, left, columns.shape[1], points - used, len(sweep.axes))
        )
        if not clear:
            break
        basis, left = np.hstack([basis, columns]), left - columns @ (columns.T @ left)
        share = _share(explained, left, columns.shape[1], points - used, total)
        found.append(Influence(waiting.pop(best), share, share >= LEAST))
    rest = [Influence(axis, _rest(gains[name], left, points - basis.shape[1], total), False) for name, axis in waiting.items()]
    return found + sorted(rest, key=lambda each: -each.share)


def _steps(values: np.ndarray, count: int) -> np.ndarray:
    """Return (points, count − 1): whether a point lies in each bin but the first."""
    return (bin_of(values, count)[:, None] == np.arange(1, count)).astype(float)


def _gain(steps: np.ndarray, basis: np.ndarray, left: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the sum of squares that an input explains beyond `basis`, and an orthonormal basis of what it adds."""
    added = steps - basis @ (basis.T @ steps)
    vectors, sizes, _ = np.linalg.svd(added, full_matrices=False)
    columns = vectors[:, sizes > 1e-6 * np.sqrt(len(left))]
    return float(((columns.T @ left) ** 2).sum()), columns


def _clear(explained: float, left: np.ndarray, width: int, free: int, inputs: int) -> bool:
    within = float(left @ left) - explained
    if width == 0 or explained <= 0 or free <= 0:
        return False
    return within <= 0 or stats.f.sf(explained / width / (within / free), width, free) * inputs < CHANCE


def _share(explained: float, left: np.ndarray, width: int, free: int, total: float) -> float:
    return max(explained - width * float(left @ left) / free, 0.0) / total


def _rest(gain: tuple[float, np.ndarray], left: np.ndarray, free: int, total: float) -> float:
    explained, columns = gain
    within = max(float(left @ left) - explained, 0.0)
    return max(explained - columns.shape[1] * within / max(free - columns.shape[1], 1), 0.0) / total


def deciding(sweep, found: swept.States):
    """Return the input along which an answer changes most, beyond chance (a test of independence), else None.

    Level is an answer of its own.
    """
    count, answers = bins(sweep), np.where(found.clear, found.codes + 1, 0)
    if not count or len(set(answers)) < 2:
        return None
    tests = {axis.name: _independence(sweep.frame[axis.column].to_numpy(dtype=float), answers, count) for axis in sweep.axes}
    best = max(sweep.axes, key=lambda axis: tests[axis.name][0])
    return best if tests[best.name][1] * len(sweep.axes) < CHANCE else None


def _independence(values: np.ndarray, codes: np.ndarray, count: int) -> tuple[float, float]:
    """Return the statistic and the p-value; answers of fewer points than bins are put together, as the test needs."""
    frequent = np.bincount(codes)[codes] >= 5 * count
    table = pd.crosstab(bin_of(values, count), np.where(frequent, codes, -1))
    if table.shape[1] < 2:
        return 0.0, 1.0
    tested = stats.chi2_contingency(table)
    return float(tested.statistic), float(tested.pvalue)
