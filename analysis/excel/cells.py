"""What every sheet needs: cells that are text, number or formula and never the wrong one, heads, names."""

from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

TITLE, HEAD = Font(bold=True, size=14), Font(bold=True)
LINK = Font(color="000563C1", underline="single")
INPUT, STORED = PatternFill("solid", fgColor="00FFF4CC"), PatternFill("solid", fgColor="00EEEEEE")
WRAP, RIGHT = Alignment(wrap_text=True, vertical="top"), Alignment(horizontal="right", vertical="top")
NEVER, BEYOND = "never", "beyond the horizon"
FORMATS = {"share": "0.0%", "per_month": "0.00%", "per_year": "0.0%", "usd": "#,##0", "count": "#,##0"}
HEADS_ROW = 4


class Formula(str):
    """A formula, without its "="."""


def number_format(unit: str) -> str:
    """Return how a number of this unit is shown."""
    found = (form for start, form in FORMATS.items() if unit.startswith(start) and "usd_m" not in unit)
    return next(found, "#,##0.0###")


def put(sheet: Worksheet, row: int, column: int, value: object, unit: str = "") -> Cell:
    """Write a formula, a number (None: never) or a text, which never becomes a formula; return the cell."""
    cell = sheet.cell(row, column)
    if isinstance(value, Formula):
        cell.value, cell.number_format = f"={value}", number_format(unit)
    elif isinstance(value, str):
        cell.value, cell.data_type, cell.alignment = value, "s", WRAP
    else:
        cell.value = NEVER if value is None else value
        cell.number_format, cell.alignment = number_format(unit), RIGHT
    return cell


def line(sheet: Worksheet, row: int, values: list[object], unit: str = "") -> None:
    """Write a row of values; its numbers are in `unit`, "" leaves a cell empty."""
    for column, value in enumerate(values, 1):
        if value != "":
            put(sheet, row, column, value, unit)


def head(sheet: Worksheet, title: str, note: str, columns: dict[str, int], keep: str) -> None:
    """Write title, note and heads (name -> width in characters); what is before `keep` stays in sight."""
    put(sheet, 1, 1, title).font = TITLE
    put(sheet, 2, 1, note)
    for column, (name, width) in enumerate(columns.items(), 1):
        put(sheet, HEADS_ROW, column, name).font = HEAD
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = keep


def link(sheet: Worksheet, row: int, column: int, url: str) -> None:
    """Let a cell lead to an address."""
    cell = sheet.cell(row, column)
    cell.hyperlink, cell.font = url, LINK


def named(sheet: Worksheet, name: str, row: int, column: int) -> None:
    """Give a cell a name that formulas of every sheet may use."""
    place = f"'{sheet.title}'!${get_column_letter(column)}${row}"
    sheet.parent.defined_names[name] = DefinedName(name, attr_text=place)
