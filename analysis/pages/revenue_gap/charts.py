"""Charts of the revenue-gap page: `draw(frame, ax=None, narrow=False) -> Axes`. Words: the page's text."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.inputs import months
from analysis.results.metrics import METRICS
from analysis.show import marks, numbers, theme
from analysis.show.figure import Figure
from analysis.show.text import Labels

WORDS = Labels("revenue_gap")
PATHS = {"spend": theme.SPENDING, "revenue": theme.REVENUE}
ROLES = {"model": theme.REVENUE, "needed": theme.NEEDED, "others": theme.OTHERS}
GROUPS = {"spending": theme.SPENDING, "cost_lines": theme.SPENDING, "revenue": theme.REVENUE}  # else OTHERS
ITEMS = {"cash_spent": theme.SPENDING, "revenue": theme.REVENUE}  # else MUTED
DIGITS = {"needed": METRICS["required_growth_per_month"].digits}  # of a row's growth, else 2
DOT_PX, NARROW_DOT_PX, MOST_PX = 17, 11, 300  # pitch of the dots, and the height that they fill at most
CLOSE = 0.2  # of the width, too little for an amount between two marks


@theme.chart
def gap(frame: pd.DataFrame, ax: Axes | None = None, narrow: bool = False) -> Axes:
    """Spending, revenue, what is needed and what happened, on a log scale. `frame`: Measures.gap."""
    parts = {name: part for name, part in frame.groupby("series") if part["p50_usd_m"].notna().any()}
    last, suffix = frame["month"].str[:7].max(), "_narrow" if narrow else ""
    _log(ax, frame.filter(like="_usd_m"))
    marks.month_axis(ax, frame["month"].str[:7].min(), last, narrow)
    marks.money_axis(ax, "y", narrow)
    lines = [name for name in PATHS if name in parts]
    for name in lines:
        marks.fan(ax, marks.positions(parts[name]["month"]), parts[name], PATHS[name], suffix="_usd_m")
    if "needed" in parts:
        x, y = marks.positions(parts["needed"]["month"]), parts["needed"]["p50_usd_m"]
        ax.plot(x, y, color=theme.NEEDED, linestyle=theme.DASHED)
        named = len(x) // 2 if narrow else -1  # on a phone the line's end is where names of the others stand
        marks.label(ax, x[named], y.iloc[named], WORDS[f"needed{suffix}"], theme.NEEDED, "left")
    for name, height in (("earned", 0.04), ("spent", 0.95)):
        if name in parts:
            x, y = marks.positions(parts[name]["month"]), parts[name]["p50_usd_m"]
            marks.happened(ax, x, y)
            period = numbers.interval(*parts[name]["period"].iloc[-1].split(), "month_short")
            words = WORDS[f"{name}{suffix}"].format(numbers.money(y.iloc[-1]), period)
            _leader(ax, x[-1], y.iloc[-1], height, words)
    ends = [parts[name]["p50_usd_m"].iloc[-1] for name in lines]
    names, colors = [WORDS[name] for name in lines], [PATHS[name] for name in lines]
    marks.names_at_ends(ax, marks.position(last), ends, names, colors, narrow)
    return ax


def _log(ax: Axes, amounts: pd.DataFrame) -> None:
    known = amounts.where(amounts > 0)
    low, high = known.min(axis=None), known.max(axis=None)
    ax.set_yscale("log")
    ax.set_ylim(*((low / 2, high * 2) if high > 0 else (1, 10)))
    marks.decades(ax)


def _leader(ax: Axes, x: float, y: float, height: float, text: str) -> None:
    """Write what happened at a height of the axes (0 to 1), left of an upright line to its point."""
    place = {"xy": (x, y), "xytext": (x, height), "textcoords": ("data", "axes fraction"), "va": "center"}
    line = {"arrowstyle": "-", "color": theme.HAPPENED, "linewidth": 0.75, "shrinkA": 8, "shrinkB": 6}
    ax.annotate("", arrowprops=line, **place)
    ax.annotate(text, color=theme.HAPPENED, fontweight="bold", **place)


@theme.chart
def runway(frame: pd.DataFrame, ax: Axes | None = None, narrow: bool = False) -> Axes:
    """Dots where the cash ends, those that last apart; money that came. `frame`: Measures.runway."""
    dots, raised = frame[frame["series"] == "dot"], frame[frame["series"] == "raised"]
    out, lasting = dots[dots["column"] != ""], dots[dots["column"] == ""]
    width, start = int(dots["width_months"].iloc[0]), dots["start_month"].iloc[0]
    longest = max([months.add(start, 12), *out["column"]])
    marks.month_axis(ax, start, months.add(longest, width + 1), narrow)
    highest = max([*out["place"], min(len(lasting), 10), 5])
    size = (0.64 * min(NARROW_DOT_PX if narrow else DOT_PX, MOST_PX / highest)) ** 2
    ax.set_ylim(0, highest + 1.8)
    x = marks.positions(out["column"]) + width / 2
    ax.scatter(x, out["place"] - 0.5, s=size, color=theme.SPENDING, linewidth=0)
    if len(lasting):
        _lasting(ax, len(lasting), width, highest, size)
    _came(ax, raised, highest + 1.1, narrow)
    ax.set_yticks([])
    ax.grid(visible=False)
    return ax


def _came(ax: Axes, raised: pd.DataFrame, height: float, narrow: bool) -> None:
    """Draw the money that came, an amount beside each; where they stand close, all beside the last."""
    x, (left, right) = marks.positions(raised["month"]), ax.get_xlim()
    texts = [numbers.money(amount) for amount in raised["usd_m"]]
    if np.diff(x).min(initial=right) < CLOSE * (right - left):
        texts = [""] * (len(texts) - 1) + [" + ".join(texts)]
    shown = texts if narrow else [text and WORDS["came"].format(text) for text in texts]
    marks.happened(ax, x, [height] * len(x), shown, "right")


def _lasting(ax: Axes, count: int, width: int, highest: float, size: float) -> None:
    """Draw the dots that have no month, hollow, in columns of ten to the right of the months."""
    left, right = ax.get_xlim()
    pitch, place = max((right - left) / 24, width), np.arange(count)
    style = {"s": 0.8 * size, "facecolor": theme.PAPER, "edgecolor": theme.SPENDING, "linewidth": 1.2}
    ax.scatter(right + (place // 10 + 1) * pitch, place % 10 + 0.5, **style)
    ax.axvline(right, color=theme.MUTED, linewidth=0.75)
    ax.set_xlim(left, right + (count // 10 + 2.5) * pitch)
    marks.label(ax, right, highest + 1.1, WORDS["lasts"], theme.SPENDING)


def _runway_heights(frame: pd.DataFrame) -> tuple[int, int]:
    rows = max(frame["place"].max(), 5)
    return tuple(int(min(rows * pitch, MOST_PX)) + 100 for pitch in (DOT_PX, NARROW_DOT_PX))


@theme.chart
def growth(frame: pd.DataFrame, ax: Axes | None = None, narrow: bool = False) -> Axes:
    """Monthly growth in rows, needed, asked for, forecast and achieved. `frame`: Measures.growth."""
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
    sizes = zip(frame["months"], frame["from_usd_m"], strict=True)
    spans = [WORDS["span"].format(numbers.months(length), numbers.money(usd_m)) for length, usd_m in sizes]
    marks.name_rows(ax, frame.index, names, narrow, spans)
    for place, row in frame.iterrows():
        marks.value(ax, place, ends[place], numbers.percent(row["p50"], DIGITS.get(row["row"], 2)), narrow)
    marks.percent_axis(ax, "x", narrow)
    marks.upright_grid(ax)
    return ax


@theme.chart
def streams(frame: pd.DataFrame, ax: Axes | None = None, narrow: bool = False) -> Axes:
    """Median revenue by stream, on a log scale by calendar month. `frame`: Measures.streams."""
    columns = [name for name in frame if name.endswith("_usd_m") and frame[name].notna().any()]
    _log(ax, frame[columns])
    marks.month_axis(ax, frame["month"].iloc[0], frame["month"].iloc[-1], narrow)
    marks.money_axis(ax, "y", narrow)
    x, colors = marks.positions(frame["month"]), theme.TONES[theme.REVENUE][: len(columns)]
    for name, color in zip(columns, colors, strict=True):
        ax.plot(x, frame[name], color=color)
    names = [WORDS[f"stream_{name.removesuffix('_usd_m')}"] for name in columns]
    marks.names_at_ends(ax, x[-1], [frame[name].iloc[-1] for name in columns], names, colors, narrow)
    marks.projection(ax, WORDS["projection"])
    return ax


@theme.chart
def drivers(frame: pd.DataFrame, ax: Axes | None = None, narrow: bool = False) -> Axes:
    """A tornado for each headline: how far one input at an end moves it. `frame`: Measures.drivers."""
    headlines = frame["headline"].unique()
    panels = ax.get_subplotspec().subgridspec(len(headlines), 1).subplots(squeeze=False).ravel()
    ax.remove()
    for panel, headline in zip(panels, headlines, strict=True):
        _tornado(panel, frame[frame["headline"] == headline].reset_index(drop=True), narrow)
        panel.set_title(WORDS[headline], loc="left", fontweight="bold")
    return panels[0]


def _tornado(ax: Axes, rows: pd.DataFrame, narrow: bool) -> None:
    colors = [GROUPS.get(group, theme.OTHERS) for group in rows["group"]]
    changes = rows[["change_low", "change_high"]]
    low, high = min(changes.min(axis=None), 0), max(changes.max(axis=None), 0)
    room = (0.3 if narrow else 0.2) * (high - low) or 1.0
    ax.set(xlim=(low - room, high + room), ylim=(len(rows) - 0.5, -1 if narrow else -0.6))
    ax.axvline(0, color=theme.INK, linewidth=0.75)
    for end in ("low", "high"):
        ax.barh(rows.index, rows[f"change_{end}"], height=0.3 if narrow else 0.5, color=colors)
        for place, row in rows.iterrows():
            change, text = row[f"change_{end}"], numbers.as_entered(row[end], row["unit"]).partition(" ")[0]
            side = "right" if change > 0 else "left"
            marks.label(ax, change, place, text, theme.MUTED, side, fontweight="normal")
    marks.name_rows(ax, rows.index, rows["label"], narrow, clear=8)
    is_money = METRICS[rows["headline"].iloc[0]].formatter == "money"
    (marks.money_axis if is_money else marks.plain_axis)(ax, "x", narrow)
    marks.upright_grid(ax)


@theme.chart
def back_test(frame: pd.DataFrame, ax: Axes | None = None, narrow: bool = False) -> Axes:
    """Rows on scales of their own: forecast, what came, the last figure held flat. `frame`: back_test."""
    amounts = frame.filter(like="_usd_m")
    ways = amounts.div(amounts.max(axis=1).where(lambda largest: largest > 0, 1.0), axis=0)
    for place, row in frame.iterrows():
        marks.intervals(ax, [place], ways.loc[[place]], ITEMS.get(row["item"], theme.MUTED), suffix="_usd_m")
    style = {"color": theme.OTHERS, "markerfacecolor": "none", "markersize": 10, "markeredgewidth": 2}
    ax.plot(ways["naive_usd_m"], frame.index, "s", **style)
    marks.happened(ax, ways["outcome_usd_m"], frame.index)
    names, details = [], []
    for row in frame.itertuples():
        period = numbers.interval(row.first_month, row.last_month, "month_short")
        names.append(f"{WORDS[row.item]}, {period}")
        came, forecast = numbers.money(row.outcome_usd_m, 3), numbers.money(row.p50_usd_m)
        details.append(WORDS["compared"].format(came, forecast))
    ax.set(xlim=(0, 1.1), ylim=(len(frame) - 0.4, -0.9 if narrow else -0.7))
    marks.name_rows(ax, frame.index, names, narrow, details, clear=12)
    apart = (ways["outcome_usd_m"] - ways["naive_usd_m"]).abs().fillna(0).idxmax()
    for name, color in (("outcome", theme.HAPPENED), ("naive", theme.OTHERS)):
        marks.label(ax, ways.loc[apart, f"{name}_usd_m"], apart, WORDS[name], color, "below")
    ax.set_xticks([0], ["0"])
    marks.upright_grid(ax)
    return ax


def _heights(wide_px: int, narrow_px: int, more_px: int):
    return lambda frame: tuple(each * len(frame) + more_px for each in (wide_px, narrow_px))


def _tornado_heights(frame: pd.DataFrame) -> tuple[int, int]:
    panels = frame["headline"].nunique()
    return 25 * len(frame) + 80 * panels, 46 * len(frame) + 90 * panels


FIGURES = {
    "gap": Figure(gap, "gap", (400, 300), "Line chart with bands", lead=True),
    "runway": Figure(runway, "runway", _runway_heights, "Dot plot"),
    "growth": Figure(growth, "growth", _heights(34, 52, 40), "Dot plot with ranges"),
    "streams": Figure(streams, "streams", (230, 240), "Line chart"),
    "drivers": Figure(drivers, "drivers", _tornado_heights, "Tornado chart"),
    "back_test": Figure(back_test, "back_test", _heights(58, 80, 30), "Dot plot with ranges"),
}
