"""Public figures of "burn", sorted by what they measure and for whom, as published and per month. Never added.

Money is in millions of US dollars. What leaves the company is positive: a negative EBITDA or cash flow changes its sign.
"""

import functools

import pandas as pd

from analysis.inputs import Tables, with_role

USD_M = {"usd_m": 1.0, "usd_m_per_month": 1.0, "usd_bn": 1000.0}
# measure -> what kind of thing it is, in the order of the chart
FAMILIES = {
    "monthly_burn_claim": "cash",
    "planned_spend": "cash",
    "levered_cash_flow": "cash",
    "cash_spent": "cash",
    "operating_cash_flow": "cash",
    "capital_expenditure": "investment",
    "net_loss": "loss",
    "operating_loss": "loss",
    "ebitda": "loss",
    "ebitda_forecast": "loss",
}
# published as a result, so that an outflow or a loss carries a minus; what is published as a loss carries none
RESULTS = ("ebitda", "operating_cash_flow")
PERIMETERS = ("xai", "xai_and_x", "peer")


def figures(tables: Tables) -> pd.DataFrame:
    """Return the figures about xAI, one row each, in the order of FAMILIES, perimeter and period.

    Columns: id, entity, perimeter, family, measure, status (reported, forecast, disputed), floor (at least this much was
    said), period_start, period_end, period_months, published_per (month or period), published_low_usd_m, published_usd_m,
    published_high_usd_m (equal where no range was published), per_month_usd_m (published_usd_m over the months).
    """
    return _sorted(tables, "definition")


def peers(tables: Tables) -> pd.DataFrame:
    """Return the figures about other laboratories, columns as in `figures`."""
    return _sorted(tables, "definition_peer")


def one(frame: pd.DataFrame, measure: str, perimeter: str, start: str) -> pd.Series:
    """Return the row of a measure, perimeter and start of period (YYYY-MM); none or several are a KeyError.

    Of several periods that start together, the longest is meant.
    """
    rows = frame[(frame["measure"] == measure) & (frame["perimeter"] == perimeter) & frame["period_start"].str.startswith(start)]
    if rows.empty:
        raise KeyError(f"no public figure of {measure} for {perimeter} from {start}")
    return rows.sort_values("period_months").iloc[-1]


def months_between(start: str, end: str) -> int:
    """Return the whole months of a period, both days included (2025-01-01 to 2025-09-30 is 9), at least 1."""
    first, after = pd.Timestamp(start), pd.Timestamp(end) + pd.Timedelta(days=1)
    part = (after.day - first.day) / after.days_in_month
    return max(1, round((after.year - first.year) * 12 + after.month - first.month + part))


@functools.lru_cache(maxsize=2)  # a dozen sentences and tables of one page ask for it
def _sorted(tables: Tables, role: str) -> pd.DataFrame:
    frame = pd.DataFrame([_row(row) for row in with_role(tables, role).itertuples()])
    order = frame.assign(measure=frame["measure"].map(list(FAMILIES).index), perimeter=frame["perimeter"].map(PERIMETERS.index))
    keys = (
        ["measure", "perimeter", "period_start", "period_months"]
        if role == "definition"
        else ["entity", "measure", "period_start"]
    )
    return frame.loc[order.sort_values(keys, kind="stable").index].reset_index(drop=True)


def _row(row) -> dict:
    floor = pd.isna(row.value)
    sign = -1 if row.measure in RESULTS else 1
    scale = sign * USD_M[row.unit]
    published = scale * (row.value_low if floor else row.value)
    low, high = (published if pd.isna(end) else scale * end for end in (row.value_low, row.value_high))
    months = months_between(row.period_start, row.period_end)
    return {
        "id": row.id,
        "entity": row.entity,
        "perimeter": row.perimeter,
        "family": FAMILIES[row.measure],
        "measure": row.measure,
        "status": _status(row),
        "floor": floor,
        "period_start": row.period_start,
        "period_end": row.period_end,
        "period_months": months,
        "published_per": "month" if row.unit == "usd_m_per_month" else "period",
        "published_low_usd_m": low,
        "published_usd_m": published,
        "published_high_usd_m": high,
        "per_month_usd_m": published / (1 if row.unit == "usd_m_per_month" else months),
    }


def _status(row) -> str:
    if row.reliability == "disputed":
        return "disputed"
    forecast = row.reliability_detail == "forecast-to-investors" or row.measure.endswith("_forecast")
    return "forecast" if forecast else "reported"
