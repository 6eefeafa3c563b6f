"""The comparison's tables. Cells of a column end at the same place, so that its differences can be checked
by eye.
"""

import pandas as pd

from analysis.pages.scenario_comparison.facts import quantities
from analysis.pages.scenario_comparison.measures import Measures
from analysis.show import numbers, text
from analysis.show.quantity import Quantity
from analysis.show.table import Column, Table

COMPARED = {"runway_months": "runway_difference", "funding_need_usd_m": "need_difference"}
TABLES = {
    "worlds": Table(
        "worlds",
        {"scenario": Column("title"), "says": Column("says"), "from": Column("start_month", "month_short")}
        | {"claims": Column("refs", "sources")},
    ),
    "headlines": Table(
        "headlines",
        {"scenario": Column("title"), "lasts": Column("runway_months", "written")}
        | {"runway_difference": Column("runway_difference", "written")}
        | {"out_12m": Column("cash_out_probability_12m", "chance")}
        | {"missing": Column("funding_need_usd_m", "money")}
        | {"need_difference": Column("need_difference", "written")}
        | {"break_even": Column("break_even_probability", "chance")},
    ),
    "options": Table(
        "options",
        {"scenario": Column("title"), "left": Column("left", "chance"), "done": Column("done", "chance")}
        | {"lowest": Column("lowest", "chance"), "value": Column("value_usd_m", "money")},
    ),
}


def headlines(measures: Measures) -> pd.DataFrame:
    """Return Measures.headlines with quantities that end at the same place, and differences against the
    baseline.
    """
    frame = measures.headlines.astype(object)
    for name, beside in COMPARED.items():
        found = list(quantities(measures, name).values())
        frame[name] = found
        frame[beside] = ["", *(difference(each, found[0]) for each in found[1:])]
    beyond, ahead = text.labels("scenario_comparison")["not_within"], measures.worlds["horizon_months"]
    frame["runway_months"] = [
        beyond.format(numbers.months(horizon)) if each.never else str(each)
        for each, horizon in zip(frame["runway_months"], ahead, strict=True)
    ]
    return frame


def difference(here: Quantity, before: Quantity) -> str:
    """Return how much `here` is more or less than `before`, at the place where both end."""
    digits = min([each.digits for each in (here, before) if each.value], default=2)
    return numbers.difference(here.value, before.value, here.formatter, digits)
