"""The model against hand calculation, against the identities of its README, and against the plain implementation."""

import dataclasses

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from analysis.model import cash, costs, gap, growth, options, revenue
from analysis.model.options import OPTIONS, PORTFOLIOS, STAY
from analysis.parameters import SHARES, resolve
from analysis.results import Run
from tests import oracle
from tests.cases import all_portfolios, disagreements, random_inputs, world

NEUTRAL = {
    "raise_capital": {"round_size_usd_m": 0, "dilution_per_round": 0},
    "partner": {
        "partner_upfront_usd_m": 0,
        "partner_income_usd_m_per_month": 0,
        "partner_compute_share": 0,
        "partner_revenue_share": 0,
    },
    "focus": {"focus_spend_cut": 0, "focus_one_off_usd_m": 0, "focus_growth_penalty": 0},
    "integrate_x": {
        "integration_months_saved": 0,
        "integration_growth_uplift": 0,
        "integration_ads_uplift": 0,
        "integration_cost_usd_m_per_month": 0,
    },
}
SEEDS = st.integers(0, 10**6)


def array(*values):
    return np.array(values, dtype=float)


def with_values(x, **values):
    """Return inputs with some replaced in every draw."""
    return x | {name: np.broadcast_to(np.asarray(value, dtype=float), x["headcount"].shape) for name, value in values.items()}


@pytest.fixture(scope="module")
def flat(base_case):
    """One draw without growth, serving cost, revenue or funding: 100 a month is spent, 1000 is in hand."""
    central = base_case.central()
    still = dict.fromkeys((name for name in central if name.startswith(("growth_", "revenue_"))), 0)
    still |= {"growth_endurance": 1, "spend_growth_endurance": 1, "serving_cost_ratio": 0, "committed_funding_usd_m": 0}
    return with_values(central, **still, monthly_burn_usd_m=100, opening_cash_usd_m=1000)


def measured(x, portfolio=(), **settings):
    model = world(x, **settings)
    return model.measures(model.path(portfolio))


class TestGrowth:
    @pytest.mark.parametrize("endurance", [0.01, 0.3, 0.9, 0.999])
    def test_next_years_log_growth_is_endurance_times_this_years(self, endurance):
        path = np.log(growth.grow(array(7), array(0.1), growth.fading_months(np.arange(37.0), array(endurance))))[0]
        years = np.diff(path[::12])
        assert years[1:] / years[:-1] == pytest.approx([endurance] * 2, rel=1e-9)

    def test_known_value(self):
        """1.1 a month at first, half of it the next year: ln 1.1 · 12/ln 2 · (1 − 1/2) after a year."""
        path = growth.grow(array(100), array(0.1), growth.fading_months(array(0, 12), array(0.5)))
        assert path[0] == pytest.approx([100, 100 * 1.1 ** (6 / 0.6931471805599453)], rel=1e-14)

    @pytest.mark.parametrize("distance", [1e-6, 1e-9, 1e-12, 0])
    def test_endurance_towards_one_gives_compound_growth_after_the_delay(self, distance):
        path = growth.grow(array(5), array(0.08), growth.fading_months(np.arange(61.0), array(1 - distance), array(2.5)))
        assert path[0] == pytest.approx(5 * 1.08 ** np.maximum(0, np.arange(61) - 2.5), rel=max(1e-13, 200 * distance))

    def test_no_growth_is_constant(self):
        assert (growth.grow(array(5), array(0), growth.fading_months(np.arange(61.0), array(0.5))) == 5).all()

    @pytest.mark.parametrize("rate", [-0.3, 0.02, 0.15])
    def test_the_ceiling_is_where_the_path_goes(self, rate):
        far = growth.grow(array(5), array(rate), growth.fading_months(array(5000), array(0.5)))
        assert growth.ceiling(array(5), array(rate), array(0.5)) == pytest.approx(far[0], rel=1e-9)

    def test_ceiling_of_growth_that_never_fades(self):
        ceilings = growth.ceiling(array(5, 5, 5, 0), array(0.1, -0.1, 0, 0.1), array(1, 1, 1, 1))
        assert ceilings.tolist() == [np.inf, 0, 5, 0]

    def test_yearly_growth_compounds_from_the_monthly(self):
        assert (1 + growth.per_month(array(-0.9, 0, 1.4))) ** 12 == pytest.approx([0.1, 1, 2.4], rel=1e-12)


class TestShares:
    @given(SEEDS, st.sets(st.sampled_from(SHARES)))
    def test_are_shares_and_sum_to_one_whatever_is_kept(self, tables, seed, kept):
        x = random_inputs(tables, np.random.default_rng(seed), 20)
        x |= {name: np.random.default_rng(seed + n).random(20) for n, name in enumerate(SHARES)}  # sums from 0 to 5
        shares = np.array(list(costs.scaled_shares(x, tuple(kept)).values()))
        assert ((shares >= 0) & (shares <= 1 + 1e-12)).all()
        assert np.abs(shares.sum(axis=0) - 1).max() <= 1e-12

    def test_kept_ones_stay_and_the_others_fill_the_rest_in_proportion(self):
        x = {name: array(value) for name, value in zip(SHARES, (0.5, 0.3, 0.1, 0.05, 0.05), strict=True)}
        shares = costs.scaled_shares(x | {"share_compute": array(0.75)}, ("share_compute",))
        assert {name: float(share[0]) for name, share in shares.items()} == pytest.approx(
            {"compute": 0.75, "talent": 0.15, "data": 0.05, "compliance": 0.025, "other": 0.025}, rel=1e-14
        )


class TestBottomUp:
    def test_known_answer(self, flat):
        x = with_values(
            flat, gpus_added_per_month=10000, gpu_all_in_usd=50000, gpus_installed=200000, gpu_power_kw=1.25, pue=1.2,
            electricity_usd_per_kwh=0.1, hardware_stock_usd_m=6000, maintenance_share_per_year=0.02,
            cloud_gpu_hours_m_per_month=8, cloud_usd_per_gpu_hour=2.5, headcount=1200, cash_cost_per_head_usd_k_per_year=400,
            annotators=1000,
            annotator_hours_per_month=150, annotator_usd_per_hour=40, data_licences_usd_m_per_year=60,
            compliance_share_of_spend=0.01, fines_usd_m_per_year=12,
        )  # fmt: skip
        lines = {name: float(value[0]) for name, value in costs.bottom_up(x, array(1000)).items()}
        parts = {
            "hardware_purchases": 500, "power": 21.9, "maintenance": 10, "cloud_rental": 20, "talent": 40, "annotation": 6,
            "data_licences": 5, "compliance": 11,
        }  # fmt: skip
        assert lines == pytest.approx(parts | {"bottom_up_total": 613.9, "unexplained": 386.1}, rel=1e-12)


class TestIdentities:
    @pytest.mark.parametrize("scenario", ["as_reported", "hindsight_2026"])
    def test_cash_corkscrew_for_every_draw_month_and_portfolio(self, tables, scenario):
        run = Run(resolve(tables, scenario, {"draws": 1024}))
        opening = run.world.x["opening_cash_usd_m"][:, None]
        for portfolio in PORTFOLIOS.values():
            path = run.world.path(portfolio)
            before = np.concatenate([opening, path.cash[:, :-1]], axis=1)
            error = np.abs(before - path.net_burn + path.funding - path.cash)
            assert (error <= 1e-9 * np.maximum(1, np.abs(path.cash))).all()

    def test_categories_sum_to_spend_and_streams_to_revenue(self, base_run):
        model, path = base_run.world, base_run.path
        serving = model.x["serving_cost_ratio"][:, None] * (path.revenue - model.revenue_start[:, None])
        np.testing.assert_allclose(sum(model.base.values()) + serving, path.spend, rtol=1e-12)
        np.testing.assert_allclose(path.compute, model.base["compute"] + serving, rtol=1e-12)
        np.testing.assert_allclose(sum(model.streams().values()), path.revenue, rtol=1e-12)
        np.testing.assert_allclose(path.net_burn, path.spend - path.revenue, atol=1e-9)

    def test_month_zero_is_the_claim(self, base_run, tables):
        np.testing.assert_allclose(base_run.path.spend[:, 0], base_run.world.x["monthly_burn_usd_m"], rtol=1e-12)
        net = Run(resolve(tables, "as_reported", {"burn_basis": "net", "draws": 64}))
        np.testing.assert_allclose(net.path.net_burn[:, 0], net.world.x["monthly_burn_usd_m"], rtol=1e-12)

    def test_stay_the_course_is_the_plain_run(self, base_run):
        assert next(iter(PORTFOLIOS)) == STAY
        stay = base_run.portfolios[STAY]
        for name in ("runway_months", "funding_need_usd_m", "break_even_month"):
            assert (stay[name] == base_run.gap[name]).all()
        assert (stay["ownership_retained"] == 1).all()

    def test_portfolios_are_named_in_the_order_of_the_options(self):
        assert len(PORTFOLIOS) == 16
        for name, chosen in PORTFOLIOS.items():
            assert name == ("+".join(option for option in OPTIONS if option in chosen) or STAY)

    @pytest.mark.parametrize("option", OPTIONS)
    def test_neutral_levers_change_no_bit(self, base_case, option):
        x = with_values(resolve_draws(base_case), **NEUTRAL[option])
        model = world(x)
        for portfolio in PORTFOLIOS.values():
            if option in portfolio:
                path, other = (model.path(chosen) for chosen in (portfolio, tuple(o for o in portfolio if o != option)))
                for field in ("spend", "revenue", "net_burn", "funding", "cash"):
                    assert (getattr(path, field) == getattr(other, field)).all(), (portfolio, field)
                measures, others = model.measures(path), model.measures(other)
                assert all((measures[name] == others[name]).all() for name in measures), portfolio

    def test_rounds_that_never_succeed_are_neutral_too(self, base_case):
        model = world(with_values(resolve_draws(base_case), round_success_probability=0))
        measures, others = (model.measures(model.path(portfolio)) for portfolio in (("raise_capital",), ()))
        assert all((measures[name] == others[name]).all() for name in measures)

    def test_every_lever_matters(self, base_case):
        """Each input of an option moves the value of the portfolio that has the option, and of no portfolio without it."""
        # solvent to the end, so that every month counts, and with rounds across the horizon
        x = with_values(base_case.central(), committed_funding_usd_m=1e6, first_round_month=50)
        for option, names in (oracle.LEVERS | {"raise_capital": ROUND_INPUTS}).items():
            without = tuple(other for other in OPTIONS if other != option)
            for name in names:
                changed = with_values(x, **{name: x[name] * 0.6})
                with_option, other = (
                    [measured(case, chosen)["value_usd_m"] for case in (x, changed)] for chosen in ((option,), without)
                )
                assert with_option[0] != with_option[1], name
                assert other[0] == other[1], name

    def test_all_certain_inputs_give_one_number(self, tables, base_case):
        certain = {one.name: one.central for one in base_case.estimates}
        run = Run(resolve(tables, "as_reported", certain | {"draws": 64}))
        for summaries in (run.metrics, *run.portfolio_metrics.values()):
            for name, summary in summaries.items():
                if "central" in summary:
                    assert summary["p5"] == summary["p50"] == summary["p95"], name
                    assert summary["p50"] == (summary["central"] and pytest.approx(summary["central"], rel=1e-12)), name
                else:
                    assert summary["value"] in (0, 1) or name.startswith("value_"), name
                    assert summary["se"] == pytest.approx(0, abs=1e-6), name
            if "value_mean_usd_m" in summaries:
                assert summaries["value_mean_usd_m"]["value"] == pytest.approx(summaries["value_usd_m"]["central"], rel=1e-12)


ROUND_INPUTS = (
    "first_round_month",
    "round_interval_months",
    "round_size_usd_m",
    "dilution_per_round",
    "round_success_probability",
)


def resolve_draws(case, draws=256):
    """Return a few of a case's draws."""
    return dataclasses.replace(case, settings=dataclasses.replace(case.settings, draws=draws)).sample()


class TestCash:
    @given(st.floats(1, 1e5), st.floats(0.01, 59.99))
    def test_constant_burn_lasts_cash_over_burn(self, flat, burn, months):
        x = with_values(flat, monthly_burn_usd_m=burn, opening_cash_usd_m=burn * months)
        assert measured(x)["runway_months"][0] == pytest.approx(months, rel=1e-9, abs=1e-9)

    @pytest.mark.parametrize("months", [1, 7, 12, 59])
    def test_a_whole_number_of_months(self, flat, months):
        assert measured(with_values(flat, opening_cash_usd_m=100 * months))["runway_months"][0] == pytest.approx(
            months, rel=1e-12
        )

    def test_cash_beyond_the_horizon_never_runs_out(self, flat):
        assert measured(with_values(flat, opening_cash_usd_m=6000))["runway_months"].tolist() == [np.inf]
        assert measured(with_values(flat, opening_cash_usd_m=5999))["runway_months"] == pytest.approx([59.99])

    def test_no_cash_lasts_no_month(self, flat):
        assert measured(with_values(flat, opening_cash_usd_m=0))["runway_months"].tolist() == [0]

    def test_profitable_from_month_zero(self, flat):
        measures = measured(with_values(flat, opening_cash_usd_m=0, revenue_subscriptions_usd_m=100))
        assert measures["runway_months"].tolist() == [np.inf]
        assert measures["break_even_month"].tolist() == [0]
        assert measures["funding_need_usd_m"].tolist() == [0]

    def test_interpolates_within_the_month(self):
        balance = cash.balance(array(100), array(30, 30, 60, 60)[None], np.zeros((1, 4)))
        assert balance.tolist() == [[70, 40, -20, -80]]
        assert cash.runway_months(array(100), balance) == pytest.approx([2 + 40 / 60])

    def test_funding_in_the_month_counts(self):
        balance = cash.balance(array(10), array(30, 30, 30)[None], array(0, 50, 0)[None])
        assert cash.runway_months(array(10), balance) == pytest.approx([10 / 30])

    @pytest.mark.parametrize(
        ("net_burn", "month"),
        [([1, 1, 1], np.inf), ([-1, -1, -1], 0), ([1, 0, 0], 1), ([-1, 1, -1], 2), ([-1, -1, 1], np.inf)],
    )
    def test_break_even_must_last(self, net_burn, month):
        assert cash.break_even_month(array(*net_burn)[None]).tolist() == [month]

    def test_funding_need_is_the_deepest_point(self):
        burn = np.array([[50.0, 80.0, -40.0, 20.0]])
        assert cash.funding_need(array(100), burn).tolist() == [30]
        assert cash.funding_need(array(200), burn).tolist() == [0]

    @given(hnp.arrays(float, st.tuples(st.integers(1, 5), st.integers(1, 6), st.integers(1, 7)), elements=st.floats(-1e6, 1e6)),
           st.sampled_from("CF"))  # fmt: skip
    def test_running_totals_do_not_depend_on_how_months_lie_in_memory(self, amounts, order):
        before = amounts.copy()
        assert np.array_equal(cash.cumulated(np.asarray(amounts, order=order)), np.cumsum(amounts, axis=-1))
        assert np.array_equal(amounts, before)

    def test_months_lie_side_by_side_throughout(self, base_run):
        """One array in the other order would cost more than it computes."""
        small = options.World({name: values[:16] for name, values in base_run.x.items()}, base_run.settings)
        for name, path in small.paths():
            for field, values in vars(path).items():
                if np.ndim(values) == 2:
                    assert values.flags.f_contiguous, (name, field)

    def test_present_value(self):
        assert cash.present_value(array(121), array(0.1), array(24)) == pytest.approx([100])


class TestGap:
    def test_required_growth_closes_the_gap_in_the_target_month(self, tables):
        """Inserted back as the growth of every stream, without fading or delay, it gives N(T) = 0."""
        for scenario in tables.scenarios:
            for basis in ("gross", "net"):
                run = Run(resolve(tables, scenario, {"draws": 256, "burn_basis": basis}))
                rate, target = run.gap["required_growth_per_month"], run.settings.target_months
                assert target < run.settings.horizon_months
                names = [f"growth_{stream}_per_month" for stream in revenue.STREAMS]
                back = with_values(run.world.x, **dict.fromkeys(names, rate), growth_endurance=1, time_to_market_months=0)
                assert np.abs(world(back, basis=basis).path().net_burn[:, target]).max() <= 1e-6
                multiple = run.gap["required_multiple"]
                assert (1 + rate) ** target == pytest.approx(multiple, rel=1e-9)

    def test_known_answer(self, flat):
        """From 10 to 100 in 30 months without serving cost; with a serving cost of 1/2: (100 − 5)/(1/2) = 190."""
        for serving, needed in ((0, 100), (0.5, 190)):
            x = with_values(flat, revenue_subscriptions_usd_m=10, serving_cost_ratio=serving)
            rate, multiple = gap.required_growth(world(x))
            assert multiple == pytest.approx([needed / 10])
            assert rate == pytest.approx([(needed / 10) ** (1 / 30) - 1])

    def test_no_growth_is_enough_without_revenue(self, flat):
        assert [value.tolist() for value in gap.required_growth(world(flat))] == [[np.inf], [np.inf]]

    def test_months_beyond_the_horizon_are_unknown(self, flat):
        model = world(flat, horizon=12)
        measures = gap.measures(model, model.path())
        assert np.isnan(measures["gap_12m_usd_m_per_month"]).all()
        assert np.isnan(measures["burn_multiple_12m"]).all()
        assert measures["gap_start_usd_m_per_month"].tolist() == [100]

    def test_burn_multiple(self, flat):
        """1.1 a month on 10: 12 months of 100 less revenue, over a year of the revenue gained; none without growth."""
        x = with_values(flat, revenue_subscriptions_usd_m=10, growth_subscriptions_per_month=0.1, time_to_market_months=0)
        earned = [10 * 1.1**t for t in range(13)]
        model = world(x)
        expected = (1200 - sum(earned[:12])) / (12 * (earned[12] - 10))
        assert gap.measures(model, model.path())["burn_multiple_12m"] == pytest.approx([expected])
        model = world(with_values(x, growth_subscriptions_per_month=0))
        assert gap.measures(model, model.path())["burn_multiple_12m"].tolist() == [np.inf]


class TestOptions:
    def test_rounds_until_the_first_refusal(self, flat):
        """u = 0.5 and p = 0.8: ⌊ln 0.5/ln 0.8⌋ = 3 rounds, in months ⌊2.5⌋, ⌊6.2⌋, ⌊9.9⌋."""
        x = with_values(
            flat, round_success_probability=0.8, investor_patience=0.5, first_round_month=2.5, round_interval_months=3.7,
            round_size_usd_m=500, dilution_per_round=0.1,
        )  # fmt: skip
        path = world(x).path(("raise_capital",))
        assert np.flatnonzero(path.funding[0]).tolist() == [2, 6, 9]
        assert measured(x, ("raise_capital",))["ownership_retained"] == pytest.approx([0.9**3])
        assert measured(x, ("raise_capital",))["runway_months"] == pytest.approx([25])

    def test_no_round_after_cash_is_out(self, flat):
        x = with_values(flat, round_success_probability=1, first_round_month=4, round_interval_months=30, round_size_usd_m=50)
        path = world(x).path(("raise_capital",))  # 1050 at 100 a month: out in month 10, the round of month 34 is not had
        assert path.taken.tolist() == [1]
        assert path.funding.sum() == 50
        x = with_values(x, first_round_month=9, round_interval_months=1)  # 50 in month 9, 0 in month 10, −50 in month 11
        assert world(x).path(("raise_capital",)).taken.tolist() == [3]

    def test_two_rounds_in_one_month(self, flat):
        x = with_values(flat, round_success_probability=1, first_round_month=0.4, round_interval_months=1.0)
        assert world(x).path(("raise_capital",)).funding[0, :3].tolist() == [float(x["round_size_usd_m"][0])] * 3

    def test_partner_from_its_month_on(self, flat):
        x = with_values(
            flat, partner_lead_months=2.5, partner_upfront_usd_m=70, partner_income_usd_m_per_month=5, partner_compute_share=0.2,
            partner_revenue_share=0.5, revenue_subscriptions_usd_m=10, **dict.fromkeys(SHARES, 0) | {"share_compute": 1},
        )  # fmt: skip
        path = world(x).path(("partner",))
        assert path.spend[0, :5] == pytest.approx([100, 100, 100, 80, 80])
        assert path.revenue[0, :5] == pytest.approx([10, 10, 10, 5, 5])
        assert path.net_burn[0, :5] == pytest.approx([90, 90, 90, 0, 70])

    def test_focus_ramps_up(self, flat):
        x = with_values(flat, focus_spend_cut=0.4, focus_ramp_months=4, focus_one_off_usd_m=30)
        assert world(x).path(("focus",)).spend[0, :6] == pytest.approx([120, 80, 70, 60, 60, 60])

    def test_integration_adds_advertising_and_costs_while_it_lasts(self, flat):
        x = with_values(
            flat,
            x_ads_usd_m_per_month=100,
            integration_ads_uplift=0.08,
            integration_ramp_months=2,
            integration_cost_usd_m_per_month=9,
        )
        path = world(x).path(("integrate_x",))
        assert path.revenue[0, :4] == pytest.approx([4, 8, 8, 8])
        assert path.spend[0, :4] == pytest.approx([109, 109, 100, 100])

    def test_value_of_a_company_that_lasts_and_of_one_that_does_not(self, flat):
        x = with_values(
            flat,
            revenue_subscriptions_usd_m=10,
            exit_revenue_multiple=20,
            discount_rate_per_year=0.1,
            distress_recovery_share=0.25,
        )
        worth = 20 * 12 * 10
        lasting = measured(with_values(x, opening_cash_usd_m=6000))["value_usd_m"]
        assert lasting == pytest.approx([1.1**-5 * (worth + 6000 - 60 * 90)])
        failing = measured(x)["value_usd_m"]  # 1000 at 90 a month: below zero in month 11
        assert failing == pytest.approx([1.1 ** (-11 / 12) * 0.25 * worth])


class TestMonotone:
    @given(SEEDS, st.floats(0, 1e5))
    def test_more_cash_never_shortens_the_runway(self, tables, seed, more):
        x = random_inputs(tables, np.random.default_rng(seed), 8)
        richer = x | {"opening_cash_usd_m": x["opening_cash_usd_m"] + more}
        for portfolio in PORTFOLIOS.values():
            less, longer = (measured(case, portfolio)["runway_months"] for case in (x, richer))
            assert (finite(longer) >= finite(less) * (1 - 1e-9)).all()

    @given(SEEDS, st.floats(1, 10), st.sampled_from(["gross", "net"]))
    def test_a_higher_burn_never_lengthens_the_runway(self, tables, seed, factor, basis):
        x = random_inputs(tables, np.random.default_rng(seed), 8)
        dearer = x | {"monthly_burn_usd_m": x["monthly_burn_usd_m"] * factor}
        for portfolio in PORTFOLIOS.values():
            runway, shorter = (finite(measured(case, portfolio, basis=basis)["runway_months"]) for case in (x, dearer))
            assert (shorter <= runway * (1 + 1e-9)).all()

    @given(SEEDS, st.floats(0, 100))
    def test_a_longer_delay_never_raises_revenue(self, tables, seed, months):
        x = random_inputs(tables, np.random.default_rng(seed), 8)
        x |= {name: np.abs(values) for name, values in x.items() if name.startswith("growth_")}
        later = x | {"time_to_market_months": x["time_to_market_months"] + months}
        for portfolio in PORTFOLIOS.values():
            earned, less = (world(case).path(portfolio).revenue for case in (x, later))
            assert (less <= earned * (1 + 1e-12)).all()

    @given(SEEDS, st.floats(0, 1e4), st.floats(0, 1e4))
    def test_a_partners_money_never_lowers_cash(self, tables, seed, income, upfront):
        x = random_inputs(tables, np.random.default_rng(seed), 8)
        paid = x | {
            "partner_income_usd_m_per_month": x["partner_income_usd_m_per_month"] + income,
            "partner_upfront_usd_m": x["partner_upfront_usd_m"] + upfront,
        }
        for portfolio in PORTFOLIOS.values():
            if "partner" in portfolio:
                cash_, more = (world(case).path(portfolio).cash for case in (x, paid))
                assert (more >= cash_ - 1e-9 * np.abs(cash_)).all()

    @given(SEEDS, st.integers(-12, 12))
    def test_all_money_times_k_leaves_months_ratios_and_probabilities(self, tables, seed, power):
        """A power of two scales without rounding, so that everything else must be the same to the bit."""
        x = random_inputs(tables, np.random.default_rng(seed), 8)
        money = [name for name, unit in tables.assumptions["unit"].items() if "usd" in unit]
        scaled = x | {name: x[name] * 2.0**power for name in money}
        model, other = world(x), world(scaled)
        pairs = [(gap.measures(model, model.path()), gap.measures(other, other.path()))]
        pairs += [(model.measures(model.path(chosen)), other.measures(other.path(chosen))) for chosen in PORTFOLIOS.values()]
        for one, two in pairs:
            for name, values in one.items():
                factor = 2.0**power if "usd_m" in name else 1.0
                assert np.array_equal(two[name], values * factor, equal_nan=True), name


def finite(runway):
    """Runways with a number in place of "never" that is longer than any horizon."""
    return np.where(np.isinf(runway), 1e6, runway)


SETTINGS = [  # horizon, cases, basis, kept shares, target month
    (6, 30, "gross", (), "2027-12"),
    (6, 30, "net", ("share_compute",), "2025-07"),
    (24, 25, "net", (), "2026-06"),
    (24, 25, "gross", ("share_talent", "share_data"), "2030-01"),
    (60, 20, "gross", SHARES, "2027-12"),
    (60, 20, "net", (), "2045-06"),
    (120, 6, "net", ("share_compute", "share_other"), "2027-12"),
    (120, 6, "gross", (), "2027-12"),
]


class TestAgainstThePlainImplementation:
    @pytest.mark.parametrize(("horizon", "cases", "basis", "kept", "target"), SETTINGS)
    def test_every_metric_and_portfolio_on_random_inputs(self, tables, horizon, cases, basis, kept, target):
        x = random_inputs(tables, np.random.default_rng(horizon + cases), cases)
        with np.errstate(all="raise"):
            model = world(x, horizon, basis, kept, target_month=target)
            found = gap.measures(model, model.path()) | costs.bottom_up(x, model.burn)
            portfolios = {name: model.measures(model.path(chosen)) for name, chosen in PORTFOLIOS.items()}
        settings = {"burn_basis": basis, "horizon_months": horizon, "kept_shares": kept}
        for case in range(cases):
            one = {name: float(values[case]) for name, values in x.items()}
            expected = oracle.metrics(one, target_t=model.settings.target_months, **settings)
            assert not disagreements({name: values[case] for name, values in found.items()}, expected)
            measures = {name: {key: values[case] for key, values in found.items()} for name, found in portfolios.items()}
            assert not all_portfolios(one, measures, **settings)

    @given(SEEDS, st.sampled_from(list(PORTFOLIOS.values())))
    def test_every_month_of_a_path(self, tables, seed, portfolio):
        x = random_inputs(tables, np.random.default_rng(seed), 1)
        path = world(x, 18).path(portfolio)
        expected = oracle.path({name: float(values[0]) for name, values in x.items()}, portfolio, horizon_months=18)
        for name in ("spend", "revenue", "net_burn", "funding", "cash"):
            scale = 1e-10 * max(abs(value) for value in expected["spend"] + expected["cash"])
            assert getattr(path, name)[0] == pytest.approx(expected[name], rel=1e-9, abs=scale), name
        assert path.compute[0] == pytest.approx(expected["spend_compute"], rel=1e-9, abs=scale)
        assert path.taken[0] == expected["rounds_taken"]

    @given(SEEDS, st.data())
    def test_through_overrides_of_a_scenario(self, tables, seed, data):
        """From names and numbers as a user gives them to the central column of the results."""
        rng = np.random.default_rng(seed)
        chosen = data.draw(st.sets(st.sampled_from(sorted(tables.assumptions.index)), max_size=12))
        values = {name: float(column[0]) for name, column in random_inputs(tables, rng, 1).items()}
        overrides = {name: values[name] for name in chosen}
        overrides |= {name: f"{values[name]!r}" for name in list(chosen)[:3]}  # as text, as on the command line
        overrides |= {"burn_basis": data.draw(st.sampled_from(["gross", "net"])), "horizon_months": data.draw(st.integers(1, 30))}
        case = resolve(tables, data.draw(st.sampled_from(sorted(tables.scenarios))), overrides)
        assume(case.kept_shares == () or sum(case[name].central for name in case.kept_shares) <= 1)
        one = {name: float(column[0]) for name, column in case.central().items()}
        run, settings = Run(case), {"burn_basis": case.settings.burn_basis, "kept_shares": case.kept_shares}
        settings["horizon_months"] = case.settings.horizon_months
        found = run.central_gap | costs.bottom_up(run.central_world.x, run.central_world.burn)
        assert not disagreements({name: column[0] for name, column in found.items()}, oracle.metrics(one, **settings))
        measures = {name: {key: column[0] for key, column in found.items()} for name, found in run.central_portfolios.items()}
        assert not all_portfolios(one, measures, **settings)

    def test_scenarios_on_the_central_path(self, tables):
        for scenario in tables.scenarios:
            run = Run(resolve(tables, scenario))
            one = {name: float(column[0]) for name, column in run.case.central().items()}
            found = run.central_gap | costs.bottom_up(run.central_world.x, run.central_world.burn)
            assert not disagreements({name: column[0] for name, column in found.items()}, oracle.metrics(one))
            assert not all_portfolios(one, {n: {k: c[0] for k, c in m.items()} for n, m in run.central_portfolios.items()})

    def test_the_options_have_the_same_names(self):
        assert options.OPTIONS == oracle.OPTIONS
        assert costs.CATEGORIES == oracle.CATEGORIES
        assert revenue.STREAMS == oracle.STREAMS
