"""Words of the index page, computed from the results of the cases that are there."""

import pandas as pd

from analysis.findings.numbers import likelihood, money, months, percent, runs
from analysis.findings.refs import with_role
from analysis.findings.revenue_phrases import calendar
from analysis.findings.words import Finding
from analysis.inputs import Tables


def answer(results: dict, tables: Tables) -> Finding:
    """Return the report's answer in one sentence, from one case's results."""
    metrics, inputs = results["metrics"], results["inputs"]
    runway, out = metrics["runway_months"], metrics["cash_out_probability_12m"]
    money_in = f"its money, {money(inputs['committed_funding_usd_m']['central'])} of funding then being placed included,"
    if runway["p50"] is None:
        lasts = f"{money_in} does not run out within the {results['horizon_months']} months that are modelled in at least half of the runs"
    else:
        reach = months(runway["p95"]) if runway["p95"] is not None else f"beyond {results['horizon_months']} months"
        span = f"(90% of runs: {months(runway['p5']).removesuffix(' months')} to {reach})"
        lasts = f"{money_in} lasts {months(runway['p50'], runway['p50_se'])} without further rounds {span}"
    year = (
        f"; {runs(out['value'])} it is gone within a year, which is {likelihood(out['value'])}"
        if out["value"] is not None
        else ""
    )
    start = "If the claim and the figures of June 2025 hold" if results["scenario"] == "as_reported" else "In this case"
    return Finding(f"{start}, xAI spends {money(inputs['monthly_burn_usd_m']['central'])} a month and {lasts}{year}.", "derived",
                   tuple(tables.assumptions.loc[name, "id"] for name in ("monthly_burn_usd_m", "opening_cash_usd_m", "committed_funding_usd_m")))  # fmt: skip


def outcome(tables: Tables) -> tuple[str, str]:
    """Return what was disclosed later about the claim itself, in one sentence, and the id of the figure."""
    rows = with_role(tables, "back_test")
    row = rows[rows["measure"] == "cash_spent"].iloc[0]
    span = round((pd.Timestamp(row.period_end) - pd.Timestamp(row.period_start)).days / 30.44)
    monthly, claim = row.value / span, tables.assumptions.loc["monthly_burn_usd_m", "central"]
    size = abs(monthly / claim - 1)
    side = "below" if monthly < claim else "above"
    than = f"{percent(size)} {side} the claim" if size >= 0.005 else "as claimed"
    return (
        f"Documents reported later put the cash that xAI spent from {calendar(row.period_start[:7])} to {calendar(row.period_end[:7])} at {money(row.value)}: "
        f"{money(monthly)} a month, {than}.",
        row.id,
    )


def tiles(results: dict) -> list[tuple[str, str, str]]:
    """Return label, value and range of a case's headline figures."""
    metrics = results["metrics"]
    runway, need, growth = (metrics[name] for name in ("runway_months", "funding_need_usd_m", "required_growth_per_month"))
    out, covered = metrics["cash_out_probability_12m"], metrics["coverage_ratio_start"]
    return [
        ("Cash lasts (median)", months(runway["p50"], runway["p50_se"]), _range(runway, months)),
        ("Gone within 12 months", percent(out["value"], out["se"]), likelihood(out["value"]) if out["value"] is not None else ""),
        ("Money needed beyond opening cash, whole horizon", money(need["p50"], need["p50_se"]), _range(need, money)),
        (
            f"Revenue growth needed to cover spending by {calendar(results['target_month'])}",
            f"{percent(growth['p50'], growth['p50_se'])} a month",
            _range(growth, percent),
        ),
        ("Spending covered at the start", percent(covered["p50"], covered["p50_se"]), _range(covered, percent)),
    ]


def _range(summary: dict, shown) -> str:
    low, high = summary["p5"], summary["p95"]
    if low is None:
        return ""
    first = shown(low).removesuffix(" months")
    return f"{first} to {'beyond the horizon' if high is None else shown(high)}"


def raised(tables: Tables) -> str:
    """Return what xAI itself in fact raised, from the figures of what was done, in one sentence."""
    rows = with_role(tables, "action")
    rows = rows[(rows["perimeter"] == "xai") & rows["measure"].isin(("equity_raised", "debt_raised")) & (rows["unit"] == "usd_m")]
    last = max(rows["period_end"])[:7]
    return f"In fact xAI raised {money(rows['value'].sum())} of equity and debt by {calendar(last)}."


def agreement(cases: list[dict]) -> str:
    """Return one sentence on how the cases differ in the months that cash lasts."""
    lasting = [case["metrics"]["runway_months"]["p50"] for case in cases]
    if len(cases) < 2:
        return ""
    if any(months_ is None for months_ in lasting):
        return f"In {sum(months_ is None for months_ in lasting)} of {len(cases)} cases the median run does not run out of cash at all."
    return f"Across the {len(cases)} cases the median run lasts between {months(min(lasting))} and {months(max(lasting))}."
