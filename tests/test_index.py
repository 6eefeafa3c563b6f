"""The index: what came against the forecast, the cases that there are, data for programs, nothing that does not stand."""

import functools
import html as markup
import json
import pathlib
import re

import html5lib
import jsonschema
import numpy as np
import pytest
from matplotlib.figure import Figure

from analysis import __version__
from analysis.inputs import tables as data
from analysis.inputs.schemas import VERDICTS
from analysis.pages import PAGES
from analysis.pages.index import charts, facts
from analysis.pages.index.measures import Measures
from analysis.pages.index.render import claims, render
from analysis.show.page import Page
from tests import browser as browsing
from tests import compared as made
from tests import drawings, sentences

TABLES = data.load()
STEMS = ["cost_breakdown", "revenue_gap", "strategic_options"]
any_set = pytest.mark.parametrize("names", made.SETS.values(), ids=made.SETS)
whole_pages = pytest.mark.parametrize("names", made.WHOLE.values(), ids=made.WHOLE)


def measures(*names, **changed):
    """Return the measures of a folder with these cases and all their pages."""
    results = made.results(*names)
    given = {
        "pages": dict.fromkeys(results, STEMS),
        "failed": {},
        "not_shown": {},
        "comparison": len(results) > 1,
    }
    return Measures(results, TABLES, **given | changed)


def page(*names) -> Page:
    return Page(PAGES["index"], TABLES, measures(*names), show=lambda *_, **__: None)


def said(name, *names) -> str:
    return str(page(*names).text.words(name).striptags())


@functools.cache
def files(names=(), failed=(), not_shown=(), pages=tuple(STEMS)):
    """Return what the index of a folder consists of. `failed`: (case, page) pairs; `not_shown`: (folder, why) pairs."""
    results = made.results(*names)
    broken = {case: [stem for name, stem in failed if name == case] for case in results}
    there = {case: list(pages) for case in results}
    return render(Measures(results, TABLES, there, broken, dict(not_shown), len(results) > 1))


class TestWhatCame:
    def test_rounds_are_what_xai_itself_raised_since_the_forecast(self):
        frame = measures().rounds
        assert frame["date"].tolist() == ["2025-06-30", "2026-01-06"]
        assert frame["amount_usd_m"].tolist() == [10_000, 20_000] and frame["total_usd_m"].iloc[-1] == 30_000
        assert frame["evidence"].tolist() == ["E077 E078", "E080"]
        assert measures().cash.query("series == 'raised'")["date"].tolist()[-1] == "2026-02-02"  # the merger

    def test_a_forecast_that_begins_later_has_only_what_came_later(self):
        assert measures("hindsight_2026").rounds["amount_usd_m"].tolist() == [20_000]
        assert measures("later").rounds.empty

    def test_known_cash_is_of_xai_alone_and_says_what_is_worked_out(self):
        rows = measures().balances.set_index("date")
        assert rows["usd_m"].to_dict() == {"2025-03-31": 4000, "2025-09-30": 9000}
        assert rows["series"].to_dict() == {"2025-03-31": "balance", "2025-09-30": "worked_out"}

    def test_the_forecast_is_that_of_results_until_it_is_gone(self):
        frame, path = measures().forecast, made.result("as_reported")["paths"]["cash_usd_m"]
        assert frame["date"].iloc[0] == "2025-06-30"
        assert frame["p50_usd_m"].tolist() == path["p50"][: len(frame)]
        assert frame["p95_usd_m"].iloc[-1] < 0 <= frame["p95_usd_m"].iloc[-2]
        assert len(measures("huge").forecast) == 36

    @pytest.mark.parametrize(
        ("part", "word"),
        [(1.01, "as"), (0.99, "as"), (0.87, "less"), (1.2, "more"), (0.5, "far"), (1.5, "far")],
    )
    def test_whether_a_claim_is_met(self, part, word):
        assert facts.met(part) == word


class TestSentences:
    @any_set
    def test_are_short_apart_and_free_of_jargon(self, names):
        assert sentences.problems(page(*names)) == []

    def test_three_questions_are_answered_in_the_first_sentence(self):
        verdict = "Can it be? Nearly. How long would it last? Until around March 2026. What happened? $20bn more came in before it could run out."
        assert said("verdict") == verdict
        assert said("verdict", "huge").endswith(
            "Beyond the five years that we model. What happened? $20bn more came in all the same."
        )

    def test_what_changed_the_picture_is_told_with_the_risk_before_and_after(self):
        mixes = made.result("hindsight_2026")["portfolios"]
        before, after = (
            mixes[mix]["cash_out_probability_horizon"]["value"]
            for mix in ("stay_the_course", "raise_capital+partner")
        )
        found = page().facts["changed"]
        assert (found["left"].value, found["done"].value) == (before, after)
        assert "“Hindsight 2026”, rounds and leases cut the risk" in said("finding_changed")
        assert f"from {found['left']} to {found['done']}" in said("finding_changed")
        assert "if that had been the last of it" in said("reading_changed")
        nothing_to_compare_with = page("as_reported", "critics")
        assert "finding_changed" not in nothing_to_compare_with.text.findings()
        assert said("reading_changed", "six").startswith("Other people’s money: rounds")

    def test_a_changed_case_in_front_is_named(self):
        assert page("six", "critics").text.words("kicker", "", False) == "Scenario: As reported (six)"
        assert not page("critics", "as_reported").text.words("kicker", "", False)

    def test_claims_are_counted_as_they_are_listed(self):
        lists = claims(measures())
        assert list(lists) == [verdict for verdict in VERDICTS if verdict in set(TABLES.claims["verdict"])]
        text = said("reading_claims")
        for verdict, rows in lists.items():
            assert f"{len(rows)} " in text and len(rows) == page().facts["verdicts"][verdict]
        assert sum(map(len, lists.values())) == len(TABLES.claims)

    def test_numbers_are_those_of_results(self):
        base = made.result("as_reported")["metrics"]
        found = dict(re.findall(r'data-id="([^"]+)">([^<]*)<', files()["index.html"]))
        exact = {
            name: value
            for value, name in re.findall(r'<data value="([^"]*)" data-id="([^"]+)"', files()["index.html"])
        }
        assert (
            exact["cash_out_month.p50"] == base["cash_out_month"]["p50"]
            and found["cash_out_month.p50"] == "March 2026"
        )
        assert float(exact["required_growth_per_month.p50"]) == base["required_growth_per_month"]["p50"]


class TestPage:
    @whole_pages
    def test_is_whole_and_valid(self, names):
        html = files(names)["index.html"]
        html5lib.HTMLParser(strict=True).parse(html)
        ids = re.findall(r'\sid="([^"]+)"', html)
        assert len(ids) == len(set(ids)) and "data-notebook" not in html
        assert set(re.findall(r'href="#([^"]+)"', html)) <= set(ids)
        assert len(html) < 600_000

    def test_the_same_folder_gives_the_same_bytes(self):
        first = files()
        files.cache_clear()
        assert (
            files() == first
            and first["index.png"].startswith(b"\x89PNG")
            and len(first["index.png"]) < 100_000
        )

    def test_a_sixth_scenario_makes_it_say_six(self):
        names = (*made.results(), "net")
        html = files(names)["index.html"]
        assert (
            "here are six" in html
            and html.count('<section class="card">') == 6
            and "here are five" in files()["index.html"]
        )

    def test_changes_are_said_with_the_horizon(self):
        html = markup.unescape(files(("as_reported", "one"))["index.html"])
        assert "Critics (one)" in html
        label = TABLES.assumptions.loc["monthly_burn_usd_m", "label"]
        assert f"Changed here: Months modelled 1; {label} $800m a month ($400m to $1.2bn)." in html

    def test_a_changed_case_says_its_horizon_even_where_that_is_usual(self):
        assert (
            "Changed here: Reading of the claimed burn net. Months modelled 60."
            in files(("as_reported", "net"))["index.html"]
        )

    def test_what_cannot_be_shown_and_what_failed_is_named(self):
        html = files(
            ("as_reported",), failed=(("as_reported", "revenue_gap"),), not_shown=(("<b>old", "made & gone"),)
        )["index.html"]
        assert "Not shown: &lt;b&gt;old (made &amp; gone)." in html
        assert (
            "Revenue gap</a> (could not be built; the page says why)" in html
            and html.count("could not be built") == 1
        )

    def test_every_link_leads_to_what_stands(self):
        stands = {f"{case}/{stem}.html" for case in made.results() for stem in STEMS} | {
            "scenario_comparison.html"
        }
        stands |= {f"{case}/results.json" for case in made.results()} | {
            f"{case}/{case}.xlsx" for case in made.results()
        }
        links = {
            link.partition("#")[0] for link in re.findall(r'href="([^"#:][^":]*)"', files()["index.html"])
        }
        assert links == stands
        none = files(("as_reported",), pages=())["index.html"]
        assert "Where it is taken up" not in none and "Where it is taken up" in files()["index.html"]

    @pytest.mark.parametrize("width", [1280, 320])
    def test_in_a_browser(self, browser, tmp_path, width):
        path = pathlib.Path(tmp_path, "index.html")
        path.write_text(files()["index.html"], encoding="utf-8")
        with browsing.open_page(browser, path, width, "dark" if width == 320 else "light") as opened:
            assert opened.axe() == [] and opened.overflow_px() == 0
            assert opened.requests == [] and opened.errors == []
            assert browsing.page_height_before_appendix(opened.page) <= 9000
            if width == 1280:
                assert (
                    opened.evaluate("document.querySelector('.plot.wide').getBoundingClientRect().bottom")
                    <= 900
                )
                assert len(browsing.pdf_pages(opened.page)) <= 12


class TestData:
    @whole_pages
    def test_fits_its_schema_and_the_results(self, names):
        found = files(names)
        content, schema = (json.loads(found[name]) for name in ("index.json", "index.schema.json"))
        jsonschema.validate(content, schema)
        assert (content["version"], content["evidence_until"]) == (__version__, TABLES.cut_off)
        for entry in content["scenarios"]:
            result = made.result(entry["folder"])
            runway = entry["headlines"]["runway_months"]
            assert {
                name: result["metrics"]["runway_months"][name] for name in ("p5", "p50", "p95")
            }.items() <= runway.items()
            assert [page["href"] for page in entry["pages"]] == [
                f"{entry['folder']}/{stem}.html" for stem in STEMS
            ]

    def test_leads_with_the_base_and_names_what_is_missing(self):
        content = json.loads(files(("critics", "as_reported"), not_shown=(("old", "gone"),))["index.json"])
        assert content["leading"] == "as_reported" and content["not_shown"] == {"old": "gone"}
        assert json.loads(files(("critics",))["index.json"])["comparison"] is None


class TestCharts:
    @pytest.mark.parametrize("narrow", [False, True], ids=["wide", "narrow"])
    def test_draw_on_any_axes(self, narrow):
        frame = measures().cash
        numeric = list(frame.select_dtypes("float"))
        frames = [
            frame,
            frame.head(1),
            frame[frame["series"] == "raised"],
            frame.assign(**dict.fromkeys(numeric, 0.0)),
        ]
        frames.append(frame.assign(**dict.fromkeys(numeric[1:], np.nan)))
        for each in frames:
            ax = Figure().subplots()
            assert charts.cash(each, ax, narrow) is ax

    @pytest.mark.parametrize("narrow", [False, True], ids=["wide", "narrow"])
    @pytest.mark.parametrize(
        "names", [(), ("huge",), ("later",), ("six",)], ids=["all", "huge", "later", "six"]
    )
    def test_words_are_inside_and_apart(self, names, narrow):
        found, frame = charts.FIGURES["cash"], measures(*names).cash
        picture = drawings.drawn(found.draw, frame, narrow, found.heights_px(frame)[narrow])
        assert drawings.texts_outside(picture) == []
        assert drawings.texts_overlapping(picture) == []
