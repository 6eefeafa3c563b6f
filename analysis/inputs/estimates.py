"""What an estimate is: (low, central, high), the 5th, 50th and 95th percentile, or one certain number.

Nothing here knows what the numbers mean.
"""

import math
import numbers
from dataclasses import dataclass

import numpy as np
from scipy import special

from analysis.inputs.errors import InputError, shown

Z95 = float(special.ndtri(0.95))
_TINY = 2.0**-53  # keeps u inside (0, 1), where the normal quantile is finite

# f and its inverse per domain; the percentiles are spread on the scale of f
_TRANSFORMS = {
    "positive": (np.log, np.exp),
    "share": (special.logit, special.expit),
    "real": (lambda x: x, lambda y: y),
    "probability": (special.ndtri, special.ndtr),  # [0.05, 0.5, 0.95] is the uniform distribution itself
}
ENDS = {"positive": (0.0, np.inf), "share": (0.0, 1.0), "real": (-np.inf, np.inf), "probability": (0.0, 1.0)}


@dataclass(frozen=True)
class Estimate:
    """An input: 5th, 50th and 95th percentile on a domain, within hard bounds. Certain: all three equal."""

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
        given = "given " + ", ".join(f"{value:.12g}" for value in (values[:1] if self.certain else values))
        if not all(np.isfinite(values)):
            raise InputError(f"{self.name}: a finite number is expected; {given}")
        if not all(self.minimum <= value <= self.maximum for value in values):
            raise InputError(
                f"{self.name}: allowed is {self.minimum:g} to {self.maximum:g} ({self.unit}); {given}"
            )
        if self.certain:
            return
        if not self.low < self.central < self.high:
            raise InputError(f"{self.name}: low < central < high is expected; {given}")
        bottom, top = ENDS[self.domain]
        if not bottom < self.low < self.high < top:
            inside = f"inside the {self.domain} domain ({bottom:g} to {top:g}, ends excluded)"
            raise InputError(f"{self.name}: a range must lie {inside}; {given}")

    @property
    def certain(self) -> bool:
        """Whether the estimate is one number."""
        return self.low == self.central == self.high

    def quantile(self, u: np.ndarray) -> np.ndarray:
        """Return the quantiles at probabilities `u` (any shape, 0 to 1), in the estimate's unit."""
        return self.at(special.ndtri(np.clip(u, _TINY, 1 - _TINY)))

    def at(self, z: np.ndarray) -> np.ndarray:
        """Return the values at standard normal values `z` (any shape), in the estimate's unit.

        q(z) = f⁻¹(f(central) + z/z95 · s), s the distance to high above the centre and to low below it, kept
        inside the hard bounds. Source: model README, section 2.
        """
        z = np.asarray(z, dtype=float)
        if self.certain:
            return np.full(z.shape, self.central)
        forward, inverse = _TRANSFORMS[self.domain]
        low, central, high = (float(forward(value)) for value in (self.low, self.central, self.high))
        slope = np.where(z >= 0, high - central, central - low) / Z95
        return np.clip(inverse(central + z * slope), self.minimum, self.maximum)


def parse(name: str, value: object) -> tuple[float, float, float]:
    """Return (low, central, high) from a number, three numbers or their text ("1200", "low,central,high")."""
    if isinstance(value, str):
        value = value.split(",") if "," in value else value
    if not isinstance(value, list | tuple):
        certain = number(name, value)
        return certain, certain, certain
    given = shown(",".join(map(str, value)))
    if len(value) != 3:
        raise InputError(f"{name}: one number or low,central,high is expected; given {given}")
    low, central, high = (number(name, part) for part in value)
    if low == central == high:
        raise InputError(
            f"{name}: low < central < high is expected, or one number if it is certain; given {given}"
        )
    return low, central, high


def number(name: str, value: object) -> float:
    """Return a finite number from a number or its plain ASCII text; anything else is an InputError."""
    try:
        if isinstance(value, bool) or not isinstance(value, str | numbers.Real):
            raise ValueError
        if isinstance(value, str) and ("_" in value or not value.isascii()):
            raise ValueError
        result = float(value)
    except (ValueError, OverflowError):
        raise InputError(
            f"{name}: a number is expected (a point for decimals), or low,central,high; given {shown(value)}"
        ) from None
    if not math.isfinite(result):
        raise InputError(f"{name}: a finite number is expected; given {shown(value)}")
    return result
