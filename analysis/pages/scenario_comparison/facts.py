"""The numbers that the comparison's text names, and which way it turns."""

from collections.abc import Mapping
from dataclasses import replace

from analysis.inputs import months
from analysis.model.options import STAY
from analysis.pages.scenario_comparison.measures import Measures
from analysis.results import compared
from analysis.results.metrics import METRICS
from analysis.show import numbers
from analysis.show.quantity import Quantity, derived, from_summary

ERRORS = 2.0  # standard errors within which two cases cannot be told apart
DRY = "cash_out_probability_horizon"


def facts(measures: Measures) -> dict[str, object]:
    """Return quantities by case, the outermost of them, and what kinds of cases there are."""
    results, out = measures.results, measures.cash_out
    horizons = {result["horizon_months"] for result in results.values()}
    ends = {
        case: from_summary("cash_out_month", result["metrics"]["cash_out_month"], of=case)
        for case, result in results.items()
    }
    ending = [month for month in ends.values() if not month.never]
    return {
        "count": len(results),
        "drawn": len(measures.drawn),
        "baseline": measures.titles[measures.baseline],
        "titles": list(measures.titles.values()),
        "endless": len(ends) - len(ending),
        "earliest": min(ending, key=lambda month: month.value, default=None),
        "latest": max(ending, key=lambda month: month.value, default=None),
        "gone_by": None
        if (out["p95_month"] == "").any()
        else derived(out["p95_month"].max(), "month", _rests(DRY), "gone_by"),
        "horizon": horizons.pop() if len(horizons) == 1 else None,
        "spread": _spread(measures),
        "missing": _ends(measures, "funding_need_usd_m"),
        "even": _ends(measures, "break_even_probability"),
        "worth": _worth(measures),
        "hindsight": _hindsight(measures),
        "flows": _flows(measures),
        "cash": _cash(measures),
        "inputs": len(measures.inputs),
    }


def findings(facts: Mapping[str, object]) -> list[str]:
    """Return the findings that can be made of these cases, in their order."""
    if facts["count"] < 2:
        return ["only_one"]
    left_out = {
        "missing": not facts["horizon"],
        "hindsight": facts["hindsight"] and not facts["hindsight"]["comparable"],
    }
    wanted = ("spread", "hindsight", "missing", "even", "worth")
    return [name for name in wanted if facts[name] and not left_out.get(name)]


def quantities(measures: Measures, name: str) -> dict[str, Quantity]:
    """Return case -> a metric's value, all written to the same place: two digits of the smallest, three of the largest at most.

    So what is added or subtracted by a reader comes out.
    """
    found = {
        case: from_summary(name, result["metrics"][name], of=case)
        for case, result in measures.results.items()
    }
    sizes = [abs(each.value) for each in found.values() if numbers.known(each.value) and each.value]
    place = max(numbers.last_place(min(sizes), 2), numbers.last_place(max(sizes), 3)) if sizes else 0
    return {case: each.shown_with(numbers.digits_to(each.value, place)) for case, each in found.items()}


def _ends(measures: Measures, name: str) -> dict[str, object] | None:
    """Return the smallest and the largest value of a metric and whose they are, "" where two tie; None without values."""
    found = {case: each for case, each in quantities(measures, name).items() if numbers.known(each.value)}
    if not found:
        return None
    errors = {case: _error(measures.results[case]["metrics"][name]) for case in found}
    order = sorted(found, key=lambda case: found[case].value)
    low, high = order[0], order[-1]
    alike = str(found[low]) == str(found[high])
    whose = {end: _alone(found, errors, case) for end, case in (("low", low), ("high", high))}
    titles = {f"{end}_title": measures.titles[case] if case else "" for end, case in whose.items()}
    return {"low": found[low], "high": found[high], "alike": alike, **titles}


def _error(summary: Mapping) -> float:
    return (summary["se"] if "value" in summary else summary["p50_se"]) or 0.0


def _alone(found: Mapping[str, Quantity], errors: Mapping[str, float], case: str) -> str:
    """Return `case` unless another one reads alike or cannot be told from it."""
    others = [other for other in found if other != case]
    tied = [
        other
        for other in others
        if str(found[other]) == str(found[case])
        or abs(found[other].value - found[case].value)
        <= ERRORS * (errors[other] ** 2 + errors[case] ** 2) ** 0.5
    ]
    return "" if tied else case


def _spread(measures: Measures) -> dict[str, object] | None:
    """Return how far the middle dates of the cases with the baseline's start lie apart, and how wide the baseline's range is."""
    frame = measures.cash_out
    base = frame.iloc[0]
    same = frame[frame["start_month"] == base["start_month"]]
    if len(same) < 2 or same["p50"].isna().any() or base[["p5", "p95"]].isna().any():
        return None
    apart, within = same["p50"].max() - same["p50"].min(), base["p95"] - base["p5"]
    refs = _rests("runway_months")
    return {
        "apart": derived(apart, "months", refs, "spread.apart"),
        "within": derived(within, "months", refs, "spread.within"),
        "more": bool(within > apart),
        "count": len(same),
        "start": derived(base["start_month"], "month", id="spread.start"),
    }


def _worth(measures: Measures) -> dict[str, object] | None:
    """Return the best mix's mean value where it is lowest and where it is highest."""
    frame = measures.options.sort_values("value_usd_m")
    low, high = frame.iloc[0], frame.iloc[-1]
    refs = _rests("value_usd_m")
    found = {
        end: derived(row["value_usd_m"], "money", refs, f"{row['case']}.best_value_usd_m")
        for end, row in (("low", low), ("high", high))
    }
    alike = str(found["low"]) == str(found["high"])
    return None if alike else found | {"low_title": low["title"], "high_title": high["title"]}


def _hindsight(measures: Measures) -> dict[str, object] | None:
    """Return the risk of the baseline left alone, and with hindsight left alone and with what was done; None without both."""
    cases = [case for case, result in measures.results.items() if result["scenario"] == compared.HINDSIGHT]
    if not cases or cases[0] == measures.baseline:
        return None
    after, found = cases[0], {}
    for name, case, mix in (
        ("before", measures.baseline, STAY),
        ("left", after, STAY),
        ("done", after, compared.DONE),
    ):
        summary = measures.results[case]["portfolios"][mix][DRY]
        found[name] = from_summary(DRY, summary, of=f"{case}.{mix}")
    refs = ("partner_income_usd_m_per_month", "round_size_usd_m", "round_success_probability")
    found["done"] = replace(found["done"], refs=(*refs, "C45", "C46"))
    inputs, start = measures.results[after]["inputs"], measures.results[after]["start_month"]
    arrived = months.add(start, int(inputs["committed_funding_month"]["central"]))
    placed = inputs["committed_equity_usd_m"]["central"] + inputs["committed_debt_usd_m"]["central"]
    return found | {
        "falls": found["done"].value < found["before"].value,
        "comparable": measures.results[after]["horizon_months"]
        == measures.results[measures.baseline]["horizon_months"],
        "horizon": measures.results[after]["horizon_months"],
        "title": measures.titles[after],
        "start": derived(start, "month", id="hindsight.start"),
        "arrived": derived(arrived, "month", id="hindsight.arrived"),
        "placed": derived(placed, "money", ("committed_equity_usd_m",), "hindsight.placed"),
    }


def _flows(measures: Measures) -> dict[str, object]:
    """Return in which of the drawn cases the middle simulation's revenue covers its spending in the last month."""
    last = measures.paths.groupby("title", sort=False).last()
    covered = last["revenue_usd_m"] >= last["spend_usd_m"]
    least, most = last["revenue_usd_m"].min(), last["revenue_usd_m"].max()
    refs = _rests("coverage_ratio_36m")
    return {
        "covered": list(last.index[covered]),
        "least": derived(float(least), "money", refs, "flows.least"),
        "most": derived(float(most), "money", refs, "flows.most"),
    }


def _cash(measures: Measures) -> dict[str, object]:
    """Return the month in which the chart of cash ends, with the largest and smallest sum left or missing then."""
    month = measures.cash["month"].max()
    last = measures.cash.loc[measures.cash["month"] == month, "cash_usd_m"]
    most, least = float(last.max()), float(last.min())
    refs = _rests("runway_months")
    return {
        "month": derived(month, "month", id="cash.month"),
        "most": derived(abs(most), "money", refs, "cash.most"),
        "least": derived(abs(least), "money", refs, "cash.least"),
        "signs": "left" if least >= 0 else "missing" if most < 0 else "both",
    }


def _rests(name: str) -> tuple[str, ...]:
    return METRICS[name].rests_on
