"""Run a case: its draws and its central path through the model, once each, summarised with standard errors.

Summaries are {unit, central, p5, p50, p95, p5_se, p50_se, p95_se}, or {unit, value, se} for one number from all
draws. "Never" and "beyond the horizon" are None. The same case always gives the same summaries.
"""

import functools
import json
from collections.abc import Callable, Iterator

import numpy as np

from analysis import __version__
from analysis.draws import SCRAMBLES, Inputs, standard_error
from analysis.model import costs, gap
from analysis.model.options import PORTFOLIOS, STAY, Path, World
from analysis.parameters import Case

PERCENTILES = (5, 50, 95)
LEVELS = (5, 25, 50, 75, 95)  # of paths
UNITS = {
    "coverage_ratio_start": "ratio",
    "coverage_ratio_12m": "ratio",
    "coverage_ratio_36m": "ratio",
    "gap_start_usd_m_per_month": "usd_m_per_month",
    "gap_12m_usd_m_per_month": "usd_m_per_month",
    "gap_36m_usd_m_per_month": "usd_m_per_month",
    "runway_months": "months",
    "break_even_month": "month",
    "funding_need_usd_m": "usd_m",
    "required_growth_per_month": "per_month",
    "required_multiple": "ratio",
    "burn_multiple_12m": "ratio",
    "revenue_ceiling_usd_m_per_month": "usd_m_per_month",
    "value_usd_m": "usd_m",
    "value_mean_usd_m": "usd_m",
    "value_tail_mean_usd_m": "usd_m",
    "ownership_retained": "share",
    "cash_out_probability_12m": "share",
    "cash_out_probability_24m": "share",
    "cash_out_probability_horizon": "share",
    "break_even_probability": "share",
    **dict.fromkeys((*costs.LINES, "bottom_up_total", "unexplained"), "usd_m_per_month"),
}
TAIL = 0.05
BLOCK = 1024  # draws at a time where no path is kept: arrays that stay in the processor's cache are twice as fast


class Run:
    """A case run through the model. Everything is computed when first asked for and then kept."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.settings = case.settings

    @functools.cached_property
    def x(self) -> Inputs:
        """The draws of every input, each (draws,)."""
        return self.case.sample()

    @functools.cached_property
    def world(self) -> World:
        """The model at all draws."""
        return World(self.x, self.settings, self.case.kept_shares)

    @functools.cached_property
    def central_world(self) -> World:
        """The model at the central values: one draw."""
        return World(self.case.central(), self.settings, self.case.kept_shares)

    @functools.cached_property
    def path(self) -> Path:
        """The plain path (stay the course) at all draws."""
        return self.world.path()

    @functools.cached_property
    def central_path(self) -> Path:
        """The plain path at the central values, arrays (1, months)."""
        return self.central_world.path()

    @functools.cached_property
    def gap(self) -> dict[str, np.ndarray]:
        """Measures of the revenue gap, each (draws,)."""
        return gap.measures(self.world, self.path)

    @functools.cached_property
    def central_gap(self) -> dict[str, np.ndarray]:
        """Measures of the revenue gap on the central path, each (1,)."""
        return gap.measures(self.central_world, self.central_path)

    @functools.cached_property
    def bottom_up(self) -> dict[str, np.ndarray]:
        """The claim rebuilt from its parts, each (draws,), usd_m per month."""
        return costs.bottom_up(self.world.x, self.world.burn)

    @functools.cached_property
    def portfolios(self) -> dict[str, dict[str, np.ndarray]]:
        """Portfolio -> measure -> (draws,), for all 16."""
        return self.of_portfolios(World.measures)

    def of_portfolios(self, measures: Callable[[World, Path], dict[str, np.ndarray]]) -> dict[str, dict[str, np.ndarray]]:
        """Return portfolio -> what `measures` finds on its path, each (draws,), for all 16 in their order."""
        parts = [{name: measures(world, path) for name, path in world.paths()} for world in self.blocks()]
        return {
            name: {measure: np.concatenate([part[name][measure] for part in parts]) for measure in parts[0][name]}
            for name in PORTFOLIOS
        }

    def blocks(self) -> Iterator[World]:
        """Yield the model at a part of the draws after the other, in their order, for what keeps no path."""
        for start in range(0, self.settings.draws, BLOCK):
            part = {name: values[start : start + BLOCK] for name, values in self.x.items()}
            yield World(part, self.settings, self.case.kept_shares)

    @functools.cached_property
    def central_portfolios(self) -> dict[str, dict[str, np.ndarray]]:
        """Portfolio -> measure -> (1,), for all 16."""
        world = self.central_world
        measured = {name: world.measures(path) for name, path in world.paths()}
        return {name: measured[name] for name in PORTFOLIOS}

    @functools.cached_property
    def metrics(self) -> dict[str, dict]:
        """Metric -> summary, the names of sections 4 and 5 of the model README."""
        central = self.central_gap | costs.bottom_up(self.central_world.x, self.central_world.burn)
        values = self.gap | self.bottom_up
        return {name: summary(name, draws, central[name]) for name, draws in values.items()} | self._probabilities()

    def _probabilities(self) -> dict[str, dict]:
        runway, horizon = self.gap["runway_months"], self.settings.horizon_months
        shares = {f"cash_out_probability_{months}m": share(runway < months, known=horizon >= months) for months in (12, 24)}
        return shares | {
            "cash_out_probability_horizon": share(np.isfinite(runway)),
            "break_even_probability": share(np.isfinite(self.gap["break_even_month"])),
        }

    @functools.cached_property
    def portfolio_metrics(self) -> dict[str, dict[str, dict]]:
        """Portfolio -> metric -> summary."""
        return {name: self._portfolio(name) for name in PORTFOLIOS}

    def _portfolio(self, name: str) -> dict[str, dict]:
        draws, central = self.portfolios[name], self.central_portfolios[name]
        return {measure: summary(measure, draws[measure], central[measure]) for measure in draws} | {
            "value_mean_usd_m": number("value_mean_usd_m", np.mean, draws["value_usd_m"]),
            "value_tail_mean_usd_m": number("value_tail_mean_usd_m", tail_mean, draws["value_usd_m"]),
            "cash_out_probability_horizon": share(np.isfinite(draws["runway_months"])),
        }


def tail_mean(values: np.ndarray) -> float:
    """Return the mean of the worst 5 % of `values`."""
    worst = max(1, round(len(values) * TAIL))
    return float(np.partition(values, worst - 1)[:worst].mean())


def percentile(values: np.ndarray, percent: float) -> float:
    """Return a percentile that is one of the values, so that "never" (inf) is never averaged with a number."""
    return float(np.percentile(values, percent, method="inverted_cdf"))


def percentiles(draws: np.ndarray, levels: tuple[int, ...]) -> dict[str, float]:
    """Return p5 … for each level and p5_se …, their standard errors (nan where a scramble has none). `draws`: (draws,).

    As `percentile` and `draws.standard_error`, for all levels and scrambles in one go.
    """
    ranks = np.percentile(draws, levels, method="inverted_cdf")
    groups = np.percentile(draws.reshape(SCRAMBLES, -1), levels, axis=1, method="inverted_cdf")
    with np.errstate(invalid="ignore"):
        errors = groups.std(axis=1, ddof=1) / np.sqrt(SCRAMBLES)
    names = [f"p{level}" for level in levels]
    return dict(zip(names, ranks.tolist(), strict=True)) | dict(zip([f"{n}_se" for n in names], errors.tolist(), strict=True))


def summary(name: str, draws: np.ndarray, central: np.ndarray) -> dict:
    """Return unit, central value, percentiles and their standard errors. `draws`: (draws,); `central`: (1,)."""
    return _finite({"unit": UNITS[name], "central": float(central[0])} | percentiles(draws, PERCENTILES))


def number(name: str, statistic: Callable[[np.ndarray], float], draws: np.ndarray) -> dict:
    """Return unit, value and standard error of one number computed from all draws."""
    return _finite({"unit": UNITS[name], "value": float(statistic(draws)), "se": standard_error(statistic, draws)})


def share(hits: np.ndarray, known: bool = True) -> dict:
    """Return a probability as the share of draws in which something happens; None when it cannot be known."""
    if not known:
        return {"unit": "share", "value": None, "se": None}
    return _finite({"unit": "share", "value": float(np.mean(hits)), "se": standard_error(np.mean, hits)})


def _finite(values: dict) -> dict:
    return {key: None if isinstance(value, float) and not np.isfinite(value) else value for key, value in values.items()}


def as_dict(run: Run) -> dict:
    """Return what results.json holds. No time, no path: the same case gives the same content."""
    case, settings = run.case, run.settings
    return {
        "scenario": case.scenario,
        "version": __version__,
        "seed": settings.seed,
        "draws": settings.draws,
        "start_month": settings.start_month,
        "horizon_months": settings.horizon_months,
        "burn_basis": settings.burn_basis,
        "target_month": settings.target_month,
        "inputs": {
            e.name: {"low": e.low, "central": e.central, "high": e.high, "unit": e.unit, "origin": e.origin}
            for e in case.estimates
        },
        "metrics": run.metrics,
        "portfolios": run.portfolio_metrics,
        "paths": paths(run),
    }


def paths(run: Run) -> dict[str, dict[str, list[float]]]:
    """Return spend, revenue and cash by month: central path and percentiles of the draws, usd_m."""
    central, draws = run.central_path, run.path
    pairs = {
        "spend": (central.spend, draws.spend),
        "revenue": (central.revenue, draws.revenue),
        "cash": (central.cash, draws.cash),
    }
    ranks = {name: np.percentile(values, LEVELS, axis=0) for name, (_, values) in pairs.items()}
    return {
        f"{name}_usd_m": {"central": pairs[name][0][0].tolist()}
        | {f"p{level}": rank.tolist() for level, rank in zip(LEVELS, ranks[name], strict=True)}
        for name in pairs
    }


def to_json(content: dict) -> str:
    """Return `content` as JSON text that ends with a line feed; a nan or an infinity is an error."""
    return json.dumps(content, indent=1, allow_nan=False, ensure_ascii=False) + "\n"


__all__ = [
    "PORTFOLIOS",
    "STAY",
    "Run",
    "as_dict",
    "number",
    "percentile",
    "percentiles",
    "share",
    "summary",
    "tail_mean",
    "to_json",
]
