"""What a page of a sweep calls things: the headline, axes with units, values on them, cases, answers and portfolios."""

import math
import re

import numpy as np

from analysis.findings.comparison_names import Scale, input_unit, listed
from analysis.findings.cost_names import LINES
from analysis.findings.numbers import money, percent, plain, typed, with_unit
from analysis.findings.refs import ids
from analysis.inputs import Tables
from analysis.insight import surface, swept
from analysis.insight.portfolios import title as portfolio_title
from analysis.insight.swept import Headline
from analysis.results import UNITS

NAMES = {
    "runway_months": "the time that cash lasts",
    "break_even_month": "the month of break-even",
    "funding_need_usd_m": "the funding needed",
    "required_growth_per_month": "the revenue growth needed",
    "required_multiple": "the multiple of revenue needed",
    "burn_multiple_12m": "net burn per dollar of yearly revenue gained in 12 months",
    "revenue_ceiling_usd_m_per_month": "the revenue ceiling",
    "coverage_ratio_start": "revenue as a share of spending at the start",
    "coverage_ratio_12m": "revenue as a share of spending after 12 months",
    "coverage_ratio_36m": "revenue as a share of spending after 36 months",
    "gap_start_usd_m_per_month": "spending less revenue at the start",
    "gap_12m_usd_m_per_month": "spending less revenue after 12 months",
    "gap_36m_usd_m_per_month": "spending less revenue after 36 months",
    "cash_out_probability_12m": "the share of runs out of cash within 12 months",
    "cash_out_probability_24m": "the share of runs out of cash within 24 months",
    "cash_out_probability_horizon": "the share of runs out of cash within the horizon",
    "break_even_probability": "the share of runs that break even within the horizon",
    "bottom_up_total": "spending rebuilt from its parts",
    "unexplained": "the claimed burn less its parts",
    **{name: f"spending on {LINES[name].lower()}" for name in LINES if name != "bottom_up_total"},
}
UNIT_WORDS = {"usd_m": "$m", "usd_m_per_month": "$m a month", "per_month": "% a month", "share": "%", "months": "months",
              "month": "month"}  # fmt: skip
ON_CASH = ("monthly_burn_usd_m", "opening_cash_usd_m", "committed_funding_usd_m")
MOST_NAMED = 3
NEVER = "never"
INITIALS = {"raise_capital": "R", "partner": "P", "focus": "F", "integrate_x": "X"}


# ---- the headline ----
def is_median(metric: str) -> bool:
    """Whether a metric differs from run to run, so that its median is followed; a probability is one number."""
    return "probability" not in metric


def name(metric: str) -> str:
    """Return a metric's name within a sentence; a median says so."""
    return f"{NAMES[metric]} in the median run" if is_median(metric) else NAMES[metric]


def title(metric: str, scale: Scale) -> str:
    """Return a metric's name with its unit, as the name of a column."""
    text = name(metric).removeprefix("the ")
    return f"{capital(text)}{f', {scale.unit}' if scale.unit else ''}"


def scale(found: Headline) -> Scale:
    """Return the unit of a column of the headline and the factor into it: billions where the typical case has one or more."""
    unit = UNITS[found.metric]
    if found.metric.startswith("coverage"):
        return Scale("%", 100.0)
    if unit in ("share", "per_month"):
        return Scale(UNIT_WORDS[unit], 100.0)
    if unit.startswith("usd_m") and float(np.median(np.abs(found.values))) >= 1000:
        return Scale(UNIT_WORDS[unit].replace("$m", "$bn"), 0.001)
    return Scale(UNIT_WORDS.get(unit, ""), 1.0)


def value(metric: str, number: float, error: float = 0.0, capped: bool = False) -> str:
    """Return a headline's value within a sentence, with no digit below two standard errors. `capped`: it is never."""
    if capped:
        return "beyond the horizon"
    unit, error = UNITS[metric], error if math.isfinite(error) else 0.0
    if unit in ("share", "per_month") or metric.startswith("coverage"):
        return percent(number, error) + (" a month" if unit == "per_month" else "")
    if unit.startswith("usd_m"):
        return money(number, error) + (" a month" if unit.endswith("month") else "")
    text = plain(number, error)
    if unit == "months":
        return f"{text} month{'' if text == '1' else 's'}"
    return f"month {text}" if unit == "month" else text


def of_case(sweep, found: Headline, case: int) -> str:
    """Return the headline of a case within a sentence."""
    return value(found.metric, float(found.values[case]), float(found.errors[case]), bool(found.capped[case]))


# ---- axes ----
def axis_title(axis) -> str:
    """Return an axis' name with its unit, as the name of a column."""
    unit = input_unit(axis.unit)[0]
    return f"{axis.label}, {unit}" if unit else axis.label


def axis_number(axis, number: object, tables: Tables) -> object:
    """Return an axis' value as its column shows it: a number in the unit of `axis_title`, or words."""
    return round(number * input_unit(axis.unit)[1], 10) if swept.is_number(number) else axis_value(axis, number, tables)


def axis_value(axis, number: object, tables: Tables, digits: int = 10) -> str:
    """Return an axis' value within a sentence, such as "$800m a month" or the title of a scenario."""
    if isinstance(number, int | float | np.number) and not isinstance(number, bool):
        text = with_unit(float(f"{float(number):.{digits}g}"), axis.unit)
        return "1 month" if text == "1 months" else text
    return f"“{tables.scenarios[number].title}”" if axis.name == "scenario" and number in tables.scenarios else str(number)


def at(axis, number: object, tables: Tables, digits: int = 10) -> str:
    """Return an axis at a value: "claimed monthly burn $800m a month"."""
    text = axis_value(axis, number, tables, digits)
    return f"{small(axis.label)} {text.removesuffix(' months') if axis.label.endswith(' months') else text}"


def shown_axes(sweep) -> list:
    """Return the axes that name a case: those that vary, of many Sobol inputs those that matter most, three at most."""
    axes = swept.varied(sweep)
    return axes if len(axes) <= MOST_NAMED or sweep.kind == "grid" else surface.leading(sweep, MOST_NAMED, clear=True)


def axis_factor(axis) -> float:
    """Return the factor that turns an axis' value into the unit of `axis_title`."""
    return input_unit(axis.unit)[1]


def case_text(sweep, case: int, tables: Tables) -> str:
    """Return which case it is: its number, and its values on the axes."""
    values = case_values(sweep, case, tables)
    return f"case {case:,}" + (f" ({values})" if values else "")


def case_values(sweep, case: int, tables: Tables) -> str:
    """Return a case's values on the axes that name it, "" where none varies."""
    row = sweep.frame.iloc[case]
    digits = 3 if sweep.kind == "sobol" else 10
    return "; ".join(at(axis, row[axis.column], tables, digits) for axis in shown_axes(sweep))


def unit_of(sweep, count: int | None = None) -> str:
    """Return what a row is called: "cases", or "points" of Sobol points; one is "case"."""
    word = "point" if sweep.kind == "sobol" else "case"
    return word if count == 1 else f"{word}s"


def counted(sweep, count: int) -> str:
    """Return "12 of 63 cases", "all 63 cases", "both cases", "none of the 63 cases", "the one case"."""
    total, word = len(sweep.frame), unit_of(sweep)
    if total <= 2 and count in (0, total):
        one, two = ("none", "neither") if not count else ("the one", "both")
        return f"{one} {unit_of(sweep, 1)}" if total == 1 else f"{two} {unit_of(sweep, 1 if not count else 2)}"
    if count in (0, total):
        return f"all {total:,} {word}" if count else f"none of the {total:,} {word}"
    return f"{count:,} of {total:,} {word}"


# ---- answers ----
def state(what: str, answer: object) -> str:
    """Return an answer in words."""
    return f"“{portfolio_title(str(answer))}”" if what == swept.PORTFOLIO else "solvent" if answer else "runs out of cash"


def code(portfolio: str) -> str:
    """Return a portfolio's options by their initials, such as R F X; a dash for staying the course."""
    return "".join(INITIALS.get(option, "") for option in portfolio.split("+")) or "–"


def refs(sweep, tables: Tables) -> tuple[str, ...]:
    """Return the ids of the inputs that vary (of many the ones that matter most), else of those that cash rests on."""
    named = [
        axis.name
        for axis in (surface.leading(sweep, 4, clear=True) or swept.varied(sweep)[:4])
        if axis.name in tables.assumptions.index
    ]
    return ids(tables, *(named or ON_CASH))


def small(text: str) -> str:
    """Return a label for use within a sentence: "share of spend (compute)"."""
    text = re.sub(r": (.+)$", r" (\1)", text)
    return text[0].lower() + text[1:] if text[1:2].islower() else text


def capital(text: str) -> str:
    """Return a text with a capital first letter."""
    return text[:1].upper() + text[1:]


__all__ = ["NEVER", "axis_number", "axis_title", "axis_value", "listed", "typed"]
