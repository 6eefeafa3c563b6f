"""What the comparison shows: results beside each other, and against one of them."""

import functools
import shlex

import pandas as pd

from analysis.inputs import months
from analysis.inputs.tables import Tables
from analysis.results import compared

MOST_LINES = 5  # that can be told apart in one chart
WINDOW_MONTHS = 24  # of the chart of cash
FLOWS, CASH = ("spend_usd_m", "revenue_usd_m"), ("cash_usd_m",)
HEADLINES = ("runway_months", "funding_need_usd_m", "cash_out_probability_12m", "break_even_probability")


class Measures:
    """Measures of several cases. `results`: name -> results.json; `baseline`: the case that the others are
    set against.
    """

    def __init__(self, results: compared.Results, tables: Tables, baseline: str) -> None:
        self.results = {baseline: results[baseline]} | dict(results)
        self.tables, self.baseline = tables, baseline
        self.command = shlex.join(["burn-report", "compare", *self.results])

    @functools.cached_property
    def titles(self) -> dict[str, str]:
        """Case -> title, the baseline first."""
        return compared.titles(self.results, self.tables)

    @functools.cached_property
    def worlds(self) -> pd.DataFrame:
        """What each case says: title, says (the first sentence of its scenario), start_month,
        horizon_months, refs.
        """
        rows = []
        for case, result in self.results.items():
            says, claims = compared.says(result, self.tables), self.tables.scenario(result["scenario"]).claims
            row = (self.titles[case], says, result["start_month"], result["horizon_months"])
            rows.append((*row, " ".join(claims)))
        return pd.DataFrame(rows, columns=["title", "says", "start_month", "horizon_months", "refs"])

    @functools.cached_property
    def cash_out(self) -> pd.DataFrame:
        """When cash ends, a row per case (results.compared.cash_out)."""
        return compared.cash_out(self.results, self.tables)

    @functools.cached_property
    def headlines(self) -> pd.DataFrame:
        """A row per case: case, title, start_month, and the headline metrics; NaN for never, or beyond the
        horizon.
        """
        rows = []
        for case, result in self.results.items():
            values = {name: _value(result["metrics"][name]) for name in HEADLINES}
            rows.append(
                {"case": case, "title": self.titles[case], "start_month": result["start_month"]} | values
            )
        return pd.DataFrame(rows).astype(dict.fromkeys(HEADLINES, float))

    @functools.cached_property
    def options(self) -> pd.DataFrame:
        """Chances of running dry, left alone and with options (results.compared.left_and_done)."""
        return compared.left_and_done(self.results, self.tables)

    @functools.cached_property
    def drawn(self) -> dict[str, object]:
        """The cases that the charts of paths show: the first few."""
        return dict(list(self.results.items())[:MOST_LINES])

    @functools.cached_property
    def paths(self) -> pd.DataFrame:
        """Spending and revenue of the middle simulation: title, month, spend_usd_m, revenue_usd_m."""
        return compared.paths(self.drawn, self.tables, FLOWS).drop(columns="case")

    @functools.cached_property
    def cash(self) -> pd.DataFrame:
        """Cash of the middle simulation at the end of each month, below zero what is missing: title,
        month, cash_usd_m.

        It goes on for WINDOW_MONTHS from the baseline's first month, and no further than the longest path.
        """
        frame = compared.paths(self.drawn, self.tables, CASH).drop(columns="case")
        last = months.add(self.results[self.baseline]["start_month"], WINDOW_MONTHS - 1)
        return frame[frame["month"] <= max(last, frame["month"].min())].reset_index(drop=True)

    @functools.cached_property
    def inputs(self) -> dict[str, dict[str, object]]:
        """Settings and inputs that are not alike in every case, what matters first in front
        (results.compared.differing).
        """
        return compared.differing(self.results, self.tables, self.baseline)


def _value(summary: dict) -> float | None:
    return summary["value"] if "value" in summary else summary["p50"]
