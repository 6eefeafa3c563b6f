"""The comparison's charts. Colours say what is drawn; which scenario it is stands at the end of each line."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from analysis.inputs import months
from analysis.show import marks, strips, text, theme
from analysis.show.figure import Figure

STEM = "scenario_comparison"
STYLES = ("-", theme.DASHED, theme.DOTTED, (0, (8, 2, 1.5, 2)), (0, (3, 1, 1, 1, 1, 1)))
FLOOR_USD_M = 1.0  # of the log axis
ROOM_FOR_NAMES, SPARE_FOR_NAMES = (
    40,
    0.45,
)  # above the lines on a phone: times the largest value; of the height


@theme.chart
def paths(frame: pd.DataFrame, ax: Axes | None = None, narrow: bool = False) -> Axes:
    """Draw spending and revenue of every scenario on one log axis. `frame`: Measures.paths."""
    labels, shown = text.labels(STEM), frame.set_index("title")
    values = shown[["spend_usd_m", "revenue_usd_m"]].clip(lower=FLOOR_USD_M)
    room = ROOM_FOR_NAMES if narrow else 2
    ax.set_yscale("log")
    ax.set_ylim(values.min(axis=None) / 2, values.max(axis=None) * room)
    _calendar(ax, frame, narrow)
    ends, colors, titles = [], [], list(shown.index.unique())
    for name, color, side in (
        ("spend_usd_m", theme.SPENDING, "top"),
        ("revenue_usd_m", theme.REVENUE, "bottom"),
    ):
        for title, style in zip(titles, STYLES, strict=False):
            line = values.loc[[title], name]
            ax.plot(marks.positions(shown.loc[[title], "month"]), line, color=color, linestyle=style)
            ends.append(line.iloc[-1])
            colors.append(color)
        first = values[name].groupby("title").first()
        ax.annotate(
            labels[name], (0, first.max() if side == "top" else first.min()), xycoords=("axes fraction", "data"),
            xytext=(4, 8 if side == "top" else -8), textcoords="offset points", va="bottom" if side == "top" else "top",
            color=theme.text_color(color), fontweight="bold",
        )  # fmt: skip
    marks.decades(ax)
    marks.money_axis(ax, "y", narrow)
    _name(ax, ends, titles * 2, colors, narrow, "upper left")
    return ax


@theme.chart
def cash(frame: pd.DataFrame, ax: Axes | None = None, narrow: bool = False) -> Axes:
    """Draw cash of every scenario at the end of each month; below zero it is what is missing. `frame`: Measures.cash."""
    shown = frame.set_index("title")["cash_usd_m"]
    _calendar(ax, frame, narrow, after=1)
    titles = list(shown.index.unique())
    for title, style in zip(titles, STYLES, strict=False):
        x = marks.positions(frame.loc[frame["title"] == title, "month"]) + 1
        ax.plot(x, shown.loc[[title]], color=theme.SPENDING, linestyle=style)
    if narrow:
        low, high = ax.get_ylim()
        ax.set_ylim(low, high + (high - low) * SPARE_FOR_NAMES)
    ax.axhline(0, color=theme.INK, linewidth=1)
    marks.money_axis(ax, "y", narrow)
    ends = [shown.loc[[title]].iloc[-1] for title in titles]
    _name(ax, ends, titles, [theme.SPENDING] * len(titles), narrow, "upper right")
    return ax


def _name(ax: Axes, ends: list, names: list[str], colors: list[str], narrow: bool, corner: str) -> None:
    """Name lines at their ends; on a phone, where that leaves no room, as a key in a corner, by the styles of lines."""
    if not narrow:
        marks.names_at_ends(ax, ax.get_xlim()[1], ends, names, colors)
        return
    keys = dict(zip(names, STYLES, strict=False))
    lines = [Line2D([], [], color=theme.INK, linestyle=style) for style in keys.values()]
    ax.legend(lines, keys, loc=corner, borderaxespad=0, handlelength=3, labelspacing=0.3)


def _calendar(ax: Axes, frame: pd.DataFrame, narrow: bool, after: int = 0) -> None:
    """Let the calendar run over all months of the frame. `after`: months behind the last one."""
    marks.month_axis(ax, frame["month"].min(), months.add(frame["month"].max(), after), narrow)


FIGURES = {
    "strips": Figure(strips.strips, "cash_out", strips.heights, "Strips on a calendar", lead=True),
    "paths": Figure(paths, "paths", (440, 460), "Line chart, log scale"),
    "cash": Figure(cash, "cash", (400, 400), "Line chart"),
}
