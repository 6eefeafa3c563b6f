"""Charts of the revenue-gap page. Names stand beside their lines, outside of the plotted area where lines may meet."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.charts import theme
from analysis.charts.parts import calendar_axis, decades, elapsed_axis, fan, name_ends, projection
from analysis.charts.placing import Space

DASHED, DOTTED = (0, (5, 2)), (0, (1.5, 2))
LEAST_USD_M = 1.0  # height of an axis on which everything is 0
STREAMS = (
    ("subscriptions", "Subscriptions", theme.C1),
    ("data_services", "Data services", theme.C2),
    ("advertising", "Advertising", theme.C4),
)


def gap(figure: Figure, frame: pd.DataFrame, narrow: bool) -> None:
    """Spending and revenue per month with 50 % and 90 % bands, the gap between the central paths filled."""
    ax = figure.subplots()
    parts = {name: part.set_index("index_months") for name, part in frame.groupby("series")}
    spending, revenue = parts["spending"], parts["revenue"]
    ax.fill_between(spending.index, revenue["central_usd_m"], spending["central_usd_m"], color=theme.C6, alpha=0.16, linewidth=0)
    for part, color, style in ((spending, theme.C1, "-"), (revenue, theme.C4, DASHED)):
        fan(ax, part, "usd_m", color, style)
    top = max(spending["p95_usd_m"].max(), revenue["p95_usd_m"].max(), LEAST_USD_M) * 1.1
    ax.set_ylim(0, top)
    theme.money(ax)
    calendar_axis(ax, list(spending["month"]), 0.24 if narrow else 0.09)
    projection(ax)
    inside = narrow and _name_inside(ax, {"Spending": (spending, theme.C1), "Revenue": (revenue, theme.C4)})
    if not inside:
        ends = [part["central_usd_m"].iloc[-1] for part in (spending, revenue)]
        name_ends(ax, spending.index[-1], ends, ("Spending", "Revenue"), (theme.C1, theme.C4))
    _name_gap(ax, spending, revenue, top)


def _name_inside(ax: Axes, parts: dict[str, tuple[pd.DataFrame, str]]) -> bool:
    """Write the names above or below their own bands; False, and nothing written, where one of them finds no room."""
    space = Space(ax)
    for part, _ in parts.values():
        space.band(part.index, part["p5_usd_m"], part["p95_usd_m"])
        space.line(part.index, part["central_usd_m"])
    for name, (part, color) in parts.items():
        rows = part.iloc[:: max(len(part) // 12, 1)]
        edges = [(x, y) for x, y in zip(rows.index, rows["p95_usd_m"], strict=True)]
        if not space.name(name, edges, color, near=True):
            space.undo()
            return False
    return True


def _name_gap(ax: Axes, spending: pd.DataFrame, revenue: pd.DataFrame, top: float) -> None:
    """Write "gap" where there is room between the two bands, or nowhere."""
    room = (spending["p5_usd_m"] - revenue["p95_usd_m"]).to_numpy()
    at = len(room) // 4
    if at and room[at] > 0.15 * top:
        y = (spending["p5_usd_m"].iloc[at] + revenue["p95_usd_m"].iloc[at]) / 2
        ax.annotate("gap", (at, y), fontstyle="italic", ha="center", va="center")


def streams(figure: Figure, frame: pd.DataFrame, narrow: bool) -> None:
    """Left: revenue by stream on the central path, stacked. Right: the total with bands and its ceiling, on a log scale."""
    stacked, total = figure.subplots(2, 1) if narrow else figure.subplots(1, 2)
    months, ceiling = frame.iloc[:-1], frame.iloc[-1]
    x = months["index_months"].to_numpy(float)
    _stack(stacked, x, [months[f"central_{name}_usd_m"].to_numpy() for name, _, _ in STREAMS])
    log = months["p5_total_usd_m"].min() > 0
    total.set_yscale("log" if log else "linear")
    fan(total, months.set_index("index_months"), "total_usd_m", theme.C1)
    stacked.set_title("By stream, central path", loc="left")
    total.set_title("Total with range" + (", log scale" if log else ""), loc="left")
    for ax in (stacked, total):
        theme.money(ax)
        ax.minorticks_off()
        calendar_axis(ax, list(months["month"]), 0.4 if narrow else 0.25)
        projection(ax, named=False)
    _ceiling(total, ceiling, x[-1])
    if log:
        decades(total)
    elif total.get_ylim()[0] < 0:
        total.set_ylim(0, LEAST_USD_M)


def _stack(ax: Axes, x: np.ndarray, layers: list[np.ndarray]) -> None:
    ax.stackplot(x, layers, colors=[color for _, _, color in STREAMS], edgecolor=theme.PAPER, linewidth=1)
    tops = np.cumsum(layers, axis=0)
    ax.set_ylim(0, max(tops[-1].max(), LEAST_USD_M) * 1.1)
    middles = [top[-1] - layer[-1] / 2 for top, layer in zip(tops, layers, strict=True)]
    name_ends(ax, x[-1], middles, [label for _, label, _ in STREAMS], [color for _, _, color in STREAMS])


def _ceiling(ax: Axes, ceiling: pd.Series, last: float) -> None:
    """Draw the ceiling's range as a bar to the right of the months; an infinite or empty range is not drawn."""
    low, lower, middle, upper, high = (ceiling[f"p{level}_total_usd_m"] for level in (5, 25, 50, 75, 95))
    if not np.isfinite(high) or low <= 0:
        return
    at = max(last, 1) * 1.12
    ax.set_xlim(0, max(last, 1) * 1.24)
    ax.plot([at, at], [low, high], color=theme.C3, linewidth=1.5)
    ax.plot([at, at], [lower, upper], color=theme.C3, linewidth=6, solid_capstyle="butt", alpha=0.6)
    ax.plot([at], [middle], color=theme.C3, marker="D", markersize=6, markeredgecolor=theme.PAPER)
    bottom, top = ax.get_ylim()
    ax.set_ylim(top=max(top, high * (high / bottom) ** 0.15) if ax.get_yscale() == "log" else max(top, high * 1.15))
    theme.label(ax, at, high, "Ceiling", theme.C3, xytext=(0, 5), textcoords="offset points", ha="center")


def cash(figure: Figure, frame: pd.DataFrame, narrow: bool) -> None:
    """Cash by months passed, with bands; the step is committed funding; below zero fresh money is needed."""
    ax = figure.subplots()
    part = frame.set_index("index_months")
    last, top = part.index[-1], max(part["p95_usd_m"].max(), LEAST_USD_M)
    low = -0.28 * top if part["p5_usd_m"].min() < 0 else 0.0
    if part["p95_usd_m"].max() <= 0:  # nothing to begin with: what is owed sets the scale
        low, top = min(part["p5_usd_m"].min(), -LEAST_USD_M), 0.1 * max(-part["p5_usd_m"].min(), LEAST_USD_M)
    ax.set_ylim(low, top * 1.1)
    fan(ax, part, "usd_m", theme.C1)
    ax.axhline(0, color=theme.INK, linewidth=1)
    if low < 0:
        ax.axhspan(low, 0, color=theme.C4, alpha=0.10, linewidth=0)
        text = "cash\nused\nup" if narrow else "cash used up,\nfresh money\nneeded"
        ax.annotate(text, (last, low / 2), xytext=(6, 0), textcoords="offset points", va="center", annotation_clip=False)
    theme.money(ax)
    elapsed_axis(ax, frame["counted_from"].iloc[0], last, 3 if narrow else 8)
    ax.set_xlim(0, last)
    projection(ax)
    arrived = part[part["funding_usd_m"] > 0]
    if len(arrived):
        space = Space(ax)
        space.band(part.index, part["p5_usd_m"], part["p95_usd_m"])
        at = arrived.index[0]
        space.name("funding arrives" if narrow else "committed funding arrives", [(at, part.loc[at, "p95_usd_m"])], theme.MUTED)


def dots(figure: Figure, frame: pd.DataFrame, narrow: bool) -> None:
    """Fifty dots, each 2 of 100 runs, in the month in which cash is used up; those that last stand apart on the right."""
    figure.set_layout_engine("none")
    width, height = figure.get_size_inches() * 72
    left, bottom, right, top = 30, 34, 30, 22
    wide, high = width - left - right, height - bottom - top
    ax = figure.add_axes((left / width, bottom / height, wide / width, high / height))
    out, lasting = frame[frame["runway_months"].notna()], frame[frame["runway_months"].isna()]
    step = frame["bin_width_months"].iloc[0]
    shown = max(out["bin_start_months"].max() + step if len(out) else 0, 15)
    # the lasting dots form a block of their own, in columns of ten
    columns = shown / step + (np.ceil(len(lasting) / 10) + 1 if len(lasting) else 0)
    pitch = min(wide / columns, high / max(frame["stack"][out.index].max() if len(out) else 1, min(len(lasting), 10), 6))
    ax.set_xlim(0, columns * step)
    ax.set_ylim(0, high / pitch)
    size = (0.86 * pitch) ** 2
    for dots_, color, marker in ((out["runway_months"] < 12, theme.C3, "o"), (out["runway_months"] >= 12, theme.C1, "s")):
        chosen = out[dots_]
        ax.scatter(chosen["bin_start_months"] + step / 2, chosen["stack"] - 0.5, s=size, color=color, marker=marker, linewidth=0)
    _lasting(ax, lasting, shown, step, size)
    _twelve_months(ax, wide * 12 / (columns * step))
    ax.set_yticks([])
    ax.grid(visible=False)
    elapsed_axis(ax, frame["counted_from"].iloc[0], shown, max(1, int(wide * shown / (columns * step) / 52)))


def _twelve_months(ax: Axes, room: float) -> None:
    """Part the dots at twelve months; `room`: points to the left of the line."""
    ax.axvline(12, color=theme.MUTED, linewidth=1, linestyle=DOTTED)
    sides = (("within 12 months" if room > 90 else "≤ 12", "right", -5, theme.C3), ("later", "left", 5, theme.C1))
    for text, side, away, color in sides:
        where = {"xycoords": ("data", "axes fraction"), "xytext": (away, 5), "textcoords": "offset points"}
        theme.label(ax, 12, 1, text, color, ha=side, **where)


def _lasting(ax: Axes, lasting: pd.DataFrame, start: float, step: float, size: float) -> None:
    """Draw the dots that have no month, hollow, in columns of ten to the right of the months."""
    if lasting.empty:
        return
    column, row = (lasting["stack"] - 1) // 10, (lasting["stack"] - 1) % 10
    x = start + (column + 1.5) * step
    ax.scatter(x, row + 0.5, s=size * 0.8, facecolor=theme.PAPER, edgecolor=theme.MUTED, linewidth=1.2)
    ax.axvline(start + 0.5 * step, color=theme.MUTED, linewidth=0.75)
    theme.label(ax, 1, 1, "lasts", theme.MUTED, xycoords="axes fraction", xytext=(0, 5), textcoords="offset points", ha="right")


def reference_class(figure: Figure, frame: pd.DataFrame, narrow: bool) -> None:
    """Run-rates by months since 0.1bn a year, log scale: laboratories grey, the model's path with bands, the needed path."""
    ax = figure.subplots()
    ax.set_yscale("log")
    first, last = min(0, frame["since_months"].min()), frame["since_months"].max()
    drawn: list[tuple[str, pd.DataFrame, str]] = []
    for name, path in frame[frame["role"] == "laboratory"].groupby("series", sort=False):
        alone = len(path) == 1
        color, size = (theme.C1, 6) if alone else (theme.MUTED, 4)
        marker = "D" if alone else "s" if path["starts_above"].iloc[0] else "o"
        ax.plot(path["since_months"], path["usd_m_per_year"], color=color, linewidth=1.25, marker=marker, markersize=size)
        drawn.append((f"{name}, reported" if alone else str(name), path, color))
    model, needed = (frame[frame["role"] == role] for role in ("model", "needed"))
    if len(model):
        fan(ax, model.set_index("since_months"), "usd_m_per_year", theme.C1, central="usd_m_per_year")
        drawn.append(("xAI, model", model, theme.C1))
    if len(needed):
        ax.plot(needed["since_months"], needed["usd_m_per_year"], color=theme.C3, linestyle=DASHED)
        drawn.append(("xAI, needed", needed, theme.C3))
    ax.set_xlim(first, max(last, first + 1) * (1.35 if narrow else 1.18))
    theme.money(ax)
    decades(ax)
    ax.minorticks_off()
    ax.set_xticks(range(0, int(last) + 1, 24 if narrow or last > 96 else 12))
    ax.set_xlabel("Months since $100m a year" if narrow else "Months since a run-rate of $100m a year")
    _name_paths(ax, drawn)
    figure.set_layout_engine("none")  # names are inside; a second layout would only take time


def _name_paths(ax: Axes, drawn: list[tuple[str, pd.DataFrame, str]]) -> None:
    """Write each name near the end of its path, or further back along it where the end has no room."""
    space = Space(ax)
    for _, path, _ in drawn:
        space.line(path["since_months"], path["usd_m_per_year"])
        if path["role"].iloc[0] == "model":
            space.band(path["since_months"], path["p5_usd_m_per_year"], path["p95_usd_m_per_year"])
    # single points and then long paths first: what is left over can be tied to its place by a leader
    for name, path, color in sorted(drawn, key=lambda entry: (len(entry[1]) > 1, -entry[1]["since_months"].max())):
        space.name(name, [tuple(path[["since_months", "usd_m_per_year"]].iloc[-1])], color)
