"""The inputs that differ, beside each other: those that matter first in sight, the rest folded."""

from markupsafe import Markup

from analysis.show import inputs, template, text
from analysis.show.page import LEADING, Page


def table(page: Page) -> Markup:
    """Return the inputs and settings that are not alike in every case, with markers; "" without any."""
    rows, titles = [_row(page, name) for name in page.measures.inputs], list(page.measures.titles.values())
    if not rows:
        return Markup("")
    return template.render(
        "scenario_comparison/inputs.html.j2", caption=page.text.words("caption_inputs"), titles=titles,
        labels=text.labels(page.spec.stem), leading=rows[:LEADING], rest=rows[LEADING:],
    )  # fmt: skip


def _row(page: Page, name: str) -> dict[str, object]:
    """Return label, marker and of each case (value, range); ("", "") where it is what the baseline has."""
    first, *others = (inputs.written(page.measures.inputs[name][case]) for case in page.measures.titles)
    known = [name] if name in page.tables.assumptions.index else []
    cells = [first, *(("", "") if each == first else each for each in others)]
    return {"label": inputs.label(name, page.tables), "marker": page.markers.links(known), "cells": cells}
