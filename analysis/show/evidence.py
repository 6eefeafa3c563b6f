"""What a page rests on: inputs in words, and rows for its appendix: inputs that differ, claims, sources."""

from collections import namedtuple
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from analysis.inputs.estimates import Estimate
from analysis.inputs.parameters import Case
from analysis.inputs.tables import Tables
from analysis.pages import PageSpec
from analysis.results.metrics import METRICS
from analysis.results.results import Result, paths_alone
from analysis.show import numbers, text
from analysis.show.quantity import from_summary

HEADLINES = (
    "funding_need_usd_m", "runway_months", "required_growth_per_month", "coverage_ratio_36m",
    "coverage_ratio_start", "gap_start_usd_m_per_month",
)  # fmt: skip
MOST_LEADING, FAR_LESS = 3, 0.2
# what a case changes: the first headline that reads otherwise ("" for none) in two Quantities, a Row per
# input, and how many of them, the first, alone move it most
Differs = namedtuple("Differs", "label before here inputs leading")
Link = namedtuple("Link", "url publisher date grade")  # an address outside, where a figure can be read


@dataclass(frozen=True)
class Row:
    """What a marker leads to: a published figure, an assumption or a claim. No `links`: our judgement.

    `basis`, `derivation`: of an assumption. `verdict`, `place` (paragraph, sentence, page, key): of a claim.
    Of what differs from "As reported" (a setting has no id): `before` there, `value` here, `note` why.
    """

    id: str
    what: str
    value: str
    note: str
    links: tuple[Link, ...]
    basis: str = ""
    derivation: str = ""
    verdict: str = ""
    place: tuple[str, ...] = ()
    before: str = ""


def links(refs: Iterable[str], tables: Tables) -> tuple[Link, ...]:
    """Return the addresses of published figures, each once."""
    found = {}
    for ref in refs:
        figure = tables.rows[ref]
        source, date = tables.rows[figure["source"]], numbers.date(figure["published"])
        found.setdefault(source["url"], Link(source["url"], source["publisher"], date, figure["grade"]))
    return tuple(found.values())


def label(name: str, tables: Tables) -> str:
    """Return what readers call an assumption or a setting."""
    known = tables.assumptions["label"]
    return known[name] if name in known.index else text.shared()["words"]["settings"][name]


def written(value: object) -> tuple[str, str]:
    """Return an Estimate or a setting's value as text, and its range or "": ("$1bn", "$700m to $1.7bn")."""
    central, _, ends = with_range(value).partition(" (")
    return central, ends.removesuffix(")")


def with_range(value: object) -> str:
    """Return an Estimate or a setting's value as text: "$1bn a month ($700m to $1.7bn)", "July 2025"."""
    if isinstance(value, Estimate):
        return numbers.estimate(value)
    is_month = isinstance(value, str) and value[:4].isdigit()
    return numbers.month(value) if is_month else str(value)


def grounds(name: str, scenario: str, tables: Tables) -> dict[str, object]:
    """Return what an input of a scenario rests on: basis, sources (each id, publisher, address), why."""
    own = tables.scenario(scenario).overrides.get(name)
    given = {key: getattr(own, key) if own else tables.assumptions[key][name] for key in ("basis", "why")}
    refs = own.evidence if own else tables.assumptions["evidence"][name].split()
    source_of, publisher, url = tables.evidence["source"], tables.sources["publisher"], tables.sources["url"]
    return given | {"sources": [(ref, publisher[source_of[ref]], url[source_of[ref]]) for ref in refs]}


def differing(case: Case, base: Case) -> list[str]:
    """Return what differs: settings, then inputs."""
    found = [name for name, usual in vars(base.settings).items() if getattr(case.settings, name) != usual]
    for here, before in zip(case.estimates, base.estimates, strict=True):
        if (here.low, here.central, here.high) != (before.low, before.central, before.high):
            found.append(here.name)
    return found


def differs(result: Result, base: Result, tables: Tables, headlines: Sequence[str]) -> Differs:
    """Return what differs between two results; inputs that move the headline first."""
    before = {name: from_summary(name, base.metrics[name], of="base") for name in headlines}
    here = {name: from_summary(name, result.metrics[name]) for name in headlines}
    moved = next((name for name in headlines if str(before[name]) != str(here[name])), "")
    ends = [np.inf if each[moved].never else each[moved].value for each in (before, here) if moved]
    alone = _alone(moved, ends, result.case, base) if moved else {}
    names = sorted(differing(result.case, base.case), key=lambda name: -alone.get(name, 0.0))
    changed = tuple(_changed(name, result.case, base.case, tables) for name in names)
    leading = min(MOST_LEADING, sum(move > FAR_LESS * max(alone.values()) for move in alone.values()))
    return Differs(moved and METRICS[moved].label, before.get(moved), here.get(moved), changed, leading)


def _alone(metric: str, ends: Sequence[float], case: Case, base: Result) -> dict[str, float]:
    """Return input -> how far its middle value alone moves a metric as it moved; {} if a setting does."""
    pairs = zip(case.estimates, base.case.estimates, strict=True)
    values = [(here.name, here.central) for here, before in pairs if here.central != before.central]
    found = METRICS[metric].measure(paths_alone(replace(base.case, settings=case.settings), values))
    if not np.isclose(found[0], METRICS[metric].measure(base.central_trajectory)[0]):
        return {}
    with np.errstate(invalid="ignore"):  # both never
        moved = np.nan_to_num((found[1:] - found[0]) * np.sign(ends[1] - ends[0]))
    return {name: float(move) for (name, _), move in zip(values, moved, strict=True)}


def _changed(name: str, case: Case, base: Case, tables: Tables) -> Row:
    if name in tables.assumptions.index:
        here = _assumption(tables.rows[tables.assumptions.at[name, "id"]], tables, case)
        return replace(here, before=numbers.estimate(base[name]))
    before, here = (with_range(getattr(which.settings, name)) for which in (base, case))
    return Row("", label(name, tables), here, "", (), before=before)


def claims(tables: Tables, spec: PageSpec) -> dict[str, list[Row]]:
    """Return verdict -> the claims that a page takes up: of its topics, or naming one of its sections."""
    frame = tables.claims
    own = frame[frame["topic"].isin(spec.topics) | frame["section"].str.startswith(f"{spec.stem}#")]
    by_verdict = own.groupby("verdict", sort=False)
    return {name: [_claim(tables.rows[ref], tables) for ref in found["id"]] for name, found in by_verdict}


def row(ref: str, tables: Tables, case: Case) -> Row:
    """Return the row of an id: a published figure, a claim, or an assumption as the case has it."""
    if ref.startswith("E"):
        return _figure(tables.rows[ref], tables)
    if ref.startswith("C"):
        return _claim(tables.rows[ref], tables)
    return _assumption(tables.rows[ref], tables, case)


def _figure(figure: Mapping[str, object], tables: Tables) -> Row:
    values = [value for name in ("value_low", "value", "value_high") if (value := figure[name]) == value]
    texts = dict.fromkeys(numbers.as_entered(value, figure["unit"]) for value in values)
    what = f"{figure['entity']}: {figure['metric']}"
    return Row(figure["id"], what, " to ".join(texts), figure["note"], links([figure["id"]], tables))


def _assumption(assumed: Mapping[str, object], tables: Tables, case: Case) -> Row:
    estimate = case[assumed["name"]]
    shown = assumed["id"], assumed["label"], numbers.estimate(estimate)
    if estimate.origin == "override":
        return Row(*shown, "", (), basis="override")
    if estimate.origin == "scenario":
        own = tables.scenarios[case.scenario].overrides[estimate.name]
        return Row(*shown, own.why, links(own.evidence, tables), own.basis, own.derivation)
    sources = links(assumed["evidence"].split(), tables)
    return Row(*shown, assumed["why"], sources, assumed["basis"], assumed["derivation"])


def _claim(claim: Mapping[str, object], tables: Tables) -> Row:
    place = (claim["paragraph"], claim["sentence"], *claim["section"].split("#"))
    said = claim["id"], claim["statement"], "", claim["note"], links(claim["evidence"].split(), tables)
    return Row(*said, verdict=claim["verdict"], place=place)
