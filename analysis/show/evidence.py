"""What a page rests on, as rows for its appendix: inputs that differ, claims by verdict, every source that is cited."""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from analysis.inputs.parameters import Case
from analysis.inputs.tables import Override, Tables
from analysis.pages import PageSpec
from analysis.results.metrics import METRICS
from analysis.show import numbers
from analysis.show.quantity import Quantity, from_summary

LEADING = 5  # of the inputs that differ
HEADLINES = (
    "runway_months",
    "funding_need_usd_m",
    "required_growth_per_month",
    "break_even_probability",
    "coverage_ratio_36m",
    "coverage_ratio_start",
    "gap_start_usd_m_per_month",
)


@dataclass(frozen=True)
class Link:
    """An address outside: where a published figure can be read."""

    ref: str
    url: str
    publisher: str
    date: str
    grade: str


@dataclass(frozen=True)
class Row:
    """What a marker leads to. `kind`: figure, assumption or claim. `basis`: of an assumption; `verdict`: of a claim.

    `links` are empty where there is nothing but our judgement.
    """

    id: str
    kind: str
    what: str
    value: str
    note: str
    links: tuple[Link, ...]
    basis: str = ""
    verdict: str = ""
    derivation: str = ""
    place: tuple[str, ...] = ()


@dataclass(frozen=True)
class Changed:
    """An input or a setting that differs from "As reported": its name for readers, both values, why. Id "" of a setting."""

    name: str
    id: str
    label: str
    before: str
    here: str
    why: str
    links: tuple[Link, ...]


@dataclass(frozen=True)
class Moved:
    """The headline that the scenario moves furthest against "As reported", and the inputs that differ most."""

    label: str
    before: Quantity | None
    here: Quantity | None
    inputs: tuple[Changed, ...]
    count: int


def links(refs: Iterable[str], tables: Tables) -> tuple[Link, ...]:
    """Return the addresses of published figures, each page once."""
    found: dict[str, Link] = {}
    for ref in refs:
        row = tables.evidence.loc[ref]
        source = tables.sources.loc[row["source"]]
        date = numbers.date(row["published"])
        found.setdefault(source["url"], Link(ref, source["url"], source["publisher"], date, row["grade"]))
    return tuple(found.values())


def differing(case: Case, base: Case) -> list[str]:
    """Return the names of settings and inputs that differ from `base`; settings first, then by how far they moved.

    An input's move is that of its central value in halves of its 90 % range in `base`.
    """
    settings = [
        name for name in vars(base.settings) if getattr(case.settings, name) != getattr(base.settings, name)
    ]
    moves = {}
    for here, before in zip(case.estimates, base.estimates, strict=True):
        if (here.low, here.central, here.high) != (before.low, before.central, before.high):
            half = (before.high - before.low) / 2 or abs(before.central) or 1.0
            moves[here.name] = abs(here.central - before.central) / half
    return settings + sorted(moves, key=moves.get, reverse=True)


def changed(names: Iterable[str], case: Case, base: Case, tables: Tables) -> list[Changed]:
    """Return the inputs and settings `names` with their values in `base` and here, and why."""
    return [_changed(name, case, base, tables) for name in names]


def _changed(name: str, case: Case, base: Case, tables: Tables) -> Changed:
    if name not in tables.assumptions.index:
        before, here = (str(getattr(which.settings, name)) for which in (base, case))
        return Changed(name, "", name.replace("_", " "), before, here, "", ())
    row, why, refs = tables.assumptions.loc[name], "", ()
    override = _override(name, case, tables)
    if override:
        why, refs = override.why, override.evidence
    before, here = (numbers.estimate(which[name]) for which in (base, case))
    return Changed(name, row["id"], row["label"], before, here, why, links(refs, tables))


def _override(name: str, case: Case, tables: Tables) -> Override | None:
    """Return the scenario's override that the case really has."""
    return tables.scenarios[case.scenario].overrides.get(name) if case[name].origin == "scenario" else None


def moved(result, base, tables: Tables) -> Moved:
    """Return what differs between two results: the metric that moved furthest in its own range, the leading inputs."""
    here, before = result.metrics, base.metrics
    moves = {name: _move(before[name], here[name]) for name in HEADLINES}
    furthest = max(moves, key=moves.get)
    names = differing(result.case, base.case)
    leading = sorted(names, key=lambda name: name not in METRICS[furthest].rests_on)
    inputs = tuple(changed(leading[:LEADING], result.case, base.case, tables))
    if not moves[furthest]:
        return Moved("", None, None, inputs, len(names))
    pair = (
        from_summary(furthest, summary, of=of)
        for summary, of in ((before[furthest], "base"), (here[furthest], ""))
    )
    return Moved(METRICS[furthest].label, *pair, inputs, len(names))


def _move(before: dict, here: dict) -> float:
    part = "value" if "value" in before else "p50"
    first, second = before[part], here[part]
    if first is None or second is None or isinstance(first, str):
        return float((first is None) != (second is None))
    low, high = (before.get(end) for end in ("p5", "p95"))
    width = 1.0 if low is None or high is None else high - low
    return abs(second - first) / (width or abs(first) or 1.0)


def claims(tables: Tables, spec: PageSpec) -> dict[str, list[Row]]:
    """Return verdict -> the claims that a page takes up: those of its topics, and those that name one of its sections."""
    frame = tables.claims
    own = frame["topic"].isin(spec.topics) | frame["section"].str.startswith(f"{spec.stem}#")
    rows = [_claim(row, tables) for _, row in frame[own].iterrows()]
    verdicts = dict.fromkeys(row.verdict for row in rows)
    return {verdict: [row for row in rows if row.verdict == verdict] for verdict in verdicts}


def row(ref: str, tables: Tables, case: Case) -> Row:
    """Return the row of an id: a published figure, an assumption as the case has it, or a claim."""
    if ref.startswith("E"):
        return _figure(ref, tables)
    if ref.startswith("C"):
        return _claim(tables.claims.loc[ref], tables)
    found = tables.assumptions[tables.assumptions["id"] == ref].iloc[0]
    return _assumption(found, tables, case)


def _figure(ref: str, tables: Tables) -> Row:
    figure = tables.evidence.loc[ref]
    values = (figure[name] for name in ("value_low", "value", "value_high"))
    texts = dict.fromkeys(numbers.as_entered(value, figure["unit"]) for value in values if value == value)
    what = f"{figure['entity']}: {figure['metric']}"
    return Row(ref, "figure", what, " to ".join(texts), _blank(figure["note"]), links([ref], tables))


def _assumption(assumed: pd.Series, tables: Tables, case: Case) -> Row:
    estimate, override = case[assumed["name"]], _override(assumed["name"], case, tables)
    own = {
        name: getattr(override, name) if override else assumed[name]
        for name in ("basis", "why", "derivation")
    }
    refs = override.evidence if override else _blank(assumed["evidence"]).split()
    return Row(
        assumed["id"],
        "assumption",
        assumed["label"],
        numbers.estimate(estimate),
        own["why"] if estimate.origin != "override" else "",
        links(refs, tables) if estimate.origin != "override" else (),
        basis=own["basis"] if estimate.origin != "override" else "set for this run",
        derivation=_blank(own["derivation"]),
    )


def _claim(claim: pd.Series, tables: Tables) -> Row:
    refs = _blank(claim["evidence"]).split()
    place = (claim["paragraph"], claim["sentence"], *claim["section"].split("#"))
    return Row(
        claim["id"],
        "claim",
        claim["statement"],
        "",
        _blank(claim["note"]),
        links(refs, tables),
        verdict=claim["verdict"],
        place=place,
    )


def _blank(cell: object) -> str:
    return cell if isinstance(cell, str) else ""
