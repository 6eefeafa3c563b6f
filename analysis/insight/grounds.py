"""In which inputs cases differ, and what the differing values rest on: a scenario's reason, the assumptions table, or nothing."""

from dataclasses import dataclass

import pandas as pd

from analysis import stored
from analysis.estimates import Estimate
from analysis.insight.comparison import Comparison
from analysis.parameters import SETTINGS


def changed_settings(comparison: Comparison, case: str) -> list[str]:
    """Return the settings in which a case differs from the baseline."""
    base = comparison.results[comparison.baseline]
    return [name for name in SETTINGS if comparison.results[case][name] != base[name]]


def changed_inputs(comparison: Comparison, case: str) -> list[tuple[Estimate, Estimate]]:
    """Return (baseline's estimate, case's estimate) of each input in which a case differs from the baseline."""
    there, here = (stored.estimates(comparison.results[name], comparison.tables) for name in (comparison.baseline, case))
    return [pair for pair in zip(there, here, strict=True) if values(pair[0]) != values(pair[1])]


def values(estimate: Estimate) -> tuple[float, float, float]:
    """Return an estimate's three numbers."""
    return estimate.low, estimate.central, estimate.high


@dataclass(frozen=True)
class Ground:
    """What an input's value in a case rests on. `basis`: as in the codebook; "set" for the run; "unknown": not in data/ (any more)."""

    claims: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    why: str = ""
    basis: str = "unknown"


def ground(comparison: Comparison, case: str, estimate: Estimate) -> Ground:
    """Return what the value rests on: the scenario's entry, the table's row, or nothing for a value set for the run."""
    override = comparison.tables.scenarios[comparison.results[case]["scenario"]].overrides.get(estimate.name)
    row = comparison.tables.assumptions.loc[estimate.name]
    if estimate.origin == "scenario" and override and _is(estimate, override.estimate):
        return Ground(override.claims, override.evidence, override.why, override.basis)
    if estimate.origin == "assumptions" and _is(estimate, row.central if pd.isna(row.low) else (row.low, row.central, row.high)):
        return Ground(tuple(row.claims.split()), tuple(row.evidence.split()), row.why, row.basis)
    return Ground(basis="set") if estimate.origin == "override" else Ground()


def _is(estimate: Estimate, given: float | tuple[float, float, float]) -> bool:
    return values(estimate) == (tuple(given) if isinstance(given, tuple) else (given,) * 3)


def claims(comparison: Comparison) -> dict[str, list[str]]:
    """Return claim id -> cases in which an input that differs from the baseline rests on it, in the order of the claims."""
    found: dict[str, list[str]] = {}
    for case in comparison.others:
        for _, here in changed_inputs(comparison, case):
            for claim in ground(comparison, case, here).claims:
                found.setdefault(claim, [])
                found[claim] += [case] if case not in found[claim] else []
    return {claim: found[claim] for claim in comparison.tables.claims.index if claim in found}
