"""One look for all charts. A colour means one thing everywhere; as a CSS variable it can go dark.

A chart is a function `draw(frame, ax=None, narrow=False) -> Axes` under the decorator `chart`. In a page it
has 720 px, or 288 px when `narrow`; one pixel is 1/96 inch, so the smallest font, of 9 points, has 12 px.
"""

import contextlib
import functools
import io
from collections.abc import Callable, Iterator, Sequence

import matplotlib as mpl
import numpy as np
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG, RendererSVG
from matplotlib.colors import BoundaryNorm, ListedColormap, to_rgba
from matplotlib.figure import Figure
from matplotlib.layout_engine import LayoutEngine
from matplotlib.textpath import text_to_path

from analysis.show.shell import PALETTE

_LIGHT = {name: light for name, (light, _) in PALETTE.items()}
SPENDING, REVENUE, NEEDED, OTHERS = (_LIGHT[role] for role in ("spending", "revenue", "needed", "others"))
INK, MUTED, PAPER = (_LIGHT[role] for role in ("ink", "muted", "paper"))
HAPPENED = INK
_PALE = ("spending-2", "spending-4", "revenue-3")  # tones of marks that are too pale for words
_TEXT = {REVENUE: _LIGHT["revenue-text"], OTHERS: MUTED} | {_LIGHT[name]: INK for name in _PALE}
TONES = {  # of SPENDING and REVENUE, for parts of a whole, 3:1 from each other
    _LIGHT[role]: [_LIGHT[role + end] for end in ("", "-2", "-3", "-4")] for role in ("spending", "revenue")
}

WIDE_PX, NARROW_PX = 720, 288
BAND_90, BAND_50 = 0.18, 0.38  # opacity of the two bands
DASHED = (0, (5, 2))
POINTS_PER_INCH = 72
PAD, GAP = 3.0, 6.0  # points around the drawing, and between labels of neighbouring axes
NO_METADATA = dict.fromkeys(("Date", "Creator", "Format", "Type"))  # the same figure gives the same bytes

RC = sns.axes_style("whitegrid") | {
    "svg.fonttype": "none", "svg.hashsalt": "burn-report",
    "text.parse_math": False,  # a text with two dollar signs is money, not a formula
    "font.sans-serif": ["DejaVu Sans"],
    "text.color": INK, "axes.labelcolor": MUTED, "axes.edgecolor": MUTED, "axes.titlesize": "medium",
    "xtick.color": MUTED, "ytick.color": MUTED, "axes.linewidth": 0.75,
    "grid.color": MUTED, "grid.alpha": 0.25, "grid.linewidth": 0.75, "axes.grid.axis": "y",
    "xtick.major.size": 0, "ytick.major.size": 0,  # a grid line marks the place
    "xtick.major.pad": 6,  # clear of the lowest label of the other axis
    "axes.titley": 1.0,  # nothing stands above the axes that a title would have to avoid
    "axes.spines.top": False, "axes.spines.right": False, "axes.spines.left": False,
    "axes.facecolor": "none", "figure.facecolor": "none", "patch.edgecolor": PAPER, "legend.frameon": False,
    "lines.linewidth": 2.0, "axes.prop_cycle": mpl.cycler(color=[SPENDING, REVENUE, NEEDED, OTHERS]),
}  # fmt: skip
_NOT_STYLE = ("backend", "interactive", "toolbar", "webagg", "tk.", "figure.raise_window")  # of the session
_DEFAULTS = {key: value for key, value in mpl.rcParamsDefault.items() if not key.startswith(_NOT_STYLE)}


def shades(color: str, bounds: Sequence[float]) -> tuple[ListedColormap, BoundaryNorm]:
    """Return steps of one colour, pale to strong, between `bounds` (one more than steps), for a heat map."""
    steps = len(bounds) - 1
    palest, strongest = 0.06, 0.45  # ink is still read on the strongest
    alphas = [palest + (strongest - palest) * step / max(steps - 1, 1) for step in range(steps)]
    return ListedColormap([to_rgba(color, alpha) for alpha in alphas]), BoundaryNorm(bounds, steps)


def text_color(color: str) -> str:
    """Return the tone of `color` that is dark enough for words."""
    return _TEXT.get(color, color)


@functools.cache
def _settings(narrow: bool) -> dict[str, object]:
    """Return all settings of drawings: matplotlib's own defaults, then ours, never a user's file."""
    with mpl.rc_context(_DEFAULTS | RC | {"font.size": 9.0 if narrow else 9.75}):  # 12 and 13 px
        return {name: mpl.rcParams[name] for name in _DEFAULTS}


@contextlib.contextmanager
def style(narrow: bool = False) -> Iterator[None]:
    """Draw in the report's style, whatever a matplotlibrc or `plt.style.use` has set; put that back after."""
    with mpl.rc_context():
        dict.update(mpl.rcParams, _settings(narrow))  # past the checks: for each drawing they take a while
        yield


def use() -> None:
    """Set the report's style for the whole session, on a white ground, for an analyst's own charts."""
    own = {"figure.facecolor": PAPER, "axes.facecolor": PAPER, "text.parse_math": True}  # of log axes
    mpl.rcParams.update(_settings(False) | own)


def chart(draw: Callable[..., Axes]) -> Callable[..., Axes]:
    """Make `draw(frame, ax, narrow)` draw in the report's style, on axes of its own when none are given."""

    @functools.wraps(draw)
    def styled(frame, ax: Axes | None = None, narrow: bool = False) -> Axes:
        with style(narrow):
            if ax is None:  # of a figure that a notebook shows by itself
                from matplotlib import pyplot

                ax = pyplot.figure(figsize=_inches(narrow, 400), layout=Layout(), facecolor=PAPER).subplots()
            return draw(frame, ax, narrow)

    return styled


def canvas(narrow: bool, height_px: int) -> Figure:
    """Return an empty figure of the page's width that is to become SVG; call inside `style`."""
    figure = Figure(figsize=_inches(narrow, height_px), dpi=POINTS_PER_INCH, layout=Layout())
    figure.subplots_adjust(0.05, 0.05, 0.98, 0.95)  # near to where most axes end: some labels depend on it
    renderer = _Renderer(*figure.get_size_inches() * POINTS_PER_INCH, io.StringIO())
    FigureCanvasSVG(figure).get_renderer = lambda: renderer  # measures texts; matplotlib's own way is slow
    return figure


def _inches(narrow: bool, height_px: int) -> tuple[float, float]:
    return (NARROW_PX if narrow else WIDE_PX) / 96, height_px / 96


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


class _Renderer(RendererSVG):
    """Looks into the font once for all drawings, where matplotlib does so for each text of each."""

    def get_text_width_height_descent(self, s, prop, ismath):
        scale, prop = prop.get_size_in_points() / text_to_path.FONT_SCALE, prop.copy()
        prop.set_size(text_to_path.FONT_SCALE)
        return tuple(size * scale for size in _sizes(s, prop, ismath))  # a text grows with its font

    def _get_font_height_metrics(self, prop):  # matplotlib asks for it if it is there
        return tuple(height * prop.get_size_in_points() for height in _HEIGHTS)


_HEIGHTS = 1556 / 2048, 492 / 2048, 410 / 2048  # of DejaVu Sans: ascent, descent, gap between lines
_sizes = functools.lru_cache(4096)(text_to_path.get_text_width_height_descent)


def to_svg(figure: Figure) -> str:
    """Return the drawing; a figure can be drawn once."""
    text, size = io.StringIO(), figure.get_size_inches() * POINTS_PER_INCH
    renderer = _Renderer(*size, text, image_dpi=POINTS_PER_INCH, metadata=NO_METADATA)
    figure.canvas.get_renderer = lambda: renderer  # what measures and what draws share the sizes of texts
    figure.draw(renderer)
    renderer.finalize()
    return text.getvalue()
