"""Charts of the comparison: small multiples on shared axes, one panel per case or per headline."""

import calendar
import math
import textwrap

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.charts import theme
from analysis.charts.parts import fan

DASHED, DOTTED = (0, (5, 2)), (0, (1.5, 2))
COLUMNS, NARROW_COLUMNS = 3, 2
PANEL_PX, NARROW_PANEL_PX = 200, 165
SERIES = {"spend": ("Spending", theme.C1, "-"), "revenue": ("Revenue", theme.C4, DASHED)}
BELOW = 0.28  # of the highest cash: how far below 0 is shown
MOST_DECADES = 5
STEPS = (1, 2, 3, 6, 12, 24, 48)  # months between two marks


def heights(frame: pd.DataFrame) -> dict[str, int]:
    """Return the heights in px of a figure with one panel per case."""
    cases = frame["case"].nunique()
    return {
        "height": 40 + PANEL_PX * math.ceil(cases / COLUMNS),
        "narrow_height": 40 + NARROW_PANEL_PX * math.ceil(cases / NARROW_COLUMNS),
    }


def range_heights(frame: pd.DataFrame) -> dict[str, int]:
    """Return the heights in px of the figure of ranges, which has one row per case in each panel."""
    cases, panels = frame["case"].nunique(), frame["metric"].nunique()
    return {"height": math.ceil(panels / 2) * (80 + 30 * cases), "narrow_height": panels * (70 + 40 * cases)}


def ranges(figure: Figure, frame: pd.DataFrame, narrow: bool) -> None:
    """One panel per headline, one row per case: dot at the median, bar over the middle 90 % of runs."""
    metrics = list(frame["metric"].unique())
    shape = (len(metrics), 1) if narrow else (math.ceil(len(metrics) / 2), 2)
    axes = figure.subplots(*shape, squeeze=False).ravel()
    for position, (ax, metric) in enumerate(zip(axes, metrics, strict=False)):
        _range_panel(ax, frame[frame["metric"] == metric], narrow, named=narrow or position % 2 == 0)
        ax.set_title(metric, loc="left", fontweight="bold")


def _range_panel(ax: Axes, rows: pd.DataFrame, narrow: bool, named: bool) -> None:
    rows = rows.reset_index(drop=True)
    unit = rows["unit"].iloc[0]
    numbers = rows[["p5", "p50", "p95"]].to_numpy(float)
    known = numbers[np.isfinite(numbers)]
    log = unit == "coverage_ratio_36m" and len(known) > 0 and known.min() > 0
    ax.set_xscale("log" if log else "linear")
    top = (known.max() if len(known) else 1.0) or 1.0
    left, right = (known.min() / 1.3, top * 1.3) if log else (-0.03 * top, top * 1.06)
    ax.set_xlim(left, right)
    ax.set_ylim(len(rows) - 0.4, -0.9 if narrow else -0.6)
    for y, row in rows.iterrows():
        _range_row(ax, y, row, right, named=not narrow)
        if narrow:
            _text(ax, row["case"], (0, y), (0, 6), "left")
            _text(ax, row["median"], (1, y), (0, 6), "right")
    base = rows.loc[rows["baseline"], "p50"]
    if len(base) and np.isfinite(base.iloc[0]):
        ax.axvline(base.iloc[0], color=theme.MUTED, linewidth=1, linestyle=DOTTED, zorder=1)
    ax.set_yticks(
        [] if narrow else range(len(rows)),
        [] if narrow else [_short(name, 24) for name in rows["case"]] if named else [""] * len(rows),
    )
    ax.tick_params(axis="y", labelcolor=theme.INK)
    _value_axis(ax, unit, narrow, log)


def _range_row(ax: Axes, y: int, row: pd.Series, right: float, named: bool) -> None:
    if np.isfinite(row["p5"]):
        beyond = not np.isfinite(row["p95"])
        end = right if beyond else row["p95"]
        ax.plot([row["p5"], end], [y, y], color=theme.C1, linewidth=5, alpha=0.45, solid_capstyle="butt")
        if beyond:
            ax.plot(end, y, ">", color=theme.C1, markersize=8, clip_on=False)
    if np.isfinite(row["p50"]):
        marker = "o" if row["baseline"] else "D"
        ax.plot(
            row["p50"],
            y,
            marker,
            color=theme.C1,
            markeredgecolor=theme.PAPER,
            markersize=9 if row["baseline"] else 8,
            clip_on=False,
        )
    elif named and not np.isfinite(row["p5"]):
        ax.annotate(row["median"], (0, y), xycoords=("axes fraction", "data"), xytext=(4, 0), textcoords="offset points", va="center",
                    color=theme.MUTED, fontstyle="italic")  # fmt: skip


def _value_axis(ax: Axes, unit: str, narrow: bool, log: bool) -> None:
    if unit == "funding_need_usd_m":
        theme.money(ax, "x")
    elif unit == "runway_months":
        ax.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    if log:
        low, high = np.log10(ax.get_xlim())
        ticks = [
            step * 10.0**power
            for power in range(math.floor(low), math.ceil(high) + 1)
            for step in ((1, 3) if high - low < 3 else (1,))
        ]
        ax.set_xticks([tick for tick in ticks if 10**low <= tick <= 10**high])
        ax.minorticks_off()
    else:
        ax.locator_params(axis="x", nbins=4 if narrow else 5)
    if unit in ("required_growth_per_month", "coverage_ratio_36m"):
        ax.xaxis.set_major_formatter(lambda value, _: f"{value * 100:.3g}%")
    theme.upright_grid(ax)


def paths(figure: Figure, frame: pd.DataFrame, narrow: bool) -> None:
    """One panel per case: spending and revenue per month on a shared logarithmic axis, with bands."""
    numbers = frame.filter(like="_usd_m").to_numpy()
    positive = numbers[numbers > 0]
    top = positive.max() * 4 if len(positive) else 10.0
    bottom = max(positive.min() / 1.5, top / 10**MOST_DECADES) if len(positive) else 0.1
    panels = _panels(figure, frame, narrow)
    waiting = dict(SERIES)
    for ax, rows in panels:
        ax.set_yscale("log")
        ax.set_ylim(bottom, top)
        ax.minorticks_off()
        for name, (label, color, style) in SERIES.items():
            part = rows[rows["series"] == name].set_index("index_months")
            columns = part.filter(like="_usd_m").where(lambda values: values > 0)
            fan(ax, columns, "usd_m", color, style)
            if name in waiting and columns["central_usd_m"].notna().any() and columns["central_usd_m"].max() > bottom:
                _name(ax, columns, label, color, above=name == "spend")
                del waiting[name]
        _power_ticks(ax)
    _finish(panels, frame, narrow)


def _name(ax: Axes, columns: pd.DataFrame, label: str, color: str, above: bool) -> None:
    """Write a series' name above (or below) its light band, in the middle of the months."""
    at = columns["central_usd_m"].last_valid_index()
    y = columns.loc[at, "p95_usd_m" if above else "p5_usd_m"]
    theme.label(ax, at, y, label, color, xytext=(-2, 4 if above else -4), textcoords="offset points", ha="right",
                va="bottom" if above else "top")  # fmt: skip


def _power_ticks(ax: Axes) -> None:
    low, high = np.log10(ax.get_ylim())
    ax.set_yticks([10.0**power for power in range(math.ceil(low), math.floor(high) + 1)])
    theme.money(ax)


def cash(figure: Figure, frame: pd.DataFrame, narrow: bool) -> None:
    """One panel per case: cash with bands on a shared axis, cut off below 0, where fresh money is needed."""
    numbers = frame.filter(like="_usd_m").to_numpy()
    top = max(numbers.max(), 1e-9) * 1.08
    low = -BELOW * top if numbers.min() < 0 else 0.0
    if numbers.max() <= 0:
        low, top = numbers.min() * 1.05 or -1.0, -numbers.min() * 0.1 or 1.0
    panels = _panels(figure, frame, narrow)
    for position, (ax, rows) in enumerate(panels):
        ax.set_ylim(low, top)
        fan(ax, rows.set_index("index_months"), "usd_m", theme.C1)
        ax.axhline(0, color=theme.INK, linewidth=1)
        if low < 0:
            ax.axhspan(low, 0, color=theme.C4, alpha=0.10, linewidth=0)
        if low < 0 and position == 0:
            ax.annotate("used up", (0, low), xycoords=("axes fraction", "data"), xytext=(4, 4), textcoords="offset points",
                        color=theme.INK)  # fmt: skip
        ax.locator_params(axis="y", nbins=4)
        theme.money(ax)
    _finish(panels, frame, narrow)


def _panels(figure: Figure, frame: pd.DataFrame, narrow: bool) -> list[tuple[Axes, pd.DataFrame]]:
    cases = list(frame["case"].unique())
    columns = min(NARROW_COLUMNS if narrow else COLUMNS, len(cases))
    grid = figure.subplots(math.ceil(len(cases) / columns), columns, sharex=True, sharey=True, squeeze=False).ravel()
    for ax in grid[len(cases) :]:
        ax.remove()
    for position, (ax, case) in enumerate(zip(grid, cases, strict=False)):
        ax.set_title(_short(case, 20 if narrow else 34), loc="left", fontweight="bold")
        ax.tick_params(labelbottom=position + columns >= len(cases))
    return [(ax, frame[frame["case"] == case]) for ax, case in zip(grid, cases, strict=False)]


def _finish(panels: list[tuple[Axes, pd.DataFrame]], frame: pd.DataFrame, narrow: bool) -> None:
    """Mark as many months as fit on the shared axis, by name or by year, and only horizontal lines of the grid."""
    months = frame.drop_duplicates("index_months").set_index("index_months")["month"].sort_index()
    start, last = int(months.iloc[0][:4]) * 12 + int(months.iloc[0][5:7]) - 1, max(int(months.index[-1]), 1)
    step = next((step for step in STEPS if last / step <= (3.5 if narrow else 5.5)), STEPS[-1])
    ticks = [index for index in range(last + 1) if (start + index) % step == 0]
    names = [_month(start + tick, by_year=step >= 12) for tick in ticks]
    for ax, _ in panels:
        ax.set_xticks(ticks, names)
        ax.set_xlim(0, last)


def _month(index: int, by_year: bool) -> str:
    return f"{index // 12}" if by_year else f"{calendar.month_abbr[index % 12 + 1]}\n{index // 12}"


def _short(text: str, width: int) -> str:
    lines = textwrap.wrap(text, width) or [""]
    return "\n".join(lines[:2]) + ("…" if len(lines) > 2 else "")


def _text(ax: Axes, text: str, place: tuple[float, float], offset: tuple[float, float], side: str) -> None:
    behind = {"facecolor": theme.PAPER, "edgecolor": "none", "pad": 1, "alpha": 0.8}
    where = {"xycoords": ("axes fraction", "data"), "xytext": offset, "textcoords": "offset points"}
    ax.annotate(text, place, ha=side, va="bottom", bbox=behind, annotation_clip=False, **where).set_in_layout(False)
