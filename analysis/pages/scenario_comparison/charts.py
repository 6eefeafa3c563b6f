"""The comparison's charts. Colours say what is drawn; which scenario it is stands at the end of each line."""

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from analysis.inputs import months
from analysis.show import marks, text, theme
from analysis.show.figure import Figure

FLOOR_USD_M = 1.0  # of the log axis
FLOWS = {"spend_usd_m": theme.SPENDING, "revenue_usd_m": theme.REVENUE}
OF_NAMES = 40  # room above the lines on a phone, as a multiple of the largest value on the log axis
OF_NAMES_LINEAR = 0.45  # … and as a part of the height on the other


@theme.chart
def paths(frame: pd.DataFrame, ax: Axes | None = None, narrow: bool = False) -> Axes:
    """Draw spending and revenue of every scenario on one log axis. `frame`: Measures.paths."""
    labels, values = text.Labels("scenario_comparison"), frame[list(FLOWS)].clip(lower=FLOOR_USD_M)
    ax.set_yscale("log")
    ax.set_ylim(values.min(axis=None) / 2, values.max(axis=None) * (OF_NAMES if narrow else 2))
    _lines(ax, frame.assign(**values), FLOWS, narrow, after=0)
    first = values.groupby(frame["title"]).first()
    style = {"textcoords": "offset points", "fontweight": "bold"}
    for name, height, up, side in (
        ("spend_usd_m", first["spend_usd_m"].max(), 8, "bottom"),
        ("revenue_usd_m", first["revenue_usd_m"].min(), -8, "top"),
    ):
        color = theme.text_color(FLOWS[name])
        ax.annotate(labels[name], (ax.get_xlim()[0], height), xytext=(4, up), va=side, color=color, **style)
    marks.decades(ax)
    return ax


@theme.chart
def cash(frame: pd.DataFrame, ax: Axes | None = None, narrow: bool = False) -> Axes:
    """Draw cash of every scenario at the end of each month; below zero it is what is missing."""
    low, high = min(frame["cash_usd_m"].min(), 0), max(frame["cash_usd_m"].max(), 1)
    ax.set_ylim(low - 0.05 * (high - low), high + (high - low) * (OF_NAMES_LINEAR if narrow else 0.05))
    _lines(ax, frame, {"cash_usd_m": theme.SPENDING}, narrow, after=1)
    ax.axhline(0, color=theme.INK, linewidth=1)
    return ax


def _lines(ax: Axes, frame: pd.DataFrame, colors: dict[str, str], narrow: bool, after: int) -> None:
    """Draw a line for each scenario and column; a value stands `after` months behind its month's start."""
    marks.month_axis(ax, frame["month"].min(), months.add(frame["month"].max(), after), narrow)
    data, titles = frame.assign(x=marks.positions(frame["month"]) + after), list(frame["title"].unique())
    ax.set(xlabel=" ", ylabel=" ")  # without names, seaborn makes all tick labels to see if one is shown
    for name, color in colors.items():
        sns.lineplot(
            data, x="x", y=name, style="title", color=color, estimator=None, errorbar=None, ax=ax,
            legend=narrow and name == max(colors),
        )  # fmt: skip
    ax.set(xlabel="", ylabel="")
    marks.money_axis(ax, "y", narrow)
    if narrow:
        key = ax.legend(loc="upper right", borderaxespad=0, handlelength=3, labelspacing=0.3)
        for line in key.get_lines():
            line.set_color(theme.INK)
    else:
        ends = frame.groupby("title", sort=False)[list(colors)].last().melt()["value"]
        tones = [color for color in colors.values() for _ in titles]
        marks.names_at_ends(ax, ax.get_xlim()[1], ends, titles * len(colors), tones)


FIGURES = {
    "strips": Figure(marks.strips, "cash_out", marks.strip_heights, "Strips on a calendar", lead=True),
    "paths": Figure(paths, "paths", (440, 460), "Line chart, log scale"),
    "cash": Figure(cash, "cash", (400, 400), "Line chart"),
}
