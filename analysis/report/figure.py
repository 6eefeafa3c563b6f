"""A figure for the page: two inline drawings (desktop, phone), words, the data as table and as CSV."""

import base64
import re
from collections.abc import Callable

import matplotlib as mpl
import numpy as np
import pandas as pd
from markupsafe import Markup
from matplotlib.figure import Figure

from analysis import shared
from analysis.charts import theme
from analysis.charts.svg import to_svg
from analysis.errors import InputError
from analysis.findings.numbers import plain
from analysis.findings.words import Words
from analysis.report.table import table

Draw = Callable[[Figure, pd.DataFrame, bool], None]
NO_DATA = "No data for this figure."
_DECIMALS = re.compile(r"(\d\.\d)\d+")  # a tenth of a point is finer than a screen
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def figure(
    key: str,
    number: int,
    draw: Draw,
    frame: pd.DataFrame,
    words: Words,
    *,
    kind: str,
    heights: tuple[int, int],
    source: Markup,
    mark: Markup,
) -> Markup:
    """Return the `<figure>` of a chart.

    `frame`: the plotted data, tidy, units in the column names. `kind`: the type of chart, for the text alternative.
    `heights`: of the desktop and the phone drawing in px. `source`, `mark`: linked sources and the mark of the kind.
    Without rows, or without any number in them, the figure is empty and says so. Raises InputError for an infinity.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", key):
        raise InputError(f"a figure's key is lower-case words joined by _; given {key!r}")
    frame = _plottable(key, frame)
    alternative = f"{kind}: {words.subtitle}. {words.shows if len(frame) else NO_DATA}"
    drawings = {} if frame.empty else {css: drawing(f"{key}-{css}", draw, frame, narrow, height, alternative)
                                       for css, narrow, height in (("wide", False, heights[0]), ("narrow", True, heights[1]))}  # fmt: skip
    plots = Markup("").join(Markup('<div class="plot {}">{}</div>').format(css, svg) for css, svg in drawings.items())
    data = csv_text(frame)
    return Markup(
        '<figure class="chart" id="figure-{key}"><figcaption><span class="headline">Figure {number}. {headline}</span> '
        '<span class="subtitle">{subtitle} {mark}</span></figcaption>{plots}<p class="note">{note}</p>'
        '<p class="source">Sources: {source}</p><details><summary>Data of figure {number}</summary>{data}</details>'
        '<p class="download"><a download="{key}.csv" href="data:text/csv;charset=utf-8;base64,{csv}">'
        "Download the data of figure {number} (CSV, {size})</a></p></figure>"
    ).format(
        key=key, number=number, headline=words.headline, subtitle=words.subtitle, mark=mark, source=source, note=words.note,
        plots=plots or Markup('<p class="empty">{}</p>').format(NO_DATA),
        data=table(shown(frame), f"Data of figure {number}", numeric=_numeric(frame)),
        csv=base64.b64encode(data.encode()).decode(), size=_size(len(data.encode())),
    )  # fmt: skip


def _plottable(key: str, frame: pd.DataFrame) -> pd.DataFrame:
    numbers = frame.select_dtypes("number")
    for column in numbers:
        if np.isinf(numbers[column]).any():
            raise InputError(
                f"figure {key}: column {column} holds an infinite number; leave the cell empty where nothing is reached"
            )
    return frame.iloc[:0] if len(numbers.columns) and numbers.isna().all(axis=None) else frame


def drawing(prefix: str, draw: Draw, frame: pd.DataFrame, narrow: bool, height_px: int, alternative: str) -> Markup:
    """Return one drawing as inline SVG, 288 px wide when `narrow`, else 720; `prefix` makes its ids unique in the page."""
    inputs = (draw, frame, narrow, height_px, prefix, alternative)  # some charts are the same in every scenario
    return shared.once("drawing", inputs, lambda: _drawn(*inputs))


def _drawn(draw: Draw, frame: pd.DataFrame, narrow: bool, height_px: int, prefix: str, alternative: str) -> Markup:
    with mpl.rc_context(theme.RC):
        canvas = theme.canvas(narrow, height_px)
        draw(canvas, frame, narrow)
        return clean_svg(to_svg(canvas), prefix, alternative)


def clean_svg(svg: str, prefix: str, alternative: str) -> Markup:
    """Return matplotlib's SVG for inlining: ids unique in the page, colours as CSS variables, one decimal, a text alternative."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>|<!--.*?-->", "", svg, flags=re.S)
    svg = re.sub(r'\b(id="|url\(#|href="#)', rf"\1{prefix}-", svg)
    svg = re.sub(r"xlink:href", "href", svg)
    svg = re.sub(r'(?<= d=")[^"]+|(?<= points=")[^"]+', lambda path: _DECIMALS.sub(r"\1", path[0]), svg)
    for color, variable in theme.VARIABLES.items():
        svg = re.sub(re.escape(color), f"var({variable}, {color.lower()})", svg, flags=re.I)
    svg = re.sub(r"\n\s*", "\n", svg)
    size = re.search(r'width="([\d.]+)pt" height="([\d.]+)pt" viewBox="([^"]+)"', svg)
    width, height = (round(float(size[n]) * 96 / 72) for n in (1, 2))
    start = Markup('<svg role="img" aria-label="{}" width="{}" height="{}" viewBox="{}">').format(
        alternative, width, height, size[3]
    )
    return start + Markup(svg[svg.index(">") + 1 :])


def shown(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the plotted data as text for the table: at most three significant digits."""
    columns = {column: frame[column].map(_cell) for column in frame}
    return pd.DataFrame(columns).rename(columns=lambda name: str(name).replace("_", " "))


def _cell(value: object) -> object:
    if isinstance(value, float):
        return "" if value != value else plain(value, digits=3)
    return value


def _numeric(frame: pd.DataFrame) -> tuple[str, ...]:
    return tuple(str(name).replace("_", " ") for name in frame.columns[1:] if pd.api.types.is_numeric_dtype(frame[name]))


def csv_text(frame: pd.DataFrame) -> str:
    """Return `frame` as CSV in which no text cell can be taken for a formula by a spreadsheet."""
    safe = frame.map(lambda cell: f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell)
    return safe.to_csv(index=False, lineterminator="\n", float_format="%.6g")


def _size(count: int) -> str:
    return f"{plain(count / 1000, digits=2)} kB" if count >= 1000 else f"{count} bytes"
