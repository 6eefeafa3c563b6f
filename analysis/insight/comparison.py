"""Several cases side by side, from their results: headlines with differences, paths on one calendar, inputs that differ.

A result holds summaries, not draws, so the standard error of a difference is √(a² + b²), as if the two came from
independent draws. Cases with one seed share their draws, which makes the true error smaller: "beyond" errs on the safe side.
"""

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from analysis import stored
from analysis.errors import InputError, shown, unknown
from analysis.inputs import Tables
from analysis.results import LEVELS

BASE = "as_reported"
ERRORS = 2.0  # standard errors of a difference within which it counts as none
ROUNDING = 1e-9  # relative difference that arithmetic alone can make
BEST = "best_portfolio"
# headline -> which number of its summary it is
HEADLINES = {
    "runway_months": "p50",
    "cash_out_probability_12m": "value",
    "funding_need_usd_m": "p50",
    "coverage_ratio_36m": "p50",
    "required_growth_per_month": "p50",
    "break_even_probability": "value",
    "revenue_ceiling_usd_m_per_month": "p50",
    BEST: "value",
}
# settings that a headline depends on by its definition, beyond the inputs
SPAN = {
    "funding_need_usd_m": ("horizon_months",),
    "required_growth_per_month": ("target_month", "start_month"),
    "break_even_probability": ("horizon_months",),
    BEST: ("horizon_months",),
}
LONGER = 0.2  # beyond the last cash, as a share of the months shown
MOST_ROWS = 300  # months of one path, over all cases; more are thinned out
RANGES = ("runway_months", "funding_need_usd_m", "required_growth_per_month", "coverage_ratio_36m")


@dataclass(frozen=True)
class Comparison:
    """Results by case, the case that the others are compared with, and the tables behind all of them."""

    results: dict[str, dict]
    baseline: str
    tables: Tables

    @property
    def others(self) -> list[str]:
        """Return the cases but the baseline."""
        return [case for case in self.results if case != self.baseline]

    def title(self, case: str) -> str:
        """Return a case's name for readers."""
        return stored.title_of(case, self.results[case], self.tables)

    def setting(self, name: str) -> list:
        """Return the different values of a setting, the baseline's first."""
        return list(dict.fromkeys(self.results[case][name] for case in (self.baseline, *self.others)))


def compare(results: Mapping[str, dict], tables: Tables, baseline: str | None = None) -> Comparison:
    """Return the comparison of two or more results (case -> content, as `stored.read_folders` gives them).

    `baseline`: a case; None takes `as_reported` when it is among them, else the first.
    """
    if len(results) < 2:
        given = f"given {shown(next(iter(results)))} alone" if results else "given none"
        raise InputError(f"folders: two result folders or more are expected; {given}")
    if baseline is None:
        baseline = BASE if BASE in results else next(iter(results))
    if baseline not in results:
        raise unknown("baseline", baseline, results)
    return Comparison(dict(results), baseline, tables)


def best_portfolio(result: Mapping) -> tuple[str, str]:
    """Return the portfolio with the highest mean value and the next one; of equals the one with fewer options."""
    portfolios = result["portfolios"]
    ranked = sorted(portfolios, key=lambda name: -(portfolios[name]["value_mean_usd_m"]["value"] or 0.0))
    return ranked[0], ranked[1]


def headline(result: Mapping, metric: str) -> dict[str, float | None]:
    """Return a headline's value, 5th and 95th percentile (None where it has no range, or "never") and standard error."""
    if metric == BEST:
        entry = result["portfolios"][best_portfolio(result)[0]]
        mean, spread = entry["value_mean_usd_m"], entry["value_usd_m"]
        return {"value": mean["value"], "low": spread["p5"], "high": spread["p95"], "se": mean["se"]}
    entry = result["metrics"][metric]
    number = HEADLINES[metric]
    error = entry["se" if number == "value" else f"{number}_se"]
    return {"value": entry[number], "low": entry.get("p5"), "high": entry.get("p95"), "se": error}


def differences(comparison: Comparison) -> pd.DataFrame:
    """Return one row per case and headline, the baseline's first: value, range, difference from the baseline, its verdict.

    `verdict`: same, beyond or within two standard errors of the difference, unknown (no standard error), only_here,
    only_baseline or neither (a value that is never reached has no difference); "baseline" for the baseline itself.
    """
    rows = []
    for case in (comparison.baseline, *comparison.others):
        for metric in HEADLINES:
            here, there = (headline(comparison.results[name], metric) for name in (case, comparison.baseline))
            error = None if None in (here["se"], there["se"]) else math.hypot(here["se"], there["se"])
            both = None not in (here["value"], there["value"])
            rows.append(
                {"case": case, "metric": metric, **here, "baseline_value": there["value"], "baseline_se": there["se"]}
                | {"difference": here["value"] - there["value"] if both else None, "difference_se": error}
                | {"verdict": "baseline" if case == comparison.baseline else verdict(here["value"], there["value"], error)}
            )
    frame = pd.DataFrame(rows)
    numbers = ["value", "low", "high", "se", "baseline_value", "baseline_se", "difference", "difference_se"]
    frame[numbers] = frame[numbers].astype(float)  # None becomes nan
    return frame


def verdict(here: float | None, there: float | None, error: float | None) -> str:
    """Return how two values compare; see `differences`. `error`: the standard error of their difference."""
    if here is None or there is None:
        return "neither" if here is there else "only_here" if there is None else "only_baseline"
    if math.isclose(here, there, rel_tol=ROUNDING, abs_tol=0.0):
        return "same"
    if error is None:
        return "unknown"
    return "beyond" if abs(here - there) > ERRORS * error else "within"


def ranges(comparison: Comparison) -> pd.DataFrame:
    """Return one row per headline in RANGES and case: p5, p50 and p95, nan for "never"."""
    rows = [
        {"metric": metric, "case": case}
        | {f"p{level}": comparison.results[case]["metrics"][metric][f"p{level}"] for level in (5, 50, 95)}
        for metric in RANGES
        for case in comparison.results
    ]
    frame = pd.DataFrame(rows)
    frame[["p5", "p50", "p95"]] = frame[["p5", "p50", "p95"]].astype(float)
    return frame


def paths(comparison: Comparison, *names: str) -> pd.DataFrame:
    """Return case × month × path: central, p5 … p95 in usd_m. `names`: spend, revenue or cash.

    `index_months` counts from the earliest start of all cases, so that cases stand on one calendar. Where many months
    would be too many for a page, every second (third …) one is left, and the last.
    """
    step = math.ceil(sum(result["horizon_months"] for result in comparison.results.values()) / MOST_ROWS)
    first = min(_months(result["start_month"]) for result in comparison.results.values())
    parts = []
    for case, result in comparison.results.items():
        shift = _months(result["start_month"]) - first
        calendar = [stored.settings(result).month(t) for t in range(result["horizon_months"])]
        for name in names:
            path = result["paths"][f"{name}_usd_m"]
            levels = {f"{key}_usd_m": path[key] for key in ("central", *(f"p{level}" for level in LEVELS))}
            months = {"month": calendar, "index_months": range(shift, shift + len(calendar))}
            frame = pd.DataFrame({"case": case, "series": name} | months | levels)
            parts.append(frame[(frame.index % step == 0) | (frame.index == len(calendar) - 1)])
    return pd.concat(parts, ignore_index=True)


def while_cash(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of `paths(…, "cash")` until no case has cash at its 95th percentile, and a little longer."""
    having = frame.loc[frame["p95_usd_m"] >= 0, "index_months"]
    last = having.max() if len(having) else frame["index_months"].min()
    return frame[frame["index_months"] <= max(last * (1 + LONGER), last + 3)].reset_index(drop=True)


def _months(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7]) - 1


def last_common(comparison: Comparison) -> int:
    """Return the last month that all cases have, counted from each case's own start."""
    return min(result["horizon_months"] for result in comparison.results.values()) - 1


def central(comparison: Comparison, name: str, month: int) -> dict[str, float]:
    """Return case -> spend, revenue or cash on the central path in a month counted from the case's start, usd_m."""
    return {case: result["paths"][f"{name}_usd_m"]["central"][month] for case, result in comparison.results.items()}


def apart(comparison: Comparison, metric: str) -> int | None:
    """Return how many pairs of cases have 5th to 95th percentiles that do not overlap; None when a case's range has no start."""
    spans = [(result["metrics"][metric]["p5"], result["metrics"][metric]["p95"]) for result in comparison.results.values()]
    if any(low is None for low, _ in spans):
        return None
    ends = [(low, math.inf if high is None else high) for low, high in spans]
    return sum(one[1] < two[0] or two[1] < one[0] for one, two in itertools.combinations(ends, 2))
