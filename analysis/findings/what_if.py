"""Words of the what-if panel: labels, positions, results. All texts are made here; the page only looks them up."""

import calendar
import re

import numpy as np

from analysis.findings.numbers import NEVER, money, percent, plain
from analysis.findings.refs import ids
from analysis.findings.words import Finding
from analysis.inputs import Tables
from analysis.insight import what_if
from analysis.insight.what_if import Grid
from analysis.parameters import Case, Settings
from analysis.results import Run

LABELS = {
    "burn": "Claimed monthly burn",
    "cash": "Opening cash and committed funding",
    "growth": "Growth of subscriptions, others in step",
    "endurance": "Endurance: growth left after a year",
}
SHORT = {"burn": "the claimed burn", "cash": "cash", "growth": "growth", "endurance": "endurance"}
BEYOND = "beyond the horizon"
TENTH = 0.04999  # a standard error that lets numbers show tenths and no finer digit


def heading(run: Run) -> str:
    """Return the section's heading: which slider alone moves the runway most, and which least."""
    spans = _spans(run)
    if not spans:
        return "In this case there is nothing to vary"
    widths = {name: _width(span, run.settings) for name, span in spans.items()}
    most, least = max(widths, key=widths.get), min(widths, key=widths.get)
    low, high = spans[most]
    if low == np.inf:
        return "Cash lasts beyond the horizon, whichever of these inputs is moved alone"
    if low == high:
        return "None of these inputs alone moves the runway"
    if high == np.inf:
        return f"Over its slider, {SHORT[most]} moves the runway from {runway(low)} to {BEYOND}"
    rest = f", {SHORT[least]} by {_moved(widths[least])}" if least != most else ""
    return f"Over its slider, {SHORT[most]} moves the runway by up to {_moved(widths[most])}{rest}"


def _moved(width_months: float) -> str:
    return "less than a tenth of a month" if width_months < 0.05 else runway(width_months)


def finding(run: Run, tables: Tables) -> Finding:
    """Return how far each slider alone moves the runway from the case."""
    spans = _spans(run)
    order = sorted(spans, key=lambda name: _width(spans[name], run.settings), reverse=True)
    parts = [f"{SHORT[name]} {_between(*spans[name])}" for name in order]
    if not parts:
        return Finding("No slider is left to move.", "derived", ())
    text = f"Moved alone over its slider, each input changes how long cash lasts: {'; '.join(parts)}."
    inputs = [name for slider in what_if.grid(run).sliders.values() for name in slider.inputs]
    return Finding(text, "derived", ids(tables, *inputs))


def _spans(run: Run) -> dict[str, tuple[float, float]]:
    """Return slider -> shortest and longest runway over it, the others at the case's own position."""
    grid = what_if.grid(run)
    spans = {}
    for axis, (name, slider) in enumerate(grid.sliders.items()):
        along = grid.runway_months[tuple(slice(None) if other == axis else own for other, own in enumerate(grid.own))]
        if len(slider) > 1:
            spans[name] = float(along.min()), float(along.max())
    return spans


def _width(span: tuple[float, float], settings: Settings) -> float:
    low, high = (min(end, settings.horizon_months) for end in span)
    return high - low


def _between(low: float, high: float) -> str:
    text = runway_range(low, 0.0, high, 0.0)
    return f"{text} throughout" if text == runway(low) else text


def runway(value: float, se: float = 0.0) -> str:
    """Return a runway as "10.6 months": three digits, none finer than a tenth or than two standard errors."""
    if not np.isfinite(value):
        return BEYOND
    text = plain(value, max(se, TENTH), 3)
    return f"{text} month{'' if text == '1' else 's'}"


def runway_range(low: float, low_se: float, high: float, high_se: float) -> str:
    """Return "9.0 to 10.9 months"; one text where both ends read the same."""
    first, last = runway(low, low_se), runway(high, high_se)
    if first == last:
        return first
    return f"{first} to {last}" if high == np.inf else f"{first.split()[0]} to {last}"


def need(value: float, se: float = 0.0, digits: int = 3) -> str:
    """Return a funding need in dollars, or that there is none."""
    return money(value, se, digits) if value else "none"


def need_range(low: float, low_se: float, high: float, high_se: float) -> str:
    """Return "$60bn to $130bn"; one text where both ends read the same."""
    return " to ".join(dict.fromkeys((need(low, low_se, 2), need(high, high_se, 2))))


def month(value: float, settings: Settings) -> str:
    """Return a month of the model as "May 2029", or that it is not reached."""
    if not np.isfinite(value):
        return NEVER
    year, number = settings.month(int(value)).split("-")
    return f"{calendar.month_abbr[int(number)]} {year}"


def share(value: float, se: float) -> str:
    """Return a share of runs as "80% of runs"."""
    return f"{percent(value, se)} of runs"


def amount(usd_m: float) -> str:
    """Return a chosen amount without trailing zeros: "$1.2bn"."""
    text = money(usd_m, digits=3) if usd_m else "$0"
    return re.sub(r"\.?0+(?=[a-z]+$)", "", text) if "." in text else text


def positions(grid: Grid, name: str) -> list[str]:
    """Return what each position of a slider is called."""
    values = grid.sliders[name].positions
    if name == "burn":
        return [f"{amount(burn)} a month" for (burn,) in values]
    if name == "cash":
        return [amount(opening + committed) for opening, committed in values]
    if name == "endurance":
        return [percent(value, digits=3 if len(f"{value:g}") > 4 else 2) for (value,) in values]
    own = values[grid.sliders[name].own]
    if own[0]:
        return [f"{_exact_percent(rates[0])} a month" for rates in values]
    return [
        f"{rates[-1] / own[-1]:.3g} times this case’s" if own[-1] else f"{_exact_percent(rates[1])} a month" for rates in values
    ]


def _exact_percent(value: float) -> str:
    return f"{value * 100:.3g}%".replace("-", "−")


def left_out(grid: Grid) -> str:
    """Return a sentence on the inputs that have no slider, or nothing."""
    names = [SHORT[name] for name, slider in grid.sliders.items() if len(slider) == 1]
    if not names:
        return ""
    return f"No slider for {_joined(names)}: zero in this case, or without effect on it."


def _joined(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def note(case: Case) -> str:
    """Return how the panel's numbers were made."""
    moved = {name for names in (what_if.BURN, what_if.CASH, what_if.GROWTH, what_if.ENDURANCE) for name in names}
    uncertain = {estimate.name for estimate in case.estimates if not estimate.certain}
    months = case.settings.horizon_months
    said = [f"In bold: the central path over {months} months; the funding need is what is missing beyond opening cash."]
    if uncertain - moved:
        said.append(
            f"Ranges and shares: {what_if.DRAWS} runs in which these inputs stay where the sliders stand and all others vary."
        )
    else:
        said.append("Nothing else is uncertain in this case, so that ranges have no width.")
    if uncertain & moved:
        said.append(
            "The rest of the page lets these inputs vary too: its ranges are wider, and its probabilities are the answer to the question above."
        )
    return " ".join(said)


def alternative(grid: Grid, settings: Settings) -> str:
    """Return the text alternative of the chart; names in braces are looked up for each position."""
    first, last = (month(index, settings) for index in (0, grid.points_months[-1]))
    return (
        f"Line chart: spending and revenue per month on the central path. Spending goes from {{spend_first}} in {first} to "
        f"{{spend_last}} in {last}, revenue from {{revenue_first}} to {{revenue_last}}."
    )
