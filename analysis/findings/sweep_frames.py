"""Named frames of a sweep's figures. Axes carry their names and units as column names; "never" stands at the horizon."""

import numpy as np
import pandas as pd

from analysis.findings import sweep_names as names
from analysis.findings.sweep_names import axis_number, axis_title
from analysis.inputs import Tables
from analysis.insight import flips as flipping
from analysis.insight import surface, swept
from analysis.insight.portfolios import title as portfolio_title

MOST_PANELS, MOST_ROWS = 6, 6


def map_axes(sweep) -> tuple:
    """Return the axes of a grid's maps, across and up: the two that matter most; words stand beside rows."""
    across, up = surface.leading(sweep, 2)
    return (up, across) if swept.ordered(up) and not swept.ordered(across) else (across, up)


def surface_frame(sweep, tables: Tables) -> pd.DataFrame:
    """Return what the map of the headline shows: axes, mean headline, its text, share of cases solvent, cases."""
    across, up = map_axes(sweep)
    found = swept.headline(sweep)
    scale = names.scale(found)
    cells = _in_order(surface.surface(sweep, across, up), across, up)
    shown = [_cell(row.value, row.capped, scale, row.error) for row in cells.itertuples()]
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
    """Return portfolio × bin of an input of Sobol points: the share of points where it is clearly best; rare ones together."""
    parts = flipping.portfolio_shares(sweep, axis)
    found = [name for name in parts if name not in ("value", "level")]
    columns = {portfolio_title(name): parts[name] for name in found[:MOST_ROWS]}
    rare = found[MOST_ROWS:]
    columns |= {f"{len(rare)} other{'' if len(rare) == 1 else 's'}": parts[rare].sum(axis=1)} if rare else {}
    columns |= {"Level": parts["level"]} if parts["level"].any() else {}
    middle = parts["value"] * names.axis_factor(axis)
    frames = [
        pd.DataFrame(
            {
                "portfolio": name,
                f"{axis_title(axis)} (median of a bin)": middle,
                "share": share,
                "shown": [_percent(each) for each in share],
            }
        )
        for name, share in columns.items()
    ]
    return pd.concat(frames, ignore_index=True)


def _percent(share: float) -> str:
    return "<1" if 0 < share < 0.005 else str(round(share * 100))
