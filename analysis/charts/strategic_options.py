"""Charts of the strategic-options page: cash in small multiples, and rows of dots, intervals and cells by name."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, MaxNLocator, NullLocator

from analysis.charts import parts, theme

STAY = "Stay the course"
DASHED = (0, (4, 2))
SHADES = ((0.10, 0.50, 0.15), (0.50, 1.0, 0.34))  # shares of the highest mean above and up to which a cell has this opacity
MULTIPLES = (0.2, 0.5, 1, 2, 5)


def cash_paths(figure: Figure, frame: pd.DataFrame, narrow: bool) -> None:
    """One panel per option on shared axes: its central path and bands, dashed the central path of staying the course."""
    paths = {name: part.set_index("index_months") for name, part in frame.groupby("option", sort=False)}
    stay = paths.pop(STAY)
    panels = figure.subplots(*((len(paths), 1) if narrow else (2, 2)), sharex=True, sharey=True).ravel()
    for ax, (name, path) in zip(panels, paths.items(), strict=True):
        parts.fan(ax, path, "usd_m", theme.C1)
        ax.plot(stay.index, stay["central_usd_m"], color=theme.C4, linestyle=DASHED)
        ax.set_title(name, loc="left", color=theme.C1, fontweight="bold")
        parts.calendar_axis(ax, list(stay["month"]), room=0.2)
        parts.projection(ax, named=ax is panels[0])
        theme.money(ax)
        ax.yaxis.set_major_locator(_ticks(4))
    top = frame["p95_usd_m"].max()
    panels[0].set_ylim(0, top * 1.05 if top > 0 else 1)
    figure.get_layout_engine().set(column_gap=22)
    for height, name, color, style in (
        (0.9, "with the option", theme.C1, "solid"),
        (0.74, "staying the course", theme.C4, DASHED),
    ):
        at = 0.34 if narrow else 0.42  # of the axes: where the name still ends inside them
        panels[1].plot((at, at + 0.08), (height, height), color=color, linestyle=style, transform=panels[1].transAxes)
        theme.label(panels[1], at + 0.11, height, name, color, xycoords="axes fraction", va="center")


def portfolios(figure: Figure, frame: pd.DataFrame, narrow: bool) -> None:
    """Two panels by portfolio: value (mean, 5th to 95th percentile, worst 5 %) and share of runs out of cash."""
    value, out = figure.subplots(1, 2, sharey=True, width_ratios=(1.25, 1))
    _rows(value, frame["portfolio"], narrow)
    y = np.arange(len(frame))
    value.hlines(y, frame["value_p5_usd_m"], frame["value_p95_usd_m"], color=theme.C1, linewidth=1.5, alpha=0.6)
    value.plot(frame["value_tail_mean_usd_m"], y, "|", color=theme.C1, markersize=9, markeredgewidth=1.5)
    out.hlines(y, 0, frame["cash_out_share"], color=theme.C4, linewidth=1, alpha=0.5)
    for rows, fill in ((frame["dominated"] == "no", {}), (frame["dominated"] == "yes", {"markerfacecolor": theme.PAPER})):
        value.plot(frame["value_mean_usd_m"][rows], y[rows], "o", color=theme.C1, markersize=7, clip_on=False, **fill)
        out.plot(frame["cash_out_share"][rows], y[rows], "s", color=theme.C4, markersize=6, clip_on=False, **fill)
    value.set_xlim(0, frame["value_p95_usd_m"].max() * 1.03 or 1)
    value.xaxis.set_major_locator(_ticks(2 if narrow else 3))
    theme.money(value, "x")
    out.set_xlim(0, 1.04)
    out.set_xticks((0, 0.5, 1), ("0", "50%", "100%"))
    for ax, text, color in ((value, "Value" if narrow else "Mean value", theme.C1), (out, "Out of cash", theme.INK)):
        ax.set_title(text, loc="left", color=color, fontweight="bold", pad=18 if narrow else 6)
        theme.upright_grid(ax)


def regret(figure: Figure, frame: pd.DataFrame, narrow: bool) -> None:
    """A matrix of cells, portfolios by worlds; `shown` is written in each, shading has three steps."""
    ax = figure.subplots()
    worlds, names = list(dict.fromkeys(frame["world"])), list(dict.fromkeys(frame["portfolio"]))
    _rows(ax, names, narrow)
    height = 0.46 if narrow else 0.86
    x, y = (frame[column].map(order.index) for column, order in (("world", worlds), ("portfolio", names)))
    for low, high, opacity in SHADES:
        rows = (frame["regret_share"] > low) & (frame["regret_share"] <= high)
        ax.bar(x[rows], height, 0.94, y[rows] - height / 2, color=theme.C1, alpha=opacity, linewidth=0)
    for row, across, down in zip(frame.itertuples(), x, y, strict=True):
        look = {"color": theme.C1, "fontweight": "bold"} if row.rank == "best" else {"color": theme.INK}
        ax.text(across, down, row.shown, ha="center", va="center", **look)
    ax.set_xlim(-0.5, len(worlds) - 0.5)
    weight = "normal" if narrow else "bold"  # five bold headings would touch on a phone
    ax.set_xticks(range(len(worlds)), [_wrapped(world) for world in worlds], color=theme.INK, fontweight=weight)
    ax.xaxis.tick_top()
    ax.tick_params(axis="x", pad=16 if narrow else 4)
    ax.spines[:].set_visible(False)
    ax.grid(visible=False)


def _wrapped(title: str) -> str:
    return title.replace(" ", "\n")


def information(figure: Figure, frame: pd.DataFrame, narrow: bool) -> None:
    """Value of knowing one input: dots with two standard errors; luck apart, hollow."""
    ax = figure.subplots()
    _rows(ax, frame["input"], narrow)
    for y, row in enumerate(frame.itertuples()):
        luck = row.luck == "yes"
        marker, hollow = ("D", {"markerfacecolor": theme.PAPER}) if luck else ("o", {})
        ax.plot([row.low_usd_m, row.high_usd_m], [y, y], color=theme.C1, linewidth=1.5, linestyle=DASHED if luck else "solid")
        ax.plot(row.evppi_usd_m, y, marker, color=theme.C1, markersize=7, clip_on=False, **hollow)
    if (frame["luck"] == "yes").any() and len(frame) > 1:
        ax.axhline(len(frame) - (1.72 if narrow else 1.5), color=theme.MUTED, linewidth=0.75)
    ax.set_xlim(0, frame["high_usd_m"].max() * 1.04 or 1)
    _money_row_axis(ax, narrow)


def done(figure: Figure, frame: pd.DataFrame, narrow: bool) -> None:
    """Outcomes as multiples of the central assumption, on the assumed range; a diamond, or two and a bar for a range."""
    ax = figure.subplots()
    ax.set_xscale("log")
    _rows(ax, frame["lever"], narrow, above=0.46)
    low, high = frame[["low_times", "done_low_times"]].min(axis=None), frame[["high_times", "done_high_times"]].max(axis=None)
    left, right = min(low, 0.5) / 1.3, max(high, 2) * 1.5
    ax.set_xlim(left, right)
    for y, row in enumerate(frame.itertuples()):
        ax.plot([row.low_times, row.high_times], [y, y], color=theme.C1, linewidth=5, alpha=0.38, solid_capstyle="butt")
        ax.plot(1, y, "|", color=theme.C1, markersize=11, markeredgewidth=2)
        ax.plot([row.done_low_times, row.done_high_times], [y, y], "D-", color=theme.C4, markersize=6, linewidth=1.5)
        _outcome(ax, y, row.shown, narrow)
    ticks = MULTIPLES if right / left < 30 else 10.0 ** np.arange(np.ceil(np.log10(left)), np.log10(right))
    ax.xaxis.set_major_locator(FixedLocator([tick for tick in ticks if left <= tick <= right]))
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:g}×")
    ax.xaxis.set_minor_locator(NullLocator())
    theme.upright_grid(ax)


def _outcome(ax: Axes, y: float, text: str, narrow: bool) -> None:
    """What happened in words: a column at the right edge; on a phone between the row and its name."""
    place, align = ((0, y - 0.22), {"va": "bottom"}) if narrow else ((1.02, y), {"va": "center"})
    ax.annotate(
        text, place, xycoords=("axes fraction", "data"), color=theme.INK, fontweight="bold", annotation_clip=False, **align
    )


def _rows(ax: Axes, names: Iterable[str], narrow: bool, above: float = 0.28) -> None:
    """One row per name, the first on top; on a phone the name stands `above` it, at the left edge."""
    names = list(names)
    ax.set_ylim(len(names) - 0.5, -0.5 - (above + 0.02) * narrow)
    ax.set_yticks(range(len(names)), [] if narrow else names, color=theme.INK)
    ax.tick_params(axis="y", pad=9)
    if narrow:
        for y, name in enumerate(names):
            style = {"xycoords": ("axes fraction", "data"), "va": "bottom", "color": theme.INK}
            ax.annotate(name, (0, y - above), **style).set_in_layout(False)


def _money_row_axis(ax: Axes, narrow: bool) -> None:
    ax.xaxis.set_major_locator(_ticks(3 if narrow else 5))
    theme.money(ax, "x")
    theme.upright_grid(ax)


def _ticks(count: int) -> MaxNLocator:
    return MaxNLocator(count, min_n_ticks=2)
