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
    body = [_row(frame, position, numeric, total and position == len(frame) - 1) for position in range(len(frame))]
    return Markup(
        '<div class="scroll" role="region" aria-label="{caption}" tabindex="0"><table class="{css}"><caption>{caption}</caption>'
        "<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    ).format(caption=caption, css=css, head=head, rows=Markup("\n").join(body))


def rows(cells: list[list], columns: list[str]) -> pd.DataFrame:
    """Return a frame of text and Markup cells; object columns keep Markup as it is."""
    return pd.DataFrame(cells, columns=columns, dtype=object)


def _row(frame: pd.DataFrame, position: int, numeric: tuple[str, ...], total: bool) -> Markup:
    cells = [
        Markup('<th scope="row">{}</th>' if column == frame.columns[0] else "<td{}>{}</td>").format(
            *(() if column == frame.columns[0] else (Markup(' class="num"') if column in numeric else "",)),
            _shown(frame[column].iloc[position]),
        )
        for column in frame
    ]
    return Markup("<tr{}>{}</tr>").format(Markup(' class="total"') if total else "", Markup("").join(cells))


def _shown(value: object) -> object:
    return MISSING if value is None or value is pd.NA or value == "" or value != value else value
