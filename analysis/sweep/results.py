"""A finished sweep read back: its table and what sweep.json says about it, checked like any other input."""

import pathlib
from dataclasses import dataclass, fields

import pandas as pd
import pyarrow.parquet as pq
from pydantic import TypeAdapter

from analysis import __version__
from analysis.inputs.errors import InputError
from analysis.results import stored
from analysis.sweep import spec
from analysis.sweep.metrics import schema
from analysis.sweep.store import TABLE

FILE = "sweep.json"
MAKE = "run burn-report sweep"


@dataclass(frozen=True, kw_only=True)
class Described(spec.Sweep):
    """What sweep.json holds; `command` makes the sweep again. No time, no path of a machine."""

    version: str
    command: str


@dataclass(frozen=True, kw_only=True)
class Sweep(Described):
    """A finished sweep. `frame`: a row per case, in order; nan in a metric's column means "never"."""

    folder: pathlib.Path
    frame: pd.DataFrame


def describe(sweep: spec.Sweep, command: str) -> Described:
    """Return what sweep.json holds."""
    same = {each.name: getattr(sweep, each.name) for each in fields(spec.Sweep)}
    return Described(**same, version=__version__, command=command)


def read(folder: pathlib.Path) -> Sweep:
    """Return the sweep in `folder`; one that is missing, damaged or of another version is an InputError."""
    said = _described(folder)
    return Sweep(folder=folder, frame=_frame(folder, said), **vars(said))


def _described(folder: pathlib.Path) -> Described:
    where = f"{folder.absolute().name}/{FILE}"  # "." has no name
    content = stored.read_json(folder / FILE, where, MAKE)
    with stored.reading(where, MAKE):
        return TypeAdapter(Described).validate_python(content)


def _frame(folder: pathlib.Path, said: Described) -> pd.DataFrame:
    with stored.reading(f"{folder.absolute().name}/{TABLE}", MAKE):
        table = pq.read_table(folder / TABLE)
        wanted = schema(said.axes, said.metrics).names
        if table.column_names != wanted:
            odd = sorted(set(wanted) ^ set(table.column_names)) or ["order"]
            raise InputError(f"its columns are not those of {FILE}: {odd[0]}")
        if table["case"].to_pylist() != list(range(said.cases)):
            raise InputError(f"{said.cases:,} cases in order are expected")
    return table.to_pandas()
