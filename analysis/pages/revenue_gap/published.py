"""What xAI published of itself, from the tables. Numbers only."""

import pandas as pd

from analysis.inputs.tables import Tables, with_role
from analysis.results import back_test

OWN = "xAI"


def quarters(tables: Tables) -> pd.DataFrame:
    """Return revenue by quarter, by date: date (middle), first_month, last_month, months, usd_m, evidence."""
    rows = with_role(tables, "reference_class")
    return _periods(rows[(rows["entity"] == OWN) & (rows["measure"] == "revenue")])


def spent(tables: Tables) -> pd.DataFrame:
    """Return the cash that was spent, by date: columns as quarters."""
    return _periods(_outcomes(tables, "cash_spent"))


def raised(tables: Tables) -> pd.DataFrame:
    """Return what was raised from June 2025 on, by day: date, equity_usd_m, debt_usd_m, usd_m, evidence."""
    figures = _outcomes(tables, back_test.FUNDS)
    days = figures.pivot_table("value", "period_start", "measure", "sum", fill_value=0.0)
    found = days.rename(columns={"equity_raised": "equity_usd_m", "debt_raised": "debt_usd_m"})
    evidence = figures.groupby("period_start")["id"].agg(" ".join)
    return found.assign(usd_m=days.sum(axis=1), evidence=evidence).reset_index(names="date")


def _outcomes(tables: Tables, item: str) -> pd.DataFrame:
    """Return the evidence of what came, of a back-tested item."""
    tested = tables.back_tests
    return tables.evidence.loc[" ".join(tested.loc[tested["item"] == item, "outcome"]).split()]


def _periods(rows: pd.DataFrame) -> pd.DataFrame:
    first, last = (pd.to_datetime(rows[end]) for end in ("period_start", "period_end"))
    columns = {
        "date": (first + (last - first) / 2).dt.strftime("%Y-%m-%d"),
        "first_month": rows["period_start"].str[:7], "last_month": rows["period_end"].str[:7],
        "months": (last.dt.year - first.dt.year) * 12 + last.dt.month - first.dt.month + 1,
        "usd_m": rows["value"], "evidence": rows["id"],
    }  # fmt: skip
    return pd.DataFrame(columns).sort_values("date", ignore_index=True)
