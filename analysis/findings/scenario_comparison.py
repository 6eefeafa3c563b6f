"""Words of the comparison: findings, headings and the text around its figures, for any two or more cases."""

import math
from collections import Counter

from analysis.findings.comparison_names import LABELS, listed, quoted
from analysis.findings.numbers import money, months, runs
from analysis.findings.refs import ids
from analysis.findings.words import Finding
from analysis.insight import comparison as insight
from analysis.insight import grounds as grounding
from analysis.insight.comparison import BEST, Comparison
from analysis.insight.portfolios import OPTION_NAMES
from analysis.insight.portfolios import title as portfolio_title

ON_CASH = ("monthly_burn_usd_m", "opening_cash_usd_m", "committed_funding_usd_m")


def findings(comparison: Comparison) -> list[Finding]:
    """Return at most five findings; the first answers how much the answers depend on the case."""
    return [answer(comparison), spread(comparison), beyond(comparison), portfolios(comparison), grounds(comparison)]


def headings(comparison: Comparison) -> dict[str, str]:
    """Return section id -> heading, a statement that holds for these cases."""
    last = insight.last_common(comparison)
    spend, revenue = (insight.central(comparison, name, last) for name in ("spend", "revenue"))
    return {
        "headlines": "Cash lasts {} in the median run{}".format(*_lasting(comparison)),
        "paths": f"In month {last + 1}, spending is {_span(spend)} and revenue {_span(revenue)} on the central path",
        "inputs": _counts(comparison),
    }


def answer(comparison: Comparison) -> Finding:
    """Return how long cash lasts, and how likely it is used up within a year, in the extreme cases."""
    lasting, tail = _lasting(comparison, named=True)
    return Finding(
        f"At xAI without X, with no money after the funding already committed, cash lasts {lasting} in the median run{tail}"
        f"{_within_a_year(comparison)}.",
        "derived",
        ids(comparison.tables, *ON_CASH),
    )


def _within_a_year(comparison: Comparison) -> str:
    """Return how likely cash is used up within 12 months in the extreme cases; nothing where no case has 12 months."""
    out = {case: insight.headline(result, "cash_out_probability_12m")["value"] for case, result in comparison.results.items()}
    known = {case: value for case, value in out.items() if value is not None}
    if not known:
        return ""
    low, high = min(known, key=known.get), max(known, key=known.get)
    if runs(known[low]) != runs(known[high]):
        where = f"{runs(known[low])} in {quoted(comparison, low)} and {runs(known[high])} in {quoted(comparison, high)}"
    else:
        where = f"{runs(known[low])} in {_each(comparison) if len(known) == len(out) else listed([quoted(comparison, case) for case in known])}"
    return f"; it is used up within 12 months {where}" + ("" if len(known) == len(out) else ", the other horizons being shorter")


def spread(comparison: Comparison) -> Finding:
    """Return how far the case moves the median runway, beside how far runs within the baseline differ."""
    refs = ids(comparison.tables, *ON_CASH)
    base = comparison.results[comparison.baseline]["metrics"]["runway_months"]
    name = quoted(comparison, comparison.baseline)
    medians = {case: insight.headline(comparison.results[case], "runway_months")["value"] for case in comparison.others}
    if base["p50"] is None or base["p95"] is None or any(value is None for value in medians.values()):
        lasting = sum(value is None for value in (base["p50"], *medians.values()))
        where = (
            f"does not run out of cash within the horizon in {lasting} of {len(comparison.results)} cases"
            if lasting
            else "runs out in each"
        )
        return Finding(f"The median run {where}; within {name}, {_within(base)}.", "derived", refs)
    case = max(medians, key=lambda other: abs(medians[other] - base["p50"]))
    error = _error(comparison, case)
    moved, within = abs(medians[case] - base["p50"]), base["p95"] - base["p5"]
    if insight.verdict(medians[case], base["p50"], error) in ("same", "within"):
        return Finding(
            f"How long cash lasts in the median run differs by no more than two standard errors from {name} in any case.",
            "derived",
            refs,
        )
    relation = "less than" if moved < within else "more than" if moved > within else "exactly"
    mover = (
        f"{quoted(comparison, case)}, the case furthest from {name}, moves"
        if len(medians) > 1
        else f"{quoted(comparison, case)} moves"
    )
    return Finding(
        f"{mover} the median by {months(moved, error or 0.0)}, {relation} the {months(within)} that the middle 90% of runs spans "
        f"within {name}.",
        "derived",
        refs,
    )


def _within(runway: dict) -> str:
    """Return where the middle 90 % of runs lies when its end is beyond the horizon."""
    if runway["p5"] is None:
        return "cash is used up within the horizon in fewer than 5 of 100 runs"
    end = "beyond the horizon" if runway["p95"] is None else months(runway["p95"])
    return f"the middle 90% of runs goes from {months(runway['p5'])} to {end}"


def _error(comparison: Comparison, case: str) -> float | None:
    frame = insight.differences(comparison)
    error = float(frame.loc[(frame["case"] == case) & (frame["metric"] == "runway_months"), "difference_se"].iloc[0])
    return None if math.isnan(error) else error


def beyond(comparison: Comparison) -> Finding:
    """Return how many headline differences are beyond two standard errors, and which headlines never are."""
    refs = ids(comparison.tables, *ON_CASH)
    frame = insight.differences(comparison)
    frame = frame[frame["verdict"] != "baseline"]
    counts = Counter(frame["verdict"])
    name, total = quoted(comparison, comparison.baseline), len(frame)
    if counts["same"] + counts["neither"] == total:
        return Finding(f"None of the {total} headline figures differs from {name}.", "derived", refs)
    rest = [(counts["within"], "within"), (counts["same"] + counts["neither"], "equal"), (counts["unknown"], "of unknown error"),
            (counts["only_here"] + counts["only_baseline"], "reached in one of the two only")]  # fmt: skip
    others = "; ".join(f"{count} {'is' if count == 1 else 'are'} {words}" for count, words in rest if count)
    clear = {metric for metric, verdict in zip(frame["metric"], frame["verdict"], strict=True) if verdict == "beyond"}
    few = len(clear) <= len(LABELS) / 2
    named = [label.name[0].lower() + label.name[1:] for metric, label in LABELS.items() if (metric in clear) == few]
    same = f" {'Beyond are those' if few else 'No case differs beyond that'} in: {listed(named)}." if named and clear else ""
    return Finding(
        f"Of {total} differences from {name} in {len(LABELS)} headline figures, {counts['beyond'] or 'none'} "
        f"{'is' if counts['beyond'] <= 1 else 'are'} beyond two standard errors of the simulation{f'; {others}' if others else ''}.{same}",
        "derived",
        refs,
    )


def portfolios(comparison: Comparison) -> Finding:
    """Return which portfolio of strategic options has the highest mean value where."""
    best = {case: insight.best_portfolio(result)[0] for case, result in comparison.results.items()}
    value = {case: insight.headline(result, BEST) for case, result in comparison.results.items()}
    low, high = (function(value, key=lambda case: value[case]["value"] or 0.0) for function in (min, max))
    worth = [money(value[case]["value"], value[case]["se"] or 0.0) for case in (low, high)]
    range_ = worth[0]
    if worth[0] != worth[1]:
        range_ = f"between {worth[0]} in {quoted(comparison, low)} and {worth[1]} in {quoted(comparison, high)}"
    return Finding(
        f"{_best(comparison, best)}. The best is worth {range_} to today's shareholders.",
        "assumed",
        ids(comparison.tables, "exit_revenue_multiple", "discount_rate_per_year"),
    )


def _best(comparison: Comparison, best: dict[str, str]) -> str:
    """Return which portfolio is best in which cases. `best`: case -> portfolio."""
    counts = Counter(best.values())
    if len(counts) == 1:
        return (
            f"“{portfolio_title(best[comparison.baseline])}” has the highest mean value of all portfolios in {_each(comparison)}"
        )
    (common, most), *_ = counts.most_common()
    if len(best) == 2:
        text = " and ".join(f"“{portfolio_title(best[case])}” in {quoted(comparison, case)}" for case in best)
        text = f"The portfolio of the highest mean value is {text}"
    else:
        text = f"{len(counts)} different portfolios have the highest mean value"
        text += (
            f" in the {len(best)} cases, “{portfolio_title(common)}” in {most} of them"
            if most > 1
            else f", one in each of the {len(best)} cases"
        )
    shared = [option for option in OPTION_NAMES if all(option in portfolio.split("+") for portfolio in counts)]
    return text + (f"; all of them include “{listed([OPTION_NAMES[option] for option in shared])}”" if shared else "")


def grounds(comparison: Comparison) -> Finding:
    """Return how many inputs differ, and the verdicts of the claims that the differing values rest on."""
    claims = grounding.claims(comparison)
    text = f"{_counts(comparison)}."
    refs = ids(comparison.tables, *dict.fromkeys(
        pair[1].name for case in comparison.others for pair in grounding.changed_inputs(comparison, case)
    ))[:4] or ids(comparison.tables, ON_CASH[0])  # fmt: skip
    if claims:
        verdicts = Counter(comparison.tables.claims.loc[list(claims), "verdict"])
        counted = listed([f"{count} {verdict}" for verdict, count in verdicts.most_common()])
        text += (
            f" The values that differ rest on {len(claims)} of the article's {len(comparison.tables.claims)} claims: {counted}."
        )
    elif any(grounding.changed_inputs(comparison, case) for case in comparison.others):
        text += " None of the values that differ rests on a claim of the article."
    return Finding(text, "derived", refs)


def _counts(comparison: Comparison) -> str:
    """Return how many inputs and settings differ, per case."""
    total = len(comparison.tables.assumptions)
    counts = {case: len(grounding.changed_inputs(comparison, case)) for case in comparison.others}
    chosen = sorted({name for case in comparison.others for name in grounding.changed_settings(comparison, case)})
    settings = f"; settings that differ: {', '.join(chosen).replace('_', ' ')}" if chosen else ""
    name = quoted(comparison, comparison.baseline)
    if not any(counts.values()):
        return f"No input differs from {name}{settings}"
    if len(counts) == 1:
        ((case, count),) = counts.items()
        return f"{quoted(comparison, case)} differs from {name} in {count} of {total} inputs{settings}"
    least, most = min(counts, key=counts.get), max(counts, key=counts.get)
    if counts[least] == counts[most]:
        return f"Each case differs from {name} in {counts[most]} of {total} inputs{settings}"
    return (
        f"{quoted(comparison, most)} differs from {name} in {counts[most]} of {total} inputs, "
        f"{quoted(comparison, least)} in {counts[least] or 'none'}{settings}"
    )


def _lasting(comparison: Comparison, named: bool = False) -> tuple[str, str]:
    """Return "8.3 to 11 months" (with the cases when `named`), and in which share of cases cash lasts to the horizon."""
    medians = {case: insight.headline(result, "runway_months") for case, result in comparison.results.items()}
    finite = {case: entry for case, entry in medians.items() if entry["value"] is not None}
    if not finite:
        return f"to the horizon in {_each(comparison)}" if named else "to the horizon", ""
    lasting = len(medians) - len(finite)
    tail = f", and to the horizon in {lasting} of {len(medians)} cases" if lasting else ""
    low, high = (function(finite, key=lambda case: finite[case]["value"]) for function in (min, max))
    first, last = (months(finite[case]["value"], finite[case]["se"] or 0.0) for case in (low, high))
    if first == last:
        return (f"{first} in {quoted(comparison, low)}" if named and len(finite) == 1 else first), tail
    if not named:
        return f"{_number(first)} to {last}", tail
    text = f"{first} in {quoted(comparison, low)} and {last} in {quoted(comparison, high)}"
    return (f"between {text}" if len(finite) > 2 else text), tail


def _number(text: str) -> str:
    return text.replace("\u00a0", " ").split(" ")[0]


def _span(values: dict[str, float]) -> str:
    low, high = money(min(values.values())), money(max(values.values()))
    return f"{low} to {high}" if low != high else low


def _each(comparison: Comparison) -> str:
    return "both cases" if len(comparison.results) == 2 else f"all {len(comparison.results)} cases"
