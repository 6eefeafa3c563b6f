"""What a sweep shows: which axes matter, the surface over two of them, and the cases at the edge, as ready commands."""

import itertools
import math
import shlex
import weakref

import numpy as np
import pandas as pd

from analysis.insight import flips as flipping
from analysis.insight import influence, swept
from analysis.insight.portfolios import ERRORS
from analysis.insight.swept import HALF, PORTFOLIO, SOLVENT
from analysis.parameters import Settings

MOST_VALUES = 24  # of an axis that are drawn
MOST_EDGES = 12
EFFECT = ["axis", "share", "low", "high", "low_at", "high_at", "clear"]
_KEPT: dict[int, pd.DataFrame] = {}  # effects by the sweep's frame, as long as it lives


# ---- which axes matter ----
def effects(sweep) -> pd.DataFrame:
    """Return one row per varied axis, the largest share first: its share of the variance of the headline over the cases.

    `low`, `high`: smallest and largest mean of the headline along the axis, at `low_at` and `high_at` (an axis' value,
    or the median of a bin of Sobol points); `clear`: beyond two standard errors, or beyond chance among Sobol points.
    A Sobol input's share is that beyond the inputs before it. Too few Sobol points for two bins: no rows.
    """
    key = id(sweep.frame)
    if key not in _KEPT:  # of many Sobol inputs it takes a second, and much of a page asks for it
        rows = _grid_effects(sweep) if sweep.kind == "grid" else _sobol_effects(sweep)
        frame = pd.DataFrame(rows, columns=EFFECT)
        _KEPT[key] = frame.sort_values(["clear", "share"], ascending=False, ignore_index=True, kind="stable")
        weakref.finalize(sweep.frame, _KEPT.pop, key, None)
    return _KEPT[key].copy()


def _grid_effects(sweep) -> list[dict]:
    found = swept.headline(sweep)
    values, errors = swept.cube(sweep, found.values), swept.cube(sweep, found.errors)
    rows = []
    for dimension, axis in enumerate(sweep.axes):
        if len(axis.values) > 1:
            others = tuple(other for other in range(values.ndim) if other != dimension)
            means, error = values.mean(axis=others), errors.max(axis=others)  # of a mean it is smaller: on the safe side
            share = means.var() / values.var() if found.differs else 0.0
            ends = means.argmin(), means.argmax()
            clear = found.differs and np.ptp(means) > ERRORS * math.hypot(*(error[end] for end in ends))
            rows.append(_effect(axis, share, means, swept.values_in_order(axis), clear))
    return rows


def _sobol_effects(sweep) -> list[dict]:
    values, count = swept.headline(sweep).values, influence.bins(sweep)
    rows = []
    for each in influence.influences(sweep, values):
        inputs = sweep.frame[each.axis.column].to_numpy(dtype=float)
        by_bin = pd.DataFrame({"input": inputs, "value": values}).groupby(influence.bin_of(inputs, count))
        rows.append(_effect(each.axis, each.share, by_bin["value"].mean().to_numpy(), list(by_bin["input"].median()), each.clear))
    return rows


def _effect(axis, share: float, means: np.ndarray, values: list, clear: bool) -> dict:
    low, high = int(means.argmin()), int(means.argmax())
    return {"axis": axis.name, "share": float(share), "low": float(means[low]), "high": float(means[high])} | {
        "low_at": values[low], "high_at": values[high], "clear": bool(clear)}  # fmt: skip


def leading(sweep, count: int = 2, clear: bool = False) -> list:
    """Return the axes that matter most, in the order of their shares; with `clear` only those beyond errors or chance."""
    by_name, frame = {axis.name: axis for axis in sweep.axes}, effects(sweep)
    return [by_name[name] for name in frame.loc[frame["clear"] | (not clear), "axis"][:count]]


# ---- the surface of a grid ----
def middle(sweep, shown: tuple) -> dict:
    """Return axis name -> the middle value of every varied axis that is not `shown` (of an even number the lower one)."""
    others = [axis for axis in swept.varied(sweep) if axis not in shown]
    return {axis.name: swept.values_in_order(axis)[(len(axis.values) - 1) // 2] for axis in others}


def surface(sweep, across, up=None, at: dict | None = None) -> pd.DataFrame:
    """Return one row per cell of a grid over `across` (and `up`), at most 24 values of each: columns across, up, value, …

    The cases behind a cell are averaged, or those alone that have the values `at` (axis name -> value).
    value: mean headline; error: largest standard error; capped: share of cases where it is never and stands at the horizon; solvent: share of solvent
    cases; level: share of cases whose solvency is level; cases; case: the first one. With portfolios `best_portfolio` and
    `best_level`, of the first case.
    """
    found, solvent = swept.headline(sweep), swept.solvent(sweep)
    frame = pd.DataFrame({"across": sweep.frame[across.column], "up": sweep.frame[up.column] if up is not None else ""})
    frame = frame.assign(
        value=found.values,
        error=found.errors,
        capped=found.capped,
        solvent=solvent.codes,
        level=~solvent.clear,
        case=range(len(frame)),
    )
    if swept.has_portfolios(sweep):
        best = swept.portfolio(sweep)
        frame = frame.assign(best_portfolio=np.array(best.names, dtype=object)[best.codes], best_level=~best.clear)
    frame = frame[_behind(sweep, across, up, at or {})]
    firsts = {name: (name, "first") for name in ("case", PORTFOLIO, "best_level") if name in frame}
    means = {name: (name, "mean") for name in ("value", "capped", "solvent", "level")}
    return (
        frame.groupby(["up", "across"], sort=False)
        .agg(**means, error=("error", "max"), cases=("case", "size"), **firsts)
        .reset_index()
    )


def _behind(sweep, across, up, at: dict) -> np.ndarray:
    """Return which cases are shown, (cases,)."""
    kept = np.ones(len(sweep.frame), dtype=bool)
    for axis in sweep.axes:
        if axis.name in at:
            kept &= (sweep.frame[axis.column] == at[axis.name]).to_numpy()
        elif axis in (across, up):
            kept &= sweep.frame[axis.column].isin(drawn(axis)).to_numpy()
    return kept


def drawn(axis, most: int = MOST_VALUES) -> list:
    """Return the values of an axis that are drawn, in order: every first, second, third … and the last."""
    values = swept.values_in_order(axis)
    step = math.ceil(len(values) / most)
    places = sorted({*range(0, len(values), step), len(values) - 1})
    return [values[place] for place in places]


# ---- one input of Sobol points ----
def conditional(sweep, axis) -> pd.DataFrame:
    """Return one row per bin of an input: its median and ends, the points' 5th, 50th and 95th percentile, share solvent."""
    count, found = influence.bins(sweep), swept.headline(sweep)
    inputs = sweep.frame[axis.column].to_numpy(dtype=float)
    frame = pd.DataFrame({"input": inputs, "value": found.values, "solvent": swept.solvent(sweep).codes})
    rows = []
    for _, part in frame.groupby(influence.bin_of(inputs, count)) if count else ():
        p5, p50, p95 = np.percentile(part["value"], (5, 50, 95), method="inverted_cdf")
        ends = {"value": part["input"].median(), "low": part["input"].min(), "high": part["input"].max()}
        rows.append(ends | {"p5": p5, "p50": p50, "p95": p95, "solvent": part["solvent"].mean(), "points": len(part)})
    return pd.DataFrame(rows, columns=["value", "low", "high", "p5", "p50", "p95", "solvent", "points"])


# ---- cases at the edge ----
def edges(sweep, count: int = MOST_EDGES) -> pd.DataFrame:
    """Return the cases nearest to a flip, the nearest of each kind of flip first: case, what, state, other_state, other, clear.

    A kind of flip is a pair of answers. `other`: the neighbour on the other side (−1 among Sobol points, where the nearest
    are those with a share out of cash near a half, or a small lead). `clear`: beyond two standard errors.
    """
    kinds = [part for found in swept.states(sweep) for part in _kinds(sweep, found)]
    rounds = itertools.chain.from_iterable(itertools.zip_longest(*kinds))
    rows, seen = [], set()
    for row in rounds:
        if row is not None and (row["what"], row["case"]) not in seen and len(rows) < count:
            seen.add((row["what"], row["case"]))
            rows.append(row)
    return pd.DataFrame(rows, columns=["case", "what", "state", "other_state", "other", "clear", "distance"])


def _kinds(sweep, found: swept.States) -> list[list[dict]]:
    """Return one list of candidates per pair of answers, each nearest first."""
    frame = flipping.flips(sweep, found) if sweep.kind == "grid" else _near(sweep, found)
    if frame.empty:
        return []
    pair = [" / ".join(sorted((str(row.state), str(row.other_state)))) for row in frame.itertuples()]
    columns = ["case", "what", "state", "other_state", "other", "clear", "distance"]
    grouped = frame.groupby(pair, sort=False)
    return [part[columns].head(MOST_EDGES * 4).to_dict("records") for _, part in grouped]


def _near(sweep, found: swept.States) -> pd.DataFrame:
    """Return Sobol points as candidates: none where all give the same answer."""
    present = set(found.codes)
    others = sweep.frame["second_portfolio"].to_numpy() if found.what == PORTFOLIO else None
    rows = []
    for case in np.argsort(found.distance, kind="stable") if len(present) > 1 else ():
        state = found.names[found.codes[case]]
        other = others[case] if others is not None else not state
        rows.append({"case": int(case), "what": found.what, "state": state, "other_state": other, "other": -1}
                    | {"clear": bool(found.clear[case]), "distance": float(found.distance[case])})  # fmt: skip
    return pd.DataFrame(rows)


def telling(sweep, count: int) -> list[int]:
    """Return the `count` most telling cases, all where there are fewer: edges first, then extremes of the headline.

    First the case nearest to each kind of flip, then the highest and lowest headline, then further edges, then further
    extremes. The same sweep always gives the same cases.
    """
    values = swept.headline(sweep).values
    rising = np.argsort(values, kind="stable")
    falling = np.argsort(-values, kind="stable")
    extremes = [int(case) for pair in zip(falling, rising, strict=True) for case in pair]
    found = edges(sweep, max(MOST_EDGES, count))
    kinds = [tuple(sorted((str(row.state), str(row.other_state)))) for row in found.itertuples()]
    first = [case for place, case in enumerate(found["case"]) if kinds[place] not in kinds[:place]]
    return [int(case) for case in dict.fromkeys([*first, *extremes[:2], *found["case"], *extremes])][: max(count, 0)]


def overrides(sweep, case: int) -> tuple[str, dict[str, str]]:
    """Return a case's scenario and its overrides as they are typed, draws included; the seed where it is not the usual one."""
    row = sweep.frame.iloc[case]
    given = dict(sweep.settings) | {axis.name: row[axis.column] for axis in sweep.axes}
    base = str(given.pop("scenario", sweep.base))
    settings = {"draws": str(sweep.draws)} | ({"seed": str(sweep.seed)} if sweep.seed != Settings().seed else {})
    return base, {name: _typed(value) for name, value in given.items()} | settings


def command(sweep, case: int) -> str:
    """Return the command that builds the full report of a case, quoted for a shell. Raises IndexError for no such case."""
    base, given = overrides(sweep, case)
    settings = [shlex.quote(f"{name}={value}") for name, value in given.items() if name not in ("draws", "seed")]
    parts = ["burn-report build", shlex.quote(base), *(f"--set {setting}" for setting in settings)]
    parts += [f"--{name} {given[name]}" for name in ("draws", "seed") if name in given]
    # without a change the case would take the place of the scenario's own pages
    return " ".join([*parts, f"--name case-{case}" if settings else "--out out"])


def _typed(value: object) -> str:
    if isinstance(value, list | tuple):
        return ",".join(map(_typed, value))
    return repr(float(value)).removesuffix(".0") if isinstance(value, float | np.floating) else str(value)


__all__ = [
    "HALF",
    "PORTFOLIO",
    "SOLVENT",
    "command",
    "conditional",
    "drawn",
    "edges",
    "effects",
    "leading",
    "middle",
    "overrides",
    "surface",
    "telling",
]
