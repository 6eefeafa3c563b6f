"""What a sweep can keep of a case: metrics, their columns, units and labels. Nothing is computed here."""

from dataclasses import dataclass

from analysis.model import costs
from analysis.model.options import PORTFOLIOS
from analysis.results import UNITS
from analysis.sweep.axes import Axis, column

PORTFOLIO_METRIC = "portfolios"
HORIZON = "cash_out_probability_horizon"  # always kept
PROBABILITIES = ("cash_out_probability_12m", "cash_out_probability_24m", HORIZON, "break_even_probability")
LINES = (*costs.LINES, "bottom_up_total", "unexplained")
_OF_A_PORTFOLIO = ("value_usd_m", "value_mean_usd_m", "value_tail_mean_usd_m", "ownership_retained")
METRICS = tuple(name for name in UNITS if name not in _OF_A_PORTFOLIO)
NEVER = "never within the horizon, or beyond it"


@dataclass(frozen=True)
class Column:
    """A column of the table. `kind`: int64, float64, bool or string; `null`: what an empty cell means ("" where none is)."""

    name: str
    kind: str
    unit: str
    label: str
    null: str = ""


def columns(axes: tuple[Axis, ...], metrics: tuple[str, ...]) -> tuple[Column, ...]:
    """Return the columns of a sweep's table in order: case, inputs, metrics, solvent or not, portfolios."""
    found = [Column("case", "int64", "", "Number of the case")]
    found += [Column(axis.column, _kind(axis), axis.unit, axis.label) for axis in axes]
    for metric in metrics:
        if metric not in (PORTFOLIO_METRIC, HORIZON):
            found += _probability(metric) if metric in PROBABILITIES else _distribution(metric)
    found += [Column("solvent", "bool", "", "More than half of the runs never run out of cash within the horizon")]
    found += _probability(HORIZON)
    return tuple(found + (_portfolios() if PORTFOLIO_METRIC in metrics else []))


def _kind(axis: Axis) -> str:
    if axis.name == "horizon_months":
        return "int64"
    return "string" if axis.values and isinstance(axis.values[0], str) else "float64"


def _words(name: str) -> str:
    return name.replace("usd_m", "").replace("_", " ").strip().capitalize()


def _probability(metric: str) -> list[Column]:
    label = f"{_words(metric)}, share of runs"
    return [
        Column(metric, "float64", "share", label, "the horizon ends before"),
        Column(f"{metric}_se", "float64", "share", f"{label}: standard error", "the horizon ends before"),
    ]


def _distribution(metric: str) -> list[Column]:
    unit, label = UNITS[metric], _words(metric)
    named = column(metric, unit)
    shown = {"central": "central path", "p5": "5th percentile", "p50": "median", "p95": "95th percentile"}
    found = [Column(f"{named}_{part}", "float64", unit, f"{label}: {text}", NEVER) for part, text in shown.items()]
    return [*found, Column(f"{named}_p50_se", "float64", unit, f"{label}: standard error of the median", "not defined")]


def of_portfolio(measure: str, portfolio: str) -> str:
    """Return the column of a portfolio's measure, such as value_mean_usd_m__raise_capital_and_partner."""
    return f"{measure}__{portfolio.replace('+', '_and_')}"


def _portfolios() -> list[Column]:
    found = [
        Column("best_portfolio", "string", "", "Portfolio of the highest mean value"),
        Column("best_value_mean_usd_m", "float64", "usd_m", "Its mean value to today's shareholders"),
        Column("second_portfolio", "string", "", "Portfolio of the second highest mean value"),
        Column("lead_usd_m", "float64", "usd_m", "Mean value of the best less that of the second"),
        Column("lead_se_usd_m", "float64", "usd_m", "Standard error of the lead, from paired scrambles"),
    ]
    values = [Column(of_portfolio("value_mean_usd_m", p), "float64", "usd_m", f"Mean value: {p}") for p in PORTFOLIOS]
    shares = [Column(of_portfolio("cash_out_probability", p), "float64", "share", f"Cash out: {p}") for p in PORTFOLIOS]
    return found + values + shares
