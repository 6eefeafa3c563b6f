"""What the page on a sweep shows: the answer over its axes, where it switches, what moves it, notable
cases.
"""

import functools
import shlex

import numpy as np
import pandas as pd

from analysis.inputs.tables import Tables
from analysis.results.metrics import METRICS
from analysis.sweep.axes import SCENARIO, Axis
from analysis.sweep.metrics import HORIZON, PORTFOLIO_METRIC, named_column
from analysis.sweep.results import Sweep

MOST_INPUTS = 8  # of a sweep over ranges, in the chart
MOST_CASES = 7
THRESHOLDS = {
    "cash_out_probability_12m": 0.5,
    "cash_out_probability_24m": 0.5,
    HORIZON: 0.5,
    "runway_months": 12.0,
}
# formatters for a small cell
SHORT = {"chance": "percent", "growth": "percent", "months": "plain", "money_a_month": "money"}
FIRST_TO_SHOW = ("cash_out_probability_12m", "runway_months", HORIZON)


class Measures:
    """Measures of one sweep. A measure that is never reached counts as endless; a chance beyond the
    horizon is nan.
    """

    def __init__(self, sweep: Sweep, tables: Tables) -> None:
        self.sweep, self.tables = sweep, tables

    @functools.cached_property
    def metric(self) -> str:
        """The metric that the page turns on: a chance or the runway where the sweep has one, else its
        first.
        """
        kept = [name for name in self.sweep.metrics if name != PORTFOLIO_METRIC]
        return next((name for name in FIRST_TO_SHOW if name in kept), (*kept, HORIZON)[0])

    @functools.cached_property
    def column(self) -> str:
        """The column of that metric: the number itself or its median."""
        return f"{named_column(self.metric)}_p50" if METRICS[self.metric].measure else self.metric

    @functools.cached_property
    def values(self) -> pd.Series:
        """The answer of every case: inf for never, nan where the horizon ends before."""
        found = self.sweep.frame[self.column].astype(float)
        return found.fillna(np.inf) if METRICS[self.metric].measure else found

    @functools.cached_property
    def axes(self) -> tuple[Axis, ...]:
        """The axes that take more than one value."""
        return tuple(axis for axis in self.sweep.axes if self.sweep.frame[axis.column].nunique() > 1)

    @functools.cached_property
    def grid(self) -> bool:
        """Whether the sweep is a grid of at least one axis, and not points over ranges."""
        return self.sweep.kind == "grid" and bool(self.axes)

    @functools.cached_property
    def surface(self) -> pd.DataFrame:
        """A grid's answer over its first two axes: columns x, y (where there are two), value.

        Other axes are at the middle case; words stand in x where the other axis has numbers.
        """
        frame = self.sweep.frame
        for axis in self.axes[2:]:
            frame = frame[frame[axis.column] == frame[axis.column].iloc[len(frame) // 2]]
        columns = {axis.column: name for axis, name in zip(self.shown, ("x", "y"), strict=False)}
        found = (
            frame[[*columns, self.column]]
            .rename(columns=columns | {self.column: "value"})
            .reset_index(drop=True)
        )
        metric = METRICS[self.metric]
        formatter = SHORT.get(metric.formatter, metric.formatter)
        found.attrs = {"formatter": formatter, "measure": bool(metric.measure)}
        return found

    @functools.cached_property
    def shown(self) -> tuple[Axis, ...]:
        """The one or two axes of the surface, from bottom to top and from left to right."""
        return tuple(sorted(self.axes[:2], key=self._is_numeric))

    def _is_numeric(self, axis: Axis) -> bool:
        return pd.api.types.is_numeric_dtype(self.sweep.frame[axis.column])

    @property
    def answer(self) -> pd.DataFrame:
        """What the page leads with: the surface of a grid, else what the inputs explain."""
        return self.surface if self.grid else self.influence

    @functools.cached_property
    def influence(self) -> pd.DataFrame:
        """Which inputs the answer follows, the largest first: input, label, correlation of ranks, its
        square as share.
        """
        frame, answer = self.sweep.frame, self.values.rank()
        numeric = [axis for axis in self.axes if self._is_numeric(axis)]
        found = [answer.corr(frame[axis.column].rank()) for axis in numeric]
        table = pd.DataFrame(
            {
                "input": [axis.name for axis in numeric],
                "label": [axis.label for axis in numeric],
                "correlation": np.nan_to_num(np.array(found, dtype=float)),
            }
        )
        table["share"] = table["correlation"] ** 2
        return table.nlargest(MOST_INPUTS, "share").reset_index(drop=True)

    @functools.cached_property
    def threshold(self) -> float | None:
        """The value at which the answer turns, None for a metric without one."""
        return THRESHOLDS.get(self.metric)

    @functools.cached_property
    def switch_points(self) -> pd.DataFrame:
        """Where the answer passes its threshold along the first axis of numbers: low, high, and the other
        axes.
        """
        first = next((axis for axis in self.axes if self._is_numeric(axis)), None)
        others = [axis for axis in self.axes if axis is not first]
        columns = [axis.column for axis in others]
        rows = []
        if self.threshold is None or first is None:
            return pd.DataFrame(rows, columns=["low", "high", *columns])
        known = self.sweep.frame[self.values.notna()]
        groups = known.groupby(columns, sort=False) if columns else [((), known)]
        for key, group in groups:
            line = group.sort_values(first.column)
            above = self.values[line.index].to_numpy() >= self.threshold
            for place in np.flatnonzero(above[1:] != above[:-1]):
                ends = line[first.column].iloc[[place, place + 1]].tolist()
                rows.append([*ends, *(key if isinstance(key, tuple) else (key,))])
        return pd.DataFrame(rows, columns=["low", "high", *columns])

    @functools.cached_property
    def above(self) -> int:
        """The number of cases at or above the threshold (never counts as above)."""
        return int((self.values >= (self.threshold or 0)).sum())

    @functools.cached_property
    def options(self) -> pd.DataFrame:
        """How often each mix has the highest mean value, and that lead is told from noise: mix, cases,
        clear.
        """
        if PORTFOLIO_METRIC not in self.sweep.metrics:
            return pd.DataFrame(columns=["mix", "cases", "clear"])
        frame = self.sweep.frame
        clear = frame["lead_usd_m"] > 2 * frame["lead_se_usd_m"].fillna(0)
        counted = pd.DataFrame({"mix": frame["best_portfolio"], "clear": clear}).groupby("mix")["clear"]
        found = counted.agg(cases="size", clear="sum").reset_index()
        return found.sort_values("cases", ascending=False, ignore_index=True)

    @functools.cached_property
    def cases(self) -> pd.DataFrame:
        """The notable cases, from the lowest answer to the highest: case, value (inf for never), command."""
        chosen = notable_cases(self.sweep, MOST_CASES)
        commands = [command(*provenance(self.sweep, case), case) for case in chosen]
        return pd.DataFrame({"case": chosen, "value": self.values.iloc[chosen].tolist(), "command": commands})

    @property
    def command(self) -> str:
        """The command that makes the sweep again."""
        return self.sweep.command

    @functools.cached_property
    def reports(self) -> dict[int, str]:
        """Case -> href of its full report, of those that have been built beside the page."""
        made = (self.sweep.folder / "reports").glob("case-*/revenue_gap.html")
        return {
            int(path.parent.name.removeprefix("case-")): f"reports/{path.parent.name}/revenue_gap.html"
            for path in made
        }

    @functools.cached_property
    def named(self) -> tuple[Axis, ...]:
        """The axes by which a case is told from others: all of a grid, of points those that lead."""
        leading = set(self.influence["input"].head(3))
        return tuple(axis for axis in self.axes if self.grid or axis.name in leading)


def notable_cases(sweep: Sweep, most: int) -> list[int]:
    """Return up to `most` case numbers worth a full report: from the lowest answer to the highest, spread
    evenly.
    """
    order = Measures(sweep, None).values.argsort(kind="stable").to_numpy()
    places = np.linspace(0, len(order) - 1, min(most, len(order))).round().astype(int)
    return list(dict.fromkeys(int(order[place]) for place in places))


def provenance(sweep: Sweep, case: int) -> tuple[str, dict[str, str]]:
    """Return the scenario and overrides that make a case: `burn-report build SCENARIO --set NAME=VALUE …`."""
    row = sweep.frame.iloc[case]
    values = {axis.name: row[axis.column] for axis in sweep.axes}
    scenario = str(values.pop(SCENARIO, sweep.base))
    texts = {
        name: value if isinstance(value, str) else repr(float(value)).removesuffix(".0")
        for name, value in values.items()
    }
    return scenario, sweep.settings | texts | {"draws": str(sweep.draws), "seed": str(sweep.seed)}


def command(scenario: str, settings: dict[str, str], case: int) -> str:
    """Return the command that builds a case's report, quoted for a shell."""
    own = [part for name in ("draws", "seed") for part in (f"--{name}", settings[name])]
    sets = [
        part
        for name, value in settings.items()
        if name not in ("draws", "seed")
        for part in ("--set", f"{name}={value}")
    ]
    return shlex.join(["burn-report", "build", scenario, *sets, *own, "--name", f"case-{case}"])
