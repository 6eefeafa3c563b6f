"""The sheets that are tables: what this is, inputs, headlines, evidence, checks."""

from collections.abc import Iterator

import pandas as pd
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from analysis import __version__
from analysis.excel.cells import HEAD, HEADS_ROW, INPUT, STORED, TITLE, Formula, head, line, link, named, put
from analysis.excel.rows import Rows, rendered
from analysis.inputs.parameters import BURN_BASES, SETTINGS
from analysis.inputs.tables import Tables
from analysis.model.costs import CATEGORIES
from analysis.model.revenue import STREAMS
from analysis.results.metrics import METRICS
from analysis.results.results import Result
from analysis.show.evidence import grounds

FIRST_ROW = HEADS_ROW + 1
AS_IT_IS = "the company as it is"
GREEN, RED = PatternFill("solid", bgColor="00C6EFCE"), PatternFill("solid", bgColor="00FFC7CE")
GIVEN = ("burn_basis", "start_month", "target_month")  # the settings that formulas use
Part = tuple[str, Rows, dict[str, dict]]  # of whom in words, its rows, its metrics with their summaries


def read_me(sheet: Worksheet, result: Result, title: str) -> None:
    """Write what this workbook is and how to use it."""
    put(sheet, 1, 1, "A billion dollars a month: the model as a workbook").font = TITLE
    sheet.column_dimensions["A"].width = 110
    text = rendered("read_me.en.j2", case=result.case, title=title, version=__version__)
    for row, words in enumerate(text.splitlines(), 3):
        put(sheet, row, 1, words)


def inputs(sheet: Worksheet, result: Result, tables: Tables) -> None:
    """Write settings and inputs, each value in a yellow cell that bears its name."""
    note = "Yellow cells may be changed. Low and high are the 5th and 95th percentile of the simulations."
    columns = {"name": 34, "what it is": 40, "value": 14, "unit": 18, "low": 12, "high": 12, "basis": 12}
    head(sheet, "Inputs", note, columns | {"source": 40, "why": 80}, "D5")
    for row, name in enumerate(GIVEN, FIRST_ROW):
        line(sheet, row, [name, SETTINGS[name], getattr(result.settings, name)])
        _editable(sheet, name, row)
    allowed = DataValidation(type="list", formula1=f'"{",".join(BURN_BASES)}"', allow_blank=False)
    sheet.add_data_validation(allowed)
    allowed.add(sheet.cell(FIRST_ROW, 3))
    row = FIRST_ROW + len(GIVEN)
    months = "VALUE(LEFT({0},4))*12+VALUE(RIGHT({0},2))"
    between = Formula(f"{months.format('target_month')}-({months.format('start_month')})")
    line(sheet, row, ["target_months", "months from the start to the target month", between], "months")
    named(sheet, "target_months", row, 3)
    for below, name in enumerate(tables.assumptions.index, 1):
        _input(sheet, row + below, name, result, tables)


def _input(sheet: Worksheet, row: int, name: str, result: Result, tables: Tables) -> None:
    given, label = result.case[name], tables.assumptions["label"][name]
    ends = ["", ""] if given.certain else [given.low, given.high]
    rests_on = ["set by hand for this case", "", ""]
    if given.origin != "override":
        found = grounds(name, result.case.scenario, tables)
        sources = "; ".join(f"{ref} {publisher}" for ref, publisher, _ in found["sources"])
        rests_on = [found["basis"], sources or "our judgement", found["why"]]
        for _, _, url in found["sources"][:1]:
            link(sheet, row, 8, url)
    line(sheet, row, [name, label, given.central, given.unit, *ends, *rests_on], given.unit)
    _editable(sheet, name, row)


def _editable(sheet: Worksheet, name: str, row: int) -> None:
    sheet.cell(row, 3).fill = INPUT
    named(sheet, name, row, 3)


def headlines(sheet: Worksheet, parts: list[Part]) -> None:
    """Write each headline: live at central values, beside what the simulations gave."""
    note = (
        "Live: at central values, follows the inputs. Grey: from the simulations, as stored in results.json."
    )
    columns = {"of": 34, "what": 56, "unit": 18, "live": 16, "p5": 16, "p50 or value": 16, "p95": 16}
    head(sheet, "Headlines", note, columns, "D5")
    row = FIRST_ROW
    for of, rows, summaries in parts:
        for name, summary in summaries.items():
            metric = METRICS[name]
            live = rows.outside(f"[{name}]") if name in rows.places else ""
            median = summary["value"] if "value" in summary else summary["p50"]
            stored = [summary.get("p5", ""), median, summary.get("p95", "")]
            line(sheet, row, [of, metric.label, metric.unit, live, *stored], metric.unit)
            for column, value in enumerate(stored, 5):
                if value != "":
                    sheet.cell(row, column).fill = STORED
            row += 1


def evidence(sheet: Worksheet, result: Result, tables: Tables) -> None:
    """Write the published figures behind the inputs, with grade and address."""
    columns = {"id": 8, "whom": 18, "what": 46, "low": 12, "value": 12, "high": 12, "unit": 18}
    columns |= {"published": 12, "grade": 7, "publisher": 36, "note": 80}
    head(sheet, "Published figures behind the inputs", "", columns, "A5")
    found = [grounds(name, result.case.scenario, tables)["sources"] for name in tables.assumptions.index]
    used = {ref for sources in found for ref, _, _ in sources}
    rows = tables.evidence[tables.evidence["id"].isin(used)].itertuples()
    for row, each in enumerate(rows, FIRST_ROW):
        source = tables.sources.loc[each.source]
        values = ["" if pd.isna(value) else value for value in (each.value_low, each.value, each.value_high)]
        about = [each.unit, each.published, each.grade, source["publisher"], each.note]
        line(sheet, row, [each.id, each.entity, each.metric, *values, *about], each.unit)
        link(sheet, row, 10, source["url"])


def checks(sheet: Worksheet, months: int, parts: list[Part]) -> None:
    """Write what must hold: sums and balances always, stored figures until an input is changed."""
    note = "Sums must always be ok. Figures say changed once an input is changed."
    head(sheet, "Checks", note, {"of": 34, "what": 56, "live": 18, "stored": 18, "result": 12}, "A5")
    for row, (words, live) in enumerate(_sums(months, parts), FIRST_ROW):
        verdict = Formula(f'IF(ABS(C{row})<=0.000001,"ok","wrong")')
        line(sheet, row, ["sums and balances", words, live, 0.0, verdict], "ratio")
    for of, rows, summaries in parts:
        for name in filter(rows.places.__contains__, summaries):
            row += 1
            near = f"ABS(C{row}-D{row})<=0.000000001*MAX(1,ABS(D{row}))"
            verdict = Formula(f'IF(IF(ISNUMBER(C{row}),{near},NOT(ISNUMBER(D{row}))),"ok","changed")')
            live, metric = rows.outside(f"[{name}]"), METRICS[name]
            line(sheet, row, [of, metric.label, live, summaries[name]["central"], verdict], metric.unit)
    verdicts = f"E{FIRST_ROW}:E{row}"
    for operator, colour in (("equal", GREEN), ("notEqual", RED)):
        rule = CellIsRule(operator=operator, formula=['"ok"'], fill=colour)
        sheet.conditional_formatting.add(verdicts, rule)
    put(sheet, 3, 1, "Not ok:").font = HEAD
    put(sheet, 3, 2, Formula(f'COUNTA({verdicts})-COUNTIF({verdicts},"ok")'), "count")


def _sums(months: int, parts: list[Part]) -> Iterator[tuple[str, Formula]]:
    """Yield what must be 0, in words and as a formula."""
    (_, model, _), (_, stay, _), *_ = parts
    month_0 = "+".join(f"[month_0_{name}]" for name in CATEGORIES)
    yield "Categories of month 0 less spending", model.outside(f"{month_0}-[spending_start]")
    last = f"INDEX([{{}}:row],1,{months})"
    streams = "+".join(last.format(f"revenue_{name}") for name in STREAMS)
    yield "Streams of the last month less revenue", model.outside(f"{streams}-{last.format('revenue')}")
    for of, rows, _ in parts[1:]:
        flows = "opening_cash_usd_m-SUM([net_burn:row])+SUM([funding:row])+SUM([placed:row])"
        yield f"Cash in, cash out, cash left: {of}", rows.outside(f"{flows}-{last.format('cash')}")
    plain = model.outside(last.format("cash"))
    yield "Nothing done equals the plain path", Formula(f"{stay.outside(last.format('balance'))}-{plain}")
