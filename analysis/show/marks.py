"""Marks that charts share: fans, months on the axis, names at line ends, rows, what really happened.

Positions on a calendar axis are months since January 2000, so that series of other starts share an axis.
"""

import calendar
import itertools
import math
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.inputs import months
from analysis.show import numbers, theme
from analysis.show.text import shared

LINE_PX = 16  # height of a line of text
ROW_PX, ROW_NARROW_PX, AXIS_PX = 50, 62, 62
SPARE = 0.17  # of the width, for the month behind the longest strip
_LINE_POINTS = 11.5
_LETTERS = 44  # that fit on a phone's width
_SHARE_OF_FIGURE = 0.8  # that axes fill, before anything is laid out
_MONTH_STEPS = (1, 3, 6, 12, 24, 60, 120)
_BEHIND = {"facecolor": theme.PAPER, "edgecolor": "none", "pad": 1, "alpha": 0.75}
_ANGLES, _GAPS = np.meshgrid(np.arange(24) * np.pi / 12, np.arange(8.0, 120.0, 7.0))  # of a name to its dot
_AROUND = np.column_stack([np.cos(_ANGLES).ravel(), np.sin(_ANGLES).ravel()])
_ALONG = np.linspace(0, 1, 24)[:, None]  # a line to a dot
_SIDES = {  # offset in points, and alignment
    "right": ((7, 0), "left", "center"),
    "left": ((-7, 0), "right", "center"),
    "above": ((0, 8), "center", "bottom"),
    "below": ((0, -8), "center", "top"),
}


def position(date: str) -> float:
    """Return where a month YYYY-MM starts, or where a day YYYY-MM-DD lies, in months since January 2000."""
    start = months.between("2000-01", months.of_date(date))
    if len(date) < 10:
        return float(start)
    _, days = calendar.monthrange(int(date[:4]), int(date[5:7]))
    return start + (int(date[8:10]) - 1) / days


def positions(dates: Iterable[str]) -> np.ndarray:
    """Return the positions of months or days."""
    return np.array([position(date) for date in dates])


def month_axis(ax: Axes, first: str, last: str, narrow: bool = False) -> None:
    """Let the x axis run from month `first` to month `last` and name as many calendar months as have room."""
    start, span = months.between("2000-01", first), max(months.between(first, last), 1)
    most = 4 if narrow else 9
    step = next((step for step in _MONTH_STEPS if span / step <= most), _MONTH_STEPS[-1])
    ticks = [tick for tick in range(start, start + span + 1) if tick % step == 0] or [start]
    names = [months.short(months.add("2000-01", tick)) for tick in ticks]
    shown = [name.replace(" ", "\n") if name.startswith("Jan") else name[:3] for name in names]
    shown[0] = names[0].replace(" ", "\n")
    if step >= 12:
        shown = [name[4:] for name in names]
    ax.set_xticks(ticks, shown)
    ax.set_xlim(start, start + span)


def fan(ax: Axes, x, bands: pd.DataFrame, color: str, suffix: str = "") -> None:
    """Draw the median and its bands (90 %, where given 50 %) of columns p5 … p95, each with `suffix`."""
    for low, high, opacity in (("p5", "p95", theme.BAND_90), ("p25", "p75", theme.BAND_50)):
        if low + suffix in bands:
            edges = (bands[name + suffix].to_numpy(float) for name in (low, high))
            ax.fill_between(x, *edges, color=color, alpha=opacity, linewidth=0)
    alone = {"marker": "o"} if len(bands) == 1 else {}
    ax.plot(x, bands["p50" + suffix].to_numpy(float), color=color, **alone)


def happened(ax: Axes, x, y, labels: Sequence[str] = (), side: str | Sequence[str] = "above") -> None:
    """Draw what really happened as black diamonds, each with its label. `side`: one for all, or one each."""
    style = {"color": theme.HAPPENED, "markeredgecolor": theme.PAPER, "markersize": 8}
    ax.plot(x, y, "D", clip_on=False, zorder=5, **style)
    sides = [side] * len(labels) if isinstance(side, str) else side
    for at, height, text, where in zip(x, y, labels, sides, strict=False):
        label(ax, at, height, text, theme.HAPPENED, where)


def label(ax: Axes, x: float, y: float, text: str, color: str, side: str = "right", **style) -> None:
    """Write beside a point, in a tone of `color` that can be read. `side`: right, left, above, below."""
    offset, across, up = _SIDES[side]
    ax.annotate(
        text, (x, y), xytext=offset, textcoords="offset points", ha=across, va=up,
        color=theme.text_color(color), annotation_clip=False, **{"fontweight": "bold"} | style,
    )  # fmt: skip


def name_dots(ax: Axes, dots: np.ndarray, names: Mapping[int, str], colors, radius: float) -> None:
    """Name dots (x, y) of `radius` points: place of a dot -> its name, the foremost first.

    A line leads from each dot to its name, which covers no dot, name or line; a name that finds no such place
    inside the axes is left off. First set the limits.
    """
    if layout := ax.figure.get_layout_engine():
        layout.execute(ax.figure)
    point = ax.figure.dpi / theme.POINTS_PER_INCH
    centres, (low, high) = ax.transData.transform(dots) / point, ax.bbox.get_points() / point
    taken = np.hstack([centres, np.full_like(centres, radius)])  # boxes: centre, half of width and height
    written = taken[:0]
    for place, text in names.items():
        name, centre = ax.text(*dots[place], text, color=theme.text_color(colors[place])), centres[place]
        half = np.ptp(name.get_window_extent().get_points(), axis=0) / point / 2 + 1
        at = centre + _AROUND * (half + _GAPS.reshape(-1, 1))
        free = ((at - half >= low) & (at + half <= high)).all(axis=1)
        free[free] = ~_covers(at[free], half, taken).any(axis=1)
        at, gaps = at[free], _GAPS.ravel()[free]
        lines = centre + _ALONG * (np.clip(centre, at - half, at + half) - centre)[:, None]
        free = ~_covers(lines, 0, written).any(axis=(1, 2))
        if not free.any():
            name.remove()
            continue
        passed = _covers(lines, 0, taken[: len(dots)]).any(axis=1).sum(axis=1)
        best = np.where(free, gaps + 1000 * passed, np.inf).argmin()  # far, or past a dot
        side = int(np.sign(lines[best, -1, 0] - centre[0]))  # a name in another font stays at its line
        ends = np.array([at[best] - (side * (half[0] - 1), 0), centre, lines[best, -1]])
        ends = ax.transData.inverted().transform(point * ends)
        name.set(position=ends[0], ha=("center", "left", "right")[side], va="center")
        ax.plot(*ends[1:].T, color=theme.MUTED, linewidth=0.6, zorder=1)
        written = np.vstack([written, [*at[best], *half]])
        taken = np.vstack([taken, written[-1], np.pad(lines[best], ((0, 0), (0, 2)))])


def _covers(places: np.ndarray, half: object, boxes: np.ndarray) -> np.ndarray:
    """Return which of `boxes` is touched by a box of `half` the size around each place."""
    return (np.abs(places[..., None, :] - boxes[:, :2]) < half + boxes[:, 2:]).all(axis=-1)


def names_at_ends(ax: Axes, x: float, ends, names, colors, narrow: bool = False) -> None:
    """Write names at heights `ends`, moved apart; right of `x`, on a phone left. First set the limits."""
    rows = ax.get_subplotspec().get_gridspec().nrows
    line = LINE_PX * rows / (_SHARE_OF_FIGURE * ax.figure.get_figheight() * 96)
    ends = [np.nan_to_num(ax.transLimits.transform(ax.transScale.transform((x, end)))[1]) for end in ends]
    place = {"va": "bottom", "ha": "right", "xytext": (-2, 3), "bbox": _BEHIND} if narrow else {}
    place = {"va": "center", "xytext": (6, 0), "textcoords": "offset points", "fontweight": "bold"} | place
    for height, name, color in zip(apart(ends, line, 0, 1), names, colors, strict=True):
        ax.annotate(
            name, (x, height), xycoords=("data", "axes fraction"), color=theme.text_color(color),
            annotation_clip=False, **place,
        )  # fmt: skip


def apart(places: Sequence[float], distance: float, low: float, high: float) -> list[float]:
    """Return `places` in their order, moved to be `distance` apart and between `low` and `high`."""
    order = np.argsort(places, kind="stable")
    moved = np.array(places, dtype=float)
    for before, after in itertools.pairwise(order):
        moved[after] = max(moved[after], moved[before] + distance)
    if len(order):
        moved[order[-1]] = min(moved[order[-1]], high)
    for after, before in itertools.pairwise(order[::-1]):
        moved[before] = min(moved[before], moved[after] - distance)
    return [max(float(value), low) for value in moved]


def projection(ax: Axes, text: str = "", start: str | None = None, end: str | None = None) -> None:
    """Lay a pale ground under the months that are a projection (all unless told) and say so above them."""
    left, right = ax.get_xlim()
    left, right = (left if start is None else position(start)), (right if end is None else position(end))
    ax.axvspan(left, right, color=theme.MUTED, alpha=0.06, linewidth=0)
    if text:
        ax.annotate(
            text, (right, 1), xycoords=("data", "axes fraction"), xytext=(0, 3), textcoords="offset points",
            ha="right", va="bottom", color=theme.MUTED, fontstyle="italic",
        )  # fmt: skip


def intervals(ax: Axes, places, bands: pd.DataFrame, color: str, suffix: str = "") -> None:
    """Draw rows: a dot at the median, a thick bar over the middle 50 %, a thin one over the middle 90 %."""
    ax.hlines(places, bands["p5" + suffix], bands["p95" + suffix], color=color, linewidth=1.5)
    if "p25" + suffix in bands:
        ax.hlines(places, bands["p25" + suffix], bands["p75" + suffix], color=color, linewidth=6, alpha=0.55)
    dots = {"markeredgecolor": theme.PAPER, "markersize": 9, "clip_on": False}
    ax.plot(bands["p50" + suffix], places, "o", color=color, **dots)


def name_rows(ax: Axes, places, labels, narrow: bool, details=None, clear: float = 9) -> None:
    """Write each row's name and, quieter, its detail to the left; on a phone `clear` points above the row."""
    ax.set_yticks([])
    style = {"ha": "left", "va": "bottom"} if narrow else {"ha": "right", "va": "center"}
    for y, name, detail in zip(places, labels, details or [""] * len(labels), strict=True):
        lines = [(part, theme.INK) for part in (textwrap.wrap(name, _LETTERS) if narrow else [name])]
        lines += [(detail, theme.MUTED)] if detail else []
        highest = clear + _LINE_POINTS * (len(lines) - 1) if narrow else _LINE_POINTS * (len(lines) - 1) / 2
        # each line is a text of its own: one for all would be set by the widths of another font
        for number, (text, color) in enumerate(lines):
            ax.annotate(
                text, (0, y), xycoords=("axes fraction", "data"), textcoords="offset points",
                xytext=(0 if narrow else -10, highest - _LINE_POINTS * number),
                color=color, annotation_clip=False, **style,
            )  # fmt: skip


def value(ax: Axes, y: float, end: float, text: str, narrow: bool, clear: float = 9) -> None:
    """Write a row's value behind its bar, where the axis has to run on; on a phone right, above the row."""
    place, style = (end, y), {"xytext": (9, 0), "ha": "left", "va": "center"}
    if narrow:
        place, style = (1, y), {"xytext": (0, clear), "ha": "right", "va": "bottom"}
        style["xycoords"] = ("axes fraction", "data")
    written = ax.annotate(text, place, textcoords="offset points", annotation_clip=False, **style)
    written.set_in_layout(False)


def _axis_of(written: Callable[[float], str]) -> Callable[..., None]:
    """Return what writes the numbers of an axis so, fewer on a phone."""

    def write(ax: Axes, axis: str = "y", narrow: bool = False) -> None:
        one = getattr(ax, f"{axis}axis")
        if one.get_scale() == "linear":
            ax.locator_params(axis=axis, nbins=4 if narrow else 6)
        one.set_major_formatter(lambda value, _: written(value))

    return write


money_axis = _axis_of(lambda value: numbers.money(value, 3) if value else "0")
percent_axis = _axis_of(lambda value: f"{numbers.plain(value * 100, 3)}%")
plain_axis = _axis_of(lambda value: numbers.plain(value, 3))


def decades(ax: Axes) -> None:
    """Mark a logarithmic y axis at powers of ten, and at 2 and 5 times them where it spans less than two."""
    low, high = np.log10(ax.get_ylim())
    factors = (1, 2, 5) if high - low < 2 else (1,)
    powers = range(int(np.floor(low)), int(np.ceil(high)) + 1)
    ticks = [factor * 10.0**power for power in powers for factor in factors]
    ax.set_yticks([tick for tick in ticks if 10**low <= tick <= 10**high])
    ax.minorticks_off()


def upright_grid(ax: Axes) -> None:
    """Draw the grid at the values of the x axis instead, for charts whose rows have names."""
    ax.grid(visible=True, axis="x")
    ax.grid(visible=False, axis="y")


def strip_heights(frame: pd.DataFrame) -> tuple[int, int]:
    """Return the heights of the two drawings in px."""
    return AXIS_PX + ROW_PX * len(frame), AXIS_PX + ROW_NARROW_PX * len(frame)


@theme.chart
def strips(frame: pd.DataFrame, ax: Axes | None = None, narrow: bool = False) -> Axes:
    """Draw results.compared.cash_out, a row per case; an arrow: beyond the months modelled."""
    frame = frame.reset_index(drop=True)
    rows, starts = frame.index.to_numpy()[::-1], positions(frame["start_month"])
    ends = pd.Series(starts + frame["horizon_months"])
    bands = frame[["p5", "p25", "p50", "p75", "p95"]].add(starts, axis=0)
    runs_out, goes_on = bands["p5"].notna(), bands["p5"].notna() & bands["p95"].isna()
    for name in ("p75", "p95"):
        bands[name] = bands[name].fillna(ends.where(runs_out))
    first = frame["start_month"].min()
    width = max((bands["p95"] if runs_out.any() else ends).max() - position(first), 1)
    month_axis(ax, first, months.add(first, math.ceil(width * (1 + SPARE))), narrow)
    ax.set_ylim(-0.6, len(frame) - 0.4 + 0.35 * narrow)
    upright_grid(ax)
    intervals(ax, rows, bands, theme.SPENDING)
    ax.plot(bands["p95"][goes_on], rows[goes_on], ">", color=theme.SPENDING)
    name_rows(ax, rows, list(frame["title"]), narrow, [_range(row) for row in frame.itertuples()])
    for y, end, month in zip(rows, bands["p95"], frame["p50_month"], strict=True):
        if month:
            value(ax, y, end, numbers.month_short(month), narrow)
    return ax


def _range(row) -> str:
    """Return the months between which cash ends in nine of ten simulations, in words."""
    words = shared()["words"]
    if not row.p5_month:
        return words["not_by"].format(months.short(months.add(row.start_month, row.horizon_months - 1)))
    if not row.p95_month:
        return words["from"].format(months.short(row.p5_month))
    return numbers.interval(row.p5_month, row.p95_month, "month_short")
