"""A sweep file to a frozen, checked spec: what is varied, how, and what is kept. Nothing is run here.

title, base, set, draws, seed, metrics, and either axes (a grid, the last axis fastest) or sobol (points over
the inputs' own ranges). An unknown key is refused with the nearest right one.
"""

import itertools
import math
import pathlib
from collections.abc import Mapping
from dataclasses import dataclass

from analysis.inputs import estimates
from analysis.inputs.errors import InputError, shown, unknown
from analysis.inputs.parameters import BASE, SETTINGS, Case, change, resolve
from analysis.inputs.reading import read_yaml
from analysis.inputs.tables import Tables
from analysis.sweep import axes as axis_of
from analysis.sweep.axes import SCENARIO, Axis
from analysis.sweep.metrics import KEPT, PORTFOLIO_METRIC

KEYS = ("title", "base", "set", "draws", "seed", "axes", "sobol", "metrics")
SOBOL_KEYS = ("points", "inputs", "seed")
DRAWS = 1024
MOST_CASES = 100_000
MOST_TITLE = 100
DEFAULT_METRICS = (
    "runway_months",
    "cash_out_probability_12m",
    "funding_need_usd_m",
    "break_even_month",
    PORTFOLIO_METRIC,
)
TOGETHER = ("start_month", "target_month")  # months that are possible alone and may be impossible together


@dataclass(frozen=True)
class Spec:
    """What is swept. `bases`: scenario -> its case with `settings`, draws and seed; `points`,
    `points_seed`: of Sobol points.

    `settings`: fixed overrides as given. A grid has `axes` with values and no points.
    """

    title: str
    kind: str
    base: str
    settings: dict[str, str]
    draws: int
    seed: int
    axes: tuple[Axis, ...]
    metrics: tuple[str, ...]
    bases: dict[str, Case]
    points: int = 0
    points_seed: int = 0

    @property
    def cases(self) -> int:
        """Number of cases."""
        return self.points or math.prod(len(axis.values) for axis in self.axes)

    @property
    def certain(self) -> bool:
        """Whether no case has an uncertain input left, so that each is one run of the model instead of
        `draws`.
        """
        varied = {axis.name for axis in self.axes}
        alike = not varied & {SCENARIO, *SETTINGS}
        return alike and all(
            estimate.certain or estimate.name in varied for estimate in self.bases[self.base].estimates
        )


def read(path: pathlib.Path, tables: Tables, draws: str | None = None, most: int = MOST_CASES) -> Spec:
    """Return the spec of a sweep file. `draws`: instead of the file's; `most`: cases that are allowed.

    Raises InputError naming the file, what is wrong, what was given and what is allowed, before anything is
    run.
    """
    content = read_yaml(path)
    try:
        return parse(content if draws is None else content | {"draws": draws}, tables, most, path.stem)
    except InputError as problem:
        raise InputError(f"{path.name}: {problem}") from None


def parse(content: Mapping[str, object], tables: Tables, most: int = MOST_CASES, stem: str = "sweep") -> Spec:
    """Return the spec of a sweep file's content."""
    _known(content, KEYS)
    if ("axes" in content) == ("sobol" in content):
        given = "both" if "axes" in content else "neither"
        raise InputError(
            f"either axes (a grid) or sobol (points over the inputs' ranges) is expected; given {given}"
        )
    fixed = _fixed(content)
    axes, sobol = (
        (_grid(content["axes"], tables, most), {})
        if "axes" in content
        else ((), _sobol(content["sobol"], most))
    )
    scenarios = _scenarios(content, axes)
    numbers = {name: content[name] for name in ("draws", "seed") if name in content}
    bases = {name: resolve(tables, name, {"draws": DRAWS} | fixed | numbers) for name in scenarios}
    first = bases[scenarios[0]]
    spec = Spec(
        title=_title(content, stem),
        kind="grid" if axes else "sobol",
        base=scenarios[0],
        settings={name: first.changed[name] for name in fixed},
        draws=first.settings.draws,
        seed=first.settings.seed,
        axes=axes or _inputs(sobol.get("inputs"), first, tables),
        metrics=_metrics(content.get("metrics", list(DEFAULT_METRICS))),
        bases=bases,
        points=sobol.get("points", 0),
        points_seed=sobol.get("seed", first.settings.seed),
    )
    _check(spec, most)
    return spec


def _known(content: Mapping, keys: tuple[str, ...], where: str = "") -> None:
    for key in content:
        if key not in keys:
            raise InputError(f"{where}{unknown('key', key, keys)}")


def _mapping(name: str, value: object) -> dict:
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise InputError(f"{name}: a mapping of names to values is expected; given {shown(value)}")
    return value


def _title(content: Mapping, stem: str) -> str:
    title = content.get("title", stem.replace("_", " ").replace("-", " ").strip().capitalize() or "Sweep")
    if not isinstance(title, str) or not title.strip() or len(title) > MOST_TITLE or not title.isprintable():
        raise InputError(
            f"title: a line of text of at most {MOST_TITLE} characters is expected; given {shown(title)}"
        )
    return title.strip()


def _fixed(content: Mapping) -> dict:
    fixed = _mapping("set", content.get("set", {}))
    for name, value in fixed.items():
        if name in axis_of.NOT_VARIED:
            raise InputError(f"set: {name} is a key of its own in a sweep file, not one of set")
        if value is None:
            raise InputError(f"set, {name}: a value is expected; given nothing")
    return fixed


def _scenarios(content: Mapping, axes: tuple[Axis, ...]) -> tuple[str, ...]:
    named = next((axis.values for axis in axes if axis.name == SCENARIO), None)
    if named and "base" in content:
        raise InputError(f"base and the axis {SCENARIO} overlap: name the scenarios in one of the two")
    return named or (content.get("base", BASE),)


def _grid(given: object, tables: Tables, most: int) -> tuple[Axis, ...]:
    given = _mapping("axes", given)
    if not given:
        raise InputError("axes: at least one axis is expected; given none")
    for name in given:
        if name in axis_of.NOT_VARIED:
            raise InputError(
                f"axes: {name} cannot be an axis; it is a key of its own and the same for all cases"
            )
    try:
        return tuple(
            axis_of.axis(name, tables, axis_of.values(name, each, most))
            for name, each in _named(given, tables)
        )
    except InputError as problem:
        raise InputError(f"axes: {problem}") from None


def _named(given: dict, tables: Tables) -> list[tuple[str, object]]:
    for name in given:
        axis_of.axis(name, tables)  # names before values: a misspelt name is the likelier mistake
    return list(given.items())


def _sobol(given: object, most: int) -> dict:
    given = _mapping("sobol", given)
    _known(given, SOBOL_KEYS, "sobol: ")
    if "points" not in given:
        raise InputError("sobol: points is missing, the number of cases, a power of two")
    points = _whole("sobol, points", given["points"], 1, 2**30)
    if points.bit_count() != 1:
        below = 2 ** (points.bit_length() - 1)
        raise InputError(
            f"sobol, points: a power of two is expected; given {points}. Nearest: {below}, {2 * below}."
        )
    if points > most:
        raise InputError(_too_many(points, most))
    seed = {"seed": _whole("sobol, seed", given["seed"], 0, 2**63 - 1)} if "seed" in given else {}
    return {"points": points, "inputs": given.get("inputs")} | seed


def _whole(name: str, value: object, low: int, high: int) -> int:
    number = estimates.number(name, value)
    if number != int(number) or not low <= number <= high:
        raise InputError(f"{name}: a whole number from {low} to {high} is expected; given {shown(value)}")
    return int(value) if isinstance(value, int) else int(number)


def _inputs(given: object, case: Case, tables: Tables) -> tuple[Axis, ...]:
    if given is None:
        given = [estimate.name for estimate in case.estimates if not estimate.certain]
    _names("sobol, inputs", given)
    for name in given:
        if name not in tables.assumptions.index:
            raise InputError(f"sobol, inputs: {unknown('assumption', name, tables.assumptions.index)}")
        if case[name].certain:
            how = "set" if name in case.changed else f"certain in {case.scenario}"
            raise InputError(
                f"sobol, inputs: {name} is {how} ({case[name].central:g}), it has no range to take from"
            )
    return tuple(axis_of.axis(name, tables) for name in given)


def _metrics(given: object) -> tuple[str, ...]:
    _names("metrics", given)
    for name in given:
        if name not in KEPT and name != PORTFOLIO_METRIC:
            raise unknown("metric", name, [*KEPT, PORTFOLIO_METRIC])
    return tuple(given)


def _names(where: str, given: object) -> None:
    if not isinstance(given, list) or not given or not all(isinstance(name, str) for name in given):
        raise InputError(f"{where}: a list of names is expected; given {shown(given)}")
    for name in given:
        if given.count(name) > 1:
            raise InputError(f"{where}: {name} is given twice")


def _check(spec: Spec, most: int) -> None:
    if spec.cases > most:
        sizes = " × ".join(f"{len(axis.values):,}" for axis in spec.axes)
        raise InputError(_too_many(spec.cases, most, f" ({sizes})"))
    for axis in spec.axes:
        if axis.name in spec.settings:
            raise InputError(f"{axis.name}: set and the axes overlap; name it in one of the two")
    base = spec.bases[spec.base]
    for axis in spec.axes:
        for value in axis.values if axis.name not in (SCENARIO, *TOGETHER) else ():
            change(base, {axis.name: value})
    _check_together([axis for axis in spec.axes if axis.name in TOGETHER], spec)


def _check_together(axes: list[Axis], spec: Spec) -> None:
    for chosen in itertools.product(*(axis.values for axis in axes)) if axes else ():
        for base in spec.bases.values():
            change(base, dict(zip((axis.name for axis in axes), chosen, strict=True)))


def _too_many(cases: int, most: int, sizes: str = "") -> str:
    return f"{cases:,} cases{sizes} are more than the {most:,} allowed; take fewer, or raise --max-cases"
