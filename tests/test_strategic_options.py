"""The strategic-options page: portfolios and dominance, levers, actions, and sentences that must turn with the numbers."""

import dataclasses
import functools
import itertools
import re

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from analysis import inputs
from analysis.charts import strategic_options as charts
from analysis.charts import theme
from analysis.findings import strategic_figures as figures
from analysis.findings import strategic_options as words
from analysis.findings import strategic_tables as cells
from analysis.findings.numbers import about, estimate_text, money, percent, with_unit
from analysis.findings.words import Finding
from analysis.insight import actions, decision, levers, portfolios
from analysis.model.options import OPTIONS, PORTFOLIOS, STAY
from analysis.parameters import resolve
from analysis.report.pages import PAGES
from analysis.results import Run
from tests.test_revenue_gap import drawn

TABLES = inputs.load()
NO_REVENUE = {f"revenue_{name}_usd_m": 0 for name in ("subscriptions", "advertising", "data_services")}
CERTAIN = {row.name: float(row.central) for row in TABLES.assumptions.itertuples()}
EXTREMES = {
    "no revenue": NO_REVENUE,
    "worthless": {"exit_revenue_multiple": 0, "opening_cash_usd_m": 0, "committed_funding_usd_m": 0},
    "burn of 1": {"monthly_burn_usd_m": 1},
    "huge cash": {"opening_cash_usd_m": 1e6},
    "no cash, no funding": {"opening_cash_usd_m": 0, "committed_funding_usd_m": 0},
    "all certain": CERTAIN,
    "six months": {"horizon_months": 6},
    "one month": {"horizon_months": 1},
    "dear to serve": {"serving_cost_ratio": 0.99},
    "no levers to compare": {name: 0 for name in ("round_size_usd_m", "first_round_month", "partner_income_usd_m_per_month")},
    "later start": {"start_month": "2026-09", "target_month": "2028-12"},
    "growth without end": {"growth_endurance": 1, "growth_subscriptions_per_month": 1},
}
ADVICE = re.compile(r"\b(should|ought|must|recommend\w*|advis\w*|better off|wise|invest in|buy|sell)\b", re.IGNORECASE)


def run(scenario="as_reported", draws=256, **changed):
    return Run(resolve(TABLES, scenario, {"draws": draws} | changed))


CASES = {name: run(name) for name in TABLES.scenarios} | {name: run(draws=64, **changed) for name, changed in EXTREMES.items()}
any_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())


@functools.cache
def plotted(case):
    """Return figure -> (draw, frame, words) of a case."""
    cash, dots = levers.cash_paths(case), portfolios.chart(portfolios.compare(case))
    matrix = cells.regret_cells(decision.regret_matrix(decision.worlds(case, TABLES)))
    facts, beside = decision.information(case, TABLES), actions.beside(case, TABLES)
    return {
        "cash": (charts.cash_paths, cash, figures.cash(case, TABLES, cash)),
        "dots": (charts.portfolios, dots, figures.dots(case, TABLES, dots)),
        "regret": (charts.regret, matrix, figures.regret(case, TABLES, matrix)),
        "information": (charts.information, facts, figures.information(case, TABLES, facts)),
        "done": (charts.done, cells.beside_cells(beside), figures.done_beside(case, TABLES, beside)),
    }


def sentences(case):
    """Return every sentence of a case's page, after checking that the page is complete."""
    findings, headings = words.findings(case, TABLES), words.headings(case, TABLES)
    assert 1 <= len(findings) <= 5
    assert list(headings) == list(PAGES["strategic_options"].sections)
    figured = [part for _, _, text in plotted(case).values() for part in (text.headline, text.subtitle, text.note, text.shows)]
    return [*(finding.text for finding in (*findings, *words.price(case, TABLES))), *headings.values(), *figured]


def forced(means, own=0):
    """Return worlds in which the portfolios have these mean values: world -> {portfolio: value}, all others 0."""
    table = np.array([[values.get(name, 0.0) for name in PORTFOLIOS] for values in means.values()], dtype=float)
    by_scramble = np.repeat(table[:, :, None], 8, axis=2)
    return decision.Worlds(tuple(means), tuple(means), np.full(len(means), 1 / len(means)), by_scramble, 16)


class TestDominance:
    def compare(self, measures):
        """Return dominators of rows of (measures); every scramble repeats them, so that no difference is noise."""
        values = np.array(measures, dtype=float)
        return portfolios.dominators([portfolios.better(column, np.repeat(column[:, None], 8, axis=1), 1) for column in values.T])

    def test_better_on_one_and_no_worse_on_the_other(self):
        assert self.compare([[2, 1], [1, 1]]).tolist() == [[False, True], [False, False]]

    def test_a_trade_off_dominates_nothing(self):
        assert not self.compare([[2, 1], [1, 2]]).any()

    def test_equals_do_not_dominate_each_other(self):
        assert not self.compare([[1, 1], [1, 1]]).any()

    def test_differences_within_two_standard_errors_do_not_count(self):
        base = np.arange(8.0)
        wobble = np.tile([1.0, -1.0], 4)  # paired difference 0.1 ± 0.38
        noisy = np.array([base, base - 0.1 + wobble])
        assert not portfolios.better(noisy.mean(axis=1), noisy, 1).any()
        clear = np.array([base, base - 0.1])  # the same difference in every scramble
        assert portfolios.better(clear.mean(axis=1), clear, 1).tolist() == [[False, True], [False, False]]

    def test_less_can_be_better(self):
        values = np.array([0.2, 0.5])
        assert portfolios.better(values, np.repeat(values[:, None], 8, axis=1), -1)[0, 1]

    def test_no_portfolio_dominates_its_dominator(self):
        frame = portfolios.compare(CASES["as_reported"]).set_index("portfolio")
        dominated = frame["dominated_by"].dropna()
        assert len(dominated)
        assert not [name for name, by in dominated.items() if frame.loc[by, "dominated_by"] == name]

    def test_a_dominated_portfolio_is_never_the_best_alone(self):
        frame = portfolios.compare(CASES["hindsight_2026"])
        assert pd.isna(frame.loc[0, "dominated_by"])


class TestCompare:
    def test_agrees_with_results(self):
        case = CASES["as_reported"]
        frame = portfolios.compare(case).set_index("portfolio")
        for name, metrics in case.portfolio_metrics.items():
            row = frame.loc[name]
            assert row.value_mean_usd_m == pytest.approx(metrics["value_mean_usd_m"]["value"])
            assert row.value_mean_usd_m_se == pytest.approx(metrics["value_mean_usd_m"]["se"])
            assert row.value_tail_mean_usd_m == pytest.approx(metrics["value_tail_mean_usd_m"]["value"])
            assert row.cash_out_share == metrics["cash_out_probability_horizon"]["value"]
            assert row.funding_need_p50_usd_m == metrics["funding_need_usd_m"]["p50"]

    def test_titles(self):
        assert portfolios.title(STAY) == "Stay the course"
        assert portfolios.title("raise_capital+integrate_x") == "Raise capital + integrate X"

    def test_share_of_the_best_runs(self):
        assert portfolios.top_share(np.ones(100)) == pytest.approx(0.05)
        assert portfolios.top_share(np.r_[np.zeros(99), 1.0]) == 1
        assert portfolios.top_share(np.zeros(10)) == 0

    def test_hollow_dots_are_the_dominated_ones(self):
        frame = portfolios.compare(CASES["as_reported"])
        assert list(portfolios.chart(frame)["dominated"] == "yes") == list(frame["dominated_by"].notna())


class TestLevers:
    def test_every_lever_of_every_option_with_this_case_s_value_and_reason(self):
        frame = levers.levers(run(draws=16, focus_spend_cut=0.5), TABLES).set_index("name")
        assert set(frame.index) == set(TABLES.assumptions.index[TABLES.assumptions["group"].isin(OPTIONS)])
        assert frame.loc["focus_spend_cut", "estimate"].central == 0.5
        assert frame.loc["focus_spend_cut", "why"] == "Set for this run."
        scenario = TABLES.scenarios["hindsight_2026"].overrides["round_size_usd_m"]
        assert levers.origin("round_size_usd_m", CASES["hindsight_2026"], TABLES)[2] == scenario.why

    def test_cash_that_has_run_out_stays_at_nothing(self):
        assert levers.at_hand(np.array([[3.0, -1.0, 2.0], [3.0, 0.0, 2.0]])).tolist() == [[3, 0, 0], [3, 0, 2]]

    def test_cash_never_falls_below_nothing_and_a_short_horizon_is_kept(self):
        frame = levers.cash_paths(CASES["six months"])
        assert frame["index_months"].max() == 5
        assert (levers.cash_paths(CASES["as_reported"]).filter(like="usd_m") >= 0).all(axis=None)


class TestActions:
    def test_every_action_is_shown_once_and_every_option_appears(self):
        frame = actions.actions(TABLES)
        ids = frame["id"].dropna()
        roles = TABLES.evidence["roles"].str.split()
        assert sorted(ids) == sorted(TABLES.evidence.index[roles.map(lambda roles: "action" in roles)])
        assert {portfolios.title(option) for option in OPTIONS} < set(frame["option"])

    def test_the_group_and_the_merger_are_outside_the_options(self):
        frame = actions.actions(TABLES).dropna(subset="id").set_index("id")
        outside = frame.index[frame["option"] == actions.OUTSIDE]
        group = TABLES.evidence.loc[frame.index, "perimeter"] == "spacex_group"
        assert set(frame.index[group]) <= set(outside)
        assert frame.loc["E092", "option"] == actions.OUTSIDE
        assert frame.loc["E064", "option"] == "Partner"

    def test_outcomes_in_the_levers_units(self):
        done = {outcome.name: outcome for outcome in actions.outcomes(TABLES, CASES["as_reported"].settings)}
        assert done["committed_funding_usd_m"].low == 10_000
        assert done["first_round_month"].low == 7
        assert done["partner_lead_months"].low == 13
        assert (done["partner_income_usd_m_per_month"].low, done["partner_income_usd_m_per_month"].high) == (1250, 2170)
        assert done["dilution_per_round"].low == pytest.approx(0.08) and done["dilution_per_round"].high == pytest.approx(
            20 / 230
        )

    def test_agreement_by_construction_is_marked(self):
        assert (actions.beside(CASES["hindsight_2026"], TABLES)["set_from_outcome"] == "yes").all()
        assert (actions.beside(CASES["as_reported"], TABLES)["set_from_outcome"] == "no").all()
        frame = actions.beside(run("hindsight_2026", draws=16, round_size_usd_m=20_000), TABLES).set_index("name")
        assert frame.loc["round_size_usd_m", "set_from_outcome"] == "no"

    def test_what_has_no_multiple_is_left_out(self):
        names = set(actions.beside(CASES["no levers to compare"], TABLES)["name"])
        assert not names & {"round_size_usd_m", "first_round_month", "partner_income_usd_m_per_month"}
        assert "first_round_month" not in set(actions.beside(CASES["later start"], TABLES)["name"])


class TestNumbers:
    @pytest.mark.parametrize(
        ("value", "error", "text"),
        [
            (3651, 11, "$3.7bn"), (4151, 71, "$4.0bn to $4.3bn"), (24_505, 678, "$23bn to $26bn"), (473, 227, "less than $900m"),
            (100, 300, "less than $700m"), (970, 100, "$1bn"), (0, 0, "$0"), (5000, 0, "$5.0bn"),
        ],
    )  # fmt: skip
    def test_about(self, value, error, text):
        assert about(value, error) == text

    def test_about_shares(self):
        assert about(0.122, 0.016, percent) == "9% to 15%"
        assert about(0.002, 0.001, percent) == "less than 1%"

    def test_a_rounded_thousand_takes_the_next_unit(self):
        assert money(970, 300) == "$1bn"

    def test_inputs_as_they_were_set(self):
        case = CASES["as_reported"].case
        assert estimate_text(case["partner_income_usd_m_per_month"]) == "$25m a month ($3m to $150m)"
        assert estimate_text(case["first_round_month"]) == "month 9 (5 to 15)"
        assert with_unit(-0.1, "per_year") == "−10% a year"
        assert with_unit(1250, "usd_m_per_month") == "$1.25bn a month"


class TestWords:
    @any_case
    def test_is_complete_reads_well_and_never_advises(self, case):
        for text in sentences(case):
            assert not re.search(r"\bnan\b|\binf\b|None(?! of)|\{|\}|  |no finite|unknown share|\(\)|\bNaN\b", text), text
            assert not ADVICE.search(text), text
            assert not re.search(r"\b1 (options|portfolios|worlds|levers|months|inputs)\b", text), text

    def test_the_answer_names_the_smallest_largest_regret(self):
        possible = forced({"one": {"focus": 10.0, "partner": 9.0}, "two": {"focus": 1.0, "partner": 100.0}})
        text = words._regretted_least(possible)
        assert "“Partner” is the course regretted least: at worst, in “one”, it is worth $1.0m less" in text
        assert "$100m for staying the course, in “two”" in text
        flipped = forced({"one": {"focus": 100.0, "partner": 1.0}, "two": {"focus": 9.0, "partner": 10.0}})
        assert "“Focus” is the course regretted least" in words._regretted_least(flipped)

    def test_dollars_and_shares_that_disagree_are_both_said(self):
        text = words._regretted_least(
            forced({"one": {"focus": 1000.0, "partner": 900.0}, "two": {"focus": 1.0, "partner": 10.0}})
        )
        assert (
            "“Focus” is the course regretted least" in text
            and "As a share of the highest mean, “Partner” is regretted least, at most 10%" in text
        )

    def test_staying_the_course_can_be_regretted_least(self):
        text = words._regretted_least(forced({"one": {STAY: 5.0}, "two": {STAY: 7.0, "focus": 3.0}}))
        assert (
            text == "“Stay the course” has the highest mean value in each of 2 possible worlds and is the course regretted least."
        )

    def test_worlds_without_any_difference(self):
        assert "every portfolio is worth the same" in words._regretted_least(forced({"one": {}}))
        assert words._robust(forced({"one": {}})) == "All portfolios are worth the same in every world"

    def test_cash_out_flips(self):
        assert "Under no portfolio does xAI without X run out of cash" in words.findings(CASES["burn of 1"], TABLES)[1].text
        assert "under no portfolio does it in fewer" in words.findings(CASES["no cash, no funding"], TABLES)[1].text
        assert "the fewest of all 16 portfolios" in words.findings(CASES["hindsight_2026"], TABLES)[1].text

    def test_value_flips(self):
        assert words.findings(CASES["worthless"], TABLES)[2].text.startswith("No portfolio leaves today's shareholders anything")
        costly = {name: 0.9 for name in ("focus_growth_penalty", "partner_revenue_share", "dilution_per_round")}
        nothing = {"integration_ads_uplift": 0, "integration_growth_uplift": 0, "integration_months_saved": 0}
        text = words.findings(run(opening_cash_usd_m=1e6, **costly, **nothing), TABLES)[2].text
        assert "is highest with “Stay the course”" in text and "for staying the course" not in text

    def test_information_flips(self):
        frame = pd.DataFrame({"input": ["Dilution per round"], "clear": ["yes"]})
        assert words._top_fact(frame) == "The single input most worth knowing: dilution per round"
        assert words._top_fact(frame.assign(clear="no")) == "No single input stands out as worth knowing"
        assert "no fact would change which it is" in words.findings(CASES["all certain"], TABLES)[3].text
        assert figures.information(
            CASES["all certain"], TABLES, decision.information(CASES["all certain"], TABLES)
        ).headline.startswith("No knowledge")

    @pytest.mark.parametrize(("clear", "said"), [("yes", "is worth most"), ("no", "does not stand out")])
    def test_what_noise_can_make_is_not_named(self, monkeypatch, clear, said):
        frame = decision.information(CASES["as_reported"], TABLES).assign(clear=clear)
        monkeypatch.setattr(decision, "information", lambda run, tables: frame)
        text = words.findings(CASES["as_reported"], TABLES)[3].text
        assert said in text and (frame.loc[0, "input"] in text) == (clear == "yes")

    def test_outcomes_flip(self):
        frame = actions.beside(CASES["as_reported"], TABLES)
        assert "lies outside the assumed range for 2 of 6" in words._outside(frame)
        assert "lies inside the assumed range for all 6" in words._outside(frame.assign(inside="yes"))
        assert "is what this scenario is set from" in words._outside(frame.assign(set_from_outcome="yes"))
        assert "no counterpart" in words._outside(frame.iloc[:0])
        wide = {"round_size_usd_m": [1000, 6000, 30_000], "partner_income_usd_m_per_month": [3, 25, 3000]}
        assert "for 6 levers lie inside the ranges assumed here" in words.findings(run(draws=16, **wide), TABLES)[4].text

    def test_the_option_that_keeps_cash_longest_flips(self):
        assert (
            "“Raise capital” alone makes cash last beyond 60 months" in words.headings(CASES["hindsight_2026"], TABLES)["levers"]
        )
        assert "“Focus” alone" in words.headings(run(round_success_probability=0), TABLES)["levers"]
        assert "without any option" in words.headings(CASES["huge cash"], TABLES)["levers"]
        assert words.headings(CASES["no cash, no funding"], TABLES)["levers"].startswith("No single option")

    def test_a_dominated_count_of_none_and_one(self):
        frame = portfolios.compare(CASES["as_reported"])
        assert words._dominated(frame.assign(dominated_by=None)).startswith("None of the 16 portfolios are dominated")
        one = [None] * 15 + ["focus"]
        assert words._dominated(frame.assign(dominated_by=one)).startswith("1 of the 16 portfolios is dominated")

    def test_the_price_says_where_it_falls_short(self):
        texts = [finding.text for finding in words.price(CASES["as_reported"], TABLES)]
        assert "In this page's world, “" in texts[0] and texts[1].startswith("It is ")

    def test_numbers_of_the_segment_with_x_say_so(self):
        assert "(xAI with X)" in words.findings(CASES["as_reported"], TABLES)[4].text
        income = run(draws=16, partner_income_usd_m_per_month=2000)
        assert "(xAI without X)" in words.findings(income, TABLES)[4].text


class TestTables:
    @any_case
    def test_no_empty_cell(self, case):
        compared = portfolios.compare(case)
        frames = [
            cells.lever_rows(case, TABLES), cells.value_rows(compared), cells.cash_rows(compared, case.settings),
            cells.regret_rows(decision.worlds(case, TABLES)), cells.action_rows(case, TABLES),
        ]  # fmt: skip
        for frame in frames:
            texts = frame.map(lambda cell: cell.text if isinstance(cell, Finding) else str(cell))
            assert not texts.map(lambda text: text.strip() == "" or bool(re.search(r"\bnan\b|\binf\b", text))).any(axis=None)

    def test_a_dominating_portfolio_is_named_by_its_number(self):
        compared = portfolios.compare(CASES["as_reported"])
        shown = cells.value_rows(compared)
        row = compared.index[compared["dominated_by"].notna()][0]
        number = compared.index[compared["portfolio"] == compared.loc[row, "dominated_by"]][0] + 1
        assert shown.loc[row, "Dominated"] == f"by {number}"
        assert shown.loc[number - 1, "Portfolio"].startswith(f"{number}.")

    def test_nothing_is_starred_where_all_are_level(self):
        assert (
            not cells.cash_rows(portfolios.compare(CASES["burn of 1"]), CASES["burn of 1"].settings)["Runs out of cash"]
            .str.contains("★")
            .any()
        )

    def test_a_month_of_break_even_or_that_there_is_none(self):
        settings = CASES["as_reported"].settings
        assert cells._month(2.0, settings) == "2025-08"
        assert cells._month(np.nan, settings) == "none by 2030-05"

    def test_cells_of_the_matrix(self):
        row = dataclasses.make_dataclass("Row", ["regret_share", "regret_share_se"])
        assert cells._points(row(0.86, 0.001)) == "86"
        assert cells._points(row(0.122, 0.016)) == "9–15"
        assert cells._points(row(0.004, 0.0001)) == "<1"

    def test_amounts_with_their_units(self):
        frame = actions.actions(TABLES).set_index("id")
        shown = {ref: cells.amount(row) for ref, row in zip(frame.index, frame.itertuples(), strict=True)}
        assert shown["E064"] == "$1.25bn a month" and shown["E080"] == "$20bn" and shown["E061"] == "$101bn"
        assert shown["E257"] == "at least 500" and shown["E091"] == "5.35 to 6.65%" and shown["E087"] == "117% of par"


HEIGHTS = {"cash": (460, 680), "dots": (560, 820), "regret": (560, 860), "information": (380, 470), "done": (320, 460)}


class TestCharts:
    @pytest.mark.parametrize("name", ["as_reported", "hindsight_2026"])
    @pytest.mark.parametrize("narrow", [False, True])
    def test_texts_are_inside_and_apart_and_large_enough(self, name, narrow):
        for key, (draw, frame, _) in plotted(CASES[name]).items():
            boxes = drawn(draw, frame, HEIGHTS[key][narrow], narrow)
            for text, box in boxes:
                assert box.x0 >= -1 and box.x1 <= boxes[0][1].figure_width + 1, f"{key}: {text} is cut off"
            for (one, a), (two, b) in itertools.combinations(boxes, 2):
                assert not a.overlaps(b), f"{key}: {one!r} and {two!r} overlap"

    @any_case
    def test_only_finite_numbers_are_plotted(self, case):
        for _, frame, _ in plotted(case).values():
            assert np.isfinite(frame.select_dtypes("number")).all(axis=None)

    @pytest.mark.parametrize("name", ["worthless", "one month"])
    def test_every_chart_draws(self, name):
        for draw, frame, _ in plotted(CASES[name]).values():
            with mpl.rc_context(theme.RC):
                if len(frame):  # the page says so instead where there is nothing to draw
                    draw(theme.canvas(False, 400), frame, False)
