"""The numbers that the comparison's text names, and which way it turns."""

from collections.abc import Mapping
from dataclasses import replace

from analysis.inputs import months
from analysis.pages.scenario_comparison.measures import Measures
from analysis.results import compared
from analysis.results.metrics import METRICS
from analysis.show import numbers
from analysis.show.quantity import Quantity, derived, from_summary

ERRORS = 2.0  # standard errors within which two cases cannot be told apart
RUNWAY, NEED, EVEN, VALUE = (
    "runway_months",
    "funding_need_usd_m",
    "break_even_probability",
    "value_mean_usd_m",
)
DONE_WITH = ("partner_income_usd_m_per_month", "round_size_usd_m", "round_success_probability", "C45", "C46")


def facts(measures: Measures) -> dict[str, object]:
    """Return quantities by case, the outermost of them, and what kinds of cases there are."""
    results, out = measures.results, measures.cash_out
    horizons = {result["horizon_months"] for result in results.values()}
    ends = [month for month in out["p50_month"] if month]
    worth = {
        case: derived(value, "money", _rests(VALUE), f"{case}.best.{VALUE}")
        for case, value in measures.options.set_index("case")["value_usd_m"].items()
    }
    return {
        "count": len(results),
        "drawn": len(measures.drawn),
        "baseline": measures.titles[measures.baseline],
        "titles": list(measures.titles.values()),
        "endless": len(out) - len(ends),
        "earliest": _month(min(ends, default=None)),
        "latest": _month(max(ends, default=None)),
        "gone_by": _month(max(out["p95_month"]) if all(out["p95_month"]) else None),
        "horizon": horizons.pop() if len(horizons) == 1 else None,
        "spread": _spread(measures),
        "missing": _ends(measures, quantities(measures, NEED)),
        "even": _ends(measures, quantities(measures, EVEN)),
        "worth": _ends(measures, worth),
        "hindsight": _hindsight(measures),
        "covered": _covered(measures),
        "cash": _cash(measures),
        "inputs": len(measures.inputs),
    }


def findings(facts: Mapping[str, object]) -> list[str]:
    """Return the findings that can be made of these cases, in their order."""
    hindsight, worth = facts["hindsight"], facts["worth"]
    possible = {
        "spread": facts["spread"],
        "hindsight": hindsight and hindsight["comparable"],
        "missing": facts["missing"] and facts["horizon"],
        "even": facts["even"],
        "worth": worth["low_title"] and worth["high_title"],
    }
    return [name for name in possible if possible[name]] if facts["count"] > 1 else ["only_one"]


def quantities(measures: Measures, name: str) -> dict[str, Quantity]:
    """Return case -> a metric's value, all written to the same place: two digits of the smallest, three of
    the largest at most.

    So what a reader adds or subtracts comes out.
    """
    found = {
        case: from_summary(name, result["metrics"][name], of=case)
        for case, result in measures.results.items()
    }
    sizes = [abs(each.value) for each in found.values() if each.value]
    place = max(numbers.last_place(min(sizes), 2), numbers.last_place(max(sizes), 3)) if sizes else 0
    return {case: each.shown_with(numbers.digits_to(each.value, place)) for case, each in found.items()}


def _month(month: str | None) -> Quantity:
    return derived(month, "month", _rests(RUNWAY))


def _rests(name: str) -> tuple[str, ...]:
    return METRICS[name].rests_on


def _ends(measures: Measures, found: Mapping[str, Quantity]) -> dict[str, object] | None:
    """Return the smallest and the largest of quantities and whose they are, "" where two tie; None without
    values.
    """
    order = sorted((case for case in found if not found[case].never), key=lambda case: found[case].value)
    if not order:
        return None
    result: dict[str, object] = {"alike": str(found[order[0]]) == str(found[order[-1]])}
    for end, case in (("low", order[0]), ("high", order[-1])):
        tied = any(_tied(measures, found, case, other) for other in order if other != case)
        result |= {end: found[case], f"{end}_title": "" if tied else measures.titles[case]}
    return result


def _tied(measures: Measures, found: Mapping[str, Quantity], first: str, second: str) -> bool:
    """Say whether two cases read alike or lie within the errors of their simulations."""
    name = found[first].id.split(".")[-2]
    summaries = [measures.results[case]["metrics"].get(name, {}) for case in (first, second)]
    error = sum((each.get("se") or each.get("p50_se") or 0.0) ** 2 for each in summaries) ** 0.5
    near = abs(found[first].value - found[second].value) <= ERRORS * error
    return near or str(found[first]) == str(found[second])


def _spread(measures: Measures) -> dict[str, object] | None:
    """Return how far the middle dates of the cases with the baseline's start lie apart, and how wide the
    baseline's range is.
    """
    base = measures.cash_out.iloc[0]
    same = measures.cash_out[measures.cash_out["start_month"] == base["start_month"]]
    if len(same) < 2 or same["p50"].isna().any() or base[["p5", "p95"]].isna().any():
        return None
    apart, within = same["p50"].max() - same["p50"].min(), base["p95"] - base["p5"]
    return {
        "apart": derived(apart, "months", _rests(RUNWAY), "spread.apart"),
        "within": derived(within, "months", _rests(RUNWAY), "spread.within"),
        "more": bool(within > apart),
        "start": derived(base["start_month"], "month", id="spread.start"),
    }


def _hindsight(measures: Measures) -> dict[str, object] | None:
    """Return the risk of the baseline left alone, and with hindsight left alone and with what was done;
    None without both.
    """
    after = next(
        (case for case, result in measures.results.items() if result["scenario"] == compared.HINDSIGHT), ""
    )
    if after in ("", measures.baseline):
        return None
    base, result = measures.results[measures.baseline], measures.results[after]
    found = {
        name: from_summary(compared.DRY, each, of=of)
        for name, (of, each) in compared.risks(measures.results, measures.baseline, after).items()
    }
    inputs, start = result["inputs"], result["start_month"]
    return found | {
        "done": replace(found["done"], refs=DONE_WITH),
        "falls": found["done"].value < found["before"].value,
        "comparable": result["horizon_months"] == base["horizon_months"],
        "horizon": result["horizon_months"],
        "title": measures.titles[after],
        "start": derived(start, "month", id="hindsight.start"),
        "arrived": derived(months.add(start, int(inputs["committed_funding_month"]["central"])), "month"),
        "placed": derived(inputs["committed_equity_usd_m"]["central"], "money", ("committed_equity_usd_m",)),
    }


def _covered(measures: Measures) -> list[str]:
    """Return in which of the drawn cases the middle simulation's revenue covers its spending in the last
    month.
    """
    last = measures.paths.groupby("title", sort=False).last()
    return list(last.index[last["revenue_usd_m"] >= last["spend_usd_m"]])


def _cash(measures: Measures) -> dict[str, object]:
    """Return the month in which the chart of cash ends, with the largest and smallest sum left or missing
    then.
    """
    month = measures.cash["month"].max()
    ends = measures.cash.loc[measures.cash["month"] == month, "cash_usd_m"]
    most, least = float(ends.max()), float(ends.min())
    return {
        "month": derived(month, "month"),
        "most": derived(abs(most), "money", _rests(RUNWAY)),
        "least": derived(abs(least), "money", _rests(RUNWAY)),
        "signs": "left" if least >= 0 else "missing" if most < 0 else "both",
    }
