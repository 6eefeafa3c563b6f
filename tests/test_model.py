"""The model against hand calculation and against what must always hold of it (analysis/model/README.md)."""

import types

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.inputs import tables as inputs
from analysis.model import cash, costs, growth, revenue, value
from analysis.model.memo import Memo
from analysis.model.options import OPTIONS, PORTFOLIOS, STAY, Model
from analysis.results.metrics import METRICS, OF_CASE, OF_PORTFOLIO, measures
from tests.cases import random_inputs

SEEDS = st.integers(0, 10**6)
NEUTRAL = {  # the levers of each option that change nothing
    "raise_capital": {"round_size_usd_m": 0},
    "partner": dict.fromkeys(
        (
            "partner_upfront_usd_m",
            "partner_income_usd_m_per_month",
            "partner_compute_share",
            "partner_revenue_share",
        ),
        0,
    ),
    "focus": dict.fromkeys(("focus_spend_cut", "focus_one_off_usd_m", "focus_growth_penalty"), 0),
    "integrate_x": dict.fromkeys(
        (
            "integration_months_saved",
            "integration_growth_uplift",
            "integration_ads_uplift",
            "integration_cost_usd_m_per_month",
        ),
        0,
    ),
}
few = settings(max_examples=10)


def array(*values):
    return np.array(values, dtype=float)


def changed(x, **values):
    """Return inputs with some replaced in every draw."""
    shape = x["headcount"].shape
    return x | {name: np.array(np.broadcast_to(given, shape), dtype=float) for name, given in values.items()}


def model_of(x, horizon=60, basis="gross", target=30, memo=None):
    return Model(
        x, types.SimpleNamespace(burn_basis=basis, horizon_months=horizon, target_months=target), memo
    )


def path_of(x, portfolio=(), **chosen):
    return model_of(x, **chosen).trajectory(portfolio)


def draws_of(seed, count=8):
    return random_inputs(inputs.load(), np.random.default_rng(seed), count)


@pytest.fixture(scope="module")
def central(base_case):
    return base_case.central()


@pytest.fixture(scope="module")
def flat(central):
    """One draw without growth, serving cost, revenue or new money: 100 a month is spent, 1000 is in hand."""
    still = dict.fromkeys((name for name in central if name.startswith(("growth_", "committed_"))), 0)
    still |= {
        "growth_endurance": 1,
        "spend_growth_endurance": 1,
        "serving_cost_ratio": 0,
        "revenue_start_usd_m": 0,
    }
    still |= {
        "revenue_cap_usd_m_per_month": 1e6,
        "revenue_share_subscriptions": 1,
        "revenue_share_advertising": 0,
    }
    return changed(central, **still, monthly_burn_usd_m=100, opening_cash_usd_m=1000)


@pytest.fixture(scope="module")
def parts(flat):
    return changed(
        flat, gpus_added_per_month=10000, gpu_all_in_usd=50000, gpus_installed=200000, gpu_power_kw=1.25, pue=1.2,
        electricity_usd_per_kwh=0.1, hardware_stock_usd_m=6000, maintenance_share_per_year=0.02,
        cloud_gpu_hours_m_per_month=8, cloud_usd_per_gpu_hour=2.5, headcount=1200,
        cash_cost_per_head_usd_k_per_year=400, annotators=1000, annotator_hours_per_month=150,
        annotator_usd_per_hour=40, data_licences_usd_m_per_year=60, data_preparation_usd_m_per_year=36,
        compliance_share_of_spend=0.01, fines_usd_m_per_year=12, monthly_burn_usd_m=1000,
    )  # fmt: skip


@pytest.fixture(scope="module")
def models(base_case):
    wide = draws_of(11, 64)
    some = {name: values[:128] for name, values in base_case.sample().items()}
    return [model_of(wide), model_of(wide, horizon=7, basis="net"), model_of(some)]


@pytest.fixture(scope="module")
def priced(flat):
    return changed(
        flat, revenue_start_usd_m=10, exit_multiple_floor=20, exit_multiple_per_growth=0, discount_rate_per_year=0.1,
        distress_recovery_share=0.25, hardware_recovery_share=0.5, hardware_stock_usd_m=600,
        gpus_added_per_month=0, gpus_installed=0, maintenance_share_per_year=0, cloud_gpu_hours_m_per_month=0,
    )  # fmt: skip


class TestGrowth:
    @pytest.mark.parametrize("endurance", [0.01, 0.3, 0.9, 0.999])
    def test_next_years_log_growth_is_endurance_times_this_years(self, endurance):
        yearly = np.diff(growth.faded_months(37, array(endurance))[0, ::12])
        assert yearly[1:] / yearly[:-1] == pytest.approx([endurance] * 2, rel=1e-9)

    def test_known_value(self):
        """1.1 a month at first, half of it the next year: ln 1.1 · 12/ln 2 · (1 − 1/2) after a year."""
        factor = growth.factor(np.log(array(1.1)), growth.faded_months(13, array(0.5)))
        assert factor[0, [0, 12]] == pytest.approx([1, 1.1 ** (6 / 0.6931471805599453)], rel=1e-13)

    @pytest.mark.parametrize("distance", [1e-6, 1e-9, 1e-12, 0])
    def test_endurance_towards_one_gives_compound_growth_after_the_delay(self, distance):
        faded = growth.faded_months(61, array(1 - distance), array(2.5))[0]
        assert faded == pytest.approx(
            np.maximum(0, np.arange(61) - 2.5), rel=max(1e-12, 200 * distance), abs=1e-12
        )

    @given(st.floats(0.001, 1), st.floats(0, 240), st.integers(1, 240))
    @few
    def test_month_by_month_is_as_the_formula_says(self, endurance, delay, horizon):
        expected = growth.faded_at(np.maximum(0.0, np.arange(horizon) - delay), np.array(endurance))
        assert growth.faded_months(horizon, array(endurance), array(delay))[0] == pytest.approx(
            expected, rel=1e-9, abs=1e-9
        )

    def test_no_growth_is_constant(self):
        assert (growth.factor(array(0), growth.faded_months(61, array(0.5))) == 1).all()

    @pytest.mark.parametrize("rate", [-0.3, 0.02, 0.15])
    def test_the_limit_is_where_growth_goes(self, rate):
        far = np.exp(np.log1p(rate) * growth.faded_at(5000.0, array(0.5)))
        assert growth.limit(np.log1p(array(rate)), array(0.5)) == pytest.approx(far, rel=1e-9)

    def test_limit_of_growth_that_never_fades(self):
        assert growth.limit(np.log1p(array(0.1, -0.1, 0)), array(1, 1, 1)).tolist() == [np.inf, 0, 1]

    def test_yearly_growth_compounds_from_the_monthly(self):
        found = costs.log_growth({"growth_talent_per_year": array(-0.9, 0, 1.4)}, "talent")
        assert np.exp(12 * found) == pytest.approx([0.1, 1, 2.4], rel=1e-12)


class TestCosts:
    def test_nine_lines_known_by_hand(self, parts):
        model = model_of(parts)
        assert {name: float(line[0]) for name, line in model.lines.items()} == pytest.approx(
            {
                "hardware_purchases": 500, "power": 21.9, "maintenance": 10, "cloud_rental": 20, "talent": 40,
                "annotation": 6, "data_licences": 5, "data_preparation": 3, "compliance": 11,
            }
        )  # fmt: skip
        assert {name: float(each[0]) for name, each in model.categories.items()} == pytest.approx(
            {"compute": 551.9, "talent": 40, "data": 14, "compliance": 11, "unidentified": 383.1}
        )
        found = measures(model.trajectory(), OF_CASE)
        assert found["bottom_up_total_usd_m_per_month"] == pytest.approx([616.9])
        assert found["unexplained_usd_m_per_month"] == pytest.approx([383.1])
        assert found["share_compute"] == pytest.approx([0.5519])
        assert costs.hardware_share(model.lines) == pytest.approx([500 / 551.9])

    def test_parts_that_exceed_the_claim_are_scaled_to_it(self, parts):
        model = model_of(changed(parts, monthly_burn_usd_m=100))
        total = 616.9 - 9  # compliance is 1% of 100 instead of 1000
        assert model.categories["compute"] == pytest.approx([551.9 * 100 / total])
        assert model.categories["unidentified"].tolist() == [0]
        assert measures(model.trajectory(), OF_CASE)["unexplained_usd_m_per_month"] == pytest.approx(
            [100 - total]
        )

    def test_nothing_spent_has_no_shares(self, parts):
        found = measures(path_of(changed(parts, monthly_burn_usd_m=0)), OF_CASE)
        assert np.isnan(found["share_compute"]).all()
        assert found["coverage_ratio_start"].tolist() == [np.inf]

    def test_without_compute_there_is_no_hardware(self, flat):
        names = (
            "gpus_added_per_month",
            "gpus_installed",
            "hardware_stock_usd_m",
            "cloud_gpu_hours_m_per_month",
        )
        model = model_of(changed(flat, **dict.fromkeys(names, 0)))
        assert costs.hardware_share(model.lines).tolist() == [0]
        assert np.isfinite(model.trajectory().value).all()


class TestRevenue:
    @given(SEEDS)
    @few
    def test_far_cap_leaves_revenue_as_it_is_and_any_cap_is_kept(self, seed):
        x = draws_of(seed)
        model = model_of(changed(x, revenue_cap_usd_m_per_month=1e40))
        total = sum(model.unlimited().values())
        np.testing.assert_allclose(model.core_revenue(), total, rtol=1e-9, atol=1e-9)
        model = model_of(x)
        limit = np.maximum(x["revenue_cap_usd_m_per_month"], x["revenue_start_usd_m"])[:, None]
        total = model.core_revenue()
        assert ((total >= 0) & (total <= limit * (1 + 1e-12))).all()

    def test_known_answer_under_a_cap(self, flat):
        """10 a month, doubled by month 1 without fading, under a cap of 30: 10 + 20·(1 − exp(−1/2))."""
        x = changed(
            flat, revenue_start_usd_m=10, growth_subscriptions_per_month=1, revenue_cap_usd_m_per_month=30
        )
        total = model_of(changed(x, time_to_market_months=0)).core_revenue()
        assert total[0, :2] == pytest.approx([10, 10 + 20 * (1 - np.exp(-0.5))])

    @pytest.mark.parametrize(("rate", "second"), [(0.5, 10), (-0.5, 5)])
    def test_a_cap_at_or_below_the_start_only_lets_revenue_fall(self, flat, rate, second):
        x = changed(
            flat, revenue_start_usd_m=10, growth_subscriptions_per_month=rate, revenue_cap_usd_m_per_month=8
        )
        total = model_of(changed(x, time_to_market_months=0)).core_revenue()
        assert total[0, :2] == pytest.approx([10, second])

    def test_a_fall_under_a_near_cap_ends_at_nothing(self, flat):
        x = changed(
            flat,
            revenue_start_usd_m=10,
            growth_subscriptions_per_month=-0.5,
            revenue_cap_usd_m_per_month=10.001,
        )
        assert model_of(changed(x, time_to_market_months=0)).core_revenue()[0, 1] == 0

    def test_shares_above_one_are_scaled(self, flat):
        x = changed(
            flat, revenue_start_usd_m=10, revenue_share_subscriptions=0.9, revenue_share_advertising=0.6
        )
        assert [float(each[0]) for each in revenue.starts(x).values()] == pytest.approx([6, 4, 0])

    def test_the_ceiling_is_where_revenue_goes(self):
        x = changed(draws_of(5, 64), growth_endurance=0.4, time_to_market_months=1)
        far = model_of(x, horizon=240).core_revenue()[:, -1]
        np.testing.assert_allclose(revenue.ceiling(x), far, rtol=1e-4)
        unfading = revenue.ceiling(changed(x, growth_endurance=1, growth_subscriptions_per_month=0.1))
        assert unfading == pytest.approx(
            np.maximum(x["revenue_cap_usd_m_per_month"], x["revenue_start_usd_m"])
        )


class TestIdentities:
    @pytest.mark.parametrize("name", PORTFOLIOS)
    def test_cash_and_debt_corkscrew_in_every_draw_and_month(self, models, name):
        for model in models:
            path, x = model.trajectory(PORTFOLIOS[name]), model.inputs
            before = np.column_stack([x["opening_cash_usd_m"], path.cash[:, :-1]])
            error = np.abs(before - path.net_burn + path.funding - path.cash)
            assert (error <= 1e-9 * np.maximum(1, np.abs(path.cash))).all()
            months = np.arange(model.horizon)
            drawn = np.floor(x["committed_funding_month"])[:, None]
            due = drawn + np.floor(x["debt_term_months"])[:, None]
            amount = x["committed_debt_usd_m"][:, None]
            owed = np.column_stack([np.zeros(len(amount)), path.debt[:, :-1]])
            assert (path.debt == owed + amount * (months == drawn) - amount * (months == due)).all()
            assert path.interest == pytest.approx(owed * x["debt_interest_per_year"][:, None] / 12)

    @pytest.mark.parametrize("name", PORTFOLIOS)
    def test_parts_sum_to_spending_and_streams_to_revenue(self, models, name):
        for model in models:
            path, on = model.trajectory(PORTFOLIOS[name]), model.levers(PORTFOLIOS[name])
            np.testing.assert_allclose(sum(path.spend_parts.values()), path.spend, rtol=1e-9, atol=1e-9)
            np.testing.assert_allclose(sum(path.streams.values()), path.core_revenue, rtol=1e-9, atol=1e-9)
            earned = (path.core_revenue + on.x_advertising) * on.revenue_kept
            np.testing.assert_allclose(path.revenue, earned, rtol=1e-12)
            np.testing.assert_allclose(
                path.net_burn, path.spend - path.revenue - on.income, rtol=1e-9, atol=1e-6
            )

    def test_month_zero_is_the_claim(self, models):
        for model in models:
            x, path = model.inputs, model.trajectory()
            np.testing.assert_allclose(sum(model.categories.values()), model.spending_start, rtol=1e-12)
            np.testing.assert_allclose(path.spend[:, 0], model.spending_start, rtol=1e-12)
            claimed = path.net_burn[:, 0] if model.settings.burn_basis == "net" else path.spend[:, 0]
            np.testing.assert_allclose(claimed, x["monthly_burn_usd_m"], rtol=1e-9, atol=1e-9)

    def test_portfolios_are_named_in_the_order_of_the_options(self):
        assert next(iter(PORTFOLIOS)) == STAY
        assert len(PORTFOLIOS) == 2 ** len(OPTIONS)
        for name, chosen in PORTFOLIOS.items():
            assert name == ("+".join(option for option in OPTIONS if option in chosen) or STAY)

    def test_all_trajectories_are_those_asked_for_one_by_one(self, models):
        model = models[0]
        together = dict(model.trajectories())
        assert sorted(together) == sorted(PORTFOLIOS)
        for name, path in together.items():
            alone = model_of(model.inputs).trajectory(PORTFOLIOS[name])
            assert (path.cash == alone.cash).all()
            assert (path.value == alone.value).all()

    @pytest.mark.parametrize("option", OPTIONS)
    def test_neutral_levers_change_no_bit(self, option):
        model = model_of(changed(draws_of(3, 64), **NEUTRAL[option]))
        for portfolio in (each for each in PORTFOLIOS.values() if option in each):
            path = model.trajectory(portfolio)
            other = model.trajectory(tuple(each for each in portfolio if each != option))
            for name in ("spend", "revenue", "net_burn", "funding", "cash", "debt", "core_revenue"):
                assert (getattr(path, name) == getattr(other, name)).all(), (portfolio, name)
            found, expected = measures(path, OF_PORTFOLIO), measures(other, OF_PORTFOLIO)
            assert all((found[name] == expected[name]).all() for name in found), portfolio

    @pytest.mark.parametrize("option", OPTIONS)
    def test_an_option_reads_its_inputs_and_no_other_portfolio_does(self, tables, central, option):
        """Each assumption of an option's group moves the value of the portfolio that has the option, and of no portfolio without it."""
        # solvent to the end, so that every month counts, and with rounds across the horizon
        x = changed(central, opening_cash_usd_m=1e6, first_round_month=50)
        without = tuple(other for other in OPTIONS if other != option)
        for name in tables.assumptions.index[tables.assumptions["group"] == option]:
            moved = changed(x, **{name: x[name] * 0.6})
            assert path_of(x, (option,)).value != path_of(moved, (option,)).value, name
            if name != "valuation_usd_m":  # the price of month 0 says what the shareholders own, too
                assert path_of(x, without).value == path_of(moved, without).value, name

    def test_months_lie_side_by_side_throughout(self, models):
        """One array in the other order would cost more than it computes."""
        for name, path in models[0].trajectories():
            for key in (
                "spend",
                "revenue",
                "net_burn",
                "funding",
                "cash",
                "debt",
                "interest",
                "core_revenue",
            ):
                assert getattr(path, key).flags.f_contiguous, (name, key)

    def test_cases_that_share_inputs_share_what_follows_from_them_and_nothing_else(self):
        memo, x = Memo(), draws_of(8)
        for name in (
            "monthly_burn_usd_m",
            "growth_compute_per_year",
            "growth_endurance",
            "focus_growth_penalty",
            "debt_term_months",
        ):
            x = changed(x, **{name: x[name] * 0.9})
            for portfolio in ((), ("focus", "integrate_x")):
                assert (path_of(x, portfolio, memo=memo).value == path_of(x, portfolio).value).all(), name
        assert model_of(x, memo=memo).core_revenue() is model_of(x, memo=memo).core_revenue()


class TestCash:
    @given(st.floats(1, 1e5), st.floats(0.01, 59.99))
    @few
    def test_constant_burn_lasts_cash_over_burn(self, flat, burn, months):
        path = path_of(changed(flat, monthly_burn_usd_m=burn, opening_cash_usd_m=burn * months))
        assert path.runway_months[0] == pytest.approx(months, rel=1e-9, abs=1e-9)

    @pytest.mark.parametrize(
        ("cash_usd_m", "months"), [(0, 0), (100, 1), (700, 7), (5999, 59.99), (6000, np.inf)]
    )
    def test_whole_months_no_cash_and_more_than_the_horizon(self, flat, cash_usd_m, months):
        assert path_of(changed(flat, opening_cash_usd_m=cash_usd_m)).runway_months == pytest.approx(
            [months], rel=1e-12
        )

    def test_profitable_from_month_zero(self, flat):
        path = path_of(changed(flat, opening_cash_usd_m=0, revenue_start_usd_m=100))
        assert path.runway_months.tolist() == [np.inf]
        assert path.operations.break_even_month.tolist() == [0]
        assert path.operations.funding_need.tolist() == [0]

    def test_interpolates_within_the_month_and_funding_of_the_month_counts(self):
        balance = cash.balance(array(100), array(30, 30, 60, 60)[None], np.zeros((1, 4)))
        assert balance.tolist() == [[70, 40, -20, -80]]
        assert cash.runway_months(array(100), balance, array(2)) == pytest.approx([2 + 40 / 60])
        balance = cash.balance(array(10), array(30, 30, 30)[None], array(0, 50, 0)[None])
        assert cash.runway_months(array(10), balance, cash.first_month(balance < 0)) == pytest.approx(
            [10 / 30]
        )

    @pytest.mark.parametrize(
        ("net_burn", "month"),
        [([1, 1, 1], np.inf), ([-1, -1, -1], 0), ([1, 0, 0], 1), ([-1, 1, -1], 2), ([-1, -1, 1], np.inf)],
    )
    def test_break_even_must_last(self, net_burn, month):
        assert cash.break_even_month(array(*net_burn)[None]).tolist() == [month]

    def test_what_is_missing_is_the_deepest_point_beyond_the_money_in_hand_and_being_placed(self, flat):
        x = changed(flat, monthly_burn_usd_m=100, committed_equity_usd_m=1500, committed_debt_usd_m=500)
        x = changed(x, debt_interest_per_year=0)
        assert path_of(x).operations.funding_need == pytest.approx([6000 - 1000 - 2000])
        assert path_of(changed(x, opening_cash_usd_m=5000)).operations.funding_need.tolist() == [0]
        late = changed(x, committed_funding_month=70)  # being placed, but after the horizon
        assert path_of(late).operations.funding_need == pytest.approx([3000])

    def test_debt_is_drawn_paid_for_and_repaid(self, flat):
        x = changed(
            flat, committed_debt_usd_m=240, committed_equity_usd_m=60, debt_interest_per_year=0.1,
            committed_funding_month=1.7, debt_term_months=3,
        )  # fmt: skip
        path = path_of(x, horizon=7)
        assert path.funding[0].tolist() == [0, 300, 0, 0, -240, 0, 0]
        assert path.debt[0].tolist() == [0, 240, 240, 240, 0, 0, 0]
        assert path.spend[0] == pytest.approx([100, 100, 102, 102, 102, 100, 100])
        assert path_of(x, horizon=4).funding.sum() == 300  # due after the horizon

    def test_present_value(self):
        assert value.present_value(array(121), array(0.1), array(24)) == pytest.approx([100])


class TestGap:
    @pytest.mark.parametrize("basis", ["gross", "net"])
    @pytest.mark.parametrize("target", [1, 30, 59])
    def test_required_growth_closes_the_gap_in_the_target_month(self, basis, target):
        """Inserted back as the growth of every stream, without fading, delay or cap, it gives N(T) = 0."""
        x = changed(draws_of(21, 32), revenue_start_usd_m=20)
        model = model_of(x, basis=basis, target=target)
        rates = dict.fromkeys(
            (f"growth_{stream}_per_month" for stream in revenue.STREAMS), model.required_growth
        )
        back = changed(
            x, **rates, growth_endurance=1, time_to_market_months=0, revenue_cap_usd_m_per_month=1e18
        )
        assert np.abs(path_of(back, basis=basis).net_burn[:, target]).max() <= 1e-6
        assert (1 + model.required_growth) ** target == pytest.approx(model.required_multiple, rel=1e-9)

    @pytest.mark.parametrize(("serving", "needed"), [(0, 100), (0.5, 190)])
    def test_known_answer(self, flat, serving, needed):
        """From 10 to 100 in 30 months without serving cost; with a serving cost of 1/2: (100 − 5)/(1/2) = 190."""
        model = model_of(changed(flat, revenue_start_usd_m=10, serving_cost_ratio=serving))
        assert model.required_multiple == pytest.approx([needed / 10])
        assert model.required_growth == pytest.approx([(needed / 10) ** (1 / 30) - 1])

    def test_the_target_may_lie_beyond_the_horizon_and_interest_counts(self, flat):
        x = changed(flat, revenue_start_usd_m=10, committed_debt_usd_m=1200, debt_interest_per_year=0.1)
        assert model_of(x, horizon=12).required_multiple == pytest.approx([11])

    @pytest.mark.parametrize("values", [{}, {"revenue_start_usd_m": 10, "serving_cost_ratio": 1}])
    def test_no_growth_is_enough_without_revenue_or_with_a_cost_of_a_dollar_a_dollar(self, flat, values):
        model = model_of(changed(flat, **values))
        assert model.required_growth.tolist() == model.required_multiple.tolist() == [np.inf]

    def test_months_beyond_the_horizon_are_unknown(self, flat):
        found = measures(path_of(flat, horizon=12), OF_CASE)
        for name in (
            "gap_12m_usd_m_per_month",
            "coverage_ratio_12m",
            "burn_multiple_12m",
            "gap_36m_usd_m_per_month",
        ):
            assert np.isnan(found[name]).all(), name
        assert found["gap_start_usd_m_per_month"].tolist() == [100]

    def test_burn_multiple(self, flat):
        """1.1 a month on 10: 12 months of 100 less revenue, over a year of the revenue gained; none without growth."""
        x = changed(flat, revenue_start_usd_m=10, growth_subscriptions_per_month=0.1, time_to_market_months=0)
        x = changed(x, revenue_cap_usd_m_per_month=1e15)
        earned = [10 * 1.1**t for t in range(13)]
        expected = (1200 - sum(earned[:12])) / (12 * (earned[12] - 10))
        burn = METRICS["burn_multiple_12m"].measure
        assert burn(path_of(x)) == pytest.approx([expected])
        assert burn(path_of(changed(x, growth_subscriptions_per_month=0))).tolist() == [np.inf]


class TestOptions:
    def test_rounds_until_the_first_refusal(self, flat):
        """u = 0.5 and p = 0.8: ⌊ln 0.5/ln 0.8⌋ = 3 rounds, in months ⌊2.5⌋, ⌊6.2⌋, ⌊9.9⌋, each at twice the price before."""
        x = changed(
            flat, round_success_probability=0.8, investor_patience=0.5, first_round_month=2.5, round_interval_months=3.7,
            round_size_usd_m=500, valuation_usd_m=1000, valuation_step_per_round=2,
        )  # fmt: skip
        path = path_of(x, ("raise_capital",))
        assert np.flatnonzero(path.funding[0]).tolist() == [2, 6, 9]
        assert path.rounds.placed(path.out_month).sum(axis=1).tolist() == [3]
        assert path.ownership == pytest.approx([2000 / 2500 * 4000 / 4500 * 8000 / 8500])
        assert path.runway_months == pytest.approx([25])

    def test_each_draw_has_its_own_rounds(self, flat):
        both = {name: np.repeat(values, 2) for name, values in flat.items()}
        x = changed(both, round_success_probability=0.8, first_round_month=2, round_interval_months=3)
        path = path_of(x | {"investor_patience": array(0.1, 0.5)}, ("raise_capital",))
        assert path.rounds.placed(path.out_month).sum(axis=1).tolist() == [0, 3]

    def test_money_being_placed_dilutes_too(self, flat):
        x = changed(flat, valuation_usd_m=900, committed_equity_usd_m=100)
        assert path_of(x).ownership == pytest.approx([0.9])
        assert path_of(changed(x, valuation_usd_m=0)).ownership.tolist() == [0]
        assert path_of(changed(x, valuation_usd_m=0, committed_equity_usd_m=0)).ownership.tolist() == [1]

    def test_no_round_after_cash_is_out(self, flat):
        x = changed(
            flat,
            round_success_probability=1,
            first_round_month=4,
            round_interval_months=30,
            round_size_usd_m=50,
        )
        path = path_of(
            x, ("raise_capital",)
        )  # 1050 at 100 a month: out in month 10, the round of month 34 is not had
        assert path.rounds.placed(path.out_month).sum(axis=1).tolist() == [1]
        assert path.funding.sum() == 50
        assert path.cash[0, -1] == pytest.approx(1050 - 6000)
        x = changed(
            x, first_round_month=9, round_interval_months=1
        )  # 50 in month 9, 0 in month 10, −50 in month 11
        path = path_of(x, ("raise_capital",))
        assert path.rounds.placed(path.out_month).sum(axis=1).tolist() == [3]
        assert path.funding.sum() == 150  # the one in the month that fails is had

    def test_rounds_for_certain_and_for_nobody(self, flat):
        x = changed(
            flat,
            round_success_probability=1,
            first_round_month=0.4,
            round_interval_months=1,
            round_size_usd_m=7,
        )
        assert path_of(x, ("raise_capital",)).funding[0, :3].tolist() == [7, 7, 7]
        nobody = path_of(changed(x, round_success_probability=0), ("raise_capital",))
        assert not nobody.rounds.placed(nobody.out_month).any()

    def test_partner_from_its_month_on(self, flat):
        """Compute is all that is spent: 20% of it and half of revenue are the partner's from month 3."""
        parts = dict.fromkeys(costs.LINES, array(0.0)) | {"hardware_purchases": array(100.0)}
        x = changed(
            flat, partner_lead_months=2.5, partner_upfront_usd_m=70, partner_income_usd_m_per_month=5,
            partner_compute_share=0.2, partner_revenue_share=0.5, revenue_start_usd_m=10,
        )  # fmt: skip
        model = model_of(x)
        model.categories = costs.categories(parts, array(100.0))
        path = model.trajectory(("partner",))
        assert path.spend[0, :5] == pytest.approx([100, 100, 100, 80, 80])
        assert path.revenue[0, :5] == pytest.approx([10, 10, 10, 5, 5])
        assert path.net_burn[0, :5] == pytest.approx([90, 90, 90, 0, 70])

    def test_focus_ramps_up(self, flat):
        x = changed(flat, focus_spend_cut=0.4, focus_ramp_months=4, focus_one_off_usd_m=30)
        assert path_of(x, ("focus",)).spend[0, :6] == pytest.approx([120, 80, 70, 60, 60, 60])

    def test_integration_adds_advertising_on_x_and_costs_while_it_lasts(self, flat):
        x = changed(
            flat, x_ads_usd_m_per_month=100, integration_ads_uplift=0.08, integration_ramp_months=2,
            integration_cost_usd_m_per_month=9, serving_cost_ratio=0.9, revenue_cap_usd_m_per_month=1,
        )  # fmt: skip
        path = path_of(x, ("integrate_x",))
        assert path.revenue[0, :4] == pytest.approx([4, 8, 8, 8])  # above the cap, without serving cost
        assert path.operations.levers.x_advertising[0, :2] == pytest.approx([4, 8])
        assert path.spend[0, :4] == pytest.approx([109, 109, 100, 100])

    def test_options_change_growth_and_delay(self, flat):
        x = changed(
            flat, revenue_start_usd_m=10, revenue_share_subscriptions=0.5, revenue_share_advertising=0
        )
        x = changed(
            x, growth_subscriptions_per_month=0.1, growth_data_services_per_month=0.1, time_to_market_months=3
        )
        x = changed(x, focus_growth_penalty=0.5, integration_growth_uplift=0.2, integration_months_saved=2)
        both = path_of(changed(x, revenue_cap_usd_m_per_month=1e15), ("focus", "integrate_x")).streams
        assert both["subscriptions"][0, :4] == pytest.approx([5, 5, 5 * 1.06, 5 * 1.06**2])
        assert both["data_services"][0, :4] == pytest.approx([5, 5, 5 * 1.05, 5 * 1.05**2])
        early = path_of(changed(x, integration_months_saved=9), ("integrate_x",)).streams["subscriptions"]
        assert early[0, 0] == pytest.approx(5)  # never before month 0


class TestValue:
    def test_of_a_company_that_lasts_and_of_one_that_does_not(self, priced):
        worth = 20 * 12 * 10
        lasting = path_of(changed(priced, opening_cash_usd_m=6000)).value
        assert lasting == pytest.approx([1.1**-5 * (worth + 6000 - 60 * 90)])
        failing = path_of(priced).value  # 1000 at 90 a month: below zero in month 11
        assert failing == pytest.approx([1.1 ** (-11 / 12) * (0.25 * worth + 0.5 * 600)])

    def test_lenders_come_first(self, priced):
        x = changed(priced, committed_debt_usd_m=400, debt_term_months=60, debt_interest_per_year=0)
        owed = path_of(x).value  # 1400 at 90 a month: below zero in month 15
        assert owed == pytest.approx([1.1 ** (-15 / 12) * (0.25 * 2400 + 0.5 * 600 - 400)])
        assert path_of(changed(x, committed_debt_usd_m=1000)).value.tolist() == [0]

    def test_hardware_bought_is_worth_something(self, priced):
        """Compute is all that is spent, four fifths of it on hardware: 11 months and the twelfth that fails."""
        x = changed(priced, gpus_added_per_month=80, gpu_all_in_usd=1e6, cloud_gpu_hours_m_per_month=20)
        x = changed(
            x, cloud_usd_per_gpu_hour=1, focus_spend_cut=0.5, focus_ramp_months=1, focus_one_off_usd_m=0
        )
        others = (
            "headcount",
            "annotators",
            "data_licences_usd_m_per_year",
            "data_preparation_usd_m_per_year",
        )
        x = changed(x, **dict.fromkeys(others, 0), compliance_share_of_spend=0, fines_usd_m_per_year=0)
        assert path_of(x).value == pytest.approx([1.1 ** (-11 / 12) * (0.25 * 2400 + 0.5 * (600 + 12 * 80))])
        x = changed(
            x, opening_cash_usd_m=400
        )  # 40 a month with focus: below zero in month 10, half as much bought
        assert path_of(x, ("focus",)).value == pytest.approx(
            [1.1 ** (-10 / 12) * (0.25 * 2400 + 0.5 * (600 + 11 * 40))]
        )

    def test_a_multiple_belongs_to_growth(self, priced):
        x = changed(priced, exit_multiple_floor=4, exit_multiple_per_growth=10, exit_multiple_cap=60)
        assert value.multiple(x, array(-0.5)).tolist() == [4]
        assert value.multiple(x, array(0.5)).tolist() == [9]
        assert value.multiple(x, array(9)).tolist() == [60]

    @pytest.mark.parametrize("horizon", [60, 7])
    def test_the_multiple_at_the_end_is_that_of_the_last_twelve_months(self, priced, horizon):
        """1% a month for ever is the same pace a year at any age."""
        x = changed(priced, exit_multiple_floor=4, exit_multiple_per_growth=100, opening_cash_usd_m=1e5)
        x = changed(
            x, growth_subscriptions_per_month=0.01, time_to_market_months=0, revenue_cap_usd_m_per_month=1e15
        )
        path = path_of(x, horizon=horizon)
        worth = (4 + 100 * (1.01**12 - 1)) * 12 * path.revenue[0, -1] + path.cash[0, -1]
        assert path.value == pytest.approx([1.1 ** (-horizon / 12) * worth])

    @pytest.mark.parametrize(
        ("month", "ratio", "yearly"), [(0, 1, 0), (3, 1.1, 1.1**4 - 1), (12, 1.5, 0.5), (40, 0.5, -0.5)]
    )
    def test_growth_over_the_last_year(self, month, ratio, yearly):
        assert value.growth_over_last_year(array(ratio * 7), array(7), array(month)) == pytest.approx(
            [yearly]
        )

    def test_advertising_on_x_is_valued_apart_and_shared_with_a_partner(self, priced):
        x = changed(
            priced, opening_cash_usd_m=1e5, x_ads_usd_m_per_month=100, integration_ads_uplift=0.1, x_revenue_multiple=3,
            integration_ramp_months=1, integration_cost_usd_m_per_month=0, integration_growth_uplift=0,
            partner_lead_months=0, partner_upfront_usd_m=0, partner_income_usd_m_per_month=0,
            partner_compute_share=0, partner_revenue_share=0.5,
        )  # fmt: skip
        left = 1e5 - 60 * (100 - 0.5 * 20)
        expected = 1.1**-5 * (12 * 0.5 * (20 * 10 + 3 * 10) + left)
        assert path_of(x, ("partner", "integrate_x")).value == pytest.approx([expected])

    def test_the_first_editions_value_comes_out(self):
        """No debt, a multiple without slope: that multiple of yearly revenue and the cash left, for a company that lasts."""
        x = draws_of(17, 64)
        x = changed(
            x,
            committed_debt_usd_m=0,
            committed_equity_usd_m=0,
            exit_multiple_per_growth=0,
            exit_multiple_cap=1e4,
        )
        path = path_of(changed(x, opening_cash_usd_m=1e6))
        lasts = np.isinf(path.out_month)
        assert lasts.sum() > 20
        amount = x["exit_multiple_floor"] * 12 * path.revenue[:, -1] + path.cash[:, -1]
        expected = np.maximum(0, amount) * (1 + x["discount_rate_per_year"]) ** -5
        np.testing.assert_allclose(path.value[lasts], expected[lasts], rtol=1e-12)

    @given(SEEDS, st.sampled_from([6, 13, 60]))
    @few
    def test_implied_growth_gives_the_price_back(self, seed, horizon):
        x = draws_of(seed, 32)
        found = value.implied_growth(x, horizon)
        grown = np.isfinite(found) & (found > 0)
        worth = (
            value.multiple(x, (1 + found) ** 12 - 1)
            * 12
            * x["revenue_start_usd_m"]
            * (1 + found) ** (horizon - 1)
        )
        price = worth * (1 + x["discount_rate_per_year"]) ** (-horizon / 12)
        np.testing.assert_allclose(price[grown], x["valuation_usd_m"][grown], rtol=1e-6)
        assert (price[found == 0] >= x["valuation_usd_m"][found == 0]).all()

    @pytest.mark.parametrize(
        ("values", "expected"),
        [
            ({"valuation_usd_m": 100}, 0),  # less than is earned: fair without growth
            ({"revenue_start_usd_m": 0}, np.inf),
            ({"exit_multiple_floor": 0}, np.inf),
            ({"exit_multiple_cap": 0}, np.inf),
            ({"discount_rate_per_year": 0, "valuation_usd_m": 4800}, 2 ** (1 / 59) - 1),
        ],
    )
    def test_prices_known_by_hand(self, priced, values, expected):
        assert value.implied_growth(changed(priced, **values), 60) == pytest.approx([expected], rel=1e-10)

    def test_a_price_that_no_growth_gives_within_one_month_has_no_multiple(self, priced):
        model = model_of(changed(priced, valuation_usd_m=1e6), horizon=1)
        assert model.implied_growth.tolist() == model.implied_multiple.tolist() == [np.inf]


class TestMonotone:
    @given(SEEDS, st.floats(0, 1e5), st.floats(1, 10), st.sampled_from(["gross", "net"]))
    @few
    def test_more_cash_never_shortens_the_runway_and_a_higher_burn_never_lengthens_it(
        self, seed, more, factor, basis
    ):
        x = draws_of(seed)
        richer = changed(x, opening_cash_usd_m=x["opening_cash_usd_m"] + more)
        dearer = changed(x, monthly_burn_usd_m=x["monthly_burn_usd_m"] * factor)
        runways = [
            {name: lasting(path) for name, path in model_of(each, basis=basis).trajectories()}
            for each in (x, richer, dearer)
        ]
        for name, runway in runways[0].items():
            assert (runways[1][name] >= runway * (1 - 1e-9)).all()
            assert (runways[2][name] <= runway * (1 + 1e-9)).all()

    @given(SEEDS, st.floats(0, 100))
    @few
    def test_a_longer_delay_never_raises_revenue(self, seed, months):
        x = draws_of(seed)
        x |= {name: np.abs(values) for name, values in x.items() if name.startswith("growth_")}
        later = changed(x, time_to_market_months=x["time_to_market_months"] + months)
        for portfolio in PORTFOLIOS.values():
            earned, less = (path_of(each, portfolio).revenue for each in (x, later))
            assert (less <= earned * (1 + 1e-12)).all()

    @given(SEEDS, st.floats(0, 1), st.floats(0, 1e4))
    @few
    def test_more_interest_or_debt_never_raises_value(self, seed, rate, amount):
        """Among draws in which cash runs out in the same month, or never: who fails sooner is paid, and discounted, sooner."""
        x = draws_of(seed, 16)
        dearer = changed(x, debt_interest_per_year=x["debt_interest_per_year"] + rate)
        deeper = changed(x, committed_debt_usd_m=x["committed_debt_usd_m"] + amount, debt_term_months=240)
        for less, more in ((x, dearer), (changed(x, debt_term_months=240), deeper)):
            others = dict(model_of(more).trajectories())
            for name, path in model_of(less).trajectories():
                same = path.out_month == others[name].out_month
                assert (others[name].value[same] <= path.value[same] * (1 + 1e-9) + 1e-6).all()
                assert (others[name].value >= 0).all()

    @given(SEEDS, st.floats(0, 1e4), st.floats(0, 1e4))
    @few
    def test_a_partners_money_never_lowers_cash(self, seed, income, upfront):
        x = draws_of(seed)
        more = {"partner_income_usd_m_per_month": income, "partner_upfront_usd_m": upfront}
        paid = changed(x, **{name: x[name] + amount for name, amount in more.items()})
        for portfolio in (each for each in PORTFOLIOS.values() if "partner" in each):
            poorer, richer = (path_of(each, portfolio).cash for each in (x, paid))
            assert (richer >= poorer - 1e-9 * np.abs(poorer)).all()

    @given(SEEDS, st.integers(-12, 12))
    @few
    def test_all_money_times_k_leaves_months_ratios_and_probabilities(self, tables, seed, power):
        """A power of two scales without rounding, so that everything else must be the same to the bit."""
        x = draws_of(seed)
        money = [name for name, unit in tables.assumptions["unit"].items() if "usd" in unit]
        scaled = changed(x, **{name: x[name] * 2.0**power for name in money})
        model, other = model_of(x), model_of(scaled)
        pairs = [(measures(each.trajectory(), OF_CASE) for each in (model, other))]
        pairs += [
            (measures(each.trajectory(chosen), OF_PORTFOLIO) for each in (model, other))
            for chosen in PORTFOLIOS.values()
        ]
        for one, two in pairs:
            for name, values in one.items():
                factor = 2.0**power if METRICS[name].unit.startswith("usd_m") else 1.0
                same = np.isclose if name.startswith("implied_") else np.equal  # a root, found to 1e-10
                assert (same(two[name], values * factor) | np.isnan(values)).all(), name


def lasting(path):
    """Runways with a number in place of "never" that is longer than any horizon."""
    return np.where(np.isinf(path.runway_months), 1e6, path.runway_months)
