"""Tables as HTML: caption, scope on headers, numerals aligned, a region that scrolls on its own."""

import pandas as pd
from markupsafe import Markup, escape

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
    first, *others = map(_shown, cells)
    shown = [f'<th scope="row">{escape(first)}</th>']  # escape in f-strings: a tenth of the time of Markup.format
    for column, cell in zip(columns[1:], others, strict=True):
        shown.append(f'<td class="num">{escape(cell)}</td>' if column in numeric else f"<td>{escape(cell)}</td>")
    opening = '<tr class="total">' if total else "<tr>"
    return Markup(f"{opening}{''.join(shown)}</tr>")


def _shown(value: object) -> object:
    return MISSING if value is None or value is pd.NA or value == "" or value != value else value
