"""The text around the figures of the revenue-gap page, computed from a run and from what is plotted."""

import pandas as pd

from analysis.findings.numbers import money, runs
from analysis.findings.refs import ids
from analysis.findings.revenue_gap import GROWTH, REVENUE, as_fast, coverage, no_growth
from analysis.findings.revenue_phrases import ENTITY, calendar, lasting, rate, span, spread, whole
from analysis.findings.words import Words
from analysis.inputs import Tables
from analysis.insight import reference_class, runway
from analysis.results import Run

BANDS = "middle 50% (dark) and 90% (light) of runs"
OUTSIDE = "In any month one run in ten lies outside the light band."


def gap(run: Run, tables: Tables) -> Words:
    """Return the words of the figure of spending and revenue."""
    settings = run.settings
    first, last = (settings.month(index) for index in (0, settings.horizon_months - 1))
    spending, revenue = (getattr(run.central_path, name)[0] for name in ("spend", "revenue"))
    claim = "spending itself (gross)" if settings.burn_basis == "gross" else "spending less revenue (net)"
    return Words(
        headline=coverage(run),
        subtitle=f"Spending and revenue in dollars a month, {ENTITY}, {calendar(first)} to {calendar(last)}: "
        f"central path, {BANDS}",
        note=f"The claimed burn is read as {claim}. The central path is the model at its central inputs; the area "
        f"between its two lines is filled. {OUTSIDE}",
        shows=f"on the central path spending goes from {money(spending[0])} to {money(spending[-1])} a month, "
        f"revenue from {money(revenue[0])} to {money(revenue[-1])}",
        kind="derived",
        refs=(
            *ids(tables, "monthly_burn_usd_m", *REVENUE),
            *_published(tables, "monthly_burn_claim"),
            *_published(tables, "revenue"),
        ),
    )


def _published(tables: Tables, measure: str) -> tuple[str, ...]:
    """Return the first published figure of a measure for xAI alone."""
    rows = tables.evidence[(tables.evidence["measure"] == measure) & (tables.evidence["perimeter"] == "xai")]
    return tuple(rows.index[:1])


def streams(run: Run, tables: Tables, frame: pd.DataFrame) -> Words:
    """Return the words of the figure of revenue by stream; `frame`: as plotted, the last row is the ceiling."""
    rows, top = frame.iloc[:-1], run.metrics["revenue_ceiling_usd_m_per_month"]
    end = rows.iloc[-1]
    settled = "there is no ceiling in at least half of the runs" if top["p50"] is None else f"the ceiling is {money(top['p50'])}"
    reach = span(end["p5_total_usd_m"], end["p95_total_usd_m"], money)
    grown = money(end["central_total_usd_m"])
    range_ = "" if reach == grown else f", {reach} in 90% of runs"
    return Words(
        headline=f"Revenue reaches {grown} a month in {calendar(end['month'])}{range_}",
        subtitle=f"Revenue by stream and in total, dollars a month, {ENTITY}, projection: central path; total with {BANDS}",
        note="A fading curve is only as good as its ceiling, the level at which growth has died away. The bar beside the total "
        f"shows it (diamond: median; thick: middle 50%; thin: middle 90% of runs); an unbounded one is not drawn. {OUTSIDE}",
        shows=f"on the central path total revenue goes from {money(rows['central_total_usd_m'].iloc[0])} to {grown} a month; "
        f"{settled}",
        kind="derived",
        refs=ids(tables, *REVENUE, *GROWTH, "time_to_market_months"),
    )


def cash(run: Run, tables: Tables) -> Words:
    """Return the words of the figure of cash over time."""
    runway_ = run.metrics["runway_months"]
    return Words(
        headline=f"Cash lasts {lasting(runway_['p50'])} in the median run without further funding",
        subtitle=f"Cash at the end of each month, {ENTITY}, in months from the start of {calendar(run.settings.month(0))}: "
        f"central path, {BANDS}",
        note="Committed funding is in; further rounds are not. Below zero the lines show what would have to be found. The chart "
        f"ends soon after cash is used up in 95% of runs. {OUTSIDE}",
        shows=f"cash lasts {lasting(runway_['p50'])} in the median run{spread(runway_, lasting)}",
        kind="derived",
        refs=ids(tables, "opening_cash_usd_m", "committed_funding_usd_m", "committed_funding_month", "monthly_burn_usd_m"),
    )


def dots(run: Run, tables: Tables, frame: pd.DataFrame) -> Words:
    """Return the words of the 50 dots; `frame`: as plotted."""
    year, horizon = (run.metrics[f"cash_out_probability_{name}"]["value"] for name in ("12m", "horizon"))
    within = "within 12 months" if year is not None else f"within {whole(run.settings.horizon_months)}"
    runway_, left = run.metrics["runway_months"], int(frame["runway_months"].isna().sum())
    apart = (
        f"{left} of {runway.DOTS} dots stand apart: cash lasts to the end of the months modelled"
        if left
        else "No dot stands apart"
    )
    return Words(
        headline=f"Cash is used up {within} {runs(horizon if year is None else year)}",
        subtitle=f"Month in which cash is used up, {ENTITY}, in months from the start of {calendar(run.settings.month(0))}: "
        f"{runway.DOTS} dots, each for 2 of 100 runs",
        note=f"{runway.DOTS} runs at even distances through all runs ordered by how long cash lasts. {apart}. The middle half "
        "of the dots holds 50% of runs; without about five at the two ends they hold 90%. Committed funding is in, further "
        "rounds are not.",
        shows=f"the median run lasts {lasting(runway_['p50'])}{spread(runway_, lasting)}; "
        f"{left} of {runway.DOTS} dots have no month",
        kind="derived",
        refs=ids(tables, "opening_cash_usd_m", "committed_funding_usd_m", "monthly_burn_usd_m"),
    )


def growth(run: Run, tables: Tables) -> Words:
    """Return the words of the figure of run-rates by months since 0.1bn a year."""
    needed, place = run.metrics["required_growth_per_month"], reference_class.standing(run, tables)
    reason, target = no_growth(run), calendar(run.settings.target_month)
    wanted = f"closing the gap by {target} takes {rate(needed['p50'])} a month" if reason is None else reason
    rows = reference_class.observed(tables).query("measure == @reference_class.RUN_RATE")
    yearly = sorted(set(reference_class.published(tables).query("measure != @reference_class.RUN_RATE")["lab"]))
    return Words(
        headline=_growth_headline(run, place),
        subtitle=f"Annualised revenue run-rate, log scale: laboratories as published; {ENTITY} as modelled "
        f"(12 times monthly revenue, {BANDS}) and as needed",
        note=f"{_alignment(tables)} {', '.join(yearly)}: yearly revenue only, which trails a run-rate, so not drawn. The needed "
        f"path meets spending in {target} at central inputs. All published figures are in the data and in the table below.",
        shows=f"{wanted}; other laboratories grew {span(rows['per_month'].min(), rows['per_month'].max(), rate)} a month",
        kind="derived",
        refs=(*_ends(rows), *_own(tables), *ids(tables, *GROWTH)),
    )


def _growth_headline(run: Run, place: dict) -> str:
    needed = run.metrics["required_growth_per_month"]["p50"]
    if needed is None or needed <= 0:
        return (
            f"{place['labs']} other laboratories grew {rate(place['slowest'])} to {rate(place['fastest']['per_month'])} a month"
        )
    return f"Closing the gap takes {rate(needed)} growth a month; {as_fast(place)} of {place['labs']} laboratories did"


def _alignment(tables: Tables) -> str:
    """Say how the laboratories were put side by side, naming those whose record starts above the threshold."""
    rates = reference_class.published(tables).query("measure == @reference_class.RUN_RATE")
    firsts = rates.groupby("lab", sort=False)["usd_m_per_year"].first()
    above = sorted(firsts[firsts > reference_class.THRESHOLD_USD_M_PER_YEAR].index)
    text = (
        "A figure stands in the last month of the period it was given for; the month of $100m is interpolated on the log scale."
    )
    return f"{text} {', '.join(above)} (squares): from the first published figure, which was higher." if above else text


def _ends(rows: pd.DataFrame) -> tuple[str, ...]:
    return tuple(ref for evidence in rows["evidence"] for ref in (evidence[0], evidence[-1]))


def _own(tables: Tables) -> tuple[str, ...]:
    return tuple(reference_class.published(tables).query("lab == @reference_class.OWN")["evidence"])
