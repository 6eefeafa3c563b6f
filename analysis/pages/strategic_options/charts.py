"""Charts of the page on options. `draw(frame, ax=None, narrow=False) -> Axes` on any axes; words from the
page's text.
"""

import itertools

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from analysis.inputs import months
from analysis.show import marks, numbers, theme
from analysis.show.figure import Figure
from analysis.show.text import labels, mix_name

WORDS = labels("strategic_options")
ROLES = {"best": theme.SPENDING, "other": theme.SPENDING, "dominated": theme.OTHERS}
DASHES = ("-", (0, (5, 1.5)), (0, (2, 1.2)), (0, (7, 1.5, 2, 1.5)), (0, (1, 1)))
REGRET_STEPS = (0, 0.05, 0.25, 0.5, 0.75, 1.0)


@theme.chart
def options_map(frame: pd.DataFrame, ax: Axes | None = None, narrow: bool = False) -> Axes:
    """Chance of running dry against value after debt, a dot per mix; the grey ones are beaten by another."""
    sns.scatterplot(
        frame, x="dry", y="value_usd_m", hue="role", palette=ROLES, s=90, legend=False, ax=ax,
        edgecolor=theme.PAPER, linewidth=1, clip_on=False, zorder=3,
    )  # fmt: skip
    low, high = frame["dry"].min(), frame["dry"].max()
    margin = max(0.02, (high - low) * (0.35 if narrow else 0.25))
    ax.set_xlim(max(-0.01, low - margin), min(1.0, high + margin) + 0.005)
    worth = frame["value_usd_m"]
    spread = max(worth.max() - worth.min(), worth.max() * 0.1, 1.0)
    ax.set_ylim(max(0.0, worth.min() - 0.2 * spread), worth.max() + 0.2 * spread)
    marks.percent_axis(ax, "x", narrow)
    marks.money_axis(ax, "y", narrow)
    ax.set_xlabel(WORDS["dry"])
    ax.set_ylabel("")
    ax.grid(visible=True, axis="both")
    _name_dots(ax, _to_name(frame), narrow)
    return ax


def _to_name(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the dots to be named: nothing done, each option alone, the best that no other beats."""
    return frame[~frame["mix"].str.contains("+", regex=False) | (frame["role"] == "best")]


def _name_dots(ax: Axes, frame: pd.DataFrame, narrow: bool) -> None:
    """Write names above the best dots, and of the others towards the middle, moved apart where they would
    touch.
    """
    left, right = ax.get_xlim()
    bottom, top = ax.get_ylim()
    line = (top - bottom) * marks.LINE_PX / (0.56 * ax.figure.get_figheight() * 96)
    best = frame["role"] == "best"
    for rows, is_best in ((frame[best], True), (frame[~best], False)):
        lines = line * (2 if is_best and narrow else 1)
        wanted = rows["value_usd_m"] + (0.9 * lines if is_best else 0.0)
        places = marks.apart(wanted.tolist(), lines, bottom + line / 2, top + lines)
        for row, height in zip(rows.itertuples(), places, strict=True):
            towards = 0.0 if is_best else -0.035 if row.dry > (left + right) / 2 else 0.035
            x, color = row.dry + towards * (right - left), theme.text_color(ROLES[row.role])
            side = {0.0: "center", -0.035: "right", 0.035: "left"}[towards]
            weight = "bold" if is_best else "normal"
            ax.text(
                x, height, _dot_name(row.mix, narrow), color=color, ha=side, va="center", fontweight=weight
            )
            if not is_best:
                ax.plot([x, row.dry], [height, row.value_usd_m], color=theme.MUTED, linewidth=0.6, zorder=1)


def _dot_name(mix: str, narrow: bool) -> str:
    name = mix_name(mix, short=True)
    half = name.find(" + ", len(name) // 2 - 4)
    return f"{name[:half]}\n{name[half + 1 :]}" if narrow and len(name) > 18 and half > 0 else name


@theme.chart
def cash(frame: pd.DataFrame, ax: Axes | None = None, narrow: bool = False) -> Axes:
    """Median cash if nothing more is done and under each option alone, with a dot where it runs out."""
    data = frame.assign(x=marks.positions(frame["month"]))
    parts = dict(list(data.groupby("mix", sort=False)))
    tones = dict(zip(parts, [theme.INK, *theme.tones(theme.SPENDING, 4)], strict=False))
    for (name, part), dashes in zip(parts.items(), itertools.cycle(DASHES), strict=False):
        tone, last = tones.get(name, theme.MUTED), part.iloc[-1]
        sns.lineplot(
            part, x="x", y="cash_usd_m", color=tone, linestyle=dashes, estimator=None, errorbar=None, ax=ax,
            label=f"{mix_name(name)}: {_ending(last)}",
        )  # fmt: skip
        if last["cash_usd_m"] == 0:
            ax.plot(last["x"], 0, "o", color=tone, markersize=8, clip_on=False)
    first, end = data["month"].min(), data["month"].max()
    marks.month_axis(ax, first, max(months.add(end, 6 if narrow else 9), months.add(first, 3)), narrow)
    ax.set_ylim(0, max(data["cash_usd_m"].max() * (1.75 if narrow else 1.08), 1.0))
    marks.money_axis(ax, "y", narrow)
    ax.set(xlabel="", ylabel="")
    order = sorted(range(len(parts)), key=lambda row: _length(list(parts.values())[row]), reverse=True)
    handles, names = ax.get_legend_handles_labels()
    ax.legend(
        [handles[row] for row in order], [names[row] for row in order], loc="upper right", handlelength=3
    )
    return ax


def _length(part: pd.DataFrame) -> tuple[float, float]:
    return float(part["cash_usd_m"].iloc[-1] > 0), part["x"].iloc[-1]


def _ending(last: pd.Series) -> str:
    return WORDS["until"].format(months.short(last["month"])) if last["cash_usd_m"] == 0 else WORDS["lasts"]


@theme.chart
def regret(frame: pd.DataFrame, ax: Axes | None = None, narrow: bool = False) -> Axes:
    """What each of the best mixes is worth less than the best one of a scenario, as amounts on shades."""
    scenarios = [name for name in frame.columns if name not in ("mix", "largest_usd_m", "near_best")]
    amounts = frame[scenarios].to_numpy(float)
    shares = amounts / max(amounts.max(), 1e-9)
    written = [[WORDS["best"] if amount == 0 else numbers.money(amount) for amount in row] for row in amounts]
    cmap, norm = theme.shades(theme.NEEDED, REGRET_STEPS)
    sns.heatmap(
        shares, annot=np.array(written), fmt="", cbar=False, cmap=cmap, norm=norm, linewidths=2,
        linecolor=theme.PAPER, annot_kws={"color": theme.INK}, ax=ax,
    )  # fmt: skip
    ax.grid(visible=False)
    ax.set_xticks(
        [place + 0.5 for place in range(len(scenarios))], [_heading(name, narrow) for name in scenarios]
    )
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    marks.name_rows(
        ax, [place + 0.5 for place in range(len(frame))], _row_names(frame, narrow), narrow, clear=15
    )
    return ax


def _heading(scenario: str, narrow: bool) -> str:
    words = scenario.replace("_", " ").capitalize()
    return words.replace(" ", "\n") if narrow else words


def _row_names(frame: pd.DataFrame, narrow: bool) -> list[str]:
    return [mix_name(mix, short=True) for mix in frame["mix"]]


@theme.chart
def valuations(frame: pd.DataFrame, ax: Axes | None = None, narrow: bool = False) -> Axes:
    """What investors paid for the company, at each sale of shares and merger."""
    x = marks.positions(frame["date"])
    amounts = frame["valuation_usd_m"].to_numpy(float)
    marks.month_axis(
        ax, months.add(frame["date"].min()[:7], -2), months.add(frame["date"].max()[:7], 3), narrow
    )
    ax.set_ylim(0, max(amounts.max() * 1.15, 1.0))
    marks.steps(ax, x, amounts, theme.OTHERS)
    sides = [
        "left" if row and amounts[row] - amounts[row - 1] > 0.2 * amounts.max() else "above"
        for row in range(len(x))
    ]
    marks.happened(ax, x, amounts, [numbers.money(amount, 3) for amount in amounts], sides)
    marks.money_axis(ax, "y", narrow)
    ax.set(xlabel="", ylabel="")
    return ax


FIGURES = {
    "map": Figure(options_map, "mixes", heights=(400, 330), kind="Scatter chart", lead=True),
    "cash": Figure(cash, "cash", heights=(340, 360), kind="Line chart"),
    "regret": Figure(regret, "regret", heights=(280, 380), kind="Heat map"),
    "valuations": Figure(valuations, "valuations", heights=(320, 300), kind="Step chart"),
}
