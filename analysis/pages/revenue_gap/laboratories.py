"""How fast another laboratory grew from a given size. `rates`: results.back_test.run_rates of one."""

import math

import numpy as np
import pandas as pd

from analysis.results.back_test import months_between

READINGS = {  # of the published dates: of the first figure and of the last
    "per_month": ("date", "date"), "low": ("first_date", "last_date"), "high": ("last_date", "first_date"),
}  # fmt: skip
COLUMNS = ["lab", "same_size", "from_usd_m", "months", *READINGS, "evidence"]


def growth(rates: pd.DataFrame, size: float) -> dict[str, object] | None:
    """Return one laboratory's monthly growth from `size` to its last figure; None where it has not grown.

    The day of that size lies between two figures on a log scale. From its first figure where that is larger
    (`same_size` is False). `low`, `high`: the slowest and the fastest reading of the published dates.
    """
    sizes, last = rates["usd_m_per_year"], rates.iloc[-1]
    start = max(size, float(sizes.iloc[0]))
    if last["usd_m_per_year"] <= start:
        return None
    months = {}
    for reading, (begun, ended) in READINGS.items():
        since = (rates[begun] - rates[begun].iloc[0]).dt.days
        passed = pd.Timedelta(days=np.interp(math.log(start), np.log(sizes), since))
        months[reading] = months_between(rates[begun].iloc[0] + passed, last[ended])
    multiple = last["usd_m_per_year"] / start
    return {
        "lab": last["lab"], "same_size": start == size, "from_usd_m": start, "months": months["per_month"],
        **{name: multiple ** (1 / each) - 1 if each > 0 else math.nan for name, each in months.items()},
        "evidence": f"{rates.loc[sizes <= start, 'evidence'].iloc[-1]} {last['evidence']}",
    }  # fmt: skip
