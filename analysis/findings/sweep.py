"""Words of a sweep: findings and headings that hold for any grid and any set of Sobol points."""

import numpy as np

from analysis.findings import sweep_names as names
from analysis.findings.numbers import percent
from analysis.findings.refs import ids
from analysis.findings.sweep_names import at, axis_value, capital, counted, listed, small, state, unit_of
from analysis.findings.words import Finding
from analysis.inputs import Tables
from analysis.insight import flips as flipping
from analysis.insight import influence, surface, swept
from analysis.insight.portfolios import ERRORS
from analysis.insight.portfolios import title as portfolio_title

MOST_SHOWN = 3


def findings(sweep, tables: Tables) -> list[Finding]:
    """Return at most five findings; the first says what range the headline takes."""
    found = [
        answer(sweep, tables),
        solvency(sweep, tables),
        matters(sweep, tables),
        where(sweep, tables),
        portfolios(sweep, tables),
    ]
    return [finding for finding in found if finding is not None]


def headings(sweep, tables: Tables) -> dict[str, str]:
    """Return section id -> heading, a statement that holds for this sweep."""
    edges = surface.edges(sweep)
    return {
        "surface": capital(range_of(sweep)),
        "flips": _flips_heading(sweep),
        "edges": f"{len(edges)} {unit_of(sweep, len(edges))} at the edge" if len(edges) else "No answer flips: the extremes",
    }


def answer(sweep, tables: Tables) -> Finding:
    """Return the range of the headline, with the cases at its ends."""
    found = swept.headline(sweep)
    text = range_of(sweep)
    if _beyond_noise(found):
        low, high = int(found.values.argmin()), int(found.values.argmax())
        text += f"; lowest in {names.case_text(sweep, low, tables)}, highest in {names.case_text(sweep, high, tables)}"
        text += _ties(found, low, high)
    return Finding(f"{capital(text)}.", "derived", names.refs(sweep, tables))


def range_of(sweep) -> str:
    """Return the range of the headline over the cases, as a sentence without its end."""
    found, total = swept.headline(sweep), len(sweep.frame)
    low, high = (names.of_case(sweep, found, int(place)) for place in (found.values.argmin(), found.values.argmax()))
    subject = names.name(found.metric)
    if total == 1:
        return f"in the one {unit_of(sweep, 1)}, {subject} is {low}"
    if not found.differs:
        return f"{subject} is {low} in all {total:,} {unit_of(sweep)}"
    if not _beyond_noise(found):
        return f"{subject} differs by no more than two standard errors over {total:,} {unit_of(sweep)}"
    if low == high:
        return f"{subject} is about {low} in all {total:,} {unit_of(sweep)}"
    return f"{subject} goes from {low} to {high} over {total:,} {unit_of(sweep)}"


def _ties(found: swept.Headline, low: int, high: int) -> str:
    ends = [int((found.values == found.values[case]).sum()) for case in (low, high)]
    more = [f"{count - 1:,} more at the {end}" for count, end in zip(ends, ("lowest", "highest"), strict=True) if count > 1]
    return f" ({listed(more)})" if more else ""


def _beyond_noise(found: swept.Headline) -> bool:
    return found.differs and np.ptp(found.values) > ERRORS * np.sqrt(2) * found.error


def solvency(sweep, tables: Tables) -> Finding:
    """Return in how many cases the median run keeps cash to the horizon, and in how many that is level."""
    found, total = swept.solvent(sweep), len(sweep.frame)
    count, level = found.count(True), int((~found.clear).sum())
    text = f"The median run keeps cash to the horizon in {counted(sweep, count)}"
    if not count:
        text += f"; {_least(sweep)}"
    if level:
        which = "there" if total == 1 else f"in {level:,} of them" if count == total else f"in {level:,} {unit_of(sweep, level)}"
        text += f"; {which} the share of runs that run out is within two standard errors of a half"
    return Finding(f"{text}.", "derived", names.refs(sweep, tables))


def _least(sweep) -> str:
    share, error = (sweep.frame[name].to_numpy(dtype=float) for name in (swept.OUT, f"{swept.OUT}_se"))
    case = int(share.argmin())
    if share[case] == 1:
        return "every run runs out"
    text = f"{percent(share[case], error[case])} of the runs run out"
    return text if len(share) == 1 else f"the fewest that run out in any of them are {text.removesuffix(' run out')}"


def matters(sweep, tables: Tables) -> Finding | None:
    """Return which axes the headline depends on; nothing where no axis varies or the only one has no order."""
    axes = swept.varied(sweep)
    if not axes:
        return None
    if sweep.kind == "sobol":
        text = _inputs_that_matter(sweep)
    elif len(axes) == 1:
        text = _along(sweep, axes[0], tables)
    else:
        text = _axes_that_matter(sweep)
    return Finding(text, "derived", names.refs(sweep, tables)) if text else None


def _along(sweep, axis, tables: Tables) -> str:
    """Return how the headline moves along the only axis that varies; steps within two standard errors do not count."""
    found = swept.headline(sweep)
    if not swept.ordered(axis) or not _beyond_noise(found):
        return ""
    steps = np.diff(swept.cube(sweep, found.values).ravel())
    least = ERRORS * np.sqrt(2) * found.error
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
        needed = 2 * influence.PER_BIN
        return f"{len(sweep.frame)} {unit_of(sweep, len(sweep.frame))} are too few to tell which input matters; {needed} are the fewest."
    clear = frame[frame["clear"]]
    least = percent(influence.LEAST)
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
    pairs = f"{len(frame)} pair{'' if len(frame) == 1 else 's'} of neighbouring cases"
    text = f"Solvent or not changes between {pairs}, beyond two standard errors on both sides in {len(clear) or 'none'} of them"
    if clear.empty:
        return f"{text}."
    row, axis = clear.iloc[0], next(axis for axis in sweep.axes if axis.name == clear.iloc[0]["axis"])
    solvent, out = (row["value"], row["other_value"]) if row["state"] else (row["other_value"], row["value"])
    others = [
        names.at(each, sweep.frame.iloc[row["case"]][each.column], tables) for each in swept.varied(sweep) if each is not axis
    ]
    given = f", with {listed(others)}" if others else ""
    which = "the nearest" if len(clear) > 1 else "there"
    return f"{text}; {which}: solvent at {at(axis, solvent, tables)}, out of cash at {axis_value(axis, out, tables)}{given}."


def _thresholds(sweep, tables: Tables) -> str:
    crossings = [each for axis in surface.leading(sweep, MOST_SHOWN, clear=True) for each in flipping.thresholds(sweep, axis)]
    if not crossings:
        return "Along none of the inputs that matter most does the share of solvent points cross a half by more than two standard errors."
    parts = [
        f"at {small(each.axis.label)} near {axis_value(each.axis, each.value, tables, 2)} (between {axis_value(each.axis, each.low, tables, 2)} "
        f"and {axis_value(each.axis, each.high, tables, 2)}; more {'above' if each.rises else 'below'})"
        for each in crossings[:MOST_SHOWN]
    ]
    return f"Half of the points are solvent {listed(parts)}."


def portfolios(sweep, tables: Tables) -> Finding | None:
    """Return which portfolios are best beyond two standard errors, and in how many cases; a smaller lead is level."""
    if not swept.has_portfolios(sweep):
        return None
    found, total = swept.portfolio(sweep), len(sweep.frame)
    clear = {name: found.count(name, clear=True) for name in found.names if found.count(name, clear=True)}
    level = int((~found.clear).sum())
    if not clear:
        text = f"The two best portfolios by mean value are level (within two standard errors) in {counted(sweep, total)}"
    else:
        ranked = sorted(clear, key=lambda name: (-clear[name], name))
        shown = [f"{state(swept.PORTFOLIO, name)} in {counted(sweep, clear[name])}" for name in ranked[:MOST_SHOWN]]
        more = f"; {len(ranked) - MOST_SHOWN} more in others" if len(ranked) > MOST_SHOWN else ""
        text = f"By mean value, beyond two standard errors, the best portfolio is {listed(shown)}{more}"
        text += f"; in {level:,} {unit_of(sweep, level)} the two best are level" if level else ""
    return Finding(f"{text}.", "assumed", ids(tables, "exit_revenue_multiple", "discount_rate_per_year"))


def _flips_heading(sweep) -> str:
    found = swept.solvent(sweep)
    count, total = found.count(True), len(sweep.frame)
    text = f"Solvent in {counted(sweep, count)}"
    if not swept.has_portfolios(sweep):
        return text
    best = swept.portfolio(sweep)
    clear = [name for name in best.names if best.count(name, clear=True)]
    if len(clear) == 1 and best.count(clear[0], clear=True) == total:
        return f"{text}; “{portfolio_title(clear[0])}” is best throughout"
    if not clear:
        return f"{text}; no portfolio is clearly best anywhere"
    return f"{text}; {len(clear)} portfolio{'' if len(clear) == 1 else 's'} clearly best somewhere"
