"""Figures as SVG text. One renderer measures, lays out and draws, where `savefig` would draw everything once more to lay it out."""

import functools
import io

from matplotlib.backends.backend_svg import FigureCanvasSVG, RendererSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.layout_engine import TightLayoutEngine
from matplotlib.textpath import text_to_path

POINTS_PER_INCH = 72
PAD_FONT_SIZES = 0.3  # around the drawing; "tight" measures everything once, "constrained" twice for the same picture
NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}  # the same figure gives the same bytes


class Renderer(RendererSVG):
    """Matplotlib's renderer; it remembers the size of texts from one figure to the next, since many of them recur."""

    def get_text_width_height_descent(self, s: str, prop: FontProperties, ismath: bool) -> tuple[float, float, float]:
        """Return width, height and descent of a text in points."""
        return _size(s, prop.copy(), ismath)  # a copy: a font's hash changes with the font


@functools.lru_cache(maxsize=10_000)
def _size(text: str, font: FontProperties, ismath: bool) -> tuple[float, float, float]:
    return text_to_path.get_text_width_height_descent(text, font, ismath)


class Canvas(FigureCanvasSVG):
    """A figure's canvas with one renderer for everything that is asked of it."""

    def __init__(self, figure: Figure) -> None:
        super().__init__(figure)
        self.text = io.StringIO()

    @functools.cached_property
    def _renderer(self) -> Renderer:
        width, height = self.figure.get_size_inches() * POINTS_PER_INCH
        return Renderer(width, height, self.text, image_dpi=POINTS_PER_INCH, metadata=NO_METADATA)

    def get_renderer(self) -> Renderer:
        """Return the renderer (matplotlib asks for it here before it measures anything)."""
        return self._renderer


def empty_figure(width_inches: float, height_inches: float) -> Figure:
    """Return an empty figure with automatic layout that is to be drawn as SVG."""
    figure = Figure(figsize=(width_inches, height_inches), dpi=POINTS_PER_INCH, layout=TightLayoutEngine(pad=PAD_FONT_SIZES))
    Canvas(figure)
    return figure


def lay_out(figure: Figure) -> None:
    """Give the axes their places, so that points of the drawing can be asked for."""
    figure.get_layout_engine().execute(figure)


def to_svg(figure: Figure) -> str:
    """Return the drawing; a figure can be drawn once."""
    renderer = figure.canvas.get_renderer()
    figure.draw(renderer)
    renderer.finalize()
    return figure.canvas.text.getvalue()
