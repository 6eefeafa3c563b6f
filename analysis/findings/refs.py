"""Marker ids by name, so that no id is typed where a name says more."""

from analysis.inputs import Tables, with_role


def ids(tables: Tables, *names: str) -> tuple[str, ...]:
    """Return the ids [A..] of assumptions by name; an unknown name is a KeyError."""
    return tuple(tables.assumptions.loc[name, "id"] for name in names)


__all__ = ["ids", "with_role"]
