"""Sweeps made by hand, with answers that are known: what the page sees of a sweep, without a run of the model."""

import itertools
import pathlib
from types import SimpleNamespace

import numpy as np
import pandas as pd

from analysis.results import UNITS
from analysis.sweep import block, spec
from analysis.sweep.axes import Axis, column
from analysis.sweep.read import Sweep

BURN = ("monthly_burn_usd_m", "usd_m_per_month", "Claimed monthly burn")
GROWTH = ("growth_subscriptions_per_month", "per_month", "Monthly growth at first: subscriptions")
CASH = ("opening_cash_usd_m", "usd_m", "Cash before month 0")
BASIS, SCENARIO, START = ("burn_basis", "", "Burn basis"), ("scenario", "", "Scenario"), ("start_month", "", "Start month")
SHARE_OUT = "cash_out_probability_horizon"


class Made(SimpleNamespace):
    """What a page reads of a sweep; like the real one, the same only as itself."""

    __hash__ = object.__hash__


def axis(kind: tuple[str, str, str], *values) -> Axis:
    """Return an axis of one of the inputs above."""
    name, unit, label = kind
    return Axis(name, column(name, unit), label, unit, values)


def named(metric: str, statistic: str) -> str:
    """Return the column of a metric's statistic by the documented rule."""
    stem = metric if UNITS[metric] == "share" else column(metric, UNITS[metric])
    return f"{stem}_{statistic}" if statistic else stem


def grid(axes, months, share_out=None, best=None, **more) -> Made:
    """Return a grid. `months`, `share_out`, `best`: functions of the axes' values; inf months are "never".

    `best` gives (portfolio, next best, lead, its standard error); without it the sweep kept no portfolios.
    """
    inputs = pd.DataFrame(list(itertools.product(*(each.values for each in axes))), columns=[each.column for each in axes])
    return _sweep("grid", axes, inputs, months, share_out, best, **more)


def points(kinds, values: np.ndarray, months, share_out=None, best=None, **more) -> Made:
    """Return Sobol points. `values`: (points, inputs); the functions as for `grid`."""
    axes = [axis(kind) for kind in kinds]
    inputs = pd.DataFrame(values, columns=[each.column for each in axes])
    return _sweep("sobol", axes, inputs, months, share_out, best, **more)


def _sweep(kind, axes, inputs, months, share_out, best, metrics=("runway_months",), error=0.01, **more) -> Made:
    cases = [tuple(row) for row in inputs.itertuples(index=False)] or [()]
    lasting = np.array([float(months(*case)) for case in cases])
    out = np.array([share_out(*case) if share_out else float(np.isfinite(months(*case))) for case in cases], dtype=float)
    columns = {"case": range(len(cases))} | {name: inputs[name].tolist() for name in inputs}
    for statistic, by in (("central", 1.0), ("p5", 0.8), ("p50", 1.0), ("p95", 1.2)):
        columns[named("runway_months", statistic)] = np.where(np.isfinite(lasting), lasting * by, np.nan)
    columns[named("runway_months", "p50_se")] = np.where(np.isfinite(lasting), error, np.nan)
    columns |= {"solvent": out < 0.5, SHARE_OUT: out, f"{SHARE_OUT}_se": [error] * len(cases)}
    columns |= _portfolios([best(*case) for case in cases]) if best else {}
    about = {"title": "", "base": "as_reported", "settings": {}, "draws": 1024, "seed": 20250617,
             "command": "burn-report sweep made_by_hand.yaml"}  # fmt: skip
    return Made(
        kind=kind, axes=tuple(axes), metrics=(*metrics, *(["portfolios"] if best else [])), cases=len(cases),
        frame=pd.DataFrame(columns), **(about | more),
    )  # fmt: skip


def _portfolios(found: list[tuple]) -> dict[str, list]:
    best, second, lead, error = map(list, zip(*found, strict=True))
    return {"best_portfolio": best, "best_value_mean_usd_m": [1000.0] * len(best), "second_portfolio": second,
            "lead_usd_m": lead, "lead_se_usd_m": error}  # fmt: skip


def real(content: dict, tables) -> Sweep:
    """Return the sweep of a file's content, run through the model here, without files; 64 draws unless it says more."""
    wanted = spec.parse({"draws": 64} | content, tables)
    frame = block.table(wanted, 0, wanted.cases).to_pandas()
    kept = {
        name: getattr(wanted, name) for name in ("title", "kind", "base", "settings", "draws", "seed", "axes", "metrics", "cases")
    }
    return Sweep(folder=pathlib.Path(), command="burn-report sweep made.yaml", frame=frame, **kept)
