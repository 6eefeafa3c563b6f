"""Words of the index page, computed from the results of the cases that are there."""

from analysis.findings.numbers import likelihood, money, months, percent, runs
from analysis.findings.words import Finding
from analysis.inputs import Tables


def answer(results: dict, tables: Tables) -> Finding:
    """Return the report's answer in one sentence, from one case's results."""
    metrics = results["metrics"]
    runway, out = metrics["runway_months"], metrics["cash_out_probability_12m"]
    funding = results["inputs"]["committed_funding_usd_m"]["central"]
    title = tables.scenarios[results["scenario"]].title
    if runway["p50"] is None:
        lasts = f"in at least half of the runs cash does not run out within the {results['horizon_months']} months that are modelled"
    else:
        reach = months(runway["p95"]) if runway["p95"] is not None else f"beyond {results['horizon_months']} months"
        lasts = f"cash would last {months(runway['p50'], runway['p50_se'])} (90% of runs: {months(runway['p5'])} to {reach})"
    year = ""
    if out["value"] is not None:
        year = f"; {runs(out['value'])} it is gone within 12 months, which is {likelihood(out['value'])}"
    return Finding(
        f"Taken as “{title}”, with {money(funding)} of funding in hand or about to close and none after it, {lasts}{year}.",
        "derived",
        tuple(tables.assumptions.loc[name, "id"] for name in ("monthly_burn_usd_m", "opening_cash_usd_m", "committed_funding_usd_m")),
    )


def tiles(results: dict) -> list[tuple[str, str, str]]:
    """Return label, value and range of a case's headline figures."""
    metrics = results["metrics"]
    runway, need, growth = (metrics[name] for name in ("runway_months", "funding_need_usd_m", "required_growth_per_month"))
    out, covered = metrics["cash_out_probability_12m"], metrics["coverage_ratio_start"]
    return [
        ("Cash lasts (median)", months(runway["p50"], runway["p50_se"]), _range(runway, months)),
        ("Gone within 12 months", percent(out["value"], out["se"]), likelihood(out["value"]) if out["value"] is not None else ""),
        ("Funding needed", money(need["p50"], need["p50_se"]), _range(need, money)),
        ("Revenue growth needed", f"{percent(growth['p50'], growth['p50_se'])} a month", _range(growth, percent)),
        ("Spending covered at the start", percent(covered["p50"], covered["p50_se"]), _range(covered, percent)),
    ]


def _range(summary: dict, shown) -> str:
    low, high = summary["p5"], summary["p95"]
    if low is None:
        return ""
    return f"90% of runs: {shown(low)} to {'beyond the horizon' if high is None else shown(high)}"


def agreement(cases: list[dict]) -> str:
    """Return one sentence on how the cases differ in the months that cash lasts."""
    lasting = [case["metrics"]["runway_months"]["p50"] for case in cases]
    if len(cases) < 2:
        return ""
    if any(months_ is None for months_ in lasting):
        return f"In {sum(months_ is None for months_ in lasting)} of {len(cases)} cases the median run does not run out of cash at all."
    return f"Across the {len(cases)} cases the median run lasts between {months(min(lasting))} and {months(max(lasting))}."
