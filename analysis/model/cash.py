"""Cash and debt, (draws, months), usd_m; inf: never within the horizon. Model README, section 5."""

import itertools
from dataclasses import dataclass

import numpy as np

from analysis.inputs.draws import Inputs


@dataclass(frozen=True)
class Committed:
    """The money being placed. `funding`: equity, and debt drawn less repaid; `debt`: what is outstanding."""

    funding: np.ndarray
    debt: np.ndarray
    interest: np.ndarray


def committed(inputs: Inputs, horizon: int) -> Committed:
    """Return committed equity and debt by month, with interest on what was outstanding the month before."""
    months = np.arange(horizon, dtype=float)
    drawn, repaid = _term(inputs)
    equity, amount = inputs["committed_equity_usd_m"][:, None], inputs["committed_debt_usd_m"][:, None]
    funding = (equity + amount) * np.equal(months, drawn, order="F")
    funding -= amount * np.equal(months, repaid, order="F")
    return Committed(funding, outstanding(inputs, months), interest(inputs, months))


def outstanding(inputs: Inputs, months: np.ndarray) -> np.ndarray:
    """Return debt at the end of any months (n,), also beyond the horizon, (draws, n)."""
    drawn, repaid = _term(inputs)
    owed = np.greater_equal(months, drawn, order="F") & np.less(months, repaid, order="F")
    return inputs["committed_debt_usd_m"][:, None] * owed


def interest(inputs: Inputs, months: np.ndarray) -> np.ndarray:
    """Return the interest of any months (n,), (draws, n), on the debt of the month before."""
    return outstanding(inputs, months - 1) * (inputs["debt_interest_per_year"][:, None] / 12)


def _term(inputs: Inputs) -> tuple[np.ndarray, np.ndarray]:
    drawn = np.floor(inputs["committed_funding_month"])[:, None]
    return drawn, drawn + np.floor(inputs["debt_term_months"])[:, None]


def cumulated(amounts: np.ndarray, inplace: bool = False) -> np.ndarray:
    """Return the sum of all months up to each one, draw vectors at a time: 8 times as fast as cumsum."""
    total = amounts if inplace else amounts.copy(order="K")
    for before, after in itertools.pairwise(total.T):
        after += before
    return total


def balance(opening: np.ndarray, net_burn: np.ndarray, funding: np.ndarray) -> np.ndarray:
    """Return cash at the end of each month: C(t) = C(t−1) − N(t) + F(t), C(−1) = `opening` (draws,)."""
    flow = funding - net_burn
    flow[:, 0] += opening
    return cumulated(flow, inplace=True)


def first_month(condition: np.ndarray) -> np.ndarray:
    """Return the first month in which `condition` holds, (draws,), as float; inf where it never does."""
    months = condition.shape[1]
    left = np.arange(months, 0, -1, dtype=np.uint8 if months < 256 else np.uint32)
    most = (condition * left).max(axis=1)  # months left at the first one; far faster than argmax
    return np.where(most > 0, months - most.astype(float), np.inf)


def runway_months(opening: np.ndarray, cash: np.ndarray, out_month: np.ndarray) -> np.ndarray:
    """Return months until cash is used up, (draws,): t* + C(t*−1)/(C(t*−1) − C(t*)). `out_month`: t*."""
    out = np.isfinite(out_month)
    month = np.where(out, out_month, 0).astype(int)
    after = at(cash, month)
    before = np.where(month > 0, at(cash, month - 1), opening)
    return np.where(out, month + before / np.where(out, before - after, 1.0), np.inf)


def break_even_month(net_burn: np.ndarray) -> np.ndarray:
    """Return the first month from which net burn stays at or below zero up to the horizon, (draws,)."""
    months = net_burn.shape[1]
    month = months - first_month(net_burn[:, ::-1] > 0)  # after the last that burns; −inf where none does
    return np.where(month == months, np.inf, np.maximum(month, 0.0))


def funding_need(inputs: Inputs, net_burn: np.ndarray) -> np.ndarray:
    """Return what is missing beyond cash in hand and money being placed, (draws,): max(0, max ΣN − both)."""
    names = "opening_cash_usd_m", "committed_equity_usd_m", "committed_debt_usd_m"
    return np.maximum(0.0, cumulated(net_burn).max(axis=1) - sum(inputs[name] for name in names))


def at(values: np.ndarray | float, month: np.ndarray) -> np.ndarray | float:
    """Return each draw's value in its own `month` (draws,); a number that holds for all months stays one."""
    return values if np.ndim(values) == 0 else values.T.take(month * len(month) + np.arange(len(month)))
