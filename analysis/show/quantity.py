"""A number with what a reader needs: how it is written, how far it ranges, what it rests on, its name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.inputs.errors import unknown
from analysis.inputs.tables import Tables
from analysis.results.metrics import METRICS
from analysis.show import numbers

MOST_MARKS = 3  # behind one number of the model: more would bury the sentence
_FORMATTER_OF_UNIT = {
    "usd_m": "money", "usd_m_per_month": "money", "usd_bn": "money", "usd": "dollars", "share": "percent",
    "per_month": "growth", "months": "months", "count": "count", "ratio": "multiple",
}  # fmt: skip
_SCALE_OF_UNIT = {"usd_bn": 1000.0, "usd_k": 0.001, "percent": 0.01}  # to usd_m and shares


@dataclass(frozen=True)
class Quantity:
    """One number of a page. Equal ids mean the same number, which is then written alike everywhere.

    `value`: a number, a month YYYY-MM, or None for never. `formatter`: of numbers.FORMATTERS. `refs`: ids of
    evidence, claims, assumptions, or names of assumptions. `low`, `high`: 5th and 95th percentile, if any.
    """

    value: float | str | None
    formatter: str
    refs: Sequence[str] = ()
    id: str = ""
    low: float | str | None = None
    high: float | str | None = None
    digits: int = 2

    def __post_init__(self) -> None:
        if self.formatter not in numbers.FORMATTERS:
            raise unknown("formatter", self.formatter, numbers.FORMATTERS)

    def __str__(self) -> str:
        return self.written(self.value)

    def written(self, value: float | str | None) -> str:
        """Return another value of the same quantity (an end of its range, say) as this one is written."""
        return numbers.FORMATTERS[self.formatter](value, self.digits)

    @property
    def never(self) -> bool:
        """Whether there is no value: never reached, or not known."""
        return self.value is None or self.value != self.value

    @property
    def interval(self) -> str:
        """The range as "5.3 to 15 months"."""
        return numbers.interval(self.low, self.high, self.formatter, self.digits)


def from_metric(result, name: str, part: str = "p50", portfolio: str = "") -> Quantity:
    """Return a metric of `result` (of a mix with `portfolio`). `part`: p5, p50, p95, central or value."""
    summaries = result.portfolio_metrics[portfolio] if portfolio else result.metrics
    if name not in summaries:
        raise unknown("metric", name, summaries)
    return from_summary(name, summaries[name], part, of=portfolio)


def from_summary(name: str, summary: Mapping, part: str = "p50", of: str = "") -> Quantity:
    """Return a part of a metric's summary, as in results.json. `of`: tells it from others of the name."""
    metric, found = METRICS[name], "value" if "value" in summary else part
    refs, ends = metric.rests_on[:MOST_MARKS], (summary.get("p5"), summary.get("p95"))
    identity = ".".join(filter(None, (of, name, found)))
    return Quantity(summary[found], metric.formatter, refs, identity, *ends, metric.digits)


def from_input(result, name: str, digits: int = 2) -> Quantity:
    """Return the central value and the range of an input of the case."""
    given = result.case[name]
    formatter = _FORMATTER_OF_UNIT.get(given.unit, "plain")
    low, high = (None, None) if given.certain else (given.low, given.high)
    return Quantity(given.central, formatter, (name,), f"input.{name}", low, high, digits)


def from_evidence(tables: Tables, ref: str, formatter: str = "", digits: int = 2) -> Quantity:
    """Return a published figure, of a range its middle. `formatter`: else that of its unit, less a period."""
    if ref not in tables.evidence.index:
        raise unknown("evidence", ref, tables.evidence.index)
    row = tables.rows[ref]
    unit = row["unit"].removesuffix("_per_month").removesuffix("_per_year")
    formatter = formatter or _FORMATTER_OF_UNIT.get(unit, "plain")
    scale, names = _SCALE_OF_UNIT.get(unit, 1.0), ("value_low", "value", "value_high")
    low, value, high = (None if row[name] != row[name] else float(row[name] * scale) for name in names)
    known = [end for end in (low, high) if end is not None]
    value = sum(known) / len(known) if value is None and known else value
    return Quantity(value, formatter, (ref,), f"{ref}.{formatter}", low, high, digits)
