"""Tables of the page on a sweep: which mix of options leads how often, and the notable cases."""

from markupsafe import Markup

from analysis.show import template
from analysis.show.page import Page
from analysis.show.table import Column, Table
from analysis.show.text import mix_name

MIXES = {"mix": Column("mix"), "cases": Column("cases", "count"), "clear": Column("clear", "count")}
TABLES = {"options": Table("options", MIXES)}


def options(page: Page) -> None:
    """Show how often each mix of options leads, where the sweep has kept them."""
    found = page.measures.options
    if len(found):
        page.section("options")
        page.table("options", found.assign(mix=[mix_name(mix, True) for mix in found["mix"]]))


def notable(page: Page) -> Markup:
    """Return the notable cases as a list with their commands, and links to those with a full report."""
    words = {"summary": page.text.words("command_of"), "report": page.text.words("full_report")}
    return template.render("sweep/cases.html.j2", cases=page.facts["notable"], **words)
