"""What each table of data/ must look like. The codebook in data/README.md explains the columns in words.

Every column is read as text, checked here, and only then turned into numbers, so that a blank, a comma for a
point or a date in the wrong order is an error and never a missing value.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

import pandera.pandas as pa

from analysis.inputs import months
from analysis.inputs.estimates import DOMAINS

TOPICS = ("cost", "revenue", "strategy", "risk", "context")
CLAIM_KINDS = ("quantitative", "causal", "forecast", "judgement", "comparison", "framing")
GRADES = ("A", "B", "C")
CATEGORIES = ("compute", "talent", "data", "compliance")
BOUNDS = ("exact", "at_least", "at_most")
EVENT_KINDS = ("claim", "denial", "equity", "debt", "merger", "lease", "listing", "product")
VERDICTS = ("supported", "contradicted", "mixed", "open", "not testable")
BASES = ("reported", "derived", "estimate", "judgement")
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


class Rule(NamedTuple):
    """What a cell must be, and how that is said. `refers`: the table whose ids or names are in the cell."""

    accepts: Callable[[str], object]
    meant: str
    numeric: bool = False
    blank: bool = False
    unique: bool = False
    refers: str = ""

    def column(self) -> pa.Column:
        """The column of such cells, each checked by itself."""
        check = pa.Check(self._allows, element_wise=True, error=f"must be {self.meant}")
        return pa.Column(checks=check, unique=self.unique)

    def _allows(self, text: str) -> bool:
        return bool(self.blank if text == "" else self.accepts(text))


def _like(regex: str, meant: str, **more) -> Rule:
    return Rule(re.compile(regex, re.ASCII).fullmatch, meant, **more)


def _among(words) -> Rule:
    return Rule(words.__contains__, f"one of: {', '.join(words)}")


def _several(words: tuple[str, ...]) -> Rule:
    one = "|".join(words)
    return _like(rf"({one})( ({one}))*", f"words among: {', '.join(words)}")


def _day(regex: str, written: str) -> Rule:
    matches = re.compile(regex, re.ASCII).fullmatch

    def accepts(text: str) -> bool:
        try:
            return bool(matches(text) and months.last_day(text))
        except ValueError:
            return False

    return Rule(accepts, f"a day of the calendar, {written}")


def _id(letter: str, digits: int) -> Rule:
    return _like(rf"{letter}\d{{{digits}}}", f"like {letter}{1:0{digits}d}")


def _ids(table: str, joined_by: str = " ") -> Rule:
    one = {"evidence": "E", "claims": "C"}[table] + r"\d+"
    like = joined_by.join(one.replace(r"\d+", digits) for digits in ("01", "02"))
    return _like(rf"{one}({re.escape(joined_by)}{one})*", f"ids like {like}", refers=table)


def _blank(rule: Rule) -> Rule:
    return rule._replace(blank=True)


def _unique(rule: Rule) -> Rule:
    return rule._replace(unique=True)


TEXT = _like(
    r"(?![=+@-])[^\x00-\x1f\x7f-\x9f\u2028\u2029]*[^\x00-\x20\x7f-\x9f\u2028\u2029]",
    "a text without line breaks, tabs or control characters that does not start like a spreadsheet formula",
)
NUMBER = _like(r"-?[0-9]{1,15}(\.[0-9]{1,15})?", "a number such as -12.5", numeric=True)
COUNT = _like(r"[0-9]{1,4}", "a whole number", numeric=True)
DAY = _day(r"\d{4}-\d\d-\d\d", "YYYY-MM-DD")
MONTH_OR_DAY = _day(r"\d{4}-\d\d(-\d\d)?", "YYYY-MM-DD or YYYY-MM")
PUBLISHED = _day(r"\d{4}(-\d\d(-\d\d)?)?|undated", "YYYY-MM-DD, YYYY-MM, YYYY or undated")
NAME = _like(r"[a-z][a-z0-9_]*", "a name in lower case, digits and _, beginning with a letter")
NAMES = _like(
    r"[a-z][a-z0-9_]*( [a-z][a-z0-9_]*)*", "names with one blank between them", refers="assumptions"
)
ASSUMPTION = NAME._replace(refers="assumptions")
PLACE = _like(r"[a-z_]+#[a-z_]+", "page#section")
ADDRESS = _like(r"https?://[!-~]+", "an address that begins with http:// or https://")

RULES = {  # table -> column -> rule
    "sources": {"id": _unique(_id("S", 3)), "publisher": TEXT, "url": _unique(ADDRESS)},
    "evidence": {
        "id": _unique(_id("E", 3)), "entity": TEXT, "perimeter": _among(PERIMETERS),
        "measure": NAME, "metric": TEXT, "value_low": _blank(NUMBER), "value": _blank(NUMBER),
        "value_high": _blank(NUMBER), "unit": _among(UNITS), "period_start": _blank(DAY),
        "period_end": _blank(DAY), "published": PUBLISHED, "dated_by": _among(DATED_BY),
        "source": _id("S", 3)._replace(refers="sources"), "reliability": _among(RELIABILITIES),
        "reliability_detail": _blank(TEXT), "grade": _among(GRADES), "roles": _several(ROLES),
        "note": _blank(TEXT),
    },
    "assumptions": {
        "id": _unique(_id("A", 2)), "name": _unique(NAME), "label": TEXT, "group": NAME,
        "low": _blank(NUMBER), "central": NUMBER, "high": _blank(NUMBER), "unit": _among(UNITS),
        "domain": _among(DOMAINS), "minimum": NUMBER, "maximum": NUMBER, "basis": _among(BASES),
        "claims": _blank(_ids("claims")), "evidence": _blank(_ids("evidence")),
        "derivation": _blank(TEXT), "why": TEXT,
    },
    "claims": {
        "id": _unique(_id("C", 2)), "paragraph": COUNT, "sentence": COUNT, "topic": _among(TOPICS),
        "kind": _among(CLAIM_KINDS), "statement": _unique(TEXT), "assumptions": _blank(NAMES),
        "section": PLACE, "verdict": _among(VERDICTS), "evidence": _blank(_ids("evidence")),
        "note": _blank(TEXT),
    },
    "correlations": {
        "first": ASSUMPTION, "second": ASSUMPTION, "correlation": NUMBER, "basis": _among(BASES), "why": TEXT,
    },
    "back_tests": {
        "company": TEXT, "as_of": MONTH_OR_DAY, "item": NAME, "known": _blank(_ids("evidence")),
        "outcome": _ids("evidence"), "note": _blank(TEXT),
    },
    "events": {
        "date": MONTH_OR_DAY, "what": TEXT, "amount_usd_m": _blank(NUMBER),
        "valuation_usd_m": _blank(NUMBER), "kind": _among(EVENT_KINDS), "evidence": _ids("evidence"),
    },
    "cost_structures": {  # without a denominator the numerator is published as a share, in percent
        "entity": TEXT, "year": COUNT, "category": _among(CATEGORIES), "numerator": _ids("evidence", "+"),
        "denominator": _blank(_ids("evidence", "+")), "bound": _among(BOUNDS), "note": _blank(TEXT),
    },
}  # fmt: skip
SCHEMAS = {
    table: pa.DataFrameSchema({name: rule.column() for name, rule in rules.items()})
    for table, rules in RULES.items()
}
MAY_BE_EMPTY = ("correlations",)  # without rows all inputs are independent
