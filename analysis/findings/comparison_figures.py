"""Words and named frames of the comparison's figures, and the line that the command prints."""

import math

import pandas as pd

from analysis import stored
from analysis.findings.comparison_names import LABELS, quoted
from analysis.findings.numbers import money, months, percent, plain
from analysis.findings.refs import ids
from analysis.findings.words import Words
from analysis.insight import comparison as insight
from analysis.insight.comparison import Comparison, values

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
    if apart is None:
        headline = "How far the ranges of the cases overlap"
    elif pairs == 1:
        headline = f"For cash, the two cases' 90% ranges {'do not overlap' if apart else 'overlap'}"
    else:
        headline = f"For cash, {apart or 'none'} of {pairs} pairs of cases {'has' if apart <= 1 else 'have'} separate 90% ranges"
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
    count = f"{covered} of {len(spend)} cases" if covered else "no case"
    when = "the first month" if last == 0 else f"month {last + 1}"
    return Words(
        headline=f"In {count}, revenue covers spending in {when} on the central path",
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
    count = (
        f"all {len(central)} cases" if len(out) == len(central) else f"{len(out)} of {len(central)} cases" if out else "no case"
    )
    told = [
        f"{comparison.title(case)}: {'used up after ' + months(central[case]) if case in out else 'not used up'}"
        for case in central
    ]
    return Words(
        headline=f"In {count}, cash is used up within the horizon on the central path",
        subtitle=f"Cash at the end of each month, xAI without X, {_period(comparison)}, projections: central path with the middle 50% (dark) "
        "and 90% (light) of runs",
        note="The same axes in all panels. Committed funding arrives once; no other money does. Below the line at 0 fresh money is needed; "
        "the panels are cut off there.",
        shows="; ".join(told),
        kind="derived",
        refs=ids(comparison.tables, "opening_cash_usd_m", "committed_funding_usd_m", "monthly_burn_usd_m"),
    )


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
    changes = [f"{name} {there[name]} -> {comparison.results[case][name]}" for name in insight.changed_settings(comparison, case)]
    changes += [f"{old.name} {_given(old)} -> {_given(new)}" for old, new in insight.changed_inputs(comparison, case)]
    frame = insight.differences(comparison)
    frame = frame[(frame["case"] == case) & ~frame["verdict"].isin(("same", "neither"))]
    small = int((frame["verdict"] == "within").sum())
    moved = [_moved(row) for row in frame[frame["verdict"] != "within"].itertuples()]
    if not changes and frame.empty:
        return "No difference in inputs and headlines."
    shown = changes[:MOST_NAMED] + ([f"and {len(changes) - MOST_NAMED} more"] if len(changes) > MOST_NAMED else [])
    differ = (
        f"{len(changes)} input{' differs' if len(changes) == 1 else 's differ'} ({', '.join(shown)})"
        if changes
        else "No input differs"
    )
    within = [f"{small} headline difference{'' if small == 1 else 's'} within two standard errors"] if small else []
    return "; ".join([differ, *(moved + within or ["no headline differs"])]) + "."


def _moved(row) -> str:
    number = "" if insight.HEADLINES[row.metric] == "value" else " p50"
    old, new = (_plain(value, row.difference_se) for value in (row.baseline_value, row.value))
    return f"{row.metric}{number} {old} -> {new}"


def _plain(value: float, se: float) -> str:
    return (
        "none" if math.isnan(value) else plain(value, 0.0 if math.isnan(se) else se, digits=3).replace("−", "-").replace(",", "")
    )


def _given(estimate) -> str:
    numbers = values(estimate)[:1] if estimate.certain else values(estimate)
    return ",".join(f"{number:.10g}" for number in numbers)
