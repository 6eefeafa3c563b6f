"""The numbers that the cost page's text names, and which way each statement turns."""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from analysis.inputs.estimates import Estimate
from analysis.pages.cost_breakdown import digits
from analysis.pages.cost_breakdown.measures import (
    BATTERIES, CASH_SPENT, CHIPS_PER_RACK, EBITDA, FIRST_QUARTER, HARDWARE, INVESTED, NEWER_RACK, PERMITS, PLACED,
    REVENUE, TELEGRAM, UNPLACED, Measures,
)  # fmt: skip
from analysis.results.metrics import METRICS
from analysis.show import numbers
from analysis.show.quantity import Quantity, derived, from_evidence, from_metric

OPENAI_STAFF = 1500  # that its plan counts
MONTH_SECONDS = 365.25 / 12 * 24 * 3600
LOSS, OPENAI_CASH, OPENAI_SALES = "E045", "E276", "E278"
# figures of sentences, as published: name -> evidence, formatter
PUBLISHED = {
    "staff": ("E128", "count"), "base_pay": ("E132", "dollars"), "visa_pay": ("E133", "dollars"),
    "bonus": ("E377", "money"), "openai_shares": ("E254", "money"), "left": ("E255", "count"),
    "tutors_february": ("E129", "count"), "tutors_september": ("E130", "count"), "tutors_gone": ("E257", "count"),
    "reddit": ("E219", "money"), "per_publisher": ("E258", "money"), "settlement": ("E222", "money"),
    "forecast": ("E003", "money"), "meta_programme": ("E224", "money"), "legal_reserve": ("E063", "money"),
    "permits": (PERMITS, "money"), "batteries": (BATTERIES, "money"), "telegram": (TELEGRAM, "money"),
    "quarter": (FIRST_QUARTER, "money"), "openai_administration": ("E148", "money"),
}  # fmt: skip
ENTERED = ("E134", "E135", "E223")  # in other currencies and units


def facts(measures: Measures) -> dict[str, object]:
    """Return the quantities of the text, by name."""
    tables, case, sums = measures.tables, measures.result.case, _sums(measures)
    published = {name: from_evidence(tables, ref, how) for name, (ref, how) in PUBLISHED.items()}
    figures = tables.evidence.loc[list(ENTERED)]
    entered = {ref: numbers.as_entered(row["value"], row["unit"]) for ref, row in figures.iterrows()}
    given = {each.name: _entered(each) for each in case.estimates}
    return {
        "given": given,
        "published": published | {"large_laboratory": from_evidence(tables, "E218", "money", scale=1000.0)},
        "entered": entered,
        "start": derived(case.settings.start_month, "month", id="start"),
        **sums,
        **_open(measures, sums["running"]),
        **_burn(measures),
        **_shares(measures),
        **_path(measures),
    }


def _entered(estimate: Estimate) -> str:
    """Return an input's middle value unrounded, without what it is per: the sentence says that."""
    unit = estimate.unit.split("_per_")[0]
    return numbers.as_entered(estimate.central, "count" if unit == "ratio" else unit)


def findings(facts: Mapping[str, object]) -> list[str]:
    """Return the names of the findings, in order; what cannot be compared is left out."""
    wanted = {"rough": True, "running": facts["running_missed"] is not None, "kinds": True, "peers": True}
    wanted["path"] = facts["compared"] is not None
    return [name for name, said in wanted.items() if said]


def _sums(measures: Measures) -> dict[str, object]:
    """Return the lines and their sums, written so that they add up. `turn`: open, over or even, as they are written."""
    result, frame = measures.result, measures.parts.set_index("line")
    shown = digits.of_parts(frame["usd_m"])
    line = {name: _central(measures, name, shown[name]) for name in measures.lines["line"]}
    placed, unplaced = (_central(measures, name, shown[key]) for name, key in ((PLACED, "placed"), (UNPLACED, "unplaced")))
    whole = derived(measures.spending, "money", frame.loc[measures.whole, "drivers"].split(), "spending", digits=shown["claim"])
    chips = frame.loc[HARDWARE, "usd_m"]
    running = derived(placed.value - chips, "money", ("headcount", "cloud_gpu_hours_m_per_month"), "running", digits=shown["running"])
    nothing = abs(unplaced.value) < max(abs(whole.value), 1) / 2000
    return {
        "line": line, "chips": line[HARDWARE], "placed": placed, "unplaced": unplaced, "whole": whole, "running": running,
        "claimed": measures.whole == "claim", "certain": result.case["monthly_burn_usd_m"].certain, "net": result.settings.burn_basis == "net",
        "over": replace(unplaced, value=abs(unplaced.value), id="over"),
        "turn": "even" if nothing else "over" if unplaced.value < 0 else "open",
        "share_placed": _share(placed.value, whole.value, placed.refs, "share.placed"),
        "share_of": {name: _share(found.value, whole.value, found.refs, f"share.{name}") for name, found in line.items()},
    }  # fmt: skip


def _central(measures: Measures, name: str, digits: int) -> Quantity:
    """Return a metric of month 0 at the middle value of every driver, with the range of the draws."""
    found = from_metric(measures.result, name, "central")
    return replace(found, formatter="money", digits=digits)


def _share(part: float, whole: float, refs, name: str) -> Quantity:
    return derived(part / whole if whole else None, "percent", refs, name)


def _open(measures: Measures, running: Quantity) -> dict[str, object]:
    """Return how far the count may err, and what might fill what it leaves open: of running costs to the place of ours."""
    metric = measures.result.metrics[UNPLACED]
    refs = METRICS[UNPLACED].rests_on
    ends = {
        name: derived(abs(metric[part]), "money", refs, f"{UNPLACED}.{part}")
        for name, part in (("most_over", "p5"), ("most_open", "p95"))
    }
    amounts = {
        row.candidate: derived(row.usd_m, "money", row.refs.split(), f"candidate.{row.candidate}")
        for row in measures.candidates.itertuples()
    }
    if missed := amounts.get("running_missed"):
        place = numbers.last_place(running.value, running.digits)
        amounts["running_missed"] = missed.shown_with(numbers.digits_to(missed.value, place))
    rack = from_evidence(measures.tables, NEWER_RACK, "money").value
    return {
        **ends,
        "surely_open": metric["p5"] >= 0,
        "surely_over": metric["p95"] <= 0,
        "chance_over": derived(measures.over, "chance", refs, "chance.over"),
        "candidates": amounts,
        "running_missed": amounts.get("running_missed"),
        "accounts": derived(measures.costs_in_accounts, "money", (EBITDA, REVENUE), "accounts"),
        "newer_chip": derived(rack / CHIPS_PER_RACK, "money", (NEWER_RACK,), "newer_chip"),
    }


def _burn(measures: Measures) -> dict[str, object]:
    """Return published figures of burn as months' averages, all to one place."""
    frame = measures.definitions.set_index("evidence")
    frame["digits"] = digits.of_figures(frame["usd_m"])
    burn = {
        ref: derived(row["usd_m"], "money", (ref,), f"{ref}.month", digits=int(row["digits"]))
        for ref, row in frame.iterrows()
    }
    claim, spent = burn["E001"], burn[CASH_SPENT]
    sales = {name: measures.published(ref)["usd_m"] for name, ref in (("own", REVENUE), ("openai", OPENAI_SALES))}
    shares, staff = (from_evidence(measures.tables, ref, "money").value for ref in ("E040", "E157"))
    return {
        "burn": burn,
        "spent": spent,
        "below_claim": derived(1 - spent.value / claim.value, "percent", (CASH_SPENT, "E001"), "below_claim"),
        "invested": [burn[ref] for ref in INVESTED],
        "loss": burn[LOSS],
        "ebitda": burn[EBITDA],
        "spent_to_loss": derived(spent.value / burn[EBITDA].value, "multiple", (CASH_SPENT, EBITDA), "to_loss", digits=1),
        "openai_cash": burn[OPENAI_CASH],
        "openai_sales": derived(sales["openai"], "money", (OPENAI_SALES,), "sales.openai"),
        "own_sales": derived(sales["own"], "money", (REVENUE,), "sales.own"),
        "a_second": derived(spent.value * 1e6 / MONTH_SECONDS, "dollars", (CASH_SPENT,), "a_second"),
        "shares_a_month": derived(shares / 9, "money", ("E040",), "shares.month"),
        "openai_head": derived(staff / OPENAI_STAFF, "money", ("E157",), "openai.head"),
    }


def _shares(measures: Measures) -> dict[str, object]:
    """Return the shares of what can be placed beside those that others published."""
    frame = measures.structures
    own = frame[frame["kind"] == "model"].set_index("category")
    share = {
        name: derived(row["share"], "percent", METRICS[f"share_{name}"].rests_on, f"placed.{name}", row["low"], row["high"])
        for name, row in own.iterrows()
    }
    others = frame[(frame["kind"] != "model") & ~frame["set_input"].astype(bool)]
    return {"share": share, "others": {name: _others(rows, own.loc[name]) for name, rows in others.groupby("category")}}


def _others(rows: pd.DataFrame, own: pd.Series) -> dict[str, object]:
    """Return the lowest and the highest published share of a category and how the model's lies to them."""
    category = rows["category"].iloc[0]
    ends = {}
    for name, column, which in (("low", "low", "idxmin"), ("high", "high", "idxmax")):
        row = rows.loc[getattr(rows[column], which)()]
        ends[name] = derived(row[column], "percent", row["evidence"].split(), f"others.{category}.{name}")
    above, below = own["share"] > ends["high"].value, own["share"] < ends["low"].value
    surely = own["low"] > ends["high"].value or own["high"] < ends["low"].value
    return ends | {"turn": "above" if above else "below" if below else "among", "surely": bool(surely)}


def _path(measures: Measures) -> dict[str, object]:
    path = measures.result.paths["spend_usd_m"].head(37)
    last, refs = path.iloc[-1], ("monthly_burn_usd_m", "growth_compute_per_year", "spend_growth_endurance")
    end = derived(last["p50"], "money", refs, "path.end", last["p5"], last["p95"])
    found = measures.compared
    compared = found and {
        "forecast": derived(found["p50"], "money", refs, "path.compared", digits=numbers.digits_to(found["p50"], 1)),
        "month": derived(found["month"], "month", id="path.compared.month"),
        "turn": "above" if found["usd_m"] > found["p95"] else "below" if found["usd_m"] < found["p5"] else "within",
        "more": found["usd_m"] > found["p50"],
    }
    return {
        "end": end,
        "end_month": derived(last["month"], "month", id="path.end.month"),
        "first": derived(path["p50"].iloc[0], "money", refs[:1], "path.first"),
        "rises": last["p50"] > path["p50"].iloc[0],
        "kept": derived(measures.result.case["spend_growth_endurance"].central, "percent", ("spend_growth_endurance",), "kept"),
        "compared": compared,
    }
