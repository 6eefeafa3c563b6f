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
    """Return per answer and axis: between which neighbouring values it changes clearly, in how many pairs of cases, and in how many at all."""
    by_name, rows = {axis.name: axis for axis in sweep.axes}, []
    for found in swept.states(sweep):
        steps = _by_step(flipping.flips(sweep, found), by_name)
        for axis in swept.varied(sweep):
            own = [(key, part) for key, part in steps if key[0] == axis.name]
            clear = {key[1:]: int(part["clear"].astype(bool).sum()) for key, part in own}
            what = "Best portfolio" if found.what == swept.PORTFOLIO else "Solvent or not"
            where = _steps({ends: count for ends, count in clear.items() if count}, axis, tables)
            if own:
                rows.append([what, axis.label, where, sum(clear.values()), sum(len(part) for _, part in own)])
    return pd.DataFrame(rows, columns=["What changes", "Along", "Clearly between", "Clear pairs", "All pairs"], dtype=object)


def _steps(clear: dict[tuple, int], axis, tables: Tables) -> str:
    shown = sorted(clear, key=clear.get, reverse=True)[:MOST_STEPS]
    parts = [
        f"{' and '.join(axis_value(axis, end, tables) for end in ends)} ({clear[ends]:,})" for ends in clear if ends in shown
    ]
    more = f"; {len(clear) - len(shown)} more steps" if len(clear) > len(shown) else ""
    return f"{'; '.join(parts)}{more}" if parts else "nowhere"


def _by_step(frame: pd.DataFrame, by_name: dict) -> list:
    """Return (axis, lower value, higher value) -> flips, in the order of the axis."""
    steps: dict[tuple, list[int]] = {}
    for place, row in enumerate(frame.itertuples()):
        order = swept.values_in_order(by_name[row.axis]).index
        ends = sorted((row.value, row.other_value), key=order)
        steps.setdefault((row.axis, *ends), []).append(place)
    axes = list(by_name)
    ranked = sorted(
        steps, key=lambda key: (axes.index(key[0]), *(swept.values_in_order(by_name[key[0]]).index(end) for end in key[1:]))
    )
    return [(key, frame.iloc[steps[key]]) for key in ranked]


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
