"""The numbers that the index names, and which way its sentences turn."""

import functools

import pandas as pd

from analysis.inputs.schemas import VERDICTS
from analysis.pages.index.measures import Measures
from analysis.results import compared
from analysis.results.metrics import METRICS
from analysis.show import numbers
from analysis.show.quantity import Quantity, from_evidence, from_summary

CLAIMED = "E001"
SPENT = {"spent": ("E038", 9), "invested": ("E329", 12)}  # evidence, and the months that it is of
MET, FAR = 0.03, 0.25  # a claim is met within 3 %; beyond 25 % it is not near
LEADING = {  # name in the text -> metric of the leading case
    "month": "cash_out_month", "covered": "coverage_ratio_start", "growth": "required_growth_per_month",
}  # fmt: skip


def facts(measures: Measures) -> dict[str, object]:
    """Return what is reported, what the leading case says, what came, and how the cases compare."""
    result, tables = measures.results[measures.lead], measures.tables
    ends = [month for month in measures.cash_out["p50_month"] if month]
    verdicts = tables.claims["verdict"].value_counts().reindex(VERDICTS, fill_value=0)
    balances = [Quantity(row.usd_m, "money", row.evidence.split()) for row in measures.balances.itertuples()]
    return _reported(measures) | {
        "published": functools.partial(from_evidence, tables, digits=3),
        **{name: from_summary(metric, result["metrics"][metric]) for name, metric in LEADING.items()},
        "target": Quantity(result["target_month"], "month"),
        "start": Quantity(result["start_month"], "month"), "horizon": result["horizon_months"],
        "is_base": compared.is_base(result, tables), "came": _came(measures), "changed": _changed(measures),
        "title": compared.titles(measures.results, tables)[measures.lead], "balances": balances,
        "count": len(measures.results), "endless": len(measures.results) - len(ends),
        "earliest": Quantity(min(ends, default=None), "month", METRICS["cash_out_month"].rests_on),
        "latest": Quantity(max(ends, default=None), "month", METRICS["cash_out_month"].rests_on),
        "claims": len(tables.claims), "verdicts": verdicts.to_dict(), "cut_off": numbers.date(tables.cut_off),
    }  # fmt: skip


def met(part: float) -> str:
    """Return how a claim is met: "as" it stands, by "less" or "more", or "far". `part`: spent of it."""
    if abs(part - 1) <= MET:
        return "as"
    return "far" if abs(part - 1) > FAR else "less" if part < 1 else "more"


def _reported(measures: Measures) -> dict[str, object]:
    usd_m = measures.tables.evidence["value"]
    found = {
        name: Quantity(usd_m[ref] / count, "money_a_month", (ref,), f"{name}_a_month")
        for name, (ref, count) in SPENT.items()
    }
    part, refs = found["spent"].value / usd_m[CLAIMED], (CLAIMED, SPENT["spent"][0])
    off = Quantity(abs(part - 1), "percent", refs, "spent.off")
    return found | {"verdict": met(part), "less": part < 1, "off": off}


def _came(measures: Measures) -> dict[str, object] | None:
    """Return the money that came, first what was being placed, then more; None without, or in hindsight."""
    rounds, result = measures.rounds, measures.results[measures.lead]
    months = rounds["date"].str[:7]
    first, more = rounds[months == months.min()], rounds[months > months.min()]
    if more.empty or result["scenario"] == compared.HINDSIGHT:
        return None
    arrived, end = more["date"].iloc[0][:7], result["metrics"]["cash_out_month"]["p50"]
    return {
        "placed": _sum(first), "more": _sum(more), "total": _sum(rounds),
        "month": Quantity(arrived, "month", _sum(more).refs),
        "last": Quantity(months.max(), "month", _sum(more).refs), "in_time": end is None or arrived < end,
    }  # fmt: skip


def _sum(rounds: pd.DataFrame) -> Quantity:
    return Quantity(float(rounds["amount_usd_m"].sum()), "money", " ".join(rounds["evidence"]).split())


def _changed(measures: Measures) -> dict[str, object] | None:
    """Return the risk of "As reported" left alone, with hindsight left alone and as was done, or None."""
    results, after = measures.results, measures.hindsight
    if not after or not compared.is_base(results[measures.lead], measures.tables) or not _came(measures):
        return None
    risks = compared.risks(results, measures.lead, after).items()
    found = {name: from_summary(compared.DRY, each, of=of) for name, (of, each) in risks}
    return found | {
        "falls": found["done"].value < found["left"].value,
        "month": from_summary("cash_out_month", results[after]["metrics"]["cash_out_month"], of=after),
    }
