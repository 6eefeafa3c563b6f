"""A sweep's table as numbers: the headline that is followed, axes in order, and what can be said of each case.

A sweep is what `analysis.sweep.read` returns: frame (one row per case), axes, kind, base, settings, draws, seed, metrics.
"Never within the horizon" is null in its table. Where the headline is a month, null counts as the horizon here, so that
cases can be averaged; any other headline with a null, or one whose horizons differ, is not followed.
"""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.insight.portfolios import ERRORS, ROUNDING
from analysis.parameters import Settings
from analysis.results import UNITS

SOLVENT, PORTFOLIO = "solvent", "best_portfolio"
OUT = "cash_out_probability_horizon"
FIRST = ("runway_months", OUT)  # followed before others when they were kept and differ
CAPPED = ("runway_months", "break_even_month")
HALF = 0.5
TIE = 1e-3  # less than any difference of shares that matters
_MONTH = re.compile(r"\d{4}-\d{2}")


@dataclass(frozen=True)
class Headline:
    """The number that is followed over the cases. `values`: (cases,), never null; `errors`: standard errors, 0 if unknown.

    `capped`: (cases,), whether the value is "never" and stands at the horizon.
    """

    metric: str
    column: str
    values: np.ndarray
    capped: np.ndarray
    errors: np.ndarray

    @property
    def differs(self) -> bool:
        """Whether it differs between cases by more than arithmetic alone can make."""
        return _differs(self.values)

    @property
    def ends(self) -> tuple[int, int]:
        """The first cases with the lowest and with the highest value."""
        return int(self.values.argmin()), int(self.values.argmax())

    @property
    def beyond(self) -> bool:
        """Whether the highest and the lowest value differ by more than two standard errors."""
        low, high = self.ends
        return self.differs and bool(
            self.values[high] - self.values[low] > ERRORS * np.hypot(self.errors[low], self.errors[high])
        )


def headline(sweep) -> Headline:
    """Return the first metric that has a value in every case and differs: the runway, then as kept, then being out of cash."""
    metrics = [metric for metric in sweep.metrics if metric in UNITS]  # the portfolios are not one number
    kept = [metric for metric in FIRST if FIRST[0] in metrics or metric in metrics]
    names = list(dict.fromkeys([*kept, *metrics, OUT]))
    found = [each for each in (_headline(sweep, name) for name in names) if each is not None]
    return next((each for each in found if each.differs), found[0])


def _headline(sweep, metric: str) -> Headline | None:
    column = column_of(sweep, metric) or column_of(sweep, metric, "p50")
    if not column:
        return None
    values = numbers(sweep, column)
    never = np.isnan(values)
    horizon = horizon_months(sweep)
    if never.any() and (metric not in CAPPED or np.ptp(horizon) > 0):
        return None
    values = np.where(never, horizon, values)
    return Headline(metric, column, values, never, np.nan_to_num(error_values(sweep, metric)))


def column_of(sweep, metric: str, statistic: str = "") -> str:
    """Return the column of a metric's statistic (p5, p50, p50_se …; "" for one number), "" where the table has none."""
    for stem in (metric, f"{metric}_{UNITS[metric]}"):
        name = f"{stem}_{statistic}" if statistic else stem
        if name in sweep.frame:
            return name
    return ""


def error_values(sweep, metric: str) -> np.ndarray:
    """Return the standard errors of the metric's median or one number, (cases,), nan where unknown."""
    column = column_of(sweep, metric, "se") or column_of(sweep, metric, "p50_se")
    return numbers(sweep, column) if column else np.full(len(sweep.frame), np.nan)


def numbers(sweep, column: str) -> np.ndarray:
    """Return a column as numbers, (cases,), nan where there is none."""
    return sweep.frame[column].to_numpy(dtype=float, na_value=np.nan)


def horizon_months(sweep) -> np.ndarray:
    """Return the horizon of each case in months, (cases,)."""
    for axis in sweep.axes:
        if axis.name == "horizon_months":
            return sweep.frame[axis.column].to_numpy(dtype=float)
    return np.full(len(sweep.frame), float(sweep.settings.get("horizon_months", Settings().horizon_months)))


# ---- axes ----
def ordered(axis) -> bool:
    """Whether an axis has an order: numbers, or months YYYY-MM; words have none."""
    return all(is_number(value) for value in axis.values) or all(
        isinstance(value, str) and _MONTH.fullmatch(value) for value in axis.values
    )


def is_number(value: object) -> bool:
    """Whether a value of an axis is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def order(axis) -> list[int]:
    """Return the positions of an axis' values in their order; words stay as given."""
    return sorted(range(len(axis.values)), key=axis.values.__getitem__) if ordered(axis) else list(range(len(axis.values)))


def values_in_order(axis) -> list:
    """Return an axis' values in their order."""
    return [axis.values[position] for position in order(axis)]


def varied(sweep) -> list:
    """Return the axes that have two values or more (of Sobol points: all inputs)."""
    return [axis for axis in sweep.axes if sweep.kind == "sobol" or len(axis.values) > 1]


def cube(sweep, values: np.ndarray) -> np.ndarray:
    """Return one number per case of a grid as an array with a dimension per axis, each in its order."""
    shaped = np.asarray(values).reshape([len(axis.values) for axis in sweep.axes])
    for dimension, axis in enumerate(sweep.axes):
        shaped = shaped.take(order(axis), axis=dimension)
    return shaped


# ---- the answer of each case ----
@dataclass(frozen=True)
class States:
    """An answer of each case. `codes`: (cases,) into `names`; `clear`: beyond two standard errors, else it is level.

    `distance`: (cases,), how far the case is from another answer, for comparison within one sweep only.
    """

    what: str
    names: list
    codes: np.ndarray
    clear: np.ndarray
    distance: np.ndarray

    def count(self, name: object, clear: bool = False) -> int:
        """Return in how many cases the answer is `name`, with `clear` beyond two standard errors."""
        hits = self.codes == self.names.index(name) if name in self.names else np.zeros(len(self.codes), dtype=bool)
        return int((hits & self.clear).sum() if clear else hits.sum())


def states(sweep) -> list[States]:
    """Return the answers of each case: solvent or not, and with portfolios which one is best."""
    return [solvent(sweep)] + ([portfolio(sweep)] if has_portfolios(sweep) else [])


def has_portfolios(sweep) -> bool:
    """Whether the sweep kept the portfolios."""
    return PORTFOLIO in sweep.frame


def solvent(sweep) -> States:
    """Return whether the median run never runs out of cash; clear when the share of runs that do is not level with a half.

    Of cases equally far from a half, as certain inputs make them, those are nearer whose cash lasts longer.
    """
    share, error = (sweep.frame[name].to_numpy(dtype=float) for name in (OUT, f"{OUT}_se"))
    away = np.abs(share - HALF)
    yes = sweep.frame[SOLVENT].to_numpy(dtype=bool)
    return States(SOLVENT, [False, True], yes.astype(int), away > ERRORS * error, away + TIE * _missing_months(sweep))


def _missing_months(sweep) -> np.ndarray:
    """Return the share of the horizon that the median run's cash does not last, (cases,); a half where it lasts."""
    column = column_of(sweep, FIRST[0], "p50")
    if not column:
        return np.zeros(len(sweep.frame))
    lasts = numbers(sweep, column)
    return np.where(np.isnan(lasts), HALF, 1 - lasts / horizon_months(sweep))


def portfolio(sweep) -> States:
    """Return the portfolio of the highest mean value; clear when its lead exceeds two standard errors of the difference.

    A case in which two are exactly the same is no nearer to a flip than any other.
    """
    best = sweep.frame[PORTFOLIO].astype(str)
    counts = best.value_counts()
    names = sorted(counts.index, key=lambda name: (-counts[name], name))
    value, lead, error = (
        sweep.frame[name].to_numpy(dtype=float) for name in ("best_value_mean_usd_m", "lead_usd_m", "lead_se_usd_m")
    )
    clear = (lead > ERRORS * error) & (lead > ROUNDING * np.abs(value))
    distance = np.divide(lead, np.abs(value), out=np.zeros_like(lead), where=value != 0)
    distance[lead <= ROUNDING * np.abs(value)] = np.inf  # two that are the same there, such as with rounds that all fail
    return States(PORTFOLIO, names, pd.Index(names).get_indexer(best), clear, distance)


def _differs(values: np.ndarray) -> bool:
    return bool(np.ptp(values) > ROUNDING * np.abs(values).max())
