"""What the sliders of the what-if panel look up: texts and points of every position, packed small.

Two characters are one whole number, so that some thousands of positions weigh little and nothing has to be calculated
in the page.
"""

import shlex
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analysis.charts.theme import usd
from analysis.findings import numbers
from analysis.findings import what_if as words
from analysis.insight.what_if import Grid, Range, Slider
from analysis.parameters import Case

ALPHABET = "".join(chr(code) for code in range(35, 127) if chr(code) not in "<\\")  # nothing that JSON or HTML escapes
BASE = len(ALPHABET)
TOP = BASE * BASE - 1
WHOLE = 0.4999  # a standard error with which numbers show whole units
ALL, PATHS, EARNED = ("burn", "cash", "growth", "endurance"), ("burn", "growth", "endurance"), ("growth", "endurance")


@dataclass(frozen=True)
class Column:
    """Texts of all positions: `codes` point into `texts`, row by row over the axes."""

    axes: tuple[str, ...]
    texts: list[str]
    codes: np.ndarray

    def at(self, position: dict[str, int], grid: Grid) -> str:
        """Return the text at a position (slider -> index)."""
        flat = np.ravel_multi_index([position[name] for name in self.axes], [len(grid.sliders[name]) for name in self.axes])
        return self.texts[self.codes[flat]]


def packed(values: np.ndarray) -> str:
    """Return whole numbers from 0 to TOP as text, two characters each."""
    letters = np.array(list(ALPHABET))
    flat = np.asarray(values).ravel()
    return "".join(np.stack([letters[flat // BASE], letters[flat % BASE]], axis=1).ravel())


def unpacked(text: str) -> np.ndarray:
    """Return the numbers of `packed`."""
    digits = np.array([ALPHABET.index(letter) for letter in text]).reshape(-1, 2)
    return digits @ [BASE, 1]


def _column(axes: tuple[str, ...], say: Callable[..., str], *values: np.ndarray) -> Column:
    rows = zip(*(array.ravel().tolist() for array in values), strict=True)
    said: dict[tuple, str] = {}
    texts = [said.get(row) or said.setdefault(row, say(*row)) for row in rows]
    index = {text: number for number, text in enumerate(dict.fromkeys(texts))}
    return Column(axes, list(index), np.array([index[text] for text in texts]))


def _as_shown(values: np.ndarray, digits: int, se: np.ndarray | float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Return values rounded as numbers.plain rounds them, and a standard error that makes it round so again.

    Putting a number into words takes longer than computing it; so rounded, most positions share theirs.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        place = np.maximum(np.floor(np.log10(values)) - digits + 1, np.ceil(np.log10(2 * np.where(np.isnan(se), WHOLE, se))))
        unit = 10.0 ** np.where(np.isfinite(place), place, 0)
        return np.where(np.isfinite(place), np.round(values / unit) * unit, values), WHOLE * unit


def columns(grid: Grid, case: Case) -> dict[str, Column]:
    """Return every text that the panel can show, by name."""
    top = axis_tops(grid)
    months, need = grid.runway_range, grid.funding_need_range
    found = {
        "runway": _column(ALL, words.runway, *_as_shown(grid.runway_months, 3, words.TENTH)),
        "runway_range": _column(
            ALL, words.runway_range, *(part for end in ("low", "high") for part in _end(months, end, 3, words.TENTH))
        ),
        "need": _column(ALL, words.need, *_as_shown(grid.funding_need_usd_m, 3)),
        "need_range": _column(ALL, words.need_range, *(part for end in ("low", "high") for part in _end(need, end, 2, 0.0))),
        "even": _column(PATHS, lambda value: words.month(value, case.settings), grid.break_even_month),
        "even_share": _column(PATHS, words.share, grid.break_even_share, grid.break_even_share_se),
        "top": _column(EARNED, usd, top),
        "half": _column(EARNED, usd, top / 2),
    }
    if grid.cash_out_share_12m is not None:
        found["soon"] = _column(ALL, words.share, grid.cash_out_share_12m, grid.cash_out_share_12m_se)
    for name, axes, path in (("spend", PATHS, grid.spend_usd_m), ("revenue", EARNED, grid.revenue_usd_m)):
        found |= {f"{name}_{end}": _column(axes, numbers.money, path[..., at]) for end, at in (("first", 0), ("last", -1))}
    return found


def _end(found: Range, end: str, digits: int, least_se: float) -> tuple[np.ndarray, np.ndarray]:
    return _as_shown(getattr(found, end), digits, np.maximum(getattr(found, f"{end}_se"), least_se))


def axis_tops(grid: Grid) -> np.ndarray:
    """Return the end of the money axis, (growth, endurance): round, and the same for every burn."""
    most = np.maximum(grid.spend_usd_m.max(axis=(0, -1)), grid.revenue_usd_m.max(axis=-1))
    power = 10.0 ** np.floor(np.log10(np.where(most > 0, most, 1.0)))
    steps = np.array([1, 1.5, 2, 3, 4, 5, 6, 8, 10])
    return steps[np.minimum(np.searchsorted(steps, most / power), len(steps) - 1)] * power


def points(grid: Grid) -> dict[str, tuple[tuple[str, ...], np.ndarray]]:
    """Return path -> axes and points as whole numbers from 0, the top of the money axis, down to TOP, its zero."""
    top = axis_tops(grid)[..., None]
    heights = {"spend": (PATHS, grid.spend_usd_m / top), "revenue": (EARNED, grid.revenue_usd_m / top)}
    return {name: (axes, np.round((1 - shares) * TOP).astype(int)) for name, (axes, shares) in heights.items()}


def across(grid: Grid) -> list[float]:
    """Return where the points stand on the axis of months, in per cent of its length."""
    return [round(100 * int(month) / max(1, int(grid.points_months[-1])), 2) for month in grid.points_months]


def command(case: Case) -> tuple[str, dict[str, str]]:
    """Return the start of the command that builds the full report of a case, and its options by input."""
    options = {
        name: f"--{name} {value}" if name in ("draws", "seed") else f"--set {shlex.quote(f'{name}={value}')}"
        for name, value in case.changed.items()
    }
    return f"burn-report build {case.scenario}", options


def options(slider: Slider, index: int) -> dict[str, str]:
    """Return the command's options that a slider adds at a position."""
    changed = slider.overrides(index)
    return {name: f"--set {name}={np.format_float_positional(value, trim='-')}" for name, value in changed.items()}


def data(grid: Grid, case: Case, texts: dict[str, Column]) -> dict:
    """Return what the page's script reads; `texts` as from `columns`."""
    start, own = command(case)
    return {
        "letters": ALPHABET,
        "own": {name: slider.own for name, slider in grid.sliders.items()},
        "sliders": {
            name: {
                "texts": words.positions(grid, name),
                "options": [options(slider, index) for index in range(len(slider))],
            }
            for name, slider in grid.sliders.items()
        },
        "columns": {
            name: {"axes": column.axes, "texts": column.texts, "codes": packed(column.codes)} for name, column in texts.items()
        },
        "paths": {name: {"axes": axes, "codes": packed(heights)} for name, (axes, heights) in points(grid).items()},
        "across": across(grid),
        "alternative": words.alternative(grid, case.settings),
        "start": start,
        "options": own,
        "end": "--name what-if",
    }
