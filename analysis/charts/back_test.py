"""Chart of the back-test: what was disclosed against the forecast's bands, each as a multiple of its median."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.charts import theme


def scores(figure: Figure, frame: pd.DataFrame, narrow: bool) -> None:
    """One row per figure: 50 % and 90 % band, median, the disclosed value and the naive forecast."""
    ax = figure.subplots()
    for y, row in enumerate(frame.itertuples()):
        _band(ax, y, row.p5_ratio, row.p95_ratio, theme.BAND_90)
        _band(ax, y, row.p25_ratio, row.p75_ratio, theme.BAND_50)
        ax.plot([row.p50_ratio] * 2, [y - 0.2, y + 0.2], color=theme.C1, solid_capstyle="butt")
        ax.plot(row.naive_ratio, y, "|", color=theme.C3, markersize=16, markeredgewidth=2.5, linestyle="none")
        ax.plot(row.outcome_ratio, y, "D", color=theme.C4, markeredgecolor=theme.PAPER, markersize=10, clip_on=False)
    ax.set_xlim(0, max(2.0, frame["outcome_ratio"].max(), frame["p95_ratio"].max(), frame["naive_ratio"].max()) * 1.08)
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:g}×")
    ax.set_xlabel("multiple of the forecast's median")
    theme.plain_axis(ax, x_grid=True)
    _name_marks(ax, frame, narrow)
    _rows(ax, frame, narrow)


def _band(ax: Axes, y: float, low: float, high: float, opacity: float) -> None:
    theme.band(ax, [low, high], [y - 0.2] * 2, [y + 0.2] * 2, theme.C1, opacity)


def _name_marks(ax: Axes, frame: pd.DataFrame, narrow: bool) -> None:
    """Name band and marks in the row where they stand furthest apart."""
    y = (frame["outcome_ratio"] - frame["naive_ratio"]).abs().reset_index(drop=True).idxmax()
    row = frame.iloc[y]
    marks = (("naive_ratio", "naive", theme.C3, -1), ("outcome_ratio", "disclosed", theme.C4, 1))
    for column, text, color, _ in marks:
        theme.label(ax, row[column], y, text, color, xytext=(0, -13), textcoords="offset points", ha="center", va="top")
    theme.label(ax, row["p50_ratio"], y, "50 and 90%" if narrow else "50% and 90% of runs", theme.C1, xytext=(0, -13 if narrow else 13),
                textcoords="offset points", ha="center", va="top" if narrow else "bottom")  # fmt: skip


def _rows(ax: Axes, frame: pd.DataFrame, narrow: bool) -> None:
    names = [f"{row.label}\n{row.compared}" for row in frame.itertuples()]
    ax.set_ylim(len(names) - 0.3, -0.8 if narrow else -0.6)
    if not narrow:
        ax.set_yticks(range(len(names)), names)
        ax.tick_params(axis="y", labelcolor=theme.INK)
        return
    ax.set_yticks([])
    for y, name in enumerate(names):
        ax.annotate(name, (0, y), xycoords=("axes fraction", "data"), xytext=(0, 14), textcoords="offset points", va="bottom")
