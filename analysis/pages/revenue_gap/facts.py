"""The numbers that the text of the revenue-gap page names, and which way it turns."""

from collections.abc import Mapping

import numpy as np

from analysis.pages.revenue_gap import drivers
from analysis.pages.revenue_gap.measures import Measures
from analysis.results import back_test
from analysis.results.metrics import METRICS
from analysis.show.quantity import Quantity, derived, from_evidence, from_input, from_metric, from_summary

LONG_MONTHS = 12  # over which growth counts as kept up
INPUTS = (
    "opening_cash_usd_m",
    "committed_equity_usd_m",
    "committed_debt_usd_m",
    "revenue_share_subscriptions",
    "revenue_share_advertising",
)
PUBLISHED = {  # name in the text -> evidence
    "gross_profit": "E035",
    "plan": "E013",
    "plan_reached": "E034",
    "x_advertising": "E055",
    "more_subscriptions": "E058",
    "more_data": "E059",
    "price_alone": "E361",
    "investment": "E051",
}
METRICS_NAMED = (
    "coverage_ratio_start",
    "coverage_ratio_36m",
    "gap_start_usd_m_per_month",
    "gap_36m_usd_m_per_month",
    "runway_months",
    "cash_out_month",
    "cash_out_probability_12m",
    "cash_out_probability_horizon",
    "break_even_probability",
    "funding_need_usd_m",
    "required_growth_per_month",
    "required_multiple",
    "revenue_ceiling_usd_m_per_month",
    "implied_growth_per_month",
    "implied_multiple",
)


def facts(measures: Measures) -> dict[str, object]:
    """Return name -> Quantity, or a number or word by which a sentence turns."""
    result, settings = measures.result, measures.result.settings
    found = {name: from_metric(result, name) for name in METRICS_NAMED}
    found |= {f"input_{name}": from_input(result, name) for name in INPUTS}
    found |= {name: from_evidence(measures.tables, ref, "money", digits=3) for name, ref in PUBLISHED.items()}
    return found | {
        "start": derived(settings.start_month, "month", id="start_month"),
        "end": derived(settings.month(settings.horizon_months - 1), "month", id="last_month"),
        "target": derived(settings.target_month, "month", id="target_month"),
        "horizon_months": settings.horizon_months,
        **_money(measures),
        **_happened(measures),
        **_growth(measures),
        **_streams(measures),
        **_price(measures),
        **_drivers(measures),
        **_back_test(measures),
    }


def findings(facts: Mapping[str, object]) -> list[str]:
    """Return the names of the findings, in order; a figure that no model month holds is not compared."""
    always = ["coverage", "runway", "need", "growth"]
    return ["happened", *always] if facts["quarter"] else always


def _money(measures: Measures) -> dict[str, object]:
    result, independent = measures.result, measures.result.independent
    runway = np.quantile(result.measures["runway_months"], (0.25, 0.75), method="inverted_cdf")
    half = [result.settings.month(int(value)) if np.isfinite(value) else None for value in runway]
    out, need = (result.metrics[name] for name in ("cash_out_month", "funding_need_usd_m"))
    raised, refs = measures.raised, METRICS["runway_months"].rests_on
    return {
        "half": derived(half[0], "month", refs, "cash_out_month.half", *half),
        "need_high": derived(
            need["p95"], "money", METRICS["funding_need_usd_m"].rests_on, "funding_need_usd_m.p95"
        ),
        "passed": (out["p50"] or "9999") <= measures.tables.cut_off[:7],
        "raised": derived(
            raised["usd_m"].sum(), "money", " ".join(raised["evidence"]).split(), "raised.total"
        ),
        "raised_by": derived(raised["date"].iloc[-1][:7], "month", id="raised.last"),
        "rounds": [
            {
                "amount": derived(row.usd_m, "money", row.evidence.split(), f"raised.{row.date}"),
                "month": derived(row.date[:7], "month", id=f"raised.{row.date}.month"),
            }
            for row in raised.itertuples()
        ],
        "independent_runway": from_summary("runway_months", independent["runway_months"], of="independent"),
        "independent_need": from_summary(
            "funding_need_usd_m", independent["funding_need_usd_m"], of="independent"
        ),
        "correlated": bool(result.case.correlations),
    }


def _happened(measures: Measures) -> dict[str, object]:
    quarters, spent = measures.quarters, measures.spent.iloc[-1]
    first, last = quarters.iloc[0], quarters.iloc[-1]
    outcome = derived(last["usd_m"], "money", (last["evidence"],), "quarter.outcome", digits=3)
    rate = spent["usd_m"] / spent["months"]
    return {
        "quarter": _quarter(measures, outcome),
        "first_quarter": derived(first["usd_m"], "money", (first["evidence"],), "quarter.first"),
        "last_quarter": outcome,
        "spent_a_month": derived(rate, "money_a_month", (spent["evidence"],), "spent.a_month"),
        "spent_months": int(spent["months"]),
    }


def _quarter(measures: Measures, outcome: Quantity) -> dict[str, object]:
    """Return the last published quarter beside its forecast; empty where the model has no such months."""
    found = measures.last_quarter
    if not found:
        return {}
    needed = METRICS["required_growth_per_month"].rests_on
    return {
        "number": int(measures.quarters["last_month"].iloc[-1][5:]) // 3,
        "outcome": outcome,
        "needed": derived(found["needed"], "money", needed, "quarter.needed"),
        "above": found["outcome"] > found["p95"],
        "below": found["outcome"] < found["p5"],
        "on_the_way": found["outcome"] >= found["needed"],
    }


def _growth(measures: Measures) -> dict[str, object]:
    labs, needed = measures.laboratories, measures.result.metrics["required_growth_per_month"]["p50"]
    same, grades = labs[labs["same_size"].astype(bool)], measures.tables.evidence["grade"]
    bar = np.inf if needed is None else needed
    long = same[same["months"] >= LONG_MONTHS]
    kept = long[long["high"] >= bar]
    own = measures.own_growth
    return {
        "size": derived(measures.size_usd_m_per_year, "money", ("revenue_start_usd_m",), "size"),
        "labs": [_lab(row) for row in same.itertuples()],
        "larger": [_lab(row) for row in labs[~labs["same_size"].astype(bool)].itertuples()],
        "long": [_lab(row) for row in long.itertuples()],
        "short": list(same.loc[same["months"] < LONG_MONTHS, "lab"]),
        "weak": [row.lab for row in same.itertuples() if grades[row.evidence.split()[0]] == "C"],
        "kept": [_lab(row) for row in kept.itertuples()],
        "kept_surely": bool((kept["low"] >= bar).all()),
        "own_growth": derived(own["per_month"], "growth", own["evidence"], "growth.xAI"),
        "own_months": own["months"],
    }


def _lab(row) -> dict[str, object]:
    refs = row.evidence.split()
    return {
        "name": row.lab,
        "growth": derived(row.per_month, "growth", refs, f"growth.{row.lab}", row.low, row.high),
        "months": derived(row.months, "months", refs, f"growth.{row.lab}.months"),
        "start": derived(row.from_usd_m, "money", refs, f"growth.{row.lab}.from"),
        "end": derived(row.to_usd_m, "money", refs, f"growth.{row.lab}.to"),
    }


def _streams(measures: Measures) -> dict[str, object]:
    last = measures.result.paths["revenue_usd_m"].iloc[-1]
    refs = METRICS["coverage_ratio_36m"].rests_on
    return {
        "sales_end": derived(last["p50"], "money_a_month", refs, "sales.end", last["p5"], last["p95"]),
        "cap": from_input(measures.result, "revenue_cap_usd_m_per_month"),
        "serving": from_input(measures.result, "serving_cost_ratio"),
        "sells": measures.size_usd_m_per_year > 0,
    }


def _price(measures: Measures) -> dict[str, object]:
    labs, metrics = measures.laboratories, measures.result.metrics
    implied = metrics["implied_growth_per_month"]["p50"]
    faster = labs[labs["per_month"] > (np.inf if implied is None else implied)]
    return {
        "valuation": from_input(measures.result, "valuation_usd_m", digits=3),
        "price_below": len(faster),
        "longest": derived(faster["months"].max(), "months", id="longest"),
        "lab_count": len(labs),
    }


def _drivers(measures: Measures) -> dict[str, object]:
    found: dict[str, object] = {}
    labels = measures.tables.assumptions["label"]
    for name, key in zip(drivers.HEADLINES, ("runway", "need"), strict=True):
        formatter = METRICS[name].formatter
        found[f"moves_{key}"] = [
            {
                "label": row.label,
                "reach": derived(row.reach, formatter, (row.input,), f"{name}.moved.{row.input}"),
            }
            for row in measures.drivers.query("headline == @name").itertuples()
        ]
        found[f"share_{key}"] = [
            {"label": labels[each], "share": derived(share, "percent", (each,), f"{name}.share.{each}")}
            for each, share in measures.shares[name].head(1).items()
        ]
    return found


def _back_test(measures: Measures) -> dict[str, object]:
    items, windows = measures.back_test, measures.windows
    count, later = len(items), windows[~windows["set_by"]]
    set_by, missed = windows[windows["set_by"]], later[~later["inside"]]
    return {
        "test_items": [_item(row) for row in items.itertuples()],
        "hits": int(items["inside"].sum()),
        "closer": int(items["closer"].sum()),
        "all_hit": derived(back_test.chance_of_hits(count, count), "chance", id="chance.all"),
        "set_by": (int(set_by["inside"].sum()), len(set_by)),
        "later": (int(later["inside"].sum()), len(later)),
        "missed_labs": sorted(missed["lab"].unique()),
        "missed_above": bool((missed["multiple"] > missed["p95"]).all()),
        "window_refs": back_test.run_rates(measures.tables).groupby("lab")["evidence"].last(),
    }


def _item(row) -> dict[str, object]:
    name, months = f"test.{row.item}.{row.first_month}", (row.first_month, row.last_month)
    ranks = (row.p5_usd_m, row.p95_usd_m)
    evidence = tuple(row.evidence.split())
    return {
        "item": row.item,
        "period": derived(months[0], "month_short", (), f"{name}.period", *months),
        "outcome": Quantity(
            row.outcome_usd_m, "money", evidence, id=f"{name}.outcome", kind="reported", digits=3
        ),
        "forecast": derived(row.p50_usd_m, "money", (), f"{name}.forecast", *ranks),
        "inside": row.inside,
        "above": row.outcome_usd_m > row.p95_usd_m,
    }
