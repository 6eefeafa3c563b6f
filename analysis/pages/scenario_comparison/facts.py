"""The numbers that the comparison's text names, and which way it turns."""

from collections.abc import Mapping
from dataclasses import replace

from analysis.inputs import months
from analysis.pages.scenario_comparison.measures import Measures
from analysis.results import compared
from analysis.results.metrics import METRICS
from analysis.show import numbers
from analysis.show.quantity import Quantity, from_summary

RUNWAY, NEED, EVEN = "runway_months", "funding_need_usd_m", "break_even_probability"
VALUE = "value_mean_usd_m"
DONE_WITH = ("partner_income_usd_m_per_month", "round_size_usd_m", "round_success_probability", "C45", "C46")


def facts(measures: Measures) -> dict[str, object]:
    """Return quantities by case, the outermost of them, and what kinds of cases there are."""
    results, out = measures.results, measures.cash_out
    horizons = {result["horizon_months"] for result in results.values()}
    ends = [month for month in out["p50_month"] if month]
    last = measures.paths.groupby("title", sort=False).last()
    cash = measures.cash[measures.cash["month"] == measures.cash["month"].max()]
    worth = measures.options.set_index("case")["value_usd_m"]
    return {
        "count": len(results), "drawn": len(last), "baseline": measures.titles[measures.baseline],
        "titles": list(measures.titles.values()), "endless": len(out) - len(ends),
        "earliest": _of("month", min(ends, default=None), RUNWAY),
        "latest": _of("month", max(ends, default=None), RUNWAY),
        "gone_by": _of("month", max(out["p95_month"]) if all(out["p95_month"]) else None, RUNWAY),
        "horizon": horizons.pop() if len(horizons) == 1 else None, "spread": _spread(measures),
        "missing": _of_metric(measures, NEED), "even": _of_metric(measures, EVEN),
        "worth": _ends(measures, {case: _of("money", worth[case], VALUE, case) for case in results}),
        "hindsight": _hindsight(measures),
        "covered": list(last.index[last["revenue_usd_m"] >= last["spend_usd_m"]]),
        "lasts": last.to_dict("index"),
        "cash_until": _of("month", measures.cash["month"].max(), RUNWAY),
        "cash_most": _of("money", cash["cash_usd_m"].max(), RUNWAY),
        "cash_least": _of("money", cash["cash_usd_m"].min(), RUNWAY), "inputs": len(measures.inputs),
    }  # fmt: skip


def _of(formatter: str, value: float | str | None, metric: str, case: str = "") -> Quantity:
    return Quantity(value, formatter, METRICS[metric].rests_on, f"{case}.best.{metric}" if case else "")


def _of_metric(measures: Measures, name: str) -> dict[str, object] | None:
    metrics = {case: result["metrics"][name] for case, result in measures.results.items()}
    return _ends(measures, {case: from_summary(name, each, of=case) for case, each in metrics.items()})


def _ends(measures: Measures, found: Mapping[str, Quantity]) -> dict[str, object] | None:
    """Return the smallest and the largest of quantities and whose they are, "" where another reads alike."""
    order = sorted((case for case in found if not found[case].never), key=lambda case: found[case].value)
    if not order:
        return None
    read = [str(found[case]) for case in order]
    result: dict[str, object] = {"alike": read[0] == read[-1]}
    for end, case in (("low", order[0]), ("high", order[-1])):
        alone = read.count(str(found[case])) == 1
        result |= {end: found[case], f"{end}_title": measures.titles[case] if alone else ""}
    return result


def _spread(measures: Measures) -> dict[str, object] | None:
    """Return how far the cases with the baseline's start lie apart, and how wide the baseline's range is."""
    base = measures.cash_out.iloc[0]
    same = measures.cash_out[measures.cash_out["start_month"] == base["start_month"]]
    if len(same) < 2 or same["p50"].isna().any() or base[["p5", "p95"]].isna().any():
        return None
    apart = _months_between(same["p50"].min(), same["p50"].max(), "spread.apart")
    within = _months_between(base["p5"], base["p95"], "spread.within")
    more, start = bool(within.value > apart.value), Quantity(base["start_month"], "month", id="spread.start")
    return {"apart": apart, "within": within, "more": more, "start": start}


def _months_between(low: float, high: float, name: str) -> Quantity:
    """Return a difference, shown at the place at which the coarser of its terms ends."""
    digits = numbers.digits_to(high - low, max(numbers.last_place(each, 2) for each in (low, high)))
    return Quantity(high - low, "months", METRICS[RUNWAY].rests_on, name, digits=digits)


def _hindsight(measures: Measures) -> dict[str, object] | None:
    """Return the risk of the baseline left alone, with hindsight left alone and as was done, or None."""
    found = [case for case, result in measures.results.items() if result["scenario"] == compared.HINDSIGHT]
    if not found or found[0] == measures.baseline:
        return None
    base, result = measures.results[measures.baseline], measures.results[found[0]]
    risks = compared.risks(measures.results, measures.baseline, found[0])
    risks = {name: from_summary(compared.DRY, each, of=of) for name, (of, each) in risks.items()}
    inputs, start = result["inputs"], result["start_month"]
    return risks | {
        "done": replace(risks["done"], refs=DONE_WITH), "falls": risks["done"].value < risks["before"].value,
        "comparable": result["horizon_months"] == base["horizon_months"], "horizon": result["horizon_months"],
        "title": measures.titles[found[0]], "start": Quantity(start, "month", id="hindsight.start"),
        "arrived": Quantity(months.add(start, int(inputs["committed_funding_month"]["central"])), "month"),
        "placed": Quantity(inputs["committed_equity_usd_m"]["central"], "money", ("committed_equity_usd_m",)),
    }  # fmt: skip
