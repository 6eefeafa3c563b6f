"""Words of the cost-breakdown page: findings, headings and the text around its figures, all computed from a run."""

import math

import pandas as pd

from analysis.findings.cost_names import CATEGORIES, LINES
from analysis.findings.numbers import likelihood, money, percent, plain, runs
from analysis.findings.refs import ids, with_role
from analysis.findings.words import Finding, Words
from analysis.inputs import Tables
from analysis.insight import cost_structures, costs, definitions
from analysis.model.costs import CATEGORIES as CATEGORY_KEYS
from analysis.results import Run, share

BARS = "Dot: central value; thick bar: middle 50% of runs; thin bar: middle 90% of runs. One run in ten lies outside the thin bar."


def findings(run: Run, tables: Tables) -> list[Finding]:
    """Return at most five findings; the first answers the page's question."""
    return [answer(run, tables), parts(run, tables), reconciled(run, tables), beside(run, tables), growth(run, tables)]


def headings(run: Run, tables: Tables) -> dict[str, str]:
    """Return section id -> heading, a statement that holds for this run; read alone they tell the story."""
    leader, second = _leaders(run)
    central = run.metrics["unexplained"]["central"]
    public = definitions.figures(tables)
    spent = definitions.one(public, "cash_spent", "xai", "2025-01")
    compute = _agreement(run, tables, "compute")
    return {
        "categories": f"{CATEGORIES[leader]} takes {percent(_share(run, leader))} of {_total(run)} a month, "
        f"{CATEGORIES[second].lower()} {percent(_share(run, second))}",
        "bottom_up": f"Rebuilt from its parts, the claim {_left_over(central)}",
        "definitions": f"Public figures run from {_lowest_to_highest(public)} a month, because they measure different things; "
        f"cash spent was {money(spent['per_month_usd_m'])}",
        "cost_structures": f"{_count(compute)} published compute shares fit the model's range",
        "spending_path": f"Spending {_direction(run)}",
    }


def answer(run: Run, tables: Tables) -> Finding:
    """Return the answer to the page's question: where the money goes, and which public figure is the same measure."""
    leader, second = _leaders(run)
    amount = costs.category_amounts(run)
    spent = definitions.one(definitions.figures(tables), "cash_spent", "xai", "2025-01")
    return Finding(
        f"Of {_total(run)} a month at xAI without X, {CATEGORIES[leader].lower()} would take {money(amount[leader]['central'])} "
        f"({percent(_share(run, leader))}; middle 90% of runs: {_span(amount[leader])}), and {CATEGORIES[second].lower()}, the next, "
        f"{money(amount[second]['central'])}; the public figure nearest in kind, cash spent, came to "
        f"{money(spent['per_month_usd_m'], digits=3)} a month over {spent['period_months']} months of {spent['period_start'][:4]}.",
        "derived",
        (*ids(tables, "monthly_burn_usd_m", f"share_{leader}", f"share_{second}"), spent["id"]),
    )


def largest(run: Run, tables: Tables) -> Finding:
    """Return how often the leading category leads and takes more than half."""
    leader, _ = _leaders(run)
    leads, half = (share(hits) for hits in costs.leading_shares(run, leader))
    return Finding(
        f"{runs(half['value']).capitalize()} {CATEGORIES[leader].lower()} takes more than half of spending, and "
        f"{runs(leads['value'])} it is the largest category.",
        "assumed",
        ids(tables, f"share_{leader}"),
    )


def reading(run: Run, tables: Tables) -> Finding:
    """Return what the claim means under the other reading, gross or net of revenue."""
    other, here = costs.other_reading(run), run.settings.burn_basis
    leader, _ = _leaders(run)
    central = costs.category_amounts(run)[leader]["central"]
    gap = other["difference_usd_m"]
    moved = "nothing would change, as there is no revenue" if not gap else (
        f"it would be {money(abs(gap))} {'more' if gap > 0 else 'less'}, {money(other['total_usd_m'], digits=3)}, and "
        f"{CATEGORIES[leader].lower()} {money(central * other['factor'], digits=3)} instead of {money(central, digits=3)}"
    )  # fmt: skip
    meaning = {"gross": "spending", "net": "spending less revenue"}
    return Finding(
        f"Here the claim is read as {meaning[here]}; read as {meaning[other['basis']]}, monthly spending would differ by the revenue of month 0: {moved}.",
        "derived",
        ids(tables, "monthly_burn_usd_m", "revenue_subscriptions_usd_m", "revenue_advertising_usd_m", "revenue_data_services_usd_m"),
    )


def parts(run: Run, tables: Tables) -> Finding:
    """Return what the eight parts come to, what is left over, and how often they exceed the claim."""
    spreads, over = costs.line_spreads(run), share(costs.exceeding(run))
    total, rest = spreads["bottom_up_total"], spreads["unexplained"]
    return Finding(
        f"Eight line items rebuilt from their drivers come to {money(total['central'])} a month (middle 90% of runs: {_span(total)}) and "
        f"{_left_over(rest['central'])}; the parts exceed the claim {runs(over['value'])}, which is {likelihood(over['value'])}, and the "
        f"middle 90% of runs go from {_rest(rest, 'p5')} to {_rest(rest, 'p95')}.",
        "derived",
        ids(tables, "monthly_burn_usd_m", *costs.DRIVERS[_largest_line(spreads)]),
    )


def reconciled(run: Run, tables: Tables) -> Finding:
    """Return the sentence that reconciles the figures that are all called burn."""
    public = definitions.figures(tables)
    claim, spent = definitions.one(public, "monthly_burn_claim", "xai", "2025"), definitions.one(public, "cash_spent", "xai", "2025-01")
    loss, capex = (definitions.one(public, measure, "xai_and_x", "2025-01") for measure in ("operating_loss", "capital_expenditure"))
    return Finding(
        f"{money(claim['published_usd_m'])} a month, {money(spent['published_usd_m'])} in {spent['period_months']} months, a loss of "
        f"{money(loss['published_usd_m'])} and {money(capex['published_usd_m'], digits=3)} of capital expenditure do not contradict each other: "
        f"the first is a disputed claim and the second a report of cash at xAI without X ({money(spent['per_month_usd_m'], digits=3)} a month); "
        f"the loss ({money(loss['per_month_usd_m'], digits=3)} a month) and the investment ({money(capex['per_month_usd_m'], digits=3)} a month) "
        f"are accounts of xAI with X, and a loss counts a machine over its years of use, not when it is paid for.",
        "derived",
        (claim["id"], spent["id"], loss["id"], capex["id"]),
    )


def disputed(run: Run, tables: Tables) -> Finding:
    """Return what is in dispute: a denial without a figure, and capital expenditure of an unclear period."""
    public = definitions.figures(tables)
    capex = definitions.one(public, "capital_expenditure", "xai", "2025-01")
    denial = tables.evidence[tables.evidence["measure"] == "statement"].index[0]
    claim = definitions.one(public, "monthly_burn_claim", "xai", "2025")
    return Finding(
        f"Two figures are in dispute: the head of the company called the claim nonsense and gave no figure of his own, and "
        f"{money(capex['published_usd_m'])} of capital expenditure is read by some as the first quarter of 2025 "
        f"({money(capex['per_month_usd_m'], digits=3)} a month) and by others as all that had been spent so far, which gives no monthly figure.",
        "reported",
        (claim["id"], denial, capex["id"]),
    )


def peers(run: Run, tables: Tables) -> Finding:
    """Return the range of other laboratories' cash figures per month beside that of xAI."""
    others = definitions.peers(tables)
    cash = others[others["measure"] == "cash_spent"].sort_values("per_month_usd_m")
    spent = definitions.one(definitions.figures(tables), "cash_spent", "xai", "2025-01")
    above = int((cash["per_month_usd_m"] > spent["per_month_usd_m"]).sum())
    return Finding(
        f"Cash figures of other laboratories run from {money(cash['per_month_usd_m'].iloc[0])} to {money(cash['per_month_usd_m'].iloc[-1])} a month; "
        f"{above or 'none'} of these {len(cash)} lies above the {money(spent['per_month_usd_m'])} of xAI without X.",
        "derived",
        (*cash["id"], spent["id"]),
    )


def beside(run: Run, tables: Tables) -> Finding:
    """Return how the model's compute and talent shares compare with published ones."""
    shares = costs.category_shares(run)
    text = []
    for name in ("compute", "talent"):
        own = shares[name]
        fit = _agreement(run, tables, name)
        text.append(
            f"{percent(own['central'])} for {name} (middle 90% of runs: {percent(own['p5'], own['p5_se'])} to "
            f"{percent(own['p95'], own['p95_se'])}), which {_count(fit).lower()} published shares meet"
        )
    rows = cost_structures.published(tables)
    used = dict.fromkeys(" ".join(rows.loc[rows["category"].isin(["compute", "talent"]), "ids"]).split())
    return Finding(
        f"The model takes {' and '.join(text)}; those shares are of different totals, and a company that buys its machines pays for compute at once.",
        "derived",
        (*ids(tables, "share_compute", "share_talent"), *used),
    )


def growth(run: Run, tables: Tables) -> Finding:
    """Return where spending goes: its level at the end of the table, its first-year growth and its ceiling."""
    total = costs.by_month(run)["total"]
    last = max((t for t, value in total.items() if value and t), default=None)
    year, top = costs.first_year_growth(run), costs.ceiling(run)
    level = "" if last is None else (
        f" {money(total[last]['central'])} a month after {last} months (middle 90% of runs: {_span(total[last])})"
    )  # fmt: skip
    rate = "" if year is None else f", {percent(year['central'])} in the first year (middle 90% of runs: {_percents(year)})"
    return Finding(
        f"Spending of {_total(run)} a month at xAI without X would {'be' if level else 'be known for less than a year'}{level}{rate}; "
        f"the growth assumed fades towards a ceiling of {_ceiling(top)}.",
        "assumed",
        ids(tables, "monthly_burn_usd_m", *(f"growth_{name}_per_year" for name in CATEGORY_KEYS), "spend_growth_endurance", "serving_cost_ratio"),
    )


def disclosed(run: Run, tables: Tables) -> Finding:
    """Return what was later disclosed of the pace of investment, which has another perimeter."""
    public = definitions.figures(tables)
    rows = public[(public["measure"] == "capital_expenditure") & (public["perimeter"] == "xai_and_x")].sort_values("period_start")
    pace = " to ".join(money(value, digits=3) for value in rows["per_month_usd_m"])
    rising = rows["per_month_usd_m"].is_monotonic_increasing
    return Finding(
        f"What was disclosed later, for xAI with X, {'only rose' if rising else 'moved'}: capital expenditure per month went from {pace} "
        f"({', '.join(_period(row) for row in rows.itertuples())}); this is another perimeter and no total of spending.",
        "derived",
        tuple(rows["id"]),
    )
