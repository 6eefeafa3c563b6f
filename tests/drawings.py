"""What tests ask of drawings: are all words inside, apart and large enough?"""

import itertools

from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.text import Text

from analysis.show import theme

MARGIN_POINTS = 0.5


def drawn(draw, frame, narrow: bool = False, height_px: int = 400) -> Figure:
    """Return the figure of a chart, laid out and drawn as for a page."""
    with theme.style(narrow):
        figure = theme.canvas(narrow, height_px)
        draw(frame, ax=figure.subplots(), narrow=narrow)
        theme.to_svg(figure)
    return figure


def _texts(figure: Figure) -> list[Text]:
    """Return the texts that are drawn: an axis keeps more than it shows, for ticks beyond its limits."""
    kept = [
        text
        for axis in figure.findobj(Axis)
        for tick in axis.get_major_ticks()
        for text in tick.findobj(Text)
    ]
    shown = [text for axis in figure.findobj(Axis) for text in axis.get_ticklabels() if _within(axis, text)]
    others = [text for text in figure.findobj(Text) if text not in kept]
    return [text for text in others + shown if text.get_visible() and text.get_text().strip()]


def _within(axis: Axis, text: Text) -> bool:
    low, high = sorted(axis.get_view_interval())
    place = text.get_position()[0 if axis.axis_name == "x" else 1]
    return low <= place <= high


def texts_outside(figure: Figure) -> list[str]:
    """Return the texts that reach over the edge of the drawing."""
    width, height = figure.bbox.width + MARGIN_POINTS, figure.bbox.height + MARGIN_POINTS
    boxes = [(text.get_text(), text.get_window_extent()) for text in _texts(figure)]
    return [
        name
        for name, box in boxes
        if box.x0 < -MARGIN_POINTS or box.y0 < -MARGIN_POINTS or box.x1 > width or box.y1 > height
    ]


def texts_overlapping(figure: Figure) -> list[tuple[str, str]]:
    """Return the pairs of texts that cover each other."""
    boxes = [(text.get_text(), text.get_window_extent().padded(-MARGIN_POINTS)) for text in _texts(figure)]
    pairs = itertools.combinations(boxes, 2)
    return [(one, other) for (one, first), (other, second) in pairs if first.overlaps(second)]


def smallest_text_px(figure: Figure) -> float:
    """Return the size of the smallest text in px."""
    return min((text.get_fontsize() for text in _texts(figure)), default=99) * 96 / 72
