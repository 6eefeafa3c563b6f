"""What a sweep can keep of a case: the columns of its table. What they are called and measured in says
results.metrics.
"""

from dataclasses import dataclass

from analysis.model.options import PORTFOLIOS
from analysis.results.metrics import METRICS, OF_CASE
from analysis.sweep.axes import Axis, column

PORTFOLIO_METRIC = "portfolios"
HORIZON = "cash_out_probability_horizon"  # always kept
KEPT = tuple(
    name for name in OF_CASE if METRICS[name].measure or METRICS[name].statistic
)  # no calendar months
NEVER = "never within the horizon, or beyond it"


@dataclass(frozen=True)
class Column:
    """A column of the table. `kind`: int64, float64, bool or string; `null`: what an empty cell means (""
    where none is).
    """

    name: str
    kind: str
    unit: str
    label: str
    null: str = ""


def columns(axes: tuple[Axis, ...], metrics: tuple[str, ...]) -> tuple[Column, ...]:
    """Return the columns of a sweep's table in order: case, inputs, metrics, solvent or not, mixes of
    options.
    """
    found = [Column("case", "int64", "", "Number of the case")]
    found += [Column(axis.column, _kind(axis), axis.unit, axis.label) for axis in axes]
    for name in metrics:
        if name not in (PORTFOLIO_METRIC, HORIZON):
            found += _distribution(name) if METRICS[name].measure else _probability(name)
    found += [Column("solvent", "bool", "", "Cash never runs out in more than half of the simulations")]
    found += _probability(HORIZON)
    return tuple(found + (_portfolios() if PORTFOLIO_METRIC in metrics else []))


def _kind(axis: Axis) -> str:
    if axis.name == "horizon_months":
        return "int64"
    return "string" if axis.values and isinstance(axis.values[0], str) else "float64"


def _probability(name: str) -> list[Column]:
    label = METRICS[name].label
    return [
        Column(name, "float64", "share", label, "the horizon ends before"),
        Column(f"{name}_se", "float64", "share", f"{label}: standard error", "the horizon ends before"),
    ]


def _distribution(name: str) -> list[Column]:
    unit, label, named = METRICS[name].unit, METRICS[name].label, named_column(name)
    shown = {
        "central": "at central inputs",
        "p5": "5th percentile",
        "p50": "median",
        "p95": "95th percentile",
    }
    found = [
        Column(f"{named}_{part}", "float64", unit, f"{label}: {text}", NEVER) for part, text in shown.items()
    ]
    error = f"{label}: standard error of the median"
    return [*found, Column(f"{named}_p50_se", "float64", unit, error, "not defined")]


def named_column(name: str) -> str:
    """Return the name of a metric's columns before the part: with the unit where the name does not say it."""
    return column(name, METRICS[name].unit)


def of_portfolio(measure: str, portfolio: str) -> str:
    """Return the column of a mix's measure, such as value_mean_usd_m__raise_capital_and_partner."""
    return f"{measure}__{portfolio.replace('+', '_and_')}"


def _portfolios() -> list[Column]:
    found = [
        Column("best_portfolio", "string", "", "Mix of options of the highest mean value"),
        Column("best_value_mean_usd_m", "float64", "usd_m", "Its mean value to shareholders after debt"),
        Column("second_portfolio", "string", "", "Mix of options of the second highest mean value"),
        Column("lead_usd_m", "float64", "usd_m", "Mean value of the best less that of the second"),
        Column("lead_se_usd_m", "float64", "usd_m", "Standard error of the lead, from paired scrambles"),
    ]
    values = [
        Column(of_portfolio("value_mean_usd_m", p), "float64", "usd_m", f"Mean value: {p}")
        for p in PORTFOLIOS
    ]
    shares = [
        Column(of_portfolio("cash_out_probability", p), "float64", "share", f"Cash out: {p}")
        for p in PORTFOLIOS
    ]
    return found + values + shares
