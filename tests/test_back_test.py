"""Forecasts of June 2025 against what came: arithmetic by hand, and what the record of other laboratories says."""

import numpy as np
import pytest

from analysis.inputs.parameters import resolve
from analysis.results import back_test
from analysis.results.results import Result

FLAT = {f"growth_{name}_per_year": 0 for name in ("compute", "talent", "data", "compliance", "unidentified")}
STEADY = {f"growth_{name}_per_month": 0 for name in ("subscriptions", "advertising", "data_services")}


@pytest.fixture(scope="module")
def items(tables, base_result):
    return back_test.items(base_result, tables).set_index(["item", "first_month"])


def test_known_months_stand_and_the_rest_is_the_forecast(tables):
    certain = (
        FLAT
        | STEADY
        | {"monthly_burn_usd_m": 1000, "revenue_start_usd_m": 20, "committed_debt_usd_m": 0, "draws": 16}
    )
    frame = back_test.items(Result(resolve(tables, "as_reported", certain)), tables).set_index(
        ["item", "first_month"]
    )
    cash, nine_months, quarter = (
        frame.loc[key] for key in (("cash_spent", "2025-01"), ("revenue", "2025-01"), ("revenue", "2025-07"))
    )
    assert cash["p50_usd_m"] == pytest.approx(
        2600 + 220 + 6 * 980
    )  # a quarter as published, six months at the claim
    assert nine_months["p50_usd_m"] == pytest.approx(52 + 6 * 20)
    assert quarter["p50_usd_m"] == pytest.approx(3 * 20)


def test_the_naive_forecast_is_the_last_published_figure_held_flat(items):
    naive = items["naive_usd_m"].to_dict()
    assert naive == {
        ("cash_spent", "2025-01"): pytest.approx(3 * 2820),
        ("revenue", "2025-01"): pytest.approx(3 * 52),
        ("revenue", "2025-07"): pytest.approx(52),
        ("funds_raised", "2025-06"): 6000,
    }


def test_money_raised_is_what_was_being_placed_and_the_rounds_up_to_the_month(tables):
    certain = {
        "committed_equity_usd_m": 1000,
        "committed_debt_usd_m": 200,
        "first_round_month": 6,
        "draws": 16,
    }
    rounds = {"round_interval_months": 240, "round_size_usd_m": 500, "round_success_probability": 1}
    alive = {"opening_cash_usd_m": 50_000}
    frame = back_test.items(Result(resolve(tables, "as_reported", certain | rounds | alive)), tables)
    raised = frame[frame["item"] == "funds_raised"].iloc[0]
    assert raised["p50_usd_m"] == pytest.approx(1700)
    assert (raised["outcome_usd_m"], raised["first_month"], raised["last_month"]) == (
        30_000,
        "2025-06",
        "2026-01",
    )


def test_a_figure_published_as_a_range_has_its_ends(items):
    row = items.loc[("revenue", "2025-01")]
    assert (row["outcome_low_usd_m"], row["outcome_usd_m"], row["outcome_high_usd_m"]) == (200, 205, 210)


def test_hits_and_the_closer_guess_follow_from_the_numbers(items):
    inside = items["outcome_usd_m"].between(items["p5_usd_m"], items["p95_usd_m"])
    assert items["inside"].tolist() == inside.tolist()
    nearer = (items["p50_usd_m"] - items["outcome_usd_m"]).abs() < (
        items["naive_usd_m"] - items["outcome_usd_m"]
    ).abs()
    assert items["closer"].tolist() == nearer.tolist()


@pytest.mark.parametrize(
    ("count", "least", "chance"), [(1, 1, 0.9), (4, 4, 0.6561), (4, 0, 1.0), (3, 2, 0.972)]
)
def test_what_a_true_band_would_hold(count, least, chance):
    assert back_test.chance_of_hits(count, least) == pytest.approx(chance)


def test_a_pace_is_that_of_a_year_at_the_middle_of_its_period(tables):
    rates = back_test.run_rates(tables).set_index("evidence")
    assert rates.loc["E032", "usd_m_per_year"] == pytest.approx(4 * 107)  # a quarter's revenue
    assert rates.loc["E188", "usd_m_per_year"] == pytest.approx(300)  # a year's
    assert rates.loc["E168", "usd_m_per_year"] == pytest.approx(10_000)  # a run-rate in billions
    assert str(rates.loc["E032", "date"])[:10] == "2025-08-15"


def test_multiples_are_growth_after_the_delay(tables):
    certain = {"growth_endurance": 1, "time_to_market_months": 2, "draws": 16}
    rate = {f"growth_{name}_per_month": 0.1 for name in ("subscriptions", "advertising", "data_services")}
    inputs = resolve(tables, "as_reported", certain | rate).sample()
    np.testing.assert_allclose(back_test.multiples(inputs, [1.5, 12])[:, 0], [1, 1.1**10])
    nothing = resolve(tables, "as_reported", {"revenue_start_usd_m": 0, "draws": 16}).sample()
    assert np.isnan(back_test.multiples(nothing, [6])).all()


def test_windows_are_many_and_those_that_set_the_growth_fit(tables, base_result):
    windows = back_test.windows(base_result, tables)
    assert len(windows) >= 20 and windows["months"].between(5, 14.5).all()
    earlier = windows[windows["set_by"]]
    assert earlier["inside"].mean() >= 0.8
    assert (windows["p5"] < windows["p50"]).all() and (windows["p50"] < windows["p95"]).all()
