"""What the page on a sweep shows: the answer over its axes, its switch, what moves it, notable cases."""

import functools

import numpy as np
import pandas as pd

from analysis.inputs.parameters import command
from analysis.inputs.tables import Tables
from analysis.results.metrics import METRICS
from analysis.sweep.axes import SCENARIO, Axis
from analysis.sweep.metrics import HORIZON, PORTFOLIO_METRIC, named_column
from analysis.sweep.store import Sweep

MOST_INPUTS, MOST_CASES = 8, 7
FIRST_TO_SHOW = ("cash_out_probability_12m", "runway_months", HORIZON)
THRESHOLDS = {  # metric -> where the answer turns
    "cash_out_probability_12m": 0.5, "cash_out_probability_24m": 0.5, HORIZON: 0.5, "runway_months": 12.0,
}  # fmt: skip
SHORT = {"chance": "percent", "growth": "percent", "months": "plain", "money_a_month": "money"}  # in a cell


class Measures:
    """Measures of one sweep. What is never reached counts as endless; a chance beyond the horizon is nan."""

    def __init__(self, sweep: Sweep, tables: Tables | None = None) -> None:
        self.sweep, self.tables, self.command = sweep, tables, sweep.command
        kept = [name for name in sweep.metrics if name != PORTFOLIO_METRIC]
        # a chance or the runway where the sweep has one, else its first
        self.metric = next((name for name in FIRST_TO_SHOW if name in kept), (*kept, HORIZON)[0])
        self.is_chance = METRICS[self.metric].measure is None
        self.column = self.metric if self.is_chance else f"{named_column(self.metric)}_p50"
        self.threshold = THRESHOLDS.get(self.metric)
        self.axes = tuple(axis for axis in sweep.axes if sweep.frame[axis.column].nunique() > 1)
        self.numeric = [axis for axis in self.axes if self._is_numeric(axis)]
        self.grid = sweep.kind == "grid" and bool(self.axes)
        # the axes of the surface: from bottom to top (words stand there), from left to right
        self.shown = sorted(self.axes[:2], key=self._is_numeric)
        answers = sweep.frame[self.column].astype(float)
        self.values = answers if self.is_chance else answers.fillna(np.inf)

    def _is_numeric(self, axis: Axis) -> bool:
        return pd.api.types.is_numeric_dtype(self.sweep.frame[axis.column])

    @functools.cached_property
    def answer(self) -> pd.DataFrame:
        """Of points `influence`; of a grid its answer over x and y, the first axes, others in the middle."""
        if not self.grid:
            return self.influence
        frame = self.sweep.frame
        for axis in self.axes[2:]:
            frame = frame[frame[axis.column] == frame[axis.column].iloc[len(frame) // 2]]
        columns = {axis.column: name for axis, name in zip(self.shown, "xy", strict=False)}
        found = frame[[*columns, self.column]].rename(columns=columns | {self.column: "value"})
        formatter = METRICS[self.metric].formatter
        found.attrs = {"formatter": SHORT.get(formatter, formatter), "measure": not self.is_chance}
        return found.reset_index(drop=True)

    @functools.cached_property
    def influence(self) -> pd.DataFrame:
        """Inputs that the answer follows, the first most: input, label, correlation (of ranks), share."""
        answer = self.values.rank()
        found = [answer.corr(self.sweep.frame[axis.column].rank()) for axis in self.numeric]
        table = pd.DataFrame([(axis.name, axis.label) for axis in self.numeric], columns=["input", "label"])
        table["correlation"] = np.nan_to_num(np.array(found, dtype=float))
        table["share"] = table["correlation"] ** 2
        return table.nlargest(MOST_INPUTS, "share").reset_index(drop=True)

    @functools.cached_property
    def switch_points(self) -> pd.DataFrame:
        """Neighbours on the first axis of numbers between which the threshold is passed: low, high."""
        if self.threshold is None or not self.numeric:
            return pd.DataFrame(columns=["low", "high"])
        along = self.numeric[0].column
        others = [axis.column for axis in self.axes if axis.column != along]
        cases = self.sweep.frame.assign(above=self.values >= self.threshold)[self.values.notna()]
        cases = cases.sort_values([*others, along]).reset_index(drop=True)
        before = cases.shift()
        turned = (cases["above"] != before["above"]) & (cases[others] == before[others]).all(axis=1)
        turned &= cases.index > 0
        return pd.DataFrame({"low": before[along], "high": cases[along]})[turned].astype(float)

    @functools.cached_property
    def options(self) -> pd.DataFrame:
        """How often each mix has the highest mean value, and is told from the next: mix, cases, clear."""
        frame = self.sweep.frame
        if PORTFOLIO_METRIC not in self.sweep.metrics:
            return pd.DataFrame(columns=["mix", "cases", "clear"])
        clear = frame["lead_usd_m"] > 2 * frame["lead_se_usd_m"].fillna(0)
        found = clear.groupby(frame["best_portfolio"].rename("mix")).agg(cases="size", clear="sum")
        return found.reset_index().sort_values("cases", ascending=False, ignore_index=True)

    @functools.cached_property
    def cases(self) -> pd.DataFrame:
        """The notable cases: case, value (inf for never), command, href (of its full report, "" without)."""
        found = pd.DataFrame({"case": notable_cases(self.sweep, MOST_CASES)})
        found["value"] = self.values.iloc[found["case"]].to_numpy()
        made = {case: provenance(self.sweep, case) for case in found["case"]}
        commands = [command(["build", scenario], given) for scenario, given in made.values()]
        found["command"] = [f"{each} --name case-{case}" for each, case in zip(commands, made, strict=True)]
        reports = [f"reports/case-{case}/revenue_gap.html" for case in found["case"]]
        return found.assign(href=[href if (self.sweep.folder / href).exists() else "" for href in reports])

    @property
    def named(self) -> list[Axis]:
        """The axes by which a case is told from others: all of a grid, of points those that lead."""
        leading = set(self.influence["input"].head(3))
        return [axis for axis in self.axes if self.grid or axis.name in leading]


def notable_cases(sweep: Sweep, most: int) -> list[int]:
    """Return up to `most` cases worth a full report: from the lowest answer to the highest, spread evenly."""
    order = Measures(sweep).values.argsort(kind="stable").to_numpy()
    places = np.linspace(0, len(order) - 1, min(most, len(order))).round().astype(int)
    return list(dict.fromkeys(int(order[place]) for place in places))


def provenance(sweep: Sweep, case: int) -> tuple[str, dict[str, str]]:
    """Return the scenario and the settings and inputs that make a case, as `burn-report build` takes them."""
    values = {axis.name: sweep.frame[axis.column].iloc[case] for axis in sweep.axes}
    scenario = str(values.pop(SCENARIO, sweep.base))
    for name, value in values.items():
        values[name] = value if isinstance(value, str) else repr(float(value)).removesuffix(".0")
    return scenario, sweep.settings | values | {"draws": str(sweep.draws), "seed": str(sweep.seed)}
