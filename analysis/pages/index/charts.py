"""The index's charts: cash as forecast against the money that came, and when it ends in each scenario."""

import pandas as pd
from matplotlib.axes import Axes

from analysis.inputs import months
from analysis.show import marks, numbers, strips, text, theme
from analysis.show.figure import Figure

LEAST = 0.05  # of the height: what lies lower has no room for words
ROOM_MONTHS = (8, 10)  # behind the last round, for its name; on a phone


@theme.chart
def cash(frame: pd.DataFrame, ax: Axes | None = None, narrow: bool = False) -> Axes:
    """Draw the forecast as a fan down to nothing, rounds as steps, known cash as diamonds. `frame`:
    Measures.cash.
    """
    labels, x = text.labels("index"), marks.positions(frame["date"])
    part = {name: frame["series"] == name for name in ("forecast", "raised", "balance", "worked_out")}
    top = frame[["usd_m", "p95_usd_m"]].max(axis=None)
    first, last = (months.of_date(date) for date in (frame["date"].min(), frame["date"].max()))
    came = frame.loc[part["raised"], "date"].max() if part["raised"].any() else frame["date"].min()
    end = max(months.add(last, 2), months.add(months.of_date(came), ROOM_MONTHS[narrow]))
    marks.month_axis(ax, first, end, narrow)
    ax.set_ylim(0, 1.08 * top if top > 0 else 1)
    marks.money_axis(ax, "y", narrow)
    fan = frame[part["forecast"]]
    marks.fan(ax, x[part["forecast"]], fan, theme.SPENDING, suffix="_usd_m")
    left, right = ax.get_xlim()
    tail = max(x[part["forecast"]].max(initial=left), left + 0.8 * (right - left))
    ax.annotate(
        labels["forecast"], (tail, 0.2), xycoords=("data", "axes fraction"), ha="right", fontweight="bold",
        color=theme.text_color(theme.SPENDING),
    )  # fmt: skip
    _raised(ax, x[part["raised"]], frame[part["raised"]], labels["raised"], LEAST * top, narrow)
    for name, face in (("balance", theme.HAPPENED), ("worked_out", theme.PAPER)):
        amounts = frame.loc[part[name], "usd_m"]
        beside = "" if narrow else labels[name]
        words = [
            f"{numbers.money(amount)} {beside}".strip() if amount > LEAST * top else "" for amount in amounts
        ]
        marks.happened(ax, x[part[name]], amounts, words, "above")
        ax.lines[-1].set(markerfacecolor=face, markeredgecolor=theme.HAPPENED)
    return ax


def _raised(ax: Axes, x, rows: pd.DataFrame, name: str, least: float, narrow: bool) -> None:
    """Draw the sum of the rounds as steps, with what each added; the last row only says until when. Below
    `least` no words.
    """
    if rows.empty:
        return
    marks.steps(ax, [x[0], *x], [0, *rows["usd_m"]], theme.HAPPENED)
    left, right = ax.get_xlim()
    words_from = left + (0.3 * (right - left) if narrow else 0)  # before it they would stand on the axis
    for at, total, amount in zip(x, rows["usd_m"], rows["amount_usd_m"], strict=True):
        if amount > least and at > words_from:
            marks.label(ax, at, total, f"+{numbers.money(amount)}", theme.HAPPENED, "left")
    if rows["usd_m"].iloc[-1] > 2 * least:
        place = x[(rows["amount_usd_m"] > 0).to_numpy()].max(initial=x[0]), rows["usd_m"].iloc[-1]
        ax.annotate(
            name, place, xytext=(7, -6), textcoords="offset points", va="top", fontweight="bold",
            color=theme.HAPPENED,
        )  # fmt: skip


FIGURES = {
    "cash": Figure(cash, "cash", (360, 300), "Fan chart with steps", lead=True),
    "strips": Figure(strips.strips, "cash_out", strips.heights, "Strips on a calendar"),
}
