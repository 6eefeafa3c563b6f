"""Load data/: the tables and the scenario files, checked. An error names the file, the row and the column."""

import functools
import pathlib
from dataclasses import dataclass

import pandas as pd
import pandera.errors

from analysis.inputs import checks
from analysis.inputs.errors import InputError, shown, unknown
from analysis.inputs.place import DATA
from analysis.inputs.reading import read_csv
from analysis.inputs.scenarios import Scenario, read_scenarios
from analysis.inputs.schemas import MAY_BE_EMPTY, RULES, SCHEMAS

# the same with and without pyarrow, quick to read cell by cell
TEXT = pd.StringDtype("python", na_value=float("nan"))
INDEXED_BY = {"sources": "id", "evidence": "id", "claims": "id", "assumptions": "name"}


@dataclass(frozen=True, eq=False)  # a load equals itself only, so that what follows from it can be kept
class Tables:
    """The checked content of data/. Frames are indexed by id, assumptions by name; they are not changed."""

    sources: pd.DataFrame
    evidence: pd.DataFrame
    assumptions: pd.DataFrame
    claims: pd.DataFrame
    correlations: pd.DataFrame
    back_tests: pd.DataFrame
    events: pd.DataFrame
    cost_structures: pd.DataFrame
    scenarios: dict[str, Scenario]

    def scenario(self, name: str) -> Scenario:
        """Return a scenario by name; an unknown name is an InputError with the nearest one."""
        if not isinstance(name, str) or name not in self.scenarios:
            raise unknown("scenario", name, self.scenarios)
        return self.scenarios[name]

    @functools.cached_property
    def rows(self) -> dict[str, dict[str, object]]:
        """Rows that have an id, id -> column -> cell: in a frame one takes a hundred times longer to find."""
        frames = (self.sources, self.evidence, self.assumptions, self.claims)
        return {row["id"]: row for frame in frames for row in frame.to_dict("records")}

    @functools.cached_property
    def cut_off(self) -> str:
        """Latest publication date in the evidence, YYYY-MM-DD; a month or year counts from its first day."""
        published = self.evidence["published"]
        return max((date + "-01-01"[len(date) - 4 :]) for date in published if date != "undated")


def load(folder: pathlib.Path = DATA) -> Tables:
    """Read and check everything in `folder`, once until a file changes. InputError: by file, row, column."""
    files = [*folder.glob("*.csv"), *folder.glob("scenarios/*")]
    states = ((file.name, file.lstat().st_mtime_ns, file.lstat().st_size) for file in sorted(files))
    return _load(folder, tuple(states))


@functools.lru_cache(maxsize=4)
def _load(folder: pathlib.Path, _states: tuple) -> Tables:
    frames = {name: _table(folder / f"{name}.csv", name) for name in SCHEMAS}
    checks.check(frames)
    return Tables(**frames, scenarios=read_scenarios(folder / "scenarios", frames))


def with_role(tables: Tables, role: str) -> pd.DataFrame:
    """Return the evidence that plays a role (see the codebook), in the order of the table."""
    return tables.evidence[tables.evidence["roles"].str.split().map(lambda roles: role in roles)]


def _table(path: pathlib.Path, name: str) -> pd.DataFrame:
    columns = list(RULES[name])
    frame = pd.DataFrame(read_csv(path, columns, name in MAY_BE_EMPTY), columns=columns, dtype=TEXT)
    try:
        SCHEMAS[name].validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        raise InputError(_first_failure(name, errors.failure_cases)) from None
    for column in columns:
        if RULES[name][column].numeric:
            frame[column] = pd.to_numeric(frame[column])
    return frame.set_index(INDEXED_BY[name], drop=False) if name in INDEXED_BY else frame


def _first_failure(table: str, cases: pd.DataFrame) -> str:
    case = cases.sort_values("index", kind="stable").iloc[0]
    cell = case["failure_case"]
    wrong = "must not be a duplicate" if case["check"] == "field_uniqueness" else case["check"]
    wrong = wrong if cell.strip() else "must not be blank"
    others = [str(index + 2) for index in sorted(set(cases["index"]))[1:]]
    more = f" (also wrong: row {', '.join(others[:5])}{' …' * (len(others) > 5)})" if others else ""
    at = checks.where(table, case["index"], case["column"])
    return f"{at} {wrong}; given {shown(cell)}{more}"
