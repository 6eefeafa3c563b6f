"""What is spent: nine lines from their drivers, five categories that sum to the claim. README, section 4."""

from collections.abc import Mapping

import numpy as np

from analysis.inputs.draws import Inputs

HOURS_PER_MONTH = 730
CATEGORY_LINES = {  # category -> its lines; what no line explains is unidentified
    "compute": ("hardware_purchases", "power", "maintenance", "cloud_rental"),
    "talent": ("talent",),
    "data": ("annotation", "data_licences", "data_preparation"),
    "compliance": ("compliance",),
    "unidentified": (),
}
CATEGORIES = tuple(CATEGORY_LINES)
LINES = tuple(line for lines in CATEGORY_LINES.values() for line in lines)


def spending_start(inputs: Inputs, burn_basis: str) -> np.ndarray:
    """Return spending in month 0, (draws,), usd_m: the claim ("gross") or the claim plus revenue ("net")."""
    claim = inputs["monthly_burn_usd_m"]
    return claim + inputs["revenue_start_usd_m"] if burn_basis == "net" else claim


def lines(inputs: Inputs, spending: np.ndarray) -> dict[str, np.ndarray]:
    """Return line -> its cost in month 0, each (draws,), usd_m a month. `spending`: (draws,), in month 0."""
    x = inputs
    power_kwh = x["gpus_installed"] * x["gpu_power_kw"] * x["pue"] * HOURS_PER_MONTH
    return {
        "hardware_purchases": x["gpus_added_per_month"] * x["gpu_all_in_usd"] / 1e6,
        "power": power_kwh * x["electricity_usd_per_kwh"] / 1e6,
        "maintenance": x["hardware_stock_usd_m"] * x["maintenance_share_per_year"] / 12,
        "cloud_rental": x["cloud_gpu_hours_m_per_month"] * x["cloud_usd_per_gpu_hour"],
        "talent": x["headcount"] * x["cash_cost_per_head_usd_k_per_year"] / 12 / 1000,
        "annotation": x["annotators"] * x["annotator_hours_per_month"] * x["annotator_usd_per_hour"] / 1e6,
        "data_licences": x["data_licences_usd_m_per_year"] / 12,
        "data_preparation": x["data_preparation_usd_m_per_year"] / 12,
        "compliance": x["compliance_share_of_spend"] * spending + x["fines_usd_m_per_year"] / 12,
    }


def categories(of_lines: Mapping[str, np.ndarray], spending: np.ndarray) -> dict[str, np.ndarray]:
    """Return category -> usd_m in month 0, (draws,): they sum to `spending`; lines above it are scaled."""
    total = sum(of_lines.values())
    scale = np.minimum(1.0, np.divide(spending, total, out=np.ones_like(total), where=total > 0))
    found = {name: sum(of_lines[line] for line in parts) * scale for name, parts in CATEGORY_LINES.items()}
    return found | {"unidentified": np.maximum(0.0, spending - total)}


def shares(of_categories: Mapping[str, np.ndarray], spending: np.ndarray) -> dict[str, np.ndarray]:
    """Return category -> its share of spending in month 0, each (draws,); nan where nothing is spent."""
    divisor = np.where(spending == 0, np.nan, spending)
    return {name: values / divisor for name, values in of_categories.items()}


def hardware_share(of_lines: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return the part of spending on compute that buys hardware, (draws,); 0 where there is none."""
    compute = sum(of_lines[line] for line in CATEGORY_LINES["compute"])
    return np.divide(of_lines["hardware_purchases"], compute, out=np.zeros_like(compute), where=compute > 0)


def serving(inputs: Inputs, revenue: np.ndarray) -> np.ndarray:
    """Return what it costs to serve the revenue added since month 0, both (draws, months), usd_m."""
    return (revenue - revenue[:, :1]) * inputs["serving_cost_ratio"][:, None]


def log_growth(inputs: Inputs, category: str) -> np.ndarray:
    """Return ln(1 + g) a month of a category at first: (1 + g)^12 = 1 + growth_category_per_year."""
    return np.log1p(inputs[f"growth_{category}_per_year"]) / 12
