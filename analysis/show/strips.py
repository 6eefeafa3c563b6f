"""A strip for each case on one calendar: when cash ends, in half and in nine of ten of the simulations."""

import math

import pandas as pd
from matplotlib.axes import Axes

from analysis.inputs import months
from analysis.show import marks, numbers, text, theme

ROW_PX, ROW_NARROW_PX, AXIS_PX = 50, 62, 62
SPARE = 0.17  # of the width, for the month behind the longest strip


def heights(frame: pd.DataFrame) -> tuple[int, int]:
    """Return the heights of the two drawings in px."""
    return AXIS_PX + ROW_PX * len(frame), AXIS_PX + ROW_NARROW_PX * len(frame)


@theme.chart
def strips(frame: pd.DataFrame, ax: Axes | None = None, narrow: bool = False) -> Axes:
    """Draw results.compared.cash_out, a row per case; an arrow: beyond the months modelled."""
    frame = frame.reset_index(drop=True)
    rows, starts = frame.index.to_numpy()[::-1], marks.positions(frame["start_month"])
    ends = pd.Series(starts + frame["horizon_months"])
    bands = frame[["p5", "p25", "p50", "p75", "p95"]].add(starts, axis=0)
    runs_out, goes_on = bands["p5"].notna(), bands["p5"].notna() & bands["p95"].isna()
    for name in ("p75", "p95"):
        bands[name] = bands[name].fillna(ends.where(runs_out))
    first = frame["start_month"].min()
    width = max((bands["p95"] if runs_out.any() else ends).max() - marks.position(first), 1)
    marks.month_axis(ax, first, months.add(first, math.ceil(width * (1 + SPARE))), narrow)
    ax.set_ylim(-0.6, len(frame) - 0.4 + 0.35 * narrow)
    marks.upright_grid(ax)
    marks.intervals(ax, rows, bands, theme.SPENDING)
    ax.plot(bands["p95"][goes_on], rows[goes_on], ">", color=theme.SPENDING)
    marks.name_rows(ax, rows, list(frame["title"]), narrow, [_range(row) for row in frame.itertuples()])
    for y, end, month in zip(rows, bands["p95"], frame["p50_month"], strict=True):
        if month:
            marks.value(ax, y, end, numbers.month_short(month), narrow)
    return ax


def _range(row) -> str:
    """Return the months between which cash ends in nine of ten simulations, in words."""
    words = text.shared()["words"]
    if not row.p5_month:
        return words["not_by"].format(months.short(months.add(row.start_month, row.horizon_months - 1)))
    if not row.p95_month:
        return words["from"].format(months.short(row.p5_month))
    return numbers.interval(row.p5_month, row.p95_month, "month_short")
