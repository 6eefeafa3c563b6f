"""The what-if panel: sliders over cases that the model has computed, results, gap chart and the command for each.

The page's script looks texts up and draws points; it calculates nothing. Texts and points are packed two characters a
number, so that some thousands of positions stay small.
"""

import json
import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from analysis.charts.theme import usd
from analysis.findings import numbers
from analysis.findings import what_if as words
from analysis.inputs import Tables
from analysis.insight import what_if
from analysis.insight.what_if import Grid, Range
from analysis.parameters import Case
from analysis.results import Run

ALPHABET = "".join(chr(code) for code in range(35, 127) if chr(code) not in "<\\")  # nothing that JSON or HTML escapes
BASE = len(ALPHABET)
TOP = BASE * BASE - 1
ALL, PATHS, EARNED = ("burn", "cash", "growth", "endurance"), ("burn", "growth", "endurance"), ("growth", "endurance")
TILES = (
    ("Cash lasts", "runway", "middle 90%", "runway_low runway_high"),
    ("Funding needed up to the horizon, beyond opening cash", "need", "middle 90%", "need_low need_high"),
    ("Break-even", "even", "reached, in runs:", "even_share"),
    ("Cash gone within 12 months, in runs", "soon", "", ""),
)


@dataclass(frozen=True)
class Column:
    """Texts of all positions: `codes` point into `texts`, row by row over the axes."""

    axes: tuple[str, ...]
    texts: list[str]
    codes: np.ndarray

    def at(self, position: dict[str, int], sizes: dict[str, int]) -> str:
        """Return the text at a position (slider -> index)."""
        flat = np.ravel_multi_index([position[name] for name in self.axes], [sizes[name] for name in self.axes])
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
    known: dict[tuple, str] = {}
    said = [known.get(row) or known.setdefault(row, say(*row)) for row in rows]
    index = {text: number for number, text in enumerate(dict.fromkeys(said))}
    return Column(axes, list(index), np.array([index[text] for text in said]))


def _rough(values: np.ndarray, digits: int = 5) -> np.ndarray:
    """Return values rounded far below what is shown, so that equal ones are put into words once."""
    with np.errstate(divide="ignore", invalid="ignore"):
        place = np.floor(np.log10(np.abs(values))) - digits + 1
        scale = np.power(10.0, np.where(np.isfinite(place), place, 0))
        return np.where(np.isfinite(values), np.round(values / scale) * scale, values)


def columns(grid: Grid, case: Case) -> dict[str, Column]:
    """Return every text that the panel can show, by name."""
    ends = {"spend": (PATHS, grid.spend_usd_m), "revenue": (EARNED, grid.revenue_usd_m)}
    top = axis_tops(grid)
    found = {
        "runway": _column(ALL, words.runway, grid.runway_months),
        "need": _column(ALL, words.need, grid.funding_need_usd_m),
        "even": _column(PATHS, lambda value: words.month(value, case.settings), grid.break_even_month),
        "even_share": _column(PATHS, words.share, grid.break_even_share, grid.break_even_share_se),
        "top": _column(EARNED, usd, top),
        "half": _column(EARNED, usd, top / 2),
    }
    found |= _ends("runway", words.runway, grid.runway_range)
    found |= _ends("need", lambda value, se: words.need(value, se, digits=2), grid.funding_need_range)
    if grid.cash_out_share_12m is not None:
        found["soon"] = _column(ALL, words.share, grid.cash_out_share_12m, grid.cash_out_share_12m_se)
    for name, (axes, path) in ends.items():
        found |= {f"{name}_{end}": _column(axes, numbers.money, path[..., at]) for end, at in (("first", 0), ("last", -1))}
    return found


def _ends(name: str, say: Callable[[float, float], str], found: Range) -> dict[str, Column]:
    return {f"{name}_low": _column(ALL, say, found.low, found.low_se), f"{name}_high": _column(ALL, say, found.high, found.high_se)}


def axis_tops(grid: Grid) -> np.ndarray:
    """Return the end of the money axis, (growth, endurance): round, and the same for every burn."""
    most = np.maximum(grid.spend_usd_m.max(axis=(0, -1)), grid.revenue_usd_m.max(axis=-1))
    power = 10.0 ** np.floor(np.log10(np.where(most > 0, most, 1.0)))
    steps = np.array([1, 1.5, 2, 3, 4, 5, 6, 8, 10])
    return steps[np.searchsorted(steps, most / power)] * power


def points(grid: Grid) -> dict[str, tuple[tuple[str, ...], np.ndarray]]:
    """Return path -> axes and heights as whole numbers from 0 to TOP, the top of the money axis."""
    top = axis_tops(grid)[..., None]
    heights = {"spend": (PATHS, grid.spend_usd_m / top), "revenue": (EARNED, grid.revenue_usd_m / top)}
    return {name: (axes, np.round(shares * TOP).astype(int)) for name, (axes, shares) in heights.items()}


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


def options(slider: what_if.Slider, index: int) -> dict[str, str]:
    """Return the command's options that a slider adds at a position."""
    changed = slider.overrides(index)
    return {name: f"--set {name}={np.format_float_positional(value, trim='-')}" for name, value in changed.items()}


def data(run: Run) -> dict:
    """Return what the page's script reads."""
    grid, case = what_if.grid(run), run.case
    start, own = command(case)
    return {
        "alphabet": ALPHABET,
        "sliders": {
            name: {
                "own": slider.own,
                "texts": words.positions(grid, name),
                "options": [options(slider, index) for index in range(len(slider))],
            }
            for name, slider in grid.sliders.items()
        },
        "columns": {
            name: {"axes": column.axes, "texts": column.texts, "codes": packed(column.codes)}
            for name, column in columns(grid, case).items()
        },
        "paths": {name: {"axes": axes, "codes": packed(heights)} for name, (axes, heights) in points(grid).items()},
        "across": across(grid),
        "alternative": words.alternative(grid, case.settings),
        "command": {"start": start, "options": own, "end": "--name what-if"},
    }


def panel(run: Run, tables: Tables) -> Markup:
    """Return the panel, showing the case itself until its script takes over."""
    grid, case = what_if.grid(run), run.case
    content = data(run)
    sizes = {name: len(slider) for name, slider in grid.sliders.items()}
    own = dict(zip(grid.sliders, grid.own, strict=True))
    found = {name: column.at(own, sizes) for name, column in columns(grid, case).items()}
    start, changed = command(case)
    return Markup(
        '<div class="what-if" id="what-if">{sliders}<dl class="tiles" aria-live="polite" aria-atomic="true">{tiles}</dl>{chart}'
        '<p class="note">{note}</p><p>The command that builds the full report for this position:</p><pre class="command">{command}</pre>'
        '<script type="application/json" class="what-if-data">{data}</script></div>'
    ).format(
        sliders=_sliders(grid, content["sliders"]), tiles=_tiles(found), chart=_chart(grid, case, found), note=words.note(case),
        command=" ".join([start, *changed.values()]), data=_json(content),
    )  # fmt: skip


def _sliders(grid: Grid, content: dict) -> Markup:
    moving = {name: slider for name, slider in grid.sliders.items() if len(slider) > 1}
    rows = Markup("").join(
        Markup(
            '<label for="what-if-{name}">{label}</label><b>{text}</b><input type="range" id="what-if-{name}" name="{name}" '
            'max="{last}" value="{own}" aria-valuetext="{text}" autocomplete="off">'
        ).format(name=name, label=words.LABELS[name], text=content[name]["texts"][slider.own], last=len(slider) - 1, own=slider.own)
        for name, slider in moving.items()
    )
    missing = Markup("<p>{}</p>").format(words.left_out(grid)) if len(moving) < len(grid.sliders) else ""
    if not moving:
        return missing
    return Markup(
        '<p class="unscripted">The sliders need this page’s script, which is not running; what follows is the case itself.</p>'
        '<fieldset disabled><legend>Move an input</legend>{}<button type="button">Back to this case</button></fieldset>{}'
    ).format(rows, missing)


def _place(names: str, found: dict[str, str]) -> Markup:
    texts = dict.fromkeys(found[name] for name in names.split())
    return Markup('<span data-show="{}">{}</span>').format(names, " to ".join(texts))


def _tiles(found: dict[str, str]) -> Markup:
    parts = []
    for label, name, prefix, ends in TILES:
        if name in found:
            small = Markup("<small>{} {}</small>").format(prefix, _place(ends, found)) if ends else ""
            parts.append(Markup("<div><dt>{}</dt><dd>{}{}</dd></div>").format(label, _place(name, found), small))
    return Markup("").join(parts)


def _chart(grid: Grid, case: Case, found: dict[str, str]) -> Markup:
    heights = {name: 100 - codes[_own(grid, axes)] / TOP * 100 for name, (axes, codes) in points(grid).items()}
    lines = {name: list(zip(across(grid), np.round(height, 2).tolist(), strict=True)) for name, height in heights.items()}
    alternative = re.sub(r"\{(\w+)\}", lambda match: found[match[1]], words.alternative(grid, case.settings))
    months = [words.month(grid.points_months[at], case.settings) for at in (0, len(grid.points_months) // 2, -1)]
    return Markup(
        '<p class="subtitle">Spending and revenue per month, xAI without X, central path. Shaded: the gap.</p><div class="gap-chart">'
        '<p aria-hidden="true">{top}{half}<span>0</span></p><div><svg role="img" aria-label="{alternative}" viewBox="0 0 100 100" '
        'preserveAspectRatio="none"><path d="M0 0H100M0 50H100M0 100H100"/><polygon points="{gap}"/><polyline data-path="spend" '
        'points="{spend}"/><polyline data-path="revenue" points="{revenue}"/></svg><b aria-hidden="true" style="top: {a}%">Spending</b>'
        '<b aria-hidden="true" style="top: {b}%">Revenue</b></div><p aria-hidden="true">{months}</p></div>'
    ).format(
        top=_place("top", found), half=_place("half", found), alternative=alternative, gap=_polyline(lines["spend"] + lines["revenue"][::-1]),
        spend=_polyline(lines["spend"]), revenue=_polyline(lines["revenue"]), a=lines["spend"][0][1], b=lines["revenue"][-1][1],
        months=Markup("").join(Markup("<span>{}</span>").format(month) for month in months),
    )  # fmt: skip


def _own(grid: Grid, axes: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(grid.sliders[name].own for name in axes)


def _polyline(line: list[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in line)


def _json(content: dict) -> Markup:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Markup(text.replace("<", "\\u003c"))
