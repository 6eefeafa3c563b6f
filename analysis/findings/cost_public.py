"""Sentences about the public figures that are called burn: what they measure, what is disputed, what came later."""

import pandas as pd

from analysis.findings.cost_names import period
from analysis.findings.numbers import money, percent
from analysis.findings.words import Finding
from analysis.inputs import Tables
from analysis.insight import cost_structures, definitions


def spent(tables: Tables) -> pd.Series:
    """Return the figure of cash spent by xAI without X since January 2025, the nearest in kind to the claim."""
    return definitions.one(definitions.figures(tables), "cash_spent", "xai", "2025-01")


def reconciled(tables: Tables) -> Finding:
    """Return the sentence that reconciles the figures that are all called burn."""
    public = definitions.figures(tables)
    claim, cash = definitions.one(public, "monthly_burn_claim", "xai", "2025"), spent(tables)
    loss = definitions.one(public, "operating_loss", "xai_and_x", "2025-01")
    capex = definitions.one(public, "capital_expenditure", "xai_and_x", "2025-01")
    return Finding(
        f"{money(claim['published_usd_m'])} a month, {money(cash['published_usd_m'])} in {cash['period_months']} months, a loss "
        f"of {money(loss['published_usd_m'])} and capital expenditure of {money(capex['published_usd_m'], digits=3)} can all be "
        f"true: the first two are cash of xAI without X (a disputed claim; {money(cash['per_month_usd_m'], digits=3)} a month as "
        "later reported), the last two accounts of xAI with X, in which machines count as investment when they are bought "
        f"({money(capex['per_month_usd_m'], digits=3)} a month) and enter the loss only over their years "
        f"of use (the whole loss, net of revenue: {money(loss['per_month_usd_m'], digits=3)} a month).",
        "derived",
        (claim["id"], cash["id"], loss["id"], capex["id"]),
    )


def disputed(tables: Tables) -> Finding:
    """Return what is in dispute: a denial without a figure, and capital expenditure of an unclear period."""
    public = definitions.figures(tables)
    claim = definitions.one(public, "monthly_burn_claim", "xai", "2025")
    capex = definitions.one(public, "capital_expenditure", "xai", "2025-01")
    denial = tables.evidence.index[tables.evidence["measure"] == "statement"][0]
    return Finding(
        "In dispute: the company's head called the claim nonsense and gave no figure; and "
        f"{money(capex['published_usd_m'])} of capital expenditure is read by some as the first quarter of "
        f"{capex['period_start'][:4]} alone ({money(capex['per_month_usd_m'], digits=3)} a month), by others as all that had "
        "been spent so far, which gives no monthly figure.",
        "reported",
        (claim["id"], denial, capex["id"]),
    )


def peers(tables: Tables) -> Finding:
    """Return the range of other laboratories' cash figures per month beside that of xAI."""
    others, own = definitions.peers(tables), spent(tables)
    cash = others.loc[others["measure"] == "cash_spent"].sort_values("per_month_usd_m")
    above = int((cash["per_month_usd_m"] > own["per_month_usd_m"]).sum())
    low, high = (money(cash["per_month_usd_m"].iloc[end]) for end in (0, -1))
    return Finding(
        f"Published cash figures of other laboratories run from {low} to {high} a month; {above or 'none'} of these {len(cash)} "
        f"{'lie' if above > 1 else 'lies'} above the {money(own['per_month_usd_m'])} of xAI without X.",
        "derived",
        (*cash["id"], own["id"]),
    )


def mixed_lines(tables: Tables) -> Finding:
    """Return what the segment's accounts say of its cost structure: lines that hold compute and staff together."""
    rows = cost_structures.published(tables).set_index("key")
    research, revenue = rows.loc["segment_2025_research"], rows.loc["segment_2025_revenue_cost"]
    year = definitions.one(definitions.figures(tables), "operating_loss", "xai_and_x", "2025-01")["period_start"][:4]
    return Finding(
        f"The accounts of xAI with X for {year} cannot be split this way: research is {percent(research['low_share'])} to "
        f"{percent(research['high_share'])} and cost of revenue {percent(revenue['low_share'])} of its cost (revenue plus "
        "operating loss), both hold compute and staff, and machines count in them only over their years of use.",
        "derived",
        tuple(dict.fromkeys(f"{research['ids']} {revenue['ids']}".split())),
    )


def disclosed(tables: Tables) -> Finding:
    """Return what was disclosed later about the pace of investment, which has another perimeter."""
    public = definitions.figures(tables)
    rows = public[(public["measure"] == "capital_expenditure") & (public["perimeter"] == "xai_and_x")].sort_values("period_start")
    trend = "rose each time" if rows["per_month_usd_m"].is_monotonic_increasing else "did not rise each time"
    pace = [f"{money(row.per_month_usd_m, digits=3)} in {period(row.period_start, row.period_end)}" for row in rows.itertuples()]
    return Finding(
        f"Disclosed later, and no total of spending: capital expenditure per month of xAI with X {trend} ({', '.join(pace)}).",
        "derived",
        tuple(rows["id"]),
    )
