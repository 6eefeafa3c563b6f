"""Chart of the back-test: what was disclosed against the forecast's bands, each as a multiple of its median."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis.charts import theme
from analysis.charts.rows import name_rows


def scores(figure: Figure, frame: pd.DataFrame, narrow: bool) -> None:
    """One row per figure: 50 % and 90 % band, median, the disclosed value and the naive forecast."""
    ax = figure.subplots()
    for y, row in enumerate(frame.itertuples()):
        _band(ax, y, row.p5_ratio, row.p95_ratio, theme.BAND_90)
        _band(ax, y, row.p25_ratio, row.p75_ratio, theme.BAND_50)
        ax.plot([row.p50_ratio] * 2, [y - 0.2, y + 0.2], color=theme.C1, solid_capstyle="butt")
        ax.plot(row.naive_ratio, y, "s", color=theme.C3, markerfacecolor="none", markersize=8, markeredgewidth=2)
        ax.plot(row.outcome_ratio, y, "D", color=theme.C4, markeredgecolor=theme.PAPER, markersize=10, clip_on=False)
    widest = frame[["outcome_ratio", "p95_ratio", "naive_ratio"]].max().max()
    ax.set_xlim(0, max(2.0, widest) * 1.12)
    ax.xaxis.set_major_locator(MaxNLocator(4 if narrow else 8))
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:g}×")
    ax.set_xlabel("multiple of the forecast's median")
    theme.upright_grid(ax)
    _name_marks(ax, frame, narrow)
    ax.set_ylim(len(frame) - (0.1 if narrow else 0.3), -0.9 if narrow else -0.6)
    name_rows(ax, range(len(frame)), frame["label"], frame["compared"], narrow, clear=14)


def _band(ax: Axes, y: float, low: float, high: float, opacity: float) -> None:
    theme.band(ax, [low, high], [y - 0.2] * 2, [y + 0.2] * 2, theme.C1, opacity)


def _name_marks(ax: Axes, frame: pd.DataFrame, narrow: bool) -> None:
    """Name band and marks below the row in which they stand furthest apart."""
    y = (frame["outcome_ratio"] - frame["naive_ratio"]).abs().reset_index(drop=True).idxmax()
    row = frame.iloc[y]
    below = {"textcoords": "offset points", "va": "top"}
    theme.label(ax, row["naive_ratio"], y, "naive", theme.C3, xytext=(0, -14), ha="center", **below)
    theme.label(ax, row["outcome_ratio"], y, "disclosed", theme.C4, xytext=(0, -14), ha="center", **below)
    text, drop = ("50% and 90% of runs", -28) if narrow else ("50% and 90% of runs", -14)
    theme.label(ax, row["p5_ratio"], y, text, theme.C1, xytext=(0 if narrow else -40, drop), ha="left", **below)
