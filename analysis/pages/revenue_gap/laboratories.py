"""How fast other laboratories grew from a given size. `rates`: results.back_test.run_rates of one."""

import math

import pandas as pd

from analysis.results.back_test import months_between

READINGS = {
    "per_month": ("date", "date"),
    "low": ("first_date", "last_date"),
    "high": ("last_date", "first_date"),
}
COLUMNS = ["lab", "same_size", "from_usd_m", "to_usd_m", "months", *READINGS, "evidence"]


def crossing(rates: pd.DataFrame, size: float, dates: str = "date") -> pd.Timestamp | None:
    """Return the day on which a laboratory had `size` (usd_m a year), between two figures on a log scale.

    None where the first figure is larger or none is as large. `dates`: the column of dates that counts.
    """
    below, above = rates[rates["usd_m_per_year"] <= size], rates[rates["usd_m_per_year"] > size]
    if below.empty or above.empty:
        return None
    first, second = below.iloc[-1], above.iloc[0]
    start = first["usd_m_per_year"]
    way = math.log(size / start) / math.log(second["usd_m_per_year"] / start)
    return first[dates] + way * (second[dates] - first[dates])


def growth(rates: pd.DataFrame, size: float) -> dict[str, object] | None:
    """Return one laboratory's monthly growth from `size` to its last figure; None where it has not grown.

    From its first figure where that is larger than `size` (`same_size` is False). `low`, `high`: the slowest
    and the fastest reading of the published dates.
    """
    below = rates[rates["usd_m_per_year"] <= size]
    first, last = (below.iloc[-1] if len(below) else rates.iloc[0]), rates.iloc[-1]
    start = size if len(below) else float(first["usd_m_per_year"])
    if last["usd_m_per_year"] <= start:
        return None
    months = {}
    for reading, (begun, ended) in READINGS.items():
        origin = crossing(rates, size, begun) if len(below) else first[begun]
        months[reading] = months_between(origin, last[ended])
    multiple = last["usd_m_per_year"] / start
    return {
        "lab": first["lab"],
        "same_size": len(below) > 0,
        "from_usd_m": start,
        "to_usd_m": float(last["usd_m_per_year"]),
        "months": months["per_month"],
        **{name: multiple ** (1 / each) - 1 if each > 0 else math.nan for name, each in months.items()},
        "evidence": f"{first['evidence']} {last['evidence']}",
    }
