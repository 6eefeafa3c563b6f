"""Charts of the cost-breakdown page: dots with intervals by row, and a fan."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.charts import theme
from analysis.charts.parts import rules

PERIMETER = {"xAI without X": (theme.C1, "o"), "xAI with X": (theme.C4, "s")}
GLYPH = {"o": "●", "s": "■"}
FILL = {"reported": "full", "forecast": "none", "disputed": "left"}


def categories(figure: Figure, frame: pd.DataFrame, narrow: bool) -> None:
    """Spending by category: dot at the central value, thick bar the middle 50 %, thin bar the middle 90 % of runs."""
    ax = figure.subplots()
    _row_names(ax, frame["category"], narrow)
    _intervals(ax, np.arange(len(frame)), frame, theme.C1, "o")
    for y, row in enumerate(frame.itertuples()):
        _value(ax, y, f"{_money(row.central_usd_m)}, {_percent(row.central_share)}", row.p95_usd_m, narrow)
    ax.set_xlim(0, frame["p95_usd_m"].max() * (1.05 if narrow else 1.25) or 1)
    _money_axis(ax, narrow)


def bottom_up(figure: Figure, frame: pd.DataFrame, narrow: bool) -> None:
    """Line items on a logarithmic axis, then their total and the claim below a rule."""
    ax = figure.subplots()
    _row_names(ax, frame["line"], narrow)
    looks = {"part": (theme.C1, "o"), "total": (theme.C3, "D"), "claim": (theme.C4, "s")}
    ax.set_xscale("log")
    positive = frame.loc[frame["p5_usd_m"] > 0, "p5_usd_m"]
    ax.set_xlim(
        min(positive.min() / 1.3, 1) if len(positive) else 0.1, max(frame["p95_usd_m"].max() * (1.3 if narrow else 5), 10)
    )
    for kind, look in looks.items():
        _intervals(ax, np.flatnonzero(frame["kind"] == kind), frame[frame["kind"] == kind], *look)
    for y, row in enumerate(frame.itertuples()):
        _value(ax, y, _money(row.central_usd_m), row.p95_usd_m, narrow)
    ax.axhline((frame["kind"] == "part").sum() - 0.5 - 0.2 * narrow, color=theme.MUTED, linewidth=0.75)
    ax.minorticks_off()
    _money_axis(ax, narrow, bins=False)


def definitions(figure: Figure, frame: pd.DataFrame, narrow: bool) -> None:
    """Public figures per month by kind of measure: circle xAI without X, square with X; hollow forecast, half disputed."""
    ax = figure.subplots()
    families = frame["family"].ne(frame["family"].shift()).cumsum() - 1
    places = [y + 1.1 * family + 0.9 for y, family in enumerate(families)]
    _row_names(ax, frame["figure"], narrow, places)
    right = frame["per_month_usd_m"].max() * 1.05
    ax.set_xlim(0, right)
    for y, row in zip(places, frame.itertuples(), strict=True):
        color, marker = PERIMETER[row.perimeter]
        ax.plot(row.per_month_usd_m, y, marker, color=color, fillstyle=FILL[row.status], markersize=8, markeredgewidth=1.5,
                markerfacecoloralt=theme.PAPER)  # fmt: skip
        text = row.shown if narrow or row.status == "reported" else f"{row.shown}, {row.status}"
        _beside(ax, row.per_month_usd_m, y, text, flip=row.per_month_usd_m > right * (0.6 if narrow else 0.75))
    for name, first in frame.assign(place=places).groupby("family", sort=False)["place"].min().items():
        _inside(ax, name, (0, first - 1), fontweight="bold", va="center")
    top = ax.get_ylim()[1] - 1  # a line of its own above the first family
    ax.set_ylim(top=top)
    for left, (name, (color, marker)) in zip((0, 0.5 if narrow else 0.25), PERIMETER.items(), strict=True):
        _inside(ax, f"{GLYPH[marker]} {name}", (left, top), color=color, fontweight="bold", va="top")
    _money_axis(ax, narrow)


def cost_structures(figure: Figure, frame: pd.DataFrame, narrow: bool) -> None:
    """Shares by category: the model's range shaded, published points, ranges, floors and ceilings in its rows."""
    ax = figure.subplots()
    groups = frame["category"].ne(frame["category"].shift()).cumsum() - 1
    places = [y + 1.1 * group + 0.9 for y, group in enumerate(groups)]
    _row_names(ax, frame["laboratory"], narrow, places)
    frame = frame.assign(place=places)
    for name, rows in frame.groupby("category", sort=False):
        first, last = rows["place"].min(), rows["place"].max()
        model = rows.iloc[0]
        ax.fill_betweenx(
            [first - 0.4, last + 0.4], model["low_share"], model["high_share"], color=theme.C1, alpha=theme.BAND_90, linewidth=0
        )
        _inside(ax, name, (0, first - 1), fontweight="bold", va="center")
    for row in frame.itertuples():
        tip = _share(ax, row, 0.1 if narrow else 0.05)
        if narrow:
            _inside(ax, row.shown, (1, row.place), xytext=(0, 8), textcoords="offset points", ha="right")
        else:
            _beside(ax, row.low_share if tip > 0.7 else tip, row.place, row.shown, flip=tip > 0.7)
    ax.set_xlim(0, 1)
    ax.set_xticks([0, 0.5, 1] if narrow else [0, 0.25, 0.5, 0.75, 1])
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    theme.upright_grid(ax)


def spending_path(figure: Figure, frame: pd.DataFrame, narrow: bool) -> None:
    """Total spending per month: central path with the middle 50 % and 90 % of runs, and the level after one and three years."""
    ax = figure.subplots()
    months = frame["index_months"]
    theme.band(ax, months, frame["p5_usd_m"], frame["p95_usd_m"], theme.C1, theme.BAND_90)
    theme.band(ax, months, frame["p25_usd_m"], frame["p75_usd_m"], theme.C1, theme.BAND_50)
    ax.plot(months, frame["central_usd_m"], color=theme.C1)
    for row in frame[months.isin((0, 12, 36))].itertuples():
        ax.plot(
            row.index_months, row.central_usd_m, "o", color=theme.C1, markeredgecolor=theme.PAPER, markersize=8, clip_on=False
        )
        place, side = ((4, -20), "left") if row.index_months == 0 else ((0, 9), "center")
        theme.label(ax, row.index_months, row.central_usd_m, _money(row.central_usd_m), theme.C1, xytext=place,
                    textcoords="offset points", ha=side, bbox=_PAPER)  # fmt: skip
    theme.months(ax, frame["month"], narrow)
    ax.set_ylim(0, frame["p95_usd_m"].max() * 1.08 or 1)
    theme.projected(ax, 0, max(len(frame) - 1, 1))
    ax.locator_params(axis="y", nbins=4 if narrow else 5)
    theme.money(ax)


_PAPER = {"facecolor": theme.PAPER, "edgecolor": "none", "pad": 1, "alpha": 0.75}


def _row_names(ax: Axes, names: pd.Series, narrow: bool, places: list[float] | None = None) -> None:
    places = list(range(len(names))) if places is None else places
    ax.set_ylim(max(places) + 0.6, min(places) - (0.8 if narrow else 0.6) - (0.8 if min(places) else 0))
    if not narrow:
        ax.set_yticks(places, list(names))
        ax.tick_params(axis="y", labelcolor=theme.INK)
        return
    ax.set_yticks([])
    for y, name in zip(places, names, strict=True):
        _inside(ax, name, (0, y), xytext=(0, 8), textcoords="offset points")


def _intervals(ax: Axes, places: np.ndarray, rows: pd.DataFrame, color: str, marker: str) -> None:
    rules(ax, rows["p5_usd_m"], rows["p95_usd_m"], places, color=color, linewidth=1.5)
    rules(ax, rows["p25_usd_m"], rows["p75_usd_m"], places, color=color, linewidth=6, solid_capstyle="butt", alpha=0.55)
    ax.plot(rows["central_usd_m"], places, marker, color=color, markeredgecolor=theme.PAPER, markersize=9, clip_on=False)


def _value(ax: Axes, y: float, text: str, end: float, narrow: bool) -> None:
    """Write a row's value behind its bar, or on a phone at the right end of the line above it."""
    if narrow:
        _inside(ax, text, (1, y), xytext=(0, 8), textcoords="offset points", ha="right")
    else:
        _beside(ax, end, y, text, flip=False)


def _beside(ax: Axes, x: float, y: float, text: str, flip: bool) -> None:
    side, way = ("right", -9) if flip else ("left", 9)
    written = ax.annotate(text, (x, y), xytext=(way, 0), textcoords="offset points", ha=side, va="center", annotation_clip=False)
    written.set_in_layout(False)


def _inside(ax: Axes, text: str, place: tuple[float, float], **kwargs) -> None:
    """Write at a fraction of the width and a row's height; the layout need not measure what fits inside."""
    ax.annotate(text, place, xycoords=("axes fraction", "data"), annotation_clip=False, **kwargs).set_in_layout(False)


def _share(ax: Axes, row, length: float) -> float:
    """Draw a share by its bound and return where its mark ends; `length`: of the arrow of a floor or ceiling."""
    color = theme.C1 if row.bound == "model" else theme.C3
    if row.bound in ("model", "range"):
        ax.plot(
            [row.low_share, row.high_share],
            [row.place] * 2,
            color=color,
            linewidth=2,
            marker="|",
            markersize=9,
            markeredgewidth=2,
        )
    if row.bound == "model":
        ax.plot(row.central_share, row.place, "o", color=color, markeredgecolor=theme.PAPER, markersize=9)
    if row.bound == "point":
        ax.plot(row.low_share, row.place, "D", color=color, markersize=7)
    if row.bound not in ("floor", "ceiling"):
        return row.high_share
    start, end = (
        (row.low_share, row.low_share + length) if row.bound == "floor" else (row.high_share, max(0.0, row.high_share - length))
    )
    ax.annotate("", (end, row.place), (start, row.place), arrowprops={"arrowstyle": "-|>", "color": color, "linewidth": 2})
    ax.plot(start, row.place, "|", color=color, markersize=11, markeredgewidth=2)
    return max(start, end)


def _money_axis(ax: Axes, narrow: bool, bins: bool = True) -> None:
    if bins:
        ax.locator_params(axis="x", nbins=3 if narrow else 6)
    theme.money(ax, "x")
    theme.upright_grid(ax)


def _money(usd_m: float) -> str:
    return theme.usd(float(f"{usd_m:.2g}"))


def _percent(share: float) -> str:
    return f"{float(f'{share * 100:.2g}'):g}%"
