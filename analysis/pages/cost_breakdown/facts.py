"""The numbers that the cost page's text names, and which way each statement turns."""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from analysis.inputs.estimates import Estimate
from analysis.pages.cost_breakdown import measures as known
from analysis.pages.cost_breakdown import sums
from analysis.pages.cost_breakdown.measures import Measures
from analysis.results.metrics import METRICS
from analysis.show import numbers
from analysis.show.quantity import Quantity, derived, from_evidence, from_metric

OPENAI_STAFF = 1500  # that its plan counts
MONTH_SECONDS = 365.25 / 12 * 24 * 3600
PATH = ("monthly_burn_usd_m", "growth_compute_per_year", "spend_growth_endurance")  # what it mainly rests on
HEADLINES = ("gap_start_usd_m_per_month", "gap_12m_usd_m_per_month", "gap_36m_usd_m_per_month")
MONTHLY = {  # figures of sentences as a month's average: name -> evidence
    "spent": known.CASH_SPENT, "ebitda": known.EBITDA, "own_sales": known.REVENUE, "loss": "E045",
    "openai_cash": "E276", "openai_cash_before": "E153", "openai_sales": "E278",
    "quarter_invested": known.FIRST_QUARTER, "claim": "E001", "shares_a_month": "E040",
}  # fmt: skip
PUBLISHED = {  # figures of sentences as published: name -> evidence, formatter
    "staff": ("E128", "count"), "base_pay": ("E132", "dollars"), "visa_pay": ("E133", "dollars"),
    "bonus": ("E377", "money"), "openai_shares": ("E254", "money"), "left": ("E255", "count"),
    "tutors_february": ("E129", "count"), "tutors_september": ("E130", "count"),
    "tutors_gone": ("E257", "count"), "reddit": ("E219", "money"), "per_publisher": ("E258", "money"),
    "settlement": ("E222", "money"), "forecast": ("E003", "money"), "meta_programme": ("E224", "money"),
    "legal_reserve": ("E063", "money"), "permits": (known.PERMITS, "money"),
    "batteries": (known.BATTERIES, "money"), "telegram": (known.TELEGRAM, "money"),
    "quarter": (known.FIRST_QUARTER, "money"),
}  # fmt: skip
ENTERED = ("E134", "E135", "E223")  # in other currencies and units


def facts(measures: Measures) -> dict[str, object]:
    """Return the quantities of the text, by name."""
    tables, found = measures.tables, _sums(measures) | _published(measures)
    published = {name: from_evidence(tables, ref, how) for name, (ref, how) in PUBLISHED.items()}
    entered = tables.evidence.loc[list(ENTERED), ["value", "unit"]]
    return found | {
        "given": {each.name: _entered(each) for each in measures.result.case.estimates},
        "published": published | {"large_laboratory": from_evidence(tables, "E218", "money", scale=1000.0)},
        "entered": {ref: numbers.as_entered(*cells) for ref, cells in entered.iterrows()},
        "candidates": _candidates(measures, found),
        **_shares(measures),
        **_path(measures),
    }


def findings(facts: Mapping[str, object]) -> list[str]:
    """Return the names of the findings, in order; what cannot be compared is left out."""
    kept = {"rough": facts["ranges"], "running": "running_missed" in facts["candidates"]}
    kept |= {"path": bool(facts["compared"])}
    return [name for name in ("rough", "running", "kinds", "peers", "path") if kept.get(name, True)]


def _entered(estimate: Estimate) -> str:
    """Return an input's middle value unrounded, without what it is per: the sentence says that."""
    unit = estimate.unit.split("_per_")[0]
    return numbers.as_entered(estimate.central, "count" if unit == "ratio" else unit)


def _sums(measures: Measures) -> dict[str, object]:
    """Return the lines and their sums, written so that they add up. `turn`: whether spending is left open."""
    result, parts = measures.result, measures.parts.set_index("line")["usd_m"]
    written, metric = sums.written(parts), result.metrics[known.UNPLACED]

    def sum_of(name: str, refs: tuple[str, ...]) -> Quantity:
        return derived(written[name][0], "money", refs, name, digits=written[name][1])

    def of_metric(metric: str, name: str) -> Quantity:
        return replace(from_metric(result, metric, "central"), formatter="money", digits=written[name][1])

    line = {name: of_metric(name, name) for name in parts.index[:-3]}
    chips, unplaced = line[known.HARDWARE], of_metric(known.UNPLACED, "unplaced")
    placed, whole = sum_of("placed", METRICS[known.PLACED].rests_on), sum_of("spending", PATH[:1])
    share_of = {
        name: derived(part.value / (whole.value or float("nan")), "percent", part.refs, f"share.{name}")
        for name, part in (("talent", line["talent"]), ("placed", placed))
    }
    too_much, refs = float((result.measures[known.UNPLACED] < 0).mean()), unplaced.refs
    nothing = abs(unplaced.value) < max(abs(whole.value), 1) / 2000
    return {
        "line": line, "chips": chips, "placed": placed, "unplaced": unplaced, "whole": whole,
        "share_of": share_of, "running": sum_of("running", ("headcount", "cloud_gpu_hours_m_per_month")),
        "over": replace(unplaced, value=abs(unplaced.value), id="over"),
        "claimed": measures.whole == "claim", "certain": result.case["monthly_burn_usd_m"].certain,
        "net": result.settings.burn_basis == "net", "mostly_chips": chips.value > placed.value / 2,
        "turn": "even" if nothing else "over" if unplaced.value < 0 else "open",
        "most_over": derived(abs(metric["p5"]), "money", refs, f"{known.UNPLACED}.p5"),
        "most_open": derived(abs(metric["p95"]), "money", refs, f"{known.UNPLACED}.p95"),
        "ranges": metric["p5"] < metric["p95"],
        "surely_open": metric["p5"] >= 0, "surely_over": metric["p95"] <= 0,
        "chance_over": derived(too_much, "chance", refs, "chance.over"),
    }  # fmt: skip


def _published(measures: Measures) -> dict[str, object]:
    """Return published figures of burn and of others as months' averages, and what compares them."""
    found = {
        name: derived(measures.published(ref)["usd_m"], "money", (ref,), f"{ref}.month")
        for name, ref in MONTHLY.items()
    }
    spent, claim, ebitda = found["spent"], found["claim"], found["ebitda"]
    below, to_loss = 1 - spent.value / claim.value, spent.value / ebitda.value
    refs, accounts = (known.EBITDA, known.REVENUE), found["own_sales"].value + ebitda.value
    rack, staff = (from_evidence(measures.tables, ref, "money").value for ref in (known.NEWER_RACK, "E157"))
    return found | {
        "invested": [
            derived(measures.published(ref)["usd_m"], "money", (ref,), f"{ref}.month") for ref in known.INVESTED
        ],
        "below_claim": derived(below, "percent", spent.refs + claim.refs, "below_claim"),
        "spent_to_loss": derived(to_loss, "multiple", spent.refs + ebitda.refs, "spent_to_loss", digits=1),
        "a_second": derived(spent.value * 1e6 / MONTH_SECONDS, "dollars", spent.refs, "a_second"),
        "accounts": derived(accounts, "money", refs, "accounts"),
        "newer_chip": derived(rack / known.CHIPS_PER_RACK, "money", (known.NEWER_RACK,), "newer_chip"),
        "openai_head": derived(staff / OPENAI_STAFF, "money", ("E157",), "openai.head"),
    }  # fmt: skip


def _candidates(measures: Measures, found: Mapping[str, Quantity]) -> dict[str, Quantity]:
    """Return what the lines may leave out, largest first. They overlap: never added.

    A candidate that comes to nothing beside the case's own lines is left out. Differences are those of the
    figures as they are written, since readers subtract these.
    """
    x, month = measures.result.case, measures.published
    added, chips, accounts = (
        x["gpus_added_per_month"].central,
        _shown(found["chips"]),
        _shown(found["accounts"]),
    )
    permits, telegram = (
        measures.tables.evidence.loc[ref, "value"] for ref in (known.PERMITS, known.TELEGRAM)
    )
    interest = x["committed_debt_usd_m"].central * x["debt_interest_per_year"].central / 12
    rows = [  # candidate, usd_m a month, digits, what it rests on
        ("first_quarter", _shown(found["quarter_invested"]) - chips, 3, (known.FIRST_QUARTER, "E028")),
        ("newer_chips", added * _shown(found["newer_chip"]) - chips, 3,
         ("gpus_added_per_month", known.NEWER_RACK, "E117")),
        ("running_missed", accounts - _shown(found["running"]), 3, (known.EBITDA, known.REVENUE)),
        ("interest", interest, 2, ("committed_debt_usd_m", "debt_interest_per_year", "E003")),
        ("buildings", permits / known.PERMIT_MONTHS, 2, (known.PERMITS,)),
        ("batteries", month(known.BATTERIES)["usd_m"], 2, (known.BATTERIES,)),
        ("distribution", telegram / 12, 2, (known.TELEGRAM, "E113")),
    ]  # fmt: skip
    return {
        name: derived(amount, "money", refs, f"candidate.{name}", digits=digits)
        for name, amount, digits, refs in sorted(rows, key=lambda row: -row[1])
        if amount > 0
    }


def _shown(quantity: Quantity) -> float:
    return float(numbers.significant(quantity.value, quantity.digits))


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
    return ends | {"turn": _turn(own, ends["low"].value, ends["high"].value)}


def _turn(value: float, low: float, high: float) -> str:
    return "above" if value > high else "below" if value < low else "within"


def _path(measures: Measures) -> dict[str, object]:
    path, compared = measures.result.paths["spend_usd_m"].head(known.SHOWN_MONTHS), measures.compared
    first, last = path["p50"].iloc[0], path.iloc[-1]
    return {
        "first": derived(first, "money", PATH[:1], "path.first"),
        "end": derived(last["p50"], "money", PATH, "path.end", last["p5"], last["p95"]),
        "end_month": derived(last["month"], "month", id="path.end.month"),
        "rises": last["p50"] > first,
        "kept": derived(measures.result.case[PATH[2]].central, "percent", PATH[2:], "kept"),
        "compared": compared and {
            "forecast": derived(compared["p50"], "money", PATH, "path.compared"),
            "month": derived(compared["month"], "month", id="path.compared.month"),
            "turn": _turn(compared["usd_m"], compared["p5"], compared["p95"]),
        },
    }  # fmt: skip
