"""Figures as SVG text: one renderer lays out and draws; `savefig` would draw all twice."""

import io

import numpy as np
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.figure import Figure
from matplotlib.layout_engine import LayoutEngine

POINTS_PER_INCH = 72
PAD, GAP = 3.0, 6.0  # points around the drawing, and between labels of neighbouring axes
NO_METADATA = dict.fromkeys(("Date", "Creator", "Format", "Type"))  # the same figure gives the same bytes


class Layout(LayoutEngine):
    """Gives a grid of axes the room, in points, that labels leave; measured once, by matplotlib twice."""

    _adjust_compatible, _colorbar_gridspec = True, True

    def __init__(self, room_above: float = 0.0, pad: float = PAD) -> None:
        super().__init__()
        self._room_above, self._pad = room_above, pad

    def execute(self, fig: Figure) -> None:
        """Place the axes of `fig`, which are all of one grid."""
        axes = [ax for ax in fig.axes if ax.get_subplotspec() is not None]
        if not axes:
            return
        grid, scale = axes[0].get_subplotspec().get_gridspec(), POINTS_PER_INCH / fig.dpi
        rows, columns = np.zeros((grid.nrows, 2)), np.zeros((grid.ncols, 2))  # room above, below; left, right
        for ax in axes:
            for axis in (ax.xaxis, ax.yaxis):
                if not axis.label.get_text():
                    axis.set_label_coords(0, 0)  # else all tick labels are measured to place an empty one
            place, own, labels = ax.get_subplotspec(), ax.bbox, ax.get_tightbbox(for_layout_only=True)
            for side in (0, 1):
                row, column = place.rowspan[-side], place.colspan[-side]
                outside = (labels.y1 - own.y1, own.y0 - labels.y0)[side] * scale
                rows[row, side] = max(rows[row, side], outside)
                outside = (own.x0 - labels.x0, labels.x1 - own.x1)[side] * scale
                columns[column, side] = max(columns[column, side], outside)
        rows[0, 0] += self._room_above
        for room in (rows, columns):
            room[0, 0] += self._pad
            room[-1, 1] += self._pad
        width, height = fig.get_size_inches() * POINTS_PER_INCH
        fig.subplots_adjust(
            **_margins(columns, width, ("left", "right", "wspace")),
            **_margins(rows[::-1, ::-1], height, ("bottom", "top", "hspace")),
        )


def _margins(room: np.ndarray, size: float, names: tuple[str, str, str]) -> dict[str, float]:
    """Return one direction's margins for `subplots_adjust`. `room`: (axes, 2) in points, before and after."""
    first, last = room[0, 0], room[-1, 1]
    between = max((room[:-1, 1] + room[1:, 0] + GAP).max(initial=0.0), 0.0)
    each = (size - first - last - between * (len(room) - 1)) / len(room)
    if each <= 0:  # more labels than drawing: leave the axes where they are
        return {}
    return dict(zip(names, (first / size, 1 - last / size, between / each), strict=True))


def to_svg(figure: Figure) -> str:
    """Return the drawing; a figure can be drawn once."""
    text, size = io.StringIO(), figure.get_size_inches() * POINTS_PER_INCH
    renderer = RendererSVG(*size, text, image_dpi=POINTS_PER_INCH, metadata=NO_METADATA)
    figure.canvas.get_renderer = lambda: renderer  # what measures and what draws share the sizes of texts
    figure.draw(renderer)
    renderer.finalize()
    return text.getvalue()
