"""What xAI published of itself, and how fast other laboratories grew, from the tables. Numbers only."""

import math

import numpy as np
import pandas as pd

from analysis.inputs.tables import Tables, with_role
from analysis.results import back_test

OWN = "xAI"
READINGS = {  # of the published dates: of the first figure and of the last
    "per_month": ("date", "date"), "low": ("first_date", "last_date"), "high": ("last_date", "first_date"),
}  # fmt: skip
COLUMNS = ["lab", "same_size", "from_usd_m", "months", *READINGS, "evidence"]


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


def growth(rates: pd.DataFrame, size: float) -> dict[str, object] | None:
    """Return one laboratory's monthly growth from `size` to its last figure; None where it has not grown.

    `rates`: its back_test.run_rates. The day of that size lies between two figures on a log scale; it is the
    first one where that is larger (`same_size` is False). `low`, `high`: the slowest and fastest reading.
    """
    sizes, last = rates["usd_m_per_year"], rates.iloc[-1]
    start = max(size, float(sizes.iloc[0]))
    if last["usd_m_per_year"] <= start:
        return None
    months = {}
    for reading, (begun, ended) in READINGS.items():
        since = (rates[begun] - rates[begun].iloc[0]).dt.days
        passed = pd.Timedelta(days=np.interp(math.log(start), np.log(sizes), since))
        months[reading] = back_test.months_between(rates[begun].iloc[0] + passed, last[ended])
    multiple = last["usd_m_per_year"] / start
    return {
        "lab": last["lab"], "same_size": start == size, "from_usd_m": start, "months": months["per_month"],
        **{name: multiple ** (1 / each) - 1 if each > 0 else math.nan for name, each in months.items()},
        "evidence": f"{rates.loc[sizes <= start, 'evidence'].iloc[-1]} {last['evidence']}",
    }  # fmt: skip


def _outcomes(tables: Tables, item: str) -> pd.DataFrame:
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
