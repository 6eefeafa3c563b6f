"""Charts of the page on a sweep. `draw(frame, ax=None, narrow=False) -> Axes` on any axes; words from its
text.
"""

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from analysis.show import marks, numbers, theme
from analysis.show.figure import Figure
from analysis.show.text import labels

WORDS = labels("sweep")
MOST_WRITTEN = 9  # columns of a map in which numbers have room
STEPS = np.linspace(0, 1, 6)
MOST_ROWS, ROW_PX = 12, 34
AXES = {"percent": marks.percent_axis, "money": marks.money_axis}


@theme.chart
def surface(frame: pd.DataFrame, ax: Axes | None = None, narrow: bool = False) -> Axes:
    """The answer over one axis as a line or bars, over two as a map; of points, what each input explains."""
    if "share" in frame:
        return influence(frame, ax, narrow)
    if "y" in frame:
        return _map(frame, ax, narrow)
    axis = AXES.get(frame.attrs.get("formatter"), marks.plain_axis)
    if not pd.api.types.is_numeric_dtype(frame["x"]):
        sns.barplot(frame, x="value", y="x", color=theme.SPENDING, errorbar=None, ax=ax)
        marks.upright_grid(ax)
        axis(ax, "x", narrow)
    else:
        sns.lineplot(
            frame, x="x", y="value", marker="o", color=theme.SPENDING, estimator=None, errorbar=None, ax=ax
        )
        marks.plain_axis(ax, "x", narrow)
        axis(ax, "y", narrow)
    ax.set(xlabel="", ylabel="")
    return ax


def _map(frame: pd.DataFrame, ax: Axes, narrow: bool) -> Axes:
    table = frame.pivot(index="x", columns="y", values="value").sort_index(ascending=False)
    filled = table.to_numpy(float)
    low, high = np.nanmin(filled, initial=np.inf), np.nanmax(filled, initial=-np.inf)
    shares = (filled - low) / (high - low) if high > low else np.zeros(filled.shape)
    if frame.attrs.get("measure", True):
        shares = np.where(np.isnan(filled), 1.0, shares)  # never is more than any number
    roomy = table.shape[1] <= (MOST_WRITTEN // 2 if narrow else MOST_WRITTEN)
    written = [[_short(value, frame.attrs) for value in row] for row in filled]
    cmap, norm = theme.shades(theme.NEEDED, STEPS)
    sns.heatmap(
        shares, annot=np.array(written) if roomy else False, fmt="", cbar=False, cmap=cmap, norm=norm,
        linewidths=1, linecolor=theme.PAPER, annot_kws={"color": theme.INK}, ax=ax,
        xticklabels=False, yticklabels=False,
    )  # fmt: skip
    ax.grid(visible=False)
    ax.set_xticks(*_ticks(table.columns, 4 if narrow else 9))
    ax.set_yticks(*_ticks(table.index, MOST_ROWS))
    ax.tick_params(length=0)
    ax.set(xlabel="", ylabel="")
    return ax


def _ticks(values: pd.Index, most: int) -> tuple[np.ndarray, list[str]]:
    """Return the places of at most `most` ticks of a map, and their texts."""
    every = -(-len(values) // most)
    texts = [each if isinstance(each, str) else numbers.plain(each, 3) for each in values[::every]]
    return np.arange(0, len(values), every) + 0.5, texts


def _short(value: float, attrs: dict) -> str:
    if np.isnan(value):
        return WORDS["never"] if attrs.get("measure", True) else numbers.MISSING
    return numbers.FORMATTERS[attrs.get("formatter", "plain")](value, 2)


@theme.chart
def influence(frame: pd.DataFrame, ax: Axes | None = None, narrow: bool = False) -> Axes:
    """How much of the answer's order each input explains, the largest first; grey where more lowers the
    answer.
    """
    rising = frame["correlation"] >= 0
    places = np.arange(len(frame))
    colors = [theme.SPENDING if up else theme.OTHERS for up in rising]
    sns.barplot(frame, x="share", y="input", hue="input", palette=colors, legend=False, errorbar=None, ax=ax)
    ax.set_ylim(len(frame) - 0.5, -0.8 if narrow else -0.5)
    marks.name_rows(ax, places, frame["label"].tolist(), narrow)
    for place, share, up in zip(places, frame["share"], rising, strict=True):
        sign = WORDS["raises"] if up else WORDS["lowers"]
        text = numbers.percent(share) if narrow else f"{numbers.percent(share)}, {sign}"
        marks.value(ax, place, share, text, narrow)
    ax.set_xlim(0, max(frame["share"].max() * (1.0 if narrow else 1.4), 0.01))
    marks.percent_axis(ax, "x", narrow)
    marks.upright_grid(ax)
    ax.set(xlabel="", ylabel="")
    return ax


def _heights(frame: pd.DataFrame) -> tuple[int, int]:
    if "share" in frame:
        return 60 + 30 * len(frame), 60 + 50 * len(frame)
    rows = 8 if "y" not in frame else min(MOST_ROWS, max(frame["x"].nunique(), 5))
    return 90 + ROW_PX * rows, 90 + ROW_PX * rows


FIGURES = {"surface": Figure(surface, "answer", heights=_heights, kind="Chart", lead=True)}
