"""The sentences of the index page and the check against the market turn when the numbers do."""

import pytest

from analysis import results
from analysis.findings import market, overview
from analysis.parameters import resolve

FAST = {"draws": "256"}


def case(tables, **overrides):
    return results.Run(resolve(tables, "as_reported", FAST | overrides))


@pytest.fixture(scope="module")
def stored(tables):
    return results.as_dict(case(tables))


class TestAnswer:
    def test_it_names_burn_funding_runway_and_how_sure(self, stored, tables):
        text = overview.answer(stored, tables).text
        assert "$1.0bn a month" in text and "$9.3bn" in text and "of 100 runs" in text

    def test_cash_that_does_not_run_out_is_said(self, tables):
        rich = results.as_dict(case(tables, opening_cash_usd_m="900000"))
        text = overview.answer(rich, tables).text
        assert "does not run out within the 60 months" in text
        assert "in none of the runs it is gone within a year" in text

    def test_a_short_horizon_says_nothing_about_a_year(self, tables):
        short = results.as_dict(case(tables, horizon_months="6"))
        assert "within a year" not in overview.answer(short, tables).text


class TestOutcome:
    def test_cash_spent_is_divided_by_its_months(self, tables):
        text, ref = overview.outcome(tables)
        row = tables.evidence.loc[ref]
        assert row.measure == "cash_spent"
        assert f"${round(row.value / 9, -1):.0f}m a month" in text  # nine months
        assert "below the claim" in text


class TestAgreement:
    def test_one_case_has_nothing_to_agree_with(self, stored):
        assert overview.agreement([stored]) == ""

    def test_cases_that_do_not_run_out_are_counted(self, stored, tables):
        rich = results.as_dict(case(tables, opening_cash_usd_m="900000"))
        assert overview.agreement([stored, rich]).startswith("In 1 of 2 cases")


class TestBesideMarket:
    def test_below_above_and_between(self, tables):
        prices = market.beside_market(case(tables), tables)
        assert "below all of them" in prices.text
        dear = case(tables, exit_revenue_multiple="9000", opening_cash_usd_m="900000")
        assert "above all of them" in market.beside_market(dear, tables).text
        rich = case(tables, opening_cash_usd_m="200000", monthly_burn_usd_m="1", share_compute="0.5")
        assert "between them" in market.beside_market(rich, tables).text

    def test_it_names_the_published_valuations(self, tables):
        found = market.beside_market(case(tables), tables)
        assert "$51bn (December 2024)" in found.text and "$250bn (February 2026)" in found.text
        assert sum(ref.startswith("E") for ref in found.refs) == 4
