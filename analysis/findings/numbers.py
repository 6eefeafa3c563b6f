"""Numbers as readers see them: units, at most three significant digits, and none below two standard errors.

Nothing that is rounded here is ever computed with.
"""

import functools
import math
import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

from babel import Locale
from babel.numbers import NumberPattern, parse_pattern

from analysis.estimates import Estimate

LOCALE = Locale("en", "US")
NEVER = "not within the horizon"


def plain(value: float, se: float = 0.0, digits: int = 2) -> str:
    """Return `value` with `digits` significant digits (3 at most) and no digit smaller than two standard errors."""
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else "–"
    if abs(value) >= 1e20:  # beyond any economy; more digits than the decimal numbers below can hold
        return f"{value:.0e}"
    place = math.floor(math.log10(abs(value))) - min(digits, 3) + 1
    if se and math.isfinite(se):
        place = max(place, math.ceil(math.log10(2 * se)))
    # a half goes up, as readers expect; Python and numpy each round some halves of binary numbers down
    rounded = float(Decimal(repr(float(value))).quantize(Decimal(1).scaleb(place), ROUND_HALF_UP))
    decimals = max(0, -place)
    text = _pattern("#,##0" + ("." + "0" * decimals if decimals else "")).apply(rounded, LOCALE)
    return text.replace("-", "−") if rounded else "0"


@functools.lru_cache
def _pattern(text: str) -> NumberPattern:
    return parse_pattern(text)


def typed(value: float) -> str:
    """Return an input as it was typed, without trailing zeros."""
    return _pattern("#,##0.######").apply(round(value, 10), LOCALE).replace("-", "−")


def money(usd_m: float | None, se: float = 0.0, digits: int = 2) -> str:
    """Return millions of dollars as "$650m", "$1.0bn" or "$1.2tn"."""
    if usd_m is None or not math.isfinite(usd_m):
        return "no finite amount"
    sign, size = ("−" if usd_m < 0 else ""), abs(usd_m)
    for scale, suffix, next_suffix in ((1e6, "tn", ""), (1e3, "bn", "tn"), (1, "m", "bn")):
        if size >= scale * 0.9995 or scale == 1:
            text = plain(size / scale, (se or 0.0) / scale, digits)
            if text == "0":
                return "$0"
            return f"{sign}$1{next_suffix}" if text == "1,000" and next_suffix else f"{sign}${text}{suffix}"
    raise AssertionError


def money_range(low: float | None, high: float | None, digits: int = 2) -> str:
    """Return "$650m to $1.2bn"; an end that is never reached is said in words."""
    return f"{money(low, digits=digits)} to {money(high, digits=digits)}"


def about(value: float, se: float, shown: Callable[..., str] = money) -> str:
    """Return an amount (or, with `shown=percent`, a share) that cannot be below 0 with what its standard error leaves of it.

    Where the digits that the error forbids would move it by more than one standard error: the range of two standard
    errors each way, rounded to the leading digit of its half-width, or "less than …" when that range reaches 0.
    """
    if not se or not math.isfinite(se) or _harmless(value, se):
        return shown(value, se)
    digit = 10 ** math.floor(math.log10(2 * se))
    low, high = value - 2 * se, shown(value + 2 * se, 0.499 * digit, digits=3)
    if low < digit / 2:
        return high if high.startswith("less") else f"less than {high}"
    return f"{shown(low, 0.499 * digit, digits=3)} to {high}"


def _harmless(value: float, se: float) -> bool:
    place = math.ceil(math.log10(2 * se))
    usual = math.floor(math.log10(value)) - 1 if value > 0 else place
    return place <= usual or (abs(value - round(value, -place)) <= se and value > 2 * se)


def percent(share: float | None, se: float = 0.0, digits: int = 2) -> str:
    """Return a share as per cent; what rounds to none or all is said as less or more than the last digit shown."""
    if share is None or not math.isfinite(share):
        return "an unknown share"
    if se and 0 < share < 1:
        if share < 0.005:
            return "less than 1%"
        if share > 0.995:
            return "more than 99%"
    return f"{plain(share * 100, (se or 0.0) * 100, digits)}%"


def months(value: float | None, se: float = 0.0) -> str:
    """Return a number of months as "9.8 months", or that it is not reached."""
    if value is None or not math.isfinite(value):
        return NEVER
    text = plain(value, se or 0.0, 2 if abs(value) >= 1 else 1)
    return f"{text} month{'' if text == '1' else 's'}"


def times(value: float | None) -> str:
    """Return a multiple as "58 times"."""
    return "no finite multiple" if value is None or not math.isfinite(value) else f"{plain(value)} times"


def runs(share: float, of: int = 100) -> str:
    """Return "in N of 100 runs" for a probability, "in fewer than 1 of 100 runs" when it rounds to none but is not."""
    count = round(share * of)
    if count == 0 and share > 0:
        return f"in fewer than 1 of {of} runs"
    if count == of and share < 1:
        return f"in more than {of - 1} of {of} runs"
    return f"in {count} of {of} runs" if 0 < share < 1 else f"in {'none' if share == 0 else 'all'} of the runs"


def estimate_text(estimate: Estimate) -> str:
    """Return an estimate as it was set, with its range: "$1bn a month ($700m to $1.5bn)", "12% (6% to 25%)"."""
    central = with_unit(estimate.central, estimate.unit)
    low, high = (_amount(value, estimate.unit) for value in (estimate.low, estimate.high))
    return central if estimate.certain else f"{central} ({low} to {high})"


def with_unit(value: float, unit: str) -> str:
    """Return an input's value with its unit in words: "$25m a month", "9 months", "month 9", "10% a year"."""
    if unit == "month":
        return f"month {typed(value)}"
    words = re.sub(r"^(usd_m|usd_k|usd|share|count|ratio)(?=_|$)", "", unit).replace("_", " ").strip()
    return f"{_amount(value, unit)} {re.sub('^per (?=month|year)', 'a ', words)}".rstrip()


def _amount(value: float, unit: str) -> str:
    if unit in ("share", "per_month", "per_year", "share_per_year"):
        return f"{typed(value * 100)}%"
    if not unit.startswith("usd"):
        return typed(value)
    sign, size = ("−" if value < 0 else ""), abs(value)
    if not unit.startswith("usd_m"):
        return f"{sign}${typed(size)}{'k' if unit.startswith('usd_k') else ''}"
    scale, suffix = next((pair for pair in ((1e6, "tn"), (1e3, "bn")) if size >= pair[0]), (1, "m"))
    return f"{sign}${typed(size / scale)}{suffix if size else ''}"


# one printed scale: upper end of the probability, word
SCALE = (
    (0.01, "almost excluded"),
    (0.10, "very unlikely"),
    (0.33, "unlikely"),
    (0.66, "about as likely as not"),
    (0.90, "likely"),
    (0.99, "very likely"),
    (1.01, "almost certain"),
)


def likelihood(probability: float) -> str:
    """Return the word of the printed scale for a probability."""
    return next(word for top, word in SCALE if probability < top)
