"""Tables of the page on options: what each option assumes, and what was done."""

from analysis.show.table import Column, Table

TABLES = {
    "assumed": Table("assumed", {
        "input": Column("label"), "option": Column("option", "label"),
        **{end: Column(end, "entered") for end in ("central", "low", "high")},
        "source": Column("refs", "sources"),
    }),
    "done": Table("done", {
        "what": Column("what"), "date": Column("date", "date"),
        "amount": Column("amount_usd_m", "money", digits=3), "source": Column("evidence", "sources"),
    }),
}  # fmt: skip
