"""What the tables of data/ must hold together: bounds, references, derivations, correlations."""

import functools
import keyword
from collections.abc import Mapping

import pandas as pd

from analysis.inputs import derivations, draws
from analysis.inputs.errors import InputError, unknown, within
from analysis.inputs.estimates import ENDS, Estimate
from analysis.inputs.settings import SETTINGS

Frames = Mapping[str, pd.DataFrame]

SENTENCES = (5, 5, 5, 5, 5, 5, 5, 5, 5, 3)  # of the article, by paragraph: 48
NOT_NAMES = (*SETTINGS, "scenario", "case", "t")
LINKS = (  # table, column, what its ids or names must exist in
    ("evidence", "source", "sources"),
    ("assumptions", "claims", "claims"),
    ("assumptions", "evidence", "evidence"),
    ("claims", "evidence", "evidence"),
    ("claims", "assumptions", "assumptions"),
    ("correlations", "first", "assumptions"),
    ("correlations", "second", "assumptions"),
    ("back_tests", "known", "evidence"),
    ("back_tests", "outcome", "evidence"),
    ("events", "evidence", "evidence"),
    ("cost_structures", "numerator", "evidence"),
    ("cost_structures", "denominator", "evidence"),
)


def check(frames: Frames) -> None:
    """Raise InputError, naming file, row and column, for the first thing that does not fit."""
    _check_estimates(frames["assumptions"])
    _check_references(frames)
    _check_evidence(frames["evidence"])
    _check_derivations(frames)
    _check_both_ways(frames["assumptions"], frames["claims"])
    _check_claims(frames["claims"])
    _check_correlations(frames)


def where(table: str, index: int, column: str) -> str:
    """Return "table.csv, row 2, column name:" for the first row below the header."""
    return f"{table}.csv, row {index + 2}, column {column}:"


def pairs(correlations: pd.DataFrame) -> tuple[draws.Correlation, ...]:
    """Return the rows of the correlations table."""
    columns = (correlations[column].tolist() for column in ("first", "second", "correlation"))
    return tuple(draws.Correlation(*row) for row in zip(*columns, strict=True))


def _check_estimates(frame: pd.DataFrame) -> None:
    for row in frame.itertuples():
        at = functools.partial(where, "assumptions", row.Index)
        if row.name in NOT_NAMES or keyword.iskeyword(row.name):
            raise InputError(f"{at('name')} {row.name} has another meaning already; choose another name")
        bottom, top = ENDS[row.domain]
        if not bottom <= row.minimum <= row.maximum <= top:
            rule = f"bounds in rising order from {bottom:g} to {top:g} are expected"
            raise InputError(f"{at('minimum')} {rule}; given {row.minimum:g} and {row.maximum:g}")
        values = {"low": row.low, "central": row.central, "high": row.high}
        blank = [column for column, value in values.items() if pd.isna(value)]
        if len(blank) == 1:
            raise InputError(
                f"{at(blank[0])} {row.name} needs both low and high, or neither when it is certain"
            )
        if row.low == row.central == row.high:
            raise InputError(f"{at('low')} {row.name} needs blanks for low and high when it is certain")
        given = {column: value for column, value in values.items() if column not in blank}
        outside = [column for column, value in given.items() if not row.minimum <= value <= row.maximum]
        ends = [given.get(column, row.central) for column in values]
        with within(at([*outside, "low"][0])):
            Estimate(row.name, *ends, row.unit, row.domain, row.minimum, row.maximum)


def _check_references(frames: Frames) -> None:
    known = {name: set(frames[name]["id"]) for name in ("sources", "evidence", "claims")}
    known["assumptions"] = set(frames["assumptions"]["name"])
    for table, column, target in LINKS:
        for index, cell in frames[table][column].items():
            for reference in cell.replace("+", " ").split():
                if reference not in known[target]:
                    problem = unknown(target.removesuffix("s"), reference, sorted(known[target]))
                    raise InputError(f"{where(table, index, column)} {problem}")


def _check_evidence(frame: pd.DataFrame) -> None:
    for row in frame.itertuples():
        if row.period_start and row.period_end and row.period_end < row.period_start:
            at = where("evidence", row.Index, "period_end")
            raise InputError(f"{at} before period_start ({row.period_end} < {row.period_start})")
        values = [value for value in (row.value_low, row.value, row.value_high) if not pd.isna(value)]
        if values != sorted(values):
            given = ", ".join(f"{value:g}" for value in values)
            at = where("evidence", row.Index, "value_low")
            raise InputError(f"{at} value_low <= value <= value_high does not hold; given {given}")


def _check_derivations(frames: Frames) -> None:
    figures = {row.id: row for row in frames["evidence"].itertuples()}
    for row in frames["assumptions"].itertuples():
        with within(where("assumptions", row.Index, "derivation")):
            derivations.check(row.derivation, row.central, tuple(row.evidence.split()), figures)


def _check_both_ways(assumptions: pd.DataFrame, claims: pd.DataFrame) -> None:
    """A claim names the assumptions that it bears on, and each of them names the claim."""
    by_assumptions = {(row.name, claim) for row in assumptions.itertuples() for claim in row.claims.split()}
    by_claims = {(name, row.id) for row in claims.itertuples() for name in row.assumptions.split()}
    for name, claim in sorted(by_claims - by_assumptions):
        at = where("assumptions", assumptions["name"].tolist().index(name), "claims")
        raise InputError(f"{at} {claim} is missing, which names {name} in claims.csv")
    for name, claim in sorted(by_assumptions - by_claims):
        at = where("claims", claims["id"].tolist().index(claim), "assumptions")
        raise InputError(f"{at} {name} is missing, which names {claim} in assumptions.csv")


def _check_claims(frame: pd.DataFrame) -> None:
    covered = set(zip(frame["paragraph"], frame["sentence"], strict=True))
    wanted = {(p, s) for p, count in enumerate(SENTENCES, 1) for s in range(1, count + 1)}
    for row in frame.itertuples():
        at = functools.partial(where, "claims", row.Index)
        if (row.paragraph, row.sentence) not in wanted:
            problem = f"the article has no sentence {row.sentence} in paragraph {row.paragraph}"
            raise InputError(f"{at('sentence')} {problem}")
        if row.verdict in ("supported", "contradicted", "mixed") and not row.evidence:
            raise InputError(f"{at('evidence')} verdict {row.verdict!r} needs evidence")
        if not row.evidence and not row.note:
            raise InputError(f"{at('note')} verdict {row.verdict!r} without evidence needs a reason")
    for paragraph, sentence in sorted(wanted - covered):
        raise InputError(f"claims.csv: sentence {sentence} of paragraph {paragraph} has no claim")


def _check_correlations(frames: Frames) -> None:
    seen: dict[frozenset[str], int] = {}
    for row in frames["correlations"].itertuples():
        at = functools.partial(where, "correlations", row.Index)
        if row.first == row.second:
            raise InputError(f"{at('second')} another assumption is expected; given {row.first} twice")
        first = seen.setdefault(frozenset((row.first, row.second)), row.Index)
        if first != row.Index:
            both = f"{row.first} with {row.second}"
            raise InputError(f"{at('first')} {both} is given twice, first in row {first + 2}")
        if not -1 < row.correlation < 1:
            expected = "a number between -1 and 1 is expected"
            raise InputError(f"{at('correlation')} {expected}; given {row.correlation:g}")
    with within("correlations.csv:"):
        draws.cholesky(frames["assumptions"]["name"].tolist(), pairs(frames["correlations"]))
