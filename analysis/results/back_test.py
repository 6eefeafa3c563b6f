"""Forecasts of June 2025 against what came: xAI's figures, other laboratories. Model README, section 10."""

import datetime
import math
from collections.abc import Iterable

import numpy as np
import pandas as pd

from analysis.inputs import months as calendar
from analysis.inputs.draws import Inputs
from analysis.inputs.tables import Tables, with_role
from analysis.model import growth, revenue
from analysis.model.options import Trajectory
from analysis.results.results import LEVELS, Result

COVERAGE = 0.9  # of the outer band
FLOWS = {"cash_spent": "net_burn", "revenue": "revenue"}  # item -> what the model calls it
FUNDS = "funds_raised"
RUN_RATE = "run_rate"
SET_BY = "2025-06-30"  # outcomes up to this day were at hand when the growth of revenue was set
_USD_M = {"usd_m": 1.0, "usd_bn": 1000.0, "usd_m_per_year": 1.0}
_DAYS = 365.25 / 12  # of a month
_OUTFLOW = {"operating_cash_flow": -1.0}  # published with the sign of an inflow


def items(base: Result, tables: Tables) -> pd.DataFrame:
    """Return xAI's figures that are scored, usd_m: item, first_month, last_month, p5 … p95, outcome, naive.

    `outcome_low_usd_m`, `outcome_high_usd_m`: of a range. `inside`: within the 90 % band; `closer`: the
    median lies nearer to the outcome than the naive forecast. `evidence`, `known`: ids joined by blanks.
    """
    scored = tables.back_tests[tables.back_tests["item"].isin((*FLOWS, FUNDS))]
    return pd.DataFrame([_scored(row, base, tables) for row in scored.itertuples()])


def _scored(row, base: Result, tables: Tables) -> dict[str, object]:
    outcome, known = (tables.evidence.loc[ids.split()] for ids in (row.outcome, row.known))
    first, last = _months(outcome)
    if row.item == FUNDS:
        first, naive = base.settings.start_month, _usd_m(known)[1]
        rounds = base.model.levers(("raise_capital",)).rounds
        arrived = Trajectory(base.trajectory.operations, rounds).funding  # being placed, and further rounds
        draws = arrived[:, : calendar.between(first, last) + 1].sum(axis=1)
    else:
        draws, naive = _flow(getattr(base.trajectory, FLOWS[row.item]), base, (first, last), known)
    low, middle, high = _usd_m(outcome)
    ranks = dict(zip((f"p{level}_usd_m" for level in LEVELS), np.percentile(draws, LEVELS), strict=True))
    inside = ranks["p5_usd_m"] <= middle <= ranks["p95_usd_m"]
    closer = abs(ranks["p50_usd_m"] - middle) < abs(naive - middle)
    ends = {"outcome_usd_m": middle, "outcome_low_usd_m": low, "outcome_high_usd_m": high}
    said = {"naive_usd_m": naive, "inside": inside, "closer": closer}
    found = {"item": row.item, "first_month": first, "last_month": last} | ranks | ends | said
    return found | {"evidence": row.outcome, "known": row.known}


def _flow(monthly: np.ndarray, base: Result, period: tuple[str, str], known: pd.DataFrame) -> tuple:
    """Return the forecast of a sum over months, (draws,), and the naive one: the known rate held flat.

    Months that the known figure covers stand as known; others before month 0 are taken as month 0 is.
    """
    first, last, start, end = (
        calendar.between(base.settings.start_month, month) for month in (*period, *_months(known))
    )
    published = _usd_m(known)[1]
    is_part = first <= start and end <= last
    left = [month for month in range(first, last + 1) if not (is_part and start <= month <= end)]
    draws = monthly[:, np.maximum(0, left)].sum(axis=1) + is_part * published
    return draws, published / (end + 1 - start) * (last + 1 - first)


def _months(figures: pd.DataFrame) -> tuple[str, str]:
    """Return the first and the last month of the figures' periods."""
    ends = figures["period_start"].min(), figures["period_end"].max()
    return tuple(calendar.of_date(end) for end in ends)


def _usd_m(figures: pd.DataFrame) -> tuple[float, float, float]:
    """Return low, middle and high of the sum of published figures, outflows positive."""
    factor = figures["unit"].map(_USD_M) * figures["measure"].map(lambda name: _OUTFLOW.get(name, 1.0))
    middle = figures["value"].fillna(figures[["value_low", "value_high"]].mean(axis=1))
    low, high = (figures[end].fillna(middle) for end in ("value_low", "value_high"))
    return tuple(float((amounts * factor).sum()) for amounts in (low, middle, high))


def chance_of_hits(count: int, least: int) -> float:
    """Return the chance that a true 90 % band holds at least `least` of `count` independent figures."""
    possible = range(least, count + 1)
    return sum(math.comb(count, n) * COVERAGE**n * (1 - COVERAGE) ** (count - n) for n in possible)


def run_rates(tables: Tables) -> pd.DataFrame:
    """Return published paces of revenue by laboratory and date: the evidence with the role reference_class.

    Columns lab, date (middle of the period), first_date, last_date, usd_m_per_year, evidence. Revenue of a
    quarter or a year is taken as the pace of its middle; a bound stands for a figure without a value.
    """
    figures = with_role(tables, "reference_class")
    first, last = (pd.to_datetime(figures[end]) for end in ("period_start", "period_end"))
    length = ((last - first).dt.days + 1) / _DAYS
    amounts = figures["value"].fillna(figures["value_low"]) * figures["unit"].map(_USD_M)
    pace = amounts.mask(figures["measure"] == "revenue", amounts * (12 / length.round()))
    dates = {"date": first + (last - first) / 2, "first_date": first, "last_date": last}
    columns = {"lab": figures["entity"]} | dates | {"usd_m_per_year": pace, "evidence": figures.index}
    return pd.DataFrame(columns).sort_values(["lab", "date"], kind="stable").reset_index(drop=True)


def months_between(first: datetime.datetime, last: datetime.datetime) -> float:
    """Return the months between two days, in months of average length."""
    return (last - first).days / _DAYS


def multiples(inputs: Inputs, months: Iterable[float]) -> np.ndarray:
    """Return how revenue without its ceiling has grown after `months`, (months, draws); nan without any."""
    waited = np.maximum(0.0, np.array(months, dtype=float)[:, None] - inputs["time_to_market_months"])
    faded = growth.faded_at(waited, inputs["growth_endurance"])
    parts = (
        start * np.exp(np.log1p(inputs[f"growth_{name}_per_month"]) * faded)
        for name, start in revenue.starts(inputs).items()
    )
    total = inputs["revenue_start_usd_m"]
    return np.divide(sum(parts), total, out=np.full_like(faded, np.nan), where=total > 0)


def windows(base: Result, tables: Tables) -> pd.DataFrame:
    """Return the growth of laboratories between two dated figures beside the forecast over as many months.

    Columns lab, start, end (dates), months, multiple, p5, p50, p95, inside, set_by (the outcome was at hand
    when the growth was set), evidence.
    """
    rates = run_rates(tables).set_index("evidence")
    pairs = tables.back_tests[tables.back_tests["item"] == RUN_RATE]
    first, last = (rates.loc[pairs[end]].reset_index() for end in ("known", "outcome"))
    frame = pd.DataFrame({"lab": pairs["company"].to_numpy(), "start": first["date"], "end": last["date"]})
    frame["months"] = [months_between(*dates) for dates in zip(frame["start"], frame["end"], strict=True)]
    frame["multiple"] = last["usd_m_per_year"] / first["usd_m_per_year"]
    frame["set_by"] = last["last_date"] <= pd.Timestamp(SET_BY)
    frame["evidence"] = first["evidence"] + " " + last["evidence"]
    ranks = np.percentile(multiples(base.inputs, frame["months"]), (5, 50, 95), axis=1)
    frame[["p5", "p50", "p95"]] = ranks.T
    return frame.assign(inside=(frame["p5"] <= frame["multiple"]) & (frame["multiple"] <= frame["p95"]))
