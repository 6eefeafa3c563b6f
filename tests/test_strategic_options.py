"""The page on options: what is measured, what is tied and beaten, and that every sentence holds when the numbers turn."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure as Drawing

from analysis import pages
from analysis.inputs.parameters import BASE, resolve
from analysis.model import levers, options
from analysis.pages.strategic_options import charts, measures
from analysis.results.results import Result
from analysis.show import numbers
from analysis.show.page import Page
from tests import drawings, sentences

SPEC = pages.PAGES["strategic_options"]
MANY = 4096  # draws, where mixes are to be told apart
EXTREMES = {
    "net": {"burn_basis": "net"},
    "six months": {"horizon_months": 6},
    "huge cash": {"opening_cash_usd_m": 900_000},
    "no revenue": {"revenue_start_usd_m": 0},
    "nothing spent": {"monthly_burn_usd_m": 0},
    "no cash": {"opening_cash_usd_m": 0, "committed_equity_usd_m": 0, "committed_debt_usd_m": 0},
    "rounds never": {"round_success_probability": 0.01, "investor_patience": 0.01},
}
CASES = [
    (name, {}) for name in ("as_reported", "critics", "hindsight_2026", "investor_confidence", "price_war")
]
CASES += [(BASE, changes) for changes in EXTREMES.values()]
IDS = [scenario for scenario, changes in CASES if not changes] + list(EXTREMES)


def page_of(tables, scenario=BASE, **changes):
    result = Result(resolve(tables, scenario, {"draws": 128, **changes}))
    base = Result(resolve(tables, BASE, {"draws": 128}))
    found = measures.Measures(result, tables)
    found.base = base
    return Page(SPEC, tables, found, result, base, show=lambda part, **metadata: None)


@pytest.mark.parametrize(("scenario", "changes"), CASES, ids=IDS)
def test_every_sentence_reads_well_and_keeps_the_rules(tables, scenario, changes):
    assert sentences.problems(page_of(tables, scenario, **changes)) == []


class TestMixes:
    def test_one_row_per_mix_and_the_numbers_of_results(self, tables):
        page = page_of(tables)
        frame = page.measures.mixes.set_index("mix")
        assert list(frame.index) == list(options.PORTFOLIOS)
        for mix, found in page.result.portfolio_metrics.items():
            assert frame["value_usd_m"][mix] == found["value_mean_usd_m"]["value"]
            assert frame["dry"][mix] == found["cash_out_probability_horizon"]["value"]

    def test_the_best_are_not_beaten_in_what_they_are_best_in(self, tables):
        frame = page_of(tables).measures.mixes
        assert frame["value_usd_m"][frame["highest"]].max() == frame["value_usd_m"].max()
        assert frame["dry"][frame["driest_least"]].min() == frame["dry"].min()
        assert not frame["dominated"].all()

    def test_what_reads_alike_is_a_tie_however_sure_the_simulations_are(self):
        apart = [np.full(8, 0.7826), np.full(8, 0.7811), np.full(8, 0.8)]
        assert measures._ahead(apart, "{:.2f}").tolist() == [[0, 0, -1], [0, 0, -1], [1, 1, 0]]

    def test_options_that_change_nothing_tie_with_nothing_done(self, tables):
        neutral = {"focus_spend_cut": 0, "focus_one_off_usd_m": 0, "focus_growth_penalty": 0}
        page = page_of(tables, **neutral)
        found = page.result.portfolios
        assert np.array_equal(found["focus"]["value_usd_m"], found[options.STAY]["value_usd_m"])
        frame = page.measures.mixes.set_index("mix")
        assert frame["highest"]["focus"] == frame["highest"][options.STAY]


class TestCashAndRegret:
    @pytest.mark.parametrize("scenario", ["as_reported", "investor_confidence"])
    def test_lines_end_where_the_months_of_the_text_do(self, tables, scenario):
        page = page_of(tables, scenario)
        for mix, part in page.measures.cash.groupby("mix"):
            runway = page.result.portfolio_metrics[mix]["runway_months"]["p50"]
            assert (part["cash_usd_m"].iloc[-1] == 0) == (runway is not None)
            assert runway is None or abs(len(part) - 1 - runway) <= 1

    def test_regret_is_what_the_scenarios_best_has_more(self, tables):
        found = page_of(tables).measures
        frame, names = found.regrets, list(found.states.names)
        assert (frame[names].to_numpy() >= 0).all()
        assert np.allclose(frame["largest_usd_m"], frame[names].max(axis=1))
        assert frame["largest_usd_m"].is_monotonic_increasing

    def test_what_ties_with_the_best_of_a_scenario_is_said_in_its_cell(self, tables):
        frame = page_of(tables).measures.regrets
        ax = charts.regret(frame, Drawing().subplots())
        cells = [text.get_text() for text in ax.texts]
        ties = [each for names in frame["ties"].head(charts.BEST_ROWS) for each in names.split(", ") if each]
        assert sum("a tie" in cell for cell in cells) == len(ties) > 0


def test_a_fifth_option_breaks_nothing(tables, monkeypatch):
    fifth = {**options.OPTIONS, "sell_chips": lambda x, months: levers.Levers(spend_added=-1.0)}
    mixes = options.PORTFOLIOS | {"sell_chips": ("sell_chips",)}
    monkeypatch.setattr(options, "OPTIONS", fifth)
    for module in (
        "analysis.results.results",
        "analysis.results.states",
        "analysis.pages.strategic_options.measures",
    ):
        monkeypatch.setattr(f"{module}.PORTFOLIOS", mixes)
    monkeypatch.setattr("analysis.model.options.PORTFOLIOS", mixes)
    monkeypatch.setattr("analysis.results.states._known", {})
    for name in ("measures", "facts"):
        monkeypatch.setattr(f"analysis.pages.strategic_options.{name}.OPTIONS", fifth)
    monkeypatch.setattr("analysis.pages.strategic_options.facts.PORTFOLIOS", mixes)
    page = page_of(tables)
    assert "sell_chips" in set(page.measures.mixes["mix"])
    assert f"{numbers.spelled(len(fifth)).capitalize()} options" in str(page.text.words("map_mixes"))


class TestWords:
    def test_values_are_called_before_the_debt_that_the_model_does_not_count(self, tables):
        for scenario, changes, after in (
            (BASE, {}, True),
            (BASE, {"committed_debt_usd_m": 0}, False),
            ("hindsight_2026", {}, False),
        ):
            text = page_of(tables, scenario, draws=MANY, **changes).text
            for name in ("finding_value", "unit_map"):
                assert ("after debt" in text.words(name)) == after
                assert ("before" in text.words(name)) == (not after)
            assert ("Lenders come first" in text.words("map_nothing_left")) == after

    @pytest.mark.parametrize("scenario", [BASE, "critics", "hindsight_2026"])
    def test_inputs_of_our_judgement_are_those_that_the_appendix_calls_so(self, tables, scenario):
        page = page_of(tables, scenario)
        own = tables.scenarios[scenario].overrides
        rows = tables.assumptions[tables.assumptions["group"].isin(options.OPTIONS)]
        bases = [
            own[row.name].basis if row.name in own else row.basis for row in rows.itertuples(index=False)
        ]
        chance = 1  # the luck of the funding market: no judgement, and no row of the table
        assert page.facts["judged"] == bases.count("judgement") - chance
        assert page.facts["inputs"] == len(page.measures.assumed) == len(rows) - chance

    def test_regret_is_found_only_where_the_scenario_was_possible(self, tables):
        assert "finding_regret" in page_of(tables).text.findings()
        assert "finding_regret" not in page_of(tables, "hindsight_2026").text.findings()

    def test_no_title_says_that_money_lifts_what_it_does_not(self, tables):
        assert "New money lifts" in page_of(tables, draws=MANY).text.words("figure_map")
        assert "New money" not in page_of(tables, "critics", draws=MANY).text.words("figure_map")

    def test_all_that_prices_rest_on_is_named_below_their_chart(self, tables):
        page = page_of(tables)
        named = page.text.refs("unit_valuations")
        assert {ref for refs in page.measures.valuations["evidence"] for ref in refs.split()} <= set(named)


class TestCharts:
    @pytest.mark.parametrize("narrow", [False, True])
    @pytest.mark.parametrize(("scenario", "changes"), CASES, ids=IDS)
    def test_no_name_on_the_map_covers_a_dot_a_name_or_a_line(self, tables, scenario, changes, narrow):
        frame = page_of(tables, scenario, **changes).measures.mixes
        height = charts.FIGURES["map"].heights[narrow]
        figure = drawings.drawn(charts.options_map, frame, narrow, height)
        assert drawings.texts_overlapping(figure) == drawings.texts_outside(figure) == []
        (ax,) = figure.axes
        dots = ax.transData.transform(frame[["dry", "value_usd_m"]].to_numpy())
        lines = [np.linspace(*ax.transData.transform(line.get_xydata()), 50)[:-1] for line in ax.lines]
        boxes = [name.get_window_extent() for name in ax.texts]
        assert len(boxes) == len(lines) >= 4
        for box in boxes:
            near = box.padded(charts.RADIUS - 0.2)  # the rim of a dot is thinner than its corners
            assert not any(near.contains(*dot) for dot in dots)
            assert not any(box.contains(*point) for line in lines for point in line)

    @pytest.mark.parametrize("narrow", [False, True])
    def test_plain_axes_and_odd_frames(self, tables, narrow):
        found = page_of(tables).measures
        frames = {
            "options_map": found.mixes,
            "cash": found.cash,
            "regret": found.regrets,
            "valuations": found.valuations,
        }
        for name, frame in frames.items():
            for odd in (frame, frame.head(1), _zeros(frame)):
                ax = Drawing().subplots()
                assert getattr(charts, name)(odd, ax, narrow) is not None

    def test_dates_on_the_lines_are_those_of_the_text(self, tables):
        page = page_of(tables)
        ax = charts.cash(page.measures.cash, Drawing().subplots())
        texts = [text.get_text() for text in ax.get_legend().get_texts()]
        assert len(texts) == len(options.OPTIONS) + 1
        assert all(":" in text for text in texts)


def _zeros(frame: pd.DataFrame) -> pd.DataFrame:
    numeric = frame.select_dtypes("number").columns
    return frame.assign(**dict.fromkeys(numeric, 0.0))
