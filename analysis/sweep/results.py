"""A finished sweep read back: its table and what sweep.json says about it, checked like any other input."""

import json
import pathlib
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from analysis import __version__
from analysis.inputs.errors import InputError, shown
from analysis.sweep.axes import Axis
from analysis.sweep.metrics import columns
from analysis.sweep.spec import Spec
from analysis.sweep.store import TABLE

FILE = "sweep.json"
_TYPES = {
    "title": str, "kind": str, "base": str, "settings": dict, "draws": int, "seed": int, "points_seed": int,
    "axes": list, "metrics": list, "cases": int, "version": str, "command": str,
}  # fmt: skip


@dataclass(frozen=True)
class Sweep:
    """A finished sweep. `kind`: grid or sobol; `settings`: fixed overrides as given; `frame`: a row per
    case, in order.

    nan in a metric's column means "never within the horizon". `command` makes the sweep again.
    """

    folder: pathlib.Path
    title: str
    kind: str
    base: str
    settings: dict[str, str]
    draws: int
    seed: int
    axes: tuple[Axis, ...]
    metrics: tuple[str, ...]
    cases: int
    command: str
    frame: pd.DataFrame


def describe(spec: Spec, command: str) -> dict:
    """Return what sweep.json holds: all that the table does not say. No time, no path of a machine."""
    return {
        "title": spec.title,
        "kind": spec.kind,
        "base": spec.base,
        "settings": spec.settings,
        "draws": spec.draws,
        "seed": spec.seed,
        "points_seed": spec.points_seed,
        "axes": [vars(axis) | {"values": list(axis.values)} for axis in spec.axes],
        "metrics": list(spec.metrics),
        "cases": spec.cases,
        "version": __version__,
        "command": command,
    }


def read(folder: pathlib.Path) -> Sweep:
    """Return the sweep in `folder`. Raises InputError for one that is missing, damaged or of another
    version.
    """
    content = _content(folder)
    axes = tuple(_axis(folder, each) for each in content["axes"])
    metrics = tuple(content["metrics"])
    frame = _frame(folder, axes, metrics, content["cases"])
    kept = {
        name: content[name]
        for name in ("title", "kind", "base", "settings", "draws", "seed", "cases", "command")
    }
    return Sweep(folder=folder, axes=axes, metrics=metrics, frame=frame, **kept)


def _content(folder: pathlib.Path) -> dict:
    try:
        content = json.loads((folder / FILE).read_bytes().decode("utf-8"))
    except OSError as problem:
        where = f"{folder.absolute().name}/{FILE}"  # "." has no name
        raise InputError(f"{where}: {problem.strerror}; run burn-report sweep first") from None
    except (ValueError, RecursionError):
        raise _damaged(folder, FILE, "not complete JSON text") from None
    if not isinstance(content, dict):
        raise _damaged(folder, FILE, "not a mapping")
    for name, kind in _TYPES.items():
        if not isinstance(content.get(name), kind):
            raise _damaged(folder, FILE, f"{name} is missing or not a {kind.__name__}")
    if content["version"] != __version__:
        given = shown(content["version"])
        raise InputError(
            f"{folder.name}/{FILE}: made by version {given}, this is {__version__}; run the sweep again"
        )
    if content["kind"] not in ("grid", "sobol"):
        raise _damaged(folder, FILE, f"kind is {shown(content['kind'])}")
    return content


def _axis(folder: pathlib.Path, content: object) -> Axis:
    texts = ("name", "column", "label", "unit")
    if not isinstance(content, Mapping) or not all(isinstance(content.get(key), str) for key in texts):
        raise _damaged(folder, FILE, f"an axis is {shown(content)}")
    if not isinstance(content.get("values"), list):
        raise _damaged(folder, FILE, f"the values of {content['name']} are missing")
    return Axis(**{key: content[key] for key in texts}, values=tuple(content["values"]))


def _frame(
    folder: pathlib.Path, axes: tuple[Axis, ...], metrics: tuple[str, ...], cases: int
) -> pd.DataFrame:
    try:
        table = pq.read_table(folder / TABLE)
        wanted = [column.name for column in columns(axes, metrics)]
    except OSError as problem:
        raise InputError(
            f"{folder.name}/{TABLE}: {problem.strerror or 'not readable'}; run burn-report sweep first"
        ) from None
    except (pa.ArrowInvalid, KeyError, TypeError) as problem:
        raise _damaged(folder, TABLE, shown(str(problem))) from None
    if table.column_names != wanted:
        odd = next(
            (
                name
                for name in [*wanted, *table.column_names]
                if (name in wanted) != (name in table.column_names)
            ),
            "order",
        )
        raise _damaged(folder, TABLE, f"its columns are not those of {FILE}: {odd}")
    if table["case"].to_pylist() != list(range(cases)):
        raise _damaged(folder, TABLE, f"{cases:,} cases in order are expected")
    return table.to_pandas()


def _damaged(folder: pathlib.Path, name: str, what: str) -> InputError:
    return InputError(f"{folder.name}/{name}: damaged ({what}); run the sweep again")
