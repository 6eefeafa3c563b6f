"""What each table of data/ must look like. The codebook in data/README.md explains the columns in words.

Every column is read as text, checked here, and only then turned into numbers, so that a blank, a comma for a
point or a date in the wrong order is an error and never a missing value.
"""

import datetime
import re
from collections.abc import Callable

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

NUMBER = r"^-?[0-9]{1,15}(\.[0-9]{1,15})?$"
DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
MONTH_OR_DATE = r"^[0-9]{4}-[0-9]{2}(-[0-9]{2})?$"
PARTIAL_DATE = r"^([0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?|undated)$"
COUNT = r"^[0-9]{1,4}$"
NAME = r"^[a-z][a-z0-9_]*$"
_PLAIN = {
    NUMBER: "a number such as -12.5",
    COUNT: "a whole number",
    DATE: "a date YYYY-MM-DD",
    MONTH_OR_DATE: "a date YYYY-MM-DD or YYYY-MM",
    PARTIAL_DATE: "a date YYYY-MM-DD, YYYY-MM, YYYY or undated",
    NAME: "a name in lower case, digits and _, beginning with a letter",
}


def _each(accepts: Callable[[str], object], error: str) -> pa.Check:
    """A check of every cell by itself, in plain Python: the same under every text backend of pandas."""
    return pa.Check(lambda cells: cells.map(lambda text: bool(accepts(text))).astype(bool), error=error)


def _is_calendar_date(text: str) -> bool:
    try:
        return text in ("", "undated") or bool(datetime.date.fromisoformat(text + "-01-01"[len(text) - 4 :]))
    except ValueError:
        return False


def _is_formula(text: str) -> bool:
    return text.startswith(("=", "+", "@")) or (text.startswith("-") and not re.fullmatch(NUMBER, text))


_has_control = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]").search
_SAFE = (
    _each(lambda text: not _is_formula(text), "must not start like a spreadsheet formula"),
    _each(lambda text: not _has_control(text), "must not contain line breaks, tabs or control characters"),
)


def _text(pattern: str | None = None, *, blank=False, among: tuple[str, ...] = (), unique=False) -> pa.Column:
    checks = list(_SAFE)
    if not blank:
        checks.append(_each(str.strip, "must not be blank"))
    if pattern:
        matches = re.compile(pattern, re.ASCII).fullmatch
        what = _PLAIN.get(pattern, f"like {pattern}")
        checks.append(_each(lambda text: (blank and text == "") or matches(text), f"must be {what}"))
    if pattern in (DATE, MONTH_OR_DATE, PARTIAL_DATE):
        checks.append(_each(_is_calendar_date, "must be a day of the calendar, year-month-day"))
    if among:
        checks.append(_each(among.__contains__, f"must be one of: {', '.join(among)}"))
    return pa.Column(str, checks, unique=unique, metadata={"number": pattern in (NUMBER, COUNT)})


def _words(among: tuple[str, ...]):
    allowed = set(among)
    error = f"must be words among: {', '.join(among)}"
    return pa.Column(str, [*_SAFE, _each(lambda text: text.split() and set(text.split()) <= allowed, error)])


def _ids(letter: str, *, blank: bool = True, joined_by: str = " "):
    return _text(rf"^{letter}\d+({re.escape(joined_by)}{letter}\d+)*$", blank=blank)


def _table(**columns: pa.Column) -> pa.DataFrameSchema:
    return pa.DataFrameSchema(columns, strict=True, ordered=True)


SCHEMAS = {
    "sources": _table(
        id=_text(r"^S\d{3}$", unique=True),
        publisher=_text(),
        url=_text(r"^https?://\S+$", unique=True),
    ),
    "evidence": _table(
        id=_text(r"^E\d{3}$", unique=True),
        entity=_text(),
        perimeter=_text(among=PERIMETERS),
        measure=_text(r"^[a-z_]+$"),
        metric=_text(),
        value_low=_text(NUMBER, blank=True),
        value=_text(NUMBER, blank=True),
        value_high=_text(NUMBER, blank=True),
        unit=_text(among=UNITS),
        period_start=_text(DATE, blank=True),
        period_end=_text(DATE, blank=True),
        published=_text(PARTIAL_DATE),
        dated_by=_text(among=DATED_BY),
        source=_text(r"^S\d{3}$"),
        reliability=_text(among=RELIABILITIES),
        reliability_detail=_text(blank=True),
        grade=_text(among=GRADES),
        roles=_words(ROLES),
        note=_text(blank=True),
    ),
    "assumptions": _table(
        id=_text(r"^A\d{2}$", unique=True),
        name=_text(NAME, unique=True),
        label=_text(),
        group=_text(r"^[a-z_]+$"),
        low=_text(NUMBER, blank=True),
        central=_text(NUMBER),
        high=_text(NUMBER, blank=True),
        unit=_text(among=UNITS),
        domain=_text(among=DOMAINS),
        minimum=_text(NUMBER),
        maximum=_text(NUMBER),
        basis=_text(among=BASES),
        claims=_ids("C"),
        evidence=_ids("E"),
        derivation=_text(blank=True),
        why=_text(),
    ),
    "claims": _table(
        id=_text(r"^C\d{2}$", unique=True),
        paragraph=_text(COUNT),
        sentence=_text(COUNT),
        topic=_text(among=TOPICS),
        kind=_text(among=CLAIM_KINDS),
        statement=_text(unique=True),
        assumptions=_text(r"^[a-z0-9_]+( [a-z0-9_]+)*$", blank=True),
        section=_text(r"^[a-z_]+#[a-z_]+$"),
        verdict=_text(among=VERDICTS),
        evidence=_ids("E"),
        note=_text(blank=True),
    ),
    "correlations": _table(
        first=_text(NAME),
        second=_text(NAME),
        correlation=_text(NUMBER),
        basis=_text(among=BASES),
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
        kind=_text(among=EVENT_KINDS),
        evidence=_ids("E", blank=False),
    ),
    "cost_structures": _table(
        entity=_text(),
        year=_text(COUNT),
        category=_text(among=CATEGORIES),
        numerator=_ids("E", blank=False, joined_by="+"),
        denominator=_ids("E", blank=False, joined_by="+"),
        bound=_text(among=BOUNDS),
        note=_text(blank=True),
    ),
}
NUMERIC = {  # table -> columns that become numbers
    table: [name for name, column in schema.columns.items() if (column.metadata or {}).get("number")]
    for table, schema in SCHEMAS.items()
}
MAY_BE_EMPTY = ("correlations",)  # without rows all inputs are independent
