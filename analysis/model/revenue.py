"""What is earned: three streams whose growth fades."""

import numpy as np

from analysis.draws import Inputs
from analysis.model import growth

STREAMS = ("subscriptions", "advertising", "data_services")


def start(x: Inputs) -> np.ndarray:
    """Return revenue in month 0, shape (draws,), usd_m."""
    return sum(x[f"revenue_{name}_usd_m"] for name in STREAMS)


def streams(x: Inputs, months: np.ndarray, *, focus: bool = False, integrate: bool = False) -> dict[str, np.ndarray]:
    """Return stream -> revenue, each (draws, months), usd_m; options change growth and delay. Model README, 5 and 6."""
    delay = x["time_to_market_months"]
    if integrate:
        delay = np.maximum(0.0, delay - x["integration_months_saved"])
    faded = growth.fading_months(months, x["growth_endurance"], delay)
    return {name: growth.grow(x[f"revenue_{name}_usd_m"], _growth(x, name, focus, integrate), faded) for name in STREAMS}


def _growth(x: Inputs, name: str, focus: bool, integrate: bool) -> np.ndarray:
    rate = x[f"growth_{name}_per_month"]
    if focus:
        rate = rate * (1 - x["focus_growth_penalty"])
    if integrate and name != "data_services":
        rate = rate * (1 + x["integration_growth_uplift"])
    return rate


def ceiling(x: Inputs) -> np.ndarray:
    """Return the monthly revenue that the three streams approach together, shape (draws,), usd_m; inf without fading."""
    return sum(
        growth.ceiling(x[f"revenue_{name}_usd_m"], x[f"growth_{name}_per_month"], x["growth_endurance"]) for name in STREAMS
    )
