"""What the tables of data/ must hold together: bounds, references, derivations, correlations."""

import itertools
import keyword
from collections.abc import Iterator, Mapping

import pandas as pd

from analysis.inputs import derivations, draws
from analysis.inputs.errors import InputError, unknown, within
from analysis.inputs.estimates import DOMAINS, Estimate
from analysis.inputs.schemas import RULES
from analysis.inputs.settings import SETTINGS

Frames = Mapping[str, pd.DataFrame]
Problem = tuple[str, int, str, str]  # table, place of the row, column, what is wrong

# of the article, (paragraph, sentence): ten paragraphs of five, but three in the last
SENTENCES = {*itertools.product(range(1, 11), range(1, 6))} - {(10, 4), (10, 5)}
NOT_NAMES = (*SETTINGS, "scenario", "case", "t", *keyword.kwlist)


def check(frames: Frames) -> None:
    """Raise InputError, naming file, row and column, for the first thing that does not fit."""
    found = (_estimates, _references, _evidence, _both_ways, _claims, _correlations)
    for table, index, column, problem in itertools.chain.from_iterable(each(frames) for each in found):
        raise InputError(f"{where(table, index, column)} {problem}")
    covered = set(zip(frames["claims"]["paragraph"], frames["claims"]["sentence"], strict=True))
    for paragraph, sentence in sorted(SENTENCES - covered):
        raise InputError(f"claims.csv: sentence {sentence} of paragraph {paragraph} has no claim")
    with within("correlations.csv:"):
        draws.cholesky(frames["assumptions"].index.tolist(), pairs(frames["correlations"]))


def where(table: str, index: int, column: str) -> str:
    """Return "table.csv, row 2, column name:" for the first row below the header."""
    return f"{table}.csv, row {index + 2}, column {column}:"


def pairs(correlations: pd.DataFrame) -> tuple[draws.Correlation, ...]:
    """Return the rows of the correlations table."""
    return tuple(correlations[["first", "second", "correlation"]].itertuples(index=False, name=None))


def _estimates(frames: Frames) -> Iterator[Problem]:
    for place, row in enumerate(frames["assumptions"].itertuples()):
        at = ("assumptions", place)
        if row.name in NOT_NAMES:
            yield *at, "name", f"{row.name} has another meaning already; choose another name"
        bottom, top = DOMAINS[row.domain][:2]
        if not bottom <= row.minimum <= row.maximum <= top:
            rule = f"bounds in rising order from {bottom:g} to {top:g} are expected"
            yield *at, "minimum", f"{rule}; given {row.minimum:g} and {row.maximum:g}"
        values = {"low": row.low, "central": row.central, "high": row.high}
        blank = [column for column, value in values.items() if pd.isna(value)]
        if len(blank) == 1:
            yield *at, blank[0], f"{row.name} needs both low and high, or neither when it is certain"
        outside = [name for name, value in values.items() if value < row.minimum or value > row.maximum]
        with within(where(*at, [*outside, "low"][0])):
            Estimate.as_in_table(row)
        with within(where(*at, "derivation")):
            derivations.check(row.derivation, row.central, row.evidence.split(), frames["evidence"])


def _references(frames: Frames) -> Iterator[Problem]:
    links = ((table, column, rule.refers) for table, rules in RULES.items() for column, rule in rules.items())
    for table, column, target in links:
        known = frames[target].index if target else ()
        for place, cell in enumerate(frames[table][column] if target else ()):
            for reference in cell.replace("+", " ").split():
                if reference not in known:
                    yield table, place, column, str(unknown(target.removesuffix("s"), reference, known))


def _evidence(frames: Frames) -> Iterator[Problem]:
    for place, row in enumerate(frames["evidence"].itertuples()):
        if row.period_start and row.period_end and row.period_end < row.period_start:
            order = f"before period_start ({row.period_end} < {row.period_start})"
            yield "evidence", place, "period_end", order
        values = [value for value in (row.value_low, row.value, row.value_high) if not pd.isna(value)]
        if values != sorted(values):
            given = ", ".join(f"{value:g}" for value in values)
            order = f"value_low <= value <= value_high does not hold; given {given}"
            yield "evidence", place, "value_low", order


def _both_ways(frames: Frames) -> Iterator[Problem]:
    """A claim names the assumptions that it bears on, and each of them names the claim."""
    for table, other in (("assumptions", "claims"), ("claims", "assumptions")):
        naming = dict(frames[other][table].str.split())
        for place, (name, names) in enumerate(frames[table][other].str.split().items()):
            for each in naming:
                if name in naming[each] and each not in names:
                    yield table, place, other, f"{each} is missing, which names {name} in {other}.csv"


def _claims(frames: Frames) -> Iterator[Problem]:
    for place, row in enumerate(frames["claims"].itertuples()):
        at = ("claims", place)
        if (row.paragraph, row.sentence) not in SENTENCES:
            yield *at, "sentence", f"the article has no sentence {row.sentence} in paragraph {row.paragraph}"
        if row.verdict in ("supported", "contradicted", "mixed") and not row.evidence:
            yield *at, "evidence", f"verdict {row.verdict!r} needs evidence"
        if not row.evidence and not row.note:
            yield *at, "note", f"verdict {row.verdict!r} without evidence needs a reason"


def _correlations(frames: Frames) -> Iterator[Problem]:
    seen: dict[frozenset[str], int] = {}
    for row in frames["correlations"].itertuples():
        at = ("correlations", row.Index)
        if row.first == row.second:
            yield *at, "second", f"another assumption is expected; given {row.first} twice"
        first = seen.setdefault(frozenset((row.first, row.second)), row.Index)
        if first != row.Index:
            yield *at, "first", f"{row.first} with {row.second} is given twice, first in row {first + 2}"
