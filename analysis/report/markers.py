"""Markers [C..], [E..], [A..]: links from a number to the page's evidence table, and back."""

from markupsafe import Markup


class Markers:
    """Collects the ids used on one page, in order of first use, and numbers their places."""

    def __init__(self) -> None:
        self.places: dict[str, int] = {}

    def link(self, ref: str) -> Markup:
        """Return the link to the row of `ref`; each place has an id of its own to come back to."""
        self.places[ref] = self.places.get(ref, 0) + 1
        place = f"back-{ref}-{self.places[ref]}"
        return Markup('<a class="ref" id="{}" href="#ref-{}">[{}]</a>').format(place, ref, ref)

    def links(self, refs: tuple[str, ...]) -> Markup:
        """Return the links of several ids, separated by thin spaces."""
        return Markup(" ").join(self.link(ref) for ref in refs)

    def back(self, ref: str) -> Markup:
        """Return the link from the evidence table back to the first place that uses `ref`."""
        return Markup('<a href="#back-{}-1" aria-label="back to the first use of {}">↩</a>').format(ref, ref)


def kind_mark(kind: str) -> Markup:
    """Return the visible mark of how a number came about: reported, derived or assumed."""
    return Markup('<span class="kind kind-{}">{}</span>').format(kind, kind)
