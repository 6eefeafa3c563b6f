"""index.json: what a report holds, for programs: scenarios with their pages, files and headline figures."""

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
METRICS_SHOWN = (
    "runway_months",
    "cash_out_month",
    "cash_out_probability_12m",
    "funding_need_usd_m",
    "break_even_probability",
)
DRY = "cash_out_probability_horizon"
COMPARISON = "scenario_comparison.html"
Value = float | str | None


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PageEntry(_Entry):
    """A page of a case."""

    name: str
    title: str
    href: str
    built: bool = Field(description="false where the page only says why it could not be built")


class Headline(_Entry):
    """A headline figure: `value`, or the 5th, 50th and 95th percentile of the simulations; null for never, or unknown."""

    label: str
    unit: str
    value: Value = None
    p5: Value = None
    p50: Value = None
    p95: Value = None


class ScenarioEntry(_Entry):
    """A case: a scenario, with changes where its folder is not named like it."""

    folder: str
    scenario: str
    title: str
    says: str = Field(description="what would have to be true")
    changed: dict[str, str] = Field(
        description="what is not as in the scenario's file: name for readers to value"
    )
    start_month: str
    horizon_months: int
    results: str
    workbook: str
    pages: list[PageEntry]
    headlines: dict[str, Headline]


class Index(_Entry):
    """A report. Addresses are relative to the index; money is in millions of US dollars."""

    schema_: Literal[SCHEMA] = Field(SCHEMA, alias="schema")
    title: str
    version: str
    evidence_until: str = Field(description="day of the latest page in the evidence, YYYY-MM-DD")
    licence: str
    leading: str = Field(description="folder of the case that the index speaks of first")
    comparison: str | None
    scenarios: list[ScenarioEntry]
    not_shown: dict[str, str] = Field(description="folders that are left out, and why")


def index(measures: Measures) -> Index:
    """Return what index.json holds."""
    return Index(
        title=PAGES["index"].title,
        version=__version__,
        evidence_until=measures.tables.cut_off,
        licence=LICENCE,
        leading=measures.lead,
        comparison=COMPARISON if measures.comparison else None,
        scenarios=[_scenario(measures, case) for case in measures.results],
        not_shown=dict(measures.not_shown),
    )


def _scenario(measures: Measures, case: str) -> ScenarioEntry:
    result, tables = measures.results[case], measures.tables
    return ScenarioEntry(
        folder=case,
        scenario=result["scenario"],
        title=compared.titles({case: result}, tables)[case],
        says=compared.says(result, tables),
        changed=inputs.listed(compared.changed(result, tables), tables),
        start_month=result["start_month"],
        horizon_months=result["horizon_months"],
        results=f"{case}/results.json",
        workbook=f"{case}/{case}.xlsx",
        pages=[_page(measures, case, stem) for stem in measures.pages.get(case, ())],
        headlines=_headlines(result),
    )


def _page(measures: Measures, case: str, stem: str) -> PageEntry:
    built = stem not in measures.failed.get(case, ())
    return PageEntry(name=stem, title=PAGES[stem].title, href=f"{case}/{stem}.html", built=built)


def _headlines(result: Mapping) -> dict[str, Headline]:
    found = {name: _headline(name, result["metrics"][name]) for name in METRICS_SHOWN}
    for name, mix in (("left_alone", STAY), ("with_what_was_done", compared.DONE)):
        found[f"{DRY}_{name}"] = _headline(DRY, result["portfolios"][mix][DRY])
    return found


def _headline(name: str, summary: Mapping) -> Headline:
    values = {key: summary[key] for key in ("value", "p5", "p50", "p95") if key in summary}
    return Headline(label=METRICS[name].label, unit=summary["unit"], **values)


def files(content: Index) -> dict[str, str]:
    """Return index.json and its JSON Schema; what is null stands there, what does not apply does not."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"} | Index.model_json_schema()
    found = {"index.json": content.model_dump(by_alias=True, exclude_unset=True), "index.schema.json": schema}
    return {name: json.dumps(each, indent=1, ensure_ascii=False) + "\n" for name, each in found.items()}
