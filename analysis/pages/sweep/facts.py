"""The numbers that the text of the page on a sweep names, and which way it turns."""

from collections.abc import Mapping

import numpy as np

from analysis.pages.sweep.measures import Measures
from analysis.results.metrics import METRICS
from analysis.show.quantity import Quantity, derived
from analysis.show.text import mix_name


def facts(measures: Measures) -> dict[str, object]:
    """Return name -> Quantity, or a number or word by which a sentence turns."""
    sweep, metric = measures.sweep, METRICS[measures.metric]
    values = sweep.frame[measures.column].to_numpy(float)
    known = values[np.isfinite(values)]

    def quantity(name: str, value: float | None) -> Quantity:
        return derived(value, metric.formatter, metric.rests_on[:3], f"sweep.{name}", digits=metric.digits)

    ends = (float(known.min()), float(known.max())) if len(known) else (None, None)
    return {
        "title": sweep.title,
        "cases": sweep.cases,
        "simulations": sweep.draws,
        "grid": measures.grid,
        "axes": [axis.label for axis in measures.axes],
        "fixed": ", ".join(f"{name} = {value}" for name, value in sweep.settings.items()),
        "metric": metric.label,
        "lowest": quantity("lowest", ends[0]),
        "highest": quantity("highest", ends[1]),
        "never": int((~np.isfinite(values)).sum()),
        "threshold": None if measures.threshold is None else quantity("threshold", measures.threshold),
        "above": derived(measures.above, "percent", (), "sweep.above"),
        "switches": _switches(measures),
        "leading": [] if not len(measures.influence) else measures.influence["label"].head(2).tolist(),
        "explained": derived(
            float(measures.influence["share"].head(1).sum()), "percent", (), "sweep.explained"
        ),
        **_options(measures),
        "notable": _notable(measures, metric.formatter),
    }


def findings(facts: Mapping[str, object]) -> list[str]:
    """Return the names of the findings, in order."""
    found = ["never"] if facts["never"] else []
    found += ["leading"] if facts["leading"] else []
    found += ["switch"] if facts["threshold"] is not None else []
    return [*found, "options"] if facts["best"] else found


def _switches(measures: Measures) -> dict[str, object] | None:
    """Return between which values of the first axis the answer passes its threshold, None where it never does."""
    if not measures.grid or not len(measures.switch_points):
        return None
    points, axis = measures.switch_points, measures.axes[0]
    return {
        "axis": axis.label,
        "low": derived(float(points["low"].min()), "plain", (axis.name,), "switch.low", digits=3),
        "high": derived(float(points["high"].max()), "plain", (axis.name,), "switch.high", digits=3),
    }


def _options(measures: Measures) -> dict[str, object]:
    options = measures.options
    if not len(options):
        return {"best": [], "best_cases": 0, "best_clear": 0}
    first = options[options["cases"] == options["cases"].iloc[0]]
    return {
        "best": [mix_name(mix, True) for mix in first["mix"]],
        "best_cases": int(first["cases"].iloc[0]),
        "best_clear": int(first["clear"].max()),
    }


def _notable(measures: Measures, formatter: str) -> list[dict[str, object]]:
    return [
        {
            "case": int(row.case),
            "inputs": row.inputs,
            "answer": derived(None if np.isnan(row.value) else row.value, formatter, (), f"case.{row.case}"),
            "command": row.command,
            "href": measures.reports.get(int(row.case), ""),
        }
        for row in measures.cases.itertuples()
    ]
