"""Charts of the page on a sweep. `draw(frame, ax=None, narrow=False) -> Axes` on any axes; words from the page's text."""

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
ROW_PX = 34


@theme.chart
def surface(frame: pd.DataFrame, ax: Axes | None = None, narrow: bool = False) -> Axes:
    """The answer over one axis as a line, over two as a map of shades; of points over ranges, what each input explains."""
    if "share" in frame:
        return influence(frame, ax, narrow)
    if "y" not in frame or not all(pd.api.types.is_numeric_dtype(frame[name]) for name in ("x", "y")):
        return _line(frame, ax)
    table = frame.pivot(index="x", columns="y", values="value").sort_index(ascending=False)
    filled, formatter = table.to_numpy(float), frame.attrs.get("formatter", "plain")
    low, high = np.nanmin(filled, initial=np.inf), np.nanmax(filled, initial=-np.inf)
    shares = np.where(np.isnan(filled), 1.0, (filled - low) / (high - low if high > low else 1.0))
    roomy = table.shape[1] <= (MOST_WRITTEN // 2 if narrow else MOST_WRITTEN)
    written = np.array([[_short(value, formatter) for value in row] for row in filled]) if roomy else False
    cmap, norm = theme.shades(theme.NEEDED, STEPS)
    sns.heatmap(
        shares, annot=written, fmt="", cbar=False, cmap=cmap, norm=norm, linewidths=1, linecolor=theme.PAPER,
        annot_kws={"color": theme.INK}, ax=ax, xticklabels=False, yticklabels=False,
    )  # fmt: skip
    ax.grid(visible=False)
    every = max(1, -(-table.shape[1] // (4 if narrow else 9)))
    ax.set_xticks(
        np.arange(0, table.shape[1], every) + 0.5, [numbers.plain(y, 3) for y in table.columns[::every]]
    )
    step = max(1, -(-table.shape[0] // 12))
    ax.set_yticks(
        np.arange(0, table.shape[0], step) + 0.5, [numbers.plain(x, 3) for x in table.index[::step]]
    )
    ax.tick_params(length=0)
    ax.set(xlabel="", ylabel="")
    return ax


def _short(value: float, formatter: str) -> str:
    return WORDS["never"] if np.isnan(value) else numbers.FORMATTERS[formatter](value, 2)


def _line(frame: pd.DataFrame, ax: Axes) -> Axes:
    numeric = pd.api.types.is_numeric_dtype(frame["x"])
    several = "y" in frame and frame["y"].nunique() <= 4
    if numeric:
        tones = theme.tones(theme.SPENDING, max(1, frame["y"].nunique() if several else 1))
        sns.lineplot(
            frame, x="x", y="value", hue="y" if several else None, palette=tones if several else None, marker="o",
            color=theme.SPENDING, estimator=None, errorbar=None, ax=ax,
        )  # fmt: skip
        if several:
            ax.legend(title="")
    else:
        sns.barplot(frame, x="value", y="x", color=theme.SPENDING, errorbar=None, ax=ax)
        marks.upright_grid(ax)
    ax.set(xlabel=frame.attrs.get("x", ""), ylabel="")
    return ax


@theme.chart
def influence(frame: pd.DataFrame, ax: Axes | None = None, narrow: bool = False) -> Axes:
    """How much of the answer's order each input explains, the largest first; pale where more of it lowers the answer."""
    rising = frame["correlation"] >= 0
    places = np.arange(len(frame))[::-1]
    colors = [theme.SPENDING if up else theme.OTHERS for up in rising]
    sns.barplot(frame, x="share", y="input", hue="input", palette=colors, legend=False, errorbar=None, ax=ax)
    ax.set_ylim(len(frame) - 0.5, -0.8 if narrow else -0.5)
    marks.name_rows(ax, places[::-1], frame["label"].tolist(), narrow)
    for place, (share, up) in enumerate(zip(frame["share"], rising, strict=True)):
        sign = WORDS["raises"] if up else WORDS["lowers"]
        marks.value(ax, place, share, f"{numbers.percent(share)}, {sign}", narrow)
    ax.set_xlim(0, max(frame["share"].max() * (1.0 if narrow else 1.4), 0.01))
    marks.percent_axis(ax, "x", narrow)
    marks.upright_grid(ax)
    ax.set(xlabel="", ylabel="")
    return ax


def _heights(frame: pd.DataFrame) -> tuple[int, int]:
    if "share" in frame:
        return 60 + 30 * len(frame), 60 + 50 * len(frame)
    rows = min(14, frame["x"].nunique()) if "y" in frame else 8
    return 90 + ROW_PX * max(rows, 5), 90 + ROW_PX * max(rows, 5)


FIGURES = {"surface": Figure(surface, "answer", heights=_heights, kind="Chart", lead=True)}
