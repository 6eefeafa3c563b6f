"""Load data/: four tables and the scenario files, checked. An error names the file, the row and the column."""

import calendar
import datetime
import functools
import pathlib
from dataclasses import dataclass

import pandas as pd
import pandera.errors

from analysis.errors import InputError, shown, unknown
from analysis.estimates import Estimate
from analysis.reading import read_csv, read_yaml
from analysis.scenarios import Override, Scenario, read_scenarios
from analysis.schemas import NUMERIC, SCHEMAS

__all__ = ["DATA", "ROOT", "Override", "Scenario", "Tables", "latest_date", "load", "read_yaml", "with_role"]

ROOT = pathlib.Path(__file__).resolve().parents[1]
DATA = ROOT / "data"
TEXT = pd.StringDtype(
    "python", na_value=float("nan")
)  # the same with and without pyarrow, and quicker where single cells are read
SENTENCES = (5, 5, 5, 5, 5, 5, 5, 5, 5, 3)  # of the article, by paragraph: 48


@dataclass(frozen=True, eq=False)  # one load is equal to itself only, so that what follows from it can be kept
class Tables:
    """The checked content of data/. Frames are indexed by id (assumptions by name) and must not be changed."""

    sources: pd.DataFrame
    evidence: pd.DataFrame
    assumptions: pd.DataFrame
    claims: pd.DataFrame
    scenarios: dict[str, Scenario]

    def scenario(self, name: str) -> Scenario:
        """Return a scenario by name; an unknown name is an InputError with the nearest one."""
        if not isinstance(name, str) or name not in self.scenarios:
            raise unknown("scenario", name, self.scenarios)
        return self.scenarios[name]


@functools.lru_cache(maxsize=4)
def load(folder: pathlib.Path = DATA) -> Tables:
    """Read and check everything in `folder`. Raises InputError naming file, row and column."""
    frames = {name: _table(folder / f"{name}.csv", name) for name in SCHEMAS}
    _check_estimates(frames["assumptions"])
    _check_references(frames)
    _check_evidence(frames["evidence"])
    _check_both_ways(frames["assumptions"], frames["claims"])
    _check_claims(frames["claims"])
    scenarios = read_scenarios(folder / "scenarios", frames)
    frames["assumptions"] = frames["assumptions"].set_index("name", drop=False)
    for name in ("sources", "evidence", "claims"):
        frames[name] = frames[name].set_index("id", drop=False)
    return Tables(**frames, scenarios=scenarios)


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


def _table(path: pathlib.Path, name: str) -> pd.DataFrame:
    columns = list(SCHEMAS[name].columns)
    frame = pd.DataFrame(read_csv(path, columns), columns=columns, dtype=str)
    try:
        SCHEMAS[name].validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        raise InputError(_failures(path, errors.failure_cases)) from None
    frame = frame.astype(TEXT)
    for column in NUMERIC[name]:
        frame[column] = pd.to_numeric(frame[column])
    return frame


def _failures(path: pathlib.Path, cases: pd.DataFrame) -> str:
    lines = []
    for case in cases.sort_values("index").head(5).itertuples():
        what = "must not be a duplicate" if "unique" in str(case.check) else str(case.check)
        lines.append(f"{_where(path.stem, int(case.index), case.column)} {what}; given {shown(case.failure_case)}")
    more = len(cases) - len(lines)
    return "\n".join(lines + ([f"… and {more} more"] if more > 0 else []))


def _where(table: str, index: int, column: str) -> str:
    return f"{table}.csv, row {index + 2}, column {column}:"


def _check_estimates(frame: pd.DataFrame) -> None:
    for row in frame.itertuples():
        where = functools.partial(_where, "assumptions", row.Index)
        if pd.isna(row.low) != pd.isna(row.high):
            blank = "low" if pd.isna(row.low) else "high"
            raise InputError(f"{where(blank)} {row.name} needs both low and high, or neither when it is certain")
        values = {"central": row.central} if pd.isna(row.low) else {"low": row.low, "central": row.central, "high": row.high}
        for column, value in values.items():
            if not row.minimum <= value <= row.maximum:
                raise InputError(f"{where(column)} {row.name} must be {row.minimum:g} to {row.maximum:g}; given {value:g}")
        low, central, high = values.get("low", row.central), row.central, values.get("high", row.central)
        if len(values) == 3 and low == high:
            raise InputError(
                f"{where('low')} {row.name} needs blanks for low and high when it is certain; given {central:g} three times"
            )
        try:
            Estimate(row.name, low, central, high, row.unit, row.domain, row.minimum, row.maximum)
        except InputError as error:
            raise InputError(f"{where('low')} {error}") from None


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
                    raise InputError(
                        f"{_where(table, index, column)} {unknown(target.removesuffix('s'), reference, sorted(known[target]))}"
                    )


def _check_evidence(frame: pd.DataFrame) -> None:
    for row in frame.itertuples():
        if row.period_start and row.period_end and row.period_end < row.period_start:
            where = _where("evidence", row.Index, "period_end")
            raise InputError(f"{where} before period_start ({row.period_end} < {row.period_start})")
        values = [value for value in (row.value_low, row.value, row.value_high) if not pd.isna(value)]
        if values != sorted(values):
            where = _where("evidence", row.Index, "value_low")
            raise InputError(
                f"{where} value_low <= value <= value_high does not hold; given {', '.join(f'{v:g}' for v in values)}"
            )


def _check_both_ways(assumptions: pd.DataFrame, claims: pd.DataFrame) -> None:
    """A claim names the assumptions it bears on and each of them names the claim: one without the other is an error."""
    named_by_claims = {(name, row.id) for row in claims.itertuples() for name in row.assumptions.split()}
    named_by_assumptions = {(row.name, claim) for row in assumptions.itertuples() for claim in row.claims.split()}
    for index, row in assumptions.iterrows():
        for name, claim in sorted(named_by_claims - named_by_assumptions):
            if name == row["name"]:
                raise InputError(f"{_where('assumptions', index, 'claims')} {claim} is missing, which names {name} in claims.csv")
    for index, row in claims.iterrows():
        for name, claim in sorted(named_by_assumptions - named_by_claims):
            if claim == row["id"]:
                raise InputError(
                    f"{_where('claims', index, 'assumptions')} {name} is missing, which names {claim} in assumptions.csv"
                )


def _check_claims(frame: pd.DataFrame) -> None:
    covered = set(zip(frame["paragraph"], frame["sentence"], strict=True))
    wanted = {(p, s) for p, count in enumerate(SENTENCES, 1) for s in range(1, count + 1)}
    for paragraph, sentence in sorted(wanted - covered):
        raise InputError(f"claims.csv: sentence {sentence} of paragraph {paragraph} has no claim")
    for row in frame.itertuples():
        where = functools.partial(_where, "claims", row.Index)
        if (row.paragraph, row.sentence) not in wanted:
            raise InputError(f"{where('sentence')} the article has no sentence {row.sentence} in paragraph {row.paragraph}")
        if row.verdict in ("supported", "contradicted", "mixed") and not row.evidence:
            raise InputError(f"{where('evidence')} verdict {row.verdict!r} needs evidence")
        if not row.evidence and not row.note:
            raise InputError(f"{where('note')} verdict {row.verdict!r} without evidence needs a reason")
