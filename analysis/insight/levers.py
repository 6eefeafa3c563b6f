"""What each strategic option changes: its levers in this case, and cash with the option beside cash without it."""

import numpy as np
import pandas as pd

from analysis.inputs import Tables
from analysis.insight import bands
from analysis.insight.portfolios import title
from analysis.model.options import OPTIONS, PORTFOLIOS, STAY, World
from analysis.results import Run, percentiles

WINDOW_MONTHS = 25  # month 0 to 24: where the options part


def origin(name: str, run: Run, tables: Tables) -> tuple[str, tuple[str, ...], str]:
    """Return basis, ids of claims and evidence, and the reason of an input as this case sets it."""
    if run.case[name].origin == "override":
        return "judgement", (), "Set for this run."
    override = tables.scenarios[run.case.scenario].overrides.get(name)
    if override:
        return override.basis, (*override.claims, *override.evidence), override.why
    row = tables.assumptions.loc[name]
    return row.basis, (*row.claims.split(), *row.evidence.split()), row.why


def levers(run: Run, tables: Tables) -> pd.DataFrame:
    """Return one row per lever of the four options: option, name, id, label, estimate, basis, evidence ids, why."""
    rows = []
    for option in OPTIONS:
        for row in tables.assumptions[tables.assumptions["group"] == option].itertuples():
            basis, refs, why = origin(row.name, run, tables)
            rows.append([title(option), row.name, row.id, row.label, run.case[row.name], basis, refs, why])
    return pd.DataFrame(rows, columns=["option", "name", "id", "label", "estimate", "basis", "refs", "why"])


def at_hand(cash: np.ndarray) -> np.ndarray:
    """Return cash (draws, months) that is 0 from the first month below zero on: what is not there cannot be spent."""
    return np.where(np.logical_or.accumulate(cash < 0, axis=1), 0.0, cash)


def cash_paths(run: Run) -> pd.DataFrame:
    """Return cash at hand per month of each single option and of staying the course, for at most 25 months.

    Columns: month, option, index_months, central and p5 … p95 in usd_m.
    """
    months = min(WINDOW_MONTHS, run.settings.horizon_months)
    shown = {name: PORTFOLIOS[name] for name in (STAY, *OPTIONS)}
    parts = [_cash_of(world, shown, months) for world in run.blocks()]
    central = _cash_of(run.central_world, shown, months)
    frames = [
        bands.fan(np.concatenate([part[name] for part in parts]), central[name], run.settings, "usd_m").assign(option=title(name))
        for name in shown
    ]
    columns = ["month", "option", "index_months", "central_usd_m", *(f"p{level}_usd_m" for level in bands.LEVELS)]
    return pd.concat(frames, ignore_index=True)[columns]


def _cash_of(world: World, portfolios: dict[str, tuple[str, ...]], months: int) -> dict[str, np.ndarray]:
    return {name: at_hand(world.path(chosen).cash[:, :months]) for name, chosen in portfolios.items()}


def lasting(run: Run) -> pd.DataFrame:
    """Return one row for staying the course and for each single option: months that cash lasts in the median run (inf: never out)."""
    rows = []
    for name in (STAY, *OPTIONS):
        rows.append([name, *percentiles(run.portfolios[name]["runway_months"], (50,)).values()])
    return pd.DataFrame(rows, columns=["portfolio", "runway_p50_months", "runway_p50_se_months"])
