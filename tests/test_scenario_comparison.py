"""The comparison: dates on one calendar, differences that fit their terms, sentences that hold for any set of results."""

import functools
import re
import types

import html5lib
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from analysis.inputs import tables as data
from analysis.inputs.estimates import Estimate
from analysis.inputs.parameters import resolve
from analysis.pages import PAGES
from analysis.pages.scenario_comparison import charts, facts, tables
from analysis.pages.scenario_comparison.measures import Measures
from analysis.results import compared
from analysis.results.results import Result
from analysis.show.page import Page
from tests import compared as made
from tests import drawings, sentences

TABLES = data.load()
any_set = pytest.mark.parametrize("names", made.SETS.values(), ids=made.SETS)
whole_pages = pytest.mark.parametrize("names", made.WHOLE.values(), ids=made.WHOLE)


def begin(results):
    """Begin the page of several results: return the page and the list that collects what it shows."""
    shown = []
    measures = Measures(results, TABLES, next(iter(results)))
    return Page(
        PAGES["scenario_comparison"], TABLES, measures, show=lambda part, **_: shown.append(part)
    ), shown


def whole(page, shown) -> str:
    """Show every part of the page."""
    page.head()
    for key in PAGES["scenario_comparison"].sections:
        page.section(key)
    page.table("worlds")
    page.table("headlines", tables.headlines(page.measures))
    page.table("options")
    page.say("reading_headlines", "reading_options", "reading_inputs")
    page.figure("paths")
    page.figure("cash")
    page.html(tables.differing(page))
    page.appendix()
    return "".join(shown)


@functools.cache
def page_of(names) -> str:
    """Return the page of a set of results."""
    return whole(*begin(made.results(*names)))


class TestResultsBesideEachOther:
    def test_quarters_are_those_of_the_simulations(self):
        result = Result(resolve(TABLES, "as_reported", {"draws": 1024}))
        content = {
            "paths": {"cash_usd_m": result.paths["cash_usd_m"]}, "metrics": result.metrics, "scenario": "as_reported",
            "inputs": {"opening_cash_usd_m": {"central": 2000.0}}, "start_month": "2025-06", "horizon_months": 60,
        }  # fmt: skip
        row = compared.cash_out({"as_reported": content}, TABLES).iloc[0]
        quarters = np.percentile(result.measures["runway_months"], [25, 75])
        assert row[["p25", "p75"]].astype(float).to_numpy() == pytest.approx(quarters, abs=0.05)

    def test_never_is_empty(self):
        row = compared.cash_out(made.results("huge"), TABLES).iloc[0]
        assert row[["p5", "p25", "p50", "p75", "p95"]].isna().all()
        assert not any(row[["p5_month", "p50_month", "p95_month"]])

    @any_set
    def test_percentiles_are_in_order(self, names):
        frame = compared.cash_out(made.results(*names), TABLES)
        levels = frame[["p5", "p25", "p50", "p75", "p95"]].fillna(np.inf).to_numpy()
        assert (levels[:, 1:] >= levels[:, :-1]).all()

    def test_only_what_differs_from_the_own_scenario_counts_as_changed(self):
        assert compared.changed(made.result("hindsight_2026"), TABLES) == {}  # it sets its own start
        found = compared.changed(made.result("one"), TABLES)
        assert list(found) == ["horizon_months", "monthly_burn_usd_m"] and found["horizon_months"] == 1
        assert isinstance(found["monthly_burn_usd_m"], Estimate)
        assert compared.is_base(made.result("as_reported"), TABLES)
        assert not compared.is_base(made.result("six"), TABLES)

    def test_inputs_that_differ_are_found_and_those_behind_headlines_come_first(self):
        results = made.results()
        found = compared.differing(results, TABLES, "as_reported")
        expected = {
            name
            for name, given in results["as_reported"]["inputs"].items()
            for other in results.values()
            if any(other["inputs"][name][end] != given[end] for end in ("low", "central", "high"))
        }
        assert set(found) - {"start_month"} == expected
        order = list(found)
        assert order[0] == "start_month"
        assert order.index("committed_equity_usd_m") < order.index("discount_rate_per_year")
        assert compared.differing({"a": results["critics"], "b": results["critics"]}, TABLES, "a") == {}

    def test_risks_are_those_of_results(self):
        results = made.results()
        frame = compared.left_and_done(results, TABLES).set_index("case")
        mixes = results["hindsight_2026"]["portfolios"]
        dry = {name: mix["cash_out_probability_horizon"]["value"] for name, mix in mixes.items()}
        row = frame.loc["hindsight_2026"]
        assert (row["left"], row["done"]) == (dry["stay_the_course"], dry["raise_capital+partner"])
        assert row["lowest"] == min(dry.values())


class TestDifferences:
    def test_are_taken_before_rounding_and_as_fine_as_their_finer_term(self):
        assert tables.difference(131_885.0, 73_904.0) == "+$58bn"
        assert tables.difference(62_242.0, 73_904.0) == "−$12bn"
        assert tables.difference(74_200.0, 73_904.0) == "no difference"
        assert tables.difference(82_900.0, 0.0) == "+$83bn" and tables.difference(0.0, 82_900.0) == "−$83bn"

    def test_the_baseline_has_none_and_never_is_said_with_the_horizon(self):
        frame = tables.headlines(Measures(made.results("rich", "huge", "critics"), TABLES, "rich"))
        assert frame["difference"].iloc[0] == ""
        assert frame["lasts"].iloc[1] == "not within 60 months" and frame["ends"].iloc[1] == "–"

    def test_no_name_where_two_read_alike(self):
        alike = {"a": made.result("critics"), "b": made.result("critics")}
        found = facts.facts(Measures(alike, TABLES, "a"))["missing"]
        assert found["alike"] and found["low_title"] == found["high_title"] == ""
        apart = facts.facts(Measures(made.results(), TABLES, "as_reported"))["missing"]
        assert not apart["alike"] and apart["high_title"] == "Hindsight 2026"


class TestSentences:
    @any_set
    def test_are_short_apart_and_free_of_jargon(self, names):
        page, _ = begin(made.results(*names))
        assert sentences.problems(page) == []

    @whole_pages
    def test_numbers_are_those_of_results(self, names):
        results = made.results(*names)
        found = re.findall(r'<data value="([^"]*)" data-id="([^"]+)">', page_of(names))
        checked = 0
        for value, name in found:
            case, _, metric = name.partition(".")
            parts = metric.split(".")
            if case not in results or parts[0] == "best":
                continue
            content = (
                results[case]["portfolios"][parts.pop(0)]
                if "+" in parts[0] or "stay" in parts[0]
                else results[case]["metrics"]
            )
            assert value == str(content[parts[0]][parts[1]])
            checked += 1
        assert checked or len(results) == 1

    def test_which_way_they_turn(self):
        def said(name, *names):
            return str(begin(made.results(*names))[0].text.words(name).striptags())

        assert said("verdict").startswith(
            "Whichever of the five scenarios holds, the cash ends around January 2026 to "
        )
        assert said("verdict", "as_reported").startswith(
            "In the one scenario that is here, the cash ends around March 2026"
        )
        assert "lasts through all months" in said("verdict", "huge")
        assert "in one of three scenarios it lasts" in said("verdict", "huge", "critics", "rich")
        assert "In no scenario" in said("figure_paths")
        assert "the balance is $" in said("figure_cash", "huge")
        assert "the balance is −$" in said("figure_cash", "critics")
        assert said("reading_inputs", "critics").startswith("All inputs")

    def test_hindsight_says_both_what_is_left_alone_and_what_was_done(self):
        page, _ = begin(made.results())
        before, left, done = (str(page.facts["hindsight"][name]) for name in ("before", "left", "done"))
        assert before == left == "more than 99 in 100" and done not in (before, left)
        assert before in page.text.words("finding_hindsight") and done in page.text.words("finding_hindsight")
        assert left in page.text.words("reading_options") and done in page.text.words("reading_options")
        assert "if nobody puts in more" in page.text.words("verdict")
        assert "if nobody puts in more" in page.text.words("unit_strips")
        assert "includes the $20bn of January 2026" in page.text.words("unit_strips").striptags()

    def test_horizons_that_differ_are_not_compared(self):
        page, _ = begin(made.results("one", "six", "as_reported"))
        assert (
            "finding_missing" not in page.text.findings()
            and "the months that each models" in page.text.words("caption_options")
        )


class TestCharts:
    FRAMES = types.MappingProxyType({
        "one row": lambda frame: frame.head(1),
        "zeros": lambda frame: frame.assign(**{name: 0.0 for name in frame.select_dtypes("float")}),
        "gaps": lambda frame: frame.assign(**{name: np.nan for name in list(frame.select_dtypes("float"))[1:]}),
    })  # fmt: skip

    @pytest.mark.parametrize("narrow", [False, True], ids=["wide", "narrow"])
    @pytest.mark.parametrize("key", charts.FIGURES)
    def test_draw_on_any_axes(self, key, narrow):
        found = charts.FIGURES[key]
        frame = getattr(Measures(made.results(), TABLES, "as_reported"), found.measure)
        for changed in (frame, *(change(frame) for change in self.FRAMES.values())):
            ax = Figure().subplots()
            assert found.draw(changed, ax, narrow) is ax

    @pytest.mark.parametrize("narrow", [False, True], ids=["wide", "narrow"])
    @pytest.mark.parametrize("names", [(), ("huge", "rich", "six", "critics")], ids=["all", "extremes"])
    @pytest.mark.parametrize("key", charts.FIGURES)
    def test_words_are_inside_and_apart(self, key, names, narrow):
        found, results = charts.FIGURES[key], made.results(*names)
        frame = getattr(Measures(results, TABLES, next(iter(results))), found.measure)
        picture = drawings.drawn(found.draw, frame, narrow, found.heights_px(frame)[narrow])
        assert drawings.texts_outside(picture) == []
        assert drawings.texts_overlapping(picture) == []

    def test_strips_lie_where_cash_ends(self):
        ax = charts.FIGURES["strips"].draw(
            Measures(made.results(), TABLES, "critics").cash_out, Figure().subplots()
        )
        runway, line = made.result("critics")["metrics"]["runway_months"], ax.collections[0].get_segments()[0]
        june = 305  # months from January 2000 to June 2025
        assert line[:, 0] - june == pytest.approx([runway["p5"], runway["p95"]])


class TestPage:
    @whole_pages
    def test_is_whole_and_valid_for_any_set_of_results(self, names):
        html = page_of(names)
        html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parseFragment(html)
        ids = re.findall(r'\sid="([^"]+)"', html)
        assert len(ids) == len(set(ids))

    def test_a_hostile_folder_stays_text(self):
        html = whole(*begin({"as_reported": made.result("as_reported"), "<script>x": made.result("critics")}))
        assert "<script" not in html and "Critics (&lt;script&gt;x)" in html

    def test_five_inputs_stand_in_sight_and_the_rest_is_folded(self):
        page, shown = begin(made.results())
        html = whole(page, shown)
        before, folded = html.split('<details class="more">')
        assert (
            before.count('<table class="rows"><caption>') == 1
            and f"{len(page.measures.inputs) - 5} more" in folded
        )

    def test_more_cases_than_lines_says_so(self):
        page, _ = begin(made.results(*made.SETS["more than can be drawn"]))
        assert page.text.words("note_paths") == "The first five of seven scenarios are drawn."
        assert isinstance(page.measures.paths, pd.DataFrame) and page.measures.paths["title"].nunique() == 5
