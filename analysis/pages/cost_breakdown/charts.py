"""The cost page's charts: the waterfall of a month, what is called burn, shares of costs, the path of spending."""

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from analysis.inputs import months
from analysis.pages.cost_breakdown import digits
from analysis.pages.cost_breakdown.measures import HARDWARE
from analysis.show import marks, numbers, text, theme
from analysis.show.figure import Figure

STEM = "cost_breakdown"
SHARE_ROOM = 1.25  # of the axis of shares
ROOM = 1.2  # of the longest bar, for the value behind it
HATCHED = {"facecolor": theme.PAPER, "hatch": "////", "edgecolor": theme.SPENDING, "linewidth": 1}
SOLID = {"color": theme.SPENDING, "linewidth": 0}
STATUSES = {"said": ("o", theme.PAPER, theme.SPENDING), "happened": ("D", theme.HAPPENED, theme.PAPER)}
STATUSES |= {"others": ("o", theme.OTHERS, theme.PAPER)}  # marker, face, edge
SHARE_MARKERS = {"exact": "o", "range": "o", "at_least": ">", "at_most": "<"}


@theme.chart
def waterfall(frame: pd.DataFrame, ax: Axes | None = None, narrow: bool = False) -> Axes:
    """Draw how the lines add up to the spending, with what was really spent. `frame`: Measures.waterfall."""
    labels, shown = text.labels(STEM), digits.of_parts(frame.set_index("line")["usd_m"])
    frame = (_shortened(frame) if narrow else frame).reset_index(drop=True)
    rows, ends, height = frame.index.to_numpy()[::-1], frame[["start_usd_m", "end_usd_m"]], 0.34 if narrow else 0.66
    for kind, style in {"line": SOLID, "unplaced": HATCHED, "whole": SOLID}.items():
        bars, places = frame[frame["kind"] == kind], rows[frame["kind"] == kind]
        ax.barh(places, bars["usd_m"], left=bars["start_usd_m"], height=height, **style)
    happened = frame["kind"] == "happened"
    joints = rows[~happened][:-1]  # from each bar to the next one
    ax.vlines(ends["end_usd_m"][~happened][:-1], joints - 1 + height / 2, joints - height / 2, color=theme.MUTED, linewidth=0.75)
    ax.hlines(rows[happened], 0, ends["end_usd_m"][happened], color=theme.HAPPENED, linewidth=1)
    marks.happened(ax, ends["end_usd_m"][happened], rows[happened])
    ax.set_xlim(min(0, np.nanmin(ends)), max(np.nanmax(ends), 1) * ROOM)
    _row_axis(ax, rows, 0, narrow)
    marks.money_axis(ax, "x", narrow)
    marks.name_rows(ax, rows, [labels[_name(row)] for row in frame.itertuples()], narrow)
    for y, row in zip(rows, frame.itertuples(), strict=True):
        amount = numbers.money(row.usd_m, shown.get(row.line, 2))
        marks.value(ax, y, max(row.start_usd_m, row.end_usd_m), amount, narrow)
    return ax


def _name(row) -> str:
    return "over" if row.line == "unplaced" and row.usd_m < 0 else row.line


def _shortened(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the waterfall for a phone: chips, all other lines in one bar, and the rest."""
    lines = frame[frame["kind"] == "line"]
    chips, placed = lines.loc[lines["line"] == HARDWARE, "usd_m"].sum(), lines["usd_m"].sum()
    ends = {HARDWARE: (0.0, chips), "running": (chips, placed)}
    bars = [(name, "line", start, end, end - start) for name, (start, end) in ends.items()]
    short = pd.DataFrame(bars if len(lines) else [], columns=["line", "kind", "start_usd_m", "end_usd_m", "usd_m"])
    return pd.concat([part for part in (short, frame[frame["kind"] != "line"]) if len(part)])


@theme.chart
def definitions(frame: pd.DataFrame, ax: Axes | None = None, narrow: bool = False) -> Axes:
    """Draw published figures of burn in four groups, each by date. `frame`: Measures.definitions."""
    labels, places = text.labels(STEM), _grouped(frame["family"])
    _headings(ax, frame["family"], places, [labels[name] for name in frame["family"]])
    for status, (marker, face, edge) in STATUSES.items():
        own = (frame["status"] == status).to_numpy()
        sns.scatterplot(
            x=frame["usd_m"][own], y=places[own], marker=marker, s=64, color=face, edgecolor=edge, linewidth=1.5,
            legend=False, zorder=3, ax=ax,
        )  # fmt: skip
    ax.hlines(places, 0, frame["usd_m"], color=theme.MUTED, linewidth=0.5)
    _described(ax)
    ax.set_xlim(0, max(frame["usd_m"].max(), 1) * 1.3)
    _row_axis(ax, places, 1, narrow)
    marks.money_axis(ax, "x", narrow)
    marks.name_rows(ax, places, [_whose(row, labels) for row in frame.itertuples()], narrow)
    for y, row, figures in zip(places, frame.itertuples(), digits.of_figures(frame["usd_m"]), strict=True):
        amount = numbers.money(row.usd_m, figures)
        written = labels["at_least"].format(amount) if row.bound == "at_least" else amount
        said = labels.get(f"{row.status}_{row.measure}", "")
        marks.value(ax, y, row.usd_m, f"{written}, {said}" if said else written, narrow)
    return ax


def _whose(row, labels) -> str:
    who = labels["with_x"] if row.with_x else row.who
    return f"{who}, {period(row.period_start, row.period_end)}"


def period(first: str, last: str) -> str:
    """Return the months of two dates: "2025", "Jun 2025", "Jan–Sep 2025"."""
    start, end = months.short(first[:7]), months.short(last[:7])
    if start[-4:] != end[-4:]:
        return f"{start}–{end}"
    if (start[:3], end[:3]) == ("Jan", "Dec"):
        return end[-4:]
    return end if start == end else f"{start[:3]}–{end}"


@theme.chart
def structures(frame: pd.DataFrame, ax: Axes | None = None, narrow: bool = False) -> Axes:
    """Draw shares of costs in groups: the model's with its range, others' in grey. `frame`: Measures.structures."""
    labels, places = text.labels(STEM), _grouped(frame["category"])
    _headings(ax, frame["category"], places, [labels[f"share_{name}"] for name in frame["category"]])
    colors = np.where(frame["kind"] == "model", theme.SPENDING, theme.OTHERS)
    ax.hlines(places, frame["low"], frame["high"], color=colors, linewidth=4, alpha=0.5)
    for row, y, color in zip(frame.itertuples(), places, colors, strict=True):
        face = theme.PAPER if row.set_input else color
        style = {"markerfacecolor": face, "markeredgecolor": color, "markersize": 8, "clip_on": False}
        ax.plot(row.share, y, SHARE_MARKERS.get(row.kind, "o"), **style)
    ax.set_xlim(0, 1 if narrow else SHARE_ROOM)
    ax.set_xticks([0, 0.5, 1] if narrow else [0, 0.2, 0.4, 0.6, 0.8, 1])
    _row_axis(ax, places, 1, narrow)
    ax.xaxis.set_major_formatter(lambda share, _: numbers.percent(share))
    marks.name_rows(ax, places, [_laboratory(row, labels) for row in frame.itertuples()], narrow)
    for y, row in zip(places, frame.itertuples(), strict=True):
        marks.value(ax, y, row.high if row.high == row.high else 0, _share(row, labels), narrow)
    return ax


def _laboratory(row, labels) -> str:
    if row.kind == "model":
        return labels["model"]
    return labels["plan" if row.plan else "laboratory"].format(row.who, row.year)


def _share(row, labels) -> str:
    """Return a share as it stands behind its mark."""
    share, ends = numbers.percent(row.share), numbers.interval(row.low, row.high, "percent")
    written = labels[f"kind_{row.kind}"].format(share, ends)
    return f"{written}{labels['set_input']}" if row.set_input else written


@theme.chart
def spending_path(frame: pd.DataFrame, ax: Axes | None = None, narrow: bool = False) -> Axes:
    """Draw spending as a fan, and what was invested and spent over its periods. `frame`: Measures.spending_path."""
    labels, path = text.labels(STEM), frame[frame["series"] == "spend"]
    actual = frame[(frame["series"] != "spend") & frame["p50_usd_m"].notna()]
    first, last = frame["date"].min()[:7], frame["date"].max()[:7]
    marks.month_axis(ax, first[:4] + "-01", months.add(last, 1), narrow)
    marks.fan(ax, marks.positions(path["date"]), path, theme.SPENDING, suffix="_usd_m")
    columns = [name for name in frame if name.endswith("_usd_m")]
    ax.set_ylim(0, max(frame[columns].max(axis=None), 1) * 1.05)
    marks.money_axis(ax, "y", narrow)
    if len(path):
        marks.projection(ax, labels["projection"], path["date"].iloc[0], months.add(last, 1))
    for row in actual.itertuples():
        ax.hlines(row.p50_usd_m, marks.position(row.first), marks.position(row.last), color=theme.HAPPENED, linewidth=2)
    start = path["date"].min() if len(path) else ""
    for row in actual.itertuples():
        inside = row.first <= start <= row.last  # where the fan begins: the label stands before it
        x = row.first if inside and row.series == "invested" else row.date
        side = "left" if x == row.first else "above" if row.date > start and row.series == "invested" else "below"
        marks.label(ax, marks.position(x), row.p50_usd_m, _actual(row, labels, narrow), theme.HAPPENED, side)
    marks.happened(ax, marks.positions(actual["date"]), actual["p50_usd_m"])
    return ax


def _actual(row, labels, narrow: bool) -> str:
    amount = numbers.money(row.p50_usd_m, numbers.digits_to(row.p50_usd_m, 1))
    words = labels[f"{row.series}_short" if narrow else f"{row.series}_beside"]
    return words.format(amount, period(row.first, row.last))


def _grouped(groups: pd.Series) -> np.ndarray:
    """Return heights of rows, the first at the top, with room for a heading above each group."""
    new = groups.ne(groups.shift())
    down = np.arange(len(groups)) + new.cumsum().to_numpy()
    return (down.max(initial=0) - down).astype(float)


def _headings(ax: Axes, groups: pd.Series, places: np.ndarray, names: list[str]) -> None:
    """Write the name of each group above its first row, over the whole width."""
    for place, name in zip(places[groups.ne(groups.shift())], np.array(names)[groups.ne(groups.shift())], strict=True):
        written = ax.annotate(
            name, (0, place + 1), xycoords=("figure fraction", "data"), xytext=(6, 0), textcoords="offset points",
            va="center", fontweight="bold", color=theme.INK, annotation_clip=False,
        )  # fmt: skip
        written.set_in_layout(False)


def _row_axis(ax: Axes, places: np.ndarray, headings: int, narrow: bool) -> None:
    """Leave room for rows at `places` and for `headings` rows above them."""
    ax.set_ylim(min(places, default=0) - 0.6, max(places, default=0) + headings + (0.9 if narrow else 0.6))
    marks.upright_grid(ax)


def _described(ax: Axes) -> None:
    ax.set_xlabel("")
    ax.set_ylabel("")


def _heights(row_px: int, narrow_px: int, group: str = "") -> object:
    """Return a function of a frame that gives the heights of the two drawings, a row more for each group's heading."""

    def heights(frame: pd.DataFrame) -> tuple[int, int]:
        rows = len(frame) + (frame[group].nunique() + 0.5 if group else 0)
        return int(50 + rows * row_px), int(50 + rows * narrow_px)

    return heights


def _waterfall_heights(frame: pd.DataFrame) -> tuple[int, int]:
    lines = (frame["kind"] == "line").sum()
    return 46 + 28 * len(frame), 46 + 50 * (len(frame) - max(lines - 2, 0))


FIGURES = {
    "parts": Figure(waterfall, "waterfall", _waterfall_heights, "Waterfall chart", lead=True),
    "definitions": Figure(definitions, "definitions", _heights(25, 42, "family"), "Dot chart in four groups"),
    "structures": Figure(structures, "structures", _heights(27, 42, "category"), "Dot chart in groups"),
    "spending_path": Figure(spending_path, "spending_path", (400, 380), "Line chart with bands"),
}
