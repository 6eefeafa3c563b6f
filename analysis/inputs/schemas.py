"""What each table of data/ must look like: texts, checked cell by cell before any becomes a number."""

import re
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
    """What a cell must match, and how that is said. `refers`: to the ids or names of a table."""

    regex: str
    meant: str
    numeric: bool = False
    day: bool = False
    blank: bool = False
    unique: bool = False
    refers: str = ""

    def column(self) -> pa.Column:
        """The column of such cells, each checked by itself."""
        check = pa.Check(self._allows, element_wise=True, error=f"must be {self.meant}")
        return pa.Column(checks=check, unique=self.unique)

    def _allows(self, text: str) -> bool:
        if text == "":
            return self.blank
        return bool(re.fullmatch(self.regex, text, re.ASCII)) and (not self.day or _is_day(text))


def _is_day(text: str) -> bool:
    try:
        return bool(months.last_day(text))
    except ValueError:
        return False


def _among(words) -> Rule:
    return Rule("|".join(words), f"one of: {', '.join(words)}")


def _several(words: tuple[str, ...]) -> Rule:
    one = "|".join(words)
    return Rule(rf"({one})( ({one}))*", f"words among: {', '.join(words)}")


def _blank(rule: Rule) -> Rule:
    return rule._replace(blank=True)


TEXT = Rule(
    r"(?![=+@-])[^\x00-\x1f\x7f-\x9f\u2028\u2029]*[^\x00-\x20\x7f-\x9f\u2028\u2029]",
    "a text without line breaks, tabs or control characters that does not start like a spreadsheet formula",
)
NUMBER = Rule(r"-?[0-9]{1,15}(\.[0-9]{1,15})?", "a number such as -12.5", numeric=True)
CORRELATION = Rule(r"-?0(\.[0-9]{1,15})?", "a number between -1 and 1", numeric=True)
COUNT = Rule(r"[0-9]{1,4}", "a whole number", numeric=True)
DAY = Rule(r"\d{4}-\d\d-\d\d", "a day of the calendar, YYYY-MM-DD", day=True)
MONTH_OR_DAY = Rule(r"\d{4}-\d\d(-\d\d)?", "a day of the calendar, YYYY-MM-DD or YYYY-MM", day=True)
PUBLISHED = Rule(
    r"\d{4}(-\d\d(-\d\d)?)?|undated", "a day of the calendar, YYYY-MM-DD, YYYY-MM, YYYY or undated", day=True
)
NAME = Rule(r"[a-z][a-z0-9_]*", "a name in lower case, digits and _, beginning with a letter")
PLACE = Rule(r"[a-z_]+#[a-z_]+", "page#section")
ADDRESS = Rule(r"https?://[!-~]+", "an address that begins with http:// or https://", unique=True)
SOURCE = Rule(r"S\d{3}", "like S001", refers="sources")
EVIDENCE = Rule(r"E\d+( E\d+)*", "ids like E01 E02", refers="evidence")
EVIDENCE_SUM = Rule(r"E\d+(\+E\d+)*", "ids like E01+E02", refers="evidence")
CLAIMS = Rule(r"C\d+( C\d+)*", "ids like C01 C02", refers="claims")
ASSUMPTION = NAME._replace(refers="assumptions")
ASSUMPTIONS = Rule(
    r"[a-z][a-z0-9_]*( [a-z][a-z0-9_]*)*", "names with one blank between", refers="assumptions"
)

RULES = {  # table -> column -> rule
    "sources": {"id": Rule(r"S\d{3}", "like S001", unique=True), "publisher": TEXT, "url": ADDRESS},
    "evidence": {
        "id": Rule(r"E\d{3}", "like E001", unique=True), "entity": TEXT, "perimeter": _among(PERIMETERS),
        "measure": NAME, "metric": TEXT, "value_low": _blank(NUMBER), "value": _blank(NUMBER),
        "value_high": _blank(NUMBER), "unit": _among(UNITS), "period_start": _blank(DAY),
        "period_end": _blank(DAY), "published": PUBLISHED, "dated_by": _among(DATED_BY),
        "source": SOURCE, "reliability": _among(RELIABILITIES), "reliability_detail": _blank(TEXT),
        "grade": _among(GRADES), "roles": _several(ROLES), "note": _blank(TEXT),
    },
    "assumptions": {
        "id": Rule(r"A\d{2}", "like A01", unique=True), "name": NAME._replace(unique=True), "label": TEXT,
        "group": NAME, "low": _blank(NUMBER), "central": NUMBER, "high": _blank(NUMBER),
        "unit": _among(UNITS), "domain": _among(DOMAINS), "minimum": NUMBER, "maximum": NUMBER,
        "basis": _among(BASES), "claims": _blank(CLAIMS), "evidence": _blank(EVIDENCE),
        "derivation": _blank(TEXT), "why": TEXT,
    },
    "claims": {
        "id": Rule(r"C\d{2}", "like C01", unique=True), "paragraph": COUNT, "sentence": COUNT,
        "topic": _among(TOPICS), "kind": _among(CLAIM_KINDS), "statement": TEXT._replace(unique=True),
        "assumptions": _blank(ASSUMPTIONS), "section": PLACE, "verdict": _among(VERDICTS),
        "evidence": _blank(EVIDENCE), "note": _blank(TEXT),
    },
    "correlations": {
        "first": ASSUMPTION, "second": ASSUMPTION, "correlation": CORRELATION, "basis": _among(BASES),
        "why": TEXT,
    },
    "back_tests": {
        "company": TEXT, "as_of": MONTH_OR_DAY, "item": NAME, "known": _blank(EVIDENCE),
        "outcome": EVIDENCE, "note": _blank(TEXT),
    },
    "events": {
        "date": MONTH_OR_DAY, "what": TEXT, "amount_usd_m": _blank(NUMBER),
        "valuation_usd_m": _blank(NUMBER), "kind": _among(EVENT_KINDS), "evidence": EVIDENCE,
    },
    "cost_structures": {  # without a denominator the numerator is published as a share, in percent
        "entity": TEXT, "year": COUNT, "category": _among(CATEGORIES), "numerator": EVIDENCE_SUM,
        "denominator": _blank(EVIDENCE_SUM), "bound": _among(BOUNDS), "note": _blank(TEXT),
    },
}  # fmt: skip
SCHEMAS = {
    table: pa.DataFrameSchema({name: rule.column() for name, rule in rules.items()})
    for table, rules in RULES.items()
}
MAY_BE_EMPTY = ("correlations",)  # without rows all inputs are independent
