"""The comparison's charts. Colours say what is drawn; which scenario it is stands at the end of each line."""

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from analysis.inputs import months
from analysis.show import marks, strips, text, theme
from analysis.show.figure import Figure

DASHES = ("", (5, 2), (1.5, 2), (8, 2, 1.5, 2), (3, 1, 1, 1, 1, 1))  # of up to five scenarios
FLOOR_USD_M = 1.0  # of the log axis
OF_NAMES = 40  # room above the lines on a phone, as a multiple of the largest value on the log axis
OF_NAMES_LINEAR = 0.45  # … and as a part of the height on the other


@theme.chart
def paths(frame: pd.DataFrame, ax: Axes | None = None, narrow: bool = False) -> Axes:
    """Draw spending and revenue of every scenario on one log axis. `frame`: Measures.paths."""
    colors = {"spend_usd_m": theme.SPENDING, "revenue_usd_m": theme.REVENUE}
    labels, values = text.labels("scenario_comparison"), frame[list(colors)].clip(lower=FLOOR_USD_M)
    ax.set_yscale("log")
    ax.set_ylim(values.min(axis=None) / 2, values.max(axis=None) * (OF_NAMES if narrow else 2))
    _lines(ax, frame.assign(**values), colors, narrow, after=0)
    for name, high in (("spend_usd_m", True), ("revenue_usd_m", False)):
        first = values[name].groupby(frame["title"]).first()
        ax.annotate(
            labels[name], (0, first.max() if high else first.min()), xycoords=("axes fraction", "data"),
            xytext=(4, 8 if high else -8), textcoords="offset points", va="bottom" if high else "top",
            color=theme.text_color(colors[name]), fontweight="bold",
        )  # fmt: skip
    marks.decades(ax)
    return ax


@theme.chart
def cash(frame: pd.DataFrame, ax: Axes | None = None, narrow: bool = False) -> Axes:
    """Draw cash of every scenario at the end of each month; below zero it is what is missing. `frame`:
    Measures.cash.
    """
    low, high = min(frame["cash_usd_m"].min(), 0), max(frame["cash_usd_m"].max(), 1)
    ax.set_ylim(low - 0.05 * (high - low), high + (high - low) * (OF_NAMES_LINEAR if narrow else 0.05))
    _lines(ax, frame, {"cash_usd_m": theme.SPENDING}, narrow, after=1)
    ax.axhline(0, color=theme.INK, linewidth=1)
    return ax


def _lines(ax: Axes, frame: pd.DataFrame, colors: dict[str, str], narrow: bool, after: int) -> None:
    """Draw a line for each scenario and column, named at its end; on a phone, without room for that, by a
    key of dashes.

    `after`: months behind the month itself at which its value stands (1: stocks, at its end).
    """
    marks.month_axis(ax, frame["month"].min(), months.add(frame["month"].max(), after), narrow)
    x, titles = marks.positions(frame["month"]) + after, list(frame["title"].unique())
    common = {"dashes": list(DASHES[: len(titles)]), "estimator": None, "errorbar": None, "ax": ax}
    for name, color in colors.items():
        sns.lineplot(
            x=x,
            y=frame[name],
            style=frame["title"],
            color=color,
            legend=narrow and name == max(colors),
            **common,
        )
    ax.set(xlabel="", ylabel="")
    marks.money_axis(ax, "y", narrow)
    if narrow:
        for line in ax.legend(
            loc="upper right", borderaxespad=0, handlelength=3, labelspacing=0.3
        ).get_lines():
            line.set_color(theme.INK)
    else:
        ends = [last for name in colors for last in frame.groupby("title", sort=False)[name].last()]
        tones = [color for color in colors.values() for _ in titles]
        marks.names_at_ends(ax, ax.get_xlim()[1], ends, titles * len(colors), tones)


FIGURES = {
    "strips": Figure(strips.strips, "cash_out", strips.heights, "Strips on a calendar", lead=True),
    "paths": Figure(paths, "paths", (440, 460), "Line chart, log scale"),
    "cash": Figure(cash, "cash", (400, 400), "Line chart"),
}
