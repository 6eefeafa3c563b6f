"""A finished sweep read back: its table and what sweep.json says about it, checked like any other input."""

import json
import pathlib
from dataclasses import dataclass
from typing import Literal

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import TypeAdapter, ValidationError

from analysis import __version__
from analysis.inputs.errors import InputError, shown
from analysis.results import stored
from analysis.sweep.axes import Axis
from analysis.sweep.metrics import schema
from analysis.sweep.spec import Spec
from analysis.sweep.store import TABLE

FILE = "sweep.json"


@dataclass(frozen=True, kw_only=True)
class Described:
    """What sweep.json holds: all that the table does not say. No time, no path of a machine.

    `settings`: fixed overrides as given; `command` makes the sweep again.
    """

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
    version: str
    command: str


@dataclass(frozen=True, kw_only=True)
class Sweep(Described):
    """A finished sweep. `frame`: a row per case, in order; nan in a metric's column means "never"."""

    folder: pathlib.Path
    frame: pd.DataFrame


def describe(spec: Spec, command: str) -> Described:
    """Return what sweep.json holds."""
    same = ("title", "kind", "base", "settings", "draws", "seed", "points_seed", "axes", "metrics", "cases")
    return Described(**{name: getattr(spec, name) for name in same}, version=__version__, command=command)


def read(folder: pathlib.Path) -> Sweep:
    """Return the sweep in `folder`; one that is missing, damaged or of another version is an InputError."""
    said = _described(folder)
    return Sweep(folder=folder, frame=_frame(folder, said), **vars(said))


def _described(folder: pathlib.Path) -> Described:
    try:
        content = json.loads((folder / FILE).read_bytes().decode("utf-8"))
    except OSError as problem:
        where = f"{folder.absolute().name}/{FILE}"  # "." has no name
        raise InputError(f"{where}: {problem.strerror}; run burn-report sweep first") from None
    except (ValueError, RecursionError):
        raise _damaged(folder, FILE, "not complete JSON text") from None
    version = content.get("version", __version__) if isinstance(content, dict) else __version__
    if version != __version__:
        made = f"made by version {shown(version)}, this is {__version__}"
        raise InputError(f"{folder.name}/{FILE}: {made}; run the sweep again")
    try:
        return TypeAdapter(Described).validate_python(content)
    except ValidationError as problem:
        raise _damaged(folder, FILE, stored.said(problem)) from None


def _frame(folder: pathlib.Path, said: Described) -> pd.DataFrame:
    try:
        table = pq.read_table(folder / TABLE)
        wanted = schema(said.axes, said.metrics).names
    except OSError as problem:
        why = problem.strerror or "not readable"
        raise InputError(f"{folder.name}/{TABLE}: {why}; run burn-report sweep first") from None
    except (pa.ArrowInvalid, KeyError) as problem:
        raise _damaged(folder, TABLE, shown(str(problem))) from None
    if table.column_names != wanted:
        odd = sorted(set(wanted) ^ set(table.column_names)) or ["order"]
        raise _damaged(folder, TABLE, f"its columns are not those of {FILE}: {odd[0]}")
    if table["case"].to_pylist() != list(range(said.cases)):
        raise _damaged(folder, TABLE, f"{said.cases:,} cases in order are expected")
    return table.to_pandas()


def _damaged(folder: pathlib.Path, name: str, what: str) -> InputError:
    return InputError(f"{folder.name}/{name}: damaged ({what}); run the sweep again")
