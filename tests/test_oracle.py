"""The project's model against a second one (tests/oracle.py): every month, metric and mix of options."""

import math
import random

import numpy as np
import pytest

from analysis.inputs.parameters import change, resolve
from analysis.inputs.place import DATA
from analysis.model.options import PORTFOLIOS
from analysis.results.results import Result
from tests import oracle

TOLERANCE = 1e-9  # relative
NOTHING = 1e-10  # what may be left where amounts cancel
RANDOM_CASES = 100
FEWEST_DRAWS = 16  # the central path does not depend on the draws
AT_A_BOUND = 0.03  # how often a random input lies on its least value

SETTINGS = ("burn_basis", "start_month", "horizon_months", "target_month")
FLOWS = (
    "spend",
    "revenue",
    "net_burn",
    "funding",
    "cash",
    "debt",
    "interest",
    "core_revenue",
)
ENDS = {  # what only a path at the end of a range shows
    "no_revenue": {"revenue_start_usd_m": 0},
    "cap_below_start": {"revenue_start_usd_m": 900, "revenue_cap_usd_m_per_month": 400},
    "decline_above_cap": {
        "revenue_start_usd_m": 900,
        "revenue_cap_usd_m_per_month": 400,
        "growth_subscriptions_per_month": -0.05,
        "growth_data_services_per_month": -0.05,
    },
    "decline_under_near_cap": {
        "revenue_start_usd_m": 900,
        "revenue_cap_usd_m_per_month": 1000,
        "growth_subscriptions_per_month": -0.05,
        "growth_data_services_per_month": -0.05,
    },
    "cap_within_reach": {"revenue_cap_usd_m_per_month": 25, "growth_subscriptions_per_month": 0.4},
    "shares_above_one": {"revenue_share_subscriptions": 0.9, "revenue_share_advertising": 0.6},
    "delay_beyond_horizon": {"time_to_market_months": 90, "integration_months_saved": 10},
    "no_delay_left": {"time_to_market_months": 2.5, "integration_months_saved": 9},
    "one_month": {"horizon_months": 1},
    "twelve_months": {"horizon_months": 12},
    "thirteen_months": {"horizon_months": 13},
    "target_beyond_horizon": {"horizon_months": 12, "debt_term_months": 10},
    "net_burn_claimed": {"burn_basis": "net", "revenue_start_usd_m": 300},
    "profitable_with_partner": {"partner_income_usd_m_per_month": 30_000, "partner_lead_months": 3.5},
    "profitable_from_start": {"revenue_start_usd_m": 3000},
    "partner_from_start": {"partner_lead_months": 0},
    "debt_repaid_inside": {"debt_term_months": 4, "committed_funding_month": 2.7},
    "debt_repaid_outside": {"debt_term_months": 30, "committed_funding_month": 30},
    "placed_after_horizon": {"committed_funding_month": 70},
    "another_start": {"start_month": "2026-11", "target_month": "2029-02"},
    "no_fading": {"growth_endurance": 1, "spend_growth_endurance": 1},
    "no_fading_of_no_growth": {"growth_endurance": 1, "growth_advertising_per_month": 0},
    "nothing_spent_or_earned": {"monthly_burn_usd_m": 0, "revenue_start_usd_m": 0, "committed_debt_usd_m": 0},
    "no_growth": {
        "growth_subscriptions_per_month": 0,
        "growth_compute_per_year": 0,
        "focus_growth_penalty": 1,
    },
    "parts_above_claim": {"monthly_burn_usd_m": 150},
    "patient_investors": {"investor_patience": 0.9, "round_size_usd_m": 15_000},
    "impatient_investors": {"investor_patience": 0.1, "round_size_usd_m": 15_000},
    "no_refusal": {"round_success_probability": 1, "round_interval_months": 1.5},
    "first_round_in_last_month_of_cash": {"first_round_month": 10, "round_size_usd_m": 1},
    "no_round": {"round_success_probability": 0},
    "no_cash": {"opening_cash_usd_m": 0, "committed_equity_usd_m": 0, "committed_debt_usd_m": 0},
    "fair_without_growth": {"valuation_usd_m": 100},
    "multiple_at_its_cap": {"exit_multiple_per_growth": 500},
}


def random_input(row, spread, rng):
    """Return a value from a range `spread` times as wide as the estimate's at each end, within its bounds."""
    low, high = (row.central, row.central + 12) if math.isnan(row.low) else (row.low, row.high)
    if spread > 1 and rng.random() < AT_A_BOUND:
        return row.minimum
    if row.domain in ("share", "probability") and spread > 1:
        return rng.uniform(row.minimum, min(row.maximum, 0.99))
    if row.domain == "positive" and low > 0:
        value = low / spread * (spread**2 * high / low) ** rng.random()
    else:
        beyond = (spread - 1) / 4 * (high - low)
        value = rng.uniform(low - beyond, high + beyond)
    return min(max(value, row.minimum), row.maximum)


def random_overrides(tables, seed):
    """Return every input and setting: in a third of the cases within the estimates, else far outside."""
    rng = random.Random(seed)
    spread = rng.choice((1, 2, 6))
    chosen = {row.name: random_input(row, spread, rng) for row in tables.assumptions.itertuples()}
    return chosen | {
        "burn_basis": rng.choice(("gross", "net")),
        "horizon_months": rng.choice((1, 2, 12, 13, 36, 37, 60, 60, 60, 60, 60, 90)),
        "start_month": rng.choice(("2025-01", "2025-06", "2025-12", "2026-02")),
        "target_month": rng.choice(("2026-03", "2027-12", "2031-01")),
    }


def central_values(summaries):
    """Return metric -> central value; probabilities and means over the draws have none."""
    return {name: summary["central"] for name, summary in summaries.items() if "central" in summary}


def months_of(path):
    """Return (flow or stock, month) and (whole, part, month) -> usd_m of a trajectory with one draw."""
    flows = {name: getattr(path, name) for name in FLOWS}
    flows["x_advertising"] = np.broadcast_to(path.operations.levers.x_advertising, path.spend.shape)
    found = {(name, month): value for name in flows for month, value in enumerate(flows[name][0])}
    kept = path.operations.levers.spend_kept
    base = {name: values * kept for name, values in path.model.base.items()}
    for whole, parts in (("base", base), ("streams", path.streams)):
        for part, values in parts.items():
            found |= {(whole, part, month): value for month, value in enumerate(values[0])}
    return found


def at(expected, key):
    """Return what the oracle says of a metric, of (flow or stock, month) or of (whole, part, month)."""
    if isinstance(key, str):
        return expected[key]
    name, *part, month = key
    return expected[name][month][part[0]] if part else expected[name][month]


def differences(expected, found):
    """Return key -> (expected, found) of what the oracle says otherwise; a key that it lacks is an error."""
    both = {key: (at(expected, key), value) for key, value in found.items()}
    return {key: values for key, values in both.items() if not same(*values)}


def same(expected, found):
    if expected is None or found is None or isinstance(expected, str):
        return expected == found
    return math.isclose(expected, found, rel_tol=TOLERANCE, abs_tol=NOTHING)


def check(case):
    """Compare the central path of a case: its metrics, then every mix of options with every month."""
    inputs = {each.name: each.central for each in case.estimates}
    settings = {name: getattr(case.settings, name) for name in SETTINGS}
    result = Result(case)
    expected = oracle.central(inputs, settings)
    assert differences(expected, central_values(result.metrics)) == {}
    for name, chosen in PORTFOLIOS.items():
        expected = oracle.portfolio(inputs, settings, chosen)
        path = result.central_model.trajectory(chosen)
        found = central_values(result.portfolio_metrics[name]) | months_of(path)
        assert differences(expected, found) == {}, name
        placed = path.rounds.placed(path.out_month).sum() if path.rounds else 0
        assert len(expected["rounds"]) == placed, name


SCENARIOS = sorted(path.stem for path in (DATA / "scenarios").glob("*.yaml"))


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_scenario(tables, scenario):
    check(resolve(tables, scenario, {"draws": FEWEST_DRAWS}))


@pytest.mark.parametrize("name", ENDS)
def test_end_of_a_range(base_case, name):
    check(change(base_case, ENDS[name] | {"draws": FEWEST_DRAWS}))


@pytest.mark.parametrize("seed", range(RANDOM_CASES))
def test_random_inputs(tables, base_case, seed):
    check(change(base_case, random_overrides(tables, seed) | {"draws": FEWEST_DRAWS}))
