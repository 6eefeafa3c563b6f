"""The text around the figures of the cost-breakdown page, computed from a run and from the frame that is plotted."""

import pandas as pd

from analysis.findings import cost_breakdown as cost
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
    first, _ = cost.leaders(run)
    row = frame.set_index("category").loc[first]
    return Words(
        headline=f"{CATEGORIES[first]} would take {money(row['central_usd_m'])} of {cost.total(run)} a month",
        subtitle=f"Spending by category, dollars a month and share of the total, xAI without X, {run.settings.month(0)}",
        note=f"{BARS} The shares are assumptions; in every run they are scaled to add up to the whole.",
        shows="; ".join(f"{CATEGORIES[row.category]} {money(row.central_usd_m)}" for row in frame.itertuples()),
        kind="assumed",
        refs=ids(tables, "monthly_burn_usd_m", *(f"share_{name}" for name in KEYS)),
    )


def bottom_up(run: Run, tables: Tables, frame: pd.DataFrame) -> Words:
    """Return the words of the figure of line items; `frame` as from `costs.bottom_up`."""
    names = list(dict.fromkeys(name for line in frame["line"] for name in costs.DRIVERS.get(line, ())))
    basis = "" if run.settings.burn_basis == "gross" else " The claim is read as net: revenue is added to it here."
    return Words(
        headline=f"Eight parts {cost.verdict(run)}",
        subtitle=f"Line items, dollars a month on a logarithmic axis, xAI without X, {run.settings.month(0)}",
        note=f"{BARS} Each step of the axis is ten times the last. Each line is a product of drivers, listed in the table "
        f"below.{basis}",
        shows="; ".join(f"{LINES[row.line]} {money(row.central_usd_m)}" for row in frame.itertuples()),
        kind="derived",
        refs=ids(tables, "monthly_burn_usd_m", *names),
    )


def public_figures(frame: pd.DataFrame) -> Words:
    """Return the words of the figure of public figures; `frame` as from `definitions.figures`."""
    first, last = (frame.loc[frame["per_month_usd_m"].agg(which)] for which in ("idxmin", "idxmax"))
    return Words(
        headline=f"{MEASURES[first['measure']]} of {money(first['per_month_usd_m'])}, "
        f"{MEASURES[last['measure']].lower()} of {money(last['per_month_usd_m'])}: different measures of “burn”",
        subtitle="Public figures called burn or close to it, by kind of measure, dollars a month, xAI without X and with X, "
        f"{frame['period_start'].min()[:4]} to {frame['period_end'].max()[:4]}",
        note="Each published figure divided by the months of its period. Filled: reported; hollow: forecast or plan; "
        "half-filled: disputed, "
        "or its period is. Losses and outflows are shown as positive. Figures of different kinds or perimeters are never "
        "added.",
        shows=f"{len(frame)} figures from {money(first['per_month_usd_m'])} to {money(last['per_month_usd_m'])} a month",
        kind="derived",
        refs=tuple(frame["id"]),
    )


def structures(run: Run, tables: Tables, frame: pd.DataFrame) -> Words:
    """Return the words of the figure of cost shares; `frame` as from `cost_structures.beside_model`."""
    used = dict.fromkeys(" ".join(frame["ids"]).split())
    own = frame[frame["bound"] == "model"].set_index("category")["central_share"]
    return Words(
        headline=f"{cost.agreement(run, tables, 'compute').capitalize()} compute shares published elsewhere fit the model's "
        f"range",
        subtitle="Share of cost by category, per cent of totals that differ (see the table), this model and other laboratories",
        note="Shaded: middle 90% of this model's runs, one run in ten lies outside; dot: its central value. Diamond: one "
        "published value; bar: "
        "a published range; arrow: at least, or at most, this much. One range covers a laboratory that is also shown alone.",
        shows="; ".join(f"this model takes {percent(value)} for {name}" for name, value in own.items()),
        kind="derived",
        refs=(*ids(tables, *(f"share_{name}" for name in own.index)), *used),
    )


def spending_path(run: Run, tables: Tables, frame: pd.DataFrame) -> Words:
    """Return the words of the figure of total spending; `frame` as from `costs.path`."""
    last = frame.iloc[-1]
    higher = "higher" if last["p50_usd_m"] > last["central_usd_m"] else "lower"
    return Words(
        headline=f"Spending {cost.direction(run)}",
        subtitle=f"Total spending, dollars a month, xAI without X, {frame['month'].iloc[0]} to {last['month']}: central "
        f"path with the middle "
        "50% (dark) and 90% (light) of runs",
        note=f"All months are projected from month 0. One run in ten lies outside the light band in any month. In the last "
        f"month half of the runs "
        f"lie above {money(last['p50_usd_m'])}, {higher} than the central path, because ranges are not even on both sides.",
        shows=f"spending goes from {money(frame['central_usd_m'].iloc[0])} to {money(last['central_usd_m'])} a month",
        kind="assumed",
        refs=ids(
            tables,
            "monthly_burn_usd_m",
            *(f"growth_{name}_per_year" for name in KEYS),
            "spend_growth_endurance",
            "serving_cost_ratio",
        ),
    )
