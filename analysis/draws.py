"""Estimates to draws: scrambled Sobol points through each estimate's quantile function.

Nothing here knows what the numbers mean.
"""

import functools
from collections.abc import Mapping, Sequence

import numpy as np
from scipy.stats import qmc

from analysis.errors import InputError, unknown
from analysis.estimates import Estimate

SCRAMBLES = 8


class Drawn(dict[str, np.ndarray]):
    """Name -> draws. A name that the model needs and the assumptions table lacks is an InputError, not a KeyError."""

    def __missing__(self, name: str) -> np.ndarray:
        raise unknown("assumption that the model needs", name, self)


def check_draws(draws: int) -> int:
    """Return `draws` if it is 8 scrambles of a power of two, else raise InputError with the nearest valid numbers."""
    per_scramble = draws / SCRAMBLES
    if draws >= SCRAMBLES * 2 and per_scramble == int(per_scramble) and int(per_scramble).bit_count() == 1 and draws <= 2**20:
        return draws
    power = int(np.clip(np.floor(np.log2(max(per_scramble, 2))), 1, 17))
    low, high = SCRAMBLES * 2**power, SCRAMBLES * 2 ** min(power + 1, 17)
    raise InputError(
        f"draws: {SCRAMBLES} times a power of two from 16 to 1048576 is expected; given {draws}. Nearest: {low}, {high}."
    )


@functools.lru_cache(maxsize=2)  # other scenarios and readings of one page are at the same points
def uniform(dimensions: int, draws: int, seed: int) -> np.ndarray:
    """Return scrambled Sobol points, shape (draws, dimensions), as 8 independent scrambles one after the other; read only.

    The same seed, number of draws and position of an assumption give the same numbers in every scenario and option.
    """
    per_scramble = check_draws(draws) // SCRAMBLES
    streams = np.random.SeedSequence(seed).spawn(SCRAMBLES)
    points = [qmc.Sobol(dimensions, scramble=True, rng=np.random.default_rng(stream)).random(per_scramble) for stream in streams]
    points = np.concatenate(points)
    points.flags.writeable = False
    return points


def sample(estimates: Sequence[Estimate], draws: int, seed: int) -> dict[str, np.ndarray]:
    """Return name -> draws, each of shape (draws,), one Sobol dimension per estimate in the order given."""
    points = uniform(len(estimates), draws, seed)
    return Drawn((estimate.name, estimate.quantile(points[:, column])) for column, estimate in enumerate(estimates))


def central(estimates: Sequence[Estimate]) -> dict[str, np.ndarray]:
    """Return name -> the central value, each of shape (1,): the central path is the model at these."""
    return Drawn((estimate.name, np.array([estimate.central])) for estimate in estimates)


def standard_error(statistic, values: np.ndarray) -> float:
    """Return the standard error of `statistic(values)` from the scrambles: std over the 8 groups / √8.

    `values`: shape (draws,). nan when a group has no finite statistic (a percentile that falls on "never").
    """
    groups = np.array([statistic(group) for group in np.split(values, SCRAMBLES)], dtype=float)
    return float(groups.std(ddof=1) / np.sqrt(SCRAMBLES)) if np.isfinite(groups).all() else float("nan")


Inputs = Mapping[str, np.ndarray]
