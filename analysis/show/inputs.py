"""How inputs and settings are named and written for readers: unrounded, the range apart."""

from collections.abc import Mapping

from analysis.inputs.estimates import Estimate
from analysis.inputs.tables import Tables
from analysis.show import numbers, text


def label(name: str, tables: Tables) -> str:
    """Return what readers call an assumption or a setting."""
    known = tables.assumptions["label"]
    return known[name] if name in known.index else text.shared()["words"]["settings"][name]


def written(value: object) -> tuple[str, str]:
    """Return an Estimate or a setting's value as text, and its range or "": ("$1bn", "$700m to $1.7bn")."""
    central, _, ends = with_range(value).partition(" (")
    return central, ends.removesuffix(")")


def with_range(value: object) -> str:
    """Return an Estimate or a setting's value as text: "$1bn a month ($700m to $1.7bn)", "July 2025"."""
    if isinstance(value, Estimate):
        return numbers.estimate(value)
    is_month = isinstance(value, str) and value[:4].isdigit()
    return numbers.month(value) if is_month else str(value)


def listed(changed: Mapping[str, object], tables: Tables) -> dict[str, str]:
    """Return label -> value with its range, of what a case changes (results.compared.changed)."""
    return {label(name, tables): with_range(value) for name, value in changed.items()}


def grounds(name: str, scenario: str, tables: Tables) -> dict[str, object]:
    """Return what an input of a scenario rests on: basis, sources (each id, publisher, address), why."""
    own = tables.scenario(scenario).overrides.get(name)
    given = {key: getattr(own, key) if own else tables.assumptions[key][name] for key in ("basis", "why")}
    refs = own.evidence if own else tables.assumptions["evidence"][name].split()
    source_of, publisher, url = tables.evidence["source"], tables.sources["publisher"], tables.sources["url"]
    return given | {"sources": [(ref, publisher[source_of[ref]], url[source_of[ref]]) for ref in refs]}
