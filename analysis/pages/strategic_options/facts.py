"""The numbers that the text of the page on options names, and which way it turns."""

from collections.abc import Mapping

from analysis.model.options import OPTIONS, PORTFOLIOS, STAY
from analysis.pages.strategic_options.measures import DRY, MEAN, WIPED, Measures
from analysis.results.metrics import METRICS
from analysis.show.quantity import Quantity, derived, from_evidence, from_input, from_metric

LIKELY = 0.5
PUBLISHED = {  # name in the text -> evidence, formatter
    "round": ("E080", "money"),
    "round_price": ("E081", "money"),
    "anthropic_fee": ("E064", "money_a_month"),
    "google_fee": ("E067", "money_a_month"),
    "june_equity": ("E077", "money"),
    "june_debt": ("E078", "money"),
    "debt_yield": ("E084", "percent"),
    "spacex_part": ("E261", "money"),
    "merger_price": ("E092", "money"),
    "listing": ("E094", "money"),
    "first_price": ("E071", "money"),
    "x_debt": ("E263", "money"),
    "x_advertising": ("E055", "money"),
    "more_subscriptions": ("E058", "money"),
    "more_data": ("E059", "money"),
    "segment_quarter": ("E043", "money"),
    "conversions_low": ("E248", "percent"),
    "conversions_high": ("E247", "percent"),
    "openai_costs": ("E147", "money"),
    "anthropic_costs": ("E143", "money"),
    "openai_pace": ("E172", "money"),
    "anthropic_pace": ("E181", "money"),
    "revenue_2029": ("E016", "money"),
    "rival_price": ("E306", "money"),
}


def facts(measures: Measures) -> dict[str, object]:
    """Return name -> Quantity, or a number or word by which a sentence turns."""
    result, tables = measures.result, measures.tables
    found = {name: from_evidence(tables, ref, how, digits=3) for name, (ref, how) in PUBLISHED.items()}
    settings = result.settings
    return found | {
        "start": derived(settings.start_month, "month", id="start_month"),
        "end": derived(settings.month(settings.horizon_months - 1), "month", id="last_month"),
        "options": list(OPTIONS),
        "mixes": len(PORTFOLIOS),
        "price": from_input(result, "valuation_usd_m", digits=3),
        "implied": from_metric(result, "implied_growth_per_month"),
        "needed": from_metric(result, "required_growth_per_month"),
        "x_uplift": from_input(result, "integration_ads_uplift"),
        "stay": _mix(measures, STAY),
        **_best(measures),
        **_alone(measures),
        **_regret(measures),
        **_assumed(measures),
        **_platform(tables),
    }


def findings(facts: Mapping[str, object]) -> list[str]:
    """Return the names of the findings, in order."""
    return ["risk", "value", "regret", "price", "happened"]


def _mix(measures: Measures, mix: str) -> dict[str, object]:
    """Return a mix by name, with its chance of running dry, its value and its chance of nothing left."""
    parts = {
        "dry": DRY,
        "value": MEAN,
        "wiped": WIPED,
        "runway": "runway_months",
        "need": "funding_need_usd_m",
    }
    return {"mix": mix} | {
        name: from_metric(measures.result, metric, portfolio=mix) for name, metric in parts.items()
    }


def _best(measures: Measures) -> dict[str, object]:
    """Return the mixes that tie for the highest value and for the smallest risk, and what all of the former
    share.
    """
    mixes = measures.mixes
    highest = [
        _mix(measures, mix)
        for mix in mixes.sort_values("value_usd_m")["mix"][::-1]
        if _flag(mixes, mix, "highest")
    ]
    safest = [
        _mix(measures, mix) for mix in mixes.sort_values("dry")["mix"] if _flag(mixes, mix, "driest_least")
    ]
    shared = [option for option in OPTIONS if all(option in PORTFOLIOS[each["mix"]] for each in highest)]
    best, stay = safest[0]["dry"].value, measures.result.portfolio_metrics[STAY][DRY]["value"]
    return {
        "highest": highest,
        "safest": safest,
        "shared": shared,
        "saved": best < LIKELY,
        "safe_anyway": stay < LIKELY,
        "beaten": int(mixes["dominated"].sum()),
    }


def _flag(mixes, mix: str, column: str) -> bool:
    return bool(mixes.set_index("mix")[column][mix])


def _alone(measures: Measures) -> dict[str, object]:
    """Return each option alone, the one that makes the cash last longest first (never before all)."""
    alone = [_mix(measures, option) for option in OPTIONS]
    alone.sort(key=lambda each: float("inf") if each["runway"].never else each["runway"].value, reverse=True)
    stay = measures.result.portfolio_metrics[STAY]["runway_months"]["p50"]
    longest = [
        each for each in alone if each["runway"].never or (stay is not None and each["runway"].value > stay)
    ]
    bought = longest[0]["runway"].value - stay if longest and not longest[0]["runway"].never else None
    refs = METRICS["runway_months"].rests_on
    return {
        "alone": alone,
        "longer": longest,
        "most_bought": derived(bought, "months", refs, "most_bought_months"),
    }


def _regret(measures: Measures) -> dict[str, object]:
    least, worlds = measures.least_regret, measures.states
    near = dict(zip(PORTFOLIOS, worlds.near_best.sum(axis=0), strict=True))
    regrets = dict(zip(PORTFOLIOS, worlds.max_regret, strict=True))
    refs = METRICS[MEAN].rests_on

    def largest(mix: str, amount: float) -> Quantity:
        return derived(amount, "money", refs, f"{mix}.max_regret_usd_m")

    return {
        "least": least,
        "least_regret": largest("least", max(regrets[mix] for mix in least)),
        "stay_regret": largest(STAY, regrets[STAY]),
        "scenarios": len(worlds.names),
        "near_best": int(min(near[mix] for mix in least)),
    }


def _assumed(measures: Measures) -> dict[str, object]:
    """Return what "As reported" assumed of what then happened, and how many inputs are judged."""
    base = measures.base
    names = ("round_size_usd_m", "partner_income_usd_m_per_month", "first_round_month", "partner_lead_months")
    then = {f"then_{name}": from_input(base, name) for name in names[:2]}
    first = int(base.case["first_round_month"].central)
    judged = measures.assumed["judged"]
    fees = measures.tables.evidence["value"][["E064", "E067"]].sum()
    return then | {
        "then_month": derived(
            base.settings.month(first), "month", ("first_round_month",), "then.first_round"
        ),
        "fees": derived(fees, "money_a_month", ("E064", "E067"), "fees", digits=3),
        "judged": int(judged.sum()),
        "inputs": len(judged),
    }


def _platform(tables) -> dict[str, object]:
    evidence = tables.evidence["value"]
    users, grok, paying = (evidence[ref] for ref in ("E105", "E106", "E107"))
    before = evidence["E023"] + evidence["E318"]
    return {
        "users": derived(users, "plain", ("E105",), "x.users", digits=3),
        "grok_users": derived(grok, "plain", ("E106",), "grok.users", digits=3),
        "paying": derived(paying / users, "percent", ("E107", "E105"), "x.paying"),
        "segment_growth": derived(
            evidence["E043"] / before - 1, "percent", ("E043", "E023", "E318"), "segment.growth"
        ),
        "price_then": derived(evidence["E109"], "dollars", ("E109",), "token.then"),
        "price_now": derived(evidence["E110"], "dollars", ("E110",), "token.now"),
        "released": int(evidence["E316"]),
    }
