"""The list of notable cases, with links to those that have a full report."""

from markupsafe import Markup

from analysis.show import template
from analysis.show.text import mix_name


def notable(page) -> Markup:
    """Return the notable cases of a page on a sweep as a list with their commands."""
    words = {"summary": page.text.command_of, "report": page.text.full_report}
    return template.render("sweep/cases.html.j2", cases=page.facts["notable"], **words)


def options(page) -> None:
    """Show how often each mix of options leads, where the sweep has kept them."""
    found = page.measures.options
    if not len(found):
        return
    page.section("options")
    page.table("options", found.assign(mix_name=[mix_name(mix, True) for mix in found["mix"]]))
