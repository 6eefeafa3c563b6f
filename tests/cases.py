"""Random inputs for the model, far wider than any scenario, and the comparison with the plain implementation."""

import numpy as np

from analysis.draws import Drawn
from analysis.model.options import PORTFOLIOS, World
from analysis.parameters import SHARES, Settings
from tests import oracle

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
    """Return name -> values, each (cases,): every assumption at random, the five shares of spend with sum 1."""
    drawn = Drawn(
        (row.name, np.array([random_value(rng, row) for _ in range(cases)])) for row in tables.assumptions.itertuples(index=False)
    )
    shares = rng.dirichlet(np.ones(len(SHARES)), cases)
    return drawn | {name: shares[:, column] for column, name in enumerate(SHARES)}


def world(x, horizon: int = 60, basis: str = "gross", kept: tuple[str, ...] = (), **settings) -> World:
    """Return the model at inputs `x` (name -> (draws,))."""
    return World(x, Settings(burn_basis=basis, horizon_months=horizon, **settings), kept)


def plain(value: float) -> float | None:
    """Return a measure as the plain implementation writes it: None for never and not defined."""
    return float(value) if np.isfinite(value) else None


def disagreements(found: dict[str, float], expected: dict[str, float | None], rel: float = 1e-9) -> list[str]:
    """Return the names whose values differ by more than `rel`, or of which only one side is None."""
    wrong = []
    for name, wanted in expected.items():
        value = plain(found[name])
        if (value is None) != (wanted is None) or (wanted is not None and abs(value - wanted) > rel * max(1.0, abs(wanted))):
            wrong.append(f"{name}: {value}, the plain implementation says {wanted}")
    return wrong


def all_portfolios(x: dict[str, float], measures: dict[str, dict[str, float]], **settings) -> list[str]:
    """Return the disagreements over all 16 portfolios of one case."""
    return [
        f"{name}: {line}"
        for name, options in PORTFOLIOS.items()
        for line in disagreements(measures[name], oracle.portfolio_metrics(x, options, **settings))
    ]
