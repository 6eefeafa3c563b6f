"""The numbers that the cost page's text names, and which way each statement turns."""

import functools
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from analysis.inputs.estimates import Estimate
from analysis.pages.cost_breakdown import measures as known
from analysis.pages.cost_breakdown import sums
from analysis.pages.cost_breakdown.measures import Measures
from analysis.results.metrics import METRICS
from analysis.show import numbers
from analysis.show.quantity import Quantity, from_evidence, from_metric

OPENAI_PLAN, OPENAI_STAFF = "E157", 1500  # spending on staff in the plan, and the staff that it counts
MONTH_SECONDS = 365.25 / 12 * 24 * 3600
PATH = ("monthly_burn_usd_m", "growth_compute_per_year", "spend_growth_endurance")  # what it mainly rests on


def facts(measures: Measures) -> dict[str, object]:
    """Return the quantities of the text; `published` and `monthly` are called with the id of a figure."""
    tables, found = measures.tables, _sums(measures) | _compared(measures)
    return found | {
        "published": functools.partial(from_evidence, tables),
        "monthly": functools.partial(_monthly, measures),
        "entered": {row.id: numbers.as_entered(row.value, row.unit) for row in tables.evidence.itertuples()},
        "given": {each.name: _entered(each) for each in measures.result.case.estimates},
        "candidates": _candidates(measures, found), **_shares(measures), **_path(measures),
        "was": {name: each.get("central") for name, each in measures.base.metrics.items()},
    }  # fmt: skip


def _entered(estimate: Estimate) -> str:
    """Return an input's middle value unrounded, without what it is per: the sentence says that."""
    unit = estimate.unit.split("_per_")[0]
    return numbers.as_entered(estimate.central, "count" if unit == "ratio" else unit)


def _monthly(measures: Measures, ref: str) -> Quantity:
    return Quantity(measures.published(ref)["usd_m"], "money", (ref,), f"{ref}.month")


def _sums(measures: Measures) -> dict[str, object]:
    """Return the lines and their sums, written so that they add up. `turn`: whether spending is left open."""
    result, parts = measures.result, measures.parts.set_index("line")["usd_m"]
    written = sums.written(parts)

    def sum_of(name: str, *refs: str) -> Quantity:
        return Quantity(written[name][0], "money", refs, name, digits=written[name][1])

    def of_metric(metric: str, name: str) -> Quantity:
        return replace(from_metric(result, metric, "central"), formatter="money", digits=written[name][1])

    line = {name: of_metric(name, name) for name in parts.index[:-3]}
    unplaced, whole = of_metric(known.UNPLACED, "unplaced"), sum_of("spending", PATH[0])
    placed, too_much = sum_of("placed", *METRICS[known.PLACED].rests_on), result.measures[known.UNPLACED] < 0
    share = placed.value / whole.value if whole.value else None
    nothing = abs(unplaced.value) < max(abs(whole.value), 1) / 2000
    return {
        "line": line, "chips": line[sums.HARDWARE], "placed": placed, "unplaced": unplaced, "whole": whole,
        "running": sum_of("running", "headcount", "cloud_gpu_hours_m_per_month"),
        "over": replace(unplaced, value=abs(unplaced.value), id="over"),
        "placed_share": Quantity(share, "percent", placed.refs, "placed.share"),
        "left": replace(unplaced, digits=2, id="unplaced.two_digits"),
        "chance_over": Quantity(float(too_much.mean()), "chance", unplaced.refs, "chance.over"),
        "estimated": result.case[PATH[0]].origin == "scenario",
        "start": Quantity(result.settings.start_month, "month", id="start_month"),
        "accounts_earlier": measures.published(known.EBITDA)["period_end"][:7] < result.settings.start_month,
        "claimed": measures.whole == "claim", "net": result.settings.burn_basis == "net",
        "turn": "even" if nothing else "over" if unplaced.value < 0 else "open",
    }  # fmt: skip


def _compared(measures: Measures) -> dict[str, Quantity]:
    spent, loss, sales = (_monthly(measures, ref) for ref in (known.CASH_SPENT, known.EBITDA, known.REVENUE))
    claim, both = _monthly(measures, "E001"), loss.refs + sales.refs
    rack, staff = (from_evidence(measures.tables, ref).value for ref in (known.NEWER_RACK, OPENAI_PLAN))
    below, to_loss = 1 - spent.value / claim.value, spent.value / loss.value
    return {
        "spent": spent, "ebitda": loss, "own_sales": sales,
        "accounts": Quantity(loss.value + sales.value, "money", both, "accounts"),
        "below_claim": Quantity(below, "percent", spent.refs + claim.refs, "below_claim"),
        "spent_to_loss": Quantity(to_loss, "multiple", spent.refs + loss.refs, "spent_to_loss", digits=1),
        "a_second": Quantity(spent.value * 1e6 / MONTH_SECONDS, "dollars", spent.refs, "a_second"),
        "newer_chip": Quantity(rack / known.CHIPS_PER_RACK, "money", (known.NEWER_RACK,), "newer_chip"),
        "openai_head": Quantity(staff / OPENAI_STAFF, "money", (OPENAI_PLAN,), "openai.head"),
    }  # fmt: skip


def _candidates(measures: Measures, found: Mapping[str, Quantity]) -> dict[str, Quantity]:
    """Return what the lines may leave out, largest first. They overlap: never added."""
    x = {each.name: each.central for each in measures.result.case.estimates}
    invested, permits, batteries, telegram = (_monthly(measures, ref) for ref in known.CANDIDATES)
    interest = x["committed_debt_usd_m"] * x["debt_interest_per_year"] / 12
    newer = x["gpus_added_per_month"] * (_shown(found["newer_chip"]) - x["gpu_all_in_usd"] / 1e6)
    # candidate, usd_m a month (differences of figures as written: readers subtract these), digits, refs
    rows = [
        ("first_quarter", _shown(invested) - _shown(found["chips"]), 3, (*invested.refs, "E028")),
        ("newer_chips", newer, 3, ("gpus_added_per_month", known.NEWER_RACK, "E117")),
        ("running_missed", _shown(found["accounts"]) - _shown(found["running"]), 3, found["accounts"].refs),
        ("interest", interest, 2, ("committed_debt_usd_m", "debt_interest_per_year", "E003")),
        ("buildings", permits.value, 2, permits.refs),
        ("batteries", batteries.value, 2, batteries.refs),
        ("distribution", telegram.value, 2, (*telegram.refs, "E113")),
    ]
    return {
        name: Quantity(amount, "money", refs, f"candidate.{name}", digits=digits)
        for name, amount, digits, refs in sorted(rows, key=lambda row: -row[1])
        if amount > 0
    }


def _shown(quantity: Quantity) -> float:
    return float(numbers.significant(quantity.value, quantity.digits))


def _shares(measures: Measures) -> dict[str, object]:
    """Return the shares of what can be placed beside those that others published, our sources left out."""
    frame = measures.structures
    own = frame[frame["kind"] == "model"].set_index("category")
    share = {}
    for row in own.dropna(subset=["share"]).itertuples():
        refs, ends = METRICS[f"share_{row.Index}"].rests_on, (row.low, row.high)
        share[row.Index] = Quantity(row.share, "percent", refs, f"placed.{row.Index}", *ends)
    others = frame[(frame["kind"] != "model") & ~frame["set_input"].astype(bool)].groupby("category")
    return {"share": share, "others": {name: _others(rows, own.loc[name, "share"]) for name, rows in others}}


def _others(rows: pd.DataFrame, own: float) -> dict[str, object]:
    """Return the lowest and the highest published share of a category, and where our own lies."""
    found = {"low": rows.loc[rows["low"].idxmin()], "high": rows.loc[rows["high"].idxmax()]}
    ends = {
        end: Quantity(row[end], "percent", row["evidence"].split(), f"others.{row['category']}.{end}")
        for end, row in found.items()
    }
    return ends | {"turn": _turn(own, ends["low"].value, ends["high"].value)}


def _turn(value: float, low: float, high: float) -> str:
    return "above" if value > high else "below" if value < low else "within"


def _path(measures: Measures) -> dict[str, object]:
    path, compared = measures.result.paths["spend_usd_m"].head(known.SHOWN_MONTHS), measures.compared
    first, last = path["p50"].iloc[0], path.iloc[-1]
    return {
        "first": Quantity(first, "money", PATH[:1], "path.first"),
        "end": Quantity(last["p50"], "money", PATH, "path.end", last["p5"], last["p95"]),
        "end_month": Quantity(last["month"], "month", id="path.end.month"),
        "rises": last["p50"] > first,
        "kept": Quantity(measures.result.case[PATH[2]].central, "percent", PATH[2:], "kept"),
        "compared": compared and {
            "forecast": Quantity(compared["p50"], "money", PATH, "path.compared"),
            "month": Quantity(compared["month"], "month", id="path.compared.month"),
            "turn": _turn(compared["usd_m"], compared["p5"], compared["p95"]),
        },
    }  # fmt: skip
