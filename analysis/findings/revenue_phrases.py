"""Phrases of the revenue-gap page: ranges, months, and comparisons that hold whichever way the numbers turn."""

import datetime
from collections.abc import Callable

from babel.dates import format_date

from analysis.findings.numbers import money, months, percent, plain, times

BEYOND = "beyond the horizon"
MIDDLE = "middle 90% of runs"
NO_RATE, NO_LIMIT, NO_SPENDING = "no rate", "no limit", "nothing to cover"  # what "never" means for a measure
ENTITY = "xAI without X"


def calendar(month: str) -> str:
    """Return a month YYYY-MM as "June 2025"."""
    return format_date(datetime.date(int(month[:4]), int(month[5:7]), 1), "MMMM yyyy", locale="en_US")


def short(month: str) -> str:
    """Return a month YYYY-MM as "Jun 2025", for tables."""
    return format_date(datetime.date(int(month[:4]), int(month[5:7]), 1), "MMM yyyy", locale="en_US")


def span(low: float | None, high: float | None, shown: Callable[[float], str], never: str = BEYOND) -> str:
    """Return "a to b"; an end that is never reached is called `never`; a single value where both read alike."""
    ends = [never if end is None else shown(end) for end in (low, high)]
    if ends[0] == ends[1]:
        return ends[0]
    for unit in (" months", " times"):  # "6.2 months to 15 months" says months twice
        if ends[1].endswith(unit):
            ends[0] = ends[0].removesuffix(unit)
    return " to ".join(ends)


def spread(summary: dict, shown: Callable[[float], str], never: str = BEYOND) -> str:
    """Return the range of a metric in brackets with a leading space; nothing where it reads as the median does."""
    middle = never if summary["p50"] is None else shown(summary["p50"])
    ends = span(summary["p5"], summary["p95"], shown, never)
    return "" if ends == middle else f" ({MIDDLE}: {ends})"


def lasting(value: float | None) -> str:
    """Return how long something lasts: months, or beyond the horizon."""
    return BEYOND if value is None else months(value)


def whole(count: int) -> str:
    """Return a whole number of months."""
    return f"{count} month{'' if count == 1 else 's'}"


def ratio(value: float) -> str:
    """Return revenue over spending: "1.7%", from two on "17 times"."""
    return percent(value) if value < 1.995 else times(value)


def covers(value: float) -> str:
    """Return what revenue is to spending: "covers 1.7% of" or "is 17 times"."""
    return f"covers {ratio(value)} of" if value < 1.995 else f"is {ratio(value)}"


def amount(usd_m: float) -> str:
    """Return money; what is left of a difference of two equal numbers is 0."""
    return money(round(usd_m, 6) + 0.0)


def change(before: float, after: float) -> str:
    """Return what happens to a monthly gap between two moments; a negative gap is a surplus."""
    if before > 0 >= after:
        return f"the gap of {amount(before)} a month turns into a surplus of {amount(-after)} a month"
    if before <= 0 < after:
        return f"a surplus of {amount(-before)} a month turns into a gap of {amount(after)} a month"
    what, size, then = ("gap", before, after) if before > 0 else ("surplus", -before, -after)
    if amount(size) == amount(then):
        return f"the {what} stays at {amount(then)} a month"
    return f"the {what} {'grows' if then > size else 'shrinks'} from {amount(size)} to {amount(then)} a month"


def distance(gap: float) -> str:
    """Return a monthly gap, or the surplus that a negative one is."""
    return f"a gap of {amount(gap)} a month" if gap > 0 else f"a surplus of {amount(-gap)} a month"


def rate(value: float) -> str:
    """Return a monthly growth rate as per cent."""
    return percent(value)


def points(se: float | None) -> str:
    """Return a standard error of a share in percentage points."""
    return "–" if se is None else "0" if se == 0 else plain(se * 100, digits=1)


def sentence(text: str) -> str:
    """Return `text` with its first letter in upper case."""
    return text[:1].upper() + text[1:]
