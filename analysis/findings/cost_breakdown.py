"""Words of the cost-breakdown page: findings, headings and the sentences of its sections, all computed from a run."""

from analysis.findings import cost_phrases as phrase
from analysis.findings import cost_public
from analysis.findings.cost_names import LINES
from analysis.findings.numbers import likelihood, money, percent, plain, runs, typed
from analysis.findings.refs import ids
from analysis.findings.words import Finding
from analysis.inputs import Tables
from analysis.insight import cost_structures, costs, definitions
from analysis.model.costs import CATEGORIES as KEYS
from analysis.model.revenue import STREAMS
from analysis.results import Run, share


def findings(run: Run, tables: Tables) -> list[Finding]:
    """Return the findings of the summary; the first answers the page's question."""
    return [answer(run, tables), parts(run, tables), cost_public.reconciled(tables), beside(run, tables), growth(run, tables)]


def headings(run: Run, tables: Tables) -> dict[str, str]:
    """Return section id -> heading, a statement that holds for this run; read alone they tell the story."""
    first, second = phrase.leaders(run)
    public = definitions.figures(tables)["per_month_usd_m"]
    shares = cost_structures.beside_model(run, tables)
    compute, talent = (phrase.agreement(shares, name) for name in ("compute", "talent"))
    return {
        "categories": f"{phrase.opening(first)} takes {phrase.share_of(run, first)} of {phrase.total(run)} a month, "
        f"{phrase.mid(second)} {phrase.share_of(run, second)}",
        "bottom_up": f"The parts, rebuilt from their drivers, {phrase.verdict(run)}",
        "definitions": f"Public figures run from {money(public.min())} to {money(public.max())} a month: they differ in "
        "measure, period and perimeter",
        "cost_structures": f"{compute.capitalize()} published compute shares and {talent} published talent shares agree with "
        "the model's range",
        "spending_path": f"Total spending {phrase.direction(run)}",
    }


def answer(run: Run, tables: Tables) -> Finding:
    """Return the answer to the page's question: where the money goes, and which public figure is the same measure."""
    (first, second), amount, spent = phrase.leaders(run), costs.category_amounts(run), cost_public.spent(tables)
    rank = "the largest" if first == "other" else "the next"
    return Finding(
        f"Of {phrase.total(run)} a month at xAI without X, {phrase.mid(first)} would take {money(amount[first]['central'])} "
        f"({phrase.share_of(run, first)}; {phrase.span(amount[first])}) and {phrase.mid(second)}, {rank} that the article names, "
        f"{money(amount[second]['central'])}; the public figure nearest in kind, cash spent, came to "
        f"{money(spent['per_month_usd_m'], digits=3)} a month over {spent['period_months']} months of "
        f"{spent['period_start'][:4]}.",
        "derived",
        (*ids(tables, "monthly_burn_usd_m", f"share_{first}", f"share_{second}"), spent["id"]),
    )


def largest(run: Run, tables: Tables) -> Finding:
    """Return how often the leading category leads and takes more than half."""
    first, _ = phrase.leaders(run)
    leads, half = (share(hits)["value"] for hits in costs.leading_shares(run, first))
    return Finding(
        f"{phrase.opening(first)} is the largest category {runs(leads)} and takes more than half of spending {runs(half)}.",
        "assumed",
        ids(tables, *(f"share_{name}" for name in KEYS)),
    )


def reading(run: Run, tables: Tables) -> Finding:
    """Return what the claim means under the other reading, gross or net of revenue."""
    other, (first, _) = costs.other_reading(run), phrase.leaders(run)
    meaning = {"gross": "spending", "net": "spending less revenue"}
    difference, part = other["difference_usd_m"], costs.category_shares(run)[first]["central"]
    there, here = (money(part * whole, digits=3) for whole in (other["total_usd_m"], run.central_world.burn[0]))
    moved = "nothing would change, because there is no revenue" if not difference else (
        f"it would be {money(other['total_usd_m'], digits=3)}, {money(abs(difference))} {'more' if difference > 0 else 'less'}, "
        f"with {there} instead of {here} for {phrase.mid(first)}"
    )  # fmt: skip
    return Finding(
        f"{phrase.burn(run).capitalize()} is read as {meaning[run.settings.burn_basis]}. Read as {meaning[other['basis']]}, "
        f"monthly spending would differ by the revenue of month 0: {moved}.",
        "derived",
        ids(tables, "monthly_burn_usd_m", *(f"revenue_{name}_usd_m" for name in STREAMS)),
    )


def parts(run: Run, tables: Tables) -> Finding:
    """Return what the eight parts come to, what is left over, and how often they exceed the claim."""
    spreads, over = costs.line_spreads(run), share(costs.exceeding(run))["value"]
    total, line = spreads["bottom_up_total"], costs.bottom_up(run)["line"].iloc[0]
    return Finding(
        f"Eight line items rebuilt from their drivers come to {money(total['central'])} a month ({phrase.span(total)}) and "
        f"{phrase.verdict(run)} ({phrase.rest(spreads['unexplained'])}); {runs(over)} they exceed {phrase.burn_taken(run)}, "
        f"which is {likelihood(over)}.",
        "derived",
        ids(tables, "monthly_burn_usd_m", *costs.DRIVERS[line]),
    )


def closing(run: Run, tables: Tables) -> Finding:
    """Return how much of the parts the largest line is, and how many accelerators a month would close what is left."""
    spreads, line = costs.line_spreads(run), costs.bottom_up(run)["line"].iloc[0]
    added, needed = run.case["gpus_added_per_month"].central, costs.closing_accelerators(run)
    closed = "" if needed is None or plain(needed) == plain(added) else (
        f" With all else as it is, {plain(needed)} accelerators a month, and not {typed(added)}, would make the parts equal to "
        f"{phrase.burn_taken(run)}."
    )  # fmt: skip
    total = spreads["bottom_up_total"]["central"]
    part = percent(spreads[line]["central"] / total if total else None)
    return Finding(
        f"At the central values the largest part, {LINES[line].lower()}, is {part} of all eight.{closed}",
        "derived",
        ids(tables, *dict.fromkeys((*costs.DRIVERS[line], *costs.DRIVERS["hardware_purchases"]))),
    )


def beside(run: Run, tables: Tables) -> Finding:
    """Return how the model's compute and talent shares compare with published ones."""
    frame = cost_structures.beside_model(run, tables)
    compute, talent = (
        f"{name} at {percent(own['central'])} of spending ({phrase.percents(own)}) agrees with "
        f"{phrase.agreement(frame, name)} published shares{phrase.outside(frame, name)}"
        for name, own in ((name, costs.category_shares(run)[name]) for name in ("compute", "talent"))
    )
    used = " ".join(frame.loc[frame["category"].isin(["compute", "talent"]), "ids"]).split()
    return Finding(
        f"{compute.capitalize()}, and {talent}; the totals behind the published shares differ, and the model counts cash, "
        "without pay in shares.",
        "derived",
        (*ids(tables, "share_compute", "share_talent"), *dict.fromkeys(used)),
    )


def growth(run: Run, tables: Tables) -> Finding:
    """Return where total spending goes by the last month of the table, and how often it rises."""
    last, spend = phrase.last_month(run), run.path.spend
    odds = "" if last is None else (
        f" ({phrase.span(costs.by_month(run)['total'][last])}); {runs(share(spend[:, last] > spend[:, 0])['value'])} it is "
        "higher than at the start"
    )  # fmt: skip
    return Finding(f"Total spending at xAI without X {phrase.direction(run)}{odds}.", "assumed", growth_refs(tables))


def fading(run: Run, tables: Tables) -> Finding:
    """Return growth in the first year and the ceiling that fading growth implies."""
    year = costs.first_year_growth(run)
    rate = "Growth" if year is None else (
        f"In the first year total spending {'grows' if year['central'] > 0 else 'shrinks'} by {percent(abs(year['central']))} "
        f"({phrase.percents(year)}); growth"
    )  # fmt: skip
    return Finding(f"{rate} {phrase.fading(costs.ceiling(run))}.", "assumed", growth_refs(tables))


def growth_refs(tables: Tables) -> tuple[str, ...]:
    """Return the ids of the inputs that the path of spending rests on."""
    rates = [f"growth_{name}_per_year" for name in KEYS]
    return ids(tables, "monthly_burn_usd_m", *rates, "spend_growth_endurance", "serving_cost_ratio")
