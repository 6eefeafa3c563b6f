"""Charts of a sweep of a grid: maps of cells over two axes, with what they say written in them.

The first two columns of a map's frame are the axes, across and up, with their names for readers; rows are in order.
"""

import textwrap

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy import ndimage

from analysis.charts import theme

STEPS = 5  # of shading
MOST_OPACITY, PLAIN_OPACITY = 0.40, 0.80  # of a cell with text in it, and without
FILLS = tuple(
    (color, opacity) for opacity in (0.34, 0.16) for color in (theme.C1, theme.C4, theme.C2, theme.C6, theme.C3, theme.C5)
)
LETTER_PX, CAPITAL_PX, LINE_PX, CELL_PX = 6.8, 7.8, 20, 34
MOST_CELLS_PX = 520  # height of all rows
MARGIN_PX = 24  # beside the cells, with their names
ROW_LETTERS = {False: 18, True: 11}  # of a line of a row's name
WRAP = {False: 90, True: 40}
HATCH = "////"


def map_heights(frame: pd.DataFrame) -> dict[str, int]:
    """Return the heights in px of a map: by its rows, and the lines of its legend."""
    cells = min(max(CELL_PX * len(_unique(frame, 1)), 60), MOST_CELLS_PX)
    return {"height": cells + 84 + _legend_px(frame, False), "narrow_height": cells + 104 + _legend_px(frame, True)}


def _legend_px(frame: pd.DataFrame, narrow: bool) -> int:
    if "letters" in frame:
        return LINE_PX * len(_legend_lines(frame, narrow))
    return 0 if _texts(frame["shown"], _cell_px(frame, narrow))[1] else LINE_PX * 2


def _with_legend(figure: Figure, frame: pd.DataFrame, narrow: bool) -> tuple[Axes, Axes | None]:
    """Return the axes of the map and those of its legend below it, None where it needs none."""
    below = _legend_px(frame, narrow)
    if not below:
        return figure.subplots(), None
    height = map_heights(frame)["narrow_height" if narrow else "height"]
    return tuple(figure.subplots(2, 1, height_ratios=(height - below, below)))


def heat(figure: Figure, frame: pd.DataFrame, narrow: bool) -> None:
    """Cells shaded by the third column, `shown` written in them where it fits; a line where solvent turns, a dot where it is."""
    ax, legend = _with_legend(figure, frame, narrow)
    texts, fits = _texts(frame["shown"], _cell_px(frame, narrow))
    x, y = _places(frame)
    values = frame.iloc[:, 2].to_numpy(dtype=float)
    steps = _steps(values)
    for step in range(STEPS):
        rows = steps == step
        opacity = (MOST_OPACITY if fits else PLAIN_OPACITY) * (step + 0.4) / (STEPS - 0.6)
        ax.bar(x[rows], 0.96, 0.96, y[rows] - 0.48, color=theme.C1, alpha=opacity, linewidth=0)
    for across, up, text in zip(x, y, texts, strict=True) if fits else ():
        ax.text(across, up, text, ha="center", va="center", color=theme.INK)
    solvent = frame["share of cases solvent"].to_numpy(dtype=float) > 0.5
    off = (0.34, 0.28) if fits else (0.0, 0.0)
    ax.plot(x[solvent] + off[0], y[solvent] + off[1] * _up(frame), ".", color=theme.INK, markersize=5)
    _borders(ax, x, y, solvent, 2.5)
    _map_axes(ax, frame, narrow)
    if legend is not None:
        _shading_legend(legend, values)


def _texts(shown: pd.Series, room_px: float) -> tuple[list[str], bool]:
    """Return what stands in the cells, and whether it fits; a sign stands for "never" where the word is too long."""
    for texts in (list(shown), [text.replace("never", "∞") for text in shown]):
        if max(map(len, texts)) * LETTER_PX + 4 <= room_px:
            return texts, True
    return list(shown), False


def _shading_legend(ax: Axes, values: np.ndarray) -> None:
    ax.axis("off")
    ax.set_xlim(0, STEPS)
    ax.set_ylim(0, 2)
    low, width = values.min(), np.ptp(values) / STEPS
    if width <= 0:
        return
    for step in range(STEPS):
        opacity = PLAIN_OPACITY * (step + 0.4) / (STEPS - 0.6)
        ax.bar(step + 0.5, 0.8, 0.98, 1.1, color=theme.C1, alpha=opacity, linewidth=0)
    for end in range(STEPS + 1):
        side = "left" if end == 0 else "right" if end == STEPS else "center"
        ax.text(end, 0.9, _short(low + end * width), ha=side, va="top", color=theme.INK)


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 10 else f"{value:.2g}"


def _steps(values: np.ndarray) -> np.ndarray:
    """Return each value's step of shading; the lightest where they differ by no more than arithmetic can make."""
    width = np.ptp(values)
    if width <= 1e-9 * np.abs(values).max():
        return np.zeros(len(values), dtype=int)
    return np.clip(((values - values.min()) / width * STEPS).astype(int), 0, STEPS - 1)


def best_portfolios(figure: Figure, frame: pd.DataFrame, narrow: bool) -> None:
    """Cells by the best portfolio: its letters in them, hatched where the two best are level; a line where another is best."""
    ax, legend = _with_legend(figure, frame, narrow)
    x, y = _places(frame)
    codes, level = frame["letters"].to_numpy(), (frame["lead"] == "level").to_numpy()
    fills = dict(zip(dict.fromkeys(codes), FILLS * 2, strict=False))
    for code, (color, opacity) in fills.items():
        rows = codes == code
        ax.bar(x[rows], 0.96, 0.96, y[rows] - 0.48, color=color, alpha=opacity, linewidth=0)
    ax.bar(x[level], 0.96, 0.96, y[level] - 0.48, facecolor="none", edgecolor=theme.MUTED, hatch=HATCH, alpha=0.6, linewidth=0)
    texts = [_letters(code, _cell_px(frame, narrow), len(_unique(frame, 1))) for code in codes]
    fitting = [place for place, text in enumerate(texts) if text]
    beside = [place for place in _region_places(codes, x, y) if not texts[place]]
    for place in [*fitting, *_apart(beside, fitting, codes, x, y, _cell_px(frame, narrow))]:
        weight, text = "normal" if level[place] else "bold", texts[place] or codes[place]
        ax.text(x[place], y[place], text, ha="center", va="center", color=theme.INK, fontweight=weight, linespacing=1.0)
    _borders(ax, x, y, codes, 2.0)
    _map_axes(ax, frame, narrow)
    _names_legend(legend, _legend_lines(frame, narrow), fills)


def _letters(code: str, room_px: float, rows: int) -> str:
    """Return the letters as they fit into a cell, in two lines where these are high enough, "" where they do not fit."""
    half = (len(code) + 1) // 2
    for text, letters in ((code, len(code)), (f"{code[:half]}\n{code[half:]}", half)):
        if letters * CAPITAL_PX + 2 <= room_px and (letters == len(code) or rows * CELL_PX <= MOST_CELLS_PX):
            return text
    return ""


def _region_places(codes: np.ndarray, x: np.ndarray, y: np.ndarray) -> list[int]:
    """Return one cell per connected region of a portfolio, the one nearest to its middle, the largest region first."""
    columns, rows = x.astype(int), y.astype(int)
    found = []
    for code in dict.fromkeys(codes):
        own = np.zeros((rows.max() + 1, columns.max() + 1), dtype=bool)
        own[rows[codes == code], columns[codes == code]] = True
        regions = ndimage.label(own)[0][rows, columns]
        for region in range(1, regions.max() + 1):
            cells = np.flatnonzero(regions == region)
            away = (x[cells] - x[cells].mean()) ** 2 + (y[cells] - y[cells].mean()) ** 2
            found.append((-len(cells), int(cells[away.argmin()])))
    return [place for _, place in sorted(found)]


def _apart(wanted: list[int], written: list[int], codes: np.ndarray, x: np.ndarray, y: np.ndarray, room_px: float) -> list[int]:
    """Return those of `wanted` whose letters run into no others of their row: where there is no room the lines must do."""
    ends = {place: (x[place] - reach, x[place] + reach) for place in [*written, *wanted]
            if (reach := max(len(codes[place]) * CAPITAL_PX / room_px, 1) / 2)}  # fmt: skip
    found: list[int] = []
    for place in wanted:
        near = [other for other in [*written, *found] if y[other] == y[place]]
        if all(ends[place][1] <= ends[other][0] or ends[other][1] <= ends[place][0] for other in near):
            found.append(place)
    return found


def _legend_lines(frame: pd.DataFrame, narrow: bool) -> list[tuple[str, str]]:
    """Return (letters, line) of the legend; a second line of a long name has no letters."""
    names = frame.drop_duplicates("letters")
    lines = []
    for letters, portfolio in zip(names["letters"], names["portfolio"], strict=True):
        first, *more = textwrap.wrap(f"{letters}  {portfolio}", WRAP[narrow] - 4)
        lines += [(letters, first), *(("", line) for line in more)]
    return lines + ([("level", "level: within two standard errors")] if (frame["lead"] == "level").any() else [])


def _names_legend(ax: Axes, lines: list[tuple[str, str]], fills: dict) -> None:
    ax.axis("off")
    ax.set_ylim(len(lines) - 0.5, -0.5)
    ax.set_xlim(0, 1)
    for place, (letters, text) in enumerate(lines):
        box = {"facecolor": "none", "edgecolor": theme.MUTED, "hatch": HATCH, "alpha": 0.6} if letters == "level" else {}
        if letters in fills:
            box = {"color": fills[letters][0], "alpha": fills[letters][1]}
        if box:
            ax.barh(place, 0.045, 0.8, color=box.pop("color", None), linewidth=0, **box)
        ax.text(0.06, place, text, va="center", color=theme.INK)


# ---- parts of a map ----
def _unique(frame: pd.DataFrame, column: int) -> list:
    return list(dict.fromkeys(frame.iloc[:, column]))


def _places(frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    return tuple(frame.iloc[:, column].map(_unique(frame, column).index).to_numpy(dtype=float) for column in (0, 1))


def _up(frame: pd.DataFrame) -> int:
    """Return 1 where the second axis rises upwards, as numbers do, −1 where words are read from the top."""
    return 1 if pd.api.types.is_numeric_dtype(frame.iloc[:, 1]) else -1


def _cell_px(frame: pd.DataFrame, narrow: bool) -> float:
    names = [line for value in _unique(frame, 1) for line in _tick(value, ROW_LETTERS[narrow]).split("\n")]
    beside = max(map(len, names)) * LETTER_PX + MARGIN_PX
    return ((theme.NARROW_PX if narrow else theme.WIDE_PX) - beside) / len(_unique(frame, 0))


def _borders(ax: Axes, x: np.ndarray, y: np.ndarray, answers: np.ndarray, width: float) -> None:
    """Draw a line between neighbouring cells with different answers."""
    at = dict(zip(zip(x, y, strict=True), answers, strict=True))
    for (across, up), answer in at.items():
        if at.get((across + 1, up), answer) != answer:
            ax.plot([across + 0.5] * 2, [up - 0.5, up + 0.5], color=theme.INK, linewidth=width)
        if at.get((across, up + 1), answer) != answer:
            ax.plot([across - 0.5, across + 0.5], [up + 0.5] * 2, color=theme.INK, linewidth=width)


def _map_axes(ax: Axes, frame: pd.DataFrame, narrow: bool) -> None:
    across, up = _unique(frame, 0), _unique(frame, 1)
    ax.set_xlim(-0.5, len(across) - 0.5)
    ax.set_ylim(*((-0.5, len(up) - 0.5) if _up(frame) > 0 else (len(up) - 0.5, -0.5)))
    names = [_tick(value, 8 if narrow else 14) for value in across]
    widest = max(len(line) for name in names for line in name.split("\n")) * LETTER_PX + 6
    step = max(1, int(np.ceil(widest / _cell_px(frame, narrow))))
    ax.set_xticks(range(0, len(across), step), names[::step], color=theme.INK)
    rows = max(1, int(np.ceil(len(up) * LINE_PX / 480)))
    ax.set_yticks(range(0, len(up), rows), [_tick(value, ROW_LETTERS[narrow]) for value in up[::rows]], color=theme.INK)
    ax.set_xlabel("\n".join(textwrap.wrap(frame.columns[0], WRAP[narrow] - 6)))
    if len(up) > 1:
        arrow = "↑" if _up(frame) > 0 else "↓"
        ax.set_title("\n".join(textwrap.wrap(f"{arrow} {frame.columns[1]}", WRAP[narrow])), loc="left", color=theme.MUTED)
        ax.title.set_in_layout(True)
    else:
        ax.set_yticks([])
    ax.spines[:].set_visible(False)
    ax.grid(visible=False)


def _tick(value: object, width: int) -> str:
    return f"{value:,.6g}" if isinstance(value, int | float | np.number) else "\n".join(textwrap.wrap(str(value), width)[:3])
