"""The comparison's tables."""

import pandas as pd
from markupsafe import Markup

from analysis.pages.scenario_comparison.measures import Measures
from analysis.show import evidence, numbers, template, text
from analysis.show.page import LEADING, Page
from analysis.show.table import Column, Table

TABLES = {
    "worlds": Table("worlds", {
        "scenario": Column("title"), "says": Column("says"), "from": Column("start_month", "month_short"),
        "claims": Column("refs", "sources"),
    }),
    "headlines": Table("headlines", {
        "scenario": Column("title"), "ends": Column("ends", "written"), "lasts": Column("lasts", "written"),
        "out_12m": Column("cash_out_probability_12m", "chance"),
        "missing": Column("funding_need_usd_m", "money"), "difference": Column("difference", "written"),
        "break_even": Column("break_even_probability", "chance"),
    }),
    "options": Table("options", {
        "scenario": Column("title"), "left": Column("left", "chance"), "done": Column("done", "chance"),
        "lowest": Column("lowest", "chance"), "value": Column("value_usd_m", "money"),
    }),
}  # fmt: skip


def headlines(measures: Measures) -> pd.DataFrame:
    """Return Measures.headlines with dates and lengths in words, and differences against the baseline."""
    frame, beyond = measures.headlines, text.Labels("scenario_comparison")["not_within"]
    need = frame["funding_need_usd_m"]
    never = frame["horizon_months"].map(numbers.months).map(beyond.format)
    return frame.assign(
        ends=frame["cash_out_month"].map(numbers.month_short, na_action="ignore").fillna("–"),
        lasts=frame["runway_months"].map(numbers.months).where(frame["runway_months"].notna(), never),
        difference=["", *(difference(each, need[0]) for each in need[1:])],
    )


def difference(here: float, before: float) -> str:
    """Return how much more `here` is, taken before rounding, shown as finely as the finer of the two."""
    place = min(numbers.last_place(each, 2) for each in (here, before))
    rounded = float(numbers.round_half_up(here - before, place))
    if not rounded:
        return "no difference"
    return numbers.money(rounded) if rounded < 0 else f"+{numbers.money(rounded)}"


def differing(page: Page) -> Markup:
    """Return the inputs and settings that are not alike in every case, with markers; "" without any."""
    rows, titles = [_row(page, name) for name in page.measures.inputs], list(page.measures.titles.values())
    if not rows:
        return Markup("")
    return template.render(
        "scenario_comparison/inputs.html.j2", caption=page.text.words("caption_inputs"), titles=titles,
        labels=text.Labels(page.spec.stem), leading=rows[:LEADING], rest=rows[LEADING:],
    )  # fmt: skip


def _row(page: Page, name: str) -> dict[str, object]:
    """Return label, marker and of each case (value, range); ("", "") where it is what the baseline has."""
    first, *others = (evidence.written(page.measures.inputs[name][case]) for case in page.measures.titles)
    known = [name] if name in page.tables.assumptions.index else []
    cells = [first, *(("", "") if each == first else each for each in others)]
    return {"label": evidence.label(name, page.tables), "marker": page.markers.links(known), "cells": cells}
