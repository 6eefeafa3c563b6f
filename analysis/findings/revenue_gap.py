"""Words of the revenue-gap page: findings, headings and the text around its figures, all computed from a run."""

from analysis.findings.numbers import likelihood, money, months, percent, runs
from analysis.findings.words import Finding, Words
from analysis.results import Run


def headings(run: Run) -> dict[str, str]:
    """Return section id -> heading, a statement that holds for this run."""
    metrics = run.metrics
    covered = metrics["coverage_ratio_start"]
    return {
        "gap": f"Revenue covers {percent(covered['central'])} of spending at the start",
    }


def gap(run: Run) -> Words:
    """Return the words of the figure of spending and revenue."""
    start, later = run.metrics["gap_start_usd_m_per_month"], run.metrics["gap_36m_usd_m_per_month"]
    direction = "grows" if (later["central"] or 0) > start["central"] else "narrows"
    if later["central"] is None:
        direction = "stands"
    return Words(
        headline=f"The gap {direction}: {money(start['central'])} a month at the start",
        subtitle=f"Spending and revenue per month, xAI without X, {run.settings.month(0)} to {run.settings.month(run.settings.horizon_months - 1)}, "
        "central path with the middle 50% (dark) and 90% (light) of runs",
        note="Hatched: the gap on the central path. One run in ten lies outside the light bands in any month.",
        shows=f"spending starts at {money(run.central_path.spend[0, 0])} and revenue at {money(run.central_path.revenue[0, 0])} a month",
        kind="derived",
        refs=("A01", "A14", "A35", "A38"),
    )


def findings(run: Run) -> list[Finding]:
    """Return at most five findings that answer the page's question."""
    out, runway = run.metrics["cash_out_probability_12m"], run.metrics["runway_months"]
    return [
        Finding(
            f"Without further funding, cash lasts {months(runway['p50'], runway['p50_se'])} in the median run "
            f"(90% of runs: {months(runway['p5'])} to {months(runway['p95'])}); {runs(out['value'] or 0)} it is gone within 12 months, "
            f"which is {likelihood(out['value'] or 0)}.",
            "derived",
            ("A01", "A40", "A41"),
        ),
    ]
