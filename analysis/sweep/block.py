"""A slice of a sweep to a table: the same numbers as `results.Result` of each case, what cases share
computed once.

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
from analysis.inputs.parameters import Case
from analysis.model.memo import Memo
from analysis.model.options import PORTFOLIOS, STAY, Model
from analysis.results import results, ties
from analysis.results.metrics import METRICS, measures
from analysis.sweep import cases
from analysis.sweep.metrics import HORIZON, PORTFOLIO_METRIC, Column, columns, named_column, of_portfolio
from analysis.sweep.spec import Spec

MOST_KEPT = 2**18  # draws of the months that are kept for other cases
RUNWAY = METRICS[HORIZON].of
Measured = dict[str, np.ndarray]  # measure, or column of a mix's measure -> (draws,)
Row = dict[str, object]  # column -> value; nan for "never"


def table(spec: Spec, start: int, stop: int) -> pa.Table:
    """Return the rows of the cases from `start` to before `stop`."""
    return as_table(rows(spec, start, stop), columns(spec.axes, spec.metrics))


def rows(spec: Spec, start: int, stop: int) -> list[Row]:
    """Return column -> value for each of the cases from `start` to before `stop`."""
    chosen = cases.values(spec, start, stop)
    inputs = [
        {"case": start + k} | {axis.column: values[axis.name] for axis in spec.axes}
        for k, values in enumerate(chosen)
    ]
    found = [cases.case(spec, values) for values in chosen]
    shared = _Shared(spec)
    alike = itertools.groupby(found, key=lambda case: case.settings)
    outcomes = (outcome for _, group in alike for outcome in _outcomes(list(group), spec.metrics, shared))
    return [given | outcome for given, outcome in zip(inputs, outcomes, strict=True)]


class _Shared:
    """What cases with the same draws and seed share: the draws of inputs that no axis changes, and what
    follows from them.
    """

    def __init__(self, spec: Spec) -> None:
        self._draws, self._seed = spec.draws, spec.seed
        self._kept: dict[Estimate, np.ndarray] = {}
        self.memo = Memo(max(64, MOST_KEPT // spec.draws))

    def sample(self, case: Case) -> Drawn:
        """Return what `case.sample()` does; an input has one array for equal estimates."""
        names = tuple(estimate.name for estimate in case.estimates)
        scores = sampling.normal_scores(names, self._draws, self._seed, case.correlations)
        return Drawn(
            (each.name, self._of(each, score)) for each, score in zip(case.estimates, scores, strict=True)
        )

    def _of(self, estimate: Estimate, scores: np.ndarray) -> np.ndarray:
        if estimate not in self._kept:
            self._kept[estimate] = estimate.at(scores)
        return self._kept[estimate]


def _outcomes(group: list[Case], metrics: tuple[str, ...], shared: _Shared) -> Iterator[Row]:
    """Yield the outcome of each case of a group that shares settings."""
    first = group[0]
    central = Drawn(
        (estimate.name, np.array([case.estimates[place].central for case in group]))
        for place, estimate in enumerate(first.estimates)
    )
    certain = [all(estimate.certain for estimate in case.estimates) for case in group]
    at_once = _measured(Model(central, first.settings), metrics, any(certain))
    for place, case in enumerate(group):
        if certain[place]:
            draws = {name: np.full(case.settings.draws, values[place]) for name, values in at_once.items()}
        else:
            draws = _measured(Model(shared.sample(case), case.settings, shared.memo), metrics, True)
        own = {name: values[place : place + 1] for name, values in at_once.items()}
        yield _outcome(draws, own, metrics, case.settings.horizon_months)


def _measured(model: Model, metrics: tuple[str, ...], portfolios: bool) -> Measured:
    """Return what the metrics need, each (draws,); `portfolios`: whether those, when asked for, are needed
    too.
    """
    wanted = tuple(dict.fromkeys((HORIZON, *(name for name in metrics if name != PORTFOLIO_METRIC))))
    if not portfolios or PORTFOLIO_METRIC not in metrics:
        return measures(model.trajectory(), wanted)
    found: Measured = {}
    for name, path in model.trajectories():
        found |= measures(path, wanted) if name == STAY else {}
        found[of_portfolio("value_mean_usd_m", name)] = path.value
        found[of_portfolio("cash_out_probability", name)] = np.isfinite(path.out_month)
    return found


def _outcome(draws: Measured, central: Measured, metrics: tuple[str, ...], horizon: int) -> Row:
    found: Row = {}
    for name in dict.fromkeys((*(each for each in metrics if each != PORTFOLIO_METRIC), HORIZON)):
        metric = METRICS[name]
        if metric.measure:
            summary = results.distribution(metric.unit, draws[name], central[name])
            found |= {
                f"{named_column(name)}_{part}": summary[part]
                for part in ("central", "p5", "p50", "p95", "p50_se")
            }
        else:
            summary = results.number(metric, draws[metric.of], horizon)
            found |= {name: summary["value"], f"{name}_se": summary["se"]}
    half = np.sort(draws[RUNWAY])[(len(draws[RUNWAY]) - 1) // 2]
    found["solvent"] = bool(np.isinf(half))
    return found | (_portfolios(draws) if PORTFOLIO_METRIC in metrics else {})


def _portfolios(draws: Measured) -> Row:
    values = {name: draws[of_portfolio("value_mean_usd_m", name)] for name in PORTFOLIOS}
    means = np.array([value.mean() for value in values.values()])
    best, second = np.argsort(-means, kind="stable")[:2]
    names = list(PORTFOLIOS)
    lead = ties.by_scramble(values[names[best]]) - ties.by_scramble(values[names[second]])
    found = {
        "best_portfolio": names[best],
        "best_value_mean_usd_m": float(means[best]),
        "second_portfolio": names[second],
        "lead_usd_m": float(means[best] - means[second]),
        "lead_se_usd_m": float(lead.std(ddof=1) / np.sqrt(len(lead))),
    }
    found |= {
        of_portfolio("value_mean_usd_m", name): float(mean) for name, mean in zip(names, means, strict=True)
    }
    shares = (of_portfolio("cash_out_probability", name) for name in names)
    return found | {share: float(draws[share].mean()) for share in shares}


def as_table(rows: list[Row], wanted: tuple[Column, ...]) -> pa.Table:
    """Return rows as an Arrow table; what is not there becomes null."""
    arrays = [pa.array([row[each.name] for row in rows], type=each.kind) for each in wanted]
    return pa.Table.from_arrays(arrays, schema=schema(wanted))


def schema(wanted: tuple[Column, ...]) -> pa.Schema:
    """Return the table's schema: each field says its unit, its label and what an empty cell means."""
    fields = []
    for each in wanted:
        said = {"unit": each.unit, "label": each.label} | ({"null": each.null} if each.null else {})
        fields.append(pa.field(each.name, each.kind, nullable=bool(each.null), metadata=said))
    return pa.schema(fields)
