"""Summaries, their names and units, what "never" looks like, and that the same case gives the same bytes."""

import dataclasses
import json

import numpy as np
import pytest

from analysis import __version__, results
from analysis.errors import InputError
from analysis.model.options import PORTFOLIOS
from analysis.parameters import SHARES, resolve
from analysis.results import Run, as_dict, to_json

FEW = {"draws": 256}
RANKED = {"unit", "central", "p5", "p50", "p95", "p5_se", "p50_se", "p95_se"}
SINGLE = {"unit", "value", "se"}
PROBABILITIES = {  # model README, section 5
    "cash_out_probability_12m", "cash_out_probability_24m", "cash_out_probability_horizon", "break_even_probability",
}  # fmt: skip
METRICS = PROBABILITIES | {
    "coverage_ratio_start", "coverage_ratio_12m", "coverage_ratio_36m",
    "gap_start_usd_m_per_month", "gap_12m_usd_m_per_month", "gap_36m_usd_m_per_month",
    "runway_months", "break_even_month", "funding_need_usd_m", "required_growth_per_month", "required_multiple",
    "burn_multiple_12m", "revenue_ceiling_usd_m_per_month",
    # section 4
    "hardware_purchases", "power", "maintenance", "cloud_rental", "talent", "annotation", "data_licences", "compliance",
    "bottom_up_total", "unexplained",
}  # fmt: skip
PORTFOLIO_METRICS = {  # section 6, and the runway
    "value_usd_m", "value_mean_usd_m", "value_tail_mean_usd_m", "cash_out_probability_horizon", "funding_need_usd_m",
    "break_even_month", "ownership_retained", "runway_months",
}  # fmt: skip
SINGLE_NUMBERS = PROBABILITIES | {"value_mean_usd_m", "value_tail_mean_usd_m"}
NAMES = [
    "stay_the_course", "raise_capital", "partner", "focus", "integrate_x", "raise_capital+partner", "raise_capital+focus",
    "raise_capital+integrate_x", "partner+focus", "partner+integrate_x", "focus+integrate_x", "raise_capital+partner+focus",
    "raise_capital+partner+integrate_x", "raise_capital+focus+integrate_x", "partner+focus+integrate_x",
    "raise_capital+partner+focus+integrate_x",
]  # fmt: skip


def run_of(tables, overrides=None, scenario="as_reported"):
    return Run(resolve(tables, scenario, FEW | (overrides or {})))


@pytest.fixture(scope="module")
def content(tables):
    return as_dict(run_of(tables))


class TestInterface:
    def test_keys(self, content):
        assert set(content) == {
            "scenario", "version", "seed", "draws", "start_month", "horizon_months", "burn_basis", "target_month",
            "inputs", "metrics", "portfolios", "paths",
        }  # fmt: skip
        assert (content["scenario"], content["version"], content["draws"]) == ("as_reported", __version__, 256)

    def test_metrics_have_exactly_the_names_of_the_model(self, content):
        assert set(content["metrics"]) == METRICS

    def test_portfolios_have_exactly_the_names_of_the_model(self, content):
        assert sorted(content["portfolios"]) == sorted(NAMES)
        for summaries in content["portfolios"].values():
            assert set(summaries) == PORTFOLIO_METRICS

    def test_every_summary_has_a_unit_and_either_ranks_or_one_value(self, content):
        for summaries in (content["metrics"], *content["portfolios"].values()):
            for name, summary in summaries.items():
                assert set(summary) == (SINGLE if name in SINGLE_NUMBERS else RANKED), name
                assert summary["unit"] == results.UNITS[name]

    def test_units_agree_with_names(self):
        for name, unit in results.UNITS.items():
            for ending in ("usd_m", "usd_m_per_month", "per_month"):
                if name.endswith(ending) and "usd_m_" + ending not in name:
                    assert unit == ending or name.endswith("usd_m_per_month"), name

    def test_inputs_are_those_of_the_assumptions_table(self, content, tables):
        assert list(content["inputs"]) == list(tables.assumptions.index)
        for name, entry in content["inputs"].items():
            assert set(entry) == {"low", "central", "high", "unit", "origin"}
            assert entry["central"] == tables.assumptions.loc[name, "central"]

    def test_origin_says_where_an_input_is_from(self, tables):
        entries = as_dict(run_of(tables, {"headcount": 5}, "critics"))["inputs"]
        assert entries["headcount"]["origin"] == "override"
        assert entries["round_size_usd_m"]["origin"] == "scenario"
        assert entries["share_data"]["origin"] == "assumptions"

    def test_paths_run_over_all_months_in_order_of_their_percentiles(self, content):
        assert set(content["paths"]) == {"spend_usd_m", "revenue_usd_m", "cash_usd_m"}
        for path in content["paths"].values():
            assert {len(values) for values in path.values()} == {60}
            assert (np.array(path["p5"]) <= np.array(path["p50"])).all()
            assert (np.array(path["p50"]) <= np.array(path["p95"])).all()


class TestOrder:
    def test_percentiles_rise_and_probabilities_are_shares(self, content):
        for summaries in (content["metrics"], *content["portfolios"].values()):
            for name, summary in summaries.items():
                if name in SINGLE_NUMBERS:
                    assert name.startswith("value_") or 0 <= summary["value"] <= 1
                else:
                    ranks = [np.inf if summary[rank] is None else summary[rank] for rank in ("p5", "p50", "p95")]
                    assert ranks == sorted(ranks), name

    def test_longer_periods_are_likelier_to_run_out(self, content):
        shares = [content["metrics"][f"cash_out_probability_{when}"]["value"] for when in ("12m", "24m", "horizon")]
        assert shares == sorted(shares)

    def test_probabilities_are_the_shares_of_the_runways(self, base_run):
        runway = base_run.gap["runway_months"]
        for name, hits in (("12m", runway < 12), ("24m", runway < 24), ("horizon", np.isfinite(runway))):
            assert base_run.metrics[f"cash_out_probability_{name}"]["value"] == np.mean(hits)


EXTREMES = {
    "no revenue": {f"revenue_{name}_usd_m": 0 for name in ("subscriptions", "advertising", "data_services")},
    "no burn": {"monthly_burn_usd_m": 0},
    "burn of one": {"monthly_burn_usd_m": 1},
    "all the burn there can be": {"monthly_burn_usd_m": 100000},
    "no cash and no funding": {"opening_cash_usd_m": 0, "committed_funding_usd_m": 0},
    "all the cash there can be": {"opening_cash_usd_m": 1000000},
    "profitable from month 0": {"revenue_subscriptions_usd_m": 100000},
    "serving costs nearly all": {"serving_cost_ratio": 0.99},
    "growth that never fades": {"growth_endurance": 1, "spend_growth_endurance": 1},
    "growth that fades at once": {"growth_endurance": 0.01, "spend_growth_endurance": 0.01},
    "highest growth": {"growth_subscriptions_per_month": 1, "growth_endurance": 1, "horizon_months": 240},
    "deepest decline": {"growth_subscriptions_per_month": -0.5, "integration_growth_uplift": 0.9, "horizon_months": 240},
    "one month": {"horizon_months": 1},
    "six months": {"horizon_months": 6},
    "twelve months": {"horizon_months": 12},
    "rounds for certain": {"round_success_probability": 1, "round_interval_months": 1},
    "rounds for nobody": {"round_success_probability": 0},
    "all for compute": dict.fromkeys(SHARES, 0) | {"share_compute": 1},
    "net": {"burn_basis": "net"},
}


class TestExtremes:
    @pytest.mark.parametrize("overrides", EXTREMES.values(), ids=EXTREMES)
    @pytest.mark.filterwarnings("error")
    def test_no_number_is_infinite_or_not_a_number(self, tables, overrides):
        text = to_json(as_dict(run_of(tables, overrides)))
        assert "NaN" not in text
        assert "Infinity" not in text
        assert set(json.loads(text)["portfolios"]) == set(NAMES)


class TestNever:
    def test_cash_that_never_runs_out_is_null_beside_its_probability(self, tables):
        metrics = run_of(tables, {"opening_cash_usd_m": 1000000}).metrics
        assert [metrics["runway_months"][key] for key in ("central", "p5", "p50", "p95")] == [None] * 4
        assert metrics["cash_out_probability_horizon"] == {"unit": "share", "value": 0.0, "se": 0.0}
        assert metrics["funding_need_usd_m"]["p95"] == 0

    def test_a_break_even_that_never_comes_is_null(self, tables):
        metrics = run_of(tables, {"serving_cost_ratio": 0.99, "horizon_months": 24}).metrics
        assert [metrics["break_even_month"][key] for key in ("central", "p5", "p50", "p95")] == [None] * 4
        assert metrics["break_even_probability"]["value"] == 0

    def test_months_beyond_the_horizon_are_null(self, tables):
        metrics = run_of(tables, {"horizon_months": 12}).metrics
        assert metrics["coverage_ratio_12m"]["central"] is None
        assert metrics["burn_multiple_12m"]["p50"] is None
        assert metrics["cash_out_probability_24m"] == {"unit": "share", "value": None, "se": None}
        assert metrics["cash_out_probability_12m"]["value"] is not None
        assert metrics["coverage_ratio_start"]["p50"] is not None

    @pytest.mark.parametrize(("never", "known"), [(0, 3), (4, 2), (8, 2), (24, 2), (40, 1), (62, 0)])
    def test_only_the_percentiles_that_fall_on_never_are_null(self, never, known):
        draws = np.tile(np.arange(64.0), 8).reshape(8, 64)
        draws[:, 64 - never :] = np.inf
        summary = results.summary("runway_months", draws.ravel(), np.array([np.inf]))
        ranks = [summary[rank] for rank in ("p5", "p50", "p95")]
        assert sum(rank is not None for rank in ranks) == known
        assert summary["central"] is None

    def test_a_percentile_is_one_of_the_values(self):
        values = np.array([1.0, 2.0, np.inf, np.inf])
        assert results.percentile(values, 50) == 2
        assert results.percentile(values, 51) == np.inf

    def test_json_refuses_what_is_not_a_number(self):
        for value in (float("nan"), float("inf")):
            with pytest.raises(ValueError, match="not JSON compliant"):
                to_json({"value": value})


class TestTail:
    def test_mean_of_the_worst_twentieth(self):
        values = np.random.default_rng(0).permutation(np.arange(100.0))
        assert results.tail_mean(values) == 2.0  # the mean of 0, 1, 2, 3, 4

    def test_at_least_one(self):
        assert results.tail_mean(np.array([3.0, 1.0, 2.0])) == 1.0


HEADLINES = {  # the five figures of the index page
    "runway_months": "p50",
    "cash_out_probability_12m": "value",
    "funding_need_usd_m": "p50",
    "required_growth_per_month": "p50",
    "coverage_ratio_start": "p50",
}


def headlines(run):
    """Return name -> (figure, standard error)."""
    summaries = {name: (run.metrics[name], key) for name, key in HEADLINES.items()}
    return {name: (summary[key], summary["se" if key == "value" else f"{key}_se"]) for name, (summary, key) in summaries.items()}


def mean_values(run):
    """Return portfolio -> (mean value, standard error)."""
    means = {name: summaries["value_mean_usd_m"] for name, summaries in run.portfolio_metrics.items()}
    return {name: (mean["value"], mean["se"]) for name, mean in means.items()}


class TestSampling:
    """Two right runs differ by more than 3 standard errors of one of them in some 7 of 100 figures: the difference has
    the errors of both, each estimated from eight scrambles. So the rule is asked of the headlines, for fixed seeds, and
    whether the standard errors are honest is asked of the spread over many seeds.
    """

    @pytest.mark.parametrize("overrides", [{"draws": 16384}, {"seed": 0}, {"seed": 1}, {"seed": 2}], ids=str)
    def test_no_headline_moves_by_more_than_three_standard_errors(self, tables, base_run, overrides):
        other = headlines(Run(resolve(tables, "as_reported", overrides)))
        for name, (figure, error) in headlines(base_run).items():
            assert 0 < abs(other[name][0] - figure) <= 3 * error, name

    def test_standard_errors_are_the_spread_over_seeds(self, tables):
        runs = [Run(resolve(tables, "as_reported", {"draws": 256, "seed": seed})) for seed in range(12)]
        figures = [headlines(run) | mean_values(run) for run in runs]
        ratios = {}
        for name in figures[0]:
            values, errors = np.array([of_seed[name] for of_seed in figures]).T
            ratios[name] = values.std(ddof=1) / np.sqrt(np.mean(errors**2))
        assert all(0.5 < ratio < 2 for ratio in ratios.values()), ratios
        assert 0.8 < np.median(list(ratios.values())) < 1.25

    def test_the_same_case_gives_the_same_bytes(self, tables, content):
        assert to_json(as_dict(run_of(tables))) == to_json(content)
        assert to_json(as_dict(run_of(tables, {"seed": 0}))) != to_json(content)

    def test_nothing_depends_on_what_was_asked_for_first(self, tables, content):
        run = run_of(tables)
        for name in reversed(PORTFOLIOS):
            run.world.measures(run.world.path(PORTFOLIOS[name]))
        assert to_json(as_dict(run)) == to_json(content)

    def test_an_assumption_that_the_table_lacks_is_an_input_error(self, tables):
        case = resolve(tables, "as_reported", FEW)
        short = dataclasses.replace(case, estimates=tuple(one for one in case.estimates if one.name != "headcount"))
        with pytest.raises(InputError, match="'headcount'"):
            as_dict(Run(short))
