"""Headlines of the comparison for readers: names, units, and numbers as cells of a table whose unit stands in its row."""

import math
from dataclasses import dataclass

from analysis.findings.numbers import percent, plain, typed
from analysis.insight.comparison import BEST, Comparison, headline

NONE = "none"


@dataclass(frozen=True)
class Label:
    """A headline's name, its unit (months, %, % a month, $, $ a month), and what a missing value means."""

    name: str
    unit: str
    missing: str


LABELS = {
    "runway_months": Label("Cash lasts", "months", "to the horizon"),
    "cash_out_probability_12m": Label("Cash used up within 12 months", "% of runs", "not modelled"),
    "funding_need_usd_m": Label("Funding needed", "$", "no finite amount"),
    "coverage_ratio_36m": Label("Revenue after 36 months", "% of spending", "not modelled"),
    "required_growth_per_month": Label("Revenue growth needed", "% a month", "no rate suffices"),
    "break_even_probability": Label("Break-even within the horizon", "% of runs", "not modelled"),
    "revenue_ceiling_usd_m_per_month": Label("Revenue ceiling", "$ a month", "no finite amount"),
    BEST: Label("Best portfolio: mean value", "$", "no finite amount"),
}
VERDICTS = {
    "same": "the same",
    "beyond": "beyond",
    "within": "within",
    "unknown": "error unknown",
    "only_here": "value only here",
    "only_baseline": "no value here",
    "neither": "no value",
    "baseline": "",
}


@dataclass(frozen=True)
class Scale:
    """How one headline's row of numbers is shown: its unit and the factor that turns the model's unit into it."""

    unit: str
    factor: float

    def number(self, value: float, se: float = 0.0) -> str:
        """Return a value in the row's unit."""
        if self.unit == "% of runs":
            return percent(value, se).removesuffix("%")
        return plain(value * self.factor, _known(se) * self.factor, digits=2)

    def span(self, low: float, high: float, missing: str) -> str:
        """Return a range; an end that is never reached is said in words."""
        if math.isnan(low):
            return missing
        return f"{self.number(low)} to {missing.removeprefix('to ') if math.isnan(high) else self.number(high)}"

    def signed(self, difference: float, se: float = 0.0) -> str:
        """Return a difference with its sign; shares differ by percentage points."""
        text = plain(abs(difference) * self.factor, _known(se) * self.factor, digits=2)
        return text if text == "0" else f"{'+' if difference > 0 else '−'}{text}"


def scale(comparison: Comparison, metric: str) -> Scale:
    """Return the scale of a headline's row: dollars in billions when the typical case has a billion or more."""
    unit = LABELS[metric].unit
    if unit.startswith("%"):
        return Scale(unit, 100.0)
    if not unit.startswith("$"):
        return Scale(unit, 1.0)
    sizes = sorted(abs(value) for case in comparison.results.values() if (value := headline(case, metric)["value"]))
    large = bool(sizes) and sizes[len(sizes) // 2] >= 1000
    return Scale(unit.replace("$", "$bn" if large else "$m"), 0.001 if large else 1.0)


def difference_unit(unit: str) -> str:
    """Return the unit of a difference: per cents differ by percentage points."""
    return "percentage points" if unit.startswith("%") else unit


def input_unit(unit: str) -> tuple[str, float]:
    """Return an input's unit for readers and the factor that turns its value into it."""
    words = unit.replace("_", " ").replace(" per ", " a ").removeprefix("per ")
    if unit.startswith("usd_m"):
        return words.replace("usd m", "$m", 1), 1.0
    if unit.startswith("usd_k"):
        return words.replace("usd k", "$k", 1), 1.0
    if unit in ("share", "per_month", "per_year", "share_per_year"):
        return "%" + {"per_month": " a month", "per_year": " a year", "share_per_year": " a year"}.get(unit, ""), 100.0
    return ("" if unit in ("ratio", "count") else words.replace("usd", "$").removeprefix("count ")), 1.0


def input_value(value: float, unit: str) -> str:
    """Return an input's value in the unit of `input_unit`, as it was typed."""
    return typed(value * input_unit(unit)[1])


def quoted(comparison: Comparison, case: str) -> str:
    """Return a case's title in quotation marks."""
    return f"“{comparison.title(case)}”"


def listed(items: list[str]) -> str:
    """Return "a", "a and b", "a, b and c"."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else NONE


def _known(se: float) -> float:
    return 0.0 if math.isnan(se) else se


# what a page of several cases says on its methods; keys that are settings apply where that setting differs
COMPARING = {
    "difference": "A difference is “beyond” when it exceeds two standard errors, the root of the sum of both cases' squared errors, and "
    "“within” when it does not. That is the error of the simulation; how uncertain the inputs are shows in the ranges.",
    "same draws": "All cases use the same random draws, so the true error of a difference is as a rule smaller than the one used here, "
    "and “beyond” errs on the safe side.",
    "other draws": "Not all cases use the same random draws (seed and number), so a difference between those that do not is noisier.",
    "markers": "Assumptions [A] in the table of evidence are shown with their values in {base}.",
    "horizon_months": "The horizons differ: funding needed, break-even and the value of portfolios reach to each case's own horizon, so "
    "their differences are also those of the horizons.",
    "start_month": "The starts differ: months are counted from each case's own start; the paths stand on one calendar.",
    "target_month": "The target months differ: the growth needed is the one up to each case's own.",
    "burn_basis": "The claimed burn is read as spending in one case and as spending less revenue in another.",
}
