"""The files of a sweep: blocks, kept until all are there, their table, sweep.json; and a sweep read back."""

import contextlib
import pathlib
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import TypeAdapter

from analysis import __version__
from analysis.inputs.errors import InputError
from analysis.model.options import PORTFOLIOS
from analysis.results import stored
from analysis.sweep import spec as specs
from analysis.sweep.block import table
from analysis.sweep.metrics import PORTFOLIO_METRIC, schema

FILE, TABLE, CSV, BLOCKS = "sweep.json", "table.parquet", "table.csv", ".blocks"
MAKE = "run burn-report sweep"
PART = ".part-"  # as the report's own half-done files, so that the next run sweeps them away
GROUP_ROWS = 8192
MOST_ROWS = 512
DRAWS_PER_BLOCK = 2**19


def block_rows(spec: specs.Spec) -> int:
    """Return the number of cases in a block, a power of two: about a second of work, whoever does it."""
    if spec.certain:
        return MOST_ROWS
    work = spec.draws * (len(PORTFOLIOS) if PORTFOLIO_METRIC in spec.metrics else 2)
    return max(1, min(MOST_ROWS, DRAWS_PER_BLOCK // work))


def blocks(spec: specs.Spec) -> list[tuple[int, int]]:
    """Return (start, stop) of every block, in order."""
    size = block_rows(spec)
    return [(start, min(start + size, spec.cases)) for start in range(0, spec.cases, size)]


def compute(spec: specs.Spec, start: int, stop: int) -> bytes:
    """Return the block from `start` to before `stop` as an Arrow stream: what a worker sends back."""
    found = table(spec, start, stop)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, found.schema) as writer:
        writer.write_table(found)
    return sink.getvalue().to_pybytes()


class Store:
    """The blocks of one sweep in `out`. `key`: what they depend on; blocks of another key are never used."""

    def __init__(self, out: pathlib.Path, spec: specs.Spec, key: str) -> None:
        self.out, self.spec = out, spec
        self.folder = out / BLOCKS / key
        self.schema = schema(spec.axes, spec.metrics)

    def missing(self) -> list[tuple[int, int]]:
        """Return the blocks that are not there or damaged."""
        return [block for block in blocks(self.spec) if self._load(*block) is None]

    def keep(self, start: int, content: bytes) -> None:
        """Put a finished block in its place, whole or not at all."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with _moved_to(self._path(start)) as place:
            place.write_bytes(content)

    def assemble(self) -> None:
        """Write the table from the blocks, a row group at a time, in order."""
        every, at_once = blocks(self.spec), GROUP_ROWS // block_rows(self.spec)
        options = {"schema": self.schema, "compression": "zstd"}
        with _moved_to(self.out / TABLE) as place, pq.ParquetWriter(place, **options) as writer:
            for start in range(0, len(every), at_once):
                group = pa.concat_tables(self._load(*block) for block in every[start : start + at_once])
                writer.write_table(group.combine_chunks(), row_group_size=GROUP_ROWS)

    def forget(self) -> None:
        """Remove the blocks of this and of every earlier sweep into the folder."""
        shutil.rmtree(self.out / BLOCKS, ignore_errors=True)

    def _path(self, start: int) -> pathlib.Path:
        return self.folder / f"{start:012d}.arrow"

    def _load(self, start: int, stop: int) -> pa.Table | None:
        """Return a block, or None when it is missing or not what it should be."""
        try:
            found = pa.ipc.open_stream(self._path(start).read_bytes()).read_all()
        except (OSError, pa.ArrowInvalid):
            return None
        same = found.schema.equals(self.schema, check_metadata=True)
        return found if same and found["case"].to_pylist() == list(range(start, stop)) else None


def write_csv(out: pathlib.Path) -> None:
    """Write table.csv from table.parquet, a row group at a time: never is an empty cell."""
    parquet = pq.ParquetFile(out / TABLE)
    with _moved_to(out / CSV) as place, place.open("w", encoding="utf-8", newline="") as file:
        for number in range(parquet.num_row_groups):
            frame = parquet.read_row_group(number).to_pandas()
            frame["solvent"] = np.where(frame["solvent"], "true", "false")
            frame.to_csv(file, index=False, header=number == 0, lineterminator="\n")


@contextlib.contextmanager
def _moved_to(path: pathlib.Path) -> Iterator[pathlib.Path]:
    """Give a place beside `path` to write to, moved there when all went well."""
    place = path.with_name(f"{PART}{secrets.token_hex(8)}")
    try:
        yield place
        place.replace(path)
    finally:
        place.unlink(missing_ok=True)


@dataclass(frozen=True, kw_only=True)
class Described(specs.Sweep):
    """What sweep.json holds; `command` makes the sweep again. No time, no path of a machine."""

    version: str
    command: str


@dataclass(frozen=True, kw_only=True)
class Sweep(Described):
    """A finished sweep. `frame`: a row per case, in order; nan in a metric's column means "never"."""

    folder: pathlib.Path
    frame: pd.DataFrame


def describe(sweep: specs.Sweep, command: str) -> Described:
    """Return what sweep.json holds."""
    same = {each.name: getattr(sweep, each.name) for each in fields(specs.Sweep)}
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
