"""What the answer turns on: each input at its low and its high end, and how far the draws of an input go
with the result.

Numbers only. Model README, section 9.
"""

import numpy as np
import pandas as pd

from analysis.inputs.draws import Drawn
from analysis.model.options import Model
from analysis.results.metrics import METRICS
from analysis.results.results import Result

LARGEST = 6  # inputs in a tornado
HEADLINES = ("runway_months", "funding_need_usd_m")


def tornado(result: Result) -> pd.DataFrame:
    """Return the inputs that move a headline most, one at a time, all others central: the six largest of
    each.

    Columns headline, input, low, high (the input's ends), at_low, at_high (the headline there; nan: never),
    base, change_low, change_high (nan where one of the two is never), reach (how far it moves, with "never"
    as the horizon).
    """
    moving = [each for each in result.case.estimates if not each.certain]
    rows = 1 + 2 * len(moving)
    inputs = Drawn((each.name, np.full(rows, each.central)) for each in result.case.estimates)
    for place, each in enumerate(moving):
        inputs[each.name][1 + 2 * place : 3 + 2 * place] = each.low, each.high
    path = Model(inputs, result.settings).trajectory()
    found = [
        _largest(headline, METRICS[headline].measure(path), moving, result.settings.horizon_months)
        for headline in HEADLINES
    ]
    return pd.concat(found, ignore_index=True)


def _largest(headline: str, values: np.ndarray, moving: list, horizon: int) -> pd.DataFrame:
    finite = np.where(np.isfinite(values), values, float(horizon))
    never = np.where(np.isfinite(values), values, np.nan)
    frame = pd.DataFrame(
        {
            "headline": headline,
            "input": [each.name for each in moving],
            "low": [each.low for each in moving],
            "high": [each.high for each in moving],
            "base": never[0],
            "at_low": never[1::2],
            "at_high": never[2::2],
            "change_low": finite[1::2] - finite[0],
            "change_high": finite[2::2] - finite[0],
        }
    )
    frame["reach"] = frame[["change_low", "change_high"]].abs().max(axis=1)
    largest = frame[frame["reach"] > 1e-9].sort_values("reach", ascending=False, kind="stable")
    return largest.head(LARGEST)


def shares_of_variance(result: Result, headline: str) -> pd.Series:
    """Return input -> squared rank correlation of its draws with the headline's, largest first; empty if
    nothing varies.

    "Never" ranks above every number. Inputs that move together share what they explain, so shares may exceed
    1 in sum.
    """
    values = result.measures[headline]
    known = ~np.isnan(values)
    ranked = pd.Series(values[known]).rank()
    if not known.any() or ranked.nunique() == 1:
        return pd.Series(dtype=float)
    shares = {
        each.name: float(np.corrcoef(_ranks(result.inputs[each.name][known]), ranked)[0, 1] ** 2)
        for each in result.case.estimates
        if not each.certain
    }
    return pd.Series(shares, dtype=float).sort_values(ascending=False, kind="stable")


def _ranks(values: np.ndarray) -> np.ndarray:
    """Return the ranks of values that all differ, but for a few at a hard bound."""
    ranks = np.empty(len(values))
    ranks[np.argsort(values)] = np.arange(len(values))
    return ranks
