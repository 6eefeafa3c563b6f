"""The model's value beside what investors agreed on: a check that a reader would make."""

from analysis.findings.numbers import money
from analysis.findings.refs import ids, with_role
from analysis.findings.revenue_phrases import calendar
from analysis.findings.words import Finding
from analysis.inputs import Tables
from analysis.results import Run


def beside_market(run: Run, tables: Tables) -> Finding:
    """Return how the best portfolio's mean value compares with the valuations of xAI that were published."""
    rows = with_role(tables, "market_value").sort_values("value")
    best = max((name["value_mean_usd_m"] for name in run.portfolio_metrics.values()), key=lambda value: value["value"])
    lowest, highest = rows.iloc[0], rows.iloc[-1]
    span = " to ".join(f"{money(row.value)} ({calendar(row.period_end[:7])})" for row in (lowest, highest))
    value = f"the highest mean value of a portfolio here is {money(best['value'], best['se'])}"
    if best["value"] < lowest.value:
        side = "below all of them: those prices expect more growth, or more funding on good terms, than this case assumes"
    elif best["value"] > highest.value:
        side = "above all of them: this case assumes more growth, or funding on better terms, than those prices expect"
    else:
        side = "between them"
    return Finding(
        f"Investors put the value of xAI at {span}; {value}, {side}.",
        "derived",
        (*rows["id"], *ids(tables, "exit_revenue_multiple", "discount_rate_per_year")),
    )
