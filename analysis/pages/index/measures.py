"""What the index shows: a forecast of cash against the money that came, the cases beside each other, who
is missing.
"""

import calendar
import functools
from collections.abc import Mapping

import pandas as pd

from analysis.inputs import months
from analysis.inputs.place import BASE
from analysis.inputs.tables import Tables
from analysis.results import compared

RAISED = ("equity_raised", "debt_raised")  # measures of evidence: money that has come
MOST_MONTHS = 36  # of the forecast that are drawn
BANDS = [f"p{level}" for level in (5, 25, 50, 75, 95)]


class Measures:
    """Measures of all cases in a folder; arguments as of render.render."""

    command = "burn-report build"  # makes the index again

    def __init__(
        self,
        results: compared.Results,
        tables: Tables,
        pages: Mapping[str, list[str]],
        failed: Mapping[str, list[str]],
        not_shown: Mapping[str, str],
        comparison: bool,
    ) -> None:
        self.results, self.tables, self.comparison = results, tables, comparison
        self.pages, self.failed, self.not_shown = pages, failed, not_shown
        as_they_are = {
            result["scenario"]: case
            for case, result in results.items()
            if not compared.changed(result, tables)
        }
        self.lead = as_they_are.get(BASE, next(iter(results)))  # the case that the index speaks of first
        self.hindsight = as_they_are.get(compared.HINDSIGHT)

    @functools.cached_property
    def cash_out(self) -> pd.DataFrame:
        """When cash ends, a row per case (results.compared.cash_out)."""
        return compared.cash_out(self.results, self.tables)

    @functools.cached_property
    def rounds(self) -> pd.DataFrame:
        """Money that xAI itself raised since the forecast began: date, amount_usd_m, total_usd_m,
        evidence.
        """
        events, start = self.tables.events, self.results[self.lead]["start_month"]
        came = events[events["kind"].isin(("equity", "debt")) & (events["date"].str[:7] >= start)]
        came = came.assign(evidence=came["evidence"].map(self._raised)).dropna(
            subset=["evidence", "amount_usd_m"]
        )
        frame = came.groupby("date").agg({"amount_usd_m": "sum", "evidence": " ".join}).reset_index()
        return frame.assign(total_usd_m=frame["amount_usd_m"].cumsum())

    def _raised(self, ids: str) -> str | None:
        """Return which of an event's figures says that xAI itself has raised money, None where none does."""
        rows = self.tables.evidence.loc[ids.split()]
        return next(iter(rows.index[rows["measure"].isin(RAISED) & (rows["perimeter"] == "xai")]), None)

    @functools.cached_property
    def balances(self) -> pd.DataFrame:
        """Cash of xAI alone that is known: date, usd_m, evidence, series (balance; worked_out, from later
        accounts).
        """
        known = self.tables.evidence
        known = known[
            (known["measure"] == "cash_balance") & (known["perimeter"] == "xai") & known["value"].notna()
        ]
        known = known.drop_duplicates("period_end")
        rows = [(row.period_end, row.value, row.id, "balance") for row in known.itertuples()]
        later = self.tables.scenarios.get(compared.HINDSIGHT)
        if later and "opening_cash_usd_m" in later.overrides and "start_month" in later.settings:
            opening, start = later.overrides["opening_cash_usd_m"], later.settings["start_month"]
            central = opening.estimate[1] if isinstance(opening.estimate, tuple) else opening.estimate
            rows.append(
                (_end(months.add(start, -1)), float(central), " ".join(opening.evidence), "worked_out")
            )
        return pd.DataFrame(rows, columns=["date", "usd_m", "evidence", "series"])

    @functools.cached_property
    def forecast(self) -> pd.DataFrame:
        """Cash as forecast, at the end of each month until it is gone in 19 of 20 simulations: date,
        p5_usd_m … p95_usd_m.
        """
        start, path = (self.results[self.lead][name] for name in ("start_month", "paths"))
        frame = pd.DataFrame({f"{band}_usd_m": path["cash_usd_m"][band] for band in BANDS}).head(MOST_MONTHS)
        gone = frame.index[frame["p95_usd_m"] < 0]
        frame = frame.head(gone[0] + 1) if len(gone) else frame
        return frame.assign(date=[_end(months.add(start, month)) for month in frame.index])

    @functools.cached_property
    def cash(self) -> pd.DataFrame:
        """All in one frame: series (forecast, raised, balance, worked_out), date, usd_m, amount_usd_m,
        p5_usd_m … p95_usd_m.

        The last row of the rounds repeats the sum on the day on which xAI went into another company.
        """
        raised, events = self.rounds.rename(columns={"total_usd_m": "usd_m"}), self.tables.events
        ends = events.loc[(events["kind"] == "merger") & (events["date"] > raised["date"].max()), "date"]
        if len(raised) and len(ends):
            raised = pd.concat([raised, raised.tail(1).assign(date=ends.iloc[0], amount_usd_m=0.0)])
        parts = [self.forecast.assign(series="forecast"), raised.assign(series="raised"), self.balances]
        columns = ["series", "date", "usd_m", "amount_usd_m", *(f"{band}_usd_m" for band in BANDS)]
        return pd.concat([part for part in parts if len(part)], ignore_index=True).reindex(columns=columns)


def _end(month: str) -> str:
    """Return the last day of a month as YYYY-MM-DD."""
    return f"{month}-{calendar.monthrange(int(month[:4]), int(month[5:]))[1]}"
