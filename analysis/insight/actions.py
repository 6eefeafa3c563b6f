"""What was done by mid-2026 beside the four options, and beside what the model assumed for the same lever.

Published figures keep their perimeter: xAI without X, xAI with X, or the SpaceX group after the merger.
"""

import functools
from dataclasses import dataclass

import pandas as pd

from analysis.inputs import Tables
from analysis.insight.levers import origin
from analysis.insight.portfolios import title
from analysis.model.options import OPTIONS
from analysis.parameters import Settings
from analysis.results import Run

OUTSIDE = "Outside the four options"
USD_M = {"usd_m": 1.0, "usd_bn": 1000.0, "usd_m_per_month": 1.0}  # to millions of dollars, a month where the unit says so
# which option a published action belongs to, by measure; whatever concerns the SpaceX group or the merger is outside
OPTION_OF_MEASURE = {
    "equity_raised": "raise_capital",
    "debt_raised": "raise_capital",
    "debt_outstanding": "raise_capital",
    "redemption_price": "raise_capital",
    "chip_lease_financing": "raise_capital",
    "valuation": "raise_capital",
    "lease_fee": "partner",
    "headcount": "focus",
}
PLACED = ("strategic equity closed", "secured notes and term loans closed")
ROUND, VALUATION = "Series E equity", "Series E valuation"
LEASES = ("Anthropic compute fee", "Google compute fee")
# the lever of the model that a published action is an outcome of
LEVER_OF_METRIC = {
    **dict.fromkeys(PLACED, "committed_funding_usd_m"),
    ROUND: "round_size_usd_m",
    VALUATION: "dilution_per_round",
    **dict.fromkeys(LEASES, "partner_income_usd_m_per_month"),
}


@dataclass(frozen=True)
class Outcome:
    """What happened to a lever: a value or a range in the lever's unit, and the evidence ids."""

    name: str
    low: float
    high: float
    refs: tuple[str, ...]


@functools.lru_cache(maxsize=1)
def actions(tables: Tables) -> pd.DataFrame:
    """Return the published actions by option and date: option, date, id, entity, metric, low, value, high, unit, lever.

    Options without a published action have one row with nothing but their name.
    """
    frame = tables.evidence[tables.evidence["roles"].str.split().map(lambda roles: "action" in roles)].copy()
    frame["option"] = [_option(row) for row in frame.itertuples()]
    frame["date"] = [row.period_start or row.period_end for row in frame.itertuples()]
    frame["lever"] = frame["metric"].map(LEVER_OF_METRIC)
    frame = frame.rename(columns={"value_low": "low", "value_high": "high"})
    order = [*(title(option) for option in OPTIONS), OUTSIDE]
    bare = pd.DataFrame({"option": [option for option in order if option not in set(frame["option"])]})
    columns = ["option", "date", "id", "entity", "metric", "low", "value", "high", "unit", "lever"]
    frame = pd.concat([frame[columns].reset_index(drop=True), bare], ignore_index=True) if len(bare) else frame[columns]
    return frame.sort_values(["option", "date"], key=_key(order), ignore_index=True, kind="stable")


def _key(order: list[str]):
    return lambda column: column.map(order.index) if column.name == "option" else column


def _option(row) -> str:
    if row.perimeter == "spacex_group" or "merger" in row.metric or row.measure not in OPTION_OF_MEASURE:
        return OUTSIDE
    return title(OPTION_OF_MEASURE[row.measure])


def outcomes(tables: Tables, settings: Settings) -> list[Outcome]:
    """Return what happened to those levers for which a figure of the same kind was published.

    Dilution: the amount over the valuation, read as after and as before the money. Months count from month 0.
    """
    rows = actions(tables).dropna(subset="metric").set_index("metric")
    amount = {
        metric: rows.loc[metric, "value"] * USD_M[rows.loc[metric, "unit"]] for metric in (*PLACED, ROUND, VALUATION, *LEASES)
    }
    refs = {metric: (rows.loc[metric, "id"],) for metric in amount}
    placed, month = sum(amount[metric] for metric in PLACED), _month(rows.loc[ROUND, "date"], settings)
    leased = [amount[LEASES[0]], sum(amount[metric] for metric in LEASES)]
    lead = _month(rows.loc[LEASES[0], "date"], settings)
    raised, valuation = amount[ROUND], amount[VALUATION]
    return [
        Outcome("committed_funding_usd_m", placed, placed, tuple(refs[metric][0] for metric in PLACED)),
        Outcome("first_round_month", month, month, refs[ROUND]),
        Outcome("round_size_usd_m", raised, raised, refs[ROUND]),
        Outcome("dilution_per_round", raised / (valuation + raised), raised / valuation, refs[ROUND] + refs[VALUATION]),
        Outcome("partner_lead_months", lead, lead, refs[LEASES[0]]),
        Outcome("partner_income_usd_m_per_month", *leased, tuple(refs[metric][0] for metric in LEASES)),
    ]


def _month(date: str, settings: Settings) -> float:
    year, month = (int(part) for part in date.split("-")[:2])
    start_year, start_month = (int(part) for part in settings.start_month.split("-"))
    return float((year - start_year) * 12 + month - start_month)


def beside(run: Run, tables: Tables) -> pd.DataFrame:
    """Return one row per lever with an outcome: assumed low, central, high, the outcome, and both as multiples of central.

    `inside` yes: the outcome touches the assumed range. `set_from_outcome` yes: this case took the lever from the same
    published figures, so that agreement says nothing. Levers of which either side is 0 or less have no multiple and are
    left out.
    """
    rows = [
        _beside(outcome, run, tables)
        for outcome in outcomes(tables, run.settings)
        if outcome.low > 0 and run.case[outcome.name].low > 0
    ]
    columns = ["lever", "name", "unit", "low", "central", "high", "done_low", "done_high", "low_times", "high_times"]
    return pd.DataFrame(rows, columns=[*columns, "done_low_times", "done_high_times", "inside", "set_from_outcome", "refs"])


def _beside(outcome: Outcome, run: Run, tables: Tables) -> list:
    estimate = run.case[outcome.name]
    inside = outcome.low <= estimate.high and outcome.high >= estimate.low
    shared = set(outcome.refs) & set(origin(outcome.name, run, tables)[1])
    values = [estimate.low, estimate.central, estimate.high, outcome.low, outcome.high]
    times = [value / estimate.central for value in (estimate.low, estimate.high, outcome.low, outcome.high)]
    label = tables.assumptions.loc[outcome.name, "label"]
    return [label, outcome.name, estimate.unit, *values, *times, _yes(inside), _yes(bool(shared)), outcome.refs]


def _yes(holds: bool) -> str:
    return "yes" if holds else "no"
