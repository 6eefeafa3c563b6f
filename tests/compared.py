"""Results of every scenario and of extreme cases, from few simulations, as results.json holds them."""

import functools
import json

from analysis.inputs import tables as data
from analysis.inputs.parameters import resolve
from analysis.results.results import Result, as_dict

DRAWS = 64
EXTREMES = {
    "no_revenue": ("as_reported", {"revenue_start_usd_m": 0}),
    "net": ("as_reported", {"burn_basis": "net"}),
    "six": ("as_reported", {"horizon_months": 6}),
    "one": ("critics", {"horizon_months": 1, "monthly_burn_usd_m": [400, 800, 1200]}),
    "huge": ("as_reported", {"opening_cash_usd_m": 900_000}),
    "no_cash": ("critics", {"opening_cash_usd_m": 0, "committed_equity_usd_m": 0, "committed_debt_usd_m": 0}),
    "rich": ("investor_confidence", {"opening_cash_usd_m": [100, 60_000, 200_000]}),
    "later": ("hindsight_2026", {"start_month": "2026-02", "horizon_months": 24, "monthly_burn_usd_m": 200}),
    "certain": (
        "price_war",
        {"opening_cash_usd_m": 12_000, "committed_equity_usd_m": 0, "revenue_start_usd_m": 0},
    ),
}


@functools.cache
def _result(scenario: str, changes: str) -> dict:
    case = resolve(data.load(), scenario, json.loads(changes) | {"draws": DRAWS})
    return json.loads(json.dumps(as_dict(Result(case))))


def result(name: str) -> dict:
    """Return the results of a scenario or of an extreme case."""
    scenario, changes = EXTREMES.get(name, (name, {}))
    return _result(scenario, json.dumps(changes))


def results(*names: str) -> dict[str, dict]:
    """Return name -> results; without names of every scenario, the base first."""
    found = names or sorted(data.load().scenarios, key=lambda name: (name != "as_reported", name))
    return {name: result(name) for name in found}


SETS = {  # what a folder may hold
    "all": (),
    "two alike": ("as_reported", "net"),
    "one of six months": ("six",),
    "different horizons": ("one", "six", "as_reported"),
    "different starts": ("as_reported", "later", "hindsight_2026"),
    "never out of cash": ("huge",),
    "some never": ("huge", "rich", "critics"),
    "no revenue": ("no_revenue", "critics"),
    "no cash": ("no_cash", "hindsight_2026"),
    "more than can be drawn": ("as_reported", "critics", "net", "huge", "rich", "later", "certain"),
}
WHOLE = {name: SETS[name] for name in ("all", "different horizons", "some never", "more than can be drawn")}
