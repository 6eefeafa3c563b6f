"""The page on a sweep: words and charts of every kind of sweep, commands that give the numbers of their rows."""

import functools
import json
import pathlib
import re
import shlex

import numpy as np
import pandas as pd
import pytest

from analysis.build import requests
from analysis.inputs import tables as data
from analysis.inputs.parameters import command, resolve
from analysis.inputs.place import NOTEBOOKS
from analysis.pages import PAGES
from analysis.pages.sweep import charts, facts
from analysis.pages.sweep.measures import Measures
from analysis.results.results import Result
from analysis.show.page import Page
from analysis.sweep import block, spec
from analysis.sweep.store import Sweep, describe
from tests import sentences
from tests.drawings import drawn, texts_outside, texts_overlapping

TABLES = data.load()
BURN, GROWTH = "monthly_burn_usd_m", "growth_subscriptions_per_month"
RUNWAY = ["runway_months"]
SWEEPS = {
    "one axis": {"axes": {BURN: [200, 600, 1000, 1400]}},
    "two axes": {"axes": {BURN: [300, 900, 1400], GROWTH: [0.05, 0.2]}, "set": {"pue": "1.1,1.2,1.4"}},
    "three axes": {"axes": {BURN: [300, 900], GROWTH: [0.05, 0.2], "horizon_months": [24, 36]}},
    "words": {"axes": {"scenario": ["as_reported", "critics"]}},
    "words and numbers": {"axes": {BURN: [300, 900], "burn_basis": ["gross", "net"]}},
    "months": {"axes": {"start_month": ["2025-06", "2026-01"]}, "metrics": RUNWAY},
    "points": {"sobol": {"points": 16, "inputs": [BURN, GROWTH, "growth_endurance"]}},
    "one point": {"sobol": {"points": 1}, "metrics": RUNWAY},
    "one case": {"axes": {BURN: [900]}},
    "all never": {"axes": {BURN: [0, 1, 2]}, "metrics": RUNWAY},
    "all never, a map": {"axes": {BURN: [0, 1], "pue": [1.1, 1.2]}, "metrics": RUNWAY},
    "all equal": {"axes": {"exit_multiple_cap": [30, 40, 60]}},
    "another metric": {"axes": {BURN: [300, 600]}, "metrics": ["required_growth_per_month"]},
    "beyond the horizon": {"axes": {BURN: [300, 900], "horizon_months": [6, 24]}},
}
any_sweep = pytest.mark.parametrize("name", SWEEPS)
OWN_WORDS = re.compile(r"'(cases?|Accelerator|accelerator)' in")  # a case is what a sweep consists of


@functools.cache
def measures(name: str) -> Measures:
    """Run a sweep here, without files."""
    wanted = spec.parse({"draws": 64} | SWEEPS[name], TABLES)
    frame = block.table(wanted, 0, wanted.cases).to_pandas()
    said = vars(describe(wanted, "burn-report sweep made.yaml"))
    return Measures(Sweep(folder=pathlib.Path("none"), frame=frame, **said), TABLES)


@functools.cache
def whole(name: str) -> tuple[Page, str]:
    """Build the page as its notebook does: the page and all that it shows."""
    shown = []
    page = Page(PAGES["sweep"], TABLES, measures(name), show=lambda part, **_: shown.append(part))
    names = {"page": page}
    page.head()
    for cell in json.loads((NOTEBOOKS / "sweep.ipynb").read_text(encoding="utf-8"))["cells"][2:]:
        if cell["cell_type"] == "code" and "explore" not in cell["metadata"].get("tags", []):
            exec("".join(cell["source"]), names)
    return page, "".join(shown)


@any_sweep
def test_sentences_are_short_and_plain(name):
    found = sentences.problems(whole(name)[0])
    assert [problem for problem in found if not OWN_WORDS.search(problem)] == []


@any_sweep
def test_nothing_is_broken_in_what_is_shown(name):
    text = re.sub(r"<(script|style|svg|table|pre).*?</\1>|<[^>]+>", " ", whole(name)[1], flags=re.S)
    assert re.findall(r"\bnan\b|\binf\b|\bNone\b|\{\{|\}\}|\bnever to\b", text) == []


@any_sweep
@pytest.mark.parametrize("narrow", [False, True], ids=["wide", "narrow"])
def test_charts_draw_with_words_that_fit(name, narrow):
    frame = measures(name).answer
    if not len(frame):
        return  # shown as an empty figure without a call
    heights = charts.FIGURES["surface"].heights(frame)
    figure = drawn(charts.surface, frame, narrow, heights[narrow])
    assert texts_outside(figure) == []
    assert texts_overlapping(figure) == []


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("one axis", "” all the way."),
        ("two axes", "lies between $300m a month and $900m a month, depending on the rest"),
        ("points", "Varied over their own ranges: three inputs."),
        ("all never", "never within the horizon, in all three cases"),
        ("all equal", "Nothing that was varied moves it."),
        ("months", "First month: June 2025"),
        ("another metric", "Growth of revenue that closes the gap by the target month: from"),
        ("beyond the horizon", "In two cases the horizon ends before it could be known."),
    ],
)
def test_the_page_says_what_happened(name, said):
    assert said in " ".join(re.sub("<[^>]+>", "", whole(name)[1]).split())


def test_a_chance_that_is_not_known_is_neither_high_nor_never():
    seen = measures("beyond the horizon")
    assert seen.values.isna().sum() == 2
    said = facts.facts(seen)
    assert (said["above"], said["never"]) == (1, 0)


def test_inputs_that_were_drawn_are_not_written_to_the_last_digit():
    inputs = [value for case in facts.facts(measures("points"))["notable"] for _, value in case["inputs"]]
    assert max(map(len, inputs)) <= len("$1.23bn a month")


def test_where_it_switches():
    assert measures("one axis").switch_points[["low", "high"]].to_numpy().tolist() == [[600, 1000]]


def test_words_stand_on_the_upright_axis_of_a_map():
    surface = measures("words and numbers").answer
    assert surface["x"].tolist() == ["gross", "net"] * 2
    assert surface["y"].tolist() == [300, 300, 900, 900]


def test_what_leads_among_points():
    share = measures("points").influence
    assert share["input"].iloc[0] == BURN
    assert share["share"].is_monotonic_decreasing


@pytest.mark.parametrize("name", ["two axes", "words", "words and numbers", "months", "points", "all never"])
def test_a_notable_case_has_a_command_that_gives_its_row(name):
    seen = measures(name)
    for row in seen.cases.itertuples():
        program, action, scenario, *options = shlex.split(row.command)
        assert (program, action) == ("burn-report", "build")
        given = dict(zip(options[::2], options[1::2], strict=True)) | {"--set": None}
        sets = [value for option, value in zip(options[::2], options[1::2], strict=True) if option == "--set"]
        own = {"draws": given["--draws"], "seed": given["--seed"]}
        metric = Result(resolve(TABLES, scenario, requests.changes(sets, own))).metrics[seen.metric]
        value = metric["p50"] if "p50" in metric else metric["value"]
        assert (np.inf if value is None else value) == row.value
        assert given["--name"] == f"case-{row.case}"


def test_a_command_is_quoted_for_a_shell():
    settings = {"start_month": "x; rm -rf ~", "draws": "64", "seed": "1"}
    assert shlex.split(command(["build", "a b"], settings))[2:5] == [
        "a b",
        "--set",
        "start_month=x; rm -rf ~",
    ]
    assert "'start_month=x; rm -rf ~'" in command(["build", "a b"], settings)


def test_links_to_reports_of_cases_only_where_they_are(tmp_path):
    place = tmp_path / "reports" / "case-3"
    place.mkdir(parents=True)
    (place / "revenue_gap.html").touch()
    found = measures("one axis").sweep
    seen = Measures(Sweep(**(vars(found) | {"folder": tmp_path})), TABLES)
    assert seen.cases.loc[seen.cases["case"] == 3, "href"].item() == "reports/case-3/revenue_gap.html"
    assert pd.Series([case["href"] for case in facts.facts(seen)["notable"]]).astype(bool).sum() == 1
