"""Sheet "Model": the path at central values, month by month, in formulas. Sections as in the model README."""

from openpyxl.worksheet.worksheet import Worksheet

from analysis.excel.cells import BEYOND, FIRST_MONTH, NEVER, TITLE, Months, formula, named, text, widths
from analysis.model.costs import CATEGORIES, CATEGORY_LINES, HOURS_PER_MONTH
from analysis.results.metrics import METRICS

MONTH = "usd_m_per_month"
HALVINGS, HIGHEST = 64, 50
LINE_FORMULAS = {
    "hardware_purchases": "gpus_added_per_month*gpu_all_in_usd/1000000",
    "power": f"gpus_installed*gpu_power_kw*pue*{HOURS_PER_MONTH}*electricity_usd_per_kwh/1000000",
    "maintenance": "hardware_stock_usd_m*maintenance_share_per_year/12",
    "cloud_rental": "cloud_gpu_hours_m_per_month*cloud_usd_per_gpu_hour",
    "talent": "headcount*cash_cost_per_head_usd_k_per_year/12/1000",
    "annotation": "annotators*annotator_hours_per_month*annotator_usd_per_hour/1000000",
    "data_licences": "data_licences_usd_m_per_year/12",
    "data_preparation": "data_preparation_usd_m_per_year/12",
    "compliance": "compliance_share_of_spend*[spending_start.]+fines_usd_m_per_year/12",
}
_ROOM = "(revenue_cap_usd_m_per_month-revenue_start_usd_m)"
CAPPED = (
    "IF(revenue_cap_usd_m_per_month>revenue_start_usd_m,"
    f"MAX(0,revenue_start_usd_m+{_ROOM}*(1-EXP(-({{0}}-revenue_start_usd_m)/{_ROOM}))),"
    "MIN({0},revenue_start_usd_m))"
)


def faded(months: str, endurance: str) -> str:
    """Return the formula of the months of undiminished growth that `months` of fading growth are worth."""
    return f"IF({endurance}=1,{months},(1-EXP(LN({endurance})/12*({months})))/(-LN({endurance})/12))"


def write(sheet: Worksheet, months: int) -> Months:
    """Write the sheet and return its rows. Names of headline cells are the names of the metrics."""
    text(sheet, 1, 1, "The model at central values, month by month", TITLE)
    text(
        sheet,
        2,
        1,
        "Every number here is a formula that leads back to the sheet Inputs. Millions of US dollars.",
    )
    table = Months(sheet, months, row=4)
    _calendar(table)
    _spending_start(table)
    _spending(table)
    _revenue(table)
    _cash(table)
    _headlines(table)
    _implied(table)
    widths(sheet, 34, 46, 18, 14)
    sheet.freeze_panes = sheet.cell(6, FIRST_MONTH)
    return table


def _calendar(table: Months) -> None:
    year_month = "VALUE(LEFT(start_month,4))*12+VALUE(RIGHT(start_month,2))-1"
    table.add("t", "Month of the model, counted from 0", "month", "target_months", "[t-1]+1", "0")
    index = f"({year_month}+[t])"
    calendar = f'INT({index}/12)&"-"&RIGHT("0"&(MOD({index},12)+1),2)'
    table.add("calendar_month", "Calendar month", "text", "", calendar)
    text(
        table.sheet,
        table.rows["t"],
        2,
        "Month of the model (left: the month that revenue is to cover spending)",
    )


def _spending_start(table: Months) -> None:
    table.heading("Spending in month 0, from its parts")
    basis = 'monthly_burn_usd_m+IF(burn_basis="net",revenue_start_usd_m,0)'
    table.add("spending_start", "Spending in month 0: the claim", MONTH, basis)
    for name, content in LINE_FORMULAS.items():
        table.add(name, METRICS[name].label, MONTH, content)
    total, left = "bottom_up_total_usd_m_per_month", "unexplained_usd_m_per_month"
    table.add(total, METRICS[total].label, MONTH, "+".join(f"[{name}.]" for name in LINE_FORMULAS))
    table.add(left, METRICS[left].label, MONTH, f"[spending_start.]-[{total}.]")
    table.add(
        "scale",
        "Scale where the parts exceed the claim",
        "ratio",
        f"IF([{total}.]>0,MIN(1,[spending_start.]/[{total}.]),1)",
    )
    for name, lines in CATEGORY_LINES.items():
        parts = "(" + "+".join(f"[{line}.]" for line in lines) + ")*[scale.]"
        table.add(f"month_0_{name}", f"Month 0: {name}", MONTH, parts if lines else f"MAX(0,[{left}.])")
    for name in CATEGORIES:
        share = f'IF([spending_start.]=0,"{NEVER}",[month_0_{name}.]/[spending_start.])'
        table.add(f"share_{name}", METRICS[f"share_{name}"].label, "share", share)
    compute = "(" + "+".join(f"[{line}.]" for line in CATEGORY_LINES["compute"]) + ")"
    bought = f"IF({compute}>0,[hardware_purchases.]/{compute},0)"
    table.add("hardware_share", "Part of computing that buys hardware", "share", bought)


def _spending(table: Months) -> None:
    table.heading("Spending by month")
    table.add(
        "spend_months",
        "Months of undiminished growth of spending",
        "months",
        "",
        faded("[t]", "spend_growth_endurance"),
    )
    for name in CATEGORIES:
        grown = f"[month_0_{name}.]*(1+growth_{name}_per_year)^([spend_months]/12)"
        table.add(f"base_{name}", f"{name.capitalize()}, before serving costs", MONTH, "", grown)


def _revenue(table: Months) -> None:
    table.heading("Revenue by month")
    both = "(revenue_share_subscriptions+revenue_share_advertising)"
    scaled = "revenue_start_usd_m*{}/MAX(1," + both + ")"
    table.add(
        "start_subscriptions", "Month 0: subscriptions", MONTH, scaled.format("revenue_share_subscriptions")
    )
    table.add("start_advertising", "Month 0: advertising", MONTH, scaled.format("revenue_share_advertising"))
    table.add("start_data_services", "Month 0: data services", MONTH, f"revenue_start_usd_m*MAX(0,1-{both})")
    waited = "MAX(0,[t]-time_to_market_months)"
    table.add(
        "revenue_months",
        "Months of undiminished growth of revenue",
        "months",
        "",
        faded(waited, "growth_endurance"),
    )
    streams = ("subscriptions", "advertising", "data_services")
    for name in streams:
        grown = f"[start_{name}.]*(1+growth_{name}_per_month)^[revenue_months]"
        table.add(f"unlimited_{name}", f"Without a ceiling: {name.replace('_', ' ')}", MONTH, "", grown)
    table.add(
        "unlimited", "Without a ceiling: all", MONTH, "", "+".join(f"[unlimited_{name}]" for name in streams)
    )
    table.add("revenue", "Revenue", MONTH, "", CAPPED.format("[unlimited]"))
    for name in streams:
        part = f"IF([unlimited]>0,[unlimited_{name}]*[revenue]/[unlimited],0)"
        table.add(f"revenue_{name}", f"Revenue: {name.replace('_', ' ')}", MONTH, "", part)


def _cash(table: Months) -> None:
    table.heading("Debt, cash")
    table.add("drawn_month", "Month in which the money arrives", "month", "INT(committed_funding_month)")
    table.add(
        "repaid_month", "Month in which the debt is repaid", "month", "[drawn_month.]+INT(debt_term_months)"
    )
    owed = "committed_debt_usd_m*IF(AND([t]>=[drawn_month.],[t]<[repaid_month.]),1,0)"
    table.add("debt", "Debt outstanding at the end of the month", "usd_m", "", owed)
    table.add("interest", "Interest", MONTH, "", "[debt-1]*debt_interest_per_year/12", "0")
    table.add(
        "serving", "Serving costs of added revenue", MONTH, "", "serving_cost_ratio*([revenue]-[revenue@0])"
    )
    table.add(
        "spend",
        "Spending",
        MONTH,
        "",
        "+".join(f"[base_{name}]" for name in CATEGORIES) + "+[serving]+[interest]",
    )
    table.add("net_burn", "Net burn: spending less revenue", MONTH, "", "[spend]-[revenue]")
    arrived = "IF([t]=[drawn_month.],committed_equity_usd_m+committed_debt_usd_m,0)"
    funding = f"{arrived}-IF([t]=[repaid_month.],committed_debt_usd_m,0)"
    table.add("funding", "Equity and debt placed, less debt repaid", "usd_m", "", funding)
    table.add(
        "cash",
        "Cash at the end of the month",
        "usd_m",
        "",
        "[cash-1]-[net_burn]+[funding]",
        "opening_cash_usd_m-[net_burn]+[funding]",
    )
    table.add(
        "dry",
        "1 from the month in which cash is used up",
        "flag",
        "",
        "IF(OR([dry-1]=1,[cash]<0),1,0)",
        "IF([cash]<0,1,0)",
    )
    table.add("burned", "Net burn so far", "usd_m", "", "[burned-1]+[net_burn]", "[net_burn]")
    add_burning(table)


def add_burning(table: Months) -> None:
    """Add the row that says until when there is a month to come in which more is spent than earned."""
    ahead = FIRST_MONTH + table.months - 1
    last = table.sheet.cell(1, ahead).column_letter
    place = f"[net_burn]:${last}{table.rows['net_burn']}"
    table.add(
        "burning",
        "1 while a month is still to come that burns",
        "flag",
        "",
        f'IF(COUNTIF({place},">0")>0,1,0)',
    )


def runway(cash: str, opening: str) -> str:
    """Return the formula of the months until cash is used up, from rows `dry` and `cash`."""
    out = "({months}-SUM([dry:row]))"
    before = f"IF({out}=0,{opening},INDEX([{cash}:row],1,MAX(1,{out})))"
    after = f"INDEX([{cash}:row],1,MIN({{months}},{out}+1))"
    return f'IF(SUM([dry:row])=0,"{NEVER}",{out}+{before}/({before}-{after}))'


def break_even(months: int) -> str:
    """Return the formula of the first month from which revenue covers spending for good."""
    return f'IF(SUM([burning:row])={months},"{NEVER}",SUM([burning:row]))'


def _headlines(table: Months) -> None:
    table.heading("Headlines")
    months = table.months

    def metric(name: str, content: str) -> None:
        table.add(name, METRICS[name].label, METRICS[name].unit, content)
        named(table.sheet, name, table.rows[name], FIRST_MONTH - 1)

    def at(row: str, month: int) -> str:
        return f"INDEX([{row}:row],1,{month + 1})" if month < months else ""

    for name, month in (("start", 0), ("12m", 12), ("36m", 36)):
        known = bool(at("spend", month))
        coverage = f'IF({at("spend", month)}=0,"{NEVER}",{at("revenue", month)}/{at("spend", month)})'
        metric(f"coverage_ratio_{name}", coverage if known else f'"{BEYOND}"')
        metric(f"gap_{name}_usd_m_per_month", at("net_burn", month) or f'"{BEYOND}"')
    metric("runway_months", runway("cash", "opening_cash_usd_m").replace("{months}", str(months)))
    metric("break_even_month", break_even(months))
    in_hand = "opening_cash_usd_m-committed_equity_usd_m-committed_debt_usd_m"
    metric("funding_need_usd_m", f"MAX(0,MAX([burned:row])-{in_hand})")
    _required(table)
    metric("required_multiple", "[needed_multiple.]")
    metric(
        "required_growth_per_month",
        f'IF(ISNUMBER([needed_multiple.]),[needed_multiple.]^(1/target_months)-1,"{NEVER}")',
    )
    gained = f"({at('revenue', 12)}-[revenue@0])"
    burned = f"INDEX([burned:row],1,{min(12, months)})"
    multiple = f'IF({gained}<=0,"{NEVER}",{burned}/(12*{gained}))' if months > 12 else f'"{BEYOND}"'
    metric("burn_multiple_12m", multiple)
    fading = "MAX(0.000000001,-LN(growth_endurance)/12)"
    limits = "+".join(
        f"[start_{name}.]*EXP(MIN(650,LN(1+growth_{name}_per_month)/{fading}))"
        for name in ("subscriptions", "advertising", "data_services")
    )
    table.add("unlimited_in_the_end", "Without a ceiling, in the end", MONTH, limits)
    metric("revenue_ceiling_usd_m_per_month", CAPPED.format("[unlimited_in_the_end.]"))


def _required(table: Months) -> None:
    table.add(
        "target_spend_months",
        "Months of undiminished growth until the target",
        "months",
        faded("target_months", "spend_growth_endurance"),
    )
    grown = "+".join(
        f"[month_0_{name}.]*(1+growth_{name}_per_year)^([target_spend_months.]/12)" for name in CATEGORIES
    )
    in_debt = "AND(target_months-1>=[drawn_month.],target_months-1<[repaid_month.])"
    owed = f"IF({in_debt},committed_debt_usd_m*debt_interest_per_year/12,0)"
    table.add("target_spend", "Spending in the target month without serving costs", MONTH, f"{grown}+{owed}")
    needed = "([target_spend.]-serving_cost_ratio*revenue_start_usd_m)"
    possible = f"AND({needed}>0,serving_cost_ratio<1,revenue_start_usd_m>0)"
    multiple = f'IF({possible},{needed}/((1-serving_cost_ratio)*revenue_start_usd_m),"{NEVER}")'
    table.add("needed_multiple", "Revenue needed in the target month over month 0", "ratio", multiple)


def _implied(table: Months) -> None:
    """Halve the range of ln(1 + g) until the price is met; a row a step, since a workbook has no loop."""
    table.heading("Growth that the price implies, by halving")
    sheet, months = table.sheet, table.months
    worth = f"LN(12*revenue_start_usd_m)-{months}/12*LN(1+discount_rate_per_year)-LN(valuation_usd_m)"
    excess = (
        "LN(MIN(exit_multiple_cap,exit_multiple_floor+exit_multiple_per_growth*(EXP(12*{0})-1)))"
        f"+{months - 1}*{{0}}+{worth}"
    )
    for column, name in enumerate(("low", "high", "middle", "value over price, ln"), 4):
        text(sheet, table.row, column, name)
    first = table.row + 1
    for row in range(first, first + HALVINGS):
        text(sheet, row, 1, f"step {row - first + 1}")
        low, high = (f"IF(G{row - 1}<0,F{row - 1},D{row - 1})", f"IF(G{row - 1}<0,E{row - 1},F{row - 1})")
        formula(sheet, row, 4, low if row > first else "0", "ratio")
        formula(sheet, row, 5, high if row > first else str(HIGHEST), "ratio")
        formula(sheet, row, 6, f"(D{row}+E{row})/2", "ratio")
        formula(sheet, row, 7, excess.format(f"F{row}"), "ratio")
    table.row = first + HALVINGS
    root = f"EXP(F{table.row - 1})-1"
    growth = (
        f'IFERROR(IF({excess.format("0")}>=0,0,IF({excess.format(HIGHEST)}>=0,{root},"{NEVER}")),"{NEVER}")'
    )
    implied = {"implied_growth_per_month": growth}
    implied["implied_multiple"] = (
        f'IF(ISNUMBER([implied_growth_per_month.]),(1+[implied_growth_per_month.])^{months - 1},"{NEVER}")'
    )
    for name, content in implied.items():
        table.add(name, METRICS[name].label, METRICS[name].unit, content)
        named(sheet, name, table.rows[name], FIRST_MONTH - 1)
