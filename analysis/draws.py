"""Estimates to draws: quantile functions on declared domains, and scrambled Sobol points.

An estimate is (low, central, high): the 5th, 50th and 95th percentile, met exactly, or one certain number. Nothing
here knows what the numbers mean.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special
from scipy.stats import qmc

from analysis.errors import InputError

SCRAMBLES = 8
Z95 = float(special.ndtri(0.95))
_TINY = 2.0**-53  # keeps u inside (0, 1), where the normal quantile is finite

# f and its inverse per domain; the percentiles are spread on the scale of f
_TRANSFORMS = {
    "positive": (np.log, np.exp),
    "share": (special.logit, special.expit),
    "real": (lambda x: x, lambda y: y),
    "probability": (special.ndtri, special.ndtr),  # [0.05, 0.5, 0.95] is the uniform distribution itself
}
_OPEN = {"positive": (0.0, np.inf), "share": (0.0, 1.0), "real": (-np.inf, np.inf), "probability": (0.0, 1.0)}


@dataclass(frozen=True)
class Estimate:
    """An input of the model: 5th, 50th and 95th percentile on a domain, within hard bounds. Certain: all three equal."""

    name: str
    low: float
    central: float
    high: float
    unit: str
    domain: str
    minimum: float
    maximum: float
    origin: str = "assumptions"  # or "scenario", "override"

    def __post_init__(self) -> None:
        values = (self.low, self.central, self.high)
        given = f"given {', '.join(f'{value:g}' for value in values)}" if not self.certain else f"given {self.central:g}"
        if not all(np.isfinite(values)):
            raise InputError(f"{self.name}: a finite number is expected; {given}")
        if not all(self.minimum <= value <= self.maximum for value in values):
            raise InputError(f"{self.name}: allowed is {self.minimum:g} to {self.maximum:g} ({self.unit}); {given}")
        if self.certain:
            return
        if not self.low < self.central < self.high:
            raise InputError(f"{self.name}: low < central < high is expected; {given}")
        bottom, top = _OPEN[self.domain]
        if not bottom < self.low < self.high < top:
            raise InputError(f"{self.name}: a range must lie inside the {self.domain} domain ({bottom:g} to {top:g}, ends excluded); {given}")

    @property
    def certain(self) -> bool:
        """Whether the estimate is one number."""
        return self.low == self.central == self.high

    def quantile(self, u: np.ndarray) -> np.ndarray:
        """Return the quantiles at probabilities `u` (any shape, 0 < u < 1), in the estimate's unit.

        q(u) = f⁻¹(f(central) + z(u)/z(0.95) · s), s the distance to high above the centre and to low below it, kept
        inside the hard bounds. Source: model README, section 2.
        """
        u = np.asarray(u, dtype=float)
        if self.certain:
            return np.full(u.shape, self.central)
        forward, inverse = _TRANSFORMS[self.domain]
        low, central, high = (float(forward(value)) for value in (self.low, self.central, self.high))
        z = special.ndtri(np.clip(u, _TINY, 1 - _TINY)) / Z95
        return np.clip(inverse(central + z * np.where(z >= 0, high - central, central - low)), self.minimum, self.maximum)


def check_draws(draws: int) -> int:
    """Return `draws` if it is 8 scrambles of a power of two, else raise InputError with the nearest valid numbers."""
    per_scramble = draws / SCRAMBLES
    if draws >= SCRAMBLES * 2 and per_scramble == int(per_scramble) and int(per_scramble).bit_count() == 1 and draws <= 2**20:
        return draws
    power = int(np.clip(np.floor(np.log2(max(per_scramble, 2))), 1, 17))
    low, high = SCRAMBLES * 2**power, SCRAMBLES * 2 ** min(power + 1, 17)
    raise InputError(f"draws: {SCRAMBLES} times a power of two from 16 to 1048576 is expected; given {draws}. Nearest: {low}, {high}.")


def uniform(dimensions: int, draws: int, seed: int) -> np.ndarray:
    """Return scrambled Sobol points, shape (draws, dimensions), as 8 independent scrambles one after the other.

    The same seed, number of draws and position of an assumption give the same numbers in every scenario and option.
    """
    per_scramble = check_draws(draws) // SCRAMBLES
    streams = np.random.SeedSequence(seed).spawn(SCRAMBLES)
    points = [qmc.Sobol(dimensions, scramble=True, rng=np.random.default_rng(stream)).random(per_scramble) for stream in streams]
    return np.concatenate(points)


def sample(estimates: Sequence[Estimate], draws: int, seed: int) -> dict[str, np.ndarray]:
    """Return name -> draws, each of shape (draws,), one Sobol dimension per estimate in the order given."""
    points = uniform(len(estimates), draws, seed)
    return {estimate.name: estimate.quantile(points[:, column]) for column, estimate in enumerate(estimates)}


def central(estimates: Sequence[Estimate]) -> dict[str, np.ndarray]:
    """Return name -> the central value, each of shape (1,): the central path is the model at these."""
    return {estimate.name: np.array([estimate.central]) for estimate in estimates}


def standard_error(statistic, values: np.ndarray) -> float:
    """Return the standard error of `statistic(values)` from the scrambles: std over the 8 groups / √8.

    `values`: shape (draws,). nan when a group has no finite statistic (a percentile that falls on "never").
    """
    groups = np.array([statistic(group) for group in np.split(values, SCRAMBLES)], dtype=float)
    return float(groups.std(ddof=1) / np.sqrt(SCRAMBLES)) if np.isfinite(groups).all() else float("nan")


Inputs = Mapping[str, np.ndarray]
