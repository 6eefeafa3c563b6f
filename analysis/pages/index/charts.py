"""The index's charts: cash as forecast against the money that came, and when it ends in each scenario."""

import pandas as pd
from matplotlib.axes import Axes

from analysis.inputs import months
from analysis.show import marks, numbers, text, theme
from analysis.show.figure import Figure

LEAST = 0.05  # of the height: what lies lower has no room for words
ROOM_MONTHS = (8, 10)  # behind the last round, for its name; on a phone


@theme.chart
def cash(frame: pd.DataFrame, ax: Axes | None = None, narrow: bool = False) -> Axes:
    """Draw the forecast as a fan, rounds as steps, known cash as diamonds. `frame`: Measures.cash."""
    labels, frame = text.Labels("index"), frame.assign(x=marks.positions(frame["date"]))
    fan, raised = (frame[frame["series"] == name] for name in ("forecast", "raised"))
    top, first = frame[["usd_m", "p95_usd_m"]].max(axis=None), frame["date"].min()
    came = raised["date"].max() if len(raised) else first
    end = max(months.add(frame["date"].max()[:7], 2), months.add(came[:7], ROOM_MONTHS[narrow]))
    marks.month_axis(ax, first[:7], end, narrow)
    ax.set_ylim(0, 1.08 * top if top > 0 else 1)
    marks.money_axis(ax, "y", narrow)
    marks.fan(ax, fan["x"].to_numpy(), fan, theme.SPENDING, suffix="_usd_m")
    left, right = ax.get_xlim()
    tail = max(fan["x"].max() if len(fan) else left, left + 0.8 * (right - left))
    ax.annotate(
        labels["forecast"], (tail, 0.2), xycoords=("data", "axes fraction"), ha="right", fontweight="bold",
        color=theme.text_color(theme.SPENDING),
    )  # fmt: skip
    if len(raised):
        _raised(ax, raised, labels["raised"], LEAST * top, narrow)
    for name, face in (("balance", theme.HAPPENED), ("worked_out", theme.PAPER)):
        rows, beside = frame[frame["series"] == name], "" if narrow else f" {labels[name]}"
        words = [numbers.money(usd_m) + beside if usd_m > LEAST * top else "" for usd_m in rows["usd_m"]]
        marks.happened(ax, rows["x"], rows["usd_m"], words, "above")
        ax.lines[-1].set(markerfacecolor=face, markeredgecolor=theme.HAPPENED)
    return ax


def _raised(ax: Axes, rows: pd.DataFrame, name: str, least: float, narrow: bool) -> None:
    """Draw the sum of the rounds as steps, with what each added. Below `least` no words."""
    ax.step([rows["x"].iloc[0], *rows["x"]], [0, *rows["usd_m"]], where="post", color=theme.HAPPENED)
    left, right = ax.get_xlim()
    words_from = left + (0.3 * (right - left) if narrow else 0)  # before it they would stand on the axis
    new = rows[rows["amount_usd_m"] > least]
    for row in new[new["x"] > words_from].itertuples():
        marks.label(ax, row.x, row.usd_m, f"+{numbers.money(row.amount_usd_m)}", theme.HAPPENED, "left")
    if rows["usd_m"].iloc[-1] > 2 * least:
        at = rows.loc[rows["amount_usd_m"] > 0, "x"].max(), rows["usd_m"].iloc[-1]
        style = {"va": "top", "fontweight": "bold", "color": theme.HAPPENED}
        ax.annotate(name, at, xytext=(7, -6), textcoords="offset points", **style)


FIGURES = {
    "cash": Figure(cash, "cash", (360, 300), "Fan chart with steps", lead=True),
    "strips": Figure(marks.strips, "cash_out", marks.strip_heights, "Strips on a calendar"),
}
