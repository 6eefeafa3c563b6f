"""The inputs that differ, beside each other: those that matter first in sight, the rest folded."""

from markupsafe import Markup

from analysis.show import inputs, template, text
from analysis.show.page import LEADING, Page


def table(page: Page) -> Markup:
    """Return the inputs and settings that are not alike in every case of the page, with markers; ""
    without any.
    """
    rows = [_row(page, name) for name in page.measures.inputs]
    if not rows:
        return Markup("")
    return template.render(
        "scenario_comparison/inputs.html.j2",
        caption=page.text.words("caption_inputs"),
        labels=text.labels(page.spec.stem),
        titles=list(page.measures.titles.values()),
        leading=rows[:LEADING],
        rest=rows[LEADING:],
    )


def _row(page: Page, name: str) -> dict[str, object]:
    """Return label, marker and what each case has, as (value, range); ("", "") where that is what the
    baseline has.
    """
    baseline, values = page.measures.baseline, page.measures.inputs[name]
    found = {case: inputs.written(values[case]) for case in page.measures.titles}
    cells = [
        ("", "") if case != baseline and each == found[baseline] else each for case, each in found.items()
    ]
    known = [name] if name in page.tables.assumptions.index else []
    return {"label": inputs.label(name, page.tables), "marker": page.markers.links(known), "cells": cells}
