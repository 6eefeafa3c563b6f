"""The back-test: nothing from after the cut-off goes in, scores have closed forms, and sentences turn with the hits."""

import dataclasses

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.charts import back_test as charts
from analysis.charts import theme
from analysis.findings import back_test as words
from analysis.inputs import latest_date
from analysis.insight import backtest
from analysis.parameters import resolve
from analysis.results import Run
from tests import oracle


@pytest.fixture(scope="module")
def run(tables):
    return Run(resolve(tables, "as_reported", {"draws": 1024}))


@pytest.fixture(scope="module")
def scores(tables, run):
    return backtest.scores(run, tables)


def certain_run(tables, **overrides) -> Run:
    case = resolve(tables, "as_reported")
    return Run(resolve(tables, "as_reported", {one.name: one.central for one in case.estimates} | {"draws": 128} | overrides))


def with_evidence(tables, drop: tuple[str, ...] = (), **cells):
    """The tables with cells of the evidence changed: E032={"value": 60}."""
    evidence = tables.evidence.drop(index=list(drop)).copy()
    for index, values in cells.items():
        for column, value in values.items():
            evidence.loc[index, column] = value
    return dataclasses.replace(tables, evidence=evidence)


def item(frame: pd.DataFrame, measure: str, last: str = "2025-09"):
    """The row of a measure (revenue has two: name its first month by `last` and the shorter period comes first)."""
    rows = frame[frame["measure"] == measure]
    return rows.iloc[0] if len(rows) == 1 else rows[rows["last_month"] == last].sort_values("first_month").iloc[-1]


class TestPointInTime:
    def test_assumptions_rest_on_nothing_later(self, tables):
        ids = {ref for cell in tables.assumptions["evidence"] for ref in cell.split()}
        ids |= {ref for override in tables.scenarios["as_reported"].overrides.values() for ref in override.evidence}
        assert len(ids) > 20
        late = [ref for ref in sorted(ids) if latest_date(tables.evidence.loc[ref, "published"]) > backtest.CUTOFF]
        assert late == []

    def test_naive_forecasts_were_known_and_outcomes_were_not(self, tables, scores):
        date = tables.evidence["published"].map(latest_date)
        assert all(date[ref] <= backtest.CUTOFF for cell in scores["naive_evidence"] for ref in cell.split())
        assert all(date[ref] > backtest.CUTOFF for cell in scores["evidence"] for ref in cell.split())

    def test_an_item_without_a_known_value_would_not_take_a_later_one(self, tables, run):
        later = with_evidence(tables, E023={"published": "2025-06"})  # may mean 30 June
        with pytest.raises(StopIteration):
            backtest.scores(run, later)

    @pytest.mark.parametrize("case", [("critics", {}), ("hindsight_2026", {}), ("as_reported", {"horizon_months": 6}),
                                      ("as_reported", {"monthly_burn_usd_m": 1, "burn_basis": "net"})])  # fmt: skip
    def test_forecast_is_frozen(self, tables, scores, case):
        other = Run(resolve(tables, case[0], {"draws": 1024} | case[1]))
        pd.testing.assert_frame_equal(backtest.scores(other, tables), scores)

    def test_draws_and_seed_follow_the_run(self, tables, run, scores):
        other = Run(resolve(tables, "critics", {"draws": 1024, "seed": 3}))
        assert not backtest.scores(other, tables)["p50_usd_m"].equals(scores["p50_usd_m"])
        assert backtest.frozen(run, tables) is run


class TestItems:
    """Everything certain: each forecast is one number, which the plain implementation gives."""

    @pytest.fixture
    def frame(self, tables, monkeypatch):
        run = certain_run(tables)
        monkeypatch.setattr(backtest, "frozen", lambda *_: run)
        return backtest.scores(run, tables)

    def test_flows_agree_with_the_plain_implementation(self, tables, frame):
        path = oracle.path({one.name: one.central for one in resolve(tables, "as_reported").estimates})
        burn, revenue = path["net_burn"], path["revenue"]
        five_before = 5 * (path["spend"][0] - revenue[0])  # January to May at the rates of June
        expected = {
            ("cash_spent", 0): five_before + sum(burn[:4]),
            ("capital_expenditure", 0): five_before + sum(burn[:7]),
            ("revenue", 0): sum(revenue[1:4]),
            ("revenue", 1): 5 * revenue[0] + sum(revenue[:4]),
        }
        for (measure, place), value in expected.items():
            row = frame[frame["measure"] == measure].sort_values("first_month", ascending=False).iloc[place]
            for column in ("p5_usd_m", "p50_usd_m", "p95_usd_m"):
                assert row[column] == pytest.approx(value, rel=1e-9), (measure, place)
            assert row["crps_usd_m"] == pytest.approx(abs(value - row["outcome_usd_m"]), rel=1e-9)

    @pytest.mark.parametrize(("first", "rounds"), [(7, 1), (8, 0), (1, 1), (0, 2)])
    def test_rounds_count_up_to_the_month_of_the_last_closing(self, tables, monkeypatch, first, rounds):
        run = certain_run(tables, first_round_month=first, round_interval_months=7, opening_cash_usd_m=90000)
        monkeypatch.setattr(backtest, "frozen", lambda *_: run)
        row = item(backtest.scores(run, tables), "funding_raised")
        case = run.case
        assert row["last_month"] == "2026-01"
        assert row["p50_usd_m"] == case["committed_funding_usd_m"].central + rounds * case["round_size_usd_m"].central

    def test_naive_forecasts_are_the_last_values_known(self, tables, scores):
        value = tables.evidence["value"]
        assert item(scores, "cash_spent")["naive_usd_m"] == pytest.approx(value["E003"] * 9 / 12)
        assert item(scores, "capital_expenditure")["naive_usd_m"] == pytest.approx(value["E003"])
        revenue = scores[scores["measure"] == "revenue"].set_index("first_month")["naive_usd_m"]
        assert revenue.to_dict() == pytest.approx({"2025-07": value["E023"], "2025-01": 3 * value["E023"]})
        assert (scores["naive_crps_usd_m"] == (scores["naive_usd_m"] - scores["outcome_usd_m"]).abs()).all()

    def test_rows_are_found_by_role_measure_and_period(self, tables, run, scores):
        fewer = backtest.scores(run, with_evidence(tables, E038={"roles": "definition"}))
        assert "cash_spent" not in set(fewer["measure"]) and len(fewer) == len(scores) - 1
        without = backtest.scores(run, with_evidence(tables, E080={"roles": "action"}))
        assert "funding_raised" not in set(without["measure"])

    def test_money_raised_leaves_out_what_is_disputed_or_another_perimeter(self, tables, scores):
        refs = item(scores, "funding_raised")["evidence"].split()
        assert (tables.evidence.loc[refs, "perimeter"] == backtest.OWN).all()
        assert item(scores, "funding_raised")["outcome_usd_m"] == tables.evidence.loc[refs, "value"].sum()
        assert "E079" not in refs  # a report that was denied

    def test_units_are_converted(self, tables, run, scores):
        value = tables.evidence.loc["E038", "value"]
        billions = backtest.scores(run, with_evidence(tables, E038={"unit": "usd_bn", "value": value / 1000}))
        pd.testing.assert_frame_equal(billions, scores)

    def test_a_range_is_taken_at_its_middle_and_both_ends_are_tried(self, tables, run, scores):
        band = item(scores, "cash_spent")[["p50_usd_m", "p95_usd_m"]]
        ends = {"value": np.nan, "value_low": band.iloc[0], "value_high": 3 * band.iloc[1]}
        row = item(backtest.scores(run, with_evidence(tables, E038=ends)), "cash_spent")
        assert row["outcome_usd_m"] == pytest.approx((ends["value_low"] + ends["value_high"]) / 2)
        assert not row["inside_90"] and not row["range_agrees"]
        assert item(scores, "cash_spent")["range_agrees"]


class TestScores:
    def test_crps_of_a_normal(self):
        # Gneiting and Raftery 2007: σ [z (2Φ(z) − 1) + 2φ(z) − 1/√π], z = (y − μ)/σ
        draws = stats.norm.ppf((np.arange(8192) + 0.5) / 8192, 5, 2)
        for outcome in (5.0, 8.0, -3.0):
            z = (outcome - 5) / 2
            exact = 2 * (z * (2 * stats.norm.cdf(z) - 1) + 2 * stats.norm.pdf(z) - 1 / np.sqrt(np.pi))
            assert backtest.crps(outcome, draws) == pytest.approx(exact, rel=1e-3)

    def test_crps_of_two_draws_by_hand(self):
        assert backtest.crps(0.0, np.array([1.0, 3.0])) == pytest.approx(2 - 0.5 * 1)  # E|X − y| − E|X − X'|/2

    def test_crps_of_one_value_is_its_error(self):
        assert backtest.crps(7.0, np.full(64, 10.0)) == pytest.approx(3)

    @pytest.mark.parametrize(("items", "least"), [(1, 0), (2, 1), (5, 3), (10, 7), (20, 16)])
    def test_consistent_hits(self, items, least):
        assert backtest.consistent_hits(items) == least

    @pytest.mark.parametrize(("items", "least"), [(5, 3), (10, 7), (20, 16)])
    def test_consistent_hits_is_the_least(self, items, least):
        below = sum(stats.binom.pmf(k, items, 0.9) for k in range(least))
        assert below <= 0.05 < below + stats.binom.pmf(least, items, 0.9)

    def test_inside_means_between_the_percentiles(self, scores):
        inside = (scores["p5_usd_m"] <= scores["outcome_usd_m"]) & (scores["outcome_usd_m"] <= scores["p95_usd_m"])
        assert (inside == scores["inside_90"]).all()
        assert scores["p50_ratio"].eq(1).all()


class TestWords:
    def placed(self, scores, *places: str) -> pd.DataFrame:
        """The scores with outcomes inside, above or below the band."""
        frame = scores.assign(range_agrees=True)
        at = {"inside": frame["p50_usd_m"], "above": 2 * frame["p95_usd_m"], "below": frame["p5_usd_m"] / 2}
        for row, place in enumerate(places):
            for column in ("outcome_usd_m", "outcome_low_usd_m", "outcome_high_usd_m"):
                frame.loc[row, column] = at[place][row]
            frame.loc[row, "inside_90"] = place == "inside"
        return frame

    def said(self, tables, frame) -> str:
        return " ".join(finding.text for finding in words.findings(tables, frame))

    def test_all_inside(self, tables, scores):
        frame = self.placed(scores, *["inside"] * len(scores))
        assert words.heading(frame).startswith("5 of 5")
        text = self.said(tables, frame)
        assert "is consistent with" in text and "It failed" not in text and "No disclosed figure" not in text

    def test_none_inside(self, tables, scores):
        frame = self.placed(scores, *["below"] * len(scores))
        assert words.heading(frame).startswith("0 of 5")
        text = self.said(tables, frame)
        assert "is too few for" in text and "No disclosed figure" in text and "held for" not in text
        assert "later or more slowly" in text and "Less money came in" in text

    @pytest.mark.parametrize(("hits", "judged"), [(2, "is too few for"), (3, "is consistent with")])
    def test_the_limit_of_hits(self, tables, scores, hits, judged):
        assert judged in self.said(tables, self.placed(scores, *["inside"] * hits, *["above"] * (len(scores) - hits)))

    def test_above_turns_the_reasons(self, tables, scores):
        text = self.said(tables, self.placed(scores, *["above"] * len(scores)))
        assert "sooner or faster" in text and "More money came in" in text

    def test_a_range_across_the_limit_is_said(self, tables, scores):
        assert "was published as" not in self.said(tables, scores.assign(range_agrees=True))
        assert "was published as" in self.said(tables, scores.assign(range_agrees=False))

    def test_naive_is_said_to_be_better_only_where_it_is(self, tables, scores):
        all_closer = self.said(tables, scores.assign(crps_usd_m=scores["naive_crps_usd_m"] / 2))
        none_closer = self.said(tables, scores.assign(crps_usd_m=scores["naive_crps_usd_m"] * 2))
        assert "for 5 of 5 figures" in all_closer and "at least as well" not in all_closer
        assert "for 0 of 5 figures" in none_closer

    def test_limits_are_said_where_they_apply(self, tables, scores):
        assert "stands in for" in self.said(tables, scores) and "change of regime" in self.said(tables, scores)
        assert "stands in for" not in self.said(tables, scores.assign(perimeter="xai"))
        assert "change of regime" not in self.said(tables, scores.assign(last_month="2026-03"))

    def test_figures_of_the_table_have_sources(self, tables, scores):
        frame = words.table(scores)
        assert len(frame) == len(scores) and all(cell.refs for cell in frame["Figure"])
        assert set(words.NUMERIC) <= set(frame.columns)
        assert set(frame["90% band"]) <= {"inside", "above", "below"}

    def test_other_pages_are_told_which_scenario_is_scored(self, tables, scores):
        assert "“As reported” as it stands, whatever the scenario of this page" in words.figure(tables, scores).note


@pytest.mark.parametrize("narrow", [False, True])
def test_nothing_is_clipped(scores, narrow):
    with mpl.rc_context(theme.RC):
        canvas = theme.canvas(narrow, 480)
        charts.scores(canvas, words.labelled(scores), narrow)
        canvas.draw_without_rendering()
        texts = [text for text in canvas.findobj(mpl.text.Text) if text.axes and text.get_text().strip()]
        assert len(texts) > 10
        for text in texts:
            box = text.get_window_extent()
            assert box.x0 > -1 and box.x1 < canvas.bbox.width + 1 and text.get_fontsize() >= 9, text.get_text()
