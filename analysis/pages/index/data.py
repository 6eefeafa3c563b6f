"""index.json: what a report holds, for programs: cases with their pages, files and headline figures; and
its JSON Schema.
"""

import json
from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from analysis import __version__
from analysis.model.options import STAY
from analysis.pages import PAGES
from analysis.pages.index.measures import Measures
from analysis.results import compared
from analysis.results.metrics import METRICS
from analysis.show import inputs
from analysis.show.figure import LICENCE

SCHEMA = 1
SHOWN = (
    "runway_months",
    "cash_out_month",
    "cash_out_probability_12m",
    "funding_need_usd_m",
    "break_even_probability",
)
COMPARISON = "scenario_comparison.html"


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PageEntry(_Entry):
    """A page of a case."""

    name: str
    title: str
    href: str
    built: bool = Field(description="false where the page only says why it could not be built")


class CaseEntry(_Entry):
    """A scenario, or one with changes in a folder of its own name."""

    folder: str
    scenario: str
    title: str
    says: str = Field(description="what would have to be true")
    changed: dict[str, str] = Field(
        description="what is not as in the scenario's file: name for readers -> value"
    )
    start_month: str
    horizon_months: int
    results: str
    workbook: str
    pages: list[PageEntry]
    headlines: dict[str, dict[str, float | str | None]] = Field(
        description="label, unit, and value or p5, p50, p95 of the simulations; null: never, or not known"
    )


class Index(_Entry):
    """A report. Addresses are relative to the index; money is in millions of US dollars."""

    schema_: Literal[SCHEMA] = Field(alias="schema")
    title: str
    version: str
    evidence_until: str = Field(description="day of the latest page in the evidence, YYYY-MM-DD")
    licence: str
    leading: str = Field(description="folder of the case that the index speaks of first")
    comparison: str | None
    scenarios: list[CaseEntry]
    not_shown: dict[str, str] = Field(description="folders that are left out, and why")


def index(measures: Measures) -> Index:
    """Return what index.json holds."""
    return Index(
        schema=SCHEMA,
        title=PAGES["index"].title,
        version=__version__,
        evidence_until=measures.tables.cut_off,
        licence=LICENCE,
        leading=measures.lead,
        comparison=COMPARISON if measures.comparison else None,
        scenarios=[_case(measures, case) for case in measures.results],
        not_shown=dict(measures.not_shown),
    )


def _case(measures: Measures, case: str) -> CaseEntry:
    result, tables, failed = measures.results[case], measures.tables, measures.failed.get(case, ())
    return CaseEntry(
        folder=case,
        title=compared.titles({case: result}, tables)[case],
        says=compared.says(result, tables),
        changed=inputs.listed(compared.changed(result, tables), tables),
        **{name: result[name] for name in ("scenario", "start_month", "horizon_months")},
        results=f"{case}/results.json",
        workbook=f"{case}/{case}.xlsx",
        pages=[
            PageEntry(
                name=stem, title=PAGES[stem].title, href=f"{case}/{stem}.html", built=stem not in failed
            )
            for stem in measures.pages.get(case, ())
        ],
        headlines=_headlines(result),
    )


def _headlines(result: Mapping) -> dict[str, dict]:
    found = {name: (name, result["metrics"][name]) for name in SHOWN}
    for name, mix in (("left_alone", STAY), ("with_what_was_done", compared.DONE)):
        found[f"{compared.DRY}_{name}"] = (compared.DRY, result["portfolios"][mix][compared.DRY])
    kept = ("unit", "value", "p5", "p50", "p95")
    return {
        name: {"label": METRICS[metric].label} | {key: summary[key] for key in kept if key in summary}
        for name, (metric, summary) in found.items()
    }


def files(content: Index) -> dict[str, str]:
    """Return index.json and index.schema.json."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"} | Index.model_json_schema()
    found = {"index.json": content.model_dump(by_alias=True), "index.schema.json": schema}
    return {name: json.dumps(each, indent=1, ensure_ascii=False) + "\n" for name, each in found.items()}
