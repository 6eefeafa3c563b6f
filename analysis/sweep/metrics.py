"""What a sweep keeps of a case: the columns of its table. Names and units of metrics are those of results."""

import pyarrow as pa

from analysis.model.options import PORTFOLIOS
from analysis.results.metrics import METRICS, OF_CASE
from analysis.sweep.axes import Axis, column

PORTFOLIO_METRIC = "portfolios"
HORIZON = "cash_out_probability_horizon"  # always kept
KEPT = tuple(name for name in OF_CASE if METRICS[name].unit != "calendar_month")
NEVER = "never within the horizon, or beyond it"
PARTS = {"central": "at central inputs", "p5": "5th percentile", "p50": "median", "p95": "95th percentile"}


def schema(axes: tuple[Axis, ...], metrics: tuple[str, ...]) -> pa.Schema:
    """Return the table's columns in order, each with unit, label and what an empty cell means (`null`)."""
    found = [_field("case", "", "Number of the case", kind="int64")]
    found += [_field(axis.column, axis.unit, axis.label, kind=_kind(axis)) for axis in axes]
    for name in metrics:
        if name not in (PORTFOLIO_METRIC, HORIZON):
            found += _of_metric(name)
    solvent = "Cash never runs out in more than half of the simulations"
    found.append(_field("solvent", "", solvent, kind="bool"))
    found += _of_metric(HORIZON)
    return pa.schema(found + (_portfolios() if PORTFOLIO_METRIC in metrics else []))


def _field(name: str, unit: str, label: str, null: str = "", kind: str = "float64") -> pa.Field:
    said = {"unit": unit, "label": label} | ({"null": null} if null else {})
    return pa.field(name, kind, nullable=bool(null), metadata=said)


def _kind(axis: Axis) -> str:
    if axis.name == "horizon_months":
        return "int64"
    return "string" if axis.values and isinstance(axis.values[0], str) else "float64"


def _of_metric(name: str) -> list[pa.Field]:
    unit, label, named = METRICS[name].unit, METRICS[name].label, named_column(name)
    if not METRICS[name].measure:
        error, null = f"{label}: standard error", "the horizon ends before"
        return [_field(name, unit, label, null), _field(f"{name}_se", unit, error, null)]
    found = [_field(f"{named}_{part}", unit, f"{label}: {text}", NEVER) for part, text in PARTS.items()]
    return [*found, _field(f"{named}_p50_se", unit, f"{label}: standard error of the median", "not defined")]


def named_column(name: str) -> str:
    """Return the name of a metric's columns before the part: with the unit where the name does not say it."""
    return column(name, METRICS[name].unit)


def of_portfolio(measure: str, portfolio: str) -> str:
    """Return the column of a mix's measure, such as value_mean_usd_m__raise_capital_and_partner."""
    return f"{measure}__{portfolio.replace('+', '_and_')}"


def _portfolios() -> list[pa.Field]:
    return [
        _field("best_portfolio", "", "Mix of options of the highest mean value", kind="string"),
        _field("best_value_mean_usd_m", "usd_m", "Its mean value to shareholders after debt"),
        _field("second_portfolio", "", "Mix of options of the second highest mean value", kind="string"),
        _field("lead_usd_m", "usd_m", "Mean value of the best less that of the second"),
        _field("lead_se_usd_m", "usd_m", "Standard error of the lead, from paired scrambles"),
        *(_field(of_portfolio("value_mean_usd_m", p), "usd_m", f"Mean value: {p}") for p in PORTFOLIOS),
        *(_field(of_portfolio("cash_out_probability", p), "share", f"Cash out: {p}") for p in PORTFOLIOS),
    ]
