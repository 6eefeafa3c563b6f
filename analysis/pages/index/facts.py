"""The numbers that the index names, and which way its sentences turn."""

from collections.abc import Mapping

import pandas as pd

from analysis.inputs.schemas import VERDICTS
from analysis.pages.index.measures import Measures
from analysis.results import compared
from analysis.results.metrics import METRICS
from analysis.show import numbers
from analysis.show.quantity import Quantity, derived, from_evidence, from_summary

CLAIMED, SPENT, INVESTED, LEASES = "E001", "E038", "E329", ("E064", "E067")
SPENT_MONTHS, INVESTED_MONTHS = 9, 12  # that the published figures are of
MET, FAR = 0.03, 0.25  # a claim is met within 3 %; beyond 25 % it is not near
LEADING = {  # name in the text -> metric of the leading case
    "month": "cash_out_month",
    "covered": "coverage_ratio_start",
    "growth": "required_growth_per_month",
}


def facts(measures: Measures) -> dict[str, object]:
    """Return what is reported, what the leading case says, what came, and how the cases stand beside each
    other.
    """
    result, tables = measures.results[measures.lead], measures.tables
    ends = [month for month in measures.cash_out["p50_month"] if month]
    verdicts, cut_off = tables.claims["verdict"].value_counts(), numbers.date(tables.cut_off)
    counts = {name: int(verdicts.get(name, 0)) for name in VERDICTS}
    balances = [derived(row.usd_m, "money", row.evidence.split()) for row in measures.balances.itertuples()]
    return _reported(measures) | {
        **{name: from_summary(metric, result["metrics"][metric]) for name, metric in LEADING.items()},
        "target": derived(result["target_month"], "month"),
        "start": derived(result["start_month"], "month"),
        "horizon": result["horizon_months"],
        "is_base": compared.is_base(result, tables),
        "title": compared.titles(measures.results, tables)[measures.lead],
        "came": _came(measures),
        "changed": _changed(measures),
        "balances": balances,
        "count": len(measures.results),
        "endless": len(measures.results) - len(ends),
        "earliest": derived(min(ends, default=None), "month", METRICS["cash_out_month"].rests_on),
        "latest": derived(max(ends, default=None), "month", METRICS["cash_out_month"].rests_on),
        "claims": len(tables.claims),
        "verdicts": counts,
        "cut_off": cut_off,
    }


def findings(facts: Mapping[str, object]) -> list[str]:
    """Return the findings in their order."""
    return [name for name in ("spent", "lasts", "came", "sales", "changed") if facts.get(name, True)]


def met(part: float) -> str:
    """Return whether what was spent is "as", "less" or "more" than claimed, or "far" from it. `part`: of
    the claim.
    """
    if abs(part - 1) <= MET:
        return "as"
    return "far" if abs(part - 1) > FAR else "less" if part < 1 else "more"


def _reported(measures: Measures) -> dict[str, object]:
    claimed, spent, invested = (
        from_evidence(measures.tables, ref, "money").value for ref in (CLAIMED, SPENT, INVESTED)
    )
    part = spent / SPENT_MONTHS / claimed
    return {
        "verdict": met(part),
        "less": part < 1,
        "off": derived(abs(part - 1), "percent", (CLAIMED, SPENT), "spent.off"),
        "spent": derived(spent / SPENT_MONTHS, "money_a_month", (SPENT,), "spent_a_month"),
        "invested": derived(invested / INVESTED_MONTHS, "money_a_month", (INVESTED,), "invested_a_month"),
    }


def _came(measures: Measures) -> dict[str, object] | None:
    """Return the money that came: in the first month what was being placed, then more; None without more,
    or in hindsight.
    """
    rounds, result = measures.rounds, measures.results[measures.lead]
    months = rounds["date"].str[:7]
    first, more = rounds[months == months.min()], rounds[months > months.min()]
    if more.empty or result["scenario"] == compared.HINDSIGHT:
        return None
    arrived, end = more["date"].iloc[0][:7], result["metrics"]["cash_out_month"]["p50"]
    return {
        "placed": _sum(first),
        "more": _sum(more),
        "total": _sum(rounds),
        "month": derived(arrived, "month", _sum(more).refs),
        "last": derived(months.max(), "month", _sum(more).refs),
        "in_time": end is None or arrived < end,
    }


def _sum(rounds: pd.DataFrame) -> Quantity:
    return derived(float(rounds["amount_usd_m"].sum()), "money", " ".join(rounds["evidence"]).split())


def _changed(measures: Measures) -> dict[str, object] | None:
    """Return the risk of "As reported" left alone, and with hindsight left alone and with what was done;
    None without both.
    """
    results, after = measures.results, measures.hindsight
    if not after or not compared.is_base(results[measures.lead], measures.tables) or not _came(measures):
        return None
    risks = compared.risks(results, measures.lead, after).items()
    found = {name: from_summary(compared.DRY, each, of=of) for name, (of, each) in risks}
    return found | {
        "falls": found["done"].value < found["before"].value,
        "month": from_summary("cash_out_month", results[after]["metrics"]["cash_out_month"], of=after),
        "leases": [from_evidence(measures.tables, ref, "money", digits=3) for ref in LEASES],
    }
