"""A sweep file to a checked spec: axes (a grid, the last fastest) or sobol (points over inputs' ranges)."""

import functools
import itertools
import math
import pathlib
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from analysis.inputs import estimates
from analysis.inputs.errors import InputError, unknown, within
from analysis.inputs.parameters import BASE, SETTINGS, Case, change, resolve
from analysis.inputs.reading import checked, read_yaml
from analysis.inputs.scenarios import Line
from analysis.inputs.settings import WHOLE
from analysis.inputs.tables import Tables
from analysis.sweep import axes as axis_of
from analysis.sweep.axes import SCENARIO, Axis
from analysis.sweep.metrics import KEPT, PORTFOLIO_METRIC

DRAWS = 1024
MOST_CASES = 100_000
MOST_POINTS = 2**30
MOST_TITLE = 100
DEFAULT_METRICS = [
    "runway_months", "cash_out_probability_12m", "funding_need_usd_m", "break_even_month", PORTFOLIO_METRIC,
]  # fmt: skip
TOGETHER = ("start_month", "target_month")  # months that are possible alone and may be impossible together


def _whole(low: int, high: int) -> object:
    read = functools.partial(estimates.whole, "", low=low, high=high)
    return Annotated[int, BeforeValidator(read), Field(description=f"a whole number from {low} to {high}")]


Mapped = Annotated[dict[str, object], Field(description="a mapping of names to values")]
Names = Annotated[list[str], Field(min_length=1, description="a list of names")]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class SweepFile(_File):
    """What a sweep file may hold."""

    title: Line = Field("", max_length=MOST_TITLE, description=f"a line of at most {MOST_TITLE} characters")
    base: str = Field(BASE, description="the name of a scenario")
    set: Mapped = {}
    draws: object = DRAWS
    seed: object = None
    axes: Mapped | None = Field(None, description="a mapping of names to values")
    sobol: Mapped | None = Field(None, description="a mapping of names to values")
    metrics: Names = DEFAULT_METRICS


class SobolPoints(_File):
    """How points are taken over the inputs' ranges."""

    points: _whole(1, MOST_POINTS)
    inputs: Names | None = Field(None, description="a list of names")
    seed: _whole(*WHOLE["seed"]) = None


@dataclass(frozen=True, kw_only=True)
class Sweep:
    """What is swept, as sweep.json has it. `settings`: overrides as given; `axes`: of a grid, with values."""

    title: str
    kind: Literal["grid", "sobol"]
    base: str
    settings: dict[str, str]
    draws: int
    seed: int
    points_seed: int
    axes: tuple[Axis, ...]
    metrics: tuple[str, ...]
    cases: int


@dataclass(frozen=True, kw_only=True)
class Spec(Sweep):
    """A checked sweep file. `bases`: scenario -> its case with fixed overrides, draws and seed."""

    bases: dict[str, Case]

    @property
    def certain(self) -> bool:
        """Whether no case has an uncertain input left: each is one run of the model instead of `draws`."""
        varied = {axis.name for axis in self.axes}
        alike = not varied & {SCENARIO, *SETTINGS}
        return alike and all(each.certain or each.name in varied for each in self.bases[self.base].estimates)


def read(path: pathlib.Path, tables: Tables, draws: str | None = None, most: int = MOST_CASES) -> Spec:
    """Return the spec of a sweep file. `draws`: instead of the file's; `most`: cases that are allowed."""
    content = read_yaml(path)
    return parse(content if draws is None else content | {"draws": draws}, tables, most, path.name)


def parse(content: dict, tables: Tables, most: int = MOST_CASES, name: str = "sweep.yaml") -> Spec:
    """Return the spec of the content of a sweep file called `name`."""
    given = checked(SweepFile, content, name)
    with within(f"{name}:"):
        spec = _spec(given, tables, most, pathlib.Path(name).stem)
        _check(spec, most)
    return spec


def _spec(given: SweepFile, tables: Tables, most: int, stem: str) -> Spec:
    if (given.axes is None) == (given.sobol is None):
        said = "neither" if given.axes is None else "both"
        raise InputError(f"either axes (a grid) or sobol (points over ranges) is expected; given {said}")
    _check_names(given)
    axes = () if given.axes is None else _grid(given.axes, tables, most)
    sobol = None if given.sobol is None else _sobol(given.sobol)
    scenarios = next((axis.values for axis in axes if axis.name == SCENARIO), (given.base,))
    if given.axes and SCENARIO in given.axes and "base" in given.model_fields_set:
        raise InputError(f"base and the axis {SCENARIO} overlap: name the scenarios in one of the two")
    chosen = given.set | {"draws": given.draws, "seed": given.seed}
    bases = {scenario: resolve(tables, scenario, chosen) for scenario in scenarios}
    first = bases[scenarios[0]]
    seed = first.settings.seed
    return Spec(
        title=given.title or stem.replace("_", " ").replace("-", " ").strip().capitalize() or "Sweep",
        kind="sobol" if sobol else "grid",
        base=scenarios[0],
        settings={name: first.changed[name] for name in given.set},
        draws=first.settings.draws,
        seed=seed,
        axes=_inputs(sobol.inputs, first, tables) if sobol else axes,
        metrics=tuple(dict.fromkeys(given.metrics)),
        bases=bases,
        cases=sobol.points if sobol else math.prod(len(axis.values) for axis in axes),
        points_seed=seed if sobol is None or sobol.seed is None else sobol.seed,
    )


def _check_names(given: SweepFile) -> None:
    for name, value in given.set.items():
        if name in axis_of.NOT_VARIED:
            raise InputError(f"set: {name} is a key of its own in a sweep file, not one of set")
        if value is None:
            raise InputError(f"set, {name}: a value is expected; given nothing")
        if given.axes and name in given.axes:
            raise InputError(f"{name}: set and the axes overlap; name it in one of the two")
    for name in given.metrics:
        if name not in (*KEPT, PORTFOLIO_METRIC):
            raise unknown("metric", name, [*KEPT, PORTFOLIO_METRIC])


def _grid(given: dict[str, object], tables: Tables, most: int) -> tuple[Axis, ...]:
    if not given:
        raise InputError("axes: at least one axis is expected; given none")
    with within("axes:"):
        for name in given:
            axis_of.axis(name, tables)  # names before values: a misspelt name is the likelier mistake
        values = {name: axis_of.values(name, each, most) for name, each in given.items()}
    return tuple(axis_of.axis(name, tables, each) for name, each in values.items())


def _sobol(given: dict[str, object]) -> SobolPoints:
    found = checked(SobolPoints, given, "sobol")
    if found.points.bit_count() != 1:
        below = 2 ** (found.points.bit_length() - 1)
        near = f"given {found.points}. Nearest: {below}, {2 * below}."
        raise InputError(f"sobol, points: a power of two is expected; {near}")
    return found


def _inputs(given: list[str] | None, case: Case, tables: Tables) -> tuple[Axis, ...]:
    names = dict.fromkeys(given or (each.name for each in case.estimates if not each.certain))
    with within("sobol, inputs:"):
        for estimate in (case[name] for name in names):
            if estimate.certain:
                how = "set" if estimate.origin == "override" else f"certain in {case.scenario}"
                given = f"{estimate.name} is {how} ({estimate.central:g})"
                raise InputError(f"{given}, it has no range to take from")
    return tuple(axis_of.axis(name, tables) for name in names)


def _check(spec: Spec, most: int) -> None:
    """Refuse too many cases, and the first value of an axis that no case can take."""
    if spec.cases > most:
        sizes = " × ".join(f"{len(axis.values):,}" for axis in spec.axes)
        found = f"{spec.cases:,} cases" + (f" ({sizes})" if spec.kind == "grid" else "")
        raise InputError(f"{found} are more than the {most:,} allowed; take fewer, or raise --max-cases")
    base = spec.bases[spec.base]
    for axis in spec.axes:
        for value in axis.values if axis.name not in (SCENARIO, *TOGETHER) else ():
            change(base, {axis.name: value})
    months = {axis.name: axis.values for axis in spec.axes if axis.name in TOGETHER}
    for chosen in itertools.product(*months.values()) if months else ():
        for base in spec.bases.values():
            change(base, dict(zip(months, chosen, strict=True)))
