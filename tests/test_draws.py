"""Estimates and draws: declared percentiles are met, domains respected, numbers common to scenarios and options."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import draws
from analysis.errors import InputError
from analysis.estimates import Estimate
from analysis.parameters import resolve

LEVELS = (0.05, 0.5, 0.95)
OPEN = {"positive": (0.0, np.inf), "share": (0.0, 1.0), "real": (-np.inf, np.inf), "probability": (0.0, 1.0)}


def estimate(low, central, high, domain="positive", minimum=-1e9, maximum=1e9):
    return Estimate("x", low, central, high, "usd_m", domain, minimum, maximum)


@st.composite
def estimates(draw):
    """Any valid estimate: a domain and three different values inside it."""
    domain = draw(st.sampled_from(sorted(OPEN)))
    low, high = {"positive": (1e-6, 1e6), "real": (-1e3, 1e3)}.get(domain, (1e-4, 1 - 1e-4))
    values = draw(st.lists(st.floats(low, high), min_size=3, max_size=3, unique_by=lambda value: float(f"{value:.6g}")))
    return estimate(*sorted(values), domain)


class TestQuantile:
    def test_declared_percentiles_are_met_exactly(self, tables):
        for scenario in tables.scenarios:
            for one in resolve(tables, scenario).estimates:
                assert one.quantile(np.array(LEVELS)) == pytest.approx((one.low, one.central, one.high), rel=1e-12), one.name

    @pytest.mark.parametrize(
        ("domain", "values", "u", "expected"),
        [
            ("real", (-1, 0, 3), 0.025, -1.959963985 / 1.644853627),  # normal quantiles from printed tables
            ("real", (-1, 0, 3), 0.975, 3 * 1.959963985 / 1.644853627),
            ("positive", (1, 10, 1000), 0.975, 10 * 100 ** (1.959963985 / 1.644853627)),
            ("share", (0.2, 0.5, 0.8), 0.75, 1 / (1 + 4 ** (-0.6744897502 / 1.644853627))),
            ("probability", (0.05, 0.5, 0.95), 0.3, 0.3),
        ],
    )
    def test_known_values(self, domain, values, u, expected):
        assert estimate(*values, domain).quantile(u) == pytest.approx(expected, rel=1e-8)

    @given(estimates(), st.lists(st.floats(0, 1), min_size=2, max_size=20))
    def test_rises_with_u_inside_the_domain(self, one, points):
        values = one.quantile(np.sort(points))
        assert (np.diff(values) >= 0).all()
        bottom, top = OPEN[one.domain]
        assert ((values >= bottom) & (values <= top)).all()

    @given(estimates())
    def test_meets_any_three_percentiles(self, one):
        assert one.quantile(np.array(LEVELS)) == pytest.approx((one.low, one.central, one.high), rel=1e-9, abs=1e-9)

    def test_is_certain_when_all_three_are_equal(self):
        assert (estimate(7, 7, 7).quantile(np.array([0.0, 0.2, 1.0])) == 7).all()

    def test_stays_within_hard_bounds(self):
        one = estimate(1, 2, 3, minimum=0.9, maximum=3.1)
        assert one.quantile(np.array([0.0, 1.0])).tolist() == [0.9, 3.1]


class TestSample:
    @pytest.mark.parametrize(("level", "name"), list(zip(LEVELS, ("low", "central", "high"), strict=True)))
    def test_declared_percentiles_are_met_by_the_draws(self, base_case, level, name):
        """Within 3 standard errors of the share of draws at or below each; no finer than one draw of a scramble."""
        finest = draws.SCRAMBLES / base_case.settings.draws
        for column, one in base_case.sample().items():
            declared = getattr(base_case[column], name)
            if not base_case[column].certain:
                below = one <= declared * (1 + 1e-12)
                error = max(draws.standard_error(np.mean, below), finest / 3)
                assert abs(below.mean() - level) <= 3 * error, column

    def test_every_draw_is_inside_bounds_and_finite(self, tables):
        for scenario in tables.scenarios:
            case = resolve(tables, scenario, {"draws": 1024})
            for name, values in case.sample().items():
                assert np.isfinite(values).all()
                assert (values >= case[name].minimum).all()
                assert (values <= case[name].maximum).all()

    def test_certain_inputs_are_constant(self, tables):
        case = resolve(tables, "as_reported", {"headcount": 1000, "draws": 64})
        assert (case.sample()["headcount"] == 1000).all()

    def test_luck_is_uniform_and_rounds_succeed_with_the_power_of_p(self, base_case):
        u = base_case.sample()["investor_patience"]
        for level in np.linspace(0.1, 0.9, 9):
            error = max(draws.standard_error(np.mean, u <= level), draws.SCRAMBLES / len(u) / 3)
            assert abs(np.mean(u <= level) - level) <= 3 * error
        for p in (0.3, 0.8, 0.95):
            successes = np.floor(np.log(1 - u) / np.log(p))
            for k in range(1, 8):
                error = max(draws.standard_error(np.mean, successes >= k), draws.SCRAMBLES / len(u) / 3)
                assert abs(np.mean(successes >= k) - p**k) <= 3 * error

    def test_same_numbers_for_the_same_assumption_in_every_scenario(self, tables):
        """Where a scenario leaves an assumption as it is, its draws are the same; where not, they have the same ranks."""
        settings = {"draws": 256}
        base = resolve(tables, "as_reported", settings)
        for scenario in tables.scenarios:
            case, values = resolve(tables, scenario, settings), base.sample()
            for name, other in case.sample().items():
                if case[name].origin == "assumptions":
                    assert (values[name] == other).all()
                elif not case[name].certain:
                    assert (np.argsort(values[name]) == np.argsort(other)).all()

    def test_an_override_leaves_the_draws_of_the_others(self, tables):
        one = resolve(tables, "as_reported", {"draws": 64}).sample()
        other = resolve(tables, "as_reported", {"draws": 64, "monthly_burn_usd_m": 1}).sample()
        assert [name for name in one if (one[name] != other[name]).any()] == ["monthly_burn_usd_m"]

    def test_central_values(self, base_case):
        assert {name: values.tolist() for name, values in base_case.central().items()} == {
            one.name: [one.central] for one in base_case.estimates
        }

    def test_a_name_that_is_missing_is_an_input_error(self, base_case):
        with pytest.raises(InputError, match=r"'headcounts'\. Nearest: headcount"):
            base_case.central()["headcounts"]


class TestUniform:
    def test_seed_decides(self):
        points = draws.uniform(3, 64, 0)
        assert (points == draws.uniform(3, 64, 0)).all()
        assert (points != draws.uniform(3, 64, 1)).any()
        assert (points != draws.uniform(3, 64, 20250617)).any()

    def test_shape_and_range(self):
        points = draws.uniform(5, 128, 0)
        assert points.shape == (128, 5)
        assert ((points >= 0) & (points < 1)).all()

    def test_each_scramble_is_balanced_and_differs_from_the_others(self):
        groups = np.split(draws.uniform(2, 8 * 64, 3), draws.SCRAMBLES)
        for group in groups:
            assert (np.bincount((group[:, 0] * 64).astype(int), minlength=64) == 1).all()
        assert len({group.tobytes() for group in groups}) == draws.SCRAMBLES


class TestCheckDraws:
    @pytest.mark.parametrize("number", [16, 32, 1024, 8192, 2**20])
    def test_accepts_eight_times_a_power_of_two(self, number):
        assert draws.check_draws(number) == number

    @pytest.mark.parametrize(
        ("number", "nearest"),
        [(0, "16, 32"), (8, "16, 32"), (17, "16, 32"), (8191, "4096, 8192"), (10000, "8192, 16384"), (2**21, "1048576, 1048576")],
    )
    def test_refuses_others_with_the_nearest(self, number, nearest):
        with pytest.raises(InputError, match=f"given {number}. Nearest: {nearest}"):
            draws.check_draws(number)


class TestStandardError:
    def test_known_data(self):
        """Eight groups with means 1 to 8: variance 6 (sum of squares 42 over 7), over 8 groups: √(6/8)."""
        values = np.repeat(np.arange(1.0, 9.0), 4)
        assert draws.standard_error(np.mean, values) == pytest.approx(np.sqrt(6 / 8), rel=1e-14)

    def test_equal_groups_have_none(self):
        assert draws.standard_error(np.median, np.tile([1.0, 5.0, 9.0], 8)) == 0

    def test_a_group_without_a_number_leaves_it_unknown(self):
        values = np.ones(32)
        values[:4] = np.inf
        assert np.isnan(draws.standard_error(np.mean, values))
