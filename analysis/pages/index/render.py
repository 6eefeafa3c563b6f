"""The index of an output folder: the page, its picture, its data and their schema."""

from collections.abc import Mapping
from dataclasses import replace

from analysis.inputs.schemas import TOPICS, VERDICTS
from analysis.pages import PAGES
from analysis.pages.index import charts, data
from analysis.pages.index.measures import Measures
from analysis.show import evidence, figure, shell, template, text
from analysis.show.page import Page

STEM, PICTURE = "index", "index.png"


def render(measures: Measures) -> dict[str, str | bytes]:
    """Return index.html, index.png, index.json and index.schema.json."""
    parts = []
    page = Page(PAGES[STEM], measures.tables, measures, show=lambda part, **said: parts.append((part, said)))
    content = data.index(measures)
    _show(page, content)
    meta = {
        "comparison_href": content["comparison"], "preview": PICTURE,
        "preview_alt": page.text.words("alt_cash").striptags(),
        "data": [{"title": "Index", "href": "index.json", "type": "application/json"}],
    }  # fmt: skip
    for _, said in parts:
        meta |= said.get("burn_head", {})
    body = "\n".join(part for part, said in parts if "burn_style" not in said)
    body = body.replace(" data-notebook open>", ">")  # open in a notebook, folded here as on every page
    contents = [said["burn_heading"] for _, said in parts if "burn_heading" in said]
    picture = figure.preview(charts.FIGURES["cash"], measures.cash, page.text.words("figure_cash"))
    return {"index.html": shell.render(meta, body, contents), PICTURE: picture} | data.files(content)


def _show(page: Page, content: Mapping[str, object]) -> None:
    own = template.environment().get_template("index/body.html.j2").module
    page.head()
    page.section("changed")
    page.say("reading_changed")
    page.say("reading_done")
    page.section("scenarios")
    page.figure("strips")
    page.say("reading_scenarios")
    page.html(own.cases(content, text.Labels(STEM)))
    page.section("claims")
    page.say("reading_claims")
    page.html(own.claims(claims(page.measures), text.shared()["words"]))
    page.section("reading")
    page.say("reading_marks")
    page.say("reading_makers")
    page.appendix()


def claims(measures: Measures) -> dict[str, list[evidence.Row]]:
    """Return verdict -> all claims, each with the leading case's page that takes it up, if that stands."""
    there = {stem: f"{measures.lead}/{stem}" for stem in measures.pages.get(measures.lead, ())}
    there |= {data.COMPARISON: data.COMPARISON} if measures.comparison else {}
    found = evidence.claims(measures.tables, replace(PAGES[STEM], topics=TOPICS))
    return {name: [_placed(row, there) for row in found[name]] for name in VERDICTS if name in found}


def _placed(row: evidence.Row, there: Mapping[str, str]) -> evidence.Row:
    paragraph, sentence, stem, section = row.place
    return replace(row, place=(paragraph, sentence, there.get(stem, ""), section if stem in there else ""))
