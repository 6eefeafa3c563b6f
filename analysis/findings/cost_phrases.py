"""Phrases that the cost page's sentences, figures and tables share, computed from a run."""

import math

import pandas as pd

from analysis.findings.cost_names import CATEGORIES
from analysis.findings.numbers import money, percent, plain
from analysis.insight import cost_structures, costs
from analysis.insight.costs import Spread
from analysis.results import Run

ENDS = ("p5", "p95")


def leaders(run: Run) -> tuple[str, str]:
    """Return the largest category of month 0 at the central values, and the largest other one that the article names."""
    order = list(costs.categories(run)["category"])
    return order[0], next(name for name in order[1:] if name != "other")


def mid(category: str) -> str:
    """Return a category's name as it stands within a sentence."""
    return {"other": "what is not itemised"}.get(category, CATEGORIES[category].lower())


def opening(category: str) -> str:
    """Return a category's name as it opens a sentence."""
    return mid(category).capitalize()


def total(run: Run) -> str:
    """Return spending in month 0 at the central values."""
    return money(run.central_world.burn[0])


def share_of(run: Run, category: str) -> str:
    """Return a category's central share."""
    return percent(costs.category_shares(run)[category]["central"])


def burn(run: Run) -> str:
    """Return what the monthly burn is: the article's claim, or what the scenario or the user sets."""
    return "the claim" if run.case["monthly_burn_usd_m"].origin == "assumptions" else "the burn set here"


def burn_taken(run: Run) -> str:
    """Return what the parts are set against: the burn, with revenue added when it is read as net."""
    return burn(run) if run.settings.burn_basis == "gross" else f"{burn(run)} plus revenue"


def span(values: Spread) -> str:
    """Return the middle 90 % of runs in dollars, or that all runs agree."""
    return _middle(*(money(values[end], values[f"{end}_se"]) for end in ENDS))


def percents(values: Spread) -> str:
    """Return the middle 90 % of runs in per cent, or that all runs agree."""
    return _middle(*(_percent(values, end) for end in ENDS))


def share_range(values: Spread) -> str:
    """Return the 5th to the 95th percentile of a share for a table cell; one value when they agree."""
    return " to ".join(dict.fromkeys(_percent(values, end) for end in ENDS))


def amount_range(values: Spread, low: str = "p5", high: str = "p95") -> str:
    """Return two percentiles in millions of dollars for a table cell; one value when they agree."""
    if math.isclose(values[low], values[high]):
        return plain(values[low], digits=3)
    return f"{plain(values[low], values[f'{low}_se'])} to {plain(values[high], values[f'{high}_se'])}"


def rest(values: Spread) -> str:
    """Return the middle 90 % of runs of what is left unexplained, each end as such or as an excess."""
    low, high = (f"{money(abs(values[end]), values[f'{end}_se'])} {'over' if values[end] < 0 else 'unexplained'}" for end in ENDS)
    return _middle(low, high)


def verdict(run: Run) -> str:
    """Return how the parts compare with the claim at the central values, as a predicate."""
    left, burned = run.metrics["unexplained"]["central"], run.central_world.burn[0]
    if abs(left) < 0.005 * burned:
        return f"match {money(burned)} a month"
    return (
        f"leave {money(left)} of {money(burned)} a month unexplained"
        if left > 0
        else f"exceed {money(burned)} a month by {money(-left)}"
    )


def agreement(frame: pd.DataFrame, category: str) -> str:
    """Return how many published shares of a category meet the model's middle 90 % of runs, as "6 of 7" or "none of 3".

    `frame`: as from `cost_structures.beside_model`.
    """
    fits = cost_structures.overlaps(frame, category)
    return f"{fits.sum() or 'none'} of {len(fits)}"


def outside(frame: pd.DataFrame, category: str) -> str:
    """Return how many published shares lie outside the model's range and on which side, in brackets; empty if none."""
    below, above = cost_structures.outside(frame, category)
    sides = [f"{count} {'lies' if count == 1 else 'lie'} {side}" for count, side in ((below, "below"), (above, "above")) if count]
    return f" ({' and '.join(sides)})" if sides else ""


def last_month(run: Run) -> int | None:
    """Return the last month of the table within the horizon, None when only month 0 is."""
    return max((t for t in costs.MARKS if 0 < t < run.settings.horizon_months), default=None)


def direction(run: Run) -> str:
    """Return where total spending goes at the central values, as a predicate."""
    last, start = last_month(run), total(run)
    if last is None:
        return f"starts at {start} a month, and the horizon ends within a year"
    end = money(run.central_path.spend[0, last])
    if end == start:
        return f"stays near {start} a month over {last} months"
    way = "rises" if run.central_path.spend[0, last] > run.central_path.spend[0, 0] else "falls"
    return f"{way} from {start} to {end} a month within {last} months"


def fading(values: Spread) -> str:
    """Return, as a predicate of growth, the level that it approaches, or that it never fades."""
    if not math.isfinite(values["central"]):
        return "never fades, so that no level is approached"
    ends = span(values) if math.isfinite(values["p95"]) else "none in some of the runs"
    return f"then fades, and the level it approaches is {money(values['central'])} a month ({ends})"


def _percent(values: Spread, end: str) -> str:
    return f"{plain(100 * values[end], 100 * values[f'{end}_se'])}%"


def _middle(low: str, high: str) -> str:
    return "the same in all runs" if low == high else f"middle 90% of runs: {low} to {high}"
