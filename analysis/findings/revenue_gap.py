"""Findings and headings of the revenue-gap page, computed from a run."""

from analysis.findings.numbers import likelihood, money, runs
from analysis.findings.refs import ids
from analysis.findings.revenue_phrases import (
    ENTITY,
    NO_LIMIT,
    NO_RATE,
    NO_SPENDING,
    calendar,
    change,
    covers,
    distance,
    lasting,
    rate,
    ratio,
    sentence,
    spread,
    whole,
)
from analysis.findings.words import Finding
from analysis.inputs import Tables
from analysis.insight import bands, reference_class
from analysis.results import Run

REVENUE = tuple(f"revenue_{name}_usd_m" for name in bands.STREAMS)
GROWTH = (*(f"growth_{name}_per_month" for name in bands.STREAMS), "growth_endurance")
LATER = (36, 12)  # months after the start that a sentence looks at, the first that is modelled


def findings(run: Run, tables: Tables) -> list[Finding]:
    """Return five findings that answer the page's question: how far, how long, whether ever, at what growth, up to where."""
    return [far(run, tables), long(run, tables), ever(run, tables), growth(run, tables), ceiling(run, tables)]


def headings(run: Run, tables: Tables) -> dict[str, str]:
    """Return section id -> heading, a statement that holds for this run."""
    return {
        "gap": coverage(run),
        "streams": _ceiling_heading(run),
        "runway": _runway_heading(run),
        "reference_class": _growth_heading(run, tables),
    }


def far(run: Run, tables: Tables) -> Finding:
    """Return how far revenue is from spending at the start and later."""
    gap, covered, month = run.metrics["gap_start_usd_m_per_month"], run.metrics["coverage_ratio_start"], later(run)
    revenue, spending = run.central_path.revenue[0, 0], run.central_path.spend[0, 0]
    text = f"Revenue of {ENTITY} is {money(revenue)} a month at the start, against spending of {money(spending)}"
    if covered["p50"] is not None:
        text += f": it {covers(covered['p50'])} spending{spread(covered, ratio, NO_SPENDING)}"
    if month is None:
        text += f", which is {distance(gap['p50'])}"
    else:
        ahead, share = run.metrics[f"gap_{month}m_usd_m_per_month"], run.metrics[f"coverage_ratio_{month}m"]
        text += f"; over {month} months {change(gap['p50'], ahead['p50'])}"
        text += (
            f", and revenue then {covers(share['p50'])} spending{spread(share, ratio, NO_SPENDING)}"
            if share["p50"] is not None
            else ""
        )
    return Finding(f"{text}.", "derived", ids(tables, "monthly_burn_usd_m", *REVENUE, "serving_cost_ratio"))


def later(run: Run) -> int | None:
    """Return the month after the start that sentences compare with, None when the horizon is too short for any."""
    return next((month for month in LATER if month < run.settings.horizon_months), None)


def coverage(run: Run) -> str:
    """Return what revenue covers at the start, and later where the horizon reaches that far."""
    month, covered = later(run), run.metrics["coverage_ratio_start"]["p50"]
    ahead = None if month is None else run.metrics[f"coverage_ratio_{month}m"]["p50"]
    if covered is None:
        return "There is no spending to cover at the start" + (
            "" if ahead is None else f"; revenue {covers(ahead)} spending later"
        )
    text = f"Revenue {covers(covered)} spending at the start"
    return text if ahead is None else f"{text}, {ratio(ahead)} after {month} months"


def long(run: Run, tables: Tables) -> Finding:
    """Return how long the money lasts, and how sure it is that it is gone within a year."""
    out, runway = run.metrics["cash_out_probability_12m"], run.metrics["runway_months"]
    horizon = run.metrics["cash_out_probability_horizon"]
    text = f"{money_in_hand(run)} would last {lasting(runway['p50'])} in the median run{spread(runway, lasting)}"
    if out["value"] is not None:
        text += f"; the money is gone within 12 months {runs(out['value'])}, which is {likelihood(out['value'])}"
    if horizon["value"] < 1:
        text += f"; it lasts to the horizon of {whole(run.settings.horizon_months)} {runs(1 - horizon['value'])}"
    names = ("monthly_burn_usd_m", "opening_cash_usd_m", "committed_funding_usd_m", "committed_funding_month")
    return Finding(f"{text}.", "derived", ids(tables, *names))


def money_in_hand(run: Run) -> str:
    """Return what there is to spend: cash before month 0 and committed funding, as far as there is any."""
    cash, funding = (run.case[name].central for name in ("opening_cash_usd_m", "committed_funding_usd_m"))
    parts = [
        text
        for amount, text in ((cash, f"cash of {money(cash)}"), (funding, f"{money(funding)} of committed funding"))
        if amount > 0
    ]
    return sentence(" and ".join(parts)) if parts else "With neither cash nor committed funding, operations"


def _runway_heading(run: Run) -> str:
    need, horizon = run.metrics["funding_need_usd_m"]["p50"], run.settings.horizon_months
    held = f"The money in hand lasts {lasting(run.metrics['runway_months']['p50'])} in the median run"
    if need == 0:
        return f"{held}, and no more than the cash at the start is needed"
    return f"{held}; {whole(horizon)} would take {money(need)} beyond the cash at the start"


def ever(run: Run, tables: Tables) -> Finding:
    """Return whether revenue ever covers spending, and how much money is needed until then."""
    covered, lasting_ = bands.ever_covered(run)["value"], run.metrics["break_even_probability"]["value"]
    horizon = whole(run.settings.horizon_months)
    if covered == 0:
        text = f"Revenue covers spending in no month of a horizon of {horizon} in any run"
    else:
        chance = f"{runs(covered)}, which is {likelihood(covered)}"
        text = f"Revenue covers spending in at least one month of a horizon of {horizon} {chance}"
    if round(100 * covered) != round(100 * lasting_):
        text += f", and still does at the end {runs(lasting_)}"
    names = ("monthly_burn_usd_m", "opening_cash_usd_m", "spend_growth_endurance", *GROWTH, "serving_cost_ratio")
    return Finding(f"{text}; {needed_money(run)}.", "derived", ids(tables, *names))


def needed_money(run: Run) -> str:
    """Return how much money is needed beyond the cash at the start, in the median run."""
    need = run.metrics["funding_need_usd_m"]
    if need["p95"] == 0:
        return "no money is needed beyond the cash at the start in at least 95 of 100 runs"
    if need["p50"] == 0:
        return f"in the median run no money is needed beyond the cash at the start{spread(need, money)}"
    amount = f"{money(need['p50'], need['p50_se'])} in the median run{spread(need, money)}"
    return f"the money needed beyond the cash at the start adds up to {amount}"


def growth(run: Run, tables: Tables) -> Finding:
    """Return the growth that would close the gap by the target month, and where it ranks among other laboratories."""
    needed, target = run.metrics["required_growth_per_month"], calendar(run.settings.target_month)
    refs = ids(tables, *REVENUE, "serving_cost_ratio", "growth_compute_per_year")
    if (reason := no_growth(run)) is not None:
        return Finding(sentence(f"{reason}."), "derived", refs)
    place = reference_class.standing(run, tables)
    text = f"Covering spending in {target} takes revenue that grows {rate(needed['p50'])} a month{spread(needed, rate, NO_RATE)}"
    text += f" for {run.settings.target_months} months; {achieved(place)}"
    own = reference_class.model_growth(run)
    if own is not None:
        text += f"; this scenario's own revenue grows {rate(own['p50'])} a month over {whole(own['months'])}"
    return Finding(f"{text}.", "derived", (*refs, *place["fastest"]["evidence"][:: len(place["fastest"]["evidence"]) - 1]))


def no_growth(run: Run) -> str | None:
    """Return why no rate of growth can be named, None where one can."""
    needed, target = run.metrics["required_growth_per_month"]["p50"], calendar(run.settings.target_month)
    if needed is not None and needed > 0:
        return None
    if run.central_path.revenue[0, 0] == 0:
        return f"there is no revenue to start from, so no rate of growth covers spending in {target}"
    if needed is not None or run.metrics["required_multiple"]["p50"] is None:
        return f"revenue needs no growth to cover spending in {target} in the median run"
    return f"no constant growth covers spending in {target} in the median run"


def achieved(place: dict) -> str:
    """Return how many other laboratories grew as fast, with the fastest of them."""
    fastest = place["fastest"]
    low, high = rate(fastest["low_per_month"]), rate(fastest["high_per_month"])
    speed = low if low == high else f"{low.removesuffix('%')}% to {high}"
    dated = "" if low == high else ", as its figures are dated"
    best = f"{fastest['lab']}, {speed} a month over {fastest['months']} months{dated}"
    return f"{as_fast(place)} of {place['labs']} other laboratories with published run-rates grew that fast (the fastest: {best})"


def as_fast(place: dict) -> str:
    """Return how many laboratories grew as fast as needed: "none", "2", or "0 to 1" where the published dates leave it open."""
    low, high = place["as_fast_least"], place["as_fast_most"]
    return f"{low} to {high}" if low < high else str(high or "none")


def _growth_heading(run: Run, tables: Tables) -> str:
    if (reason := no_growth(run)) is not None:
        return sentence(reason)
    place = reference_class.standing(run, tables)
    needed = rate(run.metrics["required_growth_per_month"]["p50"])
    return f"Closing the gap takes {needed} growth a month; {as_fast(place)} of {place['labs']} other laboratories grew that fast"


def ceiling(run: Run, tables: Tables) -> Finding:
    """Return the revenue that fading growth leads to, beside spending at the end."""
    top, last = run.metrics["revenue_ceiling_usd_m_per_month"], calendar(run.settings.month(run.settings.horizon_months - 1))
    refs = ids(tables, *REVENUE, *GROWTH)
    if top["p50"] is None:
        return Finding("Growth that does not fade has no ceiling, in at least half of the runs.", "derived", refs)
    if top["p95"] == 0:
        return Finding("Without revenue at the start there is none later, whatever its growth.", "derived", refs)
    above = bands.ceiling_above_spending(run)["value"]
    return Finding(
        f"Growth that fades as assumed takes revenue to a ceiling of {money(top['p50'], top['p50_se'])} a month in the median run"
        f"{spread(top, money, NO_LIMIT)}; that ceiling is above spending in {last} {runs(above)}.",
        "derived",
        refs,
    )


def _ceiling_heading(run: Run) -> str:
    top, start = run.metrics["revenue_ceiling_usd_m_per_month"], run.central_path.revenue[0, 0]
    if top["p50"] is None:
        return "Revenue that grows without fading has no ceiling"
    if top["p50"] == 0:
        return "Without revenue at the start there is none later"
    if money(top["p50"]) == money(start):
        return f"Revenue stays at about {money(start)} a month"
    verb = "rises" if top["p50"] > start else "falls"
    return f"Revenue {verb} from {money(start)} towards a ceiling of {money(top['p50'])} a month"
