"""Estimates and draws: declared percentiles are met, dependence is as given, a new input leaves the others alone."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.stats import qmc

from analysis.inputs import draws
from analysis.inputs.errors import InputError
from analysis.inputs.estimates import Estimate
from analysis.inputs.parameters import BASE, resolve

LEVELS = (0.05, 0.5, 0.95)
ENDS = {"positive": (0.0, np.inf), "share": (0.0, 1.0), "real": (-np.inf, np.inf), "probability": (0.0, 1.0)}
SEVEN = tuple("abcdefg")


def estimate(low, central, high, domain="positive", minimum=-1e9, maximum=1e9):
    return Estimate("x", low, central, high, "usd_m", domain, minimum, maximum)


@st.composite
def estimates(draw):
    """Any valid estimate: a domain and three different values inside it."""
    domain = draw(st.sampled_from(sorted(ENDS)))
    low, high = {"positive": (1e-6, 1e6), "real": (-1e3, 1e3)}.get(domain, (1e-4, 1 - 1e-4))
    apart = {"min_size": 3, "max_size": 3, "unique_by": lambda value: float(f"{value:.6g}")}
    return estimate(*sorted(draw(st.lists(st.floats(low, high), **apart))), domain)


class TestQuantile:
    def test_declared_percentiles_are_met_exactly(self, tables):
        for scenario in tables.scenarios:
            for one in resolve(tables, scenario).estimates:
                expected = pytest.approx((one.low, one.central, one.high), rel=1e-12)
                assert one.quantile(np.array(LEVELS)) == expected, one.name

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
        bottom, top = ENDS[one.domain]
        assert ((values >= bottom) & (values <= top)).all()

    @given(estimates())
    def test_meets_any_three_percentiles(self, one):
        assert one.quantile(np.array(LEVELS)) == pytest.approx(
            (one.low, one.central, one.high), rel=1e-9, abs=1e-9
        )

    def test_is_certain_when_all_three_are_equal(self):
        assert (estimate(7, 7, 7).quantile(np.array([0.0, 0.2, 1.0])) == 7).all()

    def test_stays_within_hard_bounds(self):
        one = estimate(1, 2, 3, minimum=0.9, maximum=3.1)
        assert one.quantile(np.array([0.0, 1.0])).tolist() == [0.9, 3.1]


class TestUniform:
    def test_shape_and_open_range(self):
        points = draws.uniform(SEVEN, 2**14, 0)
        assert points.shape == (7, 2**14)
        assert points.min() > 0
        assert points.max() < 1

    def test_each_scramble_has_one_point_in_each_of_equal_parts(self):
        """What makes Sobol points better than chance, in every dimension alone; and the 8 scrambles differ."""
        for row in draws.uniform(SEVEN, 8 * 64, 3):
            groups = np.split(row, draws.SCRAMBLES)
            for group in groups:
                assert (np.bincount((group * 64).astype(int), minlength=64) == 1).all()
            assert len({group.tobytes() for group in groups}) == draws.SCRAMBLES

    def test_pairs_of_dimensions_are_balanced_too(self):
        """The first two dimensions are a net: each box of an 8 by 8 grid holds one of 64 points, also when scrambled."""
        points = draws.uniform(("a", "b"), 8 * 64, 5)
        for group in np.split(points, draws.SCRAMBLES, axis=1):
            boxes = (group[0] * 8).astype(int) * 8 + (group[1] * 8).astype(int)
            assert (np.bincount(boxes, minlength=64) == 1).all()

    def test_points_are_uniform_over_seeds(self):
        """One point per seed, far finer than any grid: the scramble alone makes it uniform."""
        singles = np.array([draws.uniform(("a", "b"), 16, seed)[:, 0] for seed in range(600)])
        for column in singles.T:
            assert stats.kstest(column, "uniform").pvalue > 0.001
            assert stats.kstest(column * 2**12 % 1, "uniform").pvalue > 0.001
        assert abs(stats.spearmanr(*singles.T).statistic) < 0.13

    def test_seed_and_name_decide(self):
        points = draws.uniform(SEVEN, 64, 0)
        assert (points == draws.uniform(SEVEN, 64, 0)).all()
        assert (points != draws.uniform(SEVEN, 64, 1)).all()
        renamed = draws.uniform(("a", "z", *SEVEN[2:]), 64, 0)
        assert [row for row in range(7) if (points[row] != renamed[row]).any()] == [1]

    @pytest.mark.parametrize("number", [16, 1024, 8192])
    def test_a_name_added_at_the_end_leaves_the_others_to_the_bit(self, number):
        before = draws.uniform(SEVEN, number, 20250617)
        after = draws.uniform((*SEVEN, "new"), number, 20250617)
        assert before.tobytes() == after[:7].tobytes()

    def test_more_draws_begin_with_the_fewer(self):
        few, many = (draws.uniform(SEVEN, number, 1).reshape(7, 8, -1) for number in (512, 1024))
        assert (few == many[..., :64]).all()

    def test_standard_errors_are_calibrated(self):
        """Over 200 seeds the error of a mean known exactly is as large as its standard error says, and far below
        that of as many chance points (Σu² over 7 inputs: 7/3, whose chance error for 256 draws is 0.049)."""
        scores = []
        for seed in range(200):
            values = (draws.uniform(SEVEN, 256, seed) ** 2).sum(axis=0)
            error = draws.standard_error(np.mean, values)
            assert error < 0.01
            scores.append((values.mean() - 7 / 3) / error)
        assert stats.kstest(scores, stats.t(7).cdf).pvalue > 0.001  # 8 scrambles: 7 degrees of freedom


class TestDependence:
    PAIRS = (("a", "c", 0.6), ("e", "a", -0.5), ("c", "e", 0.1))

    def test_the_factor_is_that_of_numpy(self):
        members, factor = draws.cholesky(SEVEN, self.PAIRS)
        matrix = np.array([[1, 0.6, -0.5], [0.6, 1, 0.1], [-0.5, 0.1, 1]])
        assert members == [0, 2, 4]
        assert factor == pytest.approx(np.linalg.cholesky(matrix), abs=1e-15)

    def test_realised_correlations_are_those_given(self):
        found = np.corrcoef(draws.normal_scores(SEVEN, 8192, 1, self.PAIRS))
        expected = np.eye(7)
        for pair in self.PAIRS:
            first, second = SEVEN.index(pair[0]), SEVEN.index(pair[1])
            expected[first, second] = expected[second, first] = pair[2]
        assert np.abs(found - expected).max() < 0.02

    def test_margins_stay_normal(self):
        for row in draws.normal_scores(SEVEN, 8192, 1, self.PAIRS):
            assert stats.kstest(row, "norm").statistic < 0.01

    def test_inputs_without_a_pair_and_first_ones_stay_to_the_bit(self):
        free, tied = draws.normal_scores(SEVEN, 256, 1), draws.normal_scores(SEVEN, 256, 1, self.PAIRS)
        assert [name for name, a, b in zip(SEVEN, free, tied, strict=True) if a.tobytes() != b.tobytes()] == [
            "c",
            "e",
        ]

    def test_an_input_added_at_the_end_leaves_the_others_to_the_bit_correlated_or_not(self):
        before = draws.normal_scores(SEVEN, 1024, 1, self.PAIRS)
        for more in ((), (("new", "a", 0.3), ("c", "new", 0.2))):
            after = draws.normal_scores((*SEVEN, "new"), 1024, 1, (*self.PAIRS, *more))
            assert before.tobytes() == after[:7].tobytes()

    @given(st.lists(st.floats(-0.99, 0.99), min_size=6, max_size=6))
    def test_any_four_inputs_are_drawn_as_given_or_refused(self, values):
        names = SEVEN[:4]
        places = [(i, j) for i in range(4) for j in range(i)]
        matrix = np.eye(4)
        for (i, j), value in zip(places, values, strict=True):
            matrix[i, j] = matrix[j, i] = value
        pairs = [(names[i], names[j], value) for (i, j), value in zip(places, values, strict=True)]
        if np.linalg.eigvalsh(matrix).min() > 1e-6:
            _, factor = draws.cholesky(names, pairs)
            assert factor @ factor.T == pytest.approx(matrix, abs=1e-12)
        elif np.linalg.eigvalsh(matrix).min() < 0:
            with pytest.raises(InputError, match="these correlations cannot hold together"):
                draws.cholesky(names, pairs)

    def test_only_pairs_that_are_linked_with_the_culprit_are_named(self):
        pairs = [
            ("a", "b", 0.9),
            ("b", "c", 0.9),
            ("a", "c", -0.9),
            ("d", "e", 0.5),
            ("c", "g", 0.1),
        ]
        with pytest.raises(InputError) as caught:
            draws.cholesky(SEVEN, pairs)
        assert str(caught.value).endswith(": a with b 0.9, b with c 0.9, a with c -0.9")


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

    def test_declared_correlations_are_met_by_the_draws(self, base_case):
        """Among all inputs that have any, pairs that are not given included; all others are as good as free."""
        names = [one.name for one in base_case.estimates]
        settings = base_case.settings
        scores = draws.normal_scores(tuple(names), settings.draws, settings.seed, base_case.correlations)
        expected = np.eye(len(names))
        for pair in base_case.correlations:
            first, second = names.index(pair[0]), names.index(pair[1])
            expected[first, second] = expected[second, first] = pair[2]
        off = np.abs(np.corrcoef(scores) - expected)
        involved = (expected != 0).sum(axis=0) > 1
        assert involved.sum() >= 2
        assert off[np.ix_(involved, involved)].max() < 0.02
        assert np.sqrt((off**2).mean()) < 0.005  # of as many chance draws: 0.011

    def test_independent_draws_have_the_same_margins(self, base_case):
        tied, free = base_case.sample(), base_case.sample(independent=True)
        involved = {name for pair in base_case.correlations for name in (pair[0], pair[1])}
        changed = {name for name in tied if (tied[name] != free[name]).any()}
        assert changed
        assert changed < involved

    def test_every_draw_is_inside_bounds_and_finite(self, tables):
        for scenario in tables.scenarios:
            case = resolve(tables, scenario, {"draws": 1024})
            for name, values in case.sample().items():
                assert np.isfinite(values).all()
                assert (values >= case[name].minimum).all()
                assert (values <= case[name].maximum).all()

    def test_luck_is_uniform_and_rounds_succeed_with_the_power_of_p(self, base_case):
        u = base_case.sample(independent=True)["investor_patience"]
        for p in (0.3, 0.8, 0.95):
            successes = np.floor(np.log(1 - u) / np.log(p))
            for k in range(1, 8):
                error = max(draws.standard_error(np.mean, successes >= k), draws.SCRAMBLES / len(u) / 3)
                assert abs(np.mean(successes >= k) - p**k) <= 3 * error

    def test_same_numbers_for_the_same_assumption_in_every_scenario(self, tables):
        """Where a scenario leaves an assumption as it is, its draws are the same; where not, their ranks are."""
        settings = {"draws": 256}
        base = resolve(tables, BASE, settings)
        for scenario in tables.scenarios:
            case, values = resolve(tables, scenario, settings), base.sample()
            for name, other in case.sample().items():
                if case[name].origin == "assumptions":
                    assert (values[name] == other).all()
                elif not (case[name].certain or base[name].certain):
                    assert (
                        np.argsort(values[name], kind="stable") == np.argsort(other, kind="stable")
                    ).mean() > 0.9

    def test_an_override_leaves_the_draws_of_the_others(self, small_tables):
        one = resolve(small_tables, BASE, {"draws": 64}).sample()
        other = resolve(small_tables, BASE, {"draws": 64, "monthly_burn_usd_m": 1}).sample()
        assert [name for name in one if (one[name] != other[name]).any()] == ["monthly_burn_usd_m"]
        assert (other["monthly_burn_usd_m"] == 1).all()

    def test_an_assumption_added_at_the_end_leaves_the_draws_of_the_others(self, base_case):
        more = dataclasses.replace(base_case.estimates[0], name="new_input")
        longer = dataclasses.replace(base_case, estimates=(*base_case.estimates, more)).sample()
        for name, values in base_case.sample().items():
            assert values.tobytes() == longer[name].tobytes()

    def test_central_values(self, small_tables):
        case = resolve(small_tables, BASE)
        expected = {one.name: [one.central] for one in case.estimates}
        assert {name: values.tolist() for name, values in case.central().items()} == expected

    def test_a_name_that_is_missing_is_an_input_error(self, small_tables):
        with pytest.raises(InputError, match=r"'opening_cash'\. Nearest: opening_cash_usd_m"):
            resolve(small_tables, BASE).central()["opening_cash"]


class TestCheckDraws:
    @pytest.mark.parametrize("number", [16, 32, 1024, 8192, 2**20])
    def test_accepts_eight_times_a_power_of_two(self, number):
        assert draws.check_draws(number) == number

    @pytest.mark.parametrize(
        ("number", "nearest"),
        [
            (0, "16, 32"),
            (8, "16, 32"),
            (17, "16, 32"),
            (-5, "16, 32"),
            (8191, "4096, 8192"),
            (10000, "8192, 16384"),
            (2**21, "1048576"),
        ],
    )
    def test_refuses_others_with_the_nearest(self, number, nearest):
        with pytest.raises(InputError, match=rf"given {number}\. Nearest: {nearest}\.$"):
            draws.check_draws(number)


class TestStandardError:
    def test_known_data(self):
        """Eight groups with means 1 to 8: variance 6 (sum of squares 42 over 7), over 8 groups: √(6/8)."""
        values = np.repeat(np.arange(1.0, 9.0), 4)
        assert draws.standard_error(np.mean, values) == pytest.approx(np.sqrt(6 / 8), rel=1e-14)

    def test_a_group_without_a_number_leaves_it_unknown(self):
        values = np.ones(32)
        values[:4] = np.inf
        assert np.isnan(draws.standard_error(np.mean, values))


def test_directions_are_those_of_scipy_without_its_import():
    for dimensions, steps in ((1, 1), (71, 10), (200, 13)):
        points = qmc.Sobol(dimensions, scramble=False).random(2**steps)
        expected = (points[2 ** np.arange(1, steps + 1) - 1] * 2**steps).astype(np.uint64)
        assert (draws._directions(dimensions, steps) == expected).all()
