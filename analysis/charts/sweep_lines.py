"""Charts of a sweep along one axis at a time: lines with bands, rows of dots, and panels of Sobol inputs."""

import math
import textwrap

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.charts import theme
from analysis.charts.rows import name_rows

DOTTED = (0, (1.5, 2))
PANEL_PX, ROW_PX, CELL_PX = 230, 46, 54
SHADES = ((0.0, 0.2, 0.06), (0.2, 0.5, 0.16), (0.5, 0.8, 0.28), (0.8, 1.01, 0.40))  # shares from, below, opacity


def _levels(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with p5, p50, p95 and horizon named without their units."""
    return frame.rename(columns={name: name.split(",")[0] for name in frame.columns[1:]})


def lines(figure: Figure, frame: pd.DataFrame, narrow: bool) -> None:
    """The median over an ordered axis with its band; where it is never the line ends at the top, and the flip is marked.

    The first column is the axis; p5, p50, p95 (nan for never; p5 and p95 may be missing), horizon (the highest value
    or nan), solvent yes or no.
    """
    ax, frame = figure.subplots(), _levels(frame)
    x, names = _positions(frame.iloc[:, 0])
    known = frame[[name for name in ("p5", "p50", "p95") if name in frame]].to_numpy(dtype=float)
    horizon = frame["horizon"].max()
    top = horizon if np.isfinite(horizon) else np.nanmax(known) * 1.06 or 1.0
    low = min(float(np.nanmin(known)) * 1.06, 0.0) if np.isfinite(known).any() else 0.0
    ends = [frame[name].fillna(top) if name in frame else None for name in ("p5", "p50", "p95")]
    if ends[0] is not None:
        theme.band(ax, x, ends[0], ends[2], theme.C1, theme.BAND_90)
    ax.plot(x, ends[1], color=theme.C1, marker="o" if len(x) <= 30 else "", markersize=5, clip_on=False)
    ax.set_ylim(low, top if top > low else low + 1)
    _turns(ax, x, frame["solvent"].to_numpy())
    ax.set_xlabel("\n".join(textwrap.wrap(frame.columns[0], 34 if narrow else 90)))
    if names:
        step = math.ceil(len(names) / (4 if narrow else 8))
        ax.set_xticks(x[::step], names[::step])
    else:
        ax.locator_params(axis="x", nbins=4 if narrow else 8)
        ax.xaxis.set_major_formatter(lambda value, _: f"{value:,.6g}")
    ax.yaxis.set_major_formatter(lambda value, _: f"{value:,.6g}")


def _positions(values: pd.Series) -> tuple[np.ndarray, list[str]]:
    """Return where values stand: numbers at themselves, months (words) at equal steps with their names."""
    numeric = pd.api.types.is_numeric_dtype(values)
    return (
        (values.to_numpy(dtype=float), []) if numeric else (np.arange(len(values), dtype=float), [str(value) for value in values])
    )


def _turns(ax: Axes, x: np.ndarray, solvent: np.ndarray) -> None:
    """Mark where solvent turns, halfway between two values, and name the side that is."""
    named = False
    for place in np.flatnonzero(solvent[:-1] != solvent[1:]):
        at = (x[place] + x[place + 1]) / 2
        ax.axvline(at, color=theme.INK, linewidth=1.5, linestyle=DOTTED)
        if not named:
            left = solvent[place] == "yes"
            text, align = ("← solvent", "right") if left else ("solvent →", "left")
            room = (at - x[0] if left else x[-1] - at) / max(x[-1] - x[0], 1e-12)
            if room < 0.3:  # no room on that side: name the other one
                text, align = ("out of cash →", "left") if left else ("← out of cash", "right")
            ax.annotate(text, (at, 0), xycoords=("data", "axes fraction"), xytext=(4 if align == "left" else -4, 5),
                        textcoords="offset points", ha=align, color=theme.INK, fontweight="bold")  # fmt: skip
            named = True


def row_heights(frame: pd.DataFrame) -> dict[str, int]:
    """Return the heights in px of `rows`."""
    return {"height": 60 + ROW_PX * len(frame), "narrow_height": 60 + (ROW_PX + 18) * len(frame)}


def rows(figure: Figure, frame: pd.DataFrame, narrow: bool) -> None:
    """One row per value of an axis of words: a dot at the median, a bar over p5 to p95, `shown` beside the name."""
    ax, frame = figure.subplots(), _levels(frame)
    y = np.arange(len(frame))
    known = frame[[name for name in ("p5", "p50", "p95", "horizon") if name in frame]].to_numpy(dtype=float)
    right = np.nanmax(known) * 1.04 if np.isfinite(known).any() and np.nanmax(known) > 0 else 1.0
    left = min(0.0, float(np.nanmin(known)) * 1.04) if np.isfinite(known).any() else 0.0
    ax.set_xlim(left, right)
    ax.set_ylim(len(frame) - 0.4, -0.9 if narrow else -0.6)
    if "p5" in frame:
        ends = [frame[name].fillna(right) for name in ("p5", "p95")]
        some = frame["p5"].notna()
        ax.hlines(y[some], ends[0][some], ends[1][some], color=theme.C1, linewidth=5, alpha=0.45)
        beyond = some & frame["p95"].isna()
        ax.plot(np.full(beyond.sum(), right), y[beyond], ">", color=theme.C1, markersize=8, clip_on=False)
    ax.plot(frame["p50"], y, "o", color=theme.C1, markeredgecolor=theme.PAPER, markersize=9, clip_on=False)
    name_rows(ax, y, [str(value) for value in frame.iloc[:, 0]], frame["shown"], narrow)
    ax.locator_params(axis="x", nbins=4 if narrow else 8)
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:,.6g}")
    theme.upright_grid(ax)


def effect_heights(frame: pd.DataFrame) -> dict[str, int]:
    """Return the heights in px of `main_effects`."""
    panels = frame["input"].nunique()
    return {"height": PANEL_PX * math.ceil(panels / 2), "narrow_height": PANEL_PX * panels}


def main_effects(figure: Figure, frame: pd.DataFrame, narrow: bool) -> None:
    """One panel per input on a shared axis: the points' median in bins of the input, with the middle 90 % of points."""
    frame, inputs = _levels(frame), list(frame["input"].unique())
    shape = (len(inputs), 1) if narrow or len(inputs) == 1 else (math.ceil(len(inputs) / 2), 2)
    axes = figure.subplots(*shape, sharey=True, squeeze=False).ravel()
    for ax in axes[len(inputs) :]:
        ax.remove()
    for ax, name in zip(axes, inputs, strict=False):
        part = frame[frame["input"] == name]
        theme.band(ax, part["at"], part["p5"], part["p95"], theme.C1, theme.BAND_90)
        ax.plot(part["at"], part["p50"], color=theme.C1, marker="o", markersize=4)
        ax.set_title("\n".join(textwrap.wrap(name, 32)), loc="left", color=theme.INK, fontweight="bold")
        ax.locator_params(axis="x", nbins=4)
        ax.xaxis.set_major_formatter(lambda value, _: f"{value:,.6g}")
        ax.yaxis.set_major_formatter(lambda value, _: f"{value:,.6g}")
    axes[0].set_ylim(min(0.0, float(frame["p5"].min()) * 1.04), float(frame["p95"].max()) * 1.04 or 1.0)


def share_heights(frame: pd.DataFrame) -> dict[str, int]:
    """Return the heights in px of `shares`."""
    count = frame["portfolio"].nunique()
    return {"height": 80 + 30 * count, "narrow_height": 90 + CELL_PX * count}


def shares(figure: Figure, frame: pd.DataFrame, narrow: bool) -> None:
    """A matrix of cells, portfolios by bins of an input (the second column): the share of points where each is best."""
    ax = figure.subplots()
    names, columns = list(dict.fromkeys(frame["portfolio"])), list(dict.fromkeys(frame.iloc[:, 1]))
    x, y = (frame.iloc[:, 1].map(columns.index).to_numpy(), frame["portfolio"].map(names.index).to_numpy())
    height = 0.5 if narrow else 0.9
    for low, high, opacity in SHADES:
        part = ((frame["share"] >= low) & (frame["share"] < high)).to_numpy()
        ax.bar(x[part], height, 0.94, y[part] - height / 2, color=theme.C1, alpha=opacity, linewidth=0)
    for across, down, text in zip(x, y, frame["shown"], strict=True):
        ax.text(across, down, text, ha="center", va="center", color=theme.INK)
    ax.set_xlim(-0.5, len(columns) - 0.5)
    ax.set_ylim(len(names) - 0.5, -0.5 - 0.4 * narrow)
    step = 2 if narrow and len(columns) > 4 else 1
    ax.set_xticks(range(0, len(columns), step), [f"{value:,.3g}" for value in columns[::step]], color=theme.INK)
    ax.set_xlabel("\n".join(textwrap.wrap(frame.columns[1], 34 if narrow else 90)))
    name_rows(ax, range(len(names)), names, [""] * len(names), narrow, clear=11)
    ax.spines[:].set_visible(False)
    ax.grid(visible=False)
