"""The list of notable cases, with links to those that have a full report."""

from markupsafe import Markup

from analysis.show import template


def notable(page) -> Markup:
    """Return the notable cases of a page on a sweep as a list with their commands."""
    return template.render("sweep/cases.html.j2", cases=page.facts["notable"], summary=page.text.command_of)
