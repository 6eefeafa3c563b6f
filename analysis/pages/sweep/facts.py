"""The numbers that the text of the page on a sweep names, and which way it turns."""

from collections.abc import Mapping

import numpy as np

from analysis.pages.sweep.measures import Measures
from analysis.results.metrics import METRICS
from analysis.show import inputs, numbers
from analysis.show.quantity import Quantity, derived
from analysis.show.text import mix_name, shared
from analysis.sweep.axes import Axis

EXPLAINS = 0.005  # the least share of the answer's order that is spoken of


def facts(measures: Measures) -> dict[str, object]:
    """Return name -> Quantity, or a number or word by which a sentence turns."""
    sweep, metric, values = measures.sweep, METRICS[measures.metric], measures.values.to_numpy()
    known = values[np.isfinite(values)]

    def quantity(name: str, value: float | None) -> Quantity:
        return derived(value, metric.formatter, metric.rests_on[:3], f"sweep.{name}", digits=metric.digits)

    ends = (float(known.min()), float(known.max())) if len(known) else (None, None)
    return {
        "title": sweep.title,
        "cases": sweep.cases,
        "simulations": sweep.draws,
        "grid": measures.grid,
        "points": sweep.kind == "sobol",
        "axes": [_label(axis) for axis in measures.axes],
        "shown": [_label(axis) for axis in measures.shown],
        "fixed": ", ".join(f"{name} = {value}" for name, value in sweep.settings.items()),
        "metric": metric.label,
        "is_chance": metric.measure is None,
        "lowest": quantity("lowest", ends[0]),
        "highest": quantity("highest", ends[1]),
        "never": int(np.isinf(values).sum()),
        "unknown": int(np.isnan(values).sum()),
        "threshold": None if measures.threshold is None else quantity("threshold", measures.threshold),
        "above": measures.above,
        "switches": _switches(measures),
        **_influence(measures),
        **_options(measures),
        "notable": _notable(measures, metric.formatter),
    }


def findings(facts: Mapping[str, object]) -> list[str]:
    """Return the names of the findings, in order."""
    moved = facts["lowest"].value != facts["highest"].value or 0 < facts["never"] < facts["cases"]
    found = [] if moved else ["unmoved"]
    found += ["never"] if 0 < facts["never"] < facts["cases"] else []
    found += ["unknown"] if facts["unknown"] else []
    found += ["leading"] if moved and facts["leading"] else []
    found += ["direction"] if moved and facts["direction"] else []
    found += ["switch"] if moved and facts["threshold"] is not None else []
    return [*found, "options"] if facts["best"] else found


def _label(axis: Axis) -> str:
    return shared()["words"]["settings"].get(axis.name, axis.label)


def _written(axis: Axis, value: object) -> str:
    """Return a value of an axis with its unit, unrounded; a word or a month as readers write it."""
    return inputs.written(value)[0] if isinstance(value, str) else numbers.as_entered(value, axis.unit)


def _switches(measures: Measures) -> dict[str, str] | None:
    """Return between which values of an axis the answer passes its threshold, None where it never does."""
    if not measures.grid or not len(measures.switch_points):
        return None
    points = measures.switch_points
    axis = next(axis for axis in measures.axes if axis.column not in points)
    ends = {"low": points["low"].min(), "high": points["high"].max()}
    return {"axis": _label(axis)} | {name: _written(axis, value) for name, value in ends.items()}


def _influence(measures: Measures) -> dict[str, object]:
    """Return the inputs that lead, what the first explains, and the direction where one axis alone moves
    the answer.
    """
    table = measures.influence
    spoken = table[table["share"] >= EXPLAINS]
    alone = len(measures.axes) == 1 and len(spoken) == 1
    ordered = measures.values[measures.sweep.frame[measures.axes[0].column].argsort()] if alone else None
    steady = alone and (ordered.is_monotonic_increasing or ordered.is_monotonic_decreasing)
    return {
        "leading": [] if alone else spoken["label"].head(2).tolist(),
        "explained": derived(float(table["share"].head(1).sum()), "percent", (), "sweep.explained"),
        "direction": ("rises" if ordered.is_monotonic_increasing else "falls") if steady else "",
    }


def _options(measures: Measures) -> dict[str, object]:
    options = measures.options
    if not len(options):
        return {"best": [], "best_cases": 0, "best_clear": 0}
    first = options[options["cases"] == options["cases"].iloc[0]]
    return {
        "best": [mix_name(mix, True) for mix in first["mix"]],
        "best_cases": int(first["cases"].iloc[0]),
        "best_clear": int(first["clear"].sum()),
    }


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _notable(measures: Measures, formatter: str) -> list[dict[str, object]]:
    frame = measures.sweep.frame
    return [
        {
            "case": int(row.case),
            "inputs": [
                (_label(axis), _written(axis, frame[axis.column].iloc[row.case])) for axis in measures.named
            ],
            "answer": derived(_finite(row.value), formatter, (), f"case.{row.case}"),
            "command": row.command,
            "href": measures.reports.get(int(row.case), ""),
        }
        for row in measures.cases.itertuples()
    ]
