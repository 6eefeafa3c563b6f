"""Growth of other laboratories: where they are placed in time, their growth, and how the needed growth stands among them."""

import dataclasses
import math

import numpy as np
import pandas as pd
import pytest

from analysis import inputs
from analysis.findings import revenue_figures, revenue_gap, revenue_tables
from analysis.insight import reference_class
from analysis.parameters import resolve
from analysis.results import Run
from tests import oracle

TABLES = inputs.load()


def run(**changes) -> Run:
    return Run(resolve(TABLES, "as_reported", {"draws": 128} | changes))


def lab(*figures: tuple[str, float]) -> pd.DataFrame:
    return pd.DataFrame(figures, columns=["month", "usd_m_per_year"])


def with_figures(*rows: dict) -> inputs.Tables:
    """Return the tables with these run-rates, in billions, as the whole reference class."""
    template = TABLES.evidence[TABLES.evidence["roles"].str.contains("reference_class")].iloc[1]
    made = [
        template.to_dict() | {"id": f"E{900 + n}", "unit": "usd_bn", "value_low": np.nan, "value_high": np.nan} | row
        for n, row in enumerate(rows)
    ]
    frame = pd.DataFrame(made).set_index("id", drop=False)
    return dataclasses.replace(TABLES, evidence=frame.rename_axis(None))


def figure(entity: str, month: str, value: float, **more) -> dict:
    period = {"period_start": f"{month}-01", "period_end": f"{month}-28"}
    return {"entity": entity, "value": value, "measure": "revenue_run_rate", "roles": "reference_class"} | period | more


class TestCrossing:
    def test_is_halfway_on_a_log_scale(self):
        # 50 to 200 in ten months passes 100 after five
        assert reference_class.crossing(lab(("2024-01", 50), ("2024-11", 200))) == reference_class.count("2024-06")

    def test_is_the_first_figure_where_that_is_higher(self):
        assert reference_class.crossing(lab(("2023-10", 1300), ("2023-12", 2000))) == reference_class.count("2023-10")

    def test_is_the_month_of_a_figure_at_the_threshold(self):
        assert reference_class.crossing(lab(("2024-11", 100))) == reference_class.count("2024-11")


class TestPublished:
    def test_units_are_converted(self):
        tables = with_figures(figure("A", "2024-01", 0.4), figure("A", "2024-02", 400, unit="usd_m_per_year"))
        assert list(reference_class.published(tables)["usd_m_per_year"]) == [400, 400]

    def test_an_unknown_unit_is_an_error(self):
        with pytest.raises(KeyError):
            reference_class.published(with_figures(figure("A", "2024-01", 0.4, unit="eur_m")))

    def test_a_figure_stands_in_the_last_month_of_its_period(self):
        tables = with_figures(figure("A", "2023-01", 0.1, period_end="2023-12-31"))
        assert reference_class.published(tables)[["first_month", "month"]].to_numpy().tolist() == [["2023-01", "2023-12"]]


class TestObserved:
    def test_growth_is_compounded(self):
        rows = reference_class.observed(with_figures(figure("A", "2024-01", 0.1), figure("A", "2025-01", 0.1 * 1.1**12)))
        assert rows.loc[0, "per_month"] == pytest.approx(0.1)
        assert rows.loc[0, "months"] == 12

    def test_range_is_what_dates_and_values_allow(self):
        first = figure("A", "2023-01", 0.1, period_end="2023-12-31", value_high=0.2)
        row = reference_class.observed(with_figures(first, figure("A", "2024-12", 0.4))).loc[0]
        assert row["per_month"] == pytest.approx(4 ** (1 / 12) - 1)
        assert row["low_per_month"] == pytest.approx(2 ** (1 / 23) - 1)
        assert row["high_per_month"] == pytest.approx(4 ** (1 / 12) - 1)

    def test_one_figure_is_no_growth(self):
        rows = reference_class.observed(
            with_figures(figure("A", "2024-01", 1), figure("B", "2024-01", 1), figure("B", "2024-05", 2))
        )
        assert list(rows["lab"]) == ["B"]

    def test_fastest_first_and_yearly_revenue_is_named(self):
        rows = reference_class.observed(TABLES)
        assert rows["per_month"].is_monotonic_decreasing
        assert set(rows.loc[rows["measure"] == "revenue", "lab"]) == {"Midjourney"}

    def test_own_company_is_not_among_the_others(self):
        assert reference_class.OWN not in set(reference_class.observed(TABLES)["lab"])


class TestPaths:
    def test_every_laboratory_passes_the_threshold_at_0(self):
        rows = reference_class.paths(run(), TABLES).query("role == 'laboratory' and not starts_above")
        for _, path in rows.groupby("series"):
            at = np.interp(0, path["since_months"], np.log(path["usd_m_per_year"]))
            assert math.exp(at) == pytest.approx(100, rel=1e-9)

    def test_a_record_that_starts_above_begins_at_0(self):
        rows = reference_class.paths(run(), TABLES).query("role == 'laboratory' and starts_above")
        assert set(rows.groupby("series")["since_months"].first()) == {0}

    def test_model_is_twelve_times_monthly_revenue_seven_months_on(self):
        path = reference_class.paths(run(), TABLES).query("role == 'model'").iloc[0]
        assert path["since_months"] == 7  # November 2024 to June 2025
        assert path["usd_m_per_year"] == pytest.approx(12 * 17.3)

    def test_needed_path_ends_at_the_revenue_that_meets_spending(self):
        case = run()
        end = reference_class.paths(case, TABLES).query("role == 'needed'").iloc[-1]
        central = {e.name: e.central for e in case.case.estimates}
        spend = sum(oracle.undiminished_spend(central, 30, "gross", ()).values())
        start, v = oracle.revenue_at_start(central), central["serving_cost_ratio"]
        assert end["month"] == "2027-12"
        assert end["usd_m_per_year"] == pytest.approx(12 * (spend - v * start) / (1 - v))

    def test_without_revenue_only_the_laboratories_are_left(self):
        names = {f"revenue_{name}_usd_m": 0 for name in oracle.STREAMS}
        assert set(reference_class.paths(run(**names), TABLES)["role"]) == {"laboratory"}

    def test_yearly_revenue_is_not_drawn(self):
        assert "Midjourney" not in set(reference_class.paths(run(), TABLES)["series"])


class TestModelGrowth:
    def test_is_the_growth_of_total_revenue_to_the_target(self):
        case = run()
        revenue = case.central_path.revenue[0]
        own = reference_class.model_growth(case)
        assert own["central"] == pytest.approx((revenue[30] / revenue[0]) ** (1 / 30) - 1)
        assert own["p5"] < own["p50"] < own["p95"]

    def test_stops_at_the_horizon(self):
        assert reference_class.model_growth(run(horizon_months=6))["months"] == 5

    def test_is_none_without_revenue_or_months(self):
        assert reference_class.model_growth(run(horizon_months=1)) is None
        assert reference_class.model_growth(run(**{f"revenue_{name}_usd_m": 0 for name in oracle.STREAMS})) is None


class TestStanding:
    def growth_of(self, *rates_and_months: tuple[float, int]):
        figures = []
        for number, (rate, months) in enumerate(rates_and_months):
            year, month = divmod(months, 12)
            last = figure(f"L{number}", f"{2020 + year}-{month + 1:02d}", 0.1 * (1 + rate) ** months)
            figures += [figure(f"L{number}", "2020-01", 0.1), last]
        return with_figures(*figures)

    def test_counts_the_fast(self):
        place = reference_class.standing(run(), self.growth_of((0.5, 12), (0.4, 36), (0.05, 36)))
        assert (place["labs"], place["as_fast_least"], place["as_fast_most"]) == (3, 2, 2)
        assert place["fastest"]["lab"] == "L0"

    def test_sentence_turns_when_none_is_as_fast(self):
        slow = self.growth_of((0.05, 36), (0.04, 36))
        text = revenue_gap.growth(run(), slow).text
        assert "none of 2 other laboratories" in text
        assert "none of 2 laboratories" in revenue_figures.growth(run(), slow).headline

    def test_sentence_counts_when_some_are(self):
        fast = self.growth_of((0.5, 40), (0.4, 3), (0.01, 40))
        assert "2 of 3 other laboratories with published run-rates grew that fast" in revenue_gap.growth(run(), fast).text
        assert revenue_gap.headings(run(), fast)["reference_class"].endswith("2 of 3 other laboratories grew that fast")

    def test_no_growth_is_needed_when_revenue_covers_spending(self):
        finding = revenue_gap.growth(run(monthly_burn_usd_m=1), TABLES)
        assert finding.text == "Revenue needs no growth to cover spending in December 2027 in the median run."

    def test_no_growth_helps_without_revenue(self):
        names = {f"revenue_{name}_usd_m": 0 for name in oracle.STREAMS}
        assert revenue_gap.growth(run(**names), TABLES).text.startswith("There is no revenue to start from")


class TestTable:
    def test_needed_growth_stands_where_it_ranks(self):
        names = list(revenue_tables.growth(run(), TABLES)["Who"])
        assert names.index("Anthropic") < names.index("Needed by xAI") < names.index("OpenAI")
        dear = list(revenue_tables.growth(run(serving_cost_ratio=0.99), TABLES)["Who"])
        assert dear[0] == "Needed by xAI"

    def test_a_rate_that_does_not_exist_has_no_row(self):
        names = {f"revenue_{name}_usd_m": 0 for name in oracle.STREAMS}
        assert not any("xAI" in who for who in revenue_tables.growth(run(**names), TABLES)["Who"])
