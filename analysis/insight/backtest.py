"""The forecast made from what was public by 20 June 2025, scored on what was disclosed later. Source: model README, section 8.

The forecast is the scenario `as_reported` with its own settings, whatever case a page is about; only the number of
draws and the seed follow the run. Outcomes, and the last values known by then, are rows of the evidence table, found
by role, measure and period.
"""

import datetime
from dataclasses import dataclass

import numpy as np
import pandas as pd
import scoringrules
from scipy.stats import binom

from analysis import shared
from analysis.draws import standard_error
from analysis.inputs import Tables, latest_date, with_role
from analysis.parameters import Settings, resolve
from analysis.results import Run, percentile

CUTOFF = datetime.date(2025, 6, 20)
SCENARIO = "as_reported"
OWN = "xai"  # the perimeter that the model is about
LEVELS = (5, 25, 50, 75, 95)
COVERAGE = 0.90
# measure of the outcome -> what the model forecasts for it, measure of the last value known
FLOWS = {
    "cash_spent": ("net_burn", "levered_cash_flow"),
    "revenue": ("revenue", "revenue"),
    "capital_expenditure": ("net_burn", "levered_cash_flow"),
}
RAISED, PLANNED = ("equity_raised", "debt_raised"), ("equity_planned", "debt_planned")
_USD_M = {"usd_m": 1.0, "usd_bn": 1000.0}


@dataclass(frozen=True)
class Item:
    """What is scored: an outcome in millions of dollars, the forecast's draws, and the naive forecast."""

    measure: str
    perimeter: str
    months: tuple[int, int]  # first and last month, counted from month 0
    outcome: tuple[float, float, float]  # low, value, high
    draws: np.ndarray
    naive: float
    largest_part: float  # the largest single figure in the outcome
    evidence: tuple[str, ...]
    naive_evidence: tuple[str, ...]


def frozen(run: Run, tables: Tables) -> Run:
    """Return the run of `as_reported` as it stands, with the draws and the seed of `run` (itself if it is that run)."""
    case = resolve(tables, SCENARIO, {"draws": run.settings.draws, "seed": run.settings.seed})
    same = (run.settings, run.case.estimates, run.case.kept_shares) == (case.settings, case.estimates, case.kept_shares)
    return run if same else Run(case)


def scores(run: Run, tables: Tables) -> pd.DataFrame:
    """Return one row per item: outcome, forecast, whether the 90 % band holds it, and scores; money in usd_m.

    `inside_90`: p5 ≤ outcome ≤ p95, a range taken at its middle; `range_agrees`: both its ends give the same answer.
    `crps_usd_m`: continuous ranked probability score of the draws; `naive_crps_usd_m`: of the naive forecast, which for
    a single number is the absolute error. `…_ratio`: divided by the forecast's median.
    """
    base = frozen(run, tables)
    return shared.once("scores", (base.case, tables.evidence), lambda: _scores(base, tables))


def _scores(base: Run, tables: Tables) -> pd.DataFrame:
    return pd.DataFrame([_score(item, base.settings) for item in [*_flow_items(base, tables), *_funding_item(base, tables)]])


def consistent_hits(items: int, coverage: float = COVERAGE, level: float = 0.05) -> int:
    """Return the smallest number of hits that a true band still gives: the least k with P(K ≤ k) > level, K binomial."""
    return int(np.argmax(binom.cdf(np.arange(items + 1), items, coverage) > level))


def crps(outcome: float, draws: np.ndarray) -> float:
    """Return the continuous ranked probability score of `draws` (n,); of one draw, the absolute error."""
    return float(scoringrules.crps_ensemble(outcome, draws))


def _score(item: Item, settings: Settings) -> dict:
    ranks = {f"p{level}": percentile(item.draws, level) for level in LEVELS}
    low, value, high = item.outcome
    inside = [ranks["p5"] <= end <= ranks["p95"] for end in (value, low, high)]
    amounts = {"outcome": value, "outcome_low": low, "outcome_high": high, **ranks, "naive": item.naive}
    return {
        "measure": item.measure,
        "perimeter": item.perimeter,
        "first_month": settings.month(item.months[0]),
        "last_month": settings.month(item.months[1]),
        **{f"{name}_usd_m": amount for name, amount in amounts.items()},
        **{f"p{level}_se_usd_m": standard_error(lambda group, p=level: percentile(group, p), item.draws) for level in LEVELS},
        "largest_part_usd_m": item.largest_part,
        "inside_90": inside[0],
        "range_agrees": len(set(inside)) == 1,
        "crps_usd_m": crps(value, item.draws),
        "naive_crps_usd_m": abs(item.naive - value),
        **{f"{name}_ratio": amount / ranks["p50"] for name, amount in amounts.items()},
        "evidence": " ".join(item.evidence),
        "naive_evidence": " ".join(item.naive_evidence),
    }


def _flow_items(base: Run, tables: Tables) -> list[Item]:
    """Cash spent, revenue and capital expenditure: sums over months; those before month 0 are taken at its rate."""
    disclosed = with_role(tables, "back_test")
    items = []
    for measure, (flow, known_measure) in FLOWS.items():
        monthly = getattr(base.path, flow)
        for row in disclosed[disclosed["measure"] == measure].itertuples():
            first, last = _months(row, base.settings)
            known = _last_known(tables, known_measure)
            items.append(
                Item(
                    measure, row.perimeter, (first, last), _amounts(row),
                    monthly[:, np.maximum(0, np.arange(first, last + 1))].sum(axis=1),
                    _amounts(known)[1] / _length(known, base.settings) * (last + 1 - first),
                    _amounts(row)[1], (row.Index,), (known.Index,),
                )
            )  # fmt: skip
    return items


def _funding_item(base: Run, tables: Tables) -> list[Item]:
    """Money raised since month 0, equity and debt: closings that are documented as actions, up to the last one scored.

    Forecast: committed funding and the rounds of `raise_capital`. Naive: all that was planned to be raised by then.
    """
    evidence, start = tables.evidence, f"{base.settings.start_month}-01"
    new = evidence[(evidence["perimeter"] == OWN) & (evidence["period_start"] >= start)]
    raised = new[new["measure"].isin(RAISED)]
    scored, acted = (raised.index.intersection(with_role(tables, role).index) for role in ("back_test", "action"))
    if scored.empty:
        return []
    end = raised.loc[scored, "period_end"].max()
    closed = raised[raised.index.isin(scored.union(acted)) & (raised["period_end"] <= end)]
    planned = new[new["measure"].isin(PLANNED) & _known(new) & (new["period_start"] <= end)]
    last = _month(end, base.settings)
    funding = base.world.path(("raise_capital",)).funding
    amounts = np.array([_amounts(row) for row in closed.itertuples()])
    return [
        Item(
            "funding_raised", OWN, (0, last), tuple(amounts.sum(axis=0)), funding[:, : last + 1].sum(axis=1),
            sum(_amounts(row)[1] for row in planned.itertuples()), float(amounts[:, 1].max()), tuple(closed.index),
            tuple(planned.index),
        )
    ]  # fmt: skip


def _last_known(tables: Tables, measure: str):
    """Return the row of the last value known by the cut-off, marked as such by the role `naive`."""
    rows = with_role(tables, "naive")
    rows = rows[(rows["measure"] == measure) & _known(rows)]
    return next(rows.sort_values("published", ascending=False, kind="stable").itertuples())


def _known(rows: pd.DataFrame) -> pd.Series:
    return rows["published"].map(latest_date) <= CUTOFF


def _amounts(row) -> tuple[float, float, float]:
    """Return low, value, high of a row in usd_m; a range without a value is taken at its middle."""
    low, value, high = (amount * _USD_M[row.unit] for amount in (row.value_low, row.value, row.value_high))
    if np.isnan(value):
        value = (low + high) / 2
    return (value if np.isnan(low) else low), value, (value if np.isnan(high) else high)


def _month(date: str, settings: Settings) -> int:
    """Return the month of a date YYYY-MM-DD, counted from month 0."""
    start = settings.start_month
    return (int(date[:4]) - int(start[:4])) * 12 + int(date[5:7]) - int(start[5:7])


def _months(row, settings: Settings) -> tuple[int, int]:
    return _month(row.period_start, settings), _month(row.period_end, settings)


def _length(row, settings: Settings) -> int:
    first, last = _months(row, settings)
    return last + 1 - first
