"""What drives the answer: known indices, the plain implementation one input at a time, and sentences that must turn."""

import dataclasses
import functools

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from analysis.charts import sensitivity as charts
from analysis.charts import theme
from analysis.findings import sensitivity as words
from analysis.findings.words import Words
from analysis.insight import sensitivity
from analysis.insight.variance import variance_shares
from analysis.parameters import resolve
from analysis.results import Run
from tests import oracle

METRICS = tuple(sensitivity.METRICS)
# Ishigami and Homma 1990, a = 7, b = 0.1: first order 0.3139, 0.4424, 0; total order as below
ISHIGAMI_TOTAL = (0.5576, 0.4424, 0.2437)
ISHIGAMI_PAIR = 0.3139 + 0.4424  # inputs 1 and 2 have no joint effect
NOT_READ = ("round_size_usd_m", "gpus_installed", "focus_spend_cut", "discount_rate_per_year")


def ishigami(u: np.ndarray) -> np.ndarray:
    x = (2 * u - 1) * np.pi
    return (np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0]))[None, :]


def made(tables, scenario: str = "as_reported", **overrides) -> Run:
    return Run(resolve(tables, scenario, {"draws": 128} | overrides))


def certain(tables, *but: str) -> dict:
    """Overrides that make all inputs of as_reported certain except `but`; the shares of spend then sum to 1."""
    case = resolve(tables, "as_reported")
    return {one.name: one.central for one in case.estimates if one.name not in but}


def text_of(parts: Words) -> str:
    return " ".join((parts.headline, parts.subtitle, parts.note, parts.shows))


@pytest.fixture(scope="module")
def run(tables):
    return made(tables)


@pytest.fixture(scope="module")
def drivers(tables, run):
    return sensitivity.drivers(run, tables)


@pytest.fixture(scope="module")
def shares():
    return variance_shares(ishigami, 3, np.random.default_rng(1), points=4096)


@pytest.fixture
def fewer_points(monkeypatch):
    """Indices from few points: enough for words and drawings."""
    few = functools.partial(variance_shares, points=128, closed_points=128)
    monkeypatch.setattr(sensitivity, "variance_shares", few)


class TestVarianceShares:
    def test_total_order_of_ishigami(self, shares):
        assert shares.total[0] == pytest.approx(ISHIGAMI_TOTAL, abs=0.015)
        assert (shares.total_low[0] < ISHIGAMI_TOTAL).all() and (shares.total_high[0] > ISHIGAMI_TOTAL).all()

    def test_leaders_and_what_they_carry(self, shares):
        assert shares.leaders == [(0, 1)]
        assert shares.closed == pytest.approx([ISHIGAMI_PAIR], abs=0.015)
        assert shares.closed_low[0] < ISHIGAMI_PAIR < shares.closed_high[0]
        assert shares.steady[0] == 1

    def test_joint_effect_counts_for_the_pair(self):
        # f = (u1 - 1/2)(u2 - 1/2): first orders are 0, the pair carries everything, a third input nothing
        shares = variance_shares(lambda u: ((u[0] - 0.5) * (u[1] - 0.5))[None, :], 3, np.random.default_rng(2))
        assert shares.closed == pytest.approx([1])
        assert shares.total[0] == pytest.approx([1, 1, 0], abs=0.03)

    def test_additive_function_by_hand(self):
        # variances 16, 4, 1 of 21 parts
        shares = variance_shares(lambda u: (4 * u[2] + 2 * u[0] + u[1])[None, :], 3, np.random.default_rng(3))
        assert shares.leaders == [(2, 0)]
        assert shares.closed == pytest.approx([20 / 21], abs=0.005)
        assert shares.total[0] == pytest.approx([4 / 21, 1 / 21, 16 / 21], abs=0.02)

    def test_constant_metric_has_no_leaders(self):
        shares = variance_shares(lambda u: np.stack([u[0], 3 + 1e-14 * u[1]]), 2, np.random.default_rng(4))
        assert shares.leaders == [(0,), ()]
        assert shares.closed == pytest.approx([1, 0])
        assert (shares.total[1] == 0).all() and (shares.total_high[1] == 0).all() and shares.steady[1] == 0

    def test_one_input_carries_all(self):
        shares = variance_shares(lambda u: np.vstack([np.exp(u), -u]), 1, np.random.default_rng(5))
        assert shares.leaders == [(0,), (0,)] and shares.closed == pytest.approx([1, 1])

    def test_nearly_equal_inputs_do_not_lead_steadily(self):
        shares = variance_shares(lambda u: u.sum(axis=0)[None, :], 6, np.random.default_rng(6), points=256)
        assert shares.steady[0] < words.STEADY

    def test_same_generator_same_numbers(self):
        first, second = (variance_shares(ishigami, 3, np.random.default_rng(7), points=256) for _ in range(2))
        assert (first.total_low == second.total_low).all() and (first.closed_high == second.closed_high).all()


class TestUsed:
    def test_inputs_of_options_are_left_out(self, run):
        assert not set(NOT_READ) & set(sensitivity.used(run.case))
        assert {"monthly_burn_usd_m", "time_to_market_months", "opening_cash_usd_m"} <= set(sensitivity.used(run.case))

    def test_nothing_that_matters_is_left_out(self, tables, run):
        values = {one.name: one.central for one in run.case.estimates}
        before = oracle.metrics(values)
        for one in run.case.estimates:
            if one.name not in sensitivity.used(run.case) and not one.certain:
                after = oracle.metrics(values | {one.name: one.high})
                assert [after[metric] for metric in METRICS] == [before[metric] for metric in METRICS], one.name

    def test_certain_inputs_are_not_moved(self, tables):
        moved = sensitivity.uncertain(made(tables, opening_cash_usd_m=100).case)
        assert "opening_cash_usd_m" not in [one.name for one in moved]


class TestTornado:
    @pytest.mark.parametrize(
        ("scenario", "overrides"),
        [
            ("critics", {}),
            ("as_reported", {"share_compute": (0.4, 0.5, 0.6), "share_talent": 0.2}),
            ("price_war", {"burn_basis": "net"}),
        ],
    )
    def test_agrees_with_the_plain_implementation(self, tables, scenario, overrides):
        run = made(tables, scenario, **overrides)
        central = {one.name: one.central for one in run.case.estimates}
        options = {"burn_basis": run.settings.burn_basis, "kept_shares": run.case.kept_shares}
        for metric, unit in sensitivity.METRICS.items():
            for row in sensitivity.tornado(run, tables, metric).itertuples():
                for end in ("low", "high"):
                    expected = oracle.metrics(central | {row.input: getattr(row, end)}, **options)[metric]
                    assert getattr(row, f"at_{end}_{unit}") == pytest.approx(expected, rel=1e-9), (metric, row.input, end)

    def test_largest_swing_first(self, tables, run):
        for metric, unit in sensitivity.METRICS.items():
            swings = sensitivity.tornado(run, tables, metric)[f"swing_{unit}"]
            assert swings.is_monotonic_decreasing and swings.iloc[0] > 0

    def test_runway_beyond_the_horizon_stands_at_it_and_is_marked(self, tables):
        run = made(tables, opening_cash_usd_m="100,1000,900000")
        frame = sensitivity.tornado(run, tables, "runway_months").set_index("input")
        assert frame.loc["opening_cash_usd_m", "at_high_months"] == run.settings.horizon_months
        assert frame.loc["opening_cash_usd_m", "beyond_horizon"] == "high"
        assert set(frame["beyond_horizon"]) == {"", "high"}
        both = sensitivity.tornado(made(tables, opening_cash_usd_m=900000), tables, "runway_months")
        assert set(both["beyond_horizon"]) == {"both"} and (both["swing_months"] == 0).all()

    def test_everything_certain_leaves_no_rows(self, tables):
        run = made(tables, **certain(tables))
        assert all(sensitivity.tornado(run, tables, metric).empty for metric in METRICS)


class TestDrivers:
    def test_leaders_are_the_rows_with_the_largest_index(self, drivers):
        for metric, part in drivers.indices.groupby("metric"):
            top = part.sort_values("total_order_share", ascending=False)["input"].head(2)
            assert set(top) == set(drivers.leaders.loc[metric, "inputs"])

    def test_only_uncertain_input_carries_all(self, tables, fewer_points):
        run = made(tables, **certain(tables, "opening_cash_usd_m"))
        leaders = sensitivity.drivers(run, tables).leaders
        assert list(leaders["inputs"]) == [("opening_cash_usd_m",)] * 2
        assert list(leaders["pair_share"]) == pytest.approx([1, 1]) and list(leaders["others"]) == [0, 0]

    @pytest.mark.parametrize("everything", [True, False])
    def test_nothing_varies(self, tables, everything):
        run = made(tables, **(certain(tables) if everything else {"opening_cash_usd_m": 1000000, "monthly_burn_usd_m": 1}))
        found = sensitivity.drivers(run, tables)
        assert found.indices.empty and not found.leaders["varies"].any() and (found.leaders["pair_share"] == 0).all()

    def test_overridden_shares_are_kept(self, tables, fewer_points):
        found = sensitivity.drivers(made(tables, share_compute=(0.1, 0.5, 0.9), share_talent=0.05), tables)
        share = found.indices.set_index(["metric", "input"])["total_order_share"]
        assert share["funding_need_usd_m", "share_compute"] > 0.1  # free, it would be scaled away almost entirely
        assert "share_talent" not in share.index.get_level_values("input")

    def test_seed_decides(self, tables, run, fewer_points):
        first, again, other = (sensitivity.drivers(case, tables).indices for case in (run, run, made(tables, seed=5)))
        pd.testing.assert_frame_equal(first, again)
        assert not other["total_order_share"].equals(first["total_order_share"])


class TestWords:
    def changed(self, drivers, **values):
        leaders = drivers.leaders.copy()
        for name, value in values.items():
            leaders[name] = [value] * len(leaders)
        return dataclasses.replace(drivers, leaders=leaders)

    def test_names_shares_and_the_next_input_follow_the_numbers(self, tables, drivers):
        found = self.changed(drivers, inputs=("opening_cash_usd_m", "share_other"), pair_share=0.413, pair_p5_share=0.38,
                             pair_p95_share=0.44, next_share=0.172)  # fmt: skip
        text = words.findings(tables, found)[0].text
        for part in (
            "“Cash before month 0” and “Share of spend: not itemised in the article”",
            "41%",
            "38% to 44%",
            "more than 18%",
        ):
            assert part in text
        assert words.heading(found).startswith("Two inputs carry 41% of the variance in runway, two inputs 41%")

    def test_doubtful_leaders_are_said(self, tables, drivers):
        assert "not settled" in words.findings(tables, self.changed(drivers, steady_share=0.6))[0].text
        assert "in 60 of 100 runs" in words.findings(tables, self.changed(drivers, steady_share=0.6))[0].text
        assert "not settled" not in words.findings(tables, self.changed(drivers, steady_share=0.95))[0].text

    def test_one_leader_reads_as_one(self, tables, drivers):
        found = self.changed(drivers, inputs=("opening_cash_usd_m",), pair_share=1.0, others=0)
        assert words.heading(found) == "One input carries 100% of the variance in runway, one input 100% of that in funding need"
        text = words.findings(tables, found)[1].text
        assert "carries" in text and "together" not in text and "no other input" not in text

    def test_nothing_varies(self, tables, fewer_points):
        still = made(tables, **certain(tables))
        found = sensitivity.drivers(still, tables)
        assert words.heading(found) == "Nothing moves runway or funding need in this run"
        assert all("certain" in finding.text for finding in words.findings(tables, found))
        rich = made(tables, opening_cash_usd_m=1000000, monthly_burn_usd_m=1)
        assert all(
            "the same in all runs" in finding.text for finding in words.findings(tables, sensitivity.drivers(rich, tables))
        )

    def test_only_one_metric_varies(self, tables, fewer_points):
        broke = sensitivity.drivers(made(tables, opening_cash_usd_m=0, committed_funding_usd_m=0), tables)
        assert "runway" not in words.heading(broke) and "funding need" in words.heading(broke)
        assert "runway" not in words.indices(made(tables), tables, broke).headline

    def test_another_leader_is_named_only_if_there_is_one(self, tables, run, drivers):
        frame = sensitivity.tornado(run, tables, "runway_months")
        same = self.changed(drivers, inputs=(frame["input"].iloc[0], "share_other"))
        other = self.changed(drivers, inputs=("share_other", frame["input"].iloc[0]))
        said = [words.one_at_a_time(run, tables, frame, found, "runway_months").text for found in (same, other)]
        assert "over all runs" not in said[0] and "over all runs “Share of spend: not itemised" in said[1]

    def test_headlines_fit_whatever_leads(self, tables, run):
        for metric in METRICS:
            frame = words.moving(sensitivity.tornado(run, tables, metric), metric)
            for position in range(len(frame)):
                led = pd.concat([frame.iloc[[position]], frame.drop(index=position)], ignore_index=True)
                assert led["label"].iloc[0] in words.tornado(run, tables, led, metric).headline

    def test_never_is_said_and_an_arrow_explained(self, tables, fewer_points):
        run = made(tables, opening_cash_usd_m="100,1000,900000")
        frame = sensitivity.tornado(run, tables, "runway_months")
        found = sensitivity.drivers(run, tables)
        assert "over 60 months at its high" in words.one_at_a_time(run, tables, frame, found, "runway_months").text
        assert "An arrow" in words.tornado(run, tables, frame, "runway_months").note
        assert "An arrow" not in words.tornado(made(tables), tables, sensitivity.tornado(made(tables), tables, "runway_months"),
                                               "runway_months").note  # fmt: skip

    def test_units_of_ranges_stand_once(self, tables, run):
        spans = words.moving(sensitivity.tornado(run, tables, "runway_months"), "runway_months").set_index("input")["range"]
        assert spans["monthly_burn_usd_m"] == "$700m to $1.5bn a month"
        assert spans["share_other"] == "4% to 22%"
        assert spans["growth_talent_per_year"] == "5% to 60% a year"


CASES = {
    "critics": {}, "price_war": {}, "investor_confidence": {}, "hindsight_2026": {},
    "no_revenue": {f"revenue_{name}_usd_m": 0 for name in ("subscriptions", "advertising", "data_services")},
    "profitable": {"monthly_burn_usd_m": 5}, "short": {"horizon_months": 6}, "dear": {"serving_cost_ratio": 0.99},
    "rich": {"opening_cash_usd_m": 1000000}, "broke": {"opening_cash_usd_m": 0, "committed_funding_usd_m": 0},
    "mixed": {"opening_cash_usd_m": "100,1000,900000"},
}  # fmt: skip

DRAWN = ("investor_confidence", "mixed")


class TestPage:
    @pytest.mark.parametrize("name", CASES)
    def test_words_and_drawings_hold_in_every_case(self, tables, name, fewer_points):
        run = made(tables, name if name in tables.scenarios else "as_reported", **CASES[name])
        found = sensitivity.drivers(run, tables)
        said = [words.heading(found), *(finding.text for finding in words.findings(tables, found))]
        parts = [(words.indices(run, tables, found), charts.indices, found.indices)]
        for metric, draw in charts.TORNADOS.items():
            frame = sensitivity.tornado(run, tables, metric)
            said.append(words.one_at_a_time(run, tables, frame, found, metric).text)
            parts.append((words.tornado(run, tables, frame, metric), draw, words.moving(frame, metric)))
        for written, draw, frame in parts:
            said.append(text_of(written))
            for narrow in (False, True) if len(frame) and name in DRAWN else ():
                assert inside(draw, frame, narrow), (name, narrow)
        assert not {"nan", "inf", "None"} & set(" ".join(said).replace(",", " ").replace(".", " ").split())


def inside(draw, frame: pd.DataFrame, narrow: bool) -> bool:
    """Whether all text of a drawing lies within the canvas and is at least 9 points high."""
    with mpl.rc_context(theme.RC):
        canvas = theme.canvas(narrow, 600)
        draw(canvas, frame, narrow)
        canvas.draw_without_rendering()
        texts = [text for text in canvas.findobj(mpl.text.Text) if text.get_visible() and text.get_text().strip()]
        width = canvas.bbox.width + 1
        return all(
            text.get_window_extent().x0 > -1 and text.get_window_extent().x1 < width for text in texts if text.axes
        ) and all(text.get_fontsize() >= 9 for text in texts)
