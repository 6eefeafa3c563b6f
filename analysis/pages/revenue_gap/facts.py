"""The numbers that the text of the revenue-gap page names, and which way it turns."""

import functools

import numpy as np

from analysis.pages.revenue_gap.measures import HEADLINES, Measures
from analysis.results import back_test
from analysis.results.metrics import METRICS, OF_CASE
from analysis.show.quantity import Quantity, from_evidence, from_input, from_metric, from_summary

LONG_MONTHS = 12  # over which growth counts as kept up


def facts(measures: Measures) -> dict[str, object]:
    """Return name -> Quantity, or what a sentence turns by; `published` takes an id, `input` a name."""
    result, settings = measures.result, measures.result.settings
    return {name: from_metric(result, name) for name in OF_CASE} | {
        "published": functools.partial(from_evidence, measures.tables, digits=3),
        "input": functools.partial(from_input, result),
        "start": Quantity(settings.start_month, "month", id="start_month"),
        "end": Quantity(settings.month(settings.horizon_months - 1), "month", id="last_month"),
        "target": Quantity(settings.target_month, "month", id="target_month"),
        "horizon_months": settings.horizon_months, **_money(measures), **_happened(measures),
        **_growth(measures), **_drivers(measures), **_back_test(measures),
    }  # fmt: skip


def _money(measures: Measures) -> dict[str, object]:
    result, raised = measures.result, measures.raised
    runway = np.quantile(result.measures["runway_months"], (0.25, 0.75), method="inverted_cdf")
    half = [result.settings.month(int(value)) if np.isfinite(value) else None for value in runway]
    out, need = (result.metrics[name] for name in ("cash_out_month", "funding_need_usd_m"))
    evidence = " ".join(raised["evidence"]).split()
    refs, of_need = METRICS["runway_months"].rests_on, METRICS["funding_need_usd_m"].rests_on
    independent = {name: from_summary(name, result.independent[name], of="independent") for name in HEADLINES}
    return {
        "half": Quantity(half[0], "month", refs, "cash_out_month.half", *half),
        "need_high": Quantity(need["p95"], "money", of_need, "funding_need_usd_m.p95"),
        "passed": (out["p50"] or "9999") <= measures.tables.cut_off[:7],
        "raised": Quantity(raised["usd_m"].sum(), "money", evidence, "raised.total"),
        "raised_by": Quantity(raised["date"].iloc[-1][:7], "month", id="raised.last"),
        "rounds": [
            {"amount": Quantity(row.usd_m, "money", row.evidence.split(), f"raised.{row.date}"),
             "month": Quantity(row.date[:7], "month", id=f"raised.{row.date}.month")}
            for row in raised.itertuples()
        ],
        "independent": independent if result.case.correlations else {},
    }  # fmt: skip


def _happened(measures: Measures) -> dict[str, object]:
    """`quarter`: the last published quarter beside its forecast; {} where the model has no such months."""
    found, spent = measures.last_quarter, measures.spent.iloc[-1]
    first, last = measures.quarters.iloc[0], measures.quarters.iloc[-1]
    quarter = found and {
        "number": int(last["last_month"][5:]) // 3, "needed": found["needed"] == found["needed"],
        "above": found["outcome"] > found["p95"], "below": found["outcome"] < found["p5"],
        "on_the_way": found["outcome"] >= found["needed"],
    }  # fmt: skip
    rate = spent["usd_m"] / spent["months"]
    return {
        "quarter": quarter,
        "first_quarter": Quantity(first["usd_m"], "money", (first["evidence"],), "quarter.first"),
        "last_quarter": Quantity(last["usd_m"], "money", (last["evidence"],), "quarter.outcome", digits=3),
        "spent_a_month": Quantity(rate, "money_a_month", (spent["evidence"],), "spent.a_month"),
        "spent_months": int(spent["months"]),
    }


def _growth(measures: Measures) -> dict[str, object]:
    labs, result, own = measures.laboratories, measures.result, measures.own_growth
    needed, implied = (
        np.inf if (middle := result.metrics[name]["p50"]) is None else middle
        for name in ("required_growth_per_month", "implied_growth_per_month")
    )
    same, grades = labs[labs["same_size"]], measures.tables.evidence["grade"]
    long, faster = same[same["months"] >= LONG_MONTHS], labs[labs["per_month"] > implied]
    kept = long[long["high"] >= needed]
    sales, refs = result.paths["revenue_usd_m"].iloc[-1], METRICS["coverage_ratio_36m"].rests_on
    return {
        "size": Quantity(measures.size_usd_m_per_year, "money", ("revenue_start_usd_m",), "size"),
        "sells": measures.size_usd_m_per_year > 0,
        "sales_end": Quantity(sales["p50"], "money_a_month", refs, "sales.end", sales["p5"], sales["p95"]),
        "labs": [_lab(row) for row in labs.itertuples()], "same": list(same["lab"]),
        "long": [_lab(row) for row in long.itertuples()],
        "short": list(same.loc[same["months"] < LONG_MONTHS, "lab"]),
        "weak": [row.lab for row in same.itertuples() if grades[row.evidence.split()[0]] == "C"],
        "kept": list(kept["lab"]), "kept_surely": bool((kept["low"] >= needed).all()),
        "faster_than_price": len(faster), "longest": Quantity(faster["months"].max(), "months", id="longest"),
        "own_growth": Quantity(own["per_month"], "growth", own["evidence"], "growth.xAI"),
        "own_months": own["months"],
    }  # fmt: skip


def _lab(row) -> dict[str, object]:
    refs = row.evidence.split()
    return {
        "name": row.lab,
        "growth": Quantity(row.per_month, "growth", refs, f"growth.{row.lab}"),
        "months": Quantity(row.months, "months", refs, f"growth.{row.lab}.months"),
    }


def _drivers(measures: Measures) -> dict[str, object]:
    """Return headline -> what moves it, and what explains most of its spread, each with `label`."""
    labels = measures.tables.assumptions["label"]
    moves, share = {}, {}
    for name in HEADLINES:
        formatter, moved = METRICS[name].formatter, f"{name}.moved"
        moves[name] = [
            {"label": row.label, "reach": Quantity(row.reach, formatter, [row.input], f"{moved}.{row.input}")}
            for row in measures.drivers.query("headline == @name").itertuples()
        ]
        share[name] = [
            {"label": labels[each], "share": Quantity(part, "percent", (each,), f"{name}.share")}
            for each, part in measures.shares[name].head(1).items()
        ]
    return {"moves": moves, "spread": share}


def _back_test(measures: Measures) -> dict[str, object]:
    items, windows = measures.back_test, measures.windows
    count, later = len(items), windows[~windows["set_by"]]
    set_by, missed = windows[windows["set_by"]], later[~later["inside"]]
    return {
        "test_items": [_item(row) for row in items.itertuples()], "hits": int(items["inside"].sum()),
        "naive_closer": count - int(items["closer"].sum()),
        "all_hit": Quantity(back_test.chance_of_hits(count, count), "chance", id="chance.all"),
        "set_by": (int(set_by["inside"].sum()), len(set_by)),
        "later": (int(later["inside"].sum()), len(later)), "missed_labs": sorted(missed["lab"].unique()),
        "missed_above": bool((missed["multiple"] > missed["p95"]).all()),
        "window_refs": windows.groupby("lab")["evidence"].last().str.split().str[-1],
    }  # fmt: skip


def _item(row) -> dict[str, object]:
    name, months = f"test.{row.item}.{row.first_month}", (row.first_month, row.last_month)
    outcome = Quantity(row.outcome_usd_m, "money", row.evidence.split(), f"{name}.outcome", digits=3)
    return {
        "item": row.item, "period": Quantity(months[0], "month_short", (), f"{name}.period", *months),
        "outcome": outcome,
        "forecast": Quantity(row.p50_usd_m, "money", (), f"{name}.forecast", row.p5_usd_m, row.p95_usd_m),
        "inside": row.inside, "above": row.outcome_usd_m > row.p95_usd_m,
    }  # fmt: skip
