"""What a sweep varies: lists, ranges with steps, named scenarios. Checked without making the cases."""

import decimal
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.inputs import estimates
from analysis.inputs.errors import InputError, shown, unknown
from analysis.inputs.parameters import SETTINGS
from analysis.inputs.tables import Tables

SCENARIO = "scenario"
RANGE_KEYS = ("from", "to", "step")
MOST_SAID = 10**12  # of a number of values: a longer one is no longer read
WORDS = (SCENARIO, "burn_basis", "start_month", "target_month")
NOT_VARIED = ("draws", "seed")
SAME = {"share", "ratio", "probability", "multiple"}  # words for a number without a unit


@dataclass(frozen=True)
class Axis:
    """One thing that varies. `column`: its name in the table, with the unit; `values`: of a grid, else ()."""

    name: str
    column: str
    label: str
    unit: str
    values: tuple[float | int | str, ...] = ()


def column(name: str, unit: str) -> str:
    """Return the name of a column: the unit follows a name that neither ends in it nor has one of its words.

    share, ratio, probability and multiple count as one word; "per" counts as none.
    """
    words, wanted = (set(text.split("_")) - {"per"} for text in (name, unit))
    if not unit or name.endswith(unit) or words & wanted or (words & SAME and wanted & SAME):
        return name
    return f"{name}_{unit}"


def axis(name: str, tables: Tables, values: Sequence = ()) -> Axis:
    """Return the axis of an input, a setting or `scenario`; InputError for a name that is none of them."""
    settings = [each for each in SETTINGS if each not in NOT_VARIED]
    if name == SCENARIO or name in settings:
        unit = "months" if name == "horizon_months" else ""
        return Axis(name, name, name.replace("_", " ").capitalize(), unit, tuple(values))
    if name not in tables.assumptions.index:
        raise unknown("axis", name, [SCENARIO, *settings, *tables.assumptions.index])
    row = tables.assumptions.loc[name]
    return Axis(name, column(name, row["unit"]), row["label"], row["unit"], tuple(values))


def values(name: str, given: object, most: int) -> tuple[float | int | str, ...]:
    """Return an axis's values from a list or {from, to, step}, both ends included; at most `most` of them."""
    if isinstance(given, dict):
        given = _range(name, given, most)
    if not isinstance(given, list):
        raise InputError(f"{name}: a list or {{from: …, to: …, step: …}} is expected; given {shown(given)}")
    found = tuple(_value(name, value) for value in given)
    if not found:
        raise InputError(f"{name}: the axis is empty; at least one value is expected")
    for place, value in enumerate(found):
        if value in found[:place]:
            raise InputError(f"{name}: {shown(value)} is given twice")
    return found


def _value(name: str, value: object) -> float | int | str:
    if name in WORDS:
        if not isinstance(value, str):
            raise InputError(f"{name}: a text is expected; given {shown(value)}")
        return value.strip()
    if isinstance(value, list | dict) or (isinstance(value, str) and "," in value):
        expected = "an axis takes single values, which make the input certain"
        raise InputError(f"{name}: {expected}; given {shown(value)}")
    number = estimates.number(name, value)
    if name != "horizon_months":
        return number
    if number != int(number):
        raise InputError(f"{name}: a whole number is expected; given {shown(value)}")
    return int(number)


def _range(name: str, given: dict, most: int) -> list[float]:
    for key in given:
        if key not in RANGE_KEYS:
            raise InputError(f"{name}: {unknown('key', key, RANGE_KEYS)}")
    missing = [key for key in RANGE_KEYS if key not in given]
    if missing:
        raise InputError(f"{name}: a range needs from, to and step; {' and '.join(missing)} is missing")
    if name in WORDS:
        raise InputError(f"{name}: a list is expected, words have no steps; given {shown(given)}")
    ends = [estimates.number(f"{name}, {key}", given[key]) for key in RANGE_KEYS]
    start, end, step = (decimal.Decimal(repr(each)) for each in ends)  # 0.1 + 2 · 0.1 is to be 0.3
    if step <= 0:
        raise InputError(f"{name}: a step above 0 is expected; given {shown(given['step'])}")
    if end < start:
        both = f"{shown(given['from'])} and {shown(given['to'])}"
        raise InputError(f"{name}: from must not exceed to; given {both}")
    steps = (end - start) / step
    if steps >= most:
        found = f"{int(steps) + 1:,}" if steps < MOST_SAID else f"over {MOST_SAID:,}"
        allowed = f"the {most:,} allowed (--max-cases)"
        raise InputError(f"{name}: the range has {found} values, more than {allowed}")
    if steps != int(steps):
        last = start + int(steps) * step
        near = f"the nearest ends are {last.normalize():f} and {(last + step).normalize():f}"
        raise InputError(f"{name}: no whole number of steps leads to {end.normalize():f}; {near}")
    return [float(start + number * step) for number in range(int(steps) + 1)]
