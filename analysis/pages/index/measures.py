"""What the index shows: a forecast of cash against the money that came, the cases beside each other, who is missing."""

import calendar
import functools
from collections.abc import Mapping

import pandas as pd

from analysis.inputs import months
from analysis.inputs.place import BASE
from analysis.inputs.tables import Tables
from analysis.results import compared

COMMAND = "burn-report build"  # makes the index again
RAISED = ("equity_raised", "debt_raised")  # measures of evidence: money that has come
MOST_MONTHS = 36  # of the forecast that are drawn
LEVELS = (5, 25, 50, 75, 95)


class Measures:
    """Measures of all cases in a folder. `results`: case -> results.json; `pages`, `failed`: case -> its pages, and those
    that could not be built; `not_shown`: folder -> why."""

    command = COMMAND

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
        pure = [case for case, result in results.items() if not compared.changed(result, tables)]
        named = {results[case]["scenario"]: case for case in pure}
        self.lead = named.get(BASE, next(iter(results)))
        self.hindsight = named.get(compared.HINDSIGHT)

    @property
    def leading(self) -> Mapping:
        """The results that the index speaks of first: "As reported", or the first there is."""
        return self.results[self.lead]

    @functools.cached_property
    def cash_out(self) -> pd.DataFrame:
        """When cash ends, a row per case (results.compared.cash_out)."""
        return compared.cash_out(self.results, self.tables)

    @functools.cached_property
    def rounds(self) -> pd.DataFrame:
        """Money that xAI itself raised since the forecast began: date, amount_usd_m, total_usd_m, evidence."""
        events, start = self.tables.events, self.leading["start_month"]
        came = events[events["kind"].isin(("equity", "debt")) & (events["date"].str[:7] >= start)]
        came = came.assign(evidence=came["evidence"].map(self._raised)).dropna(
            subset=["evidence", "amount_usd_m"]
        )
        by_date = came.groupby("date", sort=True)
        frame = by_date.agg(
            amount_usd_m=("amount_usd_m", "sum"), evidence=("evidence", " ".join)
        ).reset_index()
        return frame.assign(total_usd_m=frame["amount_usd_m"].cumsum())

    def _raised(self, ids: str) -> str | None:
        """Return which of an event's figures says that xAI itself has raised money, None where none does."""
        rows = self.tables.evidence.loc[ids.split()]
        return next(iter(rows.index[rows["measure"].isin(RAISED) & (rows["perimeter"] == "xai")]), None)

    @functools.cached_property
    def merged(self) -> str | None:
        """The date on which xAI went into another company after the last round, None without one."""
        events = self.tables.events
        later = events[(events["kind"] == "merger") & (events["date"] > self.rounds["date"].max())]
        return None if later.empty else later["date"].iloc[0]

    @functools.cached_property
    def balances(self) -> pd.DataFrame:
        """Cash of xAI alone that is known: date, usd_m, worked_out (from the accounts, not published), evidence."""
        evidence = self.tables.evidence
        known = evidence[(evidence["measure"] == "cash_balance") & (evidence["perimeter"] == "xai")]
        known = known.drop_duplicates("period_end")
        rows = [
            (row.period_end, row.value, False, row.id) for row in known.itertuples() if row.value == row.value
        ]
        if later := self.tables.scenarios.get(compared.HINDSIGHT):
            opening, start = later.overrides.get("opening_cash_usd_m"), later.settings.get("start_month")
            if opening and start:
                value = opening.estimate[1] if isinstance(opening.estimate, tuple) else opening.estimate
                rows.append((_end(months.add(start, -1)), float(value), True, " ".join(opening.evidence)))
        return pd.DataFrame(rows, columns=["date", "usd_m", "worked_out", "evidence"])

    @functools.cached_property
    def forecast(self) -> pd.DataFrame:
        """Cash as forecast, at the end of each month until it is gone in 19 of 20 simulations: date, p5_usd_m … p95_usd_m."""
        start, path = self.leading["start_month"], self.leading["paths"]["cash_usd_m"]
        gone = next((month for month, cash in enumerate(path["p95"]) if cash < 0), MOST_MONTHS)
        shown = range(min(gone + 1, len(path["p95"]), MOST_MONTHS))
        bands = {f"p{level}_usd_m": [path[f"p{level}"][month] for month in shown] for level in LEVELS}
        return pd.DataFrame({"date": [_end(months.add(start, month)) for month in shown]} | bands)

    @functools.cached_property
    def cash(self) -> pd.DataFrame:
        """The three in one frame: series (forecast, raised, balance, worked_out), date, usd_m or p5_usd_m … p95_usd_m."""
        raised = self.rounds.rename(columns={"total_usd_m": "usd_m"}).assign(series="raised")
        if self.merged and len(raised):
            raised = pd.concat([raised, raised.tail(1).assign(date=self.merged, amount_usd_m=0.0)])
        balances = self.balances.assign(series="balance")
        balances["series"] = balances["series"].where(~balances["worked_out"], "worked_out")
        parts = [self.forecast.assign(series="forecast"), raised, balances]
        parts = [part for part in parts if len(part)]
        columns = ["series", "date", "usd_m", "amount_usd_m", *self.forecast.columns[1:]]
        return pd.concat(parts, ignore_index=True).reindex(columns=columns)


def _end(month: str) -> str:
    """Return the last day of a month as YYYY-MM-DD."""
    year, number = map(int, month.split("-"))
    return f"{month}-{calendar.monthrange(year, number)[1]}"
