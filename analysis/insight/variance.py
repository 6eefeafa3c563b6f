"""Shares of variance of any function of independent inputs: total-order Sobol indices, and what the leading inputs carry.

Nothing here knows what the function computes.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.stats import qmc, sobol_indices

POINTS = 2048  # for the index of every input
CLOSED_POINTS = 8192  # for what the leaders carry, the share that is quoted
RESAMPLES = 300
LEVELS = (5, 95)
_SAME = 1e-9  # relative difference below which two results are the same number

Function = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Shares:
    """Shares of variance of s metrics in d inputs. A metric that does not vary has no leaders and zeros throughout.

    `total`, `total_low`, `total_high`: (s, d), total-order index with its 90 % bootstrap interval.
    `leaders`: per metric the positions of the (at most two) inputs with the largest total-order index.
    `closed`, `closed_low`, `closed_high`: (s,), the share of variance that the leaders carry, alone and together.
    `steady`: (s,), the share of bootstrap resamples in which the same inputs lead.
    """

    total: np.ndarray
    total_low: np.ndarray
    total_high: np.ndarray
    leaders: list[tuple[int, ...]]
    closed: np.ndarray
    closed_low: np.ndarray
    closed_high: np.ndarray
    steady: np.ndarray


def variance_shares(
    func: Function, inputs: int, rng: np.random.Generator, points: int = POINTS, closed_points: int = CLOSED_POINTS
) -> Shares:
    """Return the shares of variance of `func`, which maps (inputs, n) uniform numbers to (metrics, n) values.

    Total order: scipy.stats.sobol_indices (Saltelli 2010). Intervals: percentile bootstrap over the points, drawn here
    because scipy's own takes no generator and would change from run to run. `points`: powers of two. scipy fails where
    there is one input and one metric.
    """
    first, second = _samples(inputs, points, rng)
    at_first, at_second = func(first), func(second)
    mixed = np.stack([func(_mixed(first, second, (position,))) for position in range(inputs)])
    result = sobol_indices(func={"f_A": at_first, "f_B": at_second, "f_AB": mixed}, n=points)
    varies = np.array([_varies(values) for values in np.hstack([at_first, at_second])])
    total = np.reshape(result.total_order, (len(varies), inputs)) * varies[:, None]
    leaders = [_leaders(row) for row in total]

    weights = _weights(points, rng)
    resampled = _ratio(
        np.square(at_first - mixed).swapaxes(0, 1) @ weights / 2, _variances(at_first, at_second, weights)[:, None]
    )
    low, high = (np.percentile(resampled, level, axis=-1) * varies[:, None] for level in LEVELS)
    closed = _closed(func, inputs, leaders, closed_points, rng)
    closed_low, closed_high = np.percentile(closed[:, 1:], LEVELS, axis=1)
    steady = [_steady(resampled[metric], lead) for metric, lead in enumerate(leaders)]
    return Shares(total, low, high, leaders, closed[:, 0], closed_low, closed_high, np.array(steady))


def _closed(func: Function, inputs: int, leaders: list[tuple[int, ...]], points: int, rng: np.random.Generator) -> np.ndarray:
    """Return the closed index of each metric's leaders, (metrics, 1 + resamples): the estimate, then its bootstrap.

    The variance of the expectation given the leaders u as a share of the variance V, which is one less the total effect
    of all other inputs. Jansen's estimator, S_u = 1 − E[(f(B) − f(A with u from B))²] / (2 V), averaged with the same
    for A and B exchanged.
    """
    closed = np.zeros((len(leaders), 1 + RESAMPLES))
    if not any(leaders):
        return closed
    first, second = _samples(inputs, points, rng)
    at_first, at_second = func(first), func(second)
    weights = np.hstack([np.full((points, 1), 1 / points), _weights(points, rng)])
    for lead in set(leaders) - {()}:  # mostly the same pair for every metric
        to_first, to_second = func(_mixed(second, first, lead)), func(_mixed(first, second, lead))
        unlike = (np.square(at_first - to_first) + np.square(at_second - to_second)) / 2
        shares = 1 - _ratio(unlike @ weights / 2, _variances(at_first, at_second, weights))
        closed = np.where([[own == lead] for own in leaders], shares, closed)
    return closed


def _samples(inputs: int, points: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return two independent samples A and B, (inputs, points) each."""
    columns = qmc.Sobol(2 * inputs, scramble=True, rng=rng).random(points).T
    return columns[:inputs], columns[inputs:]


def _mixed(first: np.ndarray, second: np.ndarray, positions: tuple[int, ...]) -> np.ndarray:
    """Return the first sample with the inputs at `positions` from the second."""
    taken = first.copy()
    taken[list(positions)] = second[list(positions)]
    return taken


def _weights(points: int, rng: np.random.Generator) -> np.ndarray:
    """Return (points, resamples): how often each resample holds a point, as a share."""
    counts = [np.bincount(rng.integers(points, size=points), minlength=points) for _ in range(RESAMPLES)]
    return np.stack(counts, axis=1) / points


def _variances(first: np.ndarray, second: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the variance in each resample, (…, resamples), of two samples (…, points) pooled."""
    mean = (first.mean(axis=-1, keepdims=True) + second.mean(axis=-1, keepdims=True)) / 2
    first, second = first - mean, second - mean
    return (np.square(first) + np.square(second)) / 2 @ weights - np.square((first + second) / 2 @ weights)


def _ratio(top: np.ndarray, bottom: np.ndarray) -> np.ndarray:
    return np.divide(top, bottom, out=np.zeros_like(top), where=np.broadcast_to(bottom > 0, top.shape))


def _varies(values: np.ndarray) -> bool:
    """Return whether values differ by more than the error of adding them up."""
    return bool(np.ptp(values) > _SAME * max(1.0, float(np.abs(values).max())))


def _leaders(total: np.ndarray) -> tuple[int, ...]:
    return tuple(int(position) for position in np.argsort(-total, kind="stable")[:2] if total[position] > 0)


def _steady(resampled: np.ndarray, leaders: tuple[int, ...]) -> float:
    """Return the share of resamples, (inputs, resamples), in which the same inputs lead."""
    if not leaders:
        return 0.0
    top = np.argsort(-resampled, axis=0, kind="stable")[: len(leaders)]
    return float(np.mean((np.sort(top, axis=0) == np.sort(leaders)[:, None]).all(axis=0)))
