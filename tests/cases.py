"""Random inputs for the model, far wider than any scenario."""

import numpy as np

from analysis.inputs.draws import Drawn

AT_A_BOUND = 0.04  # chance that an input takes one of its hard bounds, where the model allows both


def random_values(rng: np.random.Generator, row, count: int) -> np.ndarray:
    """Return `count` values of an assumption within its hard bounds. `row`: its row of the assumptions table."""
    if row.domain == "positive":
        values = row.central * np.exp(rng.normal(0, 0.8, count))
    elif row.domain == "real":
        values = np.clip(row.central + rng.normal(0, 0.15, count), -0.4, 0.8)
    else:
        values = rng.uniform(max(row.minimum, 0.02), row.maximum, count)
    bounds = rng.choice([row.minimum, row.maximum], count)
    at_bound = (rng.random(count) < AT_A_BOUND) & (row.maximum <= 240)
    return np.where(at_bound, bounds, np.clip(values, row.minimum, row.maximum))


def random_inputs(tables, rng: np.random.Generator, cases: int) -> Drawn:
    """Return name -> values, each (cases,): every assumption at random."""
    rows = tables.assumptions.itertuples(index=False)
    return Drawn((row.name, random_values(rng, row, cases)) for row in rows)
