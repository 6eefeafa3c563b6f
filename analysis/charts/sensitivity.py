"""Charts of what drives the answer: a tornado for each metric, and total-order indices with intervals."""

import textwrap

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.charts import theme

SHOWN = 8  # inputs in a chart; the data table has all
_LOW, _HIGH = (theme.C1, "o"), (theme.C4, "D")
_METRICS = (("runway_months", "runway", theme.C1, "o", "-"), ("funding_need_usd_m", "funding need", theme.C3, "s", (0, (3, 1.5))))


def tornado_runway(figure: Figure, frame: pd.DataFrame, narrow: bool) -> None:
    """Runway in months with one input at low and at high; an arrow where cash does not run out within the horizon."""
    ax = _tornado(figure, frame, "months", narrow)
    ax.set_xlabel("runway, months")


def tornado_need(figure: Figure, frame: pd.DataFrame, narrow: bool) -> None:
    """Funding need with one input at low and at high."""
    ax = _tornado(figure, frame, "usd_m", narrow)
    theme.money(ax, "x")
    ax.set_xlabel("funding need")


def indices(figure: Figure, frame: pd.DataFrame, narrow: bool) -> None:
    """Total-order index of both metrics with its 90 % interval, one row per input."""
    ax = figure.subplots()
    inputs = list(dict.fromkeys(frame["input"]))[:SHOWN]
    rows = frame[frame["input"].isin(inputs)]
    for metric, name, color, marker, dash in _METRICS:
        part = rows[rows["metric"] == metric].set_index("input").loc[inputs]
        for y, row in enumerate(part.itertuples()):
            place = y + (-0.14 if metric == _METRICS[0][0] else 0.14)
            ax.plot([row.p5_share, row.p95_share], [place, place], color=color, linestyle=dash, solid_capstyle="butt")
            ax.plot(row.total_order_share, place, marker, color=color, markeredgecolor=theme.PAPER, markersize=8, clip_on=False)
        _beside(ax, part.iloc[0], part.index[0], name, color, -0.14 if metric == _METRICS[0][0] else 0.14)
    ax.set_xlim(-0.02, max(1.0, rows["p95_share"].max() * 1.02))
    ax.xaxis.set_major_formatter(lambda value, _: f"{value * 100:.0f}%")
    ax.set_xlabel("share of the variance in which the input takes part" if not narrow else "share of variance")
    _rows(ax, rows.drop_duplicates("input")["label"], None, narrow)


def _beside(ax: Axes, row: pd.Series, _: str, name: str, color: str, place: float) -> None:
    """Write a metric's name on the side of its first interval that has room."""
    left = row["total_order_share"] > 0.55
    theme.label(ax, row["p5_share" if left else "p95_share"], place, name, color, xytext=(-9 if left else 9, 0),
                textcoords="offset points", ha="right" if left else "left", va="center")  # fmt: skip


def _tornado(figure: Figure, frame: pd.DataFrame, unit: str, narrow: bool) -> Axes:
    ax = figure.subplots()
    top = frame.head(SHOWN)
    central = top[f"at_central_{unit}"].iloc[0]
    ax.axvline(central, color=theme.MUTED, linewidth=1, zorder=1)
    for y, row in enumerate(top.itertuples()):
        for end, (color, marker) in (("low", _LOW), ("high", _HIGH)):
            value = getattr(row, f"at_{end}_{unit}")
            never = row.beyond_horizon in (end, "both")
            ax.plot([central, value], [y, y], color=color, linewidth=6, solid_capstyle="butt", zorder=2)
            ax.plot(value, y, ">" if never else marker, color=color, markeredgecolor=theme.PAPER, markersize=11 if never else 9,
                    clip_on=False, zorder=3)  # fmt: skip
    ax.margins(x=0.04)
    _ends(ax, top.iloc[0], unit, narrow)
    _rows(ax, top["label"], top["range"], narrow)
    return ax


def _ends(ax: Axes, row: pd.Series, unit: str, narrow: bool) -> None:
    """Name both ends of the first bar, one above the other where they stand close together."""
    names = {"low": ("at its low", _LOW), "high": ("at its high", _HIGH)}
    ends = sorted((row[f"at_{end}_{unit}"], end) for end in names)
    left, right = ax.get_xlim()
    close = ends[1][0] - ends[0][0] < (0.6 if narrow else 0.35) * (right - left)
    for position, (value, end) in enumerate(ends):
        text, (color, _) = names[end]
        theme.label(ax, value, 0, text if narrow else f"input {text}", color, xytext=(-5 if position == 0 else 5, 9 + 13 * (close and position)),
                    textcoords="offset points", ha="left" if position == 0 else "right", va="bottom")  # fmt: skip


def _rows(ax: Axes, labels: pd.Series, ranges: pd.Series | None, narrow: bool) -> None:
    """Name the rows: beside the axis, or above each row on a phone, where the axis needs the width."""
    below = [""] * len(labels) if ranges is None else list(ranges)
    names = [f"{label}\n{more}".strip() for label, more in zip(labels, below, strict=True)]
    theme.plain_axis(ax, x_grid=True)
    ax.set_ylim(len(names) - (0.55 if narrow else 0.4), -0.85 if narrow else -0.75)
    if not narrow:
        ax.set_yticks(range(len(names)), names)
        ax.tick_params(axis="y", labelcolor=theme.INK)
        return
    ax.set_yticks([])
    for y, name in enumerate(names):
        lines = [part for line in name.split("\n") for part in textwrap.wrap(line, 44)]
        ax.annotate("\n".join(lines), (0, y), xycoords=("axes fraction", "data"), xytext=(0, 24 if y == 0 and ranges is not None else 9),
                    textcoords="offset points", va="bottom")  # fmt: skip


TORNADOS = {"runway_months": tornado_runway, "funding_need_usd_m": tornado_need}
