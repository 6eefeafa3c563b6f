"""Tables of the strategic-options page as readers see them, and the labels of its charts. Nothing here is computed with."""

import pandas as pd
from markupsafe import Markup

from analysis.findings.numbers import about, estimate_text, money, percent, plain, typed, with_unit
from analysis.findings.refs import ids
from analysis.findings.words import KIND_OF_BASIS, Finding
from analysis.inputs import Tables
from analysis.insight import actions, decision, levers
from analysis.insight.decision import Worlds
from analysis.parameters import Settings
from analysis.results import Run

STAR, NO_BREAK = "★", "\u00a0"
NO_ACTION = "No action with a figure in the evidence"
NO_LEVER = "No lever of the model"
MARKED = f"{STAR}: the best of the column, or within two standard errors of it"
VALUE_CAPTION = f"What each portfolio is worth to today's shareholders, highest mean first. {MARKED}"
VALUE_NUMERIC = ("Mean value", "90% of runs", "Mean of worst 5%", "Ownership kept (mean)")
CASH_CAPTION = f"What each portfolio does to cash. {MARKED}. Funding need is counted before any funding, so raising capital leaves it as it is"
CASH_NUMERIC = ("Runs out of cash", "Funding need (median)", "Breaks even")
REGRET_CAPTION = "Portfolios over all possible worlds, smallest largest regret first; ranges are two standard errors each way"
REGRET_NUMERIC = ("Expected value", "Largest regret", "Largest regret, share", "Worlds within 10% of the best")


def lever_rows(run: Run, tables: Tables) -> pd.DataFrame:
    """Return the levers of the four options with this case's values and reasons."""
    rows = [
        [
            Finding(row.label, KIND_OF_BASIS[row.basis], (row.id, *(ref for ref in row.refs if ref.startswith("E")))),
            row.option,
            estimate_text(row.estimate),
            row.why,
        ]
        for row in levers.levers(run, tables).itertuples()
    ]
    return pd.DataFrame(rows, columns=["Lever", "Option", "Value here (90% of runs)", "Why"], dtype=object)


def value_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """Return what each portfolio is worth, rows of `insight.portfolios.compare`, numbered so that a dominating one can be named."""
    place = {name: number for number, name in enumerate(frame["portfolio"], 1)}
    columns = {
        "Portfolio": _numbered(frame),
        "Mean value": _starred(frame, "value_mean_usd_m", about),
        "90% of runs": [_value_range(row) for row in frame.itertuples()],
        "Mean of worst 5%": _starred(frame, "value_tail_mean_usd_m", about),
        "Ownership kept (mean)": _starred(frame, "ownership_mean_share", percent),
        "Dominated": [f"by {place[name]}" if isinstance(name, str) else "no" for name in frame["dominated_by"]],
    }
    return pd.DataFrame(columns, dtype=object)


def cash_rows(frame: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Return what each portfolio does to cash, in the order and with the numbers of `value_rows`."""
    columns = {
        "Portfolio": _numbered(frame),
        "Runs out of cash": _starred(frame, "cash_out_share", percent),
        "Funding need (median)": _starred(frame, "funding_need_p50_usd_m", about),
        "Breaks even": _starred(frame, "break_even_share", percent),
        "Month of break-even (median run)": [_month(month, settings) for month in frame["break_even_p50_month"]],
    }
    return pd.DataFrame(columns, dtype=object)


def _numbered(frame: pd.DataFrame) -> list[str]:
    names = (title.replace(" ", NO_BREAK).replace(f"{NO_BREAK}+{NO_BREAK}", f"{NO_BREAK}+ ") for title in frame["title"])
    return [f"{number}.{NO_BREAK}{name}" for number, name in enumerate(names, 1)]


def _starred(frame: pd.DataFrame, measure: str, shown) -> list:
    best = frame[f"{measure}_best"]
    texts = [shown(value, error) for value, error in zip(frame[measure], frame[f"{measure}_se"], strict=True)]
    if best.all():
        return texts
    return [
        Markup('<span class="best">{} {}</span>').format(STAR, text) if mark else text
        for text, mark in zip(texts, best, strict=True)
    ]


def _value_range(row) -> str:
    return f"{money(row.value_p5_usd_m, row.value_p5_usd_m_se)} to {money(row.value_p95_usd_m, row.value_p95_usd_m_se)}"


def _month(index: float, settings: Settings) -> str:
    return f"none by {settings.month(settings.horizon_months - 1)}" if pd.isna(index) else settings.month(int(index))


def regret_rows(possible: Worlds) -> pd.DataFrame:
    """Return one row per portfolio: expected value, largest regret in dollars and where, as a share, and worlds near the best."""
    worlds = len(possible.names)
    rows = [
        [
            row.title,
            about(row.expected_value_usd_m, row.expected_value_se_usd_m),
            about(row.max_regret_usd_m, row.max_regret_se_usd_m),
            row.max_regret_world if row.max_regret_usd_m else "none",
            about(row.max_regret_share, row.max_regret_share_se, percent),
            f"{row.near_best_worlds} of {worlds}",
        ]
        for row in decision.robustness(possible).itertuples()
    ]
    columns = [
        "Portfolio",
        "Expected value",
        "Largest regret",
        "in the world",
        "Largest regret, share",
        "Worlds within 10% of the best",
    ]
    return pd.DataFrame(rows, columns=columns, dtype=object)


def regret_cells(matrix: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of `insight.decision.regret_matrix` with `shown`, the text of their cell in the chart, in per cent."""
    shown = [row.rank if row.rank in ("best", "level") else _points(row) for row in matrix.itertuples()]
    return matrix.assign(shown=shown)


def _points(row) -> str:
    text = about(100 * row.regret_share, 100 * row.regret_share_se, _whole)
    return "<1" if text == "0" else text.replace(" to ", "–").replace("less than ", "<")


def _whole(value: float, se: float = 0.0, digits: int = 2) -> str:
    return plain(value, max(se, 0.499), digits)


def action_rows(run: Run, tables: Tables) -> pd.DataFrame:
    """Return what was done by option, with date and amount, beside what this case assumes for the same lever."""
    rows = []
    for row in actions.actions(tables).itertuples():
        if pd.isna(row.metric):
            rows.append([row.option, "none", NO_ACTION, NO_LEVER])
            continue
        done = Finding(f"{row.entity}: {row.metric}, {amount(row)}", "reported", (row.id,))
        rows.append([row.option, row.date[:7], done, _assumed(row.lever, run, tables)])
    return pd.DataFrame(
        rows, columns=["Option", "Month", "What was done", "Assumed here for the same lever (90% of runs)"], dtype=object
    )


def _assumed(lever: str | None, run: Run, tables: Tables) -> Finding | str:
    if pd.isna(lever):
        return NO_LEVER
    basis = levers.origin(lever, run, tables)[0]
    text = f"{tables.assumptions.loc[lever, 'label']}: {estimate_text(run.case[lever])}"
    return Finding(text, KIND_OF_BASIS[basis], ids(tables, lever))


def amount(row) -> str:
    """Return a published amount with its unit; a range where one was published."""
    numbers = [value for value in (row.low, row.value, row.high) if not pd.isna(value)]
    scale = actions.USD_M.get(row.unit)
    if scale:
        per = " a month" if row.unit.endswith("per_month") else ""
        shown = [with_unit(float(f"{value * scale:.3g}"), "usd_m") for value in numbers]
    else:
        per = {"percent": "%", "percent_of_par": "% of par"}.get(row.unit, "")
        shown = [typed(value) for value in numbers]
    floor = "at least " if not pd.isna(row.low) and row.low == row.value else ""
    return floor + " to ".join(dict.fromkeys(shown)) + per


def lever_value(value: float, unit: str) -> str:
    """Return a lever's value with its unit, short: "$1.25bn a month", "month 7", "13 months", "8.7%"."""
    return percent(value) if unit == "share" else with_unit(value, unit)


def done(row) -> str:
    """Return what happened to a lever, a row of `insight.actions.beside`; a range where there is one."""
    low, high = lever_value(row.done_low, row.unit), lever_value(row.done_high, row.unit)
    return low if low == high else f"{low.removesuffix(' a month')} to {high}"


def assumed(row) -> str:
    """Return what this case assumes for a lever, a row of `insight.actions.beside`, with its range."""
    central = f"{lever_value(row.central, row.unit)} assumed"
    low, high = lever_value(row.low, row.unit), lever_value(row.high, row.unit)
    return central if row.low == row.high else f"{central} ({low.removesuffix(' a month')} to {high})"


def beside_cells(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of `insight.actions.beside` with `shown` (what happened) and without what only the words need."""
    return frame.assign(shown=[done(row).removesuffix(" a month") for row in frame.itertuples()]).drop(columns=["name", "refs"])
