"""The parts of a page that show what it rests on: sources, changed inputs, claims with verdicts, the evidence table."""

import pandas as pd
from markupsafe import Markup

from analysis.estimates import Estimate
from analysis.findings.methods import METHODS
from analysis.findings.numbers import estimate_text, plain
from analysis.findings.words import KIND_OF_BASIS
from analysis.inputs import Tables
from analysis.parameters import Case
from analysis.report.markers import Markers, kind_mark
from analysis.report.pages import PageSpec
from analysis.report.table import rows as as_frame
from analysis.report.table import table
from analysis.results import Run


def sources(refs: tuple[str, ...], tables: Tables, markers: Markers) -> Markup:
    """Return the sources of a figure: publisher, date and link for evidence, the model for assumptions."""
    parts = []
    for ref in refs:
        if ref.startswith("E"):
            row = tables.evidence.loc[ref]
            source = tables.sources.loc[row.source]
            parts.append(
                Markup('<a href="{}">{}</a>, {} {}').format(source.url, source.publisher, row.published, markers.link(ref))
            )
    others = tuple(ref for ref in refs if not ref.startswith("E"))
    if others:
        parts.append(Markup("own model and assumptions {}").format(markers.links(others)))
    return Markup("; ").join(parts)


def changed_names(case: Case, base: Case) -> list[str]:
    """Return the names of settings and inputs that differ from the base case."""
    settings = [name for name in vars(case.settings) if getattr(case.settings, name) != getattr(base.settings, name)]
    return settings + [e.name for e, b in zip(case.estimates, base.estimates, strict=True) if _values(e) != _values(b)]


def changed_inputs(case: Case, base: Case, tables: Tables, markers: Markers) -> pd.DataFrame:
    """Return a table of what differs from the base case: input, there, here, basis, why."""
    rows = []
    for name in changed_names(case, base):
        if hasattr(case.settings, name):
            rows.append(
                [name, str(getattr(base.settings, name)), str(getattr(case.settings, name)), "setting", "Set for this run."]
            )
            continue
        row = tables.assumptions.loc[name]
        why, basis = _why(name, case, tables, markers)
        label = Markup("{} {}").format(row.label, markers.link(row.id))
        rows.append([label, estimate_text(base[name]), estimate_text(case[name]), kind_mark(KIND_OF_BASIS[basis]), why])
    return as_frame(rows, ["Input", "As reported", "Here", "Basis", "Why"])


def _values(estimate: Estimate) -> tuple[float, float, float]:
    return estimate.low, estimate.central, estimate.high


def _why(name: str, case: Case, tables: Tables, markers: Markers) -> tuple[Markup | str, str]:
    if case[name].origin == "override":
        return "Set for this run.", "judgement"
    override = tables.scenarios[case.scenario].overrides.get(name)
    if case[name].origin == "scenario" and override:
        return Markup("{} {}").format(override.why, markers.links((*override.claims, *override.evidence))), override.basis
    row = tables.assumptions.loc[name]
    return Markup("{} {}").format(row.why, markers.links(tuple(row.evidence.split()))), row.basis


def claims(frame: pd.DataFrame, spec: PageSpec, markers: Markers) -> pd.DataFrame:
    """Return the claims of a page's topics, and those of the general topic that one of its sections takes up."""
    own = frame["topic"].isin(spec.topics) | ((frame["topic"] == "context") & frame["section"].str.startswith(f"{spec.name}#"))
    rows = [
        [
            Markup('{} <span class="where">{}, paragraph {}, sentence {}</span>').format(
                row.statement, markers.link(row.id), row.paragraph, row.sentence
            ),
            Markup('<span class="verdict verdict-{}">{}</span>').format(row.verdict.replace(" ", "-"), row.verdict),
            Markup("{} {}").format(row.note, markers.links(tuple(row.evidence.split()))),
            _bearing(row.section, spec),
        ]
        for row in frame[own].itertuples()
    ]
    return as_frame(rows, ["Claim", "Verdict", "Evidence and reason", "Taken up in"])


def _bearing(section: str, spec: PageSpec) -> Markup | str:
    page, _, key = section.partition("#")
    if page == spec.name:
        return Markup('<a href="#{}">{}</a>').format(key, spec.sections.get(key, key))
    return Markup('<a href="{}.html#{}">{}</a>').format(page, key, page.replace("_", " "))


def claims_table(rows: pd.DataFrame, title: str) -> Markup:
    """Return the count of verdicts in words and the table of claims."""
    counts = rows["Verdict"].map(lambda mark: Markup(mark).striptags()).value_counts()
    counted = ", ".join(f"{count} {verdict}" for verdict, count in counts.items())
    return Markup("<p>{} claims: {}.</p>").format(len(rows), counted) + table(
        rows, f"Claims of the article on this page ({title})"
    )


def methods(run: Run) -> Markup:
    """Return the methods and limits, with the settings of this run filled in."""
    settings = run.settings
    points = [
        point.format(draws=f"{settings.draws:,}", horizon=settings.horizon_months, basis=settings.burn_basis) for point in METHODS
    ]
    return Markup("<ul>{}</ul>").format(Markup("").join(Markup("<li>{}</li>").format(point) for point in points))


def used(markers: Markers, tables: Tables, case: Case) -> Markup:
    """Return the table of everything that a marker on the page points to: claims, evidence, assumptions."""
    order = {"C": 0, "E": 1, "A": 2}
    refs = sorted(markers.places, key=lambda ref: (order[ref[0]], ref))
    claims, evidence, assumptions = (
        {row.id: row for row in frame.itertuples(index=False)} for frame in (tables.claims, tables.evidence, tables.assumptions)
    )
    known = claims | evidence | assumptions
    rows = [_used_row(known[ref], tables, case) for ref in refs]
    body = Markup("\n").join(
        Markup('<tr id="ref-{}"><th scope="row">{} {}</th><td>{}</td><td>{}</td><td>{}</td></tr>').format(
            ref, ref, markers.back(ref), *row
        )
        for ref, row in zip(refs, rows, strict=True)
    )
    caption = "Claims [C] of the article, published figures [E] and assumptions [A] that this page uses"
    return Markup(
        '<div class="scroll" role="region" aria-label="{}" tabindex="0"><table class="data"><caption>{}</caption><thead><tr>'
        '<th scope="col">Id</th><th scope="col">What</th><th scope="col">Value</th><th scope="col">Where from</th></tr></thead>'
        "<tbody>{}</tbody></table></div>"
    ).format(caption, caption, body)


def _used_row(row, tables: Tables, case: Case) -> tuple:
    if row.id.startswith("C"):
        return row.statement, row.verdict, f"article, paragraph {row.paragraph}, sentence {row.sentence}"
    if row.id.startswith("E"):
        source = tables.sources.loc[row.source]
        link = Markup('<a href="{}">{}</a>, {}; {}').format(source.url, source.publisher, row.published, row.reliability)
        return f"{row.entity}: {row.metric} ({period(row)}). {row.note}", f"{evidence_value(row)} ", link
    estimate = case[row.name]
    why = row.why if estimate.origin == "assumptions" else _plain_why(row.name, case, tables)
    return f"{row.label}: {why}", estimate_text(estimate), f"{row.basis}; {estimate.origin}"


def _plain_why(name: str, case: Case, tables: Tables) -> str:
    override = tables.scenarios[case.scenario].overrides.get(name)
    return override.why if case[name].origin == "scenario" and override else "Set for this run."


def period(row) -> str:
    """Return the period of a published figure."""
    if row.period_start == row.period_end:
        return row.period_start or "no period given"
    return f"{row.period_start or '…'} to {row.period_end or '…'}"


def evidence_value(row) -> str:
    """Return a published figure with its unit, as published; a range where one was published."""
    unit = row.unit.replace("_", " ")
    numbers = [plain(value, digits=3) for value in (row.value_low, row.value, row.value_high) if not pd.isna(value)]
    return f"{' / '.join(dict.fromkeys(numbers))} {unit}" if numbers else "no figure"
