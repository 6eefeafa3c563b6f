"""Tables of a sweep's page as readers see them: which axes matter, where answers flip, the cases at the edge."""

import numpy as np
import pandas as pd

from analysis.findings import sweep_names as names
from analysis.findings.numbers import percent
from analysis.findings.sweep_names import axis_value, state, unit_of
from analysis.inputs import Tables
from analysis.insight import flips as flipping
from analysis.insight import surface, swept

MOST_INPUTS, MOST_STEPS, MOST_TELLING = 10, 4, 8
LONG = 300  # letters of a command


def effects(sweep, tables: Tables) -> pd.DataFrame:
    """Return which axes matter: share of the variance, lowest and highest mean of the headline along it, beyond errors."""
    found, by_name = swept.headline(sweep), {axis.name: axis for axis in sweep.axes}
    digits = 3 if sweep.kind == "sobol" else 10
    rows = [
        [
            by_name[row.axis].label,
            percent(row.share) if row.share >= 0.01 else "below 1%",
            *(
                f"{names.value(found.metric, mean, float(np.median(found.errors)))} at {axis_value(by_name[row.axis], place, tables, digits)}"
                for mean, place in ((row.low, row.low_at), (row.high, row.high_at))
            ),
            "yes" if row.clear else "no",
        ]
        for row in surface.effects(sweep).head(MOST_INPUTS).itertuples()
    ]
    return pd.DataFrame(rows, columns=["Axis", "Share of variance", "Lowest mean", "Highest mean", "Clear"], dtype=object)


def effects_caption(sweep) -> str:
    """Return the caption of the table of effects."""
    found = swept.headline(sweep)
    text = f"What each axis explains of the variance of {names.name(found.metric)}"
    if sweep.kind == "sobol":
        more = f", the first {MOST_INPUTS} of {len(sweep.axes)}" if len(sweep.axes) > MOST_INPUTS else ""
        text += f" beyond those above it{more}. Clear: beyond chance and 2% or more"
    else:
        text += " over this grid by itself. Clear: the two means differ by more than two standard errors"
    return text + ("; never counts as the horizon" if found.capped.any() else "")


def flip_rows(sweep, tables: Tables) -> pd.DataFrame:
    """Return per answer and axis: between which values a clear answer gives way to another, how often, and all changes."""
    rows = []
    for found in swept.states(sweep):
        changes, crossings = flipping.flips(sweep, found), flipping.crossings(sweep, found)
        for axis in swept.varied(sweep):
            count = int((changes["axis"] == axis.name).sum())
            own = crossings[crossings["axis"] == axis.name]
            what = "Best portfolio" if found.what == swept.PORTFOLIO else "Solvent or not"
            if count:
                rows.append([what, axis.label, _steps(own, axis, tables), f"{len(own):,}", f"{count:,}"])
    return pd.DataFrame(rows, columns=["What changes", "Along", "Clearly between", "Clear changes", "All changes"], dtype=object)


def _steps(crossings: pd.DataFrame, axis, tables: Tables) -> str:
    counts = crossings.groupby(["value", "other_value"], sort=False).size().sort_values(ascending=False, kind="stable")
    parts = [
        f"{axis_value(axis, low, tables)} and {axis_value(axis, high, tables)} ({count:,})"
        for (low, high), count in counts.head(MOST_STEPS).items()
    ]
    more = f"; {len(counts) - MOST_STEPS} more" if len(counts) > MOST_STEPS else ""
    return f"{'; '.join(parts)}{more}" if parts else "nowhere"


def telling(sweep, tables: Tables) -> pd.DataFrame:
    """Return the most telling cases: case, why, its values on the axes, headline, answers."""
    found, edges = swept.headline(sweep), surface.edges(sweep)
    rows = []
    for case in surface.telling(sweep, MOST_TELLING):
        own = edges[edges["case"] == case]
        why = "; ".join(_why(sweep, row) for row in own.itertuples()) or _extreme(found, case)
        values = names.case_values(sweep, case, tables)
        rows.append(
            [str(case), why, names.capital(values) or "As the base", names.of_case(sweep, found, case), _answers(sweep, case)]
        )
    measure = names.capital(names.name(found.metric))
    return pd.DataFrame(rows, columns=["Case", "Why it is shown", "Where it lies", measure, "Answers"], dtype=object)


def _why(sweep, row) -> str:
    what = "Best portfolio" if row.what == swept.PORTFOLIO else "Solvent or not"
    if row.other >= 0:
        return (
            f"{what} changes next door, in case {row.other} ({state(row.what, row.other_state)}{'' if row.clear else '; level'})"
        )
    near = f", ahead of {state(row.what, row.other_state)}" if row.what == swept.PORTFOLIO else ""
    return f"{what} is close{near}{'' if row.clear else ' (level)'}"


def _extreme(found: swept.Headline, case: int) -> str:
    if not found.differs:
        return "One of the cases"
    if found.values[case] == found.values.max():
        return "Highest headline"
    return "Lowest headline" if found.values[case] == found.values.min() else "Near an extreme of the headline"


def _answers(sweep, case: int) -> str:
    parts = [
        state(found.what, found.names[found.codes[case]]) + ("" if found.clear[case] else " (level)")
        for found in swept.states(sweep)
    ]
    return names.capital("; ".join(parts))


def commands(sweep) -> list[tuple[int, str]]:
    """Return (case, command) for the full reports of the most telling cases."""
    return [(case, surface.command(sweep, case)) for case in surface.telling(sweep, MOST_TELLING)]


def flips_caption() -> str:
    """Return the caption of the table of flips."""
    return (
        "Where an answer changes along an axis, all else equal. Clear: from a case with a clear answer to the next one with another, "
        "the cases between them being level; all: between neighbours, level or not"
    )


def telling_caption(sweep) -> str:
    """Return the caption of the table of telling cases."""
    return f"The most telling {unit_of(sweep)}: those nearest to a flip of each kind first, then the extremes. Level: within two standard errors"


def methods(sweep) -> list[str]:
    """Return what a sweep's page says on its methods before what every page says."""
    points = [SWEEPING["certain"], SWEEPING["solvent"], SWEEPING["level"]]
    points += [SWEEPING["grid" if sweep.kind == "grid" else "sobol"]]
    points += [SWEEPING["never"]] if swept.headline(sweep).capped.any() else []
    return points


SWEEPING = {
    "certain": "A value on an axis makes that input certain in its case; all other inputs keep their ranges. Every case uses the same draws, "
    "so that neighbours differ by the axis and not by chance.",
    "solvent": "Solvent means that the median run never runs out of cash within the horizon, with no money after the funding already "
    "committed.",
    "level": "Two portfolios are level when the lead of the better one is within two standard errors of their paired difference; solvent or "
    "not is level when the share of runs that run out is within two standard errors of a half. A change is clear when neither side is level.",
    "grid": "Shares of the variance hold for this grid: a wider axis matters more. What the axes explain together and not alone is their interplay.",
    "sobol": "Sobol points spread over the inputs' own ranges. Few points in many dimensions are not even over every pair of inputs, so "
    "one input can be lent the influence of another: inputs are taken in turn, each for what it adds, and less than 2% is not named.",
    "never": "Where the headline is never reached within the horizon it counts as the horizon in means and shares of the variance, which "
    "understates how far such cases lie from the others.",
}
