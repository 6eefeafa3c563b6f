"""The revenue-gap page: what is plotted, what is said, and that both hold when the numbers turn."""

import itertools
import re

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

from analysis import inputs
from analysis.charts import parts, theme
from analysis.charts import revenue_gap as charts
from analysis.charts.placing import Space
from analysis.findings import revenue_figures, revenue_gap, revenue_phrases, revenue_tables
from analysis.insight import bands, reference_class, runway
from analysis.parameters import resolve
from analysis.results import Run
from tests import oracle

TABLES = inputs.load()
NO_REVENUE = {f"revenue_{name}_usd_m": 0 for name in oracle.STREAMS}
EXTREMES = {
    "no revenue": NO_REVENUE,
    "profitable from month 0": {"monthly_burn_usd_m": 1},
    "no spending": {"monthly_burn_usd_m": 0},
    "huge cash": {"opening_cash_usd_m": 200_000},
    "no cash": {"opening_cash_usd_m": 0, "committed_funding_usd_m": 0},
    "six months": {"horizon_months": 6},
    "one month": {"horizon_months": 1},
    "dear to serve": {"serving_cost_ratio": 0.99},
    "growth without end": {"growth_endurance": 1},
    "cash for years": {"opening_cash_usd_m": [20_000, 50_000, 90_000]},
    "net": {"burn_basis": "net"},
}


def run(scenario: str = "as_reported", draws: int = 128, **changes) -> Run:
    return Run(resolve(TABLES, scenario, {"draws": draws} | changes))


CASES = {name: run(name) for name in TABLES.scenarios} | {name: run(**changes) for name, changes in EXTREMES.items()}
any_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())


def constant(**changes) -> Run:
    """Return a run with a certain burn of 1000 that does not grow, and no revenue."""
    growth = {f"growth_{name}_per_year": 0 for name in oracle.CATEGORIES}
    return run(monthly_burn_usd_m=1000, committed_funding_usd_m=0, **NO_REVENUE, **growth, **changes)


class TestFan:
    def test_percentiles_of_known_draws(self):
        draws = np.tile(np.arange(101.0)[:, None], (1, 2))
        frame = bands.fan(draws, np.array([[7.0, 8.0]]), run().settings, "usd_m")
        assert frame.loc[1].to_dict() == {
            "month": "2025-07", "index_months": 1, "central_usd_m": 8, "p5_usd_m": 5, "p25_usd_m": 25, "p50_usd_m": 50,
            "p75_usd_m": 75, "p95_usd_m": 95,
        }  # fmt: skip


class TestReadings:
    def test_net_spends_revenue_on_top(self):
        readings = bands.readings(run())
        assert (readings["net"].path.spend[:, 0] - readings["gross"].path.spend[:, 0]) == pytest.approx(
            readings["gross"].path.revenue[:, 0]
        )

    def test_own_basis_is_the_run_itself(self):
        for basis in ("gross", "net"):
            case = run(burn_basis=basis)
            assert bands.readings(case)[basis] is case

    def test_sentence_when_there_is_no_difference(self):
        text = revenue_tables.reading(bands.readings(run(**NO_REVENUE)), TABLES).text
        assert "a month too" in text and "under both" in text


class TestStreams:
    def test_add_up_to_the_total(self):
        frame = bands.streams(run())
        assert sum(frame[f"central_{name}_usd_m"] for name in oracle.STREAMS).to_numpy() == pytest.approx(
            frame["central_total_usd_m"]
        )

    def test_last_row_is_the_ceiling(self):
        case = run()
        x = {e.name: e.central for e in case.case.estimates}
        expected = [
            oracle.ceiling(x[f"revenue_{n}_usd_m"], x[f"growth_{n}_per_month"], x["growth_endurance"]) for n in oracle.STREAMS
        ]
        row = bands.streams(case).iloc[-1]
        assert [row[f"central_{name}_usd_m"] for name in oracle.STREAMS] == pytest.approx(expected)
        assert row["month"] == "ceiling"

    def test_an_endless_ceiling_has_no_number(self):
        assert np.isnan(bands.streams(run(growth_endurance=1)).iloc[-1]["p95_total_usd_m"])
        assert revenue_tables.streams(run(growth_endurance=1)).iloc[-1]["Total"] == "no limit"

    def test_months_beyond_the_horizon_are_left_out(self):
        assert list(revenue_tables.streams(run(horizon_months=6))["When"]) == ["June 2025", "Ceiling"]


class TestShares:
    def test_revenue_covers_spending_always_or_never(self):
        assert bands.ever_covered(run(monthly_burn_usd_m=1))["value"] == 1
        assert bands.ever_covered(run(**NO_REVENUE)) == {"value": 0, "se": 0}

    def test_ceiling_above_spending(self):
        assert bands.ceiling_above_spending(run(growth_endurance=1))["value"] > 0.9
        assert bands.ceiling_above_spending(run(**NO_REVENUE))["value"] == 0


class TestCash:
    def test_starts_with_opening_cash_and_counts_months_passed(self):
        frame = runway.cash(constant(opening_cash_usd_m=4000))
        assert list(frame["central_usd_m"][:6]) == pytest.approx([4000, 3000, 2000, 1000, 0, -1000])
        assert list(frame["index_months"][:3]) == [0, 1, 2]

    def test_is_cut_two_months_after_all_is_gone_but_shows_a_year(self):
        assert runway.cash(constant(opening_cash_usd_m=4000))["index_months"].max() == 12
        assert runway.cash(constant(opening_cash_usd_m=20_000))["index_months"].max() == 23

    def test_goes_to_the_horizon_when_cash_lasts(self):
        assert runway.cash(run(opening_cash_usd_m=200_000))["index_months"].max() == 60

    def test_funding_is_the_step(self):
        frame = runway.cash(run(committed_funding_month=5, committed_funding_usd_m=7000))
        assert frame.loc[frame["funding_usd_m"] > 0, "index_months"].tolist() == [6]


class TestDots:
    def test_a_certain_runway_is_one_stack(self):
        frame = runway.dots(constant(opening_cash_usd_m=7500))
        assert frame["runway_months"].to_numpy() == pytest.approx(np.full(50, 7.5))
        assert list(frame["stack"]) == list(range(1, 51))
        assert set(frame["month"]) == {"2026-01"}

    def test_each_dot_stands_for_two_of_a_hundred_runs(self):
        case = run(draws=4096)
        within = (runway.dots(case)["runway_months"] < 12).mean()
        assert within == pytest.approx(case.metrics["cash_out_probability_12m"]["value"], abs=0.02)

    def test_dots_that_last_have_no_month(self):
        case = run(opening_cash_usd_m=[20_000, 50_000, 90_000], draws=4096)
        left = runway.dots(case)["runway_months"].isna().mean()
        assert left == pytest.approx(1 - case.metrics["cash_out_probability_horizon"]["value"], abs=0.02)
        assert 0 < left < 1

    def test_columns_stay_few(self):
        assert [runway.bin_width(months) for months in (0, 23.9, 24, 60, 239)] == [1, 1, 2, 3, 12]


class TestPhrases:
    def test_change_names_what_happens(self):
        assert revenue_phrases.change(100, 200) == "the gap grows from $100m to $200m a month"
        assert revenue_phrases.change(200, 100) == "the gap shrinks from $200m to $100m a month"
        assert revenue_phrases.change(100, 100.1) == "the gap stays at $100m a month"
        assert revenue_phrases.change(100, -50) == "the gap of $100m a month turns into a surplus of $50m a month"
        assert revenue_phrases.change(-50, 100) == "a surplus of $50m a month turns into a gap of $100m a month"
        assert revenue_phrases.change(-50, -100) == "the surplus grows from $50m to $100m a month"

    def test_span_says_a_unit_once_and_never_in_words(self):
        assert revenue_phrases.span(6.2, 15, revenue_phrases.lasting) == "6.2 to 15 months"
        assert revenue_phrases.span(6.2, None, revenue_phrases.lasting) == "6.2 months to beyond the horizon"
        assert revenue_phrases.span(None, None, revenue_phrases.rate, "no rate") == "no rate"

    def test_spread_is_silent_when_all_runs_agree(self):
        assert revenue_phrases.spread({"p5": 0.1, "p50": 0.1, "p95": 0.1}, revenue_phrases.rate) == ""
        assert (
            revenue_phrases.spread({"p5": 0.1, "p50": 0.2, "p95": 0.3}, revenue_phrases.rate)
            == " (middle 90% of runs: 10% to 30%)"
        )

    def test_the_rest_of_a_difference_is_nothing(self):
        assert revenue_phrases.amount(-3.6e-15) == "$0"


class TestFindings:
    @any_case
    def test_are_five_sentences_with_known_sources(self, case):
        findings = revenue_gap.findings(case, TABLES)
        known = {*TABLES.assumptions["id"], *TABLES.evidence.index, *TABLES.claims.index}
        assert len(findings) == 5
        for finding in findings:
            assert finding.text[0].isupper() and finding.text.endswith(".")
            assert not re.search(r"nan|inf\b|None|–|unknown|no finite|\b1 months|\d\.0 months of", finding.text), finding.text
            assert set(finding.refs) <= known

    @any_case
    def test_headlines_and_headings_read_well(self, case):
        frames = bands.streams(case), runway.dots(case)
        words = [
            revenue_figures.gap(case, TABLES),
            revenue_figures.streams(case, TABLES, frames[0]),
            revenue_figures.cash(case, TABLES),
            revenue_figures.dots(case, TABLES, frames[1]),
            revenue_figures.growth(case, TABLES),
        ]
        headings = revenue_gap.headings(case, TABLES)
        assert list(headings) == ["gap", "streams", "runway", "reference_class"]
        for text in (*headings.values(), *(word.headline for word in words), *(word.shows for word in words)):
            assert not re.search(r"nan|inf\b|None|unknown|no finite", text), text

    def test_the_gap_grows_shrinks_or_is_a_surplus(self):
        still = {f"growth_{name}_per_year": 0 for name in oracle.CATEGORIES}
        shrinking = {f"growth_{name}_per_year": -0.5 for name in oracle.CATEGORIES}
        assert "the gap grows from" in revenue_gap.far(run(), TABLES).text
        assert "the gap shrinks from" in revenue_gap.far(run(**shrinking), TABLES).text
        assert "the gap stays at $1.0bn" in revenue_gap.far(run(monthly_burn_usd_m=1000, **NO_REVENUE, **still), TABLES).text
        assert "surplus" in revenue_gap.far(run(monthly_burn_usd_m=1), TABLES).text

    def test_a_short_horizon_says_nothing_of_later(self):
        text = revenue_gap.far(run(horizon_months=6), TABLES).text
        assert "; over" not in text and "which is a gap of" in text
        assert "over 12 months" in revenue_gap.far(run(horizon_months=24), TABLES).text

    def test_money_that_lasts(self):
        text = revenue_gap.long(run(opening_cash_usd_m=200_000), TABLES).text
        assert "would last beyond the horizon in the median run" in text
        assert "within 12 months in none of the runs, which is almost excluded" in text

    def test_money_that_is_not_there(self):
        text = revenue_gap.long(run(opening_cash_usd_m=0, committed_funding_usd_m=0), TABLES).text
        assert text.startswith("With neither cash nor committed funding, operations would last 0 months")

    def test_whether_revenue_ever_covers_spending(self):
        assert revenue_gap.ever(run(**NO_REVENUE), TABLES).text.startswith("Revenue covers spending in no month")
        assert (
            "in all of the runs, which is almost certain; no money is needed"
            in revenue_gap.ever(run(monthly_burn_usd_m=1), TABLES).text
        )

    def test_covered_for_a_while_is_told_from_covered_at_the_end(self):
        falling = {f"growth_{name}_per_month": -0.1 for name in oracle.STREAMS}
        text = revenue_gap.ever(
            run(monthly_burn_usd_m=10, serving_cost_ratio=0, growth_endurance=0.9, time_to_market_months=3, **falling), TABLES
        ).text
        assert "in at least one month" in text and "still does at the end in none of the runs" in text

    def test_the_ceiling(self):
        assert revenue_gap.ceiling(run(growth_endurance=1), TABLES).text.startswith("Growth that does not fade has no ceiling")
        assert revenue_gap.ceiling(run(**NO_REVENUE), TABLES).text.startswith("Without revenue")
        falling = {f"growth_{name}_per_month": -0.1 for name in oracle.STREAMS}
        flat = {f"growth_{name}_per_month": 0 for name in oracle.STREAMS}
        certain = {"revenue_subscriptions_usd_m": 10, "revenue_advertising_usd_m": 1, "revenue_data_services_usd_m": 4}
        assert "Revenue falls from" in revenue_gap.headings(run(**falling), TABLES)["streams"]
        assert revenue_gap.headings(run(**flat, **certain), TABLES)["streams"] == "Revenue stays at about $15m a month"


class TestTables:
    def test_readings_match_the_metrics(self):
        case = run(monthly_burn_usd_m=2000, **NO_REVENUE)
        frame = revenue_tables.readings(bands.readings(case)).set_index("Measure")
        assert frame.loc["Gap a month, at the start", "Gross, median"] == "$2.0bn"
        assert frame.loc["Spending covered, at the start", "Net, median"] == "0%"
        assert frame.loc["Revenue growth needed, a month", "Gross, median"] == "no rate"

    def test_months_beyond_the_horizon_have_no_rows(self):
        frame = revenue_tables.readings(bands.readings(run(horizon_months=6)))
        assert not frame["Measure"].str.contains("after").any()
        assert list(revenue_tables.run_out(run(horizon_months=20))["Used up within"]) == ["12 months", "the horizon of 20 months"]

    def test_probabilities_carry_their_standard_error(self):
        row = revenue_tables.run_out(run()).iloc[0]
        se = run().metrics["cash_out_probability_12m"]["se"]
        assert float(row["Standard error, points"]) == pytest.approx(100 * se, rel=0.5)


class TestPlacing:
    def test_apart(self):
        assert parts.apart([1.0, 1.0, 9.0], 2, 0, 10) == [1, 3, 9]
        assert parts.apart([10.0, 10.0], 2, 0, 10) == [8, 10]
        assert parts.apart([9.0, 1.0], 2, 0, 10) == [9, 1]

    def test_a_name_keeps_clear_of_a_line(self):
        with mpl.rc_context(theme.RC):
            figure = theme.canvas(False, 300)
            ax = figure.subplots()
            ax.plot([0, 1], [0.5, 0.5])
            space = Space(ax)
            space.line([0, 1], [0.5, 0.5])
            assert space.name("Name", [(0.5, 0.5)], theme.C1)
            figure.draw_without_rendering()
            box = ax.texts[0].get_window_extent()
            line = ax.transData.transform((0.5, 0.5))[1]
        assert box.y0 > line or box.y1 < line

    def test_near_gives_up_where_all_is_taken(self):
        with mpl.rc_context(theme.RC):
            ax = theme.canvas(True, 200).subplots()
            space = Space(ax)
            space.band([0, 1], [0, 0], [1, 1])
            assert not space.name("Name", [(0.5, 0.5)], theme.C1, near=True)
            assert not ax.texts
            assert space.name("Name", [(0.5, 0.5)], theme.C1)


def drawings(case: Run):
    yield charts.gap, bands.gap(case), (420, 360)
    yield charts.streams, bands.streams(case), (360, 560)
    yield charts.cash, runway.cash(case), (380, 340)
    yield charts.dots, runway.dots(case), (320, 220)
    yield charts.reference_class, reference_class.paths(case, TABLES), (460, 420)


CHOSEN = ("as_reported", "profitable from month 0", "one month")


@pytest.mark.parametrize("name", CHOSEN)
@pytest.mark.parametrize("narrow", [False, True])
class TestDrawings:
    def test_texts_are_inside_and_apart_and_large_enough(self, name, narrow):
        for draw, frame, heights in drawings(CASES[name]):
            boxes = drawn(draw, frame, heights[narrow], narrow)
            for text, box in boxes:
                assert box.x0 >= -1 and box.x1 <= boxes[0][1].figure_width + 1, f"{draw.__name__}: {text} is cut off"
            for (one, a), (two, b) in itertools.combinations(boxes, 2):
                assert not a.overlaps(b), f"{draw.__name__}: {one!r} and {two!r} overlap"


def drawn(draw, frame: pd.DataFrame, height: int, narrow: bool) -> list:
    """Draw and return each visible text with its box; a text smaller than 9 points fails."""
    with mpl.rc_context(theme.RC):
        figure = theme.canvas(narrow, height)
        draw(figure, frame, narrow)
        figure.draw_without_rendering()
        boxes = []
        for text in figure.findobj(Text):
            # tick labels outside of the limits are not drawn, yet exist; an annotation's own extent would hold its leader
            if text.get_text() and text.get_visible() and shown(text, figure):
                assert text.get_size() >= 9
                boxes.append((text.get_text(), Text.get_window_extent(text).shrunk(0.9, 0.8)))
        for _, box in boxes:
            box.figure_width = figure.bbox.width
    return boxes


def shown(text: Text, figure) -> bool:
    for ax in figure.axes:
        for axis in (ax.xaxis, ax.yaxis):
            low, high = sorted(axis.get_view_interval())
            for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks()):
                if text in (tick.label1, tick.label2):
                    return text is tick.label1 and low - 1e-9 <= tick.get_loc() <= high + 1e-9
    return True
