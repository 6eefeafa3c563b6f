"""Words of the cost-breakdown page: findings, headings and the sentences of its sections, all computed from a run."""

import math

from analysis.findings import cost_public
from analysis.findings.cost_names import CATEGORIES
from analysis.findings.numbers import likelihood, money, percent, runs
from analysis.findings.refs import ids
from analysis.findings.words import Finding
from analysis.inputs import Tables
from analysis.insight import cost_structures, costs, definitions
from analysis.insight.costs import Spread
from analysis.model.costs import CATEGORIES as KEYS
from analysis.results import Run, share


def findings(run: Run, tables: Tables) -> list[Finding]:
    """Return the findings of the summary; the first answers the page's question."""
    return [answer(run, tables), parts(run, tables), cost_public.reconciled(tables), beside(run, tables), growth(run, tables)]


def headings(run: Run, tables: Tables) -> dict[str, str]:
    """Return section id -> heading, a statement that holds for this run; read alone they tell the story."""
    first, second = leaders(run)
    public = definitions.figures(tables)
    low, high = public["per_month_usd_m"].min(), public["per_month_usd_m"].max()
    compute, talent = (agreement(run, tables, name) for name in ("compute", "talent"))
    lead = f"{CATEGORIES[first]} takes {share_of(run, first)} of {total(run)} a month"
    return {
        "categories": f"{lead}, {mid(second)} {share_of(run, second)}",
        "bottom_up": f"The parts, rebuilt from their drivers, {verdict(run)}",
        "definitions": f"Public figures run from {money(low)} to {money(high)} a month because they measure different things",
        "cost_structures": f"{compute.capitalize()} published compute shares and {talent} published talent shares "
        "fit the model's range",
        "spending_path": f"Total spending {direction(run)}",
    }


def answer(run: Run, tables: Tables) -> Finding:
    """Return the answer to the page's question: where the money goes, and which public figure is the same measure."""
    first, second = leaders(run)
    amount, spent = costs.category_amounts(run), cost_public.spent(tables)
    return Finding(
        f"Of {total(run)} a month at xAI without X, {mid(first)} would take {money(amount[first]['central'])} "
        f"({share_of(run, first)}; "
        f"middle 90% of runs: {span(amount[first])}) and {mid(second)}, the next, {money(amount[second]['central'])}; the "
        f"public figure "
        f"nearest in kind, cash spent, came to {money(spent['per_month_usd_m'], digits=3)} a month over "
        f"{spent['period_months']} months "
        f"of {spent['period_start'][:4]}.",
        "derived",
        (*ids(tables, "monthly_burn_usd_m", f"share_{first}", f"share_{second}"), spent["id"]),
    )


def largest(run: Run, tables: Tables) -> Finding:
    """Return how often the leading category leads and takes more than half."""
    first, _ = leaders(run)
    leads, half = (share(hits)["value"] for hits in costs.leading_shares(run, first))
    return Finding(
        f"{CATEGORIES[first]} is the largest category {runs(leads)} and takes more than half of spending {runs(half)}.",
        "assumed",
        ids(tables, *(f"share_{name}" for name in KEYS)),
    )


def reading(run: Run, tables: Tables) -> Finding:
    """Return what the claim means under the other reading, gross or net of revenue."""
    other, here = costs.other_reading(run), run.settings.burn_basis
    meaning = {"gross": "spending", "net": "spending less revenue"}
    difference, (first, _) = other["difference_usd_m"], leaders(run)
    central = costs.category_amounts(run)[first]["central"]
    moved = "nothing would change, because there is no revenue" if not difference else (
        f"it would be {money(other['total_usd_m'], digits=3)}, {money(abs(difference))} "
        f"{'more' if difference > 0 else 'less'}, with "
        f"{money(central * other['factor'], digits=3)} instead of {money(central, digits=3)} for {mid(first)}"
    )  # fmt: skip
    return Finding(
        f"The claim is read here as {meaning[here]}. Read as {meaning[other['basis']]}, monthly spending would differ by "
        f"the revenue of "
        f"month 0: {moved}.",
        "derived",
        ids(
            tables,
            "monthly_burn_usd_m",
            "revenue_subscriptions_usd_m",
            "revenue_advertising_usd_m",
            "revenue_data_services_usd_m",
        ),
    )


def parts(run: Run, tables: Tables) -> Finding:
    """Return what the eight parts come to, what is left over, and how often they exceed the claim."""
    spreads, over = costs.line_spreads(run), share(costs.exceeding(run))["value"]
    rest, line = spreads["unexplained"], costs.bottom_up(run)["line"].iloc[0]
    return Finding(
        f"Eight line items rebuilt from their drivers come to {money(spreads['bottom_up_total']['central'])} a month "
        f"(middle 90% of runs: "
        f"{span(spreads['bottom_up_total'])}) and {verdict(run)}; the rest runs from {_rest(rest, 'p5')} to "
        f"{_rest(rest, 'p95')}, and "
        f"{runs(over)} the parts exceed the claim, which is {likelihood(over)}.",
        "derived",
        ids(tables, "monthly_burn_usd_m", *costs.DRIVERS[line]),
    )


def beside(run: Run, tables: Tables) -> Finding:
    """Return how the model's compute and talent shares compare with published ones."""
    shares, rows = costs.category_shares(run), cost_structures.published(tables)
    text = [
        f"{percent(own['central'])} for {name} (middle 90% of runs: {percents(own)}), a range that "
        f"{agreement(run, tables, name)} published "
        f"shares fit"
        for name, own in ((name, shares[name]) for name in ("compute", "talent"))
    ]
    used = " ".join(rows.loc[rows["category"].isin(["compute", "talent"]), "ids"]).split()
    return Finding(
        f"The model takes {' and '.join(text)}; the totals behind the published shares differ, and the model counts cash, "
        f"without equity pay.",
        "derived",
        (*ids(tables, "share_compute", "share_talent"), *dict.fromkeys(used)),
    )


def growth(run: Run, tables: Tables) -> Finding:
    """Return where spending goes: the last month of the table, growth in the first year, and the ceiling implied."""
    last, year, top = last_month(run), costs.first_year_growth(run), costs.ceiling(run)
    spread = f" (middle 90% of runs: {span(costs.by_month(run)['total'][last])})" if last else ""
    rate = f", with {percent(year['central'])} of growth in the first year ({percents(year)})" if year else ""
    return Finding(
        f"Total spending at xAI without X {direction(run)}{spread}{rate}; the growth assumed fades, and approaches "
        f"{_ceiling(top)}.",
        "assumed",
        ids(
            tables,
            "monthly_burn_usd_m",
            *(f"growth_{name}_per_year" for name in KEYS),
            "spend_growth_endurance",
            "serving_cost_ratio",
        ),
    )


def leaders(run: Run) -> tuple[str, str]:
    """Return the two largest categories of month 0 at the central values."""
    first, second = costs.categories(run)["category"].iloc[:2]
    return first, second


def mid(category: str) -> str:
    """Return a category's name as it stands within a sentence."""
    return {"other": "what is not itemised"}.get(category, CATEGORIES[category].lower())


def total(run: Run) -> str:
    """Return spending in month 0 at the central values."""
    return money(run.central_world.burn[0])


def share_of(run: Run, category: str) -> str:
    """Return a category's central share."""
    return percent(costs.category_shares(run)[category]["central"])


def span(values: Spread) -> str:
    """Return the middle 90 % of runs in dollars."""
    return f"{money(values['p5'], values['p5_se'])} to {money(values['p95'], values['p95_se'])}"


def percents(values: Spread) -> str:
    """Return the middle 90 % of runs in per cent."""
    return f"{percent(values['p5'], values['p5_se'])} to {percent(values['p95'], values['p95_se'])}"


def verdict(run: Run) -> str:
    """Return how the parts compare with the claim at the central values, as a predicate."""
    rest, claim = run.metrics["unexplained"]["central"], run.central_world.burn[0]
    if abs(rest) < 0.005 * claim:
        return f"match {money(claim)} a month"
    return (
        f"leave {money(rest)} of {money(claim)} a month unexplained"
        if rest > 0
        else f"exceed {money(claim)} a month by {money(-rest)}"
    )


def agreement(run: Run, tables: Tables, category: str) -> str:
    """Return how many published shares of a category meet the model's middle 90 % of runs, as "6 of 7" or "none of 3"."""
    fits = cost_structures.overlaps(cost_structures.beside_model(run, tables), category)
    return f"{fits.sum() or 'none'} of {len(fits)}"


def last_month(run: Run) -> int | None:
    """Return the last month of the table within the horizon, None when only month 0 is."""
    return max((t for t in costs.MARKS if 0 < t < run.settings.horizon_months), default=None)


def direction(run: Run) -> str:
    """Return where total spending goes at the central values, as a predicate."""
    last, start = last_month(run), total(run)
    if last is None:
        return f"starts at {start} a month, and the horizon ends within a year"
    end = money(run.central_path.spend[0, last])
    if end == start:
        return f"stays near {start} a month over {last} months"
    way = "rises" if run.central_path.spend[0, last] > run.central_path.spend[0, 0] else "falls"
    return f"{way} from {start} to {end} a month within {last} months"


def _rest(values: Spread, key: str) -> str:
    amount = money(abs(values[key]), values[f"{key}_se"])
    return f"an excess of {amount}" if values[key] < 0 else f"{amount} unexplained"


def _ceiling(values: Spread) -> str:
    if not math.isfinite(values["central"]):
        return "no ceiling at all"
    end = "no ceiling" if not math.isfinite(values["p95"]) else money(values["p95"], values["p95_se"])
    return f"{money(values['central'])} a month (middle 90% of runs: {money(values['p5'], values['p5_se'])} to {end})"
