"""The text around the figures of the cost-breakdown page, computed from a run and from the frame that is plotted."""

import pandas as pd

from analysis.findings import cost_phrases as phrase
from analysis.findings.cost_breakdown import growth_refs
from analysis.findings.cost_names import CATEGORIES, LINES, MEASURES
from analysis.findings.numbers import money, percent
from analysis.findings.refs import ids
from analysis.findings.words import Words
from analysis.inputs import Tables
from analysis.insight import costs
from analysis.model.costs import CATEGORIES as KEYS
from analysis.results import Run

BARS = "Dot: central value; thick bar: middle 50% of runs; thin bar: middle 90%. One run in ten lies outside the thin bar."


def categories(run: Run, tables: Tables, frame: pd.DataFrame) -> Words:
    """Return the words of the figure of categories; `frame` as from `costs.categories`."""
    first, _ = phrase.leaders(run)
    row = frame.set_index("category").loc[first]
    return Words(
        headline=f"{phrase.opening(first)} would take {money(row['central_usd_m'])} of {phrase.total(run)} a month",
        subtitle=f"Spending by category, dollars a month and share of the total, xAI without X, {run.settings.month(0)}",
        note=f"{BARS} The shares are assumptions; in every run they are scaled to add up to the whole.",
        shows="; ".join(f"{CATEGORIES[row.category]} {money(row.central_usd_m)}" for row in frame.itertuples()),
        kind="assumed",
        refs=ids(tables, "monthly_burn_usd_m", *(f"share_{name}" for name in KEYS)),
    )


def line_names(run: Run) -> dict[str, str]:
    """Return line item -> the name that readers see; the last one says what the parts are set against."""
    return LINES | {"claim": phrase.burn_taken(run).capitalize()}


def bottom_up(run: Run, tables: Tables, frame: pd.DataFrame) -> Words:
    """Return the words of the figure of line items; `frame` as from `costs.bottom_up`."""
    names = list(dict.fromkeys(name for line in frame["line"] for name in costs.DRIVERS.get(line, ())))
    basis = "" if run.settings.burn_basis == "gross" else " Revenue is added to the burn, which is read as net."
    return Words(
        headline=f"Eight parts {phrase.verdict(run)}",
        subtitle=f"Line items, dollars a month on a logarithmic axis, xAI without X, {run.settings.month(0)}",
        note=f"{BARS} Each step of the axis is ten times the last. The table below lists the drivers of each line.{basis}",
        shows="; ".join(f"{line_names(run)[row.line]} {money(row.central_usd_m)}" for row in frame.itertuples()),
        kind="derived",
        refs=ids(tables, "monthly_burn_usd_m", *names),
    )


def public_figures(frame: pd.DataFrame) -> Words:
    """Return the words of the figure of public figures; `frame` as from `definitions.figures`."""
    ends = [frame.loc[frame["per_month_usd_m"].agg(which)] for which in ("idxmin", "idxmax")]
    low, high = (money(row["per_month_usd_m"]) for row in ends)
    least, most = (mid_measure(row["measure"]) for row in ends)
    return Words(
        headline=f"By measure, from {least} of {low} to {most} of {high} a month",
        subtitle="Public figures called burn or close to it, by kind of measure, dollars a month, xAI without X and with X, "
        f"{frame['period_start'].min()[:4]} to {frame['period_end'].max()[:4]}",
        note="Each published figure divided by the months of its period. Filled: reported; hollow: forecast or plan; half-"
        "filled: disputed, or its period is. Losses and outflows are shown as positive. Figures of different kinds or perimeters "
        "are never added.",
        shows=f"{len(frame)} figures from {low} to {high} a month",
        kind="derived",
        refs=tuple(frame["id"]),
    )


def structures(tables: Tables, frame: pd.DataFrame) -> Words:
    """Return the words of the figure of cost shares; `frame` as from `cost_structures.beside_model`."""
    own = frame[frame["bound"] == "model"].set_index("category")["central_share"]
    agreed = phrase.agreement(frame, "compute").capitalize()
    return Words(
        headline=f"{agreed} compute shares published elsewhere agree with the model's range",
        subtitle="Share of cost by category, per cent of totals that differ (see the table), this model and other laboratories",
        note="Shaded: middle 90% of this model's runs; one run in ten lies outside. Dot: its central value; diamond: one "
        "published value; bar: a published range; arrow: at least, or at most, this much. A range agrees when it overlaps the "
        "shaded one, a floor when the shaded one reaches above it. One range covers a laboratory that is also shown alone.",
        shows="; ".join(f"this model takes {percent(value)} for {name}" for name, value in own.items()),
        kind="derived",
        refs=(*ids(tables, *(f"share_{name}" for name in own.index)), *dict.fromkeys(" ".join(frame["ids"]).split())),
    )


def spending_path(run: Run, tables: Tables, frame: pd.DataFrame) -> Words:
    """Return the words of the figure of total spending; `frame` as from `costs.path`."""
    first, last = frame.iloc[0], frame.iloc[-1]
    half, central = money(last["p50_usd_m"]), money(last["central_usd_m"])
    side = "higher" if last["p50_usd_m"] > last["central_usd_m"] else "lower"
    middle = (
        "" if half == central else f" Half of the runs end above {half}, {side} than the central path, as ranges are not even."
    )
    return Words(
        headline=f"Spending {phrase.direction(run)}",
        subtitle=f"Total spending, dollars a month, xAI without X, {first['month']} to {last['month']}: central path with the "
        "middle 50% (dark) and 90% (light) of runs",
        note=f"All months are projected from month 0. One run in ten lies outside the light band in any month.{middle}",
        shows=f"spending goes from {money(first['central_usd_m'])} to {central} a month",
        kind="assumed",
        refs=growth_refs(tables),
    )


def mid_measure(measure: str) -> str:
    """Return a measure's name as it stands within a sentence."""
    name = MEASURES[measure]
    return name if name.startswith("EBITDA") else name.lower()
