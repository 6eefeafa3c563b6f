"""How many digits the page's amounts have: one rule for text, tables and chart labels."""

import pandas as pd

from analysis.model.costs import LINES
from analysis.pages.cost_breakdown.measures import HARDWARE
from analysis.show import numbers


def of_parts(amounts: pd.Series) -> dict[str, int]:
    """Return part -> digits: two, but for chips, running costs and the sums as many as let them add up.

    `amounts`: usd_m by part, the nine lines and `unplaced`; a part that is missing counts as 0.
    """
    amounts = amounts.fillna(0.0)
    hardware, unplaced = (float(amounts.get(name, 0.0)) for name in (HARDWARE, "unplaced"))
    placed = float(amounts[amounts.index.isin(LINES)].sum())
    running, whole = placed - hardware, placed + unplaced
    place = numbers.adding_up((whole, placed, unplaced), (placed, hardware, running))
    sums = {HARDWARE: hardware, "running": running, "placed": placed, "unplaced": unplaced}
    sums |= {"claim": whole, "spending": whole}
    return dict.fromkeys(amounts.index, 2) | {
        name: numbers.digits_to(value, place) for name, value in sums.items()
    }


def of_figures(amounts: pd.Series) -> list[int]:
    """Return the digits of figures beside each other: all to the place of the largest one's third digit."""
    place = numbers.last_place(amounts.fillna(0.0).max(), 3)
    return [numbers.digits_to(value, place) for value in amounts]
