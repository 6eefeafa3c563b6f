"""Tables of the page on a sweep: which mix of options leads how often."""

from analysis.show.table import Column, Table

TABLES = {
    "options": Table(
        "options",
        {"mix": Column("mix"), "cases": Column("cases", "count"), "clear": Column("clear", "count")},
    ),
}
