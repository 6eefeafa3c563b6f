"""The cost page: tables of spending, and sentences that are forced to turn."""

import itertools
import re

import matplotlib as mpl
import numpy as np
import pytest

from analysis.charts import cost_breakdown as charts
from analysis.charts import theme
from analysis.draws import standard_error
from analysis.findings import cost_breakdown as words
from analysis.findings import cost_figures, cost_names, cost_phrases, cost_public, cost_tables
from analysis.findings.words import Finding
from analysis.insight import cost_structures, costs, definitions
from analysis.model.costs import CATEGORIES, LINES, bottom_up
from analysis.parameters import resolve
from analysis.report.pages import PAGES
from analysis.results import Run, percentile
from tests import oracle

EXTREMES = {
    "burn of one": {"monthly_burn_usd_m": 1},
    "no burn": {"monthly_burn_usd_m": 0},
    "no burn, net": {"monthly_burn_usd_m": 0, "burn_basis": "net"},
    "no revenue": {"revenue_subscriptions_usd_m": 0, "revenue_advertising_usd_m": 0, "revenue_data_services_usd_m": 0},
    "one month": {"horizon_months": 1},
    "six months": {"horizon_months": 6},
    "a year and a month": {"horizon_months": 13},
    "growth without end": {"spend_growth_endurance": 1, "growth_endurance": 1, "serving_cost_ratio": 0.99},
    "no serving cost": {"serving_cost_ratio": 0, "growth_endurance": 1},
    "no accelerators": {"gpus_added_per_month": 0, "gpu_all_in_usd": 0},
    "all the same": {"share_compute": 0.2, "share_talent": 0.2, "share_data": 0.2, "share_compliance": 0.2, "share_other": 0.2},
    "few runs": {"draws": 16},
}


def run_of(tables, scenario="as_reported", **overrides):
    return Run(resolve(tables, scenario, {"draws": 64} | overrides))


def all_texts(run, tables):
    """Every computed sentence and figure text of the page."""
    frames = costs.categories(run), costs.bottom_up(run), costs.path(run), cost_structures.beside_model(run, tables)
    figures = [
        cost_figures.categories(run, tables, frames[0]),
        cost_figures.bottom_up(run, tables, frames[1]),
        cost_figures.spending_path(run, tables, frames[2]),
        cost_figures.structures(tables, frames[3]),
        cost_figures.public_figures(definitions.figures(tables)),
    ]
    said = [make(run, tables) for make in (words.largest, words.reading, words.closing, words.fading)]
    said += [make(tables) for make in (cost_public.disputed, cost_public.peers, cost_public.mixed_lines, cost_public.disclosed)]
    return (
        [finding.text for finding in (*words.findings(run, tables), *said)]
        + list(words.headings(run, tables).values())
        + [text for figure in figures for text in (figure.headline, figure.subtitle, figure.note, figure.shows)]
    )


class TestSpread:
    def test_as_the_slow_way(self):
        values = np.random.default_rng(3).lognormal(size=256)
        made = costs.spread(values, 1.0)
        for level in (5, 25, 50, 75, 95):
            assert made[f"p{level}"] == percentile(values, level)
            assert made[f"p{level}_se"] == pytest.approx(standard_error(lambda group, p=level: percentile(group, p), values))

    def test_never_is_not_averaged(self):
        made = costs.spread(np.repeat([1.0, np.inf], 64), np.inf)
        assert (made["p5"], made["p95"]) == (1.0, np.inf)
        assert np.isnan(made["p95_se"])


class TestCategories:
    def test_central_amounts_add_up_to_the_burn(self, tables):
        frame = costs.categories(run_of(tables, monthly_burn_usd_m=(700, 900, 1500)))
        assert frame["central_usd_m"].sum() == pytest.approx(900)
        assert frame["central_share"].sum() == pytest.approx(1)

    def test_largest_first(self, tables):
        frame = costs.categories(run_of(tables, share_data=0.9))
        assert frame["category"].iloc[0] == "data"
        assert frame["central_usd_m"].is_monotonic_decreasing

    def test_percentiles_are_in_order(self, tables):
        frame = costs.categories(run_of(tables))
        for low, high in itertools.pairwise(("p5_usd_m", "p25_usd_m", "p50_usd_m", "p75_usd_m", "p95_usd_m")):
            assert (frame[low] <= frame[high]).all()

    def test_certain_shares_of_a_certain_burn_have_no_range(self, tables):
        shares = dict(zip((f"share_{name}" for name in CATEGORIES), (0.5, 0.2, 0.1, 0.1, 0.1), strict=True))
        frame = costs.categories(run_of(tables, monthly_burn_usd_m=1000, **shares)).set_index("category")
        assert frame.loc["compute", ["central_usd_m", "p5_usd_m", "p95_usd_m"]].tolist() == pytest.approx([500, 500, 500])


class TestOtherReading:
    def test_the_readings_differ_by_revenue(self, tables):
        revenue = {"revenue_subscriptions_usd_m": 60, "revenue_advertising_usd_m": 30, "revenue_data_services_usd_m": 10}
        gross = costs.other_reading(run_of(tables, **revenue))
        net = costs.other_reading(run_of(tables, burn_basis="net", **revenue))
        assert (gross["basis"], gross["total_usd_m"], gross["difference_usd_m"]) == ("net", 1100, 100)
        assert (net["basis"], net["total_usd_m"], net["difference_usd_m"]) == ("gross", 1000, -100)

    def test_the_sentence_turns(self, tables):
        assert "$17m more" in words.reading(run_of(tables), tables).text
        assert "$17m less" in words.reading(run_of(tables, burn_basis="net"), tables).text
        assert "nothing would change" in words.reading(run_of(tables, **EXTREMES["no revenue"]), tables).text


class TestBottomUp:
    def test_lines_are_those_of_the_plain_implementation(self, tables):
        run = run_of(tables)
        inputs = {estimate.name: estimate.central for estimate in run.case.estimates}
        plain = oracle.bottom_up(inputs)
        frame = costs.bottom_up(run).set_index("line")["central_usd_m"]
        for name in (*LINES, "bottom_up_total"):
            assert frame[name] == pytest.approx(plain[name], rel=1e-9)

    def test_parts_first_then_total_and_claim(self, tables):
        frame = costs.bottom_up(run_of(tables))
        assert frame["kind"].tolist() == ["part"] * 8 + ["total", "claim"]
        assert frame["central_usd_m"].iloc[:8].sum() == pytest.approx(frame["central_usd_m"].iloc[8])

    def test_drivers_are_those_the_lines_depend_on(self, tables):
        def central(**overrides):
            world = run_of(tables, **overrides).central_world
            return bottom_up(world.x, world.burn)

        base = central()
        for line, names in costs.DRIVERS.items():
            for name in names:
                moved = central(**{name: tables.assumptions.loc[name, "central"] * 1.1})
                changed = {key for key in LINES if moved[key][0] != base[key][0]}
                assert line in changed, name
                assert all(name in costs.DRIVERS[key] for key in changed), name

    def test_accelerators_that_close_the_gap_close_it(self, tables):
        needed = costs.closing_accelerators(run_of(tables))
        closed = run_of(tables, gpus_added_per_month=needed)
        assert closed.metrics["unexplained"]["central"] == pytest.approx(0, abs=1e-6)
        assert "would make the parts equal" not in words.closing(closed, tables).text

    def test_no_number_of_accelerators_may_close_it(self, tables):
        assert costs.closing_accelerators(run_of(tables, monthly_burn_usd_m=1)) is None
        assert costs.closing_accelerators(run_of(tables, gpu_all_in_usd=0)) is None

    def test_the_verdict_flips(self, tables):
        assert "leave $370m of $1.0bn a month unexplained" in words.headings(run_of(tables), tables)["bottom_up"]
        assert "exceed $870m a month by $240m" in words.headings(run_of(tables, "hindsight_2026"), tables)["bottom_up"]
        assert "match" in cost_phrases.verdict(run_of(tables, gpus_added_per_month=17087))

    def test_the_frequency_follows(self, tables):
        assert "in none of the runs they exceed" in words.parts(run_of(tables, monthly_burn_usd_m=90_000), tables).text
        assert "in all of the runs they exceed" in words.parts(run_of(tables, monthly_burn_usd_m=1), tables).text

    def test_a_burn_that_was_set_is_not_called_the_claim(self, tables):
        assert "they exceed the claim," in words.parts(run_of(tables), tables).text
        assert "they exceed the burn set here," in words.parts(run_of(tables, monthly_burn_usd_m=500), tables).text
        assert "they exceed the claim plus revenue," in words.parts(run_of(tables, burn_basis="net"), tables).text


class TestPath:
    def test_months_of_the_table_lie_on_the_path(self, tables):
        run = run_of(tables)
        table = costs.by_month(run)
        for t in (0, 12, 36):
            assert table["total"][t]["central"] == pytest.approx(run.central_path.spend[0, t])
            assert sum(table[name][t]["central"] for name in CATEGORIES) == pytest.approx(table["total"][t]["central"])

    def test_months_beyond_the_horizon_are_none(self, tables):
        table = costs.by_month(run_of(tables, horizon_months=13))
        assert table["total"][12] is not None
        assert table["total"][36] is None
        assert costs.first_year_growth(run_of(tables, horizon_months=12)) is None

    def test_the_ceiling_is_where_the_path_goes(self, tables):
        run = run_of(tables, horizon_months=240, spend_growth_endurance=0.3, growth_endurance=0.3)
        assert costs.ceiling(run)["central"] == pytest.approx(run.central_path.spend[0, -1], rel=1e-4)

    def test_no_ceiling_without_fading(self, tables):
        run = run_of(tables, spend_growth_endurance=1)
        assert np.isinf(costs.ceiling(run)["central"])
        assert "never fades" in words.fading(run, tables).text

    def test_free_serving_does_not_take_up_endless_revenue(self, tables):
        assert np.isfinite(costs.ceiling(run_of(tables, **EXTREMES["no serving cost"]))["central"])

    @pytest.mark.parametrize(
        ("overrides", "said"),
        [
            ({}, "rises from $1.0bn to"),
            ({"growth_compute_per_year": -0.8, "serving_cost_ratio": 0}, "falls from $1.0bn to"),
            (
                {"horizon_months": 13} | {f"growth_{name}_per_year": 0 for name in CATEGORIES} | {"serving_cost_ratio": 0},
                "stays near",
            ),
            ({"horizon_months": 6}, "the horizon ends within a year"),
        ],
    )
    def test_the_direction_turns(self, tables, overrides, said):
        assert said in words.headings(run_of(tables, **overrides), tables)["spending_path"]

    def test_the_first_year_grows_or_shrinks(self, tables):
        assert "total spending grows by" in words.fading(run_of(tables), tables).text
        assert "total spending shrinks by" in words.fading(run_of(tables, growth_compute_per_year=-0.8), tables).text


class TestAnswer:
    def test_the_leader_changes_with_the_shares(self, tables):
        assert words.headings(run_of(tables), tables)["categories"].startswith("Compute takes 76%")
        assert words.headings(run_of(tables, share_talent=0.8), tables)["categories"].startswith("Talent takes 80%")

    def test_a_remainder_is_not_named_by_the_article(self, tables):
        text = words.answer(run_of(tables, share_other=0.9), tables).text
        assert "what is not itemised would take" in text
        assert "compute, the largest that the article names" in text

    def test_agreement_turns_with_the_share(self, tables):
        assert "none of 7 published shares (7 lie above)" in words.beside(run_of(tables, share_compute=0.05), tables).text
        assert "(1 lies below)" in words.beside(run_of(tables, draws=2048), tables).text

    def test_certain_inputs_have_no_range(self, tables):
        certain = {row.name: row.central for row in tables.assumptions.itertuples(index=False)}
        run = run_of(tables, **certain)
        assert "the same in all runs" in words.answer(run, tables).text
        assert "middle 90%" not in words.fading(run, tables).text


class TestEveryCase:
    def test_a_heading_for_each_section_and_at_most_five_findings(self, tables):
        run = run_of(tables)
        assert list(words.headings(run, tables)) == list(PAGES["cost_breakdown"].sections)
        assert len(words.findings(run, tables)) <= 5

    @pytest.mark.parametrize("overrides", EXTREMES.values(), ids=EXTREMES.keys())
    def test_extremes_read_well(self, tables, overrides):
        self.check(run_of(tables, **overrides), tables)

    def test_scenarios_read_well(self, tables):
        for name in tables.scenarios:
            self.check(run_of(tables, name), tables)

    def check(self, run, tables):
        for text in all_texts(run, tables):
            assert not re.search(r"\bnan\b|\binf\b|\bNone\b(?! of)|\{|\}|  |no finite amount|–(?![A-Z])", text), text
        for frame in (costs.categories(run), costs.bottom_up(run), costs.path(run)):
            assert np.isfinite(frame.select_dtypes("number")).all(axis=None)


class TestTables:
    def test_the_claim_is_parts_plus_what_is_left(self, tables):
        frame = cost_tables.bottom_up(run_of(tables), tables).set_index("Line item")
        amount = frame["$m a month"].str.replace(",", "").str.replace("−", "-").astype(float)
        assert amount["All eight parts"] + amount["Left unexplained"] == pytest.approx(amount["The claim"])
        assert frame.index[-1] == "The claim"

    def test_an_excess_is_taken_off(self, tables):
        frame = cost_tables.bottom_up(run_of(tables, "hindsight_2026"), tables)
        assert "Excess of the parts (taken off)" in frame["Line item"].tolist()

    def test_drivers_are_shown_with_their_values(self, tables):
        cell = cost_tables.bottom_up(run_of(tables, headcount=1234), tables).set_index("Line item").loc["Talent"].iloc[0]
        assert isinstance(cell, Finding)
        assert cell.text.startswith("1,234 employees")

    def test_totals_come_last(self, tables):
        run = run_of(tables)
        assert cost_tables.categories(run, tables)["Category"].iloc[-1].text == "Total"
        assert cost_tables.by_month(run)["Category"].iloc[-1] == "Total"

    def test_months_beyond_the_horizon_are_empty_and_said(self, tables):
        run = run_of(tables, horizon_months=6)
        assert cost_tables.by_month(run).iloc[:, 3:].isna().all(axis=None)
        assert "beyond the horizon" in cost_tables.by_month_caption(run)
        assert "beyond the horizon" not in cost_tables.by_month_caption(run_of(tables))

    def test_every_name_has_a_word(self, tables):
        frame = cost_tables.structures(run_of(tables), tables)
        assert frame.notna().all(axis=None)
        assert cost_tables.public_figures(tables).notna().all(axis=None)
        assert cost_names.figures(definitions.figures(tables)).notna().all(axis=None)

    def test_a_monthly_claim_is_published_per_month(self, tables):
        assert cost_tables.public_figures(tables)["As published"].iloc[0] == "$1.00bn a month"


class TestCharts:
    @pytest.mark.filterwarnings("error::UserWarning")
    @pytest.mark.parametrize("overrides", [{}, *EXTREMES.values()], ids=["base", *EXTREMES])
    def test_every_chart_draws(self, tables, overrides):
        run = run_of(tables, **overrides)
        named = cost_names.named(costs.categories(run), "category", cost_names.CATEGORIES)
        lines = cost_names.named(costs.bottom_up(run), "line", cost_figures.line_names(run))
        structures = cost_names.structures(cost_structures.beside_model(run, tables))
        drawn = (
            (charts.categories, named),
            (charts.bottom_up, lines),
            (charts.cost_structures, structures),
            (charts.spending_path, costs.path(run)),
        )
        for draw, frame in drawn:
            with mpl.rc_context(theme.RC):
                figure = theme.canvas(False, 400)
                draw(figure, frame, False)
            left, right = figure.axes[0].get_xlim()
            assert np.isfinite([left, right]).all()
            assert left < right

    def test_marks_of_public_figures_follow_status_and_perimeter(self, tables):
        with mpl.rc_context(theme.RC):
            figure = theme.canvas(False, 640)
            charts.definitions(figure, cost_names.figures(definitions.figures(tables)), False)
        marks = {(line.get_marker(), line.get_fillstyle()) for line in figure.axes[0].lines}
        assert {("o", "full"), ("o", "none"), ("o", "left"), ("s", "full")} <= marks
