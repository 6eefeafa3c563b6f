"""The page on revenue and cash: its numbers by hand, its sentences in every case, its charts on any data."""

import functools
import json
import re
import types

import matplotlib
import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

from analysis import pages
from analysis.inputs.parameters import resolve
from analysis.inputs.place import NOTEBOOKS
from analysis.pages.revenue_gap import published
from analysis.pages.revenue_gap.charts import FIGURES
from analysis.pages.revenue_gap.measures import Measures
from analysis.results.results import Result
from analysis.show import page as shown
from analysis.show.page import Page
from tests.drawings import drawn, smallest_text_px, texts_outside, texts_overlapping

SCENARIOS = ("as_reported", "critics", "hindsight_2026", "investor_confidence", "price_war")
EXTREMES = {
    "no revenue": {"revenue_start_usd_m": 0},
    "claim read as net": {"burn_basis": "net"},
    "six months": {"horizon_months": 6},
    "one month": {"horizon_months": 1},
    "twenty years": {"horizon_months": 240},
    "huge cash": {"opening_cash_usd_m": 500_000},
    "hardly any burn": {"monthly_burn_usd_m": [5, 8, 12]},
    "nothing spent": {"monthly_burn_usd_m": 0},
    "no cash": {"opening_cash_usd_m": 0, "committed_equity_usd_m": 0, "committed_debt_usd_m": 0},
    "large already": {"revenue_start_usd_m": 2000, "revenue_cap_usd_m_per_month": 9000},
}
CASES = {name: ("as_reported", given) for name, given in EXTREMES.items()} | {
    name: (name, {}) for name in SCENARIOS
}
BANNED = re.compile(
    r"which is likely|two standard errors|central path|\bruns?\b(?! of the model| out)|\bdraws\b|portfolio|\blever|\bcase\b"
    r"|endurance|accelerator|\b0 to \d+ of\b|\bNone\b(?! of)|\bnan\b|\bnever\b(?! came)|–(?!\d)"
)
BROKEN = re.compile(r"\s[,;.:]|\.\.|,,|\$\s|\d\.\d{4,}|[a-z]:\S|\b(\w+) \1\b")
DRAWS = 512


class Quick(Page):
    """A page whose figures are words alone: drawings have tests of their own. `said`: names of all texts that it shows."""

    def __init__(self, *parts, **named) -> None:
        super().__init__(*parts, **named)
        self.said: list[str] = []

    def _sentence(self, name):
        self.said.append(name)
        return super()._sentence(name)

    def say(self, *names):
        self.said += names
        super().say(*names)

    def section(self, key):
        self.said.append(f"section_{key}")
        super().section(key)

    def _figure(self, key, frame=None):
        self.said += [
            name for part in ("figure", "unit", "note", "alt") if (name := f"{part}_{key}") in self.text
        ]
        return "<figure>{}</figure>".format(" ".join(self._figure_words(key).values()))


@pytest.fixture(scope="module")
def built(tables, base_result):
    """Build the page of a case as its notebook does, but for drawings: the page, and its parts with their metadata."""

    @functools.cache
    def build(name: str) -> tuple[Page, list]:
        scenario, given = CASES[name]
        result = (
            base_result
            if name == "as_reported"
            else Result(resolve(tables, scenario, {"draws": DRAWS} | given))
        )
        measures, parts = Measures(result, tables), []
        measures.base = base_result
        page = Quick(pages.PAGES["revenue_gap"], tables, measures, result, base_result)
        page._show = lambda part, **metadata: parts.append((part, metadata))
        names = {"page": page, "np": np, "what_if": types.SimpleNamespace(panel=lambda page: "")}
        page.head()
        for cell in json.loads((NOTEBOOKS / "revenue_gap.ipynb").read_text(encoding="utf-8"))["cells"][2:]:
            if cell["cell_type"] == "code" and "explore" not in cell["metadata"].get("tags", []):
                exec("".join(cell["source"]), names)
        return page, parts

    return build


@pytest.mark.parametrize("name", CASES)
class TestWordsOfEveryCase:
    def test_no_sentence_breaks_or_speaks_code(self, built, name):
        page, _ = built(name)
        offenders = {}
        for each in page.said:
            text = page.text.words(each).striptags()
            if found := [match[0] for rule in (BANNED, BROKEN) for match in rule.finditer(text)]:
                offenders[each] = (found, text)
        assert offenders == {} and len(page.said) > 50

    def test_findings_are_short_and_name_few_numbers(self, built, name):
        page, _ = built(name)
        names = page.text.findings()
        assert 4 <= len(names) <= 5
        for each in names:
            finding = page.text.words(each).striptags()
            assert len(finding.split()) <= 25, finding
            assert len(re.findall(r"\d[\d.,]*", finding)) <= 3 + (name == "twenty years"), finding

    def test_headings_findings_and_titles_of_figures_differ(self, built, name):
        page, _ = built(name)
        findings = [page.text.words(each) for each in page.text.findings()]
        titles = [page.text.words(f"figure_{key}") for key in FIGURES]
        headings = [page.text.words(f"section_{key}") for key in page.spec.sections]
        every = [
            each.striptags().rstrip(".?").lower()
            for each in [page.text.words("verdict"), *findings, *titles, *headings]
        ]
        assert len(every) == len(set(every))

    def test_numbers_are_those_of_the_results(self, built, name):
        page, parts = built(name)
        metrics = page.result.metrics
        for value, ref in re.findall(
            r'<data value="([^"]*)" data-id="([a-z0-9_]+\.(?:p50|value))"', str(parts)
        ):
            metric, _, part = ref.partition(".")
            if metric in metrics:
                assert value == ("" if metrics[metric][part] is None else str(metrics[metric][part]))


class TestSentencesTurn:
    """A branch for each way that a statement can turn."""

    @pytest.mark.parametrize(
        ("name", "macro", "said"),
        [
            ("as_reported", "verdict", "the cash ends around March 2026 if nobody puts in more"),
            ("huge cash", "verdict", "the cash lasts beyond May 2030 in most simulations"),
            ("nothing spent", "verdict", "nothing is spent"),
            ("no cash", "finding_runway", "ends in June 2025"),
            ("six months", "finding_runway", "the cash runs out by November 2025 in 10 in 100 simulations"),
            ("six months", "finding_coverage", "At the start spending exceeds revenue"),
            (
                "six months",
                "finding_need",
                "nothing is missing beyond money in hand and being placed in most simulations; in one of twenty",
            ),
            ("no revenue", "finding_growth", "no growth of revenue leads to break-even"),
            ("as_reported", "finding_growth", "at most one, Anthropic, kept that up"),
            ("hindsight_2026", "finding_growth", "known from that size, Anthropic, may have kept that up"),
            ("hindsight_2026", "runway_money", "being placed are $20bn of equity."),
            ("no cash", "runway_money", "In hand are $0 of cash."),
            ("large already", "finding_happened", "below our forecast"),
            ("as_reported", "finding_happened", "above our forecast and the path to break-even"),
            ("hardly any burn", "figure_gap", "comes to cover spending"),
            ("hindsight_2026", "runway_happened", "So far $10bn came in June 2025"),
            ("as_reported", "runway_happened", "It never came to that: $10bn arrived in June 2025"),
            ("no revenue", "price_implied", "no steady growth makes the price of the shares fair"),
            ("large already", "price_others", "Both laboratories"),
        ],
    )
    def test_as_the_numbers_do(self, built, name, macro, said):
        assert said in built(name)[0].text.words(macro).striptags()

    def test_quarters_known_before_month_0_are_no_forecast(self, built):
        page, _ = built("hindsight_2026")
        assert page.measures.last_quarter == {}
        assert "finding_happened" not in page.text.findings()

    def test_the_back_test_is_one_line_on_the_page_of_another_scenario(self, built, monkeypatch):
        monkeypatch.setenv(shown.BASE_FOLDER, "../as_reported")
        page, parts = built("hindsight_2026")
        before = len(parts)
        page.section("back_test")
        page.say("back_test_count")
        assert 'href="../as_reported/revenue_gap.html#back_test"' in parts[-1][0] and len(parts) == before + 1


class TestMeasures:
    def test_the_needed_path_meets_spending_in_the_target_month(self, base_result, tables):
        needed = Measures(base_result, tables).needed
        model, target = base_result.model, base_result.settings.target_months
        wanted = model.inputs["revenue_start_usd_m"] * model.required_multiple
        assert needed["month"].iloc[-1] == base_result.settings.target_month and len(needed) == target + 1
        assert needed["usd_m"].iloc[-1] == pytest.approx(np.quantile(wanted, 0.5, method="inverted_cdf"))

    def test_a_dot_stands_in_the_month_in_which_its_cash_ends(self, base_result, tables):
        dots = Measures(base_result, tables).runway.query("series == 'dot'")
        months = [base_result.settings.month(int(value)) for value in dots["runway_months"]]
        assert len(dots) == 50 and dots["month"].tolist() == months
        assert dots.groupby("column").size().sum() == dots.groupby("column")["place"].max().sum() == 50

    def test_streams_add_up_in_every_simulation(self, base_result):
        path = base_result.trajectory
        np.testing.assert_allclose(sum(path.streams.values()), path.core_revenue)

    def test_a_tornado_is_the_model_at_the_ends_of_an_input(self, base_result, tables):
        row = Measures(base_result, tables).drivers.query("input == 'monthly_burn_usd_m'").iloc[0]
        given = {each.name: each.central for each in base_result.case.estimates} | {
            "monthly_burn_usd_m": row["low"]
        }
        certain = Result(resolve(tables, "as_reported", given | {"draws": 16}))
        middle = base_result.metrics["runway_months"]["central"]
        assert row["change_low"] == pytest.approx(certain.metrics["runway_months"]["p50"] - middle)

    def test_what_explains_all_has_a_share_of_one(self, tables):
        given = {each.name: each.central for each in resolve(tables, "as_reported").estimates}
        only = given | {"monthly_burn_usd_m": [700, 1000, 1700], "draws": 64}
        shares = Measures(Result(resolve(tables, "as_reported", only)), tables).shares
        assert shares["funding_need_usd_m"].to_dict() == {"monthly_burn_usd_m": pytest.approx(1)}


def rates(*figures: tuple[str, float]) -> pd.DataFrame:
    dates = pd.to_datetime([date for date, _ in figures])
    columns = {
        "lab": "A",
        "date": dates,
        "first_date": dates,
        "last_date": dates,
        "usd_m_per_year": [y for _, y in figures],
    }
    return pd.DataFrame(columns | {"evidence": [f"E{n}" for n in range(len(figures))]})


class TestGrowthFromTheSameSize:
    def test_is_measured_from_where_the_size_was_passed(self):
        found = published.growth(rates(("2024-01-01", 100), ("2026-01-01", 10_000)), 1000)
        assert found["months"] == pytest.approx(12, abs=0.03) and found["same_size"]
        assert found["per_month"] == pytest.approx(10 ** (1 / 12) - 1, rel=0.01)
        assert found["low"] == found["per_month"] == found["high"]

    def test_a_larger_first_figure_is_not_the_same_size(self):
        frame = rates(("2024-01-01", 2000), ("2025-01-01", 4000))
        assert published.growth(frame, 1000)["same_size"] is False

    def test_no_growth_since_that_size_is_left_out(self):
        assert published.growth(rates(("2024-01-01", 100), ("2025-01-01", 900)), 1000) is None
        assert published.growth(rates(("2024-01-01", 3000), ("2025-01-01", 2000)), 1000) is None

    def test_xai_stands_on_the_chart_with_what_came(self, base_result, tables):
        own = Measures(base_result, tables).growth.query("role == 'happened'").iloc[0]
        assert own["p50"] == pytest.approx((107 / 52) ** (1 / 6) - 1)
        assert own["months"] == 6 and own["from_usd_m"] == 4 * 52


@pytest.mark.parametrize("narrow", [False, True], ids=["wide", "narrow"])
@pytest.mark.parametrize("name", ["critics", "hindsight_2026", "no revenue", "six months", "huge cash"])
def test_words_on_charts_stay_inside_and_apart(built, name, narrow):
    page, offenders = built(name)[0], {}
    for key, figure in FIGURES.items():
        frame = getattr(page.measures, figure.measure)
        if frame.select_dtypes("number").notna().any(axis=None):
            picture = drawn(figure.draw, frame, narrow, figure.heights_px(frame)[narrow])
            wrong = texts_outside(picture) + texts_overlapping(picture)
            if wrong or smallest_text_px(picture) < 12:
                offenders[key] = wrong
    assert offenders == {}


@pytest.mark.parametrize("key", FIGURES)
def test_charts_draw_on_plain_axes_with_little_or_nothing(base_result, tables, key):
    figure = FIGURES[key]
    frame = getattr(Measures(base_result, tables), figure.measure)
    numbers = frame.select_dtypes("number").columns
    for part in (
        frame,
        frame.head(1),
        frame.assign(**dict.fromkeys(numbers, 0.0)),
        frame.assign(**dict.fromkeys(numbers, np.nan)),
    ):
        if part[numbers].notna().any(axis=None):  # without any number a figure is empty and nothing is drawn
            picture = matplotlib.figure.Figure()
            assert figure.draw(part, ax=picture.subplots()).figure is picture


def test_labels_on_the_lead_chart_are_those_of_the_text(built):
    page, _ = built("as_reported")
    figure = FIGURES["gap"]
    texts = " ".join(text.get_text() for text in drawn(figure.draw, page.measures.gap).findobj(Text))
    assert str(page.facts["spent_a_month"]) in texts
