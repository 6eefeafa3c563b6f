"""The workbook: its live formulas give the model's numbers, in LibreOffice and after a change; text stays text."""

import dataclasses
import io

import numpy as np
import openpyxl
import pytest

from analysis import excel
from analysis.excel import cells, rows
from analysis.excel.lists import FIRST_ROW
from analysis.inputs.parameters import resolve
from analysis.model.options import OPTIONS
from analysis.results.results import Result
from tests import libreoffice

needs_libreoffice = pytest.mark.skipif(
    not libreoffice.PROGRAM, reason="no LibreOffice on this machine (install the package libreoffice-calc)"
)
PATHS = ("spend", "revenue", "net_burn", "cash", "debt", "interest")
MEASURES = ("value_usd_m", "ownership_retained", "runway_months", "break_even_month", "funding_need_usd_m")
EXTREMES = {
    "net": {"burn_basis": "net", "horizon_months": 24, "target_month": "2026-12"},
    "cap below the start": {"revenue_cap_usd_m_per_month": 10},
    "shares above one": {"revenue_share_subscriptions": 0.9, "revenue_share_advertising": 0.4},
    "profitable, debt repaid": {
        "monthly_burn_usd_m": 10,
        "debt_term_months": 7,
        "committed_funding_month": 2,
    },
    "no revenue": {"revenue_start_usd_m": 0},
    "growth that does not fade": {"growth_endurance": 1, "spend_growth_endurance": 1},
    "one short year": {"horizon_months": 9},
}


def number(value):
    return None if value in (cells.NEVER, cells.BEYOND) else value


def agree(live, wanted):
    live, wanted = number(live), None if wanted is None or not np.isfinite(wanted) else wanted
    if live is None or wanted is None:
        return live is None and wanted is None
    return live == pytest.approx(wanted, rel=1e-9, abs=1e-7)


def rows_of(sheet):
    """Return (name, values of all months, value of all months together) of every row that has a name."""
    for row in sheet.iter_rows(min_row=FIRST_ROW, values_only=True):
        if row[0] and row[1]:
            yield row[0], row[rows.FIRST - 1 :], row[rows.ALL - 1]


def differences(book, result):
    """Return what differs between a computed workbook and the model at central values."""
    found = []
    model = {name: (months, once) for name, months, once in rows_of(book["Model"])}
    plain = result.central_trajectory
    for name in PATHS:
        wanted = getattr(plain, name)[0]
        live = model[name][0]
        found += [f"Model, {name}, {t}" for t, value in enumerate(wanted) if not agree(live[t], value)]
    for name, summary in result.metrics.items():
        if name in model and "central" in summary and not agree(model[name][1], summary["central"]):
            found.append(f"{name}: {model[name][1]}, not {summary['central']}")
    parts = []
    for name, months, once in list(rows_of(book["Options"]))[1:]:  # after the calendar
        parts += [{}] if name == next(iter(OPTIONS)) else []
        parts[-1][name] = (months, once)
    for part, (mix, chosen) in zip(parts, excel.MIXES.items(), strict=True):
        path = result.central_model.trajectory(chosen)
        for name in ("spend", "revenue", "net_burn", "cash"):
            wanted = getattr(path, name)[0]
            found += [
                f"{mix}, {name}, {t}" for t, value in enumerate(wanted) if not agree(part[name][0][t], value)
            ]
        for name in MEASURES:
            wanted = result.portfolio_metrics[mix][name]["central"]
            if not agree(part[name][1], wanted):
                found.append(f"{mix}, {name}: {part[name][1]}, not {wanted}")
    return found


def case(tables, scenario="as_reported", **values):
    return Result(resolve(tables, scenario, {"draws": 16, **values}))


@needs_libreoffice
class TestInLibreOffice:
    def test_scenarios_and_extremes(self, tables, tmp_path):
        results = {name: case(tables, name) for name in tables.scenarios}
        results |= {name: case(tables, **changes) for name, changes in EXTREMES.items()}
        books = {name: excel.write(result, tables) for name, result in results.items()}
        computed = libreoffice.recalculated(books, tmp_path)
        assert [
            f"{name}: {found}" for name in books for found in differences(computed[name], results[name])
        ] == []
        assert {name: book["Checks"]["B3"].value for name, book in computed.items()} == dict.fromkeys(
            books, 0
        )

    def test_a_changed_burn_gives_the_numbers_of_that_case(self, tables, tmp_path):
        book = openpyxl.load_workbook(io.BytesIO(excel.write(case(tables), tables)))
        sheet, place = next(book.defined_names["monthly_burn_usd_m"].destinations)
        book[sheet][place.replace("$", "")].value = 1200
        changed = io.BytesIO()
        book.save(changed)
        live = libreoffice.recalculated({"dearer": changed.getvalue()}, tmp_path)["dearer"]
        assert differences(live, case(tables, monthly_burn_usd_m=1200)) == []
        assert live["Checks"]["B3"].value > 0  # the stored figures are of another case, and it says so


@pytest.mark.skipif(bool(libreoffice.PROGRAM), reason="LibreOffice is here and computes all workbooks")
def test_without_libreoffice_another_program_finds_the_same_runway(tables, tmp_path):
    import formulas

    result = case(tables, horizon_months=13)
    path = tmp_path / "book.xlsx"
    path.write_bytes(excel.write(result, tables))
    found = formulas.ExcelModel().loads(str(path)).finish().calculate()
    sheet, place = next(openpyxl.load_workbook(path).defined_names["runway_months"].destinations)
    end = f"]{sheet.upper()}'!{place.replace('$', '')}"
    live = next(cell for key, cell in found.items() if str(key).endswith(end))
    assert float(live.value[0, 0]) == pytest.approx(result.metrics["runway_months"]["central"], rel=1e-9)


class TestFile:
    def test_same_case_same_bytes(self, tables):
        assert excel.write(case(tables), tables) == excel.write(case(tables), tables)

    def test_names_of_cells_are_the_names_of_the_inputs(self, tables):
        names = openpyxl.load_workbook(io.BytesIO(excel.write(case(tables), tables))).defined_names
        assert set(tables.assumptions.index) < set(names)
        assert {"burn_basis", "runway_months", "implied_growth_per_month"} < set(names)

    def test_no_text_becomes_a_formula(self, tables):
        evidence = tables.evidence.copy()
        evidence["note"] = "=1+1"
        evidence["entity"] = "@SUM(A1)"
        assumptions = tables.assumptions.copy()
        assumptions["why"] = '=HYPERLINK("http://example.org")'
        hostile = dataclasses.replace(tables, evidence=evidence, assumptions=assumptions)
        book = openpyxl.load_workbook(io.BytesIO(excel.write(case(tables), hostile)))
        assert {cell.data_type for row in book["Evidence"].iter_rows(min_row=4) for cell in row} <= {"s", "n"}
        whys = [row[8] for row in book["Inputs"].iter_rows(min_row=9)]
        assert {cell.data_type for cell in whys} == {"s"}

    def test_nothing_leads_to_another_file_and_there_is_no_macro(self, tables):
        import zipfile

        with zipfile.ZipFile(io.BytesIO(excel.write(case(tables), tables))) as book:
            assert not [name for name in book.namelist() if "externalLink" in name or "vba" in name]

    def test_every_option_has_a_switch(self, tables):
        book = openpyxl.load_workbook(io.BytesIO(excel.write(case(tables), tables)))
        switches = [row[0].value for row in book["Options"].iter_rows(max_row=12)]
        assert set(OPTIONS) <= set(switches)
