"""What is earned: three streams whose growth fades, together under a ceiling. Model README, section 5."""

import numpy as np

from analysis.inputs.draws import Inputs
from analysis.model import growth
from analysis.model.levers import Lever, Levers

STREAMS = ("subscriptions", "advertising", "data_services")


def starts(inputs: Inputs) -> dict[str, np.ndarray]:
    """Return stream -> usd_m in month 0, each (draws,); shares that exceed 1 together are scaled to 1."""
    shares = inputs["revenue_share_subscriptions"], inputs["revenue_share_advertising"]
    scale = 1 / np.maximum(1.0, shares[0] + shares[1])
    subscriptions, advertising = (share * scale for share in shares)
    parts = subscriptions, advertising, np.maximum(0.0, 1 - subscriptions - advertising)
    return {name: inputs["revenue_start_usd_m"] * part for name, part in zip(STREAMS, parts, strict=True)}


def faded_months(inputs: Inputs, horizon: int, months_saved: Lever) -> np.ndarray:
    """Return the months of undiminished growth up to every month, (draws, horizon), after the delay."""
    delay = np.maximum(0.0, inputs["time_to_market_months"] - months_saved)
    return growth.faded_months(horizon, inputs["growth_endurance"], delay)


def unlimited(inputs: Inputs, stream: str, faded: np.ndarray, set_to: Levers) -> np.ndarray:
    """Return a stream's revenue by month without the cap, (draws, months), growth as the levers set it."""
    faster = 1.0 if stream == "data_services" else set_to.growth_with_x
    rate = inputs[f"growth_{stream}_per_month"] * (set_to.growth * faster)
    return growth.factor(np.log1p(rate), faded) * starts(inputs)[stream][:, None]


def capped(inputs: Inputs, unlimited: np.ndarray) -> np.ndarray:
    """Return revenue under the cap: R0 + (c − R0)·(1 − exp(−(U − R0)/(c − R0))), never below 0.

    min(U, R0) where the cap c is not above R0, the revenue of month 0. `unlimited`: U, (draws, months).
    """
    start, cap = (inputs[name][:, None] for name in ("revenue_start_usd_m", "revenue_cap_usd_m_per_month"))
    free = cap > start
    room = np.where(free, cap - start, 1.0)
    with np.errstate(over="ignore"):  # a fall to nothing under a cap just above the start
        total = np.maximum(start - room * np.expm1((start - unlimited) / room), 0.0)
    return total if free.all() else np.where(free, total, np.minimum(unlimited, start))


def under_cap(unlimited: dict[str, np.ndarray], total: np.ndarray) -> dict[str, np.ndarray]:
    """Return stream -> its part of the `total` under the cap, each (draws, months), in proportion."""
    every = sum(unlimited.values())
    kept = np.divide(total, every, out=np.zeros_like(every), where=every > 0)
    return {name: values * kept for name, values in unlimited.items()}


def ceiling(inputs: Inputs) -> np.ndarray:
    """Return the monthly revenue that is approached in the end, (draws,), usd_m."""
    endurance = inputs["growth_endurance"]
    unlimited = np.zeros_like(endurance)
    for name, start in starts(inputs).items():
        limit = growth.limit(np.log1p(inputs[f"growth_{name}_per_month"]), endurance)
        unlimited += np.where(start == 0, 0.0, start) * np.where(start == 0, 1.0, limit)
    return capped(inputs, unlimited[:, None])[:, 0]
