"""How fast other laboratories grew from a given size. Numbers only; `rates`: rows of
results.back_test.run_rates of one.
"""

import math

import pandas as pd

from analysis.results.back_test import months_between

COLUMNS = ["lab", "same_size", "from_usd_m", "to_usd_m", "months", "per_month", "low", "high", "evidence"]


def crossing(rates: pd.DataFrame, size: float, dates: str = "date") -> pd.Timestamp | None:
    """Return the day on which a laboratory had `size` (usd_m a year), on a log scale between the figures
    around it.

    None where the first figure is larger or none is as large. `dates`: the column of dates that counts.
    """
    below, above = rates[rates["usd_m_per_year"] <= size], rates[rates["usd_m_per_year"] > size]
    if below.empty or above.empty:
        return None
    first, second = below.iloc[-1], above.iloc[0]
    way = math.log(size / first["usd_m_per_year"]) / math.log(
        second["usd_m_per_year"] / first["usd_m_per_year"]
    )
    return first[dates] + way * (second[dates] - first[dates])


def growth(rates: pd.DataFrame, size: float) -> dict[str, object] | None:
    """Return one laboratory's monthly growth from `size` to its last figure; None where it is not larger
    by then.

    From its first figure where that is larger than `size` (`same_size` is False). `low`, `high`: the slowest
    and the fastest reading of the published dates.
    """
    below = rates[rates["usd_m_per_year"] <= size]
    first, last = (below.iloc[-1] if len(below) else rates.iloc[0]), rates.iloc[-1]
    start = size if len(below) else float(first["usd_m_per_year"])
    if last["usd_m_per_year"] <= start:
        return None
    months = {}
    for reading, (begun, ended) in {
        "middle": ("date", "date"),
        "longest": ("first_date", "last_date"),
        "shortest": ("last_date", "first_date"),
    }.items():
        origin = crossing(rates, size, begun) if len(below) else first[begun]
        months[reading] = months_between(origin, last[ended])
    per_month = {
        reading: _compound(last["usd_m_per_year"] / start, length) for reading, length in months.items()
    }
    return {
        "lab": first["lab"],
        "same_size": len(below) > 0,
        "from_usd_m": start,
        "to_usd_m": float(last["usd_m_per_year"]),
        "months": months["middle"],
        "per_month": per_month["middle"],
        "low": per_month["longest"],
        "high": per_month["shortest"],
        "evidence": f"{first['evidence']} {last['evidence']}",
    }


def _compound(multiple: float, months: float) -> float:
    """Return the constant monthly growth that gives `multiple` after `months`; nan where no time passes."""
    return multiple ** (1 / months) - 1 if months > 0 else math.nan
