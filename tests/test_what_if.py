"""The panel of sliders: every stop is a run of the model, at rest it is the page, and a browser shows what Python wrote."""

import json
import pathlib
import re

import numpy as np
import pytest

from analysis import pages
from analysis.inputs.parameters import change, resolve
from analysis.pages.revenue_gap import what_if
from analysis.pages.revenue_gap.measures import Measures
from analysis.results.results import Result
from analysis.show import shell, text
from analysis.show.page import Page
from analysis.show.quantity import Quantity
from tests.browser import open_page

SCRIPT = (pathlib.Path(what_if.__file__).parent / "what_if.js").read_text(encoding="utf-8")
NOTHING = {
    "opening_cash_usd_m": 0,
    "committed_equity_usd_m": 0,
    "committed_debt_usd_m": 0,
    "monthly_burn_usd_m": 0,
}
EXTREMES = {
    "nothing to move": NOTHING | {"growth_compute_per_year": 0, "burn_basis": "net"},
    "one month": {"horizon_months": 1},
    "no revenue": {"revenue_start_usd_m": 0},
    "cash without end": {"opening_cash_usd_m": 90_000},
}


def page_of(tables, base_result, scenario="as_reported", **given) -> Page:
    same = scenario == "as_reported" and not given
    result = base_result if same else Result(resolve(tables, scenario, {"draws": 512} | given))
    measures = Measures(result, tables)
    measures.base = base_result
    return Page(pages.PAGES["revenue_gap"], tables, measures, result, base_result)


@pytest.fixture(scope="module")
def page(tables, base_result):
    return page_of(tables, base_result)


@pytest.fixture(scope="module")
def panel(page):
    return str(what_if.panel(page))


@pytest.fixture(scope="module")
def data(panel):
    return json.loads(re.search(r'<script type="application/json">(.*?)</script>', panel, flags=re.S)[1])


def shown(data: dict, state: int) -> dict[str, str]:
    return {place: text for place, text in data["states"][state].items() if place not in ("cash", "out")}


def overrides(case, slider, stop: int) -> dict[str, tuple | float]:
    """Return the estimates that a stop stands for, as a reader would set them."""
    scaled = {}
    for each in (case[name] for name in slider.inputs):
        low, central, high = (end * slider.factors[stop] for end in (each.low, each.central, each.high))
        scaled[each.name] = central if low == central else (low, central, high)
    return scaled


@pytest.mark.parametrize("scenario", ["as_reported", "hindsight_2026"])
def test_a_stop_is_a_run_of_the_model_with_those_inputs(tables, scenario):
    case = resolve(tables, scenario)
    chosen = what_if.sliders(case)
    shape = [len(slider.factors) for slider in chosen.values()]
    wanted = {1, np.prod(shape) - 1, int(np.ravel_multi_index([n // 2 for n in shape], shape))}
    for place, path in enumerate(what_if.positions(case, chosen)):
        if place in wanted:
            given = {"draws": what_if.DRAWS}
            for slider, stop in zip(chosen.values(), np.unravel_index(place, shape), strict=True):
                given |= overrides(case, slider, stop)
            again = Result(change(case, given)).trajectory
            np.testing.assert_allclose(path.runway_months, again.runway_months, rtol=1e-9)
            np.testing.assert_allclose(path.operations.funding_need, again.operations.funding_need, rtol=1e-9)


def test_at_rest_it_shows_the_numbers_of_the_page(page, panel, data):
    facts = page.facts
    assert shown(data, data["own"]) == {
        "ends": str(facts["cash_out_month"]),
        "ends_range": facts["cash_out_month"].interval,
        "lasts": str(facts["runway_months"]),
        "lasts_range": facts["runway_months"].interval,
        "soon": str(facts["cash_out_probability_12m"]),
        "need": str(facts["funding_need_usd_m"]),
        "need_range": facts["funding_need_usd_m"].interval,
    }
    for place, said in shown(data, data["own"]).items():
        assert f'data-show="{place}">{said}<' in panel


def test_every_slider_moves_a_headline(page, data):
    sizes = [len(stops) for stops in data["stops"]]
    rest = np.unravel_index(data["own"], sizes)
    for axis, size in enumerate(sizes):
        places = [
            np.ravel_multi_index([*rest[:axis], stop, *rest[axis + 1 :]], sizes) for stop in range(size)
        ]
        assert len({shown(data, place)["need"] for place in places}) > 1 or axis == 0
        assert len({shown(data, place)["lasts"] for place in places}) > 1


def test_money_that_came_later_shortens_what_is_missing(data):
    at_rest, with_round = shown(data, data["own"]), shown(data, data["presets"]["january"])
    assert with_round["soon"] != at_rest["soon"] and with_round["need"] != at_rest["need"]
    assert list(data["presets"]) == ["net", "january", "happened"]


def test_presets_that_change_nothing_here_are_left_out(tables, base_result):
    late = page_of(tables, base_result, "hindsight_2026")
    # January's money is in hand, the months differ, and nobody claimed that spending
    assert [name for name, _ in what_if.presets(late)] == []
    other = page_of(tables, base_result, "critics", burn_basis="net")
    assert [name for name, _ in what_if.presets(other)] == ["as_reported", "january", "happened"]


def test_the_chart_shows_the_cash_of_the_page(page, data):
    median = [after for _, after, _ in zip(*data["states"][data["own"]]["cash"], strict=True)]
    paid = page.result.trajectory.cash[:, np.array(data["steps"][1:]) - 1]
    drop = np.diff([median[1], median[-1]]) / what_if.ZERO  # in parts of the way from the top to no cash
    fallen = np.median(paid[:, 0]) - np.median(paid[:, -1])
    highest = max(np.max(np.subtract(what_if.ZERO, state["cash"])) for state in data["states"])
    assert 0 < highest <= what_if.ZERO
    assert fallen / drop == pytest.approx((fallen / drop).round(-3), rel=0.01)  # a round number at the top


@pytest.mark.parametrize("given", EXTREMES.values(), ids=EXTREMES)
def test_a_panel_of_any_case(tables, base_result, given):
    made = str(what_if.panel(page_of(tables, base_result, **given)))
    assert "nan" not in made and "None" not in made and 'width="720" height="240"' in made
    assert made.count('type="range"') == len(what_if.sliders(resolve(tables, "as_reported", given)))


@pytest.fixture(scope="module")
def in_page(tmp_path_factory, panel):
    path = tmp_path_factory.mktemp("panel") / "panel.html"
    path.write_text(shell.render({"title": "Panel"}, panel, [], [SCRIPT]), encoding="utf-8")
    return path


@pytest.mark.browser
class TestInABrowser:
    def test_keys_move_a_slider_and_stories_change_the_picture(self, browser, in_page, data):
        with open_page(browser, in_page, width=390) as opened:
            view = opened.page
            places = shown(data, data["own"])

            def texts():
                return {each: view.inner_text(f"[data-show={each}]") for each in places}

            assert texts() == shown(data, data["own"])
            assert view.locator(".unscripted").count() == 0
            view.focus("#what-if-burn")
            view.keyboard.press("ArrowLeft")
            sizes = [len(stops) for stops in data["stops"]]
            stops = list(np.unravel_index(data["own"], sizes))
            stops[0] -= 1
            assert texts() == shown(data, int(np.ravel_multi_index(stops, sizes)))
            assert view.get_attribute("#what-if-burn", "aria-valuetext") == data["stops"][0][stops[0]]
            before = view.get_attribute("polyline", "points")
            view.click("button[data-preset=january]")
            assert texts() == shown(data, data["presets"]["january"])
            assert view.get_attribute("polyline", "points") != before
            assert view.is_visible("[data-note=january]") and not view.is_visible("[data-note=net]")
            view.click('button[data-preset=""]')
            assert texts() == shown(data, data["own"])
            assert opened.errors == [] and opened.requests == [] and opened.overflow_px() == 0

    def test_without_a_script_a_sentence_says_so_and_nothing_can_be_moved(self, browser, in_page, data):
        with open_page(browser, in_page, script=False) as opened:
            assert opened.page.is_visible(".unscripted")
            assert opened.page.locator("fieldset[disabled] input").count() == len(data["stops"])
            assert opened.page.inner_text("[data-show=ends]") == shown(data, data["own"])["ends"]
            assert opened.page.locator("svg").bounding_box()["height"] > 100


def test_the_script_is_short():
    assert len(SCRIPT.splitlines()) <= 150


def test_a_range_without_an_upper_end_is_in_words_that_fit(page):
    words = text.fixed("revenue_gap")["what_if"]
    assert what_if._range(Quantity(9.2, "months", low=6.1), words) == "6.1 months or more"
    assert what_if._range(Quantity("2026-03", "month", low="2025-11"), words) == "November 2025 or later"
