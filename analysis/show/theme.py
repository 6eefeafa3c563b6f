"""One look for all charts. A colour means one thing everywhere; as a CSS variable it can go dark.

A chart is a function `draw(frame, ax=None, narrow=False) -> Axes` under the decorator `chart`. In a page it
draws on a figure of 720 px, or of 288 px when `narrow`; one pixel is 1/96 inch, so a font of 9 points has 12
px, the smallest.
"""

import contextlib
import functools
from collections.abc import Callable, Iterator, Sequence

import matplotlib as mpl
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.colors import BoundaryNorm, ListedColormap, to_rgba
from matplotlib.figure import Figure

from analysis.show import svg
from analysis.show.palette import PALETTE

_LIGHT = {tone.variable: tone.light for tone in PALETTE}
SPENDING, REVENUE, NEEDED, OTHERS = (
    _LIGHT[f"--{role}"] for role in ("spending", "revenue", "needed", "others")
)
INK, MUTED, PAPER = (_LIGHT[f"--{role}"] for role in ("ink", "muted", "paper"))
HAPPENED = INK
_TEXT = {REVENUE: _LIGHT["--revenue-text"], OTHERS: MUTED}  # where the colour of a mark is too pale for words
_TEXT |= {_LIGHT[f"--{pale}"]: INK for pale in ("spending-2", "spending-4", "revenue-3")}
_TONES = {
    role: [_LIGHT[f"--{name}{number}"] for number in ("", "-2", "-3", "-4")]
    for role, name in ((SPENDING, "spending"), (REVENUE, "revenue"))
}

WIDE_PX, NARROW_PX = 720, 288
BAND_90, BAND_50 = 0.18, 0.38  # opacity of the two bands
DASHED, DOTTED = (0, (5, 2)), (0, (1.5, 2))
_SIZE_WIDE, _SIZE_NARROW = 9.75, 9.0  # points, 13 and 12 px
_SIZES = (
    "font.size",
    "axes.titlesize",
    "axes.labelsize",
    "xtick.labelsize",
    "ytick.labelsize",
    "legend.fontsize",
)

RC = sns.axes_style("whitegrid") | {
    "svg.fonttype": "none",
    "svg.hashsalt": "burn-report",
    "text.parse_math": False,  # a text with two dollar signs is money, not a formula
    "font.sans-serif": ["DejaVu Sans"],
    "text.color": INK,
    "axes.labelcolor": MUTED,
    "axes.edgecolor": MUTED,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "grid.color": MUTED,
    "grid.alpha": 0.25,
    "grid.linewidth": 0.75,
    "axes.linewidth": 0.75,
    "axes.grid.axis": "y",
    "xtick.major.size": 0,  # a grid line marks the place
    "xtick.major.pad": 6,  # clear of the lowest label of the other axis
    "ytick.major.size": 0,
    "axes.titley": 1.0,  # nothing stands above the axes that a title would have to avoid
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.facecolor": "none",
    "figure.facecolor": "none",
    "patch.edgecolor": PAPER,
    "lines.linewidth": 2.0,
    "axes.prop_cycle": mpl.cycler(color=[SPENDING, REVENUE, NEEDED, OTHERS]),
    "legend.frameon": False,
}
_NOT_STYLE = ("backend", "interactive", "toolbar", "webagg", "tk.", "figure.raise_window")  # of the session
_DEFAULTS = {key: value for key, value in mpl.rcParamsDefault.items() if not key.startswith(_NOT_STYLE)}


def tones(role: str, count: int) -> list[str]:
    """Return `count` tones (at most four) of SPENDING or REVENUE for parts of a whole, 3:1 from each
    other.
    """
    if not 0 < count <= len(_TONES[role]):
        raise ValueError(f"tones: 1 to {len(_TONES[role])} parts can be told apart; given {count}")
    return _TONES[role][:count]


def shades(color: str, bounds: Sequence[float]) -> tuple[ListedColormap, BoundaryNorm]:
    """Return steps of one colour, pale to strong, between `bounds` (one more than steps), for a heat map."""
    steps = len(bounds) - 1
    strongest = 0.45  # ink is still read on it
    alphas = [0.06 + (strongest - 0.06) * step / max(steps - 1, 1) for step in range(steps)]
    return ListedColormap([to_rgba(color, alpha) for alpha in alphas]), BoundaryNorm(bounds, steps)


def text_color(color: str) -> str:
    """Return the tone of `color` that is dark enough for words."""
    return _TEXT.get(color, color)


def settings(narrow: bool = False) -> dict[str, object]:
    """Return the style of all drawings: matplotlib's own defaults, then ours, never a user's file."""
    size = _SIZE_NARROW if narrow else _SIZE_WIDE
    return _DEFAULTS | RC | dict.fromkeys(_SIZES, size)


@contextlib.contextmanager
def style(narrow: bool = False) -> Iterator[None]:
    """Draw in the report's style, whatever a matplotlibrc or `plt.style.use` has set; put that back after."""
    with mpl.rc_context(settings(narrow)):
        yield


def use() -> None:
    """Set the report's style for the whole session, on a white ground, for an analyst's own charts."""
    mpl.rcParams.update(settings() | {"figure.facecolor": PAPER, "axes.facecolor": PAPER})


def chart(draw: Callable[..., Axes]) -> Callable[..., Axes]:
    """Make `draw(frame, ax, narrow)` draw in the report's style, on axes of its own when none are given."""

    @functools.wraps(draw)
    def styled(frame, ax: Axes | None = None, narrow: bool = False) -> Axes:
        with style(narrow):
            return draw(frame, axes(narrow) if ax is None else ax, narrow)

    return styled


def axes(narrow: bool = False, height_px: int = 400) -> Axes:
    """Return empty axes of the page's width that a notebook shows by itself."""
    from matplotlib import pyplot

    with style(narrow):
        width_px = NARROW_PX if narrow else WIDE_PX
        figure = pyplot.figure(figsize=(width_px / 96, height_px / 96), layout=svg.Layout(), facecolor=PAPER)
        return figure.subplots()


def canvas(narrow: bool, height_px: int) -> Figure:
    """Return an empty figure of the page's width that is to become SVG; call inside `style`."""
    return svg.empty_figure((NARROW_PX if narrow else WIDE_PX) / 96, height_px / 96)
