"""Fans over time: the central path and the 5th to 95th percentile of draws, month by month, under either reading."""

import dataclasses

import numpy as np
import pandas as pd

from analysis.draws import standard_error
from analysis.model import growth
from analysis.model.revenue import STREAMS
from analysis.parameters import BURN_BASES, Settings
from analysis.results import Run, percentile

LEVELS = (5, 25, 50, 75, 95)
CEILING = "ceiling"


def fan(draws: np.ndarray, central: np.ndarray, settings: Settings, unit: str) -> pd.DataFrame:
    """Return one row per month: month (YYYY-MM), index, central, p5 … p95, columns ending in the unit.

    `draws`: (draws, months); `central`: (1, months) or (months,).
    """
    ranks = np.percentile(draws, LEVELS, axis=0)
    columns = {f"p{level}_{unit}": rank for level, rank in zip(LEVELS, ranks, strict=True)}
    months = range(draws.shape[1])
    return pd.DataFrame(
        {"month": [settings.month(t) for t in months], "index_months": list(months), f"central_{unit}": np.ravel(central)}
        | columns
    )


def gap(run: Run) -> pd.DataFrame:
    """Return spending and revenue per month with bands: `series` is spending or revenue."""
    frames = {
        "spending": fan(run.path.spend, run.central_path.spend, run.settings, "usd_m"),
        "revenue": fan(run.path.revenue, run.central_path.revenue, run.settings, "usd_m"),
    }
    return pd.concat([frame.assign(series=name) for name, frame in frames.items()], ignore_index=True)[
        ["month", "series", "index_months", "central_usd_m", *(f"p{level}_usd_m" for level in LEVELS)]
    ]


def ever_covered(run: Run) -> dict[str, float]:
    """Return the share of draws in which revenue covers spending in at least one month, and its standard error."""
    hits = (run.path.net_burn <= 0).any(axis=1)
    return {"value": float(hits.mean()), "se": standard_error(np.mean, hits)}


def ceiling_above_spending(run: Run) -> dict[str, float]:
    """Return the share of draws whose revenue ceiling exceeds spending in the last month, and its standard error."""
    hits = run.gap["revenue_ceiling_usd_m_per_month"] > run.path.spend[:, -1]
    return {"value": float(hits.mean()), "se": standard_error(np.mean, hits)}


def readings(run: Run) -> dict[str, Run]:
    """Return the same case under each meaning of the claimed burn: basis -> run. The run's own basis is the run itself."""
    return {basis: run if run.settings.burn_basis == basis else _with_basis(run, basis) for basis in BURN_BASES}


def _with_basis(run: Run, basis: str) -> Run:
    settings = dataclasses.replace(run.settings, burn_basis=basis)
    return Run(dataclasses.replace(run.case, settings=settings))


def streams(run: Run) -> pd.DataFrame:
    """Return revenue per month by stream on the central path, and the total with its band; the last row is the ceiling.

    Columns central_<stream>_usd_m, central_total_usd_m, p5_total_usd_m …; nan for a ceiling that is infinite.
    """
    total = fan(run.path.revenue, run.central_path.revenue, run.settings, "total_usd_m")
    parts = {f"central_{name}_usd_m": path[0] for name, path in run.central_world.streams().items()}
    total = pd.concat(
        [total[["month", "index_months"]], pd.DataFrame(parts), total.drop(columns=["month", "index_months"])], axis=1
    )
    return pd.concat([total, pd.DataFrame([_ceiling_row(run)])], ignore_index=True)


def _ceiling_row(run: Run) -> dict[str, object]:
    ceilings = run.gap["revenue_ceiling_usd_m_per_month"]
    parts = {f"central_{name}_usd_m": float(stream_ceiling(run.central_world.x, name)[0]) for name in STREAMS}
    ranks = {f"p{level}_total_usd_m": percentile(ceilings, level) for level in LEVELS}
    total = {"central_total_usd_m": float(run.central_gap["revenue_ceiling_usd_m_per_month"][0])}
    values = {name: value if np.isfinite(value) else np.nan for name, value in (parts | total | ranks).items()}
    return {"month": CEILING, "index_months": np.nan} | values


def stream_ceiling(x, name: str) -> np.ndarray:
    """Return the level that one stream approaches, shape (draws,), usd_m a month. `x`: a world's inputs."""
    return growth.ceiling(x[f"revenue_{name}_usd_m"], x[f"growth_{name}_per_month"], x["growth_endurance"])


def stream_levels(run: Run, months: tuple[int, ...] = (0, 12, 36)) -> pd.DataFrame:
    """Return stream (and total, last) × when: central, p5, p95 in usd_m a month at `months` and at the ceiling.

    `when` is a month's index as text, or "ceiling". A month beyond the horizon is left out; an infinite value is nan.
    """
    paths = run.world.streams() | {"total": run.path.revenue}
    central = run.central_world.streams() | {"total": run.central_path.revenue}
    rows = []
    for name in (*STREAMS, "total"):
        levels = {str(t): (paths[name][:, t], central[name][0, t]) for t in months if t < run.settings.horizon_months}
        levels[CEILING] = _ceiling(run, name)
        rows += [_level(name, when, draws, middle) for when, (draws, middle) in levels.items()]
    return pd.DataFrame(rows)


def _ceiling(run: Run, name: str) -> tuple[np.ndarray, float]:
    if name == "total":
        measure = "revenue_ceiling_usd_m_per_month"
        return run.gap[measure], run.central_gap[measure][0]
    return stream_ceiling(run.world.x, name), stream_ceiling(run.central_world.x, name)[0]


def _level(name: str, when: str, draws: np.ndarray, middle: float) -> dict[str, object]:
    values = {"central_usd_m": middle, "p5_usd_m": percentile(draws, 5), "p95_usd_m": percentile(draws, 95)}
    return {"stream": name, "when": when} | {key: float(value) if np.isfinite(value) else np.nan for key, value in values.items()}
