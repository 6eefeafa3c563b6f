"""Sweep files to rows: what is refused, that a row is the case of `burn-report build`, that any slice equals the whole."""

import json
import math
import re

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import inputs
from analysis.errors import InputError
from analysis.model.options import PORTFOLIOS
from analysis.parameters import SHARES, change, resolve
from analysis.results import UNITS, Run
from analysis.sweep import axes, block, cases, metrics, read, spec, store
from analysis.sweep.metrics import METRICS, PROBABILITIES, of_portfolio

BURN = {"monthly_burn_usd_m": [600, 900]}
GRID = {"axes": BURN}
REFUSED = [
    # neither, both, empty
    ({}, "given neither"),
    ({"axes": BURN, "sobol": {"points": 4}}, "given both"),
    ({"axes": {}}, "at least one axis"),
    ({"axes": {"monthly_burn_usd_m": []}}, "monthly_burn_usd_m: the axis is empty"),
    ({"axes": None}, "axes: a mapping"),
    ({"axes": [1, 2]}, "axes: a mapping"),
    ({"axes": {1: [2]}}, "axes: a mapping"),
    # keys and names
    ({**GRID, "titel": "x"}, "Nearest: title"),
    ({**GRID, 5: "x"}, "unknown key 5"),
    ({"axes": {"monthly_burn": [1]}}, "Nearest: monthly_burn_usd_m"),
    ({"axes": {"Scenario": ["critics"]}}, "Nearest: scenario"),
    ({"axes": {"draws": [512, 1024]}}, "draws cannot be an axis"),
    ({"axes": {"seed": [1, 2]}}, "seed cannot be an axis"),
    ({**GRID, "base": "critcs"}, "Nearest: critics"),
    ({**GRID, "base": ["critics"]}, "unknown scenario"),
    ({**GRID, "base": None}, "unknown scenario"),
    ({"axes": {"scenario": ["as_reported", "critcs"]}}, "Nearest: critics"),
    # overlaps
    ({**GRID, "set": {"monthly_burn_usd_m": 5}}, "monthly_burn_usd_m: set and the axes overlap"),
    ({"axes": {"scenario": ["critics"]}, "base": "critics"}, "overlap"),
    ({"sobol": {"points": 4, "inputs": ["pue"]}, "set": {"pue": 1.2}}, "pue is set (1.2)"),
    ({"sobol": {"points": 4, "inputs": ["pue", "pue"]}}, "pue is given twice"),
    ({**GRID, "set": {"draws": 512}}, "draws is a key of its own"),
    ({**GRID, "set": {"seed": 5}}, "seed is a key of its own"),
    # set
    ({**GRID, "set": {"puee": 1.2}}, "Nearest: pue"),
    ({**GRID, "set": {"pue": None}}, "set, pue: a value is expected"),
    ({**GRID, "set": {"pue": [1.1, 1.2]}}, "low,central,high"),
    ({**GRID, "set": {"pue": 0.5}}, "allowed is 1 to 3"),
    ({**GRID, "set": ["pue"]}, "set: a mapping"),
    ({**GRID, "set": {"burn_basis": "netto"}}, "Nearest: net"),
    # lists
    ({"axes": {"monthly_burn_usd_m": 600}}, "a list or {from"),
    ({"axes": {"monthly_burn_usd_m": "600"}}, "a list or {from"),
    ({"axes": {"monthly_burn_usd_m": [600, 600.0]}}, "600.0 is given twice"),
    ({"axes": {"monthly_burn_usd_m": [600, "600"]}}, "is given twice"),
    ({"axes": {"monthly_burn_usd_m": [600, float("nan")]}}, "finite"),
    ({"axes": {"monthly_burn_usd_m": [600, float("inf")]}}, "finite"),
    ({"axes": {"monthly_burn_usd_m": [600, "many"]}}, "a number is expected"),
    ({"axes": {"monthly_burn_usd_m": [600, None]}}, "a number is expected"),
    ({"axes": {"monthly_burn_usd_m": [600, True]}}, "a number is expected"),
    ({"axes": {"monthly_burn_usd_m": [[1, 2, 3]]}}, "single values"),
    ({"axes": {"monthly_burn_usd_m": ["1,2,3"]}}, "single values"),
    ({"axes": {"monthly_burn_usd_m": [600, -1]}}, "allowed is 0 to 100000"),
    ({"axes": {"burn_basis": ["gross", "netto"]}}, "Nearest: net"),
    ({"axes": {"burn_basis": ["gross", 1]}}, "a text is expected"),
    ({"axes": {"start_month": ["2025-06", "2025-13"]}}, "YYYY-MM"),
    ({"axes": {"start_month": ["2025-06", "2027-12"]}}, "after start_month"),
    ({"axes": {"horizon_months": [12, 24.5]}}, "whole number"),
    ({"axes": {"horizon_months": [12, 500]}}, "from 1 to 240"),
    # ranges
    ({"axes": {"monthly_burn_usd_m": {"from": 1, "to": 2}}}, "step is missing"),
    ({"axes": {"monthly_burn_usd_m": {}}}, "from and to and step is missing"),
    ({"axes": {"monthly_burn_usd_m": {"from": 1, "to": 2, "stepp": 1}}}, "Nearest: step"),
    ({"axes": {"monthly_burn_usd_m": {"from": 1, "to": 2, "step": 0}}}, "a step above 0"),
    ({"axes": {"monthly_burn_usd_m": {"from": 1, "to": 2, "step": -1}}}, "a step above 0"),
    ({"axes": {"monthly_burn_usd_m": {"from": 2, "to": 1, "step": 1}}}, "from must not exceed to"),
    ({"axes": {"monthly_burn_usd_m": {"from": 600, "to": 1400, "step": 150}}}, "nearest ends are 1350 and 1500"),
    ({"axes": {"monthly_burn_usd_m": {"from": 600, "to": 1400, "step": 1e-9}}}, "800,000,000,001 values"),
    ({"axes": {"monthly_burn_usd_m": {"from": 0, "to": 1400, "step": 5e-324}}}, "more than the 100,000 cases"),
    ({"axes": {"monthly_burn_usd_m": {"from": 1, "to": float("nan"), "step": 1}}}, "finite"),
    ({"axes": {"monthly_burn_usd_m": {"from": 1, "to": "2,3,4", "step": 1}}}, "a number is expected"),
    ({"axes": {"burn_basis": {"from": 1, "to": 2, "step": 1}}}, "words have no steps"),
    # too many
    ({"axes": {"monthly_burn_usd_m": {"from": 1, "to": 1000, "step": 1}, "pue": {"from": 1, "to": 2, "step": 0.005}}},
     "201,000 cases (1,000 × 201) are more than the 100,000"),
    ({"sobol": {"points": 131072}}, "131,072 cases are more than the 100,000"),
    # impossible together
    ({"axes": {"share_compute": [0.5, 0.7], "share_talent": [0.1, 0.4]}}, "must not exceed 1"),
    ({"axes": {name: [0.1] for name in SHARES}}, "must sum to 1"),
    ({"axes": {"start_month": ["2025-06", "2026-06"], "target_month": ["2026-01", "2027-01"]}}, "after start_month"),
    # Sobol
    ({"sobol": 256}, "sobol: a mapping"),
    ({"sobol": {}}, "points is missing"),
    ({"sobol": {"points": 1000}}, "Nearest: 512, 1024"),
    ({"sobol": {"points": 0}}, "from 1 to"),
    ({"sobol": {"points": -4}}, "from 1 to"),
    ({"sobol": {"points": 4.5}}, "whole number"),
    ({"sobol": {"points": "many"}}, "a number is expected"),
    ({"sobol": {"points": 4, "point": 5}}, "unknown key"),
    ({"sobol": {"points": 4, "seed": -1}}, "sobol, seed"),
    ({"sobol": {"points": 4, "inputs": []}}, "a list of names"),
    ({"sobol": {"points": 4, "inputs": "pue"}}, "a list of names"),
    ({"sobol": {"points": 4, "inputs": ["puee"]}}, "Nearest: pue"),
    ({"sobol": {"points": 4, "inputs": ["burn_basis"]}}, "unknown assumption"),
    ({"sobol": {"points": 4, "inputs": ["committed_funding_month"]}}, "certain in as_reported (0)"),
    # metrics, draws, title
    ({**GRID, "metrics": ["runway"]}, "Nearest: runway_months"),
    ({**GRID, "metrics": ["value_usd_m"]}, "unknown metric"),
    ({**GRID, "metrics": []}, "a list of names"),
    ({**GRID, "metrics": "runway_months"}, "a list of names"),
    ({**GRID, "metrics": ["runway_months", "runway_months"]}, "given twice"),
    ({**GRID, "draws": 1000}, "Nearest: 512, 1024"),
    ({**GRID, "draws": "many"}, "a number is expected"),
    ({**GRID, "seed": -1}, "seed"),
    ({**GRID, "title": ""}, "title: a line"),
    ({**GRID, "title": "a\nb"}, "title: a line"),
    ({**GRID, "title": "x" * 101}, "at most 100"),
    ({**GRID, "title": 5}, "title: a line"),
]  # fmt: skip
BROKEN = [
    ("axes: [1, 2", "line 1"),
    ("", "an empty file"),
    ("- 1\n", "a mapping"),
    ("axes:\n  pue: [1.1]\naxes:\n  pue: [1.2]\n", "given twice"),
    ("axes: &a\n  pue: [1.1]\nset: *a\n", "anchors"),
    ("axes: !!python/object/apply:os.system ['true']\n", "line 1"),
    ("axes:\n  pue: [1.1]\n  pue: [1.2]\n", "'pue' is given twice"),
    ("axes: {pue: [1.1]}\nbase: 2025-02-30\n", "line 2"),
    ("\x00", "not allowed"),
]


@pytest.mark.parametrize(("content", "said"), REFUSED, ids=[f"{number}-{said[:40]}" for number, (_, said) in enumerate(REFUSED)])
def test_a_spec_is_refused_with_what_is_wrong(tables, content, said):
    with pytest.raises(InputError, match=re.escape(said)):
        spec.parse(content, tables)


@pytest.mark.parametrize(("text", "said"), BROKEN, ids=[said for _, said in BROKEN])
def test_a_broken_file_is_named_with_the_line(tables, tmp_path, text, said):
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=re.escape(said)) as refused:
        spec.read(tmp_path / "mine.yaml", tables)
    assert str(refused.value).startswith("mine.yaml")


class TestFiles:
    def test_no_file(self, tables, tmp_path):
        with pytest.raises(InputError, match="missing"):
            spec.read(tmp_path / "none.yaml", tables)
        with pytest.raises(InputError, match="not readable"):
            spec.read(tmp_path, tables)

    @pytest.mark.parametrize("path", sorted((inputs.DATA / "sweeps").glob("*.yaml")), ids=lambda path: path.name)
    def test_the_examples_are_sound(self, tables, path):
        assert spec.read(path, tables).cases > 1

    def test_draws_of_the_command_take_the_place_of_the_files(self, tables, tmp_path):
        (tmp_path / "mine.yaml").write_text("axes: {pue: [1.1]}\ndraws: 512\n")
        assert spec.read(tmp_path / "mine.yaml", tables).draws == 512
        assert spec.read(tmp_path / "mine.yaml", tables, draws="64").draws == 64
        assert spec.read(tmp_path / "mine.yaml", tables).title == "Mine"

    def test_as_many_cases_as_allowed_are_taken(self, tables):
        assert spec.parse(GRID, tables, most=2).cases == 2
        with pytest.raises(InputError, match="2 cases"):
            spec.parse(GRID, tables, most=1)


class TestAxes:
    def test_both_ends_are_included_and_steps_are_exact(self):
        assert axes.values("pue", {"from": 1.1, "to": 1.5, "step": 0.1}, 100) == (1.1, 1.2, 1.3, 1.4, 1.5)
        assert axes.values("horizon_months", {"from": 12, "to": 36, "step": 12}, 100) == (12, 24, 36)
        assert axes.values("pue", {"from": "1e0", "to": 1, "step": 1}, 100) == (1.0,)

    @pytest.mark.parametrize(
        ("name", "unit", "expected"),
        [
            ("monthly_burn_usd_m", "usd_m_per_month", "monthly_burn_usd_m"),
            ("growth_endurance", "share", "growth_endurance_share"),
            ("share_compute", "share", "share_compute"),
            ("serving_cost_ratio", "share", "serving_cost_ratio"),
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
        everything = tuple(axes.axis(name, tables, ("x",)) for name in ["scenario", "burn_basis", *tables.assumptions.index])
        names = [column.name for column in metrics.columns(everything, (*METRICS, "portfolios"))]
        assert len(names) == len(set(names))


def row_of(content, tables, number=0):
    """Return a spec and one of its rows, "never" as None."""
    wanted = spec.parse(content, tables)
    return wanted, block.table(wanted, number, number + 1).to_pylist()[0]


def build_run(wanted, number, tables):
    """Return the run of `burn-report build BASE --set NAME=TEXT … --draws D` for a case."""
    given = wanted.settings | cases.values(wanted, number, number + 1)[0]
    scenario = given.pop("scenario", wanted.base)
    texts = {name: repr(value) if isinstance(value, float) else str(value) for name, value in given.items()}
    return Run(resolve(tables, scenario, texts | {"draws": str(wanted.draws), "seed": str(wanted.seed)}))


def expected_row(run, wanted):
    """Return metric columns -> value as results.json has them, from the plain `Run`."""
    found = {}
    for metric in {*wanted.metrics, "cash_out_probability_horizon"} - {"portfolios"}:
        summary = run.metrics[metric]
        if metric in PROBABILITIES:
            found |= {metric: summary["value"], f"{metric}_se": summary["se"]}
        else:
            name = axes.column(metric, UNITS[metric])
            found |= {f"{name}_{part}": summary[part] for part in ("central", "p5", "p50", "p95", "p50_se")}
    if "portfolios" in wanted.metrics:
        for name, summary in run.portfolio_metrics.items():
            found[of_portfolio("value_mean_usd_m", name)] = summary["value_mean_usd_m"]["value"]
            found[of_portfolio("cash_out_probability", name)] = summary["cash_out_probability_horizon"]["value"]
    return found


ALL = [*METRICS, "portfolios"]
SAME = [
    {"axes": {"monthly_burn_usd_m": [600, 1333.3], "growth_endurance": [0.4, 1]}, "metrics": ALL},
    {"axes": {"burn_basis": ["net", "gross"], "horizon_months": [1, 10, 30, 90]}, "metrics": ALL, "set": {"pue": "1.1,1.2,1.4"}},
    {"axes": {"scenario": ["as_reported", "critics", "hindsight_2026"], "share_compute": [0.5, 0.99]}, "metrics": ALL},
    {"axes": {"start_month": ["2025-06", "2026-01"], "committed_funding_month": [0, 7.5]}, "set": {"share_talent": 0.2}, "metrics": ALL},
    {"base": "price_war", "axes": {"monthly_burn_usd_m": [0, 50]}, "seed": 3, "draws": 256, "metrics": ALL},
    {"sobol": {"points": 4}, "metrics": ALL},
    {"sobol": {"points": 4, "seed": 5}, "set": {"share_other": 0.3}, "base": "critics", "metrics": ALL},
    {"sobol": {"points": 4, "inputs": ["growth_endurance", "share_compute", "share_other"]}, "metrics": ALL},
]  # fmt: skip


class TestARowIsACase:
    @pytest.mark.parametrize("content", SAME, ids=range(len(SAME)))
    def test_its_numbers_are_those_of_build_to_the_bit(self, tables, content):
        wanted = spec.parse({"draws": 128} | content, tables)
        rows = block.table(wanted, 0, wanted.cases).to_pylist()
        for number, row in enumerate(rows):
            expected = expected_row(build_run(wanted, number, tables), wanted)
            assert {name: row[name] for name in expected} == expected, number

    def test_at_the_default_draws(self, tables):
        wanted, row = row_of({**GRID, "metrics": ALL}, tables, 1)
        expected = expected_row(build_run(wanted, 1, tables), wanted)
        assert wanted.draws == 1024
        assert {name: row[name] for name in expected} == expected

    def test_the_best_portfolio_and_its_lead(self, tables):
        wanted, row = row_of({**GRID, "metrics": ["portfolios"], "draws": 256}, tables)
        values = {name: measures["value_usd_m"] for name, measures in build_run(wanted, 0, tables).portfolios.items()}
        best, second = sorted(PORTFOLIOS, key=lambda name: -values[name].mean())[:2]
        assert (row["best_portfolio"], row["second_portfolio"]) == (best, second)
        assert row["lead_usd_m"] == values[best].mean() - values[second].mean()
        paired = (values[best] - values[second]).reshape(8, -1).mean(axis=1)
        assert math.isclose(row["lead_se_usd_m"], paired.std(ddof=1) / math.sqrt(8), rel_tol=1e-9)

    def test_solvent_means_that_the_median_runway_is_never(self, tables):
        wanted = spec.parse({"axes": {"monthly_burn_usd_m": [0, 100, 180, 190, 200, 300, 1000]}, "draws": 128}, tables)
        for row in block.table(wanted, 0, wanted.cases).to_pylist():
            assert row["solvent"] == (row["runway_months_p50"] is None)
            assert row["solvent"] == (row["cash_out_probability_horizon"] < 0.5)

    def test_beyond_the_horizon_is_null_and_not_zero(self, tables):
        _, row = row_of({"axes": {"horizon_months": [6]}, "draws": 64, "metrics": ["cash_out_probability_12m", "gap_12m_usd_m_per_month"]}, tables)  # fmt: skip
        assert row["cash_out_probability_12m"] is None
        assert row["gap_12m_usd_m_per_month_p50"] is None

    @pytest.mark.parametrize("overrides", [{"pue": 1.3, "burn_basis": "net"}, {"share_data": 0.2, "draws": 64}, {}])
    def test_a_changed_case_is_a_resolved_case(self, tables, overrides):
        before = {"headcount": "900", "share_other": "0.2"}
        assert change(resolve(tables, "critics", before), overrides) == resolve(tables, "critics", before | overrides)


class TestTable:
    def test_every_column_says_its_unit_and_label(self, tables):
        wanted = spec.parse({"axes": {"pue": [1.2], "burn_basis": ["net"], "horizon_months": [24]}, "metrics": ALL, "draws": 64}, tables)  # fmt: skip
        found = block.table(wanted, 0, 1)
        for each in found.schema:
            assert set(each.metadata) >= {b"unit", b"label"}, each.name
            assert each.nullable == (b"null" in each.metadata), each.name
        types = {
            name: str(found.schema.field(name).type) for name in ("case", "pue_ratio", "burn_basis", "horizon_months", "solvent")
        }
        assert list(types.values()) == ["int64", "double", "string", "int64", "bool"]

    def test_read_back(self, tables, tmp_path):
        wanted = written(tmp_path, {**GRID, "draws": 64}, tables)
        found = read.read(tmp_path)
        assert (found.cases, found.axes, found.metrics) == (2, wanted.axes, wanted.metrics)
        assert found.frame["monthly_burn_usd_m"].tolist() == [600.0, 900.0]

    def test_csv_holds_the_same_numbers_and_no_formula(self, tables, tmp_path):
        written(tmp_path, {"axes": {"scenario": ["critics"], "monthly_burn_usd_m": [0, 900]}, "draws": 64}, tables)
        store.write_csv(tmp_path)
        lines = (tmp_path / "table.csv").read_text().splitlines()
        rows = pq.read_table(tmp_path / "table.parquet").to_pylist()
        for line, row in zip(lines[1:], rows, strict=True):
            for name, text in zip(lines[0].split(","), line.split(","), strict=True):
                value = row[name]
                assert text == ("" if value is None else str(value).lower() if isinstance(value, bool) else str(value))
        assert store._cell("=1+1") == "'=1+1"

    @pytest.mark.parametrize(
        ("file", "text", "said"),
        [
            ("sweep.json", None, "run burn-report sweep first"),
            ("sweep.json", "{", "not complete JSON"),
            ("sweep.json", "[]", "not a mapping"),
            ("sweep.json", "{}", "title is missing"),
            ("table.parquet", None, "run burn-report sweep first"),
            ("table.parquet", "PAR1", "damaged"),
        ],
    )
    def test_a_damaged_folder_is_named(self, tables, tmp_path, file, text, said):
        written(tmp_path, {**GRID, "draws": 64}, tables)
        (tmp_path / file).unlink()
        if text is not None:
            (tmp_path / file).write_text(text)
        with pytest.raises(InputError, match=said):
            read.read(tmp_path)

    def test_another_version_and_another_table_are_refused(self, tables, tmp_path):
        written(tmp_path, {**GRID, "draws": 64}, tables)
        content = json.loads((tmp_path / "sweep.json").read_text())
        for changes, said in (
            ({"version": "0"}, "made by version"),
            ({"cases": 3}, "3 cases"),
            ({"metrics": ["power"]}, "columns"),
        ):
            (tmp_path / "sweep.json").write_text(json.dumps(content | changes))
            with pytest.raises(InputError, match=said):
                read.read(tmp_path)


def written(out, content, tables):
    """Write a sweep's folder without the command."""
    wanted = spec.parse(content, tables)
    kept = store.Store(out, wanted, "key")
    for start, stop in kept.missing():
        kept.keep(start, store.compute(wanted, start, stop))
    kept.assemble()
    (out / "sweep.json").write_text(json.dumps(read.describe(wanted, "burn-report sweep mine.yaml")))
    return wanted


class TestStore:
    def test_damaged_blocks_and_those_of_another_sweep_are_computed_again(self, tables, tmp_path, monkeypatch):
        monkeypatch.setattr(store, "MOST_ROWS", 2)
        wanted = spec.parse(
            {"axes": {"monthly_burn_usd_m": [1, 2, 3, 4, 5, 6]}, "draws": 16, "metrics": ["runway_months"]}, tables
        )
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
        assert pq.read_table(tmp_path / "table.parquet").equals(block.table(wanted, 0, 6), check_metadata=True)

    def test_row_groups_do_not_depend_on_blocks(self, tables, tmp_path, monkeypatch):
        content = {"axes": {"monthly_burn_usd_m": {"from": 1, "to": 40, "step": 1}}, "draws": 16, "metrics": ["runway_months"]}
        monkeypatch.setattr(store, "GROUP_ROWS", 16)
        tables_written = []
        for most in (1, 4, 16):
            monkeypatch.setattr(store, "MOST_ROWS", most)
            written(tmp_path, content, tables)
            tables_written.append((tmp_path / "table.parquet").read_bytes())
        assert tables_written[0] == tables_written[1] == tables_written[2]
        assert pq.ParquetFile(tmp_path / "table.parquet").num_row_groups == 3

    def test_sizes_are_powers_of_two_that_follow_from_the_spec_alone(self, tables):
        for draws in (16, 1024, 8192, 2**20):
            for chosen in (["runway_months"], ["portfolios"]):
                size = store.block_rows(spec.parse({**GRID, "draws": draws, "metrics": chosen}, tables))
                assert size.bit_count() == 1
                assert size <= store.GROUP_ROWS


# ---- any spec that is accepted ----
NUMBERS = {
    "monthly_burn_usd_m": st.integers(0, 3000),
    "growth_endurance": st.floats(0.05, 1),
    "committed_funding_month": st.floats(0, 30),
    "round_success_probability": st.floats(0, 1),
    "share_compute": st.floats(0, 1),
    "horizon_months": st.integers(1, 40),
    "burn_basis": st.sampled_from(["gross", "net"]),
    "scenario": st.sampled_from(["as_reported", "critics", "price_war"]),
}


@st.composite
def grids(draw):
    names = draw(st.lists(st.sampled_from(sorted(NUMBERS)), min_size=1, max_size=3, unique=True))
    chosen = {name: draw(st.lists(NUMBERS[name], min_size=1, max_size=3, unique=True)) for name in names}
    kept = draw(st.lists(st.sampled_from(ALL), min_size=1, max_size=3, unique=True))
    return {"axes": chosen, "metrics": kept, "draws": 16}


@st.composite
def sobols(draw):
    names = ["pue", "monthly_burn_usd_m", "share_compute", "share_talent", "share_data", "share_compliance", "share_other"]
    chosen = draw(st.none() | st.lists(st.sampled_from(names), min_size=1, unique=True))
    points = {"points": draw(st.sampled_from([1, 2, 8, 16])), "seed": draw(st.integers(0, 99))}
    return {
        "sobol": points | ({"inputs": chosen} if chosen else {}),
        "metrics": ["funding_need_usd_m", "portfolios"],
        "draws": 16,
    }


@settings(max_examples=40)
@given(content=grids() | sobols(), data=st.data())
def test_any_slice_equals_the_whole(tables, content, data):
    wanted = spec.parse(content, tables)
    whole = block.table(wanted, 0, wanted.cases)
    start = data.draw(st.integers(0, wanted.cases))
    stop = data.draw(st.integers(start, wanted.cases))
    assert whole.num_rows == wanted.cases
    assert block.table(wanted, start, stop).equals(whole.slice(start, stop - start), check_metadata=True)
    parts = [block.table(wanted, number, number + 1) for number in range(wanted.cases)]
    assert pa.concat_tables(parts).combine_chunks().equals(whole.combine_chunks())


@settings(max_examples=40)
@given(content=grids() | sobols(), data=st.data())
def test_every_case_is_one_that_set_accepts(tables, content, data):
    wanted = spec.parse(content, tables)
    number = data.draw(st.integers(0, wanted.cases - 1))
    run = build_run(wanted, number, tables)
    changed = cases.case(wanted, cases.values(wanted, number, number + 1)[0])
    assert changed.estimates == run.case.estimates
    assert (changed.settings, changed.kept_shares) == (run.case.settings, run.case.kept_shares)


@given(content=st.dictionaries(st.sampled_from([*spec.KEYS, "x"]), st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(["pue", "critics", "from", "points"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["pue", "points", "from", "to", "step", "scenario"]), inner, max_size=3),
    max_leaves=8)))  # fmt: skip
def test_whatever_a_file_holds_is_taken_or_refused_in_words(tables, content):
    try:
        wanted = spec.parse(content, tables)
    except InputError as problem:
        assert str(problem)
    else:
        assert 1 <= wanted.cases <= spec.MOST_CASES


def test_the_last_axis_is_the_fastest(tables):
    wanted = spec.parse({"axes": {"pue": [1.1, 1.2], "burn_basis": ["net", "gross"]}}, tables)
    assert [tuple(values.values()) for values in cases.values(wanted, 0, 4)] == [
        (1.1, "net"),
        (1.1, "gross"),
        (1.2, "net"),
        (1.2, "gross"),
    ]


def test_sobol_points_fill_the_inputs_own_ranges(tables):
    wanted = spec.parse({"sobol": {"points": 256, "inputs": ["monthly_burn_usd_m"]}}, tables)
    burns = np.array([values["monthly_burn_usd_m"] for values in cases.values(wanted, 0, 256)])
    assert np.allclose(np.quantile(burns, [0.05, 0.5, 0.95]), [700, 1000, 1500], rtol=0.01)
