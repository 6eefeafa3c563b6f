"""Marker ids by name, so that no id is typed where a name says more."""

import pandas as pd

from analysis.inputs import Tables


def ids(tables: Tables, *names: str) -> tuple[str, ...]:
    """Return the ids [A..] of assumptions by name; an unknown name is a KeyError."""
    return tuple(tables.assumptions.loc[name, "id"] for name in names)


def with_role(tables: Tables, role: str) -> pd.DataFrame:
    """Return the evidence that plays a role (see the codebook), in the order of the table."""
    return tables.evidence[tables.evidence["roles"].str.split().map(lambda roles: role in roles)]
