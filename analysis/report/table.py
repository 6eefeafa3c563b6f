"""Tables as HTML: caption, scope on headers, numerals aligned, a region that scrolls on its own."""

import pandas as pd
from markupsafe import Markup

MISSING = "–"


def table(frame: pd.DataFrame, caption: str, *, numeric: tuple[str, ...] = (), total: bool = False, css: str = "data") -> Markup:
    """Return `frame` as a table. Cells are text or Markup; the first column is the row header.

    `numeric`: columns to align right. `total`: the last row is a total. Column names are shown as they are and must
    carry the unit.
    """
    head = Markup("").join(
        Markup('<th scope="col"{}>{}</th>').format(Markup(' class="num"') if column in numeric else "", column)
        for column in frame
    )
    last = len(frame) - 1
    body = [
        _row(cells, frame.columns, numeric, total and position == last)
        for position, cells in enumerate(zip(*(frame[column] for column in frame), strict=True))
    ]
    return Markup(
        '<div class="scroll" role="region" aria-label="{caption}" tabindex="0"><table class="{css}"><caption>{caption}</caption>'
        "<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    ).format(caption=caption, css=css, head=head, rows=Markup("\n").join(body))


def rows(cells: list[list], columns: list[str]) -> pd.DataFrame:
    """Return a frame of text and Markup cells; object columns keep Markup as it is."""
    return pd.DataFrame(cells, columns=columns, dtype=object)


def _row(cells: tuple, columns: pd.Index, numeric: tuple[str, ...], total: bool) -> Markup:
    first, *others = cells
    shown = [Markup('<th scope="row">{}</th>').format(_shown(first))]
    for column, cell in zip(columns[1:], others, strict=True):
        shown.append(Markup('<td class="num">{}</td>' if column in numeric else "<td>{}</td>").format(_shown(cell)))
    return Markup("<tr{}>{}</tr>").format(Markup(' class="total"') if total else "", Markup("").join(shown))


def _shown(value: object) -> object:
    return MISSING if value is None or value is pd.NA or value == "" or value != value else value
