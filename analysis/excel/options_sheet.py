"""Sheet "Options": the same months with options on or off, in formulas; the switches of each part can be
changed.
"""

from openpyxl.worksheet.worksheet import Worksheet

from analysis.excel.cells import FIRST_MONTH, INPUT, TITLE, Months, text, widths
from analysis.excel.model_sheet import CAPPED, MONTH, add_burning, break_even, faded, runway
from analysis.model.costs import CATEGORIES
from analysis.model.options import OPTIONS, STAY
from analysis.results.metrics import METRICS

MEASURES = ("value_usd_m", "ownership_retained", "runway_months", "break_even_month", "funding_need_usd_m")


def mixes() -> dict[str, tuple[str, ...]]:
    """Return what the sheet shows: nothing, each option alone, all together."""
    return {STAY: ()} | {name: (name,) for name in OPTIONS} | {"+".join(OPTIONS): tuple(OPTIONS)}


def write(sheet: Worksheet, model: Months, titles: dict[str, str]) -> dict[str, Months]:
    """Write the sheet and return mix -> its rows. `titles`: name of a mix -> words."""
    text(sheet, 1, 1, "The options, month by month", TITLE)
    text(sheet, 2, 1, "Yellow switches turn an option on (1) or off (0) in its part: any mix can be tried.")
    found, row = {}, 4
    for name, chosen in mixes().items():
        table = Months(sheet, model.months, row, above=model)
        table.heading(titles[name])
        _switches(table, chosen)
        _revenue(table)
        _spending(table)
        _money(table)
        _ownership(table)
        _worth(table)
        _outcomes(table)
        found[name], row = table, table.row + 1
    widths(sheet, 34, 46, 18, 14)
    sheet.freeze_panes = sheet.cell(4, FIRST_MONTH)
    return found


def _switches(table: Months, chosen: tuple[str, ...]) -> None:
    for option in OPTIONS:
        table.add(option, f"Switch: {option.replace('_', ' ')}", "1 or 0")
        cell = table.sheet.cell(table.rows[option], FIRST_MONTH - 1, int(option in chosen))
        cell.fill = INPUT


def _revenue(table: Months) -> None:
    kept = "1-[focus.]*focus_growth_penalty"
    table.add("growth_kept", "Growth of revenue, times", "ratio", kept)
    table.add(
        "growth_with_x",
        "Growth of subscriptions and advertising, times",
        "ratio",
        "[growth_kept.]*(1+[integrate_x.]*integration_growth_uplift)",
    )
    table.add(
        "delay",
        "Months before revenue grows",
        "months",
        "MAX(0,time_to_market_months-[integrate_x.]*integration_months_saved)",
    )
    table.add(
        "revenue_months",
        "Months of undiminished growth of revenue",
        "months",
        "",
        faded("MAX(0,[t]-[delay.])", "growth_endurance"),
    )
    streams = {
        "subscriptions": "growth_with_x",
        "advertising": "growth_with_x",
        "data_services": "growth_kept",
    }
    unlimited = "+".join(
        f"[start_{name}.]*(1+growth_{name}_per_month*[{times}.])^[revenue_months]"
        for name, times in streams.items()
    )
    table.add("unlimited", "Revenue without a ceiling", MONTH, "", unlimited)
    table.add("core_revenue", "Revenue of its own products", MONTH, "", CAPPED.format("[unlimited]"))
    gained = (
        "[integrate_x.]*x_ads_usd_m_per_month*integration_ads_uplift*MIN(1,([t]+1)/integration_ramp_months)"
    )
    table.add("x_advertising", "X's own advertising, another perimeter", MONTH, "", gained)


def _spending(table: Months) -> None:
    table.add("partner_on", "Partner at work", "flag", "", "[partner.]*IF([t]>=partner_lead_months,1,0)")
    table.add(
        "spend_kept",
        "Spending kept by focusing",
        "share",
        "",
        "1-[focus.]*focus_spend_cut*MIN(1,([t]+1)/focus_ramp_months)",
    )
    serving = "serving_cost_ratio*([core_revenue]-[core_revenue@0])"
    compute = f"([base_compute]*[spend_kept]+{serving})*(1-partner_compute_share*[partner_on])"
    table.add("compute", "Computing, serving included", MONTH, "", compute)
    others = "(" + "+".join(f"[base_{name}]" for name in CATEGORIES if name != "compute") + ")*[spend_kept]"
    table.add("others", "All other spending", MONTH, "", others)
    integration = "IF([t]<integration_ramp_months,[integrate_x.]*integration_cost_usd_m_per_month,0)"
    once = f"IF([t]=0,[focus.]*focus_one_off_usd_m,0)+{integration}"
    table.add("option_costs", "Cost of the options themselves", MONTH, "", once)
    table.add("spend", "Spending", MONTH, "", "[others]+[compute]+[option_costs]+[interest]")
    table.add(
        "revenue",
        "Revenue",
        MONTH,
        "",
        "([core_revenue]+[x_advertising])*(1-partner_revenue_share*[partner_on])",
    )
    upfront = "IF([t]=ROUNDUP(partner_lead_months,0),[partner.]*partner_upfront_usd_m,0)"
    paid = f"[partner_on]*partner_income_usd_m_per_month+{upfront}"
    table.add("partner_payments", "Payments by the partner", MONTH, "", paid)
    table.add("net_burn", "Net burn", MONTH, "", "[spend]-[revenue]-[partner_payments]")
    table.add("burned", "Net burn so far", "usd_m", "", "[burned-1]+[net_burn]", "[net_burn]")
    add_burning(table)


def _money(table: Months) -> None:
    chance = "round_success_probability"
    granted = f"IF({chance}>=1,1000000,INT(LN(1-investor_patience)/LN({chance})))"
    table.add("rounds_granted", "Rounds that investors grant", "count", f"IF([raise_capital.]=0,0,{granted})")
    so_far = "MIN([rounds_granted.],MAX(0,ROUNDUP(([t]+1-first_round_month)/round_interval_months,0)))"
    table.add("rounds_so_far", "Rounds so far, if the company lives", "count", "", so_far)
    table.add(
        "rounds",
        "Proceeds of rounds, if the company lives",
        "usd_m",
        "",
        "([rounds_so_far]-[rounds_so_far-1])*round_size_usd_m",
        "[rounds_so_far]*round_size_usd_m",
    )
    flow = "-[net_burn]+[funding]+[rounds]"
    table.add(
        "balance", "Cash, if every round came", "usd_m", "", f"[balance-1]{flow}", f"opening_cash_usd_m{flow}"
    )
    table.add(
        "dry",
        "1 from the month in which cash is used up",
        "flag",
        "",
        "IF(OR([dry-1]=1,[balance]<0),1,0)",
        "IF([balance]<0,1,0)",
    )
    table.add(
        "placed", "Proceeds of rounds that took place", "usd_m", "", "IF([dry-1]=0,[rounds],0)", "[rounds]"
    )
    flow = "-[net_burn]+[funding]+[placed]"
    table.add(
        "cash", "Cash at the end of the month", "usd_m", "", f"[cash-1]{flow}", f"opening_cash_usd_m{flow}"
    )


def _ownership(table: Months) -> None:
    months = table.months
    table.add(
        "last",
        "Place of the month that decides the value",
        "count",
        f"MIN({months},{months}-SUM([dry:row])+1)",
    )
    table.add("rounds_placed", "Rounds that took place", "count", "INDEX([rounds_so_far:row],1,[last.])")
    price = "valuation_usd_m*valuation_step_per_round^([t]+1)"
    kept = f"IF(AND([t]<[rounds_placed.],round_size_usd_m>0),1/(1+round_size_usd_m/({price})),1)"
    table.add("kept", "Kept in round number t", "share", "", kept)
    first = "IF(committed_equity_usd_m>0,1/(1+committed_equity_usd_m/valuation_usd_m),1)"
    table.add(
        "ownership_retained", METRICS["ownership_retained"].label, "share", f"{first}*PRODUCT([kept:row])"
    )


def _worth(table: Months) -> None:
    months = table.months
    _growth(table)
    table.add(
        "multiple",
        "Value per dollar of yearly revenue",
        "ratio",
        "",
        "MIN(exit_multiple_cap,exit_multiple_floor+exit_multiple_per_growth*MAX(0,[growth]))",
    )
    earned = "[multiple]*[core_revenue]+x_revenue_multiple*[x_advertising]"
    worth = f"12*(1-partner_revenue_share*[partner_on])*({earned})"
    table.add("enterprise_value", "Value of the business", "usd_m", "", worth)
    bought = "[base_compute]*[spend_kept]*[hardware_share.]"
    table.add(
        "hardware",
        "Hardware at cost",
        "usd_m",
        "",
        f"[hardware-1]+{bought}",
        f"hardware_stock_usd_m+{bought}",
    )
    ends = {
        name: f"INDEX([{name}:row],1,[last.])" for name in ("enterprise_value", "balance", "debt", "hardware")
    }
    left = f"{ends['enterprise_value']}+{ends['balance']}-{ends['debt']}"
    solvent = f"(1+discount_rate_per_year)^(-{months}/12)*MAX(0,{left})"
    failed = (
        f"(1+discount_rate_per_year)^(-([last.]-1)/12)*MAX(0,hardware_recovery_share*{ends['hardware']}"
        f"+distress_recovery_share*{ends['enterprise_value']}-{ends['debt']})"
    )
    value = f"IF(SUM([dry:row])=0,{solvent},{failed})*[ownership_retained.]"
    table.add("value_usd_m", METRICS["value_usd_m"].label, "usd_m", value)


def _outcomes(table: Months) -> None:
    months = table.months
    table.add(
        "runway_months",
        METRICS["runway_months"].label,
        "months",
        runway("balance", "opening_cash_usd_m").replace("{months}", str(months)),
    )
    table.add("break_even_month", METRICS["break_even_month"].label, "month", break_even(months))
    in_hand = "opening_cash_usd_m-committed_equity_usd_m-committed_debt_usd_m"
    table.add(
        "funding_need_usd_m",
        METRICS["funding_need_usd_m"].label,
        "usd_m",
        f"MAX(0,MAX([burned:row])-{in_hand})",
    )


def _growth(table: Months) -> None:
    """Add growth over the last year; younger paths are compared with month 0."""
    table.add("growth", "Growth of revenue over the last year", "per_year", "", "0")
    row = table.row - 1
    for month in range(1, table.months):
        now, before = "[core_revenue]", "[core_revenue-12]" if month >= 12 else "[core_revenue@0]"
        content = f"IF({before}>0,({now}/{before})^(12/{min(12, month)})-1,0)"
        table.sheet.cell(row, FIRST_MONTH + month).value = "=" + table.written(content, month)
