"""Words of a sweep's figures, and which figure shows it."""

from analysis.findings import sweep_names as names
from analysis.findings.refs import ids
from analysis.findings.sweep import range_of
from analysis.findings.sweep_axes import MOST_SHOWN
from analysis.findings.sweep_frames import map_axes, panels
from analysis.findings.sweep_names import capital, counted, listed, small, state, unit_of
from analysis.findings.words import Words
from analysis.inputs import Tables
from analysis.insight import surface, swept

MAP, LINES, ROWS, EFFECTS, NONE = "map", "lines", "rows", "effects", "none"
HORIZON = "A value that is never reached stands at the horizon"


def chart_of(sweep) -> str:
    """Return which chart shows the headline of this sweep."""
    if sweep.kind == "sobol":
        return EFFECTS if not surface.effects(sweep).empty else NONE
    axes = swept.varied(sweep)
    return MAP if len(axes) > 1 else LINES if axes and swept.ordered(axes[0]) else ROWS


def words(sweep, tables: Tables) -> Words:
    """Return the words of the figure of the headline."""
    chart, found = chart_of(sweep), swept.headline(sweep)
    subtitle, note = {MAP: _of_map, LINES: _of_lines, ROWS: _of_lines, EFFECTS: _of_effects}[chart](sweep, tables)
    low, high = found.ends
    headline = _headline(sweep, found, low, high)
    shows = f"{capital(range_of(sweep))}; lowest in {names.case_text(sweep, low, tables)}, highest in {names.case_text(sweep, high, tables)}"
    never = f" {HORIZON}." if found.capped.any() and chart in (MAP, EFFECTS) else ""
    return Words(
        headline,
        f"{capital(names.name(found.metric))}, xAI without X, {subtitle}",
        f"{note}{never}",
        shows,
        "derived",
        names.refs(sweep, tables),
    )


def _headline(sweep, found: swept.Headline, low: int, high: int) -> str:
    ends = [names.of_case(sweep, found, case) for case in (low, high)]
    total = counted(sweep, len(sweep.frame))
    if found.differs and not found.beyond:
        return f"Within two standard errors of each other in {total}"
    return f"{capital(ends[0])} in {total}" if ends[0] == ends[1] else f"From {ends[0]} to {ends[1]} over {total}"


def _of_map(sweep, tables: Tables) -> tuple[str, str]:
    across, up = map_axes(sweep)
    others = [small(axis.label) for axis in swept.varied(sweep) if axis not in (across, up)]
    solvent = swept.solvent(sweep).count(True)
    notes = ["Darker is more."]
    notes += ["“never” or ∞: not within the horizon."] if swept.headline(sweep).capped.any() else []
    if solvent:
        rule = " in more than half of the cases behind it" if others else ""
        notes.append(f"A dot marks a cell where the median run keeps cash to the horizon{rule}.")
    if 0 < solvent < len(sweep.frame):
        notes.append("The thick line parts cells with a dot from cells without.")
    behind = f", mean over {listed(others)}" if others else ""
    return f"by {small(across.label)} (across) and {small(up.label)} (up){behind}", f"{' '.join(notes)}{_thinned(across, up)}"


def _thinned(*axes) -> str:
    few = [small(axis.label) for axis in axes if len(surface.drawn(axis)) < len(axis.values)]
    return f" Not every value of {listed(few)} is drawn; the findings count all." if few else ""


def _of_lines(sweep, tables: Tables) -> tuple[str, str]:
    found, axes = swept.headline(sweep), swept.varied(sweep)
    line = bool(axes) and swept.ordered(axes[0])
    notes = ["Dot: median run." if names.is_median(found.metric) else "Dot: share of runs."]
    notes += [f"{'Band' if line else 'Bar'}: the middle 90% of runs."] if swept.column_of(sweep, found.metric, "p5") else []
    notes += (
        ["What is never reached ends at the top." if line else "An arrow leads beyond the horizon."] if found.capped.any() else []
    )
    turns = 0 < swept.solvent(sweep).count(True) < len(sweep.frame)
    notes += ["A dotted upright line stands between two values where solvent turns."] if line and turns else []
    return f"by {small(axes[0].label)}" if axes else "in one case", " ".join(notes)


def _of_effects(sweep, tables: Tables) -> tuple[str, str]:
    shown = [small(axis.label) for axis in panels(sweep)]
    return (
        f"over {len(sweep.frame):,} Sobol points, by {listed(shown)}",
        "Line: median of the points in a bin of the input; band: the middle 90% of these points, which differ in all other inputs too.",
    )


def portfolio_words(sweep, tables: Tables) -> Words:
    """Return the words of the map of best portfolios."""
    axes = map_axes(sweep) if len(swept.varied(sweep)) > 1 else tuple(swept.varied(sweep))
    by_name = {axis.name: axis for axis in sweep.axes}
    at = [names.at(by_name[name], value, tables) for name, value in surface.middle(sweep, axes).items()]
    where = f", at {listed(at)}" if at else ""
    return _portfolio_words(sweep, tables, f"by {listed([small(axis.label) for axis in axes])}{where}",
                            "Letters name the options: R raise capital, P partner, F focus, X integrate X; a dash is staying the course. Hatched: level, "
                            f"the lead is within two standard errors. The thick line parts different best portfolios.{_thinned(*axes)}")  # fmt: skip


def share_words(sweep, axis, tables: Tables) -> Words:
    """Return the words of the matrix of best portfolios over bins of an input."""
    return _portfolio_words(sweep, tables, f"per cent of {unit_of(sweep)} in each bin of {small(axis.label)}",
                            "Every bin holds the same number of points, which differ in all other inputs too. Columns add up to 100 but for "
                            "rounding. Level: the lead of the better of two is within two standard errors.")  # fmt: skip


def _portfolio_words(sweep, tables: Tables, subtitle: str, note: str) -> Words:
    found = swept.portfolio(sweep)
    clear = [name for name in found.names if found.count(name, clear=True)]
    if len(clear) == 1:
        headline = f"{state(swept.PORTFOLIO, clear[0])} clearly best: {counted(sweep, found.count(clear[0], clear=True))}"
    else:
        headline = f"{len(clear) or 'No'} portfolio{'s are' if clear else ' is'} clearly best {'some' if clear else 'any'}where"
    told = [f"{state(swept.PORTFOLIO, name)} in {found.count(name, clear=True):,}" for name in clear[: 2 * MOST_SHOWN]]
    level = int((~found.clear).sum())
    shows = f"Clearly best, {unit_of(sweep)}: {'; '.join(told) or 'none'}; level in {level:,} of {len(sweep.frame):,}"
    refs = ids(tables, "exit_revenue_multiple", "discount_rate_per_year")
    return Words(
        headline, f"Portfolio of the highest mean value to today's shareholders, {subtitle}", note, shows, "assumed", refs
    )
