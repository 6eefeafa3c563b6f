"""The model of one case as a workbook: inputs to change, months and options in live formulas, the simulations
beside them.
"""

import datetime
import io
import re
import zipfile

from openpyxl import Workbook
from openpyxl.workbook.properties import CalcProperties

from analysis.excel import lists, model_sheet, options_sheet
from analysis.inputs.tables import Tables
from analysis.model.options import STAY
from analysis.results.results import Result

MADE = datetime.datetime(2025, 6, 17)  # the day of the claim: the same case gives the same bytes
OPTION_TITLES = {
    "raise_capital": "Raise capital",
    "partner": "Find a partner",
    "focus": "Cut back and focus",
    "integrate_x": "Integrate X",
}


def write(result: Result, tables: Tables) -> bytes:
    """Return the workbook of a case. The same case gives the same bytes."""
    book = Workbook()
    book.calculation = CalcProperties(fullCalcOnLoad=True)
    sheets = [book.active, *(book.create_sheet() for _ in range(6))]
    names = ("Read me", "Inputs", "Model", "Options", "Headlines", "Evidence", "Checks")
    for sheet, name in zip(sheets, names, strict=True):
        sheet.title = name
        sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
    about, inputs, model, options, headlines, evidence, checks = sheets
    scenario = tables.scenario(result.case.scenario)
    lists.read_me(about, result, scenario.title, result.case.changed)
    lists.inputs(inputs, result, tables)
    months = model_sheet.write(model, result.settings.horizon_months)
    titles = {name: mix_title(chosen) for name, chosen in options_sheet.mixes().items()}
    mixes = options_sheet.write(options, months, titles)
    lists.headlines(headlines, result, months, mixes, titles)
    lists.evidence(evidence, result, tables)
    lists.checks(checks, result, months, mixes, titles)
    return _bytes(book)


def mix_title(chosen: tuple[str, ...]) -> str:
    """Return a mix of options in words."""
    words = [OPTION_TITLES.get(name, name.replace("_", " ")) for name in chosen]
    return " + ".join(words) or STAY.replace("_", " ").capitalize()


def _bytes(book: Workbook) -> bytes:
    """Return the file without the moment of its making."""
    made, fixed = io.BytesIO(), io.BytesIO()
    book.save(made)
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == "docProps/core.xml":
                content = re.sub(
                    rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", f"{MADE:%Y-%m-%dT%H:%M:%SZ}".encode(), content
                )
            plain = zipfile.ZipInfo(entry.filename, MADE.timetuple()[:6])
            plain.compress_type, plain.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            new.writestr(plain, content)
    return fixed.getvalue()
