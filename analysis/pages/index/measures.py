"""What the index shows: a forecast of cash against the money that came, the cases beside each other."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from analysis.inputs import months
from analysis.inputs.parameters import resolve
from analysis.inputs.place import BASE
from analysis.inputs.tables import Tables
from analysis.results import compared

OPENING = "opening_cash_usd_m"
MOST_MONTHS = 36  # of the forecast that are drawn
BANDS = [f"p{level}" for level in (5, 25, 50, 75, 95)]


@dataclass
class Measures:
    """Measures of all cases in a folder.

    `results`: case folder -> content of its results.json, at least one; `pages`, `failed`: case -> its pages,
    those that could not be built; `not_shown`: folder -> why; `comparison`: whether that page is there.
    """

    results: compared.Results
    tables: Tables
    pages: Mapping[str, list[str]]
    failed: Mapping[str, list[str]]
    not_shown: Mapping[str, str]
    comparison: bool
    command = "burn-report build"  # makes the index again

    def __post_init__(self) -> None:
        unchanged = [case for case, each in self.results.items() if not compared.changed(each, self.tables)]
        as_they_are = {self.results[case]["scenario"]: case for case in unchanged}
        self.lead = as_they_are.get(BASE, next(iter(self.results)))  # the case that the index speaks of first
        self.hindsight = as_they_are.get(compared.HINDSIGHT)
        self.cash_out = compared.cash_out(self.results, self.tables)

    @functools.cached_property
    def rounds(self) -> pd.DataFrame:
        """Money that xAI itself raised since then: date, amount_usd_m, evidence, total_usd_m."""
        known, start = self.tables.evidence, self.results[self.lead]["start_month"]
        raised = known["measure"].isin(("equity_raised", "debt_raised")) & (known["perimeter"] == "xai")
        came = self.tables.events
        came = came[came["kind"].isin(("equity", "debt")) & (came["date"].str[:7] >= start)]
        refs = came["evidence"].str.split().explode()
        came = came.assign(evidence=refs[refs.isin(known.index[raised])].groupby(level=0).first())
        came = came.dropna(subset=["evidence", "amount_usd_m"])
        frame = came.groupby("date", as_index=False).agg({"amount_usd_m": "sum", "evidence": " ".join})
        return frame.assign(total_usd_m=frame["amount_usd_m"].cumsum())

    @functools.cached_property
    def balances(self) -> pd.DataFrame:
        """Cash of xAI alone that is known: date, usd_m, evidence, series (balance, or worked_out)."""
        known = self.tables.evidence
        known = known[(known["measure"] == "cash_balance") & (known["perimeter"] == "xai")]
        known = known.dropna(subset="value").drop_duplicates("period_end")
        rows = [(row.period_end, row.value, row.id, "balance") for row in known.itertuples()]
        later = self.tables.scenarios.get(compared.HINDSIGHT)
        if later and OPENING in later.overrides:
            case = resolve(self.tables, compared.HINDSIGHT)
            before, refs = months.add(case.settings.start_month, -1), later.overrides[OPENING].evidence
            rows.append(
                (months.last_day(before).isoformat(), case[OPENING].central, " ".join(refs), "worked_out")
            )
        return pd.DataFrame(rows, columns=["date", "usd_m", "evidence", "series"])

    @functools.cached_property
    def forecast(self) -> pd.DataFrame:
        """Cash as forecast, until it is gone in 19 of 20 simulations: p5_usd_m … p95_usd_m, date."""
        start, path = (self.results[self.lead][name] for name in ("start_month", "paths"))
        frame = pd.DataFrame({f"{band}_usd_m": path["cash_usd_m"][band] for band in BANDS}).head(MOST_MONTHS)
        gone = frame.index[frame["p95_usd_m"] < 0]
        frame = frame.head(gone[0] + 1) if len(gone) else frame
        days = [months.last_day(months.add(start, month)) for month in frame.index]
        return frame.assign(date=[day.isoformat() for day in days])

    @functools.cached_property
    def cash(self) -> pd.DataFrame:
        """All in one, by series; the rounds' last row is the day on which xAI went into another company."""
        raised, events = self.rounds.rename(columns={"total_usd_m": "usd_m"}), self.tables.events
        ends = events.loc[(events["kind"] == "merger") & (events["date"] > raised["date"].max()), "date"]
        if len(raised) and len(ends):
            raised = pd.concat([raised, raised.tail(1).assign(date=ends.iloc[0], amount_usd_m=0.0)])
        parts = [self.forecast.assign(series="forecast"), raised.assign(series="raised"), self.balances]
        columns = ["series", "date", "usd_m", "amount_usd_m", *(f"{band}_usd_m" for band in BANDS)]
        return pd.concat([part for part in parts if len(part)], ignore_index=True).reindex(columns=columns)
