"""Fans over time: the central path and the 5th to 95th percentile of draws, month by month."""

import numpy as np
import pandas as pd

from analysis.parameters import Settings
from analysis.results import Run

LEVELS = (5, 25, 50, 75, 95)


def fan(draws: np.ndarray, central: np.ndarray, settings: Settings, unit: str) -> pd.DataFrame:
    """Return one row per month: month (YYYY-MM), index, central, p5 … p95, columns ending in the unit.

    `draws`: (draws, months); `central`: (1, months) or (months,).
    """
    ranks = np.percentile(draws, LEVELS, axis=0)
    columns = {f"p{level}_{unit}": rank for level, rank in zip(LEVELS, ranks, strict=True)}
    months = range(draws.shape[1])
    return pd.DataFrame(
        {"month": [settings.month(t) for t in months], "index_months": list(months), f"central_{unit}": np.ravel(central)} | columns
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
