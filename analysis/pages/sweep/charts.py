"""Charts of the page on a sweep. `draw(frame, ax=None, narrow=False) -> Axes` on any axes."""

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from analysis.show import marks, numbers, theme
from analysis.show.figure import Figure
from analysis.show.text import Labels

WORDS = Labels("sweep")
MOST_WRITTEN = 9  # columns of a map in which numbers have room
STEPS = np.linspace(0, 1, 6)
MOST_ROWS, ROW_PX = 12, 34
AXES = {"percent": marks.percent_axis, "money": marks.money_axis}


@theme.chart
def surface(frame: pd.DataFrame, ax: Axes | None = None, narrow: bool = False) -> Axes:
    """The answer over one axis as a line or bars, over two as a map; of points, what each input explains."""
    if "share" in frame:
        _influence(frame, ax, narrow)
    elif "y" in frame:
        _map(frame, ax, narrow)
    else:
        _line_or_bars(frame, ax, narrow)
    ax.set(xlabel="", ylabel="")
    return ax


def _line_or_bars(frame: pd.DataFrame, ax: Axes, narrow: bool) -> None:
    axis = AXES.get(frame.attrs.get("formatter"), marks.plain_axis)
    style = {"color": theme.SPENDING, "errorbar": None, "ax": ax}
    if pd.api.types.is_numeric_dtype(frame["x"]):
        sns.lineplot(frame, x="x", y="value", marker="o", estimator=None, **style)
        marks.plain_axis(ax, "x", narrow)
        axis(ax, "y", narrow)
    else:
        sns.barplot(frame, x="value", y="x", **style)
        marks.upright_grid(ax)
        axis(ax, "x", narrow)


def _map(frame: pd.DataFrame, ax: Axes, narrow: bool) -> None:
    table = frame.pivot(index="x", columns="y", values="value").sort_index(ascending=False)
    low, high = table.min(axis=None), table.max(axis=None)
    shares = (table - low) / ((high - low) or 1.0)
    if frame.attrs.get("measure", True):
        shares = shares.fillna(1.0)  # never is more than any number
    roomy = table.shape[1] <= (MOST_WRITTEN // 2 if narrow else MOST_WRITTEN)
    written = table.map(numbers.FORMATTERS[frame.attrs.get("formatter", "plain")], digits=2)
    if frame.attrs.get("measure", True):
        written = written.mask(table.isna(), WORDS["never"])
    cmap, norm = theme.shades(theme.NEEDED, STEPS)
    sns.heatmap(
        shares, annot=written if roomy else False, fmt="", cbar=False, cmap=cmap, norm=norm, linewidths=1,
        linecolor=theme.PAPER, annot_kws={"color": theme.INK}, ax=ax, xticklabels=False, yticklabels=False,
    )  # fmt: skip
    ax.grid(visible=False)
    ax.set_xticks(*_ticks(table.columns, 4 if narrow else 9))
    ax.set_yticks(*_ticks(table.index, MOST_ROWS))


def _ticks(values: pd.Index, most: int) -> tuple[np.ndarray, list[str]]:
    every = -(-len(values) // most)
    texts = [each if isinstance(each, str) else numbers.plain(each, 3) for each in values[::every]]
    return np.arange(0, len(values), every) + 0.5, texts


def _influence(frame: pd.DataFrame, ax: Axes, narrow: bool) -> None:
    """How much of the answer's order each input explains; grey where more of it lowers the answer."""
    rising = frame["correlation"] >= 0
    colors = np.where(rising, theme.SPENDING, theme.OTHERS).tolist()
    sns.barplot(frame, x="share", y="input", hue="input", palette=colors, legend=False, errorbar=None, ax=ax)
    ax.set_ylim(len(frame) - 0.5, -0.8 if narrow else -0.5)
    marks.name_rows(ax, frame.index, frame["label"].tolist(), narrow)
    for place, (share, up) in enumerate(zip(frame["share"], rising, strict=True)):
        sign = "" if narrow else f", {WORDS['raises' if up else 'lowers']}"
        marks.value(ax, place, share, f"{numbers.percent(share)}{sign}", narrow)
    ax.set_xlim(0, max(frame["share"].max() * (1.0 if narrow else 1.4), 0.01))
    marks.percent_axis(ax, "x", narrow)
    marks.upright_grid(ax)


def _heights(frame: pd.DataFrame) -> tuple[int, int]:
    if "share" in frame:
        return 60 + 30 * len(frame), 60 + 50 * len(frame)
    rows = min(MOST_ROWS, max(frame["x"].nunique(), 5)) if "y" in frame else 8
    return 90 + ROW_PX * rows, 90 + ROW_PX * rows


FIGURES = {"surface": Figure(surface, "answer", heights=_heights, kind="Chart", lead=True)}
