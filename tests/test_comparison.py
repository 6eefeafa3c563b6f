"""Cases side by side: results read back strictly, differences with their errors, what they rest on, and the page."""

import copy
import json
import math
import pathlib
import re
import subprocess
import sys

import matplotlib as mpl
import pytest
from matplotlib.text import Text

from analysis import cli, inputs, results, stored
from analysis.charts import scenario_comparison as charts
from analysis.charts import theme
from analysis.errors import InputError
from analysis.findings import comparison_figures as figures
from analysis.findings import comparison_tables as cells
from analysis.findings import scenario_comparison as text
from analysis.findings.comparison_names import Scale
from analysis.insight import comparison as insight
from analysis.insight import grounds
from analysis.parameters import resolve
from analysis.report.comparison import ComparisonPage
from analysis.report.notebook import begin_comparison

DRAWS = {"draws": 128}
NO_REVENUE = {f"revenue_{name}_usd_m": 0 for name in ("subscriptions", "advertising", "data_services")}
CASES = {
    "as_reported": ("as_reported", {}),
    "critics": ("critics", {}),
    "dearer": ("as_reported", {"monthly_burn_usd_m": 1200}),
    "cheap": ("as_reported", {"monthly_burn_usd_m": 1}),
    "broke": ("critics", {"opening_cash_usd_m": 0, "committed_funding_usd_m": 0}),
    "unsold": ("as_reported", NO_REVENUE),
    "short": ("as_reported", {"horizon_months": 6}),
    "later": ("as_reported", {"start_month": "2025-09"}),
    "net": ("as_reported", {"burn_basis": "net"}),
    "seed": ("as_reported", {"seed": 1}),
}
SETS = [
    ["as_reported", "critics"],
    ["as_reported", "dearer"],
    ["critics", "as_reported"],
    ["cheap", "as_reported"],
    ["cheap", "unsold", "broke"],
    ["as_reported", "short", "later", "net", "seed"],
    ["short", "as_reported"],
    ["broke", "unsold"],
    list(CASES),
]


@pytest.fixture(scope="session")
def contents(tables):
    """Case -> what its results.json holds."""
    made = {}
    for name, (scenario, overrides) in CASES.items():
        run = results.Run(resolve(tables, scenario, DRAWS | overrides))
        made[name] = json.loads(results.to_json(results.as_dict(run)))
    return made


@pytest.fixture
def folders(tmp_path, contents):
    """The path of a folder with a result folder for each case."""
    for name, content in contents.items():
        (tmp_path / "results" / name).mkdir(parents=True)
        (tmp_path / "results" / name / "results.json").write_text(json.dumps(content), encoding="utf-8")
    return tmp_path / "results"


def compared(contents, tables, *names, baseline=None):
    return insight.compare({name: contents[name] for name in names}, tables, baseline or names[0])


def changed(content: dict, value: object, *keys: str) -> dict:
    """Return a copy of `content` with one entry changed (`value` ... removes it)."""
    made = copy.deepcopy(content)
    place = made
    for key in keys[:-1]:
        place = place[key]
    if value is ...:
        del place[keys[-1]]
    else:
        place[keys[-1]] = value
    return made


class TestNames:
    @pytest.mark.parametrize(
        ("paths", "names"),
        [
            (["/a/x", "/a/y"], ["x", "y"]),
            (["/a/x", "/b/x"], ["a/x", "b/x"]),
            (["/one/reports/x", "/two/reports/x", "/two/reports/y"], ["one/reports/x", "two/reports/x", "y"]),
            (["/x", "/a/x"], ["x", "a/x"]),
            (["/a/x\n<b>"], ["x?<b>"]),
        ],
    )
    def test_the_shortest_ends_that_differ(self, paths, names):
        assert stored.names([pathlib.Path(path) for path in paths]) == names

    @pytest.mark.parametrize("paths", [["/x", "/a/x", "/b/a/x"], ["/r/1/x", "/r/2/x", "/x", "/q/2/x", "/y"]])
    def test_names_are_names_of_themselves(self, paths):
        names = stored.names([pathlib.Path(path) for path in paths])
        assert len(set(names)) == len(paths)
        assert stored.names([pathlib.Path(name) for name in names]) == names


DAMAGES = {
    "cut off": lambda content: json.dumps(content)[:-30],
    "empty": lambda content: "",
    "a list": lambda content: "[]",
    "not JSON": lambda content: "scenario: critics",
    "nan": lambda content: json.dumps(changed(content, math.nan, "metrics", "runway_months", "p50")),
    "an infinite input": lambda content: json.dumps(content).replace('"low": 700.0', '"low": 1e999'),
    "a number as text": lambda content: json.dumps(changed(content, "9.8", "metrics", "runway_months", "p50")),
    "a yes for a number": lambda content: json.dumps(changed(content, True, "metrics", "cash_out_probability_12m", "value")),
    "no metric": lambda content: json.dumps(changed(content, ..., "metrics", "required_growth_per_month")),
    "no standard error": lambda content: json.dumps(changed(content, ..., "metrics", "runway_months", "p50_se")),
    "no paths": lambda content: json.dumps(changed(content, ..., "paths")),
    "a month too few": lambda content: json.dumps(changed(content, content["paths"]["cash_usd_m"]["p5"][1:], "paths", "cash_usd_m", "p5")),
    "a month without number": lambda content: json.dumps(changed(content, [None] * 60, "paths", "cash_usd_m", "central")),
    "metrics as a list": lambda content: json.dumps(changed(content, [], "metrics")),
    "a portfolio too few": lambda content: json.dumps(changed(content, ..., "portfolios", "partner")),
    "no input": lambda content: json.dumps(changed(content, {}, "inputs")),
    "an input out of bounds": lambda content: json.dumps(changed(content, -5, "inputs", "monthly_burn_usd_m", "low")),
    "an impossible setting": lambda content: json.dumps(changed(content, "2025-13", "start_month")),
    "another type of setting": lambda content: json.dumps(changed(content, {}, "seed")),
    "an unknown scenario": lambda content: json.dumps(changed(content, "critcs", "scenario")),
    "another version": lambda content: json.dumps(changed(content, "0.9", "version")),
    "no version": lambda content: json.dumps(changed(content, ..., "version")),
    "nested without end": lambda content: "[" * 100_000,
    "a number of 400 digits": lambda content: json.dumps(content).replace('"low": 700.0', f'"low": {"9" * 400}'),
}  # fmt: skip


class TestReadFolders:
    @pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
    def test_damage_is_refused_by_name_in_one_line(self, folders, contents, tables, damage):
        (folders / "dearer" / "results.json").write_text(damage(contents["as_reported"]), encoding="utf-8")
        with pytest.raises(InputError, match=r"^dearer/results\.json: ") as refused:
            stored.read_folders([folders / "as_reported", folders / "dearer"], tables)
        assert "\n" not in str(refused.value)
        assert str(folders) not in str(refused.value)

    def test_another_version_is_named(self, folders, contents, tables):
        (folders / "dearer" / "results.json").write_text(json.dumps({"version": "0.9"}), encoding="utf-8")
        with pytest.raises(InputError, match=r"made by version '0\.9', this is"):
            stored.read_folders([folders / "as_reported", folders / "dearer"], tables)

    def test_not_text(self, folders, tables):
        (folders / "dearer" / "results.json").write_bytes(b"\xff\xfe{")
        with pytest.raises(InputError, match=r"dearer/results\.json: damaged"):
            stored.read_folders([folders / "dearer"], tables)

    def test_missing(self, folders, tables, tmp_path):
        (folders / "dearer" / "results.json").unlink()
        (tmp_path / "file").write_text("x")
        for place, said in ((folders / "dearer", r"dearer: no results\.json there"), (folders / "nowhere", "nowhere: no such folder"),
                            (tmp_path / "file", "file: a result folder is expected")):  # fmt: skip
            with pytest.raises(InputError, match=said):
                stored.read_folders([folders / "as_reported", place], tables)

    def test_the_same_folder_twice(self, folders, tables):
        with pytest.raises(InputError, match="dearer: given twice"):
            stored.read_folders([folders / "dearer", folders / ".." / "results" / "dearer"], tables)

    def test_what_is_written_is_read(self, folders, contents, tables):
        assert stored.read_folders([folders / "critics"], tables) == {"critics": contents["critics"]}
        case = resolve(tables, "critics", DRAWS)
        assert stored.estimates(contents["critics"], tables) == case.estimates
        assert stored.settings(contents["critics"]) == case.settings


class TestCompare:
    def test_the_baseline_is_as_reported_or_the_first(self, contents, tables):
        pair = {name: contents[name] for name in ("critics", "as_reported")}
        assert insight.compare(pair, tables).baseline == "as_reported"
        assert insight.compare({"b": contents["critics"], "a": contents["dearer"]}, tables).baseline == "b"

    def test_one_or_none_is_refused(self, contents, tables):
        with pytest.raises(InputError, match="two result folders or more are expected; given 'critics' alone"):
            insight.compare({"critics": contents["critics"]}, tables)
        with pytest.raises(InputError, match="given none"):
            insight.compare({}, tables)

    def test_an_unknown_baseline_names_the_nearest(self, contents, tables):
        with pytest.raises(InputError, match="Nearest: critics"):
            compared(contents, tables, "critics", "dearer", baseline="critcs")


class TestVerdict:
    @pytest.mark.parametrize(
        ("here", "there", "error", "verdict"),
        [
            (10.0, 9.0, 0.4, "beyond"),
            (10.0, 9.0, 0.6, "within"),
            (9.0, 10.0, 0.4, "beyond"),
            (9.0, 9.0, 0.0, "same"),
            (9.0, 9.0 + 1e-12, 0.0, "same"),
            (9.0, 8.0, 0.0, "beyond"),
            (0.0, 0.0, None, "same"),
            (9.0, 8.0, None, "unknown"),
            (None, 8.0, None, "only_baseline"),
            (8.0, None, 0.1, "only_here"),
            (None, None, None, "neither"),
        ],
    )
    def test_known_answers(self, here, there, error, verdict):
        assert insight.verdict(here, there, error) == verdict


class TestDifferences:
    def test_a_known_difference_and_its_error(self, contents, tables):
        one = changed(
            changed(contents["as_reported"], 10.0, "metrics", "runway_months", "p50"), 0.3, "metrics", "runway_months", "p50_se"
        )
        two = changed(
            changed(contents["as_reported"], 8.0, "metrics", "runway_months", "p50"), 0.4, "metrics", "runway_months", "p50_se"
        )
        frame = insight.differences(insight.compare({"one": one, "two": two}, tables))
        row = frame[(frame["case"] == "two") & (frame["metric"] == "runway_months")].iloc[0]
        assert (row["difference"], row["difference_se"], row["verdict"]) == (-2.0, 0.5, "beyond")
        assert set(frame.loc[(frame["case"] == "two") & (frame["metric"] != "runway_months"), "verdict"]) <= {"same", "neither"}

    def test_the_other_way_round_it_has_the_other_sign(self, contents, tables):
        ways = [insight.differences(compared(contents, tables, *pair)) for pair in (("critics", "dearer"), ("dearer", "critics"))]
        there, back = (frame[frame["verdict"] != "baseline"].reset_index(drop=True) for frame in ways)
        assert (there["difference"] + back["difference"]).abs().max() == 0
        assert list(there["difference_se"].dropna()) == list(back["difference_se"].dropna())

    def test_never_has_no_difference(self, contents, tables):
        frame = insight.differences(compared(contents, tables, "as_reported", "cheap")).set_index(["case", "metric"])
        assert frame.loc[("cheap", "runway_months"), "verdict"] == "only_baseline"
        assert math.isnan(frame.loc[("cheap", "runway_months"), "difference"])

    def test_the_best_portfolio_is_the_one_with_the_highest_mean(self, contents):
        means = {name: entry["value_mean_usd_m"]["value"] for name, entry in contents["critics"]["portfolios"].items()}
        best, second = insight.best_portfolio(contents["critics"])
        assert means[best] == max(means.values())
        assert means[second] == sorted(means.values())[-2]

    def test_of_equal_portfolios_the_one_with_fewer_options(self, contents):
        level = copy.deepcopy(contents["critics"])
        for entry in level["portfolios"].values():
            entry["value_mean_usd_m"]["value"] = 7.0
        assert insight.best_portfolio(level)[0] == "stay_the_course"


class TestPaths:
    def test_cases_stand_on_one_calendar(self, contents, tables):
        frame = insight.paths(compared(contents, tables, "as_reported", "later"), "spend")
        assert (frame.groupby("month")["index_months"].nunique() == 1).all()
        assert frame.groupby("case")["index_months"].min().to_dict() == {"as_reported": 0, "later": 3}

    def test_many_months_are_thinned_but_the_last_stays(self, contents, tables):
        frame = insight.paths(compared(contents, tables, *CASES), "cash")
        assert len(frame) <= insight.MOST_ROWS + len(CASES)
        assert (frame[frame["case"] != "short"].groupby("case")["month"].max() >= "2030-05").all()

    def test_cash_is_followed_until_it_is_used_up(self, contents, tables):
        whole = insight.paths(compared(contents, tables, "as_reported", "critics"), "cash")
        shown = insight.while_cash(whole)
        assert whole[whole["p95_usd_m"] >= 0]["index_months"].max() < shown["index_months"].max() < whole["index_months"].max()
        assert len(insight.while_cash(insight.paths(compared(contents, tables, "cheap", "critics"), "cash"))) == len(whole)

    def test_ranges_that_do_not_overlap_are_counted(self, contents, tables):
        assert insight.apart(compared(contents, tables, "as_reported", "broke", "critics"), "runway_months") == 2
        assert insight.apart(compared(contents, tables, "as_reported", "critics"), "runway_months") == 0
        assert insight.apart(compared(contents, tables, "as_reported", "cheap"), "runway_months") is None


class TestGrounds:
    def test_a_scenario_gives_its_reason_and_its_claims(self, contents, tables):
        comparison = compared(contents, tables, "as_reported", "critics")
        found = {
            here.name: grounds.ground(comparison, "critics", here) for _, here in grounds.changed_inputs(comparison, "critics")
        }
        overrides = tables.scenarios["critics"].overrides
        assert set(found) == set(overrides)
        assert all(found[name].why == overrides[name].why and found[name].claims == overrides[name].claims for name in found)

    def test_a_value_set_for_a_run_rests_on_nothing(self, contents, tables):
        comparison = compared(contents, tables, "as_reported", "dearer")
        ((there, here),) = grounds.changed_inputs(comparison, "dearer")
        assert grounds.values(there) == (700, 1000, 1500) and grounds.values(here) == (1200, 1200, 1200)
        assert grounds.ground(comparison, "dearer", here) == grounds.Ground(basis="set")
        assert grounds.claims(comparison) == {}

    def test_the_table_gives_the_reason_of_its_own_values(self, contents, tables):
        comparison = compared(contents, tables, "dearer", "as_reported")
        ((_, here),) = grounds.changed_inputs(comparison, "as_reported")
        row = tables.assumptions.loc["monthly_burn_usd_m"]
        assert grounds.ground(comparison, "as_reported", here).claims == tuple(row.claims.split())

    def test_a_scenario_that_was_edited_since_is_no_reason(self, contents, tables):
        old = changed(contents["critics"], 0.061, "inputs", "growth_subscriptions_per_month", "central")
        comparison = insight.compare({"as_reported": contents["as_reported"], "critics": old}, tables)
        here = next(
            here for _, here in grounds.changed_inputs(comparison, "critics") if here.name == "growth_subscriptions_per_month"
        )
        assert grounds.ground(comparison, "critics", here) == grounds.Ground()

    def test_settings_are_found(self, contents, tables):
        comparison = compared(contents, tables, "as_reported", "net", "short")
        assert grounds.changed_settings(comparison, "net") == ["burn_basis"]
        assert grounds.changed_settings(comparison, "short") == ["horizon_months"]


class TestCells:
    def test_a_row_has_one_unit(self, contents, tables):
        comparison = compared(contents, tables, "as_reported", "critics")
        rows = cells.values(comparison)
        assert all(set(row) == {"as_reported", "critics"} for row in rows.values())
        assert "Funding needed, $bn" in rows and "Revenue ceiling, $m a month" in rows

    def test_a_difference_has_a_sign_and_no_digit_below_two_errors(self):
        assert Scale("months", 1.0).signed(1.4444, 0.01) == "+1.4"
        assert Scale("months", 1.0).signed(-1.4444, 0.3) == "−1"
        assert Scale("% a month", 100.0).signed(0.0123, 0.0001) == "+1.2"
        assert Scale("months", 1.0).signed(0.001, 0.1) == "0"
        assert Scale("months", 1.0).signed(0.0) == "0"

    def test_never_is_said_in_words(self, contents, tables):
        comparison = compared(contents, tables, "as_reported", "cheap")
        assert cells.values(comparison)["Cash lasts, months"]["cheap"] == ("to the horizon", "")
        assert cells.differences(comparison)["Cash lasts, months"]["cheap"] == ("no value here", "")

    def test_inputs_that_differ_anywhere(self, contents, tables):
        frame = cells.inputs(compared(contents, tables, "as_reported", "dearer", "net")).set_index("name")
        assert list(frame.index) == ["burn_basis", "monthly_burn_usd_m"]
        assert frame.loc["monthly_burn_usd_m", "dearer"] == ("1,200", "certain")
        assert frame.loc["monthly_burn_usd_m", "net"] == ("=", "")
        assert frame.loc["burn_basis", "net"] == ("net", "")


class TestSentences:
    @pytest.mark.parametrize("names", SETS, ids="-".join)
    def test_they_hold_for_any_cases(self, contents, tables, names):
        comparison = compared(contents, tables, *names)
        found = [finding.text for finding in text.findings(comparison)] + list(text.headings(comparison).values())
        for words in (figures.ranges(comparison), figures.paths(comparison), figures.cash(comparison)):
            found += [words.headline, words.subtitle, words.note, words.shows]
        for sentence in found:
            assert not re.search(r"\b(nan|None(?! of )|inf)\b|\{|\}|  |\(\)", sentence), sentence

    def test_nothing_differs(self, contents, tables):
        same = {"a": contents["critics"], "b": contents["critics"]}
        comparison = insight.compare(same, tables)
        _, spread, beyond, best, rest = (finding.text for finding in text.findings(comparison))
        assert "no more than two standard errors" in spread
        assert beyond.startswith("None of the 8 headline figures differs")
        assert "in both cases" in best
        assert rest == "No input differs from “Critics (a)”."

    def test_the_case_moves_more_or_less_than_chance(self, contents, tables):
        assert ", less than the " in text.spread(compared(contents, tables, "as_reported", "critics")).text
        assert ", more than the " in text.spread(compared(contents, tables, "unsold", "broke")).text

    def test_who_lasts_longest_follows_the_numbers(self, contents, tables):
        longer = changed(contents["critics"], 30.0, "metrics", "runway_months", "p50")
        comparison = insight.compare({"as_reported": contents["as_reported"], "critics": longer}, tables)
        assert text.answer(comparison).text.index("“As reported”") < text.answer(comparison).text.index("“Critics”")
        comparison = compared(contents, tables, "as_reported", "critics")
        assert text.answer(comparison).text.index("“Critics”") < text.answer(comparison).text.index("“As reported”")

    def test_never_running_out_is_said(self, contents, tables):
        both = insight.compare({"a": contents["cheap"], "b": contents["cheap"]}, tables)
        assert text.headings(both)["headlines"] == "Cash lasts to the horizon in the median run"
        one = compared(contents, tables, "cheap", "as_reported")
        assert text.headings(one)["headlines"].endswith("and to the horizon in 1 of 2 cases")

    def test_portfolios_of_the_highest_value(self, contents, tables):
        def preferring(name):
            return changed(contents["as_reported"], 1e6, "portfolios", name, "value_mean_usd_m", "value")

        one = insight.compare({"a": preferring("partner"), "b": preferring("partner")}, tables)
        assert text.portfolios(one).text.startswith("“Partner” has the highest mean value of all portfolios in both cases.")
        two = insight.compare({"a": preferring("partner"), "b": preferring("focus")}, tables)
        assert "“Partner” in “As reported (a)” and “Focus” in “As reported (b)”." in text.portfolios(two).text
        three = {"a": preferring("partner"), "b": preferring("partner+focus"), "c": preferring("partner")}
        found = text.portfolios(insight.compare(three, tables)).text
        assert found.startswith("2 different portfolios have the highest mean value in the 3 cases, “Partner” in 2 of them")
        assert "all of them include “partner”" in found

    def test_covered_or_not_follows_the_numbers(self, contents, tables):
        assert "in none of 2 cases" in figures.paths(compared(contents, tables, "as_reported", "critics")).headline
        assert "in 1 of 2 cases" in figures.paths(compared(contents, tables, "as_reported", "cheap")).headline
        assert "do not overlap" in figures.ranges(compared(contents, tables, "as_reported", "broke")).headline


class TestLines:
    def test_nothing_differs(self, contents, tables):
        comparison = insight.compare({"a": contents["critics"], "b": contents["critics"]}, tables)
        assert figures.lines(comparison) == ["No difference in inputs and headlines."]

    def test_what_differs_in_inputs_and_headlines(self, contents, tables):
        base = contents["as_reported"]
        old = changed(changed(base, 9.84, "metrics", "runway_months", "p50"), 0.01, "metrics", "runway_months", "p50_se")
        new = changed(changed(base, 8.13, "metrics", "runway_months", "p50"), 0.01, "metrics", "runway_months", "p50_se")
        for end in ("low", "central", "high"):
            new["inputs"]["monthly_burn_usd_m"][end] = 1200.0
        new["horizon_months"] = base["horizon_months"]
        line = figures.lines(insight.compare({"old": old, "new": new}, tables))
        assert line == ["1 input differs (monthly_burn_usd_m 700,1000,1500 -> 1200); runway_months p50 9.8 -> 8.1."]

    def test_settings_and_noise(self, contents, tables):
        (line,) = figures.lines(compared(contents, tables, "as_reported", "seed"))
        assert line.startswith("1 setting differs (seed 20250617 -> 1);")
        assert "within two standard errors" in line

    def test_many_inputs_are_counted(self, contents, tables):
        (line,) = figures.lines(compared(contents, tables, "as_reported", "critics"))
        assert line.startswith(f"{len(tables.scenarios['critics'].overrides)} inputs differ (")
        assert "and 8 more)" in line

    def test_several_cases_have_a_line_each(self, contents, tables):
        lines = figures.lines(compared(contents, tables, "as_reported", "later", "dearer"))
        assert [line.split(":")[0] for line in lines] == ["later", "dearer"]


class TestCharts:
    @pytest.mark.parametrize("names", SETS, ids="-".join)
    @pytest.mark.parametrize("narrow", [False, True])
    def test_they_draw_any_cases_with_readable_text(self, contents, tables, names, narrow):
        comparison = compared(contents, tables, *names)
        ranges = figures.named_ranges(comparison, insight.ranges(comparison))
        paths = figures.named_paths(comparison, insight.paths(comparison, "spend", "revenue"))
        cash = figures.named_paths(comparison, insight.while_cash(insight.paths(comparison, "cash")))
        for draw, frame, heights in ((charts.ranges, ranges, charts.range_heights), (charts.paths, paths, charts.heights),
                                     (charts.cash, cash, charts.heights)):  # fmt: skip
            with mpl.rc_context(theme.RC):
                canvas = theme.canvas(narrow, heights(frame)["narrow_height" if narrow else "height"])
                draw(canvas, frame, narrow)
                sizes = {found.get_fontsize() for found in canvas.findobj(Text) if found.get_text()}
                limits = {ax.get_ylim() for ax in canvas.axes}
            assert min(sizes) >= 9
            assert draw is charts.ranges or len(limits) == 1


class TestPage:
    @pytest.fixture
    def begin(self, folders, monkeypatch):
        monkeypatch.chdir(folders)
        return lambda *names, **more: begin_comparison({"folders": list(names) or None, "baseline": None} | more)

    def test_an_unknown_parameter_names_the_nearest(self, begin):
        with pytest.raises(InputError, match=r"unknown parameter 'folder'\. Nearest: folders"):
            begin("as_reported", "critics", folder=["x"])

    @pytest.mark.parametrize(("given", "said"), [({"folders": "as_reported"}, "a list"), ({"folders": [1, 2]}, "a list"),
                                                 ({"baseline": 3}, "the name of a case"), ({"baseline": "critcs"}, "Nearest: critics"),
                                                 ({"folders": ["critics"]}, "alone")])  # fmt: skip
    def test_impossible_values_are_refused(self, begin, given, said):
        with pytest.raises(InputError, match=said):
            begin("as_reported", "critics", **given)

    def test_none_takes_every_case_in_reports(self, begin, folders, monkeypatch):
        monkeypatch.setattr("analysis.report.notebook.REPORTS", folders)
        assert list(begin().comparison.results) == ["as_reported", "critics", *sorted(CASES.keys() - {"as_reported", "critics"})]
        monkeypatch.setattr("analysis.report.notebook.REPORTS", folders / "critics")
        with pytest.raises(InputError, match="run burn-report build first"):
            begin()

    def test_a_name_without_a_folder_here_is_a_case_in_reports(self, begin, folders, monkeypatch, tmp_path):
        monkeypatch.setattr("analysis.report.notebook.REPORTS", folders)
        monkeypatch.chdir(tmp_path)
        assert list(begin("critics", "dearer").comparison.results) == ["critics", "dearer"]

    def shown(self, page: ComparisonPage) -> str:
        parts = []
        page._show = lambda part, **_: parts.append(str(part))
        page.head()
        page.summary(text.findings(page.comparison))
        page.section("headlines", "x")
        page.headlines()
        page.inputs()
        page.claims()
        page.methods()
        page.evidence()
        page.reproduce()
        return "\n".join(parts)

    def test_markers_lead_to_the_evidence_and_back(self, begin):
        html = self.shown(begin("as_reported", "critics", "dearer", "net"))
        ids = re.findall(r'\bid="([^"]+)"', html)
        assert len(ids) == len(set(ids))
        assert set(re.findall(r'href="#([^"]+)"', html)) <= set(ids)
        assert 'class="verdict verdict-' in html

    def test_settings_that_differ_are_said(self, begin):
        html = self.shown(begin("as_reported", "short", "later", "net", "seed"))
        for said in ("The horizons differ", "The starts differ", "Not all cases use the same random draws", "60 or 6 months"):
            assert said in html
        assert "The horizons differ" not in self.shown(begin("as_reported", "critics"))

    def test_the_commands_make_the_cases_again(self, begin, contents, tables):
        html = self.shown(begin("as_reported", "dearer", "broke"))
        commands = re.search(r'<pre class="command">(.*?)</pre>', html, flags=re.S)[1].splitlines()
        assert commands[1] == "burn-report build as_reported --draws 128 --set monthly_burn_usd_m=1200 --name dearer"
        assert commands[2].startswith("burn-report build critics --draws 128 --set opening_cash_usd_m=0")
        assert commands[3] == "burn-report compare as_reported dearer broke"

    def test_a_name_cannot_become_markup(self, folders, contents, begin):
        (folders / "dearer").rename(folders / "<img src=x>")
        html = self.shown(begin("as_reported", "<img src=x>"))
        assert "<img" not in html and "&lt;img src=x&gt;" in html

    def test_no_path_of_the_machine_is_shown(self, begin, folders):
        assert str(folders) not in self.shown(begin("as_reported", str(folders / "critics")))


def run(monkeypatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["burn-report", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return ended.value.code or 0


class TestCommand:
    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["as_reported"], "two result folders or more"),
            (["as_reported", "nowhere"], "nowhere: no such folder"),
            (["as_reported", "as_reported"], "as_reported: given twice"),
            (["as_reported", "hurt"], "hurt/results.json: damaged"),
            (["as_reported", "old"], "old/results.json: made by version '0.9'"),
            (["as_reported", "critics", "--out", "page.txt"], "--out"),
            (["as_reported", "critics", "--out", "as_reported"], "--out"),
            (["as_reported", "critics", "--out", "as_reported/results.json/x.html"], "is a file"),
            (["as_reported", "critics", "--timeout", "0"], "--timeout"),
            ([], "DIR_A"),
        ],
    )
    def test_bad_input_ends_with_2_in_one_line_and_writes_nothing(self, monkeypatch, capfd, folders, contents, arguments, said):
        for name, damaged in (("hurt", "{"), ("old", json.dumps(changed(contents["critics"], "0.9", "version")))):
            (folders / name).mkdir()
            (folders / name / "results.json").write_text(damaged, encoding="utf-8")
        monkeypatch.chdir(folders)
        before = {path: path.read_bytes() for path in folders.rglob("*") if path.is_file()}
        assert run(monkeypatch, "compare", *arguments) == 2
        captured = capfd.readouterr()
        assert said in captured.err and captured.out == ""
        assert len(captured.err.strip().splitlines()) == 1
        assert {path: path.read_bytes() for path in folders.rglob("*") if path.is_file()} == before

    @pytest.mark.slow
    def test_it_writes_the_same_page_anywhere_and_says_what_changed(self, folders, tmp_path):
        pages = []
        for place in (tmp_path / "one", tmp_path / "two" / "deep"):
            place.mkdir(parents=True)
            for name in ("as_reported", "dearer"):
                (place / name).mkdir()
                (place / name / "results.json").write_bytes((folders / name / "results.json").read_bytes())
            command = [sys.executable, "-m", "analysis.cli", "compare", str(place / "as_reported"), str(place / "dearer")]
            done = subprocess.run(command, cwd=place, capture_output=True, text=True, timeout=300)
            assert done.returncode == 0, done.stderr
            assert done.stdout.startswith("1 input differs (monthly_burn_usd_m 700,1000,1500 -> 1200); runway_months p50 ")
            assert done.stdout.count("\n") == 1
            assert str(place / "compare.html") in done.stderr
            assert sorted(path.name for path in place.iterdir()) == ["as_reported", "compare.html", "dearer"]
            pages.append((place / "compare.html").read_text(encoding="utf-8"))
        assert pages[0] == pages[1]
        assert (
            str(tmp_path) not in pages[0]
            and str(inputs.ROOT) not in pages[0]
            and "burn-report compare as_reported dearer" in pages[0]
        )

    @pytest.mark.slow
    def test_a_build_of_several_cases_compares_them_with_the_same_bytes_anywhere(self, folders, tmp_path):
        from analysis.report import worker

        made = []
        for place in (tmp_path / "one", tmp_path / "two"):
            for name in ("as_reported", "critics"):
                (place / name).mkdir(parents=True)
                (place / name / "results.json").write_bytes((folders / name / "results.json").read_bytes())
            done = worker.run_comparison(place, {"as_reported": "as_reported/revenue_gap.html", "critics": ""}, 300)
            assert done.error == ""
            made.append([done.files[f"scenario_comparison.{end}"] for end in ("html", "ipynb")])
        assert made[0] == made[1]
        assert all(str(tmp_path) not in part for part in made[0])
