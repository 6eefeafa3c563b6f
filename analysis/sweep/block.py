"""A slice of a sweep to a table: the same numbers as `results.Run` of each case, with what cases share computed once.

The central paths of a slice are one run of the model with a case in the place of a draw. A case without any uncertain
input needs no more than that: all its draws are the central path.
"""

import functools
import itertools
from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from analysis import draws as sampling
from analysis.draws import SCRAMBLES, Drawn
from analysis.estimates import Estimate
from analysis.model import costs, gap
from analysis.model.options import PORTFOLIOS, World
from analysis.parameters import Case
from analysis.results import UNITS
from analysis.sweep import cases
from analysis.sweep.metrics import HORIZON, LINES, PORTFOLIO_METRIC, PROBABILITIES, Column, column, columns, of_portfolio
from analysis.sweep.spec import Spec

RUNWAY, BREAK_EVEN = "runway_months", "break_even_month"
RAISE = "raise_capital"
Measured = dict[str, np.ndarray]  # measure, or column of a portfolio's measure -> (draws,)
Row = dict[str, object]  # column -> value; nan for "never"


def table(spec: Spec, start: int, stop: int) -> pa.Table:
    """Return the rows of the cases from `start` to before `stop`."""
    return as_table(rows(spec, start, stop), columns(spec.axes, spec.metrics))


def rows(spec: Spec, start: int, stop: int) -> list[Row]:
    """Return column -> value for each of the cases from `start` to before `stop`."""
    chosen = cases.values(spec, start, stop)
    inputs = [{"case": start + k} | {axis.column: values[axis.name] for axis in spec.axes} for k, values in enumerate(chosen)]
    found = [cases.case(spec, values) for values in chosen]
    drawn = _Draws(spec)
    alike = itertools.groupby(found, key=lambda case: (case.settings, case.kept_shares))
    outcomes = (outcome for _, group in alike for outcome in _outcomes(list(group), spec.metrics, drawn))
    return [given | outcome for given, outcome in zip(inputs, outcomes, strict=True)]


class _Draws:
    """Draws of cases that share draws and seed: those of inputs that no axis changes are made once."""

    def __init__(self, spec: Spec) -> None:
        self._draws, self._seed = spec.draws, spec.seed
        self._kept: dict[Estimate, np.ndarray] = {}

    def sample(self, case: Case) -> Drawn:
        """Return what `case.sample()` does."""
        return Drawn((estimate.name, self._of(place, case)) for place, estimate in enumerate(case.estimates))

    def _of(self, place: int, case: Case) -> np.ndarray:
        estimate = case.estimates[place]
        if estimate.certain:
            return np.full(self._draws, estimate.central)
        if estimate not in self._kept:
            points = sampling.uniform(len(case.estimates), self._draws, self._seed)
            self._kept[estimate] = estimate.quantile(points[:, place])
        return self._kept[estimate]


def _outcomes(group: list[Case], metrics: tuple[str, ...], drawn: _Draws) -> Iterator[Row]:
    """Yield the outcome of each case of a group that shares settings and kept shares."""
    first = group[0]
    x = Drawn((e.name, np.array([case.estimates[k].central for case in group])) for k, e in enumerate(first.estimates))
    certain = [all(estimate.certain for estimate in case.estimates) for case in group]
    central = _measured(World(x, first.settings, first.kept_shares), metrics, any(certain))
    for k, case in enumerate(group):
        if certain[k]:
            draws = {name: np.full(case.settings.draws, values[k]) for name, values in central.items()}
        else:
            draws = _measured(World(drawn.sample(case), case.settings, case.kept_shares), metrics, True)
        yield _outcome(draws, {name: values[k] for name, values in central.items()}, metrics, case.settings.horizon_months)


def _measured(world: World, metrics: tuple[str, ...], portfolios: bool) -> Measured:
    """Return what the metrics need, each (draws,); `portfolios`: whether those, when asked for, are needed too."""
    path = world.path()
    wanted = {RUNWAY, *({BREAK_EVEN} if "break_even_probability" in metrics else set()), *set(metrics) & set(gap.MEASURES)}
    found = gap.measures(world, path, sorted(wanted))
    if set(metrics) & set(LINES):
        found |= costs.bottom_up(world.x, world.burn)
    if portfolios and PORTFOLIO_METRIC in metrics:
        for name, each in world.paths():
            found[of_portfolio("value_mean_usd_m", name)] = world.value(each)
            found[of_portfolio("cash_out_probability", name)] = (each.cash < 0).any(axis=1)
    return found


def _outcome(draws: Measured, central: dict[str, float], metrics: tuple[str, ...], horizon: int) -> Row:
    found: Row = {}
    for metric in (metric for metric in metrics if metric != PORTFOLIO_METRIC and metric not in PROBABILITIES):
        found |= _distribution(column(metric, UNITS[metric]), draws[metric], central[metric])
    runway = draws[RUNWAY]
    for metric in {*metrics, HORIZON} & set(PROBABILITIES):
        found |= _share(metric, *_hits(metric, runway, draws.get(BREAK_EVEN), horizon))
    found["solvent"] = bool(np.isinf(np.sort(runway)[_rank(len(runway), 50)]))
    return found | (_portfolios(draws) if PORTFOLIO_METRIC in metrics else {})


def _hits(metric: str, runway: np.ndarray, break_even: np.ndarray | None, horizon: int) -> tuple[np.ndarray, bool]:
    """Return in which draws it happens, and whether the horizon reaches far enough to know."""
    if metric == "break_even_probability":
        return np.isfinite(break_even), True
    if metric == HORIZON:
        return np.isfinite(runway), True
    months = int(metric.removeprefix("cash_out_probability_").removesuffix("m"))
    return runway < months, horizon >= months


@functools.lru_cache(maxsize=64)
def _rank(count: int, percent: float) -> int:
    """Return the place of a percentile among `count` sorted values, as `results.percentile` takes it."""
    return int(np.percentile(np.arange(count), percent, method="inverted_cdf"))


def _distribution(name: str, draws: np.ndarray, central: float) -> Row:
    ranked, groups = np.sort(draws), np.sort(draws.reshape(SCRAMBLES, -1), axis=1)
    medians = groups[:, _rank(groups.shape[1], 50)]
    found = {f"{name}_central": float(central)}
    found |= {f"{name}_p{percent}": float(ranked[_rank(len(ranked), percent)]) for percent in (5, 50, 95)}
    return found | {f"{name}_p50_se": _error(medians)}


def _share(name: str, hits: np.ndarray, known: bool) -> Row:
    value, error = (float(hits.mean()), _error(_means(hits))) if known else (np.nan, np.nan)
    return {name: value, f"{name}_se": error}


def _means(values: np.ndarray) -> np.ndarray:
    return values.reshape(SCRAMBLES, -1).mean(axis=1)


def _error(by_scramble: np.ndarray) -> float:
    return float(by_scramble.std(ddof=1) / np.sqrt(SCRAMBLES)) if np.isfinite(by_scramble).all() else np.nan


def _portfolios(draws: Measured) -> Row:
    values = {name: draws[of_portfolio("value_mean_usd_m", name)] for name in PORTFOLIOS}
    means = np.array([value.mean() for value in values.values()])
    best, second = np.argsort(-means, kind="stable")[:2]
    names = list(PORTFOLIOS)
    found = {
        "best_portfolio": names[best],
        "best_value_mean_usd_m": float(means[best]),
        "second_portfolio": names[second],
        "lead_usd_m": float(means[best] - means[second]),
        "lead_se_usd_m": _error(_means(values[names[best]]) - _means(values[names[second]])),
    }
    found |= {of_portfolio("value_mean_usd_m", name): float(mean) for name, mean in zip(names, means, strict=True)}
    shares = (of_portfolio("cash_out_probability", name) for name in names)
    return found | {share: float(draws[share].mean()) for share in shares}


def as_table(rows: list[Row], wanted: tuple[Column, ...]) -> pa.Table:
    """Return rows as an Arrow table; what is not finite becomes null."""
    arrays = [_array([row[each.name] for row in rows], each) for each in wanted]
    return pa.Table.from_arrays(arrays, schema=schema(wanted))


def _array(values: list, wanted: Column) -> pa.Array:
    mask = ~np.isfinite(values) if wanted.kind == "float64" else None
    return pa.array(np.array(values) if mask is not None else values, type=wanted.kind, mask=mask)


def schema(wanted: tuple[Column, ...]) -> pa.Schema:
    """Return the table's schema: each field says its unit, its label and what an empty cell means."""
    fields = []
    for each in wanted:
        said = {"unit": each.unit, "label": each.label} | ({"null": each.null} if each.null else {})
        fields.append(pa.field(each.name, each.kind, nullable=bool(each.null), metadata=said))
    return pa.schema(fields)
