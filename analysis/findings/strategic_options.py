"""Words of the strategic-options page: findings, headings and the text around its figures, all computed from a run.

Value, cash and ownership are those of xAI without X, as modelled; no sentence says what ought to be done.
"""

import numpy as np
import pandas as pd

from analysis.findings.numbers import about, likelihood, money, months, percent, runs
from analysis.findings.refs import ids
from analysis.findings.strategic_tables import done, lever_value
from analysis.findings.words import Finding
from analysis.inputs import Tables
from analysis.insight import actions, decision, levers, portfolios
from analysis.insight.decision import Worlds
from analysis.model.options import STAY
from analysis.results import Run

ENTITY = "xAI without X"
VALUED = ("exit_revenue_multiple", "distress_recovery_share", "discount_rate_per_year")
CASH = ("monthly_burn_usd_m", "opening_cash_usd_m", "committed_funding_usd_m")


# ---- findings ----
def findings(run: Run, tables: Tables) -> list[Finding]:
    """Return five findings; the first answers the page's question."""
    frame = portfolios.compare(run)
    return [
        Finding(_regretted_least(decision.worlds(run, tables)), "derived", ids(tables, *VALUED)),
        Finding(_solvency(frame, run), "derived", ids(tables, *CASH)),
        Finding(_value(frame), "derived", ids(tables, *VALUED)),
        _worth_knowing(run, tables),
        _what_was_done(run, tables),
    ]


def _regretted_least(possible: Worlds) -> str:
    frame = decision.robustness(possible)
    least, count = frame.iloc[0], counted(len(possible.names), "possible world")
    if frame["max_regret_usd_m"].max() == 0:
        return f"In {count} every portfolio is worth the same to today's shareholders."
    if least.max_regret_usd_m == 0:
        text = f"“{least.title}” has the highest mean value in {count}, so it is the course regretted least"
    else:
        text = (
            f"Over {count}, “{least.title}” is the course regretted least: at worst, in “{least.max_regret_world}”, "
            f"{_shortfall(least)} below the portfolio with the highest mean value there"
        )
    stay = frame[frame["portfolio"] == STAY].iloc[0]
    other = (
        "" if least.portfolio == STAY else f", against {_shortfall(stay)} for staying the course, in “{stay.max_regret_world}”"
    )
    relative = frame.sort_values("max_regret_share", kind="stable").iloc[0]
    share = "" if relative.portfolio == least.portfolio else (
        f"; as a share of the highest it is “{relative.title}”, at most {about(relative.max_regret_share, relative.max_regret_share_se, percent)}"
    )  # fmt: skip
    return f"{text}{other}{share}."


def _shortfall(row) -> str:
    return about(row.max_regret_usd_m, row.max_regret_se_usd_m)


def _solvency(frame: pd.DataFrame, run: Run) -> str:
    stay, fewest = _stay(frame), frame.loc[frame["cash_out_share"].idxmin()]
    within = f"{ENTITY} runs out of cash within {counted(run.settings.horizon_months, 'month')}"
    if frame["cash_out_share"].max() == 0:
        return f"In no run of any portfolio {within.replace('runs', 'does', 1).replace(' out', ' run out', 1)}."
    if stay.cash_out_share_best:
        return f"If it stays the course, {within} {runs(stay.cash_out_share)}; no portfolio has fewer such runs by more than the error of sampling."
    return (
        f"If it stays the course, {within} {runs(stay.cash_out_share)}; with “{fewest.title}”, the fewest of all 16 portfolios, "
        f"{runs(fewest.cash_out_share)}, which is {likelihood(fewest.cash_out_share)}."
    )


def _value(frame: pd.DataFrame) -> str:
    highest, stay = frame.iloc[0], _stay(frame)
    if highest.value_mean_usd_m == 0:
        return "No portfolio leaves today's shareholders anything in any run."
    level = int(frame["value_mean_usd_m_best"].sum()) - 1
    alike = f"; {counted(level, 'other portfolio')} cannot be told apart from it" if level else ""
    spread = f"90% of runs: {money(highest.value_p5_usd_m)} to {money(highest.value_p95_usd_m)}"
    best = f"and the best 5% of its runs bring {percent(highest.top_share)} of it"
    against = (
        ""
        if highest.portfolio == STAY
        else f", against {about(stay.value_mean_usd_m, stay.value_mean_usd_m_se)} for staying the course"
    )
    mean = about(highest.value_mean_usd_m, highest.value_mean_usd_m_se)
    return f"The mean value to today's shareholders is highest with “{highest.title}”, {mean} ({spread}){against}, {best}{alike}."


def _worth_knowing(run: Run, tables: Tables) -> Finding:
    perfect, facts = decision.evpi(run), decision.information(run, tables)
    facts = facts[facts["luck"] == "no"]
    if perfect["value"] == 0:
        return Finding(
            "One portfolio has the highest value in every run, so that no fact would change which it is.", "derived", ()
        )
    all_known = (
        f"Knowing every input and chance beforehand would raise the expected value by {about(perfect['value'], perfect['se'])}"
    )
    if facts.empty:
        return Finding(f"{all_known}, all of it chance: every input is set as certain.", "derived", ids(tables, decision.LUCK))
    top = facts.iloc[0]
    if stands_out(top):
        text = f"{all_known}; of single inputs, “{top.input}” is worth most, {about(top.evppi_usd_m, top.se_usd_m)}."
    else:
        text = f"{all_known}, but no single input's worth stands out from the error of sampling."
    return Finding(text, "derived", ids(tables, top["name"]))


def stands_out(row) -> bool:
    return row.evppi_usd_m > 2 * row.se_usd_m and row.evppi_usd_m > 0


def _what_was_done(run: Run, tables: Tables) -> Finding:
    frame = actions.beside(run, tables)
    if frame.empty:
        return Finding("No published outcome can be set beside the levers as they are set here.", "reported", ())
    far, outside = _furthest(frame), int((frame["inside"] == "no").sum())
    count = counted(len(frame), "lever")
    if (frame["set_from_outcome"] == "yes").all():
        text = f"The outcomes published by mid-2026 for {count} agree by construction: this scenario takes them from the same figures."
    elif outside:
        text = (
            f"Of {count} with an outcome published by mid-2026, {outside} {'lies' if outside == 1 else 'lie'} outside the range assumed "
            f"here; furthest off is “{far.lever}” with {done(far)} (in part for xAI with X), against {assumed(far)}."
        )
    else:
        text = f"The outcomes published by mid-2026 for {count} all lie inside the ranges assumed here; furthest off is “{far.lever}” with {done(far)}, against {assumed(far)}."
    return Finding(text, "reported", (*far.refs, *ids(tables, far["name"])))


def assumed(row) -> str:
    central = f"{lever_value(row.central, row.unit)} assumed"
    return (
        central if row.low == row.high else f"{central} ({lever_value(row.low, row.unit)} to {lever_value(row.high, row.unit)})"
    )


def _furthest(frame: pd.DataFrame) -> pd.Series:
    nearest = np.minimum(np.abs(np.log(frame["done_low_times"])), np.abs(np.log(frame["done_high_times"])))
    return frame.loc[nearest.idxmax()]


def _stay(frame: pd.DataFrame) -> pd.Series:
    return frame[frame["portfolio"] == STAY].iloc[0]


def counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


# ---- headings ----
def headings(run: Run, tables: Tables) -> dict[str, str]:
    """Return section id -> heading, a statement that holds for this run."""
    return {
        "levers": _longest_alone(run),
        "portfolios": _dominated(portfolios.compare(run)),
        "regret": _robust(decision.worlds(run, tables)),
        "information": _top_fact(run, tables),
        "actions": _outside(actions.beside(run, tables)),
    }


def _longest_alone(run: Run) -> str:
    lasting, beyond = levers.lasting(run).set_index("portfolio"), f"beyond {counted(run.settings.horizon_months, 'month')}"
    stay, options = lasting.loc[STAY], lasting.drop(index=STAY)
    if np.isinf(stay.runway_p50_months):
        return f"In the median run, cash lasts {beyond} without any option"
    name = options["runway_p50_months"].idxmax()
    longest = options.loc[name]
    before = months(stay.runway_p50_months, stay.runway_p50_se_months)
    after = beyond if np.isinf(longest.runway_p50_months) else months(longest.runway_p50_months, longest.runway_p50_se_months)
    if after == before:
        return f"No single option moves the {before} that cash lasts in the median run"
    return f"In the median run, “{portfolios.title(name)}” alone makes cash last {after} instead of {before}"


def _dominated(frame: pd.DataFrame) -> str:
    count, fewest = int(frame["dominated_by"].notna().sum()), frame.loc[frame["cash_out_share"].idxmin()]
    dominated = f"{count or 'None'} of the 16 portfolios {'is' if count <= 1 else 'are'} dominated by another"
    if _stay(frame).cash_out_share_best:
        return f"{dominated}; none keeps cash for longer more often than staying the course"
    return f"{dominated}; “{fewest.title}” runs out of cash least often"


def _robust(possible: Worlds) -> str:
    least = decision.robustness(possible).iloc[0]
    if least.max_regret_usd_m == 0:
        return f"“{least.title}” has the highest mean value in every world"
    gap = about(least.max_regret_share, least.max_regret_share_se, percent)
    return f"“{least.title}” is regretted least: at worst {gap} below the highest mean value of a world"


def _top_fact(run: Run, tables: Tables) -> str:
    facts = decision.information(run, tables)
    facts = facts[facts["luck"] == "no"]
    if facts.empty or not stands_out(facts.iloc[0]):
        return "No single input stands out as worth knowing"
    return f"The single input most worth knowing: {_lower(facts.iloc[0].input)}"


def _outside(frame: pd.DataFrame) -> str:
    count = int((frame["inside"] == "no").sum())
    if frame.empty:
        return "What was done by mid-2026 has no counterpart among the levers as set here"
    if (frame["set_from_outcome"] == "yes").all():
        return "What was done by mid-2026 is what this scenario assumes"
    if not count:
        return f"What was done by mid-2026 lies inside the assumed range for all {counted(len(frame), 'lever')}"
    return f"What was done by mid-2026 lies outside the assumed range for {count} of {counted(len(frame), 'lever')}"


def _lower(text: str) -> str:
    return text[0].lower() + text[1:]
