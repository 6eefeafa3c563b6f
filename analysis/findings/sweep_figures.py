"""Words and named frames of a sweep's figures. Axes carry their names and units as column names; "never" stands at the horizon."""

import numpy as np
import pandas as pd

from analysis.findings import sweep_names as names
from analysis.findings.numbers import plain
from analysis.findings.refs import ids
from analysis.findings.sweep import MOST_SHOWN, range_of
from analysis.findings.sweep_names import axis_number, axis_title, capital, counted, listed, small, state, unit_of
from analysis.findings.words import Words
from analysis.inputs import Tables
from analysis.insight import flips as flipping
from analysis.insight import surface, swept
from analysis.insight.portfolios import title as portfolio_title

MOST_PANELS, MOST_ROWS = 6, 6
MAP, LINES, ROWS, EFFECTS, NONE = "map", "lines", "rows", "effects", "none"
HORIZON = "A value that is never reached stands at the horizon"


def chart_of(sweep) -> str:
    """Return which chart shows the headline of this sweep."""
    if sweep.kind == "sobol":
        return EFFECTS if not surface.effects(sweep).empty else NONE
    axes = swept.varied(sweep)
    return MAP if len(axes) > 1 else LINES if axes and swept.ordered(axes[0]) else ROWS


def map_axes(sweep) -> tuple:
    """Return the axes of a grid's maps, across and up: the two that matter most; words stand beside rows."""
    across, up = surface.leading(sweep, 2)
    return (up, across) if swept.ordered(up) and not swept.ordered(across) else (across, up)


# ---- frames ----
def surface_frame(sweep, tables: Tables) -> pd.DataFrame:
    """Return what the map of the headline shows: axes, mean headline, its text, share of cases solvent, cases."""
    across, up = map_axes(sweep)
    found = swept.headline(sweep)
    scale = names.scale(found)
    cells = _in_order(surface.surface(sweep, across, up), across, up)
    shown = [_cell(row.value, row.capped, scale, found.error) for row in cells.itertuples()]
    axes = {
        axis_title(axis): [axis_number(axis, value, tables) for value in cells[side]]
        for axis, side in ((across, "across"), (up, "up"))
    }
    more = {"shown": shown, "share of cases solvent": cells["solvent"], "cases": cells["cases"]}
    return pd.DataFrame(axes | {names.title(found.metric, scale): cells["value"] * scale.factor} | more)


def _cell(value: float, capped: float, scale, error: float) -> str:
    return names.NEVER if capped == 1 else f"{'≥' if capped else ''}{scale.number(value, error)}"


def _in_order(cells: pd.DataFrame, *axes) -> pd.DataFrame:
    for axis, side in zip(axes, ("across", "up"), strict=False):
        cells = cells.assign(**{f"{side}_place": cells[side].map(surface.drawn(axis).index)})
    return cells.sort_values([name for name in ("up_place", "across_place") if name in cells], ignore_index=True)


def portfolio_frame(sweep, tables: Tables) -> pd.DataFrame:
    """Return what the map of the best portfolios shows: axes, portfolio, its letters, whether its lead is clear or level."""
    axes = map_axes(sweep) if len(swept.varied(sweep)) > 1 else tuple(swept.varied(sweep))
    cells = _in_order(surface.surface(sweep, *axes, at=surface.middle(sweep, axes)), *axes)
    columns = {
        axis_title(axis): [axis_number(axis, value, tables) for value in cells[side]]
        for axis, side in zip(axes, ("across", "up"), strict=False)
    }
    columns |= {} if len(axes) > 1 else {"Row": "best portfolio"}
    return pd.DataFrame(
        columns
        | {
            "portfolio": cells["best_portfolio"].map(portfolio_title),
            "letters": cells["best_portfolio"].map(names.code),
            "lead": np.where(cells["best_level"].astype(bool), "level", "clear"),
        }
    )


def line_frame(sweep, tables: Tables) -> pd.DataFrame:
    """Return the headline over the only axis that varies (or of the one case): p5, p50, p95 in its unit, nan for never."""
    found, axes = swept.headline(sweep), swept.varied(sweep)
    scale, kept = names.scale(found), sweep.frame
    if axes:
        drawn = surface.drawn(axes[0], most=200)
        kept = (
            kept[kept[axes[0].column].isin(drawn)]
            .assign(place=lambda rows: rows[axes[0].column].map(drawn.index))
            .sort_values("place")
        )
        first = {axis_title(axes[0]): [axis_number(axes[0], value, tables) for value in kept[axes[0].column]]}
    else:
        first = {"Case": ["The one case"]}
    own = {"p50": found.column} | {part: swept.column_of(sweep, found.metric, part) for part in ("p5", "p95")}
    unit = f", {scale.unit}" if scale.unit else ""
    levels = {
        f"{part}{unit}": kept[own[part]].astype(float).to_numpy() * scale.factor for part in ("p5", "p50", "p95") if own[part]
    }
    horizon = swept.horizon_months(sweep)[kept.index] if found.metric in swept.CAPPED and found.capped.any() else np.nan
    more = {"horizon, months": horizon, "solvent": np.where(kept["solvent"], "yes", "no")}
    return pd.DataFrame(first | levels | more | {"shown": [names.of_case(sweep, found, case) for case in kept.index]})


def effect_frame(sweep, tables: Tables) -> pd.DataFrame:
    """Return one row per bin of the inputs that matter most: the points' 5th, 50th and 95th percentile of the headline."""
    found = swept.headline(sweep)
    scale, parts = names.scale(found), []
    for axis in panels(sweep):
        part = surface.conditional(sweep, axis)
        factor = names.axis_factor(axis)
        unit = f", {scale.unit}" if scale.unit else ""
        levels = {f"{level}{unit}": part[level] * scale.factor for level in ("p5", "p50", "p95")}
        parts.append(
            pd.DataFrame(
                {"input": axis_title(axis), "at": part["value"] * factor} | levels | {"share of points solvent": part["solvent"]}
            )
        )
    return pd.concat(parts, ignore_index=True)


def panels(sweep) -> list:
    """Return the inputs of Sobol points that have a panel: those that matter beyond chance, else the first by share."""
    return surface.leading(sweep, MOST_PANELS, clear=True) or surface.leading(sweep, 1)


def share_frame(sweep, axis, tables: Tables) -> pd.DataFrame:
    """Return portfolio × bin of an input of Sobol points: the share of points where it is best. The rarest are put together."""
    parts = flipping.portfolio_shares(sweep, axis)
    found = [name for name in parts if name not in ("low", "high", "points")]
    columns = {portfolio_title(name): parts[name] for name in found[:MOST_ROWS]}
    columns |= {f"{len(found) - MOST_ROWS} others": parts[found[MOST_ROWS:]].sum(axis=1)} if len(found) > MOST_ROWS else {}
    middle = (parts["low"] + parts["high"]) / 2 * names.axis_factor(axis)
    frames = [
        pd.DataFrame(
            {
                "portfolio": name,
                f"{axis_title(axis)} (middle of a bin)": middle,
                "share": share,
                "shown": [_percent(each) for each in share],
            }
        )
        for name, share in columns.items()
    ]
    return pd.concat(frames, ignore_index=True)


def _percent(share: float) -> str:
    return "0" if share == 0 else "<1" if share < 0.01 else plain(round(share * 100), digits=3)


# ---- words ----
def words(sweep, tables: Tables) -> Words:
    """Return the words of the figure of the headline."""
    chart, found = chart_of(sweep), swept.headline(sweep)
    subtitle, note = {MAP: _of_map, LINES: _of_lines, ROWS: _of_lines, EFFECTS: _of_effects}[chart](sweep, tables)
    low, high = (int(place) for place in (found.values.argmin(), found.values.argmax()))
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
    return f"{capital(ends[0])} in {total}" if ends[0] == ends[1] else f"From {ends[0]} to {ends[1]} over {total}"


def _of_map(sweep, tables: Tables) -> tuple[str, str]:
    across, up = map_axes(sweep)
    others = [small(axis.label) for axis in swept.varied(sweep) if axis not in (across, up)]
    behind = f", mean over {listed(others)}" if others else ""
    rule = "in more than half of the cases behind it" if others else ""
    return (
        f"by {small(across.label)} (across) and {small(up.label)} (up){behind}",
        f"Darker is more. A dot marks a cell where the median run keeps cash to the horizon{f' {rule}' if rule else ''}; the thick line parts "
        f"these from the others.{_thinned(across, up)}",
    )


def _thinned(*axes) -> str:
    few = [small(axis.label) for axis in axes if len(surface.drawn(axis)) < len(axis.values)]
    return f" Not every value of {listed(few)} is drawn; the findings count all." if few else ""


def _of_lines(sweep, tables: Tables) -> tuple[str, str]:
    found, axes = swept.headline(sweep), swept.varied(sweep)
    spread = bool(swept.column_of(sweep, found.metric, "p5"))
    note = "Dot: median run; band or bar: the middle 90% of runs. " if spread else "Dot: share of runs. "
    never = "Where it is never reached the line ends at the top and a bar in an arrow. " if found.capped.any() else ""
    turn = "A dotted upright line stands between two values where solvent turns." if axes and swept.ordered(axes[0]) else ""
    return (f"by {small(axes[0].label)}" if axes else "in one case"), f"{note}{never}{turn}".strip()


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
                            "rounding. A lead within two standard errors counts here as well.")  # fmt: skip


def _portfolio_words(sweep, tables: Tables, subtitle: str, note: str) -> Words:
    found = swept.portfolio(sweep)
    clear = [name for name in found.names if found.count(name, clear=True)]
    if len(clear) == 1:
        headline = f"{state(swept.PORTFOLIO, clear[0])} is clearly best in {counted(sweep, found.count(clear[0], clear=True))}"
    else:
        headline = f"{len(clear) or 'No'} portfolio{'s are' if clear else ' is'} clearly best somewhere"
    told = [f"{state(swept.PORTFOLIO, name)} in {found.count(name, clear=True):,}" for name in clear[: 2 * MOST_SHOWN]]
    level = int((~found.clear).sum())
    shows = f"Clearly best, {unit_of(sweep)}: {'; '.join(told) or 'none'}; level in {level:,} of {len(sweep.frame):,}"
    refs = ids(tables, "exit_revenue_multiple", "discount_rate_per_year")
    return Words(
        headline, f"Portfolio of the highest mean value to today's shareholders, {subtitle}", note, shows, "assumed", refs
    )
