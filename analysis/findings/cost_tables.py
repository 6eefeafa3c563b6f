"""The tables of the cost-breakdown page: cells as readers see them. A Finding in a cell is shown with its mark and markers."""

import pandas as pd

from analysis.findings import cost_phrases as phrase
from analysis.findings.cost_names import (
    BOUNDS,
    CATEGORIES,
    GROUPS,
    LABORATORIES,
    LINES,
    MEASURES,
    PERIMETERS,
    WHOLES,
    period,
    share_text,
)
from analysis.findings.numbers import money, percent, plain, typed
from analysis.findings.refs import ids
from analysis.findings.words import Finding
from analysis.inputs import Tables
from analysis.insight import cost_structures, costs, definitions
from analysis.insight.costs import Spread
from analysis.model.costs import CATEGORIES as KEYS
from analysis.model.costs import HOURS_PER_MONTH
from analysis.results import Run

# line item -> its drivers in words, with their central values
FORMULAS = {
    "hardware_purchases": "{gpus_added_per_month} accelerators a month × {gpu_all_in_usd} dollars each with server and building",
    "power": "{gpus_installed} accelerators × {gpu_power_kw} kW × {pue} for cooling and losses × {hours} hours "
    "× {electricity_usd_per_kwh} dollars a kWh",
    "maintenance": "{hardware_stock_usd_m} million dollars of hardware × {maintenance_share_per_year} a year ÷ 12",
    "cloud_rental": "{cloud_gpu_hours_m_per_month} million rented hours × {cloud_usd_per_gpu_hour} dollars an hour",
    "talent": "{headcount} employees × {cash_cost_per_head_usd_k_per_year} thousand dollars a year ÷ 12",
    "annotation": "{annotators} annotators × {annotator_hours_per_month} hours × {annotator_usd_per_hour} dollars an hour",
    "data_licences": "{data_licences_usd_m_per_year} million dollars of licences a year ÷ 12",
    "compliance": "{compliance_share_of_spend} of spending, and {fines_usd_m_per_year} million dollars of fines a year ÷ 12",
}

# columns whose cells are numbers
CATEGORY_NUMBERS = ("$m a month", "50% of runs", "90% of runs", "Share", "Share, 90% of runs", "Other reading, $m a month")
LINE_NUMBERS = ("$m a month", "90% of runs", "Share of spending")
FIGURE_NUMBERS = ("As published", "Months", "Derived: $m a month")


def categories(run: Run, tables: Tables) -> pd.DataFrame:
    """Return spending in month 0 by category, the total last; $m a month and shares, and the other reading of the claim."""
    amounts, shares, other = costs.category_amounts(run), costs.category_shares(run), costs.other_reading(run)
    inputs = {name: f"share_{name}" for name in KEYS} | {"total": "monthly_burn_usd_m"}
    order = [*costs.categories(run)["category"], "total"]
    cells = [
        [
            Finding(CATEGORIES[name], "assumed", ids(tables, inputs[name])),
            *_interval_cells(amounts[name]),
            percent(shares[name]["central"] if name in shares else 1.0),
            phrase.share_range(shares[name]) if name in shares else None,
            plain((shares[name]["central"] if name in shares else 1.0) * other["total_usd_m"], digits=3),
        ]
        for name in order
    ]
    return _frame(cells, ["Category", *CATEGORY_NUMBERS])


def bottom_up(run: Run, tables: Tables) -> pd.DataFrame:
    """Return the line items with their drivers, what is left over, and the claim as the total last; $m a month."""
    spreads = costs.line_spreads(run)
    claim = spreads["claim"]["central"]
    over = spreads["unexplained"]["central"] < 0
    rows = [*costs.bottom_up(run)["line"].iloc[:-1], "unexplained", "claim"]
    names = LINES | {
        "claim": phrase.burn_taken(run).capitalize(),
        "unexplained": "Excess of the parts (taken off)" if over else "Left unexplained",
    }
    made = {name: _formula(name, run, tables) for name in costs.DRIVERS} | {
        "bottom_up_total": "sum of the lines above", "unexplained": f"{phrase.burn_taken(run)} less all eight parts",
        "claim": Finding("spending in month 0", "assumed", ids(tables, "monthly_burn_usd_m")),
    }  # fmt: skip
    cells = [
        [
            names[name],
            made[name],
            *_interval_cells(spreads[name])[::2],
            _of_claim(spreads[name]["central"], claim),
        ]
        for name in rows
    ]
    return _frame(cells, ["Line item", "Made of, at central values", *LINE_NUMBERS])


def public_figures(tables: Tables) -> pd.DataFrame:
    """Return every public figure of xAI as published and per month, in the order of the chart."""
    return _public(definitions.figures(tables), peers=False)


def peer_figures(tables: Tables) -> pd.DataFrame:
    """Return the figures of other laboratories, as `public_figures`."""
    return _public(definitions.peers(tables), peers=True)


def structures(run: Run, tables: Tables) -> pd.DataFrame:
    """Return the model's shares and every published one: by whom, how exact, and of what total."""
    model = cost_structures.beside_model(run, tables)
    rows = pd.concat([model, cost_structures.published(tables).query("category == @cost_structures.RESEARCH")])
    cells = [
        [
            _laboratory(row, tables),
            GROUPS[row.category],
            share_text(row),
            BOUNDS[row.bound],
            WHOLES.get(row.key, "spending in month 0, in cash"),
        ]
        for row in rows.itertuples()
    ]
    return _frame(cells, ["Laboratory", "Part", "Share", "Given as", "Of what"])


def by_month(run: Run) -> pd.DataFrame:
    """Return spending by category in months 0, 12 and 36, $m a month, the total last; empty beyond the horizon."""
    table = costs.by_month(run)
    cells = [[CATEGORIES[name], *(cell for t in costs.MARKS for cell in _month_cells(table[name][t]))] for name in table]
    columns = [name for t in costs.MARKS for name in (f"Month {t} ({run.settings.month(t)}), $m", f"Month {t}, 90% of runs")]
    return _frame(cells, ["Category", *columns])


def by_month_caption(run: Run) -> str:
    """Return the caption of `by_month`, which says when months lie beyond the horizon."""
    beyond = "" if phrase.last_month(run) == costs.MARKS[-1] else "; a dash lies beyond the horizon"
    return f"Spending by category, millions of dollars a month, xAI without X{beyond}"


def _public(frame: pd.DataFrame, peers: bool) -> pd.DataFrame:
    cells = [
        [
            Finding(
                f"{row.entity + ': ' if peers else ''}{MEASURES[row.measure]}, {period(row.period_start, row.period_end)}",
                "reported",
                (row.id,),
            ),
            *([] if peers else [PERIMETERS[row.perimeter]]),
            row.status,
            _as_published(row),
            str(row.period_months),
            ("over " if row.floor else "") + plain(row.per_month_usd_m, digits=3),
        ]
        for row in frame.itertuples()
    ]
    return _frame(cells, ["Figure", *([] if peers else ["Perimeter"]), "Status", *FIGURE_NUMBERS])


def _as_published(row) -> str:
    low, high = (money(value, digits=3) for value in (row.published_low_usd_m, row.published_high_usd_m))
    amount = f"over {low}" if row.floor else low if low == high else f"{low} to {high}"
    return f"{amount} a month" if row.published_per == "month" else amount


def _laboratory(row, tables: Tables) -> Finding:
    if row.bound == "model":
        return Finding(LABORATORIES["model"], "assumed", ids(tables, f"share_{row.category}"))
    refs = tuple(row.ids.split())
    return Finding(LABORATORIES[row.key], "reported" if len(refs) == 1 else "derived", refs)


def _formula(line: str, run: Run, tables: Tables) -> Finding:
    values = {name: run.case[name] for name in costs.DRIVERS[line]}
    shown = {name: percent(e.central) if e.unit.startswith("share") else typed(e.central) for name, e in values.items()}
    return Finding(FORMULAS[line].format(**shown, hours=HOURS_PER_MONTH), "assumed", ids(tables, *values))


def _of_claim(amount: float, claim: float) -> str | None:
    if not claim:
        return None
    return percent(amount / claim, digits=3 if abs(amount) >= 0.1 * claim else 2)


def _interval_cells(values: Spread) -> list[str]:
    return [plain(values["central"], digits=3), phrase.amount_range(values, "p25", "p75"), phrase.amount_range(values)]


def _month_cells(values: Spread | None) -> list[str | None]:
    return [None, None] if values is None else _interval_cells(values)[::2]


def _frame(cells: list[list], columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame(cells, columns=columns, dtype=object)
