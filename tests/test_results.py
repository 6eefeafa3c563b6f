"""Summaries, their names and units, what "never" looks like, and that the same case gives the same bytes."""

import dataclasses
import itertools
import json
import weakref

import numpy as np
import pytest

from analysis import __version__
from analysis.inputs import months, settings
from analysis.inputs.errors import InputError
from analysis.inputs.parameters import change, resolve
from analysis.model.options import PORTFOLIOS, STAY
from analysis.results import metrics, results
from analysis.results.metrics import INDEPENDENT, METRICS, OF_CASE, OF_PORTFOLIO
from analysis.results.results import Result, as_dict, to_json
from analysis.show.numbers import FORMATTERS

FEW = {"draws": 256}
PROBABILITIES = {
    "cash_out_probability_12m", "cash_out_probability_24m", "cash_out_probability_horizon", "break_even_probability",
}  # fmt: skip
CASE = PROBABILITIES | {  # model README, sections 4, 5 and 8
    "coverage_ratio_start", "coverage_ratio_12m", "coverage_ratio_36m",
    "gap_start_usd_m_per_month", "gap_12m_usd_m_per_month", "gap_36m_usd_m_per_month",
    "runway_months", "cash_out_month", "break_even_month", "funding_need_usd_m",
    "required_growth_per_month", "required_multiple", "burn_multiple_12m", "revenue_ceiling_usd_m_per_month",
    "implied_growth_per_month", "implied_multiple",
    "hardware_purchases", "power", "maintenance", "cloud_rental", "talent", "annotation", "data_licences",
    "data_preparation", "compliance", "bottom_up_total_usd_m_per_month", "unexplained_usd_m_per_month",
    "share_compute", "share_talent", "share_data", "share_compliance", "share_unidentified",
}  # fmt: skip
PORTFOLIO = {  # section 7
    "value_usd_m", "value_mean_usd_m", "value_tail_mean_usd_m", "wiped_out_probability", "ownership_retained",
    "cash_out_probability_horizon", "funding_need_usd_m", "break_even_month", "break_even_probability", "runway_months",
}  # fmt: skip


def result_of(tables, overrides=None, scenario="as_reported"):
    return Result(resolve(tables, scenario, FEW | (overrides or {})))


@pytest.fixture(scope="module")
def few(tables):
    return result_of(tables)


@pytest.fixture(scope="module")
def content(few):
    return as_dict(few)


class TestInterface:
    def test_metrics_have_exactly_the_names_of_the_model(self, content):
        assert set(content["metrics"]) == CASE
        assert set(content["independent"]) == set(INDEPENDENT) <= CASE
        assert list(content["portfolios"]) == list(PORTFOLIOS)
        assert all(set(found) == PORTFOLIO for found in content["portfolios"].values())

    def test_results_say_what_they_are_of(self, content, few):
        assert (content["schema"], content["scenario"], content["version"]) == (2, "as_reported", __version__)
        assert {name: content[name] for name in settings.SETTINGS} == dataclasses.asdict(few.settings)

    def test_every_summary_has_its_unit_and_its_keys(self, content):
        for found in (content["metrics"], content["independent"], *content["portfolios"].values()):
            for name, summary in found.items():
                metric = METRICS[name]
                ranks = {"unit", "central", "p5", "p50", "p95"}
                kinds = {True: ranks | {"p5_se", "p50_se", "p95_se"}, False: {"unit", "value", "se"}}
                expected = ranks if name == "cash_out_month" else kinds[metric.measure is not None]
                assert set(summary) == expected, name
                assert summary["unit"] == metric.unit

    def test_units_agree_with_names(self):
        for name, metric in METRICS.items():
            for ending in ("usd_m_per_month", "usd_m", "per_month", "probability", "months"):
                if name.endswith(ending):
                    assert metric.unit == ("share" if ending == "probability" else ending), name
                    break

    def test_the_registry_names_what_exists(self, tables):
        for name, metric in METRICS.items():
            assert metric.name == name
            assert metric.formatter in FORMATTERS, name
            assert metric.rests_on and set(metric.rests_on) <= set(tables.assumptions.index), name
            assert len(set(metric.rests_on)) == len(metric.rests_on), name
            assert metric.measure or METRICS[metric.of].measure, name
        assert len({metric.label for metric in METRICS.values()}) == len(METRICS)
        assert set(OF_CASE) | set(OF_PORTFOLIO) == set(METRICS)

    def test_inputs_are_those_of_the_assumptions_table(self, content, tables):
        assert list(content["inputs"]) == list(tables.assumptions.index)
        for name, entry in content["inputs"].items():
            assert set(entry) == {"low", "central", "high", "unit", "origin"}
            assert entry["central"] == tables.assumptions.loc[name, "central"]

    def test_paths_run_over_all_months_in_order_of_their_percentiles(self, content, few):
        assert {"spend_usd_m", "revenue_usd_m", "cash_usd_m", "debt_usd_m"} < set(content["paths"])
        for name, path in content["paths"].items():
            assert {len(values) for values in path.values()} == {60}, name
            ranks = [np.array(path[f"p{level}"]) for level in results.LEVELS if f"p{level}" in path]
            assert all((low <= high).all() for low, high in itertools.pairwise(ranks)), name
        frame = few.paths["cash_usd_m"]
        assert list(frame.columns) == ["month", "p5", "p25", "p50", "p75", "p95", "central"]
        assert (frame["month"].iloc[0], frame["month"].iloc[59]) == ("2025-06", "2030-05")
        np.testing.assert_allclose(frame["p25"], np.percentile(few.trajectory.cash, 25, axis=0), rtol=1e-9)

    def test_central_parts_sum_to_the_central_whole(self, few):
        central = {name: path["central"].to_numpy() for name, path in few.paths.items()}
        for whole in ("spend", "revenue"):
            parts = [
                values
                for name, values in central.items()
                if name.startswith(f"{whole}_") and name != f"{whole}_usd_m"
            ]
            np.testing.assert_allclose(sum(parts), central[f"{whole}_usd_m"], rtol=1e-9)

    def test_stay_the_course_is_the_plain_run(self, content, few):
        for name in PORTFOLIO & CASE:
            assert content["portfolios"][STAY][name] == content["metrics"][name]
        assert (few.portfolios[STAY]["runway_months"] == few.measures["runway_months"]).all()


class TestOrder:
    def test_percentiles_rise_and_probabilities_are_shares(self, content):
        for found in (content["metrics"], *content["portfolios"].values()):
            for name, summary in found.items():
                if "value" in summary:
                    assert name.startswith("value_") or 0 <= summary["value"] <= 1
                else:
                    last = "9999-99" if name == "cash_out_month" else np.inf
                    ranks = [
                        last if summary[rank] is None else summary[rank] for rank in ("p5", "p50", "p95")
                    ]
                    assert ranks == sorted(ranks), name

    def test_probabilities_are_the_shares_of_the_draws(self, few):
        runway, value = few.measures["runway_months"], few.portfolios["raise_capital"]["value_usd_m"]
        for name, hits in (("12m", runway < 12), ("24m", runway < 24), ("horizon", np.isfinite(runway))):
            assert few.metrics[f"cash_out_probability_{name}"]["value"] == np.mean(hits)
        assert few.portfolio_metrics["raise_capital"]["wiped_out_probability"]["value"] == np.mean(value == 0)

    def test_the_month_of_cash_out_holds_the_runway(self, content):
        runway, month = (content["metrics"][name] for name in ("runway_months", "cash_out_month"))
        for key in ("central", "p5", "p50", "p95"):
            assert (
                months.between("2025-06", month[key])
                <= runway[key]
                < months.between("2025-06", month[key]) + 1
            )


class TestIndependent:
    def test_dependence_changes_the_headlines_and_no_central_value(self, few):
        for name in INDEPENDENT:
            if "central" in few.metrics[name]:
                assert few.independent[name]["central"] == few.metrics[name]["central"]
        assert few.independent["runway_months"]["p5"] != few.metrics["runway_months"]["p5"]

    def test_they_are_those_of_the_case_without_correlations(self, few):
        alone = Result(dataclasses.replace(few.case, correlations=()))
        assert alone.independent == {name: alone.metrics[name] for name in INDEPENDENT} == few.independent


EXTREMES = {
    "no revenue": {"revenue_start_usd_m": 0},
    "no burn": {"monthly_burn_usd_m": 0},
    "all the burn there can be": {"monthly_burn_usd_m": 100000},
    "no cash and no funding": dict.fromkeys(("opening_cash_usd_m", "committed_equity_usd_m", "committed_debt_usd_m"), 0),
    "all the cash there can be": {"opening_cash_usd_m": 1000000},
    "profitable from month 0": {"revenue_start_usd_m": 100000},
    "serving costs nearly all": {"serving_cost_ratio": 0.99},
    "growth that never fades": {"growth_endurance": 1, "spend_growth_endurance": 1},
    "growth that fades at once": {"growth_endurance": 0.01, "spend_growth_endurance": 0.01},
    "highest growth": {"growth_subscriptions_per_month": 1, "growth_endurance": 1, "horizon_months": 240},
    "deepest decline": {
        "growth_subscriptions_per_month": -0.5, "integration_growth_uplift": 0.9, "growth_endurance": 1, "horizon_months": 240,
        "revenue_cap_usd_m_per_month": 20,
    },
    "no cap at all": {"revenue_cap_usd_m_per_month": 0},
    "one month": {"horizon_months": 1},
    "twelve months": {"horizon_months": 12},
    "rounds for certain": {"round_success_probability": 1, "round_interval_months": 1},
    "rounds for nobody": {"round_success_probability": 0},
    "worthless": {"valuation_usd_m": 0, "exit_multiple_floor": 0, "exit_multiple_per_growth": 0},
    "no parts": dict.fromkeys(("gpus_added_per_month", "gpus_installed", "hardware_stock_usd_m", "headcount"), 0),
    "debt for a month": {"debt_term_months": 1, "committed_funding_month": 59},
    "net": {"burn_basis": "net"},
}  # fmt: skip


class TestExtremes:
    @pytest.mark.parametrize("overrides", EXTREMES.values(), ids=EXTREMES)
    @pytest.mark.filterwarnings("error")
    def test_no_number_is_infinite_or_not_a_number(self, tables, overrides):
        text = to_json(as_dict(result_of(tables, {"draws": 64} | overrides)))
        assert "NaN" not in text
        assert "Infinity" not in text


class TestNever:
    def test_cash_that_never_runs_out_is_null_beside_its_probability(self, tables):
        found = result_of(tables, {"opening_cash_usd_m": 1000000}).metrics
        for name in ("runway_months", "cash_out_month"):
            assert [found[name][key] for key in ("central", "p5", "p50", "p95")] == [None] * 4
        assert found["cash_out_probability_horizon"] == {"unit": "share", "value": 0.0, "se": 0.0}
        assert found["funding_need_usd_m"]["p95"] == 0

    def test_months_beyond_the_horizon_are_null(self, tables):
        found = result_of(tables, {"horizon_months": 12}).metrics
        assert found["coverage_ratio_12m"]["central"] is None
        assert found["burn_multiple_12m"]["p50"] is None
        assert found["cash_out_probability_24m"] == {"unit": "share", "value": None, "se": None}
        assert found["cash_out_probability_12m"]["value"] is not None
        assert found["coverage_ratio_start"]["p50"] is not None

    @pytest.mark.parametrize(("never", "known"), [(0, 3), (4, 2), (8, 2), (24, 2), (40, 1), (62, 0)])
    def test_only_the_percentiles_that_fall_on_never_are_null(self, never, known):
        draws = np.tile(np.arange(64.0), 8).reshape(8, 64)
        draws[:, 64 - never :] = np.inf
        summary = results.distribution("months", draws.ravel(), np.array([np.inf]))
        assert sum(summary[rank] is not None for rank in ("p5", "p50", "p95")) == known
        assert summary["central"] is None

    def test_a_percentile_is_one_of_the_values(self):
        draws = np.tile([1.0, 2.0, np.inf, np.inf], 8)
        assert results.percentiles(draws)["p50"] == 2
        assert results.percentiles(np.tile([1.0, np.inf, np.inf, np.inf], 8))["p50"] == np.inf

    def test_json_refuses_what_is_not_a_number(self):
        for value in (float("nan"), float("inf")):
            with pytest.raises(ValueError, match="not JSON compliant"):
                to_json({"value": value})


class TestCertain:
    def test_all_certain_inputs_give_one_number(self, tables, base_case):
        certain = {one.name: one.central for one in base_case.estimates}
        result = result_of(tables, certain | {"draws": 64})
        for found in (result.metrics, *result.portfolio_metrics.values()):
            for name, summary in found.items():
                if "central" in summary:
                    assert summary["p5"] == summary["p50"] == summary["p95"], name
                    if isinstance(summary["central"], float):
                        assert summary["p50"] == pytest.approx(summary["central"], rel=1e-12), name
                    else:  # never, or a calendar month
                        assert summary["p50"] == summary["central"], name
                else:
                    assert summary["value"] in (0, 1) or name.startswith("value_"), name
                    assert summary["se"] == pytest.approx(0, abs=1e-6), name
            if "value_mean_usd_m" in found:
                assert found["value_mean_usd_m"]["value"] == pytest.approx(
                    found["value_usd_m"]["central"], rel=1e-12
                )

    def test_nothing_is_nothing_and_not_little(self):
        assert METRICS["wiped_out_probability"].statistic(np.array([0.0, 1e-3, 1.0, 2.0])) == 0.25

    def test_mean_of_the_worst_twentieth(self):
        assert (
            metrics.tail_mean(np.random.default_rng(0).permutation(np.arange(100.0))) == 2.0
        )  # of 0, 1, 2, 3, 4
        assert metrics.tail_mean(np.array([3.0, 1.0, 2.0])) == 1.0  # at least one


HEADLINES = {
    "runway_months": "p50",
    "cash_out_probability_12m": "value",
    "funding_need_usd_m": "p50",
    "required_growth_per_month": "p50",
    "implied_growth_per_month": "p50",
}


def headlines(result):
    """Return name -> (figure, standard error)."""
    found = {name: (result.metrics[name], key) for name, key in HEADLINES.items()}
    return {
        name: (each[key], each["se" if key == "value" else f"{key}_se"])
        for name, (each, key) in found.items()
    }


class TestSampling:
    """Both errors of a difference are estimated from eight scrambles each, so that one pair of seeds in some hundred
    differs by more than three: the rule is asked of fixed seeds, and honesty of the errors of the spread over many.
    """

    @pytest.mark.parametrize("overrides", [{"draws": 16384}, {"seed": 0}, {"seed": 1}, {"seed": 3}], ids=str)
    def test_no_headline_moves_by_more_than_three_standard_errors(self, tables, base_result, overrides):
        other = headlines(Result(resolve(tables, "as_reported", overrides)))
        for name, (figure, error) in headlines(base_result).items():
            assert 0 < abs(other[name][0] - figure) <= 3 * np.hypot(error, other[name][1]), name

    def test_standard_errors_are_the_spread_over_seeds(self, tables):
        runs = [headlines(result_of(tables, {"seed": seed})) for seed in range(1000, 1024)]
        ratios = {}
        for name in HEADLINES:
            values, errors = np.array([run[name] for run in runs]).T
            ratios[name] = values.std(ddof=1) / np.sqrt(np.mean(errors**2))
        assert all(0.5 < ratio < 2 for ratio in ratios.values()), ratios

    def test_the_same_case_gives_the_same_bytes_whatever_was_asked_for_first(self, tables, content):
        again = result_of(tables)
        for name in reversed(PORTFOLIOS):
            assert again.model.trajectory(PORTFOLIOS[name]).value is not None
        assert again.portfolio_metrics and to_json(as_dict(again)) == to_json(content)
        assert to_json(as_dict(result_of(tables, {"seed": 0}))) != to_json(content)

    def test_an_assumption_that_the_table_lacks_is_an_input_error(self, few):
        kept = tuple(one for one in few.case.estimates if one.name != "headcount")
        with pytest.raises(InputError, match="'headcount'"):
            as_dict(Result(dataclasses.replace(few.case, estimates=kept)))

    def test_results_are_plain_json(self, content):
        assert json.loads(to_json(content)) == content


def test_a_case_that_was_run_before_is_found_again_and_none_before_it(base_case):
    dearer, dearest = (change(base_case, {"pue": pue}) for pue in ("1.3", "1.4"))
    results.run_before(dearer, base_case)
    assert results.of(dearer) is results.of(change(base_case, {"pue": "1.3"}))
    assert results.of(base_case) is results.of(base_case)
    assert {"portfolio_metrics", "paths", "independent"} <= vars(results.of(dearer)).keys()
    first = weakref.ref(results.of(dearer))
    results.run_before(dearest, base_case)
    assert first() is None, "two cases in memory"
