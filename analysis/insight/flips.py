"""Where the answer of a sweep flips: between neighbouring cells of a grid, and along an input of Sobol points."""

import itertools
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.insight import swept
from analysis.insight.influence import bin_of, bins
from analysis.insight.swept import HALF, States

CLEAR = 3.0  # standard errors from which the share of one bin of many counts as more than chance
MOST_PARTS = 8  # of an input, where each portfolio's share is said
FLIP = ["what", "axis", "case", "other", "value", "other_value", "state", "other_state", "clear", "distance"]


def flips(sweep, found: States) -> pd.DataFrame:
    """Return one row per pair of neighbouring cells of a grid with different answers, nearest to the flip first.

    Neighbours differ by one step along an ordered axis, or by any two values of an axis of words, all else equal.
    `case` is the one nearer to the flip; `clear`: both answers are beyond two standard errors, else the change is level.
    """
    if sweep.kind == "sobol":
        return pd.DataFrame(columns=FLIP)
    cases, codes = swept.cube(sweep, np.arange(len(sweep.frame))), swept.cube(sweep, found.codes)
    parts = [
        _along(found, axis, cases, codes, dimension, pair) for dimension, axis in enumerate(sweep.axes) for pair in _pairs(axis)
    ]
    frame = pd.concat([part for part in parts if len(part)] or [pd.DataFrame(columns=FLIP)], ignore_index=True)
    return frame.sort_values(["distance", "case", "other"], ignore_index=True, kind="stable")


def crossings(sweep, found: States) -> pd.DataFrame:
    """Return where a clear answer gives way to another clear one along an axis of a grid: axis, value, other_value.

    Cases in between, if any, are level. On a fine grid that is where an answer flips, though no two neighbours are clear.
    """
    if sweep.kind == "sobol":
        return pd.DataFrame(columns=["axis", "value", "other_value"])
    codes, clear = swept.cube(sweep, found.codes), swept.cube(sweep, found.clear)
    rows = []
    for dimension, axis in enumerate(sweep.axes):
        values = swept.values_in_order(axis)
        answers = np.moveaxis(np.where(clear, codes, -1), dimension, -1).reshape(-1, len(values))
        for line in answers:
            rows += [(axis.name, values[one], values[two]) for one, two in _changes(line, swept.ordered(axis))]
    return pd.DataFrame(rows, columns=["axis", "value", "other_value"])


def _changes(line: np.ndarray, ordered: bool) -> list[tuple[int, int]]:
    """Return the places of clear answers (not −1) that differ: one after the other, of words each with each."""
    known = np.flatnonzero(line >= 0)
    pairs = itertools.pairwise(known) if ordered else itertools.combinations(known, 2)
    return [(one, two) for one, two in pairs if line[one] != line[two]]


def _pairs(axis) -> list[tuple[int, int]]:
    places = range(len(axis.values))
    return list(itertools.pairwise(places)) if swept.ordered(axis) else list(itertools.combinations(places, 2))


def _along(found: States, axis, cases: np.ndarray, codes: np.ndarray, dimension: int, pair: tuple[int, int]) -> pd.DataFrame:
    changed = codes.take(pair[0], dimension) != codes.take(pair[1], dimension)
    values = swept.values_in_order(axis)
    one, two = (cases.take(place, dimension)[changed] for place in pair)
    nearer = found.distance[one] <= found.distance[two]
    case, other = np.where(nearer, one, two), np.where(nearer, two, one)
    first, second = (np.full(len(one), values[place], dtype=object) for place in pair)
    names = np.array(found.names, dtype=object)
    return pd.DataFrame(
        {
            "what": found.what,
            "axis": axis.name,
            "case": case,
            "other": other,
            "value": np.where(nearer, first, second),
            "other_value": np.where(nearer, second, first),
            "state": names[found.codes[case]],
            "other_state": names[found.codes[other]],
            "clear": found.clear[one] & found.clear[two],
            "distance": found.distance[case],
        }
    )


@dataclass(frozen=True)
class Threshold:
    """Where the share of solvent points along an input crosses a half. `rises`: more points are solvent above it.

    `low`, `high`: medians of the nearest bins on either side whose shares are beyond three standard errors of a half.
    """

    axis: object
    value: float
    low: float
    high: float
    rises: bool


def thresholds(sweep, axis) -> list[Threshold]:
    """Return the crossings of a half along an input of Sobol points that are beyond three standard errors, in order."""
    count = bins(sweep)
    if not count:
        return []
    values = sweep.frame[axis.column].to_numpy(dtype=float)
    by_bin = pd.DataFrame({"value": values, "solvent": swept.solvent(sweep).codes}).groupby(bin_of(values, count))
    middle, share, size = (
        part.to_numpy(dtype=float) for part in (by_bin["value"].median(), by_bin["solvent"].mean(), by_bin.size())
    )
    clear = np.flatnonzero(np.abs(share - HALF) > CLEAR * np.sqrt(share * (1 - share) / size))
    return [
        _threshold(axis, middle[left : right + 1], share[left : right + 1])
        for left, right in itertools.pairwise(clear)
        if (share[left] > HALF) != (share[right] > HALF)
    ]


def _threshold(axis, middle: np.ndarray, share: np.ndarray) -> Threshold:
    """Between two clear bins chance can make several crossings, an odd number: the one in the middle counts."""
    above = share > HALF
    steps = np.flatnonzero(above[:-1] != above[1:])
    at = steps[len(steps) // 2]
    part = (HALF - share[at]) / (share[at + 1] - share[at])
    value = middle[at] + part * (middle[at + 1] - middle[at])
    return Threshold(axis, float(value), float(middle[0]), float(middle[-1]), bool(above[-1]))


def portfolio_shares(sweep, axis) -> pd.DataFrame:
    """Return one row per bin of an input of Sobol points: its median, and per portfolio the share of points where it is best.

    Columns: value, then portfolios that are clearly best somewhere, most frequent first, then `level`: the share of points
    in which the two best are within two standard errors.
    """
    count, found = min(bins(sweep), MOST_PARTS), swept.portfolio(sweep)
    values = sweep.frame[axis.column].to_numpy(dtype=float)
    frame = pd.DataFrame({"value": values, "bin": bin_of(values, count)})
    clear = {name: found.clear & (found.codes == place) for place, name in enumerate(found.names)}
    named = sorted((name for name in clear if clear[name].any()), key=lambda name: (-clear[name].sum(), name))
    by_bin = frame.assign(**{name: clear[name] for name in named}, level=~found.clear).groupby("bin")
    return by_bin.agg(value=("value", "median"), **{name: (name, "mean") for name in [*named, "level"]}).reset_index(drop=True)
