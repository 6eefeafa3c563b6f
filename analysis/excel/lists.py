"""The sheets that are tables: what this is, inputs, headlines, evidence, checks."""

from collections.abc import Iterable

import pandas as pd
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from analysis import __version__
from analysis.excel import options_sheet
from analysis.excel.cells import (
    HEAD,
    INPUT,
    LINK,
    MUTED,
    STORED,
    TITLE,
    Months,
    formula,
    heads,
    named,
    number,
    text,
    widths,
)
from analysis.inputs.parameters import BURN_BASES
from analysis.inputs.tables import Tables
from analysis.model.costs import CATEGORIES
from analysis.results.metrics import METRICS, OF_CASE
from analysis.results.results import Result

GREEN, RED = PatternFill("solid", bgColor="00C6EFCE"), PatternFill("solid", bgColor="00FFC7CE")
TOLERANCE = "0.000000001"
SETTINGS = {
    "burn_basis": "gross: the claim is spending; net: it is spending less revenue",
    "start_month": "month 0 of the model, YYYY-MM",
    "target_month": "month in which revenue is to equal spending, YYYY-MM",
}


def read_me(sheet: Worksheet, result: Result, title: str, changed: dict[str, str]) -> None:
    """Write what this workbook is and how to use it."""
    text(sheet, 1, 1, "A billion dollars a month: the model as a workbook", TITLE)
    settings = result.settings
    lines = (
        f"Scenario: {title}."
        + (f" Changed: {', '.join(f'{k} = {v}' for k, v in changed.items())}." if changed else ""),
        "Change a yellow cell on the sheet Inputs: Model, Options and the live columns of Headlines follow.",
        "The live figures come from central values, one path. The grey figures come from "
        f"{settings.draws} simulations and do not move: a median is not the figure at central values.",
        "Checks compares the live figures with those stored when the workbook was made; "
        "after a change they differ, as they should.",
        f"The model covers {settings.horizon_months} months from {settings.start_month}. "
        "Millions of US dollars unless said otherwise.",
        "Spending and revenue are xAI without X. Shareholders' value is after debt. Not investment advice.",
        f"Made by burn-report {__version__}, seed {settings.seed}. Text and tables: CC BY 4.0; code: MIT.",
    )
    for row, line in enumerate(lines, 3):
        text(sheet, row, 1, line)
    widths(sheet, 110)


def inputs(sheet: Worksheet, result: Result, tables: Tables) -> None:
    """Write settings and inputs, each value in a cell that bears its name."""
    text(sheet, 1, 1, "Inputs", TITLE)
    text(
        sheet,
        2,
        1,
        "Yellow cells may be changed. Low and high are the 5th and 95th percentile of the simulations.",
    )
    heads(sheet, 4, ("name", "what it is", "value", "unit", "low", "high", "basis", "source", "why"))
    row = 5
    for name, meaning in SETTINGS.items():
        text(sheet, row, 1, name, MUTED)
        text(sheet, row, 2, meaning)
        text(sheet, row, 3, getattr(result.settings, name))
        _editable(sheet, name, row)
        row += 1
    allowed = DataValidation(type="list", formula1=f'"{",".join(BURN_BASES)}"', allow_blank=False)
    sheet.add_data_validation(allowed)
    allowed.add(sheet.cell(5, 3))
    text(sheet, row, 1, "target_months", MUTED)
    text(sheet, row, 2, "months from the start to the target month")
    months = "VALUE(LEFT({0},4))*12+VALUE(RIGHT({0},2))"
    formula(sheet, row, 3, f"{months.format('target_month')}-({months.format('start_month')})", "months")
    named(sheet, "target_months", row, 3)
    for assumption in tables.assumptions.itertuples():
        row += 1
        _input(sheet, row, result, tables, assumption)
    widths(sheet, 34, 40, 14, 18, 12, 12, 12, 40, 80)
    sheet.freeze_panes = "D5"


def _input(sheet: Worksheet, row: int, result: Result, tables: Tables, assumption) -> None:
    estimate = result.case[assumption.name]
    override = tables.scenario(result.case.scenario).overrides.get(assumption.name)
    ours = override if override and estimate.origin == "scenario" else assumption
    own = estimate.origin not in ("assumptions", "scenario")
    text(sheet, row, 1, assumption.name, MUTED)
    text(sheet, row, 2, assumption.label)
    number(sheet, row, 3, estimate.central, estimate.unit)
    _editable(sheet, assumption.name, row)
    text(sheet, row, 4, estimate.unit)
    if not estimate.certain:
        number(sheet, row, 5, estimate.low, estimate.unit)
        number(sheet, row, 6, estimate.high, estimate.unit)
    text(sheet, row, 7, "set for this run" if own else ours.basis)
    evidence = ours.evidence.split() if isinstance(ours.evidence, str) else list(ours.evidence)
    text(sheet, row, 8, "" if own else _sources(tables, evidence))
    if evidence and not own:
        _link(sheet, row, 8, tables.sources["url"][tables.evidence["source"][evidence[0]]])
    text(sheet, row, 9, "" if own else ours.why)


def _editable(sheet: Worksheet, name: str, row: int) -> None:
    sheet.cell(row, 3).fill = INPUT
    named(sheet, name, row, 3)


def _sources(tables: Tables, evidence: list[str]) -> str:
    if not evidence:
        return "our judgement"
    sources = tables.evidence["source"]
    return "; ".join(f"{ref} {tables.sources['publisher'][sources[ref]]}" for ref in evidence)


def _link(sheet: Worksheet, row: int, column: int, url: str) -> None:
    cell = sheet.cell(row, column)
    cell.hyperlink, cell.font = url, LINK


def headlines(
    sheet: Worksheet, result: Result, model: Months, options: dict[str, Months], titles: dict
) -> None:
    """Write each headline: live at central values, beside what the simulations gave."""
    text(sheet, 1, 1, "Headlines", TITLE)
    text(
        sheet,
        2,
        1,
        "Live: at central values, follows the inputs. Grey: from the simulations, as stored in results.json.",
    )
    heads(sheet, 4, ("of", "what", "unit", "live", "p5", "p50 or value", "p95"))
    row = 4
    for name in OF_CASE:
        row += 1
        live = model.place(name) if name in model.rows else ""
        _headline(sheet, row, "the company as it is", name, live, result.metrics[name])
    for mix, table in options.items():
        for name, summary in result.portfolio_metrics[mix].items():
            row += 1
            live = table.place(name) if name in table.rows else ""
            _headline(sheet, row, titles[mix], name, live, summary)
    widths(sheet, 34, 56, 18, 16, 16, 16, 16)
    sheet.freeze_panes = "D5"


def _headline(sheet: Worksheet, row: int, of: str, name: str, live: str, summary: dict) -> None:
    text(sheet, row, 1, of)
    text(sheet, row, 2, METRICS[name].label)
    text(sheet, row, 3, METRICS[name].unit, MUTED)
    if live:
        formula(sheet, row, 4, live, METRICS[name].unit)
    values = (
        (None, summary["value"], None)
        if "value" in summary
        else (summary["p5"], summary["p50"], summary["p95"])
    )
    for column, value in enumerate(values, 5):
        if "value" not in summary or column == 6:
            number(sheet, row, column, value, METRICS[name].unit)
            sheet.cell(row, column).fill = STORED


def evidence(sheet: Worksheet, result: Result, tables: Tables) -> None:
    """Write the published figures behind the inputs, with grade and address."""
    used = set()
    overrides = tables.scenario(result.case.scenario).overrides
    for row in tables.assumptions.itertuples():
        own = overrides.get(row.name)
        refs = own.evidence if own else row.evidence
        used |= set(refs.split() if isinstance(refs, str) else refs)
    text(sheet, 1, 1, "Published figures behind the inputs", TITLE)
    heads(
        sheet,
        3,
        ("id", "whom", "what", "low", "value", "high", "unit", "published", "grade", "publisher", "note"),
    )
    rows = tables.evidence[tables.evidence["id"].isin(used)]
    for number_of_row, found in enumerate(rows.itertuples(), 4):
        _figure(sheet, number_of_row, found, tables)
    widths(sheet, 8, 18, 46, 12, 12, 12, 18, 12, 7, 36, 80)
    sheet.freeze_panes = "A4"


def _figure(sheet: Worksheet, row: int, found, tables: Tables) -> None:
    source = tables.sources.loc[found.source]
    for column, value in ((1, found.id), (2, found.entity), (3, found.metric), (7, found.unit)):
        text(sheet, row, column, value)
    for column, value in ((4, found.value_low), (5, found.value), (6, found.value_high)):
        if not pd.isna(value):
            number(sheet, row, column, float(value), found.unit)
    for column, value in ((8, found.published), (9, found.grade), (10, source.publisher), (11, found.note)):
        text(sheet, row, column, value)
    _link(sheet, row, 10, source.url)


def checks(sheet: Worksheet, result: Result, model: Months, options: dict[str, Months], titles: dict) -> None:
    """Write what must hold: sums and balances always, stored figures until an input is changed."""
    text(sheet, 1, 1, "Checks", TITLE)
    text(sheet, 2, 1, "Sums must always be ok. Figures say changed once an input is changed.")
    heads(sheet, 4, ("of", "what", "live", "stored", "result"))
    row = 4
    for words, live in _sums(model, options, titles):
        row += 1
        text(sheet, row, 1, "sums and balances")
        text(sheet, row, 2, words)
        formula(sheet, row, 3, live, "ratio")
        number(sheet, row, 4, 0.0, "ratio")
        formula(sheet, row, 5, f'IF(ABS(C{row})<=0.000001,"ok","wrong")', "text")
    for of, name, live, stored in _figures(result, model, options, titles):
        row += 1
        text(sheet, row, 1, of)
        text(sheet, row, 2, METRICS[name].label)
        formula(sheet, row, 3, live, METRICS[name].unit)
        number(sheet, row, 4, stored, METRICS[name].unit)
        near = f"ABS(C{row}-D{row})<={TOLERANCE}*MAX(1,ABS(D{row}))"
        formula(
            sheet, row, 5, f'IF(IF(ISNUMBER(C{row}),{near},NOT(ISNUMBER(D{row}))),"ok","changed")', "text"
        )
    colours = f"E5:E{row}"
    sheet.conditional_formatting.add(colours, CellIsRule(operator="equal", formula=['"ok"'], fill=GREEN))
    sheet.conditional_formatting.add(colours, CellIsRule(operator="notEqual", formula=['"ok"'], fill=RED))
    text(sheet, 3, 1, "Not ok:", HEAD)
    formula(sheet, 3, 2, f'COUNTA(E5:E{row})-COUNTIF(E5:E{row},"ok")', "count")
    widths(sheet, 34, 56, 18, 18, 12)
    sheet.freeze_panes = "A5"


def _sums(model: Months, options: dict[str, Months], titles: dict) -> Iterable[tuple[str, str]]:
    last = model.months - 1
    parts = "+".join(model.place(f"month_0_{name}") for name in CATEGORIES)
    yield "Categories of month 0 less spending", f"{parts}-{model.place('spending_start')}"
    streams = "+".join(
        model.place(f"revenue_{name}", last) for name in ("subscriptions", "advertising", "data_services")
    )
    yield "Streams of the last month less revenue", f"{streams}-{model.place('revenue', last)}"

    def total(table: Months, name: str) -> str:
        return f"SUM({table.place(name, 0)}:{table.place(name, last).split('!')[1]})"

    for mix, table in options.items():
        came = f"{total(model, 'funding')}+{total(table, 'placed')}"
        flows = f"opening_cash_usd_m-{total(table, 'net_burn')}+{came}"
        yield f"Cash in, cash out, cash left: {titles[mix]}", f"{flows}-{table.place('cash', last)}"
    stay = options[next(iter(options))]
    yield "Nothing done equals the plain path", f"{stay.place('balance', last)}-{model.place('cash', last)}"


def _figures(result: Result, model: Months, options: dict[str, Months], titles: dict) -> Iterable[tuple]:
    for name in OF_CASE:
        if name in model.rows and "central" in result.metrics[name]:
            yield "the company as it is", name, model.place(name), result.metrics[name]["central"]
    for mix, table in options.items():
        for name in options_sheet.MEASURES:
            yield titles[mix], name, table.place(name), result.portfolio_metrics[mix][name]["central"]
