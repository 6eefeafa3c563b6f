"""The cost page's tables, with the arithmetic of each row in words."""

import pandas as pd

from analysis.pages.cost_breakdown import sums
from analysis.show.page import Page
from analysis.show.quantity import Quantity
from analysis.show.table import Column, Table

TABLES = {
    "parts": Table("parts", {
        "line": Column("line", "label"), "amount": Column("amount", "money"),
        "sources": Column("drivers", "sources"), "range": Column(("p5_usd_m", "p95_usd_m"), "money"),
        "how": Column("how"),
    }, total=True),
    "candidates": Table("candidates", {
        "candidate": Column("candidate", "label"), "amount": Column("amount", "money"),
        "sources": Column("refs", "sources"), "reading": Column("reading"),
    }),
}  # fmt: skip


def parts(page: Page) -> pd.DataFrame:
    """Return Measures.parts with amounts that add up as they are written, and each line's arithmetic."""
    frame = page.measures.parts
    written = sums.written(frame.set_index("line")["usd_m"])
    amounts = [Quantity(written[line][0], "money", digits=written[line][1]) for line in frame["line"]]
    how = [page.text.words(f"how_{line}") for line in frame["line"]]
    line = frame["line"].mask((frame["line"] == "unplaced") & (frame["usd_m"] < 0), "over")
    return frame.assign(amount=amounts, how=pd.Series(how, dtype=object), line=line)  # words stay markup


def candidates(page: Page) -> pd.DataFrame:
    """Return the candidates of the page's facts with what speaks for and against each."""
    rows = [
        (name, amount, " ".join(amount.refs), page.text.words(f"reading_{name}"))
        for name, amount in page.facts["candidates"].items()
    ]
    return pd.DataFrame(rows, columns=["candidate", "amount", "refs", "reading"], dtype=object)
