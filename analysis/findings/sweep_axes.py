"""Words on the axes of a sweep: which of them the headline depends on, and where solvent turns."""

import numpy as np

from analysis.findings import sweep_names as names
from analysis.findings.numbers import percent
from analysis.findings.sweep_names import at, axis_value, capital, listed, small, unit_of
from analysis.findings.words import Finding
from analysis.inputs import Tables
from analysis.insight import flips as flipping
from analysis.insight import influence, surface, swept
from analysis.insight.portfolios import ERRORS

MOST_SHOWN = 3


def matters(sweep, tables: Tables) -> Finding | None:
    """Return which axes the headline depends on; nothing where no axis varies or the only one has no order."""
    axes = swept.varied(sweep)
    if not axes:
        return None
    if sweep.kind == "sobol":
        text = _inputs_that_matter(sweep) if len(sweep.frame) > 1 else ""
    elif len(axes) == 1:
        text = _along(sweep, axes[0], tables)
    else:
        text = _axes_that_matter(sweep)
    return Finding(text, "derived", names.refs(sweep, tables)) if text else None


def _along(sweep, axis, tables: Tables) -> str:
    """Return how the headline moves along the only axis that varies; steps within two standard errors do not count."""
    found = swept.headline(sweep)
    if not swept.ordered(axis) or not found.beyond:
        return ""
    steps, errors = np.diff(swept.cube(sweep, found.values).ravel()), swept.cube(sweep, found.errors).ravel()
    least = ERRORS * np.hypot(errors[1:], errors[:-1])
    up, down = bool((steps > least).any()), bool((steps < -least).any())
    moves = {(True, False): "rises and never falls", (False, True): "falls and never rises", (True, True): "rises and falls",
             (False, False): "moves"}[up, down]  # fmt: skip
    tail = (
        " by more than two standard errors in a step"
        if up != down
        else ", in no step by more than two standard errors" * (not up)
    )
    first, *_, last = (axis_value(axis, value, tables) for value in swept.values_in_order(axis))
    return f"As {small(axis.label)} goes from {first} to {last}, {names.name(found.metric)} {moves}{tail}."


def _axes_that_matter(sweep) -> str:
    frame, found = surface.effects(sweep), swept.headline(sweep)
    labels = {axis.name: axis.label for axis in sweep.axes}
    if not found.differs:
        return f"None of the {len(frame)} axes moves {names.name(found.metric)}."
    if not frame["clear"].any():
        return f"No axis alone moves {names.name(found.metric)} by more than two standard errors."
    shown = frame[frame["clear"]].head(MOST_SHOWN)
    parts = [f"{small(labels[row.axis])} {_share(row.share)}" for row in shown.itertuples()]
    rest = "the interplay of the axes" if len(shown) == len(frame) else "the other axes and the interplay of all"
    return (
        f"What each axis alone explains of the variance of {names.name(found.metric)} over this grid: {listed(parts)}; "
        f"{_share(max(1 - float(shown['share'].sum()), 0.0))} is left to {rest}."
    )


def _share(share: float) -> str:
    return "less than 1%" if 0 < share < 0.01 else "more than 99%" if 0.99 < share < 1 else percent(share)


def _inputs_that_matter(sweep) -> str:
    frame, found, total = surface.effects(sweep), swept.headline(sweep), len(sweep.axes)
    subject = names.name(found.metric)
    if frame.empty:
        needed = influence.fewest(sweep)
        return f"{len(sweep.frame)} {unit_of(sweep, len(sweep.frame))} are too few to tell which input matters; {needed} are the fewest."
    clear = frame[frame["clear"]]
    least = percent(influence.LEAST, digits=1)
    if found.differs and not found.beyond:
        return ""  # the whole range is within two standard errors: there is nothing to explain
    if clear.empty:
        return f"{capital(counted_inputs(0, total))} explains {least} of the variance of {subject} beyond chance."
    labels = {axis.name: axis.label for axis in sweep.axes}
    parts = [f"{small(labels[row.axis])} {_share(row.share)}" for row in clear.head(MOST_SHOWN).itertuples()]
    more = (
        f"; {len(clear) - len(parts)} more add{'s' if len(clear) - len(parts) == 1 else ''} {least} or more"
        if len(clear) > len(parts)
        else ""
    )
    return f"Of the variance of {subject} over the points, each input adds beyond those before it: {listed(parts)}{more}."


def counted_inputs(count: int, total: int) -> str:
    """Return "none of the 60 inputs", "3 of 60 inputs", "the one input"."""
    if total == 1:
        return "the one input" if count else "not even the one input"
    return f"{count} of {total} inputs" if count else f"none of the {total} inputs"


def where(sweep, tables: Tables) -> Finding | None:
    """Return where solvent turns into not solvent; nothing where it never does."""
    found = swept.solvent(sweep)
    if len(set(found.codes)) < 2:
        return None
    text = _thresholds(sweep, tables) if sweep.kind == "sobol" else _neighbours(sweep, found, tables)
    return Finding(text, "derived", names.refs(sweep, tables))


def _neighbours(sweep, found: swept.States, tables: Tables) -> str:
    frame = flipping.flips(sweep, found)
    clear = frame[frame["clear"].astype(bool)]
    pairs = f"{len(frame)} pairs of neighbouring cases" if len(frame) > 1 else "one pair of neighbouring cases"
    count = "all" if 1 < len(clear) == len(frame) else len(clear) or "none"
    text = f"Solvent or not changes between {pairs}, beyond two standard errors on both sides in {count} of them"
    if len(frame) == 1:
        text = f"Solvent or not changes between {pairs}, {'not ' if clear.empty else ''}beyond two standard errors on both sides"
    if clear.empty:
        return f"{text}."
    row, axis = clear.iloc[0], next(axis for axis in sweep.axes if axis.name == clear.iloc[0]["axis"])
    solvent, out = (row["value"], row["other_value"]) if row["state"] else (row["other_value"], row["value"])
    others = [
        names.at(each, sweep.frame.iloc[row["case"]][each.column], tables) for each in swept.varied(sweep) if each is not axis
    ]
    given = f", with {listed(others)}" if others else ""
    which = "; the nearest" if len(clear) > 1 else "; the clear one" if len(frame) > 1 else ""
    return f"{text}{which}: solvent at {at(axis, solvent, tables)}, out of cash at {axis_value(axis, out, tables)}{given}."


def _thresholds(sweep, tables: Tables) -> str:
    crossings = [each for axis in surface.leading(sweep, MOST_SHOWN, clear=True) for each in flipping.thresholds(sweep, axis)]
    if not crossings:
        return "Along none of the inputs that matter most does the share of solvent points cross a half by more than three standard errors."
    parts = [
        f"at {small(each.axis.label)} near {axis_value(each.axis, each.value, tables, 2)} (between {axis_value(each.axis, each.low, tables, 2)} "
        f"and {axis_value(each.axis, each.high, tables, 2)}; more {'above' if each.rises else 'below'})"
        for each in crossings[:MOST_SHOWN]
    ]
    return f"Half of the points are solvent {listed(parts)}."
