"""The cost page's tables, with the arithmetic of each row in words."""

import pandas as pd

from analysis.pages.cost_breakdown import digits
from analysis.show.page import Page
from analysis.show.quantity import derived
from analysis.show.table import Column, Table

TABLES = {
    "parts": Table(
        "parts",
        {
            "line": Column("line", "label"),
            "amount": Column("amount", "money"),
            "sources": Column("drivers", "sources"),
        }
        | {"range": Column(("p5_usd_m", "p95_usd_m"), "money"), "how": Column("how")},
        total=True,
    ),
    "candidates": Table(
        "candidates",
        {"candidate": Column("candidate", "label"), "amount": Column("amount", "money")}
        | {"sources": Column("refs", "sources"), "reading": Column("reading")},
    ),
}


def parts(page: Page) -> pd.DataFrame:
    """Return Measures.parts with amounts that add up as they are written, and each line's arithmetic."""
    frame = page.measures.parts
    shown = digits.of_parts(frame.set_index("line")["usd_m"])
    amounts = [derived(row.usd_m, "money", digits=shown[row.line]) for row in frame.itertuples()]
    how = _words([f"how_{line}" for line in frame["line"]], page)
    over = (frame["line"] == "unplaced") & (frame["usd_m"] < 0)
    return frame.assign(amount=amounts, how=how, line=frame["line"].mask(over, "over"))


def candidates(page: Page) -> pd.DataFrame:
    """Return Measures.candidates with what speaks for and against each."""
    frame, names = page.measures.candidates, page.measures.candidates["candidate"]
    amounts = [page.facts["candidates"][name] for name in names]
    return frame.assign(amount=amounts, reading=_words([f"reading_{name}" for name in names], page))


def _words(names: list[str], page: Page) -> pd.Series:
    """Return sentences of the page's text for a column: objects, so that they stay markup."""
    return pd.Series([page.text.words(name) for name in names], dtype=object)
