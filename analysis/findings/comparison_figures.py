"""Words and named frames of the comparison's figures, and the line that the command prints."""

import math

import pandas as pd

from analysis import stored
from analysis.findings.comparison_names import LABELS, quoted
from analysis.findings.numbers import money, months, percent, plain
from analysis.findings.refs import ids
from analysis.findings.words import Words
from analysis.insight import comparison as insight
from analysis.insight import grounds as grounding
from analysis.insight.comparison import BEST, Comparison

SHOWN = {
    "runway_months": months,
    "funding_need_usd_m": money,
    "required_growth_per_month": percent,
    "coverage_ratio_36m": percent,
}
SPENDING = ("monthly_burn_usd_m", "growth_compute_per_year", "spend_growth_endurance", "serving_cost_ratio")
REVENUE = ("revenue_subscriptions_usd_m", "growth_subscriptions_per_month", "growth_endurance")
MOST_NAMED = 5


def named_ranges(comparison: Comparison, frame: pd.DataFrame) -> pd.DataFrame:
    """Return `insight.ranges` with names for readers, and the text of each median."""
    shown = [LABELS[row.metric].missing if math.isnan(row.p50) else SHOWN[row.metric](row.p50) for row in frame.itertuples()]
    return frame.assign(
        unit=frame["metric"],
        metric=frame["metric"].map(lambda name: f"{LABELS[name].name}, {LABELS[name].unit}"),
        baseline=frame["case"] == comparison.baseline,
        case=frame["case"].map(comparison.title),
        median=shown,
    )


def named_paths(comparison: Comparison, frame: pd.DataFrame) -> pd.DataFrame:
    """Return `insight.paths` with the cases' titles."""
    return frame.assign(case=frame["case"].map(comparison.title))


def ranges(comparison: Comparison) -> Words:
    """Return the words of the figure of headline ranges."""
    refs = ids(comparison.tables, "monthly_burn_usd_m", "opening_cash_usd_m", "growth_subscriptions_per_month")
    apart = insight.apart(comparison, "runway_months")
    pairs = len(comparison.results) * (len(comparison.results) - 1) // 2
    overlap = pairs - (apart or 0)
    if apart is None:
        headline = "How long cash lasts, and three more answers, case by case"
    elif pairs == 1:
        headline = f"How long cash lasts: the ranges of the two cases {'overlap' if overlap else 'do not overlap'}"
    else:
        count = f"all {pairs}" if overlap == pairs else f"{overlap or 'none'} of {pairs}"
        headline = f"How long cash lasts: ranges overlap in {count} pairs of cases"
    medians = {case: insight.headline(result, "runway_months")["value"] for case, result in comparison.results.items()}
    told = [f"{comparison.title(case)} {months(value)}" for case, value in medians.items()]
    return Words(
        headline=headline,
        subtitle="Months that cash lasts, funding needed, revenue growth needed, revenue as a share of spending after 36 months; xAI without X",
        note="Dot: median run; bar: middle 90% of runs (one run in ten lies outside); an arrow leads beyond the horizon. Dotted line: "
        f"median of {quoted(comparison, comparison.baseline)}. The share of spending has a logarithmic axis where no run is at 0.",
        shows=f"months that cash lasts in the median run: {'; '.join(told)}",
        kind="derived",
        refs=refs,
    )


def paths(comparison: Comparison) -> Words:
    """Return the words of the figure of spending and revenue."""
    last = insight.last_common(comparison)
    spend, revenue = (insight.central(comparison, name, last) for name in ("spend", "revenue"))
    covered = sum(revenue[case] >= spend[case] for case in spend)
    when = f"month {last + 1}"
    return Words(
        headline=f"On the central path, revenue covers spending in {when} in {_of(covered, len(spend))}",
        subtitle=f"Spending and revenue per month, xAI without X, {_period(comparison)}, logarithmic scale, projections: central path with the "
        "middle 50% (dark) and 90% (light) of runs",
        note="The same axes in all panels; each step up is ten times as much. One run in ten lies outside the light band in any month. "
        "An amount of 0 has no place on this scale.",
        shows="; ".join(
            f"{comparison.title(case)}: spending {money(spend[case])} and revenue {money(revenue[case])} in {when}"
            for case in spend
        ),
        kind="derived",
        refs=ids(comparison.tables, *SPENDING, *REVENUE),
    )


def cash(comparison: Comparison) -> Words:
    """Return the words of the figure of cash."""
    central = {case: result["metrics"]["runway_months"]["central"] for case, result in comparison.results.items()}
    out = [case for case, value in central.items() if value is not None]
    told = [
        f"{comparison.title(case)}: {'used up after ' + months(central[case]) if case in out else 'not used up'}"
        for case in central
    ]
    return Words(
        headline=f"On the central path, cash is used up in {_of(len(out), len(central))}",
        subtitle=f"Cash at the end of each month, xAI without X, {_period(comparison)}, projections: central path with the middle 50% (dark) "
        "and 90% (light) of runs",
        note="The same axes in all panels. Committed funding arrives once; no other money does. Below the line at 0 fresh money is needed; "
        "the panels end where nearly all runs have used it up.",
        shows="; ".join(told),
        kind="derived",
        refs=ids(comparison.tables, "opening_cash_usd_m", "committed_funding_usd_m", "monthly_burn_usd_m"),
    )


def _of(count: int, cases: int) -> str:
    whole = "both cases" if cases == 2 else f"all {cases} cases"
    return whole if count == cases else f"{count or 'none'} of {cases} cases"


def _period(comparison: Comparison) -> str:
    starts = [result["start_month"] for result in comparison.results.values()]
    ends = [stored.settings(result).month(result["horizon_months"] - 1) for result in comparison.results.values()]
    return f"{min(starts)} to {max(ends)}"


def lines(comparison: Comparison) -> list[str]:
    """Return one line per case: what differs from the baseline in inputs and in headlines, by the names of results.json."""
    several = len(comparison.others) > 1
    return [f"{case}: {_line(comparison, case)}" if several else _line(comparison, case) for case in comparison.others]


def _line(comparison: Comparison, case: str) -> str:
    there = comparison.results[comparison.baseline]
    settings = [
        f"{name} {there[name]} -> {comparison.results[case][name]}" for name in grounding.changed_settings(comparison, case)
    ]
    inputs = [f"{old.name} {_given(old)} -> {_given(new)}" for old, new in grounding.changed_inputs(comparison, case)]
    frame = insight.differences(comparison)
    frame = frame[(frame["case"] == case) & ~frame["verdict"].isin(("same", "neither"))]
    small = int((frame["verdict"] == "within").sum())
    moved = [_moved(comparison, row) for row in frame[frame["verdict"] != "within"].itertuples()]
    if not settings and not inputs and frame.empty:
        return "No difference in inputs and headlines."
    counts = [
        f"{len(found)} {word}{'' if len(found) == 1 else 's'}"
        for found, word in ((inputs, "input"), (settings, "setting"))
        if found
    ]
    changes = settings + inputs
    shown = changes[:MOST_NAMED] + ([f"and {len(changes) - MOST_NAMED} more"] if len(changes) > MOST_NAMED else [])
    differ = (
        f"{' and '.join(counts)} differ{'s' if len(changes) == 1 else ''} ({', '.join(shown)})" if changes else "No input differs"
    )
    within = [f"{small} headline difference{'' if small == 1 else 's'} within two standard errors"] if small else []
    return "; ".join([differ, *(moved + within or ["no headline differs"])]) + "."


def _moved(comparison: Comparison, row) -> str:
    old, new = _plain(row.baseline_value, row.baseline_se), _plain(row.value, row.se)
    finer = f" ({row.difference:+.2g})" if old == new else ""
    if row.metric != BEST:
        number = " p50" if insight.HEADLINES[row.metric] == "p50" else ""
        return f"{row.metric}{number} {old} -> {new}{finer}"
    names = [insight.best_portfolio(comparison.results[case])[0] for case in (comparison.baseline, row.case)]
    changed = f" {names[0]} -> {names[1]}," if names[0] != names[1] else ""
    return f"{BEST}{changed} value_mean_usd_m {old} -> {new}{finer}"


def _plain(value: float, se: float) -> str:
    return (
        "none" if math.isnan(value) else plain(value, 0.0 if math.isnan(se) else se, digits=3).replace("−", "-").replace(",", "")
    )


def _given(estimate) -> str:
    numbers = grounding.values(estimate)[:1] if estimate.certain else grounding.values(estimate)
    return ",".join(f"{number:.10g}" for number in numbers)
