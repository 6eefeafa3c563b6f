"""An estimate: (low, central, high), the 5th, 50th and 95th percentile, or one certain number."""

import math
import numbers
from dataclasses import dataclass

import numpy as np
from scipy import special

from analysis.inputs.errors import InputError, shown

Z95 = float(special.ndtri(0.95))
_TINY = 2.0**-53  # keeps u inside (0, 1), where the normal quantile is finite

DOMAINS = {  # the ends of each, and the scale f on which the percentiles are spread, with its inverse
    "positive": (0.0, np.inf, np.log, np.exp),
    "share": (0.0, 1.0, special.logit, special.expit),
    "real": (-np.inf, np.inf, np.positive, np.positive),
    "probability": (0.0, 1.0, special.ndtri, special.ndtr),  # [0.05, 0.5, 0.95] is the uniform itself
}


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
            allowed = f"{self.minimum:g} to {self.maximum:g} ({self.unit})"
            raise InputError(f"{self.name}: allowed is {allowed}; {given}")
        if self.certain:
            return
        if not self.low < self.central < self.high:
            raise InputError(f"{self.name}: low < central < high is expected; {given}")
        bottom, top = DOMAINS[self.domain][:2]
        if not bottom < self.low < self.high < top:
            inside = f"inside the {self.domain} domain ({bottom:g} to {top:g}, ends excluded)"
            raise InputError(f"{self.name}: a range must lie {inside}; {given}")

    @classmethod
    def of_row(cls, row, given: object, origin: str) -> "Estimate":
        """Return an assumption (a row of its table) with values as `parse` reads them."""
        return cls(row.name, *parse(row.name, given), row.unit, row.domain, row.minimum, row.maximum, origin)

    @classmethod
    def as_in_table(cls, row) -> "Estimate":
        """Return an assumption with the values of its row; without low and high it is certain."""
        given = row.central if math.isnan(row.low) else (row.low, row.central, row.high)
        return cls.of_row(row, given, "assumptions")

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
        forward, inverse = DOMAINS[self.domain][2:]
        low, central, high = (float(forward(value)) for value in (self.low, self.central, self.high))
        slope = np.where(z >= 0, high - central, central - low) / Z95
        return np.clip(inverse(central + z * slope), self.minimum, self.maximum)


def parse(name: str, value: object) -> tuple[float, float, float]:
    """Return (low, central, high) from a number, three numbers or their text ("1200", "low,central,high")."""
    if isinstance(value, str) and "," in value:
        value = value.split(",")
    if not isinstance(value, list | tuple):
        certain = number(name, value)
        return certain, certain, certain
    given = shown(",".join(map(str, value)))
    if len(value) != 3:
        raise InputError(f"{name}: one number or low,central,high is expected; given {given}")
    low, central, high = (number(name, part) for part in value)
    if low == central == high:
        expected = "low < central < high is expected, or one number if it is certain"
        raise InputError(f"{name}: {expected}; given {given}")
    return low, central, high


def number(name: str, value: object) -> float:
    """Return a finite number from a number or its plain ASCII text; anything else is an InputError."""
    plain = not isinstance(value, str) or (value.isascii() and "_" not in value)
    try:
        if isinstance(value, bool) or not isinstance(value, str | numbers.Real) or not plain:
            raise ValueError
        result = float(value)
    except (ValueError, OverflowError):
        expected = "a number is expected (a point for decimals), or low,central,high"
        raise InputError(f"{name}: {expected}; given {shown(value)}") from None
    if not math.isfinite(result):
        raise InputError(f"{name}: a finite number is expected; given {shown(value)}")
    return result


def whole(name: str, value: object, low: int, high: int) -> int:
    """Return a whole number of the range from a number or its text, exact to the last digit."""
    found = number(name, value)
    exact = isinstance(value, int) or (isinstance(value, str) and value.strip().lstrip("+-").isdigit())
    found = int(value) if exact else found  # a float would round a long seed
    if found != int(found) or not low <= found <= high:
        raise InputError(f"{name}: a whole number from {low} to {high} is expected; given {shown(value)}")
    return int(found)
