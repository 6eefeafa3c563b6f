"""Calendar months, the only arithmetic with them. A month is the text YYYY-MM, 2000-01 to 2100-12."""

import calendar
import datetime
import re

from analysis.inputs.errors import InputError, shown

_NAMES = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def check(name: str, text: object) -> str:
    """Return `text` if it is a month; raises InputError that says for which parameter it was given."""
    if isinstance(text, str) and re.fullmatch(r"(20[0-9]{2}|2100)-(0[1-9]|1[0-2])", text):
        return text
    raise InputError(f"{name}: a month YYYY-MM from 2000-01 to 2100-12 is expected; given {shown(text)}")


def add(month: str, months: int) -> str:
    """Return the month that lies `months` after `month` (before it when negative)."""
    year, index = divmod(_number(month) + int(months), 12)
    return f"{year:04d}-{index + 1:02d}"


def between(first: str, second: str) -> int:
    """Return the number of months from `first` to `second`, negative when `second` is the earlier one."""
    return _number(second) - _number(first)


def name(month: str) -> str:
    """Return "March 2026" for "2026-03"."""
    return f"{_NAMES[_number(month) % 12]} {month[:4]}"


def short(month: str) -> str:
    """Return "Mar 2026" for "2026-03"."""
    return f"{_NAMES[_number(month) % 12][:3]} {month[:4]}"


def of_date(date: str) -> str:
    """Return the month of a date YYYY-MM-DD, or of a month, which is its own."""
    return check("month", date[:7])


def last_day(published: str) -> datetime.date:
    """Return the last day that YYYY, YYYY-MM or YYYY-MM-DD can mean; an undated page may be of any day."""
    if published == "undated":
        return datetime.date.max
    if len(published) == len("2025-06-17"):
        return datetime.date.fromisoformat(published)
    year, month = (int(part) for part in f"{published}-12".split("-")[:2])
    return datetime.date(year, month, calendar.monthrange(year, month)[1])


def _number(month: str) -> int:
    month = check("month", month)
    return int(month[:4]) * 12 + int(month[5:]) - 1
