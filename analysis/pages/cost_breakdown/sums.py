"""How the amounts of a month are written so that they add up: one rule for text, tables and chart labels."""

import pandas as pd

from analysis.model.costs import LINES
from analysis.show import numbers

HARDWARE = "hardware_purchases"


def written(amounts: pd.Series) -> dict[str, tuple[float, int]]:
    """Return part -> amount and digits: two for a line, at most three for sums, so that they add up.

    `amounts`: usd_m by part, the nine lines and `unplaced`. Where three digits are too few, `placed` and
    `running` (all lines but chips) are what the other amounts leave as they are written.
    """
    amounts = amounts.fillna(0.0)
    chips, unplaced = (float(amounts.get(name, 0.0)) for name in (HARDWARE, "unplaced"))
    placed = float(amounts[amounts.index.isin(LINES)].sum())
    whole, running = placed + unplaced, placed - chips
    place = numbers.adding_up((whole, placed, unplaced), (placed, chips, running))
    place = max(place, numbers.last_place(max(chips, running, abs(unplaced)), 3))
    left = numbers.round_half_up(whole, place) - numbers.round_half_up(unplaced, place)
    sums = {HARDWARE: chips, "unplaced": unplaced, "claim": whole, "spending": whole}
    sums |= {"placed": float(left), "running": max(0.0, float(left - numbers.round_half_up(chips, place)))}
    return {name: (amount, 2) for name, amount in amounts.items()} | {
        name: (amount, numbers.digits_to(amount, place)) for name, amount in sums.items()
    }
