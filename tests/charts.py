"""Charts for tests, one of each form that pages use, with frames to draw."""

import numpy as np
import pandas as pd
import seaborn as sns

from analysis.inputs import months
from analysis.show import marks, theme
from analysis.show.figure import Figure

MONTHS = [months.add("2025-06", index) for index in range(60)]


@theme.chart
def fan(frame, ax=None, narrow=False):
    x = marks.positions(frame["month"])
    marks.fan(ax, x, frame, theme.SPENDING, suffix="_usd_m")
    marks.money_axis(ax, "y", narrow)
    marks.month_axis(ax, frame["month"].iloc[0], frame["month"].iloc[-1], narrow)
    marks.projection(ax, "projection")
    marks.happened(ax, marks.positions(["2026-09-30"]), [frame["p95_usd_m"].max()], ["$4bn"], "right")
    ends = [frame["p50_usd_m"].iloc[-1], frame["p25_usd_m"].iloc[-1]]
    colors = (theme.SPENDING, theme.NEEDED)
    marks.names_at_ends(ax, ax.get_xlim()[1], ends, ["Cash", "Needed"], colors, narrow)
    return ax


@theme.chart
def rows(frame, ax=None, narrow=False):
    places = range(len(frame))
    ax.set_ylim(len(frame) - 0.4, -0.9 if narrow else -0.6)
    ax.set_xlim(0, frame["p95"].max() * (1.05 if narrow else 1.35) or 1)
    marks.intervals(ax, places, frame, theme.SPENDING)
    marks.name_rows(ax, places, list(frame["part"]), narrow, details=["reported"] * len(frame))
    for place, row in enumerate(frame.itertuples()):
        marks.value(ax, place, row.p95, f"${row.p50:.0f}m", narrow)
    marks.money_axis(ax, "x", narrow)
    marks.upright_grid(ax)
    return ax


@theme.chart
def heat(frame, ax=None, narrow=False):
    cells = frame.set_index("scenario")
    cmap, norm = theme.shades(theme.SPENDING, [0, 0.25, 0.5, 0.75, 1.0])
    shown = cells.map("{:.0%}".format)
    sns.heatmap(
        cells, ax=ax, annot=shown, fmt="", cbar=False, cmap=cmap, norm=norm, annot_kws={"color": theme.INK}
    )
    ax.tick_params(axis="y", rotation=0)
    ax.set_ylabel("")
    ax.grid(visible=False)
    return ax


@theme.chart
def growth(frame, ax=None, narrow=False):
    ax.set_yscale("log")
    ax.step(frame["month"], frame["usd_m"], where="post", color=theme.REVENUE)
    marks.money_axis(ax, "y", narrow)
    marks.decades(ax)
    return ax


_STEP = np.arange(60.0)
_BANDS = {"p5": -35, "p25": -15, "p50": 0, "p75": 15, "p95": 40}
_PATHS = {f"{name}_usd_m": 9000 + (by - 90) * _STEP for name, by in _BANDS.items()}
FRAMES = {
    "fan": pd.DataFrame({"month": MONTHS} | _PATHS),
    "rows": pd.DataFrame({
        "part": ["Computers and electricity", "People", "Data, collected and prepared"],
        "p5": [500, 50, 10], "p25": [600, 70, 15], "p50": [760, 90, 30],
        "p75": [900, 120, 40], "p95": [1100, 150, 60],
    }),
    "heat": pd.DataFrame({
        "scenario": ["As reported", "Critics"], "raise": [0.1, 0.9], "partner": [0.6, 0.3]
    }),
    "growth": pd.DataFrame({"month": [0.0, 1.0, 2.0, 3.0], "usd_m": [1.0, 10.0, 30.0, 400.0]}),
}  # fmt: skip
FIGURES = {
    "fan": Figure(fan, "fan", (360, 320), "Line chart with bands", lead=True),
    "rows": Figure(
        rows, "rows", lambda frame: (60 + 60 * len(frame), 80 + 75 * len(frame)), "Dots with intervals"
    ),
    "heat": Figure(heat, "heat", (200, 200), "Heat map"),
    "growth": Figure(growth, "growth", (300, 260), "Steps"),
}
