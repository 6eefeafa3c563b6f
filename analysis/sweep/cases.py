"""Cases by number: any slice of a sweep without making the others. The last axis of a grid varies fastest."""

import numpy as np

from analysis.inputs.parameters import Case, change
from analysis.sweep.axes import SCENARIO
from analysis.sweep.spec import Spec

Values = dict[str, float | int | str]


def values(spec: Spec, start: int, stop: int) -> list[Values]:
    """Return axis -> value for each of the cases from `start` to before `stop`."""
    columns = _grid(spec, start, stop) if spec.kind == "grid" else _sobol(spec, start, stop)
    names = [axis.name for axis in spec.axes]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def case(spec: Spec, values: Values) -> Case:
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
