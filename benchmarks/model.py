"""Time and memory of the model: 8192 draws × 60 months × 16 portfolios with their metrics, beside a plain cumulative sum."""

import resource
import time

import numpy as np

from analysis import inputs, parameters, results
from analysis.model.options import PORTFOLIOS, World


def best_of(repeats: int, function) -> float:
    """Return the shortest of several runs, in seconds."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return min(times)


def measure() -> list[tuple[str, str, str]]:
    """Return rows: what, measured, must reach."""
    case = parameters.resolve(inputs.load(), "as_reported")
    sample = case.sample()
    shape = (case.settings.draws, case.settings.horizon_months)
    cells = shape[0] * shape[1] * len(PORTFOLIOS) / 1e6

    def all_portfolios() -> None:
        world = World(sample, case.settings)
        for options in PORTFOLIOS.values():
            world.measures(world.path(options))

    def floor() -> None:
        for _ in PORTFOLIOS:
            np.cumsum(block, axis=1)

    block = np.ones(shape)
    model, least = best_of(5, all_portfolios), best_of(5, floor)
    whole = best_of(3, lambda: results.as_dict(results.Run(case)))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        ("16 portfolios, 8192 draws, 60 months, with measures", f"{model:.2f} s", "< 2 s"),
        ("the same per million draw-months", f"{model / cells * 1000:.1f} ms", "–"),
        (
            "a plain numpy cumulative sum over the same arrays, per million draw-months (floor)",
            f"{least / cells * 1000:.1f} ms",
            "–",
        ),
        ("all of results.json with standard errors", f"{whole:.2f} s", "–"),
        ("peak memory of the process", f"{memory:.0f} MB", "< 1000 MB"),
    ]


if __name__ == "__main__":
    for row in measure():
        print(" | ".join(row))
