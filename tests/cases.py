"""Random inputs for the model, far wider than any scenario."""

import numpy as np

from analysis.inputs.draws import Drawn

AT_A_BOUND = 0.04  # chance that an input takes one of its hard bounds, where the model allows both


def random_value(rng: np.random.Generator, row) -> float:
    """Return one value of an assumption within its hard bounds. `row`: its row of the assumptions table."""
    if rng.random() < AT_A_BOUND and row.maximum <= 240:
        return float(rng.choice([row.minimum, row.maximum]))
    if row.domain == "positive":
        return float(np.clip(row.central * np.exp(rng.normal(0, 0.8)), row.minimum, row.maximum))
    if row.domain == "real":
        return float(np.clip(row.central + rng.normal(0, 0.15), max(row.minimum, -0.4), min(row.maximum, 0.8)))
    return float(rng.uniform(max(row.minimum, 0.02), row.maximum))


def random_inputs(tables, rng: np.random.Generator, cases: int) -> Drawn:
    """Return name -> values, each (cases,): every assumption at random."""
    rows = tables.assumptions.itertuples(index=False)
    return Drawn((row.name, np.array([random_value(rng, row) for _ in range(cases)])) for row in rows)
