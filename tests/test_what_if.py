"""The what-if panel: its grid equals the model, its packing loses nothing that is shown, and a browser agrees."""

import json
import re
import shlex

import nbformat
import numpy as np
import pytest

from analysis.findings import what_if as words
from analysis.insight import what_if
from analysis.parameters import resolve
from analysis.report import positions
from analysis.report.export import to_html
from analysis.report.page import Page
from analysis.report.pages import PAGES
from analysis.report.what_if import panel
from analysis.results import Run
from tests.browser import open_page

NO_REVENUE = {f"revenue_{name}_usd_m": 0 for name in ("subscriptions", "advertising", "data_services")}
NO_CASH = {"opening_cash_usd_m": 0, "committed_funding_usd_m": 0}


def run_of(tables, scenario="critics", **overrides) -> Run:
    return Run(resolve(tables, scenario, overrides))


def asked(command: str) -> tuple[str, dict[str, str]]:
    """Return scenario and overrides of a command, read as a shell reads it."""
    program, verb, scenario, *rest = shlex.split(command)
    assert (program, verb) == ("burn-report", "build")
    pairs = dict(zip(rest[::2], rest[1::2], strict=True)) if "--set" not in rest else {}
    sets = [rest[at + 1].split("=", 1) for at, word in enumerate(rest) if word == "--set"]
    return scenario, dict(sets) | {name[2:]: value for name, value in pairs.items() if name in ("--draws", "--seed")}


def command_at(run: Run, position: tuple[int, ...]) -> str:
    """Return the command of a position, put together from the data that the page's script gets."""
    grid = what_if.grid(run)
    content = positions.data(grid, run.case, {})
    chosen = dict(content["options"])
    for name, index in zip(grid.sliders, position, strict=True):
        chosen |= content["sliders"][name]["options"][index]
    return " ".join([content["start"], *chosen.values()])


def random_positions(grid, count: int, seed: int = 1) -> list[tuple[int, ...]]:
    rng = np.random.default_rng(seed)
    return [tuple(int(rng.integers(len(slider))) for slider in grid.sliders.values()) for _ in range(count)]


class TestSliders:
    def test_start_at_the_case(self, tables):
        for scenario in tables.scenarios:
            case = resolve(tables, scenario)
            for slider in what_if.sliders(case).values():
                assert slider.positions[slider.own] == tuple(case[name].central for name in slider.inputs)
                assert slider.overrides(slider.own) == {}

    def test_positions_rise_and_stay_inside_the_bounds(self, tables):
        case = resolve(tables, "critics", {"growth_subscriptions_per_month": 0.7})
        sliders = what_if.sliders(case)
        assert max(sliders["growth"].positions)[0] < 1
        assert len(sliders["growth"]) < len(what_if.GROWTH_FACTORS)
        for slider in sliders.values():
            assert list(slider.positions) == sorted(slider.positions)

    @pytest.mark.parametrize(
        ("overrides", "still"),
        [(NO_REVENUE, {"growth", "endurance"}), (NO_CASH, {"cash"}), ({"monthly_burn_usd_m": 0}, {"burn"})],
    )
    def test_what_changes_nothing_has_one_position(self, tables, overrides, still):
        sliders = what_if.sliders(resolve(tables, "critics", overrides))
        assert {name for name, slider in sliders.items() if len(slider) == 1} == still

    def test_an_input_of_zero_stays_out_of_the_command(self, tables):
        slider = what_if.sliders(resolve(tables, "critics", {"opening_cash_usd_m": 0}))["cash"]
        assert set(slider.overrides(0)) == {"committed_funding_usd_m"}


CASES = [
    ("as_reported", {}),
    ("critics", {"burn_basis": "net"}),
    ("hindsight_2026", {"committed_funding_month": 4, "opening_cash_usd_m": "500,700,900"}),
    ("price_war", {"horizon_months": 6, "serving_cost_ratio": 0.99}),
]


@pytest.mark.parametrize(("scenario", "overrides"), CASES)
class TestGridIsTheModel:
    def test_central_values_are_those_of_the_command(self, tables, scenario, overrides):
        run = run_of(tables, scenario, **overrides)
        grid = what_if.grid(run)
        for position in [grid.own, *random_positions(grid, 6)]:
            burn, _, *earned = position
            named, given = asked(command_at(run, position))
            again = Run(resolve(tables, named, given))
            for name in ("runway_months", "funding_need_usd_m"):
                assert getattr(grid, name)[position] == pytest.approx(again.central_gap[name][0], rel=1e-9, abs=1e-9)
            assert grid.break_even_month[(burn, *earned)] == again.central_gap["break_even_month"][0]
            spend, revenue = again.central_path.spend[0], again.central_path.revenue[0]
            np.testing.assert_allclose(grid.spend_usd_m[(burn, *earned)], spend[grid.points_months], rtol=1e-9)
            np.testing.assert_allclose(grid.revenue_usd_m[tuple(earned)], revenue[grid.points_months], rtol=1e-9)

    def test_ranges_are_those_of_a_run_with_the_four_certain(self, tables, scenario, overrides):
        run = run_of(tables, scenario, **overrides)
        grid = what_if.grid(run)
        for position in [grid.own, *random_positions(grid, 2, seed=2)]:
            values = [slider.positions[at] for slider, at in zip(grid.sliders.values(), position, strict=True)]
            names = [slider.inputs for slider in grid.sliders.values()]
            fixed = {
                name: value for group, row in zip(names, values, strict=True) for name, value in zip(group, row, strict=True)
            }
            again = run_of(tables, scenario, **(overrides | fixed | {"draws": what_if.DRAWS}))
            for found, name in ((grid.runway_range, "runway_months"), (grid.funding_need_range, "funding_need_usd_m")):
                wanted = again.metrics[name]
                for end, key in ((found.low[position], "p5"), (found.high[position], "p95")):
                    expected = np.inf if wanted[key] is None else wanted[key]
                    assert end == pytest.approx(expected, rel=1e-9, abs=1e-6)
            three = (position[0], *position[2:])
            assert grid.break_even_share[three] == pytest.approx(again.metrics["break_even_probability"]["value"])
            soon = again.metrics["cash_out_probability_12m"]["value"]
            assert (grid.cash_out_share_12m is None) == (soon is None)
            assert soon is None or grid.cash_out_share_12m[position] == pytest.approx(soon)


class TestPacking:
    def test_numbers_come_back(self):
        values = np.array([0, 1, 89, 90, positions.TOP])
        assert positions.unpacked(positions.packed(values)).tolist() == values.tolist()

    def test_text_needs_no_escape(self):
        assert json.dumps(positions.ALPHABET) == f'"{positions.ALPHABET}"'
        assert "<" not in positions.ALPHABET and len(set(positions.ALPHABET)) == positions.BASE

    def test_points_are_off_by_half_a_step_at_most(self, base_run):
        grid = what_if.grid(base_run)
        top = positions.axis_tops(grid)[..., None]
        for name, (_, codes) in positions.points(grid).items():
            shown = (1 - positions.unpacked(positions.packed(codes)).reshape(codes.shape) / positions.TOP) * top
            assert codes.min() >= 0 and codes.max() <= positions.TOP
            assert np.all(np.abs(shown - getattr(grid, f"{name}_usd_m")) <= 0.5000001 * top / positions.TOP)

    def test_rounding_before_wording_changes_no_word(self, base_run):
        grid = what_if.grid(base_run)
        texts = positions.columns(grid, base_run.case)
        for position in random_positions(grid, 200, seed=3):
            at = dict(zip(grid.sliders, position, strict=True))
            assert texts["runway"].at(at, grid) == words.runway(grid.runway_months[position])
            assert texts["need"].at(at, grid) == words.need(grid.funding_need_usd_m[position])
            span = grid.runway_range
            ends = (span.low, span.low_se, span.high, span.high_se)
            if all(np.isfinite(end[position]) for end in ends):
                assert texts["runway_range"].at(at, grid) == words.runway_range(*(end[position] for end in ends))


class TestWords:
    def test_runway(self):
        assert words.runway(10.632) == "10.6 months"
        assert words.runway(1.0, se=0.3) == "1 month"
        assert words.runway(123.44) == "123 months"
        assert words.runway(0.0) == "0 months"
        assert words.runway(np.inf) == "beyond the horizon"

    def test_ranges(self):
        assert words.runway_range(9.02, 0.03, 10.88, 0.03) == "9.0 to 10.9 months"
        assert words.runway_range(9.02, 0.03, np.inf, np.nan) == "9.0 months to beyond the horizon"
        assert words.runway_range(np.inf, np.nan, np.inf, np.nan) == "beyond the horizon"
        assert words.need_range(0.0, 0.0, 66543.0, 400.0) == "none to $67bn"
        assert words.need_range(0.0, 0.0, 0.0, 0.0) == "none"

    def test_the_heading_turns_with_the_numbers(self, tables):
        assert "Over its slider, cash moves the runway by up to" in words.heading(run_of(tables))
        assert words.heading(run_of(tables, **NO_CASH)) == "None of these inputs alone moves the runway"
        assert words.heading(run_of(tables, monthly_burn_usd_m=1)).startswith("Cash lasts beyond the horizon")
        assert words.heading(run_of(tables, horizon_months=6)).endswith("from 0 months to beyond the horizon")
        nothing = run_of(tables, monthly_burn_usd_m=0, **NO_CASH, **NO_REVENUE)
        assert words.heading(nothing) == "In this case there is nothing to vary"
        assert words.finding(nothing, tables).text == "No slider is left to move."

    def test_the_note_says_what_varies(self, tables):
        certain = {row.name: row.central for row in tables.assumptions.itertuples()}
        assert "no width" in words.note(resolve(tables, "as_reported", certain))
        assert "256 runs" in words.note(resolve(tables, "as_reported"))
        assert "narrower" not in words.note(resolve(tables, "as_reported", certain))


class TestPanel:
    def test_a_page_stays_small(self, tables):
        assert len(str(panel(run_of(tables, "hindsight_2026"), tables)).encode()) < 110_000

    def test_without_a_script_nothing_is_a_tab_stop_and_the_case_is_shown(self, tables, base_run):
        text = str(panel(base_run, tables))
        assert "<fieldset disabled>" in text and "not running" in text
        assert f'data-show="runway">{words.runway(base_run.central_gap["runway_months"][0])}<' in text

    def test_a_case_without_sliders_has_no_field_set(self, tables):
        text = str(panel(run_of(tables, monthly_burn_usd_m=0, **NO_CASH, **NO_REVENUE), tables))
        assert "<fieldset" not in text and "No slider for" in text

    def test_the_command_keeps_the_case_and_is_safe_in_a_shell(self, tables):
        run = run_of(tables, monthly_burn_usd_m="700, 900,1500", draws=64, start_month="2025-07")
        start, options = positions.command(run.case)
        assert shlex.split(" ".join([start, *options.values()])) == [
            "burn-report", "build", "critics", "--set", "monthly_burn_usd_m=700, 900,1500", "--draws", "64",
            "--set", "start_month=2025-07",
        ]  # fmt: skip
        moved = command_at(run, (0, *what_if.grid(run).own[1:]))
        assert asked(moved)[1]["monthly_burn_usd_m"] == "270" and "700, 900" not in moved


def rendered(run: Run, tables, path):
    """Write a page that holds nothing but the section, and return its path."""
    outputs = []

    def show(part, **metadata):
        outputs.append(nbformat.v4.new_output("display_data", data={"text/html": str(part)}, metadata=metadata))

    page = Page(PAGES["revenue_gap"], run, tables, show)
    page.head()
    page.section("what_if", words.heading(run))
    page.html(panel(run, tables))
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("page", outputs=outputs)])
    notebook.metadata["burn_report"] = {"title": "Revenue gap"}
    path.write_text(to_html(notebook), encoding="utf-8")
    return path


def amount_usd_m(text: str) -> float:
    if text == "none":
        return 0.0
    number, scale = re.fullmatch(r"\$([\d.,]+)(m|bn|tn)", text).groups()
    return float(number.replace(",", "")) * {"m": 1, "bn": 1e3, "tn": 1e6}[scale]


MOVES = [
    {"burn": ["ArrowRight", "ArrowRight"]},
    {"cash": ["Home"], "burn": ["ArrowLeft"]},
    {"burn": ["Home"], "cash": ["End"], "growth": ["End"], "endurance": ["End"]},
    {"growth": ["Home"], "endurance": ["PageDown"]},
]


@pytest.fixture(scope="module")
def shown_run(tables):
    return run_of(tables, "investor_confidence", time_to_market_months=2)


@pytest.fixture(scope="module")
def file(shown_run, tables, tmp_path_factory):
    return rendered(shown_run, tables, tmp_path_factory.mktemp("page") / "what if.html")


@pytest.mark.browser
class TestInABrowser:
    @pytest.mark.parametrize("keys", MOVES)
    def test_what_is_shown_is_the_model_of_the_command_shown(self, browser, file, tables, keys):
        with open_page(browser, file) as opened:
            page = opened.page
            for name, presses in keys.items():
                page.focus(f"#what-if-{name}")
                for key in presses:
                    page.keyboard.press(key)
            scenario, given = asked(page.inner_text("#what-if .command").removesuffix(" --name what-if"))
            assert given.pop("time_to_market_months") == "2" and given
            again = run_of(tables, scenario, time_to_market_months=2, **given)
            runway = again.central_gap["runway_months"][0]
            need = again.central_gap["funding_need_usd_m"][0]
            even = again.central_gap["break_even_month"][0]

            shown = {name: page.inner_text(f"[data-show={name}]") for name in ("runway", "need", "even")}
            if np.isfinite(runway):
                assert float(shown["runway"].split()[0]) == pytest.approx(runway, abs=0.0501)
            else:
                assert shown["runway"] == "beyond the horizon"
            assert amount_usd_m(shown["need"]) == pytest.approx(need, rel=0.0051)
            expected = again.settings.month(int(even))[:4] if np.isfinite(even) else "horizon"
            assert shown["even"].endswith(expected)
            self.check_chart(page, again)
            assert opened.errors == [] and opened.requests == []

    @staticmethod
    def check_chart(page, again):
        top = amount_usd_m(page.inner_text("[data-show=top]"))
        for name, path in (("spend", again.central_path.spend[0]), ("revenue", again.central_path.revenue[0])):
            points = [pair.split(",") for pair in page.get_attribute(f"polyline.{name}", "points").split()]
            last = len(path) - 1
            for x, y in points:
                month = round(float(x) * last / 100)
                assert (1 - float(y) / positions.TOP) * top == pytest.approx(path[month], abs=0.6 * top / positions.TOP)
        ends = re.search(r"revenue from (\S+) to (\S+)\.$", page.get_attribute("#what-if svg", "aria-label")).groups()
        assert amount_usd_m(ends[1]) == pytest.approx(again.central_path.revenue[0, -1], rel=0.051)

    def test_start_values_and_back_to_them(self, browser, file, shown_run):
        with open_page(browser, file) as opened:
            page = opened.page
            before = page.inner_text("#what-if")
            assert words.runway(shown_run.central_gap["runway_months"][0]) in before and "--name" not in before
            page.focus("#what-if-burn")
            page.keyboard.press("End")
            slider = page.locator("#what-if-burn")
            assert slider.get_attribute("aria-valuetext") == "$2bn a month" and page.inner_text("#what-if") != before
            for _ in range(4):
                page.keyboard.press("Tab")
            page.keyboard.press("Enter")
            assert page.inner_text("#what-if") == before
            assert slider.input_value() == "4" and slider.get_attribute("aria-valuetext") == "$1bn a month"

    @pytest.mark.parametrize(("width", "scheme"), [(1280, "dark"), (320, "light")])
    def test_accessible_and_not_wider_than_the_window(self, browser, file, width, scheme):
        with open_page(browser, file, width, scheme) as opened:
            assert opened.axe() == []
            assert opened.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")

    def test_all_fixed(self, browser, tables, tmp_path):
        nothing = run_of(tables, monthly_burn_usd_m=0, **NO_CASH, **NO_REVENUE)
        with open_page(browser, rendered(nothing, tables, tmp_path / "page.html")) as opened:
            assert opened.errors == [] and opened.page.locator("#what-if input").count() == 0

    def test_without_script(self, browser, file):
        context = browser.new_context(java_script_enabled=False, offline=True)
        page = context.new_page()
        page.goto(file.as_uri())
        assert page.locator("#what-if input:enabled").count() == 0
        assert page.locator(".unscripted").is_visible()
        context.close()
