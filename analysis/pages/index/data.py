"""index.json: what a report holds, for programs. Its JSON Schema lies beside this file."""

import json
import pathlib
from collections.abc import Mapping

from analysis import __version__
from analysis.model.options import STAY
from analysis.pages import PAGES
from analysis.pages.index.measures import Measures
from analysis.results import compared
from analysis.results.metrics import METRICS
from analysis.show import evidence
from analysis.show.figure import LICENCE

SCHEMA, SCHEMA_FILE = 1, "index.schema.json"
SHOWN = (
    "runway_months", "cash_out_month", "cash_out_probability_12m", "funding_need_usd_m",
    "break_even_probability",
)  # fmt: skip
MIXES = {f"{compared.DRY}_left_alone": STAY, f"{compared.DRY}_with_what_was_done": compared.DONE}
COMPARISON = "scenario_comparison"


def index(measures: Measures) -> dict[str, object]:
    """Return what index.json holds. Addresses are relative to the index."""
    return {
        "schema": SCHEMA, "title": PAGES["index"].title, "version": __version__,
        "evidence_until": measures.tables.cut_off, "licence": LICENCE, "leading": measures.lead,
        "comparison": f"{COMPARISON}.html" if measures.comparison else None,
        "scenarios": [_case(measures, case) for case in measures.results],
        "not_shown": dict(measures.not_shown),
    }  # fmt: skip


def _case(measures: Measures, case: str) -> dict[str, object]:
    result, tables, failed = measures.results[case], measures.tables, measures.failed.get(case, ())
    changed = compared.changed(result, tables).items()
    return {
        "folder": case, "scenario": result["scenario"],
        "title": compared.titles({case: result}, tables)[case], "says": compared.says(result, tables),
        "changed": {evidence.label(name, tables): evidence.with_range(value) for name, value in changed},
        "start_month": result["start_month"], "horizon_months": result["horizon_months"],
        "results": f"{case}/results.json", "workbook": f"{case}/{case}.xlsx",
        "pages": [
            {"name": stem, "title": PAGES[stem].title, "href": f"{case}/{stem}.html"}
            | {"built": stem not in failed}
            for stem in measures.pages.get(case, ())
        ],
        "headlines": _headlines(result),
    }  # fmt: skip


def _headlines(result: Mapping) -> dict[str, dict]:
    found = {name: (name, result["metrics"][name]) for name in SHOWN}
    found |= {name: (compared.DRY, result["portfolios"][mix][compared.DRY]) for name, mix in MIXES.items()}
    kept = ("unit", "value", "p5", "p50", "p95")
    return {
        name: {"label": METRICS[metric].label} | {key: summary[key] for key in kept if key in summary}
        for name, (metric, summary) in found.items()
    }


def files(content: Mapping[str, object]) -> dict[str, str]:
    """Return index.json and index.schema.json."""
    schema = (pathlib.Path(__file__).parent / SCHEMA_FILE).read_text(encoding="utf-8")
    return {"index.json": json.dumps(content, indent=1, ensure_ascii=False) + "\n", SCHEMA_FILE: schema}
