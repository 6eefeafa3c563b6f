"""Words of the strategic-options page: findings and headings, all computed from a run.

Value, cash and ownership are those of xAI without X, as modelled; no sentence says what ought to be done.
"""

import numpy as np
import pandas as pd

from analysis.findings.cost_names import PERIMETERS
from analysis.findings.numbers import about, likelihood, money, months, percent, runs
from analysis.findings.refs import ids
from analysis.findings.strategic_tables import assumed, done
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
    frame, count = decision.robustness(possible), counted(len(possible.names), "possible world")
    least, stay = frame.iloc[0], _stay(frame)
    if frame["max_regret_usd_m"].max() == 0:
        return f"In {count} every portfolio is worth the same to today's shareholders."
    if least.max_regret_usd_m == 0:
        other = f"; staying the course is worth up to {_shortfall(stay)} less, in “{stay.max_regret_world}”"
        other = "" if least.portfolio == STAY else other
        return f"“{least.title}” has the highest mean value in each of {count} and is the course regretted least{other}."
    against = f", against {_shortfall(stay)} for staying the course, in “{stay.max_regret_world}”"
    against = "" if least.portfolio == STAY else against
    relative = frame.sort_values("max_regret_share", kind="stable").iloc[0]
    other = f". As a share of the highest mean, “{relative.title}” is regretted least, at most {_share(relative)}"
    other = "" if relative.portfolio == least.portfolio else other
    return (
        f"Over {count}, “{least.title}” is the course regretted least: at worst, in “{least.max_regret_world}”, it is worth "
        f"{_shortfall(least)} less than the portfolio with the highest mean value there{against}{other}."
    )


def _shortfall(row: pd.Series) -> str:
    return about(row.max_regret_usd_m, row.max_regret_se_usd_m)


def _share(row: pd.Series) -> str:
    return about(row.max_regret_share, row.max_regret_share_se, percent)


def _solvency(frame: pd.DataFrame, run: Run) -> str:
    stay, fewest = _stay(frame), frame.loc[frame["cash_out_share"].idxmin()]
    horizon = counted(run.settings.horizon_months, "month")
    if frame["cash_out_share"].max() == 0:
        return f"Under no portfolio does {ENTITY} run out of cash within {horizon} in any run."
    course = f"If it stays the course, {ENTITY} runs out of cash within {horizon} {runs(stay.cash_out_share)}"
    if stay.cash_out_share_best:
        return f"{course}; under no portfolio does it in fewer, beyond the error of sampling."
    return (
        f"{course}; with “{fewest.title}”, the fewest of all 16 portfolios, it does {runs(fewest.cash_out_share)}, "
        f"which is {likelihood(fewest.cash_out_share)}."
    )


def _value(frame: pd.DataFrame) -> str:
    highest, stay = frame.iloc[0], _stay(frame)
    if highest.value_mean_usd_m == 0:
        return "No portfolio leaves today's shareholders anything in any run."
    level = int(frame["value_mean_usd_m_best"].sum()) - 1
    alike = f" ({counted(level, 'other portfolio')} cannot be told apart from it)" if level else ""
    against = f", against {_mean(stay)} for staying the course"
    broke = f", and {runs(highest.cash_out_share)} cash is used up, where a part of the value is assumed to be kept"
    broke = broke if highest.cash_out_share else ""
    return (
        f"The mean value to today's shareholders of {ENTITY} is highest with “{highest.title}”{alike}: {_mean(highest)} "
        f"(90% of runs: {money(highest.value_p5_usd_m)} to {money(highest.value_p95_usd_m)})"
        f"{'' if highest.portfolio == STAY else against}, before debt; the best 5% of its runs bring {percent(highest.top_share)} of "
        f"that mean{broke}."
    )


def _mean(row: pd.Series) -> str:
    return about(row.value_mean_usd_m, row.value_mean_usd_m_se)


def _worth_knowing(run: Run, tables: Tables) -> Finding:
    perfect, facts = decision.evpi(run), _facts(run, tables)
    if perfect["value"] == 0:
        return Finding(
            "One portfolio has the highest value in every run, so that no fact would change which it is.", "derived", ()
        )
    known = (
        f"Knowing every input and chance beforehand would raise the expected value by {about(perfect['value'], perfect['se'])}"
    )
    if facts.empty:
        return Finding(f"{known}, all of it chance, since every input is certain here.", "derived", ids(tables, decision.LUCK))
    top = facts.iloc[0]
    if top.clear == "no":
        text = f"{known}, but what a single input is worth does not stand out from the error of sampling for any of them."
        return Finding(text, "derived", ids(tables, *VALUED))
    text = f"{known}; of single inputs, “{top.input}” is worth most, {about(top.evppi_usd_m, top.se_usd_m)}."
    return Finding(text, "derived", ids(tables, top["name"]))


def _facts(run: Run, tables: Tables) -> pd.DataFrame:
    frame = decision.information(run, tables)
    return frame[frame["luck"] == "no"]


def _what_was_done(run: Run, tables: Tables) -> Finding:
    frame = actions.beside(run, tables)
    if frame.empty:
        return Finding("No outcome published by mid-2026 can be set beside the levers as they are set here.", "reported", ())
    far, outside, count = _furthest(frame), int((frame["inside"] == "no").sum()), counted(len(frame), "lever")
    whose = PERIMETERS[tables.evidence.loc[far.refs[0], "perimeter"]]
    furthest = f"furthest off is “{far.lever}”: {done(far)} ({whose}), against {assumed(far)}"
    if (frame["set_from_outcome"] == "yes").all():
        text = f"What was agreed by mid-2026 agrees with the {count} compared by construction: this scenario is set from those figures."
    elif outside:
        lie = "lies" if outside == 1 else "lie"
        text = f"Of {count} with an outcome published by mid-2026, {outside} {lie} outside the range assumed here; {furthest}."
    else:
        text = f"The outcomes published by mid-2026 for {count} lie inside the ranges assumed here; {furthest}."
    return Finding(text, "derived", (*far.refs, *ids(tables, far["name"])))


def _furthest(frame: pd.DataFrame) -> pd.Series:
    nearest = np.minimum(np.abs(np.log(frame["done_low_times"])), np.abs(np.log(frame["done_high_times"])))
    return frame.loc[nearest.idxmax()]


def _stay(frame: pd.DataFrame) -> pd.Series:
    return frame[frame["portfolio"] == STAY].iloc[0]


def counted(count: int, noun: str) -> str:
    """Return a number with its noun, "1 world", "5 worlds"."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def price(run: Run, tables: Tables) -> list[Finding]:
    """Return what the portfolio regretted least costs in this page's own world, and in which worlds it falls short."""
    possible, frame = decision.worlds(run, tables), portfolios.compare(run)
    least = decision.robustness(possible).iloc[0]
    row, highest = frame[frame["portfolio"] == least.portfolio].iloc[0], frame.iloc[0]
    matrix = decision.regret_matrix(possible)
    own = matrix[(matrix["portfolio"] == least.title) & (matrix["regret_share"] > decision.NEAR)]
    against = "the highest of all" if row.portfolio == highest.portfolio else f"against {_mean(highest)} with “{highest.title}”"
    worlds = ", ".join(f"“{world}”" for world in own["world"])
    short = (
        f"It is more than 10% below the highest mean in {worlds}."
        if worlds
        else "It is within 10% of the highest mean in every world."
    )
    return [
        Finding(
            f"In this page's world, “{least.title}” has a mean value of {_mean(row)}, {against}; it runs out of cash "
            f"{runs(row.cash_out_share)} and leaves today's shareholders {percent(row.ownership_mean_share)} of the company on average.",
            "derived",
            ids(tables, "dilution_per_round", *VALUED),
        ),
        Finding(short, "derived", ids(tables, *VALUED)),
    ]


# ---- headings ----
def headings(run: Run, tables: Tables) -> dict[str, str]:
    """Return section id -> heading, a statement that holds for this run."""
    return {
        "levers": _longest_alone(run),
        "portfolios": _dominated(portfolios.compare(run)),
        "regret": _robust(decision.worlds(run, tables)),
        "information": _top_fact(_facts(run, tables)),
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
    if after == before or longest.runway_p50_months <= stay.runway_p50_months:
        return f"No single option makes cash last longer than {before} in the median run"
    return f"In the median run, “{portfolios.title(name)}” alone makes cash last {after} instead of {before}"


def _dominated(frame: pd.DataFrame) -> str:
    count, fewest = int(frame["dominated_by"].notna().sum()), frame.loc[frame["cash_out_share"].idxmin()]
    dominated = f"{count or 'None'} of the 16 portfolios {'is' if count == 1 else 'are'} dominated by another"
    if _stay(frame).cash_out_share_best:
        return f"{dominated}; none runs out of cash less often than staying the course"
    return f"{dominated}; “{fewest.title}” runs out of cash least often"


def _robust(possible: Worlds) -> str:
    frame = decision.robustness(possible)
    least = frame.iloc[0]
    if frame["max_regret_usd_m"].max() == 0:
        return "All portfolios are worth the same in every world"
    if least.max_regret_usd_m == 0:
        return f"“{least.title}” has the highest mean value in every world"
    return f"“{least.title}” is regretted least: at worst {_share(least)} below the highest mean value of a world"


def _top_fact(facts: pd.DataFrame) -> str:
    if facts.empty or facts.iloc[0].clear == "no":
        return "No single input stands out as worth knowing"
    label = facts.iloc[0].input
    return f"The single input most worth knowing: {label[0].lower()}{label[1:]}"


def _outside(frame: pd.DataFrame) -> str:
    count = int((frame["inside"] == "no").sum())
    if frame.empty:
        return "What was agreed by mid-2026 has no counterpart among the levers as set here"
    if (frame["set_from_outcome"] == "yes").all():
        return "What was agreed by mid-2026 is what this scenario is set from"
    if not count:
        return f"What was agreed by mid-2026 lies inside the assumed range for all {counted(len(frame), 'lever')} compared"
    return f"What was agreed by mid-2026 lies outside the assumed range for {count} of {counted(len(frame), 'lever')} compared"
