"""The cost page's charts: the waterfall of a month, what is called burn, shares of costs, spending ahead."""

from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.inputs import months
from analysis.pages.cost_breakdown import sums
from analysis.show import marks, numbers, text, theme
from analysis.show.figure import Figure

STEM = "cost_breakdown"
ROOM = 1.2  # of the longest bar, for the value behind it
SOLID = {"color": theme.SPENDING, "linewidth": 0}
HATCHED = {"facecolor": theme.PAPER, "hatch": "////", "edgecolor": theme.SPENDING, "linewidth": 1}
STYLES = {"line": SOLID, "unplaced": HATCHED, "whole": SOLID}
MARKERS = {"said": "o", "happened": "D", "others": "o"}
FACES = {"said": theme.PAPER, "happened": theme.HAPPENED, "others": theme.OTHERS}
EDGES = {"said": theme.SPENDING, "happened": theme.PAPER, "others": theme.PAPER}
BOUNDS = {"at_least": ">", "at_most": "<"}


@theme.chart
def waterfall(frame: pd.DataFrame, ax: Axes | None = None, narrow: bool = False) -> Axes:
    """Draw how the lines add up to the spending, with what was really spent. `frame`: Measures.waterfall."""
    written = sums.written(frame.set_index("line")["usd_m"])
    frame = (_shortened(frame) if narrow else frame).reset_index(drop=True)
    rows, half, happened = frame.index.to_numpy()[::-1], 0.17 if narrow else 0.33, frame["kind"] == "happened"
    starts, ends = frame["start_usd_m"], frame["end_usd_m"]
    for kind, style in STYLES.items():
        own = frame["kind"] == kind
        ax.barh(rows[own], frame["usd_m"][own], left=starts[own], height=2 * half, **style)
    joints = rows[~happened][:-1]  # from each bar to the next one
    ax.vlines(ends[~happened][:-1], joints - 1 + half, joints - half, color=theme.MUTED, linewidth=0.75)
    ax.hlines(rows[happened], 0, ends[happened], color=theme.HAPPENED, linewidth=1)
    marks.happened(ax, ends[happened], rows[happened])
    ax.set_xlim(min(0, ends.min()), max(ends.max(), 1) * ROOM)
    over = (frame["line"] == "unplaced") & (frame["usd_m"] < 0)
    names = frame["line"].mask(over, "over").map(text.Labels(STEM))
    amounts = [numbers.money(*written[line]) for line in frame["line"]]
    _rows(ax, rows, names, starts.combine(ends, max), amounts, narrow)
    marks.money_axis(ax, "x", narrow)
    return ax


def _shortened(frame: pd.DataFrame) -> pd.DataFrame:
    small = (frame["kind"] == "line") & (frame["line"] != sums.HARDWARE)
    rest = frame[small].tail(1).assign(line="running", usd_m=frame.loc[small, "usd_m"].sum())
    rest["start_usd_m"] = rest["end_usd_m"] - rest["usd_m"]
    return pd.concat([frame[frame["line"] == sums.HARDWARE], rest, frame[frame["kind"] != "line"]])


@theme.chart
def definitions(frame: pd.DataFrame, ax: Axes | None = None, narrow: bool = False) -> Axes:
    """Draw published figures of burn in four groups, each by date. `frame`: Measures.definitions."""
    labels, places = text.Labels(STEM), _grouped(ax, frame["family"], "{}")
    ax.hlines(places, 0, frame["usd_m"], color=theme.MUTED, linewidth=0.5)
    for status, marker in MARKERS.items():
        own, style = frame["status"] == status, {"facecolor": FACES[status], "edgecolor": EDGES[status]}
        ax.scatter(frame["usd_m"][own], places[own], 64, marker=marker, linewidth=1.5, zorder=3, **style)
    names, amounts = [], []
    for row in frame.itertuples():
        who = labels["with_x"] if row.with_x else row.who
        amount, said = numbers.money(row.usd_m), labels.get(f"{row.status}_{row.measure}", "")
        names.append(f"{who}, {period(row.period_start, row.period_end)}")
        amounts.append((labels["more_than"].format(amount) if row.bound == "at_least" else amount) + said)
    ax.set(xlabel="", ylabel="", xlim=(0, max(frame["usd_m"].max(), 1) * 1.3))
    _rows(ax, places, names, frame["usd_m"], amounts, narrow, headings=1)
    marks.money_axis(ax, "x", narrow)
    return ax


def period(first: str, last: str) -> str:
    """Return the months of two dates: "2025", "Jun 2025", "Jan–Sep 2025"."""
    start, end = months.short(first[:7]), months.short(last[:7])
    if (start, end) == (f"Jan {end[4:]}", f"Dec {end[4:]}"):
        return end[4:]
    return end if start == end else f"{start.removesuffix(end[3:])}–{end}"


@theme.chart
def structures(frame: pd.DataFrame, ax: Axes | None = None, narrow: bool = False) -> Axes:
    """Draw shares of costs in groups, the model's with its range. `frame`: Measures.structures."""
    labels, places, names, shares = text.Labels(STEM), _grouped(ax, frame["category"], "share_{}"), [], []
    colors = np.where(frame["kind"] == "model", theme.SPENDING, theme.OTHERS)
    ax.hlines(places, frame["low"], frame["high"], color=colors, linewidth=4, alpha=0.5)
    for row, y, color in zip(frame.itertuples(), places, colors, strict=True):
        style = {"markerfacecolor": theme.PAPER if row.set_input else color, "markeredgecolor": color}
        ax.plot(row.share, y, BOUNDS.get(row.kind, "o"), markersize=8, clip_on=False, **style)
        kind = "model" if row.kind == "model" else "plan" if row.plan else "laboratory"
        names.append(labels[kind].format(labels.get(row.who, row.who), row.year))
        ends = numbers.percent(row.share), numbers.interval(row.low, row.high, "percent")
        shares.append(labels[f"kind_{row.kind}"].format(*ends) + labels["set_input"] * bool(row.set_input))
    ax.set_xlim(0, 1 if narrow else 1.35)
    ax.set_xticks([0, 0.5, 1] if narrow else [0, 0.2, 0.4, 0.6, 0.8, 1])
    ax.xaxis.set_major_formatter(lambda share, _: numbers.percent(share))
    _rows(ax, places, names, frame["high"].fillna(0), shares, narrow, headings=1)
    return ax


@theme.chart
def spending_path(frame: pd.DataFrame, ax: Axes | None = None, narrow: bool = False) -> Axes:
    """Draw spending as a fan, and what was invested and spent. `frame`: Measures.spending_path."""
    labels, path = text.Labels(STEM), frame[frame["series"] == "spend"]
    actual = frame[(frame["series"] != "spend") & frame["p50_usd_m"].notna()]
    end, start = months.add(frame["date"].max()[:7], 1), path["date"].min() if len(path) else "9999"
    marks.month_axis(ax, frame["date"].min()[:4] + "-01", end, narrow)
    ax.set_ylim(0, max(frame.filter(like="usd_m").max(axis=None), 1) * 1.05)
    marks.money_axis(ax, "y", narrow)
    marks.fan(ax, marks.positions(path["date"]), path, theme.SPENDING, suffix="_usd_m")
    if len(path):
        marks.projection(ax, labels["projection"], start, end)
    length = "short" if narrow else "beside"
    for row in actual.itertuples():
        ends, invested = marks.positions([row.period_start, row.period_end]), row.series == "invested"
        ax.hlines(row.p50_usd_m, *ends, color=theme.HAPPENED, linewidth=2)
        words = labels[f"{row.series}_{length}"]
        written = words.format(numbers.money(row.p50_usd_m), period(row.period_start, row.period_end))
        before = invested and row.period_start < start < row.period_end  # a label left of the fan
        side = "above" if before or (invested and row.date > start) else "below"
        x = ends[0] if before else ends.mean()
        marks.label(ax, x, row.p50_usd_m, written, theme.HAPPENED, side)
    marks.happened(ax, marks.positions(actual["date"]), actual["p50_usd_m"])
    return ax


def _grouped(ax: Axes, groups: pd.Series, label: str) -> np.ndarray:
    """Return heights of rows, the first at the top, and write each group's name, a label, above it."""
    new = groups.ne(groups.shift()).to_numpy()
    down = np.arange(len(groups)) + new.cumsum()
    places = (down.max(initial=0) - down).astype(float)
    for place, group in zip(places[new], groups[new], strict=True):
        written = ax.annotate(
            text.Labels(STEM)[label.format(group)], (0, place + 1), xycoords=("figure fraction", "data"),
            xytext=(6, 0), textcoords="offset points", va="center", fontweight="bold", annotation_clip=False,
        )  # fmt: skip
        written.set_in_layout(False)
    return places


def _rows(ax: Axes, places, names, ends, amounts, narrow: bool, headings: int = 0) -> None:
    """Write each row's name and its amount behind `ends`; leave room for rows and `headings` above them."""
    above = headings + (0.9 if narrow else 0.6)
    ax.set_ylim(min(places, default=0) - 0.6, max(places, default=0) + above)
    marks.upright_grid(ax)
    marks.name_rows(ax, places, list(names), narrow)
    for place, end, amount in zip(places, ends, amounts, strict=True):
        marks.value(ax, place, end, amount, narrow)


def _heights(row_px: int, group: str, frame: pd.DataFrame) -> tuple[int, int]:
    rows = len(frame) + frame[group].nunique() + 0.5  # each group has a heading
    return int(50 + rows * row_px), int(50 + rows * 42)


def _waterfall_heights(frame: pd.DataFrame) -> tuple[int, int]:
    return 46 + 28 * len(frame), 46 + 50 * (2 + (frame["kind"] != "line").sum())


FIGURES = {
    "parts": Figure(waterfall, "waterfall", _waterfall_heights, "Waterfall chart", lead=True),
    "definitions": Figure(
        definitions, "definitions", partial(_heights, 25, "family"), "Dot chart in four groups"
    ),
    "structures": Figure(structures, "structures", partial(_heights, 27, "category"), "Dot chart in groups"),
    "spending_path": Figure(spending_path, "spending_path", (400, 380), "Line chart with bands"),
}
