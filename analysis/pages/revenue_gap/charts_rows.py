"""Charts of the revenue-gap page whose rows have names: growth, drivers, back-test."""

import pandas as pd
from matplotlib.axes import Axes

from analysis.show import marks, numbers, theme
from analysis.show.figure import Figure
from analysis.show.text import labels

WORDS = labels("revenue_gap")
ROLES = {"model": theme.REVENUE, "needed": theme.NEEDED, "others": theme.OTHERS}
GROUPS = {"spending": theme.SPENDING, "cost_lines": theme.SPENDING, "revenue": theme.REVENUE}  # else OTHERS
ITEMS = {"cash_spent": theme.SPENDING, "revenue": theme.REVENUE}
MONEY = "funding_need_usd_m"


@theme.chart
def rates(frame: pd.DataFrame, ax: Axes | None = None, narrow: bool = False) -> Axes:
    """Monthly growth in rows: what break-even and the price ask for, the forecast, xAI itself, other
    laboratories.
    """
    ends = frame["p95"].fillna(frame["p50"])
    low, high = min(frame[["p5", "p50"]].min(axis=None), 0.0), max(ends.max(), 0.01)
    ax.set_xlim(low, high + (0.02 if narrow else 0.15) * (high - low))
    ax.set_ylim(len(frame) - 0.4, -0.9 if narrow else -0.6)
    for role, rows in frame.groupby("role"):
        if role == "happened":
            marks.happened(ax, rows["p50"], rows.index)
        else:
            marks.intervals(ax, rows.index, rows, ROLES[role])
    names = [WORDS.get(f"row_{name}", name) for name in frame["row"]]
    spans = [
        WORDS["span"].format(numbers.months(row.months), numbers.money(row.from_usd_m))
        for row in frame.itertuples()
    ]
    marks.name_rows(ax, frame.index, names, narrow, spans)
    for place, row in frame.iterrows():
        marks.value(ax, place, ends[place], numbers.percent(row["p50"]), narrow)
    marks.percent_axis(ax, "x", narrow)
    marks.upright_grid(ax)
    return ax


@theme.chart
def drivers(frame: pd.DataFrame, ax: Axes | None = None, narrow: bool = False) -> Axes:
    """A tornado for each headline: how far it moves with one input at the low and at the high end of its
    range.
    """
    headlines = list(dict.fromkeys(frame["headline"]))
    panels = marks.panels(ax, len(headlines), 1)
    for panel, headline in zip(panels, headlines, strict=True):
        _tornado(panel, frame[frame["headline"] == headline].reset_index(drop=True), narrow)
        panel.set_title(WORDS[headline], loc="left", fontweight="bold")
    return panels[0]


def _tornado(ax: Axes, rows: pd.DataFrame, narrow: bool) -> None:
    colors = [GROUPS.get(group, theme.OTHERS) for group in rows["group"]]
    for end in ("change_low", "change_high"):
        ax.barh(rows.index, rows[end], height=0.3 if narrow else 0.5, color=colors)
    changes = rows[["change_low", "change_high"]]
    low, high = min(changes.min(axis=None), 0), max(changes.max(axis=None), 0)
    room = (0.3 if narrow else 0.2) * (high - low) or 1.0
    ax.set(xlim=(low - room, high + room), ylim=(len(rows) - 0.5, -1 if narrow else -0.6))
    ax.axvline(0, color=theme.INK, linewidth=0.75)
    for place, row in rows.iterrows():
        for end in ("low", "high"):
            change, text = row[f"change_{end}"], numbers.as_entered(row[end], row["unit"]).partition(" ")[0]
            side = "right" if change > 0 else "left"
            marks.label(ax, change, place, text, theme.MUTED, side, fontweight="normal")
    marks.name_rows(ax, rows.index, rows["label"], narrow, clear=8)
    written = marks.money_axis if rows["headline"].iloc[0] == MONEY else marks.plain_axis
    written(ax, "x", narrow)
    marks.upright_grid(ax)


@theme.chart
def back_test(frame: pd.DataFrame, ax: Axes | None = None, narrow: bool = False) -> Axes:
    """A row with a dollar axis of its own for each figure: forecast with bands, what came, the last figure
    held flat.
    """
    panels, side = marks.panels(ax, len(frame), 1), "below" if narrow else "above"
    apart = ((frame["outcome_usd_m"] - frame["naive_usd_m"]).abs() / frame["outcome_usd_m"]).fillna(0)
    for panel, (place, row) in zip(panels, frame.iterrows(), strict=True):
        color = ITEMS.get(row["item"], theme.MUTED)
        marks.intervals(panel, [0], row.to_frame().T.infer_objects(), color, suffix="_usd_m")
        panel.plot(
            row["naive_usd_m"], 0, "s", color=theme.OTHERS, markerfacecolor="none", markersize=10, mew=2
        )
        marks.happened(panel, [row["outcome_usd_m"]], [0])
        if place == apart.idxmax():
            marks.label(panel, row["outcome_usd_m"], 0, WORDS["outcome"], theme.HAPPENED, side)
            marks.label(panel, row["naive_usd_m"], 0, WORDS["naive"], theme.OTHERS, side)
        name = (
            f"{WORDS[row['item']]}, {numbers.interval(row['first_month'], row['last_month'], 'month_short')}"
        )
        came, forecast = numbers.money(row["outcome_usd_m"], 3), numbers.money(row["p50_usd_m"])
        panel.set_xlim(0, 1.1 * row[["p95_usd_m", "outcome_usd_m", "naive_usd_m"]].max() or 1.0)
        panel.set_ylim(*((-1.2, 1.6) if narrow else (-0.8, 1.4)))
        marks.name_rows(panel, [0], [name], narrow, [WORDS["compared"].format(came, forecast)], clear=12)
        marks.money_axis(panel, "x", narrow)
        marks.upright_grid(panel)
    return panels[0]


def _heights(wide_px: int, narrow_px: int, more_px: int):
    """Return the heights of two drawings as a function of the rows of a frame, with `more_px` for a scale."""
    return lambda frame: tuple(each * len(frame) + more_px for each in (wide_px, narrow_px))


def _tornado_heights(frame: pd.DataFrame) -> tuple[int, int]:
    panels = frame["headline"].nunique()
    return 25 * len(frame) + 80 * panels, 46 * len(frame) + 90 * panels


FIGURES = {
    "rates": Figure(rates, "rates", heights=_heights(34, 52, 40), kind="Dot plot with ranges"),
    "drivers": Figure(drivers, "drivers", heights=_tornado_heights, kind="Tornado chart"),
    "back_test": Figure(back_test, "back_test", heights=_heights(66, 105, 0), kind="Dot plot with ranges"),
}
