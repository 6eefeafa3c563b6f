"""What the comparison shows: results beside each other, and against one of them."""

import functools
import shlex

import pandas as pd

from analysis.inputs import months
from analysis.inputs.tables import Tables
from analysis.results import compared

MOST_LINES = 5  # that can be told apart in one chart
WINDOW_MONTHS = 24  # of the chart of cash
HEADLINES = {  # metric -> the part of its summary that is compared
    "runway_months": "p50", "cash_out_month": "p50", "cash_out_probability_12m": "value",
    "funding_need_usd_m": "p50", "break_even_probability": "value",
}  # fmt: skip


class Measures:
    """Measures of several cases. `results`: name -> results.json; the others are set against `baseline`."""

    def __init__(self, results: compared.Results, tables: Tables, baseline: str) -> None:
        self.results = {baseline: results[baseline]} | dict(results)
        self.tables, self.baseline = tables, baseline
        self.command = shlex.join(["burn-report", "compare", *self.results])
        self.titles = compared.titles(self.results, tables)  # the baseline first
        self.cash_out = compared.cash_out(self.results, tables)
        self.options = compared.left_and_done(self.results, tables)  # chances of running dry
        self.inputs = compared.differing(self.results, tables, baseline)

    @functools.cached_property
    def worlds(self) -> pd.DataFrame:
        """What each case says: title, says (the first sentence of its scenario), start_month, refs."""
        rows = []
        for case, result in self.results.items():
            claims = self.tables.scenario(result["scenario"]).claims
            says = compared.says(result, self.tables)
            rows.append((self.titles[case], says, result["start_month"], " ".join(claims)))
        return pd.DataFrame(rows, columns=["title", "says", "start_month", "refs"])

    @functools.cached_property
    def headlines(self) -> pd.DataFrame:
        """A row per case: title, horizon_months, the headline metrics (empty: never, or not known)."""
        metrics = {case: result["metrics"] for case, result in self.results.items()}
        columns = {name: [each[name][part] for each in metrics.values()] for name, part in HEADLINES.items()}
        horizons = [result["horizon_months"] for result in self.results.values()]
        return pd.DataFrame({"title": self.titles.values(), "horizon_months": horizons} | columns)

    @functools.cached_property
    def paths(self) -> pd.DataFrame:
        """The middle simulation of the first few cases: title, month, spend_usd_m, revenue_usd_m."""
        return self._paths("spend_usd_m", "revenue_usd_m")

    @functools.cached_property
    def cash(self) -> pd.DataFrame:
        """Its cash at each month's end, below zero what is missing, for WINDOW_MONTHS or less."""
        frame = self._paths("cash_usd_m")
        last = months.add(self.results[self.baseline]["start_month"], WINDOW_MONTHS - 1)
        return frame[frame["month"] <= max(last, frame["month"].min())].reset_index(drop=True)

    def _paths(self, *names: str) -> pd.DataFrame:
        drawn = dict(list(self.results.items())[:MOST_LINES])
        return compared.paths(drawn, self.tables, names).drop(columns="case")
