"""Markers: small links from a sentence to the rows of the appendix that its numbers rest on."""

from collections.abc import Iterable

from markupsafe import Markup

from analysis.inputs.errors import unknown
from analysis.inputs.tables import Tables
from analysis.show import template


class Markers:
    """Collects the ids a page cites, in order of first use: of claims, figures, assumptions or their name."""

    def __init__(self, tables: Tables | None = None) -> None:
        self.used: dict[str, None] = {}
        self._tables = tables

    def behind(self, refs: Iterable[str], cited: set[str]) -> Markup:
        """Return the markers of `refs` not yet `cited` (which is added to), led by a blank, or ""."""
        new = [ref for ref in map(self.identify, refs) if ref not in cited]
        cited.update(new)
        return Markup(" ") + self.links(new) if new else Markup("")

    def links(self, refs: Iterable[str]) -> Markup:
        """Return the links to the rows of `refs`; a row leads back to the first link to it."""
        names = dict.fromkeys(map(self.identify, refs))
        links = template.render("parts/markers.html.j2", names=names, used=self.used)
        self.used |= names
        return links

    def identify(self, ref: str) -> str:
        """Return the id of `ref`: of an assumption's name its id, else the id itself."""
        if self._tables is None:
            return ref
        assumed, evidence, claims = self._tables.assumptions, self._tables.evidence, self._tables.claims
        if ref in assumed.index:
            return assumed.loc[ref, "id"]
        known = {"E": evidence.index, "C": claims["id"], "A": assumed["id"]}.get(ref[:1], assumed.index)
        if ref not in list(known):
            raise unknown("source", ref, list(known))
        return ref
