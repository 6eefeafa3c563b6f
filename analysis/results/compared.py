"""Several results.json beside each other: when cash ends, paths on one calendar, the inputs that differ."""

import re
from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from analysis.inputs.place import BASE
from analysis.inputs.settings import SETTINGS
from analysis.inputs.tables import Tables
from analysis.model import cash
from analysis.model.options import STAY
from analysis.results import stored
from analysis.results.metrics import METRICS
from analysis.results.results import LEVELS

HINDSIGHT = "hindsight_2026"  # the scenario that takes up what happened
DONE = "raise_capital+partner"  # what xAI did from June 2025 on: new rounds, computing leased to rivals
DRY = "cash_out_probability_horizon"
HEADLINES = ("runway_months", "funding_need_usd_m", "break_even_probability")
CHOSEN = tuple(name for name in SETTINGS if name not in ("seed", "draws"))

Results = Mapping[str, Mapping]  # name of a case -> its results.json


def titles(results: Results, tables: Tables) -> dict[str, str]:
    """Return case -> its title for readers, in the order of `results`."""
    return {case: stored.title_of(case, result, tables) for case, result in results.items()}


def says(result: Mapping, tables: Tables) -> str:
    """Return what would have to be true in a case: the first sentence of its scenario."""
    return re.split(r"(?<=\.) ", tables.scenario(result["scenario"]).world)[0]


def changed(result: Mapping, tables: Tables) -> dict[str, object]:
    """Return what a case changes against its own scenario: settings by value, inputs as Estimates."""
    usual, now = tables.scenario(result["scenario"]).settings, stored.settings(result)
    default = type(now)(**usual)
    found = {name: getattr(now, name) for name in CHOSEN if getattr(now, name) != getattr(default, name)}
    return found | {each.name: each for each in stored.estimates(result, tables) if each.origin == "override"}


def is_base(result: Mapping, tables: Tables) -> bool:
    """Say whether a case is the scenario "As reported" as it stands."""
    return result["scenario"] == BASE and not changed(result, tables)


def cash_out(results: Results, tables: Tables) -> pd.DataFrame:
    """Return a row per case: case, title, start_month, horizon_months, p5 … p95 and p5_month … p95_month.

    p5 p25 p50 p75 p95 count months until cash runs out, if nobody puts in more; NaN (months: "") beyond
    the horizon. The quarters are where the paths of those percentiles of cash fall below zero.
    """
    rows = []
    for case, title in titles(results, tables).items():
        result, metrics = results[case], results[case]["metrics"]
        row = {"case": case, "title": title}
        row |= {name: result[name] for name in ("start_month", "horizon_months")}
        row |= {name: metrics["runway_months"][name] for name in ("p5", "p50", "p95")}
        opening = np.maximum([result["inputs"]["opening_cash_usd_m"]["central"]], 0.0)
        for name, low, high in (("p25", "p5", "p50"), ("p75", "p50", "p95")):
            path = np.array([result["paths"]["cash_usd_m"][name]])
            found = cash.runway_months(opening, path, cash.first_month(path < 0))[0]
            row[name] = np.clip(found, row[low] or 0, row[high] or np.inf) if np.isfinite(found) else None
        months = metrics["cash_out_month"]
        rows.append(row | {f"{name}_month": months[name] or "" for name in ("p5", "p50", "p95")})
    numeric = [f"p{level}" for level in LEVELS]
    months = ["p5_month", "p50_month", "p95_month"]
    columns = ["case", "title", "start_month", "horizon_months", *numeric, *months]
    return pd.DataFrame(rows)[columns].astype(dict.fromkeys(numeric, float))


def paths(results: Results, tables: Tables, names: Iterable[str]) -> pd.DataFrame:
    """Return the middle simulation: case, title, month (YYYY-MM), and a column for each path of `names`."""
    frames = []
    for case, title in titles(results, tables).items():
        settings, paths = stored.settings(results[case]), results[case]["paths"]
        months = [settings.month(index) for index in range(settings.horizon_months)]
        values = {name: paths[name]["p50"] for name in names}
        frames.append(pd.DataFrame({"case": case, "title": title, "month": months} | values))
    return pd.concat(frames, ignore_index=True)


def left_and_done(results: Results, tables: Tables) -> pd.DataFrame:
    """Return a row per case: case, title, chances of running dry, value_usd_m of the best mix.

    `left`: nothing is done; `done`: with what xAI really did; `lowest`: with the mix that is best at it.
    """
    rows = []
    for case, title in titles(results, tables).items():
        mixes = results[case]["portfolios"]
        dry = {name: mix[DRY]["value"] for name, mix in mixes.items()}
        value = max(mix["value_mean_usd_m"]["value"] for mix in mixes.values())
        rows.append((case, title, dry[STAY], dry[DONE], min(dry.values()), value))
    return pd.DataFrame(rows, columns=["case", "title", "left", "done", "lowest", "value_usd_m"])


def risks(results: Results, before: str, after: str) -> dict[str, tuple[str, Mapping]]:
    """Return (case.mix, chance of running dry): `before` left alone, `after` left alone and as was done."""
    mixes = {"before": (before, STAY), "left": (after, STAY), "done": (after, DONE)}
    return {
        name: (f"{case}.{mix}", results[case]["portfolios"][mix][DRY]) for name, (case, mix) in mixes.items()
    }


def differing(results: Results, tables: Tables, baseline: str) -> dict[str, dict[str, object]]:
    """Return name -> case -> setting or Estimate, where unlike: settings, what headlines rest on, others."""
    chosen = {name: {case: result[name] for case, result in results.items()} for name in CHOSEN}
    found = {name: values for name, values in chosen.items() if len(set(values.values())) > 1}
    estimates = {case: stored.estimates(result, tables) for case, result in results.items()}
    inputs = {case: {each.name: each for each in found} for case, found in estimates.items()}
    leading = {name for metric in HEADLINES for name in METRICS[metric].rests_on}
    unlike = []
    for name in inputs[baseline]:
        here = [inputs[case][name] for case in results]
        if len({(each.low, each.central, each.high) for each in here}) > 1:
            unlike.append(name)
    order = sorted(unlike, key=lambda name: name not in leading)
    return found | {name: {case: inputs[case][name] for case in results} for name in order}
