"""Charts of the page on options. `draw(frame, ax=None, narrow=False) -> Axes` on any axes."""

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from analysis.inputs import months
from analysis.show import marks, numbers, theme
from analysis.show.figure import Figure
from analysis.show.text import Labels, mix_name

WORDS = Labels("strategic_options")
ROLES = {"best": theme.SPENDING, "other": theme.SPENDING, "dominated": theme.OTHERS}
REGRET_STEPS = (0, 0.05, 0.25, 0.5, 0.75, 1.0)
DASHES = ["-", (0, (4, 1.5)), (0, (1, 1)), (0, (3, 1.25, 1.5, 1.25)), (0, (5, 1, 1, 1))]
ASIDE = 0.035  # of the width: from a dot to its name
MOST_NAMES = 4  # of mixes that tie for the best


@theme.chart
def options_map(frame: pd.DataFrame, ax: Axes | None = None, narrow: bool = False) -> Axes:
    """Chance of running dry against value after debt, a dot per mix; the grey ones are beaten by another."""
    style = {"s": 90, "edgecolor": theme.PAPER, "linewidth": 1, "clip_on": False, "zorder": 3}
    ax.scatter(frame["dry"], frame["value_usd_m"], color=frame["role"].map(ROLES), **style)
    low, high = frame["dry"].min(), frame["dry"].max()
    least, most = frame["value_usd_m"].min(), frame["value_usd_m"].max()
    margin = max(0.02, (high - low) * (0.35 if narrow else 0.25))
    ax.set_xlim(max(-0.01, low - margin), min(1.0, high + margin) + 0.005)
    spread = max(most - least, most * 0.1, 1.0)
    ax.set_ylim(max(0.0, least - 0.2 * spread), most + 0.2 * spread)
    marks.percent_axis(ax, "x", narrow)
    marks.money_axis(ax, "y", narrow)
    ax.set(xlabel=WORDS["dry"], ylabel="")
    ax.grid(visible=True, axis="both")
    best, alone = frame["role"] == "best", ~frame["mix"].str.contains("+", regex=False)
    _name_above(ax, frame[best], narrow)
    _name_aside(ax, frame[alone & ~best])
    return ax


def _line_height(ax: Axes) -> float:
    bottom, top = ax.get_ylim()
    return (top - bottom) * marks.LINE_PX / (0.56 * ax.figure.get_figheight() * 96)


def _name_above(ax: Axes, rows: pd.DataFrame, narrow: bool) -> None:
    """Write names in lines above all dots, on a phone from the left edge, each with a line to its dot."""
    (left, _), (_, top), line = ax.get_xlim(), ax.get_ylim(), _line_height(ax)
    style = {"color": theme.text_color(ROLES["best"]), "ha": "left" if narrow else "center", "va": "center"}
    for number, row in enumerate(rows.nlargest(MOST_NAMES, "value_usd_m").iloc[::-1].itertuples()):
        height = top + (number + 0.5) * line
        name = ax.text(left if narrow else row.dry, height, mix_name(row.mix, short=True), **style)
        name.set(fontweight="bold", bbox={"facecolor": theme.PAPER, "edgecolor": "none", "pad": 0})
        heights = [row.value_usd_m, height]
        ax.plot([row.dry] * 2, heights, color=theme.MUTED, linewidth=0.6, zorder=1, clip_on=False)


def _name_aside(ax: Axes, rows: pd.DataFrame) -> None:
    """Write names towards the middle of the chart, apart from each other, with a line to their dots."""
    (left, right), (bottom, top), line = ax.get_xlim(), ax.get_ylim(), _line_height(ax)
    heights = marks.apart(rows["value_usd_m"].tolist(), line, bottom + line / 2, top + line)
    for row, height in zip(rows.itertuples(), heights, strict=True):
        to_left = row.dry > (left + right) / 2
        x = row.dry + (-ASIDE if to_left else ASIDE) * (right - left)
        style = {"color": theme.text_color(ROLES[row.role]), "va": "center"}
        ax.text(x, height, mix_name(row.mix, short=True), ha="right" if to_left else "left", **style)
        ax.plot([x, row.dry], [height, row.value_usd_m], color=theme.MUTED, linewidth=0.6, zorder=1)


@theme.chart
def cash(frame: pd.DataFrame, ax: Axes | None = None, narrow: bool = False) -> Axes:
    """Median cash if nothing more is done and under each option alone, with a dot where it runs out."""
    data = frame.assign(x=marks.positions(frame["month"]))
    ends = data.groupby("mix", sort=False).last()
    until = [WORDS["until"].format(months.short(month)) for month in ends["month"]]
    endings = np.where(ends["cash_usd_m"] == 0, until, WORDS["lasts"])
    ends["name"] = [f"{mix_name(mix)}: {ending}" for mix, ending in zip(ends.index, endings, strict=True)]
    ends["color"] = [theme.INK, *theme.TONES[theme.SPENDING], *[theme.MUTED] * len(ends)][: len(ends)]
    ends["dash"] = (DASHES * len(ends))[: len(ends)]
    last_first = ends.assign(lasts=ends["cash_usd_m"] > 0).sort_values(["lasts", "x"], ascending=False)
    for mix in last_first.index:
        own, (name, color, dash) = data[data["mix"] == mix], ends.loc[mix, ["name", "color", "dash"]]
        ax.plot(own["x"], own["cash_usd_m"], color=color, label=name, linestyle=dash)
    out = ends[ends["cash_usd_m"] == 0]
    ax.scatter(out["x"], out["cash_usd_m"], color=out["color"], s=64, clip_on=False, zorder=3)
    first, end = data["month"].min(), data["month"].max()
    marks.month_axis(ax, first, max(months.add(end, 6 if narrow else 9), months.add(first, 3)), narrow)
    ax.set_ylim(0, max(data["cash_usd_m"].max() * (1.75 if narrow else 1.08), 1.0))
    marks.money_axis(ax, "y", narrow)
    ax.legend(loc="upper right", handlelength=3)
    return ax


@theme.chart
def regret(frame: pd.DataFrame, ax: Axes | None = None, narrow: bool = False) -> Axes:
    """What each of the best mixes is worth less than the best one of a scenario, as amounts on shades."""
    amounts = frame.set_index("mix").drop(columns=["largest_usd_m", "near_best"])
    written = amounts.map(lambda amount: numbers.money(amount) if amount else WORDS["best"])
    cmap, norm = theme.shades(theme.NEEDED, REGRET_STEPS)
    sns.heatmap(
        amounts / max(amounts.max(axis=None), 1e-9), annot=written, fmt="", cbar=False, cmap=cmap, norm=norm,
        linewidths=2, linecolor=theme.PAPER, annot_kws={"color": theme.INK}, ax=ax,
        xticklabels=False, yticklabels=False,
    )  # fmt: skip
    ax.grid(visible=False)
    headings = [name.replace("_", "\n" if narrow else " ").capitalize() for name in amounts]
    ax.set_xticks(np.arange(len(headings)) + 0.5, headings)
    ax.xaxis.tick_top()
    ax.set(xlabel="", ylabel="")
    names = [mix_name(mix, short=True) for mix in amounts.index]
    marks.name_rows(ax, np.arange(len(names)) + 0.5, names, narrow, clear=15)
    return ax


@theme.chart
def valuations(frame: pd.DataFrame, ax: Axes | None = None, narrow: bool = False) -> Axes:
    """What investors paid for the company, at each sale of shares and merger."""
    x, amounts = marks.positions(frame["date"]), frame["valuation_usd_m"].to_numpy(float)
    first, last = months.add(frame["date"].min()[:7], -2), months.add(frame["date"].max()[:7], 3)
    marks.month_axis(ax, first, last, narrow)
    ax.set_ylim(0, max(amounts.max() * 1.15, 1.0))
    ax.step(x, amounts, where="post", color=theme.OTHERS)
    steep = np.diff(amounts, prepend=amounts[0]) > 0.2 * amounts.max()
    written = [numbers.money(amount, 3) for amount in amounts]
    marks.happened(ax, x, amounts, written, np.where(steep, "left", "above"))
    marks.money_axis(ax, "y", narrow)
    return ax


FIGURES = {
    "map": Figure(options_map, "mixes", heights=(400, 330), kind="Scatter chart", lead=True),
    "cash": Figure(cash, "cash", heights=(340, 360), kind="Line chart"),
    "regret": Figure(regret, "regret", heights=(280, 380), kind="Heat map"),
    "valuations": Figure(valuations, "valuations", heights=(320, 300), kind="Step chart"),
}
