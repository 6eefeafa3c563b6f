"""What each table of data/ must look like. The codebook in data/README.md explains the columns in words.

Every column is read as text, checked here, and only then turned into numbers, so that a blank, a comma for a
point or a date in the wrong order is an error and never a missing value.
"""

import datetime
import re
from collections.abc import Callable
from typing import NamedTuple

import pandera.pandas as pa

TOPICS = ("cost", "revenue", "strategy", "risk", "context")
CLAIM_KINDS = ("quantitative", "causal", "forecast", "judgement", "comparison", "framing")
GRADES = ("A", "B", "C")
CATEGORIES = ("compute", "talent", "data", "compliance")
BOUNDS = ("exact", "at_least", "at_most")
EVENT_KINDS = ("claim", "denial", "equity", "debt", "merger", "lease", "listing", "product")
VERDICTS = ("supported", "contradicted", "mixed", "open", "not testable")
BASES = ("reported", "derived", "estimate", "judgement")
DOMAINS = ("positive", "share", "real", "probability")
PERIMETERS = ("xai", "x", "xai_and_x", "spacex_group", "peer", "industry")
RELIABILITIES = ("primary", "reported-from-documents", "reported", "estimate", "disputed")
DATED_BY = ("page", "origin", "events", "none")
ROLES = (
    "action", "back_test", "context", "cost_structure", "definition", "definition_peer", "input",
    "market_value", "naive", "reference_class",
)  # fmt: skip
UNITS = (
    "usd_m", "usd_bn", "usd_k", "usd", "usd_m_per_month", "usd_m_per_year", "usd_bn_per_year",
    "usd_k_per_year", "usd_per_year", "usd_per_hour", "usd_per_gpu_hour", "usd_per_kwh",
    "usd_per_million_tokens", "us_cents_per_kwh", "usd_bn_per_gw", "eur_m", "eur_bn", "gbp_bn", "cny_bn",
    "percent", "percent_of_par", "percent_of_turnover", "share", "share_per_year", "per_month", "per_year",
    "ratio", "ratio_per_year", "count", "count_per_month", "million_users", "million_hours_per_month",
    "hours_per_month", "kw", "mw", "months", "month", "years", "year", "days", "statement",
)  # fmt: skip


class Pattern(NamedTuple):
    """What a cell must match, and how that is said."""

    regex: str
    meant: str


ANYTHING = Pattern(r".*", "a text")
NUMBER = Pattern(r"-?[0-9]{1,15}(\.[0-9]{1,15})?", "a number such as -12.5")
COUNT = Pattern(r"[0-9]{1,4}", "a whole number")
DATE = Pattern(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "a date YYYY-MM-DD")
MONTH_OR_DATE = Pattern(r"[0-9]{4}-[0-9]{2}(-[0-9]{2})?", "a date YYYY-MM-DD or YYYY-MM")
PARTIAL_DATE = Pattern(
    r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?|undated", "a date YYYY-MM-DD, YYYY-MM, YYYY or undated"
)
NAME = Pattern(r"[a-z][a-z0-9_]*", "a name in lower case, digits and _, beginning with a letter")
NAMES = Pattern(r"[a-z][a-z0-9_]*( [a-z][a-z0-9_]*)*", "names with one blank between them")
PLACE = Pattern(r"[a-z_]+#[a-z_]+", "page#section")
ADDRESS = Pattern(r"https?://\S+", "an address that begins with http:// or https://")
Rule = tuple[Callable[[str], object], str]  # what a cell must pass, and what is said of one that does not


def fault(column: pa.Column, text: str) -> str:
    """Return what is wrong with a cell of the column, "" if nothing is."""
    return next((said for accepts, said in column.metadata["rules"] if not accepts(text)), "")


def _is_calendar_date(text: str) -> bool:
    try:
        return text in ("", "undated") or bool(datetime.date.fromisoformat(text + "-01-01"[len(text) - 4 :]))
    except ValueError:
        return False


def _is_formula(text: str) -> bool:
    return text.startswith(("=", "+", "@")) or (text.startswith("-") and not re.fullmatch(NUMBER.regex, text))


_has_control = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]").search
_FILLED: Rule = (str.strip, "must not be blank")
_SAFE: tuple[Rule, ...] = (
    (lambda text: not _is_formula(text), "must not start like a spreadsheet formula"),
    (lambda text: not _has_control(text), "must not contain line breaks, tabs or control characters"),
)


def _column(*rules: Rule, unique: bool = False, number: bool = False) -> pa.Column:
    """A column of texts with one check of every cell by itself, in plain Python: the same under every
    pandas.
    """
    column = pa.Column(str, unique=unique, metadata={"rules": _SAFE + rules, "number": number})
    column.checks = [pa.Check(lambda cells: cells.map(lambda text: not fault(column, text)).astype(bool))]
    return column


def _text(pattern: Pattern = ANYTHING, *, blank: bool = False, unique: bool = False) -> pa.Column:
    matches = re.compile(pattern.regex, re.ASCII).fullmatch
    rules = [] if blank else [_FILLED]
    rules.append((lambda text: (blank and text == "") or matches(text), f"must be {pattern.meant}"))
    if pattern in (DATE, MONTH_OR_DATE, PARTIAL_DATE):
        rules.append((_is_calendar_date, "must be a day of the calendar, year-month-day"))
    return _column(*rules, unique=unique, number=pattern in (NUMBER, COUNT))


def _among(words: tuple[str, ...]) -> pa.Column:
    return _column(_FILLED, (words.__contains__, f"must be one of: {', '.join(words)}"))


def _several_among(words: tuple[str, ...]) -> pa.Column:
    said = f"must be words among: {', '.join(words)}"
    return _column(_FILLED, (lambda text: set(text.split()) <= set(words), said))


def _id(letter: str, digits: int, *, unique: bool = False) -> pa.Column:
    return _text(Pattern(rf"{letter}\d{{{digits}}}", f"like {letter}{1:0{digits}d}"), unique=unique)


def _ids(letter: str, *, blank: bool = True, joined_by: str = " ") -> pa.Column:
    regex = rf"{letter}\d+({re.escape(joined_by)}{letter}\d+)*"
    return _text(Pattern(regex, f"ids like {letter}01{joined_by}{letter}02"), blank=blank)


def _table(**columns: pa.Column) -> pa.DataFrameSchema:
    return pa.DataFrameSchema(columns, strict=True, ordered=True)


SCHEMAS = {
    "sources": _table(
        id=_id("S", 3, unique=True),
        publisher=_text(),
        url=_text(ADDRESS, unique=True),
    ),
    "evidence": _table(
        id=_id("E", 3, unique=True),
        entity=_text(),
        perimeter=_among(PERIMETERS),
        measure=_text(NAME),
        metric=_text(),
        value_low=_text(NUMBER, blank=True),
        value=_text(NUMBER, blank=True),
        value_high=_text(NUMBER, blank=True),
        unit=_among(UNITS),
        period_start=_text(DATE, blank=True),
        period_end=_text(DATE, blank=True),
        published=_text(PARTIAL_DATE),
        dated_by=_among(DATED_BY),
        source=_id("S", 3),
        reliability=_among(RELIABILITIES),
        reliability_detail=_text(blank=True),
        grade=_among(GRADES),
        roles=_several_among(ROLES),
        note=_text(blank=True),
    ),
    "assumptions": _table(
        id=_id("A", 2, unique=True),
        name=_text(NAME, unique=True),
        label=_text(),
        group=_text(NAME),
        low=_text(NUMBER, blank=True),
        central=_text(NUMBER),
        high=_text(NUMBER, blank=True),
        unit=_among(UNITS),
        domain=_among(DOMAINS),
        minimum=_text(NUMBER),
        maximum=_text(NUMBER),
        basis=_among(BASES),
        claims=_ids("C"),
        evidence=_ids("E"),
        derivation=_text(blank=True),
        why=_text(),
    ),
    "claims": _table(
        id=_id("C", 2, unique=True),
        paragraph=_text(COUNT),
        sentence=_text(COUNT),
        topic=_among(TOPICS),
        kind=_among(CLAIM_KINDS),
        statement=_text(unique=True),
        assumptions=_text(NAMES, blank=True),
        section=_text(PLACE),
        verdict=_among(VERDICTS),
        evidence=_ids("E"),
        note=_text(blank=True),
    ),
    "correlations": _table(
        first=_text(NAME),
        second=_text(NAME),
        correlation=_text(NUMBER),
        basis=_among(BASES),
        why=_text(),
    ),
    "back_tests": _table(
        company=_text(),
        as_of=_text(MONTH_OR_DATE),
        item=_text(NAME),
        known=_ids("E"),
        outcome=_ids("E", blank=False),
        note=_text(blank=True),
    ),
    "events": _table(
        date=_text(MONTH_OR_DATE),
        what=_text(),
        amount_usd_m=_text(NUMBER, blank=True),
        valuation_usd_m=_text(NUMBER, blank=True),
        kind=_among(EVENT_KINDS),
        evidence=_ids("E", blank=False),
    ),
    "cost_structures": _table(
        entity=_text(),
        year=_text(COUNT),
        category=_among(CATEGORIES),
        numerator=_ids("E", blank=False, joined_by="+"),
        denominator=_ids("E", joined_by="+"),  # blank: the numerator is published as a share, in percent
        bound=_among(BOUNDS),
        note=_text(blank=True),
    ),
}
NUMERIC = {  # table -> columns that become numbers
    table: [name for name, column in schema.columns.items() if column.metadata["number"]]
    for table, schema in SCHEMAS.items()
}
MAY_BE_EMPTY = ("correlations",)  # without rows all inputs are independent
