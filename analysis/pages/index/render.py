"""The index of an output folder: the page, its picture, its data and their schema."""

from collections.abc import Mapping
from dataclasses import replace

from markupsafe import Markup

from analysis.inputs.schemas import TOPICS, VERDICTS
from analysis.inputs.tables import Tables
from analysis.pages import PAGES
from analysis.pages.index import data
from analysis.pages.index.measures import Measures
from analysis.results import compared
from analysis.show import evidence, figure, shell, template, text
from analysis.show.page import Page

STEM, PICTURE = "index", "index.png"
SECTIONS = {  # section -> its paragraphs
    "changed": ("reading_changed", "reading_done"),
    "scenarios": ("reading_scenarios",),
    "claims": ("reading_claims",),
    "reading": ("reading_marks", "reading_makers"),
}


def render(
    results: compared.Results,
    tables: Tables,
    pages: Mapping[str, list[str]],
    failed: Mapping[str, list[str]],
    not_shown: Mapping[str, str],
    comparison: bool,
) -> dict[str, str | bytes]:
    """Return index.html, index.png, index.json and index.schema.json.

    `results`: case folder -> content of its results.json, at least one; `pages`, `failed`: case -> its pages, those that
    could not be built; `not_shown`: folder -> why; `comparison`: whether scenario_comparison.html is there.
    """
    measures = Measures(results, tables, pages, failed, not_shown, comparison)
    content = data.index(measures)
    parts: list[tuple[Markup, Mapping]] = []
    page = Page(PAGES[STEM], tables, measures, show=lambda part, **said: parts.append((part, said)))
    _show(page, content)
    meta = {"comparison_href": content.comparison, "preview": PICTURE, "version": content.version}
    meta |= {"preview_alt": str(page.text.words("alt_cash").striptags())}
    meta |= {"data": [{"title": "Index", "href": "index.json", "type": "application/json"}]}
    for _, said in parts:
        meta |= said.get("burn_head", {})
    body = "\n".join(part for part, said in parts if "burn_style" not in said)
    body = body.replace(
        " data-notebook open>", ">"
    )  # what is open in a notebook is folded here, as in every page
    contents = [said["burn_heading"] for _, said in parts if "burn_heading" in said]
    lead = PAGES[STEM].module("charts").FIGURES["cash"]
    picture = figure.preview(lead, measures.cash, page.text.words("figure_cash"))
    return {"index.html": shell.render(meta, body, contents), PICTURE: picture} | data.files(content)


def _show(page: Page, content: data.Index) -> None:
    """Show the parts of the page in their order."""
    own = template.environment().get_template("index/body.html.j2").module
    labels, words = text.labels(STEM), text.shared()["words"]
    page.head()
    for key, paragraphs in SECTIONS.items():
        page.section(key)
        if key == "scenarios":
            page.figure("strips")
        for name in paragraphs:
            page.say(name)
        if key == "scenarios":
            page.html(own.cases(content.scenarios, content.comparison, content.not_shown, labels))
        elif key == "claims":
            found = claims(page.measures)
            said = {
                verdict: page.text.words("of_verdict", verdict, len(rows)) for verdict, rows in found.items()
            }
            page.html(own.claims(found, said, words))
    page.appendix()


def claims(measures: Measures) -> dict[str, list[evidence.Row]]:
    """Return verdict -> all claims, each with the place where a page that stands takes it up."""
    spec = replace(PAGES[STEM], topics=TOPICS)
    found = evidence.claims(measures.tables, spec)
    order = [verdict for verdict in VERDICTS if verdict in found]
    return {verdict: [_placed(row, measures) for row in found[verdict]] for verdict in order}


def _placed(row: evidence.Row, measures: Measures) -> evidence.Row:
    """Return the row of a claim with its page as seen from the index; without a section where no page stands."""
    paragraph, sentence, stem, section = row.place
    if PAGES.get(stem) and PAGES[stem].kind == "comparison":
        there = stem if measures.comparison else ""
    else:
        cases = [measures.lead, *measures.results]
        there = next((f"{case}/{stem}" for case in cases if stem in measures.pages.get(case, ())), "")
    return replace(row, place=(paragraph, sentence, there, section if there else ""))
