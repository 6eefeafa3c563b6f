"""Parts that several charts share: fans, axes of months, names at the ends of lines."""

import calendar
import itertools

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.charts import theme

LINE_PX = 16  # height of a line of text


def fan(ax: Axes, part: pd.DataFrame, unit: str, color: str, style="-", central: str = "") -> None:
    """Draw the central path with its 50 % and 90 % bands; rows are months."""
    theme.band(ax, part.index, part[f"p5_{unit}"], part[f"p95_{unit}"], color, theme.BAND_90)
    theme.band(ax, part.index, part[f"p25_{unit}"], part[f"p75_{unit}"], color, theme.BAND_50)
    alone = {"marker": "o"} if len(part) == 1 else {}
    ax.plot(part.index, part[central or f"central_{unit}"], color=color, linestyle=style, **alone)


def rules(ax: Axes, starts, ends, places, upright: bool = False, **style) -> None:
    """Draw a line for each row (of several, a single artist: each costs a millisecond), from `starts` to `ends` at `places`.

    `upright`: starts and ends are heights.
    """
    starts, ends, places = np.broadcast_arrays(starts, ends, places)
    along = np.column_stack([starts, ends, np.full(len(places), np.nan)]).ravel()
    across = np.repeat(places, 3)
    ax.plot(*((across, along) if upright else (along, across)), **style)


def name_ends(ax: Axes, x: float, ends: list[float], names, colors) -> None:
    """Write names to the right of the plotted area at the height of `ends`, moved apart where they would touch."""
    low, high = ax.get_ylim()
    # what one line of text takes of the axis, which fills about four fifths of the drawing
    share = ax.get_subplotspec().get_gridspec().nrows if ax.get_subplotspec() else 1
    line = LINE_PX * share / (0.8 * ax.figure.get_figheight() * 96) * (high - low)
    for y, name, color in zip(apart(ends, line, low, high), names, colors, strict=True):
        theme.label(ax, x, y, name, color, xytext=(6, 0), textcoords="offset points", va="center")


def apart(places: list[float], distance: float, low: float, high: float) -> list[float]:
    """Return `places` moved as little as needed to be `distance` apart and inside the axis, in their order."""
    order = np.argsort(places, kind="stable")
    moved = np.array(places, dtype=float)
    for before, after in itertools.pairwise(order):
        moved[after] = max(moved[after], moved[before] + distance)
    for after, before in itertools.pairwise(order[::-1]):
        moved[after] = min(moved[after], high)
        moved[before] = min(moved[before], moved[after] - distance)
    return [max(float(value), low) for value in moved]


def projection(ax: Axes, named: bool = True) -> None:
    """Shade the whole plot, whose months all lie after the claim, as a projection and say so above it."""
    ax.axvspan(*ax.get_xlim(), color=theme.MUTED, alpha=0.06, linewidth=0)
    if named:
        where = {"xycoords": "axes fraction", "xytext": (0, 3), "textcoords": "offset points"}
        ax.annotate("projection", (1, 1), ha="right", va="bottom", color=theme.MUTED, fontstyle="italic", **where)


def decades(ax: Axes) -> None:
    """Mark a log axis at powers of ten, and at 2 and 5 times them where it spans less than two."""
    low, high = np.log10(ax.get_ylim())
    steps = (1, 2, 5) if high - low < 2 else (1,)
    ticks = [step * 10.0**power for power in range(int(np.floor(low)), int(np.ceil(high)) + 1) for step in steps]
    ax.set_yticks([tick for tick in ticks if 10**low <= tick <= 10**high])


def calendar_axis(ax: Axes, names: list[str], room: float) -> None:
    """Mark the first and the last month and each January that leaves room for its label.

    `names`: YYYY-MM by position; `room`: what a label takes, as a share of the axis.
    """
    last = max(len(names) - 1, 1)
    ticks = [0]
    for index, name in enumerate(names):
        if name.endswith("-01") and min(index - ticks[-1], last - index) >= room * last:
            ticks.append(index)
    ticks += [last] if len(names) > 1 else []
    ax.set_xticks(ticks, [_month(names[index]) for index in ticks])
    ax.set_xlim(0, last)


def elapsed_axis(ax: Axes, start: str, last: float, most: int) -> None:
    """Mark months passed since the start of month `start` (YYYY-MM), with calendar months; `most`: spaces between them."""
    step = next((step for step in (3, 6, 12, 24, 48, 96) if last / step <= most), 240)
    first = int(start[:4]) * 12 + int(start[5:7]) - 1
    ticks = range(0, int(last) + 1, step)
    ax.set_xticks(ticks, [f"{tick}\n{_month(f'{(first + tick) // 12}-{(first + tick) % 12 + 1:02d}', ' ')}" for tick in ticks])


def _month(name: str, between: str = "\n") -> str:
    return f"{calendar.month_abbr[int(name[5:7])]}{between}{name[:4]}"
