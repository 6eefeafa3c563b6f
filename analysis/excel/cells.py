"""What every sheet needs: cells that are text or number or formula and never the wrong one, and rows of
formulas by month.
"""

import functools
import re
from collections.abc import Iterable

from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

TITLE, HEAD, MUTED = Font(bold=True, size=14), Font(bold=True), Font(color="00595959")
INPUT = PatternFill("solid", fgColor="00FFF4CC")
STORED = PatternFill("solid", fgColor="00EEEEEE")
LINK = Font(color="000563C1", underline="single")
WRAP, RIGHT = Alignment(wrap_text=True, vertical="top"), Alignment(horizontal="right", vertical="top")
NEVER, BEYOND = "never", "beyond the horizon"
FORMATS = {"share": "0.0%", "per_month": "0.00%", "per_year": "0.0%", "usd": "#,##0", "count": "#,##0"}
FIRST_MONTH = 5  # column of month 0; before it name, words, unit and what holds for all months
_REFERENCE = re.compile(r"\[(\w+)(-1|-12|:row|@0|\.)?\]")


@functools.cache
def number_format(unit: str) -> str:
    """Return how a number of this unit is shown."""
    return next(
        (form for start, form in FORMATS.items() if unit.startswith(start) and "usd_m" not in unit),
        "#,##0.0###",
    )


def text(sheet: Worksheet, row: int, column: int, value: object, style: Font | None = None) -> None:
    """Write a text, whatever it begins with: no text of the tables can become a formula."""
    cell = sheet.cell(row, column, str(value))
    cell.data_type = "s"
    cell.alignment = WRAP
    if style:
        cell.font = style


def number(sheet: Worksheet, row: int, column: int, value: float | str | None, unit: str) -> None:
    """Write a number, or what stands for one that there is not."""
    cell = sheet.cell(row, column, NEVER if value is None else value)
    cell.number_format = number_format(unit)
    cell.alignment = RIGHT


def formula(sheet: Worksheet, row: int, column: int, content: str, unit: str) -> None:
    """Write a formula (without its "=")."""
    cell = sheet.cell(row, column, f"={content}")
    cell.number_format = number_format(unit)


def heads(sheet: Worksheet, row: int, names: Iterable[str]) -> None:
    """Write a row of column heads."""
    for column, name in enumerate(names, 1):
        text(sheet, row, column, name, HEAD)


def widths(sheet: Worksheet, *sizes: float) -> None:
    """Set the widths of the first columns, in characters."""
    for column, size in enumerate(sizes, 1):
        sheet.column_dimensions[get_column_letter(column)].width = size


def named(sheet: Worksheet, name: str, row: int, column: int) -> None:
    """Give a cell a name that formulas of every sheet may use."""
    place = f"'{sheet.title}'!${get_column_letter(column)}${row}"
    sheet.parent.defined_names[name] = DefinedName(name, attr_text=place)


class Months:
    """Rows of formulas with a column per month; a row has a name, and formulas say the names of rows in
    brackets.

    `[spend]` is the same month, `[spend-1]` the month before, `[spend-12]` a year before, `[spend@0]` month
    0,
    `[spend:row]` all months, `[spend.]` what holds for all months. `above`: rows of another sheet that may be
    named too.
    """

    def __init__(self, sheet: Worksheet, months: int, row: int, above: "Months | None" = None) -> None:
        self.sheet, self.months, self.row, self.above = sheet, months, row, above
        self.rows: dict[str, int] = {}

    def heading(self, words: str) -> None:
        """Begin a part with a heading."""
        self.row += 1
        text(self.sheet, self.row, 1, words, HEAD)
        self.row += 1

    def add(
        self, name: str, words: str, unit: str, once: str = "", monthly: str = "", first: str = ""
    ) -> None:
        """Write a row: a formula that holds for all months, or one by month (`first`: another one for month
        0).
        """
        self.rows[name] = self.row
        for column, content in enumerate((name, words, unit), 1):
            text(self.sheet, self.row, column, content, MUTED if column != 2 else None)
        if once:
            formula(self.sheet, self.row, FIRST_MONTH - 1, self.written(once, 0), unit)
        for month in range(self.months if monthly else 0):
            content = first if first and not month else monthly
            formula(self.sheet, self.row, FIRST_MONTH + month, self.written(content, month), unit)
        self.row += 1

    def place(self, name: str, month: int | None = None) -> str:
        """Return the address of a row's value (for all months, or in one) as other sheets say it."""
        column = FIRST_MONTH - 1 if month is None else FIRST_MONTH + month
        return f"'{self.sheet.title}'!${get_column_letter(column)}${self.rows[name]}"

    def written(self, content: str, month: int) -> str:
        return _REFERENCE.sub(lambda found: self._address(found[1], found[2], month), content)

    def _address(self, name: str, which: str | None, month: int) -> str:
        if name not in self.rows and self.above:
            return f"'{self.above.sheet.title}'!{self.above._address(name, which, month)}"
        row, last = self.rows[name], get_column_letter(FIRST_MONTH + self.months - 1)
        if which == ":row":
            return f"${get_column_letter(FIRST_MONTH)}${row}:${last}${row}"
        if which == ".":
            return f"${get_column_letter(FIRST_MONTH - 1)}${row}"
        back = {"-1": 1, "-12": 12, "@0": month}.get(which or "", 0)
        return f"{get_column_letter(FIRST_MONTH + month - back)}{row}"
