"""One look for all charts: sizes, text, colours. Colours become CSS variables in the page, so that it can go dark.

A chart function takes (figure, frame, narrow). It draws on a figure of 720 px, or of 288 px when `narrow`; one pixel
is 1/96 inch, so a font size of 9 points is 12 px, the smallest allowed.
"""

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.charts.svg import empty_figure

# in this order; 3:1 against white and between neighbours
C1, C2, C3, C4, C5, C6 = "#12436D", "#28A197", "#801650", "#F46A25", "#3D3D3D", "#A285D1"
SERIES = (C1, C2, C3, C4, C5, C6)
INK, MUTED, PAPER = "#1A1A1A", "#595959", "#FFFFFF"
VARIABLES = {**{color: f"--c{n}" for n, color in enumerate(SERIES, 1)}, INK: "--ink", MUTED: "--muted", PAPER: "--paper"}
WIDE_PX, NARROW_PX = 720, 288
BAND_90, BAND_50 = 0.18, 0.38  # opacity of the two bands

RC = {
    "svg.fonttype": "none",
    "svg.hashsalt": "burn-report",
    "text.parse_math": False,  # a text with two dollar signs is money, not a formula
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 9.75,
    "axes.titlesize": 9.75,
    "axes.labelsize": 9.75,
    "xtick.labelsize": 9.75,
    "ytick.labelsize": 9.75,
    "text.color": INK,
    "axes.labelcolor": MUTED,
    "axes.edgecolor": MUTED,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "grid.color": MUTED,
    "grid.alpha": 0.25,
    "grid.linewidth": 0.75,
    "axes.linewidth": 0.75,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "xtick.bottom": False,  # a grid line marks the place
    "xtick.major.size": 0,
    "ytick.left": False,
    "ytick.major.size": 0,
    "axes.axisbelow": True,
    "axes.titley": 1.0,  # nothing stands above the axes that a title would have to avoid
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.facecolor": "none",
    "figure.facecolor": "none",
    "lines.linewidth": 2.0,
    "lines.solid_capstyle": "round",
    "axes.prop_cycle": mpl.cycler(color=SERIES),
    "legend.frameon": False,
    "axes.unicode_minus": True,
}


def canvas(narrow: bool, height_px: int) -> Figure:
    """Return an empty figure of the page's width; call inside `mpl.rc_context(RC)`."""
    size = 9.0 if narrow else 9.75
    mpl.rcParams.update({key: size for key in RC if key.endswith(("labelsize", "titlesize"))} | {"font.size": size})
    return empty_figure((NARROW_PX if narrow else WIDE_PX) / 96, height_px / 96)


def label(ax: Axes, x: float, y: float, text: str, color: str, **kwargs) -> None:
    """Write a series' name beside it: in its colour where that is dark enough for text, else in ink."""
    ink = color if color in (C1, C3, C5, MUTED) else INK
    ax.annotate(text, (x, y), color=ink, fontweight="bold", annotation_clip=False, **kwargs)


def upright_grid(ax: Axes) -> None:
    """Draw the grid at the values of the x axis instead, for charts whose rows have names."""
    ax.grid(visible=True, axis="x")
    ax.grid(visible=False, axis="y")


def band(ax: Axes, x, low, high, color: str, opacity: float) -> None:
    """Shade between two lines as one polygon without an edge."""
    ax.fill_between(x, low, high, color=color, alpha=opacity, linewidth=0)


def projected(ax: Axes, start: float, end: float, text: str = "projection") -> None:
    """Shade and name the part of the months that is a projection."""
    ax.axvspan(start, end, color=MUTED, alpha=0.06, linewidth=0)
    ax.annotate(text, (start, 1), xycoords=("data", "axes fraction"), xytext=(4, -4), textcoords="offset points",
                va="top", color=MUTED, fontstyle="italic")  # fmt: skip


def months(ax: Axes, names, narrow: bool) -> None:
    """Mark the axis of months at each January (every second one on a phone); `names`: YYYY-MM by position."""
    januaries = [(index, name[:4]) for index, name in enumerate(names) if name.endswith("-01")]
    if not januaries:
        januaries = [(0, names.iloc[0]), (len(names) - 1, names.iloc[-1])]
    januaries = januaries[:: 2 if narrow and len(januaries) > 4 else 1]
    ax.set_xticks([index for index, _ in januaries], [name for _, name in januaries])
    ax.set_xlim(0, max(len(names) - 1, 1))


def money(ax: Axes, axis: str = "y") -> None:
    """Write an axis of millions of dollars as $500m, $1.5bn."""
    getattr(ax, f"{axis}axis").set_major_formatter(lambda value, _: usd(value))


def usd(usd_m: float) -> str:
    """Return a tick label for millions of dollars."""
    sign, size = ("−" if usd_m < 0 else ""), abs(usd_m)
    if size < 1000:
        return f"{sign}${size:g}m" if size else "0"
    return f"{sign}${size / 1000:g}bn" if size < 1e6 else f"{sign}${size / 1e6:g}tn"
