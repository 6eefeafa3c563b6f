"""Scrambled Sobol points as normal values, made dependent. Model README, section 2."""

import bisect
import functools
import hashlib
import pathlib
from collections.abc import Mapping, Sequence

import numpy as np
import scipy
from scipy import special

from analysis.inputs.errors import InputError, unknown

SCRAMBLES = 8
BITS = 52  # of a point; with half a step added it is an exact float inside (0, 1)
MOST_STEPS = 17  # a scramble has at most 2^17 points
ALLOWED = tuple(SCRAMBLES * 2**steps for steps in range(1, MOST_STEPS + 1))
LEAST_VARIANCE = 1e-9  # that an input must have of its own for correlations to be possible

Inputs = Mapping[str, np.ndarray]  # name -> (draws,)
Correlation = tuple[str, str, float]  # of the normal values of two inputs


class Drawn(dict[str, np.ndarray]):
    """Name -> draws. A name that the model needs and the table of assumptions lacks is an InputError."""

    def __missing__(self, name: str) -> np.ndarray:
        raise unknown("assumption that the model needs", name, self)


def check_draws(draws: int) -> int:
    """Return `draws` if it is 8 scrambles of a power of two, else raise InputError with the nearest."""
    if draws in ALLOWED:
        return draws
    above = bisect.bisect(ALLOWED, draws)
    nearest = ", ".join(str(number) for number in ALLOWED[max(0, above - 1) :][:2])
    expected = f"{SCRAMBLES} times a power of two from {ALLOWED[0]} to {ALLOWED[-1]}"
    raise InputError(f"draws: {expected} is expected; given {draws}. Nearest: {nearest}.")


@functools.lru_cache(maxsize=2)  # all scenarios and pages of a build are at the same points
def normal_scores(
    names: tuple[str, ...], draws: int, seed: int, correlations: tuple[Correlation, ...] = ()
) -> np.ndarray:
    """Return standard normal values z = L · Φ⁻¹(u), (inputs, draws), read only. L: see `cholesky`."""
    scores = uniform(names, draws, seed)
    special.ndtri(scores, out=scores)
    members, factor = cholesky(names, correlations)
    for row in reversed(range(len(members))):  # from the last, which is mixed from still independent ones
        parts = (factor[row, column] * scores[members[column]] for column in np.flatnonzero(factor[row]))
        scores[members[row]] = sum(parts)
    scores.flags.writeable = False
    return scores


def uniform(names: tuple[str, ...], draws: int, seed: int) -> np.ndarray:
    """Return scrambled Sobol points inside (0, 1), shape (inputs, draws): 8 independent scrambles in a row.

    An input's points depend on its place, its name and the seed, and on no other input. Each dimension is
    scrambled by a random lower triangular matrix over its bits and a digital shift (Matoušek 1998).
    """
    steps = (check_draws(draws) // SCRAMBLES).bit_length() - 1
    shift, directions = _scramble(names, _directions(len(names), steps), seed)
    points = np.empty((len(names), SCRAMBLES, 2**steps), dtype=np.uint64)
    points[..., 0] = shift
    for step in range(steps):  # the points are all sums without carry of the directions
        filled = 2**step
        points[..., filled : 2 * filled] = points[..., :filled] ^ directions[step][..., None]
    middles = points.reshape(len(names), draws) + 0.5
    return np.ldexp(middles, -BITS, out=middles)  # in place, as a million draws fill gigabytes


def _directions(dimensions: int, steps: int) -> np.ndarray:
    """Return Joe and Kuo's direction numbers, (steps, dimensions), as whole numbers of `steps` bits."""
    # the file that scipy.stats.qmc reads, which takes longer to import than all draws
    path = pathlib.Path(scipy.__file__).parent / "stats" / "_sobol_direction_numbers.npz"
    with np.load(path) as table:
        polynomials, first = table["poly"], table["vinit"]
    found = np.ones((steps, dimensions), dtype=np.uint64)
    for dimension in range(1, dimensions):
        found[:, dimension] = _recurrence(int(polynomials[dimension]), first[dimension], steps)
    return found << np.arange(steps - 1, -1, -1, dtype=np.uint64)[:, None]


def _recurrence(polynomial: int, first: np.ndarray, steps: int) -> list[int]:
    """Return `steps` numbers: the first are given, each other follows from the polynomial's bits."""
    degree = polynomial.bit_length() - 1
    found = [int(value) for value in first[:degree]]
    for step in range(degree, steps):
        value = found[step - degree]
        for back in range(1, degree + 1):
            if polynomial >> degree - back & 1:
                value ^= found[step - back] << back
        found.append(value)
    return found[:steps]


def _scramble(names: tuple[str, ...], directions: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return shifts (inputs, scrambles) and scrambled directions (steps, inputs, scrambles) of 52 bits."""
    # hashes as random bits are the same on every machine and in every version
    keys = (f"{seed}/{scramble}/{name}" for name in names for scramble in range(SCRAMBLES))
    hashed = b"".join(hashlib.shake_256(key.encode()).digest(8 * (1 + MOST_STEPS)) for key in keys)
    random = np.frombuffer(hashed, dtype="<u8").reshape(len(names), SCRAMBLES, 1 + MOST_STEPS) >> 64 - BITS
    steps = len(directions)
    scrambled = np.zeros((steps, len(names), SCRAMBLES), dtype=np.uint64)
    for bit in range(steps):  # from the highest; the matrix maps it to itself and to random bits below
        column = random[..., 1 + bit] >> 1 + bit | 1 << BITS - 1 - bit
        is_set = directions >> steps - 1 - bit & 1
        scrambled ^= is_set[..., None] * column
    return random[..., 0], scrambled


def cholesky(names: Sequence[str], correlations: Sequence[Correlation]) -> tuple[list[int], np.ndarray]:
    """Return the places in `names` of the correlated inputs and the lower Cholesky factor of their matrix.

    Row by row: an input added at the end leaves the others as they were, to the bit. Pairs that cannot hold
    together are an InputError that names them.
    """
    involved = {name for pair in correlations for name in pair[:2]}
    members = [place for place, name in enumerate(names) if name in involved]
    row_of = {names[place]: row for row, place in enumerate(members)}
    matrix = np.eye(len(members))
    for first, second, value in correlations:
        places = row_of[first], row_of[second]
        matrix[places] = matrix[places[::-1]] = value
    factor = np.zeros_like(matrix)
    for row in range(len(members)):
        for column in range(row):
            rest = matrix[row, column] - sum(factor[row, :column] * factor[column, :column])
            factor[row, column] = rest / factor[column, column]
        left = 1 - sum(factor[row, :row] ** 2)  # of the row's own variance
        if left < LEAST_VARIANCE:
            raise _impossible([names[place] for place in members[: row + 1]], correlations)
        factor[row, row] = np.sqrt(left)
    return members, factor


def _impossible(names: list[str], correlations: Sequence[Correlation]) -> InputError:
    """Return the error that names the pairs, among `names`, that are linked with the last of them."""
    pairs = {frozenset(pair[:2]): pair for pair in correlations if {*pair[:2]} <= {*names}}
    linked = {names[-1]}
    for _ in names:
        linked.update(*(pair for pair in pairs if pair & linked))
    named = (f"{one} with {other} {value:g}" for one, other, value in pairs.values() if one in linked)
    return InputError(f"these correlations cannot hold together (not positive definite): {', '.join(named)}")


def standard_error(statistic, values: np.ndarray) -> float:
    """Return the standard error of a statistic of (draws,): std over scrambles / √8; nan if one has none."""
    groups = np.array([statistic(group) for group in np.split(values, SCRAMBLES)], dtype=float)
    return float(groups.std(ddof=1) / np.sqrt(SCRAMBLES)) if np.isfinite(groups).all() else float("nan")
