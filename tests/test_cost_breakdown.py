"""The cost page: sums that come out as written, sentences that hold when numbers turn, charts on any axes."""

import functools
import json
import pathlib
import re

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from analysis.inputs import tables as data
from analysis.inputs.parameters import resolve
from analysis.model.costs import CATEGORY_LINES
from analysis.pages.cost_breakdown import charts, facts, measures, tables
from analysis.results.metrics import METRICS
from analysis.results.results import Result
from analysis.show import numbers
from analysis.show import page as show
from analysis.show.notebook import begin
from analysis.show.text import Text
from tests import drawings

DRIVERS = [name for lines in CATEGORY_LINES.values() for line in lines for name in METRICS[line].rests_on]
NOTHING = dict.fromkeys((name for name in DRIVERS if name not in ("pue", "gpu_power_kw")), 0)
EXTREMES = {
    "no burn": {"monthly_burn_usd_m": 0},
    "burn of one": {"monthly_burn_usd_m": 1},
    "huge burn": {"monthly_burn_usd_m": 90_000},
    "net": {"burn_basis": "net"},
    "no revenue, net": {"burn_basis": "net", "revenue_start_usd_m": 0},
    "six months": {"horizon_months": 6},
    "one month": {"horizon_months": 1},
    "never out of cash": {"opening_cash_usd_m": 100_000},
    "nothing placed": NOTHING,
    "nothing at all": NOTHING | {"monthly_burn_usd_m": 0},
    "staff above all": {"headcount": 30_000},
    "just the parts": {"monthly_burn_usd_m": 614.07},
    "shrinking": {"growth_compute_per_year": -0.5, "growth_unidentified_per_year": -0.5},
}
TABLES = data.load()
BANNED = (
    r"which is likely|beyond two standard errors|0 to 1 of|central path|\bruns\b|\bdraws?\b|portfolio"
    r"|\blevers?\b|endurance|accelerator"
)
HELPERS = ("listed", "ranging", "nine_in_ten", "plural", "placed_share", "differs")


def of(scenario="as_reported", **changes) -> measures.Measures:
    return measures.Measures(Result(resolve(TABLES, scenario, {"draws": 64} | changes)), TABLES)


CASES = {name: of(name) for name in TABLES.scenarios} | {
    name: of(**changes) for name, changes in EXTREMES.items()
}
any_case = pytest.mark.parametrize("name", CASES)


@functools.cache
def facts_of(name: str) -> dict[str, object]:
    return facts.facts(CASES[name])


@functools.cache
def text_of(name: str) -> Text:
    return Text("cost_breakdown", facts_of(name))


def words_of(text: Text, name: str) -> str:
    return text.words(name).striptags()


class TestSums:
    @any_case
    def test_lines_come_to_the_whole_exactly_and_as_they_are_written(self, name):
        case, found = CASES[name], facts_of(name)
        parts = case.parts.set_index("line")["usd_m"]
        assert parts.iloc[:9].sum() == pytest.approx(parts["placed"])
        assert parts["placed"] + parts["unplaced"] == pytest.approx(parts.iloc[-1], abs=1e-9)
        written = {key: as_written(found[key]) for key in ("chips", "running", "placed", "unplaced", "whole")}
        assert written["chips"] + written["running"] == written["placed"]
        if found["turn"] != "even":  # what is less than the last place shown is written all the same
            assert written["placed"] + written["unplaced"] == written["whole"]

    def test_a_line_is_the_product_of_its_drivers(self):
        x = {name: TABLES.assumptions.loc[name, "central"] for name in DRIVERS}
        lines = CASES["as_reported"].parts.set_index("line")["usd_m"]
        assert lines["hardware_purchases"] == x["gpus_added_per_month"] * x["gpu_all_in_usd"] / 1e6
        assert lines["talent"] == x["headcount"] * x["cash_cost_per_head_usd_k_per_year"] / 12e3
        hours = x["annotators"] * x["annotator_hours_per_month"] * x["annotator_usd_per_hour"]
        assert lines["annotation"] == hours / 1e6
        power = x["gpus_installed"] * x["gpu_power_kw"] * x["pue"] * 730 * x["electricity_usd_per_kwh"]
        assert lines["power"] == pytest.approx(power / 1e6)

    @any_case
    def test_bars_begin_where_the_last_one_ends(self, name):
        case = CASES[name]
        bars = case.waterfall[case.waterfall["kind"].isin(["line", "unplaced"])]
        assert bars["start_usd_m"].iloc[0] == 0
        assert np.allclose(bars["start_usd_m"].iloc[1:], bars["end_usd_m"].iloc[:-1])
        assert bars["end_usd_m"].iloc[-1] == pytest.approx(case.parts["usd_m"].iloc[-1], abs=1e-9)

    def test_numbers_of_the_text_are_those_of_the_results(self):
        case, found = CASES["as_reported"], facts_of("as_reported")
        for quantity in [*found["line"].values(), found["unplaced"]]:
            name, part = quantity.id.split(".")
            assert quantity.value == case.result.metrics[name][part]

    @any_case
    def test_no_sum_has_more_than_three_digits_in_a_scenario(self, name):
        found = facts_of(name)
        if name in TABLES.scenarios:
            for key in ("chips", "running", "placed", "unplaced", "whole"):
                assert len(re.sub(r"\D", "", str(found[key]))) <= 3, str(found[key])

    @any_case
    def test_candidates_are_what_the_figures_as_written_leave_beside_our_lines(self, name):
        found = facts_of(name)
        candidates = found["candidates"]
        pairs = {
            "first_quarter": (found["monthly"]("E027"), "chips"),
            "running_missed": (found["accounts"], "running"),
        }
        for candidate, (later, ours) in pairs.items():
            difference = as_written(later) - as_written(found[ours])
            if difference > 0:
                assert as_written(candidates[candidate]) == difference
            else:
                assert candidate not in candidates
        amounts = [each.value for each in candidates.values()]
        assert amounts == sorted(amounts, reverse=True) and (not amounts or amounts[-1] > 0)

    def test_interest_is_that_of_a_month(self):
        assert facts_of("as_reported")["candidates"]["interest"].value == pytest.approx(4900 * 0.123 / 12)


def as_written(quantity) -> float:
    """Return the number that a text such as "−$1.25bn" shows, in usd_m."""
    sign, number, unit = re.fullmatch(r"(−?)\$([\d,.]+)(tn|bn|m|)", str(quantity)).groups()
    scale = {"tn": 6, "bn": 3, "m": 0, "": -6}[unit]
    return numbers.Decimal(number.replace(",", "")).scaleb(scale) * (-1 if sign else 1)


class TestPublished:
    frame = CASES["as_reported"].definitions

    def test_each_kind_by_date_and_each_thing_once(self):
        middle = pd.to_datetime(self.frame["period_start"]) + pd.to_timedelta(
            self.frame["months"] * 15, unit="D"
        )
        for _, dates in middle.groupby(self.frame["family"], sort=False):
            assert dates.is_monotonic_increasing
        assert not self.frame.duplicated(["who", "measure", "period_start", "period_end"]).any()
        assert list(self.frame["family"].unique()) == ["cash", "investment", "loss", "ebitda"]

    def test_amounts_a_month(self):
        month = self.frame.set_index("evidence")["usd_m"]
        assert month["E038"] == pytest.approx(7800 / 9)
        assert month["E276"] == pytest.approx(3700 / 3)  # OpenAI, the first quarter of 2026
        assert month["E037"] == pytest.approx(2400 / 9)  # published as a result: −2,400
        assert month["E001"] == 1000

    def test_a_figure_that_set_an_input_of_the_category_is_marked(self):
        frame = CASES["as_reported"].structures
        marked = frame[frame["set_input"].astype(bool)]
        assert marked[["category", "evidence"]].to_numpy().tolist() == [["talent", "E157 E155 E156"]]
        ends = facts_of("as_reported")["others"]["talent"]
        assert "E157" not in ends["low"].refs + ends["high"].refs


class TestWords:
    @any_case
    def test_every_text_renders_in_plain_words(self, name):
        found, text = facts_of(name), text_of(name)
        shown = {f"reading_{name}" for name in found["candidates"]}
        names = [
            name for name in text.names("")
            if name[0] != "_" and name not in HELPERS and (not name.startswith("reading_") or name in shown)
        ]  # fmt: skip
        for name in set(names) - {"labels", "title", "question"}:
            said = words_of(text, name)
            assert not re.search(BANNED, said), (name, said)
            assert not re.search(r"\bnan\b|None|–[ ,.]", said), (name, said)

    @any_case
    def test_findings_are_short_and_say_each_thing_once(self, name):
        text, names = text_of(name), text_of(name).findings()
        assert 3 <= len(names) <= 5
        for each in names:
            said = words_of(text, each)
            assert len(said.split()) <= 25, said
            assert len(re.findall(r"<data", text.words(each))) <= 3, said
        titles = [words_of(text, name) for name in text.names("section_") + text.names("figure_")]
        said = [*titles, *(words_of(text, each) for each in names), words_of(text, "verdict")]
        assert len(said) == len(set(said))

    def test_statements_turn(self):
        said = {name: words_of(text_of(name), "verdict") for name in CASES}
        assert "Where the other $380m goes" in said["as_reported"]
        assert "$530m more than the claimed $1bn" in said["staff above all"]
        assert "leave nothing open" in said["nothing at all"]
        assert "the claimed" not in said["net"]


class TestCharts:
    @pytest.mark.parametrize("narrow", [False, True])
    @pytest.mark.parametrize("key", charts.FIGURES)
    def test_draws_on_any_axes_with_words_inside_and_apart(self, key, narrow):
        for case in (CASES["as_reported"], CASES["hindsight_2026"], CASES["staff above all"]):
            figure = charts.FIGURES[key]
            frame = getattr(case, figure.measure)
            drawing = drawings.drawn(figure.draw, frame, narrow, figure.heights_px(frame)[narrow])
            assert drawings.texts_outside(drawing) == []
            assert drawings.texts_overlapping(drawing) == []
            assert drawings.smallest_text_px(drawing) >= 12

    @pytest.mark.parametrize("narrow", [False, True])
    @pytest.mark.parametrize("key", charts.FIGURES)
    def test_draws_odd_frames_on_a_plain_figure(self, key, narrow):
        figure = charts.FIGURES[key]
        frame = getattr(CASES["as_reported"], figure.measure)
        plain = frame.select_dtypes("number").columns
        odd = [frame.head(1), frame.tail(1), frame.assign(**dict.fromkeys(plain, 0.0))]
        odd.append(frame.assign(**{plain[-1]: np.where(frame.index % 2, np.nan, frame[plain[-1]])}))
        for each in odd:
            axes = Figure().subplots()
            assert figure.draw(each, ax=axes, narrow=narrow) is not None

    def test_labels_of_the_waterfall_are_the_numbers_of_the_text(self):
        for case in ("as_reported", "hindsight_2026", "price_war"):
            found = facts_of(case)
            drawing = drawings.drawn(charts.waterfall, CASES[case].waterfall, height_px=420)
            written = {text.get_text() for text in drawing.axes[0].texts}
            assert {str(found[name]) for name in ("chips", "unplaced", "whole", "spent")} <= written
            assert {str(line) for line in found["line"].values()} <= written


def test_the_notebook_makes_the_whole_page(monkeypatch):
    notebook = json.loads(pathlib.Path("notebooks/cost_breakdown.ipynb").read_text(encoding="utf-8"))
    cells = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    shown = []
    monkeypatch.setattr(show, "display", lambda found, raw, metadata: shown.append(found["text/html"]))
    page = begin("cost_breakdown", {"draws": 64})
    space = {"page": page, "np": np, "tables": tables}
    page.head()
    for cell in cells[2:]:
        if "sns." not in cell:
            exec(cell, space)
    html = "".join(shown)
    assert len(page.figures) == 4
    assert set(re.findall(r'<h2 id="(\w+)"', html)) >= set(page.spec.sections)
    assert set(
        TABLES.claims.loc[TABLES.claims["section"].str.startswith("cost_breakdown#"), "section"].str[15:]
    ) <= set(page.spec.sections)
