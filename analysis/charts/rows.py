"""Named rows: a label and a second line beside each row, or above it on a phone, where the axis needs the width."""

import textwrap
from collections.abc import Iterable

from matplotlib.axes import Axes

from analysis.charts import theme

_LINE_POINTS = 11.5
_LETTERS = 44  # that fit on a phone's width


def name_rows(
    ax: Axes,
    places: Iterable[float],
    labels: Iterable[str],
    details: Iterable[str],
    narrow: bool,
    *,
    clear: float = 9,
    first: float = 0,
) -> None:
    """Write each row's label and, in a quieter colour, its detail (may be blank); each line is a text of its own.

    On a phone the text stands `clear` points above the row, in the first row `first` points more. One text for both lines
    would be set by the widths of another font than the reader's.
    """
    ax.set_yticks([])
    for position, (y, label, detail) in enumerate(zip(places, labels, details, strict=True)):
        lines = [(part, theme.INK) for part in textwrap.wrap(label, _LETTERS)] if narrow else [(label, theme.INK)]
        lines += [(detail, theme.MUTED)] if detail else []
        if narrow:
            bottom = clear + first * (position == 0)
            offsets = [(0, bottom + _LINE_POINTS * (len(lines) - 1 - number)) for number in range(len(lines))]
            style = {"ha": "left", "va": "bottom"}
        else:
            offsets = [(-10, _LINE_POINTS * ((len(lines) - 1) / 2 - number)) for number in range(len(lines))]
            style = {"ha": "right", "va": "center"}
        for (text, color), offset in zip(lines, offsets, strict=True):
            ax.annotate(text, (0, y), xycoords=("axes fraction", "data"), xytext=offset, textcoords="offset points", color=color,
                        annotation_clip=False, **style)  # fmt: skip
