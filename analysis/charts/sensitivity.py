"""Charts of what drives the answer: a tornado for each metric, and total-order indices with intervals."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis.charts import theme
from analysis.charts.parts import rules
from analysis.charts.rows import name_rows

SHOWN = 8  # inputs in a chart; the data table has all
_ENDS = {"low": ("at its low", theme.C1, "o"), "high": ("at its high", theme.C4, "D")}
# metric, name, colour, marker, side of the row
_METRICS = (("runway_months", "runway", theme.C1, "o", -1), ("funding_need_usd_m", "funding need", theme.C4, "D", 1))


def tornado_runway(figure: Figure, frame: pd.DataFrame, narrow: bool) -> None:
    """Runway in months with one input at low and at high; an arrow where cash does not run out within the horizon."""
    ax = _tornado(figure, frame, "months", narrow)
    ax.set_xlabel("runway, months")


def tornado_need(figure: Figure, frame: pd.DataFrame, narrow: bool) -> None:
    """Funding need with one input at low and at high."""
    ax = _tornado(figure, frame, "usd_m", narrow)
    theme.money(ax, "x")
    ax.set_xlabel("funding need")


TORNADOS = {"runway_months": tornado_runway, "funding_need_usd_m": tornado_need}


def indices(figure: Figure, frame: pd.DataFrame, narrow: bool) -> None:
    """Total-order index of both metrics with its 90 % interval, one row per input; the first row names the metrics."""
    ax = figure.subplots()
    inputs = list(dict.fromkeys(frame["input"]))[:SHOWN]
    rows = frame[frame["input"].isin(inputs)]
    places = np.array([position + 0.5 * (position > 0) for position in range(len(inputs))])
    ax.set_xlim(-0.02, max(1.0, rows["p95_share"].max() * 1.02))
    for metric, name, color, marker, side in _METRICS:
        part = rows[rows["metric"] == metric].set_index("input").loc[inputs]
        y = places + 0.15 * side
        rules(ax, part["p5_share"], part["p95_share"], y, color=color, linewidth=3, solid_capstyle="butt")
        ax.plot(part["total_order_share"], y, marker, color=color, markeredgecolor=theme.PAPER, markersize=8, clip_on=False)
        share = part["total_order_share"].iloc[0]
        theme.label(ax, share, 0.15 * side, name, color, xytext=(0, -8 * side), textcoords="offset points",
                    ha=_aligned(share / ax.get_xlim()[1]), va="top" if side > 0 else "bottom")  # fmt: skip
    ax.xaxis.set_major_locator(MaxNLocator(4 if narrow else 6))
    ax.xaxis.set_major_formatter(lambda value, _: f"{value * 100:.0f}%")
    ax.set_xlabel("share of variance" if narrow else "share of the variance in which the input takes part")
    _rows(ax, places, rows.drop_duplicates("input")["label"], [""] * len(inputs), narrow, clear=14)


def _aligned(share: float) -> str:
    return "left" if share < 0.15 else "right" if share > 0.85 else "center"


def _tornado(figure: Figure, frame: pd.DataFrame, unit: str, narrow: bool) -> Axes:
    ax = figure.subplots()
    top = frame.head(SHOWN)
    central = top[f"at_central_{unit}"].iloc[0]
    y, (below, above) = np.arange(len(top)), (0.15, 0.2) if narrow else (0.5, 0.5)
    rules(ax, y - below, y + above, central, upright=True, color=theme.MUTED, linewidth=1, zorder=1)
    for end, (_, color, marker) in _ENDS.items():
        values, never = top[f"at_{end}_{unit}"], top["beyond_horizon"].isin((end, "both")).to_numpy()
        rules(ax, central, values, y, color=color, linewidth=6, solid_capstyle="butt", zorder=2)
        for rows, symbol, size in ((~never, marker, 9), (never, ">", 12)):
            if rows.any():
                ax.plot(values[rows], y[rows], symbol, color=color, markeredgecolor=theme.PAPER, markersize=size, clip_on=False,
                        zorder=3)  # fmt: skip
    ax.margins(x=0.05)
    ax.xaxis.set_major_locator(MaxNLocator(4 if narrow else 7))
    _name_ends(ax, top.iloc[0], unit, narrow)
    _rows(ax, range(len(top)), top["label"], top["range"], narrow)
    return ax


def _name_ends(ax: Axes, row: pd.Series, unit: str, narrow: bool) -> None:
    """Name both ends of the first bar, the right one a line higher where they stand close together."""
    left, right = ax.get_xlim()
    ends = sorted((row[f"at_{end}_{unit}"], end) for end in _ENDS)
    close = ends[1][0] - ends[0][0] < (0.55 if narrow else 0.45) * (right - left)
    for number, (value, end) in enumerate(ends):
        text, color, _ = _ENDS[end]
        side = "left" if (value - left) / (right - left) < 0.5 else "right"
        theme.label(ax, value, 0, text if narrow else f"input {text}", color, va="bottom", ha=side, textcoords="offset points",
                    xytext=(-5 if side == "left" else 5, 8 + 13 * (close and number)))  # fmt: skip


def _rows(ax: Axes, places, labels, details, narrow: bool, clear: float = 9) -> None:
    last = list(places)[-1]
    theme.upright_grid(ax)
    ax.set_ylim(last + 0.5, -1.1 if narrow else -0.8)
    name_rows(ax, places, labels, details, narrow, clear=clear, first=26 if narrow else 0)
