"""What is spent: five categories from the claim downwards, eight line items from their drivers upwards."""

import numpy as np

from analysis.draws import Inputs
from analysis.model import growth

CATEGORIES = ("compute", "talent", "data", "compliance", "other")
HOURS_PER_MONTH = 730
LINES = (
    "hardware_purchases", "power", "maintenance", "cloud_rental", "talent", "annotation", "data_licences", "compliance",
)  # fmt: skip


def gross_burn(x: Inputs, burn_basis: str, revenue_start: np.ndarray) -> np.ndarray:
    """Return spending in month 0, shape (draws,), usd_m: the claim itself (gross) or the claim plus revenue (net)."""
    return x["monthly_burn_usd_m"] + (revenue_start if burn_basis == "net" else 0.0)


def scaled_shares(x: Inputs, kept: tuple[str, ...]) -> dict[str, np.ndarray]:
    """Return category -> share, each (draws,), summing to 1 in every draw.

    Shares in `kept` stay as drawn (they are scaled down only where they exceed 1 together); the others fill the rest
    in proportion.
    """
    shares = {name: x[f"share_{name}"] for name in CATEGORIES}
    held = sum((shares[name] for name in CATEGORIES if f"share_{name}" in kept), np.zeros_like(shares["compute"]))
    free = sum((shares[name] for name in CATEGORIES if f"share_{name}" not in kept), np.zeros_like(held))
    none_free = free <= 0
    held_scale = np.where(none_free | (held > 1), 1 / np.where(held > 0, held, 1.0), 1.0)
    free_scale = np.where(none_free, 0.0, np.maximum(0.0, 1 - held) / np.where(none_free, 1.0, free))
    return {name: share * (held_scale if f"share_{name}" in kept else free_scale) for name, share in shares.items()}


def base_spend(x: Inputs, burn: np.ndarray, kept: tuple[str, ...], months: np.ndarray) -> dict[str, np.ndarray]:
    """Return category -> spending before serving costs, each (draws, months), usd_m. Source: model README, section 4."""
    faded = growth.fading_months(months, x["spend_growth_endurance"])
    shares = scaled_shares(x, kept)
    return {name: growth.grow(shares[name] * burn, growth.per_month(x[f"growth_{name}_per_year"]), faded) for name in CATEGORIES}


def bottom_up(x: Inputs, burn: np.ndarray) -> dict[str, np.ndarray]:
    """Return line item -> usd_m in month 0, each (draws,), with `bottom_up_total` and `unexplained` (claim less total)."""
    power_kwh = x["gpus_installed"] * x["gpu_power_kw"] * x["pue"] * HOURS_PER_MONTH
    lines = {
        "hardware_purchases": x["gpus_added_per_month"] * x["gpu_all_in_usd"] / 1e6,
        "power": power_kwh * x["electricity_usd_per_kwh"] / 1e6,
        "maintenance": x["hardware_stock_usd_m"] * x["maintenance_share_per_year"] / 12,
        "cloud_rental": x["cloud_gpu_hours_m_per_month"] * x["cloud_usd_per_gpu_hour"],
        "talent": x["headcount"] * x["cash_cost_per_head_usd_k_per_year"] / 12 / 1000,
        "annotation": x["annotators"] * x["annotator_hours_per_month"] * x["annotator_usd_per_hour"] / 1e6,
        "data_licences": x["data_licences_usd_m_per_year"] / 12,
        "compliance": x["compliance_share_of_spend"] * burn + x["fines_usd_m_per_year"] / 12,
    }
    total = sum(lines.values())
    return lines | {"bottom_up_total": total, "unexplained": burn - total}
