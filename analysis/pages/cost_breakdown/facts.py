"""The numbers that the cost page's text names, and which way each statement turns."""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from analysis.inputs.estimates import Estimate
from analysis.pages.cost_breakdown import digits
from analysis.pages.cost_breakdown import measures as known
from analysis.pages.cost_breakdown.measures import Measures
from analysis.results.metrics import METRICS
from analysis.show import numbers
from analysis.show.quantity import Quantity, derived, from_evidence, from_metric

OPENAI_STAFF = 1500  # that its plan counts
MONTH_SECONDS = 365.25 / 12 * 24 * 3600
LOSS, OPENAI_CASH, OPENAI_SALES = "E045", "E276", "E278"
PATH = (
    "monthly_burn_usd_m",
    "growth_compute_per_year",
    "spend_growth_endurance",
)  # what the path mainly rests on
HEADLINES = ("gap_start_usd_m_per_month", "gap_12m_usd_m_per_month", "gap_36m_usd_m_per_month")
# figures of sentences, as published: name -> evidence, formatter
PUBLISHED = {
    "staff": ("E128", "count"), "base_pay": ("E132", "dollars"), "visa_pay": ("E133", "dollars"),
    "bonus": ("E377", "money"), "openai_shares": ("E254", "money"), "left": ("E255", "count"),
    "tutors_february": ("E129", "count"), "tutors_september": ("E130", "count"),
    "tutors_gone": ("E257", "count"),
    "reddit": ("E219", "money"), "per_publisher": ("E258", "money"), "settlement": ("E222", "money"),
    "forecast": ("E003", "money"), "meta_programme": ("E224", "money"), "legal_reserve": ("E063", "money"),
    "permits": (known.PERMITS, "money"), "batteries": (known.BATTERIES, "money"),
    "telegram": (known.TELEGRAM, "money"),
    "quarter": (known.FIRST_QUARTER, "money"),
}  # fmt: skip
ENTERED = ("E134", "E135", "E223")  # in other currencies and units


def facts(measures: Measures) -> dict[str, object]:
    """Return the quantities of the text, by name."""
    tables, sums = measures.tables, _sums(measures)
    published = {name: from_evidence(tables, ref, how) for name, (ref, how) in PUBLISHED.items()}
    entered = tables.evidence.loc[list(ENTERED), ["value", "unit"]]
    return {
        "given": {each.name: _entered(each) for each in measures.result.case.estimates},
        "published": published | {"large_laboratory": from_evidence(tables, "E218", "money", scale=1000.0)},
        "entered": {ref: numbers.as_entered(*cells) for ref, cells in entered.iterrows()},
        **sums,
        **_open(measures, sums["running"], sums["unplaced"]),
        **_burn(measures),
        **_shares(measures),
        **_path(measures),
    }


def findings(facts: Mapping[str, object]) -> list[str]:
    """Return the names of the findings, in order; what cannot be compared is left out."""
    kept = {"rough": facts["ranges"], "running": facts["running_missed"], "path": facts["compared"]}
    return [name for name in ("rough", "running", "kinds", "peers", "path") if kept.get(name, True)]


def _entered(estimate: Estimate) -> str:
    """Return an input's middle value unrounded, without what it is per: the sentence says that."""
    unit = estimate.unit.split("_per_")[0]
    return numbers.as_entered(estimate.central, "count" if unit == "ratio" else unit)


def _sums(measures: Measures) -> dict[str, object]:
    """Return the lines and their sums, written so that they add up. `turn`: whether spending is left open."""
    result, parts = measures.result, measures.parts.set_index("line")["usd_m"]
    shown, names = digits.of_parts(parts), {"placed": known.PLACED, "unplaced": known.UNPLACED}
    sums = {
        name: replace(
            from_metric(result, names.get(name, name), "central"), formatter="money", digits=shown[name]
        )
        for name in parts.index[:-1]
    }
    placed, unplaced, chips = sums["placed"], sums.pop("unplaced"), sums[known.HARDWARE]
    whole = derived(parts.iloc[-1], "money", PATH[:1], "spending", digits=shown["claim"])
    shares = {
        name: derived(each.value / (whole.value or float("nan")), "percent", each.refs, f"share.{name}")
        for name, each in sums.items()
    }
    rest, refs = placed.value - chips.value, ("headcount", "cloud_gpu_hours_m_per_month")
    nothing = abs(unplaced.value) < max(abs(whole.value), 1) / 2000
    return {
        "line": sums, "chips": chips, "placed": placed, "unplaced": unplaced, "whole": whole,
        "share_of": shares,
        "running": derived(rest, "money", refs, "running", digits=shown["running"]),
        "over": replace(unplaced, value=abs(unplaced.value), id="over"),
        "claimed": measures.whole == "claim", "certain": result.case["monthly_burn_usd_m"].certain,
        "net": result.settings.burn_basis == "net", "mostly_chips": chips.value > placed.value / 2,
        "turn": "even" if nothing else "over" if unplaced.value < 0 else "open",
    }  # fmt: skip


def _open(measures: Measures, running: Quantity, unplaced: Quantity) -> dict[str, object]:
    """Return how far the count may err, and what might fill what it leaves open."""
    metric, refs = measures.result.metrics[known.UNPLACED], METRICS[known.UNPLACED].rests_on
    amounts = {
        row.candidate: derived(row.usd_m, "money", row.refs.split(), f"candidate.{row.candidate}")
        for row in measures.candidates.itertuples()
    }
    if missed := amounts.get("running_missed"):  # the accounts less our lines, to the place of these
        place = numbers.last_place(running.value, running.digits)
        amounts["running_missed"] = missed.shown_with(numbers.digits_to(missed.value, place))
    too_much = float((measures.result.measures[known.UNPLACED] < 0).mean())
    rack = from_evidence(measures.tables, known.NEWER_RACK, "money").value
    return {
        "most_over": derived(abs(metric["p5"]), "money", refs, f"{known.UNPLACED}.p5"),
        "most_open": derived(abs(metric["p95"]), "money", refs, f"{known.UNPLACED}.p95"),
        "ranges": metric["p5"] < metric["p95"],
        "surely_open": metric["p5"] >= 0,
        "surely_over": metric["p95"] <= 0,
        "chance_over": derived(too_much, "chance", refs, "chance.over"),
        "candidates": amounts,
        "running_missed": missed and amounts["running_missed"],
        "running_fits": bool(missed and missed.value < unplaced.value),
        "accounts": derived(measures.costs_in_accounts, "money", (known.EBITDA, known.REVENUE), "accounts"),
        "newer_chip": derived(rack / known.CHIPS_PER_RACK, "money", (known.NEWER_RACK,), "newer_chip"),
    }


def _burn(measures: Measures) -> dict[str, object]:
    """Return published figures of burn as months' averages, all to one place."""
    rows = measures.definitions.assign(digits=digits.of_figures(measures.definitions["usd_m"])).itertuples()
    burn = {
        row.evidence: derived(row.usd_m, "money", (row.evidence,), f"{row.evidence}.month", digits=row.digits)
        for row in rows
    }
    claim, spent, loss = burn["E001"], burn[known.CASH_SPENT], burn[known.EBITDA]
    below, to_loss = 1 - spent.value / claim.value, spent.value / loss.value
    shares, staff = (from_evidence(measures.tables, ref, "money").value for ref in ("E040", "E157"))
    return {
        "burn": burn,
        "spent": spent,
        "ebitda": loss,
        "loss": burn[LOSS],
        "invested": [burn[ref] for ref in known.INVESTED],
        "openai_cash": burn[OPENAI_CASH],
        "below_claim": derived(below, "percent", spent.refs + claim.refs, "below_claim"),
        "spent_to_loss": derived(to_loss, "multiple", spent.refs + loss.refs, "spent_to_loss", digits=1),
        "a_second": derived(spent.value * 1e6 / MONTH_SECONDS, "dollars", spent.refs, "a_second"),
        "openai_sales": _month(measures, OPENAI_SALES),
        "own_sales": _month(measures, known.REVENUE),
        "shares_a_month": derived(shares / 9, "money", ("E040",), "shares.month"),
        "openai_head": derived(staff / OPENAI_STAFF, "money", ("E157",), "openai.head"),
    }


def _month(measures: Measures, ref: str) -> Quantity:
    return derived(measures.published(ref)["usd_m"], "money", (ref,), f"{ref}.month")


def _shares(measures: Measures) -> dict[str, object]:
    """Return the shares of what can be placed beside those that others published, our sources left out."""
    frame = measures.structures
    own = frame[frame["kind"] == "model"].set_index("category")
    refs = {name: METRICS[f"share_{name}"].rests_on for name in own.index}
    share = {
        row.Index: derived(row.share, "percent", refs[row.Index], f"placed.{row.Index}", row.low, row.high)
        for row in own.dropna(subset=["share"]).itertuples()
    }
    others = frame[(frame["kind"] != "model") & ~frame["set_input"].astype(bool)].groupby("category")
    return {"share": share, "others": {name: _others(rows, own.loc[name, "share"]) for name, rows in others}}


def _others(rows: pd.DataFrame, own: float) -> dict[str, object]:
    """Return the lowest and the highest published share of a category, and where our own lies."""
    found = {"low": rows.loc[rows["low"].idxmin()], "high": rows.loc[rows["high"].idxmax()]}
    ends = {
        end: derived(row[end], "percent", row["evidence"].split(), f"others.{row['category']}.{end}")
        for end, row in found.items()
    }
    turn = "above" if own > ends["high"].value else "below" if own < ends["low"].value else "among"
    return ends | {"turn": turn}


def _path(measures: Measures) -> dict[str, object]:
    path, compared = measures.result.paths["spend_usd_m"].head(known.SHOWN_MONTHS), measures.compared
    first, last = path["p50"].iloc[0], path.iloc[-1]
    kept = measures.result.case[PATH[2]].central
    return {
        "first": derived(first, "money", PATH[:1], "path.first"),
        "end": derived(last["p50"], "money", PATH, "path.end", last["p5"], last["p95"]),
        "end_month": derived(last["month"], "month", id="path.end.month"),
        "rises": last["p50"] > first,
        "kept": derived(kept, "percent", PATH[2:], "kept"),
        "compared": compared and _compared(**compared),
    }


def _compared(usd_m: float, month: str, p5: float, p50: float, p95: float) -> dict[str, object]:
    """Return a month's forecast to the place of the figure set against it, and how that lies to its range."""
    return {
        "forecast": derived(p50, "money", PATH, "path.compared", digits=numbers.digits_to(p50, 1)),
        "month": derived(month, "month", id="path.compared.month"),
        "turn": "above" if usd_m > p95 else "below" if usd_m < p5 else "within",
    }
