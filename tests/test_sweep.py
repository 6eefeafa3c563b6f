"""Sweep files to rows: what is refused, a row is the case of `burn-report build`, any slice equals the whole."""

import dataclasses
import json
import math
import re

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.inputs.errors import InputError
from analysis.inputs.parameters import change, resolve
from analysis.inputs.place import DATA
from analysis.model.options import PORTFOLIOS
from analysis.results.metrics import METRICS
from analysis.results.results import Result
from analysis.sweep import axes, block, metrics, spec, store
from analysis.sweep.metrics import HORIZON, KEPT, named_column, of_portfolio

BURN = {"monthly_burn_usd_m": [600, 900]}
GRID = {"axes": BURN}
ALL = [*KEPT, "portfolios"]
REFUSED_SPECS = [
    ({}, "given neither"),
    ({"axes": BURN, "sobol": {"points": 4}}, "given both"),
    ({"axes": {}}, "at least one axis"),
    ({"axes": [1, 2]}, "axes: a mapping"),
    ({"axes": {1: [2]}}, "axes: a mapping"),
    ({**GRID, "titel": "x"}, "Nearest: title"),
    ({**GRID, 5: "x"}, "unknown key 5"),
    ({"axes": {"monthly_burn": [1]}}, "Nearest: monthly_burn_usd_m"),
    ({"axes": {"draws": [512, 1024]}}, "unknown axis 'draws'"),
    ({"axes": {"seed": [1, 2]}}, "unknown axis 'seed'"),
    ({**GRID, "base": "critcs"}, "Nearest: critics"),
    ({**GRID, "base": ["critics"]}, "base: the name of a scenario is expected"),
    ({**GRID, "base": None}, "base: the name of a scenario is expected"),
    ({"axes": {"scenario": ["as_reported", "critcs"]}}, "Nearest: critics"),
    ({**GRID, "set": {"monthly_burn_usd_m": 5}}, "monthly_burn_usd_m: set and the axes overlap"),
    ({"axes": {"scenario": ["critics"]}, "base": "critics"}, "overlap"),
    ({**GRID, "set": {"draws": 512}}, "draws is a key of its own"),
    ({**GRID, "set": {"puee": 1.2}}, "Nearest: pue"),
    ({**GRID, "set": {"pue": None}}, "set, pue: a value is expected"),
    ({**GRID, "set": {"pue": [1.1, 1.2]}}, "low,central,high"),
    ({**GRID, "set": {"pue": 0.5}}, "allowed is 1 to 3"),
    ({**GRID, "set": ["pue"]}, "set: a mapping"),
    ({**GRID, "set": {"burn_basis": "netto"}}, "Nearest: net"),
    ({**GRID, "metrics": ["runway"]}, "Nearest: runway_months"),
    ({**GRID, "metrics": ["cash_out_month"]}, "unknown metric"),  # a calendar month is no number
    ({**GRID, "metrics": []}, "a list of names"),
    ({**GRID, "draws": 1000}, "Nearest: 512, 1024"),
    ({**GRID, "draws": "many"}, "a number is expected"),
    ({**GRID, "seed": -1}, "seed"),
    ({**GRID, "title": "a\nb"}, "title: a line"),
    ({**GRID, "title": "x" * 101}, "title: a line of at most 100"),
]
REFUSED_AXES = [
    ({"monthly_burn_usd_m": []}, "monthly_burn_usd_m: the axis is empty"),
    ({"monthly_burn_usd_m": 600}, "a list or {from"),
    ({"monthly_burn_usd_m": [600, math.nan]}, "finite"),
    ({"monthly_burn_usd_m": [600, "many"]}, "a number is expected"),
    ({"monthly_burn_usd_m": [600, True]}, "a number is expected"),
    ({"monthly_burn_usd_m": [[1, 2, 3]]}, "single values"),
    ({"monthly_burn_usd_m": ["1,2,3"]}, "single values"),
    ({"monthly_burn_usd_m": [600, -1]}, "allowed is 0 to 100000"),
    ({"burn_basis": ["gross", "netto"]}, "Nearest: net"),
    ({"burn_basis": ["gross", 1]}, "burn_basis: gross: the claim is spending"),
    ({"start_month": ["2025-06", "2025-13"]}, "YYYY-MM"),
    ({"start_month": ["2025-06", "2027-12"]}, "after start_month"),
    ({"start_month": ["2025-06", "2026-06"], "target_month": ["2026-01", "2027-01"]}, "after start_month"),
    ({"horizon_months": [12, 24.5]}, "whole number"),
    ({"horizon_months": [12, 500]}, "from 1 to 240"),
    ({"burn_basis": {"from": 1, "to": 2, "step": 1}}, "words have no steps"),
    ({"monthly_burn_usd_m": {"from": 1, "to": 1000, "step": 1}, "pue": {"from": 1, "to": 2, "step": 0.005}},
     "201,000 cases (1,000 × 201) are more than the 100,000"),
]  # fmt: skip
REFUSED_RANGES = [  # of monthly_burn_usd_m
    ({"from": 1, "to": 2}, "the key 'step' is missing"),
    ({}, "needed are from, to, step"),
    ({"from": 1, "to": 2, "stepp": 1}, "Nearest: step"),
    ({"from": 1, "to": 2, "step": 0}, "a step above 0"),
    ({"from": 2, "to": 1, "step": 1}, "from must not exceed to"),
    ({"from": 600, "to": 1400, "step": 150}, "nearest ends are 1350 and 1500"),
    ({"from": 600, "to": 1400, "step": 1e-9}, "at most 100,000 values are expected (--max-cases)"),
    ({"from": 0, "to": 1400, "step": 5e-324}, "at most 100,000 values"),
    ({"from": 1, "to": math.nan, "step": 1}, "a number is expected; given nan"),
    ({"from": 1, "to": "2,3,4", "step": 1}, "a number is expected"),
]
REFUSED_POINTS = [
    (256, "sobol: a mapping"),
    ({}, "the key 'points' is missing"),
    ({"points": 1000}, "Nearest: 512, 1024"),
    ({"points": 0}, "from 1 to"),
    ({"points": 4.5}, "whole number"),
    ({"points": 131072}, "131,072 cases are more than the 100,000"),
    ({"points": 4, "point": 5}, "unknown key"),
    ({"points": 4, "seed": -1}, "sobol, seed"),
    ({"points": 4, "inputs": "pue"}, "a list of names"),
    ({"points": 4, "inputs": ["puee"]}, "Nearest: pue"),
    ({"points": 4, "inputs": ["burn_basis"]}, "unknown assumption"),
    ({"points": 4, "inputs": ["committed_funding_month"]}, "certain in as_reported (0)"),
]
REFUSED = [
    *REFUSED_SPECS,
    *(({"axes": given}, said) for given, said in REFUSED_AXES),
    *(({"axes": {"monthly_burn_usd_m": given}}, said) for given, said in REFUSED_RANGES),
    *(({"sobol": given}, said) for given, said in REFUSED_POINTS),
    ({"sobol": {"points": 4, "inputs": ["pue"]}, "set": {"pue": 1.2}}, "pue is set (1.2)"),
]
BROKEN = [
    ("axes: [1, 2", "line 1"),
    ("", "an empty file"),
    ("axes:\n  pue: [1.1]\n  pue: [1.2]\n", "'pue' is given twice"),
    ("axes: &a\n  pue: [1.1]\nset: *a\n", "anchors"),
    ("axes: !!python/object/apply:os.system ['true']\n", "line 1"),
    ("axes: {monthly_burn_usd_m: [0x400]}\n", "monthly_burn_usd_m: a number is expected"),
    ("axes: {pue: [1.1]}\ndraws: 1_024\n", "given '1_024'"),
]


@pytest.mark.parametrize(
    ("content", "said"), REFUSED, ids=[f"{n}-{said[:40]}" for n, (_, said) in enumerate(REFUSED)]
)
def test_a_spec_is_refused_with_what_is_wrong(tables, content, said):
    with pytest.raises(InputError, match=re.escape(said)):
        spec.parse(content, tables)


@pytest.mark.parametrize(("text", "said"), BROKEN, ids=[said for _, said in BROKEN])
def test_a_broken_file_is_named(tables, tmp_path, text, said):
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=re.escape(said)) as refused:
        spec.read(tmp_path / "mine.yaml", tables)
    assert str(refused.value).startswith("mine.yaml")


class TestFiles:
    @pytest.mark.parametrize("path", sorted((DATA / "sweeps").glob("*.yaml")), ids=lambda path: path.name)
    def test_the_examples_are_sound(self, tables, path):
        assert spec.read(path, tables).cases > 1

    def test_numbers_are_read_as_people_mean_them(self, tables, tmp_path):
        (tmp_path / "mine.yaml").write_text("axes: {monthly_burn_usd_m: [0700, 1e3]}\ndraws: 0512\n")
        wanted = spec.read(tmp_path / "mine.yaml", tables)
        assert wanted.axes[0].values == (700.0, 1000.0)
        assert wanted.draws == 512

    def test_draws_of_the_command_take_the_place_of_the_files(self, tables, tmp_path):
        (tmp_path / "mine.yaml").write_text("axes: {pue: [1.1]}\ndraws: 512\n")
        wanted = spec.read(tmp_path / "mine.yaml", tables, draws="64")
        assert (wanted.draws, wanted.title) == (64, "Mine")

    def test_as_many_cases_as_allowed_are_taken(self, tables):
        assert spec.parse(GRID, tables, most=2).cases == 2
        with pytest.raises(InputError, match="2 cases"):
            spec.parse(GRID, tables, most=1)


class TestAxes:
    @pytest.mark.parametrize(
        ("name", "given", "expected"),
        [
            ("pue", {"from": 1.1, "to": 1.5, "step": 0.1}, (1.1, 1.2, 1.3, 1.4, 1.5)),
            ("horizon_months", {"from": 12, "to": 36, "step": 12}, (12, 24, 36)),
            ("pue", {"from": "1e0", "to": 1, "step": 1}, (1.0,)),
        ],
    )
    def test_both_ends_are_included_and_steps_are_exact(self, name, given, expected):
        assert axes.values(name, given, 100) == expected

    @pytest.mark.parametrize(
        ("name", "unit", "expected"),
        [
            ("monthly_burn_usd_m", "usd_m_per_month", "monthly_burn_usd_m"),
            ("growth_endurance", "share", "growth_endurance_share"),
            ("share_compute", "share", "share_compute"),
            ("headcount", "count", "headcount"),
            ("pue", "ratio", "pue_ratio"),
            ("power", "usd_m_per_month", "power_usd_m_per_month"),
            ("break_even_month", "month", "break_even_month"),
            ("burn_basis", "", "burn_basis"),
        ],
    )
    def test_units_are_in_the_names(self, name, unit, expected):
        assert axes.column(name, unit) == expected

    def test_no_two_columns_have_one_name(self, tables):
        names = ["scenario", "burn_basis", *tables.assumptions.index]
        every = tuple(axes.axis(name, tables, ("x",)) for name in names)
        found = metrics.schema(every, tuple(ALL)).names
        assert len(found) == len(set(found))

    def test_the_last_axis_is_the_fastest(self, tables):
        wanted = spec.parse({"axes": {"pue": [1.1, 1.2], "burn_basis": ["net", "gross"]}}, tables)
        found = [tuple(values.values()) for values in block.values_of(wanted, 0, 4)]
        assert found == [(1.1, "net"), (1.1, "gross"), (1.2, "net"), (1.2, "gross")]

    def test_sobol_points_fill_the_inputs_own_ranges(self, tables):
        wanted = spec.parse({"sobol": {"points": 256, "inputs": ["monthly_burn_usd_m"]}}, tables)
        burns = np.array([values["monthly_burn_usd_m"] for values in block.values_of(wanted, 0, 256)])
        burn = resolve(tables, "as_reported")["monthly_burn_usd_m"]
        expected = [burn.low, burn.central, burn.high]
        assert np.allclose(np.quantile(burns, [0.05, 0.5, 0.95]), expected, rtol=0.01)


def result_of(wanted, number, tables) -> Result:
    """Return the result of `burn-report build SCENARIO --set NAME=TEXT … --draws D` for a case."""
    given = wanted.settings | block.values_of(wanted, number, number + 1)[0]
    scenario = given.pop("scenario", wanted.base)
    texts = {name: repr(value) if isinstance(value, float) else str(value) for name, value in given.items()}
    own = {"draws": str(wanted.draws), "seed": str(wanted.seed)}
    return Result(resolve(tables, scenario, texts | own))


def row_of(result, wanted) -> dict[str, float]:
    """Return column -> value as results.json has them."""
    found = {}
    for metric in {*wanted.metrics, HORIZON} - {"portfolios"}:
        summary = result.metrics[metric]
        if METRICS[metric].measure:
            parts = ("central", "p5", "p50", "p95", "p50_se")
            found |= {f"{named_column(metric)}_{part}": summary[part] for part in parts}
        else:
            found |= {metric: summary["value"], f"{metric}_se": summary["se"]}
    for name, summary in result.portfolio_metrics.items() if "portfolios" in wanted.metrics else ():
        found[of_portfolio("value_mean_usd_m", name)] = summary["value_mean_usd_m"]["value"]
        found[of_portfolio("cash_out_probability", name)] = summary[HORIZON]["value"]
    return found


SAME = {
    "numbers": {"axes": {"monthly_burn_usd_m": [600, 1333.3], "growth_endurance": [0.4, 1]}},
    "settings": {"axes": {"burn_basis": ["net", "gross"], "horizon_months": [1, 90]}, "set": {"pue": "1.1,1.2,2"}},
    "scenarios": {"axes": {"scenario": ["as_reported", "critics", "hindsight_2026"], "pue": [1.1]}},
    "months": {"axes": {"start_month": ["2025-06", "2026-01"], "committed_funding_month": [7.5]}},
    "nothing spent": {"base": "price_war", "axes": {"monthly_burn_usd_m": [0, 50]}, "seed": 3, "draws": 256},
    "points": {"sobol": {"points": 4}},
    "other points": {"sobol": {"points": 2, "seed": 5}, "set": {"headcount": 900}, "base": "critics"},
    "points of some": {"sobol": {"points": 2, "inputs": ["growth_endurance", "pue"]}},
}  # fmt: skip


class TestARowIsACase:
    @pytest.mark.parametrize("content", SAME.values(), ids=SAME)
    def test_its_numbers_are_those_of_the_result_to_the_bit(self, tables, content):
        wanted = spec.parse({"draws": 128, "metrics": ALL} | content, tables)
        for number, row in enumerate(block.table(wanted, 0, wanted.cases).to_pylist()):
            expected = row_of(result_of(wanted, number, tables), wanted)
            assert {name: row[name] for name in expected} == expected, number

    def test_the_best_mix_and_its_lead(self, tables):
        wanted = spec.parse({**GRID, "metrics": ["portfolios"], "draws": 256}, tables)
        row = block.table(wanted, 0, 1).to_pylist()[0]
        found = result_of(wanted, 0, tables).portfolios
        values = {name: measures["value_usd_m"] for name, measures in found.items()}
        best, second = sorted(PORTFOLIOS, key=lambda name: -values[name].mean())[:2]
        assert (row["best_portfolio"], row["second_portfolio"]) == (best, second)
        assert row["lead_usd_m"] == values[best].mean() - values[second].mean()
        paired = (values[best] - values[second]).reshape(8, -1).mean(axis=1)
        assert math.isclose(row["lead_se_usd_m"], paired.std(ddof=1) / math.sqrt(8), rel_tol=1e-9)

    def test_solvent_means_that_the_median_runway_is_never(self, tables):
        wanted = spec.parse(
            {"axes": {"monthly_burn_usd_m": [0, 100, 180, 200, 300, 1000]}, "draws": 128}, tables
        )
        rows = block.table(wanted, 0, wanted.cases).to_pylist()
        assert {row["solvent"] for row in rows} == {True, False}
        for row in rows:
            assert row["solvent"] == (row["runway_months_p50"] is None) == (row[HORIZON] < 0.5)

    def test_beyond_the_horizon_is_null_and_not_zero(self, tables):
        kept = ["cash_out_probability_12m", "gap_12m_usd_m_per_month"]
        wanted = spec.parse({"axes": {"horizon_months": [6]}, "draws": 64, "metrics": kept}, tables)
        row = block.table(wanted, 0, 1).to_pylist()[0]
        assert row["cash_out_probability_12m"] is None
        assert row["gap_12m_usd_m_per_month_p50"] is None

    @pytest.mark.parametrize("overrides", [{"pue": 1.3, "burn_basis": "net"}, {"draws": 64}, {}])
    def test_a_changed_case_is_a_resolved_case(self, tables, overrides):
        before = {"headcount": "900", "growth_endurance": "0.4,0.5,0.6"}
        together = resolve(tables, "critics", before | overrides)
        assert change(resolve(tables, "critics", before), overrides) == together


def written(out, content, tables):
    """Write a sweep's folder without the command and return its spec."""
    wanted = spec.parse(content, tables)
    kept = store.Store(out, wanted, "key")
    for start, stop in kept.missing():
        kept.keep(start, store.compute(wanted, start, stop))
    kept.assemble()
    said = dataclasses.asdict(store.describe(wanted, "burn-report sweep mine.yaml"))
    (out / "sweep.json").write_text(json.dumps(said))
    return wanted


DAMAGED = [
    ("sweep.json", None, "run burn-report sweep first"),
    ("sweep.json", "{", "property name enclosed"),
    ("sweep.json", "[]", "dictionary"),
    ("sweep.json", "{}", "'title' is missing"),
    ("sweep.json", {"version": "0"}, "made by version"),
    ("sweep.json", {"cases": 3}, "3 cases"),
    ("sweep.json", {"metrics": ["power"]}, "columns"),
    ("table.parquet", None, "run burn-report sweep first"),
    ("table.parquet", "PAR1", "damaged"),
]


class TestTable:
    def test_every_column_says_its_unit_and_label(self, tables):
        given = {"pue": [1.2], "burn_basis": ["net"], "horizon_months": [24]}
        found = block.table(spec.parse({"axes": given, "metrics": ALL, "draws": 64}, tables), 0, 1).schema
        for each in found:
            assert set(each.metadata) >= {b"unit", b"label"}, each.name
            assert each.nullable == (b"null" in each.metadata), each.name
        names = ("case", "pue_ratio", "burn_basis", "horizon_months", "solvent")
        types = [str(found.field(name).type) for name in names]
        assert types == ["int64", "double", "string", "int64", "bool"]

    def test_read_back(self, tables, tmp_path):
        wanted = written(tmp_path, {**GRID, "draws": 64}, tables)
        found = store.read(tmp_path)
        assert (found.cases, found.axes, found.metrics) == (2, wanted.axes, wanted.metrics)
        assert found.frame["monthly_burn_usd_m"].tolist() == [600.0, 900.0]

    def test_csv_holds_the_same_numbers(self, tables, tmp_path):
        given = {"scenario": ["critics"], "monthly_burn_usd_m": [0, 900]}
        written(tmp_path, {"axes": given, "draws": 64}, tables)
        store.write_csv(tmp_path)
        names, *lines = (line.split(",") for line in (tmp_path / "table.csv").read_text().splitlines())
        words = {None: "", True: "true", False: "false"}
        for line, row in zip(lines, pq.read_table(tmp_path / "table.parquet").to_pylist(), strict=True):
            expected = [words[v] if v is None or isinstance(v, bool) else str(v) for v in row.values()]
            assert (names, line) == (list(row), expected)

    @pytest.mark.parametrize(("file", "content", "said"), DAMAGED, ids=[said for *_, said in DAMAGED])
    def test_a_damaged_folder_is_named(self, tables, tmp_path, file, content, said):
        written(tmp_path, {**GRID, "draws": 16, "metrics": ["runway_months"]}, tables)
        place = tmp_path / file
        if isinstance(content, dict):
            content = json.dumps(json.loads(place.read_text()) | content)
        place.unlink()
        if content is not None:
            place.write_text(content)
        with pytest.raises(InputError, match=said):
            store.read(tmp_path)


class TestStore:
    def test_damaged_blocks_and_those_of_another_sweep_are_computed_again(
        self, tables, tmp_path, monkeypatch
    ):
        monkeypatch.setattr(store, "MOST_ROWS", 2)
        axis = {"monthly_burn_usd_m": [1, 2, 3, 4, 5, 6]}
        wanted = spec.parse({"axes": axis, "draws": 16, "metrics": ["runway_months"]}, tables)
        kept = store.Store(tmp_path, wanted, "key")
        contents = {start: store.compute(wanted, start, stop) for start, stop in store.blocks(wanted)}
        assert list(contents) == [0, 2, 4]
        for start, content in contents.items():
            kept.keep(start, content)
        assert kept.missing() == []
        assert store.Store(tmp_path, wanted, "other").missing() == [(0, 2), (2, 4), (4, 6)]
        for content in (b"", contents[2][:-40], contents[0], b"x" * 100):
            kept.keep(2, content)
            assert kept.missing() == [(2, 4)]
        kept.keep(2, contents[2])
        kept.assemble()
        found = pq.read_table(tmp_path / "table.parquet")
        assert found.equals(block.table(wanted, 0, 6), check_metadata=True)

    def test_row_groups_do_not_depend_on_blocks(self, tables, tmp_path, monkeypatch):
        axis = {"monthly_burn_usd_m": {"from": 1, "to": 40, "step": 1}}
        monkeypatch.setattr(store, "GROUP_ROWS", 16)
        found = []
        for most in (1, 4, 16):
            monkeypatch.setattr(store, "MOST_ROWS", most)
            written(tmp_path, {"axes": axis, "draws": 16, "metrics": ["runway_months"]}, tables)
            found.append((tmp_path / "table.parquet").read_bytes())
        assert found[0] == found[1] == found[2]
        assert pq.ParquetFile(tmp_path / "table.parquet").num_row_groups == 3

    def test_sizes_are_powers_of_two_that_follow_from_the_spec_alone(self, tables):
        for draws in (16, 1024, 2**20):
            for chosen in (["runway_months"], ["portfolios"]):
                size = store.block_rows(spec.parse({**GRID, "draws": draws, "metrics": chosen}, tables))
                assert size.bit_count() == 1
                assert size <= store.GROUP_ROWS


NUMBERS = {
    "monthly_burn_usd_m": st.integers(0, 3000),
    "growth_endurance": st.floats(0.05, 1),
    "committed_funding_month": st.floats(0, 30),
    "round_success_probability": st.floats(0, 1),
    "horizon_months": st.integers(1, 40),
    "burn_basis": st.sampled_from(["gross", "net"]),
    "scenario": st.sampled_from(["as_reported", "critics", "price_war"]),
}


@st.composite
def grids(draw):
    names = draw(st.lists(st.sampled_from(sorted(NUMBERS)), min_size=1, max_size=2, unique=True))
    chosen = {name: draw(st.lists(NUMBERS[name], min_size=1, max_size=3, unique=True)) for name in names}
    kept = draw(st.lists(st.sampled_from(ALL), min_size=1, max_size=3, unique=True))
    return {"axes": chosen, "metrics": kept, "draws": 16}


@st.composite
def sobols(draw):
    names = st.sampled_from(["pue", "monthly_burn_usd_m", "growth_endurance", "investor_patience"])
    chosen = draw(st.none() | st.lists(names, min_size=1, unique=True))
    points = {"points": draw(st.sampled_from([1, 2, 8])), "seed": draw(st.integers(0, 99))}
    kept = ["funding_need_usd_m", "portfolios"]
    return {"sobol": points | ({"inputs": chosen} if chosen else {}), "metrics": kept, "draws": 16}


@settings(max_examples=15)
@given(content=grids() | sobols(), data=st.data())
def test_any_slice_equals_the_whole_and_every_case_is_one_that_set_accepts(tables, content, data):
    wanted = spec.parse(content, tables)
    whole = block.table(wanted, 0, wanted.cases)
    start = data.draw(st.integers(0, wanted.cases - 1))
    stop = data.draw(st.integers(start, wanted.cases))
    assert whole.num_rows == wanted.cases
    assert block.table(wanted, start, stop).equals(whole.slice(start, stop - start), check_metadata=True)
    resolved = result_of(wanted, start, tables).case
    changed = block.case_of(wanted, block.values_of(wanted, start, start + 1)[0])
    assert (changed.estimates, changed.settings) == (resolved.estimates, resolved.settings)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("critics"),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["pue", "points", "from", "to", "step"]), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@given(content=st.dictionaries(st.sampled_from([*spec.SweepFile.model_fields, "x"]), ANYTHING))
def test_whatever_a_file_holds_is_taken_or_refused_in_words(tables, content):
    try:
        wanted = spec.parse(content, tables)
    except InputError as problem:
        assert str(problem)
    else:
        assert 1 <= wanted.cases <= spec.MOST_CASES
