"""The list of notable cases, with links to those that have a full report."""

from markupsafe import Markup

from analysis.show import template


def notable(page) -> Markup:
    """Return the notable cases of a page on a sweep as a list with their commands."""
    words = {"summary": page.text.command_of, "report": page.text.full_report}
    return template.render("sweep/cases.html.j2", cases=page.facts["notable"], **words)
