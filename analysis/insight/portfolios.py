"""The 16 portfolios side by side, and which of them another one dominates. Money in millions of US dollars."""

import functools
from collections.abc import Callable

import numpy as np
import pandas as pd

from analysis.draws import SCRAMBLES
from analysis.model.options import PORTFOLIOS, STAY
from analysis.results import Run, percentile, tail_mean

OPTION_NAMES = {"raise_capital": "raise capital", "partner": "partner", "focus": "focus", "integrate_x": "integrate X"}
Statistic = Callable[[dict[str, np.ndarray]], float]
# measure -> (how it is computed from a portfolio's draws, which way is better, whether it counts for dominance)
MEASURES: dict[str, tuple[Statistic, int, bool]] = {
    "value_mean_usd_m": (lambda draws: float(draws["value_usd_m"].mean()), 1, True),
    "value_p5_usd_m": (lambda draws: percentile(draws["value_usd_m"], 5), 1, False),
    "value_p95_usd_m": (lambda draws: percentile(draws["value_usd_m"], 95), 1, False),
    "value_tail_mean_usd_m": (lambda draws: tail_mean(draws["value_usd_m"]), 1, True),
    "cash_out_share": (lambda draws: float(np.isfinite(draws["runway_months"]).mean()), -1, True),
    "funding_need_p50_usd_m": (lambda draws: percentile(draws["funding_need_usd_m"], 50), -1, True),
    "ownership_mean_share": (lambda draws: float(draws["ownership_retained"].mean()), 1, True),
    "break_even_share": (lambda draws: float(np.isfinite(draws["break_even_month"]).mean()), 1, False),
}
ERRORS = 2.0  # standard errors of a paired difference below which it counts as none
ROUNDING = 1e-9  # relative difference that arithmetic alone can make
TOP = 0.05


def title(portfolio: str) -> str:
    """Return a portfolio's name for readers, such as "Raise capital + partner"."""
    if portfolio == STAY:
        return "Stay the course"
    text = " + ".join(OPTION_NAMES[option] for option in portfolio.split("+"))
    return text[0].upper() + text[1:]


def groups(draws: dict[str, np.ndarray]) -> list[dict[str, np.ndarray]]:
    """Return one portfolio's draws, measure -> (draws,), as 8 such dicts, one per scramble."""
    parts = {measure: np.split(values, SCRAMBLES) for measure, values in draws.items()}
    return [{measure: split[k] for measure, split in parts.items()} for k in range(SCRAMBLES)]


def standard_errors(by_scramble: np.ndarray) -> np.ndarray:
    """Return std/√8 along the last axis, which runs over the scrambles."""
    return by_scramble.std(axis=-1, ddof=1) / np.sqrt(by_scramble.shape[-1])


def better(pooled: np.ndarray, by_scramble: np.ndarray, sign: int) -> np.ndarray:
    """Return (n, n): whether row i is better than row j by more than two standard errors of the paired difference.

    `pooled`: (n,), the measure from all draws; `by_scramble`: (n, 8); `sign`: 1 if more is better, else −1.
    """
    difference = sign * (pooled[:, None] - pooled[None, :])
    error = standard_errors(by_scramble[:, None, :] - by_scramble[None, :, :])
    scale = np.maximum(np.abs(pooled)[:, None], np.abs(pooled)[None, :])
    return (difference > ERRORS * error) & (difference > ROUNDING * scale)


def dominators(betters: list[np.ndarray]) -> np.ndarray:
    """Return (n, n): whether i dominates j, that is, i is better on one measure and j is better on none."""
    return np.any(betters, axis=0) & ~np.any(betters, axis=0).T


@functools.lru_cache(maxsize=1)  # several sentences and tables of one page ask for it
def compare(run: Run) -> pd.DataFrame:
    """Return one row per portfolio, highest mean value first; the frame is shared and must not be changed.

    Each measure with its standard error (`…_se`) and `…_best` (none is better by more than two standard errors), the
    median month of break-even (nan: none within the horizon), the share of the
    mean value that the best 5 % of runs bring, and `dominated_by`, the dominating portfolio of the highest mean.
    """
    names = list(PORTFOLIOS)
    split = {name: groups(run.portfolios[name]) for name in names}
    columns, betters = {"portfolio": names, "title": [title(name) for name in names]}, []
    for measure, (statistic, sign, counts) in MEASURES.items():
        pooled = np.array([statistic(run.portfolios[name]) for name in names])
        by_scramble = np.array([[statistic(group) for group in split[name]] for name in names])
        wins = better(pooled, by_scramble, sign)
        columns |= {measure: pooled, f"{measure}_se": standard_errors(by_scramble), f"{measure}_best": ~wins.any(axis=0)}
        betters += [wins] if counts else []
    columns |= _spread(run, names)
    frame = pd.DataFrame(columns)
    frame["dominated_by"] = _dominated_by(dominators(betters), frame)
    return frame.sort_values(["value_mean_usd_m", "value_tail_mean_usd_m"], ascending=False, ignore_index=True, kind="stable")


def _spread(run: Run, names: list[str]) -> dict[str, list[float]]:
    values = [run.portfolios[name]["value_usd_m"] for name in names]
    months = [percentile(run.portfolios[name]["break_even_month"], 50) for name in names]
    return {
        "break_even_p50_month": [month if np.isfinite(month) else np.nan for month in months],
        "top_share": [top_share(value) for value in values],
    }


def top_share(values: np.ndarray) -> float:
    """Return the share of the sum of `values` that its largest 5 % bring; 0 when the sum is 0."""
    count = max(1, round(len(values) * TOP))
    total = values.sum()
    return float(np.partition(values, -count)[-count:].sum() / total) if total else 0.0


def _dominated_by(dominates: np.ndarray, frame: pd.DataFrame) -> list[str | None]:
    value = frame["value_mean_usd_m"].to_numpy()
    masked = np.where(dominates, value[:, None], -np.inf)
    return [frame["portfolio"][int(best)] if dominates[best, j] else None for j, best in enumerate(masked.argmax(axis=0))]


def chart(frame: pd.DataFrame) -> pd.DataFrame:
    """Return what the dot chart shows of `compare`'s rows, in its order; `dominated` is yes or no."""
    shown = [
        "value_mean_usd_m",
        "value_mean_usd_m_se",
        "value_p5_usd_m",
        "value_p95_usd_m",
        "value_tail_mean_usd_m",
        "cash_out_share",
    ]
    plotted = frame[["title", *shown]].rename(columns={"title": "portfolio", "value_mean_usd_m_se": "value_mean_se_usd_m"})
    return plotted.assign(dominated=np.where(frame["dominated_by"].notna(), "yes", "no"))
