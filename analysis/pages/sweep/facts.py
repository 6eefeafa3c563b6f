"""The numbers that the text of the page on a sweep names, and which way it turns."""

import numpy as np

from analysis.pages.sweep.measures import Measures
from analysis.results.metrics import METRICS
from analysis.show import evidence, numbers
from analysis.show.quantity import Quantity
from analysis.show.text import mix_name, shared
from analysis.sweep.axes import Axis

EXPLAINS, STEADY = 0.005, 0.999  # shares of the answer's order: the least spoken of, and all of it


def facts(measures: Measures) -> dict[str, object]:
    """Return name -> Quantity, or a number or word by which a sentence turns."""
    sweep, metric, values = measures.sweep, METRICS[measures.metric], measures.values.to_numpy()
    known = values[np.isfinite(values)]
    return {
        "title": sweep.title, "cases": sweep.cases, "simulations": sweep.draws, "grid": measures.grid,
        "points": sweep.kind == "sobol", "axes": [_label(axis) for axis in measures.axes],
        "shown": [_label(axis) for axis in measures.shown],
        "fixed": ", ".join(f"{name} = {value}" for name, value in sweep.settings.items()),
        "metric": metric.label, "is_chance": measures.is_chance,
        "lowest": _answer(measures, "lowest", known.min(initial=np.inf)),
        "highest": _answer(measures, "highest", known.max(initial=-np.inf)),
        "never": int(np.isinf(values).sum()), "unknown": int(np.isnan(values).sum()),
        "threshold": measures.threshold and _answer(measures, "threshold", measures.threshold),
        "above": int((values >= (measures.threshold or 0)).sum()), "switches": _switches(measures),
        **_influence(measures), **_options(measures), "notable": _notable(measures),
    }  # fmt: skip


def _answer(measures: Measures, name: str, value: float) -> Quantity:
    metric, finite = METRICS[measures.metric], float(value) if np.isfinite(value) else None
    return Quantity(finite, metric.formatter, metric.rests_on[:3], f"sweep.{name}", digits=metric.digits)


def _label(axis: Axis) -> str:
    return shared()["words"]["settings"].get(axis.name, axis.label)


def _written(axis: Axis, value: object, entered: bool = True) -> str:
    """Return a value of an axis with its unit, rounded if it was drawn; a word or a month for readers."""
    if isinstance(value, str):
        return evidence.written(value)[0]
    return numbers.as_entered(value if entered else float(numbers.significant(value, 3)), axis.unit)


def _switches(measures: Measures) -> dict[str, str] | None:
    """Return between which values of an axis the answer passes its threshold, None where it never does."""
    points = measures.switch_points
    if not measures.grid or points.empty:
        return None
    axis, low, high = measures.numeric[0], points["low"].min(), points["high"].max()
    return {"axis": _label(axis), "low": _written(axis, low), "high": _written(axis, high)}


def _influence(measures: Measures) -> dict[str, object]:
    """Return the inputs that lead and what the first explains; of one that alone decides, which way."""
    spoken = measures.influence[measures.influence["share"] >= EXPLAINS]
    steady = len(measures.axes) == 1 and len(spoken) == 1 and spoken["share"][0] > STEADY
    ways = {1.0: "rises", -1.0: "falls"}
    return {
        "leading": spoken["label"].head(2).tolist(),
        "explained": Quantity(float(spoken["share"].head(1).sum()), "percent", id="sweep.explained"),
        "direction": ways[np.sign(spoken["correlation"][0])] if steady else "",
    }


def _options(measures: Measures) -> dict[str, object]:
    options = measures.options
    first = options[options["cases"] == options["cases"].max()]
    clear, names = int(first["clear"].sum()), [mix_name(mix, True) for mix in first["mix"]]
    return {"best": names, "best_cases": int(first["cases"].head(1).sum()), "best_clear": clear}


def _notable(measures: Measures) -> list[dict[str, object]]:
    found = measures.cases.to_dict("records")
    for case in found:
        values = [(axis, measures.sweep.frame[axis.column].iloc[case["case"]]) for axis in measures.named]
        case["inputs"] = [(_label(axis), _written(axis, value, measures.grid)) for axis, value in values]
        case["answer"] = _answer(measures, f"case.{case['case']}", case["value"])
    return found
