"""A tiny page, written into a test's folder, that goes the whole way: measures, facts, words, chart, table,
page.
"""

import pathlib

FILES = {
    "__init__.py": """
from analysis.pages import PageSpec

PAGE = PageSpec(
    stem="demo",
    order=1,
    topics=("revenue",),
    sections={"cash": None, "gap": ("revenue_start_usd_m", "no_such_group")},
)
""",
    "measures.py": """
import functools

import pandas as pd


class Measures:
    def __init__(self, result, tables):
        self.result, self.tables = result, tables

    @functools.cached_property
    def cash(self):
        return self.result.paths["cash_usd_m"].head(24)

    @functools.cached_property
    def parts(self):
        nan = float("nan")
        rows = [("revenue", 17.3, 12.0, 25.0, "E038"), ("<b>spending</b>", 1000.0, nan, nan, "A01")]
        return pd.DataFrame(rows, columns=["part", "usd_m", "low", "high", "refs"])
""",
    "charts.py": """
from analysis.show import marks, theme
from analysis.show.figure import Figure


@theme.chart
def cash(frame, ax=None, narrow=False):
    ax.plot(range(len(frame)), frame["p50"], color=theme.SPENDING)
    return ax


FIGURES = {
    "cash": Figure(cash, "cash", heights=(300, 260), kind="Line chart", lead=True),
    "more": Figure(cash, "cash"),
}
""",
    "tables.py": """
from analysis.show.table import Column, Table

TABLES = {
    "parts": Table(
        "parts",
        {
            "part": Column("part"),
            "amount": Column("usd_m", "money"),
            "range": Column(("low", "high"), "money"),
            "source": Column("refs", "sources"),
        },
    )
}
""",
    "facts.py": """
from analysis.show.quantity import from_evidence, from_metric


def facts(measures):
    return {
        "runway": from_metric(measures.result, "runway_months"),
        "month": from_metric(measures.result, "cash_out_month"),
        "spent": from_evidence(measures.tables, "E038", "money"),
    }
""",
    "text.en.j2": """
{% from "shared.en.j2" import ranging %}
{% set title = "Demo & test" %}
{% set question = "How long does it last?" %}
{% set labels = {"part": "Part", "amount": "Amount a month", "range": "Range", "source": "Source"} %}
{% macro verdict() %}Cash lasts until around {{ f.month }}.{% endmacro %}
{% set findings = ["runway", "spent"] %}
{% macro finding_runway() %}Cash lasts {{ f.runway }}, {{ ranging(f.runway) }}.{% endmacro %}
{% macro finding_spent() %}xAI spent {{ f.spent }}, which nobody denied{{ cite("C02") }}.{% endmacro %}
{% set section_cash = "How long does the cash last?" %}
{% set section_gap = "What is missing?" %}
{% macro figure_cash() %}The cash ends around {{ f.month }}{% endmacro %}
{% macro figure_more() %}Cash once more, in {{ f.month }}{% endmacro %}
{% set unit_cash = "Cash in $m" %}
{% macro alt_cash() %}It falls to zero in {{ f.month | plain }}.{% endmacro %}
{% macro caption_parts() %}Parts, for $1 and $2{% endmacro %}
""",
}
NOTEBOOK = (
    'scenario: str = "as_reported"  # a file in data/scenarios, without .yaml\n'
    "monthly_burn_usd_m: float = None  # usd_m a month\n",
    'from analysis.show.notebook import begin\n\npage = begin("demo")\npage.head()',
    'page.section("cash")\nparts = page.measures.parts\npage.frame(parts)',
    'page.figure("more")\npage.table("parts")\npage.say("finding_runway", "finding_spent")',
    'page.section("gap")\npage.say("finding_runway")',
    "page.appendix()",
)

SEVERAL = {  # a page of several cases
    "__init__.py": """
from analysis.pages import PageSpec

PAGE = PageSpec("several", 2, kind="comparison")
""",
    "measures.py": """
class Measures:
    def __init__(self, results, tables, baseline):
        self.results, self.tables, self.baseline = results, tables, baseline
""",
}


def write(folder: pathlib.Path) -> pathlib.Path:
    """Write the page into `folder` and return `folder`."""
    for stem, files in (("demo", FILES), ("several", SEVERAL)):
        (folder / stem).mkdir()
        for name, content in files.items():
            (folder / stem / name).write_text(content.lstrip("\n"), encoding="utf-8")
    return folder
