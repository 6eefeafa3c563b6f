"""A slice of a sweep to a table: the same numbers as `Result` of each case, what cases share computed once.

The central paths of a slice are one run of the model with a case in the place of a draw. A case without any
uncertain input needs no more than that: all its draws are the central path.
"""

import itertools
from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from analysis.inputs import draws as sampling
from analysis.inputs.draws import Drawn
from analysis.inputs.estimates import Estimate
from analysis.inputs.parameters import Case, Settings, change
from analysis.model.memo import Memo
from analysis.model.options import PORTFOLIOS, STAY, Model
from analysis.results import results, ties
from analysis.results.metrics import METRICS, measures
from analysis.sweep.axes import SCENARIO
from analysis.sweep.metrics import HORIZON, PARTS, PORTFOLIO_METRIC, named_column, of_portfolio, schema
from analysis.sweep.spec import Spec

MOST_KEPT = 2**18  # draws of the months that are kept for other cases
RUNWAY = METRICS[HORIZON].of
Measured = dict[str, np.ndarray]  # measure, or column of a mix's measure -> (draws,)
Values = dict[str, float | int | str]  # of the axes
Row = dict[str, object]  # column -> value; None for "never"


def table(spec: Spec, start: int, stop: int) -> pa.Table:
    """Return the rows of the cases from `start` to before `stop`."""
    chosen = values_of(spec, start, stop)
    names = {axis.name: axis.column for axis in spec.axes}
    given = [{names[name]: value for name, value in values.items()} for values in chosen]
    shared = _Shared(spec)
    alike = itertools.groupby((case_of(spec, values) for values in chosen), key=lambda case: case.settings)
    outcomes = (outcome for _, group in alike for outcome in _outcomes(list(group), spec.metrics, shared))
    rows = [
        {"case": case} | values | outcome
        for case, values, outcome in zip(range(start, stop), given, outcomes, strict=True)
    ]
    return pa.Table.from_pylist(rows, schema=schema(spec.axes, spec.metrics))


def values_of(spec: Spec, start: int, stop: int) -> list[Values]:
    """Return axis -> value for each of the cases from `start` to before `stop`."""
    columns = _grid(spec, start, stop) if spec.kind == "grid" else _sobol(spec, start, stop)
    names = [axis.name for axis in spec.axes]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def case_of(spec: Spec, values: Values) -> Case:
    """Return the case that `burn-report build SCENARIO --set NAME=VALUE …` makes of axis -> value."""
    overrides = {name: value for name, value in values.items() if name != SCENARIO}
    return change(spec.bases[values.get(SCENARIO, spec.base)], overrides)


def _grid(spec: Spec, start: int, stop: int) -> list[list]:
    places = np.unravel_index(np.arange(start, stop), [len(axis.values) for axis in spec.axes])
    return [[axis.values[at] for at in column] for axis, column in zip(spec.axes, places, strict=True)]


def _sobol(spec: Spec, start: int, stop: int) -> list[list[float]]:
    base, points = spec.bases[spec.base], np.ascontiguousarray(_points(spec, start, stop).T)
    return [base[axis.name].quantile(column).tolist() for axis, column in zip(spec.axes, points, strict=True)]


def _points(spec: Spec, start: int, stop: int) -> np.ndarray:
    """Return scrambled Sobol points, (stop − start, axes), as a slice of all of them."""
    from scipy.stats import qmc  # takes longer to import than many a grid to run

    points = qmc.Sobol(len(spec.axes), scramble=True, rng=np.random.default_rng(spec.points_seed))
    if start:
        return points.fast_forward(start).random(stop - start)
    first = points.random(1)[:stop]  # alone, because a first draw that is no power of two warns
    return np.concatenate([first, points.random(stop - 1)]) if stop > 1 else first


class _Shared:
    """What cases with the same draws and seed share: draws of inputs that no axis changes, what follows."""

    def __init__(self, spec: Spec) -> None:
        self._draws, self._seed = spec.draws, spec.seed
        self._kept: dict[Estimate, np.ndarray] = {}
        self.memo = Memo(max(64, MOST_KEPT // spec.draws))

    def sample(self, case: Case) -> Drawn:
        """Return what `case.sample()` does; an input has one array for equal estimates."""
        names = tuple(estimate.name for estimate in case.estimates)
        scores = sampling.normal_scores(names, self._draws, self._seed, case.correlations)
        for estimate, score in zip(case.estimates, scores, strict=True):
            if estimate not in self._kept:
                self._kept[estimate] = estimate.at(score)
        return Drawn((estimate.name, self._kept[estimate]) for estimate in case.estimates)


def _outcomes(group: list[Case], metrics: tuple[str, ...], shared: _Shared) -> Iterator[Row]:
    """Yield the outcome of each case of a group that shares settings."""
    settings = group[0].settings
    central = Drawn(
        (alike[0].name, np.array([estimate.central for estimate in alike]))
        for alike in zip(*(case.estimates for case in group), strict=True)
    )
    certain = [all(estimate.certain for estimate in case.estimates) for case in group]
    at_once = _measured(Model(central, settings), metrics, any(certain))
    for place, case in enumerate(group):
        own = {name: values[place : place + 1] for name, values in at_once.items()}
        if certain[place]:
            draws = {name: np.repeat(value, settings.draws) for name, value in own.items()}
        else:
            draws = _measured(Model(shared.sample(case), settings, shared.memo), metrics, True)
        yield _outcome(draws, own, metrics, settings)


def _plain(metrics: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in (HORIZON, *metrics) if name != PORTFOLIO_METRIC)


def _measured(model: Model, metrics: tuple[str, ...], portfolios: bool) -> Measured:
    """Return what the metrics need, each (draws,); `portfolios`: whether that of the mixes is needed too."""
    wanted = _plain(metrics)
    if not portfolios or PORTFOLIO_METRIC not in metrics:
        return measures(model.trajectory(), wanted)
    found: Measured = {}
    for name, path in model.trajectories():
        found |= measures(path, wanted) if name == STAY else {}
        found[of_portfolio("value_mean_usd_m", name)] = path.value
        found[of_portfolio("cash_out_probability", name)] = np.isfinite(path.out_month)
    return found


def _outcome(draws: Measured, central: Measured, metrics: tuple[str, ...], settings: Settings) -> Row:
    found: Row = _portfolios(draws) if PORTFOLIO_METRIC in metrics else {}
    for name, summary in results.summaries(_plain(metrics), draws, central, settings).items():
        if METRICS[name].measure:
            found |= {f"{named_column(name)}_{part}": summary[part] for part in (*PARTS, "p50_se")}
        else:
            found |= {name: summary["value"], f"{name}_se": summary["se"]}
    half = np.sort(draws[RUNWAY])[(len(draws[RUNWAY]) - 1) // 2]
    return found | {"solvent": bool(np.isinf(half))}


def _portfolios(draws: Measured) -> Row:
    values = {name: draws[of_portfolio("value_mean_usd_m", name)] for name in PORTFOLIOS}
    means = {name: float(value.mean()) for name, value in values.items()}
    best, second = sorted(means, key=means.get, reverse=True)[:2]
    lead = ties.by_scramble(values[best]) - ties.by_scramble(values[second])
    shares = (of_portfolio("cash_out_probability", name) for name in PORTFOLIOS)
    return {
        "best_portfolio": best,
        "best_value_mean_usd_m": means[best],
        "second_portfolio": second,
        "lead_usd_m": means[best] - means[second],
        "lead_se_usd_m": float(lead.std(ddof=1) / np.sqrt(len(lead))),
        **{of_portfolio("value_mean_usd_m", name): mean for name, mean in means.items()},
        **{share: float(draws[share].mean()) for share in shares},
    }
