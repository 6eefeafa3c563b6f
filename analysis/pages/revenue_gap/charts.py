"""Charts of the revenue-gap page: `draw(frame, ax=None, narrow=False) -> Axes` on any axes. Words: the
page's text.
"""

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from analysis.inputs import months
from analysis.pages.revenue_gap import charts_rows
from analysis.show import marks, numbers, theme
from analysis.show.figure import Figure
from analysis.show.text import labels

WORDS = labels("revenue_gap")
PATHS = {"spend": theme.SPENDING, "revenue": theme.REVENUE}
OWN, MODEL, NEEDED = WORDS["own_path"], WORDS["model_path"], WORDS["needed_path"]
DOT_PX, NARROW_DOT_PX, MOST_PX = 17, 11, 300  # pitch of the dots, and the height that they fill at most
CLOSE = 0.2  # of the width, too little for an amount between two marks
BESIDE = 0.75  # of the width; a path that ends further right is named beside the axes


@theme.chart
def gap(frame: pd.DataFrame, ax: Axes | None = None, narrow: bool = False) -> Axes:
    """Spending and revenue with bands, the revenue needed, and what happened, on a log scale by calendar
    month.
    """
    parts = {name: part for name, part in frame.groupby("series") if part["p50_usd_m"].notna().any()}
    last = frame["month"].str[:7].max()
    _log(ax, frame.filter(like="_usd_m"))
    marks.month_axis(ax, frame["month"].str[:7].min(), last, narrow)
    marks.money_axis(ax, "y", narrow)
    lines = [name for name in PATHS if name in parts]
    for name in lines:
        marks.fan(ax, marks.positions(parts[name]["month"]), parts[name], PATHS[name], suffix="_usd_m")
    if "needed" in parts:
        x, y = marks.positions(parts["needed"]["month"]), parts["needed"]["p50_usd_m"]
        ax.plot(x, y, color=theme.NEEDED, linestyle=theme.DASHED)
        marks.label(
            ax, x[-1], y.iloc[-1], WORDS["needed_narrow" if narrow else "needed"], theme.NEEDED, "left"
        )
    for name, height in (("earned", 0.04), ("spent", 0.95)):
        if name in parts:
            x, y = marks.positions(parts[name]["month"]), parts[name]["p50_usd_m"]
            marks.happened(ax, x, y)
            period = numbers.interval(*parts[name]["period"].iloc[-1].split(), "month_short")
            words = WORDS[f"{name}_narrow" if narrow else name].format(numbers.money(y.iloc[-1]), period)
            _leader(ax, x[-1], y.iloc[-1], height, words, theme.HAPPENED)
    ends = [parts[name]["p50_usd_m"].iloc[-1] for name in lines]
    names, colors = [WORDS[name] for name in lines], [PATHS[name] for name in lines]
    marks.names_at_ends(ax, marks.position(last), ends, names, colors, narrow)
    return ax


def _log(ax: Axes, amounts: pd.DataFrame) -> None:
    """Set a log axis with room around the amounts."""
    known = amounts.to_numpy(float)
    known = known[np.isfinite(known) & (known > 0)]
    ax.set_yscale("log")
    ax.set_ylim(*((known.min() / 2, known.max() * 2) if len(known) else (1, 10)))
    marks.decades(ax)


def _leader(ax: Axes, x: float, y: float, height: float, text: str, color: str, side: str = "left") -> None:
    """Write a text at a height of the axes (0 to 1), with an upright line to a point; `side`: where the
    text is held.
    """
    place = {"xy": (x, y), "xytext": (x, height), "textcoords": ("data", "axes fraction"), "va": "center"}
    line = {"arrowstyle": "-", "color": color, "linewidth": 0.75, "shrinkA": 8, "shrinkB": 6}
    ax.annotate("", arrowprops=line, **place)
    ax.annotate(text, color=theme.text_color(color), fontweight="bold", ha=side, **place)


@theme.chart
def runway(frame: pd.DataFrame, ax: Axes | None = None, narrow: bool = False) -> Axes:
    """Fifty dots in the month in which the cash ends; those that last stand apart on the right; money that
    came on top.
    """
    dots, raised = frame[frame["series"] == "dot"], frame[frame["series"] == "raised"]
    out, lasting = dots[dots["column"] != ""], dots[dots["column"] == ""]
    width, start = int(dots["width_months"].iloc[0]), dots["start_month"].iloc[0]
    longest = max([months.add(start, 12), *out["column"]])
    marks.month_axis(ax, start, months.add(longest, width + 1), narrow)
    highest = max([*out["place"], min(len(lasting), 10), 5])
    size = (0.64 * min(NARROW_DOT_PX if narrow else DOT_PX, MOST_PX / highest)) ** 2
    ax.set_ylim(0, highest + 1.8)
    x = marks.positions(out["column"]) + width / 2
    ax.scatter(x, out["place"] - 0.5, s=size, color=theme.SPENDING, linewidth=0)
    if len(lasting):
        _lasting(ax, len(lasting), width, highest, size)
    _came(ax, raised, highest + 1.1, narrow)
    ax.set_yticks([])
    ax.grid(visible=False)
    return ax


def _came(ax: Axes, raised: pd.DataFrame, height: float, narrow: bool) -> None:
    """Draw the money that came, an amount beside each; where they stand close, all beside the last."""
    x, (left, right) = marks.positions(raised["month"]), ax.get_xlim()
    texts = [numbers.money(amount) for amount in raised["usd_m"]]
    if np.diff(x).min(initial=right) < CLOSE * (right - left):
        texts = [""] * (len(texts) - 1) + [" + ".join(texts)]
    shown = texts if narrow else [text and WORDS["came"].format(text) for text in texts]
    marks.happened(ax, x, [height] * len(x), shown, "right")


def _lasting(ax: Axes, count: int, width: int, highest: float, size: float) -> None:
    """Draw the dots that have no month, hollow, in columns of ten to the right of the months."""
    left, right = ax.get_xlim()
    pitch, place = max((right - left) / 24, width), np.arange(count)
    style = {"s": 0.8 * size, "facecolor": theme.PAPER, "edgecolor": theme.SPENDING, "linewidth": 1.2}
    ax.scatter(right + (place // 10 + 1) * pitch, place % 10 + 0.5, **style)
    ax.axvline(right, color=theme.MUTED, linewidth=0.75)
    ax.set_xlim(left, right + (count // 10 + 2.5) * pitch)
    marks.label(ax, right, highest + 1.1, WORDS["lasts"], theme.SPENDING)


def runway_heights(frame: pd.DataFrame) -> tuple[int, int]:
    """Return the heights of the two drawings in px: dots have one size, unless they were too many."""
    rows = max(frame["place"].max(), 5)
    return tuple(int(rows * min(pitch, MOST_PX / rows)) + 100 for pitch in (DOT_PX, NARROW_DOT_PX))


@theme.chart
def growth(frame: pd.DataFrame, ax: Axes | None = None, narrow: bool = False) -> Axes:
    """Yearly pace of revenue by months since the size of month 0: laboratories, xAI, what is needed, the
    forecast.
    """
    others, model, needed, own = (
        frame[frame["role"] == role] for role in ("others", "model", "needed", "happened")
    )
    _log(ax, frame.filter(like="p50_usd_m"))
    ax.set_xlim(frame["since_months"].min() - 1, max(frame["since_months"].max(), 1))
    marks.money_axis(ax, "y", narrow)
    sns.lineplot(
        others, x="since_months", y="p50_usd_m", units="series", estimator=None, errorbar=None,
        color=theme.OTHERS,
        marker="o", markersize=5, markeredgewidth=0, linewidth=1.5, ax=ax,
    )  # fmt: skip
    if len(model):
        marks.fan(ax, model["since_months"], model, theme.REVENUE, suffix="_usd_m")
        ax.set_xlabel(WORDS["since"].format(numbers.money(model["p50_usd_m"].iloc[0])))
    ax.plot(needed["since_months"], needed["p50_usd_m"], color=theme.NEEDED, linestyle=theme.DASHED)
    marks.happened(ax, own["since_months"], own["p50_usd_m"])
    paths = {MODEL: (model, theme.REVENUE), NEEDED: (needed, theme.NEEDED), OWN: (own, theme.HAPPENED)}
    paths |= {name: (path, theme.OTHERS) for name, path in others.groupby("series")}
    _name_paths(ax, paths, narrow)
    ax.set_ylabel("")
    return ax


def _name_paths(ax: Axes, paths: dict[str, tuple[pd.DataFrame, str]], narrow: bool) -> None:
    """Name paths beside the axes where they reach the edge, else at their last point; short ones with
    lines to them.
    """
    left, right = ax.get_xlim()
    ends = {
        name: (*path[["since_months", "p50_usd_m"]].iloc[-1], color)
        for name, (path, color) in paths.items()
        if len(path)
    }
    way = {name: (x - left) / (right - left) for name, (x, _, _) in ends.items()}
    far = [name for name in ends if way[name] > BESIDE]
    heights, colors = ([ends[name][place] for name in far] for place in (1, 2))
    marks.names_at_ends(ax, right, heights, far, colors, narrow)
    short = sorted((name for name in ends if way[name] <= 0.5 and name != OWN), key=lambda name: way[name])
    for name, (x, y, color) in ends.items():
        if name == OWN:
            _leader(ax, x, y, 0.7, name.partition(",")[0] if narrow else name, color, "right")
        elif name in short:
            _leader(ax, x, y, 0.06 + 0.09 * short.index(name), name, color)
        elif name not in far:
            marks.label(ax, x, y, name, color, "below")


@theme.chart
def streams(frame: pd.DataFrame, ax: Axes | None = None, narrow: bool = False) -> Axes:
    """Median revenue by stream, on a log scale by calendar month."""
    columns = [name for name in frame if name.endswith("_usd_m") and frame[name].notna().any()]
    _log(ax, frame[columns])
    marks.month_axis(ax, frame["month"].iloc[0], frame["month"].iloc[-1], narrow)
    marks.money_axis(ax, "y", narrow)
    x, colors = marks.positions(frame["month"]), theme.tones(theme.REVENUE, len(columns))
    lines = frame[columns].set_axis(x)
    sns.lineplot(lines, palette=colors, dashes=False, estimator=None, errorbar=None, legend=False, ax=ax)
    names = [WORDS[f"stream_{name.removesuffix('_usd_m')}"] for name in columns]
    marks.names_at_ends(ax, x[-1], [frame[name].iloc[-1] for name in columns], names, colors, narrow)
    marks.projection(ax, WORDS["projection"])
    ax.set_ylabel("")
    return ax


@theme.chart
def windows(frame: pd.DataFrame, ax: Axes | None = None, narrow: bool = False) -> Axes:
    """How many times revenue grew between two figures of a laboratory, on the forecast's band over as many
    months.
    """
    band = frame.sort_values("months")
    _log(ax, frame[["multiple", "p5", "p95"]])
    ax.set_yticks([1, 2, 5, 10, 20])
    ax.fill_between(
        band["months"], band["p5"], band["p95"], color=theme.REVENUE, alpha=theme.BAND_90, linewidth=0
    )
    ax.plot(band["months"], band["p50"], color=theme.REVENUE)
    style = {"x": "months", "y": "multiple", "color": theme.OTHERS, "s": 55, "ax": ax}
    earlier, later = frame[frame["set_by"]], frame[~frame["set_by"]]
    sns.scatterplot(later, edgecolor=theme.PAPER, **style)
    sns.scatterplot(
        earlier, edgecolor=theme.OTHERS, facecolor=theme.PAPER, linewidth=1.5, marker="s", **style
    )
    if len(missed := later[later["multiple"] > later["p95"]]):
        top = missed.loc[missed["multiple"].idxmax()]
        marks.label(ax, top["months"], top["multiple"], top["lab"], theme.OTHERS, "left")
    marks.plain_axis(ax)
    ax.set(xlabel=WORDS["window_months"], ylabel="")
    return ax


FIGURES = {
    "gap": Figure(gap, "gap", heights=(400, 300), kind="Line chart with bands", lead=True),
    "runway": Figure(runway, "runway", heights=runway_heights, kind="Dot plot"),
    "growth": Figure(growth, "growth", heights=(330, 380), kind="Line chart"),
    "streams": Figure(streams, "streams", heights=(230, 240), kind="Line chart"),
    "windows": Figure(windows, "windows", heights=(220, 260), kind="Scatter plot with a band"),
    **charts_rows.FIGURES,
}
