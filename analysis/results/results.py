"""A case run through the model: its draws and its central path, summarised with standard errors.

Summaries are {unit, central, p5, p50, p95, p5_se, p50_se, p95_se}, {unit, value, se} for one number from all
draws, or {unit, central, p5, p50, p95} of calendar months. "Never" and "beyond the horizon" are None.
"""

import functools
import json
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pandas as pd

from analysis import __version__
from analysis.inputs.draws import SCRAMBLES, Drawn, Inputs, standard_error
from analysis.inputs.parameters import Case
from analysis.inputs.settings import SETTINGS, Settings
from analysis.model.costs import CATEGORIES
from analysis.model.memo import Memo
from analysis.model.options import PORTFOLIOS, Model, Trajectory
from analysis.model.revenue import STREAMS
from analysis.results.metrics import INDEPENDENT, METRICS, OF_CASE, OF_PORTFOLIO, Metric, measures

SCHEMA = 2  # of results.json
PERCENTILES = (5, 50, 95)
LEVELS = (5, 25, 50, 75, 95)  # of paths
MEDIAN = (50,)
PATHS = {f"{name}_usd_m": LEVELS for name in ("spend", "revenue", "cash", "debt")} | {
    f"{kind}_{name}_usd_m": MEDIAN  # of the parts the median alone
    for kind, names in (("revenue", STREAMS), ("spend", (*CATEGORIES, "interest")))
    for name in names
}
PARTS = ("metrics", "portfolio_metrics", "paths", "independent")  # of a Result, what is published
BLOCK = 1024  # draws at a time where no path is kept: arrays in the processor's cache are twice as fast

Measures = dict[str, np.ndarray]  # measure -> (draws,)
Summary = dict[str, float | str | None]


class Result:
    """A case's results. Everything is computed when first asked for and then kept."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.settings = case.settings

    @functools.cached_property
    def inputs(self) -> Inputs:
        """The draws of every input, each (draws,)."""
        return self.case.sample()

    @functools.cached_property
    def model(self) -> Model:
        """The model at all draws."""
        return Model(self.inputs, self.settings)

    @functools.cached_property
    def central_model(self) -> Model:
        """The model at the central values: one draw."""
        return Model(self.case.central(), self.settings)

    @functools.cached_property
    def trajectory(self) -> Trajectory:
        """The plain path (stay the course) at all draws."""
        return self.model.trajectory()

    @functools.cached_property
    def central_trajectory(self) -> Trajectory:
        """The plain path at the central values, arrays (1, months)."""
        return self.central_model.trajectory()

    @functools.cached_property
    def measures(self) -> Measures:
        """Measures of the plain path, each (draws,)."""
        return measures(self.trajectory, OF_CASE)

    @functools.cached_property
    def metrics(self) -> dict[str, Summary]:
        """Metric -> summary, of the plain path."""
        return summaries(OF_CASE, self.measures, measures(self.central_trajectory, OF_CASE), self.settings)

    @functools.cached_property
    def portfolios(self) -> dict[str, Measures]:
        """Portfolio -> measure -> (draws,), for every mix of options."""
        return of_portfolios(self.inputs, self.settings, OF_PORTFOLIO)

    @functools.cached_property
    def portfolio_metrics(self) -> dict[str, dict[str, Summary]]:
        """Portfolio -> metric -> summary."""
        central = of_portfolios(self.central_model.inputs, self.settings, OF_PORTFOLIO)
        return {
            name: summaries(OF_PORTFOLIO, found, central[name], self.settings)
            for name, found in self.portfolios.items()
        }

    @functools.cached_property
    def independent(self) -> dict[str, Summary]:
        """The headlines once more, as if no input depended on another."""
        blocks = _blocks(self.case.sample(independent=True))
        draws = _joined([measures(Model(some, self.settings).trajectory(), INDEPENDENT) for some in blocks])
        return summaries(INDEPENDENT, draws, measures(self.central_trajectory, INDEPENDENT), self.settings)

    @functools.cached_property
    def paths(self) -> dict[str, pd.DataFrame]:
        """Path -> a row per month, usd_m: month (YYYY-MM), the percentiles that PATHS names, central."""
        months = [self.settings.month(index) for index in range(self.settings.horizon_months)]
        draws, central = _paths(self.trajectory), _paths(self.central_trajectory)
        found = {}
        for name, levels in PATHS.items():
            ranks = zip(levels, monthly_ranks(draws[name], levels), strict=True)
            bands = {f"p{level}": values for level, values in ranks}
            found[name] = pd.DataFrame({"month": months} | bands | {"central": central[name][0]})
        return found


def paths_alone(case: Case, values: Sequence[tuple[str, float]]) -> Trajectory:
    """Return the plain path at the central values, and with one input at another value: a row for each."""
    inputs = Drawn((each.name, np.full(1 + len(values), each.central)) for each in case.estimates)
    for row, (name, value) in enumerate(values, 1):
        inputs[name][row] = value
    return Model(inputs, case.settings).trajectory()


def run_before(case: Case, base: Case, parts: Iterable[str] = PARTS) -> None:
    """Run what several jobs of a case need, for the processes that are forked from this one."""
    usual, result = of(base), of(case)  # first: what was kept of a case before, a hundred megabytes, goes
    usual.metrics  # noqa: B018 (kept with all that it rests on)
    if usual is not result:
        usual.model.memo = Memo()  # what was made on the way is not asked for again
    for part in parts:
        getattr(result, part)


@functools.lru_cache(maxsize=2)  # of a page's case and of "As reported", beside which it is shown
def of(case: Case) -> Result:
    """Return the result of a case, the same one if it is one of the last two that were asked for."""
    return Result(case)


def _paths(path: Trajectory) -> dict[str, np.ndarray]:
    """Return path -> its months, (draws, months)."""
    found = {"spend": path.spend, "revenue": path.revenue, "cash": path.cash, "debt": path.debt}
    found |= {f"revenue_{name}": values for name, values in path.streams.items()}
    found |= {f"spend_{name}": values for name, values in path.spend_parts.items()}
    return {f"{name}_usd_m": values for name, values in found.items()}


def monthly_ranks(draws: np.ndarray, levels: tuple[int, ...]) -> np.ndarray:
    """Return percentiles of every month, (levels, months), interpolated. `draws`: (draws, months)."""
    ranked = np.sort(draws.T, axis=1)
    place = np.array(levels) / 100 * (len(draws) - 1)
    below = place.astype(int)
    above = np.minimum(below + 1, len(draws) - 1)
    return (ranked[:, below] + (place - below) * (ranked[:, above] - ranked[:, below])).T


def of_portfolios(inputs: Inputs, settings: Settings, names: tuple[str, ...]) -> dict[str, Measures]:
    """Return portfolio -> measure -> (draws,) of the metrics `names`, for every mix of options."""
    paths = (Model(some, settings).trajectories() for some in _blocks(inputs))
    parts = [{name: measures(path, names) for name, path in every} for every in paths]
    return {name: _joined([part[name] for part in parts]) for name in PORTFOLIOS}


def _blocks(inputs: Inputs) -> Iterator[Inputs]:
    for start in range(0, len(next(iter(inputs.values()))), BLOCK):
        yield type(inputs)((name, values[start : start + BLOCK]) for name, values in inputs.items())


def _joined(parts: list[Measures]) -> Measures:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def summaries(
    names: tuple[str, ...], draws: Measures, central: Measures, settings: Settings
) -> dict[str, Summary]:
    """Return metric -> summary from the measures of all draws and of the central path."""
    found: dict[str, Summary] = {}
    for name in names:
        metric = METRICS[name]
        if metric.measure:
            found[name] = distribution(metric.unit, draws[name], central[name])
        elif metric.statistic:
            found[name] = number(metric, draws[metric.of], settings.horizon_months)
        else:
            found[name] = calendar_months(metric.unit, found[metric.of], settings)
    return found


def distribution(unit: str, draws: np.ndarray, central: np.ndarray) -> Summary:
    """Return unit, central value, percentiles and their errors. `draws`: (draws,); `central`: (1,)."""
    return _finite({"unit": unit, "central": float(central[0])} | percentiles(draws))


def percentiles(draws: np.ndarray) -> dict[str, float]:
    """Return p5, p50, p95 of (draws,) and p5_se …, their standard errors (nan where a scramble has none).

    A percentile is one of the values, so that "never" (inf) is never averaged with a number.
    """
    ranks = np.sort(draws)[_places(len(draws))]
    groups = np.sort(draws.reshape(SCRAMBLES, -1), axis=1)[:, _places(len(draws) // SCRAMBLES)]
    with np.errstate(invalid="ignore"):
        errors = groups.std(axis=0, ddof=1) / np.sqrt(SCRAMBLES)
    names = [f"p{percent}" for percent in PERCENTILES]
    errors_of = zip((f"{name}_se" for name in names), errors.tolist(), strict=True)
    return dict(zip(names, ranks.tolist(), strict=True)) | dict(errors_of)


@functools.lru_cache(maxsize=64)
def _places(count: int) -> list[int]:
    """Return where the percentiles lie among `count` sorted values (inverse of the distribution function)."""
    return np.percentile(np.arange(count), PERCENTILES, method="inverted_cdf").astype(int).tolist()


def number(metric: Metric, draws: np.ndarray, horizon: int) -> Summary:
    """Return unit, value and standard error of one number from all draws; None when it cannot be known."""
    if horizon < metric.needs_months:
        return {"unit": metric.unit, "value": None, "se": None}
    value, error = metric.statistic(draws), standard_error(metric.statistic, draws)
    return _finite({"unit": metric.unit, "value": value, "se": error})


def calendar_months(unit: str, months: Summary, settings: Settings) -> Summary:
    """Return the calendar months, YYYY-MM, that hold a summary's months from the start; None for never."""
    found: Summary = {"unit": unit}
    for key in ("central", *(f"p{percent}" for percent in PERCENTILES)):
        found[key] = None if months[key] is None else settings.month(int(months[key]))
    return found


def _finite(values: Summary) -> Summary:
    never = [key for key, value in values.items() if isinstance(value, float) and not np.isfinite(value)]
    return values | dict.fromkeys(never)


def as_dict(result: Result) -> dict:
    """Return what results.json holds. No time, no path of a machine: the same case gives the same content."""
    case = result.case
    return {
        "schema": SCHEMA,
        "scenario": case.scenario,
        "version": __version__,
        **{name: getattr(case.settings, name) for name in SETTINGS},
        "inputs": {
            each.name: {name: getattr(each, name) for name in ("low", "central", "high", "unit", "origin")}
            for each in case.estimates
        },
        "metrics": result.metrics,
        "independent": result.independent,
        "portfolios": result.portfolio_metrics,
        "paths": {
            name: {key: values.tolist() for key, values in path.items() if key != "month"}
            for name, path in result.paths.items()
        },
    }


def to_json(content: dict) -> str:
    """Return `content` as JSON text that ends with a line feed; a nan or an infinity is an error."""
    return json.dumps(content, indent=1, allow_nan=False, ensure_ascii=False) + "\n"
