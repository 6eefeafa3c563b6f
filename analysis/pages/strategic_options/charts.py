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
BEST_ROWS = 5  # of the regret map; its data have all
REGRET_STEPS = (0, 0.05, 0.25, 0.5, 0.75, 1.0)
DASHES = ["-", (0, (4, 1.5)), (0, (1, 1)), (0, (3, 1.25, 1.5, 1.25)), (0, (5, 1, 1, 1))]
MOST_NAMES = 4  # of mixes that none beats
RADIUS = 5.2  # of a dot with its rim, in points


@theme.chart
def options_map(frame: pd.DataFrame, ax: Axes | None = None, narrow: bool = False) -> Axes:
    """Chance of running dry against value after debt, a dot per mix; the grey ones are beaten by another."""
    colors = np.where(frame["dominated"], theme.OTHERS, theme.SPENDING)
    style = {"s": 90, "edgecolor": theme.PAPER, "linewidth": 1, "clip_on": False, "zorder": 3}
    ax.scatter(frame["dry"], frame["value_usd_m"], color=colors, **style)
    low, high = frame["dry"].min(), frame["dry"].max()
    least, most = frame["value_usd_m"].min(), frame["value_usd_m"].max()
    margin = max(0.02, (high - low) * (0.35 if narrow else 0.25))
    ax.set_xlim(max(-0.01, low - margin), min(1.0, high + margin) + 0.005)
    spread = max(most - least, most * 0.1, 1.0)
    ax.set_ylim(max(0.0, least - 0.2 * spread), most + 0.4 * spread)
    marks.percent_axis(ax, "x", narrow)
    marks.money_axis(ax, "y", narrow)
    ax.set_xlabel(WORDS["dry"])
    ax.grid(visible=True, axis="both")
    rows = frame.reset_index(drop=True).sort_values("value_usd_m", ascending=False)
    best, alone = ~rows["dominated"], ~rows["mix"].str.contains("+", regex=False)
    named = pd.concat([rows[best].head(MOST_NAMES), rows[~best & (rows["highest"] | alone)][::-1]])
    names = {place: mix_name(mix, short=True) for place, mix in named["mix"].items()}
    marks.name_dots(ax, frame[["dry", "value_usd_m"]].to_numpy(), names, colors, RADIUS)
    return ax


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
    """What each of the best mixes is worth less than the best one of a scenario, on shades; ties pale."""
    frame = frame.head(BEST_ROWS)
    amounts = frame.set_index("mix").drop(columns=["largest_usd_m", "near_best", "ties"])
    tied = np.array([[name in ties.split(", ") for name in amounts] for ties in frame["ties"]])
    written = amounts.map(lambda amount: numbers.money(amount) if amount else WORDS["best"])
    written = written.mask(tied, written + "\n" + WORDS["tie"])
    cmap, norm = theme.shades(theme.NEEDED, REGRET_STEPS)
    sns.heatmap(
        amounts.mask(tied, 0) / max(amounts.max(axis=None), 1e-9), annot=written, fmt="", cbar=False,
        cmap=cmap, norm=norm, linewidths=2, linecolor=theme.PAPER, annot_kws={"color": theme.INK}, ax=ax,
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
    "map": Figure(options_map, "mixes", heights=(400, 370), kind="Scatter chart", lead=True),
    "cash": Figure(cash, "cash", heights=(340, 360), kind="Line chart"),
    "regret": Figure(regret, "regrets", heights=(280, 380), kind="Heat map"),
    "valuations": Figure(valuations, "valuations", heights=(320, 300), kind="Step chart"),
}
