"""Tables as HTML: a frame and a formatter per column; alignment follows from the formatter."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from analysis.inputs.errors import unknown
from analysis.show import numbers, template
from analysis.show.quantity import Quantity
from analysis.show.text import Markers

WORDS = ("text", "written", "label", "entered", "sources")  # formatters beside those of show.numbers
MOST_ROWS = 60  # of a frame that is shown to an analyst


@dataclass(frozen=True)
class Column:
    """A column of a table. `field`: a column of the frame, or a pair (low, high) of them, shown as a range.

    `formatter`: of show.numbers, or of WORDS: text, written (a number that is text already), label (a key of
    the page's labels), entered (unrounded, in the unit of the column `unit`), sources (ids, as markers).
    """

    field: str | tuple[str, str]
    formatter: str = "text"
    digits: int = 2

    def __post_init__(self) -> None:
        if self.formatter not in numbers.FORMATTERS and self.formatter not in WORDS:
            raise unknown("formatter", self.formatter, [*numbers.FORMATTERS, *WORDS])

    @property
    def css(self) -> str:
        """The class of its cells: num, source or none."""
        if self.formatter == "sources":
            return "source"
        return "num" if self.formatter in (*numbers.NUMERIC, "entered", "written") else ""


@dataclass(frozen=True)
class Table:
    """What a page knows of a table besides its data and words. `measure`: the frame's name in its measures.

    `columns`: key of the header in the page's labels -> column; the first is the row header. `total`: the
    last row is a total. `stacked`: on a phone each row is a block of its own.
    """

    measure: str
    columns: Mapping[str, Column]
    total: bool = False
    stacked: bool = True


def render(
    table: Table, frame: pd.DataFrame, caption: str, labels: Mapping[str, str],
    markers: Markers | None = None, key: str = "",
) -> Markup:  # fmt: skip
    """Return `frame` as a table with the headers of `labels`. Missing is "–"; without rows it says so."""
    columns, marked = table.columns.values(), markers if markers is not None else Markers()
    heads = [(labels[name], column.css) for name, column in table.columns.items()]
    rows = [[_cell(row, column, labels, marked) for column in columns] for row in frame.to_dict("records")]
    return template.render(
        "parts/table.html.j2", key=key, caption=caption, table=table, heads=heads, rows=rows
    )


def of_frame(frame: pd.DataFrame, caption: str) -> Markup:
    """Return a frame of measures as an analyst reads it: every column under its own name, four digits."""
    shown = frame.reset_index() if frame.index.name else frame
    numeric = {name: pd.api.types.is_float_dtype(shown[name]) for name in shown}
    columns = {str(name): Column(name, "plain" if numeric[name] else "text", digits=4) for name in shown}
    rest = f" (the first {MOST_ROWS} of {len(shown)} rows)" if len(shown) > MOST_ROWS else ""
    names = {name: name for name in columns}  # as the code has them
    return render(Table("", columns, stacked=False), shown.head(MOST_ROWS), caption + rest, names)


def _cell(record: dict, column: Column, labels: Mapping[str, str], markers: Markers) -> object:
    if isinstance(column.field, tuple):
        low, high = (record[name] for name in column.field)
        missing = low != low and high != high
        return numbers.MISSING if missing else numbers.interval(low, high, column.formatter, column.digits)
    value, formatter = record[column.field], column.formatter
    if isinstance(value, Quantity):
        return str(value)
    if formatter in numbers.FORMATTERS:
        return numbers.FORMATTERS[formatter](value, column.digits)
    if value is None or value is pd.NA or value != value or value == "":
        return numbers.MISSING
    if formatter == "entered":
        return numbers.as_entered(value, record["unit"])
    if formatter == "sources":
        return markers.links(value.split())
    return labels[value] if formatter == "label" else value
