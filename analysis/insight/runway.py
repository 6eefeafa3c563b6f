"""How long the money lasts: cash over time, and the month in which it is used up as 50 equally likely dots."""

import numpy as np
import pandas as pd

from analysis.insight.bands import fan
from analysis.results import Run, percentile

DOTS = 50
BIN_MONTHS = (1, 2, 3, 6, 12)
MOST_BINS = 24
SHORTEST = 12  # months that the chart of cash shows at least


def cash(run: Run) -> pd.DataFrame:
    """Return cash at the start (row 0) and at the end of each month, with bands, usd_m; `index_months` counts months passed.

    Ends two months after cash is used up in 19 of 20 draws, since a balance that needs fresh money says nothing more.
    `funding_usd_m`: committed funding that arrives in that month on the central path.
    """
    opening = fan(run.world.x["opening_cash_usd_m"][:, None], run.central_world.x["opening_cash_usd_m"], run.settings, "usd_m")
    months = fan(run.path.cash, run.central_path.cash, run.settings, "usd_m").assign(funding_usd_m=run.central_path.funding[0])
    months["index_months"] += 1
    frame = pd.concat([opening.assign(month="opening", funding_usd_m=0.0), months], ignore_index=True)
    gone = np.flatnonzero(frame["p95_usd_m"] < 0)
    last = max(SHORTEST, int(gone[0]) + 2) if len(gone) else len(frame) - 1
    return frame[frame["index_months"] <= last].assign(counted_from=run.settings.month(0))


def dots(run: Run) -> pd.DataFrame:
    """Return 50 quantiles of the runway, each for 2 of 100 runs: where each dot stands, and in which month that is.

    `runway_months`: at probabilities 0.01, 0.03 … 0.99; nan when cash lasts to the horizon. `bin_start_months`,
    `bin_width_months`, `stack`: column of the dot and its place in it, from 1. Dots without a month share one stack.
    """
    values = np.array([percentile(run.gap["runway_months"], 100 * (dot - 0.5) / DOTS) for dot in range(1, DOTS + 1)])
    values = np.where(np.isfinite(values), values, np.nan)
    width = bin_width(float(np.nanmax(values, initial=0.0)))
    frame = pd.DataFrame({"dot": range(1, DOTS + 1), "runway_months": values, "bin_start_months": values // width * width})
    frame["month"] = [run.settings.month(int(value)) if value == value else "" for value in values]
    frame["stack"] = frame.groupby("bin_start_months", dropna=False).cumcount() + 1
    return frame.assign(bin_width_months=width, counted_from=run.settings.month(0), horizon_months=run.settings.horizon_months)


def bin_width(longest: float) -> int:
    """Return the narrowest width of a column, in months, that needs no more than 24 columns."""
    return next((width for width in BIN_MONTHS if longest < width * MOST_BINS), BIN_MONTHS[-1])
