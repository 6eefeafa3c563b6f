"""The what-if panel: sliders over cases that the model has computed, results, gap chart and the command for each.

It shows the case itself until the page's script takes over, which looks texts up and draws points, and calculates nothing.
"""

import json
import re

from markupsafe import Markup

from analysis.findings import what_if as words
from analysis.inputs import Tables
from analysis.insight import what_if
from analysis.insight.what_if import Grid
from analysis.parameters import Case
from analysis.report.positions import TOP, across, columns, command, data, points
from analysis.results import Run

TILES = (
    ("Cash lasts", "runway", "middle 90%:", "runway_range"),
    ("Funding need", "need", "middle 90%:", "need_range"),
    ("Break-even", "even", "reached in", "even_share"),
    ("Cash gone in 12 months", "soon", "", ""),
)  # label, column, words before the range, column of the range
Line = list[tuple[float, int]]


def panel(run: Run, tables: Tables) -> Markup:
    """Return the panel, showing the case itself until its script takes over."""
    grid, case = what_if.grid(run), run.case
    texts = columns(grid, case)
    content = data(grid, case, texts)
    found = {name: column.at(dict(zip(grid.sliders, grid.own, strict=True)), grid) for name, column in texts.items()}
    start, changed = command(case)
    return Markup(
        '<div class="what-if" id="what-if">{sliders}<dl class="tiles" aria-live="polite" aria-atomic="true">{tiles}</dl>'
        '{chart}<p class="note">{note}</p><p>The command that builds the full report for this position:</p>'
        '<pre class="command">{command}</pre><script type="application/json" class="what-if-data">{data}</script></div>'
    ).format(
        sliders=_sliders(grid, content["sliders"]),
        tiles=_tiles(found),
        chart=_chart(grid, case, found),
        note=words.note(case),
        command=" ".join([start, *changed.values()]),
        data=_json(content),
    )


def _sliders(grid: Grid, content: dict) -> Markup:
    moving = {name: slider for name, slider in grid.sliders.items() if len(slider) > 1}
    rows = Markup("").join(
        Markup(
            '<label for="what-if-{name}">{label}</label><b>{text}</b><input type="range" id="what-if-{name}" name="{name}" '
            'max="{last}" value="{own}" aria-valuetext="{text}" autocomplete="off">'
        ).format(
            name=name, label=words.LABELS[name], text=content[name]["texts"][slider.own], last=len(slider) - 1, own=slider.own
        )
        for name, slider in moving.items()
    )
    missing = Markup("<p>{}</p>").format(words.left_out(grid)) if len(moving) < len(grid.sliders) else ""
    if not moving:
        return missing
    return Markup(
        '<p class="unscripted">The sliders need this page’s script, which is not running; what follows is the case itself.</p>'
        '<fieldset disabled><legend>Move an input</legend>{}<button type="button">Back to this case</button></fieldset>{}'
    ).format(rows, missing)


def _place(name: str, found: dict[str, str]) -> Markup:
    return Markup('<span data-show="{}">{}</span>').format(name, found[name])


def _tiles(found: dict[str, str]) -> Markup:
    parts = []
    for label, name, prefix, extent in TILES:
        if name in found:
            small = Markup("<small>{} {}</small>").format(prefix, _place(extent, found)) if extent else ""
            parts.append(Markup("<div><dt>{}</dt><dd>{}{}</dd></div>").format(label, _place(name, found), small))
    return Markup("").join(parts)


def _chart(grid: Grid, case: Case, found: dict[str, str]) -> Markup:
    own = {name: codes[tuple(grid.sliders[axis].own for axis in axes)] for name, (axes, codes) in points(grid).items()}
    spend, revenue = (list(zip(across(grid), own[name].tolist(), strict=True)) for name in ("spend", "revenue"))
    alternative = re.sub(r"\{(\w+)\}", lambda name: found[name[1]], words.alternative(grid, case.settings))
    months = [words.month(grid.points_months[at], case.settings) for at in (0, len(grid.points_months) // 2, -1)]
    return Markup(
        '<p class="subtitle">Spending and revenue per month, xAI without X, central path. Shaded: the difference.</p>'
        '<div class="gap-chart{crossed}"><p aria-hidden="true">{top}{half}<span>0</span></p><div>{drawing}{names}'
        '</div><p aria-hidden="true">{months}</p></div>'
    ).format(
        crossed=" crossed" if revenue[-1][1] < spend[-1][1] else "",
        top=_place("top", found),
        half=_place("half", found),
        drawing=_drawing(spend, revenue, alternative),
        names=_name("spend", "Spending", spend[-1]) + _name("revenue", "Revenue", revenue[-1]),
        months=Markup("").join(Markup("<span>{}</span>").format(month) for month in months),
    )


def _name(css: str, name: str, point: tuple[float, int]) -> Markup:
    return Markup('<b class="{}" aria-hidden="true" style="top: {:.1f}%">{}</b>').format(css, point[1] / TOP * 100, name)


def _drawing(spend: Line, revenue: Line, alternative: str) -> Markup:
    """Return lines and gap without text, so that the drawing can take any width."""
    thin = Markup('vector-effect="non-scaling-stroke"')
    return Markup(
        '<svg role="img" aria-label="{}" viewBox="0 0 100 {}" preserveAspectRatio="none"><path {} d="M0 0H100M0 {}H100M0 {}H100"/>'
        '<polygon {} points="{}"/><polyline {} class="spend" points="{}"/><polyline {} class="revenue" points="{}"/></svg>'
    ).format(
        alternative,
        TOP,
        thin,
        TOP / 2,
        TOP,
        thin,
        _polyline(spend + revenue[::-1]),
        thin,
        _polyline(spend),
        thin,
        _polyline(revenue),
    )


def _polyline(line: Line) -> str:
    return " ".join(f"{x:g},{y}" for x, y in line)


def _json(content: dict) -> Markup:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Markup(text.replace("<", "\\u003c"))
