"""The pages that no notebook makes: the index, and the page that stands in for a notebook that failed."""

import functools
import pathlib
import re

import jinja2
import pandas as pd
from markupsafe import Markup
from matplotlib.figure import Figure

from analysis import __version__, inputs
from analysis.charts import theme
from analysis.findings import overview
from analysis.inputs import Tables
from analysis.report.export import TEMPLATES
from analysis.report.figure import drawing
from analysis.report.page import LICENCE, commit, newest
from analysis.report.pages import COMPARISON, PAGES
from analysis.report.table import rows, table
from analysis.stored import read_results, title_of

TITLE = "A billion dollars a month"
QUESTION = "xAI was reported in June 2025 to burn about one billion dollars a month. Can that be, how long would it last, what could be done?"
CAUTION = (
    "The claim comes from documents seen by reporters; the company's head called it nonsense and gave no figure. "
    "Every number here is reported by someone, derived from such numbers or assumed, and says which."
)


@functools.lru_cache(maxsize=1)
def _templates() -> jinja2.Environment:
    loader = jinja2.FileSystemLoader(TEMPLATES / "burn")
    return jinja2.Environment(loader=loader, autoescape=False)  # the templates escape each value themselves


def shell(meta: dict, body: Markup, contents: list[dict]) -> str:
    """Return a whole page around `body`."""
    return _templates().get_template("site.html.j2").render(meta=meta, body=body, contents=contents)


def index(out: pathlib.Path, cases: list[str], problems: list[str] | None = None) -> str:
    """Return the index page for the cases (folders) in `out`, in the order given; `problems`: why others are not shown."""
    tables = inputs.load()
    results = {case: read_results(out / case / "results.json") for case in cases}
    parts = {
        "answer": ("The answer", _answer(results, tables)),
        "scenarios": (
            "Five ways to see it" if set(cases) == set(tables.scenarios) else "The cases",
            _cards(results, tables, out, problems or []),
        ),
        "compare": ("Side by side", _side_by_side(results, tables, out)),
        "claims": ("The article's claims, checked", _verdicts(tables, cases)),
        "new": ("What is new in this version", _news()),
        "how": ("How to read, check and run this again", _how(tables)),
    }
    head = Markup(
        '<header class="page-head"><p class="kicker">Analytical report</p><h1>{}</h1><p class="question">{}</p></header>'
    )
    body = head.format(TITLE, QUESTION) + Markup("").join(_section(key, *part) for key, part in parts.items())
    meta = {"title": TITLE, "description": QUESTION}
    return shell(meta, body, [{"id": key, "title": part[0]} for key, part in parts.items()])


def _section(key: str, title: str, body: Markup) -> Markup:
    css = Markup(' class="answer"') if key == "answer" else ""
    return Markup('<section{} aria-labelledby="{}"><h2 id="{}">{}</h2>{}</section>').format(css, key, key, title, body)


def _answer(results: dict[str, dict], tables: Tables) -> Markup:
    first = results.get("as_reported") or next(iter(results.values()))
    told, evidence_id = overview.outcome(tables)
    row = tables.evidence.loc[evidence_id]
    source = tables.sources.loc[row.source]
    link = Markup('<a href="{}">{}, {}</a>').format(source.url, source.publisher, row.published)
    return Markup('<p class="lead">{}</p><p>{} ({}.) {} {}</p><p>{}</p>').format(
        overview.answer(first, tables).text,
        told,
        link,
        overview.raised(tables),
        overview.agreement(list(results.values())),
        CAUTION,
    )


def _cards(results: dict[str, dict], tables: Tables, out: pathlib.Path, problems: list[str]) -> Markup:
    highest = max(max(result["paths"]["spend_usd_m"]["central"]) for result in results.values())
    cards = [_card(case, result, tables, out, highest) for case, result in results.items()]
    note = Markup(
        '<p class="note">Ranges: 90% of runs. Small charts: spending (solid) and revenue (dashed) a month on the central path, same scale in all.</p>'
    )
    missing = Markup("").join(Markup("<p>Not shown: {}.</p>").format(problem) for problem in problems)
    return Markup('<div class="cards">{}</div>{}{}').format(Markup("").join(cards), note, missing)


def _card(case: str, result: dict, tables: Tables, out: pathlib.Path, highest: float) -> Markup:
    title = title_of(case, result, tables)
    tiles = Markup("").join(
        Markup("<div><dt>{}</dt><dd>{}<small>{}</small></dd></div>").format(*tile) for tile in overview.tiles(result)[:4]
    )
    links = Markup(" · ").join(
        Markup('<a href="{}/{}.html">{}</a>').format(case, name, spec.title)
        for name, spec in PAGES.items()
        if (out / case / f"{name}.html").exists()
    )
    failed = [name for name in PAGES if _is_error(out / case / f"{name}.html")]
    warning = (
        Markup('<p class="error">Not built: {}</p>').format(", ".join(PAGES[name].title for name in failed)) if failed else ""
    )
    return Markup('<article class="card"><h3>{}</h3><p>{}</p>{}<dl class="tiles">{}</dl>{}<p>{}</p></article>').format(
        title,
        tables.scenarios[result["scenario"]].world.split(". ")[0].rstrip(".") + ".",
        _spark(case, title, result, highest),
        tiles,
        warning,
        links,
    )


def _spark(case: str, title: str, result: dict, highest: float) -> Markup:
    frame = pd.DataFrame({name: result["paths"][f"{name}_usd_m"]["central"] for name in ("spend", "revenue")})
    first, last = frame.iloc[0], frame.iloc[-1]
    says = (
        f"Small line chart, {title}: spending from {overview.money(first.spend)} to {overview.money(last.spend)} a month, "
        f"revenue from {overview.money(first.revenue)} to {overview.money(last.revenue)}"
    )

    def draw(figure: Figure, data: pd.DataFrame, narrow: bool) -> None:
        ax = figure.subplots()
        ax.fill_between(data.index, data.revenue, data.spend, color=theme.MUTED, alpha=0.15, linewidth=0)
        ax.plot(data.index, data.spend, color=theme.C1)
        ax.plot(data.index, data.revenue, color=theme.C3, linestyle=(0, (4, 2)))
        ax.set_ylim(0, highest * 1.05 or 1)
        ax.axis("off")

    return drawing(f"card-{case}", draw, frame, True, 96, says)


def _side_by_side(results: dict[str, dict], tables: Tables, out: pathlib.Path) -> Markup:
    labels = [label for label, _, _ in overview.tiles(next(iter(results.values())))]
    cells = [
        [Markup('<a href="{}/revenue_gap.html">{}</a>').format(case, title_of(case, result, tables))]
        + [Markup("{}<small>{}</small>").format(value, span) if span else value for _, value, span in overview.tiles(result)]
        for case, result in results.items()
    ]
    body = table(
        rows(cells, ["Case", *labels]), "Headline figures of every case, with the range of 90% of runs", numeric=tuple(labels)
    )
    if (out / f"{COMPARISON.name}.html").exists():
        body += Markup('<p><a href="{}.html">{}</a></p>').format(
            COMPARISON.name, f"{COMPARISON.title}: differences, paths and inputs"
        )
    return body


def _verdicts(tables: Tables, cases: list[str]) -> Markup:
    counts = tables.claims["verdict"].value_counts()
    items = Markup("").join(
        Markup('<li><span class="verdict verdict-{}">{}</span> {}</li>').format(verdict.replace(" ", "-"), verdict, count)
        for verdict, count in counts.items()
    )
    case = "as_reported" if "as_reported" in cases else cases[0]
    where = Markup(", ").join(
        Markup('<a href="{}/{}.html#claims">{}</a>').format(case, name, spec.title) for name, spec in PAGES.items()
    )
    return Markup(
        '<p>The article makes {} claims in {} sentences. Verdicts, with what was public by mid-2026:</p><ul class="verdict-counts">{}</ul><p>Claim by claim: {}.</p>'
    ).format(len(tables.claims), tables.claims[["paragraph", "sentence"]].drop_duplicates().shape[0], items, where)


def _news() -> Markup:
    try:
        text = (inputs.ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    except OSError:
        return Markup("<p>No change log is beside this installation.</p>")
    latest = re.split(r"^## ", text, flags=re.M)[1] if "\n## " in text else ""
    name, _, body = latest.partition("\n")
    entries = [re.sub(r"[`*]", "", " ".join(item.split())) for item in re.findall(r"^- (.*?)(?=^- |\Z)", body, flags=re.M | re.S)]
    return Markup("<p>Version {}.</p><ul>{}</ul>").format(
        name.strip(), Markup("").join(Markup("<li>{}</li>").format(entry) for entry in entries)
    )


def _how(tables: Tables) -> Markup:
    return Markup(
        "<p>Each case has three pages: where the money goes, how long it lasts, what could be done. On every page, markers such as [A01] lead to "
        "the source of a number, each chart carries its data, and “Show the code” opens the notebook behind it.</p>"
        '<pre class="command">burn-report build as_reported --set monthly_burn_usd_m=900 --name my-case</pre>'
        '<footer class="page-foot"><dl><dt>Version</dt><dd>{}, commit {}</dd><dt>Evidence published until</dt><dd>{}</dd>'
        "<dt>Licence</dt><dd>{}</dd><dt>Advice</dt><dd>None: this is an analysis of public figures.</dd></dl></footer>"
    ).format(__version__, commit(), newest(tables), LICENCE)


ERROR_MARK = 'data-report-error="true"'


def error_page(meta: dict, values: dict, heading: str, error: str) -> str:
    """Return the page of a notebook that failed: scenario, notebook, where, parameters and the last lines of the error."""
    given = Markup("").join(Markup("<dt>{}</dt><dd>{}</dd>").format(name, str(value)) for name, value in values.items())
    last = "\n".join(re.sub(r"\x1b\[[0-9;]*m", "", error).strip().splitlines()[-8:])
    body = Markup(
        '<header class="page-head" {}><p class="kicker">Scenario: {}</p><h1>{} could not be built</h1>'
        '<p class="question">The other pages are complete. This one stopped after “{}”.</p></header>'
        '<pre class="error">{}</pre><h2 id="parameters">Parameters</h2><dl>{}</dl>'
    ).format(Markup(ERROR_MARK), meta.get("scenario_title", ""), meta["title"], heading, last, given)
    return shell(meta, body, [])


def _is_error(path: pathlib.Path) -> bool:
    return path.exists() and ERROR_MARK in path.read_text(encoding="utf-8")
