"""The model of one case as a workbook: inputs to change, live formulas, the simulations beside them."""

import datetime
import io
import pathlib
import zipfile

from openpyxl import Workbook
from openpyxl.workbook.properties import CalcProperties
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from analysis.excel import cells, lists
from analysis.excel.rows import HEADS, Rows, rows_of
from analysis.inputs.tables import Tables
from analysis.model.options import OPTIONS, STAY
from analysis.results.metrics import OF_CASE
from analysis.results.results import Result
from analysis.show.text import mix_name

MADE = datetime.datetime(2025, 6, 17)  # the day of the claim: the same case gives the same bytes
SHEETS = ("Read me", "Inputs", "Model", "Options", "Headlines", "Evidence", "Checks")
MIXES = {STAY: ()} | {name: (name,) for name in OPTIONS} | {"+".join(OPTIONS): tuple(OPTIONS)}


def write(result: Result, tables: Tables) -> bytes:
    """Return the workbook of a case. The same case gives the same bytes."""
    book = Workbook()
    book.calculation = CalcProperties(fullCalcOnLoad=True)
    book.remove(book.active)
    for name in SHEETS:
        sheet = book.create_sheet(name)
        sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
    months = result.settings.horizon_months
    lists.read_me(book["Read me"], result, tables.scenario(result.case.scenario).title)
    lists.inputs(book["Inputs"], result, tables)
    note = "Every number here is a formula that leads back to the sheet Inputs. Millions of US dollars."
    cells.head(book["Model"], "The model at central values, month by month", note, HEADS, "E7")
    model = Rows(book["Model"], lists.FIRST_ROW, months, rows_of("model.en.j2", months))
    parts = [(lists.AS_IT_IS, model, {name: result.metrics[name] for name in OF_CASE})]
    parts += _options(book["Options"], months, model, result)
    lists.headlines(book["Headlines"], parts)
    lists.evidence(book["Evidence"], result, tables)
    lists.checks(book["Checks"], months, parts)
    return _bytes(book)


def _options(sheet: Worksheet, months: int, model: Rows, result: Result) -> list[lists.Part]:
    """Write nothing done, each option alone and all together; return these parts."""
    note = "Yellow switches turn an option on (1) or off (0) in its part: any mix can be tried."
    cells.head(sheet, "The options, month by month", note, HEADS, "E6")
    calendar = "month | Calendar month | text | [calendar_month]"
    parts, row = [], Rows(sheet, lists.FIRST_ROW, months, calendar, above=model).end
    for mix, chosen in MIXES.items():
        text = rows_of("options.en.j2", months, title=mix_name(mix), chosen=chosen)
        rows = Rows(sheet, row + 1, months, text, above=model)
        parts.append((mix_name(mix), rows, result.portfolio_metrics[mix]))
        row = rows.end
    return parts


class _Archive(zipfile.ZipFile):
    """A file whose parts bear the day of the claim, whatever the clock says."""

    def writestr(self, name: str, content: str | bytes) -> None:
        part = zipfile.ZipInfo(name, MADE.timetuple()[:6])
        part.external_attr = 0o644 << 16
        super().writestr(part, content, zipfile.ZIP_DEFLATED)

    def write(self, path: str, name: str) -> None:
        self.writestr(name, pathlib.Path(path).read_bytes())


def _bytes(book: Workbook) -> bytes:
    """Return the file without the moment of its making."""
    made = io.BytesIO()
    book.properties.created = book.properties.modified = MADE
    with _Archive(made, "w") as archive:
        ExcelWriter(book, archive).save()
    return made.getvalue()
