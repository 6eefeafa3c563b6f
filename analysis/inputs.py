"""Load data/: four tables and the scenario files, checked. An error names the file, the row and the column.

Rows are counted as a text editor shows them for a file without line breaks in cells: the header is row 1.
"""

import calendar
import csv
import datetime
import functools
import io
import pathlib
from dataclasses import dataclass

import pandas as pd
import pandera.errors
import yaml

from analysis.errors import InputError, shown, unknown
from analysis.schemas import BASES, NUMERIC, SCHEMAS

ROOT = pathlib.Path(__file__).resolve().parents[1]
DATA = ROOT / "data"
SENTENCES = (5, 5, 5, 5, 5, 5, 5, 5, 5, 3)  # of the article, by paragraph: 48
SCENARIO_KEYS = ("title", "world", "claims", "weight", "overrides")
OVERRIDE_KEYS = ("estimate", "basis", "claims", "evidence", "why")


@dataclass(frozen=True)
class Override:
    """One assumption as a scenario sets it. `estimate`: a number, or (low, central, high)."""

    estimate: float | tuple[float, float, float]
    basis: str
    claims: tuple[str, ...]
    evidence: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class Scenario:
    """A possible world: what would have to be true, and the assumptions that it changes."""

    name: str
    title: str
    world: str
    claims: tuple[str, ...]
    weight: float
    overrides: dict[str, Override]


@dataclass(frozen=True)
class Tables:
    """The checked content of data/. Frames are indexed by id (assumptions by name) and must not be changed."""

    sources: pd.DataFrame
    evidence: pd.DataFrame
    assumptions: pd.DataFrame
    claims: pd.DataFrame
    scenarios: dict[str, Scenario]

    def scenario(self, name: str) -> Scenario:
        """Return a scenario by name; an unknown name is an InputError with the nearest one."""
        if name not in self.scenarios:
            raise unknown("scenario", name, self.scenarios)
        return self.scenarios[name]


@functools.lru_cache(maxsize=4)
def load(folder: pathlib.Path = DATA) -> Tables:
    """Read and check everything in `folder`. Raises InputError naming file, row and column."""
    frames = {name: _table(folder / f"{name}.csv", name) for name in SCHEMAS}
    _check_estimates(frames["assumptions"])
    _check_references(frames)
    _check_claims(frames["claims"])
    frames["assumptions"] = frames["assumptions"].set_index("name", drop=False)
    for name in ("sources", "evidence", "claims"):
        frames[name] = frames[name].set_index("id", drop=False)
    files = sorted((folder / "scenarios").glob("*.yaml"))
    if not files:
        raise InputError(f"{folder.name}/scenarios: no scenario file (*.yaml) found")
    return Tables(**frames, scenarios={path.stem: _scenario(path, frames) for path in files})


def latest_date(published: str) -> datetime.date:
    """Return the last day that a publication date of any precision can mean; an undated page may be of any day."""
    if published == "undated":
        return datetime.date.max
    year, month, day = ([int(part) for part in published.split("-")] + [0, 0])[:3]
    month = month or 12
    return datetime.date(year, month, day or calendar.monthrange(year, month)[1])


def with_role(tables: Tables, role: str) -> pd.DataFrame:
    """Return the evidence that plays a role (see the codebook), in the order of the table."""
    return tables.evidence[tables.evidence["roles"].str.split().map(lambda roles: role in roles)]


def _read(path: pathlib.Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise InputError(f"{path.name}: the file is missing in {path.parent.name}/") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{path.name}: not UTF-8 text (byte {error.start}); save it as UTF-8") from None


def _rows(path: pathlib.Path) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(_read(path), newline=""), strict=True))
    except csv.Error as error:
        raise InputError(f"{path.name}: not readable as CSV ({error}); cells with commas or quotes need quotes") from None


def _table(path: pathlib.Path, name: str) -> pd.DataFrame:
    schema = SCHEMAS[name]
    rows = _rows(path)
    columns = list(schema.columns)
    if not rows or rows[0] != columns:
        given = ",".join(rows[0]) if rows else "an empty file"
        raise InputError(f"{path.name}, row 1: the header must be {','.join(columns)}; given {shown(given, 200)}")
    for number, row in enumerate(rows, 1):
        if len(row) != len(columns):
            raise InputError(f"{path.name}, row {number}: {len(columns)} cells expected, {len(row)} given")
    frame = pd.DataFrame(rows[1:], columns=columns, dtype=str)
    if frame.empty:
        raise InputError(f"{path.name}: no rows below the header")
    try:
        schema.validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        raise InputError(_failures(path, errors.failure_cases)) from None
    for column in NUMERIC[name]:
        frame[column] = pd.to_numeric(frame[column])
    return frame


def _failures(path: pathlib.Path, cases: pd.DataFrame) -> str:
    lines = []
    for case in cases.sort_values("index").head(5).itertuples():
        what = "must not be a duplicate" if "unique" in str(case.check) else str(case.check)
        lines.append(f"{path.name}, row {int(case.index) + 2}, column {case.column}: {what}; given {shown(case.failure_case)}")
    more = len(cases) - len(lines)
    return "\n".join(lines + ([f"… and {more} more"] if more > 0 else []))


def _check_estimates(frame: pd.DataFrame) -> None:
    for row in frame.itertuples():
        where = f"assumptions.csv, row {row.Index + 2}, column"
        bounds = f"{row.minimum:g} to {row.maximum:g}"
        if pd.isna(row.low) != pd.isna(row.high):
            raise InputError(f"{where} low: {row.name} needs both low and high, or neither when it is certain")
        if not pd.isna(row.low) and not row.low < row.central < row.high:
            raise InputError(f"{where} low: {row.name} must have low < central < high; given {row.low:g}, {row.central:g}, {row.high:g}")
        for column in ("low", "central", "high"):
            if not pd.isna(getattr(row, column)) and not row.minimum <= getattr(row, column) <= row.maximum:
                raise InputError(f"{where} {column}: {row.name} must be {bounds}; given {getattr(row, column):g}")


def _check_references(frames: dict[str, pd.DataFrame]) -> None:
    known = {name: set(frames[name]["id"]) for name in ("sources", "evidence", "claims")}
    known["assumptions"] = set(frames["assumptions"]["name"])
    links = (
        ("evidence", "source", "sources"),
        ("assumptions", "claims", "claims"),
        ("assumptions", "evidence", "evidence"),
        ("claims", "evidence", "evidence"),
        ("claims", "assumptions", "assumptions"),
    )
    for table, column, target in links:
        for index, cell in frames[table][column].items():
            for reference in cell.split():
                if reference not in known[target]:
                    raise InputError(f"{table}.csv, row {index + 2}, column {column}: {unknown(target[:-1], reference, sorted(known[target]))}")
    for row in frames["evidence"].itertuples():
        if row.period_start and row.period_end and row.period_end < row.period_start:
            raise InputError(f"evidence.csv, row {row.Index + 2}, column period_end: before period_start ({row.period_end} < {row.period_start})")
        values = [value for value in (row.value_low, row.value, row.value_high) if not pd.isna(value)]
        if values != sorted(values):
            raise InputError(f"evidence.csv, row {row.Index + 2}, column value_low: value_low <= value <= value_high does not hold; given {values}")


def _check_claims(frame: pd.DataFrame) -> None:
    covered = set(zip(frame["paragraph"], frame["sentence"], strict=True))
    wanted = {(p, s) for p, count in enumerate(SENTENCES, 1) for s in range(1, count + 1)}
    for paragraph, sentence in sorted(wanted - covered):
        raise InputError(f"claims.csv: sentence {sentence} of paragraph {paragraph} has no claim")
    for row in frame.itertuples():
        if (row.paragraph, row.sentence) not in wanted:
            raise InputError(f"claims.csv, row {row.Index + 2}, column sentence: the article has no sentence {row.sentence} in paragraph {row.paragraph}")
        if row.verdict in ("supported", "contradicted", "mixed") and not row.evidence:
            raise InputError(f"claims.csv, row {row.Index + 2}, column evidence: verdict {row.verdict!r} needs evidence")
        if not row.evidence and not row.note:
            raise InputError(f"claims.csv, row {row.Index + 2}, column note: verdict {row.verdict!r} without evidence needs a reason")


class _StrictLoader(yaml.SafeLoader):
    """A safe loader that refuses duplicate keys and references (anchors), which a scenario never needs."""

    def compose_node(self, parent, index):
        if self.check_event(yaml.AliasEvent) or getattr(self.peek_event(), "anchor", None):
            raise yaml.composer.ComposerError(None, None, "anchors and aliases are not allowed", self.peek_event().start_mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node, deep=False):
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for position, key in enumerate(keys):
            if key in keys[:position]:
                raise yaml.constructor.ConstructorError(None, None, f"key {key!r} is given twice", node.value[position][0].start_mark)
        return super().construct_mapping(node, deep)


def read_yaml(path: pathlib.Path) -> dict:
    """Read a YAML mapping: plain values only, no tags, anchors or duplicate keys. Raises InputError with the line."""
    try:
        content = yaml.load(_read(path), Loader=_StrictLoader)  # noqa: S506 (a SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise InputError(f"{path.name}, line {mark.line + 1 if mark else 1}: {error.problem or error.context}") from None
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        raise InputError(f"{path.name}: not readable as YAML ({shown(str(error))})") from None
    if not isinstance(content, dict):
        raise InputError(f"{path.name}: a mapping of names to values is expected, given {type(content).__name__}")
    return content


def _scenario(path: pathlib.Path, frames: dict[str, pd.DataFrame]) -> Scenario:
    content = read_yaml(path)
    _check_keys(f"{path.name}", content, SCENARIO_KEYS)
    weight = content["weight"]
    if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 <= weight < float("inf"):
        raise InputError(f"{path.name}, weight: a number of 0 or more is expected; given {shown(weight)}")
    for key in ("title", "world"):
        if not isinstance(content[key], str) or not content[key].strip():
            raise InputError(f"{path.name}, {key}: text is expected; given {shown(content[key])}")
    claims = _references(f"{path.name}, claims", content["claims"], frames["claims"]["id"])
    overrides = content["overrides"]
    if not isinstance(overrides, dict):
        raise InputError(f"{path.name}, overrides: a mapping of assumptions is expected ({{}} for none); given {shown(overrides)}")
    names = list(frames["assumptions"]["name"])
    for name in overrides:
        if name not in names:
            raise InputError(f"{path.name}, overrides: {unknown('assumption', name, names)}")
    return Scenario(
        name=path.stem,
        title=content["title"].strip(),
        world=" ".join(content["world"].split()),
        claims=claims,
        weight=float(weight),
        overrides={name: _override(f"{path.name}, {name}", entry, frames) for name, entry in overrides.items()},
    )


def _override(where: str, entry: object, frames: dict[str, pd.DataFrame]) -> Override:
    if not isinstance(entry, dict):
        raise InputError(f"{where}: estimate, basis, claims, evidence and why are expected; given {shown(entry)}")
    _check_keys(where, entry, OVERRIDE_KEYS)
    if entry["basis"] not in BASES:
        raise InputError(f"{where}, basis: {unknown('basis', entry['basis'], BASES)}")
    if not isinstance(entry["why"], str) or not entry["why"].strip():
        raise InputError(f"{where}, why: one sentence is expected; given {shown(entry['why'])}")
    return Override(
        estimate=tuple(entry["estimate"]) if isinstance(entry["estimate"], list) else entry["estimate"],
        basis=entry["basis"],
        claims=_references(f"{where}, claims", entry["claims"], frames["claims"]["id"]),
        evidence=_references(f"{where}, evidence", entry["evidence"], frames["evidence"]["id"]),
        why=entry["why"].strip(),
    )


def _check_keys(where: str, mapping: dict, keys: tuple[str, ...]) -> None:
    for key in mapping:
        if key not in keys:
            raise InputError(f"{where}: {unknown('key', key, keys)}")
    for key in keys:
        if key not in mapping:
            raise InputError(f"{where}: the key {key!r} is missing; needed are {', '.join(keys)}")


def _references(where: str, given: object, known: pd.Series) -> tuple[str, ...]:
    if not isinstance(given, list):
        raise InputError(f"{where}: a list of ids is expected; given {shown(given)}")
    for reference in given:
        if reference not in set(known):
            raise InputError(f"{where}: {unknown('id', reference, known)}")
    return tuple(given)
