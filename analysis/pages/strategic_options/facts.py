"""The numbers that the text of the page on options names, and which way it turns."""

import functools

from analysis.inputs.tables import Tables
from analysis.model.options import OPTIONS, PORTFOLIOS, STAY
from analysis.pages.strategic_options.measures import DRY, MEAN, WIPED, Measures
from analysis.results.metrics import METRICS
from analysis.show.evidence import row
from analysis.show.quantity import Quantity, from_evidence, from_input, from_metric

HEADLINES = ("runway_months",)  # what a scenario changes first
OF_MIX = {"dry": DRY, "value": MEAN, "wiped": WIPED, "runway": "runway_months"}
LEASES = "E064", "E067"  # a month's fees


def facts(measures: Measures) -> dict[str, object]:
    """Return name -> Quantity, or what a sentence turns by; `published`: a figure by id, `input` by name."""
    result, tables, settings = measures.result, measures.tables, measures.result.settings
    return {
        "published": functools.partial(from_evidence, tables, digits=3),
        "input": functools.partial(from_input, result),
        "then": functools.partial(from_input, measures.base), "start": settings.start_month,
        "end": Quantity(settings.month(settings.horizon_months - 1), "month", id="last_month"),
        "options": list(OPTIONS), "mixes": len(PORTFOLIOS),
        "implied": from_metric(result, "implied_growth_per_month"), "stay": _mix(measures, STAY),
        **_best(measures), **_alone(measures), **_regret(measures), **_expected(measures),
        **_platform(tables),
    }  # fmt: skip


def _mix(measures: Measures, mix: str) -> dict[str, object]:
    found = {name: from_metric(measures.result, metric, portfolio=mix) for name, metric in OF_MIX.items()}
    return {"mix": mix} | found


def _best(measures: Measures) -> dict[str, object]:
    """Return the mixes that tie for the highest value and for the smallest risk, those not beaten first."""
    mixes = measures.mixes.assign(worth=-measures.mixes["value_usd_m"])
    highest, safest = (
        [_mix(measures, mix) for mix in mixes[mixes[flag]].sort_values(["dominated", by])["mix"]]
        for flag, by in (("highest", "worth"), ("driest_least", "dry"))
    )
    parts = [PORTFOLIOS[each["mix"]] for each in highest]
    return {
        "highest": highest, "safest": safest,
        "shared": [option for option in OPTIONS if all(option in part for part in parts)],
        "beaten": int(mixes["dominated"].sum()),
    }  # fmt: skip


def _alone(measures: Measures) -> dict[str, object]:
    """Return each option alone, and those that make the cash last longest, if longer than nothing more."""
    months = measures.mixes.set_index("mix")["runway_months"].astype(float).fillna(float("inf"))
    order = months[list(OPTIONS)].sort_values(ascending=False, kind="stable").index
    stay, alone = _mix(measures, STAY), [_mix(measures, option) for option in order]
    longest = [each for each in alone if str(each["runway"]) == str(alone[0]["runway"])]
    longer = months[order[0]] > months[STAY] and str(alone[0]["runway"]) != str(stay["runway"])
    return {"alone": alone, "longest": longest if longer else []}


def _regret(measures: Measures) -> dict[str, object]:
    found, least = measures.regrets.set_index("mix"), measures.least_regret
    names, largest = measures.states.names, found["largest_usd_m"]
    amounts = {"least_regret": largest[least].max(), "stay_regret": largest[STAY]}
    return {
        "least": least, "scenarios": len(names), "possible": measures.result.case.scenario in names,
        "near_best": int(found["near_best"][least].min()),
        **{key: Quantity(float(each), "money", METRICS[MEAN].rests_on, key) for key, each in amounts.items()},
    }  # fmt: skip


def _expected(measures: Measures) -> dict[str, object]:
    """Return what "As reported" assumed of what then happened, and how many inputs are judged."""
    base, case, tables = measures.base, measures.result.case, measures.tables
    bases = [row(ref, tables, case).basis for ref in measures.assumed["refs"]]
    fees = float(tables.evidence["value"][list(LEASES)].sum())
    first = base.settings.month(int(base.case["first_round_month"].central))
    return {
        "then_month": Quantity(first, "month", ("first_round_month",), "then.first_round"),
        "fees": Quantity(fees, "money_a_month", LEASES, "fees", digits=3),
        "judged": bases.count("judgement"), "inputs": len(bases),
        "priced": " ".join(measures.valuations["evidence"]).split(),
    }  # fmt: skip


def _platform(tables: Tables) -> dict[str, object]:
    known = tables.evidence["value"]
    growth = known["E043"] / (known["E023"] + known["E318"]) - 1
    return {
        "paying": Quantity(known["E107"] / known["E105"], "percent", ("E107", "E105"), "x.paying"),
        "segment_growth": Quantity(growth, "percent", ("E043", "E023", "E318"), "segment.growth"),
    }
