"""What a sweep varies: lists, ranges with steps, named scenarios. Checked without making the cases."""

import decimal
import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import BeforeValidator, ConfigDict, Field, create_model

from analysis.inputs import estimates, settings
from analysis.inputs.errors import InputError, shown, unknown
from analysis.inputs.reading import checked
from analysis.inputs.settings import SETTINGS
from analysis.inputs.tables import Tables

SCENARIO = "scenario"
WORDS = (SCENARIO, "burn_basis", "start_month", "target_month")
NOT_VARIED = ("draws", "seed")
SAME = {"share", "ratio", "probability", "multiple"}  # count as one word, that of a number without a unit

_NUMBER = Annotated[float, BeforeValidator(functools.partial(estimates.number, ""))]
Range = create_model(
    "Range",
    __config__=ConfigDict(extra="forbid"),
    **{name: (_NUMBER, Field(description="a number")) for name in ("from", "to")},
    step=(_NUMBER, Field(gt=0, description="a step above 0")),
)


@dataclass(frozen=True)
class Axis:
    """One thing that varies. `column`: its name in the table, with the unit; `values`: of a grid, else ()."""

    name: str
    column: str
    label: str
    unit: str
    values: tuple[float | int | str, ...] = ()


def column(name: str, unit: str) -> str:
    """Return the name of a column: the unit follows a name that neither ends in it nor has a word of it."""
    words, wanted = (set(text.split("_")) - {"per"} for text in (name, unit))
    if not unit or name.endswith(unit) or words & wanted or (words & SAME and wanted & SAME):
        return name
    return f"{name}_{unit}"


def axis(name: str, tables: Tables, values: Sequence = ()) -> Axis:
    """Return the axis of an input, a setting or `scenario`; InputError for a name that is none of them."""
    others = [SCENARIO, *(each for each in SETTINGS if each not in NOT_VARIED)]
    if name in others:
        unit = "months" if name == "horizon_months" else ""
        return Axis(name, name, name.replace("_", " ").capitalize(), unit, tuple(values))
    if name not in tables.assumptions.index:
        raise unknown("axis", name, [*others, *tables.assumptions.index])
    row = tables.assumptions.loc[name]
    return Axis(name, column(name, row["unit"]), row["label"], row["unit"], tuple(values))


def values(name: str, given: object, most: int) -> tuple[float | int | str, ...]:
    """Return an axis's values from a list or {from, to, step}, both ends included; at most `most` of them."""
    if isinstance(given, dict):
        given = _range(name, given, most)
    if not isinstance(given, list):
        raise InputError(f"{name}: a list or {{from: …, to: …, step: …}} is expected; given {shown(given)}")
    if not given:
        raise InputError(f"{name}: the axis is empty; at least one value is expected")
    return tuple(dict.fromkeys(_value(name, value) for value in given))


def _value(name: str, value: object) -> float | int | str:
    if name in SETTINGS:
        return settings.parse({name: value})[name]
    if name == SCENARIO:
        if not isinstance(value, str):
            raise InputError(f"{name}: the name of one is expected; given {shown(value)}")
        return value.strip()
    if isinstance(value, list | dict) or (isinstance(value, str) and "," in value):
        expected = "an axis takes single values, which make the input certain"
        raise InputError(f"{name}: {expected}; given {shown(value)}")
    return estimates.number(name, value)


def _range(name: str, given: dict, most: int) -> list[float]:
    if name in WORDS:
        raise InputError(f"{name}: a list is expected, words have no steps; given {shown(given)}")
    ends = vars(checked(Range, given, name)).values()
    start, end, step = (decimal.Decimal(repr(each)) for each in ends)  # 0.1 + 2 · 0.1 is to be 0.3
    if end < start:
        raise InputError(f"{name}: from must not exceed to; given {shown(given)}")
    steps = (end - start) / step
    if steps >= most:
        allowed = f"at most {most:,} values are expected (--max-cases)"
        raise InputError(f"{name}: {allowed}; given {shown(given)}")
    if steps != int(steps):
        last = start + int(steps) * step
        near = f"the nearest ends are {last.normalize():f} and {(last + step).normalize():f}"
        raise InputError(f"{name}: no whole number of steps leads to {end.normalize():f}; {near}")
    return [float(start + number * step) for number in range(int(steps) + 1)]
