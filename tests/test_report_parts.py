"""What stands in a page stays text, whatever it holds; figures and tables refuse or say what they cannot show."""

import dataclasses
import html
import re

import html5lib
import numpy as np
import pandas as pd
import pytest
from markupsafe import Markup

from analysis.charts import theme
from analysis.errors import InputError
from analysis.findings import numbers
from analysis.findings.words import Finding, Words
from analysis.report import evidence, site
from analysis.report.figure import NO_DATA, csv_text, figure
from analysis.report.markers import Markers
from analysis.report.page import Page
from analysis.report.pages import PAGES
from analysis.report.table import rows, table
from analysis.results import Run

HOSTILE = [
    "<script>alert(1)</script>",
    "\"quoted\" 'twice' & more",
    "]]> --> </style></svg>",
    "x" * 10_000,
    "\u202eright to left\u202c \u200f",
    "{{ 7 * 7 }} {% raw %} ${x}",
]


def errors(body: str) -> list:
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(f'<!DOCTYPE html><html lang="en"><head><title>t</title></head><body>{body}</body></html>')
    return parser.errors


def line(drawing, frame, narrow):
    ax = drawing.subplots()
    ax.plot(frame["t_months"], frame["y_usd_m"], color=theme.C1)


def drawn(frame: pd.DataFrame, text: str = "A line", draw=line, key: str = "line") -> str:
    words = Words(text[:90], text, text, text, "derived", ("A01",))
    return str(figure(key, 1, draw, frame, words, kind="Line chart", heights=(200, 200), source=Markup("x"), mark=Markup("")))


FRAME = pd.DataFrame({"t_months": [0, 1, 2], "y_usd_m": [1.0, 2.0, 1.5]})


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:20]))
class TestHostileText:
    def test_in_a_figure(self, text):
        body = drawn(FRAME, text)
        assert "<script" not in body and not errors(body)
        assert html.escape(text, quote=False)[:40] in body.replace("&#34;", '"').replace("&#39;", "'")

    def test_in_a_table(self, text):
        body = str(table(rows([[text, text]], [text, "b"]), text, numeric=("b",)))
        assert "<script" not in body and not errors(body)

    def test_around_a_page(self, text):
        meta = {"title": text, "scenario_title": text, "description": text, "index_href": "i.html",
                "scenarios": [{"title": text, "href": "x.html", "current": True}]}  # fmt: skip
        page = site.shell(meta, Markup('<header class="page-head"><h1>t</h1></header>'), [{"id": "a", "title": text}])
        assert "<script>alert" not in page
        assert page.count("<script>") == site.shell({"title": "t"}, "", []).count("<script>")

    def test_in_an_error_page(self, text):
        page = site.error_page({"title": text, "scenario_title": text}, {"x": text}, text, text)
        assert "<script>alert" not in page

    def test_in_scenario_source_and_note(self, text, tables, base_case):
        scenario = dataclasses.replace(tables.scenarios["as_reported"], title=text, world=text)
        sources, figures = tables.sources.copy(), tables.evidence.copy()
        sources["publisher"], figures["note"] = text, text
        changed = dataclasses.replace(
            tables, scenarios=tables.scenarios | {"as_reported": scenario}, sources=sources, evidence=figures
        )
        parts = []
        page = Page(PAGES["cost_breakdown"], Run(base_case), changed, show=lambda part, **_: parts.append(str(part)))
        page.head()
        page.summary([Finding(text, "derived", ("E001", "C02", "A01"))])
        page.evidence()
        body = "".join(parts)
        assert "<script" not in body
        assert not [found for found in errors(body) if found[1] != "unexpected-character"]


class TestFigure:
    def test_no_rows_give_a_labelled_empty_figure(self):
        body = drawn(FRAME.iloc[:0])
        assert NO_DATA in body and "<svg" not in body and not errors(body)

    def test_no_numbers_give_a_labelled_empty_figure(self):
        assert NO_DATA in drawn(pd.DataFrame({"t_months": [np.nan], "y_usd_m": [np.nan]}))

    def test_an_infinity_is_an_error_with_its_name(self):
        with pytest.raises(InputError, match="figure line: column y_usd_m"):
            drawn(pd.DataFrame({"t_months": [0, 1], "y_usd_m": [1.0, np.inf]}))

    @pytest.mark.parametrize("values", [[5.0], [0.0, 0.0, 0.0]], ids=["one point", "all zeros"])
    def test_one_point_and_all_zeros_are_drawn(self, values):
        body = drawn(pd.DataFrame({"t_months": range(len(values)), "y_usd_m": values}))
        assert body.count("<svg") == 2 and not errors(body)

    def test_colours_are_variables_and_ids_differ_between_drawings(self):
        body = drawn(FRAME)
        assert "var(--c1, #12436d)" in body
        ids = re.findall(r'\sid="([^"]+)"', body)
        assert len(ids) == len(set(ids))
        assert "<metadata" not in body and "<style" not in body

    def test_the_same_data_give_the_same_bytes(self):
        assert drawn(FRAME) == drawn(FRAME.copy())

    def test_a_key_that_is_no_name_is_refused(self):
        with pytest.raises(InputError, match="key"):
            drawn(FRAME, key='x" onload="')


class TestCsv:
    @pytest.mark.parametrize("cell", ["=1+1", "+1", "-1+2", "@sum", "\tx"])
    def test_no_cell_becomes_a_formula(self, cell):
        text = csv_text(pd.DataFrame({"a": [cell]}))
        assert text.splitlines()[1].lstrip('"').startswith("'")

    def test_numbers_stay_numbers(self):
        assert csv_text(pd.DataFrame({"a": [-1.5]})) == "a\n-1.5\n"


class TestWords:
    def test_a_number_without_a_source_is_refused(self):
        with pytest.raises(InputError, match="without a source"):
            Finding("Cash lasts 5 months.", "derived", ())

    def test_an_unknown_kind_is_refused(self):
        with pytest.raises(InputError, match="kind must be one of"):
            Finding("Cash lasts.", "guessed", ())

    def test_a_headline_has_at_most_15_words(self):
        with pytest.raises(InputError, match="at most 15 words"):
            Words(" ".join(["word"] * 16), "s", "n", "s", "derived", ())


class TestMarkers:
    def test_places_are_numbered_and_the_way_back_leads_to_the_first(self):
        markers = Markers()
        assert 'id="back-E001-1"' in markers.link("E001")
        assert 'id="back-E001-2"' in markers.link("E001")
        assert 'href="#back-E001-1"' in markers.back("E001")

    def test_every_marker_has_its_row(self, tables, base_case):
        markers = Markers()
        markers.links(("C01", "E001", "A01"))
        body = str(evidence.used(markers, tables, base_case))
        assert all(f'id="ref-{ref}"' in body for ref in ("C01", "E001", "A01"))


class TestHalves:
    @pytest.mark.parametrize("kind", [float, np.float64])
    @pytest.mark.parametrize(("value", "text"), [(1.595, "1.60"), (1.145, "1.15"), (-0.125, "−0.13"), (2.5, "3")])
    def test_go_up_whatever_the_type_of_the_number(self, kind, value, text):
        digits = len(text.replace("−", "").replace(".", "").lstrip("0"))
        assert numbers.plain(kind(value), digits=digits) == text
