"""What the cost page calls categories, line items, measures, perimeters and laboratories, and frames with these names."""

import pandas as pd

from analysis.findings.numbers import money, percent

CATEGORIES = {
    "compute": "Compute",
    "talent": "Talent",
    "data": "Data",
    "compliance": "Privacy and compliance",
    "other": "Not itemised",
    "total": "Total",
}
LINES = {
    "hardware_purchases": "Hardware purchases",
    "power": "Power",
    "maintenance": "Maintenance",
    "cloud_rental": "Cloud rental",
    "talent": "Talent",
    "annotation": "Annotation",
    "data_licences": "Data licences",
    "compliance": "Privacy and compliance",
    "bottom_up_total": "All eight parts",
}
MEASURES = {
    "monthly_burn_claim": "The claim",
    "planned_spend": "Planned spending",
    "levered_cash_flow": "Levered cash flow",
    "cash_spent": "Cash spent",
    "operating_cash_flow": "Operating cash outflow",
    "capital_expenditure": "Capital expenditure",
    "net_loss": "Net loss",
    "operating_loss": "Operating loss",
    "ebitda": "EBITDA loss",
    "ebitda_forecast": "EBITDA loss",
}
FAMILIES = {"cash": "Cash that leaves", "investment": "Investment in buildings and machines", "loss": "Losses in the accounts"}
PERIMETERS = {"xai": "xAI without X", "xai_and_x": "xAI with X", "peer": "Other laboratory"}
LABORATORIES = {
    "model": "This model",
    "openai_plan_2024": "OpenAI, plan for 2024",
    "openai_2024": "OpenAI, 2024",
    "openai_2025": "OpenAI, 2025",
    "anthropic_2025": "Anthropic, 2025",
    "three_labs_2025": "Three laboratories, 2025",
    "zai_2025": "Z.ai, Jan–Jun 2025",
    "frontier_models": "Frontier models, 2022–23",
    "deepmind_2023": "DeepMind UK, 2023",
    "segment_2025_research": "xAI with X, 2025: research",
    "segment_2025_revenue_cost": "xAI with X, 2025: cost of revenue",
}
# of what total each published share is
WHOLES = {
    "openai_plan_2024": "planned compute and staff",
    "openai_2024": "all costs; compute by an outside estimate",
    "openai_2025": "all costs, by the audited accounts as leaked",
    "anthropic_2025": "all spending, by an outside estimate",
    "three_labs_2025": "all spending at Anthropic, MiniMax and Z.ai, by an outside estimate",
    "zai_2025": "research and development",
    "frontier_models": "the cost of developing one model; staff with equity",
    "deepmind_2023": "administrative expenses of one entity, which bears little of the compute",
    "segment_2025_research": "revenue plus operating loss; holds compute and staff",
    "segment_2025_revenue_cost": "revenue plus operating loss; holds compute and staff",
}
GROUPS = {"compute": "Compute", "talent": "Talent", "compliance": "Compliance", "research": "Compute and staff together"}
BOUNDS = {"model": "90% of runs", "point": "one value", "floor": "at least", "ceiling": "at most", "range": "a range"}


def named(frame: pd.DataFrame, column: str, names: dict[str, str]) -> pd.DataFrame:
    """Return `frame` with the machine names of one column replaced by what readers see."""
    return frame.assign(**{column: frame[column].map(names)})


def figures(frame: pd.DataFrame) -> pd.DataFrame:
    """Return public figures for their chart: figure, family, perimeter, status, published and per month, usd_m."""
    labels = [f"{MEASURES[row.measure]}, {period(row.period_start, row.period_end)}" for row in frame.itertuples()]
    return pd.DataFrame(
        {
            "figure": labels,
            "family": frame["family"].map(FAMILIES),
            "perimeter": frame["perimeter"].map(PERIMETERS),
            "status": frame["status"],
            "period_months": frame["period_months"],
            "published_usd_m": frame["published_usd_m"],
            "per_month_usd_m": frame["per_month_usd_m"],
            "shown": [("over " if row.floor else "") + money(row.per_month_usd_m, digits=3) for row in frame.itertuples()],
        }
    )


def structures(frame: pd.DataFrame) -> pd.DataFrame:
    """Return shares for their chart: laboratory, category, bound, shares, and the text beside each."""
    return frame.assign(
        laboratory=frame["key"].map(LABORATORIES),
        category=frame["category"].map(GROUPS),
        shown=[share_text(row) for row in frame.itertuples()],
    )[["laboratory", "category", "bound", "low_share", "central_share", "high_share", "shown"]]


def share_text(row) -> str:
    """Return a published share as one value, a floor, a ceiling or a range; the model's with its range."""
    low, high = percent(row.low_share), percent(row.high_share)
    if row.bound == "model":
        return f"{percent(row.central_share)} ({low} to {high})"
    return {"point": low, "floor": f"at least {low}", "ceiling": f"at most {high}", "range": f"{low} to {high}"}[row.bound]


def period(start: str, end: str) -> str:
    """Return a period as "2025", "Jun 2025", "Jan–Sep 2025"; dates are YYYY-MM-DD."""
    first, last = pd.Timestamp(start), pd.Timestamp(end)
    if (first.year, first.month, last.month) == (last.year, 1, 12):
        return str(first.year)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first:%b %Y}"
    return f"{first:%b}–{last:%b %Y}" if first.year == last.year else f"{first:%b %Y}–{last:%b %Y}"
