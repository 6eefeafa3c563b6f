"""A page from its parts: what is shown, what it rests on, what a scenario's page leaves out."""

import dataclasses
import re
import sys

import html5lib
import numpy as np
import pandas as pd
import pytest

from analysis import pages
from analysis.inputs.errors import InputError
from analysis.inputs.parameters import command, resolve
from analysis.show import notebook, table, text
from analysis.show import page as show
from analysis.show.notebook import begin
from analysis.show.table import Column, Table
from analysis.show.text import Markers
from tests import demo_page


@pytest.fixture
def demo(tmp_path, monkeypatch):
    """Begin the demo page: returns the page and the list that collects what it shows, as (html, metadata)."""
    for name in [name for name in sys.modules if name.startswith("analysis.pages.demo")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(pages, "__path__", [str(demo_page.write(tmp_path))])
    for cache in (pages._pages, text.fixed):
        cache.cache_clear()
    shown = []
    monkeypatch.setattr(
        show, "display", lambda data, raw, metadata: shown.append((data["text/html"], metadata))
    )

    def begun(**given):
        return begin("demo", given), shown

    yield begun
    for cache in (pages._pages, text.fixed):
        cache.cache_clear()


def whole(page, shown) -> str:
    """Run the demo's notebook and return what it showed."""
    page.head()
    for cell in demo_page.NOTEBOOK[2:]:
        exec(cell, {"page": page})
    return "".join(html for html, _ in shown)


def test_a_page_shows_its_verdict_first_then_the_lead_chart_then_findings(demo):
    page, shown = demo()
    page.head()
    html = shown[-1][0]
    places = [html.index(part) for part in ("<h1>Demo &amp; test</h1>", 'class="verdict"', "<figure", "<ol>")]
    assert places == sorted(places)
    assert shown[-1][1]["burn_heading"] == {"id": "summary", "title": "In short"}
    assert shown[-1][1]["burn_head"]["description"].startswith("Cash lasts until around ")
    assert "differs" not in html


def test_every_part_is_guarded_against_formulas_and_is_valid_markup(demo):
    page, shown = demo()
    html = whole(page, shown)
    assert all(part.startswith('<div class="burn mathjax_ignore">') for part, _ in shown)
    html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parseFragment(html)
    assert "&lt;b&gt;spending" in html and "<b>spending" not in html


@pytest.mark.parametrize("scenario", ["as_reported", "critics"])
def test_each_marker_has_one_row_in_the_appendix_that_leads_outside_or_is_our_judgement(demo, scenario):
    page, shown = demo(scenario=scenario)
    html = whole(page, shown)
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    for ref in set(re.findall(r'class="marker"[^>]* href="#([^"]+)"', html)):
        assert f"use-{ref}" in ids
        row = re.search(rf'<(li|tr)[^>]* id="{ref}".*?</\1>', html, re.S)[0]
        assert f'href="#use-{ref}"' in row
        outside = 'href="http' in row or "our judgement" in row or "cannot be tested" in row or "open" in row
        assert outside, ref


def test_numbers_carry_their_exact_value_and_name(demo):
    page, shown = demo()
    html = whole(page, shown)
    median = page.result.metrics["runway_months"]["p50"]
    assert f'<data value="{median}" data-id="runway_months.p50">' in html
    texts = {}
    for name, shown_text in re.findall(r'data-id="([^"]+)">([^<]*)<', html):
        texts.setdefault(name, set()).add(shown_text)
    assert all(len(found) == 1 for found in texts.values())


def test_the_page_of_a_scenario_says_first_what_differs(demo, tables):
    page, shown = demo(scenario="critics")
    page.head()
    html = shown[-1][0]
    assert html.index('class="differs"') < html.index("<figure")
    assert "As reported" in html and "Scenario: " + tables.scenarios["critics"].title in html
    leading = [changed.what for changed in page.differs.inputs[: page.differs.leading]]
    growth = ("growth_subscriptions_per_month", "growth_endurance")
    assert leading[:2] == [tables.assumptions["label"][name] for name in growth]
    assert f"inputs differ; alone, “{leading[0]}”, “{leading[1]}” and “{leading[2]}” move that most" in html


def test_what_a_setting_moves_or_a_number_that_moves_the_other_way_leads_nothing(demo):
    changes = {"monthly_burn_usd_m": 1500, "revenue_start_usd_m": 42, "headcount": 1100, "annotators": 1300}
    page, _ = demo(**changes)  # more burn ends the cash sooner, more revenue later
    assert [changed.id for changed in page.differs.inputs[: page.differs.leading]] == ["A01"]
    page, _ = demo(**changes, burn_basis="net")
    assert page.differs.leading == 0
    page, _ = demo(scenario="investor_confidence")  # less is missing, and what leads takes from it
    assert page.differs.inputs[0].what == "Monthly growth at first: subscriptions" and page.differs.leading


def test_a_setting_that_differs_is_named_in_words(demo):
    page, shown = demo(start_month="2025-07", horizon_months=48)
    page.appendix()
    assert '<td class="num" data-label="Here">July 2025</td>' in shown[-1][0]
    assert "horizon_months" not in shown[-1][0].partition('id="method"')[0]


def test_a_page_may_name_the_figures_that_it_looks_at_for_what_differs(demo, tmp_path):
    file = tmp_path / "demo" / "facts.py"
    file.write_text(file.read_text() + '\nHEADLINES = ("power",)\n')
    page, shown = demo(monthly_burn_usd_m=1200)
    page.head()
    assert "The headline figures are those of “As reported”. One input differs" in shown[-1][0]


def test_a_page_may_say_in_its_own_words_what_differs(demo, tmp_path):
    file = tmp_path / "demo" / text.FILE
    own = "{% macro differs(d) %}Here {{ d.inputs | length }} things are other: {{ d.here }}.{% endmacro %}"
    file.write_text(file.read_text() + own)
    page, shown = demo(scenario="critics")
    page.head()
    count = len(page.differs.inputs)
    assert re.search(rf'class="differs">Here {count} things are other: <data value="[\d.]+"', shown[-1][0])


def test_the_claims_of_a_page_are_those_of_its_topics_and_sections_under_their_verdicts(demo, tables):
    page, shown = demo()
    page.appendix()
    lists = re.findall(r'<details class="claims".*?</details>', shown[-1][0], re.S)
    found = {
        ref: re.search(r'verdict-([a-z-]+)"', part)[1]
        for part in lists
        for ref in re.findall(r'<li id="(C\d+)"', part)
    }
    own = tables.claims[tables.claims["topic"] == "revenue"]
    assert found == {row.id: row.verdict.replace(" ", "-") for row in own.itertuples()}


def test_a_changed_input_is_named_with_both_values_and_stands_in_the_command(demo):
    page, shown = demo(monthly_burn_usd_m=[900, 1200.5, 1500], draws=1024)
    html = whole(page, shown)
    assert "with changed inputs" in html and "$1.2005bn a month ($900m to $1.5bn)" in html
    assert "--set monthly_burn_usd_m=900,1200.5,1500 --draws 1024" in html
    assert "(set by hand for this page)" in re.search(r'<li id="A01">.*?</li>', html, re.S)[0]


def test_a_section_that_is_as_in_as_reported_is_one_line_with_a_link_in_a_report(demo, monkeypatch):
    monkeypatch.setenv(show.BASE_FOLDER, "../as_reported")
    page, shown = demo(monthly_burn_usd_m=1200)
    page.section("gap")
    page.say("finding_runway")
    page.figure("more")
    assert len(shown) == 1
    assert 'href="../as_reported/demo.html#gap"' in shown[0][0]
    page.section("cash")
    page.say("finding_runway")
    assert len(shown) == 3
    page, shown = demo(revenue_start_usd_m=5)
    shown.clear()
    page.section("gap")
    assert "as_reported" not in shown[0][0]


def test_a_section_says_all_where_no_report_is_around_it(demo):
    page, shown = demo(monthly_burn_usd_m=1200)
    page.section("gap")
    page.say("finding_runway")
    assert len(shown) == 2


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda page: page.section("csh"), "cash"),
        (lambda page: page.figure("mor"), "more"),
        (lambda page: page.table("part"), "parts"),
        (lambda page: (page.head(), page.figure("cash")), "leads the page"),
        (lambda page: page.say("finding_runwy"), "finding_runway"),
    ],
)
def test_a_wrong_name_says_the_nearest(demo, call, said):
    page, _ = demo()
    with pytest.raises(InputError, match=said):
        call(page)


def test_the_lead_chart_is_a_picture_too_when_a_build_wants_it(demo, monkeypatch):
    monkeypatch.setenv(show.PREVIEW, "1")
    page, shown = demo()
    page.head()
    page.appendix()
    assert shown[1][1]["burn_preview"].startswith("iVBOR")  # a PNG in base64
    assert 'href="as_reported.xlsx"' in shown[-1][0]


def test_the_command_is_quoted_for_a_shell(tables):
    case = resolve(tables, "critics", {"monthly_burn_usd_m": "900, 1000, 1500"})
    said = command(["build", "critics"], case.changed)
    assert said.endswith("--set 'monthly_burn_usd_m=900, 1000, 1500'")


HOSTILE = "<script>alert('1')</script> \"]]> & \u202etxet\u202c " + 10_000 * "a"


def test_markup_in_the_tables_shows_as_text(demo, tables, monkeypatch):
    figures, sources, claims = (getattr(tables, name).copy() for name in ("evidence", "sources", "claims"))
    figures.loc["E038", ["entity", "metric", "note"]] = HOSTILE
    sources["publisher"] = HOSTILE
    claims[["statement", "note"]] = HOSTILE
    worlds = dict(tables.scenarios)
    worlds["as_reported"] = worlds["as_reported"].model_copy(update={"title": HOSTILE})
    changed = {"evidence": figures, "sources": sources, "claims": claims, "scenarios": worlds}
    monkeypatch.setattr(notebook.data, "load", lambda: dataclasses.replace(tables, **changed))
    page, shown = demo()
    html = whole(page, shown)
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parseFragment(html)
    assert not list(tree.iter("script"))
    assert HOSTILE.strip() in " ".join(" ".join(tree.itertext()).split())


@pytest.fixture
def rows(tables):
    """Render a frame as a table; returns the texts of its cells."""

    def rendered(frame, columns, **others):
        labels = {name: name.upper() for name in columns} | {"power": "Electricity"}
        html = table.render(
            Table("rows", columns, **others), frame, "A <caption>", labels, Markers(tables), "rows"
        )
        tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parseFragment(html)
        return tree, [["".join(cell.itertext()) for cell in row] for row in tree.iter("tr")]

    return rendered


def test_a_table_is_written_by_the_formatters_of_its_columns(rows):
    frame = pd.DataFrame(
        [
            ("power", 1250.0, 2027, 1.0, 4.0, "E038 monthly_burn_usd_m", 2.5, "usd_bn"),
            ("power", np.nan, 2028, np.nan, np.nan, "", np.nan, "usd_bn"),
        ],
        columns=["line", "usd_m", "year", "low", "high", "refs", "given", "unit"],
    )
    columns = {
        "line": Column("line", "label"),
        "amount": Column("usd_m", "money", digits=3),
        "when": Column("year", "year"),
        "range": Column(("low", "high"), "months"),
        "sources": Column("refs", "sources"),
        "as given": Column("given", "entered"),
    }
    tree, cells = rows(frame, columns, total=True)
    assert cells[0] == ["LINE", "AMOUNT", "WHEN", "RANGE", "SOURCES", "AS GIVEN"]
    assert cells[1] == ["Electricity", "$1.25bn", "2027", "1 to 4 months", "[E038][A01]", "$2.5bn"]
    assert cells[2] == ["Electricity", "–", "2028", "–", "–", "–"]
    classes = [cell.get("class") for cell in next(tree.iter("tbody"))[0]]
    assert classes == [None, "num", "num", "num", "source", "num"]
    assert next(tree.iter("tbody"))[-1].get("class") == "total"


def test_a_table_without_rows_says_so_and_a_wrong_formatter_is_named(rows):
    assert rows(pd.DataFrame({"a": []}), {"a": Column("a")})[1][1] == ["No rows."]
    with pytest.raises(InputError, match="Nearest: money"):
        Column("a", "mony")


def test_a_frame_of_measures_is_shown_under_its_own_names_and_not_without_end():
    frame = pd.DataFrame({"usd_m": np.arange(100) / 3, "name": "x"})
    html = table.of_frame(frame, "Numbers")
    assert "usd_m" in html and "0.3333" in html
    assert html.count("<tr") == 61 and "the first 60 of 100 rows" in html
