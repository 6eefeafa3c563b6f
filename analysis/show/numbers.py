"""The only rounding and formatting: every number that a reader sees, in text, tables and charts.

Significant digits, a half rounded up (libraries round some binary halves down), no zeros at the end behind
the point, "−" as the minus sign. None, nan and infinities are "never" for what is waited for and "–"
elsewhere. Years and counts are never rounded. Nothing that is rounded here is ever computed with.
"""

import math
import re
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal

from analysis.inputs import months as calendar
from analysis.inputs.estimates import Estimate

NEVER, MISSING = "never", "–"
HUGE, TINY = 1e15, 1e-12  # beyond any economy; more digits than anyone reads
SPELLED = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"
)  # fmt: skip
_SYMBOLS = {"usd": "$", "eur": "€", "gbp": "£", "cny": "CNY "}
_CASES = {"us": "US", "kwh": "kWh", "kw": "kW", "mw": "MW", "gw": "GW", "gpu": "GPU"}
_SCALES = {"k": 3, "m": 6, "bn": 9}
_CURRENCY = re.compile(r"(usd|eur|gbp|cny)(?:_(k|m|bn))?(?=_|$)")


def known(value: object) -> bool:
    """Say whether `value` is a number that can be written: not None, nan or infinite."""
    return value is not None and not isinstance(value, str) and math.isfinite(value)


def last_place(value: float, digits: int) -> int:
    """Return the power of ten of the last of `digits` significant digits: 1 for 870 and two digits."""
    return math.floor(math.log10(abs(value))) - digits + 1 if value else 0


def round_half_up(value: float, place: int) -> Decimal:
    """Return `value` (below HUGE) as a multiple of 10**place; a half goes away from zero."""
    exact = Decimal(repr(float(value)))
    return (exact.scaleb(-place).to_integral_value(ROUND_HALF_UP)).scaleb(place)


def significant(value: float, digits: int = 2) -> Decimal:
    """Return `value` with `digits` significant digits; what is smaller than TINY is nothing."""
    return Decimal(0) if abs(value) < TINY else round_half_up(value, last_place(value, digits))


def _written(rounded: Decimal) -> str:
    text = f"{abs(rounded).normalize():,f}"
    return f"−{text}" if rounded < 0 and text != "0" else text


def plain(value: float | None, digits: int = 2) -> str:
    """Return a bare number: "9.4", "1,200", "0"."""
    if not known(value):
        return MISSING
    huge = f"{value:.0e}".replace("e+", "e").replace("-", "−")
    return huge if abs(value) >= HUGE else _written(significant(value, digits))


def money(usd_m: float | None, digits: int = 2) -> str:
    """Return millions of dollars: "$870m", "$1.2bn", "$230bn", "$650,000"."""
    if not known(usd_m):
        return MISSING
    if abs(usd_m) >= HUGE / 1e6:
        return "less than −$1,000tn" if usd_m < 0 else "more than $1,000tn"
    return _currency(significant(usd_m, digits).scaleb(6), "$")


def dollars(usd: float | None, digits: int = 2) -> str:
    """Return an amount in dollars, such as a price: "$2.50", "$30,000"."""
    return money(usd / 1e6, digits) if known(usd) else MISSING


def _currency(amount: Decimal, symbol: str) -> str:
    sign, size = ("−" if amount < 0 else ""), abs(amount)
    scales = ((12, "tn"), (9, "bn"), (6, "m"), (0, ""))
    power, suffix = next((pair for pair in scales if size >= Decimal(1).scaleb(pair[0])), (0, ""))
    text = _written(size.scaleb(-power))
    if not suffix and re.fullmatch(r"\d+\.\d", text):  # cents are two digits
        text += "0"
    return f"{sign}{symbol}{text}{suffix}"


def percent(share: float | None, digits: int = 2) -> str:
    """Return a share as "13%"; what is not quite nothing or everything is not rounded to it."""
    if not known(share):
        return MISSING
    if 0 < share < 0.0005:
        return "less than 0.1%"
    hundredth = round(share * 100, 10)  # 14.5 of 0.145, not 14.499999
    return "more than 99%" if 0.995 <= share < 1 else f"{plain(hundredth, digits)}%"


def chance(probability: float | None, digits: int = 2) -> str:
    """Return a share of simulations as "82 in 100"; none shows that a thing never or always happens."""
    if not known(probability):
        return MISSING
    of_100 = round_half_up(round(probability * 100, 10), 0)
    if of_100 <= 0:
        return "fewer than 1 in 100"
    return f"{of_100} in 100" if of_100 < 100 else "more than 99 in 100"


def months(count: float | None, digits: int = 2) -> str:
    """Return a length of time: "9.4 months", "1 month", "never" where it has no end."""
    if not known(count):
        return NEVER
    text = plain(count, digits)
    return f"{text} month" if text in ("1", "−1") else f"{text} months"


def _followed_by(words: str, write: Callable[..., str]) -> Callable[..., str]:
    def written(value: float | None, digits: int = 2) -> str:
        return f"{write(value, digits)} {words}" if known(value) else MISSING

    return written


def count(number: float | None, digits: int = 2) -> str:
    """Return a number of things, to the last digit: "200,000"."""
    if not known(number) or abs(number) >= HUGE or number != round(number):
        return plain(number, 3)
    return _written(Decimal(round(number)))


def year(number: float | None, digits: int = 2) -> str:
    """Return a year: "2027"."""
    is_year = known(number) and abs(number) < 1e4
    return f"{round(number):.0f}".replace("-", "−") if is_year else plain(number)


def month(text: str | None, digits: int = 2) -> str:
    """Return a month YYYY-MM (or the month of a date) as "March 2026"."""
    return calendar.name(text[:7]) if text else NEVER


def month_short(text: str | None, digits: int = 2) -> str:
    """Return a month YYYY-MM (or the month of a date) as "Mar 2026", for charts and tables."""
    return calendar.short(text[:7]) if text else NEVER


def date(published: str, digits: int = 2) -> str:
    """Return a date as it is known: "9 January 2026", "January 2026", "2026", "undated"."""
    known_to_month = calendar.name(published[:7]) if "-" in published else published
    return f"{published[8:].lstrip('0')} {known_to_month}".lstrip()


def spelled(number: int) -> str:
    """Return a small count in words: "no", "one" … "twelve", then figures."""
    return SPELLED[number] if number in range(len(SPELLED)) else count(number)


FORMATTERS: dict[str, Callable[..., str]] = {
    "plain": plain, "count": count, "year": year, "months": months, "multiple": _followed_by("times", plain),
    "money": money, "dollars": dollars, "money_a_month": _followed_by("a month", money),
    "percent": percent, "growth": _followed_by("a month", percent), "chance": chance,
    "month": month, "month_short": month_short, "date": date,
}  # fmt: skip
NUMERIC = frozenset(FORMATTERS) - {"month", "month_short", "date"}


def interval(low: object, high: object, formatter: str, digits: int = 2, words: str = "{} to {}") -> str:
    """Return "5.3 to 15 months", words that both ends share said once; one value where both read alike."""
    first, last = (FORMATTERS[formatter](value, digits) for value in (low, high))
    if first == last:
        return first
    start, _, ending = first.partition(" ")
    shared = ending and ending.removesuffix("s") == last.partition(" ")[2].removesuffix("s")
    return words.format(start if shared else first, last)


def digits_to(value: float | None, place: int) -> int:
    """Return how many significant digits (at least one) show `value` to the place of 10**place."""
    return max(last_place(value, 1) - place + 1, 1) if known(value) else 1


def adding_up(*sums: Sequence[float]) -> int:
    """Return the coarsest place at which the rounded figures of every sum (total, part, part, …) add up."""
    # from the third digit of the largest total on, three places at most: a sum that is none adds up nowhere
    first = max((last_place(total, 3) for total, *_ in sums), default=0)
    for place in range(first, first - 3, -1):
        rounded = [[round_half_up(value, place) for value in values] for values in sums]
        if all(total == sum(parts) for total, *parts in rounded):
            return place
    return first - 3


def as_entered(value: float | None, unit: str) -> str:
    """Return an input or a published figure unrounded, its unit in words: "$25m a month", "10% a year"."""
    if not known(value):
        return MISSING
    exact, rest = Decimal(repr(round(float(value), 10))), unit
    if unit in ("year", "month"):
        return year(value) if unit == "year" else f"month {_written(exact)}"
    if unit in ("share", "per_month", "per_year", "share_per_year"):
        text, rest = f"{_written(exact * 100)}%", unit.removeprefix("share")
    elif unit.startswith("percent"):
        text, rest = f"{_written(exact)}%", unit.removeprefix("percent")
    elif found := _CURRENCY.match(unit):
        amount = exact.scaleb(_SCALES.get(found[2], 0))
        text, rest = _currency(amount, _SYMBOLS[found[1]]), unit[found.end() :]
    else:
        text, rest = _written(exact), unit.replace("ratio", "times").removeprefix("count")
    words = " ".join(_CASES.get(word, word) for word in rest.split("_") if word)
    words = re.sub(r"\bper (?=month|year)", "a ", words)
    if exact == 1 and words in ("months", "years", "days"):
        words = words[:-1]
    return f"{text} {words}".rstrip()


def estimate(given: Estimate) -> str:
    """Return an input as it was set, with its range: "$1bn a month ($700m to $1.5bn)"."""
    central = as_entered(given.central, given.unit)
    if given.low == given.high:
        return central
    ends = (re.search(r"\S*\d\S*", as_entered(value, given.unit))[0] for value in (given.low, given.high))
    return f"{central} ({' to '.join(ends)})"
