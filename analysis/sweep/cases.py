"""Cases by number: any slice of a sweep without making the others. The last axis of a grid varies fastest."""

import numpy as np
from scipy.stats import qmc

from analysis.inputs.parameters import Case, change
from analysis.sweep.axes import SCENARIO
from analysis.sweep.spec import Spec

Values = dict[str, float | int | str]


def values(spec: Spec, start: int, stop: int) -> list[Values]:
    """Return axis -> value for each of the cases from `start` to before `stop`."""
    if not 0 <= start <= stop <= spec.cases:
        raise IndexError(f"cases {start} to {stop} of {spec.cases}")
    if start == stop:
        return []
    return _grid(spec, start, stop) if spec.kind == "grid" else _sobol(spec, start, stop)


def case(spec: Spec, values: Values) -> Case:
    """Return the case of an axis -> value mapping, as `burn-report build SCENARIO --set NAME=VALUE …`
    resolves it.
    """
    overrides = {name: value for name, value in values.items() if name != SCENARIO}
    return change(spec.bases[values.get(SCENARIO, spec.base)], overrides)


def _grid(spec: Spec, start: int, stop: int) -> list[Values]:
    sizes = [len(axis.values) for axis in spec.axes]
    positions = zip(*np.unravel_index(np.arange(start, stop), sizes), strict=True)
    return [
        {axis.name: axis.values[place] for axis, place in zip(spec.axes, at, strict=True)} for at in positions
    ]


def _sobol(spec: Spec, start: int, stop: int) -> list[Values]:
    base, names = spec.bases[spec.base], [axis.name for axis in spec.axes]
    columns = np.ascontiguousarray(_points(spec, start, stop).T)
    drawn = [base[name].quantile(column).tolist() for name, column in zip(names, columns, strict=True)]
    return [dict(zip(names, row, strict=True)) for row in zip(*drawn, strict=True)]


def _points(spec: Spec, start: int, stop: int) -> np.ndarray:
    """Return scrambled Sobol points, (stop − start, axes), as a slice of all of them."""
    points = qmc.Sobol(len(spec.axes), scramble=True, rng=np.random.default_rng(spec.points_seed))
    if start:
        return points.fast_forward(start).random(stop - start)
    first = points.random(1)[:stop]  # alone, because a first draw that is no power of two warns
    return np.concatenate([first, points.random(stop - 1)]) if stop > 1 else first
