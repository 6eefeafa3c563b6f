"""Words of a sweep: findings and headings that hold for any grid and any set of Sobol points."""

from analysis.findings import sweep_names as names
from analysis.findings.numbers import percent
from analysis.findings.refs import ids
from analysis.findings.sweep_axes import MOST_SHOWN, matters, where
from analysis.findings.sweep_names import capital, counted, listed, state, unit_of
from analysis.findings.words import Finding
from analysis.inputs import Tables
from analysis.insight import surface, swept
from analysis.insight.portfolios import title as portfolio_title


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
    return {
        "surface": capital(range_of(sweep)),
        "flips": _flips_heading(sweep),
        "edges": _edges_heading(sweep, surface.edges(sweep)),
    }


def answer(sweep, tables: Tables) -> Finding:
    """Return the range of the headline, with the cases at its ends."""
    found = swept.headline(sweep)
    text = range_of(sweep)
    if found.beyond:
        low, high = found.ends
        text += f"; lowest in {names.case_text(sweep, low, tables)}, highest in {names.case_text(sweep, high, tables)}"
        text += _ties(found, low, high)
    return Finding(f"{capital(text)}.", "derived", names.refs(sweep, tables))


def range_of(sweep) -> str:
    """Return the range of the headline over the cases, as a sentence without its end."""
    found, total = swept.headline(sweep), len(sweep.frame)
    low, high = (names.of_case(sweep, found, place) for place in found.ends)
    subject = names.name(found.metric)
    if total == 1:
        return f"in the one {unit_of(sweep, 1)}, {subject} is {low}"
    if not found.differs:
        return f"{subject} is {low} in {counted(sweep, total)}"
    if not found.beyond:
        return f"{subject} differs by no more than two standard errors over {total:,} {unit_of(sweep)}"
    if low == high:
        return f"{subject} is about {low} in {counted(sweep, total)}"
    return f"{subject} goes from {low} to {high} over {total:,} {unit_of(sweep)}"


def _ties(found: swept.Headline, low: int, high: int) -> str:
    ends = [int((found.values == found.values[case]).sum()) for case in (low, high)]
    more = [f"{count - 1:,} more at the {end}" for count, end in zip(ends, ("lowest", "highest"), strict=True) if count > 1]
    return f" ({listed(more)} value)" if more else ""


def solvency(sweep, tables: Tables) -> Finding:
    """Return in how many cases the median run keeps cash to the horizon, and in how many that is level."""
    found, total = swept.solvent(sweep), len(sweep.frame)
    count, level = found.count(True), int((~found.clear).sum())
    text = f"The median run keeps cash to the horizon in {counted(sweep, count)}"
    if total == 1:
        text = f"The median run {'keeps' if count else 'does not keep'} cash to the horizon"
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


def _edges_heading(sweep, edges) -> str:
    if len(sweep.frame) == 1:
        return f"The one {unit_of(sweep, 1)}, as a command"
    return f"The {unit_of(sweep)} nearest to a flip, as commands" if len(edges) else "No answer flips: the extremes, as commands"


def _flips_heading(sweep) -> str:
    found = swept.solvent(sweep)
    count, total = found.count(True), len(sweep.frame)
    text = (
        f"Solvent in {counted(sweep, count)}" if total > 1 else f"The one {unit_of(sweep, 1)} is {'' if count else 'not '}solvent"
    )
    if not swept.has_portfolios(sweep):
        return text
    best = swept.portfolio(sweep)
    clear = [name for name in best.names if best.count(name, clear=True)]
    if len(clear) == 1 and best.count(clear[0], clear=True) == total:
        return f"{text}; “{portfolio_title(clear[0])}” is best throughout"
    if not clear:
        return f"{text}; no portfolio is clearly best anywhere"
    return f"{text}; {len(clear)} portfolio{'' if len(clear) == 1 else 's'} clearly best somewhere"
