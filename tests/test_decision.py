"""Regret over possible worlds and the value of information: identities, known answers, limits."""

import dataclasses

import numpy as np
import pytest

from analysis import draws, inputs
from analysis.errors import InputError
from analysis.insight import decision
from analysis.insight.decision import Worlds
from analysis.model.options import PORTFOLIOS
from analysis.parameters import resolve
from analysis.results import Run

TABLES = inputs.load()
COUNT = len(PORTFOLIOS)


def run(scenario="as_reported", **changed):
    return Run(resolve(TABLES, scenario, {"draws": 1024} | changed))


def weighted(weights):
    """Return the tables with the scenarios' weights replaced, in order."""
    scenarios = {
        name: dataclasses.replace(scenario, weight=weight)
        for (name, scenario), weight in zip(TABLES.scenarios.items(), weights, strict=True)
    }
    return dataclasses.replace(TABLES, scenarios=scenarios)


def toy(means, weights=None, noise=0.0):
    """Return worlds with given mean values (worlds, portfolios), the same in every scramble but for alternating `noise`."""
    means = np.array(means, dtype=float)
    full = np.concatenate([means, np.tile(means.min(axis=1, keepdims=True), COUNT - means.shape[1])], axis=1)
    wobble = np.zeros((COUNT, 8))
    wobble[0] = noise * np.tile([1, -1], 4)
    names = tuple(f"world_{n}" for n in range(len(means)))
    share = np.full(len(means), 1 / len(means)) if weights is None else np.array(weights)
    return Worlds(names, names, share, full[:, :, None] + wobble, 16)


@pytest.fixture(scope="module")
def case():
    return run()


@pytest.fixture(scope="module")
def possible(case):
    return decision.worlds(case, TABLES)


class TestPerfectInformation:
    @pytest.mark.parametrize("scenario", list(TABLES.scenarios))
    def test_equals_the_least_expected_regret_on_the_same_draws(self, scenario):
        world = run(scenario, draws=256)
        value = decision.values(world)
        least = (value.max(axis=0) - value).mean(axis=1).min()
        assert decision.evpi(world)["value"] == pytest.approx(least, rel=1e-9, abs=1e-9)
        assert decision.evpi(world)["value"] >= 0

    def test_known_answer(self):
        value = np.tile([[1.0, 0.0], [0.0, 3.0]], 8)  # half the draws favour each action
        assert decision.perfect_information(value).mean() == pytest.approx(0.5)  # (1 + 3)/2 − 3/2

    def test_nothing_to_learn_when_all_is_certain(self):
        central = {row.name: float(row.central) for row in TABLES.assumptions.itertuples()}
        assert decision.evpi(run(draws=16, **central))["value"] == 0


class TestPartialInformation:
    def test_known_answer_of_two_actions(self):
        points = draws.uniform(2, 8192, 1)
        known, other = points[:, 0], points[:, 1]
        value = np.array([known - 0.5, np.zeros_like(known)]) + 0.0 * other
        assert decision.partial_information(value, known).mean() == pytest.approx(0.125, abs=1e-3)  # E[max(x − ½, 0)]

    def test_an_input_without_influence_is_worth_nothing(self):
        points = draws.uniform(2, 8192, 1)
        value = np.array([points[:, 0] - 0.4, np.zeros(8192)])
        gain = decision.partial_information(value, points[:, 1])
        assert abs(gain.mean()) <= 1e-6

    def test_choosing_on_noise_does_not_pay(self):
        random = np.random.default_rng(3)
        value = random.standard_normal((16, 8192))
        gains = [decision.partial_information(value, random.random(8192)).mean() for _ in range(20)]
        naive = np.sort(value.reshape(16, 8, -1).mean(axis=2), axis=0)[-1].mean() - value.mean(axis=1).max()
        assert np.mean(gains) < 0.2 * naive

    @pytest.mark.parametrize("scenario", list(TABLES.scenarios))
    def test_lies_between_nothing_and_perfect_information(self, scenario):
        world = run(scenario, draws=256)
        ceiling = decision.evpi(world)["value"]
        for name, worth in decision.evppi(world).items():
            assert 0 <= worth["value"] <= ceiling, name
            assert worth["unit"] == "usd_m" and worth["se"] >= 0

    def test_leaves_certain_inputs_out(self):
        assert "monthly_burn_usd_m" not in decision.evppi(run(draws=16, monthly_burn_usd_m=1000))

    def test_inputs_of_the_bottom_up_check_are_not_found_valuable(self, case):
        worth = decision.evppi(case)
        unused = TABLES.assumptions.index[TABLES.assumptions["group"] == "bottom_up"]
        assert not [name for name in unused if worth[name]["value"] > 4 * worth[name]["se"] > 0]

    def test_luck_stands_last_and_is_no_fact(self, case):
        frame = decision.information(case, TABLES, count=3)
        assert list(frame["luck"]) == ["no", "no", "no", "yes"]
        assert frame["name"].iloc[-1] == "investor_patience"
        assert frame["evppi_usd_m"].head(3).is_monotonic_decreasing

    def test_no_uncertain_input_gives_an_empty_frame(self):
        central = {row.name: float(row.central) for row in TABLES.assumptions.itertuples()}
        assert decision.information(run(draws=16, **central), TABLES).empty


class TestRegret:
    MEANS = np.array([[10.0, 4.0, 9.5], [1.0, 2.0, 1.9]])

    def test_known_answers(self):
        assert decision.regret(self.MEANS).tolist() == [[0, 6, 0.5], [1, 0, pytest.approx(0.1)]]
        assert decision.relative(self.MEANS)[0].tolist() == pytest.approx([0, 0.6, 0.05])
        assert decision.near_best(self.MEANS).tolist() == [[True, False, True], [False, True, True]]

    def test_a_world_in_which_nothing_is_worth_anything(self):
        assert decision.relative(np.zeros((1, 3))).tolist() == [[0, 0, 0]]

    def test_robust_portfolio_and_expected_value(self):
        frame = decision.robustness(toy(self.MEANS, weights=[0.25, 0.75]))
        first = frame.iloc[0]
        assert first["portfolio"] == list(PORTFOLIOS)[2]
        assert first["max_regret_usd_m"] == pytest.approx(0.5) and first["max_regret_world"] == "world_0"
        assert first["expected_value_usd_m"] == pytest.approx(0.25 * 9.5 + 0.75 * 1.9)
        assert first["near_best_share"] == pytest.approx(1.0) and first["near_best_worlds"] == 2

    def test_dollars_and_shares_can_disagree(self):
        frame = decision.robustness(toy([[1000.0, 900.0], [1.0, 10.0]]))
        assert frame.iloc[0]["portfolio"] == next(iter(PORTFOLIOS))
        assert frame.sort_values("max_regret_share").iloc[0]["portfolio"] == list(PORTFOLIOS)[1]

    def test_matrix_ranks(self):
        matrix = decision.regret_matrix(toy([[10.0, 9.9, 5.0]], noise=1.0)).set_index("portfolio")
        ranks = [matrix.loc[decision.title(name), "rank"] for name in list(PORTFOLIOS)[:3]]
        assert ranks == ["best", "level", "behind"]

    def test_some_portfolio_is_best_in_every_world(self, possible):
        matrix = decision.regret_matrix(possible)
        assert (matrix["regret_usd_m"] >= 0).all()
        assert (matrix[matrix["rank"] == "best"].groupby("world").size() == 1).all()
        assert matrix.loc[matrix["rank"] == "best", "regret_usd_m"].eq(0).all()


class TestWorlds:
    def test_the_page_s_own_case_stands_for_its_scenario(self):
        changed = run(draws=256, exit_revenue_multiple=1)
        possible = decision.worlds(changed, TABLES)
        own = possible.names.index("as_reported")
        expected = [changed.portfolios[name]["value_usd_m"].mean() for name in PORTFOLIOS]
        assert possible.means[own] == pytest.approx(expected)
        assert possible.titles[own] == "As reported (changed)"

    def test_others_have_the_run_s_settings_and_a_quarter_of_its_draws(self):
        possible = decision.worlds(run(draws=256, seed=5, horizon_months=24, burn_basis="net"), TABLES)
        other = Run(resolve(TABLES, "critics", {"draws": 64, "seed": 5, "horizon_months": 24, "burn_basis": "net"}))
        expected = [other.portfolios[name]["value_usd_m"].mean() for name in PORTFOLIOS]
        assert possible.draws == 64
        assert possible.means[possible.names.index("critics")] == pytest.approx(expected)
        assert "(changed)" not in "".join(possible.titles)

    def test_fewest_draws(self):
        assert decision.worlds(run(draws=16), TABLES).draws == 16

    def test_all_weights_zero_are_refused_by_name(self):
        with pytest.raises(InputError, match=r"weight: all scenarios \(as_reported, .*price_war\) have weight 0"):
            decision.worlds(run(draws=16), weighted([0, 0, 0, 0, 0]))

    def test_a_world_of_weight_zero_is_left_out(self):
        possible = decision.worlds(run(draws=16), weighted([1, 0, 3, 0, 0]))
        assert possible.names == ("as_reported", "hindsight_2026")
        assert possible.weights.tolist() == [0.25, 0.75]

    def test_huge_weights_are_scaled(self):
        assert decision.normal_weights({"a": 1e308, "b": 1e308}).tolist() == [0.5, 0.5]

    def test_computed_once_per_run_and_tables(self, case, possible):
        assert decision.worlds(case, TABLES) is possible
        assert decision.worlds(case, weighted([1, 1, 1, 1, 2])) is not possible


class TestCommonRandomNumbers:
    def test_u_of_an_assumption_is_the_same_in_every_scenario(self):
        cases = [resolve(TABLES, name, {"draws": 64}) for name in TABLES.scenarios]
        points = draws.uniform(len(cases[0].estimates), 64, cases[0].settings.seed)
        for case in cases:
            drawn = case.sample()
            for column, estimate in enumerate(case.estimates):
                if not estimate.certain:
                    assert np.array_equal(drawn[estimate.name], estimate.quantile(points[:, column])), estimate.name

    def test_fewer_draws_are_the_first_of_each_scramble(self):
        many, few = (draws.uniform(3, count, 7).reshape(8, -1, 3) for count in (256, 64))
        assert np.array_equal(many[:, :8], few)

    @pytest.mark.parametrize("option", ["raise_capital", "partner", "focus", "integrate_x"])
    def test_neutral_levers_change_nothing_to_the_bit(self, option):
        neutral = {
            "raise_capital": {"round_success_probability": 0, "dilution_per_round": 0},
            "partner": {"partner_upfront_usd_m": 0, "partner_income_usd_m_per_month": 0, "partner_compute_share": 0, "partner_revenue_share": 0},
            "focus": {"focus_spend_cut": 0, "focus_one_off_usd_m": 0, "focus_growth_penalty": 0},
            "integrate_x": {"integration_months_saved": 0, "integration_growth_uplift": 0, "integration_ads_uplift": 0,
                            "integration_cost_usd_m_per_month": 0},
        }  # fmt: skip
        world = run(draws=64, **neutral[option])
        for name, options in PORTFOLIOS.items():
            if option in options:
                without = "+".join(other for other in options if other != option) or "stay_the_course"
                for measure, values in world.portfolios[name].items():
                    assert np.array_equal(values, world.portfolios[without][measure]), (name, measure)
