"""Sentences about the public figures that are called burn: what they measure, what is disputed, what came later."""

import pandas as pd

from analysis.findings.cost_names import period
from analysis.findings.numbers import money
from analysis.findings.words import Finding
from analysis.inputs import Tables
from analysis.insight import definitions


def spent(tables: Tables) -> pd.Series:
    """Return the figure of cash spent by xAI without X since January 2025, the nearest in kind to the claim."""
    return definitions.one(definitions.figures(tables), "cash_spent", "xai", "2025-01")


def reconciled(tables: Tables) -> Finding:
    """Return the sentence that reconciles the figures that are all called burn."""
    public = definitions.figures(tables)
    claim, cash = definitions.one(public, "monthly_burn_claim", "xai", "2025"), spent(tables)
    loss, capex = (
        definitions.one(public, measure, "xai_and_x", "2025-01") for measure in ("operating_loss", "capital_expenditure")
    )
    return Finding(
        f"{money(claim['published_usd_m'])} a month, {money(cash['published_usd_m'])} in {cash['period_months']} months, "
        f"a loss of "
        f"{money(loss['published_usd_m'])} and capital expenditure of {money(capex['published_usd_m'], digits=3)} can all "
        f"be true: the "
        f"first two are cash of xAI without X (a disputed claim, and {money(cash['per_month_usd_m'], digits=3)} a month "
        f"reported later); the "
        f"last two are accounts of xAI with X for {period(loss['period_start'], loss['period_end'])}, where what machines "
        f"cost counts at "
        f"purchase as investment ({money(capex['per_month_usd_m'], digits=3)} a month) and in the loss "
        f"({money(loss['per_month_usd_m'], digits=3)} a month) only over their years of use.",
        "reported",
        (claim["id"], cash["id"], loss["id"], capex["id"]),
    )


def disputed(tables: Tables) -> Finding:
    """Return what is in dispute: a denial without a figure, and capital expenditure of an unclear period."""
    public = definitions.figures(tables)
    claim, capex = (
        definitions.one(public, "monthly_burn_claim", "xai", "2025"),
        definitions.one(public, "capital_expenditure", "xai", "2025-01"),
    )
    denial = tables.evidence.index[tables.evidence["measure"] == "statement"][0]
    return Finding(
        f"In dispute: the company's head called the claim nonsense and gave no figure; and "
        f"{money(capex['published_usd_m'])} of capital "
        f"expenditure is read by some as the first quarter of {capex['period_start'][:4]} alone "
        f"({money(capex['per_month_usd_m'], digits=3)} a "
        f"month), by others as all that had been spent so far, which gives no monthly figure.",
        "reported",
        (claim["id"], denial, capex["id"]),
    )


def peers(tables: Tables) -> Finding:
    """Return the range of other laboratories' cash figures per month beside that of xAI."""
    others, own = definitions.peers(tables), spent(tables)
    cash = others.loc[others["measure"] == "cash_spent"].sort_values("per_month_usd_m")
    above = int((cash["per_month_usd_m"] > own["per_month_usd_m"]).sum())
    return Finding(
        f"Published cash figures of other laboratories run from {money(cash['per_month_usd_m'].iloc[0])} to "
        f"{money(cash['per_month_usd_m'].iloc[-1])} a month; {above or 'none'} of these {len(cash)} "
        f"{'lie' if above > 1 else 'lies'} above the "
        f"{money(own['per_month_usd_m'])} of xAI without X.",
        "derived",
        (*cash["id"], own["id"]),
    )


def disclosed(tables: Tables) -> Finding:
    """Return what was disclosed later about the pace of investment, which has another perimeter."""
    public = definitions.figures(tables)
    rows = public[(public["measure"] == "capital_expenditure") & (public["perimeter"] == "xai_and_x")].sort_values("period_start")
    pace = ", ".join(
        f"{money(row.per_month_usd_m, digits=3)} in {period(row.period_start, row.period_end)}" for row in rows.itertuples()
    )
    trend = "rose each time" if rows["per_month_usd_m"].is_monotonic_increasing else "did not rise each time"
    return Finding(
        f"Disclosed later, and no total of spending: capital expenditure per month of xAI with X {trend}, with {pace}.",
        "derived",
        tuple(rows["id"]),
    )
