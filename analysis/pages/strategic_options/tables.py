"""Tables of the page on options: what each option assumes, what was done, what was assumed against what
came.
"""

from analysis.show.table import Column, Table

TABLES = {
    "assumed": Table(
        "assumed",
        {
            "input": Column("label"),
            "option": Column("option", "label"),
            "central": Column("central", "entered"),
            "low": Column("low", "entered"),
            "high": Column("high", "entered"),
            "source": Column("refs", "sources"),
        },
    ),
    "done": Table(
        "done",
        {
            "what": Column("what"),
            "date": Column("date"),
            "amount": Column("amount_usd_m", "money", digits=3),
            "source": Column("evidence", "sources"),
        },
    ),
}
