"""The numbers that the index names, and which way its sentences turn."""

from collections.abc import Mapping

from analysis.inputs.schemas import VERDICTS
from analysis.model.options import STAY
from analysis.pages.index.measures import Measures
from analysis.results import compared
from analysis.results.metrics import METRICS
from analysis.show import numbers
from analysis.show.quantity import Quantity, derived, from_evidence, from_summary

CLAIMED, SPENT, INVESTED, DENIAL = "E001", "E038", "E329", "E005"  # the claim; nine months; a year, with X
SPENT_MONTHS, YEAR = 9, 12
LEASES = ("E064", "E067")
NEAR = 0.03  # a claim within 3 % is met
DRY = "cash_out_probability_horizon"


def facts(measures: Measures) -> dict[str, object]:
    """Return what is reported, what the leading case says, what came, and how the cases stand beside each other."""
    result, tables = measures.leading, measures.tables
    claimed, spent = (from_evidence(tables, ref, "money") for ref in (CLAIMED, SPENT))
    a_month = spent.value / SPENT_MONTHS
    ends = [each["metrics"]["cash_out_month"]["p50"] for each in measures.results.values()]
    known = sorted(month for month in ends if month)
    verdicts = tables.claims["verdict"].value_counts()
    return {
        "claimed": claimed,
        "spent": derived(a_month, "money_a_month", (SPENT,), "spent_a_month"),
        "off": derived(abs(a_month / claimed.value - 1), "percent", (CLAIMED, SPENT), "spent.off"),
        "verdict": _met(a_month / claimed.value),
        "invested": derived(
            from_evidence(tables, INVESTED, "money").value / YEAR, "money_a_month", (INVESTED,), "invested"
        ),
        "month": _metric(measures, "cash_out_month"),
        "covered": _metric(measures, "coverage_ratio_start"),
        "growth": _metric(measures, "required_growth_per_month"),
        "target": derived(result["target_month"], "month", id="target"),
        "start": derived(result["start_month"], "month", id="start"),
        "horizon": result["horizon_months"],
        "is_base": compared.is_base(result, tables),
        "title": compared.titles(measures.results, tables)[measures.lead],
        "came": _came(measures),
        "changed": _changed(measures),
        "count": len(measures.results),
        "endless": len(ends) - len(known),
        "earliest": derived(known[0], "month", METRICS["cash_out_month"].rests_on, "ends.earliest")
        if known
        else None,
        "latest": derived(known[-1], "month", METRICS["cash_out_month"].rests_on, "ends.latest")
        if known
        else None,
        "claims": len(tables.claims),
        "sentences": len(tables.claims.groupby(["paragraph", "sentence"])),
        "verdicts": {name: int(verdicts.get(name, 0)) for name in VERDICTS},
        "cut_off": numbers.date(tables.cut_off),
        "balances": [
            derived(row.usd_m, "money", row.evidence.split()) for row in measures.balances.itertuples()
        ],
        "comparison": measures.comparison,
        "not_shown": measures.not_shown,
    }


def findings(facts: Mapping[str, object]) -> list[str]:
    """Return the findings in their order."""
    return [name for name in ("spent", "lasts", "came", "sales", "changed") if facts.get(name, True)]


def _met(part: float) -> str:
    """Return whether what was spent is "as", "less" or "more" than claimed; "far" where it is off by a quarter."""
    if abs(part - 1) <= NEAR:
        return "as"
    return "far" if abs(part - 1) > 0.25 else "less" if part < 1 else "more"


def _metric(measures: Measures, name: str) -> Quantity:
    return from_summary(name, measures.leading["metrics"][name])


def _came(measures: Measures) -> dict[str, object] | None:
    """Return the money that came after the forecast: what was being placed, what came later; None without later rounds."""
    rounds, result = measures.rounds, measures.leading
    if rounds.empty or result["scenario"] == compared.HINDSIGHT:
        return None
    placed = rounds["date"].str[:7] <= rounds["date"].str[:7].min()
    if placed.all():
        return None
    first, more = rounds[placed], rounds[~placed]
    end, arrived = result["metrics"]["cash_out_month"]["p50"], more["date"].iloc[0][:7]
    return {
        "placed": derived(first["amount_usd_m"].sum(), "money", _ids(first), "came.placed"),
        "more": derived(more["amount_usd_m"].sum(), "money", _ids(more), "came.more"),
        "total": derived(rounds["amount_usd_m"].sum(), "money", _ids(rounds), "came.total"),
        "month": derived(arrived, "month", _ids(more), "came.month"),
        "last": derived(more["date"].iloc[-1][:7], "month", _ids(more), "came.last"),
        "in_time": end is None or arrived < end,
    }


def _ids(rows) -> tuple[str, ...]:
    return tuple(ref for ids in rows["evidence"] for ref in ids.split())


def _changed(measures: Measures) -> dict[str, object] | None:
    """Return the risk of the leading case left alone, and with hindsight left alone and with what was done; None without both."""
    after = measures.hindsight
    if not after or not _came(measures) or not compared.is_base(measures.leading, measures.tables):
        return None
    mixes = (("before", measures.lead, STAY), ("left", after, STAY), ("done", after, compared.DONE))
    found: dict[str, object] = {
        name: from_summary(DRY, measures.results[case]["portfolios"][mix][DRY], of=f"{case}.{mix}")
        for name, case, mix in mixes
    }
    month = measures.results[after]["metrics"]["cash_out_month"]
    found["month"] = from_summary("cash_out_month", month, of=after)
    found["falls"] = found["done"].value < found["before"].value
    found["leases"] = [from_evidence(measures.tables, ref, "money", digits=3) for ref in LEASES]
    return found | {"horizon": measures.results[after]["horizon_months"]}
