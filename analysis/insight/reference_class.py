"""Growth of other laboratories from a run-rate of 0.1bn a year, beside the growth that the gap would take.

Figures are annualised run-rates as published, each placed in the last month of the period that it is given for.
Yearly revenue is another measure: it trails a run-rate that grows, so it is compared with nothing else.
"""

import math

import numpy as np
import pandas as pd

from analysis.inputs import Tables, with_role
from analysis.insight.bands import fan
from analysis.results import Run

ROLE = "reference_class"
OWN = "xAI"
THRESHOLD_USD_M_PER_YEAR = 100.0
USD_M_PER_YEAR = {"usd_bn": 1000.0, "usd_m": 1.0, "usd_m_per_year": 1.0}
RUN_RATE, YEARLY = "revenue_run_rate", "revenue"
NEEDED, MODEL = "needed", "model"


def published(tables: Tables) -> pd.DataFrame:
    """Return the published figures: lab, measure, month (YYYY-MM), value, low, high in usd_m a year, evidence id.

    `first_month`: the earliest month that the figure may be for. A unit without a conversion is a KeyError.
    """
    rows = with_role(tables, ROLE)
    factor = rows["unit"].map(lambda unit: USD_M_PER_YEAR[unit])
    middle = rows["value"].fillna(rows["value_low"])
    frame = pd.DataFrame(
        {
            "lab": rows["entity"],
            "measure": rows["measure"],
            "first_month": rows["period_start"].str[:7],
            "month": rows["period_end"].str[:7],
            "usd_m_per_year": middle * factor,
            "low_usd_m_per_year": rows["value_low"].fillna(middle) * factor,
            "high_usd_m_per_year": rows["value_high"].fillna(middle) * factor,
            "evidence": rows["id"],
        }
    )
    return frame.sort_values(["lab", "month"], kind="stable").reset_index(drop=True)


def crossing(lab: pd.DataFrame) -> float:
    """Return the month, counted from year 0, in which a laboratory's run-rate was 0.1bn a year.

    Interpolated log-linearly between the two figures around it; the month of the first figure where that is higher.
    """
    months, levels = lab["month"].map(count).to_numpy(float), np.log(lab["usd_m_per_year"].to_numpy(float))
    target = math.log(THRESHOLD_USD_M_PER_YEAR)
    above = np.flatnonzero(levels >= target)
    if len(above) == 0 or above[0] == 0:
        return float(months[0])
    before, after = above[0] - 1, above[0]
    return float(np.interp(target, levels[[before, after]], months[[before, after]]))


def count(month: str) -> int:
    """Return a month YYYY-MM as a number of months."""
    return int(month[:4]) * 12 + int(month[5:7]) - 1


def paths(run: Run, tables: Tables) -> pd.DataFrame:
    """Return run-rates by months since 0.1bn a year: published ones, the model's path with bands, and the needed path.

    `role`: laboratory, model or needed. A path that is not above 0 has no place on a log scale and is left out. The
    model's path ends half a year after the last of the others, which is as far as they can be compared.
    """
    rates = published(tables).query("measure == @RUN_RATE")
    labs = [_placed(lab) for _, lab in rates.groupby("lab", sort=False)]
    own = rates[rates["lab"] == OWN]
    offset = count(run.settings.month(0)) - crossing(own) if len(own) else 0.0
    others = pd.concat([frame for frame in (*labs, _needed(run, offset)) if len(frame)], ignore_index=True)
    model = _model(run, offset)
    compared = model[model["since_months"] <= others["since_months"].max() + 6]
    return pd.concat([others, compared], ignore_index=True) if len(compared) else others


def _placed(lab: pd.DataFrame) -> pd.DataFrame:
    at = lab["month"].map(count) - crossing(lab)
    above = bool(lab["usd_m_per_year"].iloc[0] > THRESHOLD_USD_M_PER_YEAR)
    shown = lab.assign(role="laboratory", series=lab["lab"], since_months=at, starts_above=above)
    return shown[["role", "series", "month", "since_months", "usd_m_per_year", "starts_above", "evidence"]]


def _model(run: Run, offset: float) -> pd.DataFrame:
    frame = fan(12 * run.path.revenue, 12 * run.central_path.revenue, run.settings, "usd_m_per_year")
    frame = frame.rename(columns={"central_usd_m_per_year": "usd_m_per_year"}).assign(role=MODEL, series=OWN)
    frame["since_months"] = frame.pop("index_months") + offset
    return frame[frame["p5_usd_m_per_year"] > 0].assign(starts_above=False, evidence="")


def _needed(run: Run, offset: float) -> pd.DataFrame:
    rate, start = float(run.central_gap["required_growth_per_month"][0]), 12 * float(run.central_path.revenue[0, 0])
    if not np.isfinite(rate) or start <= 0:
        return pd.DataFrame()
    months = np.arange(run.settings.target_months + 1)
    columns = {"since_months": months + offset, "usd_m_per_year": start * (1 + rate) ** months}
    names = [run.settings.month(t) for t in months]
    return pd.DataFrame({"role": NEEDED, "series": OWN, "month": names, **columns, "starts_above": False, "evidence": ""})


def observed(tables: Tables) -> pd.DataFrame:
    """Return each other laboratory's compound monthly growth over its published span, the fastest first.

    `low_per_month`, `high_per_month`: the slowest and the fastest reading that the published ranges and dates leave.
    Laboratories with figures of one month only are left out.
    """
    rates = published(tables)
    rows = [
        _growth(lab)
        for (name, _), lab in rates.groupby(["lab", "measure"], sort=False)
        if name != OWN and lab["month"].nunique() > 1
    ]
    return pd.DataFrame(rows).sort_values("per_month", ascending=False, kind="stable").reset_index(drop=True)


def _growth(lab: pd.DataFrame) -> dict[str, object]:
    first, last = lab.iloc[0], lab.iloc[-1]
    months = count(last["month"]) - count(first["month"])
    longest = count(last["month"]) - count(first["first_month"])
    shortest = max(1, count(last["first_month"]) - count(first["month"]))
    if last["measure"] != RUN_RATE:  # a year's revenue belongs to all of that year; only a run-rate leaves its month open
        shortest = longest = months
    return {
        "lab": first["lab"],
        "measure": first["measure"],
        "first_month": first["month"],
        "last_month": last["month"],
        "months": months,
        "first_usd_m_per_year": first["usd_m_per_year"],
        "last_usd_m_per_year": last["usd_m_per_year"],
        "per_month": compound(last["usd_m_per_year"] / first["usd_m_per_year"], months),
        "low_per_month": compound(last["low_usd_m_per_year"] / first["high_usd_m_per_year"], longest),
        "high_per_month": compound(last["high_usd_m_per_year"] / first["low_usd_m_per_year"], shortest),
        "evidence": tuple(lab["evidence"]),
    }


def compound(multiple: float, months: float) -> float:
    """Return the constant monthly growth that gives `multiple` after `months`."""
    return multiple ** (1 / months) - 1


def model_growth(run: Run) -> dict[str, float] | None:
    """Return the model's own compound monthly growth to the target month, or to the horizon: central, p5, p50, p95.

    None where there is no revenue to start from, or no month to grow in.
    """
    months = min(run.settings.target_months, run.settings.horizon_months - 1)
    start = run.path.revenue[:, 0]
    if months < 1 or (start <= 0).any():
        return None
    rates = (run.path.revenue[:, months] / start) ** (1 / months) - 1
    central = compound(run.central_path.revenue[0, months] / run.central_path.revenue[0, 0], months)
    ranks = np.percentile(rates, (5, 50, 95), method="inverted_cdf")
    return {"months": months, "central": float(central)} | dict(zip(("p5", "p50", "p95"), map(float, ranks), strict=True))


def standing(run: Run, tables: Tables) -> dict[str, object]:
    """Return how the needed growth (median) stands among laboratories: their number and how many were at least as fast.

    Only run-rates are compared. `as_fast_least`, `as_fast_most`: by the slowest and by the fastest reading of the
    published ranges and dates. `fastest`: the row of the fastest laboratory; `slowest`: the growth of the
    slowest.
    """
    labs = observed(tables).query("measure == @RUN_RATE")
    needed = run.metrics["required_growth_per_month"]["p50"]
    bar = math.inf if needed is None else needed
    return {
        "labs": len(labs),
        "as_fast_least": int((labs["low_per_month"] >= bar).sum()),
        "as_fast_most": int((labs["high_per_month"] >= bar).sum()),
        "fastest": labs.iloc[0],
        "slowest": float(labs["per_month"].iloc[-1]),
    }
