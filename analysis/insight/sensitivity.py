"""What drives runway and funding need: one input at a time, and shares of variance. Source: model README, section 7.

Only the plain run (stay the course) is looked at, so inputs of options and of the bottom-up check do not appear. A
runway beyond the horizon counts as the horizon here, because a share of variance needs a number in every run.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.draws import Estimate
from analysis.inputs import Tables
from analysis.insight.variance import Shares, variance_shares
from analysis.model import cash
from analysis.model.options import World
from analysis.parameters import Case
from analysis.results import BLOCK, Run

METRICS = {"runway_months": "months", "funding_need_usd_m": "usd_m"}  # metric -> unit in column names
_INDICES = ["metric", "input", "label", "total_order_share", "p5_share", "p95_share"]
_LEADERS = ["metric", "varies", "inputs", "pair_share", "pair_p5_share", "pair_p95_share", "steady_share", "next_share", "others"]
_SAME = 1e-9  # relative swing below which nothing has moved but the last digits


class _Recorder(dict):
    """Inputs that remember which of them were read."""

    def __init__(self, values: dict[str, np.ndarray]) -> None:
        super().__init__(values)
        self.read: set[str] = set()

    def __getitem__(self, name: str) -> np.ndarray:
        self.read.add(name)
        return super().__getitem__(name)


def used(case: Case) -> tuple[str, ...]:
    """Return the inputs that the plain run reads, in the order of the assumptions table."""
    inputs = _Recorder(case.central())
    _measures(case, inputs)
    return tuple(estimate.name for estimate in case.estimates if estimate.name in inputs.read)


def uncertain(case: Case) -> tuple[Estimate, ...]:
    """Return the estimates that the plain run reads and that are not certain."""
    names = used(case)
    return tuple(estimate for estimate in case.estimates if estimate.name in names and not estimate.certain)


def tornado(run: Run, tables: Tables, metric: str) -> pd.DataFrame:
    """Return one row per uncertain input, the largest swing first: the metric with that input at low and at high.

    Columns: input, label, unit, low, high (of the input), at_low_…, at_central_…, at_high_…, swing_… in the metric's
    unit, and beyond_horizon: "", "low", "high" or "both", the cases in which the runway stands at the horizon because
    cash does not run out within it.
    """
    moved, unit = uncertain(run.case), METRICS[metric]
    rows = len(moved)
    inputs = {name: np.full(2 * rows + 1, run.case[name].central) for name in used(run.case)}
    for position, estimate in enumerate(moved):
        inputs[estimate.name][[position, rows + position]] = estimate.low, estimate.high
    values = _measures(run.case, inputs)[list(METRICS).index(metric)]
    capped = np.minimum(values, run.settings.horizon_months) if metric == "runway_months" else values
    low, high, central = capped[:rows], capped[rows : 2 * rows], np.full(rows, capped[-1])
    swing, never = np.ptp([low, central, high], axis=0), np.isinf(values)
    frame = pd.DataFrame(
        {
            "input": [estimate.name for estimate in moved],
            "label": [tables.assumptions.loc[estimate.name, "label"] for estimate in moved],
            "unit": [estimate.unit for estimate in moved],
            "low": [estimate.low for estimate in moved],
            "high": [estimate.high for estimate in moved],
            f"at_low_{unit}": low,
            f"at_central_{unit}": central,
            f"at_high_{unit}": high,
            f"swing_{unit}": np.where(swing > _SAME * np.maximum(1.0, np.abs(central)), swing, 0.0),
            "beyond_horizon": np.array(["", "low", "high", "both"], dtype=object)[never[:rows] + 2 * never[rows : 2 * rows]],
        }
    )
    return frame.sort_values(f"swing_{unit}", ascending=False, kind="stable", ignore_index=True)


@dataclass(frozen=True)
class Drivers:
    """The inputs behind both metrics.

    `indices`: one row per metric and input: metric, input, label, total_order_share, p5_share, p95_share; inputs in
    the order of their larger index. `leaders`: one row per metric: varies, inputs (at most two names), pair_share,
    pair_p5_share, pair_p95_share, steady_share, next_share (the largest index among the others), others (their number).
    """

    indices: pd.DataFrame
    leaders: pd.DataFrame


def drivers(run: Run, tables: Tables) -> Drivers:
    """Return total-order Sobol indices of both metrics and what the two leading inputs carry together.

    The generator follows from the case's seed. Where neither metric varies, `indices` is empty.
    """
    moved, case = uncertain(run.case), run.case
    if not moved:
        return Drivers(_indices([], None, tables), _leading([], None))
    names = used(case)

    def capped(u: np.ndarray) -> np.ndarray:
        inputs = {name: np.full(u.shape[1], case[name].central) for name in names}
        inputs |= {estimate.name: estimate.quantile(row) for estimate, row in zip(moved, u, strict=True)}
        return np.minimum(_measures(case, inputs), np.array([[case.settings.horizon_months], [np.inf]]))

    shares = variance_shares(capped, len(moved), np.random.default_rng(case.settings.seed))
    inputs = [estimate.name for estimate in moved]
    return Drivers(_indices(inputs, shares, tables), _leading(inputs, shares))


def _measures(case: Case, inputs: dict[str, np.ndarray]) -> np.ndarray:
    """Return (2, n): runway_months (inf: not within the horizon) and funding_need_usd_m of the plain run."""
    size = len(inputs["opening_cash_usd_m"])
    blocks = []
    for start in range(0, size, BLOCK):
        whole = size <= BLOCK
        part = inputs if whole else {name: values[start : start + BLOCK] for name, values in inputs.items()}
        world = World(part, case.settings, case.kept_shares)
        path, opening = world.path(), part["opening_cash_usd_m"]
        blocks.append([cash.runway_months(opening, path.cash), cash.funding_need(opening, path.net_burn)])
    return np.concatenate(blocks, axis=1)


def _indices(inputs: list[str], shares: Shares | None, tables: Tables) -> pd.DataFrame:
    order = np.argsort(-shares.total.max(axis=0), kind="stable") if shares and any(shares.leaders) else ()
    parts = (shares.total, shares.total_low, shares.total_high) if shares else ()
    rows = [
        [
            metric,
            inputs[column],
            tables.assumptions.loc[inputs[column], "label"],
            *(float(part[position, column]) for part in parts),
        ]
        for column in order
        for position, metric in enumerate(METRICS)
    ]
    return pd.DataFrame(rows, columns=_INDICES)


def _leading(inputs: list[str], shares: Shares | None) -> pd.DataFrame:
    rows = []
    for position, metric in enumerate(METRICS):
        lead = shares.leaders[position] if shares else ()
        others = [column for column in range(len(inputs)) if column not in lead]
        carried = (
            [shares.closed, shares.closed_low, shares.closed_high, shares.steady] if shares else [np.zeros(len(METRICS))] * 4
        )
        following = [shares.total[position, column] for column in others] if shares else []
        row = [metric, bool(lead), tuple(inputs[column] for column in lead), *(float(part[position]) for part in carried)]
        rows.append([*row, float(max(following, default=0.0)), len(others)])
    return pd.DataFrame(rows, columns=_LEADERS).set_index("metric")
