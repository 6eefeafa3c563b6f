"""A chart in the page: two drawings (desktop, phone) with real text, words, data, CSV, a preview."""

import base64
import csv
import io
import re
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Drawing

from analysis.inputs.errors import InputError
from analysis.show import numbers, template, theme

Draw = Callable[..., Axes]
NO_DATA = "No data for this figure."
LICENCE = "CC BY 4.0"
WORDS = ("unit", "note", "alt", "source")  # beside the title; alt: for who cannot see the drawing
_PREVIEW_DPI = 160  # text of 22 px, to be read in a card of a third of the size
_FONT = re.compile(r"font-family: [^;\"]*; ")
_DECIMALS = re.compile(r"(\d\.\d)\d+")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_VARIABLES = {light.lower(): f"var(--{name}, {light.lower()})" for name, (light, _) in theme.PALETTE.items()}
_COLORS = re.compile("|".join(_VARIABLES), flags=re.I)


@dataclass(frozen=True)
class Figure:
    """What a page knows of a chart besides its data and words.

    `draw`: draw(frame, ax, narrow) -> Axes, under `theme.chart`. `measure`: the frame's name in the measures.
    `heights`: of the desktop and the phone drawing in px, or a function of the frame. `kind`: the type of
    chart, for the text alternative. `lead`: the chart that stands for the page in previews.
    """

    draw: Draw
    measure: str
    heights: tuple[int, int] | Callable[[pd.DataFrame], tuple[int, int]] = (400, 360)
    kind: str = "Chart"
    lead: bool = False

    def heights_px(self, frame: pd.DataFrame) -> tuple[int, int]:
        """Return the heights of the two drawings of `frame` in px."""
        return self.heights(frame) if callable(self.heights) else self.heights


def render(
    figure: Figure, frame: pd.DataFrame, words: Mapping[str, str], key: str, number: int, file_name: str,
    labels: Mapping[str, str] | None = None,
) -> Markup:  # fmt: skip
    """Return the `<figure>` of a chart of `frame`: tidy, units in the names of columns, NaN where nothing is.

    `words`: title, those of WORDS that it has. `labels`: headers of the table. `file_name`: of the download.
    Without a number in its rows it says that it is empty. InputError: an infinity, a key that is no name.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", key):
        raise InputError(f"a figure's key is lower-case words joined by _; given {key!r}")
    frame, words = _plottable(key, frame), dict.fromkeys(WORDS, "") | words
    alternative = f"{figure.kind}: {_plain_text(words['alt'] or words['title'])}"
    drawings = {
        css: drawing(figure.draw, frame, css == "narrow", height, f"{key}-{css}", alternative)
        for css, height in zip(("wide", "narrow"), figure.heights_px(frame), strict=True)
        if len(frame)
    }
    head = {"Title": words["title"], "Unit": words["unit"], "Source": words["source"], "Licence": LICENCE}
    return template.render(
        "figure.html.j2",
        key=key, number=number, words=words, drawings=drawings, no_data=NO_DATA, labels=labels or {},
        columns=list(frame), rows=frame.astype(object).map(_cell).to_dict("records"),
        numeric=set(frame.select_dtypes("number")),
        csv=base64.b64encode(csv_bytes(frame, head)).decode(), file_name=re.sub(r"[^\w.-]+", "-", file_name),
    )  # fmt: skip


def _plottable(key: str, frame: pd.DataFrame) -> pd.DataFrame:
    shown = frame.select_dtypes("number")
    for column in shown.columns[np.isinf(shown).any()]:
        raise InputError(f"figure {key}: column {column} holds an infinite number; leave such a cell empty")
    return frame.iloc[:0] if len(shown.columns) and shown.isna().all(axis=None) else frame


def _cell(value: object) -> str:
    written = numbers.plain(value, 3) if isinstance(value, float) else str(value)
    return "" if pd.isna(value) else written


def drawing(draw: Draw, frame: pd.DataFrame, narrow: bool, height_px: int, prefix: str, alt: str) -> Markup:
    """Return a drawing as inline SVG with colours and font of the page; `prefix` makes its ids unique."""
    with theme.style(narrow):
        canvas = theme.canvas(narrow, height_px)
        draw(frame, ax=canvas.subplots(), narrow=narrow)
        drawn = theme.to_svg(canvas).partition("<svg")[2].partition(">")[2]
    drawn = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>|<!--.*?-->", "", drawn, flags=re.S)
    drawn = re.sub(r'\b(id="|url\(#|href="#)', rf"\1{prefix}-", drawn).replace("xlink:href", "href")
    drawn = re.sub(r'(?<= d=")[^"]+|(?<= points=")[^"]+', lambda path: _DECIMALS.sub(r"\1", path[0]), drawn)
    drawn = _COLORS.sub(lambda color: _VARIABLES[color[0].lower()], drawn)
    drawn = _FONT.sub("", re.sub(r"\n\s*", "\n", drawn))
    size = theme.NARROW_PX if narrow else theme.WIDE_PX, height_px
    return template.render("svg.html.j2", alternative=alt, size=size, rest=drawn)


def csv_bytes(frame: pd.DataFrame, head: Mapping[str, str]) -> bytes:
    """Return `frame` as CSV, UTF-8 with a mark, no cell like a formula, after lines `# Title: …` of head."""
    lines = [f"# {name}: {_plain_text(text).replace(',', ';')}\n" for name, text in head.items() if text]
    safe = frame.map(_csv_cell).rename(columns=_csv_cell)
    rows = safe.to_csv(index=False, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    return ("".join(lines) + rows).encode("utf-8-sig")


def _csv_cell(cell: object) -> object:
    """Return a number with six digits, text that cannot be a formula, anything else as it is."""
    if isinstance(cell, float):
        return float(f"{cell:.6g}")
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _plain_text(text: str) -> str:
    return " ".join((text.striptags() if isinstance(text, Markup) else text).split())


def preview(figure: Figure, frame: pd.DataFrame, title: str) -> bytes:
    """Return a PNG of 1200 × 630 px, the chart under its title, for links to the page; always light."""
    lines = textwrap.wrap(_plain_text(title), 56)[:3]
    with theme.style():
        size = 1200 / _PREVIEW_DPI, 630 / _PREVIEW_DPI
        layout = theme.Layout(room_above=14 + 16 * len(lines), pad=14)
        card = Drawing(figsize=size, dpi=_PREVIEW_DPI, layout=layout, facecolor=theme.PAPER)
        canvas = FigureCanvasAgg(card)
        if len(frame := _plottable("preview", frame)):
            figure.draw(frame, ax=card.subplots())
        card.text(0.03, 0.96, "\n".join(lines), va="top", fontsize=13, fontweight="bold")
        file = io.BytesIO()
        # `savefig` would draw all twice; a higher level takes up to six times as long for a tenth of the size
        canvas.print_png(file, metadata={"Software": None}, pil_kwargs={"compress_level": 3})
    return file.getvalue()
