"""Rows of formulas with a column a month, from a text file that calls them by name: sheets/formulas.j2."""

import pathlib
import re

import jinja2
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from analysis.excel.cells import BEYOND, HEAD, INPUT, NEVER, Formula, line, named, put
from analysis.model.costs import CATEGORY_LINES, HOURS_PER_MONTH, LINES
from analysis.model.options import OPTIONS
from analysis.results.metrics import METRICS
from analysis.show.template import COMPILED
from analysis.show.text import mix_name

HEADS = {"name": 34, "what it is": 46, "unit": 18, "all months": 14, "by month": 14}
ALL, FIRST = 4, 5  # columns of what holds for all months, and of month 0
FILES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(pathlib.Path(__file__).parent / "sheets"), bytecode_cache=COMPILED,
    undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True,
)  # fmt: skip
FILES.globals |= {
    "metrics": METRICS, "categories": CATEGORY_LINES, "lines": LINES, "hours_per_month": HOURS_PER_MONTH,
    "options": tuple(OPTIONS), "mix_name": mix_name, "never": NEVER, "unknown": f'"{BEYOND}"',
}  # fmt: skip
REFERENCE = re.compile(r"\[(\w+)(-1|@0|:row|:rest)?\]")


def rendered(file: str, **values: object) -> str:
    """Return a file of sheets/ as lines; one that begins with blanks goes on with the line above."""
    return re.sub(r"\n +", " ", FILES.get_template(file).render(values))


def rows_of(file: str, months: int, **values: object) -> str:
    """Return the rows of a file for a horizon of `months`, a line each, a blank one above headings."""
    lines = filter(None, rendered(file, months=months, **values).splitlines())
    return "\n".join(lines).replace("\n# ", "\n\n# ")


class Rows:
    """Rows of rows_of on a sheet, from `start` on; `end`: the row after, `above`: rows that they may name."""

    def __init__(
        self, sheet: Worksheet, start: int, months: int, text: str, above: "Rows | None" = None
    ) -> None:
        self.sheet, self.above = sheet, above
        self.places: dict[str, tuple[int, int]] = {}  # name -> (row, columns by month, 0 for one value)
        columns, lines = months, [re.split(r" *\| *", line) for line in text.splitlines()]
        self.end = start + len(lines)
        for row, (name, *given) in enumerate(lines, start):
            if name.startswith("#"):  # and a number of columns, if it is not that of the months
                columns = int(given[0]) if given else months
                put(sheet, row, 1, name.removeprefix("# ")).font = HEAD
            elif name:
                _, _, formula, *first = given
                self.places[name] = row, columns if first or self._is_monthly(formula) else 0
        for name, *given in lines:
            if name in self.places:
                self._write(name, *given)

    def _write(self, name: str, label: str, unit: str, formula: str, first: str = "") -> None:
        row, columns = self.places[name]
        line(self.sheet, row, [name, label, unit])
        pattern = self._addressed(formula)
        if unit == "switch":
            put(self.sheet, row, ALL, int(formula)).fill = INPUT
        elif not columns:
            put(self.sheet, row, ALL, Formula(pattern), unit)
        if name in METRICS and not columns and not self.above:
            named(self.sheet, name, row, ALL)
        letters = [get_column_letter(FIRST + month) for month in range(columns)]
        for month, letter in enumerate(letters):
            content = pattern.format(now=letter, before=letters[month - 1])
            put(self.sheet, row, FIRST + month, Formula(content), unit)
        if first:
            self.sheet.cell(row, FIRST).value = "=" + self._addressed(first).format(now=letters[0])

    def _is_monthly(self, formula: str) -> bool:
        """Whether a formula speaks of a month: of its own, the one before, or those to come."""
        found = REFERENCE.findall(formula)
        return any(which in ("", "-1", ":rest") and self._place(name)[1][1] for name, which in found)

    def _place(self, name: str) -> tuple["Rows", tuple[int, int]]:
        if name in self.places or not self.above:
            return self, self.places[name]
        return self.above._place(name)

    def _addressed(self, formula: str) -> str:
        """Return a formula with addresses for names; {now} and {before} stand for columns of months."""
        return REFERENCE.sub(lambda found: self._address(*found.groups(), outside=False), formula)

    def outside(self, formula: str) -> Formula:
        """Return a formula over these rows, of all months or one value, as another sheet says it."""
        return Formula(REFERENCE.sub(lambda found: self._address(*found.groups(), outside=True), formula))

    def _address(self, name: str, which: str | None, outside: bool) -> str:
        rows, (row, columns) = self._place(name)
        sheet = f"'{rows.sheet.title}'!" if outside or rows is not self else ""
        last = get_column_letter(FIRST + columns - 1)
        if not columns:
            return f"{sheet}${get_column_letter(ALL)}${row}"
        if which in (":row", ":rest"):
            start = "{now}" if which == ":rest" else f"${get_column_letter(FIRST)}"
            return f"{sheet}{start}{row}:${last}${row}"
        if which == "@0":
            return f"{sheet}${get_column_letter(FIRST)}{row}"
        month = "{before}" if which == "-1" else "{now}"
        return f"{sheet}{month}{row}"
