"""Ties between mixes of options, and the scenarios as possible worlds: identities, known answers, limits."""

import dataclasses

import numpy as np
import pytest

from analysis.inputs.errors import InputError
from analysis.inputs.parameters import resolve
from analysis.model.options import PORTFOLIOS, STAY
from analysis.results import states, ties
from analysis.results.results import Result
from analysis.results.states import States

COUNT = len(PORTFOLIOS)
DRAWS = {"draws": 256}


def weighted(tables, weights):
    """Return the tables with the scenarios' weights replaced, by name, the others 0."""
    scenarios = {
        name: each.model_copy(update={"weight": weights.get(name, 0.0)})
        for name, each in tables.scenarios.items()
    }
    return dataclasses.replace(tables, scenarios=scenarios)


def toy(means, noise=0.0):
    """Return worlds with these mean values of the first portfolios, of which the first wavers by `noise`."""
    means = np.array(means, dtype=float)
    full = np.concatenate([means, np.full((len(means), COUNT - means.shape[1]), means.min() - 100)], axis=1)
    wobble = np.zeros((COUNT, 8))
    wobble[0] = noise * np.tile([1, -1], 4)
    names = tuple(f"world_{n}" for n in range(len(means)))
    return States(names, full[:, :, None] + wobble)


@pytest.fixture(scope="module")
def result(tables):
    return Result(resolve(tables, "as_reported", DRAWS))


@pytest.fixture(scope="module")
def possible(result, tables):
    return states.states(result, tables)


class TestTies:
    def test_what_is_equal_ties_and_what_is_clearly_apart_does_not(self):
        values = np.random.default_rng(1).normal(0, 1, 1024)
        assert ties.tied(values, values)
        assert ties.tied(np.full(16, 5.0), np.full(16, 5.0 * (1 + 1e-12)))  # nothing but arithmetic
        assert not ties.tied(
            values, values + 1e-3
        )  # the draws are common: their noise is not that of the difference
        assert ties.tied(np.zeros(16), np.zeros(16))

    @pytest.mark.parametrize(("apart", "expected"), [(1.9, True), (2.1, False), (-1.9, True), (-2.1, False)])
    def test_the_limit_is_two_standard_errors_of_the_difference(self, apart, expected):
        noise = np.repeat([1.0, -1, 1, -1, 1, -1, 1, -1], 2)
        error = np.std([1, -1] * 4, ddof=1) / np.sqrt(8)
        assert ties.tied(noise + apart * error, np.zeros(16)) is expected

    def test_the_best_comes_first_with_all_that_tie(self):
        noise = np.tile([1.0, -1], 8).repeat(2)
        wavering = 5 + np.repeat([1.0, -1, 1, -1, 1, -1, 1, -1], 4)
        values = {"low": noise, "good": np.full(32, 5.0), "wavering": wavering, "also": np.full(32, 5.0)}
        assert ties.best(values)[0] in ("good", "wavering", "also")
        assert sorted(ties.best(values)) == ["also", "good", "wavering"]
        assert ties.best(values, highest=False) == ["low"]
        assert ties.best({"only": noise}) == ["only"]


class TestRegret:
    def test_known_answer(self):
        possible = toy([[10, 7, 4], [0, 6, 5.7]])
        assert possible.regret[:, :3].tolist() == [[0, 3, 6], pytest.approx([6, 0, 0.3])]
        assert possible.regret.max(axis=0)[:3] == pytest.approx([6, 3, 6])
        assert possible.max_regret_by_scramble.mean(axis=1)[:3] == pytest.approx([6, 3, 6])

    def test_who_cannot_be_told_from_the_best_is_near_it(self):
        possible = toy([[8, 10, 2]], noise=4)  # the difference of 2 has an error of about 1.5
        assert possible.near_best[0, :3].tolist() == [True, True, False]
        assert toy([[8, 10, 2]]).near_best[0, :3].tolist() == [False, True, False]

    def test_worlds_in_which_all_is_worth_nothing_have_no_regret(self):
        possible = States(("a",), np.zeros((1, COUNT, 8)))
        assert (possible.regret == 0).all() and possible.near_best.all()

    def test_a_tie_is_the_best_or_cannot_be_told_from_it(self):
        assert toy([[9, 10, 10.5], [9.9, 10, 9.95]]).ties[:, :3].tolist() == [
            [False, False, True],
            [False, True, False],
        ]
        assert toy([[9.9, 10, 2]], noise=1).ties[0, :3].tolist() == [True, True, False]

    def test_the_best_has_no_regret_and_nobody_less(self, possible):
        assert (possible.regret.min(axis=1) == 0).all()
        assert possible.near_best[possible.regret == 0].all()


class TestWorlds:
    def test_are_the_scenarios_with_a_weight_all_at_the_same_draws(self, possible, result, tables):
        expected = [name for name, each in tables.scenarios.items() if each.weight > 0]
        assert list(possible.names) == expected
        for world, name in enumerate(expected):
            alone = Result(resolve(tables, name, DRAWS)).portfolios[STAY]["value_usd_m"]
            assert possible.means[world, 0] == pytest.approx(alone.mean(), rel=1e-12)

    def test_a_changed_case_stands_for_its_scenario_and_its_settings_hold_everywhere(self, tables, possible):
        changed = {"horizon_months": 6, "monthly_burn_usd_m": 400}
        result = Result(resolve(tables, "as_reported", DRAWS | changed))
        own = states.states(result, tables)
        place = own.names.index("as_reported")
        assert own.means[place, 0] == pytest.approx(result.portfolios[STAY]["value_usd_m"].mean())
        other = own.names.index("critics")
        alone = Result(resolve(tables, "critics", DRAWS | {"horizon_months": 6})).portfolios[STAY][
            "value_usd_m"
        ]
        assert own.means[other, 0] == pytest.approx(alone.mean())

    def test_a_scenario_of_no_weight_sees_the_same_worlds(self, tables, possible):
        hindsight = Result(resolve(tables, "hindsight_2026", DRAWS))
        assert hindsight.settings.start_month != "2025-06"
        assert (states.states(hindsight, tables).means == possible.means).all()

    def test_a_weight_of_0_takes_a_world_out_and_not_all_may_be_0(self, tables, result):
        two = states.states(result, weighted(tables, {"as_reported": 3.0, "critics": 1.0}))
        assert two.names == ("as_reported", "critics") and two.means.shape == (2, COUNT)
        with pytest.raises(InputError, match=r"^weight: all scenarios \(.*critics.*\) have weight 0"):
            states.states(result, weighted(tables, {}))

    def test_what_was_run_before_is_not_run_again(self, tables, result, possible, monkeypatch):
        monkeypatch.setattr(states, "_known", {})
        for name in possible.names:
            before = Result(resolve(tables, name, DRAWS))
            states.worth(before.case, before.portfolios)
        monkeypatch.setattr(states, "of_portfolios", None)  # nothing is computed any more
        assert (states.states(result, tables).means == possible.means).all()
