"""The page of a sweep: surfaces with answers known by hand, sentences and charts over many kinds of sweep, the page itself."""

import json
import re
import shlex

import matplotlib as mpl
import numpy as np
import pyarrow.parquet as pq
import pytest
from matplotlib.text import Text
from scipy.stats import qmc

from analysis import inputs
from analysis.charts import sweep as maps
from analysis.charts import sweep_lines as lines
from analysis.charts import theme
from analysis.errors import InputError
from analysis.findings import sweep as text
from analysis.findings import sweep_figures as figures
from analysis.findings import sweep_frames as frames
from analysis.findings import sweep_tables as cells
from analysis.insight import flips as flipping
from analysis.insight import influence, surface, swept
from analysis.model.options import PORTFOLIOS
from analysis.report import requests, worker
from analysis.report.notebook import begin_sweep
from analysis.report.sweep_page import CHARTS, SweepPage
from analysis.sweep import block, read, spec
from tests.browser import open_page
from tests.swept import BASIS, BURN, CASH, GROWTH, SCENARIO, START, axis, grid, points, real

NEVER = np.inf
LEVEL, CLEAR = (1.0, 1.0), (100.0, 1.0)  # a lead and its standard error


def plane(burn, growth):
    """Months that fall with the burn and rise with growth; never below the line burn = 700 + 1000 · growth."""
    return NEVER if burn < 700 + 1000 * growth else 50 - burn / 100 + 20 * growth


def preferring(burn, growth=0.0):
    return ("partner", "focus", *CLEAR) if burn < 1000 else ("focus", "partner", *(LEVEL if burn == 1000 else CLEAR))


@pytest.fixture(scope="module")
def flat():
    return grid([axis(BURN, 600, 800, 1000, 1200), axis(GROWTH, 0.05, 0.15, 0.25)], plane, None, preferring)


def sobol(dimensions: int, count: int, seed: int = 1) -> np.ndarray:
    return qmc.Sobol(dimensions, rng=np.random.default_rng(seed)).random(count)


class TestEffects:
    def test_shares_of_a_sum_are_those_of_its_parts(self):
        """f = a + b on {0, 1, 2} × {0, 4}: variances 2/3 and 4 of 14/3."""
        frame = surface.effects(grid([axis(BURN, 0, 1, 2), axis(GROWTH, 0, 4)], lambda a, b: 1 + a + b))
        assert list(frame["axis"]) == [GROWTH[0], BURN[0]]
        assert list(frame["share"]) == pytest.approx([4 / (14 / 3), (2 / 3) / (14 / 3)])
        assert list(frame["low"]) == pytest.approx([2.0, 3.0]) and list(frame["high"]) == pytest.approx([6.0, 5.0])
        assert list(frame["low_at"]) == [0, 0] and list(frame["high_at"]) == [4, 2]

    def test_a_pure_interplay_is_nobodys(self):
        frame = surface.effects(grid([axis(BURN, -1, 1), axis(GROWTH, -1, 1)], lambda a, b: 5 + a * b))
        assert list(frame["share"]) == pytest.approx([0, 0])
        assert not frame["clear"].any()

    def test_values_may_be_given_in_any_order(self):
        mixed = surface.effects(grid([axis(BURN, 2, 0, 1), axis(GROWTH, 4, 0)], lambda a, b: 1 + a + b))
        assert list(mixed["low_at"]) == [0, 0]

    def test_never_stands_at_the_horizon(self):
        sweep = grid([axis(BURN, 1, 2)], lambda a: NEVER if a == 1 else 20, settings={"horizon_months": "36"})
        assert list(swept.headline(sweep).values) == [36, 20]

    def test_never_within_different_horizons_is_not_compared(self):
        horizons = axis(("horizon_months", "months", "Horizon months"), 24, 48)
        sweep = grid([horizons], lambda h: NEVER)
        assert list(swept.horizon_months(sweep)) == [24, 48]
        assert swept.headline(sweep).metric == "cash_out_probability_horizon"
        assert swept.headline(grid([horizons], lambda h: 9 + h / 10)).metric == "runway_months"

    def test_noise_does_not_matter(self):
        sweep = grid([axis(BURN, 1, 2), axis(GROWTH, 1, 2)], lambda a, b: 10 + 0.001 * a, error=0.01)
        assert not surface.effects(sweep)["clear"].any()
        assert not swept.headline(sweep).beyond

    def test_sobol_shares_in_closed_form(self):
        """f = 3a + b on the unit square: shares 0.9 and 0.1; c does nothing."""
        sweep = points([BURN, GROWTH, CASH], sobol(3, 2048), lambda a, b, c: 10 + 3 * a + b)
        frame = surface.effects(sweep).set_index("axis")
        assert frame["share"].to_dict() == pytest.approx({BURN[0]: 0.9, GROWTH[0]: 0.1, CASH[0]: 0.0}, abs=0.01)
        assert frame["clear"].to_dict() == {BURN[0]: True, GROWTH[0]: True, CASH[0]: False}

    def test_one_influence_lends_nothing_to_sixty_inputs_without_any(self):
        """256 points in 61 dimensions: an input without influence often follows the one that has it, bin by bin."""
        values = sobol(61, 256)
        kinds = [BURN, *((f"x{place}", "", f"X {place}") for place in range(60))]
        frame = surface.effects(points(kinds, values, lambda a, *_: 10 / (0.5 + a)))
        assert list(frame.loc[frame["clear"], "axis"]) == [BURN[0]]

    def test_pure_chance_is_hardly_ever_taken_for_an_influence(self):
        """The test allows one set of points in a hundred to name an input that does nothing."""
        rng, named = np.random.default_rng(5), 0
        for _ in range(40):
            values = rng.random((256, 20))
            noise = dict(zip(values[:, 0], rng.normal(10, 1, 256), strict=True))
            sweep = points([(f"x{place}", "", "X") for place in range(20)], values, lambda first, *_, noise=noise: noise[first])
            named += bool(surface.effects(sweep)["clear"].any())
        assert named <= 2

    def test_too_few_points_say_nothing(self):
        assert surface.effects(points([BURN], sobol(1, 32), lambda a: a)).empty


class TestSurface:
    def test_all_cells_of_a_plane(self, flat):
        frame = surface.surface(flat, *flat.axes)
        assert len(frame) == 12 and (frame["cases"] == 1).all()
        at = frame.set_index(["across", "up"])
        assert at.loc[(800, 0.05), "value"] == pytest.approx(50 - 8 + 1) and at.loc[(800, 0.05), "solvent"] == 0
        assert at.loc[(800, 0.15), "capped"] == 1 and at.loc[(800, 0.15), "value"] == 60

    def test_other_axes_are_averaged_or_held(self):
        sweep = grid([axis(BURN, 1, 2), axis(GROWTH, 1, 2), axis(CASH, 0, 10, 50)], lambda a, b, c: a + b + c)
        mean = surface.surface(sweep, *sweep.axes[:2])
        assert list(mean["value"]) == pytest.approx([22, 23, 23, 24]) and (mean["cases"] == 3).all()
        assert surface.middle(sweep, sweep.axes[:2]) == {CASH[0]: 10}
        held = surface.surface(sweep, *sweep.axes[:2], at={CASH[0]: 10})
        assert list(held["value"]) == pytest.approx([12, 13, 13, 14]) and (held["cases"] == 1).all()

    def test_long_axes_are_thinned_with_both_ends(self):
        long = axis(BURN, *range(1000, 0, -1))
        assert surface.drawn(long)[0] == 1 and surface.drawn(long)[-1] == 1000
        assert len(surface.drawn(long)) <= surface.MOST_VALUES + 1


class TestFlips:
    def test_the_line_of_a_plane(self, flat):
        """Solvent below 700 + 1000 · growth: the turns lie between 600 and 800, 800 and 1000, 0.05 and 0.15 …"""
        frame = flipping.flips(flat, swept.solvent(flat))
        found = {(row.axis, *sorted((row.value, row.other_value))) for row in frame.itertuples()}
        assert found == {(BURN[0], 600, 800), (BURN[0], 800, 1000), (GROWTH[0], 0.05, 0.15)}
        assert len(frame) == 4 and frame["clear"].all()
        assert (frame["state"] != frame["other_state"]).all()

    def test_a_lead_within_two_standard_errors_is_level(self, flat):
        frame = flipping.flips(flat, swept.portfolio(flat))
        assert {tuple(sorted(pair)) for pair in zip(frame["value"], frame["other_value"], strict=True)} == {(800, 1000)}
        assert not frame["clear"].any()
        assert swept.portfolio(flat).count("focus", clear=True) == 3 and swept.portfolio(flat).count("focus") == 6

    def test_a_share_within_two_standard_errors_of_a_half_is_level(self):
        sweep = grid([axis(BURN, 1, 2, 3)], lambda a: NEVER if a < 3 else 9, lambda a: {1: 0.40, 2: 0.49, 3: 0.60}[a], error=0.02)
        assert list(swept.solvent(sweep).clear) == [True, False, True]
        assert not flipping.flips(sweep, swept.solvent(sweep))["clear"].any()

    def test_a_clear_answer_gives_way_to_another_across_level_ones(self):
        out = {1: 0.1, 2: 0.49, 3: 0.51, 4: 0.9, 5: 0.95}
        sweep = grid([axis(BURN, 5, 4, 3, 2, 1)], lambda a: NEVER if out[a] < 0.5 else 9, lambda a: out[a], error=0.02)
        assert not flipping.flips(sweep, swept.solvent(sweep))["clear"].any()
        assert flipping.crossings(sweep, swept.solvent(sweep)).to_numpy().tolist() == [[BURN[0], 1, 4]]

    def test_words_are_compared_each_with_each(self):
        worlds = axis(SCENARIO, "as_reported", "critics", "price_war")
        sweep = grid([worlds], lambda name: NEVER if name == "critics" else 9)
        assert len(flipping.flips(sweep, swept.solvent(sweep))) == 2
        assert not swept.ordered(worlds) and swept.ordered(axis(START, "2025-06", "2025-07"))

    def test_months_have_an_order(self):
        sweep = grid([axis(START, "2026-01", "2025-06", "2025-12")], lambda month: NEVER if month > "2025-08" else 9)
        frame = flipping.flips(sweep, swept.solvent(sweep))
        assert [tuple(sorted(pair)) for pair in zip(frame["value"], frame["other_value"], strict=True)] == [
            ("2025-06", "2025-12")
        ]

    @pytest.mark.parametrize("at", [0.3, 0.5, 0.8])
    @pytest.mark.parametrize("rises", [True, False])
    def test_a_known_threshold_of_sobol_points(self, at, rises):
        sweep = points([BURN, GROWTH], sobol(2, 1024), lambda a, b: NEVER if (a > at) == rises else 9)
        (found,) = flipping.thresholds(sweep, sweep.axes[0])
        assert found.value == pytest.approx(at, abs=1 / 16) and found.rises == rises and found.low < at < found.high
        assert flipping.thresholds(sweep, sweep.axes[1]) == []

    def test_an_even_chance_has_no_threshold(self):
        rng = np.random.default_rng(3)
        for _ in range(10):
            sweep = points([BURN], rng.random((512, 1)), lambda a: 9, lambda a: float(a * 1e6 % 1 < 0.5))
            assert flipping.thresholds(sweep, sweep.axes[0]) == []

    def test_portfolio_shares_add_up_and_level_is_apart(self):
        sweep = points([BURN, GROWTH], sobol(2, 256), lambda a, b: 9, None,
                       lambda a, b: ("partner", "focus", *(LEVEL if b < 0.25 else CLEAR)) if a < 0.5 else ("focus", "partner", *CLEAR))  # fmt: skip
        assert influence.deciding(sweep, swept.portfolio(sweep)) is sweep.axes[0]
        frame = flipping.portfolio_shares(sweep, sweep.axes[0])
        assert frame[["focus", "partner", "level"]].sum(axis=1).to_numpy() == pytest.approx(1)
        assert list(frame["focus"]) == [0] * 4 + [1] * 4 and frame["level"].iloc[:4].mean() == pytest.approx(0.25, abs=0.02)


class TestEdgesAndTelling:
    def test_edges_lie_beside_a_flip(self, flat):
        frame = surface.edges(flat)
        assert set(frame["what"]) == {"solvent", "best_portfolio"}
        for row in frame.itertuples():
            one, other = flat.frame.iloc[row.case], flat.frame.iloc[row.other]
            assert one[row.what] == row.state and other[row.what] == row.other_state != row.state

    def test_the_nearest_comes_first(self):
        out = {1: 0.1, 2: 0.45, 3: 0.9, 4: 0.3}
        sweep = grid([axis(BURN, 1, 2, 3, 4)], lambda a: NEVER if out[a] < 0.5 else 9, lambda a: out[a])
        assert list(surface.edges(sweep)["case"]) == [1, 3]

    def test_nothing_flips(self):
        assert surface.edges(grid([axis(BURN, 1, 2)], lambda a: a)).empty
        assert surface.edges(points([BURN], sobol(1, 64), lambda a: 9)).empty

    def test_exact_ties_are_no_edge_before_a_close_lead(self):
        def best(a):
            return ("partner", "focus", 0.0, 0.0) if a == 1 else ("focus", "partner", 5.0 * a, 1.0)

        assert surface.edges(grid([axis(BURN, 1, 2, 3)], lambda a: 9, None, best))["case"].iloc[0] == 1

    @pytest.mark.parametrize("count", [0, 1, 2, 5, 12, 100])
    def test_telling_cases_are_distinct_and_the_same_each_time(self, flat, count):
        found = surface.telling(flat, count)
        assert len(found) == min(count, 12) == len(set(found)) and all(isinstance(case, int) for case in found)
        assert found == surface.telling(flat, count) == surface.telling(flat, 12)[:count]

    def test_edges_come_first_then_the_extremes(self, flat):
        found, edges = surface.telling(flat, 4), surface.edges(flat)
        assert found[0] in set(edges["case"]) and found[1] in set(edges["case"])
        values = swept.headline(flat).values
        assert {values[case] for case in found[2:4]} == {values.max(), values.min()}

    def test_a_command_is_the_case(self, tables):
        sweep = real(
            {"base": "critics", "set": {"burn_basis": "net"}, "seed": 5, "axes": {"opening_cash_usd_m": [0.1, 1500]}}, tables
        )
        assert surface.command(sweep, 0) == (
            "burn-report build critics --set burn_basis=net --set opening_cash_usd_m=0.1 --draws 64 --seed 5 --name case-0"
        )

    def test_a_command_is_accepted_and_gives_the_very_numbers(self, tables):
        sweep = real(
            {"sobol": {"points": 4, "inputs": ["monthly_burn_usd_m", "growth_endurance"]}, "set": {"pue": "1.1,1.2,1.4"}}, tables
        )
        words = shlex.split(surface.command(sweep, 3))
        given = [words[place + 1] for place, word in enumerate(words) if word == "--set"]
        (case,) = requests.cases([words[2]], given, words[words.index("--name") + 1], {})
        row = sweep.frame.iloc[3]
        assert float(case.values["growth_endurance"]) == row["growth_endurance_share"]  # exactly
        assert case.values["pue"] == "1.1,1.2,1.4" and case.folder == "case-3"

    def test_a_scenario_alone_does_not_take_the_place_of_its_own_pages(self, tables):
        sweep = real({"axes": {"scenario": ["critics", "as_reported"]}}, tables)
        assert surface.command(sweep, 0) == "burn-report build critics --draws 64 --out out"

    def test_a_shell_reads_it_as_one_word(self, flat):
        sweep = grid([axis(BASIS, "a b;c")], lambda word: 9)
        assert shlex.split(surface.command(sweep, 0))[4] == "burn_basis=a b;c"


ALL = [row for row in PORTFOLIOS]
KINDS = {
    "two axes": {"axes": {"monthly_burn_usd_m": [100, 250, 1000], "growth_subscriptions_per_month": [0.05, 0.3]}},
    "three axes": {"axes": {"monthly_burn_usd_m": [100, 250, 1000], "growth_endurance": [0.4, 0.6], "burn_basis": ["gross", "net"]}},
    "four axes": {"axes": {"monthly_burn_usd_m": [100, 800], "growth_endurance": [0.4, 0.6], "scenario": ["critics", "as_reported"],
                           "time_to_market_months": [1, 5]}, "metrics": ["runway_months"]},
    "one axis": {"axes": {"monthly_burn_usd_m": {"from": 50, "to": 450, "step": 50}}},
    "one axis, backwards": {"axes": {"monthly_burn_usd_m": [900, 100]}, "metrics": ["runway_months"]},
    "one case": {"axes": {"monthly_burn_usd_m": [900]}},
    "one case, solvent": {"axes": {"monthly_burn_usd_m": [1]}},
    "all solvent": {"axes": {"monthly_burn_usd_m": [1, 2, 3], "opening_cash_usd_m": [2000, 3000]}},
    "none solvent": {"axes": {"monthly_burn_usd_m": [1000, 1500], "opening_cash_usd_m": [0, 100]}},
    "no portfolios": {"axes": {"monthly_burn_usd_m": [100, 250], "growth_endurance": [0.4, 0.6]}, "metrics": ["runway_months"]},
    "words": {"axes": {"burn_basis": ["net", "gross"]}},
    "scenarios": {"axes": {"scenario": ["as_reported", "critics", "price_war", "investor_confidence", "hindsight_2026"]}},
    "scenarios and words": {"axes": {"scenario": ["critics", "as_reported"], "burn_basis": ["gross", "net"]}},
    "months": {"axes": {"start_month": ["2025-06", "2025-09", "2026-01"]}},
    "months and burn": {"axes": {"target_month": ["2027-12", "2028-06"], "monthly_burn_usd_m": [200, 900]}, "metrics": ["required_growth_per_month"]},
    "horizons": {"axes": {"horizon_months": [6, 12, 120], "monthly_burn_usd_m": [200, 900]}},
    "no influence": {"axes": {"pue": [1.1, 1.3], "gpu_power_kw": [1.0, 1.2]}},
    "other metrics": {"axes": {"monthly_burn_usd_m": [100, 900]}, "metrics": ["coverage_ratio_36m", "revenue_ceiling_usd_m_per_month"]},
    "costs": {"axes": {"pue": [1.1, 1.2, 1.3]}, "metrics": ["power", "unexplained"]},
    "probabilities": {"axes": {"monthly_burn_usd_m": [500, 1000], "opening_cash_usd_m": [0, 3000]}, "metrics": ["cash_out_probability_12m"]},
    "break-even": {"axes": {"monthly_burn_usd_m": [5, 50, 500]}, "metrics": ["break_even_month", "break_even_probability"]},
    "title": {"title": "<b>Burn & $5 or $6</b>", "axes": {"monthly_burn_usd_m": [1000, 1100]}, "metrics": ["funding_need_usd_m"]},
    "net, certain": {"set": {"burn_basis": "net", "horizon_months": 36}, "axes": {"opening_cash_usd_m": [0, 1e4], "monthly_burn_usd_m": [0, 300]}},
    "sobol": {"sobol": {"points": 64, "inputs": ["monthly_burn_usd_m", "growth_subscriptions_per_month"]}},
    "sobol, all": {"sobol": {"points": 256}},
    "sobol, wide": {"set": {"committed_funding_usd_m": 9300}, "sobol": {"points": 64, "inputs": ["growth_subscriptions_per_month"]}},
    "sobol, few": {"sobol": {"points": 8}},
    "sobol, one": {"sobol": {"points": 1}, "metrics": ["runway_months"]},
    "sobol, no influence": {"sobol": {"points": 64, "inputs": ["pue", "gpu_power_kw"]}},
}  # fmt: skip


@pytest.fixture(scope="module")
def kinds(tables):
    return {name: real(content, tables) for name, content in KINDS.items()}


def sentences(sweep, tables) -> list[str]:
    found = [finding.text for finding in text.findings(sweep, tables)] + list(text.headings(sweep, tables).values())
    figure_words = [figures.words(sweep, tables)] if figures.chart_of(sweep) in CHARTS else []
    if swept.has_portfolios(sweep) and sweep.kind == "grid" and swept.varied(sweep):
        figure_words.append(figures.portfolio_words(sweep, tables))
    for words in figure_words:
        found += [words.headline, words.subtitle, words.note, words.shows]
    for frame in (cells.effects(sweep, tables), cells.flip_rows(sweep, tables), cells.telling(sweep, tables)):
        found += [str(cell) for row in frame.itertuples(index=False) for cell in row]
    return [*found, cells.effects_caption(sweep), cells.telling_caption(sweep), *cells.methods(sweep)]


class TestSentences:
    @pytest.mark.parametrize("kind", KINDS)
    def test_they_hold_for_any_sweep(self, kinds, tables, kind):
        assert 2 <= len(text.findings(kinds[kind], tables)) <= 5
        for sentence in sentences(kinds[kind], tables):
            assert not re.search(r"\b(nan|None(?! of the)|none of the 1|inf|True|False)\b|\{|\}|  |\(\)|, ,|;;|\.\.", sentence), (
                sentence
            )
            assert sentence == "" or sentence[0] != " "

    def test_what_is_said_of_a_plane(self, flat, tables):
        first, solvent, shares, where, best = (finding.text for finding in text.findings(flat, tables))
        assert "goes from 39 months to beyond the horizon over 12 cases" in first and "lowest in case 9 (" in first
        assert "(4 more at the highest value)" in first
        assert solvent == "The median run keeps cash to the horizon in 5 of 12 cases."
        assert "claimed monthly burn" in shares and shares.index("claimed monthly burn") < shares.index(
            "monthly growth at first (sub"
        )
        assert "changes between 4 pairs of neighbouring cases, beyond two standard errors on both sides in all of them" in where
        assert best == ("By mean value, beyond two standard errors, the best portfolio is “Partner” in 6 of 12 cases and “Focus” in 3 of 12 "
                        "cases; in 3 cases the two best are level.")  # fmt: skip

    def test_one_case(self, tables):
        found = [finding.text for finding in text.findings(grid([], lambda: 9), tables)]
        assert found == [
            "In the one case, the time that cash lasts in the median run is 9.0 months.",
            "The median run does not keep cash to the horizon; every run runs out.",
        ]

    @pytest.mark.parametrize(
        ("months", "said"),
        [
            (lambda a: 10 + a, "rises and never falls by more"),
            (lambda a: 10 - a, "falls and never rises by more"),
            (lambda a: 10 + abs(a - 2), "rises and falls"),
        ],
    )
    def test_the_way_along_one_axis(self, tables, months, said):
        assert said in text.matters(grid([axis(BURN, 3, 1, 2)], months), tables).text

    def test_noise_is_not_told(self, tables):
        sweep = grid([axis(BURN, 1, 2, 3)], lambda a: 10 + 0.001 * a)
        assert "differs by no more than two standard errors" in text.answer(sweep, tables).text
        assert text.matters(sweep, tables) is None

    def test_the_same_everywhere(self, tables):
        sweep = grid([axis(BURN, 1, 2), axis(GROWTH, 1, 2)], lambda a, b: NEVER)
        assert text.headings(sweep, tables)["flips"] == "Solvent in all 4 cases"
        assert text.headings(sweep, tables)["edges"].startswith("No answer flips")
        assert text.where(sweep, tables) is None

    def test_level_is_no_finding(self, tables):
        sweep = grid(
            [axis(BURN, 1, 2)], lambda a: 9, None, lambda a: (("partner", "focus") if a == 1 else ("focus", "partner")) + LEVEL
        )
        assert "level (within two standard errors) in both cases" in text.portfolios(sweep, tables).text
        assert "no portfolio is clearly best anywhere" in text.headings(sweep, tables)["flips"]

    def test_thresholds_are_said_with_their_ends(self, tables):
        sweep = points([BURN, GROWTH], sobol(2, 512), lambda a, b: NEVER if a < 0.5 else 9 + a)
        assert "Half of the points are solvent at claimed monthly burn near $0.5m" in text.where(sweep, tables).text
        assert "more below" in text.where(sweep, tables).text


class TestCharts:
    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize("narrow", [False, True])
    def test_they_draw_any_sweep_with_readable_text(self, kinds, tables, kind, narrow):
        for draw, frame, heights in drawings(kinds[kind], tables):
            check_drawing(draw, frame, heights, narrow)

    @pytest.mark.parametrize("narrow", [False, True])
    @pytest.mark.parametrize("size", [(24, 24), (2, 40), (60, 2), (9, 7)])
    def test_maps_of_any_size(self, tables, narrow, size):
        sweep = grid([axis(BURN, *range(size[0])), axis(GROWTH, *range(size[1]))], lambda a, b: NEVER if a > b else 1.5 + a + b, None,
                     lambda a, b: (ALL[(a // 3) % 16], ALL[0], *(CLEAR if b % 2 else LEVEL)))  # fmt: skip
        for draw, frame, heights in drawings(sweep, tables):
            check_drawing(draw, frame, heights, narrow)
            assert len(frame) <= 25 * 25


def drawings(sweep, tables):
    """Return (draw, frame, heights) of every figure of a page."""
    found = []
    if figures.chart_of(sweep) in CHARTS:
        _, draw, frame_of, heights = CHARTS[figures.chart_of(sweep)]
        found.append((draw, frame_of(sweep, tables), heights))
    if swept.has_portfolios(sweep) and sweep.kind == "grid" and swept.varied(sweep):
        found.append((maps.best_portfolios, frames.portfolio_frame(sweep, tables), maps.map_heights))
    if swept.has_portfolios(sweep) and sweep.kind == "sobol":
        by = influence.deciding(sweep, swept.portfolio(sweep))
        found += [(lines.shares, frames.share_frame(sweep, by, tables), lines.share_heights)] if by is not None else []
    return found


def check_drawing(draw, frame, heights, narrow):
    """Draw, and see that text is large enough, in a colour for text, and inside the drawing."""
    with mpl.rc_context(theme.RC):
        canvas = theme.canvas(narrow, heights(frame)["narrow_height" if narrow else "height"])
        draw(canvas, frame, narrow)
        written = [found for found in canvas.findobj(Text) if found.get_text().strip() and found.get_visible()]
        canvas.draw_without_rendering()
        box = canvas.bbox
        for found in written:
            extent = found.get_window_extent()
            assert found.get_fontsize() >= 9
            assert mpl.colors.to_hex(found.get_color()).upper() in (theme.INK, theme.MUTED, theme.C1, theme.C3, theme.C5)
            assert extent.x0 >= box.x0 - 3 and extent.x1 <= box.x1 + 14, found.get_text()
            assert extent.y0 >= box.y0 - 3 and extent.y1 <= box.y1 + 6, found.get_text()


def write(folder, content: dict, tables):
    """Write what the command leaves of a sweep: its table and sweep.json."""
    wanted = spec.parse({"draws": 64} | content, tables)
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(block.table(wanted, 0, wanted.cases), folder / read.TABLE)
    about = read.describe(wanted, "burn-report sweep data/sweeps/made.yaml")
    (folder / read.FILE).write_text(json.dumps(about), encoding="utf-8")
    return folder


def shown(sweep, tables) -> str:
    """Return everything that the notebook shows."""
    parts = []
    page = SweepPage(sweep, tables, lambda part, **_: parts.append(str(part)))
    headings = text.headings(sweep, tables)
    page.head()
    page.summary(text.findings(sweep, tables))
    for key in ("surface", "flips", "edges"):
        page.section(key, headings[key])
        getattr(page, key)()
    for show in (page.inputs, page.methods, page.evidence, page.reproduce):
        show()
    return "\n".join(parts)


class TestPage:
    @pytest.mark.parametrize("kind", KINDS)
    def test_any_sweep_has_a_whole_page(self, kinds, tables, kind):
        html = shown(kinds[kind], tables)
        ids = re.findall(r'\sid="([^"]+)"', html)
        assert len(ids) == len(set(ids))
        assert set(re.findall(r'href="#([^"]+)"', html)) <= set(ids)
        assert "burn-report sweep made.yaml" in html and "burn-report build " in html
        assert not re.search(r">\s*(nan|None|inf)\s*<", html)
        assert len(html) < 900_000

    def test_a_title_cannot_become_markup(self, kinds, tables):
        html = shown(kinds["title"], tables)
        assert "<b>Burn" not in html and "&lt;b&gt;Burn &amp; $5 or $6&lt;/b&gt;" in html

    def test_the_other_axes_are_named_with_their_value(self, kinds, tables):
        assert "mean over" in figures.words(kinds["three axes"], tables).subtitle
        assert ", at " in figures.portfolio_words(kinds["three axes"], tables).subtitle
        assert "mean over" not in figures.words(kinds["two axes"], tables).subtitle

    def test_no_heading_is_too_long(self, kinds, tables):
        for sweep in kinds.values():
            if figures.chart_of(sweep) in CHARTS:
                assert len(figures.words(sweep, tables).headline.split()) <= 15

    def test_begin_reads_the_folder(self, tmp_path, tables, monkeypatch):
        write(tmp_path / "there", KINDS["one axis"], tables)
        assert len(begin_sweep({"folder": str(tmp_path / "there")}).sweep.frame) == 9
        monkeypatch.chdir(tmp_path / "there")
        assert len(begin_sweep({}).sweep.frame) == 9

    def test_bad_parameters_are_refused(self, tmp_path):
        with pytest.raises(InputError, match="Nearest: folder"):
            begin_sweep({"folders": "x"})
        with pytest.raises(InputError, match="folder: the folder of a sweep"):
            begin_sweep({"folder": 3})
        with pytest.raises(InputError, match="burn-report sweep"):
            begin_sweep({"folder": str(tmp_path)})


@pytest.fixture(scope="module")
def built(tmp_path_factory, tables):
    """Kind -> a page that the notebook built."""
    made = {}
    for kind in ("two axes", "sobol", "one axis"):
        folder = write(tmp_path_factory.mktemp("sweep"), KINDS[kind], tables)
        done = worker.run_sweep(folder, 120)
        assert done.error == "" and set(done.files) == {"sweep.ipynb", "sweep.html"}
        made[kind] = folder / "sweep.html"
        made[kind].write_text(done.files["sweep.html"], encoding="utf-8")
    return made


@pytest.mark.browser
@pytest.mark.slow
class TestInABrowser:
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    @pytest.mark.parametrize("width", [1280, 320])
    def test_it_is_accessible_fits_and_asks_for_nothing(self, browser, built, width, scheme):
        for page in built.values():
            with open_page(browser, page, width, scheme) as opened:
                assert opened.requests == [] and opened.errors == []
                assert opened.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
                assert [violation["id"] for violation in opened.axe()] == []

    def test_contents_and_commands(self, browser, built):
        with open_page(browser, built["two axes"]) as opened:
            links = opened.page.locator("nav.contents a")
            assert {links.nth(place).get_attribute("href") for place in range(links.count())} >= {"#surface", "#flips", "#edges"}
            assert (
                "burn-report build as_reported --set monthly_burn_usd_m=" in opened.page.locator("pre.command").first.inner_text()
            )

    def test_no_path_of_the_machine(self, built):
        for page in built.values():
            content = page.read_text(encoding="utf-8")
            assert str(page.parent) not in content and str(inputs.ROOT) not in content
