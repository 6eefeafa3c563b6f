"""What a sentence, and the text around a figure, consists of."""

import re
from dataclasses import dataclass

from analysis.errors import InputError

KINDS = ("reported", "derived", "assumed")
KIND_OF_BASIS = {"reported": "reported", "derived": "derived", "estimate": "assumed", "judgement": "assumed"}
MARKER = re.compile(r"^[CEA]\d{2,3}$")


@dataclass(frozen=True)
class Finding:
    """One computed sentence, how its number came about, and the ids ([C..], [E..], [A..]) that it rests on."""

    text: str
    kind: str
    refs: tuple[str, ...]

    def __post_init__(self) -> None:
        _check(self.text, self.kind, self.refs)


@dataclass(frozen=True)
class Words:
    """The words of a figure or table, all computed.

    `headline`: what it shows, at most 15 words. `subtitle`: measure, unit, entity, period. `shows`: the text
    alternative's sentence, made from the plotted data. `note`: definition, transformation, what is estimated.
    """

    headline: str
    subtitle: str
    note: str
    shows: str
    kind: str
    refs: tuple[str, ...]

    def __post_init__(self) -> None:
        _check(self.headline, self.kind, self.refs)
        if len(self.headline.split()) > 15:
            raise InputError(f"a headline has at most 15 words; given {len(self.headline.split())}: {self.headline}")


def _check(text: str, kind: str, refs: tuple[str, ...]) -> None:
    if kind not in KINDS:
        raise InputError(f"kind must be one of {', '.join(KINDS)}; given {kind!r}")
    if re.search(r"\d", text) and not refs:
        raise InputError(f"a number without a source: {text}")
    for ref in refs:
        if not MARKER.match(ref):
            raise InputError(f"not a marker id: {ref!r} (allowed: C01, E001, A01 …)")
